// RUN: mod-opt %s --mod-simplify --cse --split-input-file | FileCheck %s

// Constants are computed, in the dtype's rounding.
// CHECK-LABEL: @constants
// CHECK: %[[C:.*]] = mod.full {{0.30000001192092[0-9]*}} : f64 as f32 []
// CHECK-NEXT: mod.mul %arg0, %[[C]]
mod.class @C from "C" kind "module" {
  mod.func @constants(%x: !mod.tensor<f32[N]>) -> !mod.tensor<f32[N]> attributes {dims = ["N"]} {
    %a = mod.full 0.1 as f32 [] : !mod.tensor<f32[]>
    %b = mod.full 0.2 as f32 [] : !mod.tensor<f32[]>
    %c = mod.add %a, %b : (!mod.tensor<f32[]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[]>
    %y = mod.mul %x, %c : (!mod.tensor<f32[N]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[N]>
    mod.return %y : !mod.tensor<f32[N]>
  }
}

// -----

// x * 1, x / 1, a conversion to the same dtype and detach go; x + 0.0 stays, since -0 + 0 is 0; relu stays as written.
// CHECK-LABEL: @identities
// CHECK-NOT: mod.detach
// CHECK-NOT: mod.to
// CHECK: %[[Z:.*]] = mod.full 0.0
// CHECK-NEXT: %[[S:.*]] = mod.add %arg0, %[[Z]]
// CHECK-NEXT: %[[L:.*]] = mod.le %[[S]], %[[Z]]
// CHECK-NEXT: %[[Y:.*]] = mod.where %[[L]], %[[Z]], %[[S]]
// CHECK-NEXT: mod.return %[[Y]]
mod.class @C from "C" kind "module" {
  mod.func @identities(%x: !mod.tensor<f32[N]>) -> !mod.tensor<f32[N]> attributes {dims = ["N"]} {
    %one = mod.full 1.0 as f32 [] : !mod.tensor<f32[]>
    %zero = mod.full 0.0 as f32 [] : !mod.tensor<f32[]>
    %0 = mod.mul %one, %x : (!mod.tensor<f32[]>, !mod.tensor<f32[N]>) -> !mod.tensor<f32[N]>
    %1 = mod.div %0, %one : (!mod.tensor<f32[N]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[N]>
    %2 = mod.to %1 as f32 : (!mod.tensor<f32[N]>) -> !mod.tensor<f32[N]>
    %3 = mod.detach %2 : (!mod.tensor<f32[N]>) -> !mod.tensor<f32[N]>
    %4 = mod.add %3, %zero : (!mod.tensor<f32[N]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[N]>
    %5 = mod.le %4, %zero : (!mod.tensor<f32[N]>, !mod.tensor<f32[]>) -> !mod.tensor<i1[N]>
    %6 = mod.where %5, %zero, %4 : (!mod.tensor<i1[N]>, !mod.tensor<f32[]>, !mod.tensor<f32[N]>) -> !mod.tensor<f32[N]>
    mod.return %6 : !mod.tensor<f32[N]>
  }
}

// -----

// Division by a power of two is a product, by another number it stays; a square is a product.
// CHECK-LABEL: @quotients
// CHECK-DAG: %[[Q:.*]] = mod.full 2.500000e-01
// CHECK-DAG: %[[T:.*]] = mod.full 3.0
// CHECK: %[[A:.*]] = mod.mul %arg0, %[[Q]]
// CHECK-NEXT: %[[B:.*]] = mod.div %[[A]], %[[T]]
// CHECK-NEXT: mod.mul %[[B]], %[[B]]
mod.class @C from "C" kind "module" {
  mod.func @quotients(%x: !mod.tensor<f32[N]>) -> !mod.tensor<f32[N]> attributes {dims = ["N"]} {
    %four = mod.full 4.0 as f32 [] : !mod.tensor<f32[]>
    %three = mod.full 3.0 as f32 [] : !mod.tensor<f32[]>
    %two = mod.full 2.0 as f32 [] : !mod.tensor<f32[]>
    %0 = mod.div %x, %four : (!mod.tensor<f32[N]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[N]>
    %1 = mod.div %0, %three : (!mod.tensor<f32[N]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[N]>
    %2 = mod.pow %1, %two : (!mod.tensor<f32[N]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[N]>
    mod.return %2 : !mod.tensor<f32[N]>
  }
}

// -----

// A transposed right operand is trans_b, twice transposed none.
// CHECK-LABEL: @transposes
// CHECK-NOT: mod.permute
// CHECK: %[[H:.*]] = mod.matmul %arg0, %arg1 trans_b true
// CHECK-NEXT: mod.matmul %[[H]], %arg1 :
mod.class @C from "C" kind "module" {
  mod.func @transposes(%x: !mod.tensor<f32[N, 4]>, %w: !mod.tensor<f32[8, 4]>) -> !mod.tensor<f32[N, 4]> attributes {dims = ["N"]} {
    %t = mod.permute %w by [1, 0] : (!mod.tensor<f32[8, 4]>) -> !mod.tensor<f32[4, 8]>
    %h = mod.matmul %x, %t : (!mod.tensor<f32[N, 4]>, !mod.tensor<f32[4, 8]>) -> !mod.tensor<f32[N, 8]>
    %y = mod.matmul %h, %t trans_b true : (!mod.tensor<f32[N, 8]>, !mod.tensor<f32[4, 8]>) -> !mod.tensor<f32[N, 4]>
    mod.return %y : !mod.tensor<f32[N, 4]>
  }
}

// -----

// Stretched operands are the plain ones, an unsqueezed sum keeps its dimension, and work goes below a view of an argument.
// CHECK-LABEL: @views
// CHECK: %[[S:.*]] = mod.sum %arg0 over [1] keepdim true
// CHECK-NEXT: %[[D:.*]] = mod.sub %arg0, %[[S]]
// CHECK-NEXT: %[[V:.*]] = mod.reshape %arg1 to [#mod.dim<N>, #mod.dim<1>]
// CHECK-NEXT: %[[T:.*]] = mod.to %[[V]] as f32
// CHECK-NEXT: mod.mul %[[D]], %[[T]]
mod.class @C from "C" kind "module" {
  mod.func @views(%x: !mod.tensor<f32[N, 4]>, %m: !mod.tensor<i64[N]>) -> !mod.tensor<f32[N, 4]> attributes {dims = ["N"]} {
    %s = mod.sum %x over [1] : (!mod.tensor<f32[N, 4]>) -> !mod.tensor<f32[N]>
    %k = mod.reshape %s to [#mod.dim<N>, #mod.dim<1>] : (!mod.tensor<f32[N]>) -> !mod.tensor<f32[N, 1]>
    %e = mod.expand %k to [#mod.dim<N>, #mod.dim<4>] : (!mod.tensor<f32[N, 1]>) -> !mod.tensor<f32[N, 4]>
    %d = mod.sub %x, %e : (!mod.tensor<f32[N, 4]>, !mod.tensor<f32[N, 4]>) -> !mod.tensor<f32[N, 4]>
    %f = mod.to %m as f32 : (!mod.tensor<i64[N]>) -> !mod.tensor<f32[N]>
    %u = mod.reshape %f to [#mod.dim<N>, #mod.dim<1>] : (!mod.tensor<f32[N]>) -> !mod.tensor<f32[N, 1]>
    %y = mod.mul %d, %u : (!mod.tensor<f32[N, 4]>, !mod.tensor<f32[N, 1]>) -> !mod.tensor<f32[N, 4]>
    mod.return %y : !mod.tensor<f32[N, 4]>
  }
}
