## Loops and branches that the run decides.

import nn

module Steps():
    buffer count: i64[] = 0
    fc = nn.Linear(4, 4)
    drop = nn.Dropout(0.5)

    ## Carried values, an accumulator that begins as a number, a child with state and random draws in the loop.
    def forward(x: f32[S, N, 4]) -> (y: f32[S, N, 4], total: f32[], h: f32[N, 4]):
        h = zeros(x.shape[1], 4)
        y = zeros(*x.shape)
        total = 0.0
        for t in range(x.shape[0]):
            h = tanh(fc(drop(h)) + x[t])
            y[t] = h
            total += h.sum()
            count += 1
        return y, total, h

    ## The sides of branches: values, early returns, numbers of two kinds, sizes.
    def branches(x: f32[N, 4]) -> (a: f32[N, 4], b: f32[], c: i64[]):
        if x.sum() > 0:
            a = x * 2
            k = 1
        elif x.shape[0] > 3:
            a = x[3:4] + x
            k = 2
        else:
            a, k = -x, 3
        b = x.abs().sum() if x[0, 0] > 0 and x.shape[0] != 2 else -1.0
        if not (a.sum() < 0):
            return a, b, k
        n = 0
        while a.sum() < -1 and n < 10:
            a = a / 2
            n += 1
        return a, b, n + k

    ## Rows, pairs of rows, ranges with steps, loops in loops, windows that move.
    def rows(x: f32[S, 4], z: f32[S, 4]) -> (s: f32[4], d: f32[], w: f32[4, 4], tri: f32[]):
        s = zeros(4)
        for i, (a, b) in enumerate(zip(x, reversed(z))):
            s = s + a * b * i
        d = 0
        for t in range(x.shape[0] - 1, -1, -2):
            d = d + x[t, 0]
        w = zeros(4, 4)
        for t in range(x.shape[0] - 3):
            w = w + x[t:t + 4]
        tri = 0.0
        for i in range(x.shape[0]):
            for j in range(i):
                tri = tri + x[i, 0] * z[j, 1]
            if i > 0:
                tri = tri - x[i - 1, 0]
        return s, d, w, tri

    ## Indices that tensors hold.
    def indices(x: f32[S, 4], k: i64[], rows: i64[N], cols: i64[N]) -> (a: f32[4], b: f32[2, 4], c: f32[N],
                                                                        d: f32[S, 4]):
        y = x
        y[k] = 0.0
        y[k:k + 2, 1:3] = 5.0
        return x[k], x[k:k + 2], x[rows, cols], y

steps = Steps()

export steps = steps
export branches = steps.branches
export rows = steps.rows
export indices = steps.indices
