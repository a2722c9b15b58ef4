// RUN: mod-opt %s --mod-make-roles --mod-cut-at-calls | FileCheck %s

mod.class @Cell from "Cell" kind "module" {
  mod.func @forward(%h: !mod.tensor<f32[N, 4]> {mod.name = "h"}) -> !mod.tensor<f32[N, 4]> attributes {dims = ["N"]} {
    mod.return %h : !mod.tensor<f32[N, 4]>
  }
}

// A loop with a call becomes a loop of the program with its counter written out: the first piece makes 0 and what is
// carried, the condition is a piece, and the last piece of the body counts on. The piece that takes x at t knows t by its
// counter. What a call gives is held to the type that is carried.
// CHECK-LABEL: mod.class @Loop
// CHECK: mod.program @forward.eval.composed dims ["S", "N"]
// CHECK-NEXT: ^bb0(%[[X:.*]]: !mod.tensor<f32[S, N, 4]>)
// CHECK-NEXT: %[[P0:.*]]:2 = mod.run @forward.eval.p0(%[[X]])
// CHECK-NEXT: %[[R:.*]]:2 = mod.while "t" init(%[[P0]]#{{[01]}}, %[[P0]]#{{[01]}} : !mod.tensor<i64[]>, !mod.tensor<f32[N, 4]>) {
// CHECK-NEXT: ^bb0(%[[I:.*]]: !mod.tensor<i64[]>, %{{.*}}: !mod.tensor<f32[N, 4]>)
// CHECK-NEXT: %[[GO:.*]] = mod.run @forward.eval.p1(%[[I]], %[[X]]) in [#mod.dim<t>]
// CHECK-NEXT: mod.yield %[[GO]]
// CHECK: } do {
// CHECK-NEXT: ^bb0(%[[I:.*]]: !mod.tensor<i64[]>, %[[H:.*]]: !mod.tensor<f32[N, 4]>)
// CHECK-NEXT: %[[IN:.*]] = mod.run @forward.eval.p2(%[[X]], %[[H]], %[[I]]) in [#mod.dim<t>]
// CHECK-NEXT: %[[C:.*]] = mod.call "cell" -> @forward(%[[IN]]) site 0 in [#mod.dim<t>] fresh ["r0", "r1"]
// CHECK-NEXT: %[[NEXT:.*]]:2 = mod.run @forward.eval.p3(%{{.*}}, %{{.*}}) in [#mod.dim<t>]
// CHECK-NEXT: mod.yield %[[NEXT]]
// CHECK: mod.return %[[R]]#1
// CHECK: mod.func @forward.eval.p2({{.*}} {mod.name = "t", mod.scalar = "t"})
mod.class @Loop from "Loop" kind "module" {
  mod.child @cell = @Cell
  mod.func @forward(%x: !mod.tensor<f32[S, N, 4]> {mod.name = "x"}) -> !mod.tensor<f32[N, 4]> attributes {dims = ["S", "N"]} {
    %z = mod.full 0.0 as f32 [#mod.dim<N>, #mod.dim<4>] : !mod.tensor<f32[N, 4]>
    %r = mod.for "t" to <S> init(%z : !mod.tensor<f32[N, 4]>) {
    ^bb0(%h: !mod.tensor<f32[N, 4]>):
      %s = mod.narrow %x dim 0 from <t> length <1> : (!mod.tensor<f32[S, N, 4]>) -> !mod.tensor<f32[1, N, 4]>
      %xt = mod.reshape %s to [#mod.dim<N>, #mod.dim<4>] : (!mod.tensor<f32[1, N, 4]>) -> !mod.tensor<f32[N, 4]>
      %a = mod.add %h, %xt : (!mod.tensor<f32[N, 4]>, !mod.tensor<f32[N, 4]>) -> !mod.tensor<f32[N, 4]>
      %c = mod.call "cell" -> @forward(%a) site 0 in [#mod.dim<t>] : (!mod.tensor<f32[N, 4]>) -> !mod.tensor<f32[N, 4]>
      mod.yield %c : !mod.tensor<f32[N, 4]>
    }
    mod.return %r : !mod.tensor<f32[N, 4]>
  }
}

// A loop without calls stays in its piece, with the sizes that it was checked with; keys in it fold its own rounds alone.
// CHECK-LABEL: mod.class @Inner
// CHECK: mod.program @forward.eval.composed
// CHECK-NOT: mod.while
// CHECK: mod.return
// CHECK: mod.func @forward.eval.p0(%{{.*}}: !mod.tensor<f32[N, 4]> {mod.name = "result of cell"}
// CHECK: mod.for "t" to <3>
// CHECK: mod.key %{{.*}}, 1 in [#mod.dim<t>]
mod.class @Inner from "Inner" kind "module" {
  mod.child @cell = @Cell
  mod.func @forward(%x: !mod.tensor<f32[N, 4]> {mod.name = "x"}) -> !mod.tensor<f32[N, 4]> attributes {dims = ["N"]} {
    %k = mod.frame_key
    %c = mod.call "cell" -> @forward(%x) site 0 : (!mod.tensor<f32[N, 4]>) -> !mod.tensor<f32[N, 4]>
    %r = mod.for "t" to <3> init(%c : !mod.tensor<f32[N, 4]>) {
    ^bb0(%h: !mod.tensor<f32[N, 4]>):
      %s = mod.key %k, 1 in [#mod.dim<t>]
      %u = mod.random %s as f32 [#mod.dim<N>, #mod.dim<4>] : !mod.tensor<f32[N, 4]>
      %a = mod.add %h, %u : (!mod.tensor<f32[N, 4]>, !mod.tensor<f32[N, 4]>) -> !mod.tensor<f32[N, 4]>
      mod.yield %a : !mod.tensor<f32[N, 4]>
    }
    mod.return %r : !mod.tensor<f32[N, 4]>
  }
}

// The sides of a branch with calls are steps; in a loop of the program a key's own rounds are in the frame's key.
// CHECK-LABEL: mod.class @Sides
// CHECK: mod.if %{{.*}} -> !mod.tensor<f32[N, 4]> {
// CHECK: mod.call "cell"
// CHECK: } else {
// CHECK: mod.while "t"
// CHECK: mod.run @{{.*}} in [#mod.dim<t>]
// CHECK: mod.call "cell"
// CHECK-NOT: mod.key {{.*}} in [
mod.class @Sides from "Sides" kind "module" {
  mod.child @cell = @Cell
  mod.func @forward(%x: !mod.tensor<f32[N, 4]> {mod.name = "x"}, %c: !mod.tensor<i1[]> {mod.name = "c"}) -> !mod.tensor<f32[N, 4]> attributes {dims = ["N"]} {
    %k = mod.frame_key
    %r = mod.if %c -> !mod.tensor<f32[N, 4]> {
      %a = mod.call "cell" -> @forward(%x) site 0 : (!mod.tensor<f32[N, 4]>) -> !mod.tensor<f32[N, 4]>
      mod.yield %a : !mod.tensor<f32[N, 4]>
    } else {
      %w = mod.while "t" init(%x : !mod.tensor<f32[N, 4]>) {
      ^bb0(%h: !mod.tensor<f32[N, 4]>):
        %s = mod.sum %h over [0, 1] : (!mod.tensor<f32[N, 4]>) -> !mod.tensor<f32[]>
        %z = mod.full 0.0 as f32 [] : !mod.tensor<f32[]>
        %more = mod.lt %z, %s : (!mod.tensor<f32[]>, !mod.tensor<f32[]>) -> !mod.tensor<i1[]>
        mod.yield %more : !mod.tensor<i1[]>
      } do {
      ^bb0(%h: !mod.tensor<f32[N, 4]>):
        %key = mod.key %k, 2 in [#mod.dim<t>]
        %u = mod.random %key as f32 [#mod.dim<N>, #mod.dim<4>] : !mod.tensor<f32[N, 4]>
        %a = mod.sub %h, %u : (!mod.tensor<f32[N, 4]>, !mod.tensor<f32[N, 4]>) -> !mod.tensor<f32[N, 4]>
        %n = mod.call "cell" -> @forward(%a) site 1 in [#mod.dim<t>] : (!mod.tensor<f32[N, 4]>) -> !mod.tensor<f32[N, 4]>
        mod.yield %n : !mod.tensor<f32[N, 4]>
      }
      mod.yield %w : !mod.tensor<f32[N, 4]>
    }
    mod.return %r : !mod.tensor<f32[N, 4]>
  }
}
