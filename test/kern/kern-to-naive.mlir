// RUN: kern-opt %s --kern-to-naive -canonicalize -cse | FileCheck %s

// CHECK-LABEL: func.func private @linear.count(
// CHECK: %[[ONE:.*]] = arith.constant 1 : index
// CHECK: return %[[ONE]]
// CHECK-LABEL: func.func private @linear.body(
// CHECK: scf.for %[[I:.*]] =
// CHECK: scf.for %[[J:.*]] =
// CHECK: %[[SUM:.*]] = scf.for %[[K:.*]] = {{.*}} iter_args(%[[ACC:.*]] = %{{.*}}) -> (f32)
// CHECK: %[[X:.*]] = memref.load %arg0[%[[I]], %[[K]]]
// CHECK: %[[W:.*]] = memref.load %arg1[%{{.*}}, %[[K]], %{{.*}}]
// CHECK: math.fma %[[X]], %[[W]], %[[ACC]] : f32
// CHECK: memref.store %[[SUM]], %arg2[%[[I]], %[[J]]]
kern.func @linear(%x: memref<?x64xf32>, %w: !kern.panels<96x64xf32>, %y: memref<?x96xf32>, %m: index) {
  %n = arith.constant 96 : index
  %k = arith.constant 64 : index
  kern.gemm %x, %w rows(%m) cols(%n) inner(%k) : memref<?x64xf32>, !kern.panels<96x64xf32>
      epilogue (%acc: f32, %i: index, %j: index) {
    kern.store %acc, %y[%i, %j] : memref<?x96xf32>
  }
}

// A bad index leaves its code, value and limit in the context, and 0 in its place.
// CHECK-LABEL: func.func private @take.body(
// CHECK-SAME: %[[CONTEXT:[a-z0-9]+]]: memref<4xi64>
// CHECK: %[[BAD:.*]] = arith.cmpi uge
// CHECK: scf.if %[[BAD]] {
// CHECK: memref.load %[[CONTEXT]][%c0]
// CHECK: scf.if
// CHECK-COUNT-3: memref.store {{.*}}, %[[CONTEXT]]
// CHECK: %[[ROW:.*]] = arith.select %[[BAD]], %c0,
// CHECK: memref.load %arg1[%[[ROW]]]
kern.func @take(%ids: memref<?xi32>, %table: memref<?xf32>, %y: memref<?xf32>, %m: index, %limit: index) {
  kern.map (%i) to (%m) {
    %id = kern.load %ids[%i] : memref<?xi32>
    %row = kern.check_index %id, %limit : i32
    %v = kern.load %table[%row] : memref<?xf32>
    kern.store %v, %y[%i] : memref<?xf32>
  }
}

// A strided convolution in two groups: what lies outside is left out; each group has panels of its own columns.
// CHECK-LABEL: func.func private @conv.body(
// CHECK: scf.for %[[T:.*]] = %{{.*}} to %c3
// CHECK: arith.cmpi ult
// CHECK: scf.if
// CHECK: memref.load %{{.*}} : memref<?x8x6xf32>
// CHECK: memref.load %{{.*}} : memref<1x18x16xf32>
// CHECK: math.fma
kern.func @conv(%x: memref<?x8x6xf32>, %w: !kern.panels<4x18xf32>, %y: memref<?x4x8xf32>, %n: index) {
  %c4 = arith.constant 4 : index
  %c6 = arith.constant 6 : index
  %c8 = arith.constant 8 : index
  kern.conv %x, %w batch(%n) input(%c8) output(%c4) channels(%c6) features(%c8)
      kernel [3] stride [2] pad [1] dilation [1] groups 2 : memref<?x8x6xf32>, !kern.panels<4x18xf32>
      epilogue (%acc: f32, %i: index, %v: index, %o: index) {
    kern.store %acc, %y[%i, %v, %o] : memref<?x4x8xf32>
  }
}
