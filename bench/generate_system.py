#!/usr/bin/env python3
"""A policy of N subjects with G grants as text, written to stdout: the input of bench/system.py and of the figures in docs/benchmarks.md.

usage: bench/generate_system.py SUBJECTS GRANTS [--delegations D] [--claims C] [--module NAME]

Containers stand in teams of eight that share a volume. Each reads what teams above its own put out, so that information goes down from
team to team and never up; a part of the grants are delegations over channels, which lead down too. A grant is one `may`, `may delegate` or
`holds` sentence. Claims of four kinds in turn: information never goes up (holds), it comes down (refuted), the vault is never acquired
(holds), what is handed on from the top is acquired (refuted). The same numbers give the same text.
"""
import argparse
import random

TEAM = 8
SEED = 4


def head(module, teams):
    volumes = "\n".join(f"volume V{team};" for team in range(teams))
    return f"module {module};\nimport linux;\nimport profiles;\n\nvolume Vault;\n{volumes}\n"


def reads_of(pick, subject, teams, count):
    """Folders of teams above, each once: (team, folder)."""
    team = subject // TEAM
    found = {(team + 1, "out")} if subject % TEAM == 0 and team + 1 < teams and count else set()
    for _ in range(4 * count):
        if len(found) >= count or team + 1 >= teams:
            break
        found.add((pick.randrange(team + 1, min(teams, team + 33)), pick.choice(("out", "news", "log", "img", "doc", "bin"))))
    return sorted(found)


def container(pick, subject, teams, grants):
    team = subject // TEAM
    reads = reads_of(pick, subject, teams, max(0, grants - 2))
    lines = [f"container C{subject} uses standard {{", f'    mount V{team} at "/team";']
    lines += [f'    mount V{other} at "/in/{other}" readonly;' for other in sorted({one for one, _ in reads})]
    lines += [f'    may read, write V{team}:"/shared/**";',
              f'    may write V{team}:"/{{out,news,log,img,doc,bin}}/{subject % TEAM}/**";']
    lines += [f'    may read V{other}:"/{folder}/**";' for other, folder in reads]
    own = 2 + len(reads)
    while own < grants:  # what its team alone uses
        lines.append(f'    may read V{team}:"/shared/part{own}/**";')
        own += 1
    return lines + ["}"], own


def delegations(pick, subjects, count):
    """A tree from the top to the bottom, eight receivers each, and others that lead down as well."""
    top = subjects - 1
    pairs = [(top - (below - 1) // 8, top - below) for below in range(1, subjects)][:count]
    while len(pairs) < count:
        giver = pick.randrange(1, subjects)
        pairs.append((giver, pick.randrange(max(0, giver - 64), giver)))
    lines = [f'capability Handed on V{top // TEAM}:"/shared/handed/**" {{ rights read, delegate; }}',
             f"C{top} holds Handed(read, delegate);"] if count else []
    for number, (giver, receiver) in enumerate(pairs):
        folder = "**" if number < subjects - 1 else "x/**"
        lines += [f"channel D{number}: C{giver} -> C{receiver} {{ mediated by kernel; }}",
                  f'C{giver} may delegate read, delegate on V{top // TEAM}:"/shared/handed/{folder}" to C{receiver} via D{number};']
    return lines


def claims(subjects, count, handed):
    """Of those to whom something is handed: the tree ends where the delegations do."""
    lines, top = [], subjects - 1
    for number in range(count):
        low = number * (subjects // 2 - 1) // max(1, count)
        high = top - low
        receiver = top - min(handed, top) * (number + 1) // count
        kinds = [f"prove c{number}: C{high} protected from C{low};", f"refute c{number}: C{low} protected from C{high};",
                 f'prove c{number}: C{low} cannot acquire read on Vault:"/**";',
                 f'refute c{number}: C{receiver} cannot acquire read on V{top // TEAM}:"/shared/handed/**";']
        lines.append(kinds[number % (4 if handed else 3)])
    return lines


def system(subjects, grants, handed, count, module="bench.system"):
    pick = random.Random(SEED)
    teams = (subjects + TEAM - 1) // TEAM
    text = [head(module, teams)]
    each, extra = divmod(max(0, grants - handed), subjects)
    for subject in range(subjects):
        lines, _ = container(pick, subject, teams, max(2, each + (1 if subject < extra else 0)))
        text += lines
    text += delegations(pick, subjects, handed) + claims(subjects, count, handed)
    return "\n".join(text) + "\n"


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("subjects", type=int)
    parser.add_argument("grants", type=int)
    parser.add_argument("--delegations", type=int, default=-1, help="of the grants (a tenth)")
    parser.add_argument("--claims", type=int, default=8)
    parser.add_argument("--module", default="bench.system")
    options = parser.parse_args()
    if options.subjects < 2 * TEAM:
        parser.error(f"at least {2 * TEAM} subjects")
    wanted = options.grants // 10 if options.delegations < 0 else options.delegations
    print(system(options.subjects, options.grants, wanted, options.claims, options.module), end="")
