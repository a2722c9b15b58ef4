# E0306 at `return fc(x)`: a result of another shape than declared
import nn

module Classifier(dim: int, classes: int):
    fc = nn.Linear(dim, classes)

    def forward(x: f32[N, S, dim]) -> f32[N, classes]:
        return fc(x)

export classifier = Classifier(64, 10)
