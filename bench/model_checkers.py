#!/usr/bin/env python3
"""Families of transition systems by `bulkhead solve`, Spacer, abc and spin in one run: solved, PAR2, ratios.

usage: bench/model_checkers.py BULKHEAD [--time SECONDS] [--sizes small|large] [--models] [--json FILE]

Every instance is one model and one claim in one scope, written by `bulkhead export` as BTOR2, Horn clauses and AIGER; spin
gets the same system in Promela where a family has one. The tools take turns on each instance, so that a slow spell of the
machine meets all of them. An answer that is not the expected one ends the run. PAR2 is the sum of the seconds, twice the
limit for what is not solved. The seconds are those of the whole process; of bulkhead the search and the check of its
evidence also stand apart, as it tells them. Public files: every .smt2 and .btor2 below $BULKHEAD_CORPORA, without Promela
and AIGER, with no answer expected but that the tools agree.
"""
import argparse
import glob
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

MODELS = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "models")


def ring(n, broken):
    guard = "true" if broken else "!issued"
    model = f"""model M {{ sort Station; var holder: Station -> bool = false; var issued: bool = false;
    action issue(s: Station) when {guard} do issued := true, holder(s) := true;
    action pass(s: Station, t: Station) when holder(s) && s != t do holder(s) := false, holder(t) := true;
    invariant claim: forall s: Station, t: Station. holder(s) && holder(t) -> s == t; }}"""
    condition = "1" if broken else "!issued"
    promela = f"""bool holder[{n}]; bool issued; byte held;
active proctype M() {{ byte i, j; do
  :: atomic {{ select(i : 0 .. {n - 1}); if :: {condition} -> issued = 1; if :: !holder[i] -> holder[i] = 1; held++ :: else fi :: else fi }}
  :: atomic {{ select(i : 0 .. {n - 1}); select(j : 0 .. {n - 1}); if :: holder[i] && i != j -> holder[i] = 0; if :: holder[j] -> held-- :: else -> holder[j] = 1 fi :: else fi }}
  od }}
active proctype Monitor() {{ atomic {{ held > 1 -> assert(false) }} }}"""
    return model, ["Station=%d" % n], promela


def capabilities(n, m, broken):
    """n subjects, m objects, two rights: delegation hands on what one has; only the owner grants the right to write."""
    may = "read(s, o)" if broken else "write(s, o)"
    model = f"""model M {{ sort Subject; sort Object; relation owner: (Subject, Object);
    var read: (Subject, Object) -> bool = false; var write: (Subject, Object) -> bool = false;
    action grant(s: Subject, t: Subject, o: Object) when owner(s, o) do read(t, o) := true;
    action own(s: Subject, o: Object) when owner(s, o) do write(s, o) := true, read(s, o) := true;
    action delegate(s: Subject, t: Subject, o: Object) when {may} && owner(t, o) == owner(s, o) do write(t, o) := true;
    action revoke(s: Subject, t: Subject, o: Object) when owner(s, o) && s != t do write(t, o) := false, read(t, o) := false;
    invariant claim: forall s: Subject, o: Object. write(s, o) -> owner(s, o); }}"""
    return model, ["Subject=%d" % n, "Object=%d" % m], None


def counter(width, broken):
    step = 3 if broken else 2
    last = (1 << min(width, 8)) - 1
    model = f"""model M {{ var n: u{width} = 0;
    action up() when true do n := n + {step};
    action clear() when n > {last - 60} do n := 0;
    invariant claim: n != {last - 60 if broken else last}; }}"""
    mask = (1 << min(width, 30)) - 1
    promela = f"""int n; active proctype M() {{ do :: atomic {{ n = (n + {step}) & {mask} }} :: atomic {{ n > {last - 60} -> n = 0 }} od }}
active proctype Monitor() {{ atomic {{ n == {last - 60 if broken else last} -> assert(false) }} }}"""
    return model, [], promela


def queue(n, broken):
    """A bounded queue of n places; a sender may have one message in it, and one that left may come again."""
    guard = "!waiting(s)" if not broken else "true"
    model = f"""model M {{ sort Sender; sort Place; var at: Place -> Sender; var full: Place -> bool = false;
    var waiting: Sender -> bool = false;
    action put(s: Sender, p: Place) when {guard} && !full(p) do full(p) := true, at(p) := s, waiting(s) := true;
    action take(p: Place) when full(p) do full(p) := false, waiting(at(p)) := false;
    action move(p: Place, q: Place) when full(p) && !full(q) do full(p) := false, full(q) := true, at(q) := at(p);
    invariant claim: forall p: Place, q: Place. full(p) && full(q) && p != q -> at(p) != at(q); }}"""
    return model, ["Sender=%d" % n, "Place=%d" % n], None


def growing(n):
    """n integers that grow together: what Spacer is for."""
    variables = " ".join(f"var x{i}: int = 0;" for i in range(n))
    updates = ", ".join(f"x{i} := x{i} + {i + 1}" for i in range(n))
    claim = " && ".join(f"x{i} >= 0" for i in range(n))
    return f"model M {{ {variables}\n action step() when true do {updates};\n invariant claim: {claim}; }}", [], None


SIZES = {"small": {"ring": (3, 5), "capabilities": ((2, 2), (3, 2)), "counter": (8, 16), "queue": (2, 3), "growing": (2, 6)},
         "large": {"ring": (5, 10, 20), "capabilities": ((3, 3), (4, 4), (6, 4)), "counter": (8, 16, 32), "queue": (3, 4, 5),
                   "growing": (4, 12, 24)}}


def instances(sizes):
    for broken in (False, True):
        kind = "bad" if broken else "safe"
        for n in sizes["ring"]:
            yield f"ring {n} {kind}", ring(n, broken), broken
        for n, m in sizes["capabilities"]:
            yield f"capabilities {n}x{m} {kind}", capabilities(n, m, broken), broken
        for width in sizes["counter"]:
            yield f"counter {width} {kind}", counter(width, broken), broken
        for n in sizes["queue"]:
            yield f"queue {n} {kind}", queue(n, broken), broken
    for n in sizes["growing"]:
        yield f"growing {n} safe", growing(n), False


def library():
    """The claims of the models, in scopes of two elements: name, text, claim, scope."""
    for path in sorted(glob.glob(os.path.join(MODELS, "*.bh"))):
        with open(path, encoding="utf-8") as file:
            text = file.read()
        models = dict(re.findall(r"^model (\w+) \{(.*?)^\}", text, re.MULTILINE | re.DOTALL))
        for claim, model in re.findall(r"^(?:prove|refute) (\w+): (\w+)(?:\.\w+)+;", text, re.MULTILINE):
            sorts = re.findall(r"^\s+sort (\w+)", models.get(model, ""), re.MULTILINE)
            yield f"{os.path.basename(path)} {claim}", path, claim, [f"{sort}=2" for sort in sorts]


class Bench:
    def __init__(self, bulkhead, limit):
        self.bulkhead, self.limit = os.path.abspath(bulkhead), limit
        self.folder = tempfile.mkdtemp(prefix="bulkhead-bench-")
        self.rows, self.turn = [], 0

    def export(self, path, claim, scope, kind):
        out = os.path.join(self.folder, "problem." + {"horn": "smt2", "aiger": "aig", "btor2": "btor2"}[kind])
        words = [word for item in scope for word in ("--scope", item)]
        done = subprocess.run([self.bulkhead, "export", "--format", kind, "--only", claim, *words, "-o", out, path],
                              capture_output=True, text=True, check=False)
        return out if done.returncode == 0 else None

    def timed(self, words, **more):
        begin = time.monotonic()
        try:
            done = subprocess.run(words, capture_output=True, text=True, timeout=self.limit + 2, check=False, **more)
            return done.stdout, done.stderr, time.monotonic() - begin
        except subprocess.TimeoutExpired:
            return "", "", 2.0 * self.limit

    def by_bulkhead(self, files):
        problem = files.get("btor2") or files.get("horn")
        if not problem:
            return None
        out, err, seconds = self.timed([self.bulkhead, "solve", "--timeout", str(int(self.limit * 1000)), problem])
        told = re.search(r"searched (\d+) ms, checked (\d+) ms", err)
        parts = {"search": int(told[1]) / 1000, "check": int(told[2]) / 1000} if told else {}
        return {"safe\n": False, "sat\n": False, "unsafe\n": True, "unsat\n": True}.get(out), seconds, parts

    def by_spacer(self, files):
        if not files.get("horn") or not shutil.which("z3"):
            return None
        out, _, seconds = self.timed(["z3", f"-T:{max(1, int(self.limit))}", "-memory:2048", files["horn"]])
        return {"sat": False, "unsat": True}.get(out.strip()), seconds, {}

    def by_abc(self, files):
        if not files.get("aiger") or not shutil.which("berkeley-abc"):
            return None
        out, _, seconds = self.timed(["berkeley-abc", "-c", f"read_aiger {files['aiger']}; pdr -T {int(self.limit)}"])
        answer = False if "Property proved" in out else True if "was asserted" in out else None
        return answer, seconds, {}

    def by_spin(self, files):
        if not files.get("promela") or not shutil.which("spin"):
            return None
        out, _, seconds = self.timed(["spin", "-search", "-O2", "-m100000", files["promela"]], cwd=self.folder)
        if "errors: 0" in out:
            return False, seconds, {}
        return (True if re.search(r"errors: [1-9]", out) else None), seconds, {}

    def measure(self, name, files, violated):
        tools = {"bulkhead": self.by_bulkhead, "spacer": self.by_spacer, "abc pdr": self.by_abc, "spin": self.by_spin}
        order = list(tools)[self.turn:] + list(tools)[:self.turn]
        self.turn = (self.turn + 1) % len(tools)
        row = {"name": name, "results": {}}
        for tool in order:
            result = tools[tool](files)
            if result is None:
                continue
            answer, seconds, parts = result
            if answer is not None and violated is None:
                violated = answer
            if answer is not None and answer != violated:
                sys.exit(f"{name}: {tool} says {'violated' if answer else 'safe'}")
            solved = answer is not None and seconds <= self.limit + 1
            row["results"][tool] = {"solved": solved, "seconds": seconds if solved else 2.0 * self.limit, **parts}
        self.rows.append(row)
        cells = (f"{tool} {found['seconds']:.2f}" if found["solved"] else f"{tool} -"
                 for tool, found in sorted(row["results"].items()))
        print(f"{name:44} " + "   ".join(cells), flush=True)

    def problem(self, name, text, scope, promela, violated):
        path = os.path.join(self.folder, "m.bh")
        with open(path, "w", encoding="utf-8") as file:
            file.write("module m;\n" + text + "\nprove it: M.claim;\n")
        files = {kind: self.export(path, "it", scope, kind) for kind in ("btor2", "horn", "aiger")}
        if not any(files.values()):
            sys.exit(f"{name}: cannot be exported")
        if promela:
            files["promela"] = os.path.join(self.folder, "m.pml")
            with open(files["promela"], "w", encoding="utf-8") as file:
                file.write(promela)
        self.measure(name, files, violated)

    def summary(self):
        tools = sorted({tool for row in self.rows for tool in row["results"]})
        print(f"\n{'':44} " + "   ".join(f"{tool:>9}" for tool in tools))
        for tool in tools:
            mine = [row["results"][tool] for row in self.rows if tool in row["results"]]
            shared = [row for row in self.rows if tool in row["results"]]
            own = sum(row["results"]["bulkhead"]["seconds"] for row in shared)
            theirs = sum(found["seconds"] for found in mine)
            print(f"{tool:10} solved {sum(found['solved'] for found in mine):3} of {len(mine):3}   PAR2 {theirs:8.1f} s"
                  f"   bulkhead on the same: {sum(row['results']['bulkhead']['solved'] for row in shared):3}, {own:8.1f} s")
        own = [row["results"]["bulkhead"] for row in self.rows]
        print(f"of bulkhead: search {sum(found.get('search', 0) for found in own):.1f} s, "
              f"checks of its evidence {sum(found.get('check', 0) for found in own):.1f} s, all else is starting and reading")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("bulkhead")
    parser.add_argument("--time", type=float, default=20)
    parser.add_argument("--sizes", choices=SIZES, default="small")
    parser.add_argument("--models", action="store_true")
    parser.add_argument("--json")
    options = parser.parse_args()
    bench = Bench(options.bulkhead, options.time)
    for name, (text, scope, promela), violated in instances(SIZES[options.sizes]):
        bench.problem(name, text, scope, promela, violated)
    if options.models:
        for name, path, claim, scope in library():
            files = {kind: bench.export(path, claim, scope, kind) for kind in ("btor2", "horn", "aiger")}
            if any(files.values()):
                bench.measure(name, files, None)
    corpora = os.environ.get("BULKHEAD_CORPORA")
    public = sorted(glob.glob(os.path.join(corpora, "**", "*"), recursive=True)) if corpora else []
    public = [path for path in public if path.endswith((".smt2", ".btor2"))]
    if not public:
        print("no public files: BULKHEAD_CORPORA names no folder with .smt2 or .btor2")
    for path in public:
        bench.measure(os.path.basename(path), {"horn" if path.endswith(".smt2") else "btor2": path}, None)
    bench.summary()
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump(bench.rows, file, indent=1)
    shutil.rmtree(bench.folder)


if __name__ == "__main__":
    main()
