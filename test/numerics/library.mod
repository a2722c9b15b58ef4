## Modules of the library that run the compiled kernels of pooling, padding, resampling and losses.
import nn
import nn.functional as F

## Results of several modules on one x, side by side.
module All(modules: list[Module]):
    each = modules

    def forward(x):
        return [m(x) for m in each]

export pools2d(x: f32[N, 3, H, W]) = All(
    [nn.MaxPool2d(2), nn.MaxPool2d(3, 2, 1), nn.MaxPool2d([3, 2], stride=[2, 1], padding=[1, 0]),
     nn.MaxPool2d(2, 1, 0, 2), nn.MaxPool2d(3, 2, 1, ceil_mode=True), nn.AvgPool2d(2), nn.AvgPool2d(3, 2, 1),
     nn.AvgPool2d(3, 2, 1, True, False), nn.AvgPool2d(2, divisor_override=3), nn.AdaptiveAvgPool2d(1),
     nn.AdaptiveAvgPool2d([2, 3])])
export pools1d(x: f32[N, 3, L]) = All(
    [nn.MaxPool1d(2), nn.MaxPool1d(3, 2, 1), nn.AvgPool1d(2), nn.AvgPool1d(3, 1, 1), nn.AdaptiveAvgPool1d(2)])
export pools3d(x: f32[N, 2, D, H, W]) = All([nn.MaxPool3d(2), nn.AvgPool3d(2, 1), nn.AdaptiveAvgPool3d(2)])
export pads(x: f32[N, 3, H, W]) = All(
    [nn.ZeroPad2d(1), nn.ConstantPad2d([1, 2, 0, 1], 0.5), nn.ReflectionPad2d(2), nn.ReplicationPad2d([1, 0, 2, 1]),
     nn.CircularPad2d(1)])
export space(x: f32[N, 4, 6, 8]) = All(
    [nn.PixelShuffle(2), nn.PixelUnshuffle(2), nn.Unfold(3), nn.Unfold([2, 3], padding=1, stride=2),
     nn.Upsample(scale_factor=2), nn.Upsample([7, 9]), nn.Upsample(scale_factor=2, mode="bilinear"),
     nn.Upsample([9, 5], mode="bilinear", align_corners=True)])
export folds(x: f32[N, 12, 20]) = nn.Fold([5, 6], [2, 2])
export mse(input: f32[N, 3], target: f32[N, 3]) = nn.MSELoss("sum")
export l1(input: f32[N, 3], target: f32[N, 3]) = nn.L1Loss()
export l1_none(input: f32[N, 3], target: f32[N, 3]) = nn.L1Loss("none")
export smooth(input: f32[N, 3], target: f32[N, 3]) = nn.SmoothL1Loss("sum", 0.5)
export cross_entropy(input: f32[N, 3], target: i64[N]) = nn.CrossEntropyLoss(weight=[0.2, 0.3, 0.5], ignore_index=1,
                                                                             reduction="sum")
export nll(input: f32[N, 3, 4], target: i64[N, 4]) = nn.NLLLoss(weight=[0.2, 0.3, 0.5])
export bce(input: f32[N, 3], target: f32[N, 3]) = nn.BCEWithLogitsLoss(pos_weight=[1.0, 2.0, 0.5])
export kl(input: f32[N, 3], target: f32[N, 3]) = nn.KLDivLoss("batchmean", True)
