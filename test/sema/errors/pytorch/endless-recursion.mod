# E0409 at `Tree(depth - 1, dim)`: a module that makes itself without end
import nn

module Tree(depth: int, dim: int):
    node = nn.Linear(dim, dim)
    left = Tree(depth - 1, dim)
    right = Tree(depth - 1, dim)

    def forward(x: f32[N, dim]):
        return left(node(x)) + right(node(x))

export tree = Tree(3, 16)
