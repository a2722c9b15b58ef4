module M():
    def forward(x: f32[S, 4]):
        for row in x:
            if row.sum() > 0:
                return row
        return x[0]

export m = M()
