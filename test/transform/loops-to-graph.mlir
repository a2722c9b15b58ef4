// RUN: mod-opt %s --mod-form-groups --mod-outline-kernels --mod-plan-memory --mod-verify-graph | FileCheck %s

!h = !mod.tensor<f32[N, 8]>
!y = !mod.tensor<f32[S, N, 8]>
!g = !mod.tensor<f32[N, 16]>
mod.class @C from "C" kind "module" {
  // A recurrence: the product reads h before it is made anew, so h is made where it was; c is written over elementwise; y
  // is the caller's from the beginning, and every round writes its slice alone. What is taken from x at t is one kernel for
  // all rounds, with t as one of its sizes.
  // CHECK-LABEL: @recur.eval
  // CHECK: %[[H0:.*]] = mod.launch {{.*}} at [#mod.place<out 0>]
  // CHECK: %[[Y0:.*]] = mod.launch {{.*}} at [#mod.place<out 1>]
  // CHECK: mod.for "t" to <S> init(%[[H0]], %{{.*}}, %[[Y0]]
  // CHECK: %[[G:.*]] = mod.launch @matmul
  // CHECK: %{{.*}}:2 = mod.launch @map{{.*}}, %[[G]], {{.*}} sizes [#mod.dim<N>, #mod.dim<S>, #mod.dim<t>] at [#mod.place<arena 0>, #mod.place<out 0>]
  // CHECK: mod.launch @slice{{.*}} at [#mod.place<out 1>]
  // CHECK: mod.yield
  // CHECK: mod.places = [#mod.place<out 0>, #mod.place<arena 0>, #mod.place<out 1>]
  // CHECK-NOT: mod.spares
  mod.func @recur.eval(%x: !y {mod.name = "x"}, %w: !mod.tensor<f32[16, 8]> {mod.weight = "w"}) -> (!h, !y) attributes {dims = ["S", "N"], mod.role = "eval"} {
    %z = mod.full 0.0 as f32 [#mod.dim<N>, #mod.dim<8>] : !h
    %y0 = mod.full 0.0 as f32 [#mod.dim<S>, #mod.dim<N>, #mod.dim<8>] : !y
    %h, %c, %y = mod.for "t" to <S> init(%z, %z, %y0 : !h, !h, !y) {
    ^bb0(%ht: !h, %ct: !h, %yt: !y):
      %g = mod.matmul %ht, %w trans_b true : (!h, !mod.tensor<f32[16, 8]>) -> !g
      %i = mod.narrow %g dim 1 from <0> length <8> : (!g) -> !h
      %o = mod.narrow %g dim 1 from <8> length <8> : (!g) -> !h
      %xt = mod.narrow %x dim 0 from <t> length <1> : (!y) -> !mod.tensor<f32[1, N, 8]>
      %xr = mod.reshape %xt to [#mod.dim<N>, #mod.dim<8>] : (!mod.tensor<f32[1, N, 8]>) -> !h
      %c1 = mod.add %ct, %i : (!h, !h) -> !h
      %c2 = mod.add %c1, %xr : (!h, !h) -> !h
      %t = mod.tanh %c2 : (!h) -> !h
      %h2 = mod.mul %t, %o : (!h, !h) -> !h
      %row = mod.reshape %h2 to [#mod.dim<1>, #mod.dim<N>, #mod.dim<8>] : (!h) -> !mod.tensor<f32[1, N, 8]>
      %y2 = mod.update_slice %yt, %row at [#mod.dim<t>, #mod.dim<0>, #mod.dim<0>] : (!y, !mod.tensor<f32[1, N, 8]>) -> !y
      mod.yield %h2, %c2, %y2 : !h, !h, !y
    }
    mod.return %h, %y : !h, !y
  }

  // Fibonacci: a and b change places through copies; one of them needs a second buffer.
  // CHECK-LABEL: @swap.eval
  // CHECK: mod.for
  // CHECK: mod.spares = array<i64:
  mod.func @swap.eval(%x: !h {mod.name = "x"}) -> !h attributes {dims = ["N"], mod.role = "eval"} {
    %one = mod.full 1.0 as f32 [#mod.dim<N>, #mod.dim<8>] : !h
    %a, %b = mod.for "i" to <5> init(%x, %one : !h, !h) {
    ^bb0(%a0: !h, %b0: !h):
      %s = mod.add %a0, %b0 : (!h, !h) -> !h
      mod.yield %b0, %s : !h, !h
    }
    %d = mod.sub %a, %b : (!h, !h) -> !h
    mod.return %d : !h
  }

  // A condition is read by the host; the sides write into one place, and what a side takes from outside is copied there.
  // CHECK-LABEL: @branch.eval
  // CHECK: %[[C:.*]] = mod.launch {{.*}} at [#mod.place<arena
  // CHECK: mod.if %[[C]]
  // CHECK: mod.launch {{.*}} at [#mod.place<out 0>]
  // CHECK: } else {
  // CHECK-NEXT: mod.yield %{{.*}} : !mod.tensor<f32[N, 8]>
  // CHECK: mod.places = [#mod.place<out 0>]
  mod.func @branch.eval(%x: !h {mod.name = "x"}) -> !h attributes {dims = ["N"], mod.role = "eval"} {
    %s = mod.sum %x over [0, 1] : (!h) -> !mod.tensor<f32[]>
    %z = mod.full 0.0 as f32 [] : !mod.tensor<f32[]>
    %c = mod.lt %z, %s : (!mod.tensor<f32[]>, !mod.tensor<f32[]>) -> !mod.tensor<i1[]>
    %r = mod.if %c -> !h {
      %e = mod.exp %x : (!h) -> !h
      mod.yield %e : !h
    } else {
      mod.yield %x : !h
    }
    mod.return %r : !h
  }

  // Loops in loops: the tensor that the inner one writes stays in the caller's memory all the way; where a branch leaves
  // it as it is, nothing is copied.
  // CHECK-LABEL: @nested.eval
  // CHECK: mod.for "i"
  // CHECK: mod.for "j"
  // CHECK: mod.if
  // CHECK: mod.launch @slice{{.*}} at [#mod.place<out 0>]
  // CHECK: mod.places = [#mod.place<out 0>]
  // CHECK: mod.places = [#mod.place<out 0>]
  // CHECK: mod.places = [#mod.place<out 0>]
  // CHECK-NOT: mod.spares
  mod.func @nested.eval(%x: !mod.tensor<f32[S]> {mod.name = "x"}) -> !mod.tensor<f32[S, S]> attributes {dims = ["S"], mod.role = "eval"} {
    %y0 = mod.full 0.0 as f32 [#mod.dim<S>, #mod.dim<S>] : !mod.tensor<f32[S, S]>
    %z = mod.full 0.0 as f32 [] : !mod.tensor<f32[]>
    %y = mod.for "i" to <S> init(%y0 : !mod.tensor<f32[S, S]>) {
    ^bb0(%yi: !mod.tensor<f32[S, S]>):
      %yj = mod.for "j" to <i> init(%yi : !mod.tensor<f32[S, S]>) {
      ^bb0(%y1: !mod.tensor<f32[S, S]>):
        %a = mod.narrow %x dim 0 from <i> length <1> : (!mod.tensor<f32[S]>) -> !mod.tensor<f32[1]>
        %b = mod.narrow %x dim 0 from <j> length <1> : (!mod.tensor<f32[S]>) -> !mod.tensor<f32[1]>
        %p = mod.mul %a, %b : (!mod.tensor<f32[1]>, !mod.tensor<f32[1]>) -> !mod.tensor<f32[1]>
        %p0 = mod.reshape %p to [] : (!mod.tensor<f32[1]>) -> !mod.tensor<f32[]>
        %c = mod.lt %z, %p0 : (!mod.tensor<f32[]>, !mod.tensor<f32[]>) -> !mod.tensor<i1[]>
        %r = mod.if %c -> !mod.tensor<f32[S, S]> {
          %v = mod.reshape %p to [#mod.dim<1>, #mod.dim<1>] : (!mod.tensor<f32[1]>) -> !mod.tensor<f32[1, 1]>
          %y2 = mod.update_slice %y1, %v at [#mod.dim<i>, #mod.dim<j>] : (!mod.tensor<f32[S, S]>, !mod.tensor<f32[1, 1]>) -> !mod.tensor<f32[S, S]>
          mod.yield %y2 : !mod.tensor<f32[S, S]>
        } else {
          mod.yield %y1 : !mod.tensor<f32[S, S]>
        }
        mod.yield %r : !mod.tensor<f32[S, S]>
      }
      mod.yield %yj : !mod.tensor<f32[S, S]>
    }
    mod.return %y : !mod.tensor<f32[S, S]>
  }

  // A tensor that is read after a slice of it was replaced elsewhere keeps its memory.
  // CHECK-LABEL: @kept.eval
  // CHECK: mod.launch @slice{{.*}} at [#mod.place<arena [[U:.*]]>]
  // CHECK: mod.launch {{.*}} at [#mod.place<out 0>]
  mod.func @kept.eval(%x: !mod.tensor<f32[4]> {mod.name = "x"}) -> !mod.tensor<f32[4]> attributes {mod.role = "eval"} {
    %e = mod.exp %x : (!mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
    %v = mod.full 1.0 as f32 [#mod.dim<1>] : !mod.tensor<f32[1]>
    %u = mod.update_slice %e, %v at [#mod.dim<2>] : (!mod.tensor<f32[4]>, !mod.tensor<f32[1]>) -> !mod.tensor<f32[4]>
    %r = mod.mul %e, %u : (!mod.tensor<f32[4]>, !mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
    mod.return %r : !mod.tensor<f32[4]>
  }

  // State that is updated in slices stays where it is; read before the update, it is kept aside as any other.
  // CHECK-LABEL: @cache.eval
  // CHECK: %[[NEW:.*]] = mod.launch @slice{{.*}}(%arg1, {{.*}} at [#mod.place<out 1>]
  // CHECK: mod.launch {{.*}}(%[[NEW]]){{.*}} at [#mod.place<out 0>]
  // CHECK-NEXT: mod.return
  mod.func @cache.eval(%k: !mod.tensor<f32[1, 8]> {mod.name = "k"}, %cache: !mod.tensor<f32[16, 8]> {mod.state = "cache"})
      -> (!mod.tensor<f32[8]> {mod.name = "y"}, !mod.tensor<f32[16, 8]> {mod.write = "cache"}) attributes {mod.role = "eval"} {
    %new = mod.update_slice %cache, %k at [#mod.dim<3>, #mod.dim<0>] : (!mod.tensor<f32[16, 8]>, !mod.tensor<f32[1, 8]>) -> !mod.tensor<f32[16, 8]>
    %y = mod.sum %new over [0] : (!mod.tensor<f32[16, 8]>) -> !mod.tensor<f32[8]>
    mod.return %y, %new : !mod.tensor<f32[8]>, !mod.tensor<f32[16, 8]>
  }
}
