// RUN: kern-opt %s -split-input-file -verify-diagnostics

// expected-error @+1 {{argument 0 of type 'memref<?x?xf32>' needs `kern.sizes`}}
kern.func @sizes(%x: memref<?x?xf32>, %m: index) {
}

// -----
// expected-error @+1 {{`kern.sizes` names argument 0, which is no index}}
kern.func @position(%x: memref<?x?xf32> {kern.sizes = array<i64: 1, 0>}, %m: index) {
}

// -----
// expected-error @+1 {{has 2 unknown sizes and strides, `kern.sizes` lists 1}}
kern.func @count(%x: memref<?x?xf32> {kern.sizes = array<i64: 1>}, %m: index) {
}

// -----
// expected-error @+1 {{must be a memref, panels, an index, or a scalar}}
kern.func @argument(%x: tensor<4xf32>) {
}

// -----
kern.func @inner(%x: memref<?x64xf32>, %w: !kern.panels<16x32xf32>, %m: index) {
  %n = arith.constant 16 : index
  %k = arith.constant 64 : index
  // expected-error @+1 {{right operand of type '!kern.panels<16x32xf32>' contradicts the sizes}}
  kern.gemm %x, %w rows(%m) cols(%n) inner(%k) : memref<?x64xf32>, !kern.panels<16x32xf32>
      epilogue (%acc: f32, %i: index, %j: index) {
  }
}

// -----
kern.func @mixed(%x: memref<?x32xf32>, %w: !kern.panels<16x32xf64>, %m: index) {
  %n = arith.constant 16 : index
  %k = arith.constant 32 : index
  // expected-error @+1 {{multiplies 'f32' by 'f64'}}
  kern.gemm %x, %w rows(%m) cols(%n) inner(%k) : memref<?x32xf32>, !kern.panels<16x32xf64>
      epilogue (%acc: f32, %i: index, %j: index) {
  }
}

// -----
kern.func @accumulator(%x: memref<?x32xbf16>, %w: !kern.panels<16x32xbf16>, %m: index) {
  %n = arith.constant 16 : index
  %k = arith.constant 32 : index
  // expected-error @+1 {{epilogue must take the accumulator of type 'f32', 0 batch indices, a row and a column}}
  kern.gemm %x, %w rows(%m) cols(%n) inner(%k) : memref<?x32xbf16>, !kern.panels<16x32xbf16>
      epilogue (%acc: bf16, %i: index, %j: index) {
  }
}

// -----
kern.func @stride(%q: memref<4x32x8xf32>, %m: index, %scale: f32) {
  %t = memref.transpose %q (a, b, c) -> (a, c, b) : memref<4x32x8xf32> to memref<4x8x32xf32, strided<[256, 1, 8]>>
  // expected-error @+1 {{the innermost stride must be 1}}
  kern.attention %t, %t, %t into %t batch(%m) queries(%m) keys(%m) scale(%scale : f32)
      : memref<4x8x32xf32, strided<[256, 1, 8]>>, memref<4x8x32xf32, strided<[256, 1, 8]>>,
        memref<4x8x32xf32, strided<[256, 1, 8]>>, memref<4x8x32xf32, strided<[256, 1, 8]>>
      score (%x: f32, %b: index, %i: index, %j: index) {
    kern.yield %x : f32
  }
}

// -----
kern.func @position_type(%x: memref<?xf32>, %m: index) {
  kern.rows (%i) to (%m) {
    // expected-error @+1 {{argmax gives a position of type i64, got 'f32'}}
    %a = kern.reduce argmax (%j) to (%m) : f32 {
      %v = kern.load %x[%j] : memref<?xf32>
      kern.yield %v : f32
    }
  }
}

// -----
kern.func @big(%m: index) {
  kern.rows (%i) to (%m) {
    // expected-error @+1 {{at most 64 KiB}}
    %t = kern.temp : memref<16385xf32>
  }
}

// -----
kern.func @rank(%x: memref<?x8xf32>, %m: index) {
  kern.map (%i) to (%m) {
    // expected-error @+1 {{has 1 indices for 'memref<?x8xf32>'}}
    %v = kern.load %x[%i] : memref<?x8xf32>
  }
}
