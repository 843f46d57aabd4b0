// The examples of the language's definition, word for word but for an ellipsis: each parses without a mistake.
#pragma once

#include <string_view>

namespace bulkhead::test {

struct Example {
  const char* name;
  std::size_t sentences;
  std::string_view text;
};

inline constexpr Example kExamples[] = {
    {"AContainerAndItsClaims", 13, R"bh(module kai.agent;
import linux;                                    // models/linux.bh: rights, syscall sets, kernel capabilities
import profiles;                                 // standard, enhanced, maximum

label Public < Internal < Secret;

volume DataVol, TmpVol;                          // the same volume in two containers is the same objects
file Data    = DataVol:"/**"                     label Internal;
file Scratch = TmpVol:"/**";
file Secrets = "/etc/{passwd,shadow}", host:"/etc/{passwd,shadow}", host:"/root/**" label Secret;
net  Anywhere = any;                             // 0.0.0.0/0 and ::/0, every port and protocol
net  Registry = 10.0.7.0/24, fd00:7::/48 port 443 tcp;

key  TrustBoard { alg ml_dsa_87; }

container Agent uses enhanced {
    image     "kai/agent-runtime" signed by TrustBoard;
    rootfs    readonly;
    mount     DataVol at "/agent/data" readonly;
    mount     TmpVol  at "/agent/tmp";
    user      10001;
    namespaces { pid, mount, net, ipc, user, uts: private; }
    syscalls  allow basic, memory, process;
    limits    { memory 256 MiB; cpu 0.5; pids 64; time 60 s; disk 64 MiB; }
    reserve   { cpu 0.25; memory 128 MiB; }
    may read        Data;
    may read, write Scratch;
    never write     "/{proc,sys,dev,boot}/**";
}

prove secrets_unreadable: Agent cannot read Secrets;
prove no_egress:          Agent cannot connect Anywhere;
prove alone:              Agent isolated from host;
refute too_strict:        Agent cannot read Data;         // must fail, and shows why
)bh"},
    {"AccessRules", 5, R"bh(enum Trust { Low, Medium, High }
container Agent { trust Medium; }
permit c: container to read f: file   when c.trust >= Trust.High && f.label <= c.clearance;
forbid c: container to write f: file  when f.path like "/boot/**";
permit c: container to connect n: net when n.port in 1024..65535 && context.mfa;
)bh"},
    {"CapabilitiesDelegationAttackers", 8, R"bh(capability BlockCap on Disk { rights read, write, delegate; }
subject  Skyaifs; device Disk;
Skyaifs   holds BlockCap(read, write, delegate);
Skyaifs   may delegate read on Disk to Indexer via bus;   // attenuated: rights can only shrink
trusted   Skyaifs follows BlockIo;                         // everybody else is an attacker: any action, any order
open container peer: Untrusted;                            // any number of containers nobody has written down yet

prove plugin_never_reads_disk: Plugin cannot acquire read on Disk;
)bh"},
    {"InformationFlow", 5,
     R"bh(channel bus: Skyaifs -> Indexer { carries Request, Reply; mediated by kernel; limit 64 in flight, 1000 /s; }
channel out: Gateway -> Registry { protect integrity, confidentiality with ml_kem_1024; }
Gateway declassifies Secret to Public through out;         // the only place where a flow is allowed to go down

prove no_leak:  no flow Secret -> Public except through Gateway;
prove split:    pod Social isolated from pod FileServer except channel bus;
)bh"},
    {"Models", 5, R"bh(model Memory {
    sort Container;  sort Frame;
    var owner:  Frame -> Container;
    var mapped: (Container, Frame) -> bool = false;

    action map(c: Container, f: Frame)
        when owner(f) == c
        do   mapped(c, f) := true;

    action transfer(c: Container, d: Container, f: Frame)
        when owner(f) == c
        do   owner(f) := d,
             forall x: Container. mapped(x, f) := false;

    lemma     owned:     forall c: Container, f: Frame. mapped(c, f) -> owner(f) == c;     // what makes it inductive
    invariant exclusive: forall c, d: Container, f: Frame. mapped(c, f) && mapped(d, f) -> c == d;
    variant   Stale { drop update mapped in transfer; }                                  // the known mistake
}

prove Memory.exclusive;                              // for every number of containers and frames
prove quick: Memory.exclusive for 3 Container, 2 Frame within 20 steps;
refute Memory.Stale.exclusive;
prove served: forall f: Frame. wanted(f) leads to !wanted(f) under fair { transfer };   // state formulas, weak fairness
)bh"},
    {"NonInterference", 2,
     R"bh(view of o: Container in Memory sees mapped(o, *), contents(f) for f: Frame with mapped(o, f);
prove no_leak: Memory leaks nothing to o: Container except from d: Container where shared(d, o);
)bh"},
    {"Protocols", 5, R"bh(protocol BlockIo between client, server over disk_bus session by nonce {
    message Read   { block: u64; nonce: fresh; }
    message Data   { nonce; bytes: Block; }
    message Refuse { nonce; }
    client Idle:    send Read when client holds read on block   -> Waiting;
    client Waiting: accept Data with same nonce -> Done | accept Refuse with same nonce -> Done | timeout 5 s -> Done;
    server Ready:   accept Read -> Serving;
    server Serving: send Data with same nonce -> Ready | send Refuse with same nonce -> Ready;
    limit 32 in flight;
}
prove BlockIo.integrity;  prove BlockIo.no_forging;  prove BlockIo.bounded;  prove BlockIo.no_deadlock;
)bh"},
    {"ModelsMadeOfModels", 5,
     R"bh(model Queue(sort Item, const limit: int, relation allowed: (Item, Item) -> bool) {
    sort Sender;
    relation peer: Sender -> Sender;
    record Inner { items: set of Item; }
    record Outer { inner: Inner; last: Item; }
    var length: int = 0;
    var kept: Sender -> set of Item;
    action put(s: Sender, i: Item) when length < limit do length := length + 1, insert i into kept(s);
    action take() when length > 0 do length := length - 1;
    invariant bounded: forall s: Sender. kept(s) intersect kept(peer(s)) == {} || length <= limit;
    variant NoTake { drop action take; }
}
model Frames = Queue(Frame, 4, allowed);
model Platform = Queue(Frame, 8, allowed) || Frames || Memory
    sharing Queue.put(s, i) with Memory.map(i, s) as deliver, Queue.take with Frames.put {
    lemma together: forall s: Sender, f: Frame. f in (Queue.kept(s) union Frames.kept(s)) -> Memory.mapped(s, f);
    invariant nothing: true;
}
variant NoCheck of Platform { drop guard in Memory.map; drop update Memory.mapped in deliver; }
prove p: in Platform: Queue.length > 0 leads to Queue.length == 0 under fair { Frames.take, strong deliver };
)bh"},
    {"ChannelsAndTheirStrength", 6,
     R"bh(channel disk_bus: Files <-> Disk { carries Read, Data; mediated by kernel; limit 64 in flight, 1000 /s; }
channel out: Files -> Registry { protect integrity, confidentiality, freshness with ml_kem_1024; }
channel plain: Files -> Registry;
prove inside: every channel between containers uses strength >= category 5;
prove outside: every channel not mediated by kernel uses strength >= category 3;
prove registry: every channel to Registry uses strength >= category 1;
)bh"},
    {"AProtocolWithEverything", 1, R"bh(protocol Lease between owner, user session by ticket {
    /// Asks for a block.
    message Ask { ticket: fresh; block: Block; }
    message Grant { ticket; block; }
    owner Idle: send Ask when owner holds read on block && !owner holds write on block -> Waiting;
    owner Waiting: accept Grant with same ticket, block -> Done | refuse Grant -> Waiting | timeout 500 ms -> Done;
    user Idle: accept Ask when block != ticket -> Asked;
    user Asked: send Grant with same ticket, block -> Idle | timeout 2 s -> Idle;
}
)bh"},
    {"Resources", 3, R"bh(host Node { capacity { memory 24 GiB; cpu 2; pids 4096; io 500 MiB/s; } }
prove fits:   all reservations fit Node;
prove quiet:  Agent guaranteed cpu 0.25, memory 128 MiB;     // whatever others demand: noisy neighbours
)bh"},
    {"LifecycleImagesUpdates", 5, R"bh(lifecycle Agent { idle 10 min -> sleep; revoked -> purge; expired -> purge; }
image "kai/agent-runtime" { digest sha256:...; channel stable; trust high; contract "behavior.contract.json"; }
prove verified_start: no container runs before its image is verified;
prove revoked_stops:  revoked leads to purged;
prove narrowing:      next refines previous;             // an update grants nothing new; `bulkhead diff` shows what changed
)bh"},
    {"BehaviourRules", 6, R"bh(detect flood      { on file access by c more than 1000 times in 1 s     -> suspend c; }
detect traversal  { on open request.raw like "**/../**"                 -> deny, alert; }
detect symlink    { on symlink to Secrets                               -> suspend c; }
detect escalation { on chmod adding setuid, then exec same path in 10 s -> kill c; }
prove stops_flood: flood stops Agent before event 1002;  // only where opens are mediated
prove live_rules:  every detect can fire;                // a rule that cannot fire is a mistake
)bh"},
    {"HowAPolicyMeetsAModel", 1, R"bh(model Platform {
    sort Container;  sort Object;
    relation may:     (Container, Right, Object)  from policy;     // the static access relation of section 2
    relation shares:  (Container, Container, Namespace) from policy;
    relation channel: (Container, Container)      from policy;
    var holds: (Container, Right, Object) -> bool = may;
    action delegate(c: Container, d: Container, r: Right, o: Object)
        when holds(c, r, o) && channel(c, d) && may_delegate(c, d, r, o)
        do   holds(d, r, o) := true;
}
)bh"},
};

}  // namespace bulkhead::test
