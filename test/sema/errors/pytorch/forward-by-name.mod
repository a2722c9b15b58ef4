# E0504 at `self.encoder.forward`: calling `forward` by its name
import nn

module Encoder(dim: int, hidden: int):
    fc1 = nn.Linear(dim, hidden)
    fc2 = nn.Linear(hidden, hidden)

    def forward(x: f32[N, dim]):
        return fc2(relu(fc1(x)))

module AutoEncoder(dim: int, hidden: int):
    encoder = Encoder(dim, hidden)
    decoder = Encoder(hidden, dim)

    def forward(x: f32[N, dim]):
        z = self.encoder.forward(x)
        return decoder(z)

export autoencoder = AutoEncoder(784, 32)
