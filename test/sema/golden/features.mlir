module {
  mod.class @State_4 from "State" kind "module" ctor [#mod.arg<"n" = 4 : i64>, #mod.arg<"bias" = true>, #mod.arg<"std" = 2.000000e-02 : f64>] repr "4, std=0.02, bias=True, tiny=1e-05" version 2 attributes {doc = "A member hides the argument; conditions, computed names, flags, initialisers."} {
    mod.param @weight : !mod.tensor<f32[4, 4]> init <normal 0.000000e+00, 2.000000e-02>
    mod.param @bias : !mod.tensor<f32[4]> init <fill 0.000000e+00>
    mod.param @absent : !mod.tensor<f32[4]> none
    mod.param @frozen : !mod.tensor<f32[4]> init <fill 5.000000e-01> {requires_grad = false}
    mod.param @w_0 : !mod.tensor<f32[4]> init <uniform -1.000000e+00, 1.000000e+00>
    mod.param @w_1 : !mod.tensor<f32[4]> init <uniform -1.000000e+00, 1.000000e+00>
    mod.buffer @mask : !mod.tensor<i1[4, 4]> init <fn @init.mask> {persistent = false}
    mod.buffer @count : !mod.tensor<i64[]> init <fill 0.000000e+00> {since = 2 : i64}
    mod.func @init.mask() -> (!mod.tensor<i1[4, 4]> {mod.name = "output"}) {
      %0 = mod.full 1.000000e+00 : f64 as f32 [#mod.dim<4>, #mod.dim<4>] : <f32[4, 4]>
      %1 = mod.iota <4> as i64 : <i64[4]>
      %2 = mod.iota <4> as i64 : <i64[4]>
      %3 = mod.reshape %2 to [#mod.dim<4>, #mod.dim<1>] : (!mod.tensor<i64[4]>) -> !mod.tensor<i64[4, 1]>
      %4 = mod.le %1, %3 : (!mod.tensor<i64[4]>, !mod.tensor<i64[4, 1]>) -> !mod.tensor<i1[4, 4]>
      %5 = mod.full 0.000000e+00 : f64 as f32 [] : <f32[]>
      %6 = mod.where %4, %0, %5 : (!mod.tensor<i1[4, 4]>, !mod.tensor<f32[4, 4]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[4, 4]>
      %7 = mod.to %6 as i1 : (!mod.tensor<f32[4, 4]>) -> !mod.tensor<i1[4, 4]>
      mod.return %7 : !mod.tensor<i1[4, 4]>
    }
    mod.func @forward(%arg0: !mod.tensor<f32[N, 4]> {mod.name = "x"}) -> (!mod.tensor<f32[N, 4]> {mod.name = "output"}) attributes {dims = ["N"]} {
      %0 = mod.get "mask" : <i1[4, 4]>
      %1 = mod.to %0 as f32 : (!mod.tensor<i1[4, 4]>) -> !mod.tensor<f32[4, 4]>
      %2 = mod.get "weight" : <f32[4, 4]>
      %3 = mod.mul %2, %1 : (!mod.tensor<f32[4, 4]>, !mod.tensor<f32[4, 4]>) -> !mod.tensor<f32[4, 4]>
      %4 = mod.matmul %arg0, %3 : (!mod.tensor<f32[N, 4]>, !mod.tensor<f32[4, 4]>) -> !mod.tensor<f32[N, 4]>
      %5 = mod.get "bias" : <f32[4]>
      %6 = mod.add %4, %5 : (!mod.tensor<f32[N, 4]>, !mod.tensor<f32[4]>) -> !mod.tensor<f32[N, 4]>
      %7 = mod.get "w_0" : <f32[4]>
      %8 = mod.mul %6, %7 : (!mod.tensor<f32[N, 4]>, !mod.tensor<f32[4]>) -> !mod.tensor<f32[N, 4]>
      %9 = mod.get "w_1" : <f32[4]>
      %10 = mod.get "frozen" : <f32[4]>
      %11 = mod.mul %9, %10 : (!mod.tensor<f32[4]>, !mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
      %12 = mod.add %8, %11 : (!mod.tensor<f32[N, 4]>, !mod.tensor<f32[4]>) -> !mod.tensor<f32[N, 4]>
      mod.return %12 : !mod.tensor<f32[N, 4]>
    }
    mod.func @forward.train(%arg0: !mod.tensor<f32[N, 4]> {mod.name = "x"}) -> (!mod.tensor<f32[N, 4]> {mod.name = "output"}) attributes {dims = ["N"]} {
      %0 = mod.get "count" : <i64[]>
      %1 = mod.full 1 : i64 as i64 [] : <i64[]>
      %2 = mod.add %0, %1 : (!mod.tensor<i64[]>, !mod.tensor<i64[]>) -> !mod.tensor<i64[]>
      mod.set "count", %2 : <i64[]>
      %3 = mod.get "mask" : <i1[4, 4]>
      %4 = mod.to %3 as f32 : (!mod.tensor<i1[4, 4]>) -> !mod.tensor<f32[4, 4]>
      %5 = mod.get "weight" : <f32[4, 4]>
      %6 = mod.mul %5, %4 : (!mod.tensor<f32[4, 4]>, !mod.tensor<f32[4, 4]>) -> !mod.tensor<f32[4, 4]>
      %7 = mod.matmul %arg0, %6 : (!mod.tensor<f32[N, 4]>, !mod.tensor<f32[4, 4]>) -> !mod.tensor<f32[N, 4]>
      %8 = mod.get "bias" : <f32[4]>
      %9 = mod.add %7, %8 : (!mod.tensor<f32[N, 4]>, !mod.tensor<f32[4]>) -> !mod.tensor<f32[N, 4]>
      %10 = mod.get "w_0" : <f32[4]>
      %11 = mod.mul %9, %10 : (!mod.tensor<f32[N, 4]>, !mod.tensor<f32[4]>) -> !mod.tensor<f32[N, 4]>
      %12 = mod.get "w_1" : <f32[4]>
      %13 = mod.get "frozen" : <f32[4]>
      %14 = mod.mul %12, %13 : (!mod.tensor<f32[4]>, !mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
      %15 = mod.add %11, %14 : (!mod.tensor<f32[N, 4]>, !mod.tensor<f32[4]>) -> !mod.tensor<f32[N, 4]>
      mod.return %15 : !mod.tensor<f32[N, 4]>
    }
  }
  mod.export @state = @State_4 -> @forward instance 0
  mod.class @Linear_12_5 from "Linear" kind "module" ctor [#mod.arg<"in_features" = 12 : i64>, #mod.arg<"out_features" = 5 : i64>, #mod.arg<"bias" = false>, #mod.arg<"dtype" = "f32">] repr "in_features=12, out_features=5, bias=False" attributes {doc = "y = x W^T + b over the last dimension."} {
    mod.param @weight : !mod.tensor<f32[5, 12]> init <uniform -0.28867513459481287, 0.28867513459481287>
    mod.param @bias : !mod.tensor<f32[5]> none
    mod.func @forward(%arg0: !mod.tensor<f32[d0, 12]> {mod.name = "x"}) -> (!mod.tensor<f32[d0, 5]> {mod.name = "output"}) attributes {dims = ["d0"]} {
      %0 = mod.get "weight" : <f32[5, 12]>
      %1 = mod.matmul %arg0, %0 trans_b true : (!mod.tensor<f32[d0, 12]>, !mod.tensor<f32[5, 12]>) -> !mod.tensor<f32[d0, 5]>
      mod.return %1 : !mod.tensor<f32[d0, 5]>
    }
  }
  mod.class @Linear_5_12 from "Linear" kind "module" ctor [#mod.arg<"in_features" = 5 : i64>, #mod.arg<"out_features" = 12 : i64>, #mod.arg<"bias" = false>, #mod.arg<"dtype" = "f32">] repr "in_features=5, out_features=12, bias=False" attributes {doc = "y = x W^T + b over the last dimension."} {
    mod.param @weight : !mod.tensor<f32[12, 5]> init <uniform -0.44721359549995787, 0.44721359549995787>
    mod.param @bias : !mod.tensor<f32[12]> none
    mod.func @forward(%arg0: !mod.tensor<f32[d0, 5]> {mod.name = "x"}) -> (!mod.tensor<f32[d0, 12]> {mod.name = "output"}) attributes {dims = ["d0"]} {
      %0 = mod.get "weight" : <f32[12, 5]>
      %1 = mod.matmul %arg0, %0 trans_b true : (!mod.tensor<f32[d0, 5]>, !mod.tensor<f32[12, 5]>) -> !mod.tensor<f32[d0, 12]>
      mod.return %1 : !mod.tensor<f32[d0, 12]>
    }
  }
  mod.class @Embedding_5_12 from "Embedding" kind "module" ctor [#mod.arg<"num_embeddings" = 5 : i64>, #mod.arg<"embedding_dim" = 12 : i64>, #mod.arg<"padding_idx" = unit>, #mod.arg<"dtype" = "f32">] repr "5, 12" attributes {doc = "A table of vectors, looked up by index. The row at `padding_idx` starts at zero and gets no gradient."} {
    mod.param @weight : !mod.tensor<f32[5, 12]> init <uniform -0.28867513459481287, 0.28867513459481287>
  }
  mod.class @Tied_12_5 from "Tied" kind "module" ctor [#mod.arg<"inp" = 12 : i64>, #mod.arg<"hidden" = 5 : i64>] attributes {doc = "Ties, one child under two names, children of lists and dicts, `self(...)`."} {
    mod.child @encoder = @Linear_12_5
    mod.child @decoder = @Linear_5_12
    mod.child @again = @Embedding_5_12
    mod.child @head = @Linear_5_12
    mod.func @forward(%arg0: !mod.tensor<f32[N, 12]> {mod.name = "x"}) -> (!mod.tensor<f32[N, 12]> {mod.name = "rebuilt"}) attributes {dims = ["N"]} {
      %0 = mod.call "encoder" -> @forward(%arg0) site 0 : (!mod.tensor<f32[N, 12]>) -> !mod.tensor<f32[N, 5]>
      %1 = mod.call "decoder" -> @forward(%0) site 1 : (!mod.tensor<f32[N, 5]>) -> !mod.tensor<f32[N, 12]>
      %2 = mod.get "again.weight" : <f32[5, 12]>
      %3 = mod.sum %2 over [0] : (!mod.tensor<f32[5, 12]>) -> !mod.tensor<f32[12]>
      %4 = mod.add %1, %3 : (!mod.tensor<f32[N, 12]>, !mod.tensor<f32[12]>) -> !mod.tensor<f32[N, 12]>
      mod.return %4 : !mod.tensor<f32[N, 12]>
    }
  }
  mod.export @tied = @Tied_12_5 -> @forward instance 1 ties [#mod.tie<"again.weight" = "encoder.weight">, #mod.tie<"head" = "decoder">]
  mod.class @Shapes from "Shapes" kind "module" {
    mod.func @forward(%arg0: !mod.tensor<f32[N, S, 8]> {mod.name = "x"}, %arg1: !mod.tensor<f32[N, M]> {mod.name = "flat"}) -> (!mod.tensor<f32[N, S, 4]> {mod.name = "output0"}, !mod.tensor<f32[N, 8]> {mod.name = "output1"}, !mod.tensor<f32[N, 1, 2]> {mod.name = "output2"}, !mod.tensor<f32[N*S, 1]> {mod.name = "output3"}) attributes {dims = ["N", "S", "M"], guards = [#mod.guard<eq, <M>, <8*S>, "M == 8 * S">, #mod.guard<eq, <M*N>, <8*N*floordiv(M*N, 8*N)>, "reshape: number of elements: M*N == 8*N*floordiv(M*N, 8*N)">, #mod.guard<le, <1>, <floordiv(M*N, 8*N)>, "index: 0 < floordiv(M*N, 8*N)">], ranges = [#mod.range<"S", 1, 64>]} {
      %0 = mod.narrow %arg0 dim 2 from <0> length <4> : (!mod.tensor<f32[N, S, 8]>) -> !mod.tensor<f32[N, S, 4]>
      %1 = mod.narrow %arg0 dim 2 from <4> length <4> : (!mod.tensor<f32[N, S, 8]>) -> !mod.tensor<f32[N, S, 4]>
      %2 = mod.add %0, %1 : (!mod.tensor<f32[N, S, 4]>, !mod.tensor<f32[N, S, 4]>) -> !mod.tensor<f32[N, S, 4]>
      %3 = mod.reshape %arg1 to [#mod.dim<M*N>] : (!mod.tensor<f32[N, M]>) -> !mod.tensor<f32[M*N]>
      %4 = mod.assume %3, "reshape: number of elements" : <f32[M*N]> to <f32[8*N*floordiv(M*N, 8*N)]>
      %5 = mod.reshape %4 to [#mod.dim<N>, #mod.dim<floordiv(M*N, 8*N)>, #mod.dim<8>] : (!mod.tensor<f32[8*N*floordiv(M*N, 8*N)]>) -> !mod.tensor<f32[N, floordiv(M*N, 8*N), 8]>
      %6 = mod.narrow %5 dim 1 from <0> length <1> : (!mod.tensor<f32[N, floordiv(M*N, 8*N), 8]>) -> !mod.tensor<f32[N, 1, 8]>
      %7 = mod.reshape %6 to [#mod.dim<N>, #mod.dim<8>] : (!mod.tensor<f32[N, 1, 8]>) -> !mod.tensor<f32[N, 8]>
      %8 = mod.narrow %arg0 dim 1 from <S - 1> length <1> : (!mod.tensor<f32[N, S, 8]>) -> !mod.tensor<f32[N, 1, 8]>
      %9 = mod.narrow %8 dim 2 from <1> length <2> step 2 : (!mod.tensor<f32[N, 1, 8]>) -> !mod.tensor<f32[N, 1, 2]>
      %10 = mod.reshape %arg0 to [#mod.dim<N*S>, #mod.dim<8>] : (!mod.tensor<f32[N, S, 8]>) -> !mod.tensor<f32[N*S, 8]>
      %11 = mod.sum %10 over [1] keepdim true : (!mod.tensor<f32[N*S, 8]>) -> !mod.tensor<f32[N*S, 1]>
      %12 = mod.sum %arg0 over [1] : (!mod.tensor<f32[N, S, 8]>) -> !mod.tensor<f32[N, 8]>
      %13 = mod.size <S> as f32 : <f32[]>
      %14 = mod.div %12, %13 : (!mod.tensor<f32[N, 8]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[N, 8]>
      %15 = mod.add %7, %14 : (!mod.tensor<f32[N, 8]>, !mod.tensor<f32[N, 8]>) -> !mod.tensor<f32[N, 8]>
      mod.return %2, %15, %9, %11 : !mod.tensor<f32[N, S, 4]>, !mod.tensor<f32[N, 8]>, !mod.tensor<f32[N, 1, 2]>, !mod.tensor<f32[N*S, 1]>
    }
  }
  mod.export @shapes = @Shapes -> @forward instance 2
  mod.class @Average_3 from "Average" kind "module" ctor [#mod.arg<"n" = 3 : i64>, #mod.arg<"decay" = 9.000000e-01 : f64>] attributes {doc = "Updates of state and of slices."} {
    mod.buffer @mean : !mod.tensor<f32[3]> init <fill 0.000000e+00>
    mod.buffer @cache : !mod.tensor<f32[4, 3]> init <fill 0.000000e+00>
    mod.func @forward(%arg0: !mod.tensor<f32[4, 3]> {mod.name = "x"}) -> (!mod.tensor<f32[4, 3]> {mod.name = "output"}) {
      %0 = mod.narrow %arg0 dim 0 from <1> length <2> : (!mod.tensor<f32[4, 3]>) -> !mod.tensor<f32[2, 3]>
      %1 = mod.get "cache" : <f32[4, 3]>
      %2 = mod.update_slice %1, %0 at [#mod.dim<1>, #mod.dim<0>] : (!mod.tensor<f32[4, 3]>, !mod.tensor<f32[2, 3]>) -> !mod.tensor<f32[4, 3]>
      mod.set "cache", %2 : <f32[4, 3]>
      %3 = mod.full 1.000000e+00 : f64 as f32 [] : <f32[]>
      %4 = mod.expand %3 to [#mod.dim<3>] : (!mod.tensor<f32[]>) -> !mod.tensor<f32[3]>
      %5 = mod.reshape %4 to [#mod.dim<1>, #mod.dim<3>] : (!mod.tensor<f32[3]>) -> !mod.tensor<f32[1, 3]>
      %6 = mod.update_slice %2, %5 at [#mod.dim<0>, #mod.dim<0>] : (!mod.tensor<f32[4, 3]>, !mod.tensor<f32[1, 3]>) -> !mod.tensor<f32[4, 3]>
      mod.set "cache", %6 : <f32[4, 3]>
      %7 = mod.get "mean" : <f32[3]>
      %8 = mod.add %6, %7 : (!mod.tensor<f32[4, 3]>, !mod.tensor<f32[3]>) -> !mod.tensor<f32[4, 3]>
      mod.return %8 : !mod.tensor<f32[4, 3]>
    }
    mod.func @forward.train(%arg0: !mod.tensor<f32[4, 3]> {mod.name = "x"}) -> (!mod.tensor<f32[4, 3]> {mod.name = "output"}) {
      %0 = mod.full 9.000000e-01 : f64 as f32 [] : <f32[]>
      %1 = mod.get "mean" : <f32[3]>
      %2 = mod.mul %0, %1 : (!mod.tensor<f32[]>, !mod.tensor<f32[3]>) -> !mod.tensor<f32[3]>
      %3 = mod.sum %arg0 over [0] : (!mod.tensor<f32[4, 3]>) -> !mod.tensor<f32[3]>
      %4 = mod.full 4.000000e+00 : f64 as f32 [] : <f32[]>
      %5 = mod.div %3, %4 : (!mod.tensor<f32[3]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[3]>
      %6 = mod.full 0.099999999999999978 : f64 as f32 [] : <f32[]>
      %7 = mod.mul %6, %5 : (!mod.tensor<f32[]>, !mod.tensor<f32[3]>) -> !mod.tensor<f32[3]>
      %8 = mod.add %2, %7 : (!mod.tensor<f32[3]>, !mod.tensor<f32[3]>) -> !mod.tensor<f32[3]>
      mod.set "mean", %8 : <f32[3]>
      %9 = mod.narrow %arg0 dim 0 from <1> length <2> : (!mod.tensor<f32[4, 3]>) -> !mod.tensor<f32[2, 3]>
      %10 = mod.get "cache" : <f32[4, 3]>
      %11 = mod.update_slice %10, %9 at [#mod.dim<1>, #mod.dim<0>] : (!mod.tensor<f32[4, 3]>, !mod.tensor<f32[2, 3]>) -> !mod.tensor<f32[4, 3]>
      mod.set "cache", %11 : <f32[4, 3]>
      %12 = mod.full 1.000000e+00 : f64 as f32 [] : <f32[]>
      %13 = mod.expand %12 to [#mod.dim<3>] : (!mod.tensor<f32[]>) -> !mod.tensor<f32[3]>
      %14 = mod.reshape %13 to [#mod.dim<1>, #mod.dim<3>] : (!mod.tensor<f32[3]>) -> !mod.tensor<f32[1, 3]>
      %15 = mod.update_slice %11, %14 at [#mod.dim<0>, #mod.dim<0>] : (!mod.tensor<f32[4, 3]>, !mod.tensor<f32[1, 3]>) -> !mod.tensor<f32[4, 3]>
      mod.set "cache", %15 : <f32[4, 3]>
      %16 = mod.add %15, %8 : (!mod.tensor<f32[4, 3]>, !mod.tensor<f32[3]>) -> !mod.tensor<f32[4, 3]>
      mod.return %16 : !mod.tensor<f32[4, 3]>
    }
  }
  mod.export @average = @Average_3 -> @forward instance 3
  mod.class @Mixed from "Mixed" kind "module" attributes {doc = "Promotion."} {
    mod.func @forward(%arg0: !mod.tensor<f16[N]> {mod.name = "a"}, %arg1: !mod.tensor<f32[]> {mod.name = "b"}, %arg2: !mod.tensor<i64[N]> {mod.name = "i"}, %arg3: !mod.tensor<i1[N]> {mod.name = "m"}) -> (!mod.tensor<f16[N]> {mod.name = "output0"}, !mod.tensor<f16[N]> {mod.name = "output1"}, !mod.tensor<f32[N]> {mod.name = "output2"}, !mod.tensor<f32[N]> {mod.name = "output3"}, !mod.tensor<i64[N]> {mod.name = "output4"}, !mod.tensor<i1[N]> {mod.name = "output5"}, !mod.tensor<i64[N]> {mod.name = "output6"}, !mod.tensor<f16[N]> {mod.name = "output7"}, !mod.tensor<f32[]> {mod.name = "output8"}, !mod.tensor<f16[N]> {mod.name = "output9"}, !mod.tensor<i64[]> {mod.name = "output10"}, !mod.tensor<i1[N]> {mod.name = "output11"}) attributes {dims = ["N"]} {
      %0 = mod.to %arg1 as f16 : (!mod.tensor<f32[]>) -> !mod.tensor<f16[]>
      %1 = mod.mul %arg0, %0 : (!mod.tensor<f16[N]>, !mod.tensor<f16[]>) -> !mod.tensor<f16[N]>
      %2 = mod.full 1.000000e+00 : f64 as f16 [] : <f16[]>
      %3 = mod.add %arg0, %2 : (!mod.tensor<f16[N]>, !mod.tensor<f16[]>) -> !mod.tensor<f16[N]>
      %4 = mod.to %arg2 as f32 : (!mod.tensor<i64[N]>) -> !mod.tensor<f32[N]>
      %5 = mod.full 2.000000e+00 : f64 as f32 [] : <f32[]>
      %6 = mod.div %4, %5 : (!mod.tensor<f32[N]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[N]>
      %7 = mod.to %arg2 as f32 : (!mod.tensor<i64[N]>) -> !mod.tensor<f32[N]>
      %8 = mod.full 2.000000e+00 : f64 as f32 [] : <f32[]>
      %9 = mod.mul %7, %8 : (!mod.tensor<f32[N]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[N]>
      %10 = mod.full 2 : i64 as i64 [] : <i64[]>
      %11 = mod.floor_divide %arg2, %10 : (!mod.tensor<i64[N]>, !mod.tensor<i64[]>) -> !mod.tensor<i64[N]>
      %12 = mod.full 3 : i64 as i64 [] : <i64[]>
      %13 = mod.remainder %11, %12 : (!mod.tensor<i64[N]>, !mod.tensor<i64[]>) -> !mod.tensor<i64[N]>
      %14 = mod.full 0 : i64 as i64 [] : <i64[]>
      %15 = mod.lt %14, %arg2 : (!mod.tensor<i64[]>, !mod.tensor<i64[N]>) -> !mod.tensor<i1[N]>
      %16 = mod.bitwise_and %arg3, %15 : (!mod.tensor<i1[N]>, !mod.tensor<i1[N]>) -> !mod.tensor<i1[N]>
      %17 = mod.neg %arg2 : (!mod.tensor<i64[N]>) -> !mod.tensor<i64[N]>
      %18 = mod.mul %arg0, %arg0 : (!mod.tensor<f16[N]>, !mod.tensor<f16[N]>) -> !mod.tensor<f16[N]>
      %19 = mod.full 2.000000e+00 : f64 as f32 [] : <f32[]>
      %20 = mod.pow %19, %arg1 : (!mod.tensor<f32[]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[]>
      %21 = mod.full 0.000000e+00 : f64 as f16 [] : <f16[]>
      %22 = mod.where %arg3, %arg0, %21 : (!mod.tensor<i1[N]>, !mod.tensor<f16[N]>, !mod.tensor<f16[]>) -> !mod.tensor<f16[N]>
      %23 = mod.sum %arg2 over [0] : (!mod.tensor<i64[N]>) -> !mod.tensor<i64[]>
      %24 = mod.logical_not %arg3 : (!mod.tensor<i1[N]>) -> !mod.tensor<i1[N]>
      mod.return %1, %3, %6, %9, %13, %16, %17, %18, %20, %22, %23, %24 : !mod.tensor<f16[N]>, !mod.tensor<f16[N]>, !mod.tensor<f32[N]>, !mod.tensor<f32[N]>, !mod.tensor<i64[N]>, !mod.tensor<i1[N]>, !mod.tensor<i64[N]>, !mod.tensor<f16[N]>, !mod.tensor<f32[]>, !mod.tensor<f16[N]>, !mod.tensor<i64[]>, !mod.tensor<i1[N]>
    }
  }
  mod.export @mixed = @Mixed -> @forward instance 4
  mod.class @Dropout_0.25 from "Dropout" kind "module" ctor [#mod.arg<"p" = 2.500000e-01 : f64>, #mod.arg<"inplace" = false>] repr "p=0.25, inplace=False" attributes {doc = "In training, zeroes elements with probability `p` and scales the rest by 1 / (1 - p)."} {
    mod.func @forward(%arg0: !mod.tensor<f32[d0, d1, d2, d3]> {mod.name = "x"}) -> (!mod.tensor<f32[d0, d1, d2, d3]> {mod.name = "output"}) attributes {dims = ["d0", "d1", "d2", "d3"]} {
      mod.return %arg0 : !mod.tensor<f32[d0, d1, d2, d3]>
    }
    mod.func @forward.train(%arg0: !mod.tensor<f32[d0, d1, d2, d3]> {mod.name = "x"}) -> (!mod.tensor<f32[d0, d1, d2, d3]> {mod.name = "output"}) attributes {dims = ["d0", "d1", "d2", "d3"]} {
      %0 = mod.frame_key
      %1 = mod.key %0, 0
      %2 = mod.random %1 as f32 [#mod.dim<d0>, #mod.dim<d1>, #mod.dim<d2>, #mod.dim<d3>] : <f32[d0, d1, d2, d3]>
      %3 = mod.full 2.500000e-01 : f64 as f32 [] : <f32[]>
      %4 = mod.lt %2, %3 : (!mod.tensor<f32[d0, d1, d2, d3]>, !mod.tensor<f32[]>) -> !mod.tensor<i1[d0, d1, d2, d3]>
      %5 = mod.full 7.500000e-01 : f64 as f32 [] : <f32[]>
      %6 = mod.div %arg0, %5 : (!mod.tensor<f32[d0, d1, d2, d3]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[d0, d1, d2, d3]>
      %7 = mod.full 0.000000e+00 : f64 as f32 [] : <f32[]>
      %8 = mod.where %4, %7, %6 : (!mod.tensor<i1[d0, d1, d2, d3]>, !mod.tensor<f32[]>, !mod.tensor<f32[d0, d1, d2, d3]>) -> !mod.tensor<f32[d0, d1, d2, d3]>
      mod.return %8 : !mod.tensor<f32[d0, d1, d2, d3]>
    }
  }
  mod.class @Draws_0.25 from "Draws" kind "module" ctor [#mod.arg<"p" = 2.500000e-01 : f64>] attributes {doc = "Dropout and attention draw with sites."} {
    mod.child @drop = @Dropout_0.25
    mod.func @forward(%arg0: !mod.tensor<f32[N, 4, S, 16]> {mod.name = "q"}) -> (!mod.tensor<f32[N, 4, S, 16]> {mod.name = "output"}) attributes {dims = ["N", "S"]} {
      %0 = mod.attention %arg0, %arg0, %arg0 scale 2.500000e-01 causal true : (!mod.tensor<f32[N, 4, S, 16]>, !mod.tensor<f32[N, 4, S, 16]>, !mod.tensor<f32[N, 4, S, 16]>) -> !mod.tensor<f32[N, 4, S, 16]>
      %1 = mod.call "drop" -> @forward(%0) site 0 : (!mod.tensor<f32[N, 4, S, 16]>) -> !mod.tensor<f32[N, 4, S, 16]>
      mod.return %1 : !mod.tensor<f32[N, 4, S, 16]>
    }
    mod.func @forward.train(%arg0: !mod.tensor<f32[N, 4, S, 16]> {mod.name = "q"}) -> (!mod.tensor<f32[N, 4, S, 16]> {mod.name = "output"}) attributes {dims = ["N", "S"]} {
      %0 = mod.frame_key
      %1 = mod.key %0, 0
      %2 = mod.attention %arg0, %arg0, %arg0 key %1 scale 2.500000e-01 causal true dropout 2.500000e-01 : (!mod.tensor<f32[N, 4, S, 16]>, !mod.tensor<f32[N, 4, S, 16]>, !mod.tensor<f32[N, 4, S, 16]>, !mod.rng) -> !mod.tensor<f32[N, 4, S, 16]>
      %3 = mod.key %0, 1
      %4 = mod.random %3 as f32 [#mod.dim<N>, #mod.dim<4>, #mod.dim<S>, #mod.dim<16>] : <f32[N, 4, S, 16]>
      %5 = mod.full 2.500000e-01 : f64 as f32 [] : <f32[]>
      %6 = mod.lt %4, %5 : (!mod.tensor<f32[N, 4, S, 16]>, !mod.tensor<f32[]>) -> !mod.tensor<i1[N, 4, S, 16]>
      %7 = mod.full 7.500000e-01 : f64 as f32 [] : <f32[]>
      %8 = mod.div %2, %7 : (!mod.tensor<f32[N, 4, S, 16]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[N, 4, S, 16]>
      %9 = mod.full 0.000000e+00 : f64 as f32 [] : <f32[]>
      %10 = mod.where %6, %9, %8 : (!mod.tensor<i1[N, 4, S, 16]>, !mod.tensor<f32[]>, !mod.tensor<f32[N, 4, S, 16]>) -> !mod.tensor<f32[N, 4, S, 16]>
      %11 = mod.call "drop" -> @forward(%10) site 2 : (!mod.tensor<f32[N, 4, S, 16]>) -> !mod.tensor<f32[N, 4, S, 16]>
      mod.return %11 : !mod.tensor<f32[N, 4, S, 16]>
    }
  }
  mod.export @draws = @Draws_0.25 -> @forward instance 5
  mod.class @Linear_6_6 from "Linear" kind "module" ctor [#mod.arg<"in_features" = 6 : i64>, #mod.arg<"out_features" = 6 : i64>, #mod.arg<"bias" = true>, #mod.arg<"dtype" = "f32">] repr "in_features=6, out_features=6, bias=True" attributes {doc = "y = x W^T + b over the last dimension."} {
    mod.param @weight : !mod.tensor<f32[6, 6]> init <uniform -0.40824829046386296, 0.40824829046386296>
    mod.param @bias : !mod.tensor<f32[6]> init <uniform -0.40824829046386307, 0.40824829046386307>
    mod.func @forward(%arg0: !mod.tensor<f32[d0, 6]> {mod.name = "x"}) -> (!mod.tensor<f32[d0, 6]> {mod.name = "output"}) attributes {dims = ["d0"]} {
      %0 = mod.get "weight" : <f32[6, 6]>
      %1 = mod.matmul %arg0, %0 trans_b true : (!mod.tensor<f32[d0, 6]>, !mod.tensor<f32[6, 6]>) -> !mod.tensor<f32[d0, 6]>
      %2 = mod.get "bias" : <f32[6]>
      %3 = mod.add %1, %2 : (!mod.tensor<f32[d0, 6]>, !mod.tensor<f32[6]>) -> !mod.tensor<f32[d0, 6]>
      mod.return %3 : !mod.tensor<f32[d0, 6]>
    }
  }
  mod.class @ModuleList from "ModuleList" kind "list" attributes {doc = "Children named 0, 1, ... A list of modules assigned to a member becomes one of these."} {
    mod.child @"0" = @Linear_6_6
    mod.child @"1" = @Linear_6_6
    mod.child @"2" = @Linear_6_6
  }
  mod.class @ReLU from "ReLU" kind "module" ctor [#mod.arg<"inplace" = false>] attributes {doc = "max(x, 0)."} {
    mod.func @forward(%arg0: !mod.tensor<f32[d0, d1]> {mod.name = "x"}) -> (!mod.tensor<f32[d0, d1]> {mod.name = "output"}) attributes {dims = ["d0", "d1"]} {
      %0 = mod.full 0.000000e+00 : f64 as f32 [] : <f32[]>
      %1 = mod.le %arg0, %0 : (!mod.tensor<f32[d0, d1]>, !mod.tensor<f32[]>) -> !mod.tensor<i1[d0, d1]>
      %2 = mod.full 0.000000e+00 : f64 as f32 [] : <f32[]>
      %3 = mod.where %1, %2, %arg0 : (!mod.tensor<i1[d0, d1]>, !mod.tensor<f32[]>, !mod.tensor<f32[d0, d1]>) -> !mod.tensor<f32[d0, d1]>
      mod.return %3 : !mod.tensor<f32[d0, d1]>
    }
  }
  mod.class @GELU from "GELU" kind "module" ctor [#mod.arg<"approximate" = "none">] repr "approximate='none'" attributes {doc = "x * P(X <= x) of the standard normal distribution, exact or by tanh."} {
    mod.func @forward(%arg0: !mod.tensor<f32[d0, d1]> {mod.name = "x"}) -> (!mod.tensor<f32[d0, d1]> {mod.name = "output"}) attributes {dims = ["d0", "d1"]} {
      %0 = mod.full 5.000000e-01 : f64 as f32 [] : <f32[]>
      %1 = mod.mul %0, %arg0 : (!mod.tensor<f32[]>, !mod.tensor<f32[d0, d1]>) -> !mod.tensor<f32[d0, d1]>
      %2 = mod.full 0.70710678118654757 : f64 as f32 [] : <f32[]>
      %3 = mod.mul %arg0, %2 : (!mod.tensor<f32[d0, d1]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[d0, d1]>
      %4 = mod.erf %3 : (!mod.tensor<f32[d0, d1]>) -> !mod.tensor<f32[d0, d1]>
      %5 = mod.full 1.000000e+00 : f64 as f32 [] : <f32[]>
      %6 = mod.add %5, %4 : (!mod.tensor<f32[]>, !mod.tensor<f32[d0, d1]>) -> !mod.tensor<f32[d0, d1]>
      %7 = mod.mul %1, %6 : (!mod.tensor<f32[d0, d1]>, !mod.tensor<f32[d0, d1]>) -> !mod.tensor<f32[d0, d1]>
      mod.return %7 : !mod.tensor<f32[d0, d1]>
    }
  }
  mod.class @ModuleDict from "ModuleDict" kind "dict" attributes {doc = "Children named by the keys. A dict of modules assigned to a member becomes one of these."} {
    mod.child @relu = @ReLU
    mod.child @gelu = @GELU
  }
  mod.class @Sequential from "Sequential" kind "sequential" attributes {doc = "Calls its children one after another. `Sequential(a, b)` names them 0, 1; `Sequential({\22conv\22: a, \22act\22: b})` by their keys."} {
    mod.child @a = @Linear_6_6
    mod.child @act = @ReLU
    mod.func @forward(%arg0: !mod.tensor<f32[d0, 6]> {mod.name = "x"}) -> (!mod.tensor<f32[d0, 6]> {mod.name = "output"}) attributes {dims = ["d0"]} {
      %0 = mod.call "a" -> @forward(%arg0) site 0 : (!mod.tensor<f32[d0, 6]>) -> !mod.tensor<f32[d0, 6]>
      %1 = mod.call "act" -> @forward(%0) site 1 : (!mod.tensor<f32[d0, 6]>) -> !mod.tensor<f32[d0, 6]>
      mod.return %1 : !mod.tensor<f32[d0, 6]>
    }
  }
  mod.class @Tree_6 from "Tree" kind "module" ctor [#mod.arg<"n" = 6 : i64>] {
    mod.child @layers = @ModuleList
    mod.child @acts = @ModuleDict
    mod.child @block = @Sequential
    mod.child @twin = @Linear_6_6
    mod.func @forward(%arg0: !mod.tensor<f32[N, 6]> {mod.name = "x"}) -> (!mod.tensor<f32[N, 6]> {mod.name = "output"}) attributes {dims = ["N"]} {
      %0 = mod.call "layers.0" -> @forward(%arg0) site 0 : (!mod.tensor<f32[N, 6]>) -> !mod.tensor<f32[N, 6]>
      %1 = mod.call "acts.relu" -> @forward(%0) site 1 : (!mod.tensor<f32[N, 6]>) -> !mod.tensor<f32[N, 6]>
      %2 = mod.call "layers.1" -> @forward(%1) site 2 : (!mod.tensor<f32[N, 6]>) -> !mod.tensor<f32[N, 6]>
      %3 = mod.call "acts.gelu" -> @forward(%2) site 3 : (!mod.tensor<f32[N, 6]>) -> !mod.tensor<f32[N, 6]>
      %4 = mod.call "layers.2" -> @forward(%3) site 4 : (!mod.tensor<f32[N, 6]>) -> !mod.tensor<f32[N, 6]>
      %5 = mod.call "acts.relu" -> @forward(%4) site 5 : (!mod.tensor<f32[N, 6]>) -> !mod.tensor<f32[N, 6]>
      %6 = mod.call "block" -> @forward(%5) site 6 : (!mod.tensor<f32[N, 6]>) -> !mod.tensor<f32[N, 6]>
      %7 = mod.call "twin" -> @forward(%5) site 7 : (!mod.tensor<f32[N, 6]>) -> !mod.tensor<f32[N, 6]>
      %8 = mod.add %6, %7 : (!mod.tensor<f32[N, 6]>, !mod.tensor<f32[N, 6]>) -> !mod.tensor<f32[N, 6]>
      mod.return %8 : !mod.tensor<f32[N, 6]>
    }
    mod.func @features(%arg0: !mod.tensor<f32[N, 6]> {mod.name = "x"}) -> (!mod.tensor<f32[N, 6]> {mod.name = "first"}, !mod.tensor<f32[N, 6]> {mod.name = "all"}) attributes {dims = ["N"]} {
      %0 = mod.call "layers.0" -> @forward(%arg0) site 0 : (!mod.tensor<f32[N, 6]>) -> !mod.tensor<f32[N, 6]>
      %1 = mod.call "" -> @forward(%arg0) site 1 : (!mod.tensor<f32[N, 6]>) -> !mod.tensor<f32[N, 6]>
      mod.return %0, %1 : !mod.tensor<f32[N, 6]>, !mod.tensor<f32[N, 6]>
    }
  }
  mod.export @tree = @Tree_6 -> @forward instance 6 ties [#mod.tie<"block.act" = "acts.relu">]
  mod.export @features = @Tree_6 -> @features instance 6 ties [#mod.tie<"block.act" = "acts.relu">]
}

