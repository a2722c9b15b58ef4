## Padding layers, and changes between space and channels.

import nn.functional as F

## Adds `value` before and after the last dimensions; `padding`: one number for all sides, or two for each dimension, the last one first.
module ConstantPadNd(nd: int, padding: int | list[int], value: float):
    padding = F.ntuple(padding, 2 * nd)

    def forward(x):
        return F.pad(x, padding, value=value)

    def extra_repr():
        return "padding={padding}, value={value}"

module ConstantPad1d = ConstantPadNd(nd=1)
module ConstantPad2d = ConstantPadNd(nd=2)
module ConstantPad3d = ConstantPadNd(nd=3)

## Pads by zeros, or by elements of x: mirrored at its ends, its outermost ones, or those of the other end.
module PadNd(nd: int, mode: "constant" | "reflect" | "replicate" | "circular", padding: int | list[int]):
    padding = F.ntuple(padding, 2 * nd)

    def forward(x):
        return F.pad(x, padding, mode)

    def extra_repr():
        return "{padding}"

module ZeroPad1d = PadNd(nd=1, mode="constant")
module ZeroPad2d = PadNd(nd=2, mode="constant")
module ZeroPad3d = PadNd(nd=3, mode="constant")
module ReflectionPad1d = PadNd(nd=1, mode="reflect")
module ReflectionPad2d = PadNd(nd=2, mode="reflect")
module ReflectionPad3d = PadNd(nd=3, mode="reflect")
module ReplicationPad1d = PadNd(nd=1, mode="replicate")
module ReplicationPad2d = PadNd(nd=2, mode="replicate")
module ReplicationPad3d = PadNd(nd=3, mode="replicate")
module CircularPad1d = PadNd(nd=1, mode="circular")
module CircularPad2d = PadNd(nd=2, mode="circular")
module CircularPad3d = PadNd(nd=3, mode="circular")

## Channels become space: [N, C * r * r, H, W] to [N, C, H * r, W * r].
module PixelShuffle(upscale_factor: int):
    def forward(x):
        return F.pixel_shuffle(x, upscale_factor)

    def extra_repr():
        return "upscale_factor={upscale_factor}"

## Space becomes channels: [N, C, H * r, W * r] to [N, C * r * r, H, W].
module PixelUnshuffle(downscale_factor: int):
    def forward(x):
        return F.pixel_unshuffle(x, downscale_factor)

    def extra_repr():
        return "downscale_factor={downscale_factor}"

## The windows of an image as columns: [N, C, H, W] to [N, C * kernel elements, windows].
module Unfold(kernel_size: int | list[int], dilation: int | list[int] = 1, padding: int | list[int] = 0,
              stride: int | list[int] = 1):
    def forward(x):
        return F.unfold(x, kernel_size, dilation, padding, stride)

    def extra_repr():
        return "kernel_size={kernel_size}, dilation={dilation}, padding={padding}, stride={stride}"

## Columns added up where their windows lie: the opposite of Unfold, but for windows that overlap.
module Fold(output_size: int | list[int], kernel_size: int | list[int], dilation: int | list[int] = 1,
            padding: int | list[int] = 0, stride: int | list[int] = 1):
    def forward(x):
        return F.fold(x, output_size, kernel_size, dilation, padding, stride)

    def extra_repr():
        return "output_size={output_size}, kernel_size={kernel_size}, dilation={dilation}, padding={padding}, stride={stride}"
