#include "runtime-bridge/emit/seccomp/plan.h"

#include <algorithm>
#include <cerrno>

#include "checker/obligation/obligation.h"
#include "runtime-bridge/emit/rule_formula.h"

namespace bulkhead::emit::seccomp {
namespace {

using obligation::Formula;

Failure<EmitError> refuse(std::string reason, ir::SentenceId sentence = {}) {
  return {EmitError{std::move(reason), sentence}};
}

/// The C library tries these first and falls back where the kernel does not know them.
bool has_fallback(const std::string& name) {
  return name == "clone3" || name == "openat2" || name == "faccessat2";
}

std::uint32_t action_of(const ir::SyscallAction& action) {
  switch (action.kind) {
    case ir::SyscallAction::Kind::Errno:
      return bpf::kErrno | action.value;
    case ir::SyscallAction::Kind::KillProcess:
      return bpf::kKillProcess;
    case ir::SyscallAction::Kind::KillThread:
      return bpf::kKillThread;
    case ir::SyscallAction::Kind::Trap:
      return bpf::kTrap | action.value;
    case ir::SyscallAction::Kind::Log:
      return bpf::kLog;
    case ir::SyscallAction::Kind::Notify:
      return bpf::kNotify;
  }
  return bpf::kKillProcess;
}

struct Denial {
  const ir::SyscallDenial* sentence = nullptr;
  Formula when;  // where the denial applies
};

/// The condition of a denial, as that of a rule that permits what the denial names.
Result<Formula, EmitError> condition_of(const ir::World& world, ir::SubjectId subject,
                                        const ir::SyscallDenial& denial) {
  ir::Rule rule;
  rule.subject = subject;
  rule.rights = ir::Right::Invoke;
  rule.plane = ir::Plane::Syscall;
  rule.objects.syscalls = denial.syscalls;
  rule.when = denial.when;
  rule.sentence = denial.sentence;
  auto formula = rule_formula(world, subject, rule, ir::Right::Invoke);
  if (!formula.ok()) return fail(formula.error());
  return std::move(*formula);
}

/// Does any rule let the container execute a file, wherever and whenever?
bool executes(const ir::World& world, ir::SubjectId subject) {
  return std::any_of(world.rules.begin(), world.rules.end(), [&](const ir::Rule& rule) {
    return rule.effect == ir::Effect::Permit && (!rule.subject || *rule.subject == subject) &&
           rule.plane == ir::Plane::File && rule.rights.has(ir::Right::Execute);
  });
}

/// The answers of one call are put together here; the world, its access relation and its denials stay the same.
struct Planner {
  const ir::World& world;
  const ir::Subject& container;
  ir::SubjectId subject;
  Flavour flavour;
  Formula access;
  std::vector<Denial> denials;

  bool listened() const { return flavour == Flavour::Listened; }
  bool contained() const { return flavour == Flavour::Contained; }

  /// What a refused call is answered. To a listener errno's are its own business, and it wants to see them; where
  /// nobody listens, it says what the listener would.
  std::uint32_t refusal(const ir::SyscallAction& action, bool mediated) const {
    const bool hand_over = listened() && !mediated && action.kind == ir::SyscallAction::Kind::Errno;
    if (contained() && action.kind == ir::SyscallAction::Kind::Notify) return bpf::kErrno | EPERM;
    return hand_over ? bpf::kNotify : action_of(action);
  }

  /// To a call that has no name.
  std::uint32_t unknown() const {
    const bool plain = container.default_denial.kind == ir::SyscallAction::Kind::Errno;
    return contained() && plain ? bpf::kErrno | ENOSYS : refusal(container.default_denial, false);
  }

  /// What an allowed call is answered. Mounts cannot tell the program's start from a later exec of the same file, so
  /// where no file may be executed the contained filter answers instead of them.
  std::uint32_t permission(const std::string& name) const {
    const std::optional<table::Mediation> mediation = table::mediation_of(name);
    if (listened() && mediation) return bpf::kNotify;
    const bool exec = mediation == table::Mediation::Execute;
    return contained() && exec && !executes(world, subject) ? bpf::kErrno | EACCES : bpf::kAllow;
  }

  Result<CallPlan, EmitError> call(ir::SyscallId id, std::uint32_t number) const {
    CallPlan plan;
    plan.syscall = id;
    plan.number = number;
    plan.name = world.at(id).name;
    auto allowed = condition_for(access, id);
    if (!allowed.ok()) return refuse("`" + plan.name + "`: " + allowed.error(), sentence_about(id));
    plan.allowed = std::move(*allowed);
    const bool mediated = listened() && table::mediation_of(plan.name) && !plan.allowed.never();
    if (listened() && plan.name == "execveat" && mediated && !plan.allowed.unconditional()) {
      return refuse("the launcher parks in `execveat`, so its arguments cannot be restricted", sentence_about(id));
    }
    if (!plan.allowed.never()) plan.answers.emplace_back(plan.allowed, permission(plan.name));
    if (plan.allowed.unconditional()) return plan;
    if ((listened() || contained()) && has_fallback(plan.name) && plan.allowed.never()) {
      plan.otherwise = bpf::kErrno | ENOSYS;
      return plan;
    }
    for (const Denial& denial : denials) {
      auto when = condition_for(denial.when, id);
      if (!when.ok()) return refuse("`" + plan.name + "`: " + when.error(), denial.sentence->sentence);
      if (when->never()) continue;
      plan.answers.emplace_back(*when, refusal(denial.sentence->action, mediated));
      if (when->unconditional()) break;
    }
    plan.otherwise = refusal(container.default_denial, mediated);
    return plan;
  }

  ir::SentenceId sentence_about(ir::SyscallId id) const {
    for (const ir::Rule& rule : world.rules) {
      const bool about_subject = !rule.subject || *rule.subject == subject;
      const auto& calls = rule.objects.syscalls;
      if (about_subject && rule.when && std::find(calls.begin(), calls.end(), id) != calls.end()) return rule.sentence;
    }
    return container.sentence;
  }
};

}  // namespace

Result<Plan, EmitError> plan_filter(const ir::World& world, ir::SubjectId subject, Machine machine, Flavour flavour) {
  const ir::Subject& container = world.at(subject);
  BH_CHECK(container.kind == ir::SubjectKind::Container, "filters are of containers");
  if (container.default_denial.kind == ir::SyscallAction::Kind::Log) {
    return refuse("`log` as the default would let refused calls through", container.sentence);
  }
  auto access = obligation::access_query(world, subject, ir::Right::Invoke);
  if (!access.ok()) return refuse(access.error().reason, access.error().sentence.value_or(container.sentence));
  Planner planner{world, container, subject, flavour, std::move(access->formula), {}};
  for (const ir::SyscallDenial& denial : container.denials) {
    if (denial.action.kind == ir::SyscallAction::Kind::Log) {
      return refuse("`log` would let the refused call through", denial.sentence);
    }
    auto when = condition_of(world, subject, denial);
    if (!when.ok()) return fail(when.error());
    planner.denials.push_back({&denial, std::move(*when)});
  }

  auto rest = condition_for(planner.access, ir::kUnknownSyscall);
  if (!rest.ok() || !rest->never())
    return refuse("a filter cannot allow system calls without a name", container.sentence);
  Plan plan;
  plan.machine = machine;
  plan.unknown = planner.unknown();
  for (std::size_t i = 0; i < world.syscalls.size(); ++i) {
    const std::int32_t number = machine == Machine::X86_64 ? world.syscalls[i].x86_64 : world.syscalls[i].aarch64;
    if (number < 0) continue;
    auto call = planner.call(ir::SyscallId{i}, static_cast<std::uint32_t>(number));
    if (!call.ok()) return fail(call.error());
    plan.calls.push_back(std::move(*call));
  }
  std::sort(plan.calls.begin(), plan.calls.end(),
            [](const CallPlan& a, const CallPlan& b) { return a.number < b.number; });
  return plan;
}

std::uint16_t refusal_errno(const ir::World& world, ir::SubjectId subject, ir::SyscallId syscall) {
  const ir::Subject& container = world.at(subject);
  if (has_fallback(world.at(syscall).name)) return ENOSYS;
  for (const ir::SyscallDenial& denial : container.denials) {
    const bool names_it = std::find(denial.syscalls.begin(), denial.syscalls.end(), syscall) != denial.syscalls.end();
    if (names_it && !denial.when && denial.action.kind == ir::SyscallAction::Kind::Errno) return denial.action.value;
  }
  return container.default_denial.kind == ir::SyscallAction::Kind::Errno ? container.default_denial.value
                                                                         : static_cast<std::uint16_t>(EPERM);
}

}  // namespace bulkhead::emit::seccomp
