module {
  mod.class @Linear_4_4 from "Linear" kind "module" ctor [#mod.arg<"in_features" = 4 : i64>, #mod.arg<"out_features" = 4 : i64>, #mod.arg<"bias" = true>, #mod.arg<"dtype" = "f32">] repr "in_features=4, out_features=4, bias=True" attributes {doc = "y = x W^T + b over the last dimension."} {
    mod.param @weight : !mod.tensor<f32[4, 4]> init <uniform -0.49999999999999994, 0.49999999999999994>
    mod.param @bias : !mod.tensor<f32[4]> init <uniform -5.000000e-01, 5.000000e-01>
    mod.func @forward(%arg0: !mod.tensor<f32[d0, 4]> {mod.name = "x"}) -> (!mod.tensor<f32[d0, 4]> {mod.name = "output"}) attributes {dims = ["d0"]} {
      %0 = mod.get "weight" : <f32[4, 4]>
      %1 = mod.matmul %arg0, %0 trans_b true : (!mod.tensor<f32[d0, 4]>, !mod.tensor<f32[4, 4]>) -> !mod.tensor<f32[d0, 4]>
      %2 = mod.get "bias" : <f32[4]>
      %3 = mod.add %1, %2 : (!mod.tensor<f32[d0, 4]>, !mod.tensor<f32[4]>) -> !mod.tensor<f32[d0, 4]>
      mod.return %3 : !mod.tensor<f32[d0, 4]>
    }
  }
  mod.class @Dropout from "Dropout" kind "module" ctor [#mod.arg<"p" = 5.000000e-01 : f64>, #mod.arg<"inplace" = false>] repr "p=0.5, inplace=False" attributes {doc = "In training, zeroes elements with probability `p` and scales the rest by 1 / (1 - p)."} {
    mod.func @forward(%arg0: !mod.tensor<f32[d0, d1]> {mod.name = "x"}) -> (!mod.tensor<f32[d0, d1]> {mod.name = "output"}) attributes {dims = ["d0", "d1"]} {
      mod.return %arg0 : !mod.tensor<f32[d0, d1]>
    }
    mod.func @forward.train(%arg0: !mod.tensor<f32[d0, d1]> {mod.name = "x"}) -> (!mod.tensor<f32[d0, d1]> {mod.name = "output"}) attributes {dims = ["d0", "d1"]} {
      %0 = mod.frame_key
      %1 = mod.key %0, 0
      %2 = mod.random %1 as f32 [#mod.dim<d0>, #mod.dim<d1>] : <f32[d0, d1]>
      %3 = mod.full 5.000000e-01 : f64 as f32 [] : <f32[]>
      %4 = mod.lt %2, %3 : (!mod.tensor<f32[d0, d1]>, !mod.tensor<f32[]>) -> !mod.tensor<i1[d0, d1]>
      %5 = mod.full 5.000000e-01 : f64 as f32 [] : <f32[]>
      %6 = mod.div %arg0, %5 : (!mod.tensor<f32[d0, d1]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[d0, d1]>
      %7 = mod.full 0.000000e+00 : f64 as f32 [] : <f32[]>
      %8 = mod.where %4, %7, %6 : (!mod.tensor<i1[d0, d1]>, !mod.tensor<f32[]>, !mod.tensor<f32[d0, d1]>) -> !mod.tensor<f32[d0, d1]>
      mod.return %8 : !mod.tensor<f32[d0, d1]>
    }
  }
  mod.class @Steps from "Steps" kind "module" {
    mod.buffer @count : !mod.tensor<i64[]> init <fill 0.000000e+00>
    mod.child @fc = @Linear_4_4
    mod.child @drop = @Dropout
    mod.func @forward(%arg0: !mod.tensor<f32[S, N, 4]> {mod.name = "x"}) -> (!mod.tensor<f32[S, N, 4]> {mod.name = "y"}, !mod.tensor<f32[]> {mod.name = "total"}, !mod.tensor<f32[N, 4]> {mod.name = "h"}) attributes {dims = ["S", "N"]} {
      %0 = mod.full 0.000000e+00 : f64 as f32 [#mod.dim<N>, #mod.dim<4>] : <f32[N, 4]>
      %1 = mod.full 0.000000e+00 : f64 as f32 [#mod.dim<S>, #mod.dim<N>, #mod.dim<4>] : <f32[S, N, 4]>
      %2 = mod.full 0.000000e+00 : f64 as f32 [] : <f32[]>
      %3:3 = mod.for "t" to <S> init(%0, %1, %2 : !mod.tensor<f32[N, 4]>, !mod.tensor<f32[S, N, 4]>, !mod.tensor<f32[]>) {
      ^bb0(%arg1: !mod.tensor<f32[N, 4]>, %arg2: !mod.tensor<f32[S, N, 4]>, %arg3: !mod.tensor<f32[]>):
        %4 = mod.call "drop" -> @forward(%arg1) site 0 in [#mod.dim<t>] : (!mod.tensor<f32[N, 4]>) -> !mod.tensor<f32[N, 4]>
        %5 = mod.call "fc" -> @forward(%4) site 1 in [#mod.dim<t>] : (!mod.tensor<f32[N, 4]>) -> !mod.tensor<f32[N, 4]>
        %6 = mod.narrow %arg0 dim 0 from <t> length <1> : (!mod.tensor<f32[S, N, 4]>) -> !mod.tensor<f32[1, N, 4]>
        %7 = mod.reshape %6 to [#mod.dim<N>, #mod.dim<4>] : (!mod.tensor<f32[1, N, 4]>) -> !mod.tensor<f32[N, 4]>
        %8 = mod.add %5, %7 : (!mod.tensor<f32[N, 4]>, !mod.tensor<f32[N, 4]>) -> !mod.tensor<f32[N, 4]>
        %9 = mod.tanh %8 : (!mod.tensor<f32[N, 4]>) -> !mod.tensor<f32[N, 4]>
        %10 = mod.reshape %9 to [#mod.dim<1>, #mod.dim<N>, #mod.dim<4>] : (!mod.tensor<f32[N, 4]>) -> !mod.tensor<f32[1, N, 4]>
        %11 = mod.update_slice %arg2, %10 at [#mod.dim<t>, #mod.dim<0>, #mod.dim<0>] : (!mod.tensor<f32[S, N, 4]>, !mod.tensor<f32[1, N, 4]>) -> !mod.tensor<f32[S, N, 4]>
        %12 = mod.sum %9 over [0, 1] : (!mod.tensor<f32[N, 4]>) -> !mod.tensor<f32[]>
        %13 = mod.add %arg3, %12 : (!mod.tensor<f32[]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[]>
        %14 = mod.get "count" : <i64[]>
        %15 = mod.full 1 : i64 as i64 [] : <i64[]>
        %16 = mod.add %14, %15 : (!mod.tensor<i64[]>, !mod.tensor<i64[]>) -> !mod.tensor<i64[]>
        mod.set "count", %16 : <i64[]>
        mod.yield %9, %11, %13 : !mod.tensor<f32[N, 4]>, !mod.tensor<f32[S, N, 4]>, !mod.tensor<f32[]>
      }
      mod.return %3#1, %3#2, %3#0 : !mod.tensor<f32[S, N, 4]>, !mod.tensor<f32[]>, !mod.tensor<f32[N, 4]>
    }
    mod.func @branches(%arg0: !mod.tensor<f32[N, 4]> {mod.name = "x"}) -> (!mod.tensor<f32[N, 4]> {mod.name = "a"}, !mod.tensor<f32[]> {mod.name = "b"}, !mod.tensor<i64[]> {mod.name = "c"}) attributes {dims = ["N"], guards = [#mod.guard<le, <1>, <N>, "index: 0 < N">]} {
      %0 = mod.sum %arg0 over [0, 1] : (!mod.tensor<f32[N, 4]>) -> !mod.tensor<f32[]>
      %1 = mod.full 0.000000e+00 : f64 as f32 [] : <f32[]>
      %2 = mod.lt %1, %0 : (!mod.tensor<f32[]>, !mod.tensor<f32[]>) -> !mod.tensor<i1[]>
      %3:2 = mod.if %2 -> !mod.tensor<f32[N, 4]>, !mod.tensor<i64[]> {
        %20 = mod.full 2.000000e+00 : f64 as f32 [] : <f32[]>
        %21 = mod.mul %arg0, %20 : (!mod.tensor<f32[N, 4]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[N, 4]>
        %22 = mod.full 1 : i64 as i64 [] : <i64[]>
        mod.yield %21, %22 : !mod.tensor<f32[N, 4]>, !mod.tensor<i64[]>
      } else {
        %20 = mod.full 4 : i64 as i64 [] : <i64[]>
        %21 = mod.size <N> as i64 : <i64[]>
        %22 = mod.le %20, %21 : (!mod.tensor<i64[]>, !mod.tensor<i64[]>) -> !mod.tensor<i1[]>
        %23:2 = mod.if %22 -> !mod.tensor<f32[N, 4]>, !mod.tensor<i64[]> {
          %24 = mod.narrow %arg0 dim 0 from <3> length <1> : (!mod.tensor<f32[N, 4]>) -> !mod.tensor<f32[1, 4]>
          %25 = mod.add %24, %arg0 : (!mod.tensor<f32[1, 4]>, !mod.tensor<f32[N, 4]>) -> !mod.tensor<f32[N, 4]>
          %26 = mod.full 2 : i64 as i64 [] : <i64[]>
          mod.yield %25, %26 : !mod.tensor<f32[N, 4]>, !mod.tensor<i64[]>
        } else {
          %24 = mod.neg %arg0 : (!mod.tensor<f32[N, 4]>) -> !mod.tensor<f32[N, 4]>
          %25 = mod.full 3 : i64 as i64 [] : <i64[]>
          mod.yield %24, %25 : !mod.tensor<f32[N, 4]>, !mod.tensor<i64[]>
        }
        mod.yield %23#0, %23#1 : !mod.tensor<f32[N, 4]>, !mod.tensor<i64[]>
      }
      %4 = mod.narrow %arg0 dim 0 from <0> length <1> : (!mod.tensor<f32[N, 4]>) -> !mod.tensor<f32[1, 4]>
      %5 = mod.narrow %4 dim 1 from <0> length <1> : (!mod.tensor<f32[1, 4]>) -> !mod.tensor<f32[1, 1]>
      %6 = mod.reshape %5 to [] : (!mod.tensor<f32[1, 1]>) -> !mod.tensor<f32[]>
      %7 = mod.full 0.000000e+00 : f64 as f32 [] : <f32[]>
      %8 = mod.lt %7, %6 : (!mod.tensor<f32[]>, !mod.tensor<f32[]>) -> !mod.tensor<i1[]>
      %9 = mod.size <N> as i64 : <i64[]>
      %10 = mod.full 2 : i64 as i64 [] : <i64[]>
      %11 = mod.eq %9, %10 : (!mod.tensor<i64[]>, !mod.tensor<i64[]>) -> !mod.tensor<i1[]>
      %12 = mod.logical_not %11 : (!mod.tensor<i1[]>) -> !mod.tensor<i1[]>
      %13 = mod.bitwise_and %8, %12 : (!mod.tensor<i1[]>, !mod.tensor<i1[]>) -> !mod.tensor<i1[]>
      %14 = mod.if %13 -> !mod.tensor<f32[]> {
        %20 = mod.abs %arg0 : (!mod.tensor<f32[N, 4]>) -> !mod.tensor<f32[N, 4]>
        %21 = mod.sum %20 over [0, 1] : (!mod.tensor<f32[N, 4]>) -> !mod.tensor<f32[]>
        mod.yield %21 : !mod.tensor<f32[]>
      } else {
        %20 = mod.full -1.000000e+00 : f64 as f32 [] : <f32[]>
        mod.yield %20 : !mod.tensor<f32[]>
      }
      %15 = mod.sum %3#0 over [0, 1] : (!mod.tensor<f32[N, 4]>) -> !mod.tensor<f32[]>
      %16 = mod.full 0.000000e+00 : f64 as f32 [] : <f32[]>
      %17 = mod.lt %15, %16 : (!mod.tensor<f32[]>, !mod.tensor<f32[]>) -> !mod.tensor<i1[]>
      %18 = mod.logical_not %17 : (!mod.tensor<i1[]>) -> !mod.tensor<i1[]>
      %19:2 = mod.if %18 -> !mod.tensor<f32[N, 4]>, !mod.tensor<i64[]> {
        mod.yield %3#0, %3#1 : !mod.tensor<f32[N, 4]>, !mod.tensor<i64[]>
      } else {
        %20 = mod.full 0 : i64 as i64 [] : <i64[]>
        %21:2 = mod.while "i" init(%3#0, %20 : !mod.tensor<f32[N, 4]>, !mod.tensor<i64[]>) {
        ^bb0(%arg1: !mod.tensor<f32[N, 4]>, %arg2: !mod.tensor<i64[]>):
          %23 = mod.sum %arg1 over [0, 1] : (!mod.tensor<f32[N, 4]>) -> !mod.tensor<f32[]>
          %24 = mod.full -1.000000e+00 : f64 as f32 [] : <f32[]>
          %25 = mod.lt %23, %24 : (!mod.tensor<f32[]>, !mod.tensor<f32[]>) -> !mod.tensor<i1[]>
          %26 = mod.full 10 : i64 as i64 [] : <i64[]>
          %27 = mod.lt %arg2, %26 : (!mod.tensor<i64[]>, !mod.tensor<i64[]>) -> !mod.tensor<i1[]>
          %28 = mod.bitwise_and %25, %27 : (!mod.tensor<i1[]>, !mod.tensor<i1[]>) -> !mod.tensor<i1[]>
          mod.yield %28 : !mod.tensor<i1[]>
        } do {
        ^bb0(%arg1: !mod.tensor<f32[N, 4]>, %arg2: !mod.tensor<i64[]>):
          %23 = mod.full 2.000000e+00 : f64 as f32 [] : <f32[]>
          %24 = mod.div %arg1, %23 : (!mod.tensor<f32[N, 4]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[N, 4]>
          %25 = mod.full 1 : i64 as i64 [] : <i64[]>
          %26 = mod.add %arg2, %25 : (!mod.tensor<i64[]>, !mod.tensor<i64[]>) -> !mod.tensor<i64[]>
          mod.yield %24, %26 : !mod.tensor<f32[N, 4]>, !mod.tensor<i64[]>
        }
        %22 = mod.add %21#1, %3#1 : (!mod.tensor<i64[]>, !mod.tensor<i64[]>) -> !mod.tensor<i64[]>
        mod.yield %21#0, %22 : !mod.tensor<f32[N, 4]>, !mod.tensor<i64[]>
      }
      mod.return %19#0, %14, %19#1 : !mod.tensor<f32[N, 4]>, !mod.tensor<f32[]>, !mod.tensor<i64[]>
    }
    mod.func @rows(%arg0: !mod.tensor<f32[S, 4]> {mod.name = "x"}, %arg1: !mod.tensor<f32[S, 4]> {mod.name = "z"}) -> (!mod.tensor<f32[4]> {mod.name = "s"}, !mod.tensor<f32[]> {mod.name = "d"}, !mod.tensor<f32[4, 4]> {mod.name = "w"}, !mod.tensor<f32[]> {mod.name = "tri"}) attributes {dims = ["S"], guards = [#mod.guard<le, <0>, <S - 2*floordiv(S + 1, 2) + 1>, "slice: 0 <= S - 2*t - 1">]} {
      %0 = mod.full 0.000000e+00 : f64 as f32 [#mod.dim<4>] : <f32[4]>
      %1 = mod.for "i" to <S> init(%0 : !mod.tensor<f32[4]>) {
      ^bb0(%arg2: !mod.tensor<f32[4]>):
        %8 = mod.narrow %arg0 dim 0 from <i> length <1> : (!mod.tensor<f32[S, 4]>) -> !mod.tensor<f32[1, 4]>
        %9 = mod.reshape %8 to [#mod.dim<4>] : (!mod.tensor<f32[1, 4]>) -> !mod.tensor<f32[4]>
        %10 = mod.narrow %arg1 dim 0 from <S - i - 1> length <1> : (!mod.tensor<f32[S, 4]>) -> !mod.tensor<f32[1, 4]>
        %11 = mod.reshape %10 to [#mod.dim<4>] : (!mod.tensor<f32[1, 4]>) -> !mod.tensor<f32[4]>
        %12 = mod.mul %9, %11 : (!mod.tensor<f32[4]>, !mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
        %13 = mod.size <i> as f32 : <f32[]>
        %14 = mod.mul %12, %13 : (!mod.tensor<f32[4]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[4]>
        %15 = mod.add %arg2, %14 : (!mod.tensor<f32[4]>, !mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
        mod.yield %15 : !mod.tensor<f32[4]>
      }
      %2 = mod.full 0.000000e+00 : f64 as f32 [] : <f32[]>
      %3 = mod.for "t" to <floordiv(S + 1, 2)> init(%2 : !mod.tensor<f32[]>) {
      ^bb0(%arg2: !mod.tensor<f32[]>):
        %8 = mod.narrow %arg0 dim 0 from <S - 2*t - 1> length <1> : (!mod.tensor<f32[S, 4]>) -> !mod.tensor<f32[1, 4]>
        %9 = mod.narrow %8 dim 1 from <0> length <1> : (!mod.tensor<f32[1, 4]>) -> !mod.tensor<f32[1, 1]>
        %10 = mod.reshape %9 to [] : (!mod.tensor<f32[1, 1]>) -> !mod.tensor<f32[]>
        %11 = mod.add %arg2, %10 : (!mod.tensor<f32[]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[]>
        mod.yield %11 : !mod.tensor<f32[]>
      }
      %4 = mod.full 0.000000e+00 : f64 as f32 [#mod.dim<4>, #mod.dim<4>] : <f32[4, 4]>
      %5 = mod.for "t_1" to <S - 3> init(%4 : !mod.tensor<f32[4, 4]>) {
      ^bb0(%arg2: !mod.tensor<f32[4, 4]>):
        %8 = mod.narrow %arg0 dim 0 from <t_1> length <4> : (!mod.tensor<f32[S, 4]>) -> !mod.tensor<f32[4, 4]>
        %9 = mod.add %arg2, %8 : (!mod.tensor<f32[4, 4]>, !mod.tensor<f32[4, 4]>) -> !mod.tensor<f32[4, 4]>
        mod.yield %9 : !mod.tensor<f32[4, 4]>
      }
      %6 = mod.full 0.000000e+00 : f64 as f32 [] : <f32[]>
      %7 = mod.for "i_1" to <S> init(%6 : !mod.tensor<f32[]>) {
      ^bb0(%arg2: !mod.tensor<f32[]>):
        %8 = mod.for "j_1" to <i_1> init(%arg2 : !mod.tensor<f32[]>) {
        ^bb0(%arg3: !mod.tensor<f32[]>):
          %13 = mod.narrow %arg0 dim 0 from <i_1> length <1> : (!mod.tensor<f32[S, 4]>) -> !mod.tensor<f32[1, 4]>
          %14 = mod.narrow %13 dim 1 from <0> length <1> : (!mod.tensor<f32[1, 4]>) -> !mod.tensor<f32[1, 1]>
          %15 = mod.reshape %14 to [] : (!mod.tensor<f32[1, 1]>) -> !mod.tensor<f32[]>
          %16 = mod.narrow %arg1 dim 0 from <j_1> length <1> : (!mod.tensor<f32[S, 4]>) -> !mod.tensor<f32[1, 4]>
          %17 = mod.narrow %16 dim 1 from <1> length <1> : (!mod.tensor<f32[1, 4]>) -> !mod.tensor<f32[1, 1]>
          %18 = mod.reshape %17 to [] : (!mod.tensor<f32[1, 1]>) -> !mod.tensor<f32[]>
          %19 = mod.mul %15, %18 : (!mod.tensor<f32[]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[]>
          %20 = mod.add %arg3, %19 : (!mod.tensor<f32[]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[]>
          mod.yield %20 : !mod.tensor<f32[]>
        }
        %9 = mod.full 1 : i64 as i64 [] : <i64[]>
        %10 = mod.size <i_1> as i64 : <i64[]>
        %11 = mod.le %9, %10 : (!mod.tensor<i64[]>, !mod.tensor<i64[]>) -> !mod.tensor<i1[]>
        %12 = mod.if %11 -> !mod.tensor<f32[]> {
          %13 = mod.narrow %arg0 dim 0 from <i_1 - 1> length <1> : (!mod.tensor<f32[S, 4]>) -> !mod.tensor<f32[1, 4]>
          %14 = mod.narrow %13 dim 1 from <0> length <1> : (!mod.tensor<f32[1, 4]>) -> !mod.tensor<f32[1, 1]>
          %15 = mod.reshape %14 to [] : (!mod.tensor<f32[1, 1]>) -> !mod.tensor<f32[]>
          %16 = mod.sub %8, %15 : (!mod.tensor<f32[]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[]>
          mod.yield %16 : !mod.tensor<f32[]>
        } else {
          mod.yield %8 : !mod.tensor<f32[]>
        }
        mod.yield %12 : !mod.tensor<f32[]>
      }
      mod.return %1, %3, %5, %7 : !mod.tensor<f32[4]>, !mod.tensor<f32[]>, !mod.tensor<f32[4, 4]>, !mod.tensor<f32[]>
    }
    mod.func @indices(%arg0: !mod.tensor<f32[S, 4]> {mod.name = "x"}, %arg1: !mod.tensor<i64[]> {mod.name = "k"}, %arg2: !mod.tensor<i64[N]> {mod.name = "rows"}, %arg3: !mod.tensor<i64[N]> {mod.name = "cols"}) -> (!mod.tensor<f32[4]> {mod.name = "a"}, !mod.tensor<f32[2, 4]> {mod.name = "b"}, !mod.tensor<f32[N]> {mod.name = "c"}, !mod.tensor<f32[S, 4]> {mod.name = "d"}) attributes {dims = ["S", "N"]} {
      %0 = mod.full 0.000000e+00 : f64 as f32 [] : <f32[]>
      %1 = mod.expand %0 to [#mod.dim<4>] : (!mod.tensor<f32[]>) -> !mod.tensor<f32[4]>
      %2 = mod.reshape %1 to [#mod.dim<1>, #mod.dim<4>] : (!mod.tensor<f32[4]>) -> !mod.tensor<f32[1, 4]>
      %3 = mod.iota <S> as i64 : <i64[S]>
      %4 = mod.take %3, %arg1 dim 0 : (!mod.tensor<i64[S]>, !mod.tensor<i64[]>) -> !mod.tensor<i64[]>
      %5 = mod.eq %3, %4 : (!mod.tensor<i64[S]>, !mod.tensor<i64[]>) -> !mod.tensor<i1[S]>
      %6 = mod.reshape %5 to [#mod.dim<S>, #mod.dim<1>] : (!mod.tensor<i1[S]>) -> !mod.tensor<i1[S, 1]>
      %7 = mod.where %6, %2, %arg0 : (!mod.tensor<i1[S, 1]>, !mod.tensor<f32[1, 4]>, !mod.tensor<f32[S, 4]>) -> !mod.tensor<f32[S, 4]>
      %8 = mod.update_slice %arg0, %7 at [#mod.dim<0>, #mod.dim<0>] : (!mod.tensor<f32[S, 4]>, !mod.tensor<f32[S, 4]>) -> !mod.tensor<f32[S, 4]>
      %9 = mod.full 5.000000e+00 : f64 as f32 [] : <f32[]>
      %10 = mod.expand %9 to [#mod.dim<2>, #mod.dim<2>] : (!mod.tensor<f32[]>) -> !mod.tensor<f32[2, 2]>
      %11 = mod.narrow %8 dim 1 from <1> length <2> : (!mod.tensor<f32[S, 4]>) -> !mod.tensor<f32[S, 2]>
      %12 = mod.iota <S> as i64 : <i64[S]>
      %13 = mod.take %12, %arg1 dim 0 : (!mod.tensor<i64[S]>, !mod.tensor<i64[]>) -> !mod.tensor<i64[]>
      %14 = mod.full 1 : i64 as i64 [] : <i64[]>
      %15 = mod.add %arg1, %14 : (!mod.tensor<i64[]>, !mod.tensor<i64[]>) -> !mod.tensor<i64[]>
      %16 = mod.take %12, %15 dim 0 : (!mod.tensor<i64[S]>, !mod.tensor<i64[]>) -> !mod.tensor<i64[]>
      %17 = mod.full 1 : i64 as i64 [] : <i64[]>
      %18 = mod.sub %16, %17 : (!mod.tensor<i64[]>, !mod.tensor<i64[]>) -> !mod.tensor<i64[]>
      %19 = mod.minimum %13, %18 : (!mod.tensor<i64[]>, !mod.tensor<i64[]>) -> !mod.tensor<i64[]>
      %20 = mod.sub %12, %19 : (!mod.tensor<i64[S]>, !mod.tensor<i64[]>) -> !mod.tensor<i64[S]>
      %21 = mod.full 0 : i64 as i64 [] : <i64[]>
      %22 = mod.le %21, %20 : (!mod.tensor<i64[]>, !mod.tensor<i64[S]>) -> !mod.tensor<i1[S]>
      %23 = mod.full 1 : i64 as i64 [] : <i64[]>
      %24 = mod.le %20, %23 : (!mod.tensor<i64[S]>, !mod.tensor<i64[]>) -> !mod.tensor<i1[S]>
      %25 = mod.bitwise_and %22, %24 : (!mod.tensor<i1[S]>, !mod.tensor<i1[S]>) -> !mod.tensor<i1[S]>
      %26 = mod.full 0 : i64 as i64 [] : <i64[]>
      %27 = mod.where %25, %20, %26 : (!mod.tensor<i1[S]>, !mod.tensor<i64[S]>, !mod.tensor<i64[]>) -> !mod.tensor<i64[S]>
      %28 = mod.take %10, %27 dim 0 : (!mod.tensor<f32[2, 2]>, !mod.tensor<i64[S]>) -> !mod.tensor<f32[S, 2]>
      %29 = mod.reshape %25 to [#mod.dim<S>, #mod.dim<1>] : (!mod.tensor<i1[S]>) -> !mod.tensor<i1[S, 1]>
      %30 = mod.where %29, %28, %11 : (!mod.tensor<i1[S, 1]>, !mod.tensor<f32[S, 2]>, !mod.tensor<f32[S, 2]>) -> !mod.tensor<f32[S, 2]>
      %31 = mod.update_slice %8, %30 at [#mod.dim<0>, #mod.dim<1>] : (!mod.tensor<f32[S, 4]>, !mod.tensor<f32[S, 2]>) -> !mod.tensor<f32[S, 4]>
      %32 = mod.take %arg0, %arg1 dim 0 : (!mod.tensor<f32[S, 4]>, !mod.tensor<i64[]>) -> !mod.tensor<f32[4]>
      %33 = mod.iota <2> as i64 : <i64[2]>
      %34 = mod.add %33, %arg1 : (!mod.tensor<i64[2]>, !mod.tensor<i64[]>) -> !mod.tensor<i64[2]>
      %35 = mod.take %arg0, %34 dim 0 : (!mod.tensor<f32[S, 4]>, !mod.tensor<i64[2]>) -> !mod.tensor<f32[2, 4]>
      %36 = mod.full 0 : i64 as i64 [] : <i64[]>
      %37 = mod.le %36, %arg2 : (!mod.tensor<i64[]>, !mod.tensor<i64[N]>) -> !mod.tensor<i1[N]>
      %38 = mod.size <S> as i64 : <i64[]>
      %39 = mod.lt %arg2, %38 : (!mod.tensor<i64[N]>, !mod.tensor<i64[]>) -> !mod.tensor<i1[N]>
      %40 = mod.bitwise_and %37, %39 : (!mod.tensor<i1[N]>, !mod.tensor<i1[N]>) -> !mod.tensor<i1[N]>
      %41 = mod.full 0 : i64 as i64 [] : <i64[]>
      %42 = mod.le %41, %arg3 : (!mod.tensor<i64[]>, !mod.tensor<i64[N]>) -> !mod.tensor<i1[N]>
      %43 = mod.full 4 : i64 as i64 [] : <i64[]>
      %44 = mod.lt %arg3, %43 : (!mod.tensor<i64[N]>, !mod.tensor<i64[]>) -> !mod.tensor<i1[N]>
      %45 = mod.bitwise_and %42, %44 : (!mod.tensor<i1[N]>, !mod.tensor<i1[N]>) -> !mod.tensor<i1[N]>
      %46 = mod.bitwise_and %40, %45 : (!mod.tensor<i1[N]>, !mod.tensor<i1[N]>) -> !mod.tensor<i1[N]>
      %47 = mod.full 4 : i64 as i64 [] : <i64[]>
      %48 = mod.mul %arg2, %47 : (!mod.tensor<i64[N]>, !mod.tensor<i64[]>) -> !mod.tensor<i64[N]>
      %49 = mod.add %48, %arg3 : (!mod.tensor<i64[N]>, !mod.tensor<i64[N]>) -> !mod.tensor<i64[N]>
      %50 = mod.full -1 : i64 as i64 [] : <i64[]>
      %51 = mod.where %46, %49, %50 : (!mod.tensor<i1[N]>, !mod.tensor<i64[N]>, !mod.tensor<i64[]>) -> !mod.tensor<i64[N]>
      %52 = mod.reshape %arg0 to [#mod.dim<4*S>] : (!mod.tensor<f32[S, 4]>) -> !mod.tensor<f32[4*S]>
      %53 = mod.take %52, %51 dim 0 : (!mod.tensor<f32[4*S]>, !mod.tensor<i64[N]>) -> !mod.tensor<f32[N]>
      mod.return %32, %35, %53, %31 : !mod.tensor<f32[4]>, !mod.tensor<f32[2, 4]>, !mod.tensor<f32[N]>, !mod.tensor<f32[S, 4]>
    }
  }
  mod.export @steps = @Steps -> @forward instance 0
  mod.export @branches = @Steps -> @branches instance 0
  mod.export @rows = @Steps -> @rows instance 0
  mod.export @indices = @Steps -> @indices instance 0
}

