module M():
    def forward(x: f32[S, 4]):
        assert x.sum() > 0
        return [row for row in x]

export m = M()
