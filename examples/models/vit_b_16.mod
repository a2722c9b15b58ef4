## Vision transformer ViT-B/16, with the parameter names of torchvision.
import nn

module EncoderBlock(dim: int, heads: int, ffn: int, p: float):
    ln_1 = nn.LayerNorm(dim, eps=1e-6)
    self_attention = nn.MultiheadAttention(dim, heads, dropout=p, batch_first=True)
    dropout = nn.Dropout(p)
    ln_2 = nn.LayerNorm(dim, eps=1e-6)
    mlp = nn.Sequential(nn.Linear(dim, ffn), nn.GELU(), nn.Dropout(p), nn.Linear(ffn, dim), nn.Dropout(p))

    def forward(input: f32[N, S, dim]):
        x = ln_1(input)
        x, _ = self_attention(x, x, x, need_weights=False)
        x = dropout(x) + input
        return x + mlp(ln_2(x))

module Encoder(length: int, layers: int, dim: int, heads: int, ffn: int, p: float):
    param pos_embedding: f32[1, length, dim] = nn.init.normal(std=0.02)
    dropout = nn.Dropout(p)
    layers = nn.Sequential({"encoder_layer_{i}": EncoderBlock(dim, heads, ffn, p) for i in range(layers)})
    ln = nn.LayerNorm(dim, eps=1e-6)

    def forward(x: f32[N, length, dim]):
        return ln(layers(dropout(x + pos_embedding)))

module VisionTransformer(image: int, patch: int, layers: int, heads: int, dim: int, ffn: int, num_classes: int = 1000,
                         p: float = 0.0):
    assert image % patch == 0, "the image size must be divisible by the patch size"
    conv_proj = nn.Conv2d(3, dim, patch, patch)
    param class_token: f32[1, 1, dim] = zeros
    encoder = Encoder((image // patch) ** 2 + 1, layers, dim, heads, ffn, p)
    heads = nn.Sequential({"head": nn.Linear(dim, num_classes)})

    def forward(x: f32[N, 3, image, image]):
        x = conv_proj(x).flatten(2).transpose(1, 2)
        x = cat([class_token.expand(N, -1, -1), x], 1)
        return heads(encoder(x)[:, 0])

export vit_b_16 = VisionTransformer(224, 16, layers=12, heads=12, dim=768, ffn=3072)
