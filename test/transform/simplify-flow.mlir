// RUN: mod-opt %s --mod-simplify-flow --canonicalize --split-input-file | FileCheck %s

// One round is opened, with 0 for its counter, in keys too; no round gives the initial values.
// CHECK-LABEL: mod.func @few
// CHECK-NOT: mod.for
// CHECK: mod.key %{{.*}}, 3 in [#mod.dim<0>]
// CHECK: %[[R:.*]] = mod.narrow %arg0 dim 0 from <2> length <1>
// CHECK: mod.return %[[R]], %arg1
mod.func @few(%x: !mod.tensor<f32[9]>, %y: !mod.tensor<f32[1]>, %k: !mod.rng) -> (!mod.tensor<f32[1]>, !mod.tensor<f32[1]>, !mod.tensor<f32[]>) {
  %s = mod.full 1.0 : f64 as f32 [] : !mod.tensor<f32[]>
  %one, %r = mod.for "t" to <1> init(%y, %s : !mod.tensor<f32[1]>, !mod.tensor<f32[]>) {
  ^bb0(%a: !mod.tensor<f32[1]>, %b: !mod.tensor<f32[]>):
    %key = mod.key %k, 3 in [#mod.dim<t>]
    %draw = mod.random %key as f32 [] : !mod.tensor<f32[]>
    %row = mod.narrow %x dim 0 from <2*t + 2> length <1> : (!mod.tensor<f32[9]>) -> !mod.tensor<f32[1]>
    mod.yield %row, %draw : !mod.tensor<f32[1]>, !mod.tensor<f32[]>
  }
  %none = mod.for "t" to <-2> init(%y : !mod.tensor<f32[1]>) {
  ^bb0(%a: !mod.tensor<f32[1]>):
    mod.yield %one : !mod.tensor<f32[1]>
  }
  mod.return %one, %none, %r : !mod.tensor<f32[1]>, !mod.tensor<f32[1]>, !mod.tensor<f32[]>
}

// -----

// What never changes is read from outside, what nothing reads is not carried, what is the same in all rounds moves out; what may
// fail and what has the counter stay.
// CHECK-LABEL: mod.func @carried
// CHECK: %[[E:.*]] = mod.exp %arg1
// CHECK: %[[L:.*]] = mod.for "t" to <S> init(%arg1 : !mod.tensor<f32[4]>) {
// CHECK-NEXT: ^bb0(%[[H:.*]]: !mod.tensor<f32[4]>):
// CHECK: mod.narrow %arg0 dim 0 from <t>
// CHECK: mod.take %arg0, %arg2
// CHECK-NOT: mod.cos
// CHECK: mod.add %{{.*}}, %[[E]]
// CHECK: mod.return %[[L]], %arg1
mod.func @carried(%x: !mod.tensor<f32[S, 4]>, %w: !mod.tensor<f32[4]>, %i: !mod.tensor<i64[]>) -> (!mod.tensor<f32[4]>, !mod.tensor<f32[4]>) attributes {dims = ["S"]} {
  %h1, %w1, %d1 = mod.for "t" to <S> init(%w, %w, %w : !mod.tensor<f32[4]>, !mod.tensor<f32[4]>, !mod.tensor<f32[4]>) {
  ^bb0(%h: !mod.tensor<f32[4]>, %same: !mod.tensor<f32[4]>, %dead: !mod.tensor<f32[4]>):
    %row = mod.narrow %x dim 0 from <t> length <1> : (!mod.tensor<f32[S, 4]>) -> !mod.tensor<f32[1, 4]>
    %flat = mod.reshape %row to [#mod.dim<4>] : (!mod.tensor<f32[1, 4]>) -> !mod.tensor<f32[4]>
    %e = mod.exp %same : (!mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
    %any = mod.take %x, %i dim 0 : (!mod.tensor<f32[S, 4]>, !mod.tensor<i64[]>) -> !mod.tensor<f32[4]>
    %c = mod.cos %dead : (!mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
    %a = mod.add %h, %flat : (!mod.tensor<f32[4]>, !mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
    %b = mod.mul %a, %any : (!mod.tensor<f32[4]>, !mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
    %n = mod.add %b, %e : (!mod.tensor<f32[4]>, !mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
    mod.yield %n, %same, %c : !mod.tensor<f32[4]>, !mod.tensor<f32[4]>, !mod.tensor<f32[4]>
  }
  mod.return %h1, %w1 : !mod.tensor<f32[4]>, !mod.tensor<f32[4]>
}

// -----

// A value that only a `while`'s condition reads is needed; so is one that another needed one is made from.
// CHECK-LABEL: mod.func @rounds
// CHECK: mod.while "r" init(%{{.*}}, %{{.*}} : !mod.tensor<f32[]>, !mod.tensor<f32[4]>) {
// CHECK: mod.lt
mod.func @rounds(%x: !mod.tensor<f32[4]>, %e: !mod.tensor<f32[]>) -> !mod.tensor<f32[4]> {
  %a, %y, %z = mod.while "r" init(%e, %x, %x : !mod.tensor<f32[]>, !mod.tensor<f32[4]>, !mod.tensor<f32[4]>) {
  ^bb0(%s: !mod.tensor<f32[]>, %v: !mod.tensor<f32[4]>, %u: !mod.tensor<f32[4]>):
    %limit = mod.full 10.0 : f64 as f32 [] : !mod.tensor<f32[]>
    %c = mod.lt %s, %limit : (!mod.tensor<f32[]>, !mod.tensor<f32[]>) -> !mod.tensor<i1[]>
    mod.yield %c : !mod.tensor<i1[]>
  } do {
  ^bb0(%s: !mod.tensor<f32[]>, %v: !mod.tensor<f32[4]>, %u: !mod.tensor<f32[4]>):
    %t = mod.exp %s : (!mod.tensor<f32[]>) -> !mod.tensor<f32[]>
    %w = mod.exp %v : (!mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
    %q = mod.cos %u : (!mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
    mod.yield %t, %w, %q : !mod.tensor<f32[]>, !mod.tensor<f32[4]>, !mod.tensor<f32[4]>
  }
  mod.return %y : !mod.tensor<f32[4]>
}

// -----

// A condition that is known; a short branch as a choice; a branch that reads where it may not be allowed stays.
// CHECK-LABEL: mod.func @branches
// CHECK: %[[E:.*]] = mod.exp %arg0
// CHECK-NOT: mod.cos
// CHECK: %[[N:.*]] = mod.neg %[[E]]
// CHECK: %[[W:.*]] = mod.where %arg1, %[[E]], %[[N]]
// CHECK: %[[T:.*]] = mod.if %arg1 -> !mod.tensor<f32[4]> {
// CHECK: mod.take
// CHECK: mod.return %[[W]], %[[T]]
mod.func @branches(%x: !mod.tensor<f32[4]>, %c: !mod.tensor<i1[]>, %i: !mod.tensor<i64[]>) -> (!mod.tensor<f32[4]>, !mod.tensor<f32[4]>) {
  %true = mod.full 1 : i64 as i1 [] : !mod.tensor<i1[]>
  %a, %dead = mod.if %true -> !mod.tensor<f32[4]>, !mod.tensor<f32[4]> {
    %e = mod.exp %x : (!mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
    mod.yield %e, %x : !mod.tensor<f32[4]>, !mod.tensor<f32[4]>
  } else {
    %e = mod.cos %x : (!mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
    mod.yield %e, %e : !mod.tensor<f32[4]>, !mod.tensor<f32[4]>
  }
  %b, %both, %gone = mod.if %c -> !mod.tensor<f32[4]>, !mod.tensor<f32[4]>, !mod.tensor<f32[4]> {
    mod.yield %a, %x, %x : !mod.tensor<f32[4]>, !mod.tensor<f32[4]>, !mod.tensor<f32[4]>
  } else {
    %n = mod.neg %a : (!mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
    mod.yield %n, %x, %n : !mod.tensor<f32[4]>, !mod.tensor<f32[4]>, !mod.tensor<f32[4]>
  }
  %d = mod.if %c -> !mod.tensor<f32[4]> {
    %one = mod.take %x, %i dim 0 : (!mod.tensor<f32[4]>, !mod.tensor<i64[]>) -> !mod.tensor<f32[]>
    %all = mod.add %both, %one : (!mod.tensor<f32[4]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[4]>
    mod.yield %all : !mod.tensor<f32[4]>
  } else {
    mod.yield %x : !mod.tensor<f32[4]>
  }
  mod.return %b, %d : !mod.tensor<f32[4]>, !mod.tensor<f32[4]>
}
