// RUN: kern-opt %s | kern-opt | FileCheck %s
// RUN: kern-opt %s -mlir-print-op-generic | kern-opt | FileCheck %s

// CHECK-LABEL: kern.func @linear_relu(
// CHECK-SAME: %[[W:[a-z0-9]+]]: !kern.panels<256x784xf32>
// CHECK-SAME: attributes {from = ["fc1", "act"], kind = "matmul"}
// CHECK: kern.gemm %{{.*}}, %[[W]] rows(%{{.*}}) cols(%{{.*}}) inner(%{{.*}}) : memref<?x784xf32>, !kern.panels<256x784xf32> epilogue (%[[ACC:.*]]: f32, %[[I:.*]]: index, %[[J:.*]]: index) {
// CHECK-NEXT: kern.load %{{.*}}[%[[J]]] : memref<256xf32>
// CHECK: kern.store %{{.*}}, %{{.*}}[%[[I]], %[[J]]] : memref<?x256xf32>
// CHECK-NOT: kern.yield
kern.func @linear_relu(%x: memref<?x784xf32>, %w: !kern.panels<256x784xf32>, %b: memref<256xf32>, %y: memref<?x256xf32>,
                       %m: index) attributes {kind = "matmul", from = ["fc1", "act"]} {
  %n = arith.constant 256 : index
  %k = arith.constant 784 : index
  %zero = arith.constant 0.0 : f32
  kern.gemm %x, %w rows(%m) cols(%n) inner(%k) : memref<?x784xf32>, !kern.panels<256x784xf32>
      epilogue (%acc: f32, %i: index, %j: index) {
    %bias = kern.load %b[%j] : memref<256xf32>
    %s = arith.addf %acc, %bias : f32
    %neg = arith.cmpf ogt, %zero, %s : f32
    %r = arith.select %neg, %zero, %s : f32
    kern.store %r, %y[%i, %j] : memref<?x256xf32>
  }
}

// CHECK-LABEL: kern.func @batched(
// CHECK: kern.gemm %{{.*}}, %{{.*}} rows(%{{.*}}) cols(%{{.*}}) inner(%{{.*}}) batch(%{{.*}}) {trans_b} :
kern.func @batched(%x: memref<?x?x64xf32> {kern.sizes = array<i64: 3, 4>}, %w: memref<?x64xf32>,
                   %y: memref<?x?x?xf32> {kern.sizes = array<i64: 3, 4, 5>}, %d0: index, %m: index, %n: index) {
  %k = arith.constant 64 : index
  kern.gemm %x, %w rows(%m) cols(%n) inner(%k) batch(%d0) {trans_b} : memref<?x?x64xf32>, memref<?x64xf32>
      epilogue (%acc: f32, %b: index, %i: index, %j: index) {
    kern.store %acc, %y[%b, %i, %j] : memref<?x?x?xf32>
  }
}

// CHECK-LABEL: kern.func @conv(
// CHECK: kern.conv %{{.*}}, %{{.*}} batch(%{{.*}}) input(%[[IN:.*]], %[[IN]]) output(%[[OUT:.*]], %[[OUT]]) channels(%{{.*}}) features(%{{.*}}) kernel [3, 3] stride [2, 2] pad [1, -1] dilation [1, 1] groups 4 : memref<?x56x56x64xf32>, !kern.panels<32x576xf32> epilogue (%[[ACC:.*]]: f32, %[[N:.*]]: index, %[[H:.*]]: index, %[[W:.*]]: index, %[[O:.*]]: index) {
// CHECK-NEXT: kern.store %[[ACC]], %{{.*}}[%[[N]], %[[H]], %[[W]], %[[O]]]
// CHECK: kern.dwconv %{{.*}}, %{{.*}} batch(%{{.*}}) input(%{{.*}}) output(%{{.*}}) channels(%{{.*}}) kernel [5] stride [1] pad [2] dilation [3] : memref<?x?x64xf32>, memref<5x64xf32> epilogue (
// CHECK-NOT: kern.yield
kern.func @conv(%x: memref<?x56x56x64xf32>, %w: !kern.panels<32x576xf32>, %y: memref<?x28x28x128xf32>,
                %u: memref<?x?x64xf32> {kern.sizes = array<i64: 5, 6>}, %d: memref<5x64xf32>, %n: index, %s: index) {
  %c64 = arith.constant 64 : index
  %c128 = arith.constant 128 : index
  %c56 = arith.constant 56 : index
  %c28 = arith.constant 28 : index
  kern.conv %x, %w batch(%n) input(%c56, %c56) output(%c28, %c28) channels(%c64) features(%c128)
      kernel [3, 3] stride [2, 2] pad [1, -1] dilation [1, 1] groups 4 : memref<?x56x56x64xf32>, !kern.panels<32x576xf32>
      epilogue (%acc: f32, %i: index, %h: index, %v: index, %o: index) {
    kern.store %acc, %y[%i, %h, %v, %o] : memref<?x28x28x128xf32>
  }
  kern.dwconv %u, %d batch(%n) input(%s) output(%s) channels(%c64)
      kernel [5] stride [1] pad [2] dilation [3] : memref<?x?x64xf32>, memref<5x64xf32>
      epilogue (%acc: f32, %i: index, %v: index, %c: index) {
    kern.store %acc, %u[%i, %v, %c] : memref<?x?x64xf32>
  }
}

// CHECK-LABEL: kern.func @attention(
// CHECK: kern.attention %{{.*}}, %{{.*}}, %{{.*}} into %{{.*}} batch(%{{.*}}, %{{.*}}) queries(%{{.*}}) keys(%{{.*}}) scale(%{{.*}} : f32) {causal}
// CHECK: score (%[[X:.*]]: f32, %[[B:.*]]: index, %{{.*}}: index, %{{.*}}: index, %[[J:.*]]: index) {
// CHECK: kern.yield %{{.*}} : f32
kern.func @attention(%qkv: memref<?x?x3x12x32xf32> {kern.sizes = array<i64: 3, 4>}, %mask: memref<?x?xf32> {kern.sizes = array<i64: 3, 4>},
                     %o: memref<?x?x12x32xf32> {kern.sizes = array<i64: 3, 4>}, %n: index, %s: index) {
  %h = arith.constant 12 : index
  %scale = arith.constant 0.176776695 : f32
  %stride = affine.apply affine_map<()[s] -> (s * 1152)>()[%s]
  %ostride = affine.apply affine_map<()[s] -> (s * 384)>()[%s]
  %q = memref.reinterpret_cast %qkv to offset: [0], sizes: [%n, 12, %s, 32], strides: [%stride, 32, 1152, 1]
      : memref<?x?x3x12x32xf32> to memref<?x12x?x32xf32, strided<[?, 32, 1152, 1]>>
  %k = memref.reinterpret_cast %qkv to offset: [384], sizes: [%n, 12, %s, 32], strides: [%stride, 32, 1152, 1]
      : memref<?x?x3x12x32xf32> to memref<?x12x?x32xf32, strided<[?, 32, 1152, 1], offset: 384>>
  %v = memref.reinterpret_cast %qkv to offset: [768], sizes: [%n, 12, %s, 32], strides: [%stride, 32, 1152, 1]
      : memref<?x?x3x12x32xf32> to memref<?x12x?x32xf32, strided<[?, 32, 1152, 1], offset: 768>>
  %out = memref.reinterpret_cast %o to offset: [0], sizes: [%n, 12, %s, 32], strides: [%ostride, 32, 384, 1]
      : memref<?x?x12x32xf32> to memref<?x12x?x32xf32, strided<[?, 32, 384, 1]>>
  kern.attention %q, %k, %v into %out batch(%n, %h) queries(%s) keys(%s) scale(%scale : f32) {causal}
      : memref<?x12x?x32xf32, strided<[?, 32, 1152, 1]>>, memref<?x12x?x32xf32, strided<[?, 32, 1152, 1], offset: 384>>,
        memref<?x12x?x32xf32, strided<[?, 32, 1152, 1], offset: 768>>, memref<?x12x?x32xf32, strided<[?, 32, 384, 1]>>
      score (%x: f32, %b: index, %hd: index, %i: index, %j: index) {
    %mv = kern.load %mask[%b, %j] : memref<?x?xf32>
    %r = arith.addf %x, %mv : f32
    kern.yield %r : f32
  }
}

// CHECK-LABEL: kern.func @pack(
// CHECK: kern.pack into %{{.*}} cols(%{{.*}}) inner(%{{.*}}) : !kern.panels<?x784xf32> element (%{{.*}}: index, %{{.*}}: index) {
kern.func @pack(%w: memref<?x784xf32>, %p: !kern.panels<?x784xf32>, %n: index) {
  %k = arith.constant 784 : index
  kern.pack into %p cols(%n) inner(%k) : !kern.panels<?x784xf32> element (%j: index, %kk: index) {
    %v = kern.load %w[%j, %kk] : memref<?x784xf32>
    kern.yield %v : f32
  }
}

// CHECK-LABEL: kern.func @softmax(
// CHECK: kern.rows (%{{.*}}) to (%{{.*}}) {
// CHECK: kern.temp : memref<128xf32>
// CHECK: kern.reduce max (%{{.*}}) to (%{{.*}}) : f32 {
// CHECK: kern.each (%{{.*}}) to (%{{.*}}) {
kern.func @softmax(%x: memref<?x128xf32>, %y: memref<?x128xf32>, %m: index) {
  %n = arith.constant 128 : index
  kern.rows (%i) to (%m) {
    %row = kern.temp : memref<128xf32>
    %max = kern.reduce max (%j) to (%n) : f32 {
      %v = kern.load %x[%i, %j] : memref<?x128xf32>
      kern.yield %v : f32
    }
    %sum = kern.reduce add (%j) to (%n) : f32 {
      %v = kern.load %x[%i, %j] : memref<?x128xf32>
      %d = arith.subf %v, %max : f32
      %e = math.exp %d : f32
      kern.store %e, %row[%j] : memref<128xf32>
      kern.yield %e : f32
    }
    kern.each (%j) to (%n) {
      %e = kern.load %row[%j] : memref<128xf32>
      %p = arith.divf %e, %sum : f32
      kern.store %p, %y[%i, %j] : memref<?x128xf32>
    }
  }
}

// CHECK-LABEL: kern.func @embedding(
// CHECK: kern.map (%{{.*}}, %{{.*}}) to (%{{.*}}, %{{.*}}) {
// CHECK: kern.check_index %{{.*}}, %{{.*}} : i64
// CHECK: kern.random %{{.*}}[%{{.*}}] : f32
// CHECK: kern.reduce argmax
kern.func @embedding(%ids: memref<?xi64>, %table: memref<1000x384xf32>, %y: memref<?x384xf32>, %best: memref<?xi64>, %key: i64, %m: index) {
  %d = arith.constant 384 : index
  %limit = arith.constant 1000 : index
  kern.map (%i, %j) to (%m, %d) {
    %id = kern.load %ids[%i] : memref<?xi64>
    %row = kern.check_index %id, %limit : i64
    %v = kern.load %table[%row, %j] : memref<1000x384xf32>
    %e = affine.apply affine_map<(i, j) -> (i * 384 + j)>(%i, %j)
    %u = kern.random %key[%e] : f32
    %s = arith.mulf %v, %u : f32
    kern.store %s, %y[%i, %j] : memref<?x384xf32>
  }
  kern.rows (%i) to (%m) {
    %a = kern.reduce argmax (%j) to (%d) : i64 {
      %v = kern.load %y[%i, %j] : memref<?x384xf32>
      kern.yield %v : f32
    }
    kern.store %a, %best[%i] : memref<?xi64>
  }
}
