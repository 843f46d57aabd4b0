#!/usr/bin/env python3
"""The stories that are told of one system cross planes: rights that are handed over, files, channels, namespaces and the network in one run.

usage: tests/specs/check_planes.py BULKHEAD ROOT
"""
import json
import os
import subprocess
import sys

# Of each story the planes that its steps have to cross, in this order.
STORIES = {
    ("specs/kos/agents.bh", "album_stays"): ["authority", "file", "namespace", "channel", "network"],
    ("specs/kos/agents.bh", "curator_from_courier"): ["channel", "namespace"],
    ("specs/kos/agents.bh", "sketches_unread"): ["authority", "file"],
    ("specs/kos/agents.bh", "mint_steered"): ["file", "network", "channel", "network"],
    ("specs/kos/agents.bh", "courier_steered"): ["authority", "file", "namespace", "network", "channel", "network"],
    ("specs/mesh/node.bh", "worker_steered"): ["file", "network", "file", "channel", "network"],
    ("specs/inspatial/isolation.bh", "plans_stay"): ["authority", "file", "namespace", "channel", "network"],
    ("specs/mesh/node.bh", "answers_stay"): ["authority", "file", "network"],
}


def planes_of(trace):
    """The planes of a trace, in the order of its steps; what is next to itself once."""
    planes = []
    for step in trace:
        cause = step.get("cause", "")
        if "handover" in step:
            planes.append("authority")
        elif step.get("channel"):
            planes.append("channel")
        elif "namespace" in cause:
            planes.append("namespace")
        elif any(request["right"] not in ("connect", "bind") for request in step["requests"]):
            planes.append("file")
        elif cause == "a labelled object":  # at an address
            planes.append("network")
        if step.get("to") == "network":
            planes.append("network")
    return [plane for at, plane in enumerate(planes) if at == 0 or planes[at - 1] != plane]


def main(bulkhead, root):
    os.chdir(root)
    problems = []
    for (path, name), expected in STORIES.items():
        done = subprocess.run([bulkhead, "prove", "--no-cache", "--no-coverage", "--only", name, "--format", "json", path],
                              capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(f"{path}: status {done.returncode}\n{done.stdout}{done.stderr}")
        [claim] = json.loads(done.stdout)["claims"]
        told = [planes_of(case["trace"]) for case in claim["cases"] if "trace" in case]
        print(f"{path}: {name}: {told}")
        if expected not in told:  # `isolated` is told both ways
            problems.append(f"{path}: {name} is told over {told}, not over {expected}")
    print("\n".join(problems))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
