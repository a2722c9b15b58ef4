## A multiple that the caller's sizes are not.
module Half():
    def forward(x: f32[N, H]):
        assert H % 2 == 0
        return x.view(N, H // 2, 2).sum(-1)

module M():
    half = Half()

    def forward(x: f32[N, 9]):
        return half(x)

export m = M()
