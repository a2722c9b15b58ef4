// RUN: mod-opt %s --mod-make-roles --mod-open-calls --mod-cut-at-calls | FileCheck %s
// RUN: mod-opt %s --mod-to-graph -o /dev/null

mod.class @Linear from "Linear" kind "module" {
  mod.func @forward(%x: !mod.tensor<f32[N, 4]> {mod.name = "x"}) -> !mod.tensor<f32[N, 8]> attributes {dims = ["N"]} {
    %y = mod.full 1.0 as f32 [#mod.dim<N>, #mod.dim<8>] : !mod.tensor<f32[N, 8]>
    mod.return %y : !mod.tensor<f32[N, 8]>
  }
}

// Elementwise work takes whatever a child gives.
// CHECK-LABEL: mod.class @Free
// CHECK: mod.program @forward.eval.composed dims ["N"]
// CHECK-NEXT: ^bb0(%[[X:.*]]: !mod.tensor<f32[N, 4]>)
// CHECK-NEXT: %[[R:.*]] = mod.call "fc" -> @forward(%[[X]]) site 3 fresh ["r0", "r1"]
// CHECK-NEXT: %[[P:.*]] = mod.run @forward.eval.p0(%[[R]]) : (!mod.tensor<f32[r0, r1]>) -> !mod.tensor<f32[r0, r1]>
// CHECK-NEXT: mod.return %[[P]]
// CHECK: mod.func @forward.eval.p0(%[[A:.*]]: !mod.tensor<f32[r0, r1]> {mod.name = "result of fc"}) -> !mod.tensor<f32[r0, r1]>
// CHECK-SAME: dims = ["r0", "r1"]
// CHECK-NEXT: mod.full
// CHECK-NEXT: mod.mul %[[A]]
mod.class @Free from "Free" kind "module" {
  mod.child @fc = @Linear
  mod.func @forward(%x: !mod.tensor<f32[N, 4]> {mod.name = "x"}) -> !mod.tensor<f32[N, 8]> attributes {dims = ["N"]} {
    %two = mod.full 2.0 as f32 [] : !mod.tensor<f32[]>
    %h = mod.call "fc" -> @forward(%x) site 3 : (!mod.tensor<f32[N, 4]>) -> !mod.tensor<f32[N, 8]>
    %y = mod.mul %h, %two : (!mod.tensor<f32[N, 8]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[N, 8]>
    mod.return %y : !mod.tensor<f32[N, 8]>
  }
}

// Work that needs sizes to agree gets them in its signature; a slice and a stretched 1 too.
// CHECK-LABEL: mod.class @Bound
// CHECK: mod.run @forward.eval.p0(%{{.*}}, %{{.*}}) : (!mod.tensor<f32[r0, r1]>, !mod.tensor<f32[N, 8]>) -> !mod.tensor<f32[{{N|r0}}, 7]>
// CHECK: mod.func @forward.eval.p0(%{{.*}}: !mod.tensor<f32[N, 8]> {mod.name = "result of fc"}, %{{.*}}: !mod.tensor<f32[N, 8]> {mod.name = "h"})
mod.class @Bound from "Bound" kind "module" {
  mod.child @fc = @Linear
  mod.func @forward(%x: !mod.tensor<f32[N, 4]> {mod.name = "x"}, %h: !mod.tensor<f32[N, 8]> {mod.name = "h"}) -> !mod.tensor<f32[N, 7]> attributes {dims = ["N"]} {
    %f = mod.call "fc" -> @forward(%x) site 0 : (!mod.tensor<f32[N, 4]>) -> !mod.tensor<f32[N, 8]>
    %s = mod.add %f, %h : (!mod.tensor<f32[N, 8]>, !mod.tensor<f32[N, 8]>) -> !mod.tensor<f32[N, 8]>
    %y = mod.narrow %s dim 1 from <1> length <7> : (!mod.tensor<f32[N, 8]>) -> !mod.tensor<f32[N, 7]>
    mod.return %y : !mod.tensor<f32[N, 7]>
  }
}

// A size that only an input knows brings the input along; a parameter is read again, a buffer that some method
// writes is not.
// CHECK-LABEL: mod.class @Sizes
// CHECK: mod.func @forward.eval.p0() -> !mod.tensor<f32[2]>
// CHECK: mod.get "b"
// CHECK: mod.func @forward.eval.p1(%[[M:.*]]: !mod.tensor<f32[r0, r1]> {{.*}}, %[[B:.*]]: !mod.tensor<f32[2]> {mod.name = "value"}, %{{.*}}: !mod.tensor<f32[N, 4]> {mod.name = "x"})
// CHECK: mod.get "p"
// CHECK: mod.size <N>
mod.class @Sizes from "Sizes" kind "module" {
  mod.param @p : !mod.tensor<f32[]>
  mod.buffer @b : !mod.tensor<f32[2]>
  mod.child @fc = @Linear
  mod.func @update(%v: !mod.tensor<f32[2]> {mod.name = "v"}) {
    mod.set "b", %v : !mod.tensor<f32[2]>
    mod.return
  }
  mod.func @forward(%x: !mod.tensor<f32[N, 4]> {mod.name = "x"}) -> (!mod.tensor<f32[N, 8]>, !mod.tensor<f32[2]>) attributes {dims = ["N"]} {
    %p = mod.get "p" : !mod.tensor<f32[]>
    %b = mod.get "b" : !mod.tensor<f32[2]>
    %f = mod.call "fc" -> @forward(%x) site 0 : (!mod.tensor<f32[N, 4]>) -> !mod.tensor<f32[N, 8]>
    %n = mod.size <N> as f32 : !mod.tensor<f32[]>
    %s = mod.mul %f, %n : (!mod.tensor<f32[N, 8]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[N, 8]>
    %y = mod.mul %s, %p : (!mod.tensor<f32[N, 8]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[N, 8]>
    %c = mod.neg %b : (!mod.tensor<f32[2]>) -> !mod.tensor<f32[2]>
    mod.return %y, %c : !mod.tensor<f32[N, 8]>, !mod.tensor<f32[2]>
  }
}

// Views of results wait for what reads through them: no piece stands between the two calls.
// CHECK-LABEL: mod.class @Late
// CHECK: mod.program
// CHECK: mod.call "fc"
// CHECK-NEXT: mod.call "fc"
// CHECK-NEXT: mod.run @forward.eval.p0
// CHECK-NEXT: mod.return
mod.class @Late from "Late" kind "module" {
  mod.child @fc = @Linear
  mod.func @forward(%x: !mod.tensor<f32[N, 4]> {mod.name = "x"}) -> !mod.tensor<f32[8, N]> attributes {dims = ["N"]} {
    %a = mod.call "fc" -> @forward(%x) site 0 : (!mod.tensor<f32[N, 4]>) -> !mod.tensor<f32[N, 8]>
    %t = mod.permute %a by [1, 0] : (!mod.tensor<f32[N, 8]>) -> !mod.tensor<f32[8, N]>
    %b = mod.call "fc" -> @forward(%x) site 1 : (!mod.tensor<f32[N, 4]>) -> !mod.tensor<f32[N, 8]>
    %u = mod.permute %b by [1, 0] : (!mod.tensor<f32[N, 8]>) -> !mod.tensor<f32[8, N]>
    %y = mod.add %t, %u : (!mod.tensor<f32[8, N]>, !mod.tensor<f32[8, N]>) -> !mod.tensor<f32[8, N]>
    mod.return %y : !mod.tensor<f32[8, N]>
  }
}

// What no signature can say is a guard: two results joined must be as many as the input has rows.
// CHECK-LABEL: mod.class @Joined
// CHECK: mod.func @forward.eval.p0(
// CHECK-SAME: guards = [#mod.guard<eq, <r0 + r2>, <2*N>, "
// CHECK: mod.assume {{.*}}<f32[r0 + r2]> to <f32[2*N]>
mod.class @Joined from "Joined" kind "module" {
  mod.child @fc = @Linear
  mod.func @forward(%x: !mod.tensor<f32[N, 4]> {mod.name = "x"}, %z: !mod.tensor<f32[2*N]> {mod.name = "z"}) -> !mod.tensor<f32[2*N]> attributes {dims = ["N"]} {
    %a = mod.call "fc" -> @forward(%x) site 0 : (!mod.tensor<f32[N, 4]>) -> !mod.tensor<f32[N, 8]>
    %b = mod.call "fc" -> @forward(%x) site 1 : (!mod.tensor<f32[N, 4]>) -> !mod.tensor<f32[N, 8]>
    %as = mod.sum %a over [1] : (!mod.tensor<f32[N, 8]>) -> !mod.tensor<f32[N]>
    %bs = mod.sum %b over [1] : (!mod.tensor<f32[N, 8]>) -> !mod.tensor<f32[N]>
    %c = mod.cat %as, %bs dim 0 : (!mod.tensor<f32[N]>, !mod.tensor<f32[N]>) -> !mod.tensor<f32[2*N]>
    %y = mod.add %c, %z : (!mod.tensor<f32[2*N]>, !mod.tensor<f32[2*N]>) -> !mod.tensor<f32[2*N]>
    mod.return %y : !mod.tensor<f32[2*N]>
  }
}

// The features of attention stay the number that they were checked as, so that it becomes the kernel that the fused
// function has; how many rows there are is the child's to say.
// CHECK-LABEL: mod.class @Attends
// CHECK: mod.func @forward.eval.p0(%[[Y:.*]]: !mod.tensor<f32[r0, 8]> {mod.name = "result of fc"}) ->
// CHECK-NEXT: mod.matmul %[[Y]], %[[Y]] trans_b true : (!mod.tensor<f32[r0, 8]>, !mod.tensor<f32[r0, 8]>) -> !mod.tensor<f32[r0, r0]>
// CHECK-NEXT: mod.attention %[[Y]], %[[Y]], %[[Y]]
mod.class @Attends from "Attends" kind "module" {
  mod.child @fc = @Linear
  mod.func @forward(%x: !mod.tensor<f32[N, 4]> {mod.name = "x"}) -> (!mod.tensor<f32[N, N]>, !mod.tensor<f32[N, 8]>) attributes {dims = ["N"]} {
    %a = mod.call "fc" -> @forward(%x) site 0 : (!mod.tensor<f32[N, 4]>) -> !mod.tensor<f32[N, 8]>
    %s = mod.matmul %a, %a trans_b true : (!mod.tensor<f32[N, 8]>, !mod.tensor<f32[N, 8]>) -> !mod.tensor<f32[N, N]>
    %y = mod.attention %a, %a, %a scale 0.25 : (!mod.tensor<f32[N, 8]>, !mod.tensor<f32[N, 8]>, !mod.tensor<f32[N, 8]>) -> !mod.tensor<f32[N, 8]>
    mod.return %s, %y : !mod.tensor<f32[N, N]>, !mod.tensor<f32[N, 8]>
  }
}
