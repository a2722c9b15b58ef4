## ResNet-18 and ResNet-50, with the parameter names of torchvision.
import nn
import nn.functional as F

def downsample_for(inp: int, out: int, stride: int):
    if stride == 1 and inp == out:
        return None
    return nn.Sequential(nn.Conv2d(inp, out, 1, stride, bias=False), nn.BatchNorm2d(out))

module BasicBlock(inp: int, width: int, stride: int):
    out_channels = width
    conv1 = nn.Conv2d(inp, width, 3, stride, 1, bias=False)
    bn1 = nn.BatchNorm2d(width)
    conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
    bn2 = nn.BatchNorm2d(width)
    downsample = downsample_for(inp, width, stride)

    def forward(x: f32[N, inp, H, W]):
        identity = x if downsample is None else downsample(x)
        out = relu(bn1(conv1(x)))
        out = bn2(conv2(out))
        return relu(out + identity)

## The stride sits on the 3x3 convolution, as in torchvision.
module Bottleneck(inp: int, width: int, stride: int):
    out_channels = width * 4
    conv1 = nn.Conv2d(inp, width, 1, bias=False)
    bn1 = nn.BatchNorm2d(width)
    conv2 = nn.Conv2d(width, width, 3, stride, 1, bias=False)
    bn2 = nn.BatchNorm2d(width)
    conv3 = nn.Conv2d(width, out_channels, 1, bias=False)
    bn3 = nn.BatchNorm2d(out_channels)
    downsample = downsample_for(inp, out_channels, stride)

    def forward(x: f32[N, inp, H, W]):
        identity = x if downsample is None else downsample(x)
        out = relu(bn1(conv1(x)))
        out = relu(bn2(conv2(out)))
        out = bn3(conv3(out))
        return relu(out + identity)

module ResNet(block: callable, depths: list[int], num_classes: int = 1000):
    conv1 = nn.Conv2d(3, 64, 7, 2, 3, bias=False)
    bn1 = nn.BatchNorm2d(64)
    let channels = 64
    for i, (depth, width) in enumerate(zip(depths, [64, 128, 256, 512])):
        let blocks = []
        for j in range(depth):
            blocks.append(block(channels, width, 2 if i > 0 and j == 0 else 1))
            channels = blocks[-1].out_channels
        self["layer{i + 1}"] = nn.Sequential(*blocks)
    fc = nn.Linear(channels, num_classes)

    def forward(x: f32[N, 3, H, W]):
        x = F.max_pool2d(relu(bn1(conv1(x))), 3, 2, 1)
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return fc(x.mean((2, 3)))

export resnet18 = ResNet(BasicBlock, [2, 2, 2, 2])
export resnet50 = ResNet(Bottleneck, [3, 4, 6, 3])
