// RUN: mod-opt %s --mod-verify-mod --split-input-file --verify-diagnostics

mod.class @Child from "Child" kind "module" {
  mod.param @w : !mod.tensor<f32[4]>
  mod.func @forward(%x: !mod.tensor<f32[N, 4]>) -> !mod.tensor<f32[N, 4]> attributes {dims = ["N"]} {
    mod.return %x : !mod.tensor<f32[N, 4]>
  }
}
mod.class @Top from "Top" kind "module" {
  mod.child @c = @Child
  mod.func @forward() -> !mod.tensor<f32[5]> {
    // expected-error @below {{`c.w` is '!mod.tensor<f32[4]>', not '!mod.tensor<f32[5]>'}}
    %w = mod.get "c.w" : !mod.tensor<f32[5]>
    mod.return %w : !mod.tensor<f32[5]>
  }
}

// -----

mod.class @Top from "Top" kind "module" {
  mod.func @forward() -> !mod.tensor<f32[5]> {
    // expected-error @below {{path `d`: class @Top has no child `d`}}
    %w = mod.get "d.w" : !mod.tensor<f32[5]>
    mod.return %w : !mod.tensor<f32[5]>
  }
}

// -----

mod.class @Child from "Child" kind "module" {
  mod.func @forward(%x: !mod.tensor<f32[N, 4]>) -> !mod.tensor<f32[N, 4]> attributes {dims = ["N"]} {
    mod.return %x : !mod.tensor<f32[N, 4]>
  }
}
mod.class @Top from "Top" kind "module" {
  mod.child @c = @Child
  mod.func @forward(%x: !mod.tensor<f32[M, 5]>) attributes {dims = ["M"]} {
    // expected-error @below {{passes '!mod.tensor<f32[M, 5]>' where the method takes '!mod.tensor<f32[N, 4]>'}}
    %y = mod.call "c" -> @forward(%x) site 0 : (!mod.tensor<f32[M, 5]>) -> !mod.tensor<f32[M, 4]>
    mod.return
  }
}
