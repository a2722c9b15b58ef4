"""Writes unicode_tables.inc: what BERT's uncased normalisation does to each character, from Python's unicodedata.

    python3 make_unicode_tables.py > unicode_tables.inc
"""
import sys
import unicodedata

HANGUL = range(0xAC00, 0xD7A4)  # decomposed by formula in the tokenizer


def folded(c):
    """Canonical decomposition without combining marks, in lower case."""
    kept = (x for x in unicodedata.normalize("NFD", chr(c)) if unicodedata.category(x) != "Mn")
    return "".join(x.lower() for x in kept)


def ranges(test):
    out, start = [], None
    for c in range(sys.maxunicode + 2):
        inside = c <= sys.maxunicode and not 0xD800 <= c <= 0xDFFF and test(c)
        if inside and start is None:
            start = c
        if not inside and start is not None:
            out.append((start, c - 1))
            start = None
    return out


def table(name, rows, width):
    print(f"inline constexpr {name}[] = {{")
    line = "   "
    for row in rows:
        text = " {" + ", ".join(x if isinstance(x, str) else f"{x:#x}" for x in row) + "},"
        if len(line) + len(text) > width:
            print(line)
            line = "   "
        line += text
    print(line)
    print("};\n")


print("// Made by make_unicode_tables.py from Unicode", unicodedata.unidata_version + "; do not edit.\n")
fold = [(c, folded(c)) for c in range(sys.maxunicode + 1) if not 0xD800 <= c <= 0xDFFF and c not in HANGUL]
fold = [(c, f) for c, f in fold if f != chr(c)]
assert max(len(f) for _, f in fold) <= 4
print("// A character and what it becomes: up to four others, then zeros; all zeros where it vanishes.")
rows = [(f"{c:#x}", "{" + ", ".join(f"{ord(x):#x}" for x in f) + "}") for c, f in fold]
table("Fold kFold", rows, 118)
print("// Categories P*; ASCII symbols count too, see the tokenizer.")
table("Range kPunctuation", ranges(lambda c: unicodedata.category(chr(c))[0] == "P"), 118)
print("// Categories Cc, Cf, Co, but for tab, newline and return.")
table("Range kControl", ranges(lambda c: unicodedata.category(chr(c)) in ("Cc", "Cf", "Co") and c not in (9, 10, 13)), 118)
print("// White space.")
table("Range kSpace", ranges(lambda c: chr(c).isspace() and not 0x1C <= c <= 0x1F), 118)
