# The condition of a `while` reads what its body writes over.

module M1():
    def forward(x1: f32[8, S]):
        v = x1.unflatten(0, (2, 4))
        while v.abs().amax() > 1.5:
            v = v * 0.5
        out = v[:, 1]
        return out

export model = M1()
