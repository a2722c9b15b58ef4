## The classes of five introductions to nn.Module, under their names there.
import nn
import torch
from seeds import MyLinear, MyBatchNorm1d, DynamicLinear, OptionalBias, Flatten

module MyModel():
    fc = nn.Linear(10, 3)
    buffer mask: f32[10] = ones

    def forward(x: f32[N, 10]):
        return fc(x * mask)

module CustomModel():
    layer1 = nn.Linear(784, 256)
    relu = nn.ReLU()
    layer2 = nn.Linear(256, 10)

    def forward(x: f32[N, 784]):
        x = layer1(x)
        x = self.relu(x)
        return layer2(x)

module SimpleNet():
    fc1 = nn.Linear(10, 5)
    fc2 = nn.Linear(5, 1)

    def forward(x: f32[N, 10]):
        return fc2(torch.relu(fc1(x)))

module ComplexNet():
    layer1 = nn.Sequential(nn.Conv2d(3, 16, 3), nn.ReLU())
    layer2 = nn.Sequential(nn.Conv2d(16, 32, 3), nn.ReLU())
    fc = nn.Linear(32 * 6 * 6, 10)

    def forward(x: f32[N, 3, 10, 10]):
        x = layer2(layer1(x))
        return fc(x.view(-1, 32 * 6 * 6))

module NetWithDropout():
    fc1 = nn.Linear(20, 50)
    bn1 = nn.BatchNorm1d(50)
    dropout = nn.Dropout(p=0.5)
    fc2 = nn.Linear(50, 2)

    def forward(x: f32[N, 20]):
        x = torch.relu(bn1(fc1(x)))
        x = self.dropout(x)
        return fc2(x)

module MyModel2():
    fc1 = nn.Linear(10, 20)
    fc2 = nn.Linear(20, 5)

    def forward(x: f32[N, 10]):
        return fc2(torch.relu(fc1(x)))

module SubModule():
    fc = nn.Linear(10, 10)

    def forward(x: f32[N, 10]):
        return torch.relu(fc(x))

module MainModule():
    submodule1 = SubModule()
    submodule2 = SubModule()

    def forward(x: f32[N, 10]):
        return submodule2(submodule1(x))

module MLP(in_dim: int, out_dim: int):
    fc = nn.Linear(in_dim, out_dim)

    def forward(x: f32[N, in_dim]):
        return torch.relu(fc(x))

module NormLayer(dim: int):
    param weight: f32[dim] = ones
    buffer running_mean: f32[dim] = zeros

    def forward(x: f32[N, dim]):
        return (x - running_mean) * weight

module BasicNet():
    net = nn.Linear(4, 3)

    def forward(x: f32[N, 4]):
        return net(x)

module Net():
    net = nn.Sequential(BasicNet(), nn.ReLU(), nn.Linear(3, 2))

    def forward(x: f32[N, 4]):
        return net(x)

export MyModel
export CustomModel
export SimpleNet
export ComplexNet
export NetWithDropout
export MyModel2
export MainModule
export MLP
export NormLayer
export Net
export MyLinear
export MyBatchNorm1d
export DynamicLinear
export OptionalBias
export Flatten(input: f32[N, C, H, W])
