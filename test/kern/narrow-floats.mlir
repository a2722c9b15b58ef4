// RUN: kern-opt %s --expand-narrow-floats | FileCheck %s

// Computing is in f32, and conversions of bf16 are integers.
// CHECK-LABEL: func.func @sum(
// CHECK-NOT: arith.{{extf|truncf}}
// CHECK: arith.addf {{.*}} : vector<16xf32>
// CHECK-NOT: arith.{{extf|truncf}}
// CHECK: %[[BITS:.*]] = arith.trunci {{.*}} : vector<16xi32> to vector<16xi16>
// CHECK: arith.bitcast %[[BITS]] : vector<16xi16> to vector<16xbf16>
func.func @sum(%x: vector<16xbf16>, %y: vector<16xbf16>) -> vector<16xbf16> {
  %s = arith.addf %x, %y : vector<16xbf16>
  return %s : vector<16xbf16>
}

// f16 is converted by instructions from and to f32.
// CHECK-LABEL: func.func @half(
// CHECK: %[[X:.*]] = arith.extf %{{.*}} : f16 to f32
// CHECK: %[[R:.*]] = math.sqrt %[[X]] : f32
// CHECK-NEXT: arith.truncf %[[R]] : f32 to f16
func.func @half(%x: f16) -> f16 {
  %r = math.sqrt %x : f16
  return %r : f16
}

// From f64 the step over f32 makes inexact numbers odd.
// CHECK-LABEL: func.func @double(
// CHECK: %[[NEAR:.*]] = arith.truncf %{{.*}} : f64 to f32
// CHECK: arith.cmpf one
// CHECK: arith.cmpf ogt
// CHECK: %[[ODD:.*]] = arith.bitcast {{.*}} : i32 to f32
// CHECK-NEXT: arith.truncf %[[ODD]] : f32 to f16
func.func @double(%x: f64) -> f16 {
  %h = arith.truncf %x : f64 to f16
  return %h : f16
}

// Comparing and converting from integers.
// CHECK-LABEL: func.func @others(
// CHECK: arith.sitofp {{.*}} : i64 to f32
// CHECK: arith.cmpf olt, {{.*}} : f32
func.func @others(%n: i64, %x: bf16) -> i1 {
  %y = arith.sitofp %n : i64 to bf16
  %less = arith.cmpf olt, %x, %y : bf16
  return %less : i1
}
