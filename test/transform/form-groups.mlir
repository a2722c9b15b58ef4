// RUN: mod-opt %s --mod-form-groups --mod-outline-kernels --mod-plan-memory --mod-emit-groups -o /dev/null | FileCheck %s
// RUN: mod-opt %s --mod-form-groups=fusion=none --mod-outline-kernels --mod-plan-memory --mod-emit-groups -o /dev/null | FileCheck %s --check-prefix=NONE

!x = !mod.tensor<f32[N, S, 8]>
!h = !mod.tensor<f32[N, S, 16]>
!r = !mod.tensor<f32[N, S, 1]>
!c = !mod.tensor<f32[]>
!w = !mod.tensor<f32[16, 8], <[0, 1], panel = [0]>>
mod.class @C from "C" kind "module" {
  // A product takes the arithmetic that follows, a residual too; the sum over rows is another kernel with all that lies
  // round it, and a value that both the norm and the result want is written once.
  // CHECK-LABEL: C.block.eval: 2 launches
  // CHECK-NEXT: matmul_8x16.{{.*}} -> 1 out
  // CHECK-NEXT: rows_16.{{.*}} -> 1 out
  // NONE-LABEL: C.block.eval: 6 launches
  mod.func @block.eval(%x: !x {mod.name = "x"}, %w: !w {mod.prepared = @p, mod.sources = ["w"]}, %b: !mod.tensor<f32[16]> {mod.weight = "b"},
      %res: !h {mod.name = "res"}) -> (!h, !h) attributes {dims = ["N", "S"], mod.role = "eval"} {
    %0 = mod.matmul %x, %w trans_b true : (!x, !w) -> !h
    %1 = mod.add %0, %b : (!h, !mod.tensor<f32[16]>) -> !h
    %2 = mod.add %1, %res : (!h, !h) -> !h
    %3 = mod.mul %2, %2 : (!h, !h) -> !h
    %4 = mod.sum %3 over [2] keepdim true : (!h) -> !r
    %5 = mod.div %2, %4 : (!h, !r) -> !h
    mod.return %5, %2 : !h, !h
  }
  // A gate rides on one of its two products.
  // CHECK-LABEL: C.gated.eval: 2 launches
  // CHECK-NEXT: matmul_8x16
  // CHECK-NEXT: matmul_8x16
  mod.func @gated.eval(%x: !x {mod.name = "x"}, %w: !w {mod.prepared = @p, mod.sources = ["w"]}, %v: !w {mod.prepared = @p, mod.sources = ["v"]}) -> !h
      attributes {dims = ["N", "S"], mod.role = "eval"} {
    %0 = mod.matmul %x, %w trans_b true : (!x, !w) -> !h
    %1 = mod.sigmoid %0 : (!h) -> !h
    %2 = mod.matmul %x, %v trans_b true : (!x, !w) -> !h
    %3 = mod.mul %1, %2 : (!h, !h) -> !h
    mod.return %3 : !h
  }
  // A path that leaves a group and comes back would be a cycle: the sum waits for the reduction of its own operand.
  // CHECK-LABEL: C.cycle.eval: 3 launches
  // CHECK-NEXT: matmul_8x16.{{.*}} -> 1 out
  // CHECK-NEXT: columns.{{.*}} -> 1 out
  // CHECK-NEXT: map.{{.*}} -> 1 out
  mod.func @cycle.eval(%x: !x {mod.name = "x"}, %w: !w {mod.prepared = @p, mod.sources = ["w"]}) -> !h attributes {dims = ["N", "S"], mod.role = "eval"} {
    %0 = mod.matmul %x, %w trans_b true : (!x, !w) -> !h
    %1 = mod.exp %0 : (!h) -> !h
    %2 = mod.sum %1 over [1] keepdim true : (!h) -> !mod.tensor<f32[N, 1, 16]>
    %3 = mod.div %1, %2 : (!h, !mod.tensor<f32[N, 1, 16]>) -> !h
    mod.return %3 : !h
  }
  // Attention reads and writes through the views around it.
  // CHECK-LABEL: C.heads.eval: 1 launches
  // CHECK-NEXT: attention_4
  mod.func @heads.eval(%x: !x {mod.name = "x"}) -> !x attributes {dims = ["N", "S"], mod.role = "eval"} {
    %0 = mod.reshape %x to [#mod.dim<N>, #mod.dim<S>, #mod.dim<2>, #mod.dim<4>] : (!x) -> !mod.tensor<f32[N, S, 2, 4]>
    %1 = mod.permute %0 by [0, 2, 1, 3] : (!mod.tensor<f32[N, S, 2, 4]>) -> !mod.tensor<f32[N, 2, S, 4]>
    %2 = mod.attention %1, %1, %1 scale 0.5 : (!mod.tensor<f32[N, 2, S, 4]>, !mod.tensor<f32[N, 2, S, 4]>, !mod.tensor<f32[N, 2, S, 4]>) -> !mod.tensor<f32[N, 2, S, 4]>
    %3 = mod.permute %2 by [0, 2, 1, 3] : (!mod.tensor<f32[N, 2, S, 4]>) -> !mod.tensor<f32[N, S, 2, 4]>
    %4 = mod.reshape %3 to [#mod.dim<N>, #mod.dim<S>, #mod.dim<8>] : (!mod.tensor<f32[N, S, 2, 4]>) -> !x
    mod.return %4 : !x
  }
  // Cheap work on an argument is computed by each reader; columns keep the work on their result; cat stands alone.
  // CHECK-LABEL: C.pool.eval: 4 launches
  // CHECK-NEXT: rows_1.
  // CHECK-NEXT: columns.
  // CHECK-NEXT: map.
  // CHECK-NEXT: map.
  mod.func @pool.eval(%m: !mod.tensor<i64[N, S, 1]> {mod.name = "mask"}, %t: !x {mod.name = "t"})
      -> !mod.tensor<f32[N, 8]> attributes {dims = ["N", "S"], mod.role = "eval"} {
    %w = mod.to %m as f32 : (!mod.tensor<i64[N, S, 1]>) -> !r
    %0 = mod.mul %t, %w : (!x, !r) -> !x
    %1 = mod.sum %0 over [1] : (!x) -> !mod.tensor<f32[N, 8]>
    %2 = mod.sum %w over [1] : (!r) -> !mod.tensor<f32[N, 1]>
    %3 = mod.exp %1 : (!mod.tensor<f32[N, 8]>) -> !mod.tensor<f32[N, 8]>
    %4 = mod.cat %3, %3 dim 1 : (!mod.tensor<f32[N, 8]>, !mod.tensor<f32[N, 8]>) -> !mod.tensor<f32[N, 16]>
    %5 = mod.narrow %4 dim 1 from <4> length <8> : (!mod.tensor<f32[N, 16]>) -> !mod.tensor<f32[N, 8]>
    %6 = mod.div %5, %2 : (!mod.tensor<f32[N, 8]>, !mod.tensor<f32[N, 1]>) -> !mod.tensor<f32[N, 8]>
    mod.return %6 : !mod.tensor<f32[N, 8]>
  }
  // Results: an argument, a view and a value returned twice are copies.
  // CHECK-LABEL: C.results.eval: 4 launches
  mod.func @results.eval(%x: !x {mod.name = "x"}) -> (!x, !mod.tensor<f32[8, S, N]>, !x, !x) attributes {dims = ["N", "S"], mod.role = "eval"} {
    %t = mod.permute %x by [2, 1, 0] : (!x) -> !mod.tensor<f32[8, S, N]>
    %y = mod.exp %x : (!x) -> !x
    mod.return %x, %t, %y, %y : !x, !mod.tensor<f32[8, S, N]>, !x, !x
  }
}
