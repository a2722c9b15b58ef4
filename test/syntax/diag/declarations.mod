from . import a
import b, c
let k = 3
param w: f32[3]
x: int = 4
mdoule Net():
    pass

module A:
    pass

module B(nn.Module, n: int):
    param w = zeros
    buffer "b_{i}"
    y: int = 3
    return y
    import c
    module D():
        pass

    def forward(self, x):
        return x

module C = 3

export m(x, x) = 3
@attr
export n = 4
def in(x):
    pass
def f(a=1, b, *c, *d):
    pass
relu(3)
if __name__ == "__main__":
    pass
