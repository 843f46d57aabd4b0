#include "runtime-bridge/emit/table/table.h"

#include <algorithm>
#include <map>
#include <optional>

#include "checker/universe/reliance.h"
#include "lang/ir/eval.h"
#include "runtime-bridge/emit/landlock/landlock.h"
#include "runtime-bridge/emit/seccomp/generate.h"
#include "runtime-bridge/emit/table/rows.h"
#include "runtime-bridge/table/encode.h"
#include "runtime-bridge/table/mediated.h"

namespace bulkhead::emit {
namespace {

constexpr std::uint64_t kDefaultCpu = 1000;  // 1/1000 of a core
constexpr std::uint64_t kDefaultMemory = std::uint64_t{256} << 20;

table::Level level_of(ir::Level level) {
  switch (level) {
    case ir::Level::Standard:
      return table::Level::Standard;
    case ir::Level::Enhanced:
      return table::Level::Enhanced;
    case ir::Level::Maximum:
      return table::Level::Maximum;
  }
  return table::Level::Maximum;
}
class Assembly {
 public:
  Assembly(const ir::World& world, ir::SubjectId subject, const source::SourceMap& sources, const TableInputs& inputs)
      : world_(world),
        subject_(subject),
        container_(world.at(subject)),
        sources_(sources),
        inputs_(inputs),
        volumes_(world, container_),
        claims_(universe::access_claims(world, subject)) {}

  Result<TableEmission, EmitError> run() {
    identity();
    places();
    limits();
    guards();
    for (const auto step : {&Assembly::rows, &Assembly::capabilities, &Assembly::filters, &Assembly::landlock}) {
      if (auto error = (this->*step)()) return fail(*error);
    }
    if (std::string broken = table::well_formed(made_.table); !broken.empty()) {
      return fail(EmitError{std::move(broken), container_.sentence});
    }
    return std::move(made_);
  }

 private:
  using Failed = std::optional<EmitError>;
  table::Table& table() { return made_.table; }

  std::uint32_t sentence(ir::SentenceId id) {
    if (!id.valid()) return table::kNone;
    const auto [at, fresh] = sentence_index_.try_emplace(id, static_cast<std::uint32_t>(table().sentences.size()));
    if (fresh) {
      const ir::Sentence& item = world_.at(id);
      table::Sentence made{"", 0, item.text};
      if (item.span.file.valid()) {
        made.file = sources_.name(item.span.file);
        made.line = sources_.line_number(item.span.file, item.span.begin);
      }
      table().sentences.push_back(std::move(made));
    }
    return at->second;
  }
  std::uint32_t world_sentence(std::uint32_t index) {
    return index == table::kNone ? index : sentence(ir::SentenceId{index});
  }

  std::uint32_t claim(ir::ClaimId id) {
    if (!id.valid()) return table::kNone;
    const auto [at, fresh] = claim_index_.try_emplace(id, static_cast<std::uint32_t>(table().claims.size()));
    if (fresh) {
      const ir::Claim& item = world_.at(id);
      table().claims.push_back({item.name, item.text, sentence(item.sentence)});
    }
    return at->second;
  }

  void identity() {
    table().module = world_.module;
    table().container = container_.name;
    table().level = level_of(container_.level);
    table().profile = table::name_of(table().level);
    table().sentence = sentence(container_.sentence);
    table().policy_digest = inputs_.policy;
    table().certificate_digest = inputs_.certificates;
    table().rootfs_readonly = container_.rootfs_readonly;
    table().environment = container_.environment;
    table().degrade = container_.degrade;
    table().user = container_.user.value_or(table().user);
    table().group = container_.group.value_or(container_.user.value_or(table().group));
    table().nftables = inputs_.nftables;
    table().exec_gain_by_filter = inputs_.exec_gain_by_filter;
  }

  void places() {
    for (const ir::VolumeId id : volumes_.volumes()) {
      const ir::Volume& volume = world_.at(id);
      table().volumes.push_back({volume.name, volume.host_source, volume.host_source.empty() ? volume.size_bytes : 0});
    }
    for (const ir::Mount& mount : container_.mounts) {
      table().mounts.push_back({volumes_.of(mount.volume), mount.target, mount.readonly, sentence(mount.sentence)});
    }
    for (table::ClosurePath path : inputs_.closure) {
      path.sentence = world_sentence(path.sentence);
      table().closure.push_back(std::move(path));
    }
  }

  void limits() {
    const auto set = [&](table::Limit& limit, const std::optional<ir::Quantity>& quantity) {
      if (quantity) limit = {quantity->amount, true, sentence(quantity->sentence)};
    };
    table::Limits& limits = table().limits;
    limits.cpu = {kDefaultCpu, true, table::kNone};
    limits.memory = {kDefaultMemory, true, table::kNone};
    set(limits.memory, container_.limits.memory);
    set(limits.cpu, container_.limits.cpu);
    set(limits.pids, container_.limits.pids);
    set(limits.time, container_.limits.time);
    set(limits.disk, container_.limits.disk);
    set(limits.open_files, container_.limits.open_files);
  }

  void guards() {
    for (const universe::AccessClaim& item : claims_) {
      if (!item.denies || item.objects->plane == ir::Plane::Syscall) continue;  // those stand with the calls
      table::Guard guard;
      guard.plane = static_cast<table::Plane>(item.objects->plane);
      guard.rights = item.rights.bits();
      guard.claim = claim(item.claim);
      guard.objects = literal_of(item.objects->patterns, volumes_);
      table().guards.push_back(std::move(guard));
    }
  }

  Failed rows() {
    for (std::size_t i = 0; i < ir::kNamespaceKinds; ++i) {
      const ir::NamespaceSetting& setting = container_.namespaces[i];
      if (setting.mode == ir::NamespaceSetting::Mode::With) {
        return EmitError{
            "a namespace that is shared with another container needs a pod, which this runtime does not start",
            setting.sentence};
      }
      table().namespaces[i] =
          setting.mode == ir::NamespaceSetting::Mode::Host ? table::NamespaceMode::Host : table::NamespaceMode::Private;
    }
    auto rows = rows_of(world_, subject_, volumes_);
    if (!rows.ok()) return rows.error();
    std::map<ir::RuleId, std::uint32_t> relying;  // a rule with many rows is asked about once
    for (RuleRow& made : *rows) {
      const auto [at, fresh] = relying.try_emplace(made.rule, table::kNone);
      if (fresh) at->second = claim(universe::relying_claim(world_, world_.at(made.rule), claims_));
      made.row.sentence = world_sentence(made.row.sentence);
      made.row.claim = at->second;
      table().rows.push_back(std::move(made.row));
    }
    return std::nullopt;
  }

  Failed capabilities() {
    for (std::uint8_t number = 0; number < 64; ++number) {
      const ir::Request request{subject_, ir::Right::Hold, ir::CapabilityObject{number}, {}};
      if (ir::decide(world_, request).allowed) table().kernel_capabilities |= std::uint64_t{1} << number;
    }
    return std::nullopt;
  }

  /// The sentence and claim of a refusal of this call: a rule that forbids it, a denial that names it, or the
  /// container.
  void explain(ir::SyscallId id, table::SyscallRow& row) {
    row.sentence = table().sentence;
    for (const ir::Rule& rule : world_.rules) {
      const auto& calls = rule.objects.syscalls;
      const bool about = (!rule.subject || *rule.subject == subject_) && rule.effect == ir::Effect::Forbid &&
                         rule.plane == ir::Plane::Syscall &&
                         (rule.objects.everything || std::find(calls.begin(), calls.end(), id) != calls.end());
      if (!about) continue;
      row.sentence = sentence(rule.sentence);
      break;
    }
    for (const universe::AccessClaim& item : claims_) {
      const auto& calls = item.objects->patterns.syscalls;
      const bool about =
          item.denies && item.objects->plane == ir::Plane::Syscall &&
          (item.objects->patterns.everything || std::find(calls.begin(), calls.end(), id) != calls.end());
      if (!about) continue;
      row.claim = claim(item.claim);
      break;
    }
  }

  Failed filters() {
    const bool contained = container_.level == ir::Level::Maximum;
    const seccomp::Flavour flavour = contained ? seccomp::Flavour::Contained : seccomp::Flavour::Listened;
    for (const seccomp::Machine machine : {seccomp::Machine::X86_64, seccomp::Machine::Aarch64}) {
      auto plan = seccomp::plan_filter(world_, subject_, machine, flavour);
      if (!plan.ok()) return plan.error();
      auto program = seccomp::generate(*plan);
      if (!program.ok()) return program.error();
      (machine == seccomp::Machine::X86_64 ? table().filter_x86_64 : table().filter_aarch64) = bpf::to_bytes(*program);
      if (machine != inputs_.native) continue;
      for (const seccomp::CallPlan& call : plan->calls) {
        const bool mediated = table::mediation_of(call.name).has_value() && !call.allowed.never();
        if (!mediated && call.allowed.unconditional()) continue;  // never handed over
        table::SyscallRow row;
        row.number = call.number;
        row.name = call.name;
        row.allowed = mediated;
        row.error = seccomp::refusal_errno(world_, subject_, call.syscall);
        explain(call.syscall, row);
        table().syscalls.push_back(std::move(row));
      }
    }
    return std::nullopt;
  }

  Failed landlock() {
    auto emission = landlock::emit(world_, subject_, inputs_.landlock_abi, inputs_.started);
    if (!emission.ok()) return emission.error();
    for (table::LandlockRule& rule : emission->rules.rules) rule.sentence = world_sentence(rule.sentence);
    table().landlock = std::move(emission->rules);
    made_.gaps = std::move(emission->gaps);
    return std::nullopt;
  }

  const ir::World& world_;
  ir::SubjectId subject_;
  const ir::Subject& container_;
  const source::SourceMap& sources_;
  const TableInputs& inputs_;
  VolumeMap volumes_;
  std::vector<universe::AccessClaim> claims_;
  std::map<ir::SentenceId, std::uint32_t> sentence_index_;
  std::map<ir::ClaimId, std::uint32_t> claim_index_;
  TableEmission made_;
};

}  // namespace

Result<TableEmission, EmitError> emit_table(const ir::World& world, ir::SubjectId subject,
                                            const source::SourceMap& sources, const TableInputs& inputs) {
  BH_CHECK(world.at(subject).kind == ir::SubjectKind::Container, "tables are of containers");
  return Assembly(world, subject, sources, inputs).run();
}

}  // namespace bulkhead::emit
