## Every module of the library whose primitives are compiled, on an input of its own.
import nn
import nn.functional as F

## Calls each of the modules on x and adds nothing: results side by side.
module All(modules: list[Module]):
    each = modules

    def forward(x):
        return [m(x) for m in each]

export activations(x: f32[N, 4, 6]) = All(
    [nn.ReLU(), nn.ReLU6(), nn.LeakyReLU(), nn.PReLU(), nn.PReLU(4), nn.ELU(), nn.SELU(), nn.GELU(), nn.GELU("tanh"),
     nn.SiLU(), nn.Mish(), nn.Sigmoid(), nn.Tanh(), nn.Hardsigmoid(), nn.Hardswish(), nn.Hardtanh(), nn.Softplus(),
     nn.LogSigmoid(), nn.Softsign(), nn.GLU(), nn.GLU(1), nn.Softmax(1), nn.LogSoftmax(-1)])
export norms(x: f32[N, 4, 6]) = All(
    [nn.BatchNorm1d(4), nn.BatchNorm1d(4, affine=False), nn.BatchNorm1d(4, momentum=None),
     nn.BatchNorm1d(4, track_running_stats=False), nn.InstanceNorm1d(4),
     nn.InstanceNorm1d(4, affine=True, track_running_stats=True), nn.LayerNorm(6), nn.LayerNorm([4, 6], bias=False),
     nn.RMSNorm(6), nn.GroupNorm(2, 4)])
export linears(x: f32[N, 4, 6]) = All(
    [nn.Linear(6, 3), nn.Linear(6, 3, bias=False), nn.Identity(1, 2), nn.Flatten(), nn.Unflatten(1, [2, 2]),
     nn.Sequential(nn.Flatten(), nn.Linear(24, 2)), nn.Dropout(0.1), nn.Dropout1d(0.3)])
export bilinear(a: f32[N, 5], b: f32[N, 3]) = nn.Bilinear(5, 3, 4)
export images(x: f32[N, 4, H, W]) = All(
    [nn.BatchNorm2d(4), nn.InstanceNorm2d(4), nn.GroupNorm(2, 4), nn.Dropout2d(), nn.AdaptiveAvgPool2d(1)])
export embedding(x: i64[N, S]) = All([nn.Embedding(10, 4), nn.Embedding(10, 4, padding_idx=0)])
export attention(query: f32[N, L, 8], key: f32[N, S, 8],
                 value: f32[N, S, 8]) = nn.MultiheadAttention(8, 2, dropout=0.1, batch_first=True)
export encoder(src: f32[N, S, 8]) = nn.TransformerEncoder(nn.TransformerEncoderLayer(8, 2, 16, batch_first=True), 2)
export mse(input: f32[N, 3], target: f32[N, 3]) = nn.MSELoss()
export cross_entropy(input: f32[N, 5], target: i64[N]) = nn.CrossEntropyLoss(label_smoothing=0.1)
export weighted(input: f32[N, 3], target: i64[N]) = nn.CrossEntropyLoss(weight=[0.2, 0.3, 0.5])
export bce(input: f32[N, 3], target: f32[N, 3]) = nn.BCEWithLogitsLoss()
