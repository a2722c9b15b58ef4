// RUN: mod-opt %s --mod-lower-groups | FileCheck %s

// Rows that are alike are one dimension, whatever the batch; the bias and what is added ride on the product.
// CHECK-LABEL: kern.func @linear(
// CHECK-SAME: %[[X:[a-z0-9]+]]: memref<?x784xf32>, %[[W:[a-z0-9]+]]: !kern.panels<256x784xf32>, %[[B:[a-z0-9]+]]: memref<256xf32>,
// CHECK-SAME: %[[R:[a-z0-9]+]]: memref<?x256xf32>, %[[Y:[a-z0-9]+]]: memref<?x256xf32>, %[[D0:[a-z0-9]+]]: index, %[[D1:[a-z0-9]+]]: index)
// CHECK-SAME: from = ["fc1"], kind = "matmul"
// CHECK: %[[M:.*]] = arith.muli %[[D0]], %[[D1]]
// CHECK: kern.gemm %[[X]], %[[W]] rows(%[[M]])
// CHECK-SAME: (%[[ACC:.*]]: f32, %[[I:.*]]: index, %[[J:.*]]: index)
// CHECK: kern.load %[[B]][%[[J]]]
// CHECK: kern.load %[[R]][%[[I]], %[[J]]]
// CHECK: kern.store %{{.*}}, %[[Y]][%[[I]], %[[J]]]
// CHECK-NOT: arith.divui
!h = !mod.tensor<f32[d0, d1, 256]>
!w = !mod.tensor<f32[256, 784], <[0, 1], panel = [0]>>
mod.kernel @linear kind "matmul" dims ["d0", "d1"] hash "1" from ["fc1"] {
^bb0(%x: !mod.tensor<f32[d0, d1, 784]>, %w: !w, %b: !mod.tensor<f32[256]>, %r: !h):
  %m = mod.matmul %x, %w trans_b true : (!mod.tensor<f32[d0, d1, 784]>, !w) -> !h
  %a = mod.add %m, %b : (!h, !mod.tensor<f32[256]>) -> !h
  %s = mod.add %a, %r : (!h, !h) -> !h
  mod.yield %s : !h
}

// Packing from two weights at once chooses between them.
// CHECK-LABEL: kern.func @pack(
// CHECK: kern.pack into %{{.*}} cols(%{{.*}}) inner(%{{.*}}) : !kern.panels<256x784xf32> element (%[[J:.*]]: index, %[[K:.*]]: index)
// CHECK: arith.cmpi slt, %[[J]], %c128
// CHECK: scf.if
// CHECK: kern.load %arg0[%[[J]], %[[K]]]
// CHECK: else
// CHECK: kern.load %arg1[%{{.*}}, %[[K]]]
mod.prepare @pack hash "2" {
^bb0(%a: !mod.tensor<f32[128, 784]>, %b: !mod.tensor<f32[128, 784]>):
  %c = mod.cat %a, %b dim 0 : (!mod.tensor<f32[128, 784]>, !mod.tensor<f32[128, 784]>) -> !mod.tensor<f32[256, 784]>
  %p = mod.repack %c to <[0, 1], panel = [0]> : (!mod.tensor<f32[256, 784]>) -> !w
  mod.yield %p : !w
}

// A softmax keeps its exponentials for the row.
// CHECK-LABEL: kern.func @softmax(
// CHECK: kern.rows (%[[I:.*]]) to (%arg2)
// CHECK: %[[ROW:.*]] = kern.temp : memref<128xf32>
// CHECK: kern.reduce max
// CHECK: kern.reduce add (%[[K:.*]]) to
// CHECK: math.exp
// CHECK: kern.store %{{.*}}, %[[ROW]][%[[K]]]
// CHECK: kern.each (%[[E:.*]]) to
// CHECK-NEXT: kern.load %[[ROW]][%[[E]]]
// CHECK-NEXT: arith.divf
// CHECK-NOT: math.exp
!x = !mod.tensor<f32[d0, 128]>
!s = !mod.tensor<f32[d0, 1]>
mod.kernel @softmax kind "rows" dims ["d0"] hash "3" {
^bb0(%x: !x):
  %m = mod.amax %x over [1] keepdim true : (!x) -> !s
  %a = mod.sub %x, %m : (!x, !s) -> !x
  %e = mod.exp %a : (!x) -> !x
  %s = mod.sum %e over [1] keepdim true : (!x) -> !s
  %y = mod.div %e, %s : (!x, !s) -> !x
  mod.yield %y : !x
}

// Heads inside one tensor are strided operands, and the result is stored where its views say.
// CHECK-LABEL: kern.func @heads(
// CHECK-DAG: memref.reinterpret_cast %arg0 to offset: [0], sizes: [%arg2, 2, %arg3, 8], strides: [%{{.*}}, 8, 32, 1]
// CHECK-DAG: memref.reinterpret_cast %arg0 to offset: [16], sizes: [%arg2, 2, %arg3, 8], strides: [%{{.*}}, 8, 32, 1]
// CHECK-DAG: %[[OUT:.*]] = memref.reinterpret_cast %arg1 to offset: [0], sizes: [%arg2, 2, %arg3, 8], strides: [%{{.*}}, 8, 16, 1]
// CHECK: kern.attention {{.*}} into %[[OUT]] batch(%arg2, %c2)
!q = !mod.tensor<f32[d0, d1, 16]>
!f = !mod.tensor<f32[d0, d1, 2, 8]>
!o = !mod.tensor<f32[d0, 2, d1, 8]>
mod.kernel @heads kind "attention" dims ["d0", "d1"] hash "4" {
^bb0(%x: !mod.tensor<f32[d0, d1, 32]>):
  %a = mod.narrow %x dim 2 from <0> length <16> : (!mod.tensor<f32[d0, d1, 32]>) -> !q
  %b = mod.narrow %x dim 2 from <16> length <16> : (!mod.tensor<f32[d0, d1, 32]>) -> !q
  %a4 = mod.reshape %a to [#mod.dim<d0>, #mod.dim<d1>, #mod.dim<2>, #mod.dim<8>] : (!q) -> !f
  %b4 = mod.reshape %b to [#mod.dim<d0>, #mod.dim<d1>, #mod.dim<2>, #mod.dim<8>] : (!q) -> !f
  %q = mod.permute %a4 by [0, 2, 1, 3] : (!f) -> !o
  %k = mod.permute %b4 by [0, 2, 1, 3] : (!f) -> !o
  %r = mod.attention %q, %k, %k scale 0.5 : (!o, !o, !o) -> !o
  %t = mod.permute %r by [0, 2, 1, 3] : (!o) -> !f
  %y = mod.reshape %t to [#mod.dim<d0>, #mod.dim<d1>, #mod.dim<16>] : (!f) -> !q
  mod.yield %y : !q
}

// A loop that a view would divide is two loops: nothing is divided inside.
// CHECK-LABEL: kern.func @split(
// CHECK: kern.map (%[[A:.*]], %[[H:.*]], %[[D:.*]]) to (%arg2, %c4{{.*}}, %c8{{.*}})
// CHECK: kern.load %arg0[%[[A]], %[[D]], %[[H]]]
// CHECK-NOT: arith.divui
mod.kernel @split kind "map" dims ["d0"] hash "5" {
^bb0(%x: !mod.tensor<f32[d0, 8, 4]>):
  %p = mod.permute %x by [0, 2, 1] : (!mod.tensor<f32[d0, 8, 4]>) -> !mod.tensor<f32[d0, 4, 8]>
  %y = mod.reshape %p to [#mod.dim<d0>, #mod.dim<32>] : (!mod.tensor<f32[d0, 4, 8]>) -> !mod.tensor<f32[d0, 32]>
  mod.yield %y : !mod.tensor<f32[d0, 32]>
}
