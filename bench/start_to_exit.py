#!/usr/bin/env python3
"""Start-to-exit of one program by each runner, interleaved; prints ratios to bubblewrap, never one timing alone.

usage: bench/start_to_exit.py BUILD_FOLDER [--rounds N] [--only RUNNER...] [--json FILE] [--command PROGRAM ARGS...]

Every round starts each runner once, in an order that turns; what is compared is the median over the rounds of the ratio
within one round, so that a slow spell of the machine meets all of them. Beside it stands the ratio of the least times,
which is what a machine with nothing else to do comes near to. bubblewrap gets the same namespaces (user, pid, mount, net,
ipc, uts, cgroup), the same mounts one by one (the runtime closure as `bulkhead run --dry-run` prints it, /proc, the five
devices, /tmp), the same inner user and an environment from nothing. It gets no seccomp filter, no Landlock, no cgroups,
no listener, no read-back and no audit log, all of which bulkhead-exec does. crun, runc and runsc get the same bind mounts
and their own private namespaces.
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
DEVICES = ("null", "zero", "full", "random", "urandom")
STREAMS = (("/proc/self/fd", "/dev/fd"), ("/proc/self/fd/0", "/dev/stdin"), ("/proc/self/fd/1", "/dev/stdout"),
           ("/proc/self/fd/2", "/dev/stderr"))
TOP_LINKS = (("usr/bin", "/bin"), ("usr/lib", "/lib"), ("usr/lib64", "/lib64"))


def sealed(path):
    """The table as a sealed memory file, as `bulkhead` itself hands it over."""
    fd = os.memfd_create("table", os.MFD_ALLOW_SEALING)
    with open(path, "rb") as file:
        os.write(fd, file.read())
    fcntl.fcntl(fd, F_ADD_SEALS, ALL_SEALS)
    os.set_inheritable(fd, True)
    return fd


def closure_of(run, policy, command):
    """The paths that the program needs, as `--dry-run` names them."""
    plan = subprocess.run(run + ["--dry-run", f"{policy}::Program", "--"] + command, check=True, capture_output=True, text=True)
    return [line.split()[1] for line in plan.stdout.splitlines() if line.startswith("closure")]


def links_into(closure):
    """(target, link) for the links beside the files of the closure that lead to one of them: libz.so.1, python3."""
    files = {path for path in closure if not path.endswith("/")}
    for folder in sorted({os.path.dirname(path) for path in files if ".so" in path or "/bin/" in path}):
        for entry in sorted(os.scandir(folder), key=lambda found: found.path):
            if entry.is_symlink() and entry.path not in files and os.path.realpath(entry.path) in files:
                yield os.path.realpath(entry.path), entry.path


def bubblewrap(closure, command):
    words = ["bwrap", "--unshare-user", "--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup",
             "--die-with-parent", "--new-session", "--uid", "10001", "--gid", "10001", "--hostname", "bulkhead", "--clearenv",
             "--setenv", "PATH", "/usr/bin:/bin", "--setenv", "LANG", "C.UTF-8", "--proc", "/proc", "--dir", "/dev"]
    for name in DEVICES:
        words += ["--dev-bind", f"/dev/{name}", f"/dev/{name}"]
    for target, link in STREAMS + TOP_LINKS:
        words += ["--symlink", target, link]
    words += ["--size", str(16 << 20), "--tmpfs", "/tmp"]
    for path in closure:
        words += ["--ro-bind", path, path]
    loader = "/usr/lib64/ld-linux-x86-64.so.2"
    if loader not in closure and os.path.islink(loader):
        words += ["--symlink", os.path.realpath(loader), loader]
    for target, link in links_into(closure):
        words += ["--symlink", target, link]
    return words + ["--chdir", "/", "--remount-ro", "/", "--"] + command


def oci_bundle(folder, closure, command):
    """A bundle with the same binds for crun, runc and runsc."""
    root = os.path.join(folder, "rootfs")
    os.makedirs(root)
    for target, link in TOP_LINKS:
        os.symlink(target, root + link)
    for name in ("usr/lib64", "proc", "dev", "tmp"):
        os.makedirs(os.path.join(root, name))
    loader = "/usr/lib64/ld-linux-x86-64.so.2"
    if loader not in closure and os.path.islink(loader):
        os.symlink(os.path.realpath(loader), root + loader)
    for target, link in links_into(closure):
        os.makedirs(os.path.dirname(root + link), exist_ok=True)
        os.symlink(target, root + link)
    binds = [{"destination": path, "type": "bind", "source": path, "options": ["rbind", "ro", "nosuid", "nodev"]} for path in closure]
    config = {
        "ociVersion": "1.0.2", "hostname": "bench", "root": {"path": "rootfs", "readonly": False},
        "process": {"terminal": False, "user": {"uid": 0, "gid": 0}, "args": command, "cwd": "/",
                    "env": ["PATH=/usr/bin:/bin", "LANG=C.UTF-8"], "noNewPrivileges": True,
                    "capabilities": {kind: [] for kind in ("bounding", "effective", "permitted")}},
        "mounts": [{"destination": "/proc", "type": "proc", "source": "proc"},
                   {"destination": "/dev", "type": "tmpfs", "source": "tmpfs", "options": ["nosuid", "mode=755"]},
                   {"destination": "/tmp", "type": "tmpfs", "source": "tmpfs", "options": ["nosuid", "nodev"]}] + binds,
        "linux": {"namespaces": [{"type": kind} for kind in ("pid", "mount", "network", "ipc", "uts")]},
    }
    with open(os.path.join(folder, "config.json"), "w", encoding="utf-8") as file:
        json.dump(config, file)


def oci_runners(work, closure, command):
    found = {}
    for name in ("crun", "runc", "runsc"):
        if not shutil.which(name):
            continue
        bundle, state = os.path.join(work, name), os.path.join(work, name + "-state")
        os.makedirs(bundle)
        oci_bundle(bundle, closure, command)
        words = {"runsc": ["runsc", "--platform=ptrace", "--network=none", f"--root={state}"],
                 "runc": ["runc", f"--root={state}"]}.get(name)
        if words is None:  # crun refuses hybrid cgroups: the v2 mount is hidden from it
            words = ["unshare", "-m", "sh", "-c", "umount /sys/fs/cgroup/unified 2>/dev/null; exec \"$@\"", "sh", "crun",
                     f"--root={state}"]
        found[name] = lambda i, w=words, b=bundle, n=name: w + ["run", "--bundle", b, f"bench-{os.getpid()}-{n}-{i}"]
    return found


def runners(build, work, command):
    """name -> maker of its argv; only those that are installed."""
    bulkhead = os.path.join(build, "cli", "bulkhead")
    execute = os.path.join(build, "bulkhead-exec")
    policy = os.path.join(work, "start.bh")
    with open(policy, "w", encoding="utf-8") as file:
        file.write(POLICY)
    log = os.path.join(work, "audit.jsonl")
    run = [bulkhead, "run", "--quiet", "--audit-log", log]
    command = [shutil.which(command[0])] + command[1:]
    closure = closure_of(run, policy, command)
    table = os.path.join(work, "table.bin")
    subprocess.run(run + ["--emit-table", table, f"{policy}::Program", "--"] + command, check=True)
    fd = sealed(table)
    found = {"bare": lambda i: command}
    if shutil.which("bwrap"):
        found["bwrap"] = lambda i: bubblewrap(closure, command)
    found["bulkhead-exec"] = lambda i: [execute, "--table-fd", str(fd), "--audit-log", log, "--"] + command
    found["run warm"] = lambda i: run + [f"{policy}::Program", "--"] + command
    found["run cold"] = lambda i: run + ["--no-cache", f"{policy}::Program", "--"] + command
    found.update(oci_runners(work, closure, command))
    return found, log


def once(argv, log, quiet):
    """Milliseconds from spawn to exit, and the status. The log is fresh for each run."""
    if os.path.exists(log):
        os.unlink(log)
    program = shutil.which(argv[0])
    null = [(os.POSIX_SPAWN_OPEN, 0, "/dev/null", os.O_RDONLY, 0), (os.POSIX_SPAWN_OPEN, 1, "/dev/null", os.O_WRONLY, 0)]
    if quiet:
        null.append((os.POSIX_SPAWN_OPEN, 2, "/dev/null", os.O_WRONLY, 0))
    begin = time.perf_counter()
    pid = os.posix_spawn(program, argv, os.environ, file_actions=null)
    _, status = os.waitpid(pid, 0)
    return (time.perf_counter() - begin) * 1e3, os.waitstatus_to_exitcode(status)


def measure(found, log, rounds):
    times = {name: [] for name in found}
    for index in range(rounds):
        names = list(found)
        for name in names[index % len(names):] + names[:index % len(names)]:
            elapsed, status = once(found[name](index), log, False)
            if status != 0:
                sys.exit(f"{name} failed in round {index} with status {status}")
            times[name].append(elapsed)
    return times


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build")
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--only", nargs="+", help="these runners beside bwrap")
    parser.add_argument("--json")
    parser.add_argument("--command", nargs=argparse.REMAINDER, default=["/bin/true"])
    options = parser.parse_args()
    work = tempfile.mkdtemp(prefix="bulkhead-bench-")
    try:
        found, log = runners(os.path.abspath(options.build), work, options.command)
        if options.only:
            found = {name: maker for name, maker in found.items() if name == "bwrap" or name in options.only}
        for name in list(found):
            _, status = once(found[name]("first"), log, True)
            if status != 0:
                print(f"left out: {name} (status {status})")
                del found[name]
        times = measure(found, log, options.rounds)
        load = os.getloadavg()[0]
        print(f"{' '.join(options.command)}, {options.rounds} interleaved rounds, load {load:.1f} on {os.cpu_count()} processors")
        print(f"{'runner':16}{'least ms':>10}{'median ms':>12}{'ratio of least':>16}{'median ratio':>14}")
        result = {"load": load, "rounds": options.rounds}
        for name, values in times.items():
            peer = times.get("bwrap", values)
            ratio = statistics.median(a / b for a, b in zip(values, peer))
            result[name] = {"least": min(values), "median": statistics.median(values), "least_ratio": min(values) / min(peer), "ratio": ratio}
            print(f"{name:16}{min(values):10.2f}{statistics.median(values):12.2f}{min(values) / min(peer):16.2f}{ratio:14.2f}")
        if options.json:
            with open(options.json, "w", encoding="utf-8") as file:
                json.dump(result, file, indent=1)
    finally:
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    main()
