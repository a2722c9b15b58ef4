// RUN: mod-opt %s --mod-fold-affine --canonicalize --split-input-file | FileCheck %s

// A batch norm after a linear layer becomes part of its weights: no work of the call is left but the product and one sum.
// CHECK-LABEL: @forward.eval
// CHECK: %[[W:.*]] = mod.mul %arg1,
// CHECK: %[[P:.*]] = mod.matmul %arg0, %[[W]] trans_b true
// CHECK-NEXT: %[[Y:.*]] = mod.add %[[P]],
// CHECK-NEXT: mod.return %[[Y]]
!x = !mod.tensor<f32[N, 4]>
!y = !mod.tensor<f32[N, 8]>
!c = !mod.tensor<f32[8]>
mod.class @C from "C" kind "module" {
  mod.func @forward.eval(%x: !x {mod.name = "x"}, %w: !mod.tensor<f32[8, 4]> {mod.weight = "w"}, %b: !c {mod.weight = "b"},
      %mean: !c {mod.weight = "mean"}, %sd: !c {mod.weight = "sd"}, %g: !c {mod.weight = "g"}, %s: !c {mod.weight = "s"}) -> !y
      attributes {dims = ["N"], mod.role = "eval"} {
    %0 = mod.matmul %x, %w trans_b true : (!x, !mod.tensor<f32[8, 4]>) -> !y
    %1 = mod.add %0, %b : (!y, !c) -> !y
    %2 = mod.sub %1, %mean : (!y, !c) -> !y
    %3 = mod.div %2, %sd : (!y, !c) -> !y
    %4 = mod.mul %3, %g : (!y, !c) -> !y
    %5 = mod.add %4, %s : (!y, !c) -> !y
    mod.return %5 : !y
  }
}

// -----

// Without a product before, a chain becomes one product and one sum; two steps are no chain.
// CHECK-LABEL: @forward.eval
// CHECK: %[[A:.*]] = mod.mul %arg0, %{{.*}} : (!mod.tensor<f32[N, 8]>, !mod.tensor<f32[8]>)
// CHECK-NEXT: %[[B:.*]] = mod.add %[[A]],
// CHECK-NEXT: %[[R:.*]] = mod.exp %[[B]]
// CHECK-NEXT: %[[C:.*]] = mod.mul %[[R]], %arg2
// CHECK-NEXT: %[[D:.*]] = mod.add %[[C]], %arg3
// CHECK-NEXT: mod.return %[[D]]
!y = !mod.tensor<f32[N, 8]>
!c = !mod.tensor<f32[8]>
mod.class @C from "C" kind "module" {
  mod.func @forward.eval(%x: !y {mod.name = "x"}, %mean: !c {mod.weight = "mean"}, %g: !c {mod.weight = "g"}, %s: !c {mod.weight = "s"}) -> !y
      attributes {dims = ["N"], mod.role = "eval"} {
    %0 = mod.sub %mean, %x : (!c, !y) -> !y
    %1 = mod.mul %0, %g : (!y, !c) -> !y
    %2 = mod.add %1, %s : (!y, !c) -> !y
    %3 = mod.exp %2 : (!y) -> !y
    %4 = mod.mul %3, %g : (!y, !c) -> !y
    %5 = mod.add %4, %s : (!y, !c) -> !y
    mod.return %5 : !y
  }
}

// -----

// A product that something else reads keeps its weights.
// CHECK-LABEL: @forward.eval
// CHECK-NEXT: mod.matmul %arg0, %arg1
!x = !mod.tensor<f32[N, 4]>
!y = !mod.tensor<f32[N, 8]>
mod.class @C from "C" kind "module" {
  mod.func @forward.eval(%x: !x {mod.name = "x"}, %w: !mod.tensor<f32[4, 8]> {mod.weight = "w"}, %g: !mod.tensor<f32[8]> {mod.weight = "g"}) -> (!y, !y)
      attributes {dims = ["N"], mod.role = "eval"} {
    %0 = mod.matmul %x, %w : (!x, !mod.tensor<f32[4, 8]>) -> !y
    %1 = mod.mul %0, %g : (!y, !mod.tensor<f32[8]>) -> !y
    mod.return %0, %1 : !y, !y
  }
}
