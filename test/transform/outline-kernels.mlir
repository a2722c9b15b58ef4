// RUN: mod-opt %s --mod-form-groups --mod-outline-kernels | FileCheck %s

// One kernel for three functions: whole dimensions get names, whatever they stand for. Constants stay.
// CHECK: mod.kernel @[[$K:map.[0-9a-f]+]] kind "map" dims ["d0", "d1"] hash "{{[0-9a-f]+}}" {
// CHECK-NEXT: ^bb0(%[[X:.*]]: !mod.tensor<f32[d0, d1, 4]>):
// CHECK-NEXT: %[[C:.*]] = mod.full 2.0
// CHECK-NEXT: mod.mul %[[X]], %[[C]] : (!mod.tensor<f32[d0, d1, 4]>, !mod.tensor<f32[]>)
// CHECK: mod.kernel @[[$V:map.[0-9a-f]+]] kind "map" dims ["d0", "d1", "d2"]
// CHECK-NEXT: ^bb0(%{{.*}}: !mod.tensor<f32[d0, d1]>, %{{.*}}: !mod.tensor<f32[d1, d2]>)
// CHECK-NOT: mod.kernel
mod.class @C from "C" kind "module" {
  // CHECK-LABEL: @a.eval
  // CHECK: mod.launch @[[$K]](%{{.*}}) sizes [#mod.dim<N>, #mod.dim<S>]
  mod.func @a.eval(%x: !mod.tensor<f32[N, S, 4]> {mod.name = "x"}) -> !mod.tensor<f32[N, S, 4]> attributes {dims = ["N", "S"], mod.role = "eval"} {
    %c = mod.full 2.0 as f32 [] : !mod.tensor<f32[]>
    %y = mod.mul %x, %c : (!mod.tensor<f32[N, S, 4]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[N, S, 4]>
    mod.return %y : !mod.tensor<f32[N, S, 4]>
  }
  // CHECK-LABEL: @b.eval
  // CHECK: mod.launch @[[$K]](%{{.*}}) sizes [#mod.dim<2*B>, #mod.dim<A*B>]
  mod.func @b.eval(%x: !mod.tensor<f32[2*B, A*B, 4]> {mod.name = "x"}) -> !mod.tensor<f32[2*B, A*B, 4]> attributes {dims = ["A", "B"], mod.role = "eval"} {
    %c = mod.full 2.0 as f32 [] : !mod.tensor<f32[]>
    %y = mod.mul %x, %c : (!mod.tensor<f32[2*B, A*B, 4]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[2*B, A*B, 4]>
    mod.return %y : !mod.tensor<f32[2*B, A*B, 4]>
  }
  // Where the body must know that N*S is the product of N and S, the names inside are the kernel's.
  // CHECK-LABEL: @c.eval
  // CHECK: mod.launch @[[$V]](%{{.*}}, %{{.*}}) sizes [#mod.dim<M>, #mod.dim<N>, #mod.dim<S>]
  mod.func @c.eval(%x: !mod.tensor<f32[N, S]> {mod.name = "x"}, %z: !mod.tensor<f32[M, N]> {mod.name = "z"}) -> !mod.tensor<f32[M, N*S]>
      attributes {dims = ["N", "S", "M"], mod.role = "eval"} {
    %0 = mod.reshape %x to [#mod.dim<N*S>] : (!mod.tensor<f32[N, S]>) -> !mod.tensor<f32[N*S]>
    %1 = mod.reshape %z to [#mod.dim<M>, #mod.dim<N>, #mod.dim<1>] : (!mod.tensor<f32[M, N]>) -> !mod.tensor<f32[M, N, 1]>
    %2 = mod.expand %1 to [#mod.dim<M>, #mod.dim<N>, #mod.dim<S>] : (!mod.tensor<f32[M, N, 1]>) -> !mod.tensor<f32[M, N, S]>
    %3 = mod.reshape %2 to [#mod.dim<M>, #mod.dim<N*S>] : (!mod.tensor<f32[M, N, S]>) -> !mod.tensor<f32[M, N*S]>
    %y = mod.add %3, %0 : (!mod.tensor<f32[M, N*S]>, !mod.tensor<f32[N*S]>) -> !mod.tensor<f32[M, N*S]>
    mod.return %y : !mod.tensor<f32[M, N*S]>
  }
}
