# E0303 at `cat([skip, up(y)], 1)`: a U-Net whose decoder does not come back to the size of the skip connection
import nn
import nn.functional as F

module Block(inp: int, out: int):
    conv = nn.Conv2d(inp, out, 3, padding=1)
    norm = nn.BatchNorm2d(out)

    def forward(x: f32[N, inp, H, W]):
        return relu(norm(conv(x)))

module UNet(width: int):
    down1 = Block(3, width)
    down2 = Block(width, 2 * width)
    up = nn.ConvTranspose2d(2 * width, width, 2, stride=2)
    merge = Block(2 * width, width)
    head = nn.Conv2d(width, 1, 1)

    def forward(x: f32[N, 3, 33, 33]):
        skip = down1(x)
        y = down2(F.max_pool2d(skip, 2))
        return head(merge(cat([skip, up(y)], 1)))

export unet = UNet(16)
