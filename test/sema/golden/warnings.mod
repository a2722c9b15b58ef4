## What is legal but likely a mistake.
import nn

@fast
module M():
    let unused = 3
    let used = 4
    fc = nn.Linear(used, used)
    extra = nn.Linear(4, 4)
    param scale: f32[4] = ones
    param idle: f32[4] = ones

    @deprecated("use forward")
    def old(x):
        return x * scale

    @traced
    def forward(x: f32[N, 4]):
        return fc(dropout(old(x), 0.1))

export m = M()
