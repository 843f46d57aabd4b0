#!/usr/bin/env python3
"""Checks every #include of the tree against layers.txt; prints the lines that break it."""
import os
import re
import sys

THIRD_PARTY = {
    "antlr4": re.compile(r"antlr4|^Bulkhead(Lexer|Parser|Visitor|BaseVisitor)\.h"),
    "z3": re.compile(r"^z3(\+\+)?\.h"),
    "cadical": re.compile(r"^cadical\.hpp"),
    "fmt": re.compile(r"^fmt/"),
    "nettle": re.compile(r"^nettle/"),
    "boost": re.compile(r"^boost/"),
    "sepol": re.compile(r"^sepol/"),
    "fyaml": re.compile(r"^libfyaml\.h"),
    "json": re.compile(r"^nlohmann/"),
    "cli11": re.compile(r"^CLI/"),
    "linux": re.compile(r"^(linux/|sys/(mount|prctl|syscall|ptrace|capability|socket|eventfd|signalfd|timerfd)\.h|sched\.h|seccomp\.h)"),
}
# fmt is the formatting library of the whole tree: any .cpp may use it, no header may.
ANYWHERE_IN_CPP = {"fmt"}


def read_layers(root):
    layers, order = {}, []
    for number, line in enumerate(open(os.path.join(root, "layers.txt")), 1):
        if line.startswith("#") or not line.strip():
            continue
        packages = re.search(r"\[(.*)\]", line)
        head = re.sub(r"\[.*", "", line)
        component, deps = (part.strip() for part in head.split(":", 1))
        deps = list(order) if deps == "*" else deps.split()
        for dep in deps:
            if dep not in layers:
                yield f"layers.txt:{number}: `{component}` names `{dep}`, which is not an earlier line"
        order.append(component)
        layers[component] = (set(deps) | {component}, set(packages.group(1).split()) if packages else set())
    yield layers


def component_of(path, layers):
    folder = os.path.dirname(path)
    while folder:
        if folder in layers:
            return folder
        folder = os.path.dirname(folder)
    return None


def check_file(root, path, layers):
    component = component_of(path, layers)
    if component is None:
        yield f"{path}:1: this folder has no line in layers.txt"
        return
    may, packages = layers[component]
    for number, line in enumerate(open(os.path.join(root, path), errors="replace"), 1):
        found = re.match(r'\s*#\s*include\s*([<"])([^>"]+)[>"]', line)
        if not found:
            continue
        header = found.group(2)
        if found.group(1) == '"' and os.path.exists(os.path.join(root, header)):
            target = component_of(header, layers)
            if target not in may:
                yield f"{path}:{number}: `{component}` may not include `{header}`"
            continue
        for package, pattern in THIRD_PARTY.items():
            if not pattern.search(header) or package in packages:
                continue
            if package in ANYWHERE_IN_CPP and path.endswith(".cpp"):
                continue
            yield f"{path}:{number}: `{component}` may not include <{header}> ({package})"


def main(root):
    results = list(read_layers(root))
    layers, problems = results[-1], results[:-1]
    files = 0
    for top in ("lang", "checker", "runtime-bridge", "cli"):
        for folder, _, names in os.walk(os.path.join(root, top)):
            for name in sorted(names):
                if name.endswith((".h", ".cpp", ".def")):
                    files += 1
                    problems += check_file(root, os.path.relpath(os.path.join(folder, name), root), layers)
    for problem in problems:
        print(problem)
    print(f"{files} files read, {len(problems)} includes that layers.txt does not allow")
    return 1 if problems or files == 0 else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
