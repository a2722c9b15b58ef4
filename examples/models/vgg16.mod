## VGG16 on images of 224 x 224, with the parameter names of torchvision.
import nn

CONFIG = [64, 64, "M", 128, 128, "M", 256, 256, 256, "M", 512, 512, 512, "M", 512, 512, 512, "M"]

def make_layers(config: list[int | str]):
    layers, channels = [], 3
    for c in config:
        if c == "M":
            layers.append(nn.MaxPool2d(2))
        else:
            layers += [nn.Conv2d(channels, c, 3, padding=1), nn.ReLU(inplace=True)]
            channels = c
    return nn.Sequential(*layers)

module VGG(config: list[int | str], num_classes: int = 1000, p: float = 0.5):
    features = make_layers(config)
    avgpool = nn.AdaptiveAvgPool2d(7)
    classifier = nn.Sequential(
        nn.Linear(512 * 7 * 7, 4096), nn.ReLU(inplace=True), nn.Dropout(p),
        nn.Linear(4096, 4096), nn.ReLU(inplace=True), nn.Dropout(p),
        nn.Linear(4096, num_classes))

    def forward(x: f32[N, 3, H, W]):
        return classifier(avgpool(features(x)).flatten(1))

export vgg16(x: f32[N, 3, 224, 224]) = VGG(CONFIG)
