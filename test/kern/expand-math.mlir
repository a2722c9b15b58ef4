// RUN: kern-opt %s --expand-math -split-input-file -verify-diagnostics | FileCheck %s

// CHECK-LABEL: func.func @functions(
// CHECK-NOT: math.{{exp|log|tanh|erf|sin|powf}}
// CHECK: return
func.func @functions(%x: vector<16xf32>, %s: f64, %h: bf16) -> (vector<16xf32>, f64, bf16) {
  %a = math.exp %x : vector<16xf32>
  %b = math.tanh %a : vector<16xf32>
  %c = math.erf %b : vector<16xf32>
  %d = math.log %s : f64
  %e = math.sin %h : bf16
  %f = math.powf %d, %s : f64
  return %c, %f, %e : vector<16xf32>, f64, bf16
}

// A small whole power is products.
// CHECK-LABEL: func.func @cube(
// CHECK-SAME: %[[X:.*]]: f32
// CHECK-NOT: math
// CHECK-COUNT-3: arith.mulf
// CHECK-NOT: arith
// CHECK: return
func.func @cube(%x: f32) -> f32 {
  %three = arith.constant 3.0 : f32
  %y = math.powf %x, %three : f32
  return %y : f32
}

// What processors do by themselves stays.
// CHECK-LABEL: func.func @native(
// CHECK: math.sqrt
// CHECK: math.roundeven
func.func @native(%x: f32) -> f32 {
  %a = math.sqrt %x : f32
  %b = math.roundeven %a : f32
  return %b : f32
}

// -----
func.func @unknown(%x: f32) -> f32 {
  // expected-error @+1 {{has no expansion into arithmetic}}
  %a = math.cbrt %x : f32
  return %a : f32
}
