// Small programs that the interpreter runs, in phases mod and graph: seeds of hostile_test, valid as they are.
// RUN: mod-opt %s --canonicalize --cse | FileCheck %s
// CHECK: mod.class @Linear

mod.class @Linear from "Linear" kind "module" {
  mod.param @weight : !mod.tensor<f32[4, 3]> init #mod.init<uniform -0.5, 0.5>
  mod.param @bias : !mod.tensor<f32[4]> init #mod.init<normal 0.0, 1.0>
  mod.func @forward(%x: !mod.tensor<f32[N, 3]> {mod.name = "x"}) -> (!mod.tensor<f32[N, 4]> {mod.name = "y"}) attributes {dims = ["N"]} {
    %w = mod.get "weight" : !mod.tensor<f32[4, 3]>
    %b = mod.get "bias" : !mod.tensor<f32[4]>
    %0 = mod.matmul %x, %w trans_b true : (!mod.tensor<f32[N, 3]>, !mod.tensor<f32[4, 3]>) -> !mod.tensor<f32[N, 4]>
    %1 = mod.add %0, %b : (!mod.tensor<f32[N, 4]>, !mod.tensor<f32[4]>) -> !mod.tensor<f32[N, 4]>
    mod.return %1 : !mod.tensor<f32[N, 4]>
  }
  mod.func @forward.eval(%x: !mod.tensor<f32[N, 3]> {mod.name = "x"}, %w: !mod.tensor<f32[4, 3], <[0, 1], panel = [0]>> {mod.prepared = @pack, mod.sources = ["weight"]}, %b: !mod.tensor<f32[4]> {mod.weight = "bias"})
      -> (!mod.tensor<f32[N, 4]> {mod.name = "y"}) attributes {dims = ["N"], mod.method = "forward", mod.role = "eval"} {
    %0 = mod.launch @linear(%x, %w, %b) sizes [#mod.dim<N>] : (!mod.tensor<f32[N, 3]>, !mod.tensor<f32[4, 3], <[0, 1], panel = [0]>>, !mod.tensor<f32[4]>) -> !mod.tensor<f32[N, 4]>
    mod.return %0 : !mod.tensor<f32[N, 4]>
  }
}
mod.class @Net from "Net" kind "module" {
  mod.buffer @seen : !mod.tensor<i64[]> init #mod.init<fill 0.0>
  mod.child @fc = @Linear
  mod.func @forward(%x: !mod.tensor<f32[N, 3]> {mod.name = "x"}, %ids: !mod.tensor<i64[N, S]> {mod.name = "ids"}) -> (!mod.tensor<f32[N, S]> {mod.name = "y"})
      attributes {dims = ["N", "S"], ranges = [#mod.range<"S", 1, 64>], guards = [#mod.guard<le, #mod.dim<S>, #mod.dim<64>, "S is at most 64">]} {
    %h = mod.call "fc" -> @forward(%x) site 0 : (!mod.tensor<f32[N, 3]>) -> !mod.tensor<f32[N, 4]>
    %old = mod.get "seen" : !mod.tensor<i64[]>
    %one = mod.full 1 : i64 as i64 [] : !mod.tensor<i64[]>
    %new = mod.add %old, %one : (!mod.tensor<i64[]>, !mod.tensor<i64[]>) -> !mod.tensor<i64[]>
    mod.set "seen", %new : !mod.tensor<i64[]>
    %t = mod.permute %h by [1, 0] : (!mod.tensor<f32[N, 4]>) -> !mod.tensor<f32[4, N]>
    %r = mod.narrow %t dim 0 from #mod.dim<1> length <2> : (!mod.tensor<f32[4, N]>) -> !mod.tensor<f32[2, N]>
    %v = mod.amax %r over [0] keepdim true : (!mod.tensor<f32[2, N]>) -> !mod.tensor<f32[1, N]>
    %flat = mod.reshape %v to [#mod.dim<N>] : (!mod.tensor<f32[1, N]>) -> !mod.tensor<f32[N]>
    %y = mod.take %flat, %ids dim 0 : (!mod.tensor<f32[N]>, !mod.tensor<i64[N, S]>) -> !mod.tensor<f32[N, S]>
    %k = mod.frame_key
    %s = mod.key %k, 1
    %u = mod.random %s as f32 [#mod.dim<N>, #mod.dim<S>] : !mod.tensor<f32[N, S]>
    %z = mod.mul %y, %u : (!mod.tensor<f32[N, S]>, !mod.tensor<f32[N, S]>) -> !mod.tensor<f32[N, S]>
    mod.return %z : !mod.tensor<f32[N, S]>
  }
}
mod.class @Attend from "Attend" kind "module" {
  mod.func @forward(%q: !mod.tensor<f32[B, L, 4]> {mod.name = "q"}, %m: !mod.tensor<f32[1, L, L]> {mod.name = "m"}) -> (!mod.tensor<f32[B, L + 2, 4]> {mod.name = "y"}) attributes {dims = ["B", "L"]} {
    %0 = mod.attention %q, %q, %q mask %m scale 0.5 causal true : (!mod.tensor<f32[B, L, 4]>, !mod.tensor<f32[B, L, 4]>, !mod.tensor<f32[B, L, 4]>, !mod.tensor<f32[1, L, L]>) -> !mod.tensor<f32[B, L, 4]>
    %1 = mod.constant_pad %0 lo [0, 1, 0] hi [0, 1, 0] with 0.0 : f64 : (!mod.tensor<f32[B, L, 4]>) -> !mod.tensor<f32[B, L + 2, 4]>
    %2 = mod.update_slice %1, %0 at [#mod.dim<0>, #mod.dim<2>, #mod.dim<0>] : (!mod.tensor<f32[B, L + 2, 4]>, !mod.tensor<f32[B, L, 4]>) -> !mod.tensor<f32[B, L + 2, 4]>
    %c = mod.lt %1, %2 : (!mod.tensor<f32[B, L + 2, 4]>, !mod.tensor<f32[B, L + 2, 4]>) -> !mod.tensor<i1[B, L + 2, 4]>
    %3 = mod.where %c, %1, %2 : (!mod.tensor<i1[B, L + 2, 4]>, !mod.tensor<f32[B, L + 2, 4]>, !mod.tensor<f32[B, L + 2, 4]>) -> !mod.tensor<f32[B, L + 2, 4]>
    mod.return %3 : !mod.tensor<f32[B, L + 2, 4]>
  }
}
mod.class @Composed from "Composed" kind "module" {
  mod.child @fc = @Linear
  mod.func @forward.eval(%x: !mod.tensor<f32[N, 3]> {mod.name = "x"}, %w: !mod.tensor<f32[4, 3], <[0, 1], panel = [0]>> {mod.prepared = @pack, mod.sources = ["fc.weight"]}, %b: !mod.tensor<f32[4]> {mod.weight = "fc.bias"})
      -> (!mod.tensor<f32[N, 4]> {mod.name = "y"}) attributes {dims = ["N"], mod.method = "forward", mod.role = "eval"} {
    %0 = mod.launch @linear(%x, %w, %b) sizes [#mod.dim<N>] : (!mod.tensor<f32[N, 3]>, !mod.tensor<f32[4, 3], <[0, 1], panel = [0]>>, !mod.tensor<f32[4]>) -> !mod.tensor<f32[N, 4]>
    %1 = mod.launch @relu(%0) sizes [#mod.dim<N>, #mod.dim<4>] : (!mod.tensor<f32[N, 4]>) -> !mod.tensor<f32[N, 4]>
    mod.return %1 : !mod.tensor<f32[N, 4]>
  }
  mod.func @forward.eval.p0(%x: !mod.tensor<f32[r0, r1]> {mod.name = "x"}) -> !mod.tensor<f32[r0, r1]> attributes {dims = ["r0", "r1"], mod.method = "forward", mod.role = "eval", mod.piece = 0 : i64} {
    %z = mod.full 0.0 : f64 as f32 [] : !mod.tensor<f32[]>
    %0 = mod.maximum %x, %z : (!mod.tensor<f32[r0, r1]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[r0, r1]>
    mod.return %0 : !mod.tensor<f32[r0, r1]>
  }
  mod.program @forward.eval.composed dims ["N"] {
  ^bb0(%x: !mod.tensor<f32[N, 3]>):
    %0 = mod.call "fc" -> @forward(%x) site 0 fresh ["r0", "r1"] : (!mod.tensor<f32[N, 3]>) -> !mod.tensor<f32[r0, r1]>
    %1 = mod.run @forward.eval.p0(%0) fresh ["r2", "r3"] : (!mod.tensor<f32[r0, r1]>) -> !mod.tensor<f32[r2, r3]>
    mod.return %1 : !mod.tensor<f32[r2, r3]>
  }
}
mod.kernel @linear kind "matmul" dims ["d0"] hash "0a" from ["fc"] {
^bb0(%x: !mod.tensor<f32[d0, 3]>, %w: !mod.tensor<f32[4, 3], <[0, 1], panel = [0]>>, %b: !mod.tensor<f32[4]>):
  %0 = mod.matmul %x, %w trans_b true : (!mod.tensor<f32[d0, 3]>, !mod.tensor<f32[4, 3], <[0, 1], panel = [0]>>) -> !mod.tensor<f32[d0, 4]>
  %1 = mod.add %0, %b : (!mod.tensor<f32[d0, 4]>, !mod.tensor<f32[4]>) -> !mod.tensor<f32[d0, 4]>
  mod.yield %1 : !mod.tensor<f32[d0, 4]>
}
mod.kernel @relu kind "map" dims ["d0", "d1"] hash "0b" {
^bb0(%x: !mod.tensor<f32[d0, d1]>):
  %z = mod.full 0.0 : f64 as f32 [] : !mod.tensor<f32[]>
  %0 = mod.maximum %x, %z : (!mod.tensor<f32[d0, d1]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[d0, d1]>
  mod.yield %0 : !mod.tensor<f32[d0, d1]>
}
mod.prepare @pack hash "0c" {
^bb0(%w: !mod.tensor<f32[4, 3]>):
  %0 = mod.repack %w to <[0, 1], panel = [0]> : (!mod.tensor<f32[4, 3]>) -> !mod.tensor<f32[4, 3], <[0, 1], panel = [0]>>
  mod.yield %0 : !mod.tensor<f32[4, 3], <[0, 1], panel = [0]>>
}
mod.export @net = @Net -> @forward instance 0
mod.export @attend = @Attend -> @forward instance 1
mod.export @composed = @Composed -> @forward instance 2
mod.export @linear_layer = @Linear -> @forward instance 3
