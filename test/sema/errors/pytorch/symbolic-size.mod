# E0304 at `x`: a free size where one number is needed
import nn

module Classifier():
    fc1 = nn.Linear(784, 256)
    fc2 = nn.Linear(256, 10)

    def forward(x: f32[N, Pixels]):
        return fc2(relu(fc1(x)))

export classifier = Classifier()
