module Head(width: int):
    def forward(x: f32[N, width]):
        return x

module M(width: int):
    head = Head(width)
    param half: f32[width / 2] = ones
    param same: f32[width, Head] = ones
    head.width = 3

    def forward(x: f32[N, Head]):
        return head(x)

export m = M(4)
