"""The TextMate grammar, run by a small tokeniser of our own over every program of the repository: keywords, comments, strings, and the
expressions between their braces have the scopes that themes colour.
"""
import json
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import _common as c

EDITORS = c.ROOT / "editors"
grammar = json.loads((EDITORS / "modc.tmLanguage.json").read_text())
repository = grammar["repository"]
compiled = {}


def regex(text):
    if text not in compiled:
        compiled[text] = re.compile(text)
    return compiled[text]


def rules(patterns):
    """The rules that a list of patterns stands for, includes followed."""
    for p in patterns:
        if "include" in p:
            target = repository[p["include"][1:]]
            yield from rules([target] if "match" in target or "begin" in target else target["patterns"])
        elif "match" in p or "begin" in p:
            yield p
        else:
            yield from rules(p["patterns"])


def names(rule, key="name"):
    return rule.get(key, "").split()


def tokenise(line, stack):
    """Scopes of each character of a line; `stack` holds the open rules, outermost first, and is changed."""
    scopes = [[] for _ in line]
    at = 0

    def mark(begin, end, extra):
        for i in range(begin, end):
            scopes[i] = [n for r in stack for n in names(r)] + extra

    while at <= len(line):
        best = None
        inner = stack[-1] if stack else None
        if inner:
            m = regex(inner["end"]).search(line, at)
            if m:
                best = (m.start(), -1, m, None)
        for order, rule in enumerate(rules(inner.get("patterns", []) if inner else grammar["patterns"])):
            m = regex(rule.get("match") or rule["begin"]).search(line, at)
            if m and (best is None or (m.start(), order) < best[:2]):
                best = (m.start(), order, m, rule)
        if best is None:
            mark(at, len(line), [])
            return scopes
        start, _, m, rule = best
        mark(at, start, [])
        if rule is None:
            extra = names(inner.get("endCaptures", {}).get("0", {}))
            mark(start, m.end(), extra)
            stack.pop()
        elif "match" in rule:
            mark(start, m.end(), names(rule))
            for group, capture in rule.get("captures", {}).items():
                if m.group(int(group)) is not None:
                    mark(m.start(int(group)), m.end(int(group)), names(rule) + names(capture))
        else:
            stack.append(rule)
            mark(start, m.end(), names(rule.get("beginCaptures", {}).get("0", {})))
        at = m.end()
        if rule is not None and "match" in rule and m.end() == start:
            at += 1
    return scopes


LEXEME = re.compile(r"""#.*|f?"(?:\\.|[^"\\])*"|f?'(?:\\.|[^'\\])*'|[A-Za-z_]\w*|\d\w*|.""")
KEYWORDS = set("and as assert def elif else for from if import in is not or pass return while".split())
CONSTANTS = {"None", "True", "False"}
DECLARATIONS = {"module": "storage.type.class", "param": "storage.type.state", "buffer": "storage.type.state",
                "export": "keyword.control.export", "let": "storage.type.let"}


def interpolations(text):
    """Pairs of offsets of the expressions between a string's braces, the outermost ones."""
    found, depth, begin, i = [], 0, 0, 1
    while i < len(text) - 1:
        two = text[i:i + 2]
        if depth == 0 and (two in ("{{", "}}") or two[0] == "\\"):
            i += 2
            continue
        if text[i] == "{":
            begin = i + 1 if depth == 0 else begin
            depth += 1
        elif text[i] == "}":
            depth -= 1
            if depth == 0:
                found.append((begin, i))
        i += 1
    return found


def has(scopes, part):
    return any(part in s for s in scopes)


wrong, seen = [], {"keyword": 0, "comment": 0, "string": 0, "interpolation": 0, "declaration": 0, "documentation": 0}


def expect(ok, kind, path, number, what):
    seen[kind] += 1
    if not ok and len(wrong) < 20:
        wrong.append(f"{path.relative_to(c.ROOT)}:{number}: {what} is no {kind}")


for path in sorted(p for folder in ("nn", "examples", "test") for p in (c.ROOT / folder).rglob("*.mod")):
    if {"errors", "diag"} & set(path.relative_to(c.ROOT).parts):
        continue  # programs with mistakes on purpose, broken strings among them
    stack = []
    for number, line in enumerate(path.read_text().splitlines(), 1):
        scopes = tokenise(line, stack)
        if stack:
            wrong.append(f"{path}:{number}: a string is open at the end of its line")
            stack.clear()
        for m in LEXEME.finditer(line):
            word, here = m.group(), scopes[m.start():m.end()]
            inside = line[:m.start()].strip()
            if word[0] == "#":
                expect(all(has(s, "comment.line") for s in here), "comment", path, number, word)
                if word.startswith("##") and not word.startswith("###"):
                    expect(has(here[0], "documentation"), "documentation", path, number, word)
            elif word[-1] in "\"'":
                expect(all(has(s, "string.quoted") for s in here), "string", path, number, word)
                body = word[1:] if word[0] == "f" else word
                for begin, end in interpolations(body):
                    shift = m.start() + len(word) - len(body)
                    expect(all(has(s, "meta.interpolation") for s in scopes[shift + begin:shift + end]), "interpolation", path, number, word)
                    for name in re.finditer(r"\b(?:if|else|for|in|not|is|and|or)\b", line[shift + begin:shift + end]):
                        expect(has(scopes[shift + begin + name.start()], "keyword."), "keyword", path, number, name.group())
            elif word in KEYWORDS and not inside.endswith("."):
                expect(all(has(s, "keyword.") or has(s, "storage.type.function") for s in here), "keyword", path, number, word)
            elif word in CONSTANTS:
                expect(all(has(s, "constant.language") for s in here), "keyword", path, number, word)
            elif word in DECLARATIONS and not inside and re.match(r"\s+[A-Za-z_\"'(]", line[m.end():]):
                expect(all(has(s, DECLARATIONS[word]) for s in here), "declaration", path, number, word)

c.check(not wrong, "\n".join(wrong) or "all programs have their scopes")
for kind, least in {"keyword": 500, "comment": 50, "string": 100, "interpolation": 50, "declaration": 200, "documentation": 50}.items():
    c.check(seen[kind] >= least, f"{seen[kind]} of {kind} looked at")

# The keywords of the grammar are those of the lexer.
tokens = (c.ROOT / "compiler/syntax/Tokens.cpp").read_text()
lexer = set(re.findall(r'\.Case\("([A-Za-z]+)", Kind::kw', tokens))
c.check(lexer == KEYWORDS | CONSTANTS, f"the lexer's keywords: {sorted(lexer ^ (KEYWORDS | CONSTANTS))}")


def scopes_of(text):
    return tokenise(text, [])


one = scopes_of('x = "a{d["k"]}b" + f(1.5e-3, 0xff) @ self.w  # c')
c.check(has(scopes_of('w = "a {n + 1} \\n {{"')[7], "meta.interpolation"), "an interpolation in a string")
c.check(has(scopes_of('w = "\\q"')[5], "invalid.illegal.escape"), "a wrong escape is marked")
c.check(has(one[one.index(one[-1])], "comment.line"), "a comment behind a statement")
c.check(has(scopes_of("y = x.forward(1)")[6], "entity.name.function"), "a method's call")
c.check(has(scopes_of("def f(x: f32[N]) -> i64[N]:")[9], "storage.type.dtype"), "a dtype in a type")
c.check(not has(scopes_of("module = 3")[0], "storage.type"), "a name that is a keyword only where a declaration starts")
c.check(not has(scopes_of("y = x.T")[6], "keyword"), "a member is no keyword")

# What VS Code reads beside it.
package = json.loads((EDITORS / "package.json").read_text())
c.check(package["contributes"]["grammars"][0]["scopeName"] == grammar["scopeName"] == "source.modc", "the package names the grammar's scope")
for file in (package["contributes"]["grammars"][0]["path"], package["contributes"]["languages"][0]["configuration"]):
    c.check((EDITORS / file).exists(), f"{file} is there")
json.loads((EDITORS / "language-configuration.json").read_text())
c.finish()
