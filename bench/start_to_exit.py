#!/usr/bin/env python3
"""Start-to-exit of one program by each runner, interleaved; prints ratios to bubblewrap, never one timing alone.

usage: bench/start_to_exit.py BUILD_FOLDER [--rounds N] [--command /bin/true] [--json FILE]

Every round starts each runner once, in an order that turns; what is compared is the median over the rounds of the ratio
within one round, so that a slow spell of the machine meets all of them.
"""
import argparse
import fcntl
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

POLICY = """module bench.start;
import linux;
import profiles;
container Program uses standard {
    user   10001;
    limits { memory 256 MiB; cpu 1; pids 64; disk 16 MiB; }
}
prove offline: Program cannot connect any;
"""
F_ADD_SEALS, ALL_SEALS = 1033, 15


def sealed(path):
    """The table as a sealed memory file, as `bulkhead` itself hands it over."""
    fd = os.memfd_create("table", os.MFD_ALLOW_SEALING)
    with open(path, "rb") as file:
        os.write(fd, file.read())
    fcntl.fcntl(fd, F_ADD_SEALS, ALL_SEALS)
    return fd


def oci_bundle(folder, command, runner):
    """A bundle with the same namespaces and binds for crun, runc and runsc."""
    root = os.path.join(folder, "rootfs")
    for name in ("usr", "proc", "dev", "lib", "lib64", "bin"):
        os.makedirs(os.path.join(root, name), exist_ok=True)
    binds = [{"destination": f"/{name}", "type": "bind", "source": os.path.realpath(f"/{name}"),
              "options": ["rbind", "ro"]} for name in ("usr", "lib", "lib64", "bin")]
    config = {
        "ociVersion": "1.0.2", "hostname": "bench", "root": {"path": "rootfs", "readonly": True},
        "process": {"terminal": False, "user": {"uid": 0, "gid": 0}, "args": command, "cwd": "/",
                    "env": ["PATH=/usr/bin:/bin"], "noNewPrivileges": True,
                    "capabilities": {kind: [] for kind in ("bounding", "effective", "permitted")}},
        "mounts": [{"destination": "/proc", "type": "proc", "source": "proc"},
                   {"destination": "/dev", "type": "tmpfs", "source": "tmpfs", "options": ["nosuid", "mode=755"]}] + binds,
        "linux": {"namespaces": [{"type": kind} for kind in ("pid", "mount", "network", "ipc", "uts")]},
    }
    with open(os.path.join(folder, "config.json"), "w", encoding="utf-8") as file:
        json.dump(config, file)
    return [runner]


def runners(build, work, command):
    """name -> (argv maker, pass_fds); only those that are installed."""
    bulkhead = os.path.join(build, "cli", "bulkhead")
    execute = next((path for path in (os.path.join(build, "bulkhead-exec"), os.path.join(build, "cli", "bulkhead-exec"))
                    if os.path.exists(path)), None)
    policy = os.path.join(work, "start.bh")
    with open(policy, "w", encoding="utf-8") as file:
        file.write(POLICY)
    log = os.path.join(work, "audit.jsonl")
    found = {"bare": (lambda i: command, ())}
    if shutil.which("bwrap"):
        found["bwrap"] = (lambda i: ["bwrap", "--unshare-all", "--die-with-parent", "--ro-bind", "/usr", "/usr", "--symlink",
                                     "usr/bin", "/bin", "--symlink", "usr/lib", "/lib", "--symlink", "usr/lib64", "/lib64",
                                     "--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp"] + command, ())
    table = os.path.join(work, "table.bin")
    run = [bulkhead, "run", "--quiet", "--audit-log", log]
    emitted = subprocess.run(run + ["--emit-table", table, f"{policy}::Program", "--"] + command, check=False)
    if emitted.returncode == 0 and execute:
        fd = sealed(table)
        found["bulkhead-exec"] = (lambda i: [execute, "--table-fd", str(fd), "--audit-log", log, "--"] + command, (fd,))
    found["run warm"] = (lambda i: run + [f"{policy}::Program", "--"] + command, ())
    found["run cold"] = (lambda i: run + ["--no-cache", f"{policy}::Program", "--"] + command, ())
    for name in ("crun", "runc", "runsc"):
        if not shutil.which(name):
            continue
        bundle = os.path.join(work, name)
        os.makedirs(bundle)
        oci_bundle(bundle, command, name)
        state = os.path.join(work, name + "-state")
        words = {"runsc": ["runsc", "--platform=ptrace", "--network=none", f"--root={state}"],
                 "runc": ["runc", f"--root={state}"]}.get(name)
        if words is None:  # crun refuses hybrid cgroups: the v2 mount is hidden from it
            words = ["unshare", "-m", "sh", "-c", "umount /sys/fs/cgroup/unified 2>/dev/null; exec \"$@\"", "sh", "crun",
                     f"--root={state}"]
        found[name] = (lambda i, w=words, b=bundle, n=name: w + ["run", "--bundle", b, f"bench-{os.getpid()}-{n}-{i}"], ())
    return found


def once(argv, fds):
    begin = time.perf_counter()
    done = subprocess.run(argv, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, pass_fds=fds,
                          check=False)
    return (time.perf_counter() - begin) * 1e3, done


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build")
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--command", nargs="+", default=["/bin/true"])
    parser.add_argument("--json")
    options = parser.parse_args()
    work = tempfile.mkdtemp(prefix="bulkhead-bench-")
    try:
        found = runners(os.path.abspath(options.build), work, options.command)
        for name in list(found):
            _, done = once(found[name][0]("first"), found[name][1])
            if done.returncode != 0:
                print(f"left out: {name} (status {done.returncode}): {done.stderr.decode(errors='replace').strip()[-200:]}")
                del found[name]
        times = {name: [] for name in found}
        for index in range(options.rounds):
            names = list(found)
            for name in names[index % len(names):] + names[:index % len(names)]:
                elapsed, done = once(found[name][0](index), found[name][1])
                if done.returncode != 0:
                    sys.exit(f"{name} failed in round {index}: {done.stderr.decode(errors='replace')}")
                times[name].append(elapsed)
        print(f"{' '.join(options.command)}, {options.rounds} interleaved rounds")
        print(f"{'runner':16}{'min ms':>10}{'median ms':>12}{'ratio to bwrap':>18}")
        result = {}
        for name, values in times.items():
            ratio = statistics.median(a / b for a, b in zip(values, times["bwrap"])) if "bwrap" in times else float("nan")
            result[name] = {"min": min(values), "median": statistics.median(values), "ratio": ratio}
            print(f"{name:16}{min(values):10.2f}{statistics.median(values):12.2f}{ratio:18.2f}")
        if options.json:
            with open(options.json, "w", encoding="utf-8") as file:
                json.dump(result, file, indent=1)
    finally:
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    main()
