// RUN: mod-opt %s --mod-form-groups=fusion=none --mod-outline-kernels --mod-plan-memory --mod-verify-graph | FileCheck %s

!x = !mod.tensor<f32[N, 8]>
!b = !mod.tensor<i1[N, 8]>
mod.class @C from "C" kind "module" {
  // A dying operand of the same type is written over, a result goes to the caller; bools are bytes, in whole lines.
  // CHECK-LABEL: @chain.eval
  // CHECK-SAME: arena = [#mod.slot<<64*floordiv(N + 1, 2)>{{.*}}>, #mod.slot<<64*floordiv(N + 7, 8)>{{.*}}>]
  // CHECK: mod.launch {{.*}} at [#mod.place<arena 0>]
  // CHECK-NEXT: mod.launch {{.*}} at [#mod.place<arena 0>]
  // CHECK-NEXT: mod.launch {{.*}} at [#mod.place<arena 1>]
  // CHECK-NEXT: mod.launch {{.*}} at [#mod.place<out 0>]
  mod.func @chain.eval(%x: !x {mod.name = "x"}) -> !x attributes {dims = ["N"], mod.role = "eval"} {
    %0 = mod.exp %x : (!x) -> !x
    %1 = mod.sin %0 : (!x) -> !x
    %2 = mod.le %1, %x : (!x, !x) -> !b
    %3 = mod.where %2, %1, %x : (!b, !x, !x) -> !x
    mod.return %3 : !x
  }
  // An operand that lives on keeps its memory, and so does one that is read through a view or by a product.
  // CHECK-LABEL: @kept.eval
  // CHECK: mod.launch {{.*}} at [#mod.place<arena 0>]
  // CHECK-NEXT: mod.launch {{.*}} at [#mod.place<arena 1>]
  // CHECK-NEXT: mod.launch {{.*}} at [#mod.place<arena 2>]
  // CHECK-NEXT: mod.launch {{.*}} at [#mod.place<out 0>]
  mod.func @kept.eval(%x: !mod.tensor<f32[8, 8]> {mod.name = "x"}) -> !mod.tensor<f32[8, 8]> attributes {mod.role = "eval"} {
    %0 = mod.exp %x : (!mod.tensor<f32[8, 8]>) -> !mod.tensor<f32[8, 8]>
    %1 = mod.matmul %0, %0 : (!mod.tensor<f32[8, 8]>, !mod.tensor<f32[8, 8]>) -> !mod.tensor<f32[8, 8]>
    %t = mod.permute %1 by [1, 0] : (!mod.tensor<f32[8, 8]>) -> !mod.tensor<f32[8, 8]>
    %2 = mod.sin %t : (!mod.tensor<f32[8, 8]>) -> !mod.tensor<f32[8, 8]>
    %3 = mod.matmul %2, %x : (!mod.tensor<f32[8, 8]>, !mod.tensor<f32[8, 8]>) -> !mod.tensor<f32[8, 8]>
    mod.return %3 : !mod.tensor<f32[8, 8]>
  }
  // New state is kept aside while the old is read, and copied last.
  // CHECK-LABEL: @state.eval
  // CHECK: %[[NEW:.*]] = mod.launch {{.*}}(%arg1, %arg0){{.*}} at [#mod.place<arena
  // CHECK-NEXT: mod.launch {{.*}}(%arg1){{.*}} at [#mod.place<out 0>]
  // CHECK-NEXT: mod.launch {{.*}}(%[[NEW]]){{.*}} at [#mod.place<out 1>]
  mod.func @state.eval(%x: !mod.tensor<f32[8]> {mod.name = "x"}, %m: !mod.tensor<f32[8]> {mod.state = "m"})
      -> (!mod.tensor<f32[8]> {mod.name = "y"}, !mod.tensor<f32[8]> {mod.write = "m"}) attributes {mod.role = "eval"} {
    %new = mod.add %m, %x : (!mod.tensor<f32[8]>, !mod.tensor<f32[8]>) -> !mod.tensor<f32[8]>
    %y = mod.exp %m : (!mod.tensor<f32[8]>) -> !mod.tensor<f32[8]>
    mod.return %y, %new : !mod.tensor<f32[8]>, !mod.tensor<f32[8]>
  }
}
