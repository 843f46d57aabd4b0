"""Influence once more, by plain enumeration of docs/semantics.md sections 2 and 4: a few hundred paths, every subject, both contexts.
It shares no line with the checker. Paths that are deeper than its own, or told apart by other names, it does not see."""
import itertools
import re

SEGMENTS = ("a", "b", "c", "x")  # x is what no policy names
PATHS = ["/"] + ["/" + "/".join(parts) for n in (1, 2, 3, 4) for parts in itertools.product(SEGMENTS, repeat=n)]
OBJECTS = [(volume, path) for volume in "VW" for path in PATHS] + [("K", "/")]  # K is a device
ADDRESSES = {"Web": {"web", "one"}, "One": {"one"}, "Far": {"far"}, "Back": {"back"}}
RIGHTS = ("read", "write", "rename", "link", "execute")
MOVING = ("rename", "link")
CONTEXTS = (False, True)
ABOVE = {"Public": {"Public", "Mid", "Secret", "Side"}, "Mid": {"Mid", "Secret"}, "Secret": {"Secret"}, "Side": {"Side"}}


def at_most(low, high):
    return high in ABOVE[low]


def regex(glob):
    said = re.sub(r"/\*\*(?=/|$|,|\})", "\0", glob)
    table = {"\0": "(?:/.*)?", "*": "[^/]*", "{": "(?:", "}": ")", ",": "|"}
    return re.compile("".join(table.get(c, re.escape(c)) for c in said))


def below(path):
    return {other for other in PATHS if path != "/" and other.startswith(path + "/")}


BELOW = {path: below(path) for path in PATHS}
FOLDER = {path: path.rsplit("/", 1)[0] or "/" for path in PATHS if path != "/"}
MATCHES = {}


def matching(volume, glob):
    if glob not in MATCHES:
        MATCHES[glob] = {path for path in PATHS if regex(glob).fullmatch(path)}
    return {(volume, path) for path in MATCHES[glob]}


class Naive:
    def __init__(self, policy):
        self.policy = policy
        self.containers = policy.containers + (["o1", "o2"] if policy.has_open else [])
        self.subjects = self.containers + policy.subjects + ["host"]
        self.own = {(s, r, c): self.allowed(s, r, c) for s in self.subjects for r in RIGHTS for c in CONTEXTS}
        self.barred = {(s, r, c): self.said(s, r, c, False) for s in self.subjects for r in RIGHTS for c in CONTEXTS}
        self.may = self.authority()
        self.changes = {s: self.some(s, ("write", *MOVING)) | self.moved(s) for s in self.subjects}
        self.takes = {s: self.some(s, ("read", "execute", *MOVING)) | self.moved(s) for s in self.subjects}
        self.lists = {s: {(v, p) for v, p in OBJECTS if p != "/" and (v, FOLDER[p]) in self.may[s, "read"]} for s in self.subjects}
        self.labels = self.labelled()

    # ---- authority
    def instances(self, name):
        return ["o1", "o2"] if name == "o" else [name]

    def said(self, subject, right, context, permits):
        """The files that some sentence speaks of, permitting or forbidding."""
        found = set()
        for rule in self.policy.rules:
            whom = self.containers if not rule.who else self.instances(rule.who)
            if rule.permits == permits and subject in whom and right in rule.rights and rule.glob and rule.when in (None, context):
                found |= matching(rule.volume, rule.glob)
        return found

    def allowed(self, subject, right, context):
        if subject == "host":
            return {(v, p) for v, p in OBJECTS if self.policy.on_host.get(v)}
        files = self.said(subject, right, context, True) - self.said(subject, right, context, False)
        if subject not in self.containers:
            return files
        mounts = self.policy.mounts["o" if subject in ("o1", "o2") else subject]
        ways = ("rw",) if right in ("write", *MOVING) else ("rw", "ro")
        return {(v, p) for v, p in files if mounts[v] in ways}

    def authority(self):
        """What each may in some context, after everything was handed over."""
        able = {(s, r): self.own[s, r, False] | self.own[s, r, True] for s in self.subjects for r in RIGHTS}
        free = {(s, r): set(OBJECTS) - (self.barred[s, r, False] & self.barred[s, r, True]) for s in self.subjects for r in RIGHTS}
        handed = {key: set() for key in able}
        onward = {key: set() for key in able}
        for who, rights, more, (volume, glob) in self.policy.holds:
            for s, r in itertools.product(self.instances(who), rights):
                handed[s, r] |= matching(volume, glob) & free[s, r]
                onward[s, r] |= handed[s, r] & matching(volume, glob) if more else set()
        changed = True
        while changed:
            changed = False
            for who, rights, more, (volume, glob), to, _ in self.policy.delegations:
                for s, t, r in itertools.product(self.instances(who), self.instances(to), rights):
                    given = matching(volume, glob) & (able[s, r] | onward[s, r]) & free[t, r] if s != t else set()
                    new = not given <= handed[t, r] or (more and not given <= onward[t, r])
                    changed = changed or new
                    handed[t, r] |= given
                    onward[t, r] |= given if more else set()
        return {key: able[key] | (handed[key] & free[key]) for key in able}

    def some(self, subject, rights):
        return set().union(*(self.may[subject, right] for right in rights))

    def moved(self, subject):
        """What lies in the folders that it may rename or link."""
        return {(volume, path) for volume, folder in self.some(subject, MOVING) for path in BELOW[folder]}

    def connects(self, subject):
        """(right, address) in some context."""
        found = set()
        for context in CONTEXTS:
            said = {True: set(), False: set()}
            for rule in self.policy.rules:
                if not rule.glob and rule.who and subject in self.instances(rule.who) and rule.when in (None, context):
                    said[rule.permits] |= {(right, address) for right in rule.rights for address in ADDRESSES[rule.volume]}
            found |= said[True] - said[False]
        return found

    # ---- labels
    def labelled(self):
        labels = {}
        for volume, label in self.policy.volume_labels.items():
            for path in PATHS if label else ():
                labels.setdefault((volume, path), set()).add(label)
        if self.policy.device_label:
            labels["K", "/"] = {self.policy.device_label}
        for volume, glob, label in self.policy.sets:
            for one in matching(volume, glob):
                labels.setdefault(one, set()).add(label)
        return labels

    def all_labels(self):
        labels = [one for one in self.policy.volume_labels.values() if one] + [one[2] for one in self.policy.sets]
        labels += list(self.policy.net_labels.values()) + ([self.policy.device_label] if self.policy.device_label else [])
        return labels + list(self.policy.knows.values())

    def received(self, label):
        """Who gets what comes from labelled addresses: the network itself where remote hosts tell each other, else who speaks with them."""
        from_there = set().union(*(ADDRESSES[name] for name, known in self.policy.net_labels.items() if at_most(label, known)))
        if not from_there:
            return set()
        found = {"net"} if self.policy.remote else set()
        found |= {s for s in self.subjects if any(right == "bind" or address in from_there for right, address in self.connects(s))}
        for channel in self.policy.channels:
            one, two = self.ends(channel)
            intact = channel.protection in ("mediated", "intact", "both")
            spoken = ADDRESSES["Web"] & from_there
            for speakers, hearers in [(one, two)] + ([(two, one)] if channel.both_ways else []):
                heard = not intact or (speakers == ["net"] and spoken)
                noticed = channel.limit and hearers == ["net"] and spoken
                found |= {s for s in hearers if s != "net" and heard} | {s for s in speakers if s != "net" and noticed}
        return found

    def labels_met(self, label):
        """Of everything that is labelled so, or above: all labels that it has."""
        met = [labels for labels in [*self.labels.values(), *({one} for one in self.all_labels())]
               if any(at_most(label, one) for one in labels)]
        return set().union(*met)

    def sources(self, label):
        found = {one for one, known in self.policy.knows.items() if at_most(label, known)}
        objects = {one for one, labels in self.labels.items() if any(at_most(label, other) for other in labels)}
        found |= {s for s in self.subjects if self.takes[s] & objects}
        return found | self.received(label)

    def cuts_of(self, except_for, covered, released):
        """The channels of declassifications that are about everything the claim is about."""
        return [(channel, sender) for who, upper, lower, channel in self.policy.releases for sender in self.instances(who)
                if who in except_for and released(lower)
                and all(at_most(one, upper) for one in self.labels_met(covered))]

    # ---- the graph
    def edges(self, cuts):
        graph = set()
        for one, two in itertools.permutations(self.subjects, 2):
            if self.changes[one] & (self.takes[two] | self.lists[two]):
                graph.add((one, two))
        for one, _, two in self.policy.namespaces:
            graph |= {(one, two), (two, one)}
        for subject in self.subjects:
            for right, address in self.connects(subject):
                if not any(self.speaks_to_net(subject, right, address, name, hears=True) for name, sender in cuts if sender is None):
                    graph.add(("net", subject))
                if not any(self.speaks_to_net(subject, right, address, name) for name, sender in cuts if sender in (None, subject)):
                    graph.add((subject, "net"))
                if right == "connect" and address == "back":
                    graph |= {(subject, "host"), ("host", subject)}
        for channel in self.policy.channels:
            graph |= self.over(channel, cuts)
        return graph

    def ends(self, channel):
        return [[one for name in end for one in self.instances(name)] or ["net"] for end in channel.ends]

    def speaks_to_net(self, subject, right, address, name, hears=False):
        """Whether that use of the network is what the subject says, or hears, over a channel with the net Web."""
        channel = next(one for one in self.policy.channels if one.name == name)
        if right != "connect" or address not in ADDRESSES["Web"] or all(channel.ends):
            return False
        ways = [(self.ends(channel)[0], self.ends(channel)[1])]
        ways += [(two, one) for one, two in ways] if channel.both_ways else []
        return any(subject in (hearers if hears else speakers) for speakers, hearers in ways)

    def over(self, channel, cuts):
        graph = set()
        one, two = self.ends(channel)
        intact = channel.protection in ("mediated", "intact", "both")
        confidential = channel.protection in ("mediated", "secret", "both")
        for senders, receivers in [(one, two)] + ([(two, one)] if channel.both_ways else []):
            for u, v in itertools.product(senders, receivers):
                if u == v:
                    continue
                if not any(name == channel.name and by in (None, u) for name, by in cuts):
                    graph.add((u, v))
                if channel.limit and (channel.name, None) not in cuts:
                    graph.add((v, u))
            graph |= {(u, "net") for u in senders if u != "net" and not confidential}
            graph |= {("net", v) for v in receivers if v != "net" and not intact}
        return graph

    def reached(self, sources, cuts=()):
        graph = self.edges(list(cuts))
        found = set(sources)
        while True:
            more = {two for one, two in graph if one in found} - found
            if not more:
                return found
            found |= more

    # ---- claims
    def decide(self, claim):
        """"holds", "violated" or "vacuous"."""
        verdict = getattr(self, claim[0] if claim[0] != "cut" else "isolated")(*claim[1:])
        return verdict if isinstance(verdict, str) else "holds" if verdict else "violated"

    def isolated(self, one, two, channels):
        cuts = [(name, None) for name in channels]
        ones, twos = set(self.instances(one)), set(self.instances(two))
        return not self.reached(ones, cuts) & twos and not self.reached(twos, cuts) & ones

    def protected(self, one, two, _):
        return not self.reached(self.instances(two)) & set(self.instances(one))

    def from_host(self, one):
        return "host" not in self.reached(self.instances(one))

    def others(self, one):
        others = set(self.containers) - {one}
        return one not in self.reached(others) and not others & self.reached({one})

    def no_flow(self, label, bound, except_for):
        if not any(at_most(label, one) for one in self.all_labels()):
            return "vacuous"
        cuts = self.cuts_of(except_for, label, lambda lower: at_most(lower, bound or "Public"))
        clearance = {s: self.policy.clearance.get("o" if s in ("o1", "o2") else s) for s in self.subjects}
        cleared = {s for s in self.subjects if bound and (clearance[s] is None or at_most(clearance[s], bound))}
        return not self.reached(self.sources(label), cuts) & (cleared | {"net"})

    def released(self, label, apart, except_for, lowest=("Public", "Mid", "Secret", "Side")):
        """What those who are excepted say that is labelled as neither of the two any more."""
        return set(self.cuts_of(except_for, label, lambda lower: lower in lowest and not any(at_most(one, lower) for one in apart)))

    def keeps(self, one, first, second, except_for):
        if not all(any(at_most(label, other) for other in self.all_labels()) for label in (first, second)):
            return "vacuous"
        whom = {"subjects": self.subjects, "containers": self.containers}.get(one) or self.instances(one)[:1]
        if "declassifiers" in except_for:
            except_for = {release[0] for release in self.policy.releases}
        inside = self.reached(self.sources(first), self.released(first, (first, second), except_for))
        inside &= self.reached(self.sources(second), self.released(second, (first, second), except_for))
        out = set.intersection(*(self.released(label, (first, second), except_for, ("Public",)) for label in (first, second)))
        return not any(s in inside and "net" in self.reached({s}, out) for s in whom)

    def writable(self, one):
        subject = self.instances(one)[0]
        uses = {s: self.some(s, RIGHTS) | self.moved(s) for s in self.subjects}
        return not any(self.changes[subject] & uses[other] or self.changes[other] & uses[subject]
                       for other in self.subjects if other != subject)
