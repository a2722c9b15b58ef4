module {
  mod.class @ReLU from "ReLU" kind "module" ctor [#mod.arg<"inplace" = false>] attributes {doc = "max(x, 0)."} {
    mod.func @forward(%arg0: !mod.tensor<f32[d0, d1, d2]> {mod.name = "x"}) -> (!mod.tensor<f32[d0, d1, d2]> {mod.name = "output"}) attributes {dims = ["d0", "d1", "d2"]} {
      %0 = mod.full 0.000000e+00 : f64 as f32 [] : <f32[]>
      %1 = mod.le %arg0, %0 : (!mod.tensor<f32[d0, d1, d2]>, !mod.tensor<f32[]>) -> !mod.tensor<i1[d0, d1, d2]>
      %2 = mod.full 0.000000e+00 : f64 as f32 [] : <f32[]>
      %3 = mod.where %1, %2, %arg0 : (!mod.tensor<i1[d0, d1, d2]>, !mod.tensor<f32[]>, !mod.tensor<f32[d0, d1, d2]>) -> !mod.tensor<f32[d0, d1, d2]>
      mod.return %3 : !mod.tensor<f32[d0, d1, d2]>
    }
  }
  mod.class @ReLU6 from "ReLU6" kind "module" ctor [#mod.arg<"inplace" = false>] attributes {doc = "min(max(x, 0), 6)."} {
    mod.func @forward(%arg0: !mod.tensor<f32[d0, d1, d2]> {mod.name = "x"}) -> (!mod.tensor<f32[d0, d1, d2]> {mod.name = "output"}) attributes {dims = ["d0", "d1", "d2"]} {
      %0 = mod.full 0.000000e+00 : f64 as f32 [] : <f32[]>
      %1 = mod.le %arg0, %0 : (!mod.tensor<f32[d0, d1, d2]>, !mod.tensor<f32[]>) -> !mod.tensor<i1[d0, d1, d2]>
      %2 = mod.full 6.000000e+00 : f64 as f32 [] : <f32[]>
      %3 = mod.le %2, %arg0 : (!mod.tensor<f32[]>, !mod.tensor<f32[d0, d1, d2]>) -> !mod.tensor<i1[d0, d1, d2]>
      %4 = mod.full 6.000000e+00 : f64 as f32 [] : <f32[]>
      %5 = mod.where %3, %4, %arg0 : (!mod.tensor<i1[d0, d1, d2]>, !mod.tensor<f32[]>, !mod.tensor<f32[d0, d1, d2]>) -> !mod.tensor<f32[d0, d1, d2]>
      %6 = mod.full 0.000000e+00 : f64 as f32 [] : <f32[]>
      %7 = mod.where %1, %6, %5 : (!mod.tensor<i1[d0, d1, d2]>, !mod.tensor<f32[]>, !mod.tensor<f32[d0, d1, d2]>) -> !mod.tensor<f32[d0, d1, d2]>
      mod.return %7 : !mod.tensor<f32[d0, d1, d2]>
    }
  }
  mod.class @LeakyReLU from "LeakyReLU" kind "module" ctor [#mod.arg<"negative_slope" = 1.000000e-02 : f64>, #mod.arg<"inplace" = false>] repr "negative_slope=0.01" attributes {doc = "x where positive, `negative_slope` * x elsewhere."} {
    mod.func @forward(%arg0: !mod.tensor<f32[d0, d1, d2]> {mod.name = "x"}) -> (!mod.tensor<f32[d0, d1, d2]> {mod.name = "output"}) attributes {dims = ["d0", "d1", "d2"]} {
      %0 = mod.full 0.000000e+00 : f64 as f32 [] : <f32[]>
      %1 = mod.lt %0, %arg0 : (!mod.tensor<f32[]>, !mod.tensor<f32[d0, d1, d2]>) -> !mod.tensor<i1[d0, d1, d2]>
      %2 = mod.full 1.000000e-02 : f64 as f32 [] : <f32[]>
      %3 = mod.mul %arg0, %2 : (!mod.tensor<f32[d0, d1, d2]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[d0, d1, d2]>
      %4 = mod.where %1, %arg0, %3 : (!mod.tensor<i1[d0, d1, d2]>, !mod.tensor<f32[d0, d1, d2]>, !mod.tensor<f32[d0, d1, d2]>) -> !mod.tensor<f32[d0, d1, d2]>
      mod.return %4 : !mod.tensor<f32[d0, d1, d2]>
    }
  }
  mod.class @PReLU from "PReLU" kind "module" ctor [#mod.arg<"num_parameters" = 1 : i64>, #mod.arg<"init" = 2.500000e-01 : f64>, #mod.arg<"dtype" = "f32">] repr "num_parameters=1" attributes {doc = "As LeakyReLU with a learned slope: one, or one for each channel (dimension 1)."} {
    mod.param @weight : !mod.tensor<f32[1]> init <fill 2.500000e-01>
    mod.func @forward(%arg0: !mod.tensor<f32[d0, d1, d2]> {mod.name = "x"}) -> (!mod.tensor<f32[d0, d1, d2]> {mod.name = "output"}) attributes {dims = ["d0", "d1", "d2"]} {
      %0 = mod.full 0.000000e+00 : f64 as f32 [] : <f32[]>
      %1 = mod.lt %0, %arg0 : (!mod.tensor<f32[]>, !mod.tensor<f32[d0, d1, d2]>) -> !mod.tensor<i1[d0, d1, d2]>
      %2 = mod.get "weight" : <f32[1]>
      %3 = mod.mul %arg0, %2 : (!mod.tensor<f32[d0, d1, d2]>, !mod.tensor<f32[1]>) -> !mod.tensor<f32[d0, d1, d2]>
      %4 = mod.where %1, %arg0, %3 : (!mod.tensor<i1[d0, d1, d2]>, !mod.tensor<f32[d0, d1, d2]>, !mod.tensor<f32[d0, d1, d2]>) -> !mod.tensor<f32[d0, d1, d2]>
      mod.return %4 : !mod.tensor<f32[d0, d1, d2]>
    }
  }
  mod.class @PReLU_4 from "PReLU" kind "module" ctor [#mod.arg<"num_parameters" = 4 : i64>, #mod.arg<"init" = 2.500000e-01 : f64>, #mod.arg<"dtype" = "f32">] repr "num_parameters=4" attributes {doc = "As LeakyReLU with a learned slope: one, or one for each channel (dimension 1)."} {
    mod.param @weight : !mod.tensor<f32[4]> init <fill 2.500000e-01>
    mod.func @forward(%arg0: !mod.tensor<f32[d0, 4, 6]> {mod.name = "x"}) -> (!mod.tensor<f32[d0, 4, 6]> {mod.name = "output"}) attributes {dims = ["d0"]} {
      %0 = mod.get "weight" : <f32[4]>
      %1 = mod.reshape %0 to [#mod.dim<4>, #mod.dim<1>] : (!mod.tensor<f32[4]>) -> !mod.tensor<f32[4, 1]>
      %2 = mod.full 0.000000e+00 : f64 as f32 [] : <f32[]>
      %3 = mod.lt %2, %arg0 : (!mod.tensor<f32[]>, !mod.tensor<f32[d0, 4, 6]>) -> !mod.tensor<i1[d0, 4, 6]>
      %4 = mod.mul %arg0, %1 : (!mod.tensor<f32[d0, 4, 6]>, !mod.tensor<f32[4, 1]>) -> !mod.tensor<f32[d0, 4, 6]>
      %5 = mod.where %3, %arg0, %4 : (!mod.tensor<i1[d0, 4, 6]>, !mod.tensor<f32[d0, 4, 6]>, !mod.tensor<f32[d0, 4, 6]>) -> !mod.tensor<f32[d0, 4, 6]>
      mod.return %5 : !mod.tensor<f32[d0, 4, 6]>
    }
  }
  mod.class @ELU from "ELU" kind "module" ctor [#mod.arg<"alpha" = 1.000000e+00 : f64>, #mod.arg<"inplace" = false>] repr "alpha=1.0" attributes {doc = "x where positive, `alpha` * (exp(x) - 1) elsewhere."} {
    mod.func @forward(%arg0: !mod.tensor<f32[d0, d1, d2]> {mod.name = "x"}) -> (!mod.tensor<f32[d0, d1, d2]> {mod.name = "output"}) attributes {dims = ["d0", "d1", "d2"]} {
      %0 = mod.full 0.000000e+00 : f64 as f32 [] : <f32[]>
      %1 = mod.lt %0, %arg0 : (!mod.tensor<f32[]>, !mod.tensor<f32[d0, d1, d2]>) -> !mod.tensor<i1[d0, d1, d2]>
      %2 = mod.full 0.000000e+00 : f64 as f32 [] : <f32[]>
      %3 = mod.minimum %arg0, %2 : (!mod.tensor<f32[d0, d1, d2]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[d0, d1, d2]>
      %4 = mod.expm1 %3 : (!mod.tensor<f32[d0, d1, d2]>) -> !mod.tensor<f32[d0, d1, d2]>
      %5 = mod.where %1, %arg0, %4 : (!mod.tensor<i1[d0, d1, d2]>, !mod.tensor<f32[d0, d1, d2]>, !mod.tensor<f32[d0, d1, d2]>) -> !mod.tensor<f32[d0, d1, d2]>
      mod.return %5 : !mod.tensor<f32[d0, d1, d2]>
    }
  }
  mod.class @SELU from "SELU" kind "module" ctor [#mod.arg<"inplace" = false>] attributes {doc = "ELU scaled so that mean 0 and variance 1 are kept."} {
    mod.func @forward(%arg0: !mod.tensor<f32[d0, d1, d2]> {mod.name = "x"}) -> (!mod.tensor<f32[d0, d1, d2]> {mod.name = "output"}) attributes {dims = ["d0", "d1", "d2"]} {
      %0 = mod.full 0.000000e+00 : f64 as f32 [] : <f32[]>
      %1 = mod.lt %0, %arg0 : (!mod.tensor<f32[]>, !mod.tensor<f32[d0, d1, d2]>) -> !mod.tensor<i1[d0, d1, d2]>
      %2 = mod.full 0.000000e+00 : f64 as f32 [] : <f32[]>
      %3 = mod.minimum %arg0, %2 : (!mod.tensor<f32[d0, d1, d2]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[d0, d1, d2]>
      %4 = mod.expm1 %3 : (!mod.tensor<f32[d0, d1, d2]>) -> !mod.tensor<f32[d0, d1, d2]>
      %5 = mod.full 1.6732632423543772 : f64 as f32 [] : <f32[]>
      %6 = mod.mul %5, %4 : (!mod.tensor<f32[]>, !mod.tensor<f32[d0, d1, d2]>) -> !mod.tensor<f32[d0, d1, d2]>
      %7 = mod.where %1, %arg0, %6 : (!mod.tensor<i1[d0, d1, d2]>, !mod.tensor<f32[d0, d1, d2]>, !mod.tensor<f32[d0, d1, d2]>) -> !mod.tensor<f32[d0, d1, d2]>
      %8 = mod.full 1.0507009873554805 : f64 as f32 [] : <f32[]>
      %9 = mod.mul %8, %7 : (!mod.tensor<f32[]>, !mod.tensor<f32[d0, d1, d2]>) -> !mod.tensor<f32[d0, d1, d2]>
      mod.return %9 : !mod.tensor<f32[d0, d1, d2]>
    }
  }
  mod.class @GELU from "GELU" kind "module" ctor [#mod.arg<"approximate" = "none">] repr "approximate='none'" attributes {doc = "x * P(X <= x) of the standard normal distribution, exact or by tanh."} {
    mod.func @forward(%arg0: !mod.tensor<f32[d0, d1, d2]> {mod.name = "x"}) -> (!mod.tensor<f32[d0, d1, d2]> {mod.name = "output"}) attributes {dims = ["d0", "d1", "d2"]} {
      %0 = mod.full 5.000000e-01 : f64 as f32 [] : <f32[]>
      %1 = mod.mul %0, %arg0 : (!mod.tensor<f32[]>, !mod.tensor<f32[d0, d1, d2]>) -> !mod.tensor<f32[d0, d1, d2]>
      %2 = mod.full 0.70710678118654757 : f64 as f32 [] : <f32[]>
      %3 = mod.mul %arg0, %2 : (!mod.tensor<f32[d0, d1, d2]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[d0, d1, d2]>
      %4 = mod.erf %3 : (!mod.tensor<f32[d0, d1, d2]>) -> !mod.tensor<f32[d0, d1, d2]>
      %5 = mod.full 1.000000e+00 : f64 as f32 [] : <f32[]>
      %6 = mod.add %5, %4 : (!mod.tensor<f32[]>, !mod.tensor<f32[d0, d1, d2]>) -> !mod.tensor<f32[d0, d1, d2]>
      %7 = mod.mul %1, %6 : (!mod.tensor<f32[d0, d1, d2]>, !mod.tensor<f32[d0, d1, d2]>) -> !mod.tensor<f32[d0, d1, d2]>
      mod.return %7 : !mod.tensor<f32[d0, d1, d2]>
    }
  }
  mod.class @GELU_tanh from "GELU" kind "module" ctor [#mod.arg<"approximate" = "tanh">] repr "approximate='tanh'" attributes {doc = "x * P(X <= x) of the standard normal distribution, exact or by tanh."} {
    mod.func @forward(%arg0: !mod.tensor<f32[d0, d1, d2]> {mod.name = "x"}) -> (!mod.tensor<f32[d0, d1, d2]> {mod.name = "output"}) attributes {dims = ["d0", "d1", "d2"]} {
      %0 = mod.full 5.000000e-01 : f64 as f32 [] : <f32[]>
      %1 = mod.mul %0, %arg0 : (!mod.tensor<f32[]>, !mod.tensor<f32[d0, d1, d2]>) -> !mod.tensor<f32[d0, d1, d2]>
      %2 = mod.full 4.471500e-02 : f64 as f32 [] : <f32[]>
      %3 = mod.mul %2, %arg0 : (!mod.tensor<f32[]>, !mod.tensor<f32[d0, d1, d2]>) -> !mod.tensor<f32[d0, d1, d2]>
      %4 = mod.mul %3, %arg0 : (!mod.tensor<f32[d0, d1, d2]>, !mod.tensor<f32[d0, d1, d2]>) -> !mod.tensor<f32[d0, d1, d2]>
      %5 = mod.mul %4, %arg0 : (!mod.tensor<f32[d0, d1, d2]>, !mod.tensor<f32[d0, d1, d2]>) -> !mod.tensor<f32[d0, d1, d2]>
      %6 = mod.add %arg0, %5 : (!mod.tensor<f32[d0, d1, d2]>, !mod.tensor<f32[d0, d1, d2]>) -> !mod.tensor<f32[d0, d1, d2]>
      %7 = mod.full 0.79788456080286541 : f64 as f32 [] : <f32[]>
      %8 = mod.mul %7, %6 : (!mod.tensor<f32[]>, !mod.tensor<f32[d0, d1, d2]>) -> !mod.tensor<f32[d0, d1, d2]>
      %9 = mod.tanh %8 : (!mod.tensor<f32[d0, d1, d2]>) -> !mod.tensor<f32[d0, d1, d2]>
      %10 = mod.full 1.000000e+00 : f64 as f32 [] : <f32[]>
      %11 = mod.add %10, %9 : (!mod.tensor<f32[]>, !mod.tensor<f32[d0, d1, d2]>) -> !mod.tensor<f32[d0, d1, d2]>
      %12 = mod.mul %1, %11 : (!mod.tensor<f32[d0, d1, d2]>, !mod.tensor<f32[d0, d1, d2]>) -> !mod.tensor<f32[d0, d1, d2]>
      mod.return %12 : !mod.tensor<f32[d0, d1, d2]>
    }
  }
  mod.class @SiLU from "SiLU" kind "module" ctor [#mod.arg<"inplace" = false>] attributes {doc = "x * sigmoid(x), also called swish."} {
    mod.func @forward(%arg0: !mod.tensor<f32[d0, d1, d2]> {mod.name = "x"}) -> (!mod.tensor<f32[d0, d1, d2]> {mod.name = "output"}) attributes {dims = ["d0", "d1", "d2"]} {
      %0 = mod.sigmoid %arg0 : (!mod.tensor<f32[d0, d1, d2]>) -> !mod.tensor<f32[d0, d1, d2]>
      %1 = mod.mul %arg0, %0 : (!mod.tensor<f32[d0, d1, d2]>, !mod.tensor<f32[d0, d1, d2]>) -> !mod.tensor<f32[d0, d1, d2]>
      mod.return %1 : !mod.tensor<f32[d0, d1, d2]>
    }
  }
  mod.class @Mish from "Mish" kind "module" ctor [#mod.arg<"inplace" = false>] attributes {doc = "x * tanh(softplus(x))."} {
    mod.func @forward(%arg0: !mod.tensor<f32[d0, d1, d2]> {mod.name = "x"}) -> (!mod.tensor<f32[d0, d1, d2]> {mod.name = "output"}) attributes {dims = ["d0", "d1", "d2"]} {
      %0 = mod.full 2.000000e+01 : f64 as f32 [] : <f32[]>
      %1 = mod.lt %0, %arg0 : (!mod.tensor<f32[]>, !mod.tensor<f32[d0, d1, d2]>) -> !mod.tensor<i1[d0, d1, d2]>
      %2 = mod.full 2.000000e+01 : f64 as f32 [] : <f32[]>
      %3 = mod.minimum %arg0, %2 : (!mod.tensor<f32[d0, d1, d2]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[d0, d1, d2]>
      %4 = mod.exp %3 : (!mod.tensor<f32[d0, d1, d2]>) -> !mod.tensor<f32[d0, d1, d2]>
      %5 = mod.log1p %4 : (!mod.tensor<f32[d0, d1, d2]>) -> !mod.tensor<f32[d0, d1, d2]>
      %6 = mod.where %1, %arg0, %5 : (!mod.tensor<i1[d0, d1, d2]>, !mod.tensor<f32[d0, d1, d2]>, !mod.tensor<f32[d0, d1, d2]>) -> !mod.tensor<f32[d0, d1, d2]>
      %7 = mod.tanh %6 : (!mod.tensor<f32[d0, d1, d2]>) -> !mod.tensor<f32[d0, d1, d2]>
      %8 = mod.mul %arg0, %7 : (!mod.tensor<f32[d0, d1, d2]>, !mod.tensor<f32[d0, d1, d2]>) -> !mod.tensor<f32[d0, d1, d2]>
      mod.return %8 : !mod.tensor<f32[d0, d1, d2]>
    }
  }
  mod.class @Sigmoid from "Sigmoid" kind "module" attributes {doc = "1 / (1 + exp(-x))."} {
    mod.func @forward(%arg0: !mod.tensor<f32[d0, d1, d2]> {mod.name = "x"}) -> (!mod.tensor<f32[d0, d1, d2]> {mod.name = "output"}) attributes {dims = ["d0", "d1", "d2"]} {
      %0 = mod.sigmoid %arg0 : (!mod.tensor<f32[d0, d1, d2]>) -> !mod.tensor<f32[d0, d1, d2]>
      mod.return %0 : !mod.tensor<f32[d0, d1, d2]>
    }
  }
  mod.class @Tanh from "Tanh" kind "module" attributes {doc = "The hyperbolic tangent."} {
    mod.func @forward(%arg0: !mod.tensor<f32[d0, d1, d2]> {mod.name = "x"}) -> (!mod.tensor<f32[d0, d1, d2]> {mod.name = "output"}) attributes {dims = ["d0", "d1", "d2"]} {
      %0 = mod.tanh %arg0 : (!mod.tensor<f32[d0, d1, d2]>) -> !mod.tensor<f32[d0, d1, d2]>
      mod.return %0 : !mod.tensor<f32[d0, d1, d2]>
    }
  }
  mod.class @Hardsigmoid from "Hardsigmoid" kind "module" ctor [#mod.arg<"inplace" = false>] attributes {doc = "relu6(x + 3) / 6."} {
    mod.func @forward(%arg0: !mod.tensor<f32[d0, d1, d2]> {mod.name = "x"}) -> (!mod.tensor<f32[d0, d1, d2]> {mod.name = "output"}) attributes {dims = ["d0", "d1", "d2"]} {
      %0 = mod.full 3.000000e+00 : f64 as f32 [] : <f32[]>
      %1 = mod.add %arg0, %0 : (!mod.tensor<f32[d0, d1, d2]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[d0, d1, d2]>
      %2 = mod.full 0.000000e+00 : f64 as f32 [] : <f32[]>
      %3 = mod.le %1, %2 : (!mod.tensor<f32[d0, d1, d2]>, !mod.tensor<f32[]>) -> !mod.tensor<i1[d0, d1, d2]>
      %4 = mod.full 6.000000e+00 : f64 as f32 [] : <f32[]>
      %5 = mod.le %4, %1 : (!mod.tensor<f32[]>, !mod.tensor<f32[d0, d1, d2]>) -> !mod.tensor<i1[d0, d1, d2]>
      %6 = mod.full 6.000000e+00 : f64 as f32 [] : <f32[]>
      %7 = mod.where %5, %6, %1 : (!mod.tensor<i1[d0, d1, d2]>, !mod.tensor<f32[]>, !mod.tensor<f32[d0, d1, d2]>) -> !mod.tensor<f32[d0, d1, d2]>
      %8 = mod.full 0.000000e+00 : f64 as f32 [] : <f32[]>
      %9 = mod.where %3, %8, %7 : (!mod.tensor<i1[d0, d1, d2]>, !mod.tensor<f32[]>, !mod.tensor<f32[d0, d1, d2]>) -> !mod.tensor<f32[d0, d1, d2]>
      %10 = mod.full 6.000000e+00 : f64 as f32 [] : <f32[]>
      %11 = mod.div %9, %10 : (!mod.tensor<f32[d0, d1, d2]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[d0, d1, d2]>
      mod.return %11 : !mod.tensor<f32[d0, d1, d2]>
    }
  }
  mod.class @Hardswish from "Hardswish" kind "module" ctor [#mod.arg<"inplace" = false>] attributes {doc = "x * hardsigmoid(x)."} {
    mod.func @forward(%arg0: !mod.tensor<f32[d0, d1, d2]> {mod.name = "x"}) -> (!mod.tensor<f32[d0, d1, d2]> {mod.name = "output"}) attributes {dims = ["d0", "d1", "d2"]} {
      %0 = mod.full 3.000000e+00 : f64 as f32 [] : <f32[]>
      %1 = mod.add %arg0, %0 : (!mod.tensor<f32[d0, d1, d2]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[d0, d1, d2]>
      %2 = mod.full 0.000000e+00 : f64 as f32 [] : <f32[]>
      %3 = mod.le %1, %2 : (!mod.tensor<f32[d0, d1, d2]>, !mod.tensor<f32[]>) -> !mod.tensor<i1[d0, d1, d2]>
      %4 = mod.full 6.000000e+00 : f64 as f32 [] : <f32[]>
      %5 = mod.le %4, %1 : (!mod.tensor<f32[]>, !mod.tensor<f32[d0, d1, d2]>) -> !mod.tensor<i1[d0, d1, d2]>
      %6 = mod.full 6.000000e+00 : f64 as f32 [] : <f32[]>
      %7 = mod.where %5, %6, %1 : (!mod.tensor<i1[d0, d1, d2]>, !mod.tensor<f32[]>, !mod.tensor<f32[d0, d1, d2]>) -> !mod.tensor<f32[d0, d1, d2]>
      %8 = mod.full 0.000000e+00 : f64 as f32 [] : <f32[]>
      %9 = mod.where %3, %8, %7 : (!mod.tensor<i1[d0, d1, d2]>, !mod.tensor<f32[]>, !mod.tensor<f32[d0, d1, d2]>) -> !mod.tensor<f32[d0, d1, d2]>
      %10 = mod.full 6.000000e+00 : f64 as f32 [] : <f32[]>
      %11 = mod.div %9, %10 : (!mod.tensor<f32[d0, d1, d2]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[d0, d1, d2]>
      %12 = mod.mul %arg0, %11 : (!mod.tensor<f32[d0, d1, d2]>, !mod.tensor<f32[d0, d1, d2]>) -> !mod.tensor<f32[d0, d1, d2]>
      mod.return %12 : !mod.tensor<f32[d0, d1, d2]>
    }
  }
  mod.class @Hardtanh from "Hardtanh" kind "module" ctor [#mod.arg<"min_val" = -1.000000e+00 : f64>, #mod.arg<"max_val" = 1.000000e+00 : f64>, #mod.arg<"inplace" = false>] repr "min_val=-1.0, max_val=1.0" attributes {doc = "x limited to [`min_val`, `max_val`]."} {
    mod.func @forward(%arg0: !mod.tensor<f32[d0, d1, d2]> {mod.name = "x"}) -> (!mod.tensor<f32[d0, d1, d2]> {mod.name = "output"}) attributes {dims = ["d0", "d1", "d2"]} {
      %0 = mod.full -1.000000e+00 : f64 as f32 [] : <f32[]>
      %1 = mod.le %arg0, %0 : (!mod.tensor<f32[d0, d1, d2]>, !mod.tensor<f32[]>) -> !mod.tensor<i1[d0, d1, d2]>
      %2 = mod.full 1.000000e+00 : f64 as f32 [] : <f32[]>
      %3 = mod.le %2, %arg0 : (!mod.tensor<f32[]>, !mod.tensor<f32[d0, d1, d2]>) -> !mod.tensor<i1[d0, d1, d2]>
      %4 = mod.full 1.000000e+00 : f64 as f32 [] : <f32[]>
      %5 = mod.where %3, %4, %arg0 : (!mod.tensor<i1[d0, d1, d2]>, !mod.tensor<f32[]>, !mod.tensor<f32[d0, d1, d2]>) -> !mod.tensor<f32[d0, d1, d2]>
      %6 = mod.full -1.000000e+00 : f64 as f32 [] : <f32[]>
      %7 = mod.where %1, %6, %5 : (!mod.tensor<i1[d0, d1, d2]>, !mod.tensor<f32[]>, !mod.tensor<f32[d0, d1, d2]>) -> !mod.tensor<f32[d0, d1, d2]>
      mod.return %7 : !mod.tensor<f32[d0, d1, d2]>
    }
  }
  mod.class @Softplus from "Softplus" kind "module" ctor [#mod.arg<"beta" = 1.000000e+00 : f64>, #mod.arg<"threshold" = 2.000000e+01 : f64>] repr "beta=1.0, threshold=20.0" attributes {doc = "log(1 + exp(`beta` * x)) / `beta`; x itself where `beta` * x exceeds `threshold`."} {
    mod.func @forward(%arg0: !mod.tensor<f32[d0, d1, d2]> {mod.name = "x"}) -> (!mod.tensor<f32[d0, d1, d2]> {mod.name = "output"}) attributes {dims = ["d0", "d1", "d2"]} {
      %0 = mod.full 2.000000e+01 : f64 as f32 [] : <f32[]>
      %1 = mod.lt %0, %arg0 : (!mod.tensor<f32[]>, !mod.tensor<f32[d0, d1, d2]>) -> !mod.tensor<i1[d0, d1, d2]>
      %2 = mod.full 2.000000e+01 : f64 as f32 [] : <f32[]>
      %3 = mod.minimum %arg0, %2 : (!mod.tensor<f32[d0, d1, d2]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[d0, d1, d2]>
      %4 = mod.exp %3 : (!mod.tensor<f32[d0, d1, d2]>) -> !mod.tensor<f32[d0, d1, d2]>
      %5 = mod.log1p %4 : (!mod.tensor<f32[d0, d1, d2]>) -> !mod.tensor<f32[d0, d1, d2]>
      %6 = mod.where %1, %arg0, %5 : (!mod.tensor<i1[d0, d1, d2]>, !mod.tensor<f32[d0, d1, d2]>, !mod.tensor<f32[d0, d1, d2]>) -> !mod.tensor<f32[d0, d1, d2]>
      mod.return %6 : !mod.tensor<f32[d0, d1, d2]>
    }
  }
  mod.class @LogSigmoid from "LogSigmoid" kind "module" attributes {doc = "log(sigmoid(x)), without overflow."} {
    mod.func @forward(%arg0: !mod.tensor<f32[d0, d1, d2]> {mod.name = "x"}) -> (!mod.tensor<f32[d0, d1, d2]> {mod.name = "output"}) attributes {dims = ["d0", "d1", "d2"]} {
      %0 = mod.full 0.000000e+00 : f64 as f32 [] : <f32[]>
      %1 = mod.minimum %arg0, %0 : (!mod.tensor<f32[d0, d1, d2]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[d0, d1, d2]>
      %2 = mod.abs %arg0 : (!mod.tensor<f32[d0, d1, d2]>) -> !mod.tensor<f32[d0, d1, d2]>
      %3 = mod.neg %2 : (!mod.tensor<f32[d0, d1, d2]>) -> !mod.tensor<f32[d0, d1, d2]>
      %4 = mod.exp %3 : (!mod.tensor<f32[d0, d1, d2]>) -> !mod.tensor<f32[d0, d1, d2]>
      %5 = mod.log1p %4 : (!mod.tensor<f32[d0, d1, d2]>) -> !mod.tensor<f32[d0, d1, d2]>
      %6 = mod.sub %1, %5 : (!mod.tensor<f32[d0, d1, d2]>, !mod.tensor<f32[d0, d1, d2]>) -> !mod.tensor<f32[d0, d1, d2]>
      mod.return %6 : !mod.tensor<f32[d0, d1, d2]>
    }
  }
  mod.class @Softsign from "Softsign" kind "module" attributes {doc = "x / (1 + |x|)."} {
    mod.func @forward(%arg0: !mod.tensor<f32[d0, d1, d2]> {mod.name = "x"}) -> (!mod.tensor<f32[d0, d1, d2]> {mod.name = "output"}) attributes {dims = ["d0", "d1", "d2"]} {
      %0 = mod.abs %arg0 : (!mod.tensor<f32[d0, d1, d2]>) -> !mod.tensor<f32[d0, d1, d2]>
      %1 = mod.full 1.000000e+00 : f64 as f32 [] : <f32[]>
      %2 = mod.add %1, %0 : (!mod.tensor<f32[]>, !mod.tensor<f32[d0, d1, d2]>) -> !mod.tensor<f32[d0, d1, d2]>
      %3 = mod.div %arg0, %2 : (!mod.tensor<f32[d0, d1, d2]>, !mod.tensor<f32[d0, d1, d2]>) -> !mod.tensor<f32[d0, d1, d2]>
      mod.return %3 : !mod.tensor<f32[d0, d1, d2]>
    }
  }
  mod.class @GLU from "GLU" kind "module" ctor [#mod.arg<"dim" = -1 : i64>] repr "dim=-1" attributes {doc = "a * sigmoid(b) for the two halves a, b of `dim`."} {
    mod.func @forward(%arg0: !mod.tensor<f32[d0, 4, 6]> {mod.name = "x"}) -> (!mod.tensor<f32[d0, 4, 3]> {mod.name = "output"}) attributes {dims = ["d0"]} {
      %0 = mod.narrow %arg0 dim 2 from <0> length <3> : (!mod.tensor<f32[d0, 4, 6]>) -> !mod.tensor<f32[d0, 4, 3]>
      %1 = mod.narrow %arg0 dim 2 from <3> length <3> : (!mod.tensor<f32[d0, 4, 6]>) -> !mod.tensor<f32[d0, 4, 3]>
      %2 = mod.sigmoid %1 : (!mod.tensor<f32[d0, 4, 3]>) -> !mod.tensor<f32[d0, 4, 3]>
      %3 = mod.mul %0, %2 : (!mod.tensor<f32[d0, 4, 3]>, !mod.tensor<f32[d0, 4, 3]>) -> !mod.tensor<f32[d0, 4, 3]>
      mod.return %3 : !mod.tensor<f32[d0, 4, 3]>
    }
  }
  mod.class @GLU.2 from "GLU" kind "module" ctor [#mod.arg<"dim" = 1 : i64>] repr "dim=1" attributes {doc = "a * sigmoid(b) for the two halves a, b of `dim`."} {
    mod.func @forward(%arg0: !mod.tensor<f32[d0, 4, 6]> {mod.name = "x"}) -> (!mod.tensor<f32[d0, 2, 6]> {mod.name = "output"}) attributes {dims = ["d0"]} {
      %0 = mod.narrow %arg0 dim 1 from <0> length <2> : (!mod.tensor<f32[d0, 4, 6]>) -> !mod.tensor<f32[d0, 2, 6]>
      %1 = mod.narrow %arg0 dim 1 from <2> length <2> : (!mod.tensor<f32[d0, 4, 6]>) -> !mod.tensor<f32[d0, 2, 6]>
      %2 = mod.sigmoid %1 : (!mod.tensor<f32[d0, 2, 6]>) -> !mod.tensor<f32[d0, 2, 6]>
      %3 = mod.mul %0, %2 : (!mod.tensor<f32[d0, 2, 6]>, !mod.tensor<f32[d0, 2, 6]>) -> !mod.tensor<f32[d0, 2, 6]>
      mod.return %3 : !mod.tensor<f32[d0, 2, 6]>
    }
  }
  mod.class @Softmax_1 from "Softmax" kind "module" ctor [#mod.arg<"dim" = 1 : i64>] repr "dim=1" attributes {doc = "exp(x) divided by its sum over `dim`."} {
    mod.func @forward(%arg0: !mod.tensor<f32[d0, d1, d2]> {mod.name = "x"}) -> (!mod.tensor<f32[d0, d1, d2]> {mod.name = "output"}) attributes {dims = ["d0", "d1", "d2"]} {
      %0 = mod.amax %arg0 over [1] keepdim true : (!mod.tensor<f32[d0, d1, d2]>) -> !mod.tensor<f32[d0, 1, d2]>
      %1 = mod.detach %0 : (!mod.tensor<f32[d0, 1, d2]>) -> !mod.tensor<f32[d0, 1, d2]>
      %2 = mod.sub %arg0, %1 : (!mod.tensor<f32[d0, d1, d2]>, !mod.tensor<f32[d0, 1, d2]>) -> !mod.tensor<f32[d0, d1, d2]>
      %3 = mod.exp %2 : (!mod.tensor<f32[d0, d1, d2]>) -> !mod.tensor<f32[d0, d1, d2]>
      %4 = mod.sum %3 over [1] keepdim true : (!mod.tensor<f32[d0, d1, d2]>) -> !mod.tensor<f32[d0, 1, d2]>
      %5 = mod.div %3, %4 : (!mod.tensor<f32[d0, d1, d2]>, !mod.tensor<f32[d0, 1, d2]>) -> !mod.tensor<f32[d0, d1, d2]>
      mod.return %5 : !mod.tensor<f32[d0, d1, d2]>
    }
  }
  mod.class @LogSoftmax__1 from "LogSoftmax" kind "module" ctor [#mod.arg<"dim" = -1 : i64>] repr "dim=-1" attributes {doc = "log(softmax(x)), without overflow."} {
    mod.func @forward(%arg0: !mod.tensor<f32[d0, d1, d2]> {mod.name = "x"}) -> (!mod.tensor<f32[d0, d1, d2]> {mod.name = "output"}) attributes {dims = ["d0", "d1", "d2"]} {
      %0 = mod.amax %arg0 over [2] keepdim true : (!mod.tensor<f32[d0, d1, d2]>) -> !mod.tensor<f32[d0, d1, 1]>
      %1 = mod.detach %0 : (!mod.tensor<f32[d0, d1, 1]>) -> !mod.tensor<f32[d0, d1, 1]>
      %2 = mod.sub %arg0, %1 : (!mod.tensor<f32[d0, d1, d2]>, !mod.tensor<f32[d0, d1, 1]>) -> !mod.tensor<f32[d0, d1, d2]>
      %3 = mod.exp %2 : (!mod.tensor<f32[d0, d1, d2]>) -> !mod.tensor<f32[d0, d1, d2]>
      %4 = mod.sum %3 over [2] keepdim true : (!mod.tensor<f32[d0, d1, d2]>) -> !mod.tensor<f32[d0, d1, 1]>
      %5 = mod.log %4 : (!mod.tensor<f32[d0, d1, 1]>) -> !mod.tensor<f32[d0, d1, 1]>
      %6 = mod.sub %2, %5 : (!mod.tensor<f32[d0, d1, d2]>, !mod.tensor<f32[d0, d1, 1]>) -> !mod.tensor<f32[d0, d1, d2]>
      mod.return %6 : !mod.tensor<f32[d0, d1, d2]>
    }
  }
  mod.class @ModuleList from "ModuleList" kind "list" attributes {doc = "Children named 0, 1, ... A list of modules assigned to a member becomes one of these."} {
    mod.child @"0" = @ReLU
    mod.child @"1" = @ReLU6
    mod.child @"2" = @LeakyReLU
    mod.child @"3" = @PReLU
    mod.child @"4" = @PReLU_4
    mod.child @"5" = @ELU
    mod.child @"6" = @SELU
    mod.child @"7" = @GELU
    mod.child @"8" = @GELU_tanh
    mod.child @"9" = @SiLU
    mod.child @"10" = @Mish
    mod.child @"11" = @Sigmoid
    mod.child @"12" = @Tanh
    mod.child @"13" = @Hardsigmoid
    mod.child @"14" = @Hardswish
    mod.child @"15" = @Hardtanh
    mod.child @"16" = @Softplus
    mod.child @"17" = @LogSigmoid
    mod.child @"18" = @Softsign
    mod.child @"19" = @GLU
    mod.child @"20" = @GLU.2
    mod.child @"21" = @Softmax_1
    mod.child @"22" = @LogSoftmax__1
  }
  mod.class @All from "All" kind "module" attributes {doc = "Calls each of the modules on x and adds nothing: results side by side."} {
    mod.child @each = @ModuleList
    mod.func @forward(%arg0: !mod.tensor<f32[N, 4, 6]> {mod.name = "x"}) -> (!mod.tensor<f32[N, 4, 6]> {mod.name = "output0"}, !mod.tensor<f32[N, 4, 6]> {mod.name = "output1"}, !mod.tensor<f32[N, 4, 6]> {mod.name = "output2"}, !mod.tensor<f32[N, 4, 6]> {mod.name = "output3"}, !mod.tensor<f32[N, 4, 6]> {mod.name = "output4"}, !mod.tensor<f32[N, 4, 6]> {mod.name = "output5"}, !mod.tensor<f32[N, 4, 6]> {mod.name = "output6"}, !mod.tensor<f32[N, 4, 6]> {mod.name = "output7"}, !mod.tensor<f32[N, 4, 6]> {mod.name = "output8"}, !mod.tensor<f32[N, 4, 6]> {mod.name = "output9"}, !mod.tensor<f32[N, 4, 6]> {mod.name = "output10"}, !mod.tensor<f32[N, 4, 6]> {mod.name = "output11"}, !mod.tensor<f32[N, 4, 6]> {mod.name = "output12"}, !mod.tensor<f32[N, 4, 6]> {mod.name = "output13"}, !mod.tensor<f32[N, 4, 6]> {mod.name = "output14"}, !mod.tensor<f32[N, 4, 6]> {mod.name = "output15"}, !mod.tensor<f32[N, 4, 6]> {mod.name = "output16"}, !mod.tensor<f32[N, 4, 6]> {mod.name = "output17"}, !mod.tensor<f32[N, 4, 6]> {mod.name = "output18"}, !mod.tensor<f32[N, 4, 3]> {mod.name = "output19"}, !mod.tensor<f32[N, 2, 6]> {mod.name = "output20"}, !mod.tensor<f32[N, 4, 6]> {mod.name = "output21"}, !mod.tensor<f32[N, 4, 6]> {mod.name = "output22"}) attributes {dims = ["N"]} {
      %0 = mod.call "each.0" -> @forward(%arg0) site 0 : (!mod.tensor<f32[N, 4, 6]>) -> !mod.tensor<f32[N, 4, 6]>
      %1 = mod.call "each.1" -> @forward(%arg0) site 1 : (!mod.tensor<f32[N, 4, 6]>) -> !mod.tensor<f32[N, 4, 6]>
      %2 = mod.call "each.2" -> @forward(%arg0) site 2 : (!mod.tensor<f32[N, 4, 6]>) -> !mod.tensor<f32[N, 4, 6]>
      %3 = mod.call "each.3" -> @forward(%arg0) site 3 : (!mod.tensor<f32[N, 4, 6]>) -> !mod.tensor<f32[N, 4, 6]>
      %4 = mod.call "each.4" -> @forward(%arg0) site 4 : (!mod.tensor<f32[N, 4, 6]>) -> !mod.tensor<f32[N, 4, 6]>
      %5 = mod.call "each.5" -> @forward(%arg0) site 5 : (!mod.tensor<f32[N, 4, 6]>) -> !mod.tensor<f32[N, 4, 6]>
      %6 = mod.call "each.6" -> @forward(%arg0) site 6 : (!mod.tensor<f32[N, 4, 6]>) -> !mod.tensor<f32[N, 4, 6]>
      %7 = mod.call "each.7" -> @forward(%arg0) site 7 : (!mod.tensor<f32[N, 4, 6]>) -> !mod.tensor<f32[N, 4, 6]>
      %8 = mod.call "each.8" -> @forward(%arg0) site 8 : (!mod.tensor<f32[N, 4, 6]>) -> !mod.tensor<f32[N, 4, 6]>
      %9 = mod.call "each.9" -> @forward(%arg0) site 9 : (!mod.tensor<f32[N, 4, 6]>) -> !mod.tensor<f32[N, 4, 6]>
      %10 = mod.call "each.10" -> @forward(%arg0) site 10 : (!mod.tensor<f32[N, 4, 6]>) -> !mod.tensor<f32[N, 4, 6]>
      %11 = mod.call "each.11" -> @forward(%arg0) site 11 : (!mod.tensor<f32[N, 4, 6]>) -> !mod.tensor<f32[N, 4, 6]>
      %12 = mod.call "each.12" -> @forward(%arg0) site 12 : (!mod.tensor<f32[N, 4, 6]>) -> !mod.tensor<f32[N, 4, 6]>
      %13 = mod.call "each.13" -> @forward(%arg0) site 13 : (!mod.tensor<f32[N, 4, 6]>) -> !mod.tensor<f32[N, 4, 6]>
      %14 = mod.call "each.14" -> @forward(%arg0) site 14 : (!mod.tensor<f32[N, 4, 6]>) -> !mod.tensor<f32[N, 4, 6]>
      %15 = mod.call "each.15" -> @forward(%arg0) site 15 : (!mod.tensor<f32[N, 4, 6]>) -> !mod.tensor<f32[N, 4, 6]>
      %16 = mod.call "each.16" -> @forward(%arg0) site 16 : (!mod.tensor<f32[N, 4, 6]>) -> !mod.tensor<f32[N, 4, 6]>
      %17 = mod.call "each.17" -> @forward(%arg0) site 17 : (!mod.tensor<f32[N, 4, 6]>) -> !mod.tensor<f32[N, 4, 6]>
      %18 = mod.call "each.18" -> @forward(%arg0) site 18 : (!mod.tensor<f32[N, 4, 6]>) -> !mod.tensor<f32[N, 4, 6]>
      %19 = mod.call "each.19" -> @forward(%arg0) site 19 : (!mod.tensor<f32[N, 4, 6]>) -> !mod.tensor<f32[N, 4, 3]>
      %20 = mod.call "each.20" -> @forward(%arg0) site 20 : (!mod.tensor<f32[N, 4, 6]>) -> !mod.tensor<f32[N, 2, 6]>
      %21 = mod.call "each.21" -> @forward(%arg0) site 21 : (!mod.tensor<f32[N, 4, 6]>) -> !mod.tensor<f32[N, 4, 6]>
      %22 = mod.call "each.22" -> @forward(%arg0) site 22 : (!mod.tensor<f32[N, 4, 6]>) -> !mod.tensor<f32[N, 4, 6]>
      mod.return %0, %1, %2, %3, %4, %5, %6, %7, %8, %9, %10, %11, %12, %13, %14, %15, %16, %17, %18, %19, %20, %21, %22 : !mod.tensor<f32[N, 4, 6]>, !mod.tensor<f32[N, 4, 6]>, !mod.tensor<f32[N, 4, 6]>, !mod.tensor<f32[N, 4, 6]>, !mod.tensor<f32[N, 4, 6]>, !mod.tensor<f32[N, 4, 6]>, !mod.tensor<f32[N, 4, 6]>, !mod.tensor<f32[N, 4, 6]>, !mod.tensor<f32[N, 4, 6]>, !mod.tensor<f32[N, 4, 6]>, !mod.tensor<f32[N, 4, 6]>, !mod.tensor<f32[N, 4, 6]>, !mod.tensor<f32[N, 4, 6]>, !mod.tensor<f32[N, 4, 6]>, !mod.tensor<f32[N, 4, 6]>, !mod.tensor<f32[N, 4, 6]>, !mod.tensor<f32[N, 4, 6]>, !mod.tensor<f32[N, 4, 6]>, !mod.tensor<f32[N, 4, 6]>, !mod.tensor<f32[N, 4, 3]>, !mod.tensor<f32[N, 2, 6]>, !mod.tensor<f32[N, 4, 6]>, !mod.tensor<f32[N, 4, 6]>
    }
  }
  mod.export @activations = @All -> @forward instance 0
  mod.class @BatchNorm1d_4 from "BatchNorm1d" kind "module" ctor [#mod.arg<"ranks" = array<i64: 2, 3>>, #mod.arg<"num_features" = 4 : i64>, #mod.arg<"eps" = 1.000000e-05 : f64>, #mod.arg<"momentum" = 1.000000e-01 : f64>, #mod.arg<"affine" = true>, #mod.arg<"track_running_stats" = true>, #mod.arg<"bias" = true>, #mod.arg<"dtype" = "f32">] repr "4, eps=1e-05, momentum=0.1, affine=True, bias=True, track_running_stats=True" version 2 attributes {doc = "Normalises channels by the batch's statistics in training, by their running average otherwise."} {
    mod.param @weight : !mod.tensor<f32[4]> init <fill 1.000000e+00>
    mod.param @bias : !mod.tensor<f32[4]> init <fill 0.000000e+00>
    mod.buffer @running_mean : !mod.tensor<f32[4]> init <fill 0.000000e+00>
    mod.buffer @running_var : !mod.tensor<f32[4]> init <fill 1.000000e+00>
    mod.buffer @num_batches_tracked : !mod.tensor<i64[]> init <fill 0.000000e+00> {since = 2 : i64}
    mod.func @forward(%arg0: !mod.tensor<f32[N, 4, d0]> {mod.name = "x"}) -> (!mod.tensor<f32[N, 4, d0]> {mod.name = "output"}) attributes {dims = ["N", "d0"]} {
      %0 = mod.get "running_var" : <f32[4]>
      %1 = mod.full 1.000000e-05 : f64 as f32 [] : <f32[]>
      %2 = mod.add %0, %1 : (!mod.tensor<f32[4]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[4]>
      %3 = mod.sqrt %2 : (!mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
      %4 = mod.full 1.000000e+00 : f64 as f32 [] : <f32[]>
      %5 = mod.div %4, %3 : (!mod.tensor<f32[]>, !mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
      %6 = mod.get "weight" : <f32[4]>
      %7 = mod.mul %6, %5 : (!mod.tensor<f32[4]>, !mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
      %8 = mod.get "running_mean" : <f32[4]>
      %9 = mod.mul %8, %7 : (!mod.tensor<f32[4]>, !mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
      %10 = mod.get "bias" : <f32[4]>
      %11 = mod.sub %10, %9 : (!mod.tensor<f32[4]>, !mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
      %12 = mod.reshape %7 to [#mod.dim<4>, #mod.dim<1>] : (!mod.tensor<f32[4]>) -> !mod.tensor<f32[4, 1]>
      %13 = mod.mul %arg0, %12 : (!mod.tensor<f32[N, 4, d0]>, !mod.tensor<f32[4, 1]>) -> !mod.tensor<f32[N, 4, d0]>
      %14 = mod.reshape %11 to [#mod.dim<4>, #mod.dim<1>] : (!mod.tensor<f32[4]>) -> !mod.tensor<f32[4, 1]>
      %15 = mod.add %13, %14 : (!mod.tensor<f32[N, 4, d0]>, !mod.tensor<f32[4, 1]>) -> !mod.tensor<f32[N, 4, d0]>
      mod.return %15 : !mod.tensor<f32[N, 4, d0]>
    }
    mod.func @forward.train(%arg0: !mod.tensor<f32[N, 4, d0]> {mod.name = "x"}) -> (!mod.tensor<f32[N, 4, d0]> {mod.name = "output"}) attributes {dims = ["N", "d0"], guards = [#mod.guard<le, <2>, <N*d0>, "n > 1">]} {
      %0 = mod.get "num_batches_tracked" : <i64[]>
      %1 = mod.full 1 : i64 as i64 [] : <i64[]>
      %2 = mod.add %0, %1 : (!mod.tensor<i64[]>, !mod.tensor<i64[]>) -> !mod.tensor<i64[]>
      mod.set "num_batches_tracked", %2 : <i64[]>
      %3 = mod.sum %arg0 over [0, 2] : (!mod.tensor<f32[N, 4, d0]>) -> !mod.tensor<f32[4]>
      %4 = mod.size <N*d0> as f32 : <f32[]>
      %5 = mod.div %3, %4 : (!mod.tensor<f32[4]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[4]>
      %6 = mod.sum %arg0 over [0, 2] keepdim true : (!mod.tensor<f32[N, 4, d0]>) -> !mod.tensor<f32[1, 4, 1]>
      %7 = mod.size <N*d0> as f32 : <f32[]>
      %8 = mod.div %6, %7 : (!mod.tensor<f32[1, 4, 1]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[1, 4, 1]>
      %9 = mod.sub %arg0, %8 : (!mod.tensor<f32[N, 4, d0]>, !mod.tensor<f32[1, 4, 1]>) -> !mod.tensor<f32[N, 4, d0]>
      %10 = mod.mul %9, %9 : (!mod.tensor<f32[N, 4, d0]>, !mod.tensor<f32[N, 4, d0]>) -> !mod.tensor<f32[N, 4, d0]>
      %11 = mod.sum %10 over [0, 2] : (!mod.tensor<f32[N, 4, d0]>) -> !mod.tensor<f32[4]>
      %12 = mod.size <N*d0> as f32 : <f32[]>
      %13 = mod.div %11, %12 : (!mod.tensor<f32[4]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[4]>
      %14 = mod.full 9.000000e-01 : f64 as f32 [] : <f32[]>
      %15 = mod.get "running_mean" : <f32[4]>
      %16 = mod.mul %14, %15 : (!mod.tensor<f32[]>, !mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
      %17 = mod.full 1.000000e-01 : f64 as f32 [] : <f32[]>
      %18 = mod.mul %17, %5 : (!mod.tensor<f32[]>, !mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
      %19 = mod.add %16, %18 : (!mod.tensor<f32[4]>, !mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
      mod.set "running_mean", %19 : <f32[4]>
      %20 = mod.full 9.000000e-01 : f64 as f32 [] : <f32[]>
      %21 = mod.get "running_var" : <f32[4]>
      %22 = mod.mul %20, %21 : (!mod.tensor<f32[]>, !mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
      %23 = mod.full 1.000000e-01 : f64 as f32 [] : <f32[]>
      %24 = mod.mul %23, %13 : (!mod.tensor<f32[]>, !mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
      %25 = mod.size <N*d0> as f64 : <f64[]>
      %26 = mod.size <N*d0 - 1> as f64 : <f64[]>
      %27 = mod.div %25, %26 : (!mod.tensor<f64[]>, !mod.tensor<f64[]>) -> !mod.tensor<f64[]>
      %28 = mod.to %27 as f32 : (!mod.tensor<f64[]>) -> !mod.tensor<f32[]>
      %29 = mod.mul %24, %28 : (!mod.tensor<f32[4]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[4]>
      %30 = mod.add %22, %29 : (!mod.tensor<f32[4]>, !mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
      mod.set "running_var", %30 : <f32[4]>
      %31 = mod.full 1.000000e-05 : f64 as f32 [] : <f32[]>
      %32 = mod.add %13, %31 : (!mod.tensor<f32[4]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[4]>
      %33 = mod.sqrt %32 : (!mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
      %34 = mod.full 1.000000e+00 : f64 as f32 [] : <f32[]>
      %35 = mod.div %34, %33 : (!mod.tensor<f32[]>, !mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
      %36 = mod.get "weight" : <f32[4]>
      %37 = mod.mul %36, %35 : (!mod.tensor<f32[4]>, !mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
      %38 = mod.mul %5, %37 : (!mod.tensor<f32[4]>, !mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
      %39 = mod.get "bias" : <f32[4]>
      %40 = mod.sub %39, %38 : (!mod.tensor<f32[4]>, !mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
      %41 = mod.reshape %37 to [#mod.dim<4>, #mod.dim<1>] : (!mod.tensor<f32[4]>) -> !mod.tensor<f32[4, 1]>
      %42 = mod.mul %arg0, %41 : (!mod.tensor<f32[N, 4, d0]>, !mod.tensor<f32[4, 1]>) -> !mod.tensor<f32[N, 4, d0]>
      %43 = mod.reshape %40 to [#mod.dim<4>, #mod.dim<1>] : (!mod.tensor<f32[4]>) -> !mod.tensor<f32[4, 1]>
      %44 = mod.add %42, %43 : (!mod.tensor<f32[N, 4, d0]>, !mod.tensor<f32[4, 1]>) -> !mod.tensor<f32[N, 4, d0]>
      mod.return %44 : !mod.tensor<f32[N, 4, d0]>
    }
  }
  mod.class @BatchNorm1d_4.2 from "BatchNorm1d" kind "module" ctor [#mod.arg<"ranks" = array<i64: 2, 3>>, #mod.arg<"num_features" = 4 : i64>, #mod.arg<"eps" = 1.000000e-05 : f64>, #mod.arg<"momentum" = 1.000000e-01 : f64>, #mod.arg<"affine" = false>, #mod.arg<"track_running_stats" = true>, #mod.arg<"bias" = true>, #mod.arg<"dtype" = "f32">] repr "4, eps=1e-05, momentum=0.1, affine=False, bias=False, track_running_stats=True" version 2 attributes {doc = "Normalises channels by the batch's statistics in training, by their running average otherwise."} {
    mod.param @weight : !mod.tensor<f32[4]> none
    mod.param @bias : !mod.tensor<f32[4]> none
    mod.buffer @running_mean : !mod.tensor<f32[4]> init <fill 0.000000e+00>
    mod.buffer @running_var : !mod.tensor<f32[4]> init <fill 1.000000e+00>
    mod.buffer @num_batches_tracked : !mod.tensor<i64[]> init <fill 0.000000e+00> {since = 2 : i64}
    mod.func @forward(%arg0: !mod.tensor<f32[N, 4, d0]> {mod.name = "x"}) -> (!mod.tensor<f32[N, 4, d0]> {mod.name = "output"}) attributes {dims = ["N", "d0"]} {
      %0 = mod.get "running_var" : <f32[4]>
      %1 = mod.full 1.000000e-05 : f64 as f32 [] : <f32[]>
      %2 = mod.add %0, %1 : (!mod.tensor<f32[4]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[4]>
      %3 = mod.sqrt %2 : (!mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
      %4 = mod.full 1.000000e+00 : f64 as f32 [] : <f32[]>
      %5 = mod.div %4, %3 : (!mod.tensor<f32[]>, !mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
      %6 = mod.get "running_mean" : <f32[4]>
      %7 = mod.neg %6 : (!mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
      %8 = mod.mul %7, %5 : (!mod.tensor<f32[4]>, !mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
      %9 = mod.reshape %5 to [#mod.dim<4>, #mod.dim<1>] : (!mod.tensor<f32[4]>) -> !mod.tensor<f32[4, 1]>
      %10 = mod.mul %arg0, %9 : (!mod.tensor<f32[N, 4, d0]>, !mod.tensor<f32[4, 1]>) -> !mod.tensor<f32[N, 4, d0]>
      %11 = mod.reshape %8 to [#mod.dim<4>, #mod.dim<1>] : (!mod.tensor<f32[4]>) -> !mod.tensor<f32[4, 1]>
      %12 = mod.add %10, %11 : (!mod.tensor<f32[N, 4, d0]>, !mod.tensor<f32[4, 1]>) -> !mod.tensor<f32[N, 4, d0]>
      mod.return %12 : !mod.tensor<f32[N, 4, d0]>
    }
    mod.func @forward.train(%arg0: !mod.tensor<f32[N, 4, d0]> {mod.name = "x"}) -> (!mod.tensor<f32[N, 4, d0]> {mod.name = "output"}) attributes {dims = ["N", "d0"], guards = [#mod.guard<le, <2>, <N*d0>, "n > 1">]} {
      %0 = mod.get "num_batches_tracked" : <i64[]>
      %1 = mod.full 1 : i64 as i64 [] : <i64[]>
      %2 = mod.add %0, %1 : (!mod.tensor<i64[]>, !mod.tensor<i64[]>) -> !mod.tensor<i64[]>
      mod.set "num_batches_tracked", %2 : <i64[]>
      %3 = mod.sum %arg0 over [0, 2] : (!mod.tensor<f32[N, 4, d0]>) -> !mod.tensor<f32[4]>
      %4 = mod.size <N*d0> as f32 : <f32[]>
      %5 = mod.div %3, %4 : (!mod.tensor<f32[4]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[4]>
      %6 = mod.sum %arg0 over [0, 2] keepdim true : (!mod.tensor<f32[N, 4, d0]>) -> !mod.tensor<f32[1, 4, 1]>
      %7 = mod.size <N*d0> as f32 : <f32[]>
      %8 = mod.div %6, %7 : (!mod.tensor<f32[1, 4, 1]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[1, 4, 1]>
      %9 = mod.sub %arg0, %8 : (!mod.tensor<f32[N, 4, d0]>, !mod.tensor<f32[1, 4, 1]>) -> !mod.tensor<f32[N, 4, d0]>
      %10 = mod.mul %9, %9 : (!mod.tensor<f32[N, 4, d0]>, !mod.tensor<f32[N, 4, d0]>) -> !mod.tensor<f32[N, 4, d0]>
      %11 = mod.sum %10 over [0, 2] : (!mod.tensor<f32[N, 4, d0]>) -> !mod.tensor<f32[4]>
      %12 = mod.size <N*d0> as f32 : <f32[]>
      %13 = mod.div %11, %12 : (!mod.tensor<f32[4]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[4]>
      %14 = mod.full 9.000000e-01 : f64 as f32 [] : <f32[]>
      %15 = mod.get "running_mean" : <f32[4]>
      %16 = mod.mul %14, %15 : (!mod.tensor<f32[]>, !mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
      %17 = mod.full 1.000000e-01 : f64 as f32 [] : <f32[]>
      %18 = mod.mul %17, %5 : (!mod.tensor<f32[]>, !mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
      %19 = mod.add %16, %18 : (!mod.tensor<f32[4]>, !mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
      mod.set "running_mean", %19 : <f32[4]>
      %20 = mod.full 9.000000e-01 : f64 as f32 [] : <f32[]>
      %21 = mod.get "running_var" : <f32[4]>
      %22 = mod.mul %20, %21 : (!mod.tensor<f32[]>, !mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
      %23 = mod.full 1.000000e-01 : f64 as f32 [] : <f32[]>
      %24 = mod.mul %23, %13 : (!mod.tensor<f32[]>, !mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
      %25 = mod.size <N*d0> as f64 : <f64[]>
      %26 = mod.size <N*d0 - 1> as f64 : <f64[]>
      %27 = mod.div %25, %26 : (!mod.tensor<f64[]>, !mod.tensor<f64[]>) -> !mod.tensor<f64[]>
      %28 = mod.to %27 as f32 : (!mod.tensor<f64[]>) -> !mod.tensor<f32[]>
      %29 = mod.mul %24, %28 : (!mod.tensor<f32[4]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[4]>
      %30 = mod.add %22, %29 : (!mod.tensor<f32[4]>, !mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
      mod.set "running_var", %30 : <f32[4]>
      %31 = mod.full 1.000000e-05 : f64 as f32 [] : <f32[]>
      %32 = mod.add %13, %31 : (!mod.tensor<f32[4]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[4]>
      %33 = mod.sqrt %32 : (!mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
      %34 = mod.full 1.000000e+00 : f64 as f32 [] : <f32[]>
      %35 = mod.div %34, %33 : (!mod.tensor<f32[]>, !mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
      %36 = mod.neg %5 : (!mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
      %37 = mod.mul %36, %35 : (!mod.tensor<f32[4]>, !mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
      %38 = mod.reshape %35 to [#mod.dim<4>, #mod.dim<1>] : (!mod.tensor<f32[4]>) -> !mod.tensor<f32[4, 1]>
      %39 = mod.mul %arg0, %38 : (!mod.tensor<f32[N, 4, d0]>, !mod.tensor<f32[4, 1]>) -> !mod.tensor<f32[N, 4, d0]>
      %40 = mod.reshape %37 to [#mod.dim<4>, #mod.dim<1>] : (!mod.tensor<f32[4]>) -> !mod.tensor<f32[4, 1]>
      %41 = mod.add %39, %40 : (!mod.tensor<f32[N, 4, d0]>, !mod.tensor<f32[4, 1]>) -> !mod.tensor<f32[N, 4, d0]>
      mod.return %41 : !mod.tensor<f32[N, 4, d0]>
    }
  }
  mod.class @BatchNorm1d_4.3 from "BatchNorm1d" kind "module" ctor [#mod.arg<"ranks" = array<i64: 2, 3>>, #mod.arg<"num_features" = 4 : i64>, #mod.arg<"eps" = 1.000000e-05 : f64>, #mod.arg<"momentum" = unit>, #mod.arg<"affine" = true>, #mod.arg<"track_running_stats" = true>, #mod.arg<"bias" = true>, #mod.arg<"dtype" = "f32">] repr "4, eps=1e-05, momentum=None, affine=True, bias=True, track_running_stats=True" version 2 attributes {doc = "Normalises channels by the batch's statistics in training, by their running average otherwise."} {
    mod.param @weight : !mod.tensor<f32[4]> init <fill 1.000000e+00>
    mod.param @bias : !mod.tensor<f32[4]> init <fill 0.000000e+00>
    mod.buffer @running_mean : !mod.tensor<f32[4]> init <fill 0.000000e+00>
    mod.buffer @running_var : !mod.tensor<f32[4]> init <fill 1.000000e+00>
    mod.buffer @num_batches_tracked : !mod.tensor<i64[]> init <fill 0.000000e+00> {since = 2 : i64}
    mod.func @forward(%arg0: !mod.tensor<f32[N, 4, d0]> {mod.name = "x"}) -> (!mod.tensor<f32[N, 4, d0]> {mod.name = "output"}) attributes {dims = ["N", "d0"]} {
      %0 = mod.get "running_var" : <f32[4]>
      %1 = mod.full 1.000000e-05 : f64 as f32 [] : <f32[]>
      %2 = mod.add %0, %1 : (!mod.tensor<f32[4]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[4]>
      %3 = mod.sqrt %2 : (!mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
      %4 = mod.full 1.000000e+00 : f64 as f32 [] : <f32[]>
      %5 = mod.div %4, %3 : (!mod.tensor<f32[]>, !mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
      %6 = mod.get "weight" : <f32[4]>
      %7 = mod.mul %6, %5 : (!mod.tensor<f32[4]>, !mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
      %8 = mod.get "running_mean" : <f32[4]>
      %9 = mod.mul %8, %7 : (!mod.tensor<f32[4]>, !mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
      %10 = mod.get "bias" : <f32[4]>
      %11 = mod.sub %10, %9 : (!mod.tensor<f32[4]>, !mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
      %12 = mod.reshape %7 to [#mod.dim<4>, #mod.dim<1>] : (!mod.tensor<f32[4]>) -> !mod.tensor<f32[4, 1]>
      %13 = mod.mul %arg0, %12 : (!mod.tensor<f32[N, 4, d0]>, !mod.tensor<f32[4, 1]>) -> !mod.tensor<f32[N, 4, d0]>
      %14 = mod.reshape %11 to [#mod.dim<4>, #mod.dim<1>] : (!mod.tensor<f32[4]>) -> !mod.tensor<f32[4, 1]>
      %15 = mod.add %13, %14 : (!mod.tensor<f32[N, 4, d0]>, !mod.tensor<f32[4, 1]>) -> !mod.tensor<f32[N, 4, d0]>
      mod.return %15 : !mod.tensor<f32[N, 4, d0]>
    }
    mod.func @forward.train(%arg0: !mod.tensor<f32[N, 4, d0]> {mod.name = "x"}) -> (!mod.tensor<f32[N, 4, d0]> {mod.name = "output"}) attributes {dims = ["N", "d0"], guards = [#mod.guard<le, <2>, <N*d0>, "n > 1">]} {
      %0 = mod.get "num_batches_tracked" : <i64[]>
      %1 = mod.full 1 : i64 as i64 [] : <i64[]>
      %2 = mod.add %0, %1 : (!mod.tensor<i64[]>, !mod.tensor<i64[]>) -> !mod.tensor<i64[]>
      mod.set "num_batches_tracked", %2 : <i64[]>
      %3 = mod.full 1.000000e+00 : f64 as f32 [] : <f32[]>
      %4 = mod.to %2 as f32 : (!mod.tensor<i64[]>) -> !mod.tensor<f32[]>
      %5 = mod.div %3, %4 : (!mod.tensor<f32[]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[]>
      %6 = mod.sum %arg0 over [0, 2] : (!mod.tensor<f32[N, 4, d0]>) -> !mod.tensor<f32[4]>
      %7 = mod.size <N*d0> as f32 : <f32[]>
      %8 = mod.div %6, %7 : (!mod.tensor<f32[4]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[4]>
      %9 = mod.sum %arg0 over [0, 2] keepdim true : (!mod.tensor<f32[N, 4, d0]>) -> !mod.tensor<f32[1, 4, 1]>
      %10 = mod.size <N*d0> as f32 : <f32[]>
      %11 = mod.div %9, %10 : (!mod.tensor<f32[1, 4, 1]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[1, 4, 1]>
      %12 = mod.sub %arg0, %11 : (!mod.tensor<f32[N, 4, d0]>, !mod.tensor<f32[1, 4, 1]>) -> !mod.tensor<f32[N, 4, d0]>
      %13 = mod.mul %12, %12 : (!mod.tensor<f32[N, 4, d0]>, !mod.tensor<f32[N, 4, d0]>) -> !mod.tensor<f32[N, 4, d0]>
      %14 = mod.sum %13 over [0, 2] : (!mod.tensor<f32[N, 4, d0]>) -> !mod.tensor<f32[4]>
      %15 = mod.size <N*d0> as f32 : <f32[]>
      %16 = mod.div %14, %15 : (!mod.tensor<f32[4]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[4]>
      %17 = mod.full 1.000000e+00 : f64 as f32 [] : <f32[]>
      %18 = mod.sub %17, %5 : (!mod.tensor<f32[]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[]>
      %19 = mod.get "running_mean" : <f32[4]>
      %20 = mod.mul %18, %19 : (!mod.tensor<f32[]>, !mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
      %21 = mod.mul %5, %8 : (!mod.tensor<f32[]>, !mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
      %22 = mod.add %20, %21 : (!mod.tensor<f32[4]>, !mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
      mod.set "running_mean", %22 : <f32[4]>
      %23 = mod.full 1.000000e+00 : f64 as f32 [] : <f32[]>
      %24 = mod.sub %23, %5 : (!mod.tensor<f32[]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[]>
      %25 = mod.get "running_var" : <f32[4]>
      %26 = mod.mul %24, %25 : (!mod.tensor<f32[]>, !mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
      %27 = mod.mul %5, %16 : (!mod.tensor<f32[]>, !mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
      %28 = mod.size <N*d0> as f64 : <f64[]>
      %29 = mod.size <N*d0 - 1> as f64 : <f64[]>
      %30 = mod.div %28, %29 : (!mod.tensor<f64[]>, !mod.tensor<f64[]>) -> !mod.tensor<f64[]>
      %31 = mod.to %30 as f32 : (!mod.tensor<f64[]>) -> !mod.tensor<f32[]>
      %32 = mod.mul %27, %31 : (!mod.tensor<f32[4]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[4]>
      %33 = mod.add %26, %32 : (!mod.tensor<f32[4]>, !mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
      mod.set "running_var", %33 : <f32[4]>
      %34 = mod.full 1.000000e-05 : f64 as f32 [] : <f32[]>
      %35 = mod.add %16, %34 : (!mod.tensor<f32[4]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[4]>
      %36 = mod.sqrt %35 : (!mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
      %37 = mod.full 1.000000e+00 : f64 as f32 [] : <f32[]>
      %38 = mod.div %37, %36 : (!mod.tensor<f32[]>, !mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
      %39 = mod.get "weight" : <f32[4]>
      %40 = mod.mul %39, %38 : (!mod.tensor<f32[4]>, !mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
      %41 = mod.mul %8, %40 : (!mod.tensor<f32[4]>, !mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
      %42 = mod.get "bias" : <f32[4]>
      %43 = mod.sub %42, %41 : (!mod.tensor<f32[4]>, !mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
      %44 = mod.reshape %40 to [#mod.dim<4>, #mod.dim<1>] : (!mod.tensor<f32[4]>) -> !mod.tensor<f32[4, 1]>
      %45 = mod.mul %arg0, %44 : (!mod.tensor<f32[N, 4, d0]>, !mod.tensor<f32[4, 1]>) -> !mod.tensor<f32[N, 4, d0]>
      %46 = mod.reshape %43 to [#mod.dim<4>, #mod.dim<1>] : (!mod.tensor<f32[4]>) -> !mod.tensor<f32[4, 1]>
      %47 = mod.add %45, %46 : (!mod.tensor<f32[N, 4, d0]>, !mod.tensor<f32[4, 1]>) -> !mod.tensor<f32[N, 4, d0]>
      mod.return %47 : !mod.tensor<f32[N, 4, d0]>
    }
  }
  mod.class @BatchNorm1d_4.4 from "BatchNorm1d" kind "module" ctor [#mod.arg<"ranks" = array<i64: 2, 3>>, #mod.arg<"num_features" = 4 : i64>, #mod.arg<"eps" = 1.000000e-05 : f64>, #mod.arg<"momentum" = 1.000000e-01 : f64>, #mod.arg<"affine" = true>, #mod.arg<"track_running_stats" = false>, #mod.arg<"bias" = true>, #mod.arg<"dtype" = "f32">] repr "4, eps=1e-05, momentum=0.1, affine=True, bias=True, track_running_stats=False" version 2 attributes {doc = "Normalises channels by the batch's statistics in training, by their running average otherwise."} {
    mod.param @weight : !mod.tensor<f32[4]> init <fill 1.000000e+00>
    mod.param @bias : !mod.tensor<f32[4]> init <fill 0.000000e+00>
    mod.buffer @running_mean : !mod.tensor<f32[4]> none
    mod.buffer @running_var : !mod.tensor<f32[4]> none
    mod.buffer @num_batches_tracked : !mod.tensor<i64[]> none {since = 2 : i64}
    mod.func @forward(%arg0: !mod.tensor<f32[N, 4, d0]> {mod.name = "x"}) -> (!mod.tensor<f32[N, 4, d0]> {mod.name = "output"}) attributes {dims = ["N", "d0"], guards = [#mod.guard<le, <2>, <N*d0>, "n > 1">]} {
      %0 = mod.sum %arg0 over [0, 2] : (!mod.tensor<f32[N, 4, d0]>) -> !mod.tensor<f32[4]>
      %1 = mod.size <N*d0> as f32 : <f32[]>
      %2 = mod.div %0, %1 : (!mod.tensor<f32[4]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[4]>
      %3 = mod.sum %arg0 over [0, 2] keepdim true : (!mod.tensor<f32[N, 4, d0]>) -> !mod.tensor<f32[1, 4, 1]>
      %4 = mod.size <N*d0> as f32 : <f32[]>
      %5 = mod.div %3, %4 : (!mod.tensor<f32[1, 4, 1]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[1, 4, 1]>
      %6 = mod.sub %arg0, %5 : (!mod.tensor<f32[N, 4, d0]>, !mod.tensor<f32[1, 4, 1]>) -> !mod.tensor<f32[N, 4, d0]>
      %7 = mod.mul %6, %6 : (!mod.tensor<f32[N, 4, d0]>, !mod.tensor<f32[N, 4, d0]>) -> !mod.tensor<f32[N, 4, d0]>
      %8 = mod.sum %7 over [0, 2] : (!mod.tensor<f32[N, 4, d0]>) -> !mod.tensor<f32[4]>
      %9 = mod.size <N*d0> as f32 : <f32[]>
      %10 = mod.div %8, %9 : (!mod.tensor<f32[4]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[4]>
      %11 = mod.full 1.000000e-05 : f64 as f32 [] : <f32[]>
      %12 = mod.add %10, %11 : (!mod.tensor<f32[4]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[4]>
      %13 = mod.sqrt %12 : (!mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
      %14 = mod.full 1.000000e+00 : f64 as f32 [] : <f32[]>
      %15 = mod.div %14, %13 : (!mod.tensor<f32[]>, !mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
      %16 = mod.get "weight" : <f32[4]>
      %17 = mod.mul %16, %15 : (!mod.tensor<f32[4]>, !mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
      %18 = mod.mul %2, %17 : (!mod.tensor<f32[4]>, !mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
      %19 = mod.get "bias" : <f32[4]>
      %20 = mod.sub %19, %18 : (!mod.tensor<f32[4]>, !mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
      %21 = mod.reshape %17 to [#mod.dim<4>, #mod.dim<1>] : (!mod.tensor<f32[4]>) -> !mod.tensor<f32[4, 1]>
      %22 = mod.mul %arg0, %21 : (!mod.tensor<f32[N, 4, d0]>, !mod.tensor<f32[4, 1]>) -> !mod.tensor<f32[N, 4, d0]>
      %23 = mod.reshape %20 to [#mod.dim<4>, #mod.dim<1>] : (!mod.tensor<f32[4]>) -> !mod.tensor<f32[4, 1]>
      %24 = mod.add %22, %23 : (!mod.tensor<f32[N, 4, d0]>, !mod.tensor<f32[4, 1]>) -> !mod.tensor<f32[N, 4, d0]>
      mod.return %24 : !mod.tensor<f32[N, 4, d0]>
    }
    mod.func @forward.train(%arg0: !mod.tensor<f32[N, 4, d0]> {mod.name = "x"}) -> (!mod.tensor<f32[N, 4, d0]> {mod.name = "output"}) attributes {dims = ["N", "d0"], guards = [#mod.guard<le, <2>, <N*d0>, "n > 1">]} {
      %0 = mod.sum %arg0 over [0, 2] : (!mod.tensor<f32[N, 4, d0]>) -> !mod.tensor<f32[4]>
      %1 = mod.size <N*d0> as f32 : <f32[]>
      %2 = mod.div %0, %1 : (!mod.tensor<f32[4]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[4]>
      %3 = mod.sum %arg0 over [0, 2] keepdim true : (!mod.tensor<f32[N, 4, d0]>) -> !mod.tensor<f32[1, 4, 1]>
      %4 = mod.size <N*d0> as f32 : <f32[]>
      %5 = mod.div %3, %4 : (!mod.tensor<f32[1, 4, 1]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[1, 4, 1]>
      %6 = mod.sub %arg0, %5 : (!mod.tensor<f32[N, 4, d0]>, !mod.tensor<f32[1, 4, 1]>) -> !mod.tensor<f32[N, 4, d0]>
      %7 = mod.mul %6, %6 : (!mod.tensor<f32[N, 4, d0]>, !mod.tensor<f32[N, 4, d0]>) -> !mod.tensor<f32[N, 4, d0]>
      %8 = mod.sum %7 over [0, 2] : (!mod.tensor<f32[N, 4, d0]>) -> !mod.tensor<f32[4]>
      %9 = mod.size <N*d0> as f32 : <f32[]>
      %10 = mod.div %8, %9 : (!mod.tensor<f32[4]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[4]>
      %11 = mod.full 1.000000e-05 : f64 as f32 [] : <f32[]>
      %12 = mod.add %10, %11 : (!mod.tensor<f32[4]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[4]>
      %13 = mod.sqrt %12 : (!mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
      %14 = mod.full 1.000000e+00 : f64 as f32 [] : <f32[]>
      %15 = mod.div %14, %13 : (!mod.tensor<f32[]>, !mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
      %16 = mod.get "weight" : <f32[4]>
      %17 = mod.mul %16, %15 : (!mod.tensor<f32[4]>, !mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
      %18 = mod.mul %2, %17 : (!mod.tensor<f32[4]>, !mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
      %19 = mod.get "bias" : <f32[4]>
      %20 = mod.sub %19, %18 : (!mod.tensor<f32[4]>, !mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
      %21 = mod.reshape %17 to [#mod.dim<4>, #mod.dim<1>] : (!mod.tensor<f32[4]>) -> !mod.tensor<f32[4, 1]>
      %22 = mod.mul %arg0, %21 : (!mod.tensor<f32[N, 4, d0]>, !mod.tensor<f32[4, 1]>) -> !mod.tensor<f32[N, 4, d0]>
      %23 = mod.reshape %20 to [#mod.dim<4>, #mod.dim<1>] : (!mod.tensor<f32[4]>) -> !mod.tensor<f32[4, 1]>
      %24 = mod.add %22, %23 : (!mod.tensor<f32[N, 4, d0]>, !mod.tensor<f32[4, 1]>) -> !mod.tensor<f32[N, 4, d0]>
      mod.return %24 : !mod.tensor<f32[N, 4, d0]>
    }
  }
  mod.class @InstanceNorm1d_4 from "InstanceNorm1d" kind "module" ctor [#mod.arg<"ranks" = array<i64: 3>>, #mod.arg<"num_features" = 4 : i64>, #mod.arg<"eps" = 1.000000e-05 : f64>, #mod.arg<"momentum" = 1.000000e-01 : f64>, #mod.arg<"affine" = false>, #mod.arg<"track_running_stats" = false>, #mod.arg<"bias" = true>, #mod.arg<"dtype" = "f32">] repr "4, eps=1e-05, momentum=0.1, affine=False, bias=False, track_running_stats=False" version 2 attributes {doc = "Normalises each channel of each item by its own statistics."} {
    mod.param @weight : !mod.tensor<f32[4]> none
    mod.param @bias : !mod.tensor<f32[4]> none
    mod.buffer @running_mean : !mod.tensor<f32[4]> none
    mod.buffer @running_var : !mod.tensor<f32[4]> none
    mod.buffer @num_batches_tracked : !mod.tensor<i64[]> none {since = 2 : i64}
    mod.func @forward(%arg0: !mod.tensor<f32[N, 4, d0]> {mod.name = "x"}) -> (!mod.tensor<f32[N, 4, d0]> {mod.name = "output"}) attributes {dims = ["N", "d0"]} {
      %0 = mod.sum %arg0 over [2] keepdim true : (!mod.tensor<f32[N, 4, d0]>) -> !mod.tensor<f32[N, 4, 1]>
      %1 = mod.size <d0> as f32 : <f32[]>
      %2 = mod.div %0, %1 : (!mod.tensor<f32[N, 4, 1]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[N, 4, 1]>
      %3 = mod.sub %arg0, %2 : (!mod.tensor<f32[N, 4, d0]>, !mod.tensor<f32[N, 4, 1]>) -> !mod.tensor<f32[N, 4, d0]>
      %4 = mod.mul %3, %3 : (!mod.tensor<f32[N, 4, d0]>, !mod.tensor<f32[N, 4, d0]>) -> !mod.tensor<f32[N, 4, d0]>
      %5 = mod.sum %4 over [2] keepdim true : (!mod.tensor<f32[N, 4, d0]>) -> !mod.tensor<f32[N, 4, 1]>
      %6 = mod.size <d0> as f32 : <f32[]>
      %7 = mod.div %5, %6 : (!mod.tensor<f32[N, 4, 1]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[N, 4, 1]>
      %8 = mod.full 1.000000e-05 : f64 as f32 [] : <f32[]>
      %9 = mod.add %7, %8 : (!mod.tensor<f32[N, 4, 1]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[N, 4, 1]>
      %10 = mod.sqrt %9 : (!mod.tensor<f32[N, 4, 1]>) -> !mod.tensor<f32[N, 4, 1]>
      %11 = mod.full 1.000000e+00 : f64 as f32 [] : <f32[]>
      %12 = mod.div %11, %10 : (!mod.tensor<f32[]>, !mod.tensor<f32[N, 4, 1]>) -> !mod.tensor<f32[N, 4, 1]>
      %13 = mod.mul %3, %12 : (!mod.tensor<f32[N, 4, d0]>, !mod.tensor<f32[N, 4, 1]>) -> !mod.tensor<f32[N, 4, d0]>
      mod.return %13 : !mod.tensor<f32[N, 4, d0]>
    }
    mod.func @forward.train(%arg0: !mod.tensor<f32[N, 4, d0]> {mod.name = "x"}) -> (!mod.tensor<f32[N, 4, d0]> {mod.name = "output"}) attributes {dims = ["N", "d0"]} {
      %0 = mod.sum %arg0 over [2] keepdim true : (!mod.tensor<f32[N, 4, d0]>) -> !mod.tensor<f32[N, 4, 1]>
      %1 = mod.size <d0> as f32 : <f32[]>
      %2 = mod.div %0, %1 : (!mod.tensor<f32[N, 4, 1]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[N, 4, 1]>
      %3 = mod.sub %arg0, %2 : (!mod.tensor<f32[N, 4, d0]>, !mod.tensor<f32[N, 4, 1]>) -> !mod.tensor<f32[N, 4, d0]>
      %4 = mod.mul %3, %3 : (!mod.tensor<f32[N, 4, d0]>, !mod.tensor<f32[N, 4, d0]>) -> !mod.tensor<f32[N, 4, d0]>
      %5 = mod.sum %4 over [2] keepdim true : (!mod.tensor<f32[N, 4, d0]>) -> !mod.tensor<f32[N, 4, 1]>
      %6 = mod.size <d0> as f32 : <f32[]>
      %7 = mod.div %5, %6 : (!mod.tensor<f32[N, 4, 1]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[N, 4, 1]>
      %8 = mod.full 1.000000e-05 : f64 as f32 [] : <f32[]>
      %9 = mod.add %7, %8 : (!mod.tensor<f32[N, 4, 1]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[N, 4, 1]>
      %10 = mod.sqrt %9 : (!mod.tensor<f32[N, 4, 1]>) -> !mod.tensor<f32[N, 4, 1]>
      %11 = mod.full 1.000000e+00 : f64 as f32 [] : <f32[]>
      %12 = mod.div %11, %10 : (!mod.tensor<f32[]>, !mod.tensor<f32[N, 4, 1]>) -> !mod.tensor<f32[N, 4, 1]>
      %13 = mod.mul %3, %12 : (!mod.tensor<f32[N, 4, d0]>, !mod.tensor<f32[N, 4, 1]>) -> !mod.tensor<f32[N, 4, d0]>
      mod.return %13 : !mod.tensor<f32[N, 4, d0]>
    }
  }
  mod.class @InstanceNorm1d_4.2 from "InstanceNorm1d" kind "module" ctor [#mod.arg<"ranks" = array<i64: 3>>, #mod.arg<"num_features" = 4 : i64>, #mod.arg<"eps" = 1.000000e-05 : f64>, #mod.arg<"momentum" = 1.000000e-01 : f64>, #mod.arg<"affine" = true>, #mod.arg<"track_running_stats" = true>, #mod.arg<"bias" = true>, #mod.arg<"dtype" = "f32">] repr "4, eps=1e-05, momentum=0.1, affine=True, bias=True, track_running_stats=True" version 2 attributes {doc = "Normalises each channel of each item by its own statistics."} {
    mod.param @weight : !mod.tensor<f32[4]> init <fill 1.000000e+00>
    mod.param @bias : !mod.tensor<f32[4]> init <fill 0.000000e+00>
    mod.buffer @running_mean : !mod.tensor<f32[4]> init <fill 0.000000e+00>
    mod.buffer @running_var : !mod.tensor<f32[4]> init <fill 1.000000e+00>
    mod.buffer @num_batches_tracked : !mod.tensor<i64[]> init <fill 0.000000e+00> {since = 2 : i64}
    mod.func @forward(%arg0: !mod.tensor<f32[N, 4, d0]> {mod.name = "x"}) -> (!mod.tensor<f32[N, 4, d0]> {mod.name = "output"}) attributes {dims = ["N", "d0"]} {
      %0 = mod.get "running_var" : <f32[4]>
      %1 = mod.full 1.000000e-05 : f64 as f32 [] : <f32[]>
      %2 = mod.add %0, %1 : (!mod.tensor<f32[4]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[4]>
      %3 = mod.sqrt %2 : (!mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
      %4 = mod.full 1.000000e+00 : f64 as f32 [] : <f32[]>
      %5 = mod.div %4, %3 : (!mod.tensor<f32[]>, !mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
      %6 = mod.get "weight" : <f32[4]>
      %7 = mod.mul %6, %5 : (!mod.tensor<f32[4]>, !mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
      %8 = mod.get "running_mean" : <f32[4]>
      %9 = mod.mul %8, %7 : (!mod.tensor<f32[4]>, !mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
      %10 = mod.get "bias" : <f32[4]>
      %11 = mod.sub %10, %9 : (!mod.tensor<f32[4]>, !mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
      %12 = mod.reshape %7 to [#mod.dim<4>, #mod.dim<1>] : (!mod.tensor<f32[4]>) -> !mod.tensor<f32[4, 1]>
      %13 = mod.mul %arg0, %12 : (!mod.tensor<f32[N, 4, d0]>, !mod.tensor<f32[4, 1]>) -> !mod.tensor<f32[N, 4, d0]>
      %14 = mod.reshape %11 to [#mod.dim<4>, #mod.dim<1>] : (!mod.tensor<f32[4]>) -> !mod.tensor<f32[4, 1]>
      %15 = mod.add %13, %14 : (!mod.tensor<f32[N, 4, d0]>, !mod.tensor<f32[4, 1]>) -> !mod.tensor<f32[N, 4, d0]>
      mod.return %15 : !mod.tensor<f32[N, 4, d0]>
    }
    mod.func @forward.train(%arg0: !mod.tensor<f32[N, 4, d0]> {mod.name = "x"}) -> (!mod.tensor<f32[N, 4, d0]> {mod.name = "output"}) attributes {dims = ["N", "d0"]} {
      %0 = mod.full 9.000000e-01 : f64 as f32 [] : <f32[]>
      %1 = mod.get "running_mean" : <f32[4]>
      %2 = mod.mul %0, %1 : (!mod.tensor<f32[]>, !mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
      %3 = mod.sum %arg0 over [0, 2] : (!mod.tensor<f32[N, 4, d0]>) -> !mod.tensor<f32[4]>
      %4 = mod.size <N*d0> as f32 : <f32[]>
      %5 = mod.div %3, %4 : (!mod.tensor<f32[4]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[4]>
      %6 = mod.full 1.000000e-01 : f64 as f32 [] : <f32[]>
      %7 = mod.mul %6, %5 : (!mod.tensor<f32[]>, !mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
      %8 = mod.add %2, %7 : (!mod.tensor<f32[4]>, !mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
      mod.set "running_mean", %8 : <f32[4]>
      %9 = mod.full 9.000000e-01 : f64 as f32 [] : <f32[]>
      %10 = mod.get "running_var" : <f32[4]>
      %11 = mod.mul %9, %10 : (!mod.tensor<f32[]>, !mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
      %12 = mod.sum %arg0 over [2] keepdim true : (!mod.tensor<f32[N, 4, d0]>) -> !mod.tensor<f32[N, 4, 1]>
      %13 = mod.size <d0> as f32 : <f32[]>
      %14 = mod.div %12, %13 : (!mod.tensor<f32[N, 4, 1]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[N, 4, 1]>
      %15 = mod.sub %arg0, %14 : (!mod.tensor<f32[N, 4, d0]>, !mod.tensor<f32[N, 4, 1]>) -> !mod.tensor<f32[N, 4, d0]>
      %16 = mod.mul %15, %15 : (!mod.tensor<f32[N, 4, d0]>, !mod.tensor<f32[N, 4, d0]>) -> !mod.tensor<f32[N, 4, d0]>
      %17 = mod.sum %16 over [2] : (!mod.tensor<f32[N, 4, d0]>) -> !mod.tensor<f32[N, 4]>
      %18 = mod.size <d0 - 1> as f32 : <f32[]>
      %19 = mod.div %17, %18 : (!mod.tensor<f32[N, 4]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[N, 4]>
      %20 = mod.sum %19 over [0] : (!mod.tensor<f32[N, 4]>) -> !mod.tensor<f32[4]>
      %21 = mod.size <N> as f32 : <f32[]>
      %22 = mod.div %20, %21 : (!mod.tensor<f32[4]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[4]>
      %23 = mod.full 1.000000e-01 : f64 as f32 [] : <f32[]>
      %24 = mod.mul %23, %22 : (!mod.tensor<f32[]>, !mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
      %25 = mod.add %11, %24 : (!mod.tensor<f32[4]>, !mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
      mod.set "running_var", %25 : <f32[4]>
      %26 = mod.sum %arg0 over [2] keepdim true : (!mod.tensor<f32[N, 4, d0]>) -> !mod.tensor<f32[N, 4, 1]>
      %27 = mod.size <d0> as f32 : <f32[]>
      %28 = mod.div %26, %27 : (!mod.tensor<f32[N, 4, 1]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[N, 4, 1]>
      %29 = mod.sub %arg0, %28 : (!mod.tensor<f32[N, 4, d0]>, !mod.tensor<f32[N, 4, 1]>) -> !mod.tensor<f32[N, 4, d0]>
      %30 = mod.mul %29, %29 : (!mod.tensor<f32[N, 4, d0]>, !mod.tensor<f32[N, 4, d0]>) -> !mod.tensor<f32[N, 4, d0]>
      %31 = mod.sum %30 over [2] keepdim true : (!mod.tensor<f32[N, 4, d0]>) -> !mod.tensor<f32[N, 4, 1]>
      %32 = mod.size <d0> as f32 : <f32[]>
      %33 = mod.div %31, %32 : (!mod.tensor<f32[N, 4, 1]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[N, 4, 1]>
      %34 = mod.full 1.000000e-05 : f64 as f32 [] : <f32[]>
      %35 = mod.add %33, %34 : (!mod.tensor<f32[N, 4, 1]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[N, 4, 1]>
      %36 = mod.sqrt %35 : (!mod.tensor<f32[N, 4, 1]>) -> !mod.tensor<f32[N, 4, 1]>
      %37 = mod.full 1.000000e+00 : f64 as f32 [] : <f32[]>
      %38 = mod.div %37, %36 : (!mod.tensor<f32[]>, !mod.tensor<f32[N, 4, 1]>) -> !mod.tensor<f32[N, 4, 1]>
      %39 = mod.mul %29, %38 : (!mod.tensor<f32[N, 4, d0]>, !mod.tensor<f32[N, 4, 1]>) -> !mod.tensor<f32[N, 4, d0]>
      %40 = mod.get "weight" : <f32[4]>
      %41 = mod.reshape %40 to [#mod.dim<4>, #mod.dim<1>] : (!mod.tensor<f32[4]>) -> !mod.tensor<f32[4, 1]>
      %42 = mod.mul %39, %41 : (!mod.tensor<f32[N, 4, d0]>, !mod.tensor<f32[4, 1]>) -> !mod.tensor<f32[N, 4, d0]>
      %43 = mod.get "bias" : <f32[4]>
      %44 = mod.reshape %43 to [#mod.dim<4>, #mod.dim<1>] : (!mod.tensor<f32[4]>) -> !mod.tensor<f32[4, 1]>
      %45 = mod.add %42, %44 : (!mod.tensor<f32[N, 4, d0]>, !mod.tensor<f32[4, 1]>) -> !mod.tensor<f32[N, 4, d0]>
      mod.return %45 : !mod.tensor<f32[N, 4, d0]>
    }
  }
  mod.class @LayerNorm_6 from "LayerNorm" kind "module" ctor [#mod.arg<"normalized_shape" = 6 : i64>, #mod.arg<"eps" = 1.000000e-05 : f64>, #mod.arg<"elementwise_affine" = true>, #mod.arg<"bias" = true>, #mod.arg<"dtype" = "f32">] repr "(6,), eps=1e-05, elementwise_affine=True, bias=True" attributes {doc = "Normalises over the last dimensions, which are `normalized_shape`."} {
    mod.param @weight : !mod.tensor<f32[6]> init <fill 1.000000e+00>
    mod.param @bias : !mod.tensor<f32[6]> init <fill 0.000000e+00>
    mod.func @forward(%arg0: !mod.tensor<f32[d0, d1, 6]> {mod.name = "x"}) -> (!mod.tensor<f32[d0, d1, 6]> {mod.name = "output"}) attributes {dims = ["d0", "d1"]} {
      %0 = mod.sum %arg0 over [2] keepdim true : (!mod.tensor<f32[d0, d1, 6]>) -> !mod.tensor<f32[d0, d1, 1]>
      %1 = mod.full 6.000000e+00 : f64 as f32 [] : <f32[]>
      %2 = mod.div %0, %1 : (!mod.tensor<f32[d0, d1, 1]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[d0, d1, 1]>
      %3 = mod.sub %arg0, %2 : (!mod.tensor<f32[d0, d1, 6]>, !mod.tensor<f32[d0, d1, 1]>) -> !mod.tensor<f32[d0, d1, 6]>
      %4 = mod.mul %3, %3 : (!mod.tensor<f32[d0, d1, 6]>, !mod.tensor<f32[d0, d1, 6]>) -> !mod.tensor<f32[d0, d1, 6]>
      %5 = mod.sum %4 over [2] keepdim true : (!mod.tensor<f32[d0, d1, 6]>) -> !mod.tensor<f32[d0, d1, 1]>
      %6 = mod.full 6.000000e+00 : f64 as f32 [] : <f32[]>
      %7 = mod.div %5, %6 : (!mod.tensor<f32[d0, d1, 1]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[d0, d1, 1]>
      %8 = mod.full 1.000000e-05 : f64 as f32 [] : <f32[]>
      %9 = mod.add %7, %8 : (!mod.tensor<f32[d0, d1, 1]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[d0, d1, 1]>
      %10 = mod.sqrt %9 : (!mod.tensor<f32[d0, d1, 1]>) -> !mod.tensor<f32[d0, d1, 1]>
      %11 = mod.full 1.000000e+00 : f64 as f32 [] : <f32[]>
      %12 = mod.div %11, %10 : (!mod.tensor<f32[]>, !mod.tensor<f32[d0, d1, 1]>) -> !mod.tensor<f32[d0, d1, 1]>
      %13 = mod.mul %3, %12 : (!mod.tensor<f32[d0, d1, 6]>, !mod.tensor<f32[d0, d1, 1]>) -> !mod.tensor<f32[d0, d1, 6]>
      %14 = mod.get "weight" : <f32[6]>
      %15 = mod.mul %13, %14 : (!mod.tensor<f32[d0, d1, 6]>, !mod.tensor<f32[6]>) -> !mod.tensor<f32[d0, d1, 6]>
      %16 = mod.get "bias" : <f32[6]>
      %17 = mod.add %15, %16 : (!mod.tensor<f32[d0, d1, 6]>, !mod.tensor<f32[6]>) -> !mod.tensor<f32[d0, d1, 6]>
      mod.return %17 : !mod.tensor<f32[d0, d1, 6]>
    }
  }
  mod.class @LayerNorm from "LayerNorm" kind "module" ctor [#mod.arg<"normalized_shape" = array<i64: 4, 6>>, #mod.arg<"eps" = 1.000000e-05 : f64>, #mod.arg<"elementwise_affine" = true>, #mod.arg<"bias" = false>, #mod.arg<"dtype" = "f32">] repr "(4, 6), eps=1e-05, elementwise_affine=True, bias=False" attributes {doc = "Normalises over the last dimensions, which are `normalized_shape`."} {
    mod.param @weight : !mod.tensor<f32[4, 6]> init <fill 1.000000e+00>
    mod.param @bias : !mod.tensor<f32[4, 6]> none
    mod.func @forward(%arg0: !mod.tensor<f32[d0, 4, 6]> {mod.name = "x"}) -> (!mod.tensor<f32[d0, 4, 6]> {mod.name = "output"}) attributes {dims = ["d0"]} {
      %0 = mod.sum %arg0 over [1, 2] keepdim true : (!mod.tensor<f32[d0, 4, 6]>) -> !mod.tensor<f32[d0, 1, 1]>
      %1 = mod.full 2.400000e+01 : f64 as f32 [] : <f32[]>
      %2 = mod.div %0, %1 : (!mod.tensor<f32[d0, 1, 1]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[d0, 1, 1]>
      %3 = mod.sub %arg0, %2 : (!mod.tensor<f32[d0, 4, 6]>, !mod.tensor<f32[d0, 1, 1]>) -> !mod.tensor<f32[d0, 4, 6]>
      %4 = mod.mul %3, %3 : (!mod.tensor<f32[d0, 4, 6]>, !mod.tensor<f32[d0, 4, 6]>) -> !mod.tensor<f32[d0, 4, 6]>
      %5 = mod.sum %4 over [1, 2] keepdim true : (!mod.tensor<f32[d0, 4, 6]>) -> !mod.tensor<f32[d0, 1, 1]>
      %6 = mod.full 2.400000e+01 : f64 as f32 [] : <f32[]>
      %7 = mod.div %5, %6 : (!mod.tensor<f32[d0, 1, 1]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[d0, 1, 1]>
      %8 = mod.full 1.000000e-05 : f64 as f32 [] : <f32[]>
      %9 = mod.add %7, %8 : (!mod.tensor<f32[d0, 1, 1]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[d0, 1, 1]>
      %10 = mod.sqrt %9 : (!mod.tensor<f32[d0, 1, 1]>) -> !mod.tensor<f32[d0, 1, 1]>
      %11 = mod.full 1.000000e+00 : f64 as f32 [] : <f32[]>
      %12 = mod.div %11, %10 : (!mod.tensor<f32[]>, !mod.tensor<f32[d0, 1, 1]>) -> !mod.tensor<f32[d0, 1, 1]>
      %13 = mod.mul %3, %12 : (!mod.tensor<f32[d0, 4, 6]>, !mod.tensor<f32[d0, 1, 1]>) -> !mod.tensor<f32[d0, 4, 6]>
      %14 = mod.get "weight" : <f32[4, 6]>
      %15 = mod.mul %13, %14 : (!mod.tensor<f32[d0, 4, 6]>, !mod.tensor<f32[4, 6]>) -> !mod.tensor<f32[d0, 4, 6]>
      mod.return %15 : !mod.tensor<f32[d0, 4, 6]>
    }
  }
  mod.class @RMSNorm_6 from "RMSNorm" kind "module" ctor [#mod.arg<"normalized_shape" = 6 : i64>, #mod.arg<"eps" = unit>, #mod.arg<"elementwise_affine" = true>, #mod.arg<"dtype" = "f32">] repr "(6,), eps=None, elementwise_affine=True" attributes {doc = "Divides by the root mean square over the last dimensions, which are `normalized_shape`."} {
    mod.param @weight : !mod.tensor<f32[6]> init <fill 1.000000e+00>
    mod.func @forward(%arg0: !mod.tensor<f32[d0, d1, 6]> {mod.name = "x"}) -> (!mod.tensor<f32[d0, d1, 6]> {mod.name = "output"}) attributes {dims = ["d0", "d1"]} {
      %0 = mod.mul %arg0, %arg0 : (!mod.tensor<f32[d0, d1, 6]>, !mod.tensor<f32[d0, d1, 6]>) -> !mod.tensor<f32[d0, d1, 6]>
      %1 = mod.sum %0 over [2] keepdim true : (!mod.tensor<f32[d0, d1, 6]>) -> !mod.tensor<f32[d0, d1, 1]>
      %2 = mod.full 6.000000e+00 : f64 as f32 [] : <f32[]>
      %3 = mod.div %1, %2 : (!mod.tensor<f32[d0, d1, 1]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[d0, d1, 1]>
      %4 = mod.full 1.1920928955078125E-7 : f64 as f32 [] : <f32[]>
      %5 = mod.add %3, %4 : (!mod.tensor<f32[d0, d1, 1]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[d0, d1, 1]>
      %6 = mod.sqrt %5 : (!mod.tensor<f32[d0, d1, 1]>) -> !mod.tensor<f32[d0, d1, 1]>
      %7 = mod.full 1.000000e+00 : f64 as f32 [] : <f32[]>
      %8 = mod.div %7, %6 : (!mod.tensor<f32[]>, !mod.tensor<f32[d0, d1, 1]>) -> !mod.tensor<f32[d0, d1, 1]>
      %9 = mod.mul %arg0, %8 : (!mod.tensor<f32[d0, d1, 6]>, !mod.tensor<f32[d0, d1, 1]>) -> !mod.tensor<f32[d0, d1, 6]>
      %10 = mod.get "weight" : <f32[6]>
      %11 = mod.mul %9, %10 : (!mod.tensor<f32[d0, d1, 6]>, !mod.tensor<f32[6]>) -> !mod.tensor<f32[d0, d1, 6]>
      mod.return %11 : !mod.tensor<f32[d0, d1, 6]>
    }
  }
  mod.class @GroupNorm_2_4 from "GroupNorm" kind "module" ctor [#mod.arg<"num_groups" = 2 : i64>, #mod.arg<"num_channels" = 4 : i64>, #mod.arg<"eps" = 1.000000e-05 : f64>, #mod.arg<"affine" = true>, #mod.arg<"bias" = true>, #mod.arg<"dtype" = "f32">] repr "2, 4, eps=1e-05, affine=True, bias=True" attributes {doc = "Normalises each of `num_groups` groups of channels of each item."} {
    mod.param @weight : !mod.tensor<f32[4]> init <fill 1.000000e+00>
    mod.param @bias : !mod.tensor<f32[4]> init <fill 0.000000e+00>
    mod.func @forward(%arg0: !mod.tensor<f32[N, 4, d0]> {mod.name = "x"}) -> (!mod.tensor<f32[N, 4, d0]> {mod.name = "output"}) attributes {dims = ["N", "d0"]} {
      %0 = mod.reshape %arg0 to [#mod.dim<N>, #mod.dim<2>, #mod.dim<2*d0>] : (!mod.tensor<f32[N, 4, d0]>) -> !mod.tensor<f32[N, 2, 2*d0]>
      %1 = mod.sum %0 over [2] keepdim true : (!mod.tensor<f32[N, 2, 2*d0]>) -> !mod.tensor<f32[N, 2, 1]>
      %2 = mod.size <2*d0> as f32 : <f32[]>
      %3 = mod.div %1, %2 : (!mod.tensor<f32[N, 2, 1]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[N, 2, 1]>
      %4 = mod.sub %0, %3 : (!mod.tensor<f32[N, 2, 2*d0]>, !mod.tensor<f32[N, 2, 1]>) -> !mod.tensor<f32[N, 2, 2*d0]>
      %5 = mod.mul %4, %4 : (!mod.tensor<f32[N, 2, 2*d0]>, !mod.tensor<f32[N, 2, 2*d0]>) -> !mod.tensor<f32[N, 2, 2*d0]>
      %6 = mod.sum %5 over [2] keepdim true : (!mod.tensor<f32[N, 2, 2*d0]>) -> !mod.tensor<f32[N, 2, 1]>
      %7 = mod.size <2*d0> as f32 : <f32[]>
      %8 = mod.div %6, %7 : (!mod.tensor<f32[N, 2, 1]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[N, 2, 1]>
      %9 = mod.full 1.000000e-05 : f64 as f32 [] : <f32[]>
      %10 = mod.add %8, %9 : (!mod.tensor<f32[N, 2, 1]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[N, 2, 1]>
      %11 = mod.sqrt %10 : (!mod.tensor<f32[N, 2, 1]>) -> !mod.tensor<f32[N, 2, 1]>
      %12 = mod.full 1.000000e+00 : f64 as f32 [] : <f32[]>
      %13 = mod.div %12, %11 : (!mod.tensor<f32[]>, !mod.tensor<f32[N, 2, 1]>) -> !mod.tensor<f32[N, 2, 1]>
      %14 = mod.mul %4, %13 : (!mod.tensor<f32[N, 2, 2*d0]>, !mod.tensor<f32[N, 2, 1]>) -> !mod.tensor<f32[N, 2, 2*d0]>
      %15 = mod.reshape %14 to [#mod.dim<N>, #mod.dim<4>, #mod.dim<d0>] : (!mod.tensor<f32[N, 2, 2*d0]>) -> !mod.tensor<f32[N, 4, d0]>
      %16 = mod.get "weight" : <f32[4]>
      %17 = mod.reshape %16 to [#mod.dim<4>, #mod.dim<1>] : (!mod.tensor<f32[4]>) -> !mod.tensor<f32[4, 1]>
      %18 = mod.mul %15, %17 : (!mod.tensor<f32[N, 4, d0]>, !mod.tensor<f32[4, 1]>) -> !mod.tensor<f32[N, 4, d0]>
      %19 = mod.get "bias" : <f32[4]>
      %20 = mod.reshape %19 to [#mod.dim<4>, #mod.dim<1>] : (!mod.tensor<f32[4]>) -> !mod.tensor<f32[4, 1]>
      %21 = mod.add %18, %20 : (!mod.tensor<f32[N, 4, d0]>, !mod.tensor<f32[4, 1]>) -> !mod.tensor<f32[N, 4, d0]>
      mod.return %21 : !mod.tensor<f32[N, 4, d0]>
    }
    mod.func @forward.v1(%arg0: !mod.tensor<f32[N, 4, d0, d1]> {mod.name = "x"}) -> (!mod.tensor<f32[N, 4, d0, d1]> {mod.name = "output"}) attributes {dims = ["N", "d0", "d1"], mod.method = "forward"} {
      %0 = mod.reshape %arg0 to [#mod.dim<N>, #mod.dim<2>, #mod.dim<2*d0*d1>] : (!mod.tensor<f32[N, 4, d0, d1]>) -> !mod.tensor<f32[N, 2, 2*d0*d1]>
      %1 = mod.sum %0 over [2] keepdim true : (!mod.tensor<f32[N, 2, 2*d0*d1]>) -> !mod.tensor<f32[N, 2, 1]>
      %2 = mod.size <2*d0*d1> as f32 : <f32[]>
      %3 = mod.div %1, %2 : (!mod.tensor<f32[N, 2, 1]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[N, 2, 1]>
      %4 = mod.sub %0, %3 : (!mod.tensor<f32[N, 2, 2*d0*d1]>, !mod.tensor<f32[N, 2, 1]>) -> !mod.tensor<f32[N, 2, 2*d0*d1]>
      %5 = mod.mul %4, %4 : (!mod.tensor<f32[N, 2, 2*d0*d1]>, !mod.tensor<f32[N, 2, 2*d0*d1]>) -> !mod.tensor<f32[N, 2, 2*d0*d1]>
      %6 = mod.sum %5 over [2] keepdim true : (!mod.tensor<f32[N, 2, 2*d0*d1]>) -> !mod.tensor<f32[N, 2, 1]>
      %7 = mod.size <2*d0*d1> as f32 : <f32[]>
      %8 = mod.div %6, %7 : (!mod.tensor<f32[N, 2, 1]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[N, 2, 1]>
      %9 = mod.full 1.000000e-05 : f64 as f32 [] : <f32[]>
      %10 = mod.add %8, %9 : (!mod.tensor<f32[N, 2, 1]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[N, 2, 1]>
      %11 = mod.sqrt %10 : (!mod.tensor<f32[N, 2, 1]>) -> !mod.tensor<f32[N, 2, 1]>
      %12 = mod.full 1.000000e+00 : f64 as f32 [] : <f32[]>
      %13 = mod.div %12, %11 : (!mod.tensor<f32[]>, !mod.tensor<f32[N, 2, 1]>) -> !mod.tensor<f32[N, 2, 1]>
      %14 = mod.mul %4, %13 : (!mod.tensor<f32[N, 2, 2*d0*d1]>, !mod.tensor<f32[N, 2, 1]>) -> !mod.tensor<f32[N, 2, 2*d0*d1]>
      %15 = mod.reshape %14 to [#mod.dim<N>, #mod.dim<4>, #mod.dim<d0>, #mod.dim<d1>] : (!mod.tensor<f32[N, 2, 2*d0*d1]>) -> !mod.tensor<f32[N, 4, d0, d1]>
      %16 = mod.get "weight" : <f32[4]>
      %17 = mod.reshape %16 to [#mod.dim<4>, #mod.dim<1>, #mod.dim<1>] : (!mod.tensor<f32[4]>) -> !mod.tensor<f32[4, 1, 1]>
      %18 = mod.mul %15, %17 : (!mod.tensor<f32[N, 4, d0, d1]>, !mod.tensor<f32[4, 1, 1]>) -> !mod.tensor<f32[N, 4, d0, d1]>
      %19 = mod.get "bias" : <f32[4]>
      %20 = mod.reshape %19 to [#mod.dim<4>, #mod.dim<1>, #mod.dim<1>] : (!mod.tensor<f32[4]>) -> !mod.tensor<f32[4, 1, 1]>
      %21 = mod.add %18, %20 : (!mod.tensor<f32[N, 4, d0, d1]>, !mod.tensor<f32[4, 1, 1]>) -> !mod.tensor<f32[N, 4, d0, d1]>
      mod.return %21 : !mod.tensor<f32[N, 4, d0, d1]>
    }
  }
  mod.class @ModuleList.2 from "ModuleList" kind "list" attributes {doc = "Children named 0, 1, ... A list of modules assigned to a member becomes one of these."} {
    mod.child @"0" = @BatchNorm1d_4
    mod.child @"1" = @BatchNorm1d_4.2
    mod.child @"2" = @BatchNorm1d_4.3
    mod.child @"3" = @BatchNorm1d_4.4
    mod.child @"4" = @InstanceNorm1d_4
    mod.child @"5" = @InstanceNorm1d_4.2
    mod.child @"6" = @LayerNorm_6
    mod.child @"7" = @LayerNorm
    mod.child @"8" = @RMSNorm_6
    mod.child @"9" = @GroupNorm_2_4
  }
  mod.class @All.2 from "All" kind "module" attributes {doc = "Calls each of the modules on x and adds nothing: results side by side."} {
    mod.child @each = @ModuleList.2
    mod.func @forward(%arg0: !mod.tensor<f32[N, 4, 6]> {mod.name = "x"}) -> (!mod.tensor<f32[N, 4, 6]> {mod.name = "output0"}, !mod.tensor<f32[N, 4, 6]> {mod.name = "output1"}, !mod.tensor<f32[N, 4, 6]> {mod.name = "output2"}, !mod.tensor<f32[N, 4, 6]> {mod.name = "output3"}, !mod.tensor<f32[N, 4, 6]> {mod.name = "output4"}, !mod.tensor<f32[N, 4, 6]> {mod.name = "output5"}, !mod.tensor<f32[N, 4, 6]> {mod.name = "output6"}, !mod.tensor<f32[N, 4, 6]> {mod.name = "output7"}, !mod.tensor<f32[N, 4, 6]> {mod.name = "output8"}, !mod.tensor<f32[N, 4, 6]> {mod.name = "output9"}) attributes {dims = ["N"], guards = [#mod.guard<le, <2>, <6*N>, "each.3: n > 1">]} {
      %0 = mod.call "each.0" -> @forward(%arg0) site 0 : (!mod.tensor<f32[N, 4, 6]>) -> !mod.tensor<f32[N, 4, 6]>
      %1 = mod.call "each.1" -> @forward(%arg0) site 1 : (!mod.tensor<f32[N, 4, 6]>) -> !mod.tensor<f32[N, 4, 6]>
      %2 = mod.call "each.2" -> @forward(%arg0) site 2 : (!mod.tensor<f32[N, 4, 6]>) -> !mod.tensor<f32[N, 4, 6]>
      %3 = mod.call "each.3" -> @forward(%arg0) site 3 : (!mod.tensor<f32[N, 4, 6]>) -> !mod.tensor<f32[N, 4, 6]>
      %4 = mod.call "each.4" -> @forward(%arg0) site 4 : (!mod.tensor<f32[N, 4, 6]>) -> !mod.tensor<f32[N, 4, 6]>
      %5 = mod.call "each.5" -> @forward(%arg0) site 5 : (!mod.tensor<f32[N, 4, 6]>) -> !mod.tensor<f32[N, 4, 6]>
      %6 = mod.call "each.6" -> @forward(%arg0) site 6 : (!mod.tensor<f32[N, 4, 6]>) -> !mod.tensor<f32[N, 4, 6]>
      %7 = mod.call "each.7" -> @forward(%arg0) site 7 : (!mod.tensor<f32[N, 4, 6]>) -> !mod.tensor<f32[N, 4, 6]>
      %8 = mod.call "each.8" -> @forward(%arg0) site 8 : (!mod.tensor<f32[N, 4, 6]>) -> !mod.tensor<f32[N, 4, 6]>
      %9 = mod.call "each.9" -> @forward(%arg0) site 9 : (!mod.tensor<f32[N, 4, 6]>) -> !mod.tensor<f32[N, 4, 6]>
      mod.return %0, %1, %2, %3, %4, %5, %6, %7, %8, %9 : !mod.tensor<f32[N, 4, 6]>, !mod.tensor<f32[N, 4, 6]>, !mod.tensor<f32[N, 4, 6]>, !mod.tensor<f32[N, 4, 6]>, !mod.tensor<f32[N, 4, 6]>, !mod.tensor<f32[N, 4, 6]>, !mod.tensor<f32[N, 4, 6]>, !mod.tensor<f32[N, 4, 6]>, !mod.tensor<f32[N, 4, 6]>, !mod.tensor<f32[N, 4, 6]>
    }
  }
  mod.export @norms = @All.2 -> @forward instance 1
  mod.class @Linear_6_3 from "Linear" kind "module" ctor [#mod.arg<"in_features" = 6 : i64>, #mod.arg<"out_features" = 3 : i64>, #mod.arg<"bias" = true>, #mod.arg<"dtype" = "f32">] repr "in_features=6, out_features=3, bias=True" attributes {doc = "y = x W^T + b over the last dimension."} {
    mod.param @weight : !mod.tensor<f32[3, 6]> init <uniform -0.40824829046386296, 0.40824829046386296>
    mod.param @bias : !mod.tensor<f32[3]> init <uniform -0.40824829046386307, 0.40824829046386307>
    mod.func @forward(%arg0: !mod.tensor<f32[d0, d1, 6]> {mod.name = "x"}) -> (!mod.tensor<f32[d0, d1, 3]> {mod.name = "output"}) attributes {dims = ["d0", "d1"]} {
      %0 = mod.get "weight" : <f32[3, 6]>
      %1 = mod.matmul %arg0, %0 trans_b true : (!mod.tensor<f32[d0, d1, 6]>, !mod.tensor<f32[3, 6]>) -> !mod.tensor<f32[d0, d1, 3]>
      %2 = mod.get "bias" : <f32[3]>
      %3 = mod.add %1, %2 : (!mod.tensor<f32[d0, d1, 3]>, !mod.tensor<f32[3]>) -> !mod.tensor<f32[d0, d1, 3]>
      mod.return %3 : !mod.tensor<f32[d0, d1, 3]>
    }
  }
  mod.class @Linear_6_3.2 from "Linear" kind "module" ctor [#mod.arg<"in_features" = 6 : i64>, #mod.arg<"out_features" = 3 : i64>, #mod.arg<"bias" = false>, #mod.arg<"dtype" = "f32">] repr "in_features=6, out_features=3, bias=False" attributes {doc = "y = x W^T + b over the last dimension."} {
    mod.param @weight : !mod.tensor<f32[3, 6]> init <uniform -0.40824829046386296, 0.40824829046386296>
    mod.param @bias : !mod.tensor<f32[3]> none
    mod.func @forward(%arg0: !mod.tensor<f32[d0, d1, 6]> {mod.name = "x"}) -> (!mod.tensor<f32[d0, d1, 3]> {mod.name = "output"}) attributes {dims = ["d0", "d1"]} {
      %0 = mod.get "weight" : <f32[3, 6]>
      %1 = mod.matmul %arg0, %0 trans_b true : (!mod.tensor<f32[d0, d1, 6]>, !mod.tensor<f32[3, 6]>) -> !mod.tensor<f32[d0, d1, 3]>
      mod.return %1 : !mod.tensor<f32[d0, d1, 3]>
    }
  }
  mod.class @Identity from "Identity" kind "module" ctor [#mod.arg<"args" = array<i64: 1, 2>>] attributes {doc = "Gives back what it gets; takes and ignores any arguments."} {
    mod.func @forward(%arg0: !mod.tensor<f32[d0, d1, d2]> {mod.name = "x"}) -> (!mod.tensor<f32[d0, d1, d2]> {mod.name = "output"}) attributes {dims = ["d0", "d1", "d2"]} {
      mod.return %arg0 : !mod.tensor<f32[d0, d1, d2]>
    }
  }
  mod.class @Flatten from "Flatten" kind "module" ctor [#mod.arg<"start_dim" = 1 : i64>, #mod.arg<"end_dim" = -1 : i64>] repr "start_dim=1, end_dim=-1" attributes {doc = "The dimensions from `start_dim` to `end_dim` as one."} {
    mod.func @forward(%arg0: !mod.tensor<f32[d0, d1, d2]> {mod.name = "x"}) -> (!mod.tensor<f32[d0, d1*d2]> {mod.name = "output"}) attributes {dims = ["d0", "d1", "d2"]} {
      %0 = mod.reshape %arg0 to [#mod.dim<d0>, #mod.dim<d1*d2>] : (!mod.tensor<f32[d0, d1, d2]>) -> !mod.tensor<f32[d0, d1*d2]>
      mod.return %0 : !mod.tensor<f32[d0, d1*d2]>
    }
  }
  mod.class @Unflatten_1 from "Unflatten" kind "module" ctor [#mod.arg<"dim" = 1 : i64>, #mod.arg<"unflattened_size" = array<i64: 2, 2>>] repr "dim=1, unflattened_size=(2, 2)" attributes {doc = "Dimension `dim` as several of the sizes `unflattened_size`."} {
    mod.func @forward(%arg0: !mod.tensor<f32[d0, 4, 6]> {mod.name = "x"}) -> (!mod.tensor<f32[d0, 2, 2, 6]> {mod.name = "output"}) attributes {dims = ["d0"]} {
      %0 = mod.reshape %arg0 to [#mod.dim<d0>, #mod.dim<2>, #mod.dim<2>, #mod.dim<6>] : (!mod.tensor<f32[d0, 4, 6]>) -> !mod.tensor<f32[d0, 2, 2, 6]>
      mod.return %0 : !mod.tensor<f32[d0, 2, 2, 6]>
    }
  }
  mod.class @Linear_24_2 from "Linear" kind "module" ctor [#mod.arg<"in_features" = 24 : i64>, #mod.arg<"out_features" = 2 : i64>, #mod.arg<"bias" = true>, #mod.arg<"dtype" = "f32">] repr "in_features=24, out_features=2, bias=True" attributes {doc = "y = x W^T + b over the last dimension."} {
    mod.param @weight : !mod.tensor<f32[2, 24]> init <uniform -0.20412414523193148, 0.20412414523193148>
    mod.param @bias : !mod.tensor<f32[2]> init <uniform -0.20412414523193154, 0.20412414523193154>
    mod.func @forward(%arg0: !mod.tensor<f32[d0, 24]> {mod.name = "x"}) -> (!mod.tensor<f32[d0, 2]> {mod.name = "output"}) attributes {dims = ["d0"]} {
      %0 = mod.get "weight" : <f32[2, 24]>
      %1 = mod.matmul %arg0, %0 trans_b true : (!mod.tensor<f32[d0, 24]>, !mod.tensor<f32[2, 24]>) -> !mod.tensor<f32[d0, 2]>
      %2 = mod.get "bias" : <f32[2]>
      %3 = mod.add %1, %2 : (!mod.tensor<f32[d0, 2]>, !mod.tensor<f32[2]>) -> !mod.tensor<f32[d0, 2]>
      mod.return %3 : !mod.tensor<f32[d0, 2]>
    }
  }
  mod.class @Sequential from "Sequential" kind "sequential" attributes {doc = "Calls its children one after another. `Sequential(a, b)` names them 0, 1; `Sequential({\22conv\22: a, \22act\22: b})` by their keys."} {
    mod.child @"0" = @Flatten
    mod.child @"1" = @Linear_24_2
    mod.func @forward(%arg0: !mod.tensor<f32[d0, 4, 6]> {mod.name = "x"}) -> (!mod.tensor<f32[d0, 2]> {mod.name = "output"}) attributes {dims = ["d0"]} {
      %0 = mod.call "0" -> @forward(%arg0) site 0 : (!mod.tensor<f32[d0, 4, 6]>) -> !mod.tensor<f32[d0, 24]>
      %1 = mod.call "1" -> @forward(%0) site 1 : (!mod.tensor<f32[d0, 24]>) -> !mod.tensor<f32[d0, 2]>
      mod.return %1 : !mod.tensor<f32[d0, 2]>
    }
  }
  mod.class @Dropout_0.1 from "Dropout" kind "module" ctor [#mod.arg<"p" = 1.000000e-01 : f64>, #mod.arg<"inplace" = false>] repr "p=0.1, inplace=False" attributes {doc = "In training, zeroes elements with probability `p` and scales the rest by 1 / (1 - p)."} {
    mod.func @forward(%arg0: !mod.tensor<f32[d0, d1, d2]> {mod.name = "x"}) -> (!mod.tensor<f32[d0, d1, d2]> {mod.name = "output"}) attributes {dims = ["d0", "d1", "d2"]} {
      mod.return %arg0 : !mod.tensor<f32[d0, d1, d2]>
    }
    mod.func @forward.train(%arg0: !mod.tensor<f32[d0, d1, d2]> {mod.name = "x"}) -> (!mod.tensor<f32[d0, d1, d2]> {mod.name = "output"}) attributes {dims = ["d0", "d1", "d2"]} {
      %0 = mod.frame_key
      %1 = mod.key %0, 0
      %2 = mod.random %1 as f32 [#mod.dim<d0>, #mod.dim<d1>, #mod.dim<d2>] : <f32[d0, d1, d2]>
      %3 = mod.full 1.000000e-01 : f64 as f32 [] : <f32[]>
      %4 = mod.lt %2, %3 : (!mod.tensor<f32[d0, d1, d2]>, !mod.tensor<f32[]>) -> !mod.tensor<i1[d0, d1, d2]>
      %5 = mod.full 9.000000e-01 : f64 as f32 [] : <f32[]>
      %6 = mod.div %arg0, %5 : (!mod.tensor<f32[d0, d1, d2]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[d0, d1, d2]>
      %7 = mod.full 0.000000e+00 : f64 as f32 [] : <f32[]>
      %8 = mod.where %4, %7, %6 : (!mod.tensor<i1[d0, d1, d2]>, !mod.tensor<f32[]>, !mod.tensor<f32[d0, d1, d2]>) -> !mod.tensor<f32[d0, d1, d2]>
      mod.return %8 : !mod.tensor<f32[d0, d1, d2]>
    }
  }
  mod.class @Dropout1d_3_0.3 from "Dropout1d" kind "module" ctor [#mod.arg<"rank" = 3 : i64>, #mod.arg<"p" = 3.000000e-01 : f64>, #mod.arg<"inplace" = false>] repr "p=0.3, inplace=False" attributes {doc = "As Dropout, for whole channels of x: [N, C, ...]."} {
    mod.func @forward(%arg0: !mod.tensor<f32[d0, d1, d2]> {mod.name = "x"}) -> (!mod.tensor<f32[d0, d1, d2]> {mod.name = "output"}) attributes {dims = ["d0", "d1", "d2"]} {
      mod.return %arg0 : !mod.tensor<f32[d0, d1, d2]>
    }
    mod.func @forward.train(%arg0: !mod.tensor<f32[d0, d1, d2]> {mod.name = "x"}) -> (!mod.tensor<f32[d0, d1, d2]> {mod.name = "output"}) attributes {dims = ["d0", "d1", "d2"]} {
      %0 = mod.frame_key
      %1 = mod.key %0, 0
      %2 = mod.random %1 as f32 [#mod.dim<d0>, #mod.dim<d1>, #mod.dim<1>] : <f32[d0, d1, 1]>
      %3 = mod.full 3.000000e-01 : f64 as f32 [] : <f32[]>
      %4 = mod.le %3, %2 : (!mod.tensor<f32[]>, !mod.tensor<f32[d0, d1, 1]>) -> !mod.tensor<i1[d0, d1, 1]>
      %5 = mod.full 0.69999999999999996 : f64 as f32 [] : <f32[]>
      %6 = mod.div %arg0, %5 : (!mod.tensor<f32[d0, d1, d2]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[d0, d1, d2]>
      %7 = mod.full 0.000000e+00 : f64 as f32 [] : <f32[]>
      %8 = mod.where %4, %6, %7 : (!mod.tensor<i1[d0, d1, 1]>, !mod.tensor<f32[d0, d1, d2]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[d0, d1, d2]>
      mod.return %8 : !mod.tensor<f32[d0, d1, d2]>
    }
  }
  mod.class @ModuleList.3 from "ModuleList" kind "list" attributes {doc = "Children named 0, 1, ... A list of modules assigned to a member becomes one of these."} {
    mod.child @"0" = @Linear_6_3
    mod.child @"1" = @Linear_6_3.2
    mod.child @"2" = @Identity
    mod.child @"3" = @Flatten
    mod.child @"4" = @Unflatten_1
    mod.child @"5" = @Sequential
    mod.child @"6" = @Dropout_0.1
    mod.child @"7" = @Dropout1d_3_0.3
  }
  mod.class @All.3 from "All" kind "module" attributes {doc = "Calls each of the modules on x and adds nothing: results side by side."} {
    mod.child @each = @ModuleList.3
    mod.func @forward(%arg0: !mod.tensor<f32[N, 4, 6]> {mod.name = "x"}) -> (!mod.tensor<f32[N, 4, 3]> {mod.name = "output0"}, !mod.tensor<f32[N, 4, 3]> {mod.name = "output1"}, !mod.tensor<f32[N, 4, 6]> {mod.name = "output2"}, !mod.tensor<f32[N, 24]> {mod.name = "output3"}, !mod.tensor<f32[N, 2, 2, 6]> {mod.name = "output4"}, !mod.tensor<f32[N, 2]> {mod.name = "output5"}, !mod.tensor<f32[N, 4, 6]> {mod.name = "output6"}, !mod.tensor<f32[N, 4, 6]> {mod.name = "output7"}) attributes {dims = ["N"]} {
      %0 = mod.call "each.0" -> @forward(%arg0) site 0 : (!mod.tensor<f32[N, 4, 6]>) -> !mod.tensor<f32[N, 4, 3]>
      %1 = mod.call "each.1" -> @forward(%arg0) site 1 : (!mod.tensor<f32[N, 4, 6]>) -> !mod.tensor<f32[N, 4, 3]>
      %2 = mod.call "each.2" -> @forward(%arg0) site 2 : (!mod.tensor<f32[N, 4, 6]>) -> !mod.tensor<f32[N, 4, 6]>
      %3 = mod.call "each.3" -> @forward(%arg0) site 3 : (!mod.tensor<f32[N, 4, 6]>) -> !mod.tensor<f32[N, 24]>
      %4 = mod.call "each.4" -> @forward(%arg0) site 4 : (!mod.tensor<f32[N, 4, 6]>) -> !mod.tensor<f32[N, 2, 2, 6]>
      %5 = mod.call "each.5" -> @forward(%arg0) site 5 : (!mod.tensor<f32[N, 4, 6]>) -> !mod.tensor<f32[N, 2]>
      %6 = mod.call "each.6" -> @forward(%arg0) site 6 : (!mod.tensor<f32[N, 4, 6]>) -> !mod.tensor<f32[N, 4, 6]>
      %7 = mod.call "each.7" -> @forward(%arg0) site 7 : (!mod.tensor<f32[N, 4, 6]>) -> !mod.tensor<f32[N, 4, 6]>
      mod.return %0, %1, %2, %3, %4, %5, %6, %7 : !mod.tensor<f32[N, 4, 3]>, !mod.tensor<f32[N, 4, 3]>, !mod.tensor<f32[N, 4, 6]>, !mod.tensor<f32[N, 24]>, !mod.tensor<f32[N, 2, 2, 6]>, !mod.tensor<f32[N, 2]>, !mod.tensor<f32[N, 4, 6]>, !mod.tensor<f32[N, 4, 6]>
    }
  }
  mod.export @linears = @All.3 -> @forward instance 2
  mod.class @Bilinear_5_3_4 from "Bilinear" kind "module" ctor [#mod.arg<"in1_features" = 5 : i64>, #mod.arg<"in2_features" = 3 : i64>, #mod.arg<"out_features" = 4 : i64>, #mod.arg<"bias" = true>, #mod.arg<"dtype" = "f32">] repr "in1_features=5, in2_features=3, out_features=4, bias=True" attributes {doc = "y_o = a^T W_o b + bias_o."} {
    mod.param @weight : !mod.tensor<f32[4, 5, 3]> init <uniform -0.44721359549995793, 0.44721359549995793>
    mod.param @bias : !mod.tensor<f32[4]> init <uniform -0.44721359549995793, 0.44721359549995793>
    mod.func @forward(%arg0: !mod.tensor<f32[N, 5]> {mod.name = "a"}, %arg1: !mod.tensor<f32[N, 3]> {mod.name = "b"}) -> (!mod.tensor<f32[N, 4]> {mod.name = "output"}) attributes {dims = ["N"]} {
      %0 = mod.get "weight" : <f32[4, 5, 3]>
      %1 = mod.permute %0 by [1, 0, 2] : (!mod.tensor<f32[4, 5, 3]>) -> !mod.tensor<f32[5, 4, 3]>
      %2 = mod.reshape %1 to [#mod.dim<5>, #mod.dim<12>] : (!mod.tensor<f32[5, 4, 3]>) -> !mod.tensor<f32[5, 12]>
      %3 = mod.matmul %arg0, %2 : (!mod.tensor<f32[N, 5]>, !mod.tensor<f32[5, 12]>) -> !mod.tensor<f32[N, 12]>
      %4 = mod.reshape %3 to [#mod.dim<N>, #mod.dim<4>, #mod.dim<3>] : (!mod.tensor<f32[N, 12]>) -> !mod.tensor<f32[N, 4, 3]>
      %5 = mod.reshape %arg1 to [#mod.dim<N>, #mod.dim<1>, #mod.dim<3>] : (!mod.tensor<f32[N, 3]>) -> !mod.tensor<f32[N, 1, 3]>
      %6 = mod.mul %4, %5 : (!mod.tensor<f32[N, 4, 3]>, !mod.tensor<f32[N, 1, 3]>) -> !mod.tensor<f32[N, 4, 3]>
      %7 = mod.sum %6 over [2] : (!mod.tensor<f32[N, 4, 3]>) -> !mod.tensor<f32[N, 4]>
      %8 = mod.get "bias" : <f32[4]>
      %9 = mod.add %7, %8 : (!mod.tensor<f32[N, 4]>, !mod.tensor<f32[4]>) -> !mod.tensor<f32[N, 4]>
      mod.return %9 : !mod.tensor<f32[N, 4]>
    }
  }
  mod.export @bilinear = @Bilinear_5_3_4 -> @forward instance 3
  mod.class @BatchNorm2d_4 from "BatchNorm2d" kind "module" ctor [#mod.arg<"ranks" = array<i64: 4>>, #mod.arg<"num_features" = 4 : i64>, #mod.arg<"eps" = 1.000000e-05 : f64>, #mod.arg<"momentum" = 1.000000e-01 : f64>, #mod.arg<"affine" = true>, #mod.arg<"track_running_stats" = true>, #mod.arg<"bias" = true>, #mod.arg<"dtype" = "f32">] repr "4, eps=1e-05, momentum=0.1, affine=True, bias=True, track_running_stats=True" version 2 attributes {doc = "Normalises channels by the batch's statistics in training, by their running average otherwise."} {
    mod.param @weight : !mod.tensor<f32[4]> init <fill 1.000000e+00>
    mod.param @bias : !mod.tensor<f32[4]> init <fill 0.000000e+00>
    mod.buffer @running_mean : !mod.tensor<f32[4]> init <fill 0.000000e+00>
    mod.buffer @running_var : !mod.tensor<f32[4]> init <fill 1.000000e+00>
    mod.buffer @num_batches_tracked : !mod.tensor<i64[]> init <fill 0.000000e+00> {since = 2 : i64}
    mod.func @forward(%arg0: !mod.tensor<f32[N, 4, d0, d1]> {mod.name = "x"}) -> (!mod.tensor<f32[N, 4, d0, d1]> {mod.name = "output"}) attributes {dims = ["N", "d0", "d1"]} {
      %0 = mod.get "running_var" : <f32[4]>
      %1 = mod.full 1.000000e-05 : f64 as f32 [] : <f32[]>
      %2 = mod.add %0, %1 : (!mod.tensor<f32[4]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[4]>
      %3 = mod.sqrt %2 : (!mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
      %4 = mod.full 1.000000e+00 : f64 as f32 [] : <f32[]>
      %5 = mod.div %4, %3 : (!mod.tensor<f32[]>, !mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
      %6 = mod.get "weight" : <f32[4]>
      %7 = mod.mul %6, %5 : (!mod.tensor<f32[4]>, !mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
      %8 = mod.get "running_mean" : <f32[4]>
      %9 = mod.mul %8, %7 : (!mod.tensor<f32[4]>, !mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
      %10 = mod.get "bias" : <f32[4]>
      %11 = mod.sub %10, %9 : (!mod.tensor<f32[4]>, !mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
      %12 = mod.reshape %7 to [#mod.dim<4>, #mod.dim<1>, #mod.dim<1>] : (!mod.tensor<f32[4]>) -> !mod.tensor<f32[4, 1, 1]>
      %13 = mod.mul %arg0, %12 : (!mod.tensor<f32[N, 4, d0, d1]>, !mod.tensor<f32[4, 1, 1]>) -> !mod.tensor<f32[N, 4, d0, d1]>
      %14 = mod.reshape %11 to [#mod.dim<4>, #mod.dim<1>, #mod.dim<1>] : (!mod.tensor<f32[4]>) -> !mod.tensor<f32[4, 1, 1]>
      %15 = mod.add %13, %14 : (!mod.tensor<f32[N, 4, d0, d1]>, !mod.tensor<f32[4, 1, 1]>) -> !mod.tensor<f32[N, 4, d0, d1]>
      mod.return %15 : !mod.tensor<f32[N, 4, d0, d1]>
    }
    mod.func @forward.train(%arg0: !mod.tensor<f32[N, 4, d0, d1]> {mod.name = "x"}) -> (!mod.tensor<f32[N, 4, d0, d1]> {mod.name = "output"}) attributes {dims = ["N", "d0", "d1"], guards = [#mod.guard<le, <2>, <N*d0*d1>, "n > 1">]} {
      %0 = mod.get "num_batches_tracked" : <i64[]>
      %1 = mod.full 1 : i64 as i64 [] : <i64[]>
      %2 = mod.add %0, %1 : (!mod.tensor<i64[]>, !mod.tensor<i64[]>) -> !mod.tensor<i64[]>
      mod.set "num_batches_tracked", %2 : <i64[]>
      %3 = mod.reshape %arg0 to [#mod.dim<N>, #mod.dim<4>, #mod.dim<d0*d1>] : (!mod.tensor<f32[N, 4, d0, d1]>) -> !mod.tensor<f32[N, 4, d0*d1]>
      %4 = mod.sum %3 over [0, 2] : (!mod.tensor<f32[N, 4, d0*d1]>) -> !mod.tensor<f32[4]>
      %5 = mod.size <N*d0*d1> as f32 : <f32[]>
      %6 = mod.div %4, %5 : (!mod.tensor<f32[4]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[4]>
      %7 = mod.sum %3 over [0, 2] keepdim true : (!mod.tensor<f32[N, 4, d0*d1]>) -> !mod.tensor<f32[1, 4, 1]>
      %8 = mod.size <N*d0*d1> as f32 : <f32[]>
      %9 = mod.div %7, %8 : (!mod.tensor<f32[1, 4, 1]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[1, 4, 1]>
      %10 = mod.sub %3, %9 : (!mod.tensor<f32[N, 4, d0*d1]>, !mod.tensor<f32[1, 4, 1]>) -> !mod.tensor<f32[N, 4, d0*d1]>
      %11 = mod.mul %10, %10 : (!mod.tensor<f32[N, 4, d0*d1]>, !mod.tensor<f32[N, 4, d0*d1]>) -> !mod.tensor<f32[N, 4, d0*d1]>
      %12 = mod.sum %11 over [0, 2] : (!mod.tensor<f32[N, 4, d0*d1]>) -> !mod.tensor<f32[4]>
      %13 = mod.size <N*d0*d1> as f32 : <f32[]>
      %14 = mod.div %12, %13 : (!mod.tensor<f32[4]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[4]>
      %15 = mod.full 9.000000e-01 : f64 as f32 [] : <f32[]>
      %16 = mod.get "running_mean" : <f32[4]>
      %17 = mod.mul %15, %16 : (!mod.tensor<f32[]>, !mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
      %18 = mod.full 1.000000e-01 : f64 as f32 [] : <f32[]>
      %19 = mod.mul %18, %6 : (!mod.tensor<f32[]>, !mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
      %20 = mod.add %17, %19 : (!mod.tensor<f32[4]>, !mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
      mod.set "running_mean", %20 : <f32[4]>
      %21 = mod.full 9.000000e-01 : f64 as f32 [] : <f32[]>
      %22 = mod.get "running_var" : <f32[4]>
      %23 = mod.mul %21, %22 : (!mod.tensor<f32[]>, !mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
      %24 = mod.full 1.000000e-01 : f64 as f32 [] : <f32[]>
      %25 = mod.mul %24, %14 : (!mod.tensor<f32[]>, !mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
      %26 = mod.size <N*d0*d1> as f64 : <f64[]>
      %27 = mod.size <N*d0*d1 - 1> as f64 : <f64[]>
      %28 = mod.div %26, %27 : (!mod.tensor<f64[]>, !mod.tensor<f64[]>) -> !mod.tensor<f64[]>
      %29 = mod.to %28 as f32 : (!mod.tensor<f64[]>) -> !mod.tensor<f32[]>
      %30 = mod.mul %25, %29 : (!mod.tensor<f32[4]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[4]>
      %31 = mod.add %23, %30 : (!mod.tensor<f32[4]>, !mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
      mod.set "running_var", %31 : <f32[4]>
      %32 = mod.full 1.000000e-05 : f64 as f32 [] : <f32[]>
      %33 = mod.add %14, %32 : (!mod.tensor<f32[4]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[4]>
      %34 = mod.sqrt %33 : (!mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
      %35 = mod.full 1.000000e+00 : f64 as f32 [] : <f32[]>
      %36 = mod.div %35, %34 : (!mod.tensor<f32[]>, !mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
      %37 = mod.get "weight" : <f32[4]>
      %38 = mod.mul %37, %36 : (!mod.tensor<f32[4]>, !mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
      %39 = mod.mul %6, %38 : (!mod.tensor<f32[4]>, !mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
      %40 = mod.get "bias" : <f32[4]>
      %41 = mod.sub %40, %39 : (!mod.tensor<f32[4]>, !mod.tensor<f32[4]>) -> !mod.tensor<f32[4]>
      %42 = mod.reshape %38 to [#mod.dim<4>, #mod.dim<1>, #mod.dim<1>] : (!mod.tensor<f32[4]>) -> !mod.tensor<f32[4, 1, 1]>
      %43 = mod.mul %arg0, %42 : (!mod.tensor<f32[N, 4, d0, d1]>, !mod.tensor<f32[4, 1, 1]>) -> !mod.tensor<f32[N, 4, d0, d1]>
      %44 = mod.reshape %41 to [#mod.dim<4>, #mod.dim<1>, #mod.dim<1>] : (!mod.tensor<f32[4]>) -> !mod.tensor<f32[4, 1, 1]>
      %45 = mod.add %43, %44 : (!mod.tensor<f32[N, 4, d0, d1]>, !mod.tensor<f32[4, 1, 1]>) -> !mod.tensor<f32[N, 4, d0, d1]>
      mod.return %45 : !mod.tensor<f32[N, 4, d0, d1]>
    }
  }
  mod.class @InstanceNorm2d_4 from "InstanceNorm2d" kind "module" ctor [#mod.arg<"ranks" = array<i64: 4>>, #mod.arg<"num_features" = 4 : i64>, #mod.arg<"eps" = 1.000000e-05 : f64>, #mod.arg<"momentum" = 1.000000e-01 : f64>, #mod.arg<"affine" = false>, #mod.arg<"track_running_stats" = false>, #mod.arg<"bias" = true>, #mod.arg<"dtype" = "f32">] repr "4, eps=1e-05, momentum=0.1, affine=False, bias=False, track_running_stats=False" version 2 attributes {doc = "Normalises each channel of each item by its own statistics."} {
    mod.param @weight : !mod.tensor<f32[4]> none
    mod.param @bias : !mod.tensor<f32[4]> none
    mod.buffer @running_mean : !mod.tensor<f32[4]> none
    mod.buffer @running_var : !mod.tensor<f32[4]> none
    mod.buffer @num_batches_tracked : !mod.tensor<i64[]> none {since = 2 : i64}
    mod.func @forward(%arg0: !mod.tensor<f32[N, 4, d0, d1]> {mod.name = "x"}) -> (!mod.tensor<f32[N, 4, d0, d1]> {mod.name = "output"}) attributes {dims = ["N", "d0", "d1"]} {
      %0 = mod.reshape %arg0 to [#mod.dim<N>, #mod.dim<4>, #mod.dim<d0*d1>] : (!mod.tensor<f32[N, 4, d0, d1]>) -> !mod.tensor<f32[N, 4, d0*d1]>
      %1 = mod.sum %0 over [2] keepdim true : (!mod.tensor<f32[N, 4, d0*d1]>) -> !mod.tensor<f32[N, 4, 1]>
      %2 = mod.size <d0*d1> as f32 : <f32[]>
      %3 = mod.div %1, %2 : (!mod.tensor<f32[N, 4, 1]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[N, 4, 1]>
      %4 = mod.sub %0, %3 : (!mod.tensor<f32[N, 4, d0*d1]>, !mod.tensor<f32[N, 4, 1]>) -> !mod.tensor<f32[N, 4, d0*d1]>
      %5 = mod.mul %4, %4 : (!mod.tensor<f32[N, 4, d0*d1]>, !mod.tensor<f32[N, 4, d0*d1]>) -> !mod.tensor<f32[N, 4, d0*d1]>
      %6 = mod.sum %5 over [2] keepdim true : (!mod.tensor<f32[N, 4, d0*d1]>) -> !mod.tensor<f32[N, 4, 1]>
      %7 = mod.size <d0*d1> as f32 : <f32[]>
      %8 = mod.div %6, %7 : (!mod.tensor<f32[N, 4, 1]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[N, 4, 1]>
      %9 = mod.full 1.000000e-05 : f64 as f32 [] : <f32[]>
      %10 = mod.add %8, %9 : (!mod.tensor<f32[N, 4, 1]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[N, 4, 1]>
      %11 = mod.sqrt %10 : (!mod.tensor<f32[N, 4, 1]>) -> !mod.tensor<f32[N, 4, 1]>
      %12 = mod.full 1.000000e+00 : f64 as f32 [] : <f32[]>
      %13 = mod.div %12, %11 : (!mod.tensor<f32[]>, !mod.tensor<f32[N, 4, 1]>) -> !mod.tensor<f32[N, 4, 1]>
      %14 = mod.mul %4, %13 : (!mod.tensor<f32[N, 4, d0*d1]>, !mod.tensor<f32[N, 4, 1]>) -> !mod.tensor<f32[N, 4, d0*d1]>
      %15 = mod.reshape %14 to [#mod.dim<N>, #mod.dim<4>, #mod.dim<d0>, #mod.dim<d1>] : (!mod.tensor<f32[N, 4, d0*d1]>) -> !mod.tensor<f32[N, 4, d0, d1]>
      mod.return %15 : !mod.tensor<f32[N, 4, d0, d1]>
    }
    mod.func @forward.train(%arg0: !mod.tensor<f32[N, 4, d0, d1]> {mod.name = "x"}) -> (!mod.tensor<f32[N, 4, d0, d1]> {mod.name = "output"}) attributes {dims = ["N", "d0", "d1"]} {
      %0 = mod.reshape %arg0 to [#mod.dim<N>, #mod.dim<4>, #mod.dim<d0*d1>] : (!mod.tensor<f32[N, 4, d0, d1]>) -> !mod.tensor<f32[N, 4, d0*d1]>
      %1 = mod.sum %0 over [2] keepdim true : (!mod.tensor<f32[N, 4, d0*d1]>) -> !mod.tensor<f32[N, 4, 1]>
      %2 = mod.size <d0*d1> as f32 : <f32[]>
      %3 = mod.div %1, %2 : (!mod.tensor<f32[N, 4, 1]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[N, 4, 1]>
      %4 = mod.sub %0, %3 : (!mod.tensor<f32[N, 4, d0*d1]>, !mod.tensor<f32[N, 4, 1]>) -> !mod.tensor<f32[N, 4, d0*d1]>
      %5 = mod.mul %4, %4 : (!mod.tensor<f32[N, 4, d0*d1]>, !mod.tensor<f32[N, 4, d0*d1]>) -> !mod.tensor<f32[N, 4, d0*d1]>
      %6 = mod.sum %5 over [2] keepdim true : (!mod.tensor<f32[N, 4, d0*d1]>) -> !mod.tensor<f32[N, 4, 1]>
      %7 = mod.size <d0*d1> as f32 : <f32[]>
      %8 = mod.div %6, %7 : (!mod.tensor<f32[N, 4, 1]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[N, 4, 1]>
      %9 = mod.full 1.000000e-05 : f64 as f32 [] : <f32[]>
      %10 = mod.add %8, %9 : (!mod.tensor<f32[N, 4, 1]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[N, 4, 1]>
      %11 = mod.sqrt %10 : (!mod.tensor<f32[N, 4, 1]>) -> !mod.tensor<f32[N, 4, 1]>
      %12 = mod.full 1.000000e+00 : f64 as f32 [] : <f32[]>
      %13 = mod.div %12, %11 : (!mod.tensor<f32[]>, !mod.tensor<f32[N, 4, 1]>) -> !mod.tensor<f32[N, 4, 1]>
      %14 = mod.mul %4, %13 : (!mod.tensor<f32[N, 4, d0*d1]>, !mod.tensor<f32[N, 4, 1]>) -> !mod.tensor<f32[N, 4, d0*d1]>
      %15 = mod.reshape %14 to [#mod.dim<N>, #mod.dim<4>, #mod.dim<d0>, #mod.dim<d1>] : (!mod.tensor<f32[N, 4, d0*d1]>) -> !mod.tensor<f32[N, 4, d0, d1]>
      mod.return %15 : !mod.tensor<f32[N, 4, d0, d1]>
    }
  }
  mod.class @Dropout2d_4 from "Dropout2d" kind "module" ctor [#mod.arg<"rank" = 4 : i64>, #mod.arg<"p" = 5.000000e-01 : f64>, #mod.arg<"inplace" = false>] repr "p=0.5, inplace=False" attributes {doc = "As Dropout, for whole channels of x: [N, C, ...]."} {
    mod.func @forward(%arg0: !mod.tensor<f32[d0, d1, d2, d3]> {mod.name = "x"}) -> (!mod.tensor<f32[d0, d1, d2, d3]> {mod.name = "output"}) attributes {dims = ["d0", "d1", "d2", "d3"]} {
      mod.return %arg0 : !mod.tensor<f32[d0, d1, d2, d3]>
    }
    mod.func @forward.train(%arg0: !mod.tensor<f32[d0, d1, d2, d3]> {mod.name = "x"}) -> (!mod.tensor<f32[d0, d1, d2, d3]> {mod.name = "output"}) attributes {dims = ["d0", "d1", "d2", "d3"]} {
      %0 = mod.frame_key
      %1 = mod.key %0, 0
      %2 = mod.random %1 as f32 [#mod.dim<d0>, #mod.dim<d1>, #mod.dim<1>, #mod.dim<1>] : <f32[d0, d1, 1, 1]>
      %3 = mod.full 5.000000e-01 : f64 as f32 [] : <f32[]>
      %4 = mod.le %3, %2 : (!mod.tensor<f32[]>, !mod.tensor<f32[d0, d1, 1, 1]>) -> !mod.tensor<i1[d0, d1, 1, 1]>
      %5 = mod.full 5.000000e-01 : f64 as f32 [] : <f32[]>
      %6 = mod.div %arg0, %5 : (!mod.tensor<f32[d0, d1, d2, d3]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[d0, d1, d2, d3]>
      %7 = mod.full 0.000000e+00 : f64 as f32 [] : <f32[]>
      %8 = mod.where %4, %6, %7 : (!mod.tensor<i1[d0, d1, 1, 1]>, !mod.tensor<f32[d0, d1, d2, d3]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[d0, d1, d2, d3]>
      mod.return %8 : !mod.tensor<f32[d0, d1, d2, d3]>
    }
  }
  mod.class @AdaptiveAvgPool2d_2_1 from "AdaptiveAvgPool2d" kind "module" ctor [#mod.arg<"nd" = 2 : i64>, #mod.arg<"output_size" = 1 : i64>] repr "output_size=1" attributes {doc = "Means over windows chosen so that the result has `output_size`; None keeps a size."} {
    mod.func @forward(%arg0: !mod.tensor<f32[d0, d1, d2, d3]> {mod.name = "x"}) -> (!mod.tensor<f32[d0, d1, 1, 1]> {mod.name = "output"}) attributes {dims = ["d0", "d1", "d2", "d3"]} {
      %0 = mod.permute %arg0 by [0, 1, 3, 2] : (!mod.tensor<f32[d0, d1, d2, d3]>) -> !mod.tensor<f32[d0, d1, d3, d2]>
      %1 = mod.sum %0 over [3] keepdim true : (!mod.tensor<f32[d0, d1, d3, d2]>) -> !mod.tensor<f32[d0, d1, d3, 1]>
      %2 = mod.size <d2> as f32 : <f32[]>
      %3 = mod.div %1, %2 : (!mod.tensor<f32[d0, d1, d3, 1]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[d0, d1, d3, 1]>
      %4 = mod.permute %3 by [0, 1, 3, 2] : (!mod.tensor<f32[d0, d1, d3, 1]>) -> !mod.tensor<f32[d0, d1, 1, d3]>
      %5 = mod.sum %4 over [3] keepdim true : (!mod.tensor<f32[d0, d1, 1, d3]>) -> !mod.tensor<f32[d0, d1, 1, 1]>
      %6 = mod.size <d3> as f32 : <f32[]>
      %7 = mod.div %5, %6 : (!mod.tensor<f32[d0, d1, 1, 1]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[d0, d1, 1, 1]>
      mod.return %7 : !mod.tensor<f32[d0, d1, 1, 1]>
    }
  }
  mod.class @ModuleList.4 from "ModuleList" kind "list" attributes {doc = "Children named 0, 1, ... A list of modules assigned to a member becomes one of these."} {
    mod.child @"0" = @BatchNorm2d_4
    mod.child @"1" = @InstanceNorm2d_4
    mod.child @"2" = @GroupNorm_2_4
    mod.child @"3" = @Dropout2d_4
    mod.child @"4" = @AdaptiveAvgPool2d_2_1
  }
  mod.class @All.4 from "All" kind "module" attributes {doc = "Calls each of the modules on x and adds nothing: results side by side."} {
    mod.child @each = @ModuleList.4
    mod.func @forward(%arg0: !mod.tensor<f32[N, 4, H, W]> {mod.name = "x"}) -> (!mod.tensor<f32[N, 4, H, W]> {mod.name = "output0"}, !mod.tensor<f32[N, 4, H, W]> {mod.name = "output1"}, !mod.tensor<f32[N, 4, H, W]> {mod.name = "output2"}, !mod.tensor<f32[N, 4, H, W]> {mod.name = "output3"}, !mod.tensor<f32[N, 4, 1, 1]> {mod.name = "output4"}) attributes {dims = ["N", "H", "W"]} {
      %0 = mod.call "each.0" -> @forward(%arg0) site 0 : (!mod.tensor<f32[N, 4, H, W]>) -> !mod.tensor<f32[N, 4, H, W]>
      %1 = mod.call "each.1" -> @forward(%arg0) site 1 : (!mod.tensor<f32[N, 4, H, W]>) -> !mod.tensor<f32[N, 4, H, W]>
      %2 = mod.call "each.2" -> @forward.v1(%arg0) site 2 : (!mod.tensor<f32[N, 4, H, W]>) -> !mod.tensor<f32[N, 4, H, W]>
      %3 = mod.call "each.3" -> @forward(%arg0) site 3 : (!mod.tensor<f32[N, 4, H, W]>) -> !mod.tensor<f32[N, 4, H, W]>
      %4 = mod.call "each.4" -> @forward(%arg0) site 4 : (!mod.tensor<f32[N, 4, H, W]>) -> !mod.tensor<f32[N, 4, 1, 1]>
      mod.return %0, %1, %2, %3, %4 : !mod.tensor<f32[N, 4, H, W]>, !mod.tensor<f32[N, 4, H, W]>, !mod.tensor<f32[N, 4, H, W]>, !mod.tensor<f32[N, 4, H, W]>, !mod.tensor<f32[N, 4, 1, 1]>
    }
  }
  mod.export @images = @All.4 -> @forward instance 4
  mod.class @Embedding_10_4 from "Embedding" kind "module" ctor [#mod.arg<"num_embeddings" = 10 : i64>, #mod.arg<"embedding_dim" = 4 : i64>, #mod.arg<"padding_idx" = unit>, #mod.arg<"dtype" = "f32">] repr "10, 4" attributes {doc = "A table of vectors, looked up by index. The row at `padding_idx` starts at zero and gets no gradient."} {
    mod.param @weight : !mod.tensor<f32[10, 4]> init <normal 0.000000e+00, 1.000000e+00>
    mod.func @forward(%arg0: !mod.tensor<i64[d0, d1]> {mod.name = "ids"}) -> (!mod.tensor<f32[d0, d1, 4]> {mod.name = "output"}) attributes {dims = ["d0", "d1"]} {
      %0 = mod.get "weight" : <f32[10, 4]>
      %1 = mod.take %0, %arg0 dim 0 : (!mod.tensor<f32[10, 4]>, !mod.tensor<i64[d0, d1]>) -> !mod.tensor<f32[d0, d1, 4]>
      mod.return %1 : !mod.tensor<f32[d0, d1, 4]>
    }
  }
  mod.class @Embedding_10_4.2 from "Embedding" kind "module" ctor [#mod.arg<"num_embeddings" = 10 : i64>, #mod.arg<"embedding_dim" = 4 : i64>, #mod.arg<"padding_idx" = 0 : i64>, #mod.arg<"dtype" = "f32">] repr "10, 4, padding_idx=0" attributes {doc = "A table of vectors, looked up by index. The row at `padding_idx` starts at zero and gets no gradient."} {
    mod.param @weight : !mod.tensor<f32[10, 4]> init <fn @init.weight>
    mod.func @init.weight() -> (!mod.tensor<f32[10, 4]> {mod.name = "output"}) {
      %0 = mod.frame_key
      %1 = mod.key %0, 0
      %2 = mod.random %1 as f32 [#mod.dim<10>, #mod.dim<4>] : <f32[10, 4]>
      %3 = mod.full 1.000000e+00 : f64 as f32 [] : <f32[]>
      %4 = mod.sub %3, %2 : (!mod.tensor<f32[]>, !mod.tensor<f32[10, 4]>) -> !mod.tensor<f32[10, 4]>
      %5 = mod.log %4 : (!mod.tensor<f32[10, 4]>) -> !mod.tensor<f32[10, 4]>
      %6 = mod.full -2.000000e+00 : f64 as f32 [] : <f32[]>
      %7 = mod.mul %6, %5 : (!mod.tensor<f32[]>, !mod.tensor<f32[10, 4]>) -> !mod.tensor<f32[10, 4]>
      %8 = mod.sqrt %7 : (!mod.tensor<f32[10, 4]>) -> !mod.tensor<f32[10, 4]>
      %9 = mod.key %0, 1
      %10 = mod.random %9 as f32 [#mod.dim<10>, #mod.dim<4>] : <f32[10, 4]>
      %11 = mod.full 6.2831853071795862 : f64 as f32 [] : <f32[]>
      %12 = mod.mul %11, %10 : (!mod.tensor<f32[]>, !mod.tensor<f32[10, 4]>) -> !mod.tensor<f32[10, 4]>
      %13 = mod.cos %12 : (!mod.tensor<f32[10, 4]>) -> !mod.tensor<f32[10, 4]>
      %14 = mod.mul %8, %13 : (!mod.tensor<f32[10, 4]>, !mod.tensor<f32[10, 4]>) -> !mod.tensor<f32[10, 4]>
      %15 = mod.full 0.000000e+00 : f64 as f32 [] : <f32[]>
      %16 = mod.add %14, %15 : (!mod.tensor<f32[10, 4]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[10, 4]>
      %17 = mod.full 0.000000e+00 : f64 as f32 [] : <f32[]>
      %18 = mod.expand %17 to [#mod.dim<4>] : (!mod.tensor<f32[]>) -> !mod.tensor<f32[4]>
      %19 = mod.reshape %18 to [#mod.dim<1>, #mod.dim<4>] : (!mod.tensor<f32[4]>) -> !mod.tensor<f32[1, 4]>
      %20 = mod.update_slice %16, %19 at [#mod.dim<0>, #mod.dim<0>] : (!mod.tensor<f32[10, 4]>, !mod.tensor<f32[1, 4]>) -> !mod.tensor<f32[10, 4]>
      mod.return %20 : !mod.tensor<f32[10, 4]>
    }
    mod.func @forward(%arg0: !mod.tensor<i64[d0, d1]> {mod.name = "ids"}) -> (!mod.tensor<f32[d0, d1, 4]> {mod.name = "output"}) attributes {dims = ["d0", "d1"]} {
      %0 = mod.get "weight" : <f32[10, 4]>
      %1 = mod.take %0, %arg0 dim 0 : (!mod.tensor<f32[10, 4]>, !mod.tensor<i64[d0, d1]>) -> !mod.tensor<f32[d0, d1, 4]>
      %2 = mod.full 0 : i64 as i64 [] : <i64[]>
      %3 = mod.eq %arg0, %2 : (!mod.tensor<i64[d0, d1]>, !mod.tensor<i64[]>) -> !mod.tensor<i1[d0, d1]>
      %4 = mod.reshape %3 to [#mod.dim<d0>, #mod.dim<d1>, #mod.dim<1>] : (!mod.tensor<i1[d0, d1]>) -> !mod.tensor<i1[d0, d1, 1]>
      %5 = mod.detach %1 : (!mod.tensor<f32[d0, d1, 4]>) -> !mod.tensor<f32[d0, d1, 4]>
      %6 = mod.where %4, %5, %1 : (!mod.tensor<i1[d0, d1, 1]>, !mod.tensor<f32[d0, d1, 4]>, !mod.tensor<f32[d0, d1, 4]>) -> !mod.tensor<f32[d0, d1, 4]>
      mod.return %6 : !mod.tensor<f32[d0, d1, 4]>
    }
  }
  mod.class @ModuleList.5 from "ModuleList" kind "list" attributes {doc = "Children named 0, 1, ... A list of modules assigned to a member becomes one of these."} {
    mod.child @"0" = @Embedding_10_4
    mod.child @"1" = @Embedding_10_4.2
  }
  mod.class @All.5 from "All" kind "module" attributes {doc = "Calls each of the modules on x and adds nothing: results side by side."} {
    mod.child @each = @ModuleList.5
    mod.func @forward(%arg0: !mod.tensor<i64[N, S]> {mod.name = "x"}) -> (!mod.tensor<f32[N, S, 4]> {mod.name = "output0"}, !mod.tensor<f32[N, S, 4]> {mod.name = "output1"}) attributes {dims = ["N", "S"]} {
      %0 = mod.call "each.0" -> @forward(%arg0) site 0 : (!mod.tensor<i64[N, S]>) -> !mod.tensor<f32[N, S, 4]>
      %1 = mod.call "each.1" -> @forward(%arg0) site 1 : (!mod.tensor<i64[N, S]>) -> !mod.tensor<f32[N, S, 4]>
      mod.return %0, %1 : !mod.tensor<f32[N, S, 4]>, !mod.tensor<f32[N, S, 4]>
    }
  }
  mod.export @embedding = @All.5 -> @forward instance 5
  mod.class @Linear_8_8 from "Linear" kind "module" ctor [#mod.arg<"in_features" = 8 : i64>, #mod.arg<"out_features" = 8 : i64>, #mod.arg<"bias" = true>, #mod.arg<"dtype" = "f32">] repr "in_features=8, out_features=8, bias=True" attributes {doc = "y = x W^T + b over the last dimension."} {
    mod.param @weight : !mod.tensor<f32[8, 8]> init <uniform -0.35355339059327368, 0.35355339059327368>
    mod.param @bias : !mod.tensor<f32[8]> init <uniform -0.35355339059327373, 0.35355339059327373>
    mod.func @forward(%arg0: !mod.tensor<f32[d0, d1, 8]> {mod.name = "x"}) -> (!mod.tensor<f32[d0, d1, 8]> {mod.name = "output"}) attributes {dims = ["d0", "d1"]} {
      %0 = mod.get "weight" : <f32[8, 8]>
      %1 = mod.matmul %arg0, %0 trans_b true : (!mod.tensor<f32[d0, d1, 8]>, !mod.tensor<f32[8, 8]>) -> !mod.tensor<f32[d0, d1, 8]>
      %2 = mod.get "bias" : <f32[8]>
      %3 = mod.add %1, %2 : (!mod.tensor<f32[d0, d1, 8]>, !mod.tensor<f32[8]>) -> !mod.tensor<f32[d0, d1, 8]>
      mod.return %3 : !mod.tensor<f32[d0, d1, 8]>
    }
  }
  mod.class @MultiheadAttention_8_2_0.1 from "MultiheadAttention" kind "module" ctor [#mod.arg<"embed_dim" = 8 : i64>, #mod.arg<"num_heads" = 2 : i64>, #mod.arg<"dropout" = 1.000000e-01 : f64>, #mod.arg<"bias" = true>, #mod.arg<"kdim" = unit>, #mod.arg<"vdim" = unit>, #mod.arg<"batch_first" = true>, #mod.arg<"dtype" = "f32">] attributes {doc = "Attention of several heads, with the parameters of the four projections packed as PyTorch packs them."} {
    mod.param @in_proj_weight : !mod.tensor<f32[24, 8]> init <uniform -0.4330127018922193, 0.4330127018922193>
    mod.param @q_proj_weight : !mod.tensor<f32[8, 8]> none
    mod.param @k_proj_weight : !mod.tensor<f32[8, 8]> none
    mod.param @v_proj_weight : !mod.tensor<f32[8, 8]> none
    mod.param @in_proj_bias : !mod.tensor<f32[24]> init <fill 0.000000e+00>
    mod.child @out_proj = @Linear_8_8
    mod.func @forward(%arg0: !mod.tensor<f32[N, L, 8]> {mod.name = "query"}, %arg1: !mod.tensor<f32[N, S, 8]> {mod.name = "key"}, %arg2: !mod.tensor<f32[N, S, 8]> {mod.name = "value"}) -> (!mod.tensor<f32[N, L, 8]> {mod.name = "output0"}, !mod.tensor<f32[N, L, S]> {mod.name = "output1"}) attributes {dims = ["N", "L", "S"], mod.statics = [#mod.arg<"key_padding_mask" = unit>, #mod.arg<"need_weights" = true>, #mod.arg<"attn_mask" = unit>, #mod.arg<"average_attn_weights" = true>, #mod.arg<"is_causal" = false>]} {
      %0 = mod.get "in_proj_weight" : <f32[24, 8]>
      %1 = mod.narrow %0 dim 0 from <0> length <8> : (!mod.tensor<f32[24, 8]>) -> !mod.tensor<f32[8, 8]>
      %2 = mod.narrow %0 dim 0 from <8> length <8> : (!mod.tensor<f32[24, 8]>) -> !mod.tensor<f32[8, 8]>
      %3 = mod.narrow %0 dim 0 from <16> length <8> : (!mod.tensor<f32[24, 8]>) -> !mod.tensor<f32[8, 8]>
      %4 = mod.get "in_proj_bias" : <f32[24]>
      %5 = mod.narrow %4 dim 0 from <0> length <8> : (!mod.tensor<f32[24]>) -> !mod.tensor<f32[8]>
      %6 = mod.narrow %4 dim 0 from <8> length <8> : (!mod.tensor<f32[24]>) -> !mod.tensor<f32[8]>
      %7 = mod.narrow %4 dim 0 from <16> length <8> : (!mod.tensor<f32[24]>) -> !mod.tensor<f32[8]>
      %8 = mod.matmul %arg0, %1 trans_b true : (!mod.tensor<f32[N, L, 8]>, !mod.tensor<f32[8, 8]>) -> !mod.tensor<f32[N, L, 8]>
      %9 = mod.add %8, %5 : (!mod.tensor<f32[N, L, 8]>, !mod.tensor<f32[8]>) -> !mod.tensor<f32[N, L, 8]>
      %10 = mod.reshape %9 to [#mod.dim<N>, #mod.dim<L>, #mod.dim<2>, #mod.dim<4>] : (!mod.tensor<f32[N, L, 8]>) -> !mod.tensor<f32[N, L, 2, 4]>
      %11 = mod.permute %10 by [0, 2, 1, 3] : (!mod.tensor<f32[N, L, 2, 4]>) -> !mod.tensor<f32[N, 2, L, 4]>
      %12 = mod.matmul %arg1, %2 trans_b true : (!mod.tensor<f32[N, S, 8]>, !mod.tensor<f32[8, 8]>) -> !mod.tensor<f32[N, S, 8]>
      %13 = mod.add %12, %6 : (!mod.tensor<f32[N, S, 8]>, !mod.tensor<f32[8]>) -> !mod.tensor<f32[N, S, 8]>
      %14 = mod.reshape %13 to [#mod.dim<N>, #mod.dim<S>, #mod.dim<2>, #mod.dim<4>] : (!mod.tensor<f32[N, S, 8]>) -> !mod.tensor<f32[N, S, 2, 4]>
      %15 = mod.permute %14 by [0, 2, 1, 3] : (!mod.tensor<f32[N, S, 2, 4]>) -> !mod.tensor<f32[N, 2, S, 4]>
      %16 = mod.matmul %arg2, %3 trans_b true : (!mod.tensor<f32[N, S, 8]>, !mod.tensor<f32[8, 8]>) -> !mod.tensor<f32[N, S, 8]>
      %17 = mod.add %16, %7 : (!mod.tensor<f32[N, S, 8]>, !mod.tensor<f32[8]>) -> !mod.tensor<f32[N, S, 8]>
      %18 = mod.reshape %17 to [#mod.dim<N>, #mod.dim<S>, #mod.dim<2>, #mod.dim<4>] : (!mod.tensor<f32[N, S, 8]>) -> !mod.tensor<f32[N, S, 2, 4]>
      %19 = mod.permute %18 by [0, 2, 1, 3] : (!mod.tensor<f32[N, S, 2, 4]>) -> !mod.tensor<f32[N, 2, S, 4]>
      %20 = mod.matmul %11, %15 trans_b true : (!mod.tensor<f32[N, 2, L, 4]>, !mod.tensor<f32[N, 2, S, 4]>) -> !mod.tensor<f32[N, 2, L, S]>
      %21 = mod.full 2.000000e+00 : f64 as f32 [] : <f32[]>
      %22 = mod.div %20, %21 : (!mod.tensor<f32[N, 2, L, S]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[N, 2, L, S]>
      %23 = mod.amax %22 over [3] keepdim true : (!mod.tensor<f32[N, 2, L, S]>) -> !mod.tensor<f32[N, 2, L, 1]>
      %24 = mod.detach %23 : (!mod.tensor<f32[N, 2, L, 1]>) -> !mod.tensor<f32[N, 2, L, 1]>
      %25 = mod.sub %22, %24 : (!mod.tensor<f32[N, 2, L, S]>, !mod.tensor<f32[N, 2, L, 1]>) -> !mod.tensor<f32[N, 2, L, S]>
      %26 = mod.exp %25 : (!mod.tensor<f32[N, 2, L, S]>) -> !mod.tensor<f32[N, 2, L, S]>
      %27 = mod.sum %26 over [3] keepdim true : (!mod.tensor<f32[N, 2, L, S]>) -> !mod.tensor<f32[N, 2, L, 1]>
      %28 = mod.div %26, %27 : (!mod.tensor<f32[N, 2, L, S]>, !mod.tensor<f32[N, 2, L, 1]>) -> !mod.tensor<f32[N, 2, L, S]>
      %29 = mod.matmul %28, %19 : (!mod.tensor<f32[N, 2, L, S]>, !mod.tensor<f32[N, 2, S, 4]>) -> !mod.tensor<f32[N, 2, L, 4]>
      %30 = mod.permute %29 by [0, 2, 1, 3] : (!mod.tensor<f32[N, 2, L, 4]>) -> !mod.tensor<f32[N, L, 2, 4]>
      %31 = mod.reshape %30 to [#mod.dim<N>, #mod.dim<L>, #mod.dim<8>] : (!mod.tensor<f32[N, L, 2, 4]>) -> !mod.tensor<f32[N, L, 8]>
      %32 = mod.call "out_proj" -> @forward(%31) site 0 : (!mod.tensor<f32[N, L, 8]>) -> !mod.tensor<f32[N, L, 8]>
      %33 = mod.sum %28 over [1] : (!mod.tensor<f32[N, 2, L, S]>) -> !mod.tensor<f32[N, L, S]>
      %34 = mod.full 2.000000e+00 : f64 as f32 [] : <f32[]>
      %35 = mod.div %33, %34 : (!mod.tensor<f32[N, L, S]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[N, L, S]>
      mod.return %32, %35 : !mod.tensor<f32[N, L, 8]>, !mod.tensor<f32[N, L, S]>
    }
    mod.func @forward.train(%arg0: !mod.tensor<f32[N, L, 8]> {mod.name = "query"}, %arg1: !mod.tensor<f32[N, S, 8]> {mod.name = "key"}, %arg2: !mod.tensor<f32[N, S, 8]> {mod.name = "value"}) -> (!mod.tensor<f32[N, L, 8]> {mod.name = "output0"}, !mod.tensor<f32[N, L, S]> {mod.name = "output1"}) attributes {dims = ["N", "L", "S"], mod.statics = [#mod.arg<"key_padding_mask" = unit>, #mod.arg<"need_weights" = true>, #mod.arg<"attn_mask" = unit>, #mod.arg<"average_attn_weights" = true>, #mod.arg<"is_causal" = false>]} {
      %0 = mod.frame_key
      %1 = mod.get "in_proj_weight" : <f32[24, 8]>
      %2 = mod.narrow %1 dim 0 from <0> length <8> : (!mod.tensor<f32[24, 8]>) -> !mod.tensor<f32[8, 8]>
      %3 = mod.narrow %1 dim 0 from <8> length <8> : (!mod.tensor<f32[24, 8]>) -> !mod.tensor<f32[8, 8]>
      %4 = mod.narrow %1 dim 0 from <16> length <8> : (!mod.tensor<f32[24, 8]>) -> !mod.tensor<f32[8, 8]>
      %5 = mod.get "in_proj_bias" : <f32[24]>
      %6 = mod.narrow %5 dim 0 from <0> length <8> : (!mod.tensor<f32[24]>) -> !mod.tensor<f32[8]>
      %7 = mod.narrow %5 dim 0 from <8> length <8> : (!mod.tensor<f32[24]>) -> !mod.tensor<f32[8]>
      %8 = mod.narrow %5 dim 0 from <16> length <8> : (!mod.tensor<f32[24]>) -> !mod.tensor<f32[8]>
      %9 = mod.matmul %arg0, %2 trans_b true : (!mod.tensor<f32[N, L, 8]>, !mod.tensor<f32[8, 8]>) -> !mod.tensor<f32[N, L, 8]>
      %10 = mod.add %9, %6 : (!mod.tensor<f32[N, L, 8]>, !mod.tensor<f32[8]>) -> !mod.tensor<f32[N, L, 8]>
      %11 = mod.reshape %10 to [#mod.dim<N>, #mod.dim<L>, #mod.dim<2>, #mod.dim<4>] : (!mod.tensor<f32[N, L, 8]>) -> !mod.tensor<f32[N, L, 2, 4]>
      %12 = mod.permute %11 by [0, 2, 1, 3] : (!mod.tensor<f32[N, L, 2, 4]>) -> !mod.tensor<f32[N, 2, L, 4]>
      %13 = mod.matmul %arg1, %3 trans_b true : (!mod.tensor<f32[N, S, 8]>, !mod.tensor<f32[8, 8]>) -> !mod.tensor<f32[N, S, 8]>
      %14 = mod.add %13, %7 : (!mod.tensor<f32[N, S, 8]>, !mod.tensor<f32[8]>) -> !mod.tensor<f32[N, S, 8]>
      %15 = mod.reshape %14 to [#mod.dim<N>, #mod.dim<S>, #mod.dim<2>, #mod.dim<4>] : (!mod.tensor<f32[N, S, 8]>) -> !mod.tensor<f32[N, S, 2, 4]>
      %16 = mod.permute %15 by [0, 2, 1, 3] : (!mod.tensor<f32[N, S, 2, 4]>) -> !mod.tensor<f32[N, 2, S, 4]>
      %17 = mod.matmul %arg2, %4 trans_b true : (!mod.tensor<f32[N, S, 8]>, !mod.tensor<f32[8, 8]>) -> !mod.tensor<f32[N, S, 8]>
      %18 = mod.add %17, %8 : (!mod.tensor<f32[N, S, 8]>, !mod.tensor<f32[8]>) -> !mod.tensor<f32[N, S, 8]>
      %19 = mod.reshape %18 to [#mod.dim<N>, #mod.dim<S>, #mod.dim<2>, #mod.dim<4>] : (!mod.tensor<f32[N, S, 8]>) -> !mod.tensor<f32[N, S, 2, 4]>
      %20 = mod.permute %19 by [0, 2, 1, 3] : (!mod.tensor<f32[N, S, 2, 4]>) -> !mod.tensor<f32[N, 2, S, 4]>
      %21 = mod.matmul %12, %16 trans_b true : (!mod.tensor<f32[N, 2, L, 4]>, !mod.tensor<f32[N, 2, S, 4]>) -> !mod.tensor<f32[N, 2, L, S]>
      %22 = mod.full 2.000000e+00 : f64 as f32 [] : <f32[]>
      %23 = mod.div %21, %22 : (!mod.tensor<f32[N, 2, L, S]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[N, 2, L, S]>
      %24 = mod.amax %23 over [3] keepdim true : (!mod.tensor<f32[N, 2, L, S]>) -> !mod.tensor<f32[N, 2, L, 1]>
      %25 = mod.detach %24 : (!mod.tensor<f32[N, 2, L, 1]>) -> !mod.tensor<f32[N, 2, L, 1]>
      %26 = mod.sub %23, %25 : (!mod.tensor<f32[N, 2, L, S]>, !mod.tensor<f32[N, 2, L, 1]>) -> !mod.tensor<f32[N, 2, L, S]>
      %27 = mod.exp %26 : (!mod.tensor<f32[N, 2, L, S]>) -> !mod.tensor<f32[N, 2, L, S]>
      %28 = mod.sum %27 over [3] keepdim true : (!mod.tensor<f32[N, 2, L, S]>) -> !mod.tensor<f32[N, 2, L, 1]>
      %29 = mod.div %27, %28 : (!mod.tensor<f32[N, 2, L, S]>, !mod.tensor<f32[N, 2, L, 1]>) -> !mod.tensor<f32[N, 2, L, S]>
      %30 = mod.key %0, 0
      %31 = mod.random %30 as f32 [#mod.dim<N>, #mod.dim<2>, #mod.dim<L>, #mod.dim<S>] : <f32[N, 2, L, S]>
      %32 = mod.full 1.000000e-01 : f64 as f32 [] : <f32[]>
      %33 = mod.lt %31, %32 : (!mod.tensor<f32[N, 2, L, S]>, !mod.tensor<f32[]>) -> !mod.tensor<i1[N, 2, L, S]>
      %34 = mod.full 9.000000e-01 : f64 as f32 [] : <f32[]>
      %35 = mod.div %29, %34 : (!mod.tensor<f32[N, 2, L, S]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[N, 2, L, S]>
      %36 = mod.full 0.000000e+00 : f64 as f32 [] : <f32[]>
      %37 = mod.where %33, %36, %35 : (!mod.tensor<i1[N, 2, L, S]>, !mod.tensor<f32[]>, !mod.tensor<f32[N, 2, L, S]>) -> !mod.tensor<f32[N, 2, L, S]>
      %38 = mod.matmul %37, %20 : (!mod.tensor<f32[N, 2, L, S]>, !mod.tensor<f32[N, 2, S, 4]>) -> !mod.tensor<f32[N, 2, L, 4]>
      %39 = mod.permute %38 by [0, 2, 1, 3] : (!mod.tensor<f32[N, 2, L, 4]>) -> !mod.tensor<f32[N, L, 2, 4]>
      %40 = mod.reshape %39 to [#mod.dim<N>, #mod.dim<L>, #mod.dim<8>] : (!mod.tensor<f32[N, L, 2, 4]>) -> !mod.tensor<f32[N, L, 8]>
      %41 = mod.call "out_proj" -> @forward(%40) site 1 : (!mod.tensor<f32[N, L, 8]>) -> !mod.tensor<f32[N, L, 8]>
      %42 = mod.sum %37 over [1] : (!mod.tensor<f32[N, 2, L, S]>) -> !mod.tensor<f32[N, L, S]>
      %43 = mod.full 2.000000e+00 : f64 as f32 [] : <f32[]>
      %44 = mod.div %42, %43 : (!mod.tensor<f32[N, L, S]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[N, L, S]>
      mod.return %41, %44 : !mod.tensor<f32[N, L, 8]>, !mod.tensor<f32[N, L, S]>
    }
    mod.func @forward.v1(%arg0: !mod.tensor<f32[A, B, 8]> {mod.name = "query"}, %arg1: !mod.tensor<f32[C, D, 8]> {mod.name = "key"}, %arg2: !mod.tensor<f32[C, D, 8]> {mod.name = "value"}) -> (!mod.tensor<f32[A, B, 8]> {mod.name = "output0"}) attributes {dims = ["A", "B", "C", "D"], guards = [#mod.guard<eq, <A>, <C>, "attention: batch sizes of query and key differ: A == C">], mod.method = "forward", mod.statics = [#mod.arg<"key_padding_mask" = unit>, #mod.arg<"need_weights" = false>, #mod.arg<"attn_mask" = unit>, #mod.arg<"average_attn_weights" = true>, #mod.arg<"is_causal" = false>]} {
      %0 = mod.get "in_proj_weight" : <f32[24, 8]>
      %1 = mod.narrow %0 dim 0 from <0> length <8> : (!mod.tensor<f32[24, 8]>) -> !mod.tensor<f32[8, 8]>
      %2 = mod.narrow %0 dim 0 from <8> length <8> : (!mod.tensor<f32[24, 8]>) -> !mod.tensor<f32[8, 8]>
      %3 = mod.narrow %0 dim 0 from <16> length <8> : (!mod.tensor<f32[24, 8]>) -> !mod.tensor<f32[8, 8]>
      %4 = mod.get "in_proj_bias" : <f32[24]>
      %5 = mod.narrow %4 dim 0 from <0> length <8> : (!mod.tensor<f32[24]>) -> !mod.tensor<f32[8]>
      %6 = mod.narrow %4 dim 0 from <8> length <8> : (!mod.tensor<f32[24]>) -> !mod.tensor<f32[8]>
      %7 = mod.narrow %4 dim 0 from <16> length <8> : (!mod.tensor<f32[24]>) -> !mod.tensor<f32[8]>
      %8 = mod.matmul %arg0, %1 trans_b true : (!mod.tensor<f32[A, B, 8]>, !mod.tensor<f32[8, 8]>) -> !mod.tensor<f32[A, B, 8]>
      %9 = mod.add %8, %5 : (!mod.tensor<f32[A, B, 8]>, !mod.tensor<f32[8]>) -> !mod.tensor<f32[A, B, 8]>
      %10 = mod.reshape %9 to [#mod.dim<A>, #mod.dim<B>, #mod.dim<2>, #mod.dim<4>] : (!mod.tensor<f32[A, B, 8]>) -> !mod.tensor<f32[A, B, 2, 4]>
      %11 = mod.permute %10 by [0, 2, 1, 3] : (!mod.tensor<f32[A, B, 2, 4]>) -> !mod.tensor<f32[A, 2, B, 4]>
      %12 = mod.matmul %arg1, %2 trans_b true : (!mod.tensor<f32[C, D, 8]>, !mod.tensor<f32[8, 8]>) -> !mod.tensor<f32[C, D, 8]>
      %13 = mod.add %12, %6 : (!mod.tensor<f32[C, D, 8]>, !mod.tensor<f32[8]>) -> !mod.tensor<f32[C, D, 8]>
      %14 = mod.reshape %13 to [#mod.dim<C>, #mod.dim<D>, #mod.dim<2>, #mod.dim<4>] : (!mod.tensor<f32[C, D, 8]>) -> !mod.tensor<f32[C, D, 2, 4]>
      %15 = mod.permute %14 by [0, 2, 1, 3] : (!mod.tensor<f32[C, D, 2, 4]>) -> !mod.tensor<f32[C, 2, D, 4]>
      %16 = mod.matmul %arg2, %3 trans_b true : (!mod.tensor<f32[C, D, 8]>, !mod.tensor<f32[8, 8]>) -> !mod.tensor<f32[C, D, 8]>
      %17 = mod.add %16, %7 : (!mod.tensor<f32[C, D, 8]>, !mod.tensor<f32[8]>) -> !mod.tensor<f32[C, D, 8]>
      %18 = mod.reshape %17 to [#mod.dim<C>, #mod.dim<D>, #mod.dim<2>, #mod.dim<4>] : (!mod.tensor<f32[C, D, 8]>) -> !mod.tensor<f32[C, D, 2, 4]>
      %19 = mod.permute %18 by [0, 2, 1, 3] : (!mod.tensor<f32[C, D, 2, 4]>) -> !mod.tensor<f32[C, 2, D, 4]>
      %20 = mod.assume %15, "attention: batch sizes of query and key differ" : <f32[C, 2, D, 4]> to <f32[A, 2, D, 4]>
      %21 = mod.assume %19, "attention: batch sizes of query and key differ" : <f32[C, 2, D, 4]> to <f32[A, 2, D, 4]>
      %22 = mod.attention %11, %20, %21 scale 5.000000e-01 : (!mod.tensor<f32[A, 2, B, 4]>, !mod.tensor<f32[A, 2, D, 4]>, !mod.tensor<f32[A, 2, D, 4]>) -> !mod.tensor<f32[A, 2, B, 4]>
      %23 = mod.permute %22 by [0, 2, 1, 3] : (!mod.tensor<f32[A, 2, B, 4]>) -> !mod.tensor<f32[A, B, 2, 4]>
      %24 = mod.reshape %23 to [#mod.dim<A>, #mod.dim<B>, #mod.dim<8>] : (!mod.tensor<f32[A, B, 2, 4]>) -> !mod.tensor<f32[A, B, 8]>
      %25 = mod.call "out_proj" -> @forward(%24) site 0 : (!mod.tensor<f32[A, B, 8]>) -> !mod.tensor<f32[A, B, 8]>
      mod.return %25 : !mod.tensor<f32[A, B, 8]>
    }
    mod.func @forward.v1.train(%arg0: !mod.tensor<f32[A, B, 8]> {mod.name = "query"}, %arg1: !mod.tensor<f32[C, D, 8]> {mod.name = "key"}, %arg2: !mod.tensor<f32[C, D, 8]> {mod.name = "value"}) -> (!mod.tensor<f32[A, B, 8]> {mod.name = "output0"}) attributes {dims = ["A", "B", "C", "D"], guards = [#mod.guard<eq, <A>, <C>, "attention: batch sizes of query and key differ: A == C">], mod.method = "forward", mod.statics = [#mod.arg<"key_padding_mask" = unit>, #mod.arg<"need_weights" = false>, #mod.arg<"attn_mask" = unit>, #mod.arg<"average_attn_weights" = true>, #mod.arg<"is_causal" = false>]} {
      %0 = mod.frame_key
      %1 = mod.get "in_proj_weight" : <f32[24, 8]>
      %2 = mod.narrow %1 dim 0 from <0> length <8> : (!mod.tensor<f32[24, 8]>) -> !mod.tensor<f32[8, 8]>
      %3 = mod.narrow %1 dim 0 from <8> length <8> : (!mod.tensor<f32[24, 8]>) -> !mod.tensor<f32[8, 8]>
      %4 = mod.narrow %1 dim 0 from <16> length <8> : (!mod.tensor<f32[24, 8]>) -> !mod.tensor<f32[8, 8]>
      %5 = mod.get "in_proj_bias" : <f32[24]>
      %6 = mod.narrow %5 dim 0 from <0> length <8> : (!mod.tensor<f32[24]>) -> !mod.tensor<f32[8]>
      %7 = mod.narrow %5 dim 0 from <8> length <8> : (!mod.tensor<f32[24]>) -> !mod.tensor<f32[8]>
      %8 = mod.narrow %5 dim 0 from <16> length <8> : (!mod.tensor<f32[24]>) -> !mod.tensor<f32[8]>
      %9 = mod.matmul %arg0, %2 trans_b true : (!mod.tensor<f32[A, B, 8]>, !mod.tensor<f32[8, 8]>) -> !mod.tensor<f32[A, B, 8]>
      %10 = mod.add %9, %6 : (!mod.tensor<f32[A, B, 8]>, !mod.tensor<f32[8]>) -> !mod.tensor<f32[A, B, 8]>
      %11 = mod.reshape %10 to [#mod.dim<A>, #mod.dim<B>, #mod.dim<2>, #mod.dim<4>] : (!mod.tensor<f32[A, B, 8]>) -> !mod.tensor<f32[A, B, 2, 4]>
      %12 = mod.permute %11 by [0, 2, 1, 3] : (!mod.tensor<f32[A, B, 2, 4]>) -> !mod.tensor<f32[A, 2, B, 4]>
      %13 = mod.matmul %arg1, %3 trans_b true : (!mod.tensor<f32[C, D, 8]>, !mod.tensor<f32[8, 8]>) -> !mod.tensor<f32[C, D, 8]>
      %14 = mod.add %13, %7 : (!mod.tensor<f32[C, D, 8]>, !mod.tensor<f32[8]>) -> !mod.tensor<f32[C, D, 8]>
      %15 = mod.reshape %14 to [#mod.dim<C>, #mod.dim<D>, #mod.dim<2>, #mod.dim<4>] : (!mod.tensor<f32[C, D, 8]>) -> !mod.tensor<f32[C, D, 2, 4]>
      %16 = mod.permute %15 by [0, 2, 1, 3] : (!mod.tensor<f32[C, D, 2, 4]>) -> !mod.tensor<f32[C, 2, D, 4]>
      %17 = mod.matmul %arg2, %4 trans_b true : (!mod.tensor<f32[C, D, 8]>, !mod.tensor<f32[8, 8]>) -> !mod.tensor<f32[C, D, 8]>
      %18 = mod.add %17, %8 : (!mod.tensor<f32[C, D, 8]>, !mod.tensor<f32[8]>) -> !mod.tensor<f32[C, D, 8]>
      %19 = mod.reshape %18 to [#mod.dim<C>, #mod.dim<D>, #mod.dim<2>, #mod.dim<4>] : (!mod.tensor<f32[C, D, 8]>) -> !mod.tensor<f32[C, D, 2, 4]>
      %20 = mod.permute %19 by [0, 2, 1, 3] : (!mod.tensor<f32[C, D, 2, 4]>) -> !mod.tensor<f32[C, 2, D, 4]>
      %21 = mod.key %0, 0
      %22 = mod.assume %16, "attention: batch sizes of query and key differ" : <f32[C, 2, D, 4]> to <f32[A, 2, D, 4]>
      %23 = mod.assume %20, "attention: batch sizes of query and key differ" : <f32[C, 2, D, 4]> to <f32[A, 2, D, 4]>
      %24 = mod.attention %12, %22, %23 key %21 scale 5.000000e-01 dropout 1.000000e-01 : (!mod.tensor<f32[A, 2, B, 4]>, !mod.tensor<f32[A, 2, D, 4]>, !mod.tensor<f32[A, 2, D, 4]>, !mod.rng) -> !mod.tensor<f32[A, 2, B, 4]>
      %25 = mod.permute %24 by [0, 2, 1, 3] : (!mod.tensor<f32[A, 2, B, 4]>) -> !mod.tensor<f32[A, B, 2, 4]>
      %26 = mod.reshape %25 to [#mod.dim<A>, #mod.dim<B>, #mod.dim<8>] : (!mod.tensor<f32[A, B, 2, 4]>) -> !mod.tensor<f32[A, B, 8]>
      %27 = mod.call "out_proj" -> @forward(%26) site 1 : (!mod.tensor<f32[A, B, 8]>) -> !mod.tensor<f32[A, B, 8]>
      mod.return %27 : !mod.tensor<f32[A, B, 8]>
    }
  }
  mod.export @attention = @MultiheadAttention_8_2_0.1 -> @forward instance 6
  mod.class @Linear_8_16 from "Linear" kind "module" ctor [#mod.arg<"in_features" = 8 : i64>, #mod.arg<"out_features" = 16 : i64>, #mod.arg<"bias" = true>, #mod.arg<"dtype" = "f32">] repr "in_features=8, out_features=16, bias=True" attributes {doc = "y = x W^T + b over the last dimension."} {
    mod.param @weight : !mod.tensor<f32[16, 8]> init <uniform -0.35355339059327368, 0.35355339059327368>
    mod.param @bias : !mod.tensor<f32[16]> init <uniform -0.35355339059327373, 0.35355339059327373>
    mod.func @forward(%arg0: !mod.tensor<f32[d0, d1, 8]> {mod.name = "x"}) -> (!mod.tensor<f32[d0, d1, 16]> {mod.name = "output"}) attributes {dims = ["d0", "d1"]} {
      %0 = mod.get "weight" : <f32[16, 8]>
      %1 = mod.matmul %arg0, %0 trans_b true : (!mod.tensor<f32[d0, d1, 8]>, !mod.tensor<f32[16, 8]>) -> !mod.tensor<f32[d0, d1, 16]>
      %2 = mod.get "bias" : <f32[16]>
      %3 = mod.add %1, %2 : (!mod.tensor<f32[d0, d1, 16]>, !mod.tensor<f32[16]>) -> !mod.tensor<f32[d0, d1, 16]>
      mod.return %3 : !mod.tensor<f32[d0, d1, 16]>
    }
  }
  mod.class @Linear_16_8 from "Linear" kind "module" ctor [#mod.arg<"in_features" = 16 : i64>, #mod.arg<"out_features" = 8 : i64>, #mod.arg<"bias" = true>, #mod.arg<"dtype" = "f32">] repr "in_features=16, out_features=8, bias=True" attributes {doc = "y = x W^T + b over the last dimension."} {
    mod.param @weight : !mod.tensor<f32[8, 16]> init <uniform -0.24999999999999997, 0.24999999999999997>
    mod.param @bias : !mod.tensor<f32[8]> init <uniform -2.500000e-01, 2.500000e-01>
    mod.func @forward(%arg0: !mod.tensor<f32[d0, d1, 16]> {mod.name = "x"}) -> (!mod.tensor<f32[d0, d1, 8]> {mod.name = "output"}) attributes {dims = ["d0", "d1"]} {
      %0 = mod.get "weight" : <f32[8, 16]>
      %1 = mod.matmul %arg0, %0 trans_b true : (!mod.tensor<f32[d0, d1, 16]>, !mod.tensor<f32[8, 16]>) -> !mod.tensor<f32[d0, d1, 8]>
      %2 = mod.get "bias" : <f32[8]>
      %3 = mod.add %1, %2 : (!mod.tensor<f32[d0, d1, 8]>, !mod.tensor<f32[8]>) -> !mod.tensor<f32[d0, d1, 8]>
      mod.return %3 : !mod.tensor<f32[d0, d1, 8]>
    }
  }
  mod.class @LayerNorm_8 from "LayerNorm" kind "module" ctor [#mod.arg<"normalized_shape" = 8 : i64>, #mod.arg<"eps" = 1.000000e-05 : f64>, #mod.arg<"elementwise_affine" = true>, #mod.arg<"bias" = true>, #mod.arg<"dtype" = "f32">] repr "(8,), eps=1e-05, elementwise_affine=True, bias=True" attributes {doc = "Normalises over the last dimensions, which are `normalized_shape`."} {
    mod.param @weight : !mod.tensor<f32[8]> init <fill 1.000000e+00>
    mod.param @bias : !mod.tensor<f32[8]> init <fill 0.000000e+00>
    mod.func @forward(%arg0: !mod.tensor<f32[d0, d1, 8]> {mod.name = "x"}) -> (!mod.tensor<f32[d0, d1, 8]> {mod.name = "output"}) attributes {dims = ["d0", "d1"]} {
      %0 = mod.sum %arg0 over [2] keepdim true : (!mod.tensor<f32[d0, d1, 8]>) -> !mod.tensor<f32[d0, d1, 1]>
      %1 = mod.full 8.000000e+00 : f64 as f32 [] : <f32[]>
      %2 = mod.div %0, %1 : (!mod.tensor<f32[d0, d1, 1]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[d0, d1, 1]>
      %3 = mod.sub %arg0, %2 : (!mod.tensor<f32[d0, d1, 8]>, !mod.tensor<f32[d0, d1, 1]>) -> !mod.tensor<f32[d0, d1, 8]>
      %4 = mod.mul %3, %3 : (!mod.tensor<f32[d0, d1, 8]>, !mod.tensor<f32[d0, d1, 8]>) -> !mod.tensor<f32[d0, d1, 8]>
      %5 = mod.sum %4 over [2] keepdim true : (!mod.tensor<f32[d0, d1, 8]>) -> !mod.tensor<f32[d0, d1, 1]>
      %6 = mod.full 8.000000e+00 : f64 as f32 [] : <f32[]>
      %7 = mod.div %5, %6 : (!mod.tensor<f32[d0, d1, 1]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[d0, d1, 1]>
      %8 = mod.full 1.000000e-05 : f64 as f32 [] : <f32[]>
      %9 = mod.add %7, %8 : (!mod.tensor<f32[d0, d1, 1]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[d0, d1, 1]>
      %10 = mod.sqrt %9 : (!mod.tensor<f32[d0, d1, 1]>) -> !mod.tensor<f32[d0, d1, 1]>
      %11 = mod.full 1.000000e+00 : f64 as f32 [] : <f32[]>
      %12 = mod.div %11, %10 : (!mod.tensor<f32[]>, !mod.tensor<f32[d0, d1, 1]>) -> !mod.tensor<f32[d0, d1, 1]>
      %13 = mod.mul %3, %12 : (!mod.tensor<f32[d0, d1, 8]>, !mod.tensor<f32[d0, d1, 1]>) -> !mod.tensor<f32[d0, d1, 8]>
      %14 = mod.get "weight" : <f32[8]>
      %15 = mod.mul %13, %14 : (!mod.tensor<f32[d0, d1, 8]>, !mod.tensor<f32[8]>) -> !mod.tensor<f32[d0, d1, 8]>
      %16 = mod.get "bias" : <f32[8]>
      %17 = mod.add %15, %16 : (!mod.tensor<f32[d0, d1, 8]>, !mod.tensor<f32[8]>) -> !mod.tensor<f32[d0, d1, 8]>
      mod.return %17 : !mod.tensor<f32[d0, d1, 8]>
    }
  }
  mod.class @TransformerEncoderLayer_8_2_16 from "TransformerEncoderLayer" kind "module" ctor [#mod.arg<"d_model" = 8 : i64>, #mod.arg<"nhead" = 2 : i64>, #mod.arg<"dim_feedforward" = 16 : i64>, #mod.arg<"dropout" = 1.000000e-01 : f64>, #mod.arg<"activation" = "relu">, #mod.arg<"layer_norm_eps" = 1.000000e-05 : f64>, #mod.arg<"batch_first" = true>, #mod.arg<"norm_first" = false>, #mod.arg<"bias" = true>, #mod.arg<"dtype" = "f32">] attributes {doc = "Self-attention and feed-forward, each with residual sum and layer norm (before it with `norm_first`)."} {
    mod.child @self_attn = @MultiheadAttention_8_2_0.1
    mod.child @linear1 = @Linear_8_16
    mod.child @dropout = @Dropout_0.1
    mod.child @linear2 = @Linear_16_8
    mod.child @norm1 = @LayerNorm_8
    mod.child @norm2 = @LayerNorm_8
    mod.child @dropout1 = @Dropout_0.1
    mod.child @dropout2 = @Dropout_0.1
    mod.func @forward(%arg0: !mod.tensor<f32[A, B, 8]> {mod.name = "src"}) -> (!mod.tensor<f32[A, B, 8]> {mod.name = "output"}) attributes {dims = ["A", "B"], mod.statics = [#mod.arg<"src_mask" = unit>, #mod.arg<"src_key_padding_mask" = unit>, #mod.arg<"is_causal" = false>]} {
      %0 = mod.call "self_attn" -> @forward.v1(%arg0, %arg0, %arg0) site 0 : (!mod.tensor<f32[A, B, 8]>, !mod.tensor<f32[A, B, 8]>, !mod.tensor<f32[A, B, 8]>) -> !mod.tensor<f32[A, B, 8]>
      %1 = mod.call "dropout1" -> @forward(%0) site 1 : (!mod.tensor<f32[A, B, 8]>) -> !mod.tensor<f32[A, B, 8]>
      %2 = mod.add %arg0, %1 : (!mod.tensor<f32[A, B, 8]>, !mod.tensor<f32[A, B, 8]>) -> !mod.tensor<f32[A, B, 8]>
      %3 = mod.call "norm1" -> @forward(%2) site 2 : (!mod.tensor<f32[A, B, 8]>) -> !mod.tensor<f32[A, B, 8]>
      %4 = mod.call "linear1" -> @forward(%3) site 3 : (!mod.tensor<f32[A, B, 8]>) -> !mod.tensor<f32[A, B, 16]>
      %5 = mod.full 0.000000e+00 : f64 as f32 [] : <f32[]>
      %6 = mod.le %4, %5 : (!mod.tensor<f32[A, B, 16]>, !mod.tensor<f32[]>) -> !mod.tensor<i1[A, B, 16]>
      %7 = mod.full 0.000000e+00 : f64 as f32 [] : <f32[]>
      %8 = mod.where %6, %7, %4 : (!mod.tensor<i1[A, B, 16]>, !mod.tensor<f32[]>, !mod.tensor<f32[A, B, 16]>) -> !mod.tensor<f32[A, B, 16]>
      %9 = mod.call "dropout" -> @forward(%8) site 4 : (!mod.tensor<f32[A, B, 16]>) -> !mod.tensor<f32[A, B, 16]>
      %10 = mod.call "linear2" -> @forward(%9) site 5 : (!mod.tensor<f32[A, B, 16]>) -> !mod.tensor<f32[A, B, 8]>
      %11 = mod.call "dropout2" -> @forward(%10) site 6 : (!mod.tensor<f32[A, B, 8]>) -> !mod.tensor<f32[A, B, 8]>
      %12 = mod.add %3, %11 : (!mod.tensor<f32[A, B, 8]>, !mod.tensor<f32[A, B, 8]>) -> !mod.tensor<f32[A, B, 8]>
      %13 = mod.call "norm2" -> @forward(%12) site 7 : (!mod.tensor<f32[A, B, 8]>) -> !mod.tensor<f32[A, B, 8]>
      mod.return %13 : !mod.tensor<f32[A, B, 8]>
    }
  }
  mod.class @ModuleList.6 from "ModuleList" kind "list" attributes {doc = "Children named 0, 1, ... A list of modules assigned to a member becomes one of these."} {
    mod.child @"0" = @TransformerEncoderLayer_8_2_16
    mod.child @"1" = @TransformerEncoderLayer_8_2_16
  }
  mod.class @TransformerEncoder_2 from "TransformerEncoder" kind "module" ctor [#mod.arg<"num_layers" = 2 : i64>, #mod.arg<"norm" = unit>] attributes {doc = "`num_layers` layers like `encoder_layer`, each with parameters of its own."} {
    mod.child @layers = @ModuleList.6
    mod.func @forward(%arg0: !mod.tensor<f32[N, S, 8]> {mod.name = "src"}) -> (!mod.tensor<f32[N, S, 8]> {mod.name = "output"}) attributes {dims = ["N", "S"], mod.statics = [#mod.arg<"mask" = unit>, #mod.arg<"src_key_padding_mask" = unit>, #mod.arg<"is_causal" = false>]} {
      %0 = mod.call "layers.0" -> @forward(%arg0) site 0 : (!mod.tensor<f32[N, S, 8]>) -> !mod.tensor<f32[N, S, 8]>
      %1 = mod.call "layers.1" -> @forward(%0) site 1 : (!mod.tensor<f32[N, S, 8]>) -> !mod.tensor<f32[N, S, 8]>
      mod.return %1 : !mod.tensor<f32[N, S, 8]>
    }
  }
  mod.export @encoder = @TransformerEncoder_2 -> @forward instance 7
  mod.class @MSELoss from "MSELoss" kind "module" ctor [#mod.arg<"reduction" = "mean">] attributes {doc = "(input - target) ** 2."} {
    mod.func @forward(%arg0: !mod.tensor<f32[N, 3]> {mod.name = "input"}, %arg1: !mod.tensor<f32[N, 3]> {mod.name = "target"}) -> (!mod.tensor<f32[]> {mod.name = "output"}) attributes {dims = ["N"]} {
      %0 = mod.sub %arg0, %arg1 : (!mod.tensor<f32[N, 3]>, !mod.tensor<f32[N, 3]>) -> !mod.tensor<f32[N, 3]>
      %1 = mod.mul %0, %0 : (!mod.tensor<f32[N, 3]>, !mod.tensor<f32[N, 3]>) -> !mod.tensor<f32[N, 3]>
      %2 = mod.sum %1 over [0, 1] : (!mod.tensor<f32[N, 3]>) -> !mod.tensor<f32[]>
      %3 = mod.size <3*N> as f32 : <f32[]>
      %4 = mod.div %2, %3 : (!mod.tensor<f32[]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[]>
      mod.return %4 : !mod.tensor<f32[]>
    }
  }
  mod.export @mse = @MSELoss -> @forward instance 8
  mod.class @CrossEntropyLoss_0.1 from "CrossEntropyLoss" kind "module" ctor [#mod.arg<"weight" = unit>, #mod.arg<"ignore_index" = -100 : i64>, #mod.arg<"reduction" = "mean">, #mod.arg<"label_smoothing" = 1.000000e-01 : f64>] attributes {doc = "Class scores against class indices or probabilities. `weight`: one number for each class."} {
    mod.buffer @weight : !mod.tensor<f32[]> none
    mod.func @forward(%arg0: !mod.tensor<f32[N, 5]> {mod.name = "input"}, %arg1: !mod.tensor<i64[N]> {mod.name = "target"}) -> (!mod.tensor<f32[]> {mod.name = "output"}) attributes {dims = ["N"]} {
      %0 = mod.amax %arg0 over [1] keepdim true : (!mod.tensor<f32[N, 5]>) -> !mod.tensor<f32[N, 1]>
      %1 = mod.detach %0 : (!mod.tensor<f32[N, 1]>) -> !mod.tensor<f32[N, 1]>
      %2 = mod.sub %arg0, %1 : (!mod.tensor<f32[N, 5]>, !mod.tensor<f32[N, 1]>) -> !mod.tensor<f32[N, 5]>
      %3 = mod.exp %2 : (!mod.tensor<f32[N, 5]>) -> !mod.tensor<f32[N, 5]>
      %4 = mod.sum %3 over [1] keepdim true : (!mod.tensor<f32[N, 5]>) -> !mod.tensor<f32[N, 1]>
      %5 = mod.log %4 : (!mod.tensor<f32[N, 1]>) -> !mod.tensor<f32[N, 1]>
      %6 = mod.sub %2, %5 : (!mod.tensor<f32[N, 5]>, !mod.tensor<f32[N, 1]>) -> !mod.tensor<f32[N, 5]>
      %7 = mod.full -100 : i64 as i64 [] : <i64[]>
      %8 = mod.eq %arg1, %7 : (!mod.tensor<i64[N]>, !mod.tensor<i64[]>) -> !mod.tensor<i1[N]>
      %9 = mod.logical_not %8 : (!mod.tensor<i1[N]>) -> !mod.tensor<i1[N]>
      %10 = mod.full 0 : i64 as i64 [] : <i64[]>
      %11 = mod.where %9, %arg1, %10 : (!mod.tensor<i1[N]>, !mod.tensor<i64[N]>, !mod.tensor<i64[]>) -> !mod.tensor<i64[N]>
      %12 = mod.to %9 as f32 : (!mod.tensor<i1[N]>) -> !mod.tensor<f32[N]>
      %13 = mod.neg %12 : (!mod.tensor<f32[N]>) -> !mod.tensor<f32[N]>
      %14 = mod.reshape %11 to [#mod.dim<N>, #mod.dim<1>] : (!mod.tensor<i64[N]>) -> !mod.tensor<i64[N, 1]>
      %15 = mod.gather %6, %14 dim 1 : (!mod.tensor<f32[N, 5]>, !mod.tensor<i64[N, 1]>) -> !mod.tensor<f32[N, 1]>
      %16 = mod.reshape %15 to [#mod.dim<N>] : (!mod.tensor<f32[N, 1]>) -> !mod.tensor<f32[N]>
      %17 = mod.mul %13, %16 : (!mod.tensor<f32[N]>, !mod.tensor<f32[N]>) -> !mod.tensor<f32[N]>
      %18 = mod.sum %17 over [0] : (!mod.tensor<f32[N]>) -> !mod.tensor<f32[]>
      %19 = mod.sum %12 over [0] : (!mod.tensor<f32[N]>) -> !mod.tensor<f32[]>
      %20 = mod.div %18, %19 : (!mod.tensor<f32[]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[]>
      %21 = mod.full -100 : i64 as i64 [] : <i64[]>
      %22 = mod.eq %arg1, %21 : (!mod.tensor<i64[N]>, !mod.tensor<i64[]>) -> !mod.tensor<i1[N]>
      %23 = mod.logical_not %22 : (!mod.tensor<i1[N]>) -> !mod.tensor<i1[N]>
      %24 = mod.to %23 as f32 : (!mod.tensor<i1[N]>) -> !mod.tensor<f32[N]>
      %25 = mod.sum %6 over [1] : (!mod.tensor<f32[N, 5]>) -> !mod.tensor<f32[N]>
      %26 = mod.neg %25 : (!mod.tensor<f32[N]>) -> !mod.tensor<f32[N]>
      %27 = mod.mul %26, %24 : (!mod.tensor<f32[N]>, !mod.tensor<f32[N]>) -> !mod.tensor<f32[N]>
      %28 = mod.sum %24 over [0] : (!mod.tensor<f32[N]>) -> !mod.tensor<f32[]>
      %29 = mod.sum %27 over [0] : (!mod.tensor<f32[N]>) -> !mod.tensor<f32[]>
      %30 = mod.div %29, %28 : (!mod.tensor<f32[]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[]>
      %31 = mod.full 9.000000e-01 : f64 as f32 [] : <f32[]>
      %32 = mod.mul %31, %20 : (!mod.tensor<f32[]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[]>
      %33 = mod.full 2.000000e-02 : f64 as f32 [] : <f32[]>
      %34 = mod.mul %33, %30 : (!mod.tensor<f32[]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[]>
      %35 = mod.add %32, %34 : (!mod.tensor<f32[]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[]>
      mod.return %35 : !mod.tensor<f32[]>
    }
  }
  mod.export @cross_entropy = @CrossEntropyLoss_0.1 -> @forward instance 9
  mod.class @CrossEntropyLoss from "CrossEntropyLoss" kind "module" ctor [#mod.arg<"ignore_index" = -100 : i64>, #mod.arg<"reduction" = "mean">, #mod.arg<"label_smoothing" = 0.000000e+00 : f64>] attributes {doc = "Class scores against class indices or probabilities. `weight`: one number for each class."} {
    mod.buffer @weight : !mod.tensor<f32[3]> init <fn @init.weight>
    mod.func @init.weight() -> (!mod.tensor<f32[3]> {mod.name = "output"}) {
      %0 = mod.full 2.000000e-01 : f64 as f32 [] : <f32[]>
      %1 = mod.reshape %0 to [#mod.dim<1>] : (!mod.tensor<f32[]>) -> !mod.tensor<f32[1]>
      %2 = mod.full 3.000000e-01 : f64 as f32 [] : <f32[]>
      %3 = mod.reshape %2 to [#mod.dim<1>] : (!mod.tensor<f32[]>) -> !mod.tensor<f32[1]>
      %4 = mod.full 5.000000e-01 : f64 as f32 [] : <f32[]>
      %5 = mod.reshape %4 to [#mod.dim<1>] : (!mod.tensor<f32[]>) -> !mod.tensor<f32[1]>
      %6 = mod.cat %1, %3, %5 dim 0 : (!mod.tensor<f32[1]>, !mod.tensor<f32[1]>, !mod.tensor<f32[1]>) -> !mod.tensor<f32[3]>
      mod.return %6 : !mod.tensor<f32[3]>
    }
    mod.func @forward(%arg0: !mod.tensor<f32[N, 3]> {mod.name = "input"}, %arg1: !mod.tensor<i64[N]> {mod.name = "target"}) -> (!mod.tensor<f32[]> {mod.name = "output"}) attributes {dims = ["N"]} {
      %0 = mod.amax %arg0 over [1] keepdim true : (!mod.tensor<f32[N, 3]>) -> !mod.tensor<f32[N, 1]>
      %1 = mod.detach %0 : (!mod.tensor<f32[N, 1]>) -> !mod.tensor<f32[N, 1]>
      %2 = mod.sub %arg0, %1 : (!mod.tensor<f32[N, 3]>, !mod.tensor<f32[N, 1]>) -> !mod.tensor<f32[N, 3]>
      %3 = mod.exp %2 : (!mod.tensor<f32[N, 3]>) -> !mod.tensor<f32[N, 3]>
      %4 = mod.sum %3 over [1] keepdim true : (!mod.tensor<f32[N, 3]>) -> !mod.tensor<f32[N, 1]>
      %5 = mod.log %4 : (!mod.tensor<f32[N, 1]>) -> !mod.tensor<f32[N, 1]>
      %6 = mod.sub %2, %5 : (!mod.tensor<f32[N, 3]>, !mod.tensor<f32[N, 1]>) -> !mod.tensor<f32[N, 3]>
      %7 = mod.get "weight" : <f32[3]>
      %8 = mod.full -100 : i64 as i64 [] : <i64[]>
      %9 = mod.eq %arg1, %8 : (!mod.tensor<i64[N]>, !mod.tensor<i64[]>) -> !mod.tensor<i1[N]>
      %10 = mod.logical_not %9 : (!mod.tensor<i1[N]>) -> !mod.tensor<i1[N]>
      %11 = mod.full 0 : i64 as i64 [] : <i64[]>
      %12 = mod.where %10, %arg1, %11 : (!mod.tensor<i1[N]>, !mod.tensor<i64[N]>, !mod.tensor<i64[]>) -> !mod.tensor<i64[N]>
      %13 = mod.take %7, %12 dim 0 : (!mod.tensor<f32[3]>, !mod.tensor<i64[N]>) -> !mod.tensor<f32[N]>
      %14 = mod.full 0.000000e+00 : f64 as f32 [] : <f32[]>
      %15 = mod.where %10, %13, %14 : (!mod.tensor<i1[N]>, !mod.tensor<f32[N]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[N]>
      %16 = mod.neg %15 : (!mod.tensor<f32[N]>) -> !mod.tensor<f32[N]>
      %17 = mod.reshape %12 to [#mod.dim<N>, #mod.dim<1>] : (!mod.tensor<i64[N]>) -> !mod.tensor<i64[N, 1]>
      %18 = mod.gather %6, %17 dim 1 : (!mod.tensor<f32[N, 3]>, !mod.tensor<i64[N, 1]>) -> !mod.tensor<f32[N, 1]>
      %19 = mod.reshape %18 to [#mod.dim<N>] : (!mod.tensor<f32[N, 1]>) -> !mod.tensor<f32[N]>
      %20 = mod.mul %16, %19 : (!mod.tensor<f32[N]>, !mod.tensor<f32[N]>) -> !mod.tensor<f32[N]>
      %21 = mod.sum %20 over [0] : (!mod.tensor<f32[N]>) -> !mod.tensor<f32[]>
      %22 = mod.sum %15 over [0] : (!mod.tensor<f32[N]>) -> !mod.tensor<f32[]>
      %23 = mod.div %21, %22 : (!mod.tensor<f32[]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[]>
      mod.return %23 : !mod.tensor<f32[]>
    }
  }
  mod.export @weighted = @CrossEntropyLoss -> @forward instance 10
  mod.class @BCEWithLogitsLoss from "BCEWithLogitsLoss" kind "module" ctor [#mod.arg<"weight" = unit>, #mod.arg<"reduction" = "mean">, #mod.arg<"pos_weight" = unit>] attributes {doc = "Binary cross entropy of scores (before the sigmoid) against numbers from 0 to 1."} {
    mod.buffer @weight : !mod.tensor<f32[]> none
    mod.buffer @pos_weight : !mod.tensor<f32[]> none
    mod.func @forward(%arg0: !mod.tensor<f32[N, 3]> {mod.name = "input"}, %arg1: !mod.tensor<f32[N, 3]> {mod.name = "target"}) -> (!mod.tensor<f32[]> {mod.name = "output"}) attributes {dims = ["N"]} {
      %0 = mod.full 1.000000e+00 : f64 as f32 [] : <f32[]>
      %1 = mod.sub %0, %arg1 : (!mod.tensor<f32[]>, !mod.tensor<f32[N, 3]>) -> !mod.tensor<f32[N, 3]>
      %2 = mod.mul %1, %arg0 : (!mod.tensor<f32[N, 3]>, !mod.tensor<f32[N, 3]>) -> !mod.tensor<f32[N, 3]>
      %3 = mod.full 0.000000e+00 : f64 as f32 [] : <f32[]>
      %4 = mod.minimum %arg0, %3 : (!mod.tensor<f32[N, 3]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[N, 3]>
      %5 = mod.abs %arg0 : (!mod.tensor<f32[N, 3]>) -> !mod.tensor<f32[N, 3]>
      %6 = mod.neg %5 : (!mod.tensor<f32[N, 3]>) -> !mod.tensor<f32[N, 3]>
      %7 = mod.exp %6 : (!mod.tensor<f32[N, 3]>) -> !mod.tensor<f32[N, 3]>
      %8 = mod.log1p %7 : (!mod.tensor<f32[N, 3]>) -> !mod.tensor<f32[N, 3]>
      %9 = mod.sub %4, %8 : (!mod.tensor<f32[N, 3]>, !mod.tensor<f32[N, 3]>) -> !mod.tensor<f32[N, 3]>
      %10 = mod.sub %2, %9 : (!mod.tensor<f32[N, 3]>, !mod.tensor<f32[N, 3]>) -> !mod.tensor<f32[N, 3]>
      %11 = mod.sum %10 over [0, 1] : (!mod.tensor<f32[N, 3]>) -> !mod.tensor<f32[]>
      %12 = mod.size <3*N> as f32 : <f32[]>
      %13 = mod.div %11, %12 : (!mod.tensor<f32[]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[]>
      mod.return %13 : !mod.tensor<f32[]>
    }
  }
  mod.export @bce = @BCEWithLogitsLoss -> @forward instance 11
}

