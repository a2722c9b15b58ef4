// RUN: mod-opt %s --mod-make-roles --mod-open-calls --mod-thread-state --canonicalize | FileCheck %s

// Reads become arguments by path, the last value of a written buffer a result, and reads after a write see it.
// CHECK: mod.func @forward.eval(%[[X:.*]]: !mod.tensor<f32[4]> {mod.name = "x"},
// CHECK-SAME: %[[W:.*]]: !mod.tensor<f32[4]> {mod.weight = "w"}, %[[M:.*]]: !mod.tensor<f32[4]> {mod.state = "mean"}, %[[K:.*]]: !mod.rng {mod.key})
// CHECK-SAME: -> (!mod.tensor<f32[4]> {mod.name = "y"}, !mod.tensor<f32[4]> {mod.write = "mean"})
// CHECK: %[[NEW:.*]] = mod.add %[[M]], %[[X]]
// CHECK: mod.key %[[K]], 0
// CHECK: %[[T:.*]] = mod.mul %[[NEW]], %[[W]]
// CHECK: %[[Y:.*]] = mod.add %[[T]]
// CHECK: mod.return %[[Y]], %[[NEW]]
mod.class @A from "A" kind "module" {
  mod.param @w : !mod.tensor<f32[4]>
  mod.buffer @mean : !mod.tensor<f32[4]>
  mod.func @forward(%x: !mod.tensor<f32[4]> {mod.name = "x"}) -> (!mod.tensor<f32[4]> {mod.name = "y"}) {
    %w = mod.get "w" : !mod.tensor<f32[4]>
    %m = mod.get "mean" : !mod.tensor<f32[4]>
    %new = mod.add %m, %x : (!mod.tensor<f32[4]>, !mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
    mod.set "mean", %new : !mod.tensor<f32[4]>
    %again = mod.get "mean" : !mod.tensor<f32[4]>
    %k = mod.frame_key
    %s = mod.key %k, 0
    %r = mod.random %s as f32 [#mod.dim<4>] : !mod.tensor<f32[4]>
    %t = mod.mul %again, %w : (!mod.tensor<f32[4]>, !mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
    %y = mod.add %t, %r : (!mod.tensor<f32[4]>, !mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
    mod.return %y : !mod.tensor<f32[4]>
  }
}
