## Two exports hold one module, neither the other.
import nn

module Wrap(inner: Module):
    self.inner = inner

    def forward(x: f32[N, 4]):
        return inner(x)

shared = nn.Linear(4, 4)
export a = Wrap(shared)
export b = Wrap(shared)
