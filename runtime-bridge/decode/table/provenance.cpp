#include "runtime-bridge/decode/table/provenance.h"

#include <algorithm>
#include <cerrno>
#include <map>
#include <string>
#include <tuple>

#include "checker/universe/reliance.h"
#include "lang/ir/glob.h"
#include "runtime-bridge/decode/landlock/landlock.h"
#include "runtime-bridge/decode/table/access.h"

namespace bulkhead::decode {
namespace {

class Provenance {
 public:
  Provenance(const table::Table& table, const ir::World& world, ir::SubjectId subject,
             const std::vector<ir::VolumeId>& volumes, const Expected& expected, Comparison& out)
      : table_(table),
        world_(world),
        subject_(subject),
        container_(world.at(subject)),
        volumes_(volumes),
        expected_(expected),
        out_(out),
        claims_(universe::access_claims(world, subject)),
        named_sentences_(table.sentences.size(), false),
        named_claims_(table.claims.size(), false) {}

  void run() {
    sentence("the container", table_.sentence, container_.sentence);
    places();
    limits();
    guards();
    rows();
    calls();
    for (std::size_t i = 0; i < named_claims_.size(); ++i) {
      if (!named_claims_[i]) wrong("a claim that nothing points at", table_.claims[i].name);
    }
    for (std::size_t i = 0; i < named_sentences_.size(); ++i) {
      if (!named_sentences_[i]) wrong("a sentence that nothing points at", table_.sentences[i].text);
    }
  }

 private:
  void wrong(std::string what, std::string witness) {
    out_.misattributed.push_back({std::move(what), std::move(witness)});
  }

  /// Place and text: what a person sees of a sentence.
  using Shown = std::tuple<std::string, std::uint32_t, std::string>;
  Shown shown(ir::SentenceId id) const {
    const ir::Sentence& item = world_.at(id);
    if (!item.span.file.valid()) return {"", 0, item.text};
    const source::SourceMap& sources = expected_.sources;
    return {sources.name(item.span.file), sources.line_number(item.span.file, item.span.begin), item.text};
  }
  bool is(std::uint32_t index, const Shown& meant) const {
    if (index >= table_.sentences.size()) return false;
    const table::Sentence& item = table_.sentences[index];
    return Shown{item.file, item.line, item.text} == meant;
  }
  bool is(std::uint32_t index, ir::SentenceId id) const {
    return id.valid() ? is(index, shown(id)) : index == table::kNone;
  }
  bool is(std::uint32_t index, ir::ClaimId id) const {
    if (!id.valid()) return index == table::kNone;
    if (index >= table_.claims.size()) return false;
    const table::Claim& item = table_.claims[index];
    const ir::Claim& meant = world_.at(id);
    return item.name == meant.name && item.text == meant.text && is(item.sentence, meant.sentence);
  }

  void name_sentence(std::uint32_t index) {
    if (index < named_sentences_.size()) named_sentences_[index] = true;
  }
  void name_claim(std::uint32_t index) {
    if (index >= named_claims_.size()) return;
    named_claims_[index] = true;
    name_sentence(table_.claims[index].sentence);
  }
  void sentence(const std::string& what, std::uint32_t index, ir::SentenceId meant) {
    name_sentence(index);
    if (!is(index, meant)) wrong("the sentence of " + what, meant.valid() ? world_.at(meant).text : "none");
  }
  void claim(const std::string& what, std::uint32_t index, ir::ClaimId meant) {
    name_claim(index);
    if (!is(index, meant)) wrong("the claim of " + what, meant.valid() ? world_.at(meant).name : "none");
  }

  void places() {
    for (const table::Mount& mount : table_.mounts) {
      const auto meant = std::find_if(container_.mounts.begin(), container_.mounts.end(),
                                      [&](const ir::Mount& other) { return other.target == mount.target; });
      if (meant != container_.mounts.end()) sentence("the mount at " + mount.target, mount.sentence, meant->sentence);
    }
    for (const table::ClosurePath& path : table_.closure) {
      const auto& closure = expected_.inputs.closure;
      const auto meant =
          std::find_if(closure.begin(), closure.end(), [&](const auto& other) { return other.path == path.path; });
      if (meant != closure.end()) sentence(path.path, path.sentence, sentence_id(meant->sentence));
    }
    for (const table::LandlockRule& rule : table_.landlock.rules) {
      name_sentence(rule.sentence);
      if (!grants_some(rule)) wrong("the sentence of the Landlock rule", rule.path);
    }
  }
  static ir::SentenceId sentence_id(std::uint32_t index) {
    return index == table::kNone ? ir::SentenceId{} : ir::SentenceId{index};
  }

  /// Whether a permit with the rule's sentence grants some right of it on its own path. What the runtime executes as it
  /// starts the program stands there because the program may read it.
  bool grants_some(const table::LandlockRule& rule) const {
    const landlock::Place place = landlock::place_of(container_, rule.path);
    const auto& started = expected_.inputs.started;
    const bool starts = std::find(started.begin(), started.end(), rule.path) != started.end();
    for (const ir::Rule& permit : world_.rules) {
      if (permit.effect != ir::Effect::Permit || permit.plane != ir::Plane::File || !concerns(permit)) continue;
      ir::Rights rights = permit.rights;
      if (starts && rights.has(ir::Right::Read)) rights = rights | ir::Right::Execute;
      if ((landlock::access_of(rights) & rule.access) == 0 || !is(rule.sentence, permit.sentence)) continue;
      if (ir::patterns_match(permit.objects, ir::FileObject{place.volume, place.path})) return true;
    }
    return false;
  }
  bool concerns(const ir::Rule& rule) const { return !rule.subject || *rule.subject == subject_; }

  void limits() {
    const auto one = [&](const char* name, const table::Limit& limit, const std::optional<ir::Quantity>& meant) {
      sentence(std::string("the limit ") + name, limit.sentence, meant ? meant->sentence : ir::SentenceId{});
    };
    const ir::Quantities& meant = container_.limits;
    one("memory", table_.limits.memory, meant.memory);
    one("cpu", table_.limits.cpu, meant.cpu);
    one("pids", table_.limits.pids, meant.pids);
    one("time", table_.limits.time, meant.time);
    one("disk", table_.limits.disk, meant.disk);
    one("open_files", table_.limits.open_files, meant.open_files);
  }

  table::Literal literal(const ir::ObjectPatterns& patterns) const {
    table::Literal literal;
    literal.everything = patterns.everything;
    for (const ir::FilePattern& pattern : patterns.files) {
      const auto at = std::find(volumes_.begin(), volumes_.end(), pattern.volume);
      if (at == volumes_.end()) continue;  // nothing of it is mounted
      literal.files.push_back({static_cast<std::uint32_t>(at - volumes_.begin()), pattern.glob, pattern.prefix});
    }
    for (const ir::NetPattern& net : patterns.nets) {
      const std::uint8_t family = net.first.family == ir::Family::V4 ? 4 : 6;
      literal.nets.push_back({family, net.first.bytes, net.last.bytes, net.first_port, net.last_port, net.protos});
    }
    literal.capabilities = patterns.capabilities;
    return literal;
  }

  void guards() {
    std::size_t next = 0;
    for (const universe::AccessClaim& item : claims_) {
      if (!item.denies || item.objects->plane == ir::Plane::Syscall) continue;
      const std::string name = "guard " + std::to_string(next);
      if (next >= table_.guards.size()) return wrong("a missing guard", world_.at(item.claim).name);
      const table::Guard& guard = table_.guards[next++];
      claim(name, guard.claim, item.claim);
      const bool same = guard.plane == static_cast<table::Plane>(item.objects->plane) &&
                        guard.rights == item.rights.bits() && guard.objects == literal(item.objects->patterns);
      if (!same) wrong("the objects of " + name, world_.at(item.claim).name);
    }
    if (next < table_.guards.size()) wrong("a guard that no claim asks for", std::to_string(next));
  }

  /// The rules of one sentence that have one effect, one plane and the same rights, and the rows that say so.
  struct Group {
    std::vector<const ir::Rule*> rules;
    std::vector<const table::Row*> rows;
    std::vector<ir::ClaimId> claims;  // that rely on one of the rules
  };
  using Key = std::tuple<Shown, table::Effect, table::Plane, std::uint16_t>;

  void rows() {
    std::map<Key, Group> groups;
    for (const ir::Rule& rule : world_.rules) {
      if (rule.plane == ir::Plane::Syscall || !concerns(rule)) continue;
      Group& group = groups[Key{shown(rule.sentence), static_cast<table::Effect>(rule.effect),
                                static_cast<table::Plane>(rule.plane), rule.rights.bits()}];
      group.rules.push_back(&rule);
    }
    for (std::size_t i = 0; i < table_.rows.size(); ++i) {
      const table::Row& row = table_.rows[i];
      name_sentence(row.sentence);
      name_claim(row.claim);
      const std::string name = "row " + std::to_string(i);
      if (row.sentence >= table_.sentences.size()) {
        wrong("the sentence of " + name, "none");
        continue;
      }
      const table::Sentence& item = table_.sentences[row.sentence];
      const auto at = groups.find(Key{Shown{item.file, item.line, item.text}, row.effect, row.plane, row.rights});
      if (at == groups.end())
        wrong("the sentence of " + name, item.text);
      else
        at->second.rows.push_back(&row);
    }
    for (auto& [key, group] : groups) judge(std::get<2>(std::get<0>(key)), group);
  }

  void judge(const std::string& text, Group& group) {
    for (const ir::Rule* rule : group.rules) group.claims.push_back(universe::relying_claim(world_, *rule, claims_));
    for (const table::Row* row : group.rows) {
      const bool some =
          std::any_of(group.claims.begin(), group.claims.end(), [&](ir::ClaimId id) { return is(row->claim, id); });
      if (!some) wrong("the claim of a row", text);
    }
    if (!same_patterns(group) && !same_objects(group)) wrong("the objects of the rows", text);
  }

  /// The usual case, without a search: rows that list what unconditional rules list.
  bool same_patterns(const Group& group) const {
    std::size_t next = 0;
    for (const ir::Rule* rule : group.rules) {
      if (rule->when) return false;
      const table::Literal meant = literal(rule->objects);
      if (meant == table::Literal{}) continue;  // nothing that the container can reach
      const bool same = next < group.rows.size() && group.rows[next]->literals == std::vector{meant};
      if (!same) return false;
      ++next;
    }
    return next == group.rows.size();
  }

  /// A world that has these rules alone, as permits, against a table that has these rows alone: equal for each right.
  bool same_objects(const Group& group) const {
    ir::World alone = world_;
    const ir::Rule& first = *group.rules.front();
    // Conditions may ask which kernel capabilities are held, so those rules stay, except where they are the question.
    std::erase_if(alone.rules, [&](const ir::Rule& other) {
      return other.plane != ir::Plane::KernelCapability || first.plane == ir::Plane::KernelCapability;
    });
    table::Table rows;
    for (const ir::Rule* rule : group.rules) {
      alone.rules.push_back(*rule);
      alone.rules.back().effect = ir::Effect::Permit;
    }
    if (first.plane == ir::Plane::File) alone.rules.push_back(out_of_reach(first.rights));
    for (const table::Row* row : group.rows) {
      rows.rows.push_back(*row);
      rows.rows.back().effect = table::Effect::Permit;
    }
    Comparison comparison;
    for (const ir::Right right : ir::kAllRights) {
      if (first.rights.has(right)) compare_right(rows, alone, subject_, right, volumes_, comparison);
    }
    return comparison.equal();
  }

  /// Forbids what lies in volumes that the container does not mount: no row speaks of them.
  ir::Rule out_of_reach(ir::Rights rights) const {
    ir::Rule rule;
    rule.effect = ir::Effect::Forbid;
    rule.subject = subject_;
    rule.rights = rights;
    for (std::size_t i = 0; i < world_.volumes.size(); ++i) {
      const bool mounted = std::find(volumes_.begin(), volumes_.end(), ir::VolumeId{i}) != volumes_.end();
      if (!mounted) rule.objects.files.push_back({ir::VolumeId{i}, "/**", {}});
    }
    rule.sentence = container_.sentence;
    return rule;
  }

  /// What a person is told of a system call that is refused.
  void calls() {
    if (table_.unknown_syscall_error != ENOSYS) wrong("the errno of unknown calls", "ENOSYS");
    const bool x86 = expected_.inputs.native == bpf::Machine::X86_64;
    std::map<std::uint32_t, ir::SyscallId> numbers;
    for (std::size_t i = 0; i < world_.syscalls.size(); ++i) {
      const std::int32_t number = x86 ? world_.syscalls[i].x86_64 : world_.syscalls[i].aarch64;
      if (number >= 0) numbers[static_cast<std::uint32_t>(number)] = ir::SyscallId{i};
    }
    for (const table::SyscallRow& row : table_.syscalls) {
      const auto id = numbers.find(row.number);
      if (id == numbers.end() || world_.at(id->second).name != row.name) {
        wrong("the name of call " + std::to_string(row.number), row.name);
        continue;
      }
      if (row.error != errno_of(id->second)) wrong("the errno of " + row.name, std::to_string(row.error));
      sentence(row.name, row.sentence, forbidding(id->second));
      claim(row.name, row.claim, denying(id->second));
    }
  }
  /// Of the first denial that names the call whatever its arguments, else the container's default.
  std::uint16_t errno_of(ir::SyscallId id) const {
    const std::string& name = world_.at(id).name;
    if (name == "clone3" || name == "openat2" || name == "faccessat2") return ENOSYS;  // the C library falls back
    for (const ir::SyscallDenial& denial : container_.denials) {
      const bool names = std::find(denial.syscalls.begin(), denial.syscalls.end(), id) != denial.syscalls.end();
      if (names && !denial.when && denial.action.kind == ir::SyscallAction::Kind::Errno) return denial.action.value;
    }
    const ir::SyscallAction& fallback = container_.default_denial;
    return fallback.kind == ir::SyscallAction::Kind::Errno ? fallback.value : std::uint16_t{EPERM};
  }
  static bool lists(const ir::ObjectPatterns& patterns, ir::SyscallId id) {
    return patterns.everything ||
           std::find(patterns.syscalls.begin(), patterns.syscalls.end(), id) != patterns.syscalls.end();
  }
  ir::SentenceId forbidding(ir::SyscallId id) const {
    for (const ir::Rule& rule : world_.rules) {
      const bool forbids = rule.plane == ir::Plane::Syscall && rule.effect == ir::Effect::Forbid && concerns(rule);
      if (forbids && lists(rule.objects, id)) return rule.sentence;
    }
    return container_.sentence;
  }
  ir::ClaimId denying(ir::SyscallId id) const {
    for (const universe::AccessClaim& item : claims_) {
      const bool denies = item.denies && item.objects->plane == ir::Plane::Syscall;
      if (denies && lists(item.objects->patterns, id)) return item.claim;
    }
    return {};
  }

  const table::Table& table_;
  const ir::World& world_;
  ir::SubjectId subject_;
  const ir::Subject& container_;
  const std::vector<ir::VolumeId>& volumes_;
  const Expected& expected_;
  Comparison& out_;
  std::vector<universe::AccessClaim> claims_;
  std::vector<bool> named_sentences_;
  std::vector<bool> named_claims_;
};

}  // namespace

void compare_provenance(const table::Table& table, const ir::World& world, ir::SubjectId subject,
                        const std::vector<ir::VolumeId>& volumes, const Expected& expected, Comparison& comparison) {
  Provenance(table, world, subject, volumes, expected, comparison).run();
}

}  // namespace bulkhead::decode
