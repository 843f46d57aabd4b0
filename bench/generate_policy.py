#!/usr/bin/env python3
"""A policy of N containers and N claims, written to stdout: the input of the end-to-end figures in docs/benchmarks.md.

usage: bench/generate_policy.py CONTAINERS [--module NAME]

The containers come from one profile and differ in folders, networks, attributes and exceptions. The claims are of every
form that the solver has to work for: containments of globs with exceptions, conditions over attributes and the context,
network ranges less a port, influence through shared volumes, and the short ones besides. Every claim holds; five refuted
ones at the end fail if a claim form were answered without looking. The same number gives the same text.
"""
import argparse

HEAD = """module {module};
import linux;
import profiles;

label Public < Internal < Secret;

context maintenance: bool;
context hour: int;

volume Shared;
file Secrets  = "/etc/{{passwd,shadow}}", "/root/**";
file Keys     = "/**/*.{{key,pem}}";
file Bulletin = Shared:"/bulletin/**" label Public;
net  Anywhere = any;
net  Registry = 10.0.7.0/24 port 443 tcp;

host Node {{
    capacity {{ memory {memory} GiB; cpu {cpu}; pids {pids}; }}
}}

profile worker uses standard {{
    limits  {{ memory 128 MiB; cpu 0.5; pids 32; }}
    reserve {{ memory 64 MiB; cpu 0.1; pids 8; }}
    may   read, execute "/{{usr,lib,lib64,bin}}/**";
    may   read "/etc/{{hosts,resolv.conf,ssl/**}}";
    never read Keys;
    never read, write Secrets;
}}
"""

CONTAINER = """
volume Data{n};
file Inbox{n}   = Data{n}:"/in/**/*.{{json,csv,txt}}";
file Outbox{n}  = Data{n}:"/out/**" label {label};
file Private{n} = Data{n}:"/**/private/**";
container Worker{n} uses worker {{
    user  {user};
    clearance {label};
    mount Data{n} at "/srv/data{n}";
    mount Shared at "/srv/shared" readonly;
    may   read Inbox{n} when context.maintenance == false;
    may   read, write Outbox{n};
    may   read Bulletin;
    never read, write Private{n} when context.hour > {hour};
{connect}}}
"""

CLAIMS = (
    'prove c{n}: Worker{n} cannot read Data{n}:"/in/**/*.pem";',
    "prove c{n}: Worker{n} not granted write Inbox{n};",
    "prove c{n}: Worker{n} isolated from Worker{m};",
    "prove c{n}: Worker{n} can every read, write Data{n}:\"/out/results/*.json\";",
    "prove c{n}: Worker{n} cannot connect 10.0.7.0/24 port 80 tcp;",
    "prove c{n}: Worker{n} cannot read, write Secrets;",
    "prove c{n}: Worker{n} not granted write Bulletin;",
    "prove c{n}: Worker{n} isolated from host;",
    "prove c{n}: Worker{n} can read Inbox{n};",
    "prove c{n}: Worker{n} cannot invoke mounts, tracing, modules;",
)

REFUTED = """
refute inbox_closed:   Worker0 cannot read Inbox0;
refute keys_open:      Worker1 can read Keys;
refute shared_written: Worker0 can write Bulletin;
refute egress_open:    Worker1 can connect Anywhere;
refute registry_shut:  Worker0 cannot connect Registry;
"""


def policy(count, module):
    text = [HEAD.format(module=module, memory=max(1, count * 64 // 1024 + 1), cpu=max(1, count // 10 + 1), pids=8 * count + 64)]
    for n in range(count):
        connect = "    may   connect Registry;\n" if n % 10 in (0, 3) else ""
        text.append(CONTAINER.format(n=n, user=10001 + n, label=("Public", "Internal", "Secret")[n % 3], hour=n % 24, connect=connect))
    text.append("\n")
    text += [CLAIMS[n % len(CLAIMS)].format(n=n, m=(n + 1) % count) + "\n" for n in range(count)]
    text.append(REFUTED)
    return "".join(text)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("containers", type=int)
    parser.add_argument("--module", default="bench.generated")
    options = parser.parse_args()
    if options.containers < 2:
        parser.error("at least two containers")
    print(policy(options.containers, options.module), end="")
