// What stands in the body of a container, profile or host, one struct for each form of sentence.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "lang/ast/authority.h"
#include "lang/ast/rule.h"
#include "lang/ast/word.h"

namespace bulkhead::ast {

/// `memory 256 MiB`, `cpu 0.5`, `io 500 MiB/s`.
struct Amount {
  Name resource;
  Number number;
  Span span;
};

/// `image "kai/agent-runtime" signed by TrustBoard;`
struct ImageUse {
  String image;
  std::optional<Name> key;
};
/// `rootfs readonly;` or `rootfs writable;`
struct Rootfs {
  Name mode;
};
/// `mount DataVol at "/agent/data" readonly;`
struct MountUse {
  Name volume;
  String target;
  bool readonly = false;
};
struct UserSetting {
  Number id;
};
struct GroupSetting {
  Number id;
};
/// `pid, mount: private;`, `net: host;`, `ipc: with Other;`
struct NamespaceEntry {
  std::vector<Name> kinds;
  Name mode;                 // `private`, `host` or `with`
  std::optional<Name> with;  // of `with`
  Span span;
};
struct Namespaces {
  std::vector<NamespaceEntry> entries;
};
/// `ENOSYS`, `errno 38`, `kill`, `kill_thread`, `trap 5`, `log`, `notify`.
struct SyscallAction {
  Name name;
  std::optional<Number> value;
  Span span;
};
/// `syscalls allow basic, memory when ...;`
struct SyscallsAllow {
  std::vector<Name> sets;  // of sets or of single calls
  std::optional<ExprId> when;
};
/// `syscalls deny ptrace with ENOSYS when ...;`
struct SyscallsDeny {
  std::vector<Name> sets;
  std::optional<SyscallAction> action;
  std::optional<ExprId> when;
};
/// `syscalls default ENOSYS;`
struct SyscallsDefault {
  SyscallAction action;
};
struct Limits {
  std::vector<Amount> amounts;
};
struct Reserve {
  std::vector<Amount> amounts;
};
struct Capacity {
  std::vector<Amount> amounts;
};
/// `level enhanced;`
struct LevelSetting {
  Name level;
};
/// `environment LANG, TZ;`
struct Environment {
  std::vector<Name> names;
};
/// `degrade memory: rlimit;`
struct Degrade {
  struct Entry {
    Name layer;
    Name to;
  };
  std::vector<Entry> entries;
};
/// `capabilities { chown, setuid }`: the kernel capabilities that are kept.
struct Capabilities {
  std::vector<Name> names;
};
/// `clearance Secret;`
struct Clearance {
  Name label;
};
/// Any other word followed by a value, `trust Medium;`, `tier 3;`: an attribute. The value is a literal or a Path.
struct AttributeSetting {
  Name attribute;
  ExprId value;
};
/// `label Secret;`: what the container knows from the start.
struct LabelSetting {
  Name label;
};

using BodyForm =
    std::variant<ImageUse, Rootfs, MountUse, UserSetting, GroupSetting, Namespaces, SyscallsAllow, SyscallsDeny,
                 SyscallsDefault, Limits, Reserve, Capacity, LevelSetting, Environment, Degrade, Capabilities,
                 Clearance, LabelSetting, AttributeSetting, Rule, Delegation, TakingBack>;

struct BodySentence {
  Span span;
  Doc doc;
  BodyForm form;
};

struct Body {
  std::vector<BodySentence> sentences;
  Span span;  // the braces included
};

}  // namespace bulkhead::ast
