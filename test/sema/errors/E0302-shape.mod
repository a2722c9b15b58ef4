import nn

module Classifier(inp: int, hidden: int):
    fc1 = nn.Linear(inp, hidden)
    fc2 = nn.Linear(128, 10)

    def forward(x: f32[N, inp]):
        return fc2(fc1(x))

module Outer():
    head = Classifier(784, 256)

    def forward(x: f32[N, 784]):
        return head(x)

export m = Outer()
