// RUN: mod-opt %s --mod-make-roles | FileCheck %s
// RUN: mod-opt %s --mod-make-roles=roles=eval,train | FileCheck %s --check-prefix=BOTH
// RUN: not mod-opt %s --mod-make-roles=roles=train 2>&1 | FileCheck %s --check-prefix=ALONE
// ALONE: role 'eval' is always compiled

// CHECK-NOT: @Unreached
mod.class @Unreached from "Unreached" kind "module" {
  mod.func @forward() {
    mod.return
  }
}
// Where a method has a text for training, role eval takes the plain one. A leaf has no composed form.
// CHECK-LABEL: mod.class @Leaf
// CHECK: mod.func @forward.eval({{.*}}mod.method = "forward", mod.role = "eval"
// CHECK-NEXT: mod.return %arg0
// CHECK-NOT: composed
// CHECK-NOT: forward.train.eval
// CHECK: mod.func @init.w() {{.*}}mod.method = "init.w", mod.role = "init"
// In both roles: the training text for train; a caller of it, which has one text, is opened twice and cut once.
// BOTH-LABEL: mod.class @Leaf{{.*}}mod.mode_sensitive
// BOTH: mod.func @forward.eval({{.*}}dims = ["N"], mod.method = "forward", mod.role = "eval"
// BOTH-NEXT: mod.return
// BOTH: mod.func @forward.train({{.*}}mod.role = "train"
// BOTH-NEXT: mod.neg
// BOTH-LABEL: mod.class @Top
// BOTH: mod.func @forward.eval({{.*}}dims = ["N"], mod.method = "forward", mod.role = "eval"
// BOTH: mod.func @forward.eval.composed({{.*}}mod.both_modes, mod.composed
// BOTH: mod.func @forward.train({{.*}}mod.role = "train"
// BOTH-NOT: mod.func @forward.train.composed
// BOTH: mod.export
mod.class @Leaf from "Leaf" kind "module" {
  mod.param @w : !mod.tensor<f32[2]> init #mod.init<fn @init.w>
  mod.func @forward(%x: !mod.tensor<f32[N]>) -> !mod.tensor<f32[N]> attributes {dims = ["N"]} {
    mod.return %x : !mod.tensor<f32[N]>
  }
  mod.func @forward.train(%x: !mod.tensor<f32[N]>) -> !mod.tensor<f32[N]> attributes {dims = ["N"]} {
    %y = mod.neg %x : (!mod.tensor<f32[N]>) -> !mod.tensor<f32[N]>
    mod.return %y : !mod.tensor<f32[N]>
  }
  mod.func @init.w() -> !mod.tensor<f32[2]> {
    %y = mod.full 1.0 as f32 [#mod.dim<2>] : !mod.tensor<f32[2]>
    mod.return %y : !mod.tensor<f32[2]>
  }
}
// CHECK-LABEL: mod.class @Top
// CHECK: mod.func @forward.eval(
// CHECK: mod.func @forward.eval.composed({{.*}}mod.composed
mod.class @Top from "Top" kind "module" {
  mod.child @leaf = @Leaf
  mod.func @forward(%x: !mod.tensor<f32[N]>) -> !mod.tensor<f32[N]> attributes {dims = ["N"]} {
    %y = mod.call "leaf" -> @forward(%x) site 0 : (!mod.tensor<f32[N]>) -> !mod.tensor<f32[N]>
    mod.return %y : !mod.tensor<f32[N]>
  }
}
mod.export @top = @Top -> @forward instance 0
