# E0302 at `x`: the flatten between convolutions and classifier is missing
import nn
import nn.functional as F

module LeNet(classes: int):
    conv1 = nn.Conv2d(1, 6, 5, padding=2)
    conv2 = nn.Conv2d(6, 16, 5)
    fc1 = nn.Linear(400, 120)
    fc2 = nn.Linear(120, classes)

    def forward(x: f32[N, 1, 28, 28]):
        x = F.max_pool2d(relu(conv1(x)), 2)
        x = F.max_pool2d(relu(conv2(x)), 2)
        x = relu(fc1(x))
        return fc2(x)

export lenet = LeNet(10)
