"""What modc says to people, from the command line: --explain, warnings, fmt, the time of a check, and hostile sources, each of which must
end within seconds in a message and exit code 1.
"""
import os
import pathlib
import random
import resource
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import _common as c

folder = c.scratch()
MLP = c.ROOT / "examples/models/mlp.mod"


def call(*args, stdin="", timeout=300, env=None, tool="modc"):
    r = subprocess.run([str(c.BIN / tool), *map(str, args)], cwd=folder, capture_output=True, input=stdin, text=True, timeout=timeout,
                       env={**os.environ, **(env or {})})
    return r.returncode, r.stdout, r.stderr


def seconds():
    """The processor's time of all calls so far, which does not depend on what else the machine does."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def file(name, data):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


# ---- --explain
code, listed, _ = call("--explain")
codes = [line.split()[0] for line in listed.splitlines() if line[:1] in "EW" and line[1:5].isdigit()]
c.check(code == 0 and len(codes) > 120 and codes == sorted(codes), f"--explain lists {len(codes)} codes")
for one in ("E0302", "e0150", "W0501"):
    code, text, _ = call("--explain", one)
    c.check(code == 0 and one.upper() in text and "Wrong:" in text and "Right:" in text, f"--explain {one}")
code, _, error = call("--explain", "E9999")
c.check(code == 1 and "E9999" in error, "--explain of a code that is not there")

# ---- warnings
idle = file("idle.mod", "import nn\n\nmodule M():\n    fc = nn.Linear(4, 4)\n    idle = nn.Linear(4, 4)\n\n    def forward(x: f32[N, 4]):\n        return fc(x)\n\nexport m = M()\n")
code, _, error = call(idle, "--emit", "check")
c.check(code == 0 and "warning[W0501]" in error and "1 warning" in error, "a warning does not stop the compiler")
code, _, error = call(idle, "--emit", "check", "-Werror")
c.check(code == 1 and "error[W0501]" in error, "-Werror makes it an error")
code, _, error = call(idle, "--emit", "check", "--Werror")
c.check(code == 1, "--Werror is the same")
code, _, error = call(idle, "--emit", "check", "--no-warnings")
c.check(code == 0 and not error, "--no-warnings hides it")
code, _, error = call(idle, "--emit", "check", "--no-warnings", "-Werror")
c.check(code == 1 and "exclude" in error, "not both")

# ---- the command line
code, _, error = call(MLP, "--model", "mpl", "--emit", "check")
c.check(code == 1 and "unknown name `mpl`" in error and "exports mlp" in error and "did you mean `mlp`" in error,
        f"an export that is not there: the message lists them {error}")
code, _, error = call(MLP, "-o", folder / "x.so", "--no-cache", env={"TMPDIR": "/nonexistent/folder"})
c.check(code == 1 and "TMPDIR" in error and "internal" not in error, f"a folder for temporary files that is not there {error[:200]}")
code, _, error = call("x.so", "--bench", "nan", tool="modrun")
c.check(code == 1 and "nan" in error or "number of seconds" in error, f"modrun --bench nan {error}")

# ---- fmt
ugly = "x=1 # one\nmodule M( a:int=1 ):\n  def forward(x:f32[N,4]): return x*a\nexport m=M()\n"
neat = "x = 1  # one\n\nmodule M(a: int = 1):\n    def forward(x: f32[N, 4]):\n        return x * a\n\nexport m = M()\n"
code, out, _ = call("fmt", "-", stdin=ugly)
c.check(code == 0 and out == neat, f"fmt of standard input {out!r}")
one, two = file("fmt/one.mod", ugly), file("fmt/deep/two.mod", neat)
code, out, error = call("fmt", "--check", folder / "fmt")
c.check(code == 1 and out.split() == [str(one)] and one.read_text() == ugly, f"fmt --check names what would change, and writes nothing {out}{error}")
before = two.stat().st_mtime_ns
one.chmod(0o640)
code, out, error = call("fmt", folder / "fmt")
c.check(code == 0 and one.read_text() == neat and two.stat().st_mtime_ns == before, "fmt writes what changes, and that alone")
c.check(call("fmt", "--check", folder / "fmt")[0] == 0, "afterwards all is in the layout")
broken = file("fmt/broken.mod", "module M(:\n    pass\n")
code, _, error = call("fmt", broken, one)
c.check(code == 1 and "error[E0" in error and broken.read_text() == "module M(:\n    pass\n", "a file with errors stays as it is")
code, _, error = call("fmt", folder / "absent.mod")
c.check(code == 1 and "absent.mod" in error, "a file that is not there")
c.check(call("fmt")[0] == 1 and call("fmt", "--nonsense")[0] == 1 and call("fmt", "--help")[0] == 0, "fmt without files, and with an unknown option")
link = folder / "fmt/link.mod"
one.write_text(ugly)
link.symlink_to(one)
code, _, _ = call("fmt", link)
c.check(code == 0 and link.is_symlink() and one.read_text() == neat, "a link stays a link, its file is written")
code, out, error = call("fmt", "--check", c.ROOT / "nn", c.ROOT / "examples")
c.check(code == 0, f"the library and the examples are in the layout {out}{error}")

# ---- the time of a check
slow = []
models = [p for where in ("examples", "test/syntax/programs") for p in sorted((c.ROOT / where).rglob("*.mod"))]
for model in models:
    times = []
    for _ in range(5):
        start = seconds()
        call(model, "--emit", "check")
        times.append(seconds() - start)
        if times[-1] <= 0.2:
            break
    if min(times) > 0.2:
        slow.append((model.name, round(min(times), 3)))
c.check(len(models) > 10 and not slow, f"every model is checked within 0.2 s {slow}")

# ---- hostile sources
TAIL = "\nexport m = M()\n"
HEAD = "module M():\n    def forward(x: f32[N, 4]):\n        return "
deep = {
    "parentheses": HEAD + "(" * 20000 + "x" + ")" * 20000 + TAIL,
    "minus signs": HEAD + "-" * 100000 + "x" + TAIL,
    "calls": HEAD + "relu(" * 5000 + "x" + ")" * 5000 + TAIL,
    "members": HEAD + "x" + ".T" * 100000 + TAIL,
    "a chain of sums": HEAD + "x" + " + x" * 100000 + TAIL,
    "lists": "a = " + "[" * 50000 + "]" * 50000 + TAIL,
    "dicts": "a = " + "{1: " * 3000 + "1" + "}" * 3000 + TAIL,
    "blocks": "module M():\n    def forward(x: f32[N, 4]):\n" + "".join(" " * (8 + i) + "if True:\n" for i in range(3000)) + " " * 4000 + "return x\n",
    "types": "def f(x: " + "list[" * 5000 + "int" + "]" * 5000 + "):\n    pass\n",
    "interpolations": "a = " + '"{' * 3000 + "1" + '}"' * 3000 + "\n",
    "one huge line": "a = [" + "1, " * 2000000 + "1]\n" + TAIL,
    "a huge name": "a" * 5000000 + " = 1\n" + TAIL,
    "many names": "".join(f"a{i} = {i}\n" for i in range(100000)) + HEAD + "b" + TAIL,
    "many errors": "def f(x) return x\n" * 100000,
    "quotes": '"' * 1000000,
    "open brackets": "([{" * 300000,
    "huge integers": HEAD + "x * 9223372036854775807 ** 9223372036854775807" + TAIL,
    "a huge number": "a = " + "9" * 1000000 + TAIL,
    "huge shapes": HEAD + "zeros(4611686018427387904, 4611686018427387904)" + TAIL,
    "huge ranges": HEAD + "[i for i in range(9223372036854775807)]" + TAIL,
    "endless modules": "module A(n: int):\n    b = B(n)\n\nmodule B(n: int):\n    a = A(n)\n\nmodule M():\n    a = A(1)\n    def forward(x: f32[N, 4]):\n        return x\n" + TAIL,
    "a tree of modules": "module A(n: int):\n    b = A(n + 1)\n    c = A(n + 1)\n\nmodule M():\n    a = A(1)\n    def forward(x: f32[N, 4]):\n        return x\n" + TAIL,
    "endless recursion": "def f(x):\n    return f(f(x))\n\n" + HEAD + "f(x)" + TAIL,
    "growing text": "def f(s):\n    return f(s + s)\n\n" + HEAD + 'f("a")' + TAIL,
    "growing lists": "module M():\n    let a = [1]\n    while True:\n        a = a + a\n    def forward(x: f32[N, 4]):\n        return x\n" + TAIL,
    "a constant circle": "a = b\nb = c\nc = a\n" + HEAD + "x * a" + TAIL,
    "an import of itself": "from hostile import f\n" + HEAD + "f(x)" + TAIL,
}
bad = []


def hostile(what, path, *args):
    start = seconds()
    try:
        code, _, error = call(path, "--emit", "check", *args, timeout=300)
    except subprocess.TimeoutExpired:
        bad.append((what, "hangs"))
        return
    took = seconds() - start
    if code != 1 or not error.strip() or len(error) > 200000 or took > 5:
        bad.append((what, code, f"{took:.1f} s", error[-120:]))


for what, text in deep.items():
    hostile(what, file("hostile.mod", text))
file("a.mod", "from b import *\n")
file("b.mod", "from c import *\n")
file("c.mod", "from a import *\n")
hostile("imports in a circle", file("circle.mod", "from a import f\n" + HEAD + "f(x)" + TAIL))
hostile("imports in a circle, by name", file("circle.mod", "import a\n" + HEAD + "a.f(x)" + TAIL))
for i in range(1100):
    file(f"chain/m{i}.mod", f"from m{i + 1} import f\n")
hostile("a thousand imports", file("chain/start.mod", "from m0 import f\n" + HEAD + "f(x)" + TAIL))
hostile("an empty file", file("empty.mod", ""))
hostile("one NUL byte", file("nul.mod", b"\0"))
hostile("UTF-16", file("utf16.mod", MLP.read_text().encode("utf-16")))
hostile("invalid UTF-8", file("utf8.mod", MLP.read_bytes().replace(b"fc1", b"fc\xff1")))
hostile("a surrogate", file("surrogate.mod", b"a = \"\xed\xa0\x80\"\n"))
hostile("17 MiB", file("large.mod", b"# comment\n" * 1800000))
hostile("a program of the machine", pathlib.Path("/bin/ls"))
hostile("a folder", folder)
hostile("a device", "/dev/zero")
hostile("a file that is not there", "absent.mod")
hostile("a path beyond all length", "a" * 5000)
hostile("a library that is no folder", MLP, "--library", MLP)
hostile("a model that is no expression", MLP, "--model", "MLP(")
hostile("a model of many brackets", MLP, "--model", "(" * 10000)
hostile("an input without a type", MLP, "--input", "x")
hostile("an input with a wrong type", MLP, "--input", "x=f32[")
if os.getuid() != 0:
    secret = file("secret.mod", MLP.read_text())
    secret.chmod(0)
    hostile("a file that may not be read", secret)
os.mkfifo(folder / "pipe.mod")
hostile("a pipe that nobody writes to", folder / "pipe.mod")

generator = random.Random(5)
text = (c.ROOT / "test/syntax/programs/gpt2.mod").read_bytes()
for i in range(40):
    cut = bytearray(text[:generator.randrange(len(text))] if i % 2 else text)
    for _ in range(generator.randrange(1, 6)):
        if cut:
            cut[generator.randrange(len(cut))] = generator.randrange(256)
    path = file("damaged.mod", bytes(cut))
    code, _, error = call(path, "--emit", "check")
    if code not in (0, 1) or (code == 1 and not error):
        bad.append((f"damaged {i}", code, error[-200:]))
c.check(not bad, f"{len(deep) + 60} hostile inputs end in messages {bad}")
c.finish()
