// RUN: mod-opt %s --mod-hoist-prepare | FileCheck %s

// CHECK-DAG: mod.prepare @[[$PACK:pack.[0-9a-f]+]]
// CHECK-DAG: mod.prepare @[[$SD:derive.[0-9a-f]+]]
!x = !mod.tensor<f32[N, 4]>
!y = !mod.tensor<f32[N, 8]>
mod.class @C from "C" kind "module" {
  // Weights of products in panels, work on weights alone; views and what would grow stay at the call.
  // CHECK-LABEL: @forward.eval
  // CHECK-SAME: %[[T:[a-z0-9]+]]: !mod.tensor<f32[2, 8]> {mod.weight = "table"}, %[[G:[a-z0-9]+]]: !mod.tensor<f32[8, 1]> {mod.weight = "grow"},
  // CHECK-SAME: !mod.tensor<f32[8, 4], <[0, 1], panel = [0]>> {mod.prepared = @[[$PACK]], mod.sources = ["fc.weight"]}
  // CHECK-SAME: !mod.tensor<f32[8]> {mod.prepared = @[[$SD]], mod.sources = ["var"]}
  // CHECK: mod.matmul
  // CHECK: mod.narrow %[[T]]
  // CHECK: mod.mul %[[G]]
  mod.func @forward.eval(%x: !x {mod.name = "x"}, %w: !mod.tensor<f32[8, 4]> {mod.weight = "fc.weight"}, %v: !mod.tensor<f32[8]> {mod.weight = "var"},
      %t: !mod.tensor<f32[2, 8]> {mod.weight = "table"}, %g: !mod.tensor<f32[8, 1]> {mod.weight = "grow"}) -> (!y, !mod.tensor<f32[N, 8, 8]>)
      attributes {dims = ["N"], mod.role = "eval"} {
    %0 = mod.matmul %x, %w trans_b true : (!x, !mod.tensor<f32[8, 4]>) -> !y
    %sd = mod.sqrt %v : (!mod.tensor<f32[8]>) -> !mod.tensor<f32[8]>
    %1 = mod.div %0, %sd : (!y, !mod.tensor<f32[8]>) -> !y
    %r = mod.narrow %t dim 0 from <1> length <1> : (!mod.tensor<f32[2, 8]>) -> !mod.tensor<f32[1, 8]>
    %2 = mod.add %1, %r : (!y, !mod.tensor<f32[1, 8]>) -> !y
    %gt = mod.reshape %g to [#mod.dim<1>, #mod.dim<8>] : (!mod.tensor<f32[8, 1]>) -> !mod.tensor<f32[1, 8]>
    %gg = mod.mul %g, %gt : (!mod.tensor<f32[8, 1]>, !mod.tensor<f32[1, 8]>) -> !mod.tensor<f32[8, 8]>
    %e = mod.reshape %x to [#mod.dim<N>, #mod.dim<4>, #mod.dim<1>] : (!x) -> !mod.tensor<f32[N, 4, 1]>
    %s = mod.sum %e over [1] keepdim true : (!mod.tensor<f32[N, 4, 1]>) -> !mod.tensor<f32[N, 1, 1]>
    %3 = mod.mul %s, %gg : (!mod.tensor<f32[N, 1, 1]>, !mod.tensor<f32[8, 8]>) -> !mod.tensor<f32[N, 8, 8]>
    mod.return %2, %3 : !y, !mod.tensor<f32[N, 8, 8]>
  }
  // The same content from other sources is one prepare function.
  // CHECK-LABEL: @other.eval
  // CHECK-SAME: {mod.prepared = @[[$PACK]], mod.sources = ["other.weight"]}
  mod.func @other.eval(%x: !x {mod.name = "x"}, %w: !mod.tensor<f32[8, 4]> {mod.weight = "other.weight"}) -> !y attributes {dims = ["N"], mod.role = "eval"} {
    %0 = mod.matmul %x, %w trans_b true : (!x, !mod.tensor<f32[8, 4]>) -> !y
    mod.return %0 : !y
  }
}
