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

// -----
kern.func @conv_rank(%x: memref<?x8x8x4xf32>, %w: !kern.panels<8x36xf32>, %n: index) {
  %c4 = arith.constant 4 : index
  %c8 = arith.constant 8 : index
  // expected-error @+1 {{has 0 spatial dimensions}}
  kern.conv %x, %w batch(%n) input() output() channels(%c4) features(%c8) kernel [] stride [] pad [] dilation [] groups 1 : memref<?x8x8x4xf32>, !kern.panels<8x36xf32>
      epilogue (%acc: f32, %i: index, %h: index, %v: index, %o: index) {
  }
}

// -----
kern.func @conv_numbers(%x: memref<?x8x8x4xf32>, %w: !kern.panels<8x36xf32>, %n: index) {
  %c4 = arith.constant 4 : index
  %c8 = arith.constant 8 : index
  // expected-error @+1 {{stride has 1 numbers for 2 spatial dimensions}}
  kern.conv %x, %w batch(%n) input(%c8, %c8) output(%c8, %c8) channels(%c4) features(%c8) kernel [3, 3] stride [1] pad [1, 1] dilation [1, 1] groups 1 : memref<?x8x8x4xf32>, !kern.panels<8x36xf32>
      epilogue (%acc: f32, %i: index, %h: index, %v: index, %o: index) {
  }
}

// -----
kern.func @conv_zero(%x: memref<?x8x8x4xf32>, %w: !kern.panels<8x36xf32>, %n: index) {
  %c4 = arith.constant 4 : index
  %c8 = arith.constant 8 : index
  // expected-error @+1 {{dilation must be from 1 to 16777216, got 0}}
  kern.conv %x, %w batch(%n) input(%c8, %c8) output(%c8, %c8) channels(%c4) features(%c8) kernel [3, 3] stride [1, 1] pad [1, 1] dilation [1, 0] groups 1 : memref<?x8x8x4xf32>, !kern.panels<8x36xf32>
      epilogue (%acc: f32, %i: index, %h: index, %v: index, %o: index) {
  }
}

// -----
kern.func @conv_huge(%x: memref<?x8x8x4xf32>, %w: !kern.panels<8x36xf32>, %n: index) {
  %c4 = arith.constant 4 : index
  %c8 = arith.constant 8 : index
  // expected-error @+1 {{kernel has more than 16777216 positions}}
  kern.conv %x, %w batch(%n) input(%c8, %c8) output(%c8, %c8) channels(%c4) features(%c8) kernel [65536, 65536] stride [1, 1] pad [1, 1] dilation [1, 1] groups 1 : memref<?x8x8x4xf32>, !kern.panels<8x36xf32>
      epilogue (%acc: f32, %i: index, %h: index, %v: index, %o: index) {
  }
}

// -----
kern.func @conv_sizes(%x: memref<?x8x8x4xf32>, %w: !kern.panels<8x36xf32>, %n: index) {
  %c4 = arith.constant 4 : index
  %c8 = arith.constant 8 : index
  // expected-error @+1 {{has sizes of 1 spatial dimensions for a kernel of 2}}
  kern.conv %x, %w batch(%n) input(%c8) output(%c8) channels(%c4) features(%c8) kernel [3, 3] stride [1, 1] pad [1, 1] dilation [1, 1] groups 1 : memref<?x8x8x4xf32>, !kern.panels<8x36xf32>
      epilogue (%acc: f32, %i: index, %h: index, %v: index, %o: index) {
  }
}

// -----
kern.func @conv_input_rank(%x: memref<?x8x4xf32>, %w: !kern.panels<8x36xf32>, %n: index) {
  %c4 = arith.constant 4 : index
  %c8 = arith.constant 8 : index
  // expected-error @+1 {{input must have rank 4 (batch, positions, channels), got 'memref<?x8x4xf32>'}}
  kern.conv %x, %w batch(%n) input(%c8, %c8) output(%c8, %c8) channels(%c4) features(%c8) kernel [3, 3] stride [1, 1] pad [1, 1] dilation [1, 1] groups 1 : memref<?x8x4xf32>, !kern.panels<8x36xf32>
      epilogue (%acc: f32, %i: index, %h: index, %v: index, %o: index) {
  }
}

// -----
kern.func @conv_channels(%x: memref<?x8x8x5xf32>, %w: !kern.panels<8x36xf32>, %n: index) {
  %c4 = arith.constant 4 : index
  %c8 = arith.constant 8 : index
  // expected-error @+1 {{input of type 'memref<?x8x8x5xf32>' contradicts the sizes given}}
  kern.conv %x, %w batch(%n) input(%c8, %c8) output(%c8, %c8) channels(%c4) features(%c8) kernel [3, 3] stride [1, 1] pad [1, 1] dilation [1, 1] groups 1 : memref<?x8x8x5xf32>, !kern.panels<8x36xf32>
      epilogue (%acc: f32, %i: index, %h: index, %v: index, %o: index) {
  }
}

// -----
kern.func @conv_types(%x: memref<?x8x8x4xf32>, %w: !kern.panels<8x36xf64>, %n: index) {
  %c4 = arith.constant 4 : index
  %c8 = arith.constant 8 : index
  // expected-error @+1 {{multiplies 'f32' by 'f64'}}
  kern.conv %x, %w batch(%n) input(%c8, %c8) output(%c8, %c8) channels(%c4) features(%c8) kernel [3, 3] stride [1, 1] pad [1, 1] dilation [1, 1] groups 1 : memref<?x8x8x4xf32>, !kern.panels<8x36xf64>
      epilogue (%acc: f32, %i: index, %h: index, %v: index, %o: index) {
  }
}

// -----
kern.func @conv_epilogue(%x: memref<?x8x8x4xf32>, %w: !kern.panels<8x36xf32>, %n: index) {
  %c4 = arith.constant 4 : index
  %c8 = arith.constant 8 : index
  // expected-error @+1 {{epilogue must take the accumulator of type 'f32', a batch index, 2 positions and a channel}}
  kern.conv %x, %w batch(%n) input(%c8, %c8) output(%c8, %c8) channels(%c4) features(%c8) kernel [3, 3] stride [1, 1] pad [1, 1] dilation [1, 1] groups 1 : memref<?x8x8x4xf32>, !kern.panels<8x36xf32>
      epilogue (%acc: f32, %i: index, %o: index) {
  }
}

// -----
kern.func @conv_groups(%x: memref<?x8x8x4xf32>, %w: !kern.panels<8x36xf32>, %n: index) {
  %c4 = arith.constant 4 : index
  %c8 = arith.constant 8 : index
  // expected-error @+1 {{4 channels do not split into 3 groups}}
  kern.conv %x, %w batch(%n) input(%c8, %c8) output(%c8, %c8) channels(%c4) features(%c8) kernel [3, 3] stride [1, 1] pad [1, 1] dilation [1, 1] groups 3 : memref<?x8x8x4xf32>, !kern.panels<8x36xf32>
      epilogue (%acc: f32, %i: index, %h: index, %v: index, %o: index) {
  }
}

// -----
kern.func @conv_columns(%x: memref<?x8x8x4xf32>, %w: !kern.panels<8x36xf32>, %n: index) {
  %c4 = arith.constant 4 : index
  %c8 = arith.constant 8 : index
  // expected-error @+1 {{'!kern.panels<8x36xf32>' must have 4 columns, the features of a group}}
  kern.conv %x, %w batch(%n) input(%c8, %c8) output(%c8, %c8) channels(%c4) features(%c8) kernel [3, 3] stride [1, 1] pad [1, 1] dilation [1, 1] groups 2 : memref<?x8x8x4xf32>, !kern.panels<8x36xf32>
      epilogue (%acc: f32, %i: index, %h: index, %v: index, %o: index) {
  }
}

// -----
kern.func @conv_summands(%x: memref<?x8x8x4xf32>, %w: !kern.panels<8x27xf32>, %n: index) {
  %c4 = arith.constant 4 : index
  %c8 = arith.constant 8 : index
  // expected-error @+1 {{'!kern.panels<8x27xf32>' must have 36 summands, kernel positions times channels}}
  kern.conv %x, %w batch(%n) input(%c8, %c8) output(%c8, %c8) channels(%c4) features(%c8) kernel [3, 3] stride [1, 1] pad [1, 1] dilation [1, 1] groups 1 : memref<?x8x8x4xf32>, !kern.panels<8x27xf32>
      epilogue (%acc: f32, %i: index, %h: index, %v: index, %o: index) {
  }
}

// -----
kern.func @dwconv_weights(%x: memref<?x8x8x4xf32>, %w: memref<4x9xf32>, %n: index) {
  %c4 = arith.constant 4 : index
  %c8 = arith.constant 8 : index
  // expected-error @+1 {{weights must be [9 kernel positions, channels], got 'memref<4x9xf32>'}}
  kern.dwconv %x, %w batch(%n) input(%c8, %c8) output(%c8, %c8) channels(%c4) kernel [3, 3] stride [1, 1] pad [1, 1] dilation [1, 1] : memref<?x8x8x4xf32>, memref<4x9xf32>
      epilogue (%acc: f32, %i: index, %h: index, %v: index, %o: index) {
  }
}
