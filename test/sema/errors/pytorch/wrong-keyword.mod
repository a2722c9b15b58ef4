# E0403 at `kernal_size`: a misspelt keyword
import nn

def downsample_for(inp: int, out: int, stride: int):
    if stride == 1 and inp == out:
        return None
    return nn.Sequential(nn.Conv2d(inp, out, kernal_size=1, stride=stride, bias=False), nn.BatchNorm2d(out))

module BasicBlock(inp: int, width: int, stride: int):
    conv1 = nn.Conv2d(inp, width, 3, stride, 1, bias=False)
    bn1 = nn.BatchNorm2d(width)
    downsample = downsample_for(inp, width, stride)

    def forward(x: f32[N, inp, H, W]):
        identity = x if downsample is None else downsample(x)
        return relu(bn1(conv1(x)) + identity)

export block = BasicBlock(64, 128, 2)
