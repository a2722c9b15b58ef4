## MobileNetV2, with the parameter names of torchvision.
import nn

def conv_bn_relu6(inp: int, out: int, kernel: int, stride: int = 1, groups: int = 1):
    return nn.Sequential(
        nn.Conv2d(inp, out, kernel, stride, kernel // 2, groups=groups, bias=False),
        nn.BatchNorm2d(out),
        nn.ReLU6(inplace=True))

module InvertedResidual(inp: int, out: int, stride: int, expand: int):
    let hidden = inp * expand
    let layers = [] if expand == 1 else [conv_bn_relu6(inp, hidden, 1)]
    conv = nn.Sequential(
        *layers,
        conv_bn_relu6(hidden, hidden, 3, stride, hidden),
        nn.Conv2d(hidden, out, 1, bias=False),
        nn.BatchNorm2d(out))
    skip = stride == 1 and inp == out

    def forward(x: f32[N, inp, H, W]):
        return x + conv(x) if skip else conv(x)

module MobileNetV2(num_classes: int = 1000):
    let layers, channels = [conv_bn_relu6(3, 32, 3, 2)], 32
    for t, c, n, s in [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2),
                       (6, 320, 1, 1)]:
        for i in range(n):
            layers.append(InvertedResidual(channels, c, s if i == 0 else 1, t))
            channels = c
    features = nn.Sequential(*layers, conv_bn_relu6(channels, 1280, 1))
    classifier = nn.Sequential(nn.Dropout(0.2), nn.Linear(1280, num_classes))

    def forward(x: f32[N, 3, H, W]):
        return classifier(features(x).mean((2, 3)))

export mobilenet_v2 = MobileNetV2()
