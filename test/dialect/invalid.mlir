// RUN: mod-opt %s --split-input-file --verify-diagnostics

// ---- types, attributes

// expected-error @+1 {{'i7' is no dtype}}
mod.func @f(%x: !mod.tensor<i7[N]>) attributes {dims = ["N"]} { mod.return }
// -----
// expected-error @+1 {{rank 9 is above the limit of 8}}
mod.func @f(%x: !mod.tensor<f32[1, 1, 1, 1, 1, 1, 1, 1, 1]>) { mod.return }
// -----
// expected-error @+1 {{negative dimension -1}}
mod.func @f(%x: !mod.tensor<f32[-1]>) { mod.return }
// -----
// expected-error @+1 {{a size does not fit 62 bits}}
mod.func @f(%x: !mod.tensor<f32[4611686018427387904*N*N*2]>) attributes {dims = ["N"]} { mod.return }
// -----
// expected-error @+1 {{division by zero}}
mod.func @f(%x: !mod.tensor<f32[floordiv(N, 0)]>) attributes {dims = ["N"]} { mod.return }
// -----
// expected-error @+1 {{layout is not a permutation of the dimensions}}
mod.func @f(%x: !mod.tensor<f32[2, 3], <[0, 0]>>) { mod.return }
// -----
// expected-error @+1 {{layout's panel is not one dimension}}
mod.func @f(%x: !mod.tensor<f32[2, 3], <[0, 1], panel = [2]>>) { mod.return }
// -----
// expected-error @+1 {{a guard's relation is eq or le, not `lt`}}
mod.func @f() attributes {guards = [#mod.guard<lt, #mod.dim<1>, #mod.dim<2>, "">]} { mod.return }
// -----
// expected-error @+1 {{range of `N` is empty or below 0}}
mod.func @f() attributes {ranges = [#mod.range<"N", 3, 2>]} { mod.return }
// -----
// expected-error @+1 {{a place is `arena N` or `out N`}}
mod.func @f() attributes {x = #mod.place<stack 0>} { mod.return }
// -----
// expected-error @+1 {{a size has no function `mod`}}
mod.func @f() attributes {x = #mod.dimfn<mod, <1>, <2>>} { mod.return }
// -----
// expected-error @+1 {{expected fill, uniform, normal or fn}}
mod.class @C from "C" kind "module" { mod.param @w : !mod.tensor<f32[]> init #mod.init<ones> }

// ---- structure
// -----
// expected-error @+1 {{kind is one of module, sequential, list, dict}}
mod.class @C from "C" kind "set" {}
// -----
mod.class @C from "C" kind "module" {
  // expected-error @+1 {{does not belong into a class}}
  mod.class @D from "D" kind "module" {}
}
// -----
mod.class @C from "C" kind "module" {
  mod.buffer @b : !mod.tensor<f32[]>
  // expected-error @+1 {{comes after a buffer; parameters come first}}
  mod.param @p : !mod.tensor<f32[]>
}
// -----
mod.class @C from "C" kind "module" {
  // expected-error @+1 {{name contains a `.`}}
  mod.param @"a.b" : !mod.tensor<f32[]>
}
// -----
mod.class @C from "C" kind "module" {
  // expected-error @+1 {{has an empty name}}
  mod.param @"" : !mod.tensor<f32[]>
}
// -----
mod.class @C from "C" kind "module" {
  // expected-error @+1 {{there is no class @D}}
  mod.child @d = @D
}
// -----
// expected-error @+1 {{there is no class @C}}
mod.export @c = @C -> @forward instance 0
// -----
mod.class @C from "C" kind "module" {}
// expected-error @+1 {{class @C has no method `forward`}}
mod.export @c = @C -> @forward instance 0
// -----
// expected-error @+1 {{argument uses size `S`, which nothing binds}}
mod.func @f(%x: !mod.tensor<f32[N, S]>) attributes {dims = ["N"]} { mod.return }
// -----
mod.func @f() {
  // expected-error @+1 {{uses size `N`, which nothing binds}}
  %0 = mod.iota #mod.dim<N> as i64 : !mod.tensor<i64[N]>
  mod.return
}
// -----
mod.func @f() -> !mod.tensor<f32[]> {
  // expected-error @+1 {{returns other types than the function declares}}
  mod.return
}
// -----
// expected-error @+1 {{attribute `mod.weight` must be a string}}
mod.func @f(%x: !mod.tensor<f32[]> {mod.weight = 1}) { mod.return }
// -----
// expected-error @+1 {{attribute `mod.key` must be on an argument of type !mod.rng}}
mod.func @f(%x: !mod.tensor<f32[]> {mod.key}) { mod.return }
// -----
mod.class @C from "C" kind "module" {
  mod.param @w : !mod.tensor<f32[2]>
  mod.param @none : !mod.tensor<f32[2]> none
  mod.func @a() {
    // expected-error @+1 {{class @C has no parameter or buffer `v`}}
    %0 = mod.get "v" : !mod.tensor<f32[2]>
    mod.return
  }
}
// -----
mod.class @C from "C" kind "module" {
  mod.param @w : !mod.tensor<f32[2]> none
  mod.func @a() {
    // expected-error @+1 {{class @C has no parameter or buffer `w`}}
    %0 = mod.get "w" : !mod.tensor<f32[2]>
    mod.return
  }
}
// -----
mod.class @C from "C" kind "module" {
  mod.buffer @w : !mod.tensor<f32[2]>
  mod.func @a(%x: !mod.tensor<f32[3]>) {
    // expected-error @+1 {{`w` is '!mod.tensor<f32[2]>', not '!mod.tensor<f32[3]>'}}
    mod.set "w", %x : !mod.tensor<f32[3]>
    mod.return
  }
}
// -----
mod.class @C from "C" kind "module" {
  mod.func @a() {
    // expected-error @+1 {{path `b.c`: class @C has no child `b`}}
    mod.call "b.c" -> @forward() site 0 : () -> ()
    mod.return
  }
}
// -----
mod.func @f(%x: !mod.tensor<f32[N]>) attributes {dims = ["N"]} {
  // expected-error @+1 {{may change sizes alone, not dtype, rank or layout}}
  %0 = mod.assume %x, "" : !mod.tensor<f32[N]> to !mod.tensor<f32[N, 1]>
  mod.return
}

// ---- kernels, programs
// -----
// expected-error @+1 {{must end with mod.yield}}
mod.kernel @k kind "map" dims [] hash "0" {
^bb0(%x: !mod.tensor<f32[]>):
}
// -----
// expected-error @+1 {{takes tensors and keys, not 'f32'}}
mod.kernel @k kind "map" dims [] hash "0" {
^bb0(%x: f32):
}
// -----
mod.kernel @k kind "map" dims [] hash "0" {
^bb0(%x: !mod.tensor<f32[]>):
  // expected-error @+1 {{does not belong into a kernel}}
  %0 = mod.get "w" : !mod.tensor<f32[]>
  mod.yield %0 : !mod.tensor<f32[]>
}
// -----
// expected-error @+1 {{yields one block}}
mod.prepare @p hash "0" {
^bb0(%x: !mod.tensor<f32[]>):
  mod.yield %x, %x : !mod.tensor<f32[]>, !mod.tensor<f32[]>
}
// -----
mod.class @C from "C" kind "module" {
  mod.program @p dims [] {
  ^bb0(%x: !mod.tensor<f32[]>):
    // expected-error @+1 {{does not belong into a program}}
    %0 = mod.neg %x : (!mod.tensor<f32[]>) -> !mod.tensor<f32[]>
    mod.return
  }
}
// -----
mod.class @C from "C" kind "module" {
  mod.program @p dims [] {
  ^bb0(%x: !mod.tensor<f32[]>):
    // expected-error @+1 {{there is no piece @q}}
    mod.run @q(%x) : (!mod.tensor<f32[]>) -> ()
    mod.return
  }
}
// -----
mod.func @f() {
  // expected-error @+1 {{there is no kernel @k}}
  mod.launch @k() sizes [] : () -> ()
  mod.return
}
// -----
mod.kernel @k kind "map" dims ["d0"] hash "0" {
^bb0(%x: !mod.tensor<f32[d0]>):
  mod.yield %x : !mod.tensor<f32[d0]>
}
mod.func @f(%x: !mod.tensor<f32[N]>) attributes {dims = ["N"]} {
  // expected-error @+1 {{gives 0 sizes to kernel @k, which takes 1}}
  %0 = mod.launch @k(%x) sizes [] : (!mod.tensor<f32[N]>) -> !mod.tensor<f32[N]>
  mod.return
}
// -----
mod.kernel @k kind "map" dims ["d0"] hash "0" {
^bb0(%x: !mod.tensor<f32[d0]>):
  mod.yield %x : !mod.tensor<f32[d0]>
}
mod.func @g(%x: !mod.tensor<f32[N]>) attributes {dims = ["N"]} {
  // expected-error @+1 {{argument 0 is '!mod.tensor<f32[N]>', but kernel @k has '!mod.tensor<f32[d0]>'}}
  %0 = mod.launch @k(%x) sizes [#mod.dim<N + 1>] : (!mod.tensor<f32[N]>) -> !mod.tensor<f32[N]>
  mod.return
}
// -----
mod.kernel @k kind "map" dims ["d0"] hash "0" {
^bb0(%x: !mod.tensor<f32[d0]>):
  mod.yield %x : !mod.tensor<f32[d0]>
}
mod.func @h(%x: !mod.tensor<f32[N]>) attributes {dims = ["N"]} {
  // expected-error @+1 {{2 results, but kernel @k has 1}}
  %0:2 = mod.launch @k(%x) sizes [#mod.dim<N>] : (!mod.tensor<f32[N]>) -> (!mod.tensor<f32[N]>, !mod.tensor<f32[N]>)
  mod.return
}

// ---- primitives
// -----
mod.func @f(%x: !mod.tensor<f32[N]>, %y: !mod.tensor<f64[N]>) attributes {dims = ["N"]} {
  // expected-error @+1 {{dtypes differ: f32 against f64}}
  %0 = mod.add %x, %y : (!mod.tensor<f32[N]>, !mod.tensor<f64[N]>) -> !mod.tensor<f32[N]>
  mod.return
}
// -----
mod.func @f(%x: !mod.tensor<f32[3, N]>, %y: !mod.tensor<f32[4, 1]>) attributes {dims = ["N"]} {
  // expected-error @+1 {{sizes do not broadcast: 3 against 4}}
  %0 = mod.add %x, %y : (!mod.tensor<f32[3, N]>, !mod.tensor<f32[4, 1]>) -> !mod.tensor<f32[3, N]>
  mod.return
}
// -----
mod.func @f(%x: !mod.tensor<f32[N]>, %y: !mod.tensor<f32[S]>) attributes {dims = ["N", "S"]} {
  // expected-error @+1 {{has an equality of sizes that nothing proves; `mod.assume` must state it}}
  %0 = mod.add %x, %y : (!mod.tensor<f32[N]>, !mod.tensor<f32[S]>) -> !mod.tensor<f32[N]>
  mod.return
}
// -----
mod.func @f(%x: !mod.tensor<f32[N]>) attributes {dims = ["N"]} {
  // expected-error @+1 {{result should be '!mod.tensor<f32[N]>'}}
  %0 = mod.neg %x : (!mod.tensor<f32[N]>) -> !mod.tensor<f32[1]>
  mod.return
}
// -----
mod.func @f(%x: !mod.tensor<i64[]>) {
  // expected-error @+1 {{operand #0 must be floating tensor}}
  %0 = mod.exp %x : (!mod.tensor<i64[]>) -> !mod.tensor<i64[]>
  mod.return
}
// -----
mod.func @f(%x: !mod.tensor<f32[]>) {
  // expected-error @+1 {{'i3' is no dtype}}
  %0 = mod.to %x as i3 : (!mod.tensor<f32[]>) -> !mod.tensor<i32[]>
  mod.return
}
// -----
mod.func @f() {
  // expected-error @+1 {{the value beside dtype f32 is to be an f64 number}}
  %0 = mod.full 1 : i64 as f32 [] : !mod.tensor<f32[]>
  mod.return
}
// -----
mod.func @f() {
  // expected-error @+1 {{the value beside dtype i32 is to be an i64 number}}
  %0 = mod.full 1 : i128 as i32 [] : !mod.tensor<i32[]>
  mod.return
}
// -----
mod.func @f() {
  // expected-error @+1 {{rank 9 is above the limit of 8}}
  %0 = "mod.full"() {value = 1.0 : f64, dtype = f32, shape = [#mod.dim<1>, #mod.dim<1>, #mod.dim<1>, #mod.dim<1>, #mod.dim<1>, #mod.dim<1>, #mod.dim<1>, #mod.dim<1>, #mod.dim<1>]} : () -> !mod.tensor<f32[]>
  mod.return
}
// -----
mod.func @f() {
  // expected-error @+1 {{attribute 'shape' failed to satisfy constraint: array of dimensions}}
  %0 = "mod.full"() {value = 1.0 : f64, dtype = f32, shape = [1]} : () -> !mod.tensor<f32[]>
  mod.return
}
// -----
mod.func @f() {
  // expected-error @+1 {{requires attribute 'shape'}}
  %0 = "mod.full"() {value = 1.0 : f64, dtype = f32} : () -> !mod.tensor<f32[]>
  mod.return
}
// -----
mod.func @f(%x: !mod.tensor<f32[2*N, 3]>) attributes {dims = ["N"]} {
  // expected-error @+1 {{number of elements changes: 6*N against 5*N}}
  %0 = mod.reshape %x to [#mod.dim<5*N>] : (!mod.tensor<f32[2*N, 3]>) -> !mod.tensor<f32[5*N]>
  mod.return
}
// -----
mod.func @f(%x: !mod.tensor<f32[2, 3]>) {
  // expected-error @+1 {{dims are not a permutation of the 2 dimensions}}
  %0 = mod.permute %x by [0, 0] : (!mod.tensor<f32[2, 3]>) -> !mod.tensor<f32[2, 2]>
  mod.return
}
// -----
mod.func @f(%x: !mod.tensor<f32[2]>) {
  // expected-error @+1 {{only a size of 1 can be expanded: 2 against 4}}
  %0 = mod.expand %x to [#mod.dim<4>] : (!mod.tensor<f32[2]>) -> !mod.tensor<f32[4]>
  mod.return
}
// -----
mod.func @f(%x: !mod.tensor<f32[4]>) {
  // expected-error @+1 {{slice from 1 of length 2 is out of range for size 4}}
  %0 = mod.narrow %x dim 0 from <1> length <2> step 3 : (!mod.tensor<f32[4]>) -> !mod.tensor<f32[2]>
  mod.return
}
// -----
mod.func @f(%x: !mod.tensor<f32[4]>) {
  // expected-error @+1 {{slice from 0 of length 4611686018427387903 is out of range for size 4}}
  %0 = mod.narrow %x dim 0 from <0> length <4611686018427387903> step 9223372036854775807 : (!mod.tensor<f32[4]>) -> !mod.tensor<f32[2]>
  mod.return
}
// -----
mod.func @f(%x: !mod.tensor<f32[4]>) {
  // expected-error @+1 {{dimension 1 is out of range for a tensor of rank 1}}
  %0 = mod.narrow %x dim 1 from <0> length <2> : (!mod.tensor<f32[4]>) -> !mod.tensor<f32[2]>
  mod.return
}
// -----
mod.func @f(%x: !mod.tensor<f32[4]>) {
  // expected-error @+1 {{a step of 0 is not positive}}
  %0 = mod.narrow %x dim 0 from <0> length <2> step 0 : (!mod.tensor<f32[4]>) -> !mod.tensor<f32[2]>
  mod.return
}
// -----
mod.func @f(%x: !mod.tensor<f32[N]>, %v: !mod.tensor<f32[N]>) attributes {dims = ["N"]} {
  // expected-error @+1 {{block from 1 of size N does not fit into N}}
  %0 = mod.update_slice %x, %v at [#mod.dim<1>] : (!mod.tensor<f32[N]>, !mod.tensor<f32[N]>) -> !mod.tensor<f32[N]>
  mod.return
}
// -----
mod.func @f() {
  // expected-error @+1 {{nothing to concatenate}}
  %0 = mod.cat dim 0 : () -> !mod.tensor<f32[]>
  mod.return
}
// -----
mod.func @f(%x: !mod.tensor<f32[2]>) {
  // expected-error @+1 {{negative dimension -1}}
  %0 = mod.constant_pad %x lo [-2] hi [-1] with 0.0 : f64 : (!mod.tensor<f32[2]>) -> !mod.tensor<f32[2]>
  mod.return
}
// -----
mod.func @f(%x: !mod.tensor<f32[2]>) {
  // expected-error @+1 {{the value beside dtype f32 is to be an f64 number}}
  %0 = mod.constant_pad %x lo [0] hi [1] with dense<0.0> : tensor<1xf32> : (!mod.tensor<f32[2]>) -> !mod.tensor<f32[3]>
  mod.return
}
// -----
mod.func @f(%x: !mod.tensor<f32[2, 2]>) {
  // expected-error @+1 {{dimension 1 appears twice}}
  %0 = mod.sum %x over [1, 1] : (!mod.tensor<f32[2, 2]>) -> !mod.tensor<f32[2]>
  mod.return
}
// -----
mod.func @f(%x: !mod.tensor<f32[2, 2]>) {
  // expected-error @+1 {{dimension 2 is out of range for a tensor of rank 2}}
  %0 = mod.cumsum %x dim 2 : (!mod.tensor<f32[2, 2]>) -> !mod.tensor<f32[2, 2]>
  mod.return
}
// -----
mod.func @f(%x: !mod.tensor<f32[2, 3]>) {
  // expected-error @+1 {{inner sizes differ: 3 against 2}}
  %0 = mod.matmul %x, %x : (!mod.tensor<f32[2, 3]>, !mod.tensor<f32[2, 3]>) -> !mod.tensor<f32[2, 3]>
  mod.return
}
// -----
mod.func @f(%x: !mod.tensor<f32[3]>) {
  // expected-error @+1 {{wants two matrices, got f32[3] and f32[3]}}
  %0 = mod.matmul %x, %x : (!mod.tensor<f32[3]>, !mod.tensor<f32[3]>) -> !mod.tensor<f32[]>
  mod.return
}
// -----
mod.func @f(%x: !mod.tensor<f32[1, 2, 8]>, %w: !mod.tensor<f64[4, 2, 3]>) {
  // expected-error @+1 {{dtypes differ: f32 against f64}}
  %0 = mod.conv %x, %w stride [1] lo [0] hi [0] dilation [1] : (!mod.tensor<f32[1, 2, 8]>, !mod.tensor<f64[4, 2, 3]>) -> !mod.tensor<f32[1]>
  mod.return
}
// -----
mod.func @f(%x: !mod.tensor<f32[1, 2]>, %w: !mod.tensor<f32[4, 2, 3]>) {
  // expected-error @+1 {{wants input and filters of one rank from 3 to 5, got f32[1, 2] and f32[4, 2, 3]}}
  %0 = mod.conv %x, %w stride [1] lo [0] hi [0] dilation [1] : (!mod.tensor<f32[1, 2]>, !mod.tensor<f32[4, 2, 3]>) -> !mod.tensor<f32[1]>
  mod.return
}
// -----
mod.func @f(%x: !mod.tensor<f32[1, 2, 8]>, %w: !mod.tensor<f32[4, 2, 3]>) {
  // expected-error @+1 {{stride has 2 numbers for 1 spatial dimensions}}
  %0 = mod.conv %x, %w stride [1, 1] lo [0] hi [0] dilation [1] : (!mod.tensor<f32[1, 2, 8]>, !mod.tensor<f32[4, 2, 3]>) -> !mod.tensor<f32[1]>
  mod.return
}
// -----
mod.func @f(%x: !mod.tensor<f32[1, 2, 8]>, %w: !mod.tensor<f32[4, 2, 3]>) {
  // expected-error @+1 {{dilation of 0 is below 1}}
  %0 = mod.conv %x, %w stride [1] lo [0] hi [0] dilation [0] : (!mod.tensor<f32[1, 2, 8]>, !mod.tensor<f32[4, 2, 3]>) -> !mod.tensor<f32[1]>
  mod.return
}
// -----
mod.func @f(%x: !mod.tensor<f32[1, 2, 8]>, %w: !mod.tensor<f32[4, 2, 3]>) {
  // expected-error @+1 {{hi of 9223372036854775807 does not fit 31 bits}}
  %0 = mod.conv %x, %w stride [1] lo [0] hi [9223372036854775807] dilation [1] : (!mod.tensor<f32[1, 2, 8]>, !mod.tensor<f32[4, 2, 3]>) -> !mod.tensor<f32[1]>
  mod.return
}
// -----
mod.func @f(%x: !mod.tensor<f32[1, 2, 8]>, %w: !mod.tensor<f32[4, 2, 3]>) {
  // expected-error @+1 {{0 groups}}
  %0 = mod.conv %x, %w stride [1] lo [0] hi [0] dilation [1] groups 0 : (!mod.tensor<f32[1, 2, 8]>, !mod.tensor<f32[4, 2, 3]>) -> !mod.tensor<f32[1]>
  mod.return
}
// -----
mod.func @f(%x: !mod.tensor<f32[1, 2, 8]>, %w: !mod.tensor<f32[4, 2, 3]>) {
  // expected-error @+1 {{channels of input and filters differ: 2 against 4}}
  %0 = mod.conv %x, %w stride [1] lo [0] hi [0] dilation [1] groups 2 : (!mod.tensor<f32[1, 2, 8]>, !mod.tensor<f32[4, 2, 3]>) -> !mod.tensor<f32[1]>
  mod.return
}
// -----
mod.func @f(%x: !mod.tensor<f32[1, 4, 8]>, %w: !mod.tensor<f32[3, 2, 3]>) {
  // expected-error @+1 {{groups do not divide the filters: 1 against 0}}
  %0 = mod.conv %x, %w stride [1] lo [0] hi [0] dilation [1] groups 2 : (!mod.tensor<f32[1, 4, 8]>, !mod.tensor<f32[3, 2, 3]>) -> !mod.tensor<f32[1]>
  mod.return
}
// -----
mod.func @f(%x: !mod.tensor<f32[1, 2, 8]>, %w: !mod.tensor<f32[4, 2, 0]>) {
  // expected-error @+1 {{filters f32[4, 2, 0] are empty}}
  %0 = mod.conv %x, %w stride [1] lo [0] hi [0] dilation [1] : (!mod.tensor<f32[1, 2, 8]>, !mod.tensor<f32[4, 2, 0]>) -> !mod.tensor<f32[1]>
  mod.return
}
// -----
mod.func @f(%x: !mod.tensor<f32[1, 2, 5]>, %w: !mod.tensor<f32[4, 2, 3]>) {
  // expected-error @+1 {{filter of size 7 is larger than the padded input of size 6}}
  %0 = mod.conv %x, %w stride [1] lo [1] hi [0] dilation [3] : (!mod.tensor<f32[1, 2, 5]>, !mod.tensor<f32[4, 2, 3]>) -> !mod.tensor<f32[1]>
  mod.return
}
// -----
mod.func @f(%x: !mod.tensor<f32[1, 2, 5]>, %w: !mod.tensor<f32[4, 2, 4611686018427387903]>) {
  // expected-error @+1 {{a size does not fit 62 bits}}
  %0 = mod.conv %x, %w stride [1] lo [1] hi [0] dilation [3] : (!mod.tensor<f32[1, 2, 5]>, !mod.tensor<f32[4, 2, 4611686018427387903]>) -> !mod.tensor<f32[1]>
  mod.return
}
// -----
mod.func @f(%x: !mod.tensor<f32[1, 2, 8]>, %w: !mod.tensor<f32[2, 2, 3]>) {
  // expected-error @+1 {{channels of input and filters differ: 8 against 2}}
  %0 = mod.conv %x, %w stride [1] lo [0] hi [0] dilation [1] channels_last : (!mod.tensor<f32[1, 2, 8]>, !mod.tensor<f32[2, 2, 3]>) -> !mod.tensor<f32[1]>
  mod.return
}
// -----
mod.func @f(%x: !mod.tensor<f32[N, 2, S]>, %w: !mod.tensor<f32[4, 2, 2]>) attributes {dims = ["N", "S"]} {
  // expected-error @+1 {{result should be '!mod.tensor<f32[N, 4, floordiv(S, 2)]>'}}
  %0 = mod.conv %x, %w stride [2] lo [0] hi [0] dilation [1] : (!mod.tensor<f32[N, 2, S]>, !mod.tensor<f32[4, 2, 2]>) -> !mod.tensor<f32[1]>
  mod.return
}
// -----
mod.func @f(%x: !mod.tensor<f32[1, 2, 8]>, %w: !mod.tensor<f32[4, 2, 3]>) {
  // expected-error @+1 {{channels of input and filters differ: 2 against 4}}
  %0 = mod.conv_transpose %x, %w stride [1] padding [0] output_padding [0] dilation [1] : (!mod.tensor<f32[1, 2, 8]>, !mod.tensor<f32[4, 2, 3]>) -> !mod.tensor<f32[1]>
  mod.return
}
// -----
mod.func @f(%x: !mod.tensor<f32[1, 4, 8]>, %w: !mod.tensor<f32[4, 2, 3]>) {
  // expected-error @+1 {{output_padding of 2 is not smaller than stride or dilation}}
  %0 = mod.conv_transpose %x, %w stride [2] padding [0] output_padding [2] dilation [1] : (!mod.tensor<f32[1, 4, 8]>, !mod.tensor<f32[4, 2, 3]>) -> !mod.tensor<f32[1]>
  mod.return
}
// -----
mod.func @f(%x: !mod.tensor<f32[1, 4, 2]>, %w: !mod.tensor<f32[4, 2, 3]>) {
  // expected-error @+1 {{padding of 3 leaves a result of size -2}}
  %0 = mod.conv_transpose %x, %w stride [1] padding [3] output_padding [0] dilation [1] : (!mod.tensor<f32[1, 4, 2]>, !mod.tensor<f32[4, 2, 3]>) -> !mod.tensor<f32[1]>
  mod.return
}
// -----
mod.func @f(%x: !mod.tensor<f32[1, 4, 8]>, %w: !mod.tensor<f32[4, 2, 3]>) {
  // expected-error @+1 {{groups do not divide the channels: 1 against 0}}
  %0 = mod.conv_transpose %x, %w stride [2] padding [0] output_padding [0] dilation [1] groups 3 : (!mod.tensor<f32[1, 4, 8]>, !mod.tensor<f32[4, 2, 3]>) -> !mod.tensor<f32[1]>
  mod.return
}
// -----
mod.func @f(%q: !mod.tensor<f32[L, 4]>, %k: !mod.tensor<f32[S, 5]>) attributes {dims = ["L", "S"]} {
  // expected-error @+1 {{head sizes of query and key differ: 4 against 5}}
  %0 = mod.attention %q, %k, %k scale 1.0 : (!mod.tensor<f32[L, 4]>, !mod.tensor<f32[S, 5]>, !mod.tensor<f32[S, 5]>) -> !mod.tensor<f32[L, 5]>
  mod.return
}
// -----
mod.func @f(%q: !mod.tensor<f32[L, 4]>) attributes {dims = ["L"]} {
  // expected-error @+1 {{has a key exactly where it drops}}
  %0 = mod.attention %q, %q, %q scale 1.0 dropout 0.1 : (!mod.tensor<f32[L, 4]>, !mod.tensor<f32[L, 4]>, !mod.tensor<f32[L, 4]>) -> !mod.tensor<f32[L, 4]>
  mod.return
}
// -----
mod.func @f(%q: !mod.tensor<f32[L, 4]>, %key: !mod.rng) attributes {dims = ["L"]} {
  // expected-error @+1 {{drops with a probability in [0, 1]}}
  %0 = mod.attention %q, %q, %q key %key scale 1.0 dropout 1.5 : (!mod.tensor<f32[L, 4]>, !mod.tensor<f32[L, 4]>, !mod.tensor<f32[L, 4]>, !mod.rng) -> !mod.tensor<f32[L, 4]>
  mod.return
}
// -----
mod.func @f(%x: !mod.tensor<f32[2, 2, 2, 2, 2]>, %i: !mod.tensor<i64[2, 2, 2, 2, 2]>) {
  // expected-error @+1 {{rank 9 is above the limit of 8}}
  %0 = mod.take %x, %i dim 0 : (!mod.tensor<f32[2, 2, 2, 2, 2]>, !mod.tensor<i64[2, 2, 2, 2, 2]>) -> !mod.tensor<f32[2]>
  mod.return
}
// -----
mod.func @f(%x: !mod.tensor<f32[2, 3]>, %i: !mod.tensor<i64[2]>) {
  // expected-error @+1 {{ranks of tensor and index differ}}
  %0 = mod.gather %x, %i dim 0 : (!mod.tensor<f32[2, 3]>, !mod.tensor<i64[2]>) -> !mod.tensor<f32[2]>
  mod.return
}
// -----
mod.func @f(%x: !mod.tensor<f32[2, 3]>) {
  // expected-error @+1 {{layout is not a permutation of the dimensions}}
  %0 = mod.repack %x to <[0]> : (!mod.tensor<f32[2, 3]>) -> !mod.tensor<f32[2, 3]>
  mod.return
}
// -----
mod.func @f(%x: !mod.tensor<f32[4]>) {
  // expected-error @+1 {{a window gives `max` or `sum`, not `mean`}}
  %0 = mod.reduce_window %x "mean" window [2] stride [1] lo [#mod.dim<0>] hi [#mod.dim<0>] dilation [1] : (!mod.tensor<f32[4]>) -> !mod.tensor<f32[3]>
  mod.return
}
// -----
mod.func @f(%x: !mod.tensor<f32[4]>) {
  // expected-error @+1 {{window, stride, lo, hi and dilation are not of one length}}
  %0 = mod.reduce_window %x "max" window [2] stride [1, 1] lo [#mod.dim<0>] hi [#mod.dim<0>] dilation [1] : (!mod.tensor<f32[4]>) -> !mod.tensor<f32[3]>
  mod.return
}
// -----
mod.func @f(%x: !mod.tensor<f32[4]>) {
  // expected-error @+1 {{a window over 1 dimensions does not fit f32[4]}}
  %0 = mod.reduce_window %x "max" window [2] stride [1] lo [#mod.dim<0>] hi [#mod.dim<0>] dilation [1] channels_last : (!mod.tensor<f32[4]>) -> !mod.tensor<f32[3]>
  mod.return
}
// -----
mod.func @f(%x: !mod.tensor<f32[4]>) {
  // expected-error @+1 {{window, stride and dilation are to be at least 1, got 2, 0 and 1}}
  %0 = mod.reduce_window %x "max" window [2] stride [0] lo [#mod.dim<0>] hi [#mod.dim<0>] dilation [1] : (!mod.tensor<f32[4]>) -> !mod.tensor<f32[3]>
  mod.return
}
// -----
mod.func @f(%x: !mod.tensor<f32[4]>) {
  // expected-error @+1 {{a window of 9223372036854775807 elements 2 apart is too large}}
  %0 = mod.reduce_window %x "max" window [9223372036854775807] stride [1] lo [#mod.dim<0>] hi [#mod.dim<0>] dilation [2] : (!mod.tensor<f32[4]>) -> !mod.tensor<f32[3]>
  mod.return
}
// -----
mod.func @f(%x: !mod.tensor<f32[4]>) {
  // expected-error @+1 {{padding is to be at least 0, got -1 and 0}}
  %0 = mod.reduce_window %x "max" window [2] stride [1] lo [#mod.dim<-1>] hi [#mod.dim<0>] dilation [1] : (!mod.tensor<f32[4]>) -> !mod.tensor<f32[3]>
  mod.return
}
// -----
mod.func @f(%x: !mod.tensor<f32[4]>) {
  // expected-error @+1 {{a window that spans 7 elements is larger than the padded size 6}}
  %0 = mod.reduce_window %x "max" window [3] stride [1] lo [#mod.dim<2>] hi [#mod.dim<0>] dilation [3] : (!mod.tensor<f32[4]>) -> !mod.tensor<f32[3]>
  mod.return
}
// -----
mod.func @f(%x: !mod.tensor<f32[2, 3]>, %i: !mod.tensor<i64[4]>, %v: !mod.tensor<f32[5, 3]>) {
  // expected-error @+1 {{sizes of what is added and of its place differ: 5 against 4}}
  %0 = mod.index_add %x, %i, %v dim 0 : (!mod.tensor<f32[2, 3]>, !mod.tensor<i64[4]>, !mod.tensor<f32[5, 3]>) -> !mod.tensor<f32[2, 3]>
  mod.return
}
// -----
mod.func @f(%x: !mod.tensor<f32[2, 3]>, %i: !mod.tensor<i64[4]>, %v: !mod.tensor<f32[3]>) {
  // expected-error @+1 {{what is added is to have rank 2, got f32[3]}}
  %0 = mod.index_add %x, %i, %v dim 0 : (!mod.tensor<f32[2, 3]>, !mod.tensor<i64[4]>, !mod.tensor<f32[3]>) -> !mod.tensor<f32[2, 3]>
  mod.return
}
// -----
mod.func @f(%x: !mod.tensor<f32[2, 3]>, %i: !mod.tensor<i64[4, 2]>, %v: !mod.tensor<f32[4, 2]>) {
  // expected-error @+1 {{sizes of tensor and index differ: 3 against 2}}
  %0 = mod.scatter_add %x, %i, %v dim 0 : (!mod.tensor<f32[2, 3]>, !mod.tensor<i64[4, 2]>, !mod.tensor<f32[4, 2]>) -> !mod.tensor<f32[2, 3]>
  mod.return
}
// -----
mod.func @f(%x: !mod.tensor<f32[2, 3]>, %i: !mod.tensor<i64[4]>) {
  // expected-error @+1 {{ranks of tensor and index differ: f32[2, 3] against i64[4]}}
  %0 = mod.scatter_add %x, %i, %x dim 0 : (!mod.tensor<f32[2, 3]>, !mod.tensor<i64[4]>, !mod.tensor<f32[2, 3]>) -> !mod.tensor<f32[2, 3]>
  mod.return
}
// -----
mod.func @f(%x: !mod.tensor<f32[2, 3]>, %i: !mod.tensor<i64[2, 3]>, %v: !mod.tensor<f64[2, 3]>) {
  // expected-error @+1 {{dtypes differ: f32 against f64}}
  %0 = mod.scatter_add %x, %i, %v dim 0 : (!mod.tensor<f32[2, 3]>, !mod.tensor<i64[2, 3]>, !mod.tensor<f64[2, 3]>) -> !mod.tensor<f32[2, 3]>
  mod.return
}
// -----
mod.func @f(%x: !mod.tensor<f32[2, 3]>) {
  // expected-error @+1 {{dimension 2 is out of range for a tensor of rank 2}}
  %0, %1 = mod.sort %x dim 2 : (!mod.tensor<f32[2, 3]>) -> (!mod.tensor<f32[2, 3]>, !mod.tensor<i64[2, 3]>)
  mod.return
}
// -----
mod.func @f(%x: !mod.tensor<f32[2, 3]>) {
  // expected-error @+1 {{result #1 must be i64 tensor}}
  %0, %1 = mod.sort %x dim 1 : (!mod.tensor<f32[2, 3]>) -> (!mod.tensor<f32[2, 3]>, !mod.tensor<i32[2, 3]>)
  mod.return
}
// -----
mod.func @f(%x: !mod.tensor<f32[S]>) attributes {dims = ["S"]} {
  // expected-error @+1 {{body takes ('!mod.tensor<f32[2]>'), but ('!mod.tensor<f32[S]>') is carried to it}}
  %y = mod.for "t" to #mod.dim<S> init(%x : !mod.tensor<f32[S]>) {
  ^bb0(%a: !mod.tensor<f32[2]>):
    mod.yield %x : !mod.tensor<f32[S]>
  }
  mod.return
}
// -----
mod.func @f(%x: !mod.tensor<f32[S]>) attributes {dims = ["S"]} {
  %y = mod.for "t" to #mod.dim<S> init(%x : !mod.tensor<f32[S]>) {
  ^bb0(%a: !mod.tensor<f32[S]>):
    // expected-error @+1 {{gives (), but the body is to give ('!mod.tensor<f32[S]>')}}
    mod.yield
  }
  mod.return
}
// -----
mod.func @f(%c: !mod.tensor<i1[]>, %x: !mod.tensor<f32[2]>) {
  %0 = mod.if %c -> !mod.tensor<f32[2]> {
    mod.yield %x : !mod.tensor<f32[2]>
  } else {
    // expected-error @+1 {{gives ('!mod.tensor<i1[]>'), but the second side is to give ('!mod.tensor<f32[2]>')}}
    mod.yield %c : !mod.tensor<i1[]>
  }
  mod.return
}
// -----
mod.func @f(%x: !mod.tensor<f32[S]>) attributes {dims = ["S"]} {
  mod.while "t" {
    // expected-error @+1 {{gives ('!mod.tensor<f32[S]>'), but the condition is to give ('!mod.tensor<i1[]>')}}
    mod.yield %x : !mod.tensor<f32[S]>
  } do {
    mod.yield
  }
  mod.return
}
// -----
mod.func @f(%x: !mod.tensor<f32[S]>) attributes {dims = ["S"]} {
  mod.for "t" to #mod.dim<S> {
    // expected-error @+1 {{uses the loop's `t` where a size stands}}
    %0 = mod.narrow %x dim 0 from <0> length <t> : (!mod.tensor<f32[S]>) -> !mod.tensor<f32[t]>
    mod.yield
  }
  mod.return
}
// -----
mod.func @f() {
  mod.for "t" to #mod.dim<3> {
    // expected-error @+1 {{uses the loop's `t` where a size stands}}
    %0 = mod.full 0 : i64 as i64 [#mod.dim<0>, #mod.dim<3*t>] : !mod.tensor<i64[0, 3*t]>
    mod.yield
  }
  mod.return
}
// -----
mod.func @f() {
  mod.for "t" to #mod.dim<3> {
    mod.yield
  }
  // expected-error @+1 {{uses size `t`, which nothing binds}}
  %0 = mod.size #mod.dim<t> as i64 : !mod.tensor<i64[]>
  mod.return
}
// -----
mod.func @f(%x: !mod.tensor<f32[S]>) attributes {dims = ["S"]} {
  // expected-error @+1 {{binds `S`, which is a size or a loop round this one already}}
  mod.for "S" to #mod.dim<3> {
    mod.yield
  }
  mod.return
}
// -----
mod.func @f() {
  mod.for "t" to #mod.dim<3> {
    // expected-error @+1 {{binds `t`, which is a size or a loop round this one already}}
    mod.for "t" to #mod.dim<3> {
      mod.yield
    }
    mod.yield
  }
  mod.return
}
// -----
// expected-note @+1 {{prior use here}}
mod.func @f(%c: !mod.tensor<i1[2]>) {
  // expected-error @+1 {{expects different type than prior uses}}
  mod.if %c {
    mod.yield
  } else {
    mod.yield
  }
  mod.return
}
