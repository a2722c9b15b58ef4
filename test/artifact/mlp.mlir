// An MLP in phase graph, by hand: a packed matrix in each layer, one fused function, a piece, a program, a method, an initialiser.
mod.kernel @matmul_6x8.fused kind "matmul" dims ["d0"] hash "0f00" from ["fc1", "relu"] {
^bb0(%x: !mod.tensor<f32[d0, 6]>, %w: !mod.tensor<f32[8, 6], <[0, 1], panel = [0]>>, %b: !mod.tensor<f32[8]>):
  %0 = mod.matmul %x, %w trans_b true : (!mod.tensor<f32[d0, 6]>, !mod.tensor<f32[8, 6], <[0, 1], panel = [0]>>) -> !mod.tensor<f32[d0, 8]>
  %1 = mod.add %0, %b : (!mod.tensor<f32[d0, 8]>, !mod.tensor<f32[8]>) -> !mod.tensor<f32[d0, 8]>
  %z = mod.full 0.0 as f32 [] : !mod.tensor<f32[]>
  %2 = mod.maximum %1, %z : (!mod.tensor<f32[d0, 8]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[d0, 8]>
  mod.yield %2 : !mod.tensor<f32[d0, 8]>
}
mod.kernel @matmul_6x8.leaf kind "matmul" dims ["d0"] hash "0f01" from ["fc1"] {
^bb0(%x: !mod.tensor<f32[d0, 6]>, %w: !mod.tensor<f32[8, 6], <[0, 1], panel = [0]>>, %b: !mod.tensor<f32[8]>):
  %0 = mod.matmul %x, %w trans_b true : (!mod.tensor<f32[d0, 6]>, !mod.tensor<f32[8, 6], <[0, 1], panel = [0]>>) -> !mod.tensor<f32[d0, 8]>
  %1 = mod.add %0, %b : (!mod.tensor<f32[d0, 8]>, !mod.tensor<f32[8]>) -> !mod.tensor<f32[d0, 8]>
  mod.yield %1 : !mod.tensor<f32[d0, 8]>
}
mod.kernel @matmul_8x3 kind "matmul" dims ["d0"] hash "0f02" from ["fc2"] {
^bb0(%x: !mod.tensor<f32[d0, 8]>, %w: !mod.tensor<f32[3, 8], <[0, 1], panel = [0]>>, %b: !mod.tensor<f32[3]>):
  %0 = mod.matmul %x, %w trans_b true : (!mod.tensor<f32[d0, 8]>, !mod.tensor<f32[3, 8], <[0, 1], panel = [0]>>) -> !mod.tensor<f32[d0, 3]>
  %1 = mod.add %0, %b : (!mod.tensor<f32[d0, 3]>, !mod.tensor<f32[3]>) -> !mod.tensor<f32[d0, 3]>
  mod.yield %1 : !mod.tensor<f32[d0, 3]>
}
mod.kernel @relu kind "map" dims ["d0", "d1"] hash "0f03" from ["relu"] {
^bb0(%x: !mod.tensor<f32[d0, d1]>):
  %z = mod.full 0.0 as f32 [] : !mod.tensor<f32[]>
  %0 = mod.maximum %x, %z : (!mod.tensor<f32[d0, d1]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[d0, d1]>
  mod.yield %0 : !mod.tensor<f32[d0, d1]>
}
mod.kernel @draw kind "map" dims [] hash "0f04" {
^bb0(%k: !mod.rng):
  %0 = mod.random %k as f32 [#mod.dim<3>] : !mod.tensor<f32[3]>
  mod.yield %0 : !mod.tensor<f32[3]>
}
mod.kernel @unused kind "map" dims [] hash "0f05" {
^bb0(%x: !mod.tensor<f32[3]>):
  mod.yield %x : !mod.tensor<f32[3]>
}
mod.prepare @pack_6x8 hash "0e00" {
^bb0(%w: !mod.tensor<f32[8, 6]>):
  %0 = mod.repack %w to <[0, 1], panel = [0]> : (!mod.tensor<f32[8, 6]>) -> !mod.tensor<f32[8, 6], <[0, 1], panel = [0]>>
  mod.yield %0 : !mod.tensor<f32[8, 6], <[0, 1], panel = [0]>>
}
mod.prepare @pack_8x3 hash "0e01" {
^bb0(%w: !mod.tensor<f32[3, 8]>):
  %0 = mod.repack %w to <[0, 1], panel = [0]> : (!mod.tensor<f32[3, 8]>) -> !mod.tensor<f32[3, 8], <[0, 1], panel = [0]>>
  mod.yield %0 : !mod.tensor<f32[3, 8], <[0, 1], panel = [0]>>
}
mod.class @Linear_8_3 from "Linear" kind "module" ctor [#mod.arg<"in_features" = 8 : i64>, #mod.arg<"out_features" = 3 : i64>, #mod.arg<"bias" = true>]
    repr "in_features=8, out_features=3, bias=True" {
  mod.param @weight : !mod.tensor<f32[3, 8]> init #mod.init<uniform -0.5, 0.5>
  mod.param @bias : !mod.tensor<f32[3]> init #mod.init<fn @init.bias>
  mod.func @init.bias(%k: !mod.rng {mod.key}) -> (!mod.tensor<f32[3]> {mod.name = "output"}) attributes {dims = []} {
    %s = mod.key %k, 4
    %y = mod.launch @draw(%s) sizes [] at [#mod.place<"out" 0>] : (!mod.rng) -> !mod.tensor<f32[3]>
    mod.return %y : !mod.tensor<f32[3]>
  }
  mod.func @forward.eval(%x: !mod.tensor<f32[N, 8]> {mod.name = "x"},
                         %w: !mod.tensor<f32[3, 8], <[0, 1], panel = [0]>> {mod.prepared = @pack_8x3, mod.sources = ["weight"]},
                         %b: !mod.tensor<f32[3]> {mod.weight = "bias"})
      -> (!mod.tensor<f32[N, 3]> {mod.name = "output"}) attributes {dims = ["N"], mod.method = "forward", mod.role = "eval"} {
    %y = mod.launch @matmul_8x3(%x, %w, %b) sizes [#mod.dim<N>] at [#mod.place<"out" 0>] from [""]
        : (!mod.tensor<f32[N, 8]>, !mod.tensor<f32[3, 8], <[0, 1], panel = [0]>>, !mod.tensor<f32[3]>) -> !mod.tensor<f32[N, 3]>
    mod.return %y : !mod.tensor<f32[N, 3]>
  }
}
mod.class @Linear_6_8 from "Linear" kind "module" ctor [#mod.arg<"in_features" = 6 : i64>, #mod.arg<"out_features" = 8 : i64>, #mod.arg<"bias" = true>]
    repr "in_features=6, out_features=8, bias=True" {
  mod.param @weight : !mod.tensor<f32[8, 6]> init #mod.init<uniform -0.5, 0.5>
  mod.param @bias : !mod.tensor<f32[8]> init #mod.init<normal 0.0, 0.25>
  mod.func @forward.eval(%x: !mod.tensor<f32[N, 6]> {mod.name = "x"},
                         %w: !mod.tensor<f32[8, 6], <[0, 1], panel = [0]>> {mod.prepared = @pack_6x8, mod.sources = ["weight"]},
                         %b: !mod.tensor<f32[8]> {mod.weight = "bias"})
      -> (!mod.tensor<f32[N, 8]> {mod.name = "output"}) attributes {dims = ["N"], mod.method = "forward", mod.role = "eval"} {
    %y = mod.launch @matmul_6x8.leaf(%x, %w, %b) sizes [#mod.dim<N>] at [#mod.place<"out" 0>] from [""]
        : (!mod.tensor<f32[N, 6]>, !mod.tensor<f32[8, 6], <[0, 1], panel = [0]>>, !mod.tensor<f32[8]>) -> !mod.tensor<f32[N, 8]>
    mod.return %y : !mod.tensor<f32[N, 8]>
  }
}
mod.class @Identity from "Identity" kind "module" {
  mod.func @forward.eval(%x: !mod.tensor<f32[A, B]> {mod.name = "x"}) -> (!mod.tensor<f32[A, B]> {mod.name = "output"})
      attributes {dims = ["A", "B"], mod.method = "forward", mod.role = "eval"} {
    mod.return %x : !mod.tensor<f32[A, B]>
  }
}
mod.class @List from "ModuleList" kind "list" {
  mod.child @"0" = @Linear_6_8
  mod.child @"1" = @Identity
}
mod.class @MLP from "MLP" kind "module" ctor [#mod.arg<"inp" = 6 : i64>, #mod.arg<"name" = "toy">, #mod.arg<"p" = 0.5 : f64>, #mod.arg<"none" = unit>] {
  mod.buffer @scale : !mod.tensor<f32[2]> init #mod.init<fill 2.0>
  mod.child @layers = @List
  mod.child @fc2 = @Linear_8_3
  mod.child @gone
  mod.func @forward.eval(%x: !mod.tensor<f32[N, 6]> {mod.name = "x"},
                         %w1: !mod.tensor<f32[8, 6], <[0, 1], panel = [0]>> {mod.prepared = @pack_6x8, mod.sources = ["layers.0.weight"]},
                         %b1: !mod.tensor<f32[8]> {mod.weight = "layers.0.bias"},
                         %w2: !mod.tensor<f32[3, 8], <[0, 1], panel = [0]>> {mod.prepared = @pack_8x3, mod.sources = ["fc2.weight"]},
                         %b2: !mod.tensor<f32[3]> {mod.weight = "fc2.bias"})
      -> (!mod.tensor<f32[N, 3]> {mod.name = "output"})
      attributes {dims = ["N"], arena = [#mod.slot<<32*N>>], ranges = [#mod.range<"N", 1, 4096>],
                  guards = [#mod.guard<"le", #mod.dim<N>, #mod.dim<1000>, "N <= 1000">], mod.method = "forward", mod.role = "eval"} {
    %h = mod.launch @matmul_6x8.fused(%x, %w1, %b1) sizes [#mod.dim<N>] at [#mod.place<"arena" 0>] from ["layers.0"]
        : (!mod.tensor<f32[N, 6]>, !mod.tensor<f32[8, 6], <[0, 1], panel = [0]>>, !mod.tensor<f32[8]>) -> !mod.tensor<f32[N, 8]>
    %y = mod.launch @matmul_8x3(%h, %w2, %b2) sizes [#mod.dim<N>] at [#mod.place<"out" 0>] from ["fc2"]
        : (!mod.tensor<f32[N, 8]>, !mod.tensor<f32[3, 8], <[0, 1], panel = [0]>>, !mod.tensor<f32[3]>) -> !mod.tensor<f32[N, 3]>
    mod.return %y : !mod.tensor<f32[N, 3]>
  }
  mod.func @forward.eval.p0(%x: !mod.tensor<f32[r0, r1]>) -> (!mod.tensor<f32[r0, r1]>)
      attributes {dims = ["r0", "r1"], mod.method = "forward", mod.role = "eval", mod.piece = 0 : i64} {
    %y = mod.launch @relu(%x) sizes [#mod.dim<r0>, #mod.dim<r1>] at [#mod.place<"out" 0>] : (!mod.tensor<f32[r0, r1]>) -> !mod.tensor<f32[r0, r1]>
    mod.return %y : !mod.tensor<f32[r0, r1]>
  }
  mod.program @forward.eval.composed dims ["N"] {
  ^bb0(%x: !mod.tensor<f32[N, 6]>):
    %0 = mod.call "layers.0" -> @forward(%x) site 0 fresh ["a0", "a1"] : (!mod.tensor<f32[N, 6]>) -> !mod.tensor<f32[a0, a1]>
    %1 = mod.run @forward.eval.p0(%0) fresh ["b0", "b1"] : (!mod.tensor<f32[a0, a1]>) -> !mod.tensor<f32[b0, b1]>
    %2 = mod.call "layers.1" -> @forward(%1) site 1 fresh ["c0", "c1"] : (!mod.tensor<f32[b0, b1]>) -> !mod.tensor<f32[c0, c1]>
    %3 = mod.call "fc2" -> @forward(%2) site 2 fresh ["e0", "e1"] : (!mod.tensor<f32[c0, c1]>) -> !mod.tensor<f32[e0, e1]>
    mod.return %3 : !mod.tensor<f32[e0, e1]>
  }
  // A method: the hidden layer alone, twice the same value, and its input handed through.
  mod.func @hidden.eval(%x: !mod.tensor<f32[N, 6]> {mod.name = "x"},
                        %w1: !mod.tensor<f32[8, 6], <[0, 1], panel = [0]>> {mod.prepared = @pack_6x8, mod.sources = ["layers.0.weight"]},
                        %b1: !mod.tensor<f32[8]> {mod.weight = "layers.0.bias"})
      -> (!mod.tensor<f32[N, 8]> {mod.name = "hidden"}, !mod.tensor<f32[N, 8]> {mod.name = "again"}, !mod.tensor<f32[N, 6]> {mod.name = "same"})
      attributes {dims = ["N"], mod.method = "hidden", mod.role = "eval"} {
    %h = mod.launch @matmul_6x8.fused(%x, %w1, %b1) sizes [#mod.dim<N>] at [#mod.place<"out" 0>] from ["layers.0"]
        : (!mod.tensor<f32[N, 6]>, !mod.tensor<f32[8, 6], <[0, 1], panel = [0]>>, !mod.tensor<f32[8]>) -> !mod.tensor<f32[N, 8]>
    mod.return %h, %h, %x : !mod.tensor<f32[N, 8]>, !mod.tensor<f32[N, 8]>, !mod.tensor<f32[N, 6]>
  }
}
mod.export @mlp = @MLP -> @forward instance 0 {doc = "A toy."}
mod.export @hidden = @MLP -> @hidden instance 0
mod.export @head = @Linear_8_3 -> @forward instance 1
