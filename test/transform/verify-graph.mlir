// RUN: mod-opt %s --mod-verify-graph --split-input-file --verify-diagnostics

// expected-error @below {{was changed after outline-kernels gave it its hash}}
mod.kernel @k kind "map" dims ["d0"] hash "00" {
^bb0(%x: !mod.tensor<f32[d0]>):
  mod.yield %x : !mod.tensor<f32[d0]>
}

// -----

mod.class @C from "C" kind "module" {
  mod.func @f.eval(%x: !mod.tensor<f32[N]> {mod.name = "x"}) -> !mod.tensor<f32[N]> attributes {dims = ["N"], mod.role = "eval"} {
    // expected-error @below {{is left outside of kernels; outline-kernels should have taken it}}
    %y = mod.exp %x : (!mod.tensor<f32[N]>) -> !mod.tensor<f32[N]>
    mod.return %y : !mod.tensor<f32[N]>
  }
}

// -----

mod.class @C from "C" kind "module" {
  // expected-error @below {{argument 0 does not say where it comes from}}
  mod.func @f.eval(%x: !mod.tensor<f32[N]>) -> !mod.tensor<f32[N]> attributes {dims = ["N"], mod.role = "eval"} {
    mod.return %x : !mod.tensor<f32[N]>
  }
}

// -----

mod.class @C from "C" kind "module" {
  // expected-error @below {{result 0 is written by no kernel}}
  mod.func @f.eval(%x: !mod.tensor<f32[N]> {mod.name = "x"}) -> !mod.tensor<f32[N]> attributes {dims = ["N"], mod.role = "eval"} {
    mod.return %x : !mod.tensor<f32[N]>
  }
}
