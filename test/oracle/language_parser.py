"""Parser of the language in Python, for the oracle in language_on_torch.py: it shares nothing with the compiler's.

`python language_parser.py FILE.mod ...` prints one line a problem (file:line:column: message) and exits 1 if there was any.
"""
import re
import sys
from pathlib import Path

HARD = set("and as assert def elif else for from if import in is not or pass return while None True False".split())
TOKEN = re.compile(r"""(?P<ws>[ \t]+)|(?P<comment>\#[^\n]*)|(?P<nl>\n)
  |(?P<number>(?:\d[\d_]*)?\.\d+(?:[eE][+-]?\d+)?|\d[\d_]*\.?(?:[eE][+-]?\d+)?)
  |(?P<string>f?(?:"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'))
  |(?P<name>[A-Za-z_]\w*)
  |(?P<op>\.\.\.|->|\*\*=|//=|\*\*|//|==|!=|<=|>=|\+=|-=|\*=|/=|@=|%=|&=|\|=|[-+*/%@&|~<>=()\[\]{},:.])""", re.X)


class ModError(Exception):
    def __init__(self, where, text):
        super().__init__(f"{where}: {text}")


class Node:
    def __init__(self, kind, line, **fields):
        self.kind, self.line = kind, line
        self.__dict__.update(fields)

    def __repr__(self):
        return f"{self.kind}({', '.join(f'{k}={v!r}' for k, v in self.__dict__.items() if k not in ('kind', 'line'))})"


def lex(text, file):
    """Tokens (kind, text, line, column); a block's borders are `indent` and `dedent`."""
    out, stack, depth, pos, line, start, fresh = [], [0], 0, 0, 1, 0, True
    text = text if text.endswith("\n") else text + "\n"
    while pos < len(text):
        m = TOKEN.match(text, pos)
        at = f"{file}:{line}:{pos - start + 1}"
        if not m:
            raise ModError(at, f"unexpected character {text[pos]!r}")
        kind, s = m.lastgroup, m.group()
        if fresh and depth == 0 and kind not in ("ws", "comment", "nl"):
            width = pos - start
            if width > stack[-1]:
                stack.append(width)
                out.append(("indent", "", line, 1))
            while width < stack[-1]:
                stack.pop()
                out.append(("dedent", "", line, 1))
            if width != stack[-1]:
                raise ModError(at, "indentation matches no open block")
        if kind == "nl":
            if depth == 0 and not fresh:
                out.append(("nl", "", line, pos - start + 1))
            line, start, fresh = line + 1, pos + 1, True if depth == 0 else fresh
        elif kind in ("ws", "comment"):
            if kind == "ws" and "\t" in s and fresh:
                raise ModError(at, "a tab in the indentation: use spaces")
        else:
            fresh = False
            depth += (s in "([{") - (s in ")]}") if kind == "op" and len(s) == 1 else 0
            out.append((s if kind == "op" or s in HARD else kind, s, line, pos - start + 1))
        pos = m.end()
    out += [("dedent", "", line, 1)] * (len(stack) - 1) + [("end", "", line, 1)]
    return out


class Parser:
    def __init__(self, text, file="<text>"):
        self.file, self.toks, self.i = file, lex(text, file), 0

    # ---- tokens
    def peek(self, k=0): return self.toks[min(self.i + k, len(self.toks) - 1)]
    def at(self, *kinds): return self.peek()[0] in kinds
    def soft(self, word): return self.peek()[:2] == ("name", word)
    def line(self): return self.peek()[2]

    def fail(self, text):
        _, s, line, col = self.peek()
        raise ModError(f"{self.file}:{line}:{col}", f"{text}, found {s!r}" if s else text)

    def take(self, kind):
        if not self.at(kind):
            self.fail(f"expected {kind!r}")
        self.i += 1
        return self.toks[self.i - 1][1]

    def maybe(self, kind):
        if self.at(kind):
            self.i += 1
            return True
        return False

    def some(self, close, item):
        """item {"," item} [","] close"""
        out = []
        while not self.at(close):
            out.append(item())
            if not self.maybe(","):
                break
        self.take(close)
        return out

    # ---- declarations
    def file_(self):
        out = []
        while not self.at("end"):
            if self.at("nl"):
                self.i += 1
                continue
            out.append(self.top())
        return out

    def attrs(self):
        out = []
        while self.maybe("@"):
            name = self.take("name")
            out.append((name, self.some(")", self.arg) if self.maybe("(") else []))
            self.take("nl")
        return out

    def top(self):
        line, attrs = self.line(), self.attrs()
        if self.at("import", "from"):
            return self.import_()
        if self.at("def"):
            return self.def_(attrs)
        if self.soft("module") and self.peek(1)[0] == "name":
            self.i += 1
            name = self.take("name")
            if self.maybe("="):
                node = Node("derive", line, name=name, value=self.expr(), attrs=attrs)
                self.take("nl")
                return node
            self.take("(")
            params = self.some(")", self.param)
            self.take(":")
            return Node("module", line, name=name, params=params, body=self.block(), attrs=attrs)
        if self.soft("export") and self.peek(1)[0] == "name":
            self.i += 1
            name = self.take("name")
            params = self.some(")", self.param) if self.maybe("(") else None
            node = Node("export", line, name=name, params=params, value=self.expr() if self.maybe("=") else None)
            self.take("nl")
            return node
        if self.peek()[0] == "name" and self.peek(1)[0] == "=":
            name = self.take("name")
            self.take("=")
            node = Node("const", line, name=name, value=self.exprs())
            self.take("nl")
            return node
        self.fail("expected an import, module, def, export or constant")

    def dotted(self):
        names = [self.take("name")]
        while self.maybe("."):
            names.append(self.take("name"))
        return names

    def import_(self):
        line = self.line()
        if self.maybe("import"):
            path = self.dotted()
            node = Node("import", line, path=path, name=self.take("name") if self.maybe("as") else None)
        else:
            self.take("from")
            path = self.dotted()
            self.take("import")
            names = None
            if not self.maybe("*"):
                names = []
                while True:
                    n = self.take("name")
                    names.append((n, self.take("name") if self.maybe("as") else n))
                    if not self.maybe(","):
                        break
            node = Node("from", line, path=path, names=names)
        self.take("nl")
        return node

    def def_(self, attrs=()):
        line = self.line()
        self.take("def")
        name = self.take("name")
        self.take("(")
        params = self.some(")", self.param)
        result = self.type_() if self.maybe("->") else None
        self.take(":")
        return Node("def", line, name=name, params=params, result=result, body=self.block(), attrs=attrs)

    def param(self):
        line, star = self.line(), self.maybe("*")
        name = self.take("name")
        type_ = self.type_() if self.maybe(":") else None
        return Node("param", line, name=name, star=star, type=type_, default=self.expr() if self.maybe("=") else None)

    def block(self):
        if not self.maybe("nl"):
            return [self.simple()]
        self.take("indent")
        out = []
        while not self.maybe("dedent"):
            out.append(self.stmt())
        return out

    # ---- types
    def type_(self):
        line, parts = self.line(), [self.type_atom()]
        while self.maybe("|"):
            parts.append(self.type_atom())
        return parts[0] if len(parts) == 1 else Node("union", line, parts=parts)

    def type_atom(self):
        line = self.line()
        if self.maybe("None"):
            return Node("tnone", line)
        if self.at("string"):
            return Node("tliteral", line, text=self.take("string")[1:-1])
        if self.maybe("("):
            items = self.some(")", lambda: (self.take("name") if self.peek(1)[0] == ":" and self.maybe(":") is False
                                            and self.at("name") else None, self.maybe(":"), self.type_()))
            items = [(n, t) for n, _, t in items]
            return Node("arrow", line, params=items, result=self.type_()) if self.maybe("->") else Node("ttuple", line, items=items)
        names = self.dotted()
        if self.maybe("["):
            if names in (["list"], ["dict"]):
                return Node("tgeneric", line, name=names[0], args=self.some("]", self.type_))
            return Node("tensor", line, dtype=names, dims=self.some("]", self.dim))
        return Node("tname", line, names=names)

    def dim(self):
        line = self.line()
        if self.maybe("..."):
            return Node("pack", line)
        if self.maybe("*"):
            return Node("star", line, value=self.expr())
        return self.expr()

    # ---- statements
    def stmt(self):
        line, attrs = self.line(), self.attrs()
        if self.at("def"):
            return self.def_(attrs)
        if self.maybe("if"):
            node = top = Node("if", line, cond=self.expr(), then=None, other=[])
            self.take(":")
            node.then = self.block()
            while self.maybe("elif"):
                nxt = Node("if", self.line(), cond=self.expr(), then=None, other=[])
                self.take(":")
                nxt.then = self.block()
                node.other = [nxt]
                node = nxt
            if self.maybe("else"):
                self.take(":")
                node.other = self.block()
            return top
        if self.maybe("for"):
            target = self.targets()
            self.take("in")
            it = self.exprs()
            self.take(":")
            return Node("for", line, target=target, iter=it, body=self.block())
        if self.maybe("while"):
            cond = self.expr()
            self.take(":")
            return Node("while", line, cond=cond, body=self.block())
        return self.simple(attrs)

    def simple(self, attrs=()):
        line = self.line()
        if (self.soft("param") or self.soft("buffer")) and self.peek(1)[0] in ("name", "string") and self.peek(2)[0] == ":":
            kind = self.take("name")
            name = self.string() if self.at("string") else Node("str", line, parts=[self.take("name")])
            self.take(":")
            type_, init, cond, flags = self.type_(), None, None, []
            if self.maybe("="):
                init, cond = self.init()
            elif self.maybe("if"):
                cond = self.or_()
            while self.maybe(","):
                flag = self.take("name")
                self.take("=")
                flags.append((flag, self.or_()))
            node = Node("declare", line, what=kind, name=name, type=type_, init=init, cond=cond, flags=flags, attrs=attrs)
        elif self.soft("let") and self.peek(1)[0] == "name":
            self.i += 1
            target = self.targets()
            self.take("=")
            node = Node("let", line, target=target, value=self.exprs())
        elif self.maybe("return"):
            node = Node("return", line, value=None if self.at("nl") else self.exprs())
        elif self.maybe("assert"):
            cond = self.expr()
            node = Node("assert", line, cond=cond, text=self.expr() if self.maybe(",") else None)
        elif self.maybe("pass"):
            node = Node("pass", line)
        else:
            left = self.exprs()
            if self.maybe("="):
                node = Node("assign", line, target=left, value=self.exprs())
            elif self.peek()[0] in ("+=", "-=", "*=", "/=", "//=", "%=", "@=", "**=", "&=", "|="):
                op = self.peek()[0][:-1]
                self.i += 1
                node = Node("assign", line, target=left, value=Node("binary", line, op=op, a=left, b=self.exprs()))
            else:
                if left.kind != "call":
                    self.fail("expected a statement")
                node = Node("exprstmt", line, value=left)
        self.take("nl")
        return node

    def init(self):
        """expr ["if" cond]: the condition of an optional parameter has no `else`."""
        value = self.or_()
        if not self.maybe("if"):
            return value, None
        cond = self.or_()
        if self.maybe("else"):
            return Node("ternary", value.line, cond=cond, then=value, other=self.expr()), None
        return value, cond

    def targets(self):
        line, out = self.line(), [self.target()]
        while self.maybe(","):
            if self.at("in", "="):
                break
            out.append(self.target())
        return out[0] if len(out) == 1 and self.toks[self.i - 1][0] != "," else Node("tuple", line, items=out)

    def target(self):
        line = self.line()
        if self.maybe("("):
            return Node("tuple", line, items=self.some(")", self.target))
        return Node("name", line, name=self.take("name"))

    # ---- expressions, loosest first
    def exprs(self):
        line, out = self.line(), [self.star_expr()]
        if not self.at(","):
            return out[0]
        while self.maybe(","):
            if self.at("nl", "=", ":", ")"):
                break
            out.append(self.star_expr())
        return Node("tuple", line, items=out)

    def star_expr(self):
        line = self.line()
        return Node("star", line, value=self.or_()) if self.maybe("*") else self.expr()

    def expr(self):
        line, value = self.line(), self.or_()
        if self.maybe("if"):
            cond = self.or_()
            self.take("else")
            return Node("ternary", line, cond=cond, then=value, other=self.expr())
        return value

    def or_(self):
        line, a = self.line(), self.and_()
        while self.maybe("or"):
            a = Node("logic", line, op="or", a=a, b=self.and_())
        return a

    def and_(self):
        line, a = self.line(), self.not_()
        while self.maybe("and"):
            a = Node("logic", line, op="and", a=a, b=self.not_())
        return a

    def not_(self):
        line = self.line()
        return Node("unary", line, op="not", a=self.not_()) if self.maybe("not") else self.compare()

    def compare(self):
        line, items, ops = self.line(), [self.level(0)], []
        while True:
            if self.at("==", "!=", "<", "<=", ">", ">="):
                ops.append(self.take(self.peek()[0]))
            elif self.at("in"):
                ops.append(self.take("in"))
            elif self.at("not") and self.peek(1)[0] == "in":
                self.i += 2
                ops.append("not in")
            elif self.maybe("is"):
                ops.append("is not" if self.maybe("not") else "is")
            else:
                return items[0] if not ops else Node("compare", line, ops=ops, items=items)
            items.append(self.level(0))

    LEVELS = [("|",), ("&",), ("+", "-"), ("*", "/", "//", "%", "@")]

    def level(self, n):
        if n == len(self.LEVELS):
            return self.unary()
        line, a = self.line(), self.level(n + 1)
        while self.at(*self.LEVELS[n]):
            op = self.take(self.peek()[0])
            a = Node("binary", line, op=op, a=a, b=self.level(n + 1))
        return a

    def unary(self):
        line = self.line()
        for op in "-+~":
            if self.maybe(op):
                return Node("unary", line, op=op, a=self.unary())
        a = self.postfix()
        return Node("binary", line, op="**", a=a, b=self.unary()) if self.maybe("**") else a

    def postfix(self):
        a = self.atom()
        while True:
            line = self.line()
            if self.maybe("."):
                a = Node("attr", line, value=a, name=self.take("name"))
            elif self.maybe("("):
                a = Node("call", line, func=a, args=self.some(")", self.arg))
            elif self.maybe("["):
                a = Node("index", line, value=a, items=self.some("]", self.subscript))
            else:
                return a

    def arg(self):
        """(name or None, star, value)"""
        if self.at("name") and self.peek(1)[0] == "=":
            name = self.take("name")
            self.take("=")
            return name, False, self.expr()
        if self.maybe("*"):
            return None, True, self.or_()
        value = self.expr()
        return None, False, self.comp(value, "listcomp") if self.at("for") else value

    def comp(self, item, kind):
        line, clauses = self.line(), []
        while self.at("for", "if"):
            if self.maybe("for"):
                target = self.targets()
                self.take("in")
                clauses.append(("for", target, self.or_()))
            else:
                self.take("if")
                clauses.append(("if", None, self.or_()))
        return Node(kind, line, item=item, clauses=clauses)

    def subscript(self):
        line, parts = self.line(), [None if self.at(":") else self.star_expr()]
        while self.maybe(":") and len(parts) < 3:
            parts.append(None if self.at(":", "]", ",") else self.expr())
        return parts[0] if len(parts) == 1 else Node("slice", line, parts=parts + [None] * (3 - len(parts)))

    def string(self):
        line, raw = self.line(), self.take("string")
        body, parts, at = raw.lstrip("f")[1:-1], [], 0
        for m in re.finditer(r"\{\{|\}\}|\{([^{}]*)\}", body):
            parts.append(body[at:m.start()])
            if m.group(1) is None:
                parts.append(m.group()[0])
            else:
                sub = Parser(m.group(1), f"{self.file}:{line}")
                parts.append(sub.expr())
            at = m.end()
        parts.append(body[at:])
        return Node("str", line, parts=[p.replace("\\n", "\n") if isinstance(p, str) else p for p in parts if p != ""])

    def atom(self):
        line = self.line()
        if self.at("name"):
            return Node("name", line, name=self.take("name"))
        if self.at("number"):
            s = self.take("number").replace("_", "")
            return Node("const", line, value=float(s) if re.search(r"[.eE]", s) else int(s))
        if self.at("string"):
            return self.string()
        for word, value in (("None", None), ("True", True), ("False", False), ("...", Ellipsis)):
            if self.maybe(word):
                return Node("const", line, value=value)
        if self.maybe("("):
            if self.maybe(")"):
                return Node("tuple", line, items=[])
            first = self.star_expr()
            if self.at("for"):
                first = self.comp(first, "listcomp")
            if self.maybe(")"):
                return first
            items = [first]
            while self.maybe(",") and not self.at(")"):
                items.append(self.star_expr())
            self.take(")")
            return Node("tuple", line, items=items)
        if self.maybe("["):
            if self.maybe("]"):
                return Node("list", line, items=[])
            first = self.star_expr()
            if self.at("for"):
                first = self.comp(first, "listcomp")
                self.take("]")
                return first
            items = [first]
            while self.maybe(",") and not self.at("]"):
                items.append(self.star_expr())
            self.take("]")
            return Node("list", line, items=items)
        if self.maybe("{"):
            def pair():
                key = self.expr()
                self.take(":")
                return key, self.expr()
            if self.maybe("}"):
                return Node("dict", line, items=[])
            first = pair()
            if self.at("for"):
                first = self.comp(first, "dictcomp")
                self.take("}")
                return first
            items = [first]
            while self.maybe(",") and not self.at("}"):
                items.append(pair())
            self.take("}")
            return Node("dict", line, items=items)
        self.fail("expected an expression")


def parse(path):
    return Parser(Path(path).read_text(), str(path)).file_()


def main(paths):
    bad = 0
    for path in paths:
        try:
            nodes = parse(path)
            print(f"{path}: {len(nodes)} declarations")
        except ModError as e:
            bad += 1
            print(e)
    return bool(bad)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
