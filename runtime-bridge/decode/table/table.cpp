#include "runtime-bridge/decode/table/table.h"

#include <algorithm>

#include "lang/ir/eval.h"
#include "runtime-bridge/decode/landlock/landlock.h"
#include "runtime-bridge/decode/nftables/nftables.h"
#include "runtime-bridge/decode/seccomp/policy_answers.h"
#include "runtime-bridge/decode/seccomp/program.h"
#include "runtime-bridge/decode/table/access.h"
#include "runtime-bridge/decode/table/provenance.h"
#include "runtime-bridge/table/encode.h"
#include "runtime-bridge/table/mediated.h"

namespace bulkhead::decode {
namespace {

constexpr std::uint64_t kDefaultCpu = 1000;
constexpr std::uint64_t kDefaultMemory = std::uint64_t{256} << 20;

void compare_mounts(const table::Table& table, const ir::Subject& container, const std::vector<ir::VolumeId>& volumes,
                    Comparison& comparison) {
  for (const table::Mount& mount : table.mounts) {
    const auto meant = std::find_if(container.mounts.begin(), container.mounts.end(), [&](const ir::Mount& other) {
      return other.target == mount.target && mount.volume < volumes.size() && other.volume == volumes[mount.volume];
    });
    if (meant == container.mounts.end())
      comparison.wider.push_back({"mount", mount.target});
    else if (meant->readonly && !mount.readonly)
      comparison.wider.push_back({"the mount option ro", mount.target});
    else if (!meant->readonly && mount.readonly)
      comparison.narrower.push_back({"the mount option ro", mount.target});
  }
  for (const ir::Mount& mount : container.mounts) {
    const bool there = std::any_of(table.mounts.begin(), table.mounts.end(),
                                   [&](const table::Mount& other) { return other.target == mount.target; });
    if (!there) comparison.narrower.push_back({"mount", mount.target});
  }
  if (table.rootfs_readonly != container.rootfs_readonly) {
    (container.rootfs_readonly ? comparison.wider : comparison.narrower).push_back({"rootfs readonly", "/"});
  }
}

void compare_limit(const char* name, const table::Limit& limit, std::optional<std::uint64_t> meant,
                   Comparison& comparison) {
  const auto text = limit.set ? std::to_string(limit.amount) : std::string("no limit");
  if (!meant ? limit.set : limit.set && limit.amount < *meant)
    comparison.narrower.push_back({std::string("limit ") + name, text});
  if (meant && (!limit.set || limit.amount > *meant)) comparison.wider.push_back({std::string("limit ") + name, text});
}

void compare_limits(const table::Limits& limits, const ir::Quantities& meant, Comparison& comparison) {
  const auto amount = [](const std::optional<ir::Quantity>& quantity) {
    return quantity ? std::optional<std::uint64_t>(quantity->amount) : std::nullopt;
  };
  compare_limit("memory", limits.memory, amount(meant.memory).value_or(kDefaultMemory), comparison);
  compare_limit("cpu", limits.cpu, amount(meant.cpu).value_or(kDefaultCpu), comparison);
  compare_limit("pids", limits.pids, amount(meant.pids), comparison);
  compare_limit("time", limits.time, amount(meant.time), comparison);
  compare_limit("disk", limits.disk, amount(meant.disk), comparison);
  compare_limit("open_files", limits.open_files, amount(meant.open_files), comparison);
}

void compare_names(const char* what, const std::vector<std::string>& table, const std::vector<std::string>& policy,
                   Comparison& comparison) {
  const auto missing = [](const std::vector<std::string>& from, const std::string& name) {
    return std::find(from.begin(), from.end(), name) == from.end();
  };
  for (const std::string& name : table) {
    if (missing(policy, name)) comparison.wider.push_back({what, name});
  }
  for (const std::string& name : policy) {
    if (missing(table, name)) comparison.narrower.push_back({what, name});
  }
}

void compare_process(const table::Table& table, const ir::World& world, ir::SubjectId subject, Comparison& comparison) {
  const ir::Subject& container = world.at(subject);
  const table::Table fallback;
  const std::uint32_t user = container.user.value_or(fallback.user);
  const std::uint32_t group = container.group.value_or(container.user.value_or(fallback.group));
  if (table.profile != table::name_of(table.level)) comparison.misattributed.push_back({"profile", table.profile});
  if (table.user != user) comparison.wider.push_back({"user", std::to_string(table.user)});
  if (table.group != group) comparison.wider.push_back({"group", std::to_string(table.group)});
  if (static_cast<unsigned>(table.level) < static_cast<unsigned>(container.level)) {
    comparison.wider.push_back({"level", std::to_string(static_cast<unsigned>(table.level))});
  }
  if (static_cast<unsigned>(table.level) > static_cast<unsigned>(container.level)) {
    comparison.narrower.push_back({"level", std::to_string(static_cast<unsigned>(table.level))});
  }
  static const char* const kNames[] = {"pid", "mount", "net", "ipc", "user", "uts", "cgroup"};
  for (std::size_t i = 0; i < ir::kNamespaceKinds; ++i) {
    const bool host = container.namespaces[i].mode == ir::NamespaceSetting::Mode::Host;
    const bool enforced_host = table.namespaces[i] == table::NamespaceMode::Host;
    if (enforced_host && !host) comparison.wider.push_back({"namespace", kNames[i]});
    if (host && !enforced_host) comparison.narrower.push_back({"namespace", kNames[i]});
  }
  for (std::uint8_t number = 0; number < 64; ++number) {
    const bool kept = ((table.kernel_capabilities >> number) & 1) != 0;
    const ir::Request request{subject, ir::Right::Hold, ir::CapabilityObject{number}, {}};
    const bool meant = ir::decide(world, request).allowed;
    if (kept != meant)
      (kept ? comparison.wider : comparison.narrower).push_back({"kept capability", std::to_string(number)});
  }
  compare_names("environment", table.environment, container.environment, comparison);
  compare_names("degradation", table.degrade, container.degrade, comparison);
  compare_limits(table.limits, container.limits, comparison);
}

/// What the run put in must be what is there: the digests of what was proved, the closure that was found.
void compare_inputs(const table::Table& table, const table::Inputs& inputs, Comparison& comparison) {
  if (table.policy_digest != inputs.policy) comparison.misattributed.push_back({"policy digest", "of other sources"});
  if (table.certificate_digest != inputs.certificates)
    comparison.misattributed.push_back({"certificate digest", "of other certificates"});
  if (table.exec_gain_by_filter != inputs.exec_gain_by_filter) {
    (table.exec_gain_by_filter ? comparison.wider : comparison.narrower).push_back({"running without", "PR_SET_MDWE"});
  }
  const auto missing = [](const std::vector<table::ClosurePath>& from, const table::ClosurePath& path) {
    return std::none_of(from.begin(), from.end(), [&](const table::ClosurePath& other) {
      return other.path == path.path && other.folder == path.folder && other.link_target == path.link_target;
    });
  };
  for (const table::ClosurePath& path : table.closure) {
    if (missing(inputs.closure, path)) comparison.wider.push_back({"shown of the host", path.path});
  }
  for (const table::ClosurePath& path : inputs.closure) {
    if (missing(table.closure, path)) comparison.narrower.push_back({"shown of the host", path.path});
  }
  if (table.closure.size() > inputs.closure.size())
    comparison.wider.push_back({"shown of the host", "something twice"});
}

/// The parts that other mechanisms install. What Landlock lacks, the listener of the higher levels opens.
void compare_layers(const table::Table& table, const ir::World& world, ir::SubjectId subject, const Expected& expected,
                    Comparison& comparison) {
  const auto add = [&](const Comparison& layer, bool narrower) {
    comparison.wider.insert(comparison.wider.end(), layer.wider.begin(), layer.wider.end());
    comparison.undecided.insert(comparison.undecided.end(), layer.undecided.begin(), layer.undecided.end());
    comparison.assumptions.insert(comparison.assumptions.end(), layer.assumptions.begin(), layer.assumptions.end());
    if (narrower) comparison.narrower.insert(comparison.narrower.end(), layer.narrower.begin(), layer.narrower.end());
  };
  // What the start executes, Landlock cannot deny later: the filter hands every exec to the listener (compare_filter).
  Comparison rules =
      landlock::compare(table.landlock, world, subject, expected.inputs.landlock_abi, expected.inputs.started);
  // Without the one right for moving, programs copy: the emission names that gap.
  std::erase_if(rules.narrower, [](const Difference& item) { return item.what == "rename" || item.what == "link"; });
  add(rules, world.at(subject).level == ir::Level::Standard);

  if (table.nftables != expected.inputs.nftables) comparison.wider.push_back({"nftables", "not the rules of this run"});
  if (table.nftables.empty()) return;
  const auto meaning = nftables::decode(table.nftables);
  if (!meaning.ok()) return comparison.undecided.push_back("nftables: " + meaning.error().reason);
  // Protocols beside TCP and UDP are a gap that the emission names.
  add(nftables::compare(*meaning, world, subject), false);
}

/// Compares one filter; `answers` are rows for the listener, or none where they are for the other machine. With
/// `started` Landlock counts on the listener for every exec but the first; at level maximum the mounts count on the
/// filter alone, where no file may be executed, and where one may they let the started files be executed again.
void compare_filter(const table::Table& table, const ir::World& world, ir::SubjectId subject, seccomp::Machine machine,
                    const std::vector<table::SyscallRow>* answers, bool started, Comparison& comparison) {
  const std::string& bytes = machine == seccomp::Machine::X86_64 ? table.filter_x86_64 : table.filter_aarch64;
  const char* const name = machine == seccomp::Machine::X86_64 ? "filter for x86-64" : "filter for aarch64";
  seccomp::Diagrams diagrams;
  const bool contained = table.level == table::Level::Maximum;
  const seccomp::Flavour flavour = contained ? seccomp::Flavour::Contained : seccomp::Flavour::Listened;
  const auto policy = seccomp::policy_answers(world, subject, machine, flavour, diagrams);
  if (!policy.ok()) return comparison.undecided.push_back(std::string(name) + ": " + policy.error());
  const auto program = bpf::from_bytes(bytes);
  if (!program) return comparison.undecided.push_back(std::string(name) + ": not 1 to 4096 instructions");
  const auto meaning = seccomp::meaning(*program, diagrams);
  if (!meaning.ok()) return comparison.undecided.push_back(std::string(name) + ": " + meaning.error());
  const auto result = seccomp::compare(*meaning, *policy, diagrams);
  // Any other answer than the policy's is rejected: a notification in place of an errno may let a mediated call
  // through.
  if (!result.equal) comparison.wider.push_back({name, describe(result, world, machine)});
  if (started && !(contained && seccomp::may_execute(world, subject))) {
    const seccomp::Ref unseen = seccomp::execution_unseen(*meaning, machine, diagrams);
    if (diagrams.exhausted()) return comparison.undecided.push_back(std::string(name) + ": too many states");
    if (const auto call = diagrams.example(unseen))
      comparison.wider.push_back({kUnseenExec, seccomp::describe(*call, world, machine)});
  }
  if (table.exec_gain_by_filter) {
    const seccomp::Ref gained = diagrams.both(policy->permitted, seccomp::exec_gain(machine, diagrams));
    if (diagrams.exhausted()) return comparison.undecided.push_back(std::string(name) + ": too many states");
    if (const auto call = diagrams.example(gained))
      comparison.wider.push_back({kExecGain, seccomp::describe(*call, world, machine)});
  }
  if (answers == nullptr) return;

  const seccomp::Ref arch = diagrams.equal(diagrams.word(bpf::kArchOffset),
                                           machine == seccomp::Machine::X86_64 ? bpf::kArchX86_64 : bpf::kArchAarch64);
  const auto native_number = [&](std::uint32_t number) {
    return diagrams.both(arch, diagrams.equal(diagrams.word(bpf::kNumberOffset), number));
  };
  for (const ir::Syscall& syscall : world.syscalls) {
    const std::int32_t own = machine == seccomp::Machine::X86_64 ? syscall.x86_64 : syscall.aarch64;
    if (own < 0) continue;
    const auto number = static_cast<std::uint32_t>(own);
    const seccomp::Ref here = diagrams.both(policy->permitted, native_number(number));
    const bool meant = table::mediation_of(syscall.name).has_value() && here != diagrams.no();
    const auto row =
        std::find_if(answers->begin(), answers->end(), [&](const auto& item) { return item.number == number; });
    const bool allowed = row != answers->end() && row->allowed && row->name == syscall.name;
    const bool refused = diagrams.both(diagrams.negate(policy->permitted), native_number(number)) != diagrams.no();
    // A refused call without a row would be told as one that no kernel knows.
    if (row == answers->end() && refused) comparison.misattributed.push_back({"answer to", syscall.name});
    if (row != answers->end() && row->allowed && !(meant && allowed))
      comparison.wider.push_back({"mediated call", row->name});
    if (meant && !allowed) comparison.narrower.push_back({"mediated call", syscall.name});
  }
  for (const table::SyscallRow& row : *answers) {
    const bool named = std::any_of(world.syscalls.begin(), world.syscalls.end(), [&](const ir::Syscall& syscall) {
      return (machine == seccomp::Machine::X86_64 ? syscall.x86_64 : syscall.aarch64) ==
             static_cast<std::int32_t>(row.number);
    });
    if (row.allowed && !named) comparison.wider.push_back({"mediated call", row.name});
  }
}

}  // namespace

Comparison compare_table(const table::Table& table, const ir::World& world, ir::SubjectId subject,
                         const Expected& expected) {
  Comparison comparison;
  comparison.assumptions = {"no alias outside the declared mounts",
                            "the kernel hands every call to the filter and runs it as docs/formats/table.md says"};
  const ir::Subject& container = world.at(subject);
  if (table.module != world.module || table.container != container.name) {
    comparison.wider.push_back({"container", table.module + "::" + table.container});
  }
  const std::vector<ir::VolumeId> volumes = match_volumes(table, world, container, comparison);
  for (const ir::Right right : ir::kAllRights) compare_right(table, world, subject, right, volumes, comparison);
  compare_mounts(table, container, volumes, comparison);
  compare_process(table, world, subject, comparison);
  compare_inputs(table, expected.inputs, comparison);
  compare_layers(table, world, subject, expected, comparison);
  compare_provenance(table, world, subject, volumes, expected, comparison);
  const auto rows = [&](seccomp::Machine machine) {
    return machine == expected.inputs.native ? &table.syscalls : nullptr;
  };
  const bool started = !expected.inputs.started.empty();
  for (const seccomp::Machine machine : {seccomp::Machine::X86_64, seccomp::Machine::Aarch64})
    compare_filter(table, world, subject, machine, rows(machine), started, comparison);
  return comparison;
}

Result<Comparison, DecodeError> compare_table_bytes(std::string_view bytes, const ir::World& world,
                                                    ir::SubjectId subject, const Expected& expected) {
  const auto table = table::decode(bytes);
  if (!table.ok()) return fail(DecodeError{table.error().text});
  return compare_table(*table, world, subject, expected);
}

}  // namespace bulkhead::decode
