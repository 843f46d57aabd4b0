"""Random small policies about influence: containers, one open container, subjects, a host, two volumes, a device, nets, namespaces,
channels, labels, and what is handed over. Each is kept in parts, so that naive.py reads no text."""
import random
from dataclasses import dataclass, field

GLOBS = ("/**", "/a", "/a/**", "/a/*", "/*", "/**/b", "/a/b", "/a/**/b", "/{a,b}/c", "/b/**", "/a/b/**", "/*/b", "/a/b/c", "/c",
         "/{a,b/c}/**", "/{a/**,b}/c", "/")
NETS = {"Web": "10.0.0.0/24", "One": "10.0.0.7", "Far": "192.168.0.0/16", "Back": "127.0.0.1"}
FILE_RIGHTS = ("read", "read", "write", "rename", "rename", "link", "execute")
LABELS = ("Public", "Mid", "Secret", "Side")
PROTECTION = {"mediated": "mediated by kernel; ", "intact": "protect integrity with ml_dsa_87; ",
              "secret": "protect confidentiality with ml_kem_1024; ", "bare": "",
              "both": "protect integrity, confidentiality with ml_kem_1024, ml_dsa_87; "}


@dataclass
class Rule:
    permits: bool
    who: str  # "" is every container
    rights: list
    volume: str  # or the name of a net
    glob: str
    when: object  # None, or what `mfa` has to be

    def text(self, permit="may", forbid="never"):
        condition = {None: "", True: " when context.mfa", False: " when !context.mfa"}[self.when]
        place = f'{self.volume}:"{self.glob}"' if self.glob else self.volume
        return f"{permit if self.permits else forbid} {', '.join(self.rights)} {place}{condition};"


@dataclass
class Channel:
    name: str
    ends: tuple  # two tuples of subjects; an empty one is the net Web
    both_ways: bool
    limit: bool
    protection: str


@dataclass
class Policy:
    containers: list
    has_open: bool
    subjects: list
    on_host: dict  # by volume
    mounts: dict  # by container and volume: "rw", "ro" or ""
    clearance: dict
    knows: dict  # labels of containers
    volume_labels: dict
    sets: list  # (volume, glob, label)
    namespaces: list  # (container, kind, other)
    net_labels: dict  # of some nets
    device_label: str  # of the device K, or None
    remote: bool  # what one net knows every other one knows
    rules: list = field(default_factory=list)
    channels: list = field(default_factory=list)
    holds: list = field(default_factory=list)  # (who, rights, onward, (volume, glob))
    delegations: list = field(default_factory=list)  # (from, rights, onward, (volume, glob), to, channel)
    releases: list = field(default_factory=list)  # (who, label, label, channel)
    claims: list = field(default_factory=list)  # (kind, ...)


def some_file(pick):
    return pick.choice("VW"), pick.choice(GLOBS)


def base(pick):
    containers = ["A", "B", "C", "D"][:pick.choice((3, 4))]
    has_open = pick.random() < 0.4
    bodies = containers + (["o"] if has_open else [])
    return Policy(
        containers=containers, has_open=has_open, subjects=["S", "T"][:pick.choice((0, 1, 2))],
        on_host={"V": False, "W": pick.random() < 0.3},
        mounts={body: {volume: pick.choice(("rw", "rw", "ro", "")) for volume in "VW"} for body in bodies},
        clearance={body: pick.choice((None, None) + LABELS) for body in bodies + ["host"]},
        knows={one: pick.choice(LABELS[1:]) for one in containers if pick.random() < 0.12},
        volume_labels={volume: pick.choice((None,) + LABELS) for volume in "VW"},
        sets=[(*some_file(pick), pick.choice(LABELS)) for _ in range(pick.choice((0, 1, 2)))],
        namespaces=[(one, pick.choice(("pid", "ipc", "user")), pick.choice(["host"] + [two for two in containers if two != one]))
                    for one in containers if pick.random() < 0.12],
        net_labels={name: pick.choice(LABELS[1:] + ("Side",)) for name in NETS if pick.random() < 0.25},
        device_label=pick.choice((None,) + LABELS[1:]), remote=pick.random() < 0.6)


def add_rules(pick, policy, bodies):
    for _ in range(pick.randint(2, 9)):
        permits, who, when = pick.random() < 0.75, pick.choice(bodies), pick.choice((None, None, None, True, False))
        if pick.random() < 0.8:
            policy.rules.append(Rule(permits, who, sorted({pick.choice(FILE_RIGHTS), pick.choice(FILE_RIGHTS)}), *some_file(pick), when))
        else:
            policy.rules.append(Rule(permits, who, [pick.choice(("connect", "bind"))], pick.choice(list(NETS)), "", when))
    if pick.random() < 0.3:
        policy.rules.append(Rule(pick.random() < 0.5, "", [pick.choice(FILE_RIGHTS)], *some_file(pick), None))


def add_channels(pick, policy, everyone):
    for number in range(pick.choice((0, 1, 2, 3, 4, 5))):
        one = pick.choice(everyone)
        two = (pick.choice([other for other in everyone if other != one]),)
        if pick.random() < 0.12:
            two = ()
            one, two = (one, two) if pick.random() < 0.7 else (None, (one,))  # from the net
        elif pick.random() < 0.2:
            two = tuple(sorted(pick.sample([other for other in policy.containers if other != one], 2)))
        inside = one and two
        ways = pick.random() < (0.25 if inside else 0.6), pick.random() < 0.4
        kept = ("mediated", "mediated", *PROTECTION) if inside else [kind for kind in PROTECTION if kind != "mediated"]
        policy.channels.append(Channel(f"c{number}", ((one,) if one else (), two), *ways, pick.choice(kept)))
    for channel in policy.channels:
        if not channel.ends[0]:
            continue
        (one,), two = channel.ends
        for upper in LABELS[1:]:
            if pick.random() < 0.25:
                policy.releases.append((one, upper, pick.choice((*LABELS[:2], "Public")), channel.name))
        if len(two) == 1 and channel.protection in ("mediated", "both") and pick.random() < 0.6:
            rights = pick.sample(("read", "write", "rename"), pick.choice((1, 2)))
            policy.delegations.append((one, rights, pick.random() < 0.5, some_file(pick), two[0], channel.name))
    for _ in range(pick.choice((0, 0, 1, 2, 3))):
        policy.holds.append((pick.choice(everyone), pick.sample(("read", "write", "rename"), pick.choice((1, 2))),
                             pick.random() < 0.5, pick.choice((some_file(pick), ("K", "/")))))


def add_claims(pick, policy, everyone):
    releasing = sorted({one[0] for one in policy.releases})
    for _ in range(10):
        kind = pick.choice(("isolated", "protected", "cut", "from_host", "others", "no_flow", "released", "keeps", "writable"))
        one, two = pick.choice(everyone), pick.choice(everyone)
        if kind in ("isolated", "protected", "cut") and one != two and (kind != "cut" or policy.channels):
            policy.claims.append((kind, one, two, [pick.choice(policy.channels).name] if kind == "cut" else []))
        elif kind in ("from_host", "writable") or (kind == "others" and one in policy.containers):
            policy.claims.append((kind, one))
        elif kind == "no_flow" or (kind == "released" and releasing):
            except_for = sorted(pick.sample(releasing, pick.randint(1, len(releasing)))) if kind == "released" else []
            policy.claims.append(("no_flow", pick.choice(LABELS[1:]), pick.choice(("Public", "Mid", None)), except_for))
        elif kind == "keeps":
            except_for = pick.choice(([], ["declassifiers"], [pick.choice(releasing)])) if releasing else []
            whom = pick.choice((one, one, "subjects", "containers"))
            policy.claims.append(("keeps", whom, pick.choice(("Mid", "Secret")), "Side", except_for))


def random_policy(seed):
    pick = random.Random(seed)
    policy = base(pick)
    bodies = policy.containers + (["o"] if policy.has_open else [])
    everyone = bodies + policy.subjects
    add_rules(pick, policy, bodies)
    add_channels(pick, policy, everyone)
    add_claims(pick, policy, everyone)
    return policy


def body_text(policy, name):
    parts = [f'mount {volume} at "/m/{volume.lower()}"{" readonly" if how == "ro" else ""};'
             for volume, how in policy.mounts[name].items() if how]
    parts += [f"clearance {policy.clearance[name]};"] if policy.clearance[name] else []
    parts += [f"label {policy.knows[name]};"] if name in policy.knows else []
    parts += [f"namespaces {{ {kind}: {'host' if other == 'host' else 'with ' + other}; }}"
              for one, kind, other in policy.namespaces if one == name]
    return "{ " + " ".join(parts + [rule.text() for rule in policy.rules if rule.who == name]) + " }"


def claim_text(claim):
    kind, rest = claim[0], claim[1:]
    except_for = " except through " + ", ".join(rest[-1]) if kind in ("no_flow", "keeps") and rest[-1] else ""
    each = f"for s in {rest[0]}: s" if rest[0] in ("subjects", "containers") else rest[0]
    return {"isolated": lambda: f"{rest[0]} isolated from {rest[1]}", "protected": lambda: f"{rest[0]} protected from {rest[1]}",
            "cut": lambda: f"{rest[0]} isolated from {rest[1]} except channel {', '.join(rest[2])}",
            "from_host": lambda: f"{rest[0]} isolated from host", "others": lambda: f"{rest[0]} isolated from others",
            "no_flow": lambda: f"no flow {rest[0]} -> {rest[1] or 'network'}{except_for}",
            "keeps": lambda: f"{each} keeps {rest[1]}, {rest[2]}, network apart{except_for}",
            "writable": lambda: f"{rest[0]} shares no writable file"}[kind]()


def policy_text(policy):
    lines = ["module random;", "label Public < Mid < Secret, Public < Side;", "context mfa: bool;"]
    for volume in "VW":
        place = f' from host:"/srv/{volume.lower()}"' if policy.on_host[volume] else ""
        label = f" label {policy.volume_labels[volume]}" if policy.volume_labels[volume] else ""
        lines.append(f"volume {volume}{place}{label};")
    lines += [f"net {name} = {text}{' label ' + policy.net_labels[name] if name in policy.net_labels else ''};"
              for name, text in NETS.items()]
    lines.append(f"device K{' label ' + policy.device_label if policy.device_label else ''};")
    lines += [f'file F{i} = {volume}:"{glob}" label {label};' for i, (volume, glob, label) in enumerate(policy.sets)]
    lines += [f"subject {name};" for name in policy.subjects]
    lines.append(f"host Node {{ {'clearance ' + policy.clearance['host'] + ';' if policy.clearance['host'] else ''} }}")
    lines += [f"container {name} {body_text(policy, name)}" for name in policy.containers]
    if policy.has_open:
        lines += [f"profile Unknown {body_text(policy, 'o')}", "open container o: Unknown;"]
    lines += [rule.text("permit x: container to", "forbid x: container to").replace(f"{rule.volume}:", f"f: file in {rule.volume}:")
              for rule in policy.rules if not rule.who]
    for channel in policy.channels:
        one, two = channel.ends[0][0] if channel.ends[0] else "Web", channel.ends[1]
        if len(two) > 1:
            lines.append(f"pod P{channel.name} = {', '.join(two)};")
        end = "Web" if not two else two[0] if len(two) == 1 else f"P{channel.name}"
        limit = "limit 4 in flight; " if channel.limit else ""
        lines.append(f"channel {channel.name}: {one} {'<->' if channel.both_ways else '->'} {end} "
                     f"{{ {PROTECTION[channel.protection]}{limit}}}")
    for i, (who, rights, onward, (volume, glob)) in enumerate(policy.holds):
        what = "K" if volume == "K" else f'{volume}:"{glob}"'
        lines.append(f'capability K{i} on {what} {{ rights {", ".join(rights)}, delegate; }}')
        lines.append(f"{who} holds K{i}({', '.join(rights + (['delegate'] if onward else []))});")
    for who, rights, onward, (volume, glob), to, channel in policy.delegations:
        what = ", ".join(rights + (["delegate"] if onward else []))
        lines.append(f'{who} may delegate {what} on {volume}:"{glob}" to {to} via {channel};')
    lines += [f"{who} declassifies {upper} to {lower} through {channel};" for who, upper, lower, channel in policy.releases]
    lines += [f"prove q{i}: {claim_text(claim)};" for i, claim in enumerate(policy.claims)]
    return "\n".join(lines) + "\n"
