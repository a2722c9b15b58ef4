// RUN: mod-opt %s --mod-join-matmuls --canonicalize | FileCheck %s

!x = !mod.tensor<f32[N, 4, 16]>
!w = !mod.tensor<f32[16, 16]>
!b = !mod.tensor<f32[16]>
mod.class @C from "C" kind "module" {
  // CHECK-LABEL: @forward.eval
  // CHECK: %[[W:.*]] = mod.cat %arg1, %arg3, %arg5 dim 0
  // CHECK: %[[P:.*]] = mod.matmul %arg0, %[[W]] trans_b true {{.*}} -> !mod.tensor<f32[N, 4, 48]>
  // CHECK: %[[B:.*]] = mod.cat %arg2, %arg4, %arg6 dim 0
  // CHECK: %[[Y:.*]] = mod.add %[[P]], %[[B]]
  // CHECK-DAG: %[[Q:.*]] = mod.narrow %[[Y]] dim 2 from <0> length <16>
  // CHECK-DAG: %[[K:.*]] = mod.narrow %[[Y]] dim 2 from <16> length <16>
  // CHECK-DAG: %[[V:.*]] = mod.narrow %[[Y]] dim 2 from <32> length <16>
  // CHECK: mod.attention %[[Q]], %[[K]], %[[V]]
  mod.func @forward.eval(%x: !x {mod.name = "x"}, %wq: !w {mod.weight = "q.w"}, %bq: !b {mod.weight = "q.b"}, %wk: !w {mod.weight = "k.w"},
      %bk: !b {mod.weight = "k.b"}, %wv: !w {mod.weight = "v.w"}, %bv: !b {mod.weight = "v.b"}) -> !x attributes {dims = ["N"], mod.role = "eval"} {
    %0 = mod.matmul %x, %wq trans_b true : (!x, !w) -> !x
    %q = mod.add %0, %bq : (!x, !b) -> !x
    %1 = mod.matmul %x, %wk trans_b true : (!x, !w) -> !x
    %k = mod.add %bk, %1 : (!b, !x) -> !x
    %2 = mod.matmul %x, %wv trans_b true : (!x, !w) -> !x
    %v = mod.add %2, %bv : (!x, !b) -> !x
    %y = mod.attention %q, %k, %v scale 1.0 : (!x, !x, !x) -> !x
    mod.return %y : !x
  }
  // Arithmetic would rather ride on the products it follows.
  // CHECK-LABEL: @gated.eval
  // CHECK-NOT: mod.cat
  mod.func @gated.eval(%x: !x {mod.name = "x"}, %wq: !w {mod.weight = "q.w"}, %wk: !w {mod.weight = "k.w"}) -> !x attributes {dims = ["N"], mod.role = "eval"} {
    %0 = mod.matmul %x, %wq trans_b true : (!x, !w) -> !x
    %1 = mod.matmul %x, %wk trans_b true : (!x, !w) -> !x
    %y = mod.mul %0, %1 : (!x, !x) -> !x
    mod.return %y : !x
  }
}
