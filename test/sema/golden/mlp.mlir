module {
  mod.class @Linear_784_512 from "Linear" kind "module" ctor [#mod.arg<"in_features" = 784 : i64>, #mod.arg<"out_features" = 512 : i64>, #mod.arg<"bias" = true>, #mod.arg<"dtype" = "f32">] repr "in_features=784, out_features=512, bias=True" attributes {doc = "y = x W^T + b over the last dimension."} {
    mod.param @weight : !mod.tensor<f32[512, 784]> init <uniform -0.035714285714285712, 0.035714285714285712>
    mod.param @bias : !mod.tensor<f32[512]> init <uniform -0.035714285714285712, 0.035714285714285712>
    mod.func @forward(%arg0: !mod.tensor<f32[d0, 784]> {mod.name = "x"}) -> (!mod.tensor<f32[d0, 512]> {mod.name = "output"}) attributes {dims = ["d0"]} {
      %0 = mod.get "weight" : <f32[512, 784]>
      %1 = mod.matmul %arg0, %0 trans_b true : (!mod.tensor<f32[d0, 784]>, !mod.tensor<f32[512, 784]>) -> !mod.tensor<f32[d0, 512]>
      %2 = mod.get "bias" : <f32[512]>
      %3 = mod.add %1, %2 : (!mod.tensor<f32[d0, 512]>, !mod.tensor<f32[512]>) -> !mod.tensor<f32[d0, 512]>
      mod.return %3 : !mod.tensor<f32[d0, 512]>
    }
  }
  mod.class @BatchNorm1d_512 from "BatchNorm1d" kind "module" ctor [#mod.arg<"ranks" = array<i64: 2, 3>>, #mod.arg<"num_features" = 512 : i64>, #mod.arg<"eps" = 1.000000e-05 : f64>, #mod.arg<"momentum" = 1.000000e-01 : f64>, #mod.arg<"affine" = true>, #mod.arg<"track_running_stats" = true>, #mod.arg<"bias" = true>, #mod.arg<"dtype" = "f32">] repr "512, eps=1e-05, momentum=0.1, affine=True, bias=True, track_running_stats=True" version 2 attributes {doc = "Normalises channels by the batch's statistics in training, by their running average otherwise."} {
    mod.param @weight : !mod.tensor<f32[512]> init <fill 1.000000e+00>
    mod.param @bias : !mod.tensor<f32[512]> init <fill 0.000000e+00>
    mod.buffer @running_mean : !mod.tensor<f32[512]> init <fill 0.000000e+00>
    mod.buffer @running_var : !mod.tensor<f32[512]> init <fill 1.000000e+00>
    mod.buffer @num_batches_tracked : !mod.tensor<i64[]> init <fill 0.000000e+00> {since = 2 : i64}
    mod.func @forward(%arg0: !mod.tensor<f32[N, 512]> {mod.name = "x"}) -> (!mod.tensor<f32[N, 512]> {mod.name = "output"}) attributes {dims = ["N"]} {
      %0 = mod.get "running_var" : <f32[512]>
      %1 = mod.full 1.000000e-05 : f64 as f32 [] : <f32[]>
      %2 = mod.add %0, %1 : (!mod.tensor<f32[512]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[512]>
      %3 = mod.sqrt %2 : (!mod.tensor<f32[512]>) -> !mod.tensor<f32[512]>
      %4 = mod.full 1.000000e+00 : f64 as f32 [] : <f32[]>
      %5 = mod.div %4, %3 : (!mod.tensor<f32[]>, !mod.tensor<f32[512]>) -> !mod.tensor<f32[512]>
      %6 = mod.get "weight" : <f32[512]>
      %7 = mod.mul %6, %5 : (!mod.tensor<f32[512]>, !mod.tensor<f32[512]>) -> !mod.tensor<f32[512]>
      %8 = mod.get "running_mean" : <f32[512]>
      %9 = mod.mul %8, %7 : (!mod.tensor<f32[512]>, !mod.tensor<f32[512]>) -> !mod.tensor<f32[512]>
      %10 = mod.get "bias" : <f32[512]>
      %11 = mod.sub %10, %9 : (!mod.tensor<f32[512]>, !mod.tensor<f32[512]>) -> !mod.tensor<f32[512]>
      %12 = mod.mul %arg0, %7 : (!mod.tensor<f32[N, 512]>, !mod.tensor<f32[512]>) -> !mod.tensor<f32[N, 512]>
      %13 = mod.add %12, %11 : (!mod.tensor<f32[N, 512]>, !mod.tensor<f32[512]>) -> !mod.tensor<f32[N, 512]>
      mod.return %13 : !mod.tensor<f32[N, 512]>
    }
    mod.func @forward.train(%arg0: !mod.tensor<f32[N, 512]> {mod.name = "x"}) -> (!mod.tensor<f32[N, 512]> {mod.name = "output"}) attributes {dims = ["N"], ranges = [#mod.range<"N", 2, 9223372036854775807>]} {
      %0 = mod.get "num_batches_tracked" : <i64[]>
      %1 = mod.full 1 : i64 as i64 [] : <i64[]>
      %2 = mod.add %0, %1 : (!mod.tensor<i64[]>, !mod.tensor<i64[]>) -> !mod.tensor<i64[]>
      mod.set "num_batches_tracked", %2 : <i64[]>
      %3 = mod.sum %arg0 over [0] : (!mod.tensor<f32[N, 512]>) -> !mod.tensor<f32[512]>
      %4 = mod.size <N> as f32 : <f32[]>
      %5 = mod.div %3, %4 : (!mod.tensor<f32[512]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[512]>
      %6 = mod.sum %arg0 over [0] keepdim true : (!mod.tensor<f32[N, 512]>) -> !mod.tensor<f32[1, 512]>
      %7 = mod.size <N> as f32 : <f32[]>
      %8 = mod.div %6, %7 : (!mod.tensor<f32[1, 512]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[1, 512]>
      %9 = mod.sub %arg0, %8 : (!mod.tensor<f32[N, 512]>, !mod.tensor<f32[1, 512]>) -> !mod.tensor<f32[N, 512]>
      %10 = mod.mul %9, %9 : (!mod.tensor<f32[N, 512]>, !mod.tensor<f32[N, 512]>) -> !mod.tensor<f32[N, 512]>
      %11 = mod.sum %10 over [0] : (!mod.tensor<f32[N, 512]>) -> !mod.tensor<f32[512]>
      %12 = mod.size <N> as f32 : <f32[]>
      %13 = mod.div %11, %12 : (!mod.tensor<f32[512]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[512]>
      %14 = mod.full 9.000000e-01 : f64 as f32 [] : <f32[]>
      %15 = mod.get "running_mean" : <f32[512]>
      %16 = mod.mul %14, %15 : (!mod.tensor<f32[]>, !mod.tensor<f32[512]>) -> !mod.tensor<f32[512]>
      %17 = mod.full 1.000000e-01 : f64 as f32 [] : <f32[]>
      %18 = mod.mul %17, %5 : (!mod.tensor<f32[]>, !mod.tensor<f32[512]>) -> !mod.tensor<f32[512]>
      %19 = mod.add %16, %18 : (!mod.tensor<f32[512]>, !mod.tensor<f32[512]>) -> !mod.tensor<f32[512]>
      mod.set "running_mean", %19 : <f32[512]>
      %20 = mod.full 9.000000e-01 : f64 as f32 [] : <f32[]>
      %21 = mod.get "running_var" : <f32[512]>
      %22 = mod.mul %20, %21 : (!mod.tensor<f32[]>, !mod.tensor<f32[512]>) -> !mod.tensor<f32[512]>
      %23 = mod.full 1.000000e-01 : f64 as f32 [] : <f32[]>
      %24 = mod.mul %23, %13 : (!mod.tensor<f32[]>, !mod.tensor<f32[512]>) -> !mod.tensor<f32[512]>
      %25 = mod.size <N> as f64 : <f64[]>
      %26 = mod.size <N - 1> as f64 : <f64[]>
      %27 = mod.div %25, %26 : (!mod.tensor<f64[]>, !mod.tensor<f64[]>) -> !mod.tensor<f64[]>
      %28 = mod.to %27 as f32 : (!mod.tensor<f64[]>) -> !mod.tensor<f32[]>
      %29 = mod.mul %24, %28 : (!mod.tensor<f32[512]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[512]>
      %30 = mod.add %22, %29 : (!mod.tensor<f32[512]>, !mod.tensor<f32[512]>) -> !mod.tensor<f32[512]>
      mod.set "running_var", %30 : <f32[512]>
      %31 = mod.full 1.000000e-05 : f64 as f32 [] : <f32[]>
      %32 = mod.add %13, %31 : (!mod.tensor<f32[512]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[512]>
      %33 = mod.sqrt %32 : (!mod.tensor<f32[512]>) -> !mod.tensor<f32[512]>
      %34 = mod.full 1.000000e+00 : f64 as f32 [] : <f32[]>
      %35 = mod.div %34, %33 : (!mod.tensor<f32[]>, !mod.tensor<f32[512]>) -> !mod.tensor<f32[512]>
      %36 = mod.get "weight" : <f32[512]>
      %37 = mod.mul %36, %35 : (!mod.tensor<f32[512]>, !mod.tensor<f32[512]>) -> !mod.tensor<f32[512]>
      %38 = mod.mul %5, %37 : (!mod.tensor<f32[512]>, !mod.tensor<f32[512]>) -> !mod.tensor<f32[512]>
      %39 = mod.get "bias" : <f32[512]>
      %40 = mod.sub %39, %38 : (!mod.tensor<f32[512]>, !mod.tensor<f32[512]>) -> !mod.tensor<f32[512]>
      %41 = mod.mul %arg0, %37 : (!mod.tensor<f32[N, 512]>, !mod.tensor<f32[512]>) -> !mod.tensor<f32[N, 512]>
      %42 = mod.add %41, %40 : (!mod.tensor<f32[N, 512]>, !mod.tensor<f32[512]>) -> !mod.tensor<f32[N, 512]>
      mod.return %42 : !mod.tensor<f32[N, 512]>
    }
  }
  mod.class @Linear_512_256 from "Linear" kind "module" ctor [#mod.arg<"in_features" = 512 : i64>, #mod.arg<"out_features" = 256 : i64>, #mod.arg<"bias" = true>, #mod.arg<"dtype" = "f32">] repr "in_features=512, out_features=256, bias=True" attributes {doc = "y = x W^T + b over the last dimension."} {
    mod.param @weight : !mod.tensor<f32[256, 512]> init <uniform -0.044194173824159209, 0.044194173824159209>
    mod.param @bias : !mod.tensor<f32[256]> init <uniform -0.044194173824159216, 0.044194173824159216>
    mod.func @forward(%arg0: !mod.tensor<f32[d0, 512]> {mod.name = "x"}) -> (!mod.tensor<f32[d0, 256]> {mod.name = "output"}) attributes {dims = ["d0"]} {
      %0 = mod.get "weight" : <f32[256, 512]>
      %1 = mod.matmul %arg0, %0 trans_b true : (!mod.tensor<f32[d0, 512]>, !mod.tensor<f32[256, 512]>) -> !mod.tensor<f32[d0, 256]>
      %2 = mod.get "bias" : <f32[256]>
      %3 = mod.add %1, %2 : (!mod.tensor<f32[d0, 256]>, !mod.tensor<f32[256]>) -> !mod.tensor<f32[d0, 256]>
      mod.return %3 : !mod.tensor<f32[d0, 256]>
    }
  }
  mod.class @BatchNorm1d_256 from "BatchNorm1d" kind "module" ctor [#mod.arg<"ranks" = array<i64: 2, 3>>, #mod.arg<"num_features" = 256 : i64>, #mod.arg<"eps" = 1.000000e-05 : f64>, #mod.arg<"momentum" = 1.000000e-01 : f64>, #mod.arg<"affine" = true>, #mod.arg<"track_running_stats" = true>, #mod.arg<"bias" = true>, #mod.arg<"dtype" = "f32">] repr "256, eps=1e-05, momentum=0.1, affine=True, bias=True, track_running_stats=True" version 2 attributes {doc = "Normalises channels by the batch's statistics in training, by their running average otherwise."} {
    mod.param @weight : !mod.tensor<f32[256]> init <fill 1.000000e+00>
    mod.param @bias : !mod.tensor<f32[256]> init <fill 0.000000e+00>
    mod.buffer @running_mean : !mod.tensor<f32[256]> init <fill 0.000000e+00>
    mod.buffer @running_var : !mod.tensor<f32[256]> init <fill 1.000000e+00>
    mod.buffer @num_batches_tracked : !mod.tensor<i64[]> init <fill 0.000000e+00> {since = 2 : i64}
    mod.func @forward(%arg0: !mod.tensor<f32[N, 256]> {mod.name = "x"}) -> (!mod.tensor<f32[N, 256]> {mod.name = "output"}) attributes {dims = ["N"]} {
      %0 = mod.get "running_var" : <f32[256]>
      %1 = mod.full 1.000000e-05 : f64 as f32 [] : <f32[]>
      %2 = mod.add %0, %1 : (!mod.tensor<f32[256]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[256]>
      %3 = mod.sqrt %2 : (!mod.tensor<f32[256]>) -> !mod.tensor<f32[256]>
      %4 = mod.full 1.000000e+00 : f64 as f32 [] : <f32[]>
      %5 = mod.div %4, %3 : (!mod.tensor<f32[]>, !mod.tensor<f32[256]>) -> !mod.tensor<f32[256]>
      %6 = mod.get "weight" : <f32[256]>
      %7 = mod.mul %6, %5 : (!mod.tensor<f32[256]>, !mod.tensor<f32[256]>) -> !mod.tensor<f32[256]>
      %8 = mod.get "running_mean" : <f32[256]>
      %9 = mod.mul %8, %7 : (!mod.tensor<f32[256]>, !mod.tensor<f32[256]>) -> !mod.tensor<f32[256]>
      %10 = mod.get "bias" : <f32[256]>
      %11 = mod.sub %10, %9 : (!mod.tensor<f32[256]>, !mod.tensor<f32[256]>) -> !mod.tensor<f32[256]>
      %12 = mod.mul %arg0, %7 : (!mod.tensor<f32[N, 256]>, !mod.tensor<f32[256]>) -> !mod.tensor<f32[N, 256]>
      %13 = mod.add %12, %11 : (!mod.tensor<f32[N, 256]>, !mod.tensor<f32[256]>) -> !mod.tensor<f32[N, 256]>
      mod.return %13 : !mod.tensor<f32[N, 256]>
    }
    mod.func @forward.train(%arg0: !mod.tensor<f32[N, 256]> {mod.name = "x"}) -> (!mod.tensor<f32[N, 256]> {mod.name = "output"}) attributes {dims = ["N"], ranges = [#mod.range<"N", 2, 9223372036854775807>]} {
      %0 = mod.get "num_batches_tracked" : <i64[]>
      %1 = mod.full 1 : i64 as i64 [] : <i64[]>
      %2 = mod.add %0, %1 : (!mod.tensor<i64[]>, !mod.tensor<i64[]>) -> !mod.tensor<i64[]>
      mod.set "num_batches_tracked", %2 : <i64[]>
      %3 = mod.sum %arg0 over [0] : (!mod.tensor<f32[N, 256]>) -> !mod.tensor<f32[256]>
      %4 = mod.size <N> as f32 : <f32[]>
      %5 = mod.div %3, %4 : (!mod.tensor<f32[256]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[256]>
      %6 = mod.sum %arg0 over [0] keepdim true : (!mod.tensor<f32[N, 256]>) -> !mod.tensor<f32[1, 256]>
      %7 = mod.size <N> as f32 : <f32[]>
      %8 = mod.div %6, %7 : (!mod.tensor<f32[1, 256]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[1, 256]>
      %9 = mod.sub %arg0, %8 : (!mod.tensor<f32[N, 256]>, !mod.tensor<f32[1, 256]>) -> !mod.tensor<f32[N, 256]>
      %10 = mod.mul %9, %9 : (!mod.tensor<f32[N, 256]>, !mod.tensor<f32[N, 256]>) -> !mod.tensor<f32[N, 256]>
      %11 = mod.sum %10 over [0] : (!mod.tensor<f32[N, 256]>) -> !mod.tensor<f32[256]>
      %12 = mod.size <N> as f32 : <f32[]>
      %13 = mod.div %11, %12 : (!mod.tensor<f32[256]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[256]>
      %14 = mod.full 9.000000e-01 : f64 as f32 [] : <f32[]>
      %15 = mod.get "running_mean" : <f32[256]>
      %16 = mod.mul %14, %15 : (!mod.tensor<f32[]>, !mod.tensor<f32[256]>) -> !mod.tensor<f32[256]>
      %17 = mod.full 1.000000e-01 : f64 as f32 [] : <f32[]>
      %18 = mod.mul %17, %5 : (!mod.tensor<f32[]>, !mod.tensor<f32[256]>) -> !mod.tensor<f32[256]>
      %19 = mod.add %16, %18 : (!mod.tensor<f32[256]>, !mod.tensor<f32[256]>) -> !mod.tensor<f32[256]>
      mod.set "running_mean", %19 : <f32[256]>
      %20 = mod.full 9.000000e-01 : f64 as f32 [] : <f32[]>
      %21 = mod.get "running_var" : <f32[256]>
      %22 = mod.mul %20, %21 : (!mod.tensor<f32[]>, !mod.tensor<f32[256]>) -> !mod.tensor<f32[256]>
      %23 = mod.full 1.000000e-01 : f64 as f32 [] : <f32[]>
      %24 = mod.mul %23, %13 : (!mod.tensor<f32[]>, !mod.tensor<f32[256]>) -> !mod.tensor<f32[256]>
      %25 = mod.size <N> as f64 : <f64[]>
      %26 = mod.size <N - 1> as f64 : <f64[]>
      %27 = mod.div %25, %26 : (!mod.tensor<f64[]>, !mod.tensor<f64[]>) -> !mod.tensor<f64[]>
      %28 = mod.to %27 as f32 : (!mod.tensor<f64[]>) -> !mod.tensor<f32[]>
      %29 = mod.mul %24, %28 : (!mod.tensor<f32[256]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[256]>
      %30 = mod.add %22, %29 : (!mod.tensor<f32[256]>, !mod.tensor<f32[256]>) -> !mod.tensor<f32[256]>
      mod.set "running_var", %30 : <f32[256]>
      %31 = mod.full 1.000000e-05 : f64 as f32 [] : <f32[]>
      %32 = mod.add %13, %31 : (!mod.tensor<f32[256]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[256]>
      %33 = mod.sqrt %32 : (!mod.tensor<f32[256]>) -> !mod.tensor<f32[256]>
      %34 = mod.full 1.000000e+00 : f64 as f32 [] : <f32[]>
      %35 = mod.div %34, %33 : (!mod.tensor<f32[]>, !mod.tensor<f32[256]>) -> !mod.tensor<f32[256]>
      %36 = mod.get "weight" : <f32[256]>
      %37 = mod.mul %36, %35 : (!mod.tensor<f32[256]>, !mod.tensor<f32[256]>) -> !mod.tensor<f32[256]>
      %38 = mod.mul %5, %37 : (!mod.tensor<f32[256]>, !mod.tensor<f32[256]>) -> !mod.tensor<f32[256]>
      %39 = mod.get "bias" : <f32[256]>
      %40 = mod.sub %39, %38 : (!mod.tensor<f32[256]>, !mod.tensor<f32[256]>) -> !mod.tensor<f32[256]>
      %41 = mod.mul %arg0, %37 : (!mod.tensor<f32[N, 256]>, !mod.tensor<f32[256]>) -> !mod.tensor<f32[N, 256]>
      %42 = mod.add %41, %40 : (!mod.tensor<f32[N, 256]>, !mod.tensor<f32[256]>) -> !mod.tensor<f32[N, 256]>
      mod.return %42 : !mod.tensor<f32[N, 256]>
    }
  }
  mod.class @Linear_256_10 from "Linear" kind "module" ctor [#mod.arg<"in_features" = 256 : i64>, #mod.arg<"out_features" = 10 : i64>, #mod.arg<"bias" = true>, #mod.arg<"dtype" = "f32">] repr "in_features=256, out_features=10, bias=True" attributes {doc = "y = x W^T + b over the last dimension."} {
    mod.param @weight : !mod.tensor<f32[10, 256]> init <uniform -0.062499999999999993, 0.062499999999999993>
    mod.param @bias : !mod.tensor<f32[10]> init <uniform -6.250000e-02, 6.250000e-02>
    mod.func @forward(%arg0: !mod.tensor<f32[d0, 256]> {mod.name = "x"}) -> (!mod.tensor<f32[d0, 10]> {mod.name = "output"}) attributes {dims = ["d0"]} {
      %0 = mod.get "weight" : <f32[10, 256]>
      %1 = mod.matmul %arg0, %0 trans_b true : (!mod.tensor<f32[d0, 256]>, !mod.tensor<f32[10, 256]>) -> !mod.tensor<f32[d0, 10]>
      %2 = mod.get "bias" : <f32[10]>
      %3 = mod.add %1, %2 : (!mod.tensor<f32[d0, 10]>, !mod.tensor<f32[10]>) -> !mod.tensor<f32[d0, 10]>
      mod.return %3 : !mod.tensor<f32[d0, 10]>
    }
  }
  mod.class @Dropout_0.1 from "Dropout" kind "module" ctor [#mod.arg<"p" = 1.000000e-01 : f64>, #mod.arg<"inplace" = false>] repr "p=0.1, inplace=False" attributes {doc = "In training, zeroes elements with probability `p` and scales the rest by 1 / (1 - p)."} {
    mod.func @forward(%arg0: !mod.tensor<f32[d0, d1]> {mod.name = "x"}) -> (!mod.tensor<f32[d0, d1]> {mod.name = "output"}) attributes {dims = ["d0", "d1"]} {
      mod.return %arg0 : !mod.tensor<f32[d0, d1]>
    }
    mod.func @forward.train(%arg0: !mod.tensor<f32[d0, d1]> {mod.name = "x"}) -> (!mod.tensor<f32[d0, d1]> {mod.name = "output"}) attributes {dims = ["d0", "d1"]} {
      %0 = mod.frame_key
      %1 = mod.key %0, 0
      %2 = mod.random %1 as f32 [#mod.dim<d0>, #mod.dim<d1>] : <f32[d0, d1]>
      %3 = mod.full 1.000000e-01 : f64 as f32 [] : <f32[]>
      %4 = mod.lt %2, %3 : (!mod.tensor<f32[d0, d1]>, !mod.tensor<f32[]>) -> !mod.tensor<i1[d0, d1]>
      %5 = mod.full 9.000000e-01 : f64 as f32 [] : <f32[]>
      %6 = mod.div %arg0, %5 : (!mod.tensor<f32[d0, d1]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[d0, d1]>
      %7 = mod.full 0.000000e+00 : f64 as f32 [] : <f32[]>
      %8 = mod.where %4, %7, %6 : (!mod.tensor<i1[d0, d1]>, !mod.tensor<f32[]>, !mod.tensor<f32[d0, d1]>) -> !mod.tensor<f32[d0, d1]>
      mod.return %8 : !mod.tensor<f32[d0, d1]>
    }
  }
  mod.class @MLP from "MLP" kind "module" attributes {doc = "784-512-256-10 perceptron with batch normalisation and dropout."} {
    mod.child @fc1 = @Linear_784_512
    mod.child @bn1 = @BatchNorm1d_512
    mod.child @fc2 = @Linear_512_256
    mod.child @bn2 = @BatchNorm1d_256
    mod.child @fc3 = @Linear_256_10
    mod.child @drop = @Dropout_0.1
    mod.func @forward(%arg0: !mod.tensor<f32[N, 784]> {mod.name = "x"}) -> (!mod.tensor<f32[N, 10]> {mod.name = "output"}) attributes {dims = ["N"]} {
      %0 = mod.call "fc1" -> @forward(%arg0) site 0 : (!mod.tensor<f32[N, 784]>) -> !mod.tensor<f32[N, 512]>
      %1 = mod.call "bn1" -> @forward(%0) site 1 : (!mod.tensor<f32[N, 512]>) -> !mod.tensor<f32[N, 512]>
      %2 = mod.full 0.000000e+00 : f64 as f32 [] : <f32[]>
      %3 = mod.le %1, %2 : (!mod.tensor<f32[N, 512]>, !mod.tensor<f32[]>) -> !mod.tensor<i1[N, 512]>
      %4 = mod.full 0.000000e+00 : f64 as f32 [] : <f32[]>
      %5 = mod.where %3, %4, %1 : (!mod.tensor<i1[N, 512]>, !mod.tensor<f32[]>, !mod.tensor<f32[N, 512]>) -> !mod.tensor<f32[N, 512]>
      %6 = mod.call "drop" -> @forward(%5) site 2 : (!mod.tensor<f32[N, 512]>) -> !mod.tensor<f32[N, 512]>
      %7 = mod.call "fc2" -> @forward(%6) site 3 : (!mod.tensor<f32[N, 512]>) -> !mod.tensor<f32[N, 256]>
      %8 = mod.call "bn2" -> @forward(%7) site 4 : (!mod.tensor<f32[N, 256]>) -> !mod.tensor<f32[N, 256]>
      %9 = mod.full 0.000000e+00 : f64 as f32 [] : <f32[]>
      %10 = mod.le %8, %9 : (!mod.tensor<f32[N, 256]>, !mod.tensor<f32[]>) -> !mod.tensor<i1[N, 256]>
      %11 = mod.full 0.000000e+00 : f64 as f32 [] : <f32[]>
      %12 = mod.where %10, %11, %8 : (!mod.tensor<i1[N, 256]>, !mod.tensor<f32[]>, !mod.tensor<f32[N, 256]>) -> !mod.tensor<f32[N, 256]>
      %13 = mod.call "drop" -> @forward(%12) site 5 : (!mod.tensor<f32[N, 256]>) -> !mod.tensor<f32[N, 256]>
      %14 = mod.call "fc3" -> @forward(%13) site 6 : (!mod.tensor<f32[N, 256]>) -> !mod.tensor<f32[N, 10]>
      mod.return %14 : !mod.tensor<f32[N, 10]>
    }
  }
  mod.export @mlp = @MLP -> @forward instance 0
}

