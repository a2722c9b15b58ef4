// RUN: kern-opt %s --kern-to-loops -canonicalize -cse | FileCheck %s --check-prefixes=CHECK,V4
// RUN: kern-opt %s --kern-to-loops=target=x86-64-v3 -canonicalize -cse | FileCheck %s --check-prefixes=CHECK,V3
// RUN: not kern-opt %s --kern-to-loops=target=z80 2>&1 | FileCheck %s --check-prefix=UNKNOWN
// UNKNOWN: no target named 'z80'

// The count of chunks follows from sizes alone.
// CHECK-LABEL: func.func private @linear.count(
// CHECK-SAME: %[[M:.*]]: index) -> index
// CHECK: return %{{.*}} : index

// CHECK-LABEL: func.func private @linear.body(
// CHECK-SAME: memref<?x64xf32> {llvm.noalias}
// V4-SAME: memref<2x64x48xf32> {llvm.noalias}
// V3-SAME: memref<6x64x16xf32> {llvm.noalias}
// CHECK-SAME: memref<4xi64>
// Panels, then rows; one accumulator a row and vector: 8x48, or 6x16 without AVX-512.
// V4: scf.for
// V4: scf.for %[[P:.*]] = {{.*}} {
// V4: scf.for %[[ROW:.*]] = {{.*}} step %c8
// V4: %{{.*}}:24 = scf.for {{.*}} -> (vector<16xf32>
// V4-COUNT-3: vector.load %arg1[%[[P]],
// V4-COUNT-24: math.fma {{.*}} : vector<16xf32>
// V3: %{{.*}}:12 = scf.for {{.*}} -> (vector<8xf32>
// V3-COUNT-12: math.fma {{.*}} : vector<8xf32>
// The region on each accumulator.
// CHECK: arith.addf %{{.*}}#0, %{{.*}} : vector
// CHECK: vector.store
// The ladder of row tails.
// CHECK: scf.for {{.*}} step %c4
// CHECK: scf.for {{.*}} step %c2
// CHECK: scf.for {{.*}} step %c1
kern.func @linear(%x: memref<?x64xf32>, %w: !kern.panels<96x64xf32>, %b: memref<96xf32>, %y: memref<?x96xf32>, %m: index) {
  %n = arith.constant 96 : index
  %k = arith.constant 64 : index
  kern.gemm %x, %w rows(%m) cols(%n) inner(%k) : memref<?x64xf32>, !kern.panels<96x64xf32>
      epilogue (%acc: f32, %i: index, %j: index) {
    %bias = kern.load %b[%j] : memref<96xf32>
    %s = arith.addf %acc, %bias : f32
    kern.store %s, %y[%i, %j] : memref<?x96xf32>
  }
}

// A partial panel stores through a mask, and only vectors that hold columns are computed.
// CHECK-LABEL: func.func private @narrow.body(
// V4: %{{.*}}:14 = scf.for {{.*}} -> (vector<16xf32>
// V4: vector.maskedstore
// V3: %{{.*}}:12 = scf.for {{.*}} -> (vector<8xf32>
// V3: vector.store
// V3: vector.maskedstore
kern.func @narrow(%x: memref<?x64xf32>, %w: !kern.panels<10x64xf32>, %y: memref<?x10xf32>, %m: index) {
  %n = arith.constant 10 : index
  %k = arith.constant 64 : index
  kern.gemm %x, %w rows(%m) cols(%n) inner(%k) : memref<?x64xf32>, !kern.panels<10x64xf32>
      epilogue (%acc: f32, %i: index, %j: index) {
    kern.store %acc, %y[%i, %j] : memref<?x10xf32>
  }
}

// A long epilogue runs over the stored tile, once, not over each accumulator.
// CHECK-LABEL: func.func private @gelu.body(
// CHECK: memref.alloca() {alignment = 64 : i64} : memref<16x
// CHECK: scf.yield %{{.*}} : vector
// CHECK: vector.store
// CHECK: scf.for
// CHECK: scf.for
// CHECK: math.erf {{.*}} : vector
// CHECK-NOT: math.erf
// CHECK: scf.for {{.*}} step %c4
kern.func @gelu(%x: memref<?x64xf32>, %w: !kern.panels<96x64xf32>, %y: memref<?x96xf32>, %m: index) {
  %n = arith.constant 96 : index
  %k = arith.constant 64 : index
  %half = arith.constant 0.5 : f32
  %one = arith.constant 1.0 : f32
  %c = arith.constant 0.70710678 : f32
  kern.gemm %x, %w rows(%m) cols(%n) inner(%k) : memref<?x64xf32>, !kern.panels<96x64xf32>
      epilogue (%acc: f32, %i: index, %j: index) {
    %t = arith.mulf %acc, %c : f32
    %e = math.erf %t : f32
    %p = arith.addf %e, %one : f32
    %h = arith.mulf %acc, %half : f32
    %g = arith.mulf %h, %p : f32
    kern.store %g, %y[%i, %j] : memref<?x96xf32>
  }
}

// An output may lie on an input of its size, which an elementwise use reads: neither is then said to be apart.
// CHECK-LABEL: func.func private @residual.body(
// CHECK-SAME: %arg0: memref<?x64xf32> {llvm.noalias}
// CHECK-SAME: %arg2: memref<?x96xf32>, %arg3: memref<?x96xf32>,
kern.func @residual(%x: memref<?x64xf32>, %w: !kern.panels<96x64xf32>, %r: memref<?x96xf32>, %y: memref<?x96xf32>, %m: index) {
  %n = arith.constant 96 : index
  %k = arith.constant 64 : index
  kern.gemm %x, %w rows(%m) cols(%n) inner(%k) : memref<?x64xf32>, !kern.panels<96x64xf32>
      epilogue (%acc: f32, %i: index, %j: index) {
    %v = kern.load %r[%i, %j] : memref<?x96xf32>
    %s = arith.addf %acc, %v : f32
    kern.store %s, %y[%i, %j] : memref<?x96xf32>
  }
}
