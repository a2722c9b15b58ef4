// The artifact written by hand: what its tests must know of it. In the language it would be
//
//   module Linear(inp: int, out: int):     param weight: f32[out, inp];  param bias: f32[out];  forward(x: f32[N, inp])
//   -> x @ weight.t() + bias module Dropout(p = 0.5):               forward(x: f32[A, B]) -> x, or in training
//   where(random(A, B) < p, 0, x / (1 - p)) module Mean(dim: int):                 buffer mean: f32[dim] = 0;  buffer
//   count: i64[] = 0
//                                          forward(x: f32[N, dim]): if training: mean = 0.5 * mean + 0.5 * x.mean(0);
//                                          count += 1
//                                                                   return x - mean
//   module Net():
//       layers = [Linear(8, 16), Linear(16, 16)];  drop = Dropout();  norm = Mean(16);  head = Linear(16, 4);  extra =
//       None buffer offsets: f32[4] = [0, 1, 2, 3], not persistent forward(x: f32[N, 8], steps: int): # 1 <= N <= 4096,
//       guard: steps >= 0
//           h = relu(layers[0](x))
//           for i in range(steps): h = drop(relu(layers[1](h)))
//           return head(norm(h)) + offsets
//       embed(x: f32[N, 8]) -> relu(layers[0](x))
//   export net = Net();  embed = net.embed;  embed_layer = net.layers[0];  head5 = Linear(16, 5);  alt = Identity()
//   export pair: two Linear(16, 16) in a row, one weight;  twice: one Mean under two names, called twice;  seq =
//   Sequential(Linear(16, 16), Dropout()) export scaled: forward(x: f32[A, B], factor: float) -> (x * factor, x)
#pragma once
#include "modrt/abi.h"

extern "C" const modc_artifact *modc_artifact_v1(void);
