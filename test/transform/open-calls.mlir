// RUN: mod-opt %s --mod-make-roles --mod-open-calls | FileCheck %s

// Two levels: names of sizes meet what the caller passes, paths lead from the root, keys are folded on the way down.
mod.class @Noise from "Noise" kind "module" {
  mod.buffer @scale : !mod.tensor<f32[]>
  mod.func @forward(%x: !mod.tensor<f32[N, 2*W]> {mod.name = "x"}) -> !mod.tensor<f32[N, 2*W]>
      attributes {dims = ["N", "W"], guards = [#mod.guard<le, <2>, <W>, "W >= 2">], ranges = [#mod.range<"N", 1, 8>]} {
    %k = mod.frame_key
    %s = mod.key %k, 3
    %r = mod.random %s as f32 [#mod.dim<N>, #mod.dim<2*W>] : !mod.tensor<f32[N, 2*W]>
    %g = mod.get "scale" : !mod.tensor<f32[]>
    %m = mod.mul %r, %g : (!mod.tensor<f32[N, 2*W]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[N, 2*W]>
    mod.set "scale", %g : !mod.tensor<f32[]>
    %y = mod.add %x, %m : (!mod.tensor<f32[N, 2*W]>, !mod.tensor<f32[N, 2*W]>) -> !mod.tensor<f32[N, 2*W]>
    mod.return %y : !mod.tensor<f32[N, 2*W]>
  }
}
mod.class @Inner from "Inner" kind "module" {
  mod.child @noise = @Noise
  mod.func @forward(%x: !mod.tensor<f32[A, 2*B]> {mod.name = "x"}) -> !mod.tensor<f32[A, 2*B]> attributes {dims = ["A", "B"]} {
    %y = mod.call "noise" -> @forward(%x) site 5 : (!mod.tensor<f32[A, 2*B]>) -> !mod.tensor<f32[A, 2*B]>
    mod.return %y : !mod.tensor<f32[A, 2*B]>
  }
}
// CHECK-LABEL: mod.class @Root
// CHECK-NOT: mod.func @forward(
// CHECK: mod.func @forward.eval(%[[X:.*]]: !mod.tensor<f32[M, 6*H]>
// CHECK-SAME: guards = [#mod.guard<le, <2>, <3*H>, "W >= 2">]
// CHECK-SAME: ranges = [#mod.range<"M", 1, 8>]
// CHECK: %[[K0:.*]] = mod.frame_key
// CHECK: %[[K1:.*]] = mod.key %[[K0]], 7
// CHECK: %[[K2:.*]] = mod.key %[[K1]], {{-?[0-9]+}}
// CHECK: %[[K3:.*]] = mod.key %[[K2]], 5
// CHECK: %[[K4:.*]] = mod.key %[[K3]], {{-?[0-9]+}}
// CHECK: %[[K5:.*]] = mod.key %[[K4]], 3
// CHECK: mod.random %[[K5]] as f32 [#mod.dim<M>, #mod.dim<6*H>]
// CHECK: mod.get "inner.noise.scale"
// CHECK: mod.set "inner.noise.scale"
// CHECK: mod.add %[[X]], {{.*}} -> !mod.tensor<f32[M, 6*H]>
// CHECK: mod.func @forward.eval.composed
// CHECK: mod.call "inner" -> @forward(%{{.*}}) site 7
mod.class @Root from "Root" kind "module" {
  mod.child @inner = @Inner
  mod.func @forward(%x: !mod.tensor<f32[M, 6*H]> {mod.name = "x"}) -> !mod.tensor<f32[M, 6*H]> attributes {dims = ["M", "H"]} {
    %y = mod.call "inner" -> @forward(%x) site 7 : (!mod.tensor<f32[M, 6*H]>) -> !mod.tensor<f32[M, 6*H]>
    mod.return %y : !mod.tensor<f32[M, 6*H]>
  }
}

// A draw in a loop of the callee begins from the callee's key, not from that of the function it is opened into.
mod.class @Drops from "Drops" kind "module" {
  mod.func @forward(%x: !mod.tensor<f32[N]> {mod.name = "x"}) -> !mod.tensor<f32[N]> attributes {dims = ["N"]} {
    %y = mod.for "t" to <3> init(%x : !mod.tensor<f32[N]>) {
    ^bb0(%h: !mod.tensor<f32[N]>):
      %k = mod.frame_key
      %s = mod.key %k, 2 in [#mod.dim<t>]
      %r = mod.random %s as f32 [#mod.dim<N>] : !mod.tensor<f32[N]>
      %m = mod.mul %h, %r : (!mod.tensor<f32[N]>, !mod.tensor<f32[N]>) -> !mod.tensor<f32[N]>
      mod.yield %m : !mod.tensor<f32[N]>
    }
    mod.return %y : !mod.tensor<f32[N]>
  }
}
// CHECK-LABEL: mod.class @Outer
// CHECK: %[[F0:.*]] = mod.frame_key
// CHECK: %[[F1:.*]] = mod.key %[[F0]], 4
// CHECK: %[[F2:.*]] = mod.key %[[F1]], {{-?[0-9]+}}
// CHECK: mod.for "t"
// CHECK-NOT: mod.frame_key
// CHECK: mod.key %[[F2]], 2 in [#mod.dim<t>]
mod.class @Outer from "Outer" kind "module" {
  mod.child @drops = @Drops
  mod.func @forward(%x: !mod.tensor<f32[M]> {mod.name = "x"}) -> !mod.tensor<f32[M]> attributes {dims = ["M"]} {
    %y = mod.call "drops" -> @forward(%x) site 4 : (!mod.tensor<f32[M]>) -> !mod.tensor<f32[M]>
    mod.return %y : !mod.tensor<f32[M]>
  }
}
