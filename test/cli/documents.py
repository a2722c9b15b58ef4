"""What README.md and docs/ show works as written: commands of the first model, its C++ program, and every model text in docs/
goes through modc.
"""
import pathlib
import re
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import _common as c

folder = c.scratch()
(folder / "build").symlink_to(c.ROOT / "build")


def blocks(path, language):
    every = re.findall(r"^```(\w*)\n(.*?)^```", path.read_text(), re.S | re.M)
    return [text for name, text in every if name == language]


def shell(command, cwd):
    r = subprocess.run(["bash", "-euc", command], cwd=cwd, capture_output=True, text=True, timeout=300)
    return r.returncode, r.stdout + r.stderr


readme = c.ROOT / "README.md"
model = blocks(readme, "")[0]
c.check("module MLP" in model, "the README's first block is the model")
(folder / "mlp.mod").write_text(model)
commands = [b for b in blocks(readme, "sh") if "build/bin/modc" in b]
c.check(len(commands) == 1, "the README compiles the model")
code, output = shell(commands[0], folder)
c.check(code == 0 and "f32[N, 784]" in output, f"its commands run: exit {code} {output[-300:] if code else ''}")
program = blocks(readme, "cpp")[0]
(folder / "first.cpp").write_text(program)
code, output = shell(f"c++ -std=c++20 -I {c.ROOT}/include first.cpp {c.ROOT}/build/lib/libmodrt.a -ldl -pthread -o first && ./first", folder)
c.check(code == 0, f"its program builds and runs: exit {code} {output[-500:] if code else ''}")
for part in ("MLP(\n  (fc1): Linear(in_features=784, out_features=256, bias=True)", "fc1.weight torch.Size([256, 784])",
             "fc1 gave torch.Size([3, 256])", "torch.Size([3, 10])"):
    c.check(part in output, f"and prints {part!r}")
for script in ("scripts/demo.sh", "scripts/test.sh"):
    c.check(script in readme.read_text() and (c.ROOT / script).stat().st_mode & 0o100, f"{script} is there")
# The first hour: its files and commands, in order, in one folder.
hour = c.scratch()
for name in ("build", "include", ".venv"):
    (hour / name).symlink_to(c.ROOT / name)
files = {"": "spiral.mod", "python": "train.py", "cpp": "spiral.cpp"}
shown = ""
for language, body in re.findall(r"^```(\w*)\n(.*?)^```", (c.ROOT / "docs" / "first-hour.md").read_text(), re.S | re.M):
    if language in files:
        (hour / files[language]).write_text(body)
    elif language == "sh":
        code, output = shell(body, hour)
        shown += output
        c.check(code == 0, f"first hour: {body.strip().splitlines()[0]}: exit {code} {output[-500:] if code else ''}")
    elif not body.startswith("error"):
        c.check(all(line in shown for line in body.splitlines()), "first hour: the output shown is printed")
    else:
        (hour / "wrong.mod").write_text((hour / "spiral.mod").read_text().replace("fc2(x)", "fc2(points)"))
        code, output = shell("build/bin/modc --emit check wrong.mod", hour)
        c.check(code == 1 and body.strip() in output, "first hour: the mistake gives the message shown")
accuracy = re.search(r"accuracy in C\+\+: ([0-9.]+)", shown)
c.check(accuracy and float(accuracy[1]) > 0.95 and "fc2 gave 1000 rows" in shown and "must be 2, got 3" in shown,
        f"first hour: trained in Python, run in C++: accuracy {accuracy and accuracy[1]}")

# The examples' commands.
place = c.scratch()
for name in ("build", "examples", "scripts", ".venv"):
    (place / name).symlink_to(c.ROOT / name)
for body in blocks(c.ROOT / "examples" / "README.md", "sh"):
    code, output = shell(body, place)
    c.check(code == 0, f"examples: {body.splitlines()[0]}: exit {code} {output[-500:] if code else ''}")
c.check((place / "pitch.png").exists(), "examples: the picture is there")

prose = re.sub(r"^```.*?^```", "", readme.read_text() + (c.ROOT / "CONTRIBUTING.md").read_text(), flags=re.S | re.M)
for link in re.findall(r"\]\(([^)#]+)\)", prose):
    c.check((c.ROOT / link).exists(), f"link {link}")

count = 0
for path in sorted((c.ROOT / "docs").glob("*.md")):
    for n, text in enumerate(t for t in blocks(path, "") if t.startswith(("import ", "module "))):
        source = folder / f"{path.stem}-{n}.mod"
        source.write_text(text)
        code, output = shell(f"build/bin/modc {source} --emit mod -o /dev/null" if "export" in text else f"build/bin/modc {source} --emit ast -o /dev/null", folder)
        c.check(code == 0, f"{path.name}, model {n}: exit {code} {output[:400] if code else ''}")
        count += 1
    for n, text in enumerate(blocks(path, "mlir")):
        if "…" in text or "..." in text or not text.startswith(("module", "mod.class", "kern.func")):
            continue  # an excerpt: parts left out, or an operation by itself
        source = folder / f"{path.stem}-{n}.mlir"
        source.write_text(text)
        code, output = shell(f"build/bin/mod-opt {source} -o /dev/null", folder)
        c.check(code == 0, f"{path.name}, IR {n}: exit {code} {output[:400] if code else ''}")
print(count, "model texts in docs")
c.finish()
