// ir::World: one policy after names, types and desugaring; the only thing that the checker and the emitters see of it.
//
// Everything implicit has become a rule with a sentence of its own: a read-only root and a read-only mount are forbids,
// a volume that a container does not mount is a forbid, profiles are copied into the containers that use them. So the
// access relation of semantics section 2 can be read off `rules` alone:
//
//   A(s, r, o, x)  iff  some Permit rule matches (s, r, o, x)  and no Forbid rule does.
//
// What changes while the system runs is who was handed what: `holdings` and `delegations` (lang/ir/acquire.h).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lang/ir/authority.h"
#include "lang/ir/claim.h"
#include "lang/ir/expr.h"
#include "lang/ir/flow.h"
#include "lang/ir/ids.h"
#include "lang/ir/life.h"
#include "lang/ir/object.h"
#include "lang/ir/right.h"
#include "lang/source/source.h"
#include "lang/system/system.h"

namespace bulkhead::ir {

/// A sentence of the source: what every rule, setting and claim points back to.
struct Sentence {
  source::Span span;     // where it stands; no file for what Bulkhead implied
  std::string text;      // one canonical line, "never read Secrets"
  bool implied = false;  // made by desugaring; the text then says from what
  bool library = false;  // stands in models/, not in the user's files: never reported as unproved policy
};

struct EnumType {
  std::string name;
  std::vector<std::string> members;  // in order; comparison is by position
};

/// Secrecy labels and their order: `below[i]` lists every label j with i <= j, itself included (closed transitively).
struct Label {
  std::string name;
  std::vector<LabelId> below;
};

struct Attribute {
  std::string name;
  Source source = Source::Subject;
  Type type;
  bool optional = false;  // must be guarded by `has`
};

/// A device is one object, "/" of a volume that nobody mounts.
enum class VolumeKind : std::uint8_t { OwnRoot, Host, Declared, Device };
struct Volume {
  std::string name;
  VolumeKind kind = VolumeKind::Declared;
  std::string host_source;       // absolute path on the host, or "" where the run names it
  std::uint64_t size_bytes = 0;  // of a tmpfs volume; 0: not a tmpfs
  SentenceId sentence;
};

/// A named set: `file`, `net`, `syscalls`, `kernel capabilities`.
struct ObjectSet {
  std::string name;
  Plane plane = Plane::File;
  ObjectPatterns patterns;
  std::optional<LabelId> label;  // of sets of files and nets: everything that comes from there has at least this label
  SentenceId sentence;
};

struct Syscall {
  std::string name;
  std::int32_t x86_64 = -1;  // number, or -1 where the architecture has none
  std::int32_t aarch64 = -1;
};

/// Plain: something that acts and is none of the others, `subject Skyaifs;`. Nothing here enforces what it may.
enum class SubjectKind : std::uint8_t { Container, Host, Profile, Plain };
enum class Level : std::uint8_t { Standard, Enhanced, Maximum };

enum class NamespaceKind : std::uint8_t { Pid, Mount, Net, Ipc, User, Uts, Cgroup };
inline constexpr std::size_t kNamespaceKinds = 7;
struct NamespaceSetting {
  enum class Mode : std::uint8_t { Private, Host, With } mode = Mode::Private;
  SubjectId with;  // of With
  SentenceId sentence;
};

struct Mount {
  VolumeId volume;
  std::string target;  // absolute, normalised
  bool readonly = false;
  SentenceId sentence;
};

/// A quantity of one resource, with the sentence that asked for it. Zero sentence: a default.
struct Quantity {
  std::uint64_t amount = 0;
  SentenceId sentence;
};
/// Bytes, 1/1000 core, processes, milliseconds, bytes, descriptors, bytes per second.
struct Quantities {
  std::optional<Quantity> memory, cpu, pids, time, disk, open_files, io, bandwidth;
};

/// What a filter answers to a call that the policy does not allow.
struct SyscallAction {
  enum class Kind : std::uint8_t { Errno, KillProcess, KillThread, Trap, Log, Notify } kind = Kind::Errno;
  std::uint16_t value = 1;  // errno (EPERM), or the data of Trap
  friend bool operator==(const SyscallAction&, const SyscallAction&) = default;
};
struct SyscallDenial {
  std::vector<SyscallId> syscalls;
  std::optional<ExprId> when;
  SyscallAction action;
  SentenceId sentence;
};

struct Subject {
  std::string name;
  SubjectKind kind = SubjectKind::Container;
  SentenceId sentence;
  std::vector<std::pair<AttributeId, Value>> attributes;  // sorted by attribute
  std::optional<LabelId> clearance;
  std::optional<LabelId> label;  // what it knows from the start
  bool trusted = false;          // does only what `follows` lets it; without that, it does anything
  std::string follows;           // a protocol
  /// One of two containers that stand for any number of unknown ones with the same sentences: the other one. [semantics
  /// 1]
  std::optional<SubjectId> twin;
  // Containers:
  Level level = Level::Standard;
  SentenceId level_sentence;  // none: the default
  std::string image;
  std::string image_key;       // by which the image has to be signed; empty: by none
  SentenceId image_sentence;   // none: no image is named
  std::vector<LifeRule> life;  // by trigger, each at most once
  bool rootfs_readonly = false;
  std::vector<Mount> mounts;
  std::array<NamespaceSetting, kNamespaceKinds> namespaces;
  std::optional<std::uint32_t> user;
  std::optional<std::uint32_t> group;
  std::vector<std::string> environment;  // names that are passed in
  std::vector<std::string> degrade;      // "memory:rlimit", ...
  SyscallAction default_denial;
  std::vector<SyscallDenial> denials;
  Quantities limits;
  Quantities reserve;
  // Hosts:
  Quantities capacity;
};

/// A container that this policy runs; none that stands for unknown ones.
inline bool is_declared_container(const Subject& subject) {
  return subject.kind == SubjectKind::Container && !subject.twin;
}

struct Pod {
  std::string name;
  std::vector<SubjectId> members;
  SentenceId sentence;
};

enum class Effect : std::uint8_t { Permit, Forbid };

/// One rule, for one subject or for all containers.
struct Rule {
  Effect effect = Effect::Permit;
  std::optional<SubjectId> subject;  // none: every container (and no host)
  Rights rights;                     // of one plane
  Plane plane = Plane::File;
  ObjectPatterns objects;
  std::vector<ObjectSetId> sets;  // the named sets that `objects` was made of, for messages
  std::optional<ExprId> when;
  SentenceId sentence;
  /// Forbids to reach objects by names that this subject lacks (mounts, read-only roots, the host's tree): what is
  /// handed over needs no name.
  bool of_names = false;
};

struct World {
  std::string module;
  std::vector<Sentence> sentences;
  std::vector<EnumType> enums;
  std::vector<Label> labels;
  std::vector<Attribute> attributes;
  std::vector<Volume> volumes;  // 0 own root, 1 host, then the declared ones
  std::vector<ObjectSet> sets;
  std::vector<Syscall> syscalls;
  std::vector<std::string> capability_names;  // by number, "chown"
  std::vector<Subject> subjects;
  std::vector<Pod> pods;
  std::vector<Key> keys;
  std::vector<Image> images;  // as declared, each name once
  std::vector<Expr> exprs;
  std::vector<Rule> rules;
  std::vector<Holding> holdings;
  std::vector<Channel> channels;
  std::vector<Delegation> delegations;
  std::vector<Revocation> revocations;
  std::vector<Possession> possessions;  // that conditions of delegations and revocations speak of
  std::vector<Declassification> declassifications;
  FlowMap flow;
  std::vector<Claim> claims;
  std::vector<system::System> systems;  // models and protocols, their variants and instances
  /// Sentences that nothing here gives a meaning (detect): the checker refuses the module.
  std::vector<SentenceId> dynamic;

  const Sentence& at(SentenceId id) const { return sentences.at(id.index()); }
  const Subject& at(SubjectId id) const { return subjects.at(id.index()); }
  const Volume& at(VolumeId id) const { return volumes.at(id.index()); }
  const ObjectSet& at(ObjectSetId id) const { return sets.at(id.index()); }
  const Rule& at(RuleId id) const { return rules.at(id.index()); }
  const Expr& at(ExprId id) const { return exprs.at(id.index()); }
  const Claim& at(ClaimId id) const { return claims.at(id.index()); }
  const Label& at(LabelId id) const { return labels.at(id.index()); }
  const Attribute& at(AttributeId id) const { return attributes.at(id.index()); }
  const Channel& at(ChannelId id) const { return channels.at(id.index()); }
  const Delegation& at(DelegationId id) const { return delegations.at(id.index()); }
  const Revocation& at(RevocationId id) const { return revocations.at(id.index()); }
  const Possession& at(PossessionId id) const { return possessions.at(id.index()); }
  const system::System& at(SystemId id) const { return systems.at(id.index()); }
  const Syscall& at(SyscallId id) const { return syscalls.at(id.index()); }
};

}  // namespace bulkhead::ir
