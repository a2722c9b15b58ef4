// RUN: mod-opt %s --mod-simplify --mod-raise --canonicalize --split-input-file | FileCheck %s

// The forms are one: scale by product or quotient, mask added or selected, maximum detached or not.
// CHECK-LABEL: @masked
// CHECK: %[[Y:.*]] = mod.attention %arg0, %arg1, %arg2 mask %arg3 scale 1.250000e-01
// An all but hidden row is NaN as in the formula, since the mask may hold -inf.
// CHECK: %[[M:.*]] = mod.amax %arg3 over [2] keepdim true
// CHECK: %[[E:.*]] = mod.eq %[[M]],
// CHECK: %[[W:.*]] = mod.where %[[E]], %{{.*}}, %[[Y]]
// CHECK-NEXT: mod.return %[[W]]
!q = !mod.tensor<f32[B, L, 64]>
!k = !mod.tensor<f32[B, S, 64]>
!s = !mod.tensor<f32[B, L, S]>
!r = !mod.tensor<f32[B, L, 1]>
!c = !mod.tensor<f32[]>
mod.class @C from "C" kind "module" {
  mod.func @masked(%q: !q, %k: !k, %v: !k, %m: !mod.tensor<f32[B, 1, S]>) -> !q attributes {dims = ["B", "L", "S"]} {
    %eight = mod.full 8.0 as f32 [] : !c
    %0 = mod.matmul %q, %k trans_b true : (!q, !k) -> !s
    %1 = mod.div %0, %eight : (!s, !c) -> !s
    %2 = mod.add %1, %m : (!s, !mod.tensor<f32[B, 1, S]>) -> !s
    %3 = mod.amax %2 over [2] keepdim true : (!s) -> !r
    %4 = mod.detach %3 : (!r) -> !r
    %5 = mod.sub %2, %4 : (!s, !r) -> !s
    %6 = mod.exp %5 : (!s) -> !s
    %7 = mod.sum %6 over [2] keepdim true : (!s) -> !r
    %8 = mod.div %6, %7 : (!s, !r) -> !s
    %9 = mod.matmul %8, %v : (!s, !k) -> !q
    mod.return %9 : !q
  }
}

// -----

// CHECK-LABEL: @plain
// CHECK: mod.attention %arg0, %{{.*}}, %arg2 scale 1.0
!q = !mod.tensor<f32[B, L, 64]>
!k = !mod.tensor<f32[B, S, 64]>
!s = !mod.tensor<f32[B, L, S]>
!r = !mod.tensor<f32[B, L, 1]>
mod.class @C from "C" kind "module" {
  mod.func @plain(%q: !q, %k: !mod.tensor<f32[B, 64, S]>, %v: !k) -> !q attributes {dims = ["B", "L", "S"]} {
    %0 = mod.matmul %q, %k : (!q, !mod.tensor<f32[B, 64, S]>) -> !s
    %3 = mod.amax %0 over [2] keepdim true : (!s) -> !r
    %5 = mod.sub %0, %3 : (!s, !r) -> !s
    %6 = mod.exp %5 : (!s) -> !s
    %7 = mod.sum %6 over [2] keepdim true : (!s) -> !r
    %8 = mod.div %6, %7 : (!s, !r) -> !s
    %9 = mod.matmul %8, %v : (!s, !k) -> !q
    mod.return %9 : !q
  }
}

// -----

// CHECK-LABEL: @hidden
// CHECK: %[[M:.*]] = mod.where %arg3,
// CHECK: mod.attention %arg0, %arg1, %arg2 mask %[[M]] scale 5.0
!q = !mod.tensor<f32[B, L, 64]>
!k = !mod.tensor<f32[B, S, 64]>
!s = !mod.tensor<f32[B, L, S]>
!r = !mod.tensor<f32[B, L, 1]>
!c = !mod.tensor<f32[]>
mod.class @C from "C" kind "module" {
  mod.func @hidden(%q: !q, %k: !k, %v: !k, %m: !mod.tensor<i1[L, S]>) -> !q attributes {dims = ["B", "L", "S"]} {
    %five = mod.full 5.0 as f32 [] : !c
    %low = mod.full 0xFFF0000000000000 : f64 as f32 [] : !c
    %0 = mod.matmul %q, %k trans_b true : (!q, !k) -> !s
    %1 = mod.mul %five, %0 : (!c, !s) -> !s
    %2 = mod.where %m, %1, %low : (!mod.tensor<i1[L, S]>, !s, !c) -> !s
    %3 = mod.amax %2 over [2] keepdim true : (!s) -> !r
    %5 = mod.sub %2, %3 : (!s, !r) -> !s
    %6 = mod.exp %5 : (!s) -> !s
    %7 = mod.sum %6 over [2] keepdim true : (!s) -> !r
    %8 = mod.div %6, %7 : (!s, !r) -> !s
    %9 = mod.matmul %8, %v : (!s, !k) -> !q
    mod.return %9 : !q
  }
}

// -----

// Probabilities that are read elsewhere must exist.
// CHECK-LABEL: @kept
// CHECK-NOT: mod.attention
!q = !mod.tensor<f32[B, L, 64]>
!k = !mod.tensor<f32[B, S, 64]>
!s = !mod.tensor<f32[B, L, S]>
!r = !mod.tensor<f32[B, L, 1]>
mod.class @C from "C" kind "module" {
  mod.func @kept(%q: !q, %k: !k, %v: !k) -> (!q, !s) attributes {dims = ["B", "L", "S"]} {
    %0 = mod.matmul %q, %k trans_b true : (!q, !k) -> !s
    %3 = mod.amax %0 over [2] keepdim true : (!s) -> !r
    %5 = mod.sub %0, %3 : (!s, !r) -> !s
    %6 = mod.exp %5 : (!s) -> !s
    %7 = mod.sum %6 over [2] keepdim true : (!s) -> !r
    %8 = mod.div %6, %7 : (!s, !r) -> !s
    %9 = mod.matmul %8, %v : (!s, !k) -> !q
    mod.return %9, %8 : !q, !s
  }
}

// -----

// Consecutive rows are a slice, guarded at entry.
// CHECK-LABEL: @rows
// CHECK-SAME: guards = [#mod.guard<le, <S>, <512>, "index out of range: S rows of 512">]
// CHECK-NEXT: mod.narrow %arg1 dim 0 from <0> length <S>
mod.class @C from "C" kind "module" {
  mod.func @rows(%x: !mod.tensor<f32[S]>, %w: !mod.tensor<f32[512, 8]>) -> !mod.tensor<f32[S, 8]> attributes {dims = ["S"]} {
    %i = mod.iota <S> as i64 : !mod.tensor<i64[S]>
    %y = mod.take %w, %i dim 0 : (!mod.tensor<f32[512, 8]>, !mod.tensor<i64[S]>) -> !mod.tensor<f32[S, 8]>
    mod.return %y : !mod.tensor<f32[S, 8]>
  }
}

// -----

// A mask of finite numbers hides no row: nothing but the attention is left.
// CHECK-LABEL: @finite
// CHECK: %[[Y:.*]] = mod.attention %arg0, %arg1, %arg2 mask
// CHECK-NEXT: mod.return %[[Y]]
!q = !mod.tensor<f32[B, L, 64]>
!k = !mod.tensor<f32[B, S, 64]>
!s = !mod.tensor<f32[B, L, S]>
!r = !mod.tensor<f32[B, L, 1]>
!c = !mod.tensor<f32[]>
mod.class @C from "C" kind "module" {
  mod.func @finite(%q: !q, %k: !k, %v: !k, %m: !mod.tensor<i64[B, 1, S]>) -> !q attributes {dims = ["B", "L", "S"]} {
    %one = mod.full 1.0 as f32 [] : !c
    %low = mod.full -3.4028234663852886E+38 as f32 [] : !c
    %f = mod.to %m as f32 : (!mod.tensor<i64[B, 1, S]>) -> !mod.tensor<f32[B, 1, S]>
    %i = mod.sub %one, %f : (!c, !mod.tensor<f32[B, 1, S]>) -> !mod.tensor<f32[B, 1, S]>
    %b = mod.mul %i, %low : (!mod.tensor<f32[B, 1, S]>, !c) -> !mod.tensor<f32[B, 1, S]>
    %0 = mod.matmul %q, %k trans_b true : (!q, !k) -> !s
    %2 = mod.add %0, %b : (!s, !mod.tensor<f32[B, 1, S]>) -> !s
    %3 = mod.amax %2 over [2] keepdim true : (!s) -> !r
    %5 = mod.sub %2, %3 : (!s, !r) -> !s
    %6 = mod.exp %5 : (!s) -> !s
    %7 = mod.sum %6 over [2] keepdim true : (!s) -> !r
    %8 = mod.div %6, %7 : (!s, !r) -> !s
    %9 = mod.matmul %8, %v : (!s, !k) -> !q
    mod.return %9 : !q
  }
}
