// RUN: mod-opt %s --mod-verify-mod --mod-make-roles --mod-open-calls --mod-thread-state --canonicalize --split-input-file | FileCheck %s

// Counters of a callee's loops are named anew where they meet others; keys fold the caller's iterations before the site of the
// call; a buffer that the loop writes is carried round.
mod.class @Noise from "Noise" kind "module" {
  mod.param @w : !mod.tensor<f32[4]>
  mod.buffer @n : !mod.tensor<f32[4]>
  mod.func @forward(%x: !mod.tensor<f32[4]> {mod.name = "x"}) -> !mod.tensor<f32[4]> {
    %k = mod.frame_key
    %y = mod.for "t" to <2> init(%x : !mod.tensor<f32[4]>) {
    ^bb0(%a: !mod.tensor<f32[4]>):
      %s = mod.key %k, 1 in [#mod.dim<t>]
      %r = mod.random %s as f32 [#mod.dim<4>] : !mod.tensor<f32[4]>
      %n = mod.get "n" : !mod.tensor<f32[4]>
      %w = mod.get "w" : !mod.tensor<f32[4]>
      %m = mod.add %n, %r : (!mod.tensor<f32[4]>, !mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
      mod.set "n", %m : !mod.tensor<f32[4]>
      %b = mod.mul %a, %w : (!mod.tensor<f32[4]>, !mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
      mod.yield %b : !mod.tensor<f32[4]>
    }
    mod.return %y : !mod.tensor<f32[4]>
  }
}
// CHECK-LABEL: mod.class @Top
// CHECK: mod.func @forward.eval(%[[X:.*]]: !mod.tensor<f32[S, 4]> {mod.name = "x"},
// CHECK-SAME: %[[K:.*]]: !mod.rng {mod.key},
// CHECK-SAME: %[[N:.*]]: !mod.tensor<f32[4]> {mod.state = "noise.n"},
// CHECK-SAME: %[[W:.*]]: !mod.tensor<f32[4]> {mod.weight = "noise.w"})
// CHECK-SAME: !mod.tensor<f32[4]> {mod.write = "noise.n"})
// CHECK: %[[L:.*]]:2 = mod.for "t" to <S> init(%{{.*}}, %[[N]] : !mod.tensor<f32[4]>, !mod.tensor<f32[4]>)
// CHECK-NEXT: ^bb0(%[[Y:.*]]: !mod.tensor<f32[4]>, %[[N1:.*]]: !mod.tensor<f32[4]>):
// CHECK: %[[A:.*]] = mod.key %[[K]], 7 in [#mod.dim<t>]
// CHECK: %[[B:.*]] = mod.key %[[A]], {{-?[0-9]+$}}
// CHECK: %[[I:.*]]:2 = mod.for "t_1" to <2> init(%{{.*}}, %[[N1]] :
// CHECK: mod.key %[[B]], 1 in [#mod.dim<t_1>]
// CHECK: mod.mul %{{.*}}, %[[W]]
// CHECK: mod.yield %{{.*}}, %[[I]]#1
// CHECK: mod.return %[[L]]#0, %[[L]]#1
mod.class @Top from "Top" kind "module" {
  mod.child @noise = @Noise
  mod.func @forward(%x: !mod.tensor<f32[S, 4]> {mod.name = "x"}) -> (!mod.tensor<f32[4]> {mod.name = "y"}) attributes {dims = ["S"]} {
    %y0 = mod.full 0.0 : f64 as f32 [#mod.dim<4>] : !mod.tensor<f32[4]>
    %y = mod.for "t" to <S> init(%y0 : !mod.tensor<f32[4]>) {
    ^bb0(%a: !mod.tensor<f32[4]>):
      %row = mod.narrow %x dim 0 from <t> length <1> : (!mod.tensor<f32[S, 4]>) -> !mod.tensor<f32[1, 4]>
      %flat = mod.reshape %row to [#mod.dim<4>] : (!mod.tensor<f32[1, 4]>) -> !mod.tensor<f32[4]>
      %z = mod.call "noise" -> @forward(%flat) site 7 in [#mod.dim<t>] : (!mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
      %b = mod.add %a, %z : (!mod.tensor<f32[4]>, !mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
      mod.yield %b : !mod.tensor<f32[4]>
    }
    mod.return %y : !mod.tensor<f32[4]>
  }
}
mod.export @top = @Top -> @forward instance 0

// -----

// A branch gives what either side leaves in the buffer; a side that does not write gives what was there.
// CHECK-LABEL: mod.class @Branch
// CHECK: mod.func @forward.eval(%[[X:.*]]: !mod.tensor<f32[4]> {mod.name = "x"}, %[[C:.*]]: !mod.tensor<i1[]> {mod.name = "c"},
// CHECK-SAME: %[[N:.*]]: !mod.tensor<f32[4]> {mod.state = "n"})
// CHECK: %[[R:.*]] = mod.if %[[C]] -> !mod.tensor<f32[4]> {
// CHECK-NEXT: mod.yield %[[X]]
// CHECK-NEXT: } else {
// CHECK-NEXT: mod.yield %[[N]]
// CHECK: %[[Y:.*]] = mod.add %[[X]], %[[R]]
// CHECK: mod.return %[[Y]], %[[R]]
mod.class @Branch from "Branch" kind "module" {
  mod.buffer @n : !mod.tensor<f32[4]>
  mod.func @forward(%x: !mod.tensor<f32[4]> {mod.name = "x"}, %c: !mod.tensor<i1[]> {mod.name = "c"}) -> (!mod.tensor<f32[4]> {mod.name = "y"}) {
    mod.if %c {
      mod.set "n", %x : !mod.tensor<f32[4]>
      mod.yield
    } else {
      mod.yield
    }
    %n = mod.get "n" : !mod.tensor<f32[4]>
    %y = mod.add %x, %n : (!mod.tensor<f32[4]>, !mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
    mod.return %y : !mod.tensor<f32[4]>
  }
}
