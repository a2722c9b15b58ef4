// RUN: mod-opt %s --mod-lower-groups --split-input-file --verify-diagnostics

// A packed operand has no elements that can be read one by one.
!w = !mod.tensor<f32[8, 4], <[0, 1], panel = [0]>>
// expected-error @below {{reads a packed operand other than as the right side of a product whose left side is a view of an operand}}
mod.kernel @k kind "matmul" dims ["d0"] hash "1" {
^bb0(%x: !mod.tensor<f32[d0, 4]>, %w: !w):
  %e = mod.exp %x : (!mod.tensor<f32[d0, 4]>) -> !mod.tensor<f32[d0, 4]>
  %m = mod.matmul %e, %w trans_b true : (!mod.tensor<f32[d0, 4]>, !w) -> !mod.tensor<f32[d0, 8]>
  mod.yield %m : !mod.tensor<f32[d0, 8]>
}

// -----

mod.kernel @k kind "map" dims ["d0"] hash "1" {
^bb0(%x: !mod.tensor<f32[d0]>):
  // expected-error @below {{uses size `d7`, which nothing binds}}
  %n = mod.size <d7> as f32 : !mod.tensor<f32[]>
  %y = mod.add %x, %n : (!mod.tensor<f32[d0]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[d0]>
  mod.yield %y : !mod.tensor<f32[d0]>
}
