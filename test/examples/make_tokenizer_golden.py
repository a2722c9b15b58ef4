"""Writes tokenizer_golden.txt: sentences and the numbers that the `tokenizers` package gives them.

    .venv/bin/python test/examples/make_tokenizer_golden.py build/minilm/vocab.txt > test/examples/tokenizer_golden.txt

Each line: numbers separated by spaces, a tab, the text as a JSON string.
"""
import json
import random
import sys

from tokenizers import BertWordPieceTokenizer

tokenizer = BertWordPieceTokenizer(sys.argv[1], lowercase=True)
tokenizer.enable_truncation(256)
rng = random.Random(3)

fixed = [
    "", " ", "a", "Hello, world!", "don't stop", "naïve café résumé Ångström", "ÀÉÎÕÜ ßÿ Ø œ Æ", "İstanbul ılık", "ΣΊΣΥΦΟΣ σίσυφος",
    "Привет, мир! Ёлка й", "你好，世界", "日本語のテキスト", "한국어 문장 입니다", "العربية شكرا", "हिन्दी वाक्य", "emoji 😀👍🏽 and ☃",
    "tab\tnew\nline\r\nend", "nul\x00byte\x07bell\u200bzero\ufeffwidth", "soft\u00adhyphen", "wide　space\u2003em", "a" * 99, "b" * 100, "c" * 101,
    "e\u0301 composed \u00e9", "ﬁ ligature", "𝒎𝒂𝒕𝒉", "½ ¼ ² ³", "$100 + 20% = £80 ~ ^_^ `x` <tag> |a|", "…“quoted”—dash– ‘x’ «y» ¿q? ¡e!",
    "C++ & C# @home #tag", "www.example.com/path?q=1&r=2", "1,234.56", "supercalifragilisticexpialidocious", "unaffable", "words " * 300,
    "\ue000private\ue001", "𠀀𠀁 rare", "ǅ ǆ Ǆ", "ⅷ Ⅷ", "Å K Ω", "a\u0300\u0301\u0302b", "\u1e9e sharp", "ʼn", "ÿ̈",
]
alphabet = [chr(c) for c in range(0x20, 0x250)] + [chr(c) for c in range(0x370, 0x500)] + list("的一是中文日本語ひらカタ한글각") + list(" ,.!?-'\"") * 8
mixed = ["".join(rng.choice(alphabet) for _ in range(rng.randint(1, 60))) for _ in range(200)]
words = "The of and tokenization Philosophers' re-entered antidisestablishmentarianism GPU's U.S.A. x86-64 mRNA".split()
plain = [" ".join(rng.choice(words) for _ in range(rng.randint(2, 40))) for _ in range(60)]
for text in fixed + mixed + plain:
    print(" ".join(map(str, tokenizer.encode(text).ids)) + "\t" + json.dumps(text))
