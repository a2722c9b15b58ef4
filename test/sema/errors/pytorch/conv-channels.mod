# E0302 at `relu(bn1(conv1(x)))`: channels that do not follow on one another, in a block of a ResNet
import nn

module BasicBlock(inp: int, width: int, stride: int):
    conv1 = nn.Conv2d(inp, width, 3, stride, 1, bias=False)
    bn1 = nn.BatchNorm2d(width)
    conv2 = nn.Conv2d(inp, width, 3, 1, 1, bias=False)
    bn2 = nn.BatchNorm2d(width)
    downsample = (None if stride == 1 and inp == width
                  else nn.Sequential(nn.Conv2d(inp, width, 1, stride, bias=False), nn.BatchNorm2d(width)))

    def forward(x: f32[N, inp, H, W]):
        out = bn2(conv2(relu(bn1(conv1(x)))))
        return relu(out + (x if downsample is None else downsample(x)))

module ResNet(widths: list[int], classes: int):
    conv1 = nn.Conv2d(3, widths[0], 3, 1, 1, bias=False)
    bn1 = nn.BatchNorm2d(widths[0])
    layers = [BasicBlock(a, b, 2) for a, b in zip(widths[:-1], widths[1:])]
    fc = nn.Linear(widths[-1], classes)

    def forward(x: f32[N, 3, 32, 32]):
        x = relu(bn1(conv1(x)))
        for layer in layers:
            x = layer(x)
        return fc(x.mean((2, 3)))

export resnet = ResNet([16, 32, 64], 10)
