"""Makes a failing program smaller: fewer outputs, statements replaced by earlier values of their type or by constants, as long as it still fails."""
import copy
import time

from program import BOOL, Statement, walk


def constant(t):
    sizes = ", ".join(map(str, t.dims)) or "()"
    return f"ones({sizes}) > 0" if t.dtype == BOOL else f"ones({sizes}, dtype={t.dtype})"


def candidates(program):
    """Smaller programs, the boldest first."""
    if len(program.outputs) > 1:
        for keep in program.outputs:
            smaller = copy.deepcopy(program)
            smaller.outputs = [keep]
            yield smaller
    for k, m in enumerate(walk(program)):
        for i in reversed(range(len(m.statements))):
            s, types = m.statements[i], m.types()
            earlier = [n for n, _ in m.inputs] + [x.target for x in m.statements[:i]]
            for other in [n for n in earlier if types[n] == s.type]:
                smaller = copy.deepcopy(program)
                target = list(walk(smaller))[k]
                del target.statements[i]
                for x in target.statements:
                    x.uses = [other if u == s.target else u for u in x.uses]
                target.outputs = [other if o == s.target else o for o in target.outputs]
                if all(o not in dict(target.inputs) for o in target.outputs):
                    yield smaller
            if s.uses:
                smaller = copy.deepcopy(program)
                list(walk(smaller))[k].statements[i] = Statement(s.target, constant(s.type), [], s.type)
                yield smaller


def size(program):
    return sum(len(s.uses) + 1 for m in walk(program) for s in m.statements) + len(program.outputs)


def shrink(program, fails, seconds):
    """The smallest program found in the time given for which `fails` still holds."""
    end, improved = time.monotonic() + seconds, True
    while improved and time.monotonic() < end:
        improved = False
        for smaller in candidates(program):
            smaller.drop_dead()
            if size(smaller) >= size(program) or time.monotonic() > end:
                continue
            if fails(smaller):
                program, improved = smaller, True
                break
    return program
