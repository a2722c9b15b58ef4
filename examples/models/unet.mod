## U-Net for segmentation into two classes.
import nn
import nn.functional as F
import torch

def double(a: int, b: int):
    return nn.Sequential(
        nn.Conv2d(a, b, 3, padding=1, bias=False), nn.BatchNorm2d(b), nn.ReLU(inplace=True),
        nn.Conv2d(b, b, 3, padding=1, bias=False), nn.BatchNorm2d(b), nn.ReLU(inplace=True))

## U-Net. Height and width must be divisible by 2 ** levels.
module UNet(base: int = 32, levels: int = 4):
    let w = [base * 2 ** i for i in range(levels + 1)]
    down = nn.ModuleList(double(3 if i == 0 else w[i - 1], w[i]) for i in range(levels + 1))
    up = nn.ModuleList(nn.ConvTranspose2d(w[i + 1], w[i], 2, 2) for i in reversed(range(levels)))
    conv = nn.ModuleList(double(2 * w[i], w[i]) for i in reversed(range(levels)))
    out = nn.Conv2d(base, 2, 1)

    def forward(x: f32[N, 3, H, W]) -> f32[N, 2, H, W]:
        assert H % 2 ** levels == 0 and W % 2 ** levels == 0
        skips = []
        for i, d in enumerate(down):
            x = d(x if i == 0 else F.max_pool2d(x, 2, 2))
            skips.append(x)
        skips.pop()
        for u, c in zip(up, conv):
            x = c(torch.cat([skips.pop(), u(x)], 1))
        return out(x)

export unet = UNet()
