// Every operation, type and attribute of the dialect: printing what was parsed and parsing it again changes nothing.
// RUN: mod-opt %s --mlir-print-local-scope > %t.1
// RUN: mod-opt %t.1 --mlir-print-local-scope > %t.2
// RUN: diff %t.1 %t.2
// RUN: mod-opt %s --mlir-print-op-generic | mod-opt --mlir-print-local-scope | diff - %t.1
// RUN: FileCheck %s < %t.1

// ---- structure

// CHECK: mod.class @Leaf from "Linear" kind "module" ctor [#mod.arg<"in_features" = 8 : i64>, #mod.arg<"bias" = true>, #mod.arg<"p" = 5.000000e-01 : f64>, #mod.arg<"mode" = "sum">, #mod.arg<"none" = unit>] repr "in_features=8" version 2
mod.class @Leaf from "Linear" kind "module" ctor [#mod.arg<"in_features" = 8 : i64>, #mod.arg<"bias" = true>, #mod.arg<"p" = 0.5 : f64>, #mod.arg<"mode" = "sum">, #mod.arg<"none" = unit>] repr "in_features=8" version 2 attributes {doc = "A layer."} {
  // CHECK: mod.param @weight : !mod.tensor<f32[4, 8]> init <uniform -3.500000e-01, 3.500000e-01>
  mod.param @weight : !mod.tensor<f32[4, 8]> init #mod.init<uniform -0.35, 0.35>
  // CHECK: mod.param @gain : !mod.tensor<f32[4]> init <normal 0.000000e+00, 2.000000e-02> {requires_grad = false}
  mod.param @gain : !mod.tensor<f32[4]> init #mod.init<normal 0.0, 0.02> {requires_grad = false}
  // CHECK: mod.param @bias : !mod.tensor<f32[4]> none
  mod.param @bias : !mod.tensor<f32[4]> none
  // CHECK: mod.buffer @steps : !mod.tensor<i64[]> init <fill 0.000000e+00> {persistent = false, since = 2 : i64}
  mod.buffer @steps : !mod.tensor<i64[]> init #mod.init<fill 0.0> {persistent = false, since = 2 : i64}
  // CHECK: mod.buffer @table : !mod.tensor<f32[4]> init <fn @init.table>
  mod.buffer @table : !mod.tensor<f32[4]> init #mod.init<fn @init.table>
  mod.func @init.table() -> !mod.tensor<f32[4]> {
    %0 = mod.iota #mod.dim<4> as f32 : !mod.tensor<f32[4]>
    mod.return %0 : !mod.tensor<f32[4]>
  }
  // CHECK: mod.func @forward(%{{.*}}: !mod.tensor<f32[N, 8]> {mod.name = "x"}) -> (!mod.tensor<f32[N, 4]> {mod.name = "output"}) attributes {dims = ["N"], guards = [#mod.guard<le, <N>, <64>, "at most 64">], ranges = [#mod.range<"N", 1, 64>]}
  mod.func @forward(%x: !mod.tensor<f32[N, 8]> {mod.name = "x"}) -> (!mod.tensor<f32[N, 4]> {mod.name = "output"})
      attributes {dims = ["N"], guards = [#mod.guard<le, #mod.dim<N>, #mod.dim<64>, "at most 64">], ranges = [#mod.range<"N", 1, 64>]} {
    %w = mod.get "weight" : !mod.tensor<f32[4, 8]>
    // CHECK: mod.matmul %{{.*}}, %{{.*}} trans_b true : (!mod.tensor<f32[N, 8]>, !mod.tensor<f32[4, 8]>) -> !mod.tensor<f32[N, 4]>
    %0 = mod.matmul %x, %w trans_b true : (!mod.tensor<f32[N, 8]>, !mod.tensor<f32[4, 8]>) -> !mod.tensor<f32[N, 4]>
    %s = mod.get "steps" : !mod.tensor<i64[]>
    // CHECK: mod.set "steps", %{{.*}} : <i64[]>
    mod.set "steps", %s : !mod.tensor<i64[]>
    mod.return %0 : !mod.tensor<f32[N, 4]>
  }
}

// CHECK: mod.class @Tree from "Tree" kind "sequential"
mod.class @Tree from "Tree" kind "sequential" {
  // CHECK: mod.child @fc = @Leaf
  mod.child @fc = @Leaf
  mod.child @again = @Leaf
  // CHECK: mod.child @missing{{$}}
  mod.child @missing
  mod.func @forward(%x: !mod.tensor<f32[N, 8]>) -> !mod.tensor<f32[N, 4]> attributes {dims = ["N"]} {
    // CHECK: mod.call "fc" -> @forward(%{{.*}}) site 0 : (!mod.tensor<f32[N, 8]>) -> !mod.tensor<f32[N, 4]>
    %0 = mod.call "fc" -> @forward(%x) site 0 : (!mod.tensor<f32[N, 8]>) -> !mod.tensor<f32[N, 4]>
    mod.return %0 : !mod.tensor<f32[N, 4]>
  }
  mod.func @forward.eval.p0(%x: !mod.tensor<f32[r0, r1]> {mod.name = "x"}, %w: !mod.tensor<f32[4, 8]> {mod.weight = "fc.weight"}) -> !mod.tensor<f32[r0, r1]>
      attributes {dims = ["r0", "r1"], mod.method = "forward", mod.piece = 0 : i64, mod.role = "eval"} {
    mod.return %x : !mod.tensor<f32[r0, r1]>
  }
  // CHECK: mod.program @forward.eval.composed dims ["N"]
  mod.program @forward.eval.composed dims ["N"] {
  ^bb0(%x: !mod.tensor<f32[N, 8]>):
    // CHECK: mod.call "fc" -> @forward(%{{.*}}) site 0 fresh ["r0", "r1"] : (!mod.tensor<f32[N, 8]>) -> !mod.tensor<f32[r0, r1]>
    %0 = mod.call "fc" -> @forward(%x) site 0 fresh ["r0", "r1"] : (!mod.tensor<f32[N, 8]>) -> !mod.tensor<f32[r0, r1]>
    // CHECK: mod.run @forward.eval.p0(%{{.*}}) fresh ["r2", "r3"] : (!mod.tensor<f32[r0, r1]>) -> !mod.tensor<f32[r2, r3]>
    %1 = mod.run @forward.eval.p0(%0) fresh ["r2", "r3"] : (!mod.tensor<f32[r0, r1]>) -> !mod.tensor<f32[r2, r3]>
    mod.return %1 : !mod.tensor<f32[r2, r3]>
  }
}
// CHECK: mod.export @tree = @Tree -> @forward instance 0 ties [#mod.tie<"again" = "fc">]
mod.export @tree = @Tree -> @forward instance 0 ties [#mod.tie<"again" = "fc">]

// ---- kernels

// CHECK: mod.kernel @k kind "matmul" dims ["d0"] hash "5b0c" from ["fc"]
mod.kernel @k kind "matmul" dims ["d0"] hash "5b0c" from ["fc"] {
^bb0(%x: !mod.tensor<f32[d0, 8]>, %w: !mod.tensor<f32[4, 8], <[0, 1], panel = [0]>>, %key: !mod.rng):
  %0 = mod.matmul %x, %w trans_b true : (!mod.tensor<f32[d0, 8]>, !mod.tensor<f32[4, 8], <[0, 1], panel = [0]>>) -> !mod.tensor<f32[d0, 4]>
  mod.yield %0 : !mod.tensor<f32[d0, 4]>
}
// CHECK: mod.prepare @p hash "91ee"
mod.prepare @p hash "91ee" {
^bb0(%w: !mod.tensor<f32[4, 8]>):
  // CHECK: mod.repack %{{.*}} to <[0, 1], panel = [0]> : (!mod.tensor<f32[4, 8]>) -> !mod.tensor<f32[4, 8], <[0, 1], panel = [0]>>
  %0 = mod.repack %w to <[0, 1], panel = [0]> : (!mod.tensor<f32[4, 8]>) -> !mod.tensor<f32[4, 8], <[0, 1], panel = [0]>>
  mod.yield %0 : !mod.tensor<f32[4, 8], <[0, 1], panel = [0]>>
}
mod.func @fused(%x: !mod.tensor<f32[2*N + 1, 8]>, %w: !mod.tensor<f32[4, 8], <[0, 1], panel = [0]>> {mod.prepared = @p, mod.sources = ["weight"]}, %key: !mod.rng {mod.key})
    -> (!mod.tensor<f32[2*N + 1, 4]> {mod.name = "y"}) attributes {dims = ["N"], arena = [#mod.slot<#mod.dim<128*N>>, #mod.slot<#mod.dim<64>, above [0]>]} {
  // CHECK: mod.key %{{.*}}, -7
  %k = mod.key %key, -7
  // CHECK: mod.launch @k(%{{.*}}, %{{.*}}, %{{.*}}) sizes [#mod.dim<2*N + 1>] at [#mod.place<arena 0>] from ["fc"]
  %0 = mod.launch @k(%x, %w, %k) sizes [#mod.dim<2*N + 1>] at [#mod.place<arena 0>] from ["fc"] : (!mod.tensor<f32[2*N + 1, 8]>, !mod.tensor<f32[4, 8], <[0, 1], panel = [0]>>, !mod.rng) -> !mod.tensor<f32[2*N + 1, 4]>
  mod.return %0 : !mod.tensor<f32[2*N + 1, 4]>
}

// ---- sizes: one spelling for equal polynomials

// CHECK-LABEL: mod.func @sizes
// CHECK-SAME: !mod.tensor<f32[N*S + S, floordiv(N, 2), max(N, S), min(N, S)]>
mod.func @sizes(%a: !mod.tensor<f32[S*(N + 1), floordiv(2*N, 4), max(S, N), min(N, S)]>) attributes {dims = ["N", "S"]} {
  // CHECK: mod.assume %{{.*}}, "why" : <f32[N*S + S, floordiv(N, 2), max(N, S), min(N, S)]> to <f32[N, 1, N, N]>
  %0 = mod.assume %a, "why" : !mod.tensor<f32[N*S + S, floordiv(N, 2), max(N, S), min(N, S)]> to !mod.tensor<f32[N, 1, N, N]>
  mod.return
}

// ---- primitives

// CHECK-LABEL: mod.func @unary
mod.func @unary(%x: !mod.tensor<f32[N, 3]>, %i: !mod.tensor<i64[N]>, %c: !mod.tensor<i1[N]>) attributes {dims = ["N"]} {
  // CHECK: mod.neg %{{.*}} : (!mod.tensor<f32[N, 3]>) -> !mod.tensor<f32[N, 3]>
  %0 = mod.neg %x : (!mod.tensor<f32[N, 3]>) -> !mod.tensor<f32[N, 3]>
  %1 = mod.abs %i : (!mod.tensor<i64[N]>) -> !mod.tensor<i64[N]>
  %2 = mod.floor %x : (!mod.tensor<f32[N, 3]>) -> !mod.tensor<f32[N, 3]>
  %3 = mod.round %x : (!mod.tensor<f32[N, 3]>) -> !mod.tensor<f32[N, 3]>
  %4 = mod.exp %x : (!mod.tensor<f32[N, 3]>) -> !mod.tensor<f32[N, 3]>
  %5 = mod.expm1 %x : (!mod.tensor<f32[N, 3]>) -> !mod.tensor<f32[N, 3]>
  %6 = mod.log %x : (!mod.tensor<f32[N, 3]>) -> !mod.tensor<f32[N, 3]>
  %7 = mod.log1p %x : (!mod.tensor<f32[N, 3]>) -> !mod.tensor<f32[N, 3]>
  %8 = mod.sqrt %x : (!mod.tensor<f32[N, 3]>) -> !mod.tensor<f32[N, 3]>
  %9 = mod.sin %x : (!mod.tensor<f32[N, 3]>) -> !mod.tensor<f32[N, 3]>
  %10 = mod.cos %x : (!mod.tensor<f32[N, 3]>) -> !mod.tensor<f32[N, 3]>
  %11 = mod.tanh %x : (!mod.tensor<f32[N, 3]>) -> !mod.tensor<f32[N, 3]>
  %12 = mod.erf %x : (!mod.tensor<f32[N, 3]>) -> !mod.tensor<f32[N, 3]>
  %13 = mod.sigmoid %x : (!mod.tensor<f32[N, 3]>) -> !mod.tensor<f32[N, 3]>
  %14 = mod.logical_not %c : (!mod.tensor<i1[N]>) -> !mod.tensor<i1[N]>
  %15 = mod.detach %x : (!mod.tensor<f32[N, 3]>) -> !mod.tensor<f32[N, 3]>
  // CHECK: mod.to %{{.*}} as bf16 : (!mod.tensor<f32[N, 3]>) -> !mod.tensor<bf16[N, 3]>
  %16 = mod.to %x as bf16 : (!mod.tensor<f32[N, 3]>) -> !mod.tensor<bf16[N, 3]>
  // CHECK: mod.to %{{.*}} as ui8
  %17 = mod.to %i as ui8 : (!mod.tensor<i64[N]>) -> !mod.tensor<ui8[N]>
  mod.return
}

// CHECK-LABEL: mod.func @binary
mod.func @binary(%x: !mod.tensor<f32[N, 3]>, %y: !mod.tensor<f32[3]>, %c: !mod.tensor<i1[N, 1]>, %i: !mod.tensor<i32[N]>) attributes {dims = ["N"]} {
  // CHECK: mod.add %{{.*}}, %{{.*}} : (!mod.tensor<f32[N, 3]>, !mod.tensor<f32[3]>) -> !mod.tensor<f32[N, 3]>
  %0 = mod.add %x, %y : (!mod.tensor<f32[N, 3]>, !mod.tensor<f32[3]>) -> !mod.tensor<f32[N, 3]>
  %1 = mod.sub %x, %y : (!mod.tensor<f32[N, 3]>, !mod.tensor<f32[3]>) -> !mod.tensor<f32[N, 3]>
  %2 = mod.mul %x, %y : (!mod.tensor<f32[N, 3]>, !mod.tensor<f32[3]>) -> !mod.tensor<f32[N, 3]>
  %3 = mod.div %x, %y : (!mod.tensor<f32[N, 3]>, !mod.tensor<f32[3]>) -> !mod.tensor<f32[N, 3]>
  %4 = mod.floor_divide %x, %y : (!mod.tensor<f32[N, 3]>, !mod.tensor<f32[3]>) -> !mod.tensor<f32[N, 3]>
  %5 = mod.remainder %x, %y : (!mod.tensor<f32[N, 3]>, !mod.tensor<f32[3]>) -> !mod.tensor<f32[N, 3]>
  %6 = mod.pow %x, %y : (!mod.tensor<f32[N, 3]>, !mod.tensor<f32[3]>) -> !mod.tensor<f32[N, 3]>
  %7 = mod.maximum %x, %y : (!mod.tensor<f32[N, 3]>, !mod.tensor<f32[3]>) -> !mod.tensor<f32[N, 3]>
  %8 = mod.minimum %x, %y : (!mod.tensor<f32[N, 3]>, !mod.tensor<f32[3]>) -> !mod.tensor<f32[N, 3]>
  // CHECK: mod.eq %{{.*}}, %{{.*}} : (!mod.tensor<f32[N, 3]>, !mod.tensor<f32[3]>) -> !mod.tensor<i1[N, 3]>
  %9 = mod.eq %x, %y : (!mod.tensor<f32[N, 3]>, !mod.tensor<f32[3]>) -> !mod.tensor<i1[N, 3]>
  %10 = mod.lt %x, %y : (!mod.tensor<f32[N, 3]>, !mod.tensor<f32[3]>) -> !mod.tensor<i1[N, 3]>
  %11 = mod.le %x, %y : (!mod.tensor<f32[N, 3]>, !mod.tensor<f32[3]>) -> !mod.tensor<i1[N, 3]>
  %12 = mod.bitwise_and %i, %i : (!mod.tensor<i32[N]>, !mod.tensor<i32[N]>) -> !mod.tensor<i32[N]>
  %13 = mod.bitwise_or %c, %c : (!mod.tensor<i1[N, 1]>, !mod.tensor<i1[N, 1]>) -> !mod.tensor<i1[N, 1]>
  // CHECK: mod.where %{{.*}}, %{{.*}}, %{{.*}} : (!mod.tensor<i1[N, 1]>, !mod.tensor<f32[N, 3]>, !mod.tensor<f32[3]>) -> !mod.tensor<f32[N, 3]>
  %14 = mod.where %c, %x, %y : (!mod.tensor<i1[N, 1]>, !mod.tensor<f32[N, 3]>, !mod.tensor<f32[3]>) -> !mod.tensor<f32[N, 3]>
  mod.return
}

// CHECK-LABEL: mod.func @creation
mod.func @creation(%key: !mod.rng) attributes {dims = ["N"]} {
  // CHECK: mod.full 0xFFF0000000000000 : f64 as f32 [] : <f32[]>
  %0 = mod.full 0xFFF0000000000000 : f64 as f32 [] : !mod.tensor<f32[]>
  // CHECK: mod.full 1 : i64 as i1 [#mod.dim<N>, #mod.dim<2>] : <i1[N, 2]>
  %1 = mod.full 1 : i64 as i1 [#mod.dim<N>, #mod.dim<2>] : !mod.tensor<i1[N, 2]>
  // CHECK: mod.size <N> as i64 : <i64[]>
  %2 = mod.size #mod.dim<N> as i64 : !mod.tensor<i64[]>
  // CHECK: mod.iota <2*N> as i32 : <i32[2*N]>
  %3 = mod.iota #mod.dim<2*N> as i32 : !mod.tensor<i32[2*N]>
  // CHECK: mod.frame_key
  %k = mod.frame_key
  // CHECK: mod.random %{{.*}} as f32 [#mod.dim<N>] : <f32[N]>
  %4 = mod.random %k as f32 [#mod.dim<N>] : !mod.tensor<f32[N]>
  mod.return
}

// CHECK-LABEL: mod.func @shape
mod.func @shape(%x: !mod.tensor<f32[N, 6]>, %v: !mod.tensor<f32[1, 2]>) attributes {dims = ["N"]} {
  // CHECK: mod.reshape %{{.*}} to [#mod.dim<2>, #mod.dim<3*N>]
  %0 = mod.reshape %x to [#mod.dim<2>, #mod.dim<3*N>] : (!mod.tensor<f32[N, 6]>) -> !mod.tensor<f32[2, 3*N]>
  // CHECK: mod.permute %{{.*}} by [1, 0]
  %1 = mod.permute %x by [1, 0] : (!mod.tensor<f32[N, 6]>) -> !mod.tensor<f32[6, N]>
  // CHECK: mod.expand %{{.*}} to [#mod.dim<2>, #mod.dim<N>, #mod.dim<6>]
  %2 = mod.expand %x to [#mod.dim<2>, #mod.dim<N>, #mod.dim<6>] : (!mod.tensor<f32[N, 6]>) -> !mod.tensor<f32[2, N, 6]>
  // CHECK: mod.narrow %{{.*}} dim 1 from <1> length <2> step 3
  %3 = mod.narrow %x dim 1 from #mod.dim<1> length #mod.dim<2> step 3 : (!mod.tensor<f32[N, 6]>) -> !mod.tensor<f32[N, 2]>
  // CHECK: mod.update_slice %{{.*}}, %{{.*}} at [#mod.dim<0>, #mod.dim<4>]
  %4 = mod.update_slice %x, %v at [#mod.dim<0>, #mod.dim<4>] : (!mod.tensor<f32[N, 6]>, !mod.tensor<f32[1, 2]>) -> !mod.tensor<f32[N, 6]>
  // CHECK: mod.cat %{{.*}}, %{{.*}} dim 0 : (!mod.tensor<f32[N, 6]>, !mod.tensor<f32[N, 6]>) -> !mod.tensor<f32[2*N, 6]>
  %5 = mod.cat %x, %x dim 0 : (!mod.tensor<f32[N, 6]>, !mod.tensor<f32[N, 6]>) -> !mod.tensor<f32[2*N, 6]>
  // CHECK: mod.constant_pad %{{.*}} lo [1, 0] hi [2, -3] with 0.000000e+00 : f64
  %6 = mod.constant_pad %x lo [1, 0] hi [2, -3] with 0.0 : f64 : (!mod.tensor<f32[N, 6]>) -> !mod.tensor<f32[N + 3, 3]>
  mod.return
}

// CHECK-LABEL: mod.func @reductions
mod.func @reductions(%x: !mod.tensor<f16[N, 6]>, %i: !mod.tensor<i32[N, 6]>) attributes {dims = ["N"]} {
  // CHECK: mod.sum %{{.*}} over [0, 1] : (!mod.tensor<f16[N, 6]>) -> !mod.tensor<f16[]>
  %0 = mod.sum %x over [0, 1] : (!mod.tensor<f16[N, 6]>) -> !mod.tensor<f16[]>
  %1 = mod.sum %i over [1] keepdim true : (!mod.tensor<i32[N, 6]>) -> !mod.tensor<i64[N, 1]>
  // CHECK: mod.amax %{{.*}} over [0] keepdim true
  %2 = mod.amax %x over [0] keepdim true : (!mod.tensor<f16[N, 6]>) -> !mod.tensor<f16[1, 6]>
  // CHECK: mod.argmax %{{.*}} dim 1 : (!mod.tensor<f16[N, 6]>) -> !mod.tensor<i64[N]>
  %3 = mod.argmax %x dim 1 : (!mod.tensor<f16[N, 6]>) -> !mod.tensor<i64[N]>
  // CHECK: mod.cumsum %{{.*}} dim 1 : (!mod.tensor<i32[N, 6]>) -> !mod.tensor<i64[N, 6]>
  %4 = mod.cumsum %i dim 1 : (!mod.tensor<i32[N, 6]>) -> !mod.tensor<i64[N, 6]>
  mod.return
}

// CHECK-LABEL: mod.func @convolutions
mod.func @convolutions(%x: !mod.tensor<f32[N, 6, H, W]>, %l: !mod.tensor<f32[N, H, W, 6]>, %w: !mod.tensor<f32[8, 3, 5, 3]>, %t: !mod.tensor<f32[6, 4, 2, 2]>)
    attributes {dims = ["N", "H", "W"]} {
  // CHECK: mod.conv %{{.*}}, %{{.*}} stride [2, 1] lo [2, 0] hi [2, 1] dilation [1, 2] groups 2 : (!mod.tensor<f32[N, 6, H, W]>, !mod.tensor<f32[8, 3, 5, 3]>) -> !mod.tensor<f32[N, 8, floordiv(H + 1, 2), W - 3]>
  %0 = mod.conv %x, %w stride [2, 1] lo [2, 0] hi [2, 1] dilation [1, 2] groups 2 : (!mod.tensor<f32[N, 6, H, W]>, !mod.tensor<f32[8, 3, 5, 3]>) -> !mod.tensor<f32[N, 8, floordiv(H + 1, 2), W - 3]>
  // CHECK: mod.conv %{{.*}} groups 2 channels_last : (!mod.tensor<f32[N, H, W, 6]>, {{.*}}) -> !mod.tensor<f32[N, H, W, 8]>
  %1 = mod.conv %l, %w stride [1, 1] lo [2, 1] hi [2, 1] dilation [1, 1] groups 2 channels_last : (!mod.tensor<f32[N, H, W, 6]>, !mod.tensor<f32[8, 3, 5, 3]>) -> !mod.tensor<f32[N, H, W, 8]>
  // CHECK: mod.conv_transpose %{{.*}}, %{{.*}} stride [2, 3] padding [0, 1] output_padding [0, 1] dilation [1, 1] : (!mod.tensor<f32[N, 6, H, W]>, !mod.tensor<f32[6, 4, 2, 2]>) -> !mod.tensor<f32[N, 4, 2*H, 3*W - 2]>
  %2 = mod.conv_transpose %x, %t stride [2, 3] padding [0, 1] output_padding [0, 1] dilation [1, 1] : (!mod.tensor<f32[N, 6, H, W]>, !mod.tensor<f32[6, 4, 2, 2]>) -> !mod.tensor<f32[N, 4, 2*H, 3*W - 2]>
  // CHECK: mod.conv_transpose {{.*}} channels_last : {{.*}} -> !mod.tensor<f32[N, 2*H, 2*W, 4]>
  %3 = mod.conv_transpose %l, %t stride [2, 2] padding [0, 0] output_padding [0, 0] dilation [1, 1] channels_last : (!mod.tensor<f32[N, H, W, 6]>, !mod.tensor<f32[6, 4, 2, 2]>) -> !mod.tensor<f32[N, 2*H, 2*W, 4]>
  mod.return
}

// CHECK-LABEL: mod.func @products
mod.func @products(%q: !mod.tensor<f32[N, 12, L, 32]>, %k: !mod.tensor<f32[N, 12, S, 32]>, %m: !mod.tensor<f32[N, 1, 1, S]>, %key: !mod.rng, %i: !mod.tensor<i64[N, L]>, %t: !mod.tensor<f32[99, 4]>, %j: !mod.tensor<i32[7, 4]>)
    attributes {dims = ["N", "L", "S"]} {
  // CHECK: mod.attention %{{.*}}, %{{.*}}, %{{.*}} mask %{{.*}} scale 1.250000e-01 :
  %0 = mod.attention %q, %k, %k mask %m scale 0.125 : (!mod.tensor<f32[N, 12, L, 32]>, !mod.tensor<f32[N, 12, S, 32]>, !mod.tensor<f32[N, 12, S, 32]>, !mod.tensor<f32[N, 1, 1, S]>) -> !mod.tensor<f32[N, 12, L, 32]>
  // CHECK: mod.attention %{{.*}}, %{{.*}}, %{{.*}} key %{{.*}} scale 1.000000e+00 causal true dropout 1.000000e-01 :
  %1 = mod.attention %q, %k, %k key %key scale 1.0 causal true dropout 0.1 : (!mod.tensor<f32[N, 12, L, 32]>, !mod.tensor<f32[N, 12, S, 32]>, !mod.tensor<f32[N, 12, S, 32]>, !mod.rng) -> !mod.tensor<f32[N, 12, L, 32]>
  // CHECK: mod.take %{{.*}}, %{{.*}} dim 0
  %2 = mod.take %t, %i dim 0 : (!mod.tensor<f32[99, 4]>, !mod.tensor<i64[N, L]>) -> !mod.tensor<f32[N, L, 4]>
  // CHECK: mod.gather %{{.*}}, %{{.*}} dim 0
  %3 = mod.gather %t, %j dim 0 : (!mod.tensor<f32[99, 4]>, !mod.tensor<i32[7, 4]>) -> !mod.tensor<f32[7, 4]>
  mod.return
}

// CHECK-LABEL: mod.func @windows
mod.func @windows(%x: !mod.tensor<f32[N, 3, H, 8]>, %i: !mod.tensor<i64[N]>, %v: !mod.tensor<f32[N, N, H, 8]>, %j: !mod.tensor<i32[N, 5, H, 8]>, %u: !mod.tensor<f32[N, 5, H, 8]>)
    attributes {dims = ["N", "H"]} {
  // CHECK: mod.reduce_window %{{.*}} "max" window [3, 2] stride [2, 2] lo [#mod.dim<1>, #mod.dim<0>] hi [#mod.dim<H + 1>, #mod.dim<0>] dilation [1, 3] :
  %0 = mod.reduce_window %x "max" window [3, 2] stride [2, 2] lo [#mod.dim<1>, #mod.dim<0>] hi [#mod.dim<H + 1>, #mod.dim<0>] dilation [1, 3] : (!mod.tensor<f32[N, 3, H, 8]>) -> !mod.tensor<f32[N, 3, floordiv(2*H - 1, 2) + 1, 3]>
  // CHECK: mod.reduce_window %{{.*}} "sum" window [2] stride [1] lo [#mod.dim<0>] hi [#mod.dim<1>] dilation [1] channels_last : (!mod.tensor<f32[N, 3, H, 8]>) -> !mod.tensor<f32[N, 3, H, 8]>
  %1 = mod.reduce_window %x "sum" window [2] stride [1] lo [#mod.dim<0>] hi [#mod.dim<1>] dilation [1] channels_last : (!mod.tensor<f32[N, 3, H, 8]>) -> !mod.tensor<f32[N, 3, H, 8]>
  // CHECK: mod.index_add %{{.*}}, %{{.*}}, %{{.*}} dim 1 :
  %2 = mod.index_add %x, %i, %v dim 1 : (!mod.tensor<f32[N, 3, H, 8]>, !mod.tensor<i64[N]>, !mod.tensor<f32[N, N, H, 8]>) -> !mod.tensor<f32[N, 3, H, 8]>
  // CHECK: mod.scatter_add %{{.*}}, %{{.*}}, %{{.*}} dim 1 :
  %3 = mod.scatter_add %x, %j, %u dim 1 : (!mod.tensor<f32[N, 3, H, 8]>, !mod.tensor<i32[N, 5, H, 8]>, !mod.tensor<f32[N, 5, H, 8]>) -> !mod.tensor<f32[N, 3, H, 8]>
  // CHECK: %{{.*}}, %{{.*}} = mod.sort %{{.*}} dim 2 descending true : (!mod.tensor<f32[N, 3, H, 8]>) -> (!mod.tensor<f32[N, 3, H, 8]>, !mod.tensor<i64[N, 3, H, 8]>)
  %4, %5 = mod.sort %x dim 2 descending true : (!mod.tensor<f32[N, 3, H, 8]>) -> (!mod.tensor<f32[N, 3, H, 8]>, !mod.tensor<i64[N, 3, H, 8]>)
  // CHECK: mod.matmul %{{.*}} : (!mod.tensor<i64[N, N]>
  %6 = mod.expand %i to [#mod.dim<N>, #mod.dim<N>] : (!mod.tensor<i64[N]>) -> !mod.tensor<i64[N, N]>
  %7 = mod.matmul %6, %6 : (!mod.tensor<i64[N, N]>, !mod.tensor<i64[N, N]>) -> !mod.tensor<i64[N, N]>
  %8 = mod.pow %6, %i : (!mod.tensor<i64[N, N]>, !mod.tensor<i64[N]>) -> !mod.tensor<i64[N, N]>
  mod.return
}

// CHECK-LABEL: mod.func @control
mod.func @control(%x: !mod.tensor<f32[S, 4]>, %c: !mod.tensor<i1[]>, %key: !mod.rng) attributes {dims = ["S"]} {
  // CHECK: %[[Y:.*]] = mod.for "t" to <S> init(%arg0 : !mod.tensor<f32[S, 4]>) {
  %y = mod.for "t" to #mod.dim<S> init(%x : !mod.tensor<f32[S, 4]>) {
  // CHECK-NEXT: ^bb0(%[[A:.*]]: !mod.tensor<f32[S, 4]>):
  ^bb0(%a: !mod.tensor<f32[S, 4]>):
    // CHECK-NEXT: mod.narrow %[[A]] dim 0 from <S - t - 1> length <1>
    %row = mod.narrow %a dim 0 from <S - t - 1> length <1> : (!mod.tensor<f32[S, 4]>) -> !mod.tensor<f32[1, 4]>
    // CHECK-NEXT: mod.update_slice %[[A]], %{{.*}} at [#mod.dim<t>, #mod.dim<0>]
    %b = mod.update_slice %a, %row at [#mod.dim<t>, #mod.dim<0>] : (!mod.tensor<f32[S, 4]>, !mod.tensor<f32[1, 4]>) -> !mod.tensor<f32[S, 4]>
    // CHECK-NEXT: mod.for "u" to <t> {
    mod.for "u" to #mod.dim<t> {
      // CHECK-NEXT: mod.key %arg2, 3 in [#mod.dim<t>, #mod.dim<u>]
      %k = mod.key %key, 3 in [#mod.dim<t>, #mod.dim<u>]
      // CHECK-NEXT: mod.yield
      mod.yield
    }
    // CHECK: mod.yield %{{.*}} : !mod.tensor<f32[S, 4]>
    mod.yield %b : !mod.tensor<f32[S, 4]>
  }
  // CHECK: mod.if %arg1 -> !mod.tensor<f32[S, 4]> {
  // CHECK-NEXT: mod.yield %arg0 : !mod.tensor<f32[S, 4]>
  // CHECK-NEXT: } else {
  // CHECK-NEXT: mod.yield %[[Y]] : !mod.tensor<f32[S, 4]>
  %z = mod.if %c -> !mod.tensor<f32[S, 4]> {
    mod.yield %x : !mod.tensor<f32[S, 4]>
  } else {
    mod.yield %y : !mod.tensor<f32[S, 4]>
  }
  // CHECK: mod.while "r" init(%arg1 : !mod.tensor<i1[]>) {
  // CHECK-NEXT: ^bb0(%[[B:.*]]: !mod.tensor<i1[]>):
  // CHECK-NEXT: mod.yield %[[B]] : !mod.tensor<i1[]>
  // CHECK-NEXT: } do {
  %w = mod.while "r" init(%c : !mod.tensor<i1[]>) {
  ^bb0(%b: !mod.tensor<i1[]>):
    mod.yield %b : !mod.tensor<i1[]>
  } do {
  ^bb0(%b: !mod.tensor<i1[]>):
    %n = mod.logical_not %b : (!mod.tensor<i1[]>) -> !mod.tensor<i1[]>
    mod.yield %n : !mod.tensor<i1[]>
  }
  mod.return
}
