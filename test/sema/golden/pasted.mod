## What may stand as PyTorch's users type it: torch's names, `self`, in-place operators, f-strings, type hints, options without meaning.
import nn
import nn.functional as F
import torch

module Pasted(dim: int, heads: int = 4, dropout: float = 0.1, bias: bool = True):
    assert dim % heads == 0, f"{dim} is not divisible by {heads}"
    self.heads = heads
    self.norm = nn.LayerNorm(dim)
    self.qkv = nn.Linear(dim, 3 * dim, bias=bias)
    self.act = nn.ReLU(inplace=True)
    self.drop = nn.Dropout(p=dropout)
    self.blocks = nn.ModuleList([nn.Linear(dim, dim) for _ in range(2)])
    buffer scale: f32[] = 1.0

    def attend(x):
        q, k, v = self.qkv(x).chunk(3, dim=-1)
        scores = torch.matmul(q, k.transpose(-2, -1)) / sqrt(x.size(-1))
        scores = scores.masked_fill(torch.ones(x.size(1), x.size(1)).triu(1) > 0, -inf)
        return torch.softmax(scores, dim=-1) @ v

    def forward(x: f32[N, S, dim], mask: bool[N, S]) -> f32[N, 2 * S, dim]:
        if self.training:
            x = F.dropout(x, 0.1, self.training)
        h = self.norm(x)
        h *= self.scale
        h += self.attend(h)
        for i, block in enumerate(self.blocks):
            h = self.act(block(h))
        h = torch.where(mask.unsqueeze(-1), h, torch.zeros_like(h))
        y = torch.cat([x, self.drop(h)], dim=1)
        y = y.view(y.size(0), -1, self.heads, y.shape[-1] // self.heads).permute(0, 1, 2, 3).contiguous()
        y = y.reshape(y.shape[0], y.shape[1], -1)
        return y.float()

export pasted = Pasted(16)
