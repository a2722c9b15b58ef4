// RUN: mod-opt %s --mod-choose-layouts --canonicalize --cse --split-input-file | FileCheck %s

// Permutations cancel between convolutions: one before the first, one after the last. Bias, batch norm, pads, windows, residual
// sums and means move to stored order.
// CHECK-LABEL: @forward.eval
// CHECK: %[[X:.*]] = mod.permute %arg0 by [0, 2, 3, 1]
// CHECK: %[[A:.*]] = mod.conv %[[X]], %arg1 {{.*}} channels_last : {{.*}} -> !mod.tensor<f32[N, H, W, 8]>
// CHECK: %[[B:.*]] = mod.reshape %arg2 to [#mod.dim<8>]
// CHECK: %[[C:.*]] = mod.add %[[A]], %[[B]] : (!mod.tensor<f32[N, H, W, 8]>, !mod.tensor<f32[8]>)
// CHECK-NOT: mod.permute
// CHECK: %[[M:.*]] = mod.reduce_window %[[C]] "max" {{.*}} channels_last
// CHECK: %[[P:.*]] = mod.constant_pad %[[M]] lo [0, 0, 1, 0] hi [0, 0, 1, 0]
// CHECK: %[[D:.*]] = mod.conv %[[P]], %arg3 {{.*}} channels_last
// CHECK: %[[S:.*]] = mod.add %[[D]], %[[M]]
// CHECK: %[[T:.*]] = mod.cat %[[S]], %[[M]] dim 3
// CHECK-DAG: %[[R:.*]] = mod.sum %[[T]] over [1, 2]
// CHECK-DAG: %[[Y:.*]] = mod.permute %[[T]] by [0, 3, 1, 2]
// CHECK: mod.return %[[R]], %[[Y]]
!x = !mod.tensor<f32[N, 3, H, W]>
!a = !mod.tensor<f32[N, 8, H, W]>
!p = !mod.tensor<f32[N, 8, H, W + 2]>
!w = !mod.tensor<f32[8, 3, 3, 3]>
!v = !mod.tensor<f32[8, 8, 3, 3]>
!b = !mod.tensor<f32[8, 1, 1]>
mod.class @C from "C" kind "module" {
  mod.func @forward.eval(%x: !x {mod.name = "x"}, %w: !w {mod.weight = "w"}, %b: !b {mod.weight = "b"}, %v: !v {mod.weight = "v"})
      -> (!mod.tensor<f32[N, 16]>, !mod.tensor<f32[N, 16, H, W]>) attributes {dims = ["N", "H", "W"], mod.role = "eval"} {
    %0 = mod.conv %x, %w stride [1, 1] lo [1, 1] hi [1, 1] dilation [1, 1] : (!x, !w) -> !a
    %1 = mod.add %0, %b : (!a, !b) -> !a
    %2 = mod.reduce_window %1 "max" window [3, 3] stride [1, 1] lo [#mod.dim<1>, #mod.dim<1>] hi [#mod.dim<1>, #mod.dim<1>] dilation [1, 1] : (!a) -> !a
    %3 = mod.constant_pad %2 lo [0, 0, 0, 1] hi [0, 0, 0, 1] with 0.0 : f64 : (!a) -> !p
    %4 = mod.conv %3, %v stride [1, 1] lo [1, 0] hi [1, 0] dilation [1, 1] : (!p, !v) -> !a
    %5 = mod.add %4, %2 : (!a, !a) -> !a
    %6 = mod.cat %5, %2 dim 1 : (!a, !a) -> !mod.tensor<f32[N, 16, H, W]>
    %7 = mod.sum %6 over [2, 3] : (!mod.tensor<f32[N, 16, H, W]>) -> !mod.tensor<f32[N, 16]>
    mod.return %7, %6 : !mod.tensor<f32[N, 16]>, !mod.tensor<f32[N, 16, H, W]>
  }
}

// -----

// A pointwise convolution is a product, strides a slice before it.
// CHECK-LABEL: @forward.eval
// CHECK-DAG: %[[X:.*]] = mod.permute %arg0 by [0, 2, 3, 1]
// CHECK-DAG: %[[W:.*]] = mod.reshape %arg1 to [#mod.dim<8>, #mod.dim<3>]
// CHECK-DAG: %[[H:.*]] = mod.narrow %[[X]] dim 1 from <0> length <floordiv(H + 1, 2)> step 2
// CHECK-DAG: %[[V:.*]] = mod.narrow %[[H]] dim 2 from <0> length <floordiv(W + 1, 2)> step 2
// CHECK: mod.matmul %[[V]], %[[W]] trans_b true
!x = !mod.tensor<f32[N, 3, H, W]>
!w = !mod.tensor<f32[8, 3, 1, 1]>
!y = !mod.tensor<f32[N, 8, floordiv(H + 1, 2), floordiv(W + 1, 2)]>
mod.class @C from "C" kind "module" {
  mod.func @forward.eval(%x: !x {mod.name = "x"}, %w: !w {mod.weight = "w"}) -> !y attributes {dims = ["N", "H", "W"], mod.role = "eval"} {
    %0 = mod.conv %x, %w stride [2, 2] lo [0, 0] hi [0, 0] dilation [1, 1] : (!x, !w) -> !y
    mod.return %0 : !y
  }
}

// -----

// flatten: the weights take the order of the elements.
// CHECK-LABEL: @forward.eval
// CHECK: %[[A:.*]] = mod.conv
// CHECK: %[[F:.*]] = mod.reshape %[[A]] to [#mod.dim<N>, #mod.dim<120>]
// CHECK: %[[O:.*]] = mod.reshape %arg2 to [#mod.dim<10>, #mod.dim<4>, #mod.dim<5>, #mod.dim<6>]
// CHECK: %[[P:.*]] = mod.permute %[[O]] by [0, 2, 3, 1]
// CHECK: %[[W:.*]] = mod.reshape %[[P]] to [#mod.dim<10>, #mod.dim<120>]
// CHECK: mod.matmul %[[F]], %[[W]] trans_b true
!x = !mod.tensor<f32[N, 3, 5, 6]>
!w = !mod.tensor<f32[4, 3, 3, 3]>
!a = !mod.tensor<f32[N, 4, 5, 6]>
mod.class @C from "C" kind "module" {
  mod.func @forward.eval(%x: !x {mod.name = "x"}, %w: !w {mod.weight = "w"}, %v: !mod.tensor<f32[10, 120]> {mod.weight = "v"}) -> !mod.tensor<f32[N, 10]>
      attributes {dims = ["N"], mod.role = "eval"} {
    %0 = mod.conv %x, %w stride [1, 1] lo [1, 1] hi [1, 1] dilation [1, 1] : (!x, !w) -> !a
    %1 = mod.reshape %0 to [#mod.dim<N>, #mod.dim<120>] : (!a) -> !mod.tensor<f32[N, 120]>
    %2 = mod.matmul %1, %v trans_b true : (!mod.tensor<f32[N, 120]>, !mod.tensor<f32[10, 120]>) -> !mod.tensor<f32[N, 10]>
    mod.return %2 : !mod.tensor<f32[N, 10]>
  }
}

// -----

// Patches: merged positions lie side by side, so that tokens need no permutation.
// CHECK-LABEL: @forward.eval
// CHECK: %[[A:.*]] = mod.conv
// CHECK-NEXT: %[[T:.*]] = mod.reshape %[[A]] to [#mod.dim<N>, #mod.dim<196>, #mod.dim<8>]
// CHECK-NEXT: mod.return %[[T]]
!x = !mod.tensor<f32[N, 3, 56, 56]>
!w = !mod.tensor<f32[8, 3, 4, 4]>
!a = !mod.tensor<f32[N, 8, 14, 14]>
!t = !mod.tensor<f32[N, 8, 196]>
mod.class @C from "C" kind "module" {
  mod.func @forward.eval(%x: !x {mod.name = "x"}, %w: !w {mod.weight = "w"}) -> !mod.tensor<f32[N, 196, 8]> attributes {dims = ["N"], mod.role = "eval"} {
    %0 = mod.conv %x, %w stride [4, 4] lo [0, 0] hi [0, 0] dilation [1, 1] : (!x, !w) -> !a
    %1 = mod.reshape %0 to [#mod.dim<N>, #mod.dim<8>, #mod.dim<196>] : (!a) -> !t
    %2 = mod.permute %1 by [0, 2, 1] : (!t) -> !mod.tensor<f32[N, 196, 8]>
    mod.return %2 : !mod.tensor<f32[N, 196, 8]>
  }
}

// -----

// Transposed: a product and a shuffle where windows lie side by side, else a convolution over spread elements.
// CHECK-LABEL: @forward.eval
// CHECK: mod.matmul {{.*}} -> !mod.tensor<f32[N, H, W, 16]>
// CHECK: mod.permute %{{.*}} by [0, 1, 3, 2, 4, 5]
// CHECK: mod.constant_pad %{{.*}} lo [0, 0, 0, 0, 0, 0] hi [0, 0, 1, 0, 0, 0]
// CHECK: mod.conv {{.*}} stride [1, 1] lo [1, 1] hi [1, 1] dilation [1, 1] channels_last
!x = !mod.tensor<f32[N, 3, H, W]>
!w = !mod.tensor<f32[3, 4, 2, 2]>
!a = !mod.tensor<f32[N, 4, 2*H, 2*W]>
!v = !mod.tensor<f32[4, 5, 3, 3]>
!y = !mod.tensor<f32[N, 5, 4*H, 2*W]>
mod.class @C from "C" kind "module" {
  mod.func @forward.eval(%x: !x {mod.name = "x"}, %w: !w {mod.weight = "w"}, %v: !v {mod.weight = "v"}) -> !y attributes {dims = ["N", "H", "W"], mod.role = "eval"} {
    %0 = mod.conv_transpose %x, %w stride [2, 2] padding [0, 0] output_padding [0, 0] dilation [1, 1] : (!x, !w) -> !a
    %1 = mod.conv_transpose %0, %v stride [2, 1] padding [1, 1] output_padding [1, 0] dilation [1, 1] : (!a, !v) -> !y
    mod.return %1 : !y
  }
}
