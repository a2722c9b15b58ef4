// RUN: mod-opt %s --mod-to-graph | FileCheck %s

// One buffer through two loops: on one side of the branch the inner loop begins with what the outer one carries and
// writes over it, the other side only hands it on.
// CHECK: mod.for "t" to <S>
// CHECK: mod.if
// CHECK: mod.for "u" to <3>
// CHECK: mod.places = [#mod.place<[[HOME:.*]]>]
// CHECK: mod.places = [#mod.place<[[HOME]]>]
// CHECK: mod.places = [#mod.place<[[HOME]]>]
mod.class @Top from "Top" kind "module" {
  mod.func @forward(%x: !mod.tensor<f32[S, 4]> {mod.name = "x"}, %c: !mod.tensor<i1[]> {mod.name = "c"}) -> (!mod.tensor<f32[4]> {mod.name = "y"}) attributes {dims = ["S"]} {
    %h0 = mod.full 0.0 : f64 as f32 [#mod.dim<4>] : !mod.tensor<f32[4]>
    %y = mod.for "t" to <S> init(%h0 : !mod.tensor<f32[4]>) {
    ^bb0(%h: !mod.tensor<f32[4]>):
      %s = mod.if %c -> !mod.tensor<f32[4]> {
        %r = mod.for "u" to <3> init(%h : !mod.tensor<f32[4]>) {
        ^bb0(%a: !mod.tensor<f32[4]>):
          %e = mod.tanh %a : (!mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
          mod.yield %e : !mod.tensor<f32[4]>
        }
        mod.yield %r : !mod.tensor<f32[4]>
      } else {
        mod.yield %h : !mod.tensor<f32[4]>
      }
      mod.yield %s : !mod.tensor<f32[4]>
    }
    mod.return %y : !mod.tensor<f32[4]>
  }
}
mod.export @top = @Top -> @forward instance 0
