module {
  mod.class @Embedding_30522_384 from "Embedding" kind "module" ctor [#mod.arg<"num_embeddings" = 30522 : i64>, #mod.arg<"embedding_dim" = 384 : i64>, #mod.arg<"padding_idx" = 0 : i64>, #mod.arg<"dtype" = "f32">] repr "30522, 384, padding_idx=0" attributes {doc = "A table of vectors, looked up by index. The row at `padding_idx` starts at zero and gets no gradient."} {
    mod.param @weight : !mod.tensor<f32[30522, 384]> init <fn @init.weight>
    mod.func @init.weight() -> (!mod.tensor<f32[30522, 384]> {mod.name = "output"}) {
      %0 = mod.frame_key
      %1 = mod.key %0, 0
      %2 = mod.random %1 as f32 [#mod.dim<30522>, #mod.dim<384>] : <f32[30522, 384]>
      %3 = mod.full 1.000000e+00 : f64 as f32 [] : <f32[]>
      %4 = mod.sub %3, %2 : (!mod.tensor<f32[]>, !mod.tensor<f32[30522, 384]>) -> !mod.tensor<f32[30522, 384]>
      %5 = mod.log %4 : (!mod.tensor<f32[30522, 384]>) -> !mod.tensor<f32[30522, 384]>
      %6 = mod.full -2.000000e+00 : f64 as f32 [] : <f32[]>
      %7 = mod.mul %6, %5 : (!mod.tensor<f32[]>, !mod.tensor<f32[30522, 384]>) -> !mod.tensor<f32[30522, 384]>
      %8 = mod.sqrt %7 : (!mod.tensor<f32[30522, 384]>) -> !mod.tensor<f32[30522, 384]>
      %9 = mod.key %0, 1
      %10 = mod.random %9 as f32 [#mod.dim<30522>, #mod.dim<384>] : <f32[30522, 384]>
      %11 = mod.full 6.2831853071795862 : f64 as f32 [] : <f32[]>
      %12 = mod.mul %11, %10 : (!mod.tensor<f32[]>, !mod.tensor<f32[30522, 384]>) -> !mod.tensor<f32[30522, 384]>
      %13 = mod.cos %12 : (!mod.tensor<f32[30522, 384]>) -> !mod.tensor<f32[30522, 384]>
      %14 = mod.mul %8, %13 : (!mod.tensor<f32[30522, 384]>, !mod.tensor<f32[30522, 384]>) -> !mod.tensor<f32[30522, 384]>
      %15 = mod.full 0.000000e+00 : f64 as f32 [] : <f32[]>
      %16 = mod.add %14, %15 : (!mod.tensor<f32[30522, 384]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[30522, 384]>
      %17 = mod.full 0.000000e+00 : f64 as f32 [] : <f32[]>
      %18 = mod.expand %17 to [#mod.dim<384>] : (!mod.tensor<f32[]>) -> !mod.tensor<f32[384]>
      %19 = mod.reshape %18 to [#mod.dim<1>, #mod.dim<384>] : (!mod.tensor<f32[384]>) -> !mod.tensor<f32[1, 384]>
      %20 = mod.update_slice %16, %19 at [#mod.dim<0>, #mod.dim<0>] : (!mod.tensor<f32[30522, 384]>, !mod.tensor<f32[1, 384]>) -> !mod.tensor<f32[30522, 384]>
      mod.return %20 : !mod.tensor<f32[30522, 384]>
    }
    mod.func @forward(%arg0: !mod.tensor<i64[d0, d1]> {mod.name = "ids"}) -> (!mod.tensor<f32[d0, d1, 384]> {mod.name = "output"}) attributes {dims = ["d0", "d1"]} {
      %0 = mod.get "weight" : <f32[30522, 384]>
      %1 = mod.take %0, %arg0 dim 0 : (!mod.tensor<f32[30522, 384]>, !mod.tensor<i64[d0, d1]>) -> !mod.tensor<f32[d0, d1, 384]>
      %2 = mod.full 0 : i64 as i64 [] : <i64[]>
      %3 = mod.eq %arg0, %2 : (!mod.tensor<i64[d0, d1]>, !mod.tensor<i64[]>) -> !mod.tensor<i1[d0, d1]>
      %4 = mod.reshape %3 to [#mod.dim<d0>, #mod.dim<d1>, #mod.dim<1>] : (!mod.tensor<i1[d0, d1]>) -> !mod.tensor<i1[d0, d1, 1]>
      %5 = mod.detach %1 : (!mod.tensor<f32[d0, d1, 384]>) -> !mod.tensor<f32[d0, d1, 384]>
      %6 = mod.where %4, %5, %1 : (!mod.tensor<i1[d0, d1, 1]>, !mod.tensor<f32[d0, d1, 384]>, !mod.tensor<f32[d0, d1, 384]>) -> !mod.tensor<f32[d0, d1, 384]>
      mod.return %6 : !mod.tensor<f32[d0, d1, 384]>
    }
  }
  mod.class @Embedding_512_384 from "Embedding" kind "module" ctor [#mod.arg<"num_embeddings" = 512 : i64>, #mod.arg<"embedding_dim" = 384 : i64>, #mod.arg<"padding_idx" = unit>, #mod.arg<"dtype" = "f32">] repr "512, 384" attributes {doc = "A table of vectors, looked up by index. The row at `padding_idx` starts at zero and gets no gradient."} {
    mod.param @weight : !mod.tensor<f32[512, 384]> init <normal 0.000000e+00, 1.000000e+00>
    mod.func @forward(%arg0: !mod.tensor<i64[d0]> {mod.name = "ids"}) -> (!mod.tensor<f32[d0, 384]> {mod.name = "output"}) attributes {dims = ["d0"]} {
      %0 = mod.get "weight" : <f32[512, 384]>
      %1 = mod.take %0, %arg0 dim 0 : (!mod.tensor<f32[512, 384]>, !mod.tensor<i64[d0]>) -> !mod.tensor<f32[d0, 384]>
      mod.return %1 : !mod.tensor<f32[d0, 384]>
    }
  }
  mod.class @Embedding_2_384 from "Embedding" kind "module" ctor [#mod.arg<"num_embeddings" = 2 : i64>, #mod.arg<"embedding_dim" = 384 : i64>, #mod.arg<"padding_idx" = unit>, #mod.arg<"dtype" = "f32">] repr "2, 384" attributes {doc = "A table of vectors, looked up by index. The row at `padding_idx` starts at zero and gets no gradient."} {
    mod.param @weight : !mod.tensor<f32[2, 384]> init <normal 0.000000e+00, 1.000000e+00>
  }
  mod.class @LayerNorm_384_1e_12 from "LayerNorm" kind "module" ctor [#mod.arg<"normalized_shape" = 384 : i64>, #mod.arg<"eps" = 9.9999999999999998E-13 : f64>, #mod.arg<"elementwise_affine" = true>, #mod.arg<"bias" = true>, #mod.arg<"dtype" = "f32">] repr "(384,), eps=1e-12, elementwise_affine=True, bias=True" attributes {doc = "Normalises over the last dimensions, which are `normalized_shape`."} {
    mod.param @weight : !mod.tensor<f32[384]> init <fill 1.000000e+00>
    mod.param @bias : !mod.tensor<f32[384]> init <fill 0.000000e+00>
    mod.func @forward(%arg0: !mod.tensor<f32[d0, d1, 384]> {mod.name = "x"}) -> (!mod.tensor<f32[d0, d1, 384]> {mod.name = "output"}) attributes {dims = ["d0", "d1"]} {
      %0 = mod.sum %arg0 over [2] keepdim true : (!mod.tensor<f32[d0, d1, 384]>) -> !mod.tensor<f32[d0, d1, 1]>
      %1 = mod.full 3.840000e+02 : f64 as f32 [] : <f32[]>
      %2 = mod.div %0, %1 : (!mod.tensor<f32[d0, d1, 1]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[d0, d1, 1]>
      %3 = mod.sub %arg0, %2 : (!mod.tensor<f32[d0, d1, 384]>, !mod.tensor<f32[d0, d1, 1]>) -> !mod.tensor<f32[d0, d1, 384]>
      %4 = mod.mul %3, %3 : (!mod.tensor<f32[d0, d1, 384]>, !mod.tensor<f32[d0, d1, 384]>) -> !mod.tensor<f32[d0, d1, 384]>
      %5 = mod.sum %4 over [2] keepdim true : (!mod.tensor<f32[d0, d1, 384]>) -> !mod.tensor<f32[d0, d1, 1]>
      %6 = mod.full 3.840000e+02 : f64 as f32 [] : <f32[]>
      %7 = mod.div %5, %6 : (!mod.tensor<f32[d0, d1, 1]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[d0, d1, 1]>
      %8 = mod.full 9.9999999999999998E-13 : f64 as f32 [] : <f32[]>
      %9 = mod.add %7, %8 : (!mod.tensor<f32[d0, d1, 1]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[d0, d1, 1]>
      %10 = mod.sqrt %9 : (!mod.tensor<f32[d0, d1, 1]>) -> !mod.tensor<f32[d0, d1, 1]>
      %11 = mod.full 1.000000e+00 : f64 as f32 [] : <f32[]>
      %12 = mod.div %11, %10 : (!mod.tensor<f32[]>, !mod.tensor<f32[d0, d1, 1]>) -> !mod.tensor<f32[d0, d1, 1]>
      %13 = mod.mul %3, %12 : (!mod.tensor<f32[d0, d1, 384]>, !mod.tensor<f32[d0, d1, 1]>) -> !mod.tensor<f32[d0, d1, 384]>
      %14 = mod.get "weight" : <f32[384]>
      %15 = mod.mul %13, %14 : (!mod.tensor<f32[d0, d1, 384]>, !mod.tensor<f32[384]>) -> !mod.tensor<f32[d0, d1, 384]>
      %16 = mod.get "bias" : <f32[384]>
      %17 = mod.add %15, %16 : (!mod.tensor<f32[d0, d1, 384]>, !mod.tensor<f32[384]>) -> !mod.tensor<f32[d0, d1, 384]>
      mod.return %17 : !mod.tensor<f32[d0, d1, 384]>
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
  mod.class @BertEmbeddings_30522_384_512_0.1 from "BertEmbeddings" kind "module" ctor [#mod.arg<"vocab" = 30522 : i64>, #mod.arg<"dim" = 384 : i64>, #mod.arg<"max_len" = 512 : i64>, #mod.arg<"p" = 1.000000e-01 : f64>] version 2 {
    mod.buffer @position_ids : !mod.tensor<i64[1, 512]> init <fn @init.position_ids> {since = 2 : i64}
    mod.child @word_embeddings = @Embedding_30522_384
    mod.child @position_embeddings = @Embedding_512_384
    mod.child @token_type_embeddings = @Embedding_2_384
    mod.child @LayerNorm = @LayerNorm_384_1e_12
    mod.child @dropout = @Dropout_0.1
    mod.func @init.position_ids() -> (!mod.tensor<i64[1, 512]> {mod.name = "output"}) {
      %0 = mod.iota <512> as i64 : <i64[512]>
      %1 = mod.reshape %0 to [#mod.dim<1>, #mod.dim<512>] : (!mod.tensor<i64[512]>) -> !mod.tensor<i64[1, 512]>
      mod.return %1 : !mod.tensor<i64[1, 512]>
    }
    mod.func @forward(%arg0: !mod.tensor<i64[N, S]> {mod.name = "input_ids"}) -> (!mod.tensor<f32[N, S, 384]> {mod.name = "output"}) attributes {dims = ["N", "S"]} {
      %0 = mod.iota <S> as i64 : <i64[S]>
      %1 = mod.call "word_embeddings" -> @forward(%arg0) site 0 : (!mod.tensor<i64[N, S]>) -> !mod.tensor<f32[N, S, 384]>
      %2 = mod.call "position_embeddings" -> @forward(%0) site 1 : (!mod.tensor<i64[S]>) -> !mod.tensor<f32[S, 384]>
      %3 = mod.add %1, %2 : (!mod.tensor<f32[N, S, 384]>, !mod.tensor<f32[S, 384]>) -> !mod.tensor<f32[N, S, 384]>
      %4 = mod.get "token_type_embeddings.weight" : <f32[2, 384]>
      %5 = mod.narrow %4 dim 0 from <0> length <1> : (!mod.tensor<f32[2, 384]>) -> !mod.tensor<f32[1, 384]>
      %6 = mod.reshape %5 to [#mod.dim<384>] : (!mod.tensor<f32[1, 384]>) -> !mod.tensor<f32[384]>
      %7 = mod.add %3, %6 : (!mod.tensor<f32[N, S, 384]>, !mod.tensor<f32[384]>) -> !mod.tensor<f32[N, S, 384]>
      %8 = mod.call "LayerNorm" -> @forward(%7) site 2 : (!mod.tensor<f32[N, S, 384]>) -> !mod.tensor<f32[N, S, 384]>
      %9 = mod.call "dropout" -> @forward(%8) site 3 : (!mod.tensor<f32[N, S, 384]>) -> !mod.tensor<f32[N, S, 384]>
      mod.return %9 : !mod.tensor<f32[N, S, 384]>
    }
  }
  mod.class @Linear_384_384 from "Linear" kind "module" ctor [#mod.arg<"in_features" = 384 : i64>, #mod.arg<"out_features" = 384 : i64>, #mod.arg<"bias" = true>, #mod.arg<"dtype" = "f32">] repr "in_features=384, out_features=384, bias=True" attributes {doc = "y = x W^T + b over the last dimension."} {
    mod.param @weight : !mod.tensor<f32[384, 384]> init <uniform -0.05103103630798287, 0.05103103630798287>
    mod.param @bias : !mod.tensor<f32[384]> init <uniform -0.051031036307982884, 0.051031036307982884>
    mod.func @forward(%arg0: !mod.tensor<f32[d0, d1, 384]> {mod.name = "x"}) -> (!mod.tensor<f32[d0, d1, 384]> {mod.name = "output"}) attributes {dims = ["d0", "d1"]} {
      %0 = mod.get "weight" : <f32[384, 384]>
      %1 = mod.matmul %arg0, %0 trans_b true : (!mod.tensor<f32[d0, d1, 384]>, !mod.tensor<f32[384, 384]>) -> !mod.tensor<f32[d0, d1, 384]>
      %2 = mod.get "bias" : <f32[384]>
      %3 = mod.add %1, %2 : (!mod.tensor<f32[d0, d1, 384]>, !mod.tensor<f32[384]>) -> !mod.tensor<f32[d0, d1, 384]>
      mod.return %3 : !mod.tensor<f32[d0, d1, 384]>
    }
    mod.func @forward.v1(%arg0: !mod.tensor<f32[d0, 384]> {mod.name = "x"}) -> (!mod.tensor<f32[d0, 384]> {mod.name = "output"}) attributes {dims = ["d0"], mod.method = "forward"} {
      %0 = mod.get "weight" : <f32[384, 384]>
      %1 = mod.matmul %arg0, %0 trans_b true : (!mod.tensor<f32[d0, 384]>, !mod.tensor<f32[384, 384]>) -> !mod.tensor<f32[d0, 384]>
      %2 = mod.get "bias" : <f32[384]>
      %3 = mod.add %1, %2 : (!mod.tensor<f32[d0, 384]>, !mod.tensor<f32[384]>) -> !mod.tensor<f32[d0, 384]>
      mod.return %3 : !mod.tensor<f32[d0, 384]>
    }
  }
  mod.class @BertSelfAttention_384_12_0.1 from "BertSelfAttention" kind "module" ctor [#mod.arg<"dim" = 384 : i64>, #mod.arg<"heads" = 12 : i64>, #mod.arg<"p" = 1.000000e-01 : f64>] {
    mod.child @query = @Linear_384_384
    mod.child @key = @Linear_384_384
    mod.child @value = @Linear_384_384
    mod.func @forward(%arg0: !mod.tensor<f32[N, S, 384]> {mod.name = "x"}, %arg1: !mod.tensor<f32[N, 1, 1, S]> {mod.name = "mask"}) -> (!mod.tensor<f32[N, S, 384]> {mod.name = "output"}) attributes {dims = ["N", "S"]} {
      %0 = mod.call "query" -> @forward(%arg0) site 0 : (!mod.tensor<f32[N, S, 384]>) -> !mod.tensor<f32[N, S, 384]>
      %1 = mod.reshape %0 to [#mod.dim<N>, #mod.dim<S>, #mod.dim<12>, #mod.dim<32>] : (!mod.tensor<f32[N, S, 384]>) -> !mod.tensor<f32[N, S, 12, 32]>
      %2 = mod.permute %1 by [0, 2, 1, 3] : (!mod.tensor<f32[N, S, 12, 32]>) -> !mod.tensor<f32[N, 12, S, 32]>
      %3 = mod.call "key" -> @forward(%arg0) site 1 : (!mod.tensor<f32[N, S, 384]>) -> !mod.tensor<f32[N, S, 384]>
      %4 = mod.reshape %3 to [#mod.dim<N>, #mod.dim<S>, #mod.dim<12>, #mod.dim<32>] : (!mod.tensor<f32[N, S, 384]>) -> !mod.tensor<f32[N, S, 12, 32]>
      %5 = mod.permute %4 by [0, 2, 1, 3] : (!mod.tensor<f32[N, S, 12, 32]>) -> !mod.tensor<f32[N, 12, S, 32]>
      %6 = mod.call "value" -> @forward(%arg0) site 2 : (!mod.tensor<f32[N, S, 384]>) -> !mod.tensor<f32[N, S, 384]>
      %7 = mod.reshape %6 to [#mod.dim<N>, #mod.dim<S>, #mod.dim<12>, #mod.dim<32>] : (!mod.tensor<f32[N, S, 384]>) -> !mod.tensor<f32[N, S, 12, 32]>
      %8 = mod.permute %7 by [0, 2, 1, 3] : (!mod.tensor<f32[N, S, 12, 32]>) -> !mod.tensor<f32[N, 12, S, 32]>
      %9 = mod.attention %2, %5, %8 mask %arg1 scale 0.17677669529663687 : (!mod.tensor<f32[N, 12, S, 32]>, !mod.tensor<f32[N, 12, S, 32]>, !mod.tensor<f32[N, 12, S, 32]>, !mod.tensor<f32[N, 1, 1, S]>) -> !mod.tensor<f32[N, 12, S, 32]>
      %10 = mod.permute %9 by [0, 2, 1, 3] : (!mod.tensor<f32[N, 12, S, 32]>) -> !mod.tensor<f32[N, S, 12, 32]>
      %11 = mod.reshape %10 to [#mod.dim<N>, #mod.dim<S>, #mod.dim<384>] : (!mod.tensor<f32[N, S, 12, 32]>) -> !mod.tensor<f32[N, S, 384]>
      mod.return %11 : !mod.tensor<f32[N, S, 384]>
    }
    mod.func @forward.train(%arg0: !mod.tensor<f32[N, S, 384]> {mod.name = "x"}, %arg1: !mod.tensor<f32[N, 1, 1, S]> {mod.name = "mask"}) -> (!mod.tensor<f32[N, S, 384]> {mod.name = "output"}) attributes {dims = ["N", "S"]} {
      %0 = mod.frame_key
      %1 = mod.call "query" -> @forward(%arg0) site 0 : (!mod.tensor<f32[N, S, 384]>) -> !mod.tensor<f32[N, S, 384]>
      %2 = mod.reshape %1 to [#mod.dim<N>, #mod.dim<S>, #mod.dim<12>, #mod.dim<32>] : (!mod.tensor<f32[N, S, 384]>) -> !mod.tensor<f32[N, S, 12, 32]>
      %3 = mod.permute %2 by [0, 2, 1, 3] : (!mod.tensor<f32[N, S, 12, 32]>) -> !mod.tensor<f32[N, 12, S, 32]>
      %4 = mod.call "key" -> @forward(%arg0) site 1 : (!mod.tensor<f32[N, S, 384]>) -> !mod.tensor<f32[N, S, 384]>
      %5 = mod.reshape %4 to [#mod.dim<N>, #mod.dim<S>, #mod.dim<12>, #mod.dim<32>] : (!mod.tensor<f32[N, S, 384]>) -> !mod.tensor<f32[N, S, 12, 32]>
      %6 = mod.permute %5 by [0, 2, 1, 3] : (!mod.tensor<f32[N, S, 12, 32]>) -> !mod.tensor<f32[N, 12, S, 32]>
      %7 = mod.call "value" -> @forward(%arg0) site 2 : (!mod.tensor<f32[N, S, 384]>) -> !mod.tensor<f32[N, S, 384]>
      %8 = mod.reshape %7 to [#mod.dim<N>, #mod.dim<S>, #mod.dim<12>, #mod.dim<32>] : (!mod.tensor<f32[N, S, 384]>) -> !mod.tensor<f32[N, S, 12, 32]>
      %9 = mod.permute %8 by [0, 2, 1, 3] : (!mod.tensor<f32[N, S, 12, 32]>) -> !mod.tensor<f32[N, 12, S, 32]>
      %10 = mod.key %0, 3
      %11 = mod.attention %3, %6, %9 mask %arg1 key %10 scale 0.17677669529663687 dropout 1.000000e-01 : (!mod.tensor<f32[N, 12, S, 32]>, !mod.tensor<f32[N, 12, S, 32]>, !mod.tensor<f32[N, 12, S, 32]>, !mod.tensor<f32[N, 1, 1, S]>, !mod.rng) -> !mod.tensor<f32[N, 12, S, 32]>
      %12 = mod.permute %11 by [0, 2, 1, 3] : (!mod.tensor<f32[N, 12, S, 32]>) -> !mod.tensor<f32[N, S, 12, 32]>
      %13 = mod.reshape %12 to [#mod.dim<N>, #mod.dim<S>, #mod.dim<384>] : (!mod.tensor<f32[N, S, 12, 32]>) -> !mod.tensor<f32[N, S, 384]>
      mod.return %13 : !mod.tensor<f32[N, S, 384]>
    }
  }
  mod.class @BertOutput_384_384_0.1 from "BertOutput" kind "module" ctor [#mod.arg<"inp" = 384 : i64>, #mod.arg<"dim" = 384 : i64>, #mod.arg<"p" = 1.000000e-01 : f64>] attributes {doc = "Dense layer, dropout, residual sum, layer norm: the end of both halves of a layer."} {
    mod.child @dense = @Linear_384_384
    mod.child @LayerNorm = @LayerNorm_384_1e_12
    mod.child @dropout = @Dropout_0.1
    mod.func @forward(%arg0: !mod.tensor<f32[N, S, 384]> {mod.name = "y"}, %arg1: !mod.tensor<f32[N, S, 384]> {mod.name = "x"}) -> (!mod.tensor<f32[N, S, 384]> {mod.name = "output"}) attributes {dims = ["N", "S"]} {
      %0 = mod.call "dense" -> @forward(%arg0) site 0 : (!mod.tensor<f32[N, S, 384]>) -> !mod.tensor<f32[N, S, 384]>
      %1 = mod.call "dropout" -> @forward(%0) site 1 : (!mod.tensor<f32[N, S, 384]>) -> !mod.tensor<f32[N, S, 384]>
      %2 = mod.add %arg1, %1 : (!mod.tensor<f32[N, S, 384]>, !mod.tensor<f32[N, S, 384]>) -> !mod.tensor<f32[N, S, 384]>
      %3 = mod.call "LayerNorm" -> @forward(%2) site 2 : (!mod.tensor<f32[N, S, 384]>) -> !mod.tensor<f32[N, S, 384]>
      mod.return %3 : !mod.tensor<f32[N, S, 384]>
    }
  }
  mod.class @BertAttention_384_12_0.1 from "BertAttention" kind "module" ctor [#mod.arg<"dim" = 384 : i64>, #mod.arg<"heads" = 12 : i64>, #mod.arg<"p" = 1.000000e-01 : f64>] {
    mod.child @self = @BertSelfAttention_384_12_0.1
    mod.child @output = @BertOutput_384_384_0.1
    mod.func @forward(%arg0: !mod.tensor<f32[N, S, 384]> {mod.name = "x"}, %arg1: !mod.tensor<f32[N, 1, 1, S]> {mod.name = "mask"}) -> (!mod.tensor<f32[N, S, 384]> {mod.name = "output"}) attributes {dims = ["N", "S"]} {
      %0 = mod.call "self" -> @forward(%arg0, %arg1) site 0 : (!mod.tensor<f32[N, S, 384]>, !mod.tensor<f32[N, 1, 1, S]>) -> !mod.tensor<f32[N, S, 384]>
      %1 = mod.call "output" -> @forward(%0, %arg0) site 1 : (!mod.tensor<f32[N, S, 384]>, !mod.tensor<f32[N, S, 384]>) -> !mod.tensor<f32[N, S, 384]>
      mod.return %1 : !mod.tensor<f32[N, S, 384]>
    }
  }
  mod.class @Linear_384_1536 from "Linear" kind "module" ctor [#mod.arg<"in_features" = 384 : i64>, #mod.arg<"out_features" = 1536 : i64>, #mod.arg<"bias" = true>, #mod.arg<"dtype" = "f32">] repr "in_features=384, out_features=1536, bias=True" attributes {doc = "y = x W^T + b over the last dimension."} {
    mod.param @weight : !mod.tensor<f32[1536, 384]> init <uniform -0.05103103630798287, 0.05103103630798287>
    mod.param @bias : !mod.tensor<f32[1536]> init <uniform -0.051031036307982884, 0.051031036307982884>
    mod.func @forward(%arg0: !mod.tensor<f32[d0, d1, 384]> {mod.name = "x"}) -> (!mod.tensor<f32[d0, d1, 1536]> {mod.name = "output"}) attributes {dims = ["d0", "d1"]} {
      %0 = mod.get "weight" : <f32[1536, 384]>
      %1 = mod.matmul %arg0, %0 trans_b true : (!mod.tensor<f32[d0, d1, 384]>, !mod.tensor<f32[1536, 384]>) -> !mod.tensor<f32[d0, d1, 1536]>
      %2 = mod.get "bias" : <f32[1536]>
      %3 = mod.add %1, %2 : (!mod.tensor<f32[d0, d1, 1536]>, !mod.tensor<f32[1536]>) -> !mod.tensor<f32[d0, d1, 1536]>
      mod.return %3 : !mod.tensor<f32[d0, d1, 1536]>
    }
  }
  mod.class @BertIntermediate_384_1536 from "BertIntermediate" kind "module" ctor [#mod.arg<"dim" = 384 : i64>, #mod.arg<"ffn" = 1536 : i64>] {
    mod.child @dense = @Linear_384_1536
    mod.func @forward(%arg0: !mod.tensor<f32[N, S, 384]> {mod.name = "x"}) -> (!mod.tensor<f32[N, S, 1536]> {mod.name = "output"}) attributes {dims = ["N", "S"]} {
      %0 = mod.call "dense" -> @forward(%arg0) site 0 : (!mod.tensor<f32[N, S, 384]>) -> !mod.tensor<f32[N, S, 1536]>
      %1 = mod.full 5.000000e-01 : f64 as f32 [] : <f32[]>
      %2 = mod.mul %1, %0 : (!mod.tensor<f32[]>, !mod.tensor<f32[N, S, 1536]>) -> !mod.tensor<f32[N, S, 1536]>
      %3 = mod.full 0.70710678118654757 : f64 as f32 [] : <f32[]>
      %4 = mod.mul %0, %3 : (!mod.tensor<f32[N, S, 1536]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[N, S, 1536]>
      %5 = mod.erf %4 : (!mod.tensor<f32[N, S, 1536]>) -> !mod.tensor<f32[N, S, 1536]>
      %6 = mod.full 1.000000e+00 : f64 as f32 [] : <f32[]>
      %7 = mod.add %6, %5 : (!mod.tensor<f32[]>, !mod.tensor<f32[N, S, 1536]>) -> !mod.tensor<f32[N, S, 1536]>
      %8 = mod.mul %2, %7 : (!mod.tensor<f32[N, S, 1536]>, !mod.tensor<f32[N, S, 1536]>) -> !mod.tensor<f32[N, S, 1536]>
      mod.return %8 : !mod.tensor<f32[N, S, 1536]>
    }
  }
  mod.class @Linear_1536_384 from "Linear" kind "module" ctor [#mod.arg<"in_features" = 1536 : i64>, #mod.arg<"out_features" = 384 : i64>, #mod.arg<"bias" = true>, #mod.arg<"dtype" = "f32">] repr "in_features=1536, out_features=384, bias=True" attributes {doc = "y = x W^T + b over the last dimension."} {
    mod.param @weight : !mod.tensor<f32[384, 1536]> init <uniform -0.025515518153991435, 0.025515518153991435>
    mod.param @bias : !mod.tensor<f32[384]> init <uniform -0.025515518153991442, 0.025515518153991442>
    mod.func @forward(%arg0: !mod.tensor<f32[d0, d1, 1536]> {mod.name = "x"}) -> (!mod.tensor<f32[d0, d1, 384]> {mod.name = "output"}) attributes {dims = ["d0", "d1"]} {
      %0 = mod.get "weight" : <f32[384, 1536]>
      %1 = mod.matmul %arg0, %0 trans_b true : (!mod.tensor<f32[d0, d1, 1536]>, !mod.tensor<f32[384, 1536]>) -> !mod.tensor<f32[d0, d1, 384]>
      %2 = mod.get "bias" : <f32[384]>
      %3 = mod.add %1, %2 : (!mod.tensor<f32[d0, d1, 384]>, !mod.tensor<f32[384]>) -> !mod.tensor<f32[d0, d1, 384]>
      mod.return %3 : !mod.tensor<f32[d0, d1, 384]>
    }
  }
  mod.class @BertOutput_1536_384_0.1 from "BertOutput" kind "module" ctor [#mod.arg<"inp" = 1536 : i64>, #mod.arg<"dim" = 384 : i64>, #mod.arg<"p" = 1.000000e-01 : f64>] attributes {doc = "Dense layer, dropout, residual sum, layer norm: the end of both halves of a layer."} {
    mod.child @dense = @Linear_1536_384
    mod.child @LayerNorm = @LayerNorm_384_1e_12
    mod.child @dropout = @Dropout_0.1
    mod.func @forward(%arg0: !mod.tensor<f32[N, S, 1536]> {mod.name = "y"}, %arg1: !mod.tensor<f32[N, S, 384]> {mod.name = "x"}) -> (!mod.tensor<f32[N, S, 384]> {mod.name = "output"}) attributes {dims = ["N", "S"]} {
      %0 = mod.call "dense" -> @forward(%arg0) site 0 : (!mod.tensor<f32[N, S, 1536]>) -> !mod.tensor<f32[N, S, 384]>
      %1 = mod.call "dropout" -> @forward(%0) site 1 : (!mod.tensor<f32[N, S, 384]>) -> !mod.tensor<f32[N, S, 384]>
      %2 = mod.add %arg1, %1 : (!mod.tensor<f32[N, S, 384]>, !mod.tensor<f32[N, S, 384]>) -> !mod.tensor<f32[N, S, 384]>
      %3 = mod.call "LayerNorm" -> @forward(%2) site 2 : (!mod.tensor<f32[N, S, 384]>) -> !mod.tensor<f32[N, S, 384]>
      mod.return %3 : !mod.tensor<f32[N, S, 384]>
    }
  }
  mod.class @BertLayer_384_12_1536_0.1 from "BertLayer" kind "module" ctor [#mod.arg<"dim" = 384 : i64>, #mod.arg<"heads" = 12 : i64>, #mod.arg<"ffn" = 1536 : i64>, #mod.arg<"p" = 1.000000e-01 : f64>] {
    mod.child @attention = @BertAttention_384_12_0.1
    mod.child @intermediate = @BertIntermediate_384_1536
    mod.child @output = @BertOutput_1536_384_0.1
    mod.func @forward(%arg0: !mod.tensor<f32[N, S, 384]> {mod.name = "x"}, %arg1: !mod.tensor<f32[N, 1, 1, S]> {mod.name = "mask"}) -> (!mod.tensor<f32[N, S, 384]> {mod.name = "output"}) attributes {dims = ["N", "S"]} {
      %0 = mod.call "attention" -> @forward(%arg0, %arg1) site 0 : (!mod.tensor<f32[N, S, 384]>, !mod.tensor<f32[N, 1, 1, S]>) -> !mod.tensor<f32[N, S, 384]>
      %1 = mod.call "intermediate" -> @forward(%0) site 1 : (!mod.tensor<f32[N, S, 384]>) -> !mod.tensor<f32[N, S, 1536]>
      %2 = mod.call "output" -> @forward(%1, %0) site 2 : (!mod.tensor<f32[N, S, 1536]>, !mod.tensor<f32[N, S, 384]>) -> !mod.tensor<f32[N, S, 384]>
      mod.return %2 : !mod.tensor<f32[N, S, 384]>
    }
  }
  mod.class @ModuleList from "ModuleList" kind "list" attributes {doc = "Children named 0, 1, ... A list of modules assigned to a member becomes one of these."} {
    mod.child @"0" = @BertLayer_384_12_1536_0.1
    mod.child @"1" = @BertLayer_384_12_1536_0.1
    mod.child @"2" = @BertLayer_384_12_1536_0.1
    mod.child @"3" = @BertLayer_384_12_1536_0.1
    mod.child @"4" = @BertLayer_384_12_1536_0.1
    mod.child @"5" = @BertLayer_384_12_1536_0.1
  }
  mod.class @BertEncoder_6_384_12_1536_0.1 from "BertEncoder" kind "module" ctor [#mod.arg<"layers" = 6 : i64>, #mod.arg<"dim" = 384 : i64>, #mod.arg<"heads" = 12 : i64>, #mod.arg<"ffn" = 1536 : i64>, #mod.arg<"p" = 1.000000e-01 : f64>] {
    mod.child @layer = @ModuleList
    mod.func @forward(%arg0: !mod.tensor<f32[N, S, 384]> {mod.name = "x"}, %arg1: !mod.tensor<f32[N, 1, 1, S]> {mod.name = "mask"}) -> (!mod.tensor<f32[N, S, 384]> {mod.name = "output"}) attributes {dims = ["N", "S"]} {
      %0 = mod.call "layer.0" -> @forward(%arg0, %arg1) site 0 : (!mod.tensor<f32[N, S, 384]>, !mod.tensor<f32[N, 1, 1, S]>) -> !mod.tensor<f32[N, S, 384]>
      %1 = mod.call "layer.1" -> @forward(%0, %arg1) site 1 : (!mod.tensor<f32[N, S, 384]>, !mod.tensor<f32[N, 1, 1, S]>) -> !mod.tensor<f32[N, S, 384]>
      %2 = mod.call "layer.2" -> @forward(%1, %arg1) site 2 : (!mod.tensor<f32[N, S, 384]>, !mod.tensor<f32[N, 1, 1, S]>) -> !mod.tensor<f32[N, S, 384]>
      %3 = mod.call "layer.3" -> @forward(%2, %arg1) site 3 : (!mod.tensor<f32[N, S, 384]>, !mod.tensor<f32[N, 1, 1, S]>) -> !mod.tensor<f32[N, S, 384]>
      %4 = mod.call "layer.4" -> @forward(%3, %arg1) site 4 : (!mod.tensor<f32[N, S, 384]>, !mod.tensor<f32[N, 1, 1, S]>) -> !mod.tensor<f32[N, S, 384]>
      %5 = mod.call "layer.5" -> @forward(%4, %arg1) site 5 : (!mod.tensor<f32[N, S, 384]>, !mod.tensor<f32[N, 1, 1, S]>) -> !mod.tensor<f32[N, S, 384]>
      mod.return %5 : !mod.tensor<f32[N, S, 384]>
    }
  }
  mod.class @BertPooler_384 from "BertPooler" kind "module" ctor [#mod.arg<"dim" = 384 : i64>] {
    mod.child @dense = @Linear_384_384
    mod.func @forward(%arg0: !mod.tensor<f32[N, S, 384]> {mod.name = "x"}) -> (!mod.tensor<f32[N, 384]> {mod.name = "output"}) attributes {dims = ["N", "S"], guards = [#mod.guard<le, <1>, <S>, "index: 0 < S">]} {
      %0 = mod.narrow %arg0 dim 1 from <0> length <1> : (!mod.tensor<f32[N, S, 384]>) -> !mod.tensor<f32[N, 1, 384]>
      %1 = mod.reshape %0 to [#mod.dim<N>, #mod.dim<384>] : (!mod.tensor<f32[N, 1, 384]>) -> !mod.tensor<f32[N, 384]>
      %2 = mod.call "dense" -> @forward.v1(%1) site 0 : (!mod.tensor<f32[N, 384]>) -> !mod.tensor<f32[N, 384]>
      %3 = mod.tanh %2 : (!mod.tensor<f32[N, 384]>) -> !mod.tensor<f32[N, 384]>
      mod.return %3 : !mod.tensor<f32[N, 384]>
    }
  }
  mod.class @BertModel from "BertModel" kind "module" ctor [#mod.arg<"dim" = 384 : i64>, #mod.arg<"layers" = 6 : i64>, #mod.arg<"heads" = 12 : i64>, #mod.arg<"ffn" = 1536 : i64>, #mod.arg<"vocab" = 30522 : i64>, #mod.arg<"max_len" = 512 : i64>, #mod.arg<"p" = 1.000000e-01 : f64>] {
    mod.child @embeddings = @BertEmbeddings_30522_384_512_0.1
    mod.child @encoder = @BertEncoder_6_384_12_1536_0.1
    mod.child @pooler = @BertPooler_384
    mod.func @forward(%arg0: !mod.tensor<i64[N, S]> {mod.name = "input_ids"}, %arg1: !mod.tensor<i64[N, S]> {mod.name = "attention_mask"}) -> (!mod.tensor<f32[N, S, 384]> {mod.name = "last_hidden_state"}, !mod.tensor<f32[N, 384]> {mod.name = "pooler_output"}) attributes {dims = ["N", "S"], ranges = [#mod.range<"S", 1, 512>]} {
      %0 = mod.call "embeddings" -> @forward(%arg0) site 0 : (!mod.tensor<i64[N, S]>) -> !mod.tensor<f32[N, S, 384]>
      %1 = mod.reshape %arg1 to [#mod.dim<N>, #mod.dim<1>, #mod.dim<1>, #mod.dim<S>] : (!mod.tensor<i64[N, S]>) -> !mod.tensor<i64[N, 1, 1, S]>
      %2 = mod.to %1 as f32 : (!mod.tensor<i64[N, 1, 1, S]>) -> !mod.tensor<f32[N, 1, 1, S]>
      %3 = mod.full 1.000000e+00 : f64 as f32 [] : <f32[]>
      %4 = mod.sub %3, %2 : (!mod.tensor<f32[]>, !mod.tensor<f32[N, 1, 1, S]>) -> !mod.tensor<f32[N, 1, 1, S]>
      %5 = mod.full -3.4028234663852886E+38 : f64 as f32 [] : <f32[]>
      %6 = mod.mul %4, %5 : (!mod.tensor<f32[N, 1, 1, S]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[N, 1, 1, S]>
      %7 = mod.call "encoder" -> @forward(%0, %6) site 1 : (!mod.tensor<f32[N, S, 384]>, !mod.tensor<f32[N, 1, 1, S]>) -> !mod.tensor<f32[N, S, 384]>
      %8 = mod.call "pooler" -> @forward(%7) site 2 : (!mod.tensor<f32[N, S, 384]>) -> !mod.tensor<f32[N, 384]>
      mod.return %7, %8 : !mod.tensor<f32[N, S, 384]>, !mod.tensor<f32[N, 384]>
    }
    mod.func @encode(%arg0: !mod.tensor<i64[N, S]> {mod.name = "input_ids"}, %arg1: !mod.tensor<i64[N, S]> {mod.name = "attention_mask"}) -> (!mod.tensor<f32[N, S, 384]> {mod.name = "last_hidden_state"}) attributes {dims = ["N", "S"], ranges = [#mod.range<"S", 1, 512>]} {
      %0:2 = mod.call "" -> @forward(%arg0, %arg1) site 0 : (!mod.tensor<i64[N, S]>, !mod.tensor<i64[N, S]>) -> (!mod.tensor<f32[N, S, 384]>, !mod.tensor<f32[N, 384]>)
      mod.return %0#0 : !mod.tensor<f32[N, S, 384]>
    }
    mod.func @embed(%arg0: !mod.tensor<i64[N, S]> {mod.name = "input_ids"}, %arg1: !mod.tensor<i64[N, S]> {mod.name = "attention_mask"}) -> (!mod.tensor<f32[N, 384]> {mod.name = "embedding"}) attributes {dims = ["N", "S"], ranges = [#mod.range<"S", 1, 512>]} {
      %0:2 = mod.call "" -> @forward(%arg0, %arg1) site 0 : (!mod.tensor<i64[N, S]>, !mod.tensor<i64[N, S]>) -> (!mod.tensor<f32[N, S, 384]>, !mod.tensor<f32[N, 384]>)
      %1 = mod.reshape %arg1 to [#mod.dim<N>, #mod.dim<S>, #mod.dim<1>] : (!mod.tensor<i64[N, S]>) -> !mod.tensor<i64[N, S, 1]>
      %2 = mod.to %1 as f32 : (!mod.tensor<i64[N, S, 1]>) -> !mod.tensor<f32[N, S, 1]>
      %3 = mod.mul %0#0, %2 : (!mod.tensor<f32[N, S, 384]>, !mod.tensor<f32[N, S, 1]>) -> !mod.tensor<f32[N, S, 384]>
      %4 = mod.sum %3 over [1] : (!mod.tensor<f32[N, S, 384]>) -> !mod.tensor<f32[N, 384]>
      %5 = mod.sum %2 over [1] : (!mod.tensor<f32[N, S, 1]>) -> !mod.tensor<f32[N, 1]>
      %6 = mod.full 1.000000e-09 : f64 as f32 [] : <f32[]>
      %7 = mod.maximum %5, %6 : (!mod.tensor<f32[N, 1]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[N, 1]>
      %8 = mod.div %4, %7 : (!mod.tensor<f32[N, 384]>, !mod.tensor<f32[N, 1]>) -> !mod.tensor<f32[N, 384]>
      %9 = mod.mul %8, %8 : (!mod.tensor<f32[N, 384]>, !mod.tensor<f32[N, 384]>) -> !mod.tensor<f32[N, 384]>
      %10 = mod.sum %9 over [1] keepdim true : (!mod.tensor<f32[N, 384]>) -> !mod.tensor<f32[N, 1]>
      %11 = mod.full 0.000000e+00 : f64 as f32 [] : <f32[]>
      %12 = mod.eq %10, %11 : (!mod.tensor<f32[N, 1]>, !mod.tensor<f32[]>) -> !mod.tensor<i1[N, 1]>
      %13 = mod.full 0.000000e+00 : f64 as f32 [] : <f32[]>
      %14 = mod.eq %10, %13 : (!mod.tensor<f32[N, 1]>, !mod.tensor<f32[]>) -> !mod.tensor<i1[N, 1]>
      %15 = mod.full 1.000000e+00 : f64 as f32 [] : <f32[]>
      %16 = mod.where %14, %15, %10 : (!mod.tensor<i1[N, 1]>, !mod.tensor<f32[]>, !mod.tensor<f32[N, 1]>) -> !mod.tensor<f32[N, 1]>
      %17 = mod.sqrt %16 : (!mod.tensor<f32[N, 1]>) -> !mod.tensor<f32[N, 1]>
      %18 = mod.full 0.000000e+00 : f64 as f32 [] : <f32[]>
      %19 = mod.where %12, %18, %17 : (!mod.tensor<i1[N, 1]>, !mod.tensor<f32[]>, !mod.tensor<f32[N, 1]>) -> !mod.tensor<f32[N, 1]>
      %20 = mod.full 9.9999999999999998E-13 : f64 as f32 [] : <f32[]>
      %21 = mod.maximum %19, %20 : (!mod.tensor<f32[N, 1]>, !mod.tensor<f32[]>) -> !mod.tensor<f32[N, 1]>
      %22 = mod.div %8, %21 : (!mod.tensor<f32[N, 384]>, !mod.tensor<f32[N, 1]>) -> !mod.tensor<f32[N, 384]>
      mod.return %22 : !mod.tensor<f32[N, 384]>
    }
  }
  mod.export @minilm = @BertModel -> @forward instance 0
  mod.export @encoder = @BertModel -> @encode instance 0
  mod.export @embedder = @BertModel -> @embed instance 0
}

