import nn

module M():
    layers = [nn.Linear(4, 4), nn.Linear(4, 4)]

    def forward(x: f32[N, 4]):
        return layers(x)

export m = M()
