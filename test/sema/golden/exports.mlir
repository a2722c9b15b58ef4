module {
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
  mod.class @Scaled_6 from "Scaled" kind "module" ctor [#mod.arg<"dim" = 6 : i64>] {
    mod.child @fc = @Linear_6_6
    mod.func @forward(%arg0: !mod.tensor<f32[N, 6]> {mod.name = "x"}, %arg1: !mod.tensor<f64[]> {mod.name = "scale", mod.scalar}, %arg2: !mod.tensor<i64[]> {mod.name = "shift", mod.scalar = "shift"}) -> (!mod.tensor<f32[N, 6]> {mod.name = "output"}) attributes {dims = ["shift", "N"]} {
      %0 = mod.call "fc" -> @forward(%arg0) site 0 : (!mod.tensor<f32[N, 6]>) -> !mod.tensor<f32[N, 6]>
      %1 = mod.to %arg1 as f32 : (!mod.tensor<f64[]>) -> !mod.tensor<f32[]>
      %2 = mod.mul %0, %1 : (!mod.tensor<f32[N, 6]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[N, 6]>
      %3 = mod.size <shift> as f32 : <f32[]>
      %4 = mod.add %2, %3 : (!mod.tensor<f32[N, 6]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[N, 6]>
      mod.return %4 : !mod.tensor<f32[N, 6]>
    }
    mod.func @forward.v1(%arg0: !mod.tensor<f32[N, 6]> {mod.name = "x"}, %arg1: !mod.tensor<i64[]> {mod.name = "shift", mod.scalar = "shift"}) -> (!mod.tensor<f32[N, 6]> {mod.name = "output"}) attributes {dims = ["shift", "N"], mod.method = "forward", mod.statics = [#mod.arg<"scale" = 1.000000e+00 : f64>]} {
      %0 = mod.call "fc" -> @forward(%arg0) site 0 : (!mod.tensor<f32[N, 6]>) -> !mod.tensor<f32[N, 6]>
      %1 = mod.size <shift> as f32 : <f32[]>
      %2 = mod.add %0, %1 : (!mod.tensor<f32[N, 6]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[N, 6]>
      mod.return %2 : !mod.tensor<f32[N, 6]>
    }
    mod.func @forward.v2(%arg0: !mod.tensor<f32[N, 6]> {mod.name = "x"}, %arg1: !mod.tensor<f64[]> {mod.name = "scale", mod.scalar}) -> (!mod.tensor<f32[N, 6]> {mod.name = "output"}) attributes {dims = ["N"], mod.method = "forward", mod.statics = [#mod.arg<"shift" = -2 : i64>]} {
      %0 = mod.call "fc" -> @forward(%arg0) site 0 : (!mod.tensor<f32[N, 6]>) -> !mod.tensor<f32[N, 6]>
      %1 = mod.to %arg1 as f32 : (!mod.tensor<f64[]>) -> !mod.tensor<f32[]>
      %2 = mod.mul %0, %1 : (!mod.tensor<f32[N, 6]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[N, 6]>
      %3 = mod.full -2.000000e+00 : f64 as f32 [] : <f32[]>
      %4 = mod.add %2, %3 : (!mod.tensor<f32[N, 6]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[N, 6]>
      mod.return %4 : !mod.tensor<f32[N, 6]>
    }
  }
  mod.class @Numbers_6 from "Numbers" kind "module" ctor [#mod.arg<"dim" = 6 : i64>] {
    mod.child @inner = @Scaled_6
    mod.func @forward(%arg0: !mod.tensor<f32[N, 6]> {mod.name = "x"}, %arg1: !mod.tensor<i64[]> {mod.name = "pos", mod.scalar = "pos"}) -> (!mod.tensor<f32[N, 6]> {mod.name = "output"}) attributes {dims = ["pos", "N"], mod.choice, mod.statics = [#mod.arg<"act" = "relu">, #mod.arg<"scale" = 2.000000e+00 : f64>]} {
      %0 = mod.size <pos + 1> as i64 : <i64[]>
      %1 = mod.call "inner" -> @forward.v1(%arg0, %0) site 0 : (!mod.tensor<f32[N, 6]>, !mod.tensor<i64[]>) -> !mod.tensor<f32[N, 6]>
      %2 = mod.full 0.000000e+00 : f64 as f32 [] : <f32[]>
      %3 = mod.le %1, %2 : (!mod.tensor<f32[N, 6]>, !mod.tensor<f32[]>) -> !mod.tensor<i1[N, 6]>
      %4 = mod.full 0.000000e+00 : f64 as f32 [] : <f32[]>
      %5 = mod.where %3, %4, %1 : (!mod.tensor<i1[N, 6]>, !mod.tensor<f32[]>, !mod.tensor<f32[N, 6]>) -> !mod.tensor<f32[N, 6]>
      mod.return %5 : !mod.tensor<f32[N, 6]>
    }
    mod.func @forward.v1(%arg0: !mod.tensor<f32[N, 6]> {mod.name = "x"}, %arg1: !mod.tensor<i64[]> {mod.name = "pos", mod.scalar = "pos"}) -> (!mod.tensor<f32[N, 6]> {mod.name = "output"}) attributes {dims = ["pos", "N"], mod.choice, mod.method = "forward", mod.statics = [#mod.arg<"act" = "neg">, #mod.arg<"scale" = 2.000000e+00 : f64>]} {
      %0 = mod.size <pos + 1> as i64 : <i64[]>
      %1 = mod.call "inner" -> @forward.v1(%arg0, %0) site 0 : (!mod.tensor<f32[N, 6]>, !mod.tensor<i64[]>) -> !mod.tensor<f32[N, 6]>
      %2 = mod.neg %1 : (!mod.tensor<f32[N, 6]>) -> !mod.tensor<f32[N, 6]>
      mod.return %2 : !mod.tensor<f32[N, 6]>
    }
    mod.func @window(%arg0: !mod.tensor<f32[N, 6]> {mod.name = "x"}, %arg1: !mod.tensor<i64[]> {mod.name = "pos", mod.scalar = "pos"}) -> (!mod.tensor<f32[2, 6]> {mod.name = "part"}) attributes {dims = ["pos", "N"], guards = [#mod.guard<le, <pos + 2>, <N>, "pos + 2 <= N">, #mod.guard<le, <0>, <pos>, "slice: 0 <= pos">]} {
      %0 = mod.narrow %arg0 dim 0 from <pos> length <2> : (!mod.tensor<f32[N, 6]>) -> !mod.tensor<f32[2, 6]>
      mod.return %0 : !mod.tensor<f32[2, 6]>
    }
    mod.func @forward.v2(%arg0: !mod.tensor<f32[N, 6]> {mod.name = "x"}, %arg1: !mod.tensor<f64[]> {mod.name = "scale", mod.scalar}) -> (!mod.tensor<f32[N, 6]> {mod.name = "output"}) attributes {dims = ["N"], mod.method = "forward", mod.statics = [#mod.arg<"pos" = -3 : i64>, #mod.arg<"act" = "neg">]} {
      %0 = mod.full 5.000000e-01 : f64 as f64 [] : <f64[]>
      %1 = mod.mul %arg1, %0 : (!mod.tensor<f64[]>, !mod.tensor<f64[]>) -> !mod.tensor<f64[]>
      %2 = mod.call "inner" -> @forward.v2(%arg0, %1) site 0 : (!mod.tensor<f32[N, 6]>, !mod.tensor<f64[]>) -> !mod.tensor<f32[N, 6]>
      %3 = mod.neg %2 : (!mod.tensor<f32[N, 6]>) -> !mod.tensor<f32[N, 6]>
      mod.return %3 : !mod.tensor<f32[N, 6]>
    }
  }
  mod.export @inner = @Numbers_6 -> @forward instance 0 {mod.path = "inner"}
  mod.export @numbers = @Numbers_6 -> @forward instance 0
  mod.export @window = @Numbers_6 -> @window instance 0
  mod.export @fixed = @Numbers_6 -> @forward.v2 instance 0
  mod.class @Gather from "Gather" kind "module" {
    mod.func @forward(%arg0: !mod.tensor<f32[N, 3]> {mod.name = "a"}, %arg1: !mod.tensor<f32[M, 3]> {mod.name = "b"}) -> (!mod.tensor<f32[M + N, 3]> {mod.name = "output"}) attributes {dims = ["N", "M"]} {
      %0 = mod.cat %arg0, %arg1 dim 0 : (!mod.tensor<f32[N, 3]>, !mod.tensor<f32[M, 3]>) -> !mod.tensor<f32[M + N, 3]>
      mod.return %0 : !mod.tensor<f32[M + N, 3]>
    }
  }
  mod.export @joined = @Gather -> @forward instance 1
  mod.class @Half from "Half" kind "module" attributes {doc = "The halves come back together without a guard; the caller hands the fact down."} {
    mod.func @forward(%arg0: !mod.tensor<f32[N, 4*H.4, 2*W.2]> {mod.name = "x"}) -> (!mod.tensor<f32[N, H.4, 4*W.2]> {mod.name = "output"}) attributes {dims = ["N", "H.4", "W.2"]} {
      %0 = mod.reshape %arg0 to [#mod.dim<N>, #mod.dim<2>, #mod.dim<2*H.4>, #mod.dim<W.2>, #mod.dim<2>] : (!mod.tensor<f32[N, 4*H.4, 2*W.2]>) -> !mod.tensor<f32[N, 2, 2*H.4, W.2, 2]>
      %1 = mod.sum %0 over [1] : (!mod.tensor<f32[N, 2, 2*H.4, W.2, 2]>) -> !mod.tensor<f32[N, 2*H.4, W.2, 2]>
      %2 = mod.reshape %1 to [#mod.dim<N>, #mod.dim<H.4>, #mod.dim<4*W.2>] : (!mod.tensor<f32[N, 2*H.4, W.2, 2]>) -> !mod.tensor<f32[N, H.4, 4*W.2]>
      mod.return %2 : !mod.tensor<f32[N, H.4, 4*W.2]>
    }
  }
  mod.class @Twice from "Twice" kind "module" {
    mod.child @half = @Half
    mod.func @forward(%arg0: !mod.tensor<f32[N, 16*H.16, W]> {mod.name = "x"}) -> (!mod.tensor<f32[N, H.16, 8*floordiv(W, 2)]> {mod.name = "output"}) attributes {dims = ["N", "H.16", "W"], guards = [#mod.guard<eq, <W - 2*floordiv(W, 2)>, <0>, "half: W % 2 == 0">]} {
      %0 = mod.assume %arg0, "`half`" : <f32[N, 16*H.16, W]> to <f32[N, 16*H.16, 2*floordiv(W, 2)]>
      %1 = mod.call "half" -> @forward(%0) site 0 : (!mod.tensor<f32[N, 16*H.16, 2*floordiv(W, 2)]>) -> !mod.tensor<f32[N, 4*H.16, 4*floordiv(W, 2)]>
      %2 = mod.call "half" -> @forward(%1) site 1 : (!mod.tensor<f32[N, 4*H.16, 4*floordiv(W, 2)]>) -> !mod.tensor<f32[N, H.16, 8*floordiv(W, 2)]>
      mod.return %2 : !mod.tensor<f32[N, H.16, 8*floordiv(W, 2)]>
    }
  }
  mod.export @twice = @Twice -> @forward instance 2
  mod.class @Cache_8 from "Cache" kind "module" ctor [#mod.arg<"n" = 8 : i64>] {
    mod.buffer @kept : !mod.tensor<f32[8, 3]> init <fill 0.000000e+00>
    mod.func @forward(%arg0: !mod.tensor<f32[S, 3]> {mod.name = "x"}, %arg1: !mod.tensor<i64[]> {mod.name = "pos", mod.scalar = "pos"}) -> (!mod.tensor<f32[3]> {mod.name = "output"}) attributes {dims = ["pos", "S"], guards = [#mod.guard<le, <0>, <pos>, "slice: 0 <= pos">, #mod.guard<le, <S + pos>, <8>, "slice: S + pos <= 8">]} {
      %0 = mod.get "kept" : <f32[8, 3]>
      %1 = mod.update_slice %0, %arg0 at [#mod.dim<pos>, #mod.dim<0>] : (!mod.tensor<f32[8, 3]>, !mod.tensor<f32[S, 3]>) -> !mod.tensor<f32[8, 3]>
      mod.set "kept", %1 : <f32[8, 3]>
      %2 = mod.narrow %1 dim 0 from <0> length <S + pos> : (!mod.tensor<f32[8, 3]>) -> !mod.tensor<f32[S + pos, 3]>
      %3 = mod.sum %2 over [0] : (!mod.tensor<f32[S + pos, 3]>) -> !mod.tensor<f32[3]>
      mod.return %3 : !mod.tensor<f32[3]>
    }
  }
  mod.export @cache = @Cache_8 -> @forward instance 3
}

