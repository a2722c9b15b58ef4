"""Peer benchmark: every peer on the same models, weights and inputs, in one run.

    python bench.py                      the full run (see README.md)
    python bench.py --quick              three models, at most three minutes
    python bench.py --with modc=../build/bin/modc-bench --models mlp,minilm --threads 1

Per case: reference outputs, then each peer's artifact (cached in --work), then all peers are loaded, each in
a fresh process, and timed in turn over several rounds so that machine noise falls on all of them alike.
"""
import argparse
import contextlib
import datetime
import fcntl
import json
import os
import pathlib
import platform
import shlex
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE))
from limits import bound_ms, measure, merge  # noqa: E402
from peers import FAMILY, PEERS, Peer, applies  # noqa: E402

# (model, batch, seq, mode, image side); seq is the cache length for *_decode
CASES = [
    ("mlp", 1, 0, "infer", None), ("mlp", 64, 0, "infer", None), ("lenet", 1, 0, "infer", None),
    ("lstm", 1, 64, "infer", None), ("mobilenet_v2", 1, 0, "infer", None), ("resnet18", 1, 0, "infer", None),
    ("resnet50", 1, 0, "infer", None), ("resnet50", 8, 0, "infer", None), ("unet", 1, 0, "infer", None),
    ("vgg16", 1, 0, "infer", None), ("vit_b_16", 1, 0, "infer", None), ("minilm", 1, 16, "infer", None),
    ("minilm", 1, 128, "infer", None), ("minilm", 8, 128, "infer", None), ("llama_tiny", 1, 128, "infer", None),
    ("llama_tiny_decode", 1, 127, "infer", None), ("gpt2", 1, 128, "infer", None), ("gpt2_decode", 1, 127, "infer", None),
    ("mlp", 64, 0, "train", None), ("resnet18", 32, 0, "train", 32), ("minilm", 8, 128, "train", None),
]
QUICK = {"mlp-b1", "mlp-b64-train", "resnet18-b1", "minilm-b1-s16"}
TOLERANCE = {"f32": 1e-3, "bf16": 5e-2}  # of the largest expected value


def case_id(model, batch, seq, mode, size):
    return f"{model}-b{batch}" + (f"-s{seq}" if seq else "") + (f"-{size}px" if size else "") + ("-train" if mode == "train" else "")


def note(*a):
    print(datetime.datetime.now().strftime("%H:%M:%S"), *a, file=sys.stderr, flush=True)


def env(threads):
    e = dict(os.environ, OMP_NUM_THREADS=str(threads), MKL_NUM_THREADS=str(threads), PYTHONDONTWRITEBYTECODE="1")
    e.pop("PYTHONPATH", None)
    return e


@contextlib.contextmanager
def quiet(path):
    """Hold an exclusive flock on `path` (nothing to do without one); taken per case so that others get a turn."""
    if not path:
        yield
        return
    with open(path, "a") as f:
        fcntl.flock(f, fcntl.LOCK_EX)
        yield


class Worker:
    """One peer on one case, in its own interpreter (see peers.py)."""

    def __init__(self, peer, case, threads, args):
        self.name, self.python = peer, args.python.get(peer, sys.executable)
        out = case["dir"] / (peer + (f"-t{threads}" if PEERS[peer].per_thread else "") + f"-{case['dtype']}")
        self.case, self.args, self.threads = dict(case, peer=peer, threads=threads, out=out), args, threads
        self.log = out.with_name(f"{out.name}-t{threads}.log")

    def command(self, stage, **extra):
        case = {k: str(v) if isinstance(v, pathlib.Path) else v for k, v in (self.case | extra).items()}
        return [self.python, str(HERE / "peers.py"), stage, json.dumps(case)]

    def env(self):
        e = env(self.threads)
        if self.name.startswith("inductor") or self.name == "aoti":
            e["TORCHINDUCTOR_CACHE_DIR"] = str(self.args.work / "inductor-cache")
        return e

    def stage(self, stage, python=None):
        cmd = self.command(stage)
        with open(self.log, "ab") as log:
            r = subprocess.run([python or cmd[0], *cmd[1:]], stdout=subprocess.PIPE, stderr=log, env=self.env(),
                               timeout=self.args.compile_timeout)
        if r.returncode:
            raise RuntimeError(f"{stage} failed, see {self.log.parent.name}/{self.log.name}: "
                               + self.log.read_text(errors="replace").strip().splitlines()[-1][:300])
        return json.loads(r.stdout)

    def prepare(self):
        if PEERS[self.name].prepare is Peer.prepare:  # nothing to build
            return {"compile_s": 0.0}
        done = self.case["out"] / "prepare.json"
        if done.exists():
            result = json.loads(done.read_text())
        elif self.args.cached_only:
            result = {"error": "not built"}
        else:
            note("prepare", self.case["id"], self.name, f"t{self.threads}")
            try:
                if self.name in ("iree", "tvm"):
                    self.stage("export", sys.executable)
                result = self.stage("prepare")
            except (RuntimeError, subprocess.TimeoutExpired) as e:
                result = {"error": str(e) if isinstance(e, RuntimeError) else f"over {self.args.compile_timeout} s"}
            done.parent.mkdir(exist_ok=True)
            done.write_text(json.dumps(result))
        if "error" in result:
            raise RuntimeError(result["error"])
        return result

    def start(self):
        """Load in a fresh process; returns load time, peak memory, error against the reference, size."""
        log = open(self.log, "ab")
        self.p = subprocess.Popen(self.command("serve", started=time.time()), stdin=subprocess.PIPE, text=True,
                                  stdout=subprocess.PIPE, stderr=log, env=self.env())
        return self.answer()

    def answer(self):
        line = self.p.stdout.readline()
        if not line:
            raise RuntimeError("worker died: " + self.log.read_text(errors="replace").strip().splitlines()[-1][:300])
        return json.loads(line)

    def time(self, seconds, runs):
        self.p.stdin.write(json.dumps({"seconds": seconds, "runs": runs}) + "\n")
        self.p.stdin.flush()
        return self.answer()

    def stop(self):
        if hasattr(self, "p"):
            self.p.kill()
            self.p.wait()


class Foreign:
    """A program from --with; called once per round.  The protocol is in README.md."""

    def __init__(self, name, command, case, threads, args):
        self.name, self.case, self.threads = name, case, threads
        self.outputs = case["dir"] / f"{name}-outputs-t{threads}.safetensors"
        d = case["dir"]
        self.cmd = shlex.split(command) + ["--model", case["model"], "--batch", str(case["batch"]), "--seq", str(case["seq"]),
            "--size", str(case["size"] or 0), "--mode", case["mode"], "--dtype", case["dtype"], "--threads", str(threads),
            "--weights", str(d / "weights.safetensors"), "--inputs", str(d / "inputs.safetensors"),
            "--outputs", str(self.outputs)] + (["--target", str(d / "target.safetensors")] if case["mode"] == "train" else [])

    def prepare(self):
        """Compiles what the program needs, so that load time and peak memory, taken later, do not include its compiler."""
        return self.call(0, 0, "--prepare")[0]

    def call(self, seconds, runs, *extra):
        with tempfile.TemporaryFile("w+") as out:
            p = subprocess.Popen(self.cmd + ["--seconds", str(seconds), "--runs", str(runs), *extra], stdout=out, env=env(self.threads))
            _, status, usage = os.wait4(p.pid, 0)
            p.returncode = os.waitstatus_to_exitcode(status)
            if p.returncode:
                raise RuntimeError(f"exit status {p.returncode}")
            out.seek(0)
            return json.loads(out.read().strip().splitlines()[-1]), usage

    def start(self):
        import numpy as np
        from safetensors.numpy import load_file
        t = time.time()
        r, usage = self.call(0, 1)
        ready = {"load_s": time.time() - t, "rss_mb": usage.ru_maxrss / 1024, "deploy_mb": r.get("deploy_mb", 0),
                 "max_abs_err": 0.0, "scale": 0.0}
        got = load_file(self.outputs)
        for k, e in load_file(self.case["dir"] / "expected.safetensors").items():
            if got[k].shape != e.shape:
                raise RuntimeError(f"{k}: shape {got[k].shape}, expected {e.shape}")
            err = float(np.abs(got[k].astype(np.float32) - e).max())
            ready["max_abs_err"] = max(ready["max_abs_err"], err if np.isfinite(err) else 1e30)
            ready["scale"] = max(ready["scale"], float(np.abs(e).max()))
        return ready

    def time(self, seconds, runs):
        r, usage = self.call(seconds, runs)
        return {"times_ms": r["times_ms"], "cpu_per_wall": r.get("cpu_per_wall", 0)}

    def stop(self):
        pass


def make_case(spec, args):
    model, batch, seq, mode, size = spec
    c = {"id": case_id(*spec), "model": model, "batch": batch, "seq": seq, "mode": mode, "size": size, "dtype": args.dtype}
    c["dir"] = args.work / c["id"]
    c["dir"].mkdir(parents=True, exist_ok=True)
    if not (c["dir"] / "cost.json").exists():
        run = dict(c, dir=str(c["dir"]), out=str(c["dir"]), peer="eager", threads=2)
        subprocess.run([sys.executable, str(HERE / "peers.py"), "reference", json.dumps(run)], check=True,
                       stdout=subprocess.DEVNULL, env=env(2))
    c["cost"] = json.loads((c["dir"] / "cost.json").read_text())
    return c


def run_case(case, threads, args):
    """Prepare, load and time every peer; returns the result rows."""
    workers = [Worker(p, case, threads, args) for p in args.peers if applies(p, case)]
    workers += [Foreign(n, cmd, case, threads, args) for n, cmd in args.foreign.items()]
    rows, alive = [], []
    for w in workers:
        row = {"case": case["id"], "mode": case["mode"], "dtype": case["dtype"], "threads": threads, "peer": w.name,
               "flops": case["cost"]["flops"], "bytes": case["cost"]["bytes"], "times_ms": [], "cpu_per_wall": []}
        rows.append(row)
        try:
            row |= w.prepare()
            if args.prepare_only:
                continue
            row |= w.start()
            row["ok"] = row["max_abs_err"] <= TOLERANCE[case["dtype"]] * max(row["scale"], 1e-6)
            first = w.time(0, 1)  # also skips peers that would need minutes
            if first["times_ms"][0] > args.too_slow * 1e3:
                row["times_ms"], row["ok"], row["error"] = first["times_ms"], False, "too slow, one run only"
                w.stop()
                continue
            alive.append((w, row))
        except Exception as e:
            w.stop()
            if str(e) == "not built":  # --cached-only
                rows.remove(row)
                continue
            row |= {"error": str(e)[:400], "ok": False}
            note("  ", w.name, "FAILED:", row["error"][:160])
    for r in range(args.rounds if alive else 0):
        for w, row in alive[r % len(alive):] + alive[:r % len(alive)]:
            time.sleep(0.02)  # lets the previous peer's spinning threads go to sleep
            try:
                t = w.time(args.seconds / args.rounds, 1)
                row["times_ms"] += t["times_ms"]
                row["cpu_per_wall"].append(t["cpu_per_wall"])
            except Exception as e:
                row |= {"error": str(e)[:400], "ok": False}
    for w in workers:
        w.stop()
    for row in rows:
        t = row.pop("times_ms")
        row["cpu_per_wall"] = statistics.median(row["cpu_per_wall"] or [0])
        if t:
            row |= {"min_ms": min(t), "median_ms": statistics.median(t), "runs": len(t)}
    return rows


def set_bounds(data, limits):
    """Fill in the roofline columns of every row from the machine's limits."""
    data["machine"]["limits"] = limits
    for row in data["results"]:
        row["bound_ms"] = bound_ms(row, limits[str(row["threads"])], row["dtype"])
        row["roofline_pct"] = 100 * row["bound_ms"] / row["min_ms"] if "min_ms" in row else None


# --------------------------------------------------------------------- report


def fmt(x):
    return "–" if x is None else "0" if x == 0 else f"{x:.3g}" if x < 100 else f"{x:.0f}"


def markdown(data):
    m, out = data["machine"], []
    out += [f"# Peer benchmark: {m['cpu']}, {m['date']}", "",
            f"{m['cores']} cores, {m['os']}. Peers: {', '.join(f'{k} {v}' for k, v in m['versions'].items())}.", "",
            "Times are min / median in ms; the fastest correct peer (by min) is bold. A family's best variant is shown. "
            "Bound = roofline of this machine (see limits.py); % = bound / best min.", ""]
    out += [n + "\n" for n in data.get("notes", [])]
    for t, l in m["limits"].items():
        out.append(f"- {t} thread(s): " + ", ".join(f"{k} {v}" for k, v in l.items() if k != "threads"))
    groups = sorted({(r["mode"], r["dtype"], r["threads"]) for r in data["results"]})
    for mode, dtype, threads in groups:
        rows = [r for r in data["results"] if (r["mode"], r["dtype"], r["threads"]) == (mode, dtype, threads)]
        fams = list(dict.fromkeys(FAMILY.get(r["peer"], r["peer"]) for r in rows))
        out += ["", f"## {'Training step' if mode == 'train' else 'Inference'}, {dtype}, {threads} thread(s)", "",
                "| case | " + " | ".join(fams) + " | bound | best | % of bound |", "|---" * (len(fams) + 4) + "|"]
        for cid in dict.fromkeys(r["case"] for r in rows):
            here = [r for r in rows if r["case"] == cid]
            good = [r for r in here if r.get("ok") and "min_ms" in r]
            best = min(good, key=lambda r: r["min_ms"], default=None)
            cells = []
            for f in fams:
                mine = [r for r in here if FAMILY.get(r["peer"], r["peer"]) == f]
                top = min((r for r in mine if r in good), key=lambda r: r["min_ms"], default=None)
                if top is None:
                    bad = next((r for r in mine if "min_ms" in r), None)
                    cells.append(f"({'slow' if 'too slow' in bad.get('error', '') else 'wrong'} {fmt(bad['min_ms'])})" if bad
                                 else "failed" if mine else "–")
                else:
                    text = f"{fmt(top['min_ms'])} / {fmt(top['median_ms'])}"
                    cells.append(f"**{text}**" if top is best else text)
            out.append(f"| {cid} | " + " | ".join(cells) + (f" | {fmt(best['bound_ms'])} | {best['peer']} | "
                       f"{fmt(best['roofline_pct'])} |" if best else " | – | – | – |"))
    out += ["", "## Compile, load, memory, size, error", "",
            "compile = export + compile, s; load = fresh process to first result, s; RSS = peak after the first inference, MB; "
            "deploy = artifact + runtime libraries, MB; cpu = CPU seconds per wall second while timing.", "",
            "| case | mode | dtype | thr | peer | min ms | compile | load | RSS | deploy | max abs err | cpu | note |", "|---" * 13 + "|"]
    for r in data["results"]:
        out.append("| " + " | ".join([r["case"], r["mode"], r["dtype"], str(r["threads"]), r["peer"], fmt(r.get("min_ms")),
                   fmt(r.get("compile_s")), fmt(r.get("load_s")), fmt(r.get("rss_mb")), fmt(r.get("deploy_mb")),
                   f"{r['max_abs_err']:.1e}" if "max_abs_err" in r else "–", fmt(r.get("cpu_per_wall")),
                   r.get("error", "" if r.get("ok") else "WRONG OUTPUT").replace("|", "/").replace("\n", " ")[:160]]) + " |")
    return "\n".join(out) + "\n"


def save(data, out):
    for suffix, text in ((".json", json.dumps(data, indent=1)), (".md", markdown(data))):
        pathlib.Path(f"{out}{suffix}").write_text(text)


def versions(args):
    out = {}
    names = {"torch": "eager", "onnxruntime": "ort", "openvino": "openvino", "iree-base-runtime": "iree",
             "apache-tvm": "tvm", "executorch": "executorch"}
    for pkg, peer in names.items():
        if not any(FAMILY.get(p, p) == peer for p in args.peers) and pkg != "torch":
            continue
        try:
            code = f"from importlib.metadata import version; print(version('{pkg}'))"
            py = args.python.get(peer, sys.executable)
            out[pkg] = subprocess.check_output([py, "-c", code], text=True, stderr=subprocess.DEVNULL).strip()
        except subprocess.CalledProcessError:
            pass
    return out


def cpu_name():
    for line in open("/proc/cpuinfo"):
        if line.startswith("model name"):
            return line.split(":")[1].strip()
    return platform.processor()


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    pairs = lambda s: tuple(s.split("=", 1))
    ap.add_argument("--models", help="comma list of model names or case ids (resnet50, minilm-b1-s16)")
    ap.add_argument("--peers", help=f"comma list of {','.join(PEERS)}")
    ap.add_argument("--mode", choices=["infer", "train"])
    ap.add_argument("--threads", default="1,2")
    ap.add_argument("--dtype", default="f32", choices=["f32", "bf16"])
    ap.add_argument("--with", dest="foreign", action="append", default=[], type=pairs, metavar="NAME=COMMAND")
    ap.add_argument("--python", action="append", default=[], type=pairs, metavar="PEER=INTERPRETER")
    ap.add_argument("--quick", action="store_true")
    ap.add_argument("--work", type=pathlib.Path, default=pathlib.Path(tempfile.gettempdir()) / "peer-bench")
    ap.add_argument("--out", type=pathlib.Path, help="result files' name without suffix")
    ap.add_argument("--date", default=datetime.date.today().isoformat())
    ap.add_argument("--lock", help="hold an exclusive flock on this file while timing")
    ap.add_argument("--cached-only", action="store_true", help="only use artifacts that are already built")
    ap.add_argument("--prepare-only", action="store_true", help="only build the artifacts")
    ap.add_argument("--seconds", type=float, default=2.5, help="timing per peer and case, over all rounds")
    ap.add_argument("--rounds", type=int, default=5)
    ap.add_argument("--compile-timeout", type=int, default=400)
    ap.add_argument("--too-slow", type=float, default=4.0, help="seconds; a slower peer is not timed")
    ap.add_argument("--report", type=pathlib.Path, help="only rewrite the Markdown of this JSON file")
    args = ap.parse_args()
    if args.report:
        return args.report.with_suffix(".md").write_text(markdown(json.loads(args.report.read_text())))
    args.foreign, args.python = dict(args.foreign), dict(args.python)
    need_python = {"iree", "tvm", "executorch"} - set(args.python)  # these live in their own environments
    if args.quick:
        args.peers = args.peers or "eager,inductor,ort,openvino"
        args.threads, args.seconds, args.rounds = "2", 0.6, 3
    args.peers = args.peers.split(",") if args.peers else [p for p in PEERS if p not in need_python]
    want = set(args.models.split(",")) if args.models else QUICK if args.quick else None
    specs = [s for s in CASES if (not want or s[0] in want or case_id(*s) in want) and args.mode in (None, s[3])]
    threads = [int(t) for t in args.threads.split(",")]
    args.work.mkdir(parents=True, exist_ok=True)
    out = args.out or args.work / f"results-{args.date}"
    out.parent.mkdir(parents=True, exist_ok=True)
    cases = []
    for s in specs:
        cases.append(make_case(s, args))
    if not args.prepare_only:  # build every artifact before the quiet part starts
        prep = argparse.Namespace(**{**vars(args), "prepare_only": True})
        for c in cases:
            for t in threads:
                run_case(c, t, prep)
    with quiet(None if args.prepare_only else args.lock):
        peaks = {} if args.prepare_only else measure(threads)
    data = {"machine": {"cpu": cpu_name(), "cores": len(os.sched_getaffinity(0)), "date": args.date, "os": platform.platform(),
            "versions": versions(args), "limits": peaks},
            "protocol": {"seconds": args.seconds, "rounds": args.rounds, "tolerance": TOLERANCE}, "results": []}
    for c in cases:
        for t in threads:
            with quiet(None if args.prepare_only else args.lock):
                note(c["id"], f"threads {t}")
                data["results"] += run_case(c, t, args)
            if not args.prepare_only:
                set_bounds(data, peaks)
                save(data, out)
    if not args.prepare_only:  # once more: memory bandwidth varies with the host's other guests
        with quiet(args.lock):
            set_bounds(data, merge(peaks, measure(threads)))
        save(data, out)
    note("done", "" if args.prepare_only else out)


if __name__ == "__main__":
    main()
