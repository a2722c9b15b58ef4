# E0201 at `realu`: a misspelt function
import nn

module Decoder(latent: int, hidden: int, out: int):
    fc1 = nn.Linear(latent, hidden)
    fc2 = nn.Linear(hidden, out)

    def forward(z: f32[N, latent]):
        return fc2(realu(fc1(z))).sigmoid()

export decoder = Decoder(32, 256, 784)
