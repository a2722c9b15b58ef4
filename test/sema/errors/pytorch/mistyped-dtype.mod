# E0309 at `float32`: a dtype under PyTorch's name
import nn

module Classifier(dim: int, classes: int):
    fc = nn.Linear(dim, classes)

    def forward(x: float32[N, dim]):
        return fc(x).log_softmax(-1)

export classifier = Classifier(784, 10)
