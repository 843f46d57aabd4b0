#include "runtime-bridge/decode/seccomp/policy_answers.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <vector>

#include "checker/obligation/obligation.h"

namespace bulkhead::decode::seccomp {
namespace {

using obligation::Formula;
using obligation::NodeKind;
using obligation::TermKind;
using Wide = Bits<64>;

/// A formula about one system call, as a condition on the argument bits.
class Reading {
 public:
  Reading(const Formula& formula, ir::SyscallId syscall, Diagrams& diagrams)
      : formula_(formula), syscall_(syscall), diagrams_(diagrams) {}

  /// Nothing where the condition depends on the context.
  std::optional<Ref> run() {
    for (const obligation::Term& term : formula_.terms) terms_.push_back(read(term));
    for (const obligation::Node& node : formula_.nodes) nodes_.push_back(read(node));
    return nodes_.at(formula_.root.index());
  }

 private:
  std::optional<Wide> read(const obligation::Term& term) {
    Wide wide{};
    switch (term.kind) {
      case TermKind::Constant:
        for (unsigned i = 0; i < 64; ++i) wide[i] = ((term.value >> i) & 1) != 0 ? diagrams_.yes() : diagrams_.no();
        return wide;
      case TermKind::Field:
        if (term.field < ir::ObjectField::Argument0) return std::nullopt;
        return diagrams_.argument(static_cast<unsigned>(term.field) -
                                  static_cast<unsigned>(ir::ObjectField::Argument0));
      case TermKind::Context:
        return std::nullopt;
      case TermKind::BitAnd: {
        const auto& left = terms_.at(term.left.index());
        const auto& right = terms_.at(term.right.index());
        if (!left || !right) return std::nullopt;
        for (unsigned i = 0; i < 64; ++i) wide[i] = diagrams_.both((*left)[i], (*right)[i]);
        return wide;
      }
    }
    return std::nullopt;
  }

  Ref equal(const Wide& a, const Wide& b) {
    Ref result = diagrams_.yes();
    for (unsigned i = 64; i-- > 0;)
      result = diagrams_.both(diagrams_.choose(a[i], b[i], diagrams_.negate(b[i])), result);
    return result;
  }
  Ref less(const Wide& a, const Wide& b) {
    Ref result = diagrams_.no();
    for (unsigned i = 0; i < 64; ++i) {
      result = diagrams_.choose(a[i], diagrams_.both(b[i], result), diagrams_.either(b[i], result));
    }
    return result;
  }

  std::optional<Ref> compare(const obligation::Node& node) {
    const auto& left = terms_.at(node.left.index());
    const auto& right = terms_.at(node.right.index());
    if (!left || !right) return std::nullopt;
    // As signed numbers they compare like unsigned ones whose sign bits are swapped.
    Wide signed_left = *left, signed_right = *right;
    std::swap(signed_left[63], signed_right[63]);
    switch (node.comparison) {
      case obligation::Comparison::Equal:
        return equal(*left, *right);
      case obligation::Comparison::UnsignedLess:
        return less(*left, *right);
      case obligation::Comparison::UnsignedLessEqual:
        return diagrams_.negate(less(*right, *left));
      case obligation::Comparison::SignedLess:
        return less(signed_left, signed_right);
      case obligation::Comparison::SignedLessEqual:
        return diagrams_.negate(less(signed_right, signed_left));
    }
    return std::nullopt;
  }

  std::optional<Ref> junction(const obligation::Node& node, bool all) {
    Ref result = all ? diagrams_.yes() : diagrams_.no();
    bool unread = false;
    for (const obligation::NodeId id : node.children) {
      const auto& child = nodes_.at(id.index());
      if (!child)
        unread = true;
      else
        result = all ? diagrams_.both(result, *child) : diagrams_.either(result, *child);
    }
    // What decides alone decides whatever the unread parts say: most of a formula is about other calls.
    const bool decided = result == (all ? diagrams_.no() : diagrams_.yes());
    if (unread && !decided) return std::nullopt;
    return result;
  }

  std::optional<Ref> read(const obligation::Node& node) {
    switch (node.kind) {
      case NodeKind::True:
        return diagrams_.yes();
      case NodeKind::False:
        return diagrams_.no();
      case NodeKind::And:
        return junction(node, true);
      case NodeKind::Or:
        return junction(node, false);
      case NodeKind::Not: {
        const auto& child = nodes_.at(node.children.at(0).index());
        return child ? std::optional<Ref>(diagrams_.negate(*child)) : std::nullopt;
      }
      case NodeKind::Member: {
        const auto& calls = formula_.at(node.pattern).syscalls;
        return std::find(calls.begin(), calls.end(), syscall_) != calls.end() ? diagrams_.yes() : diagrams_.no();
      }
      case NodeKind::Compare:
        return compare(node);
      case NodeKind::Has:
      case NodeKind::ContextBool:
      case NodeKind::NoContext:
      case NodeKind::Variable:
        return std::nullopt;
    }
    return std::nullopt;
  }

  const Formula& formula_;
  ir::SyscallId syscall_;
  Diagrams& diagrams_;
  std::vector<std::optional<Wide>> terms_;
  std::vector<std::optional<Ref>> nodes_;
};

/// What an action of the policy is to the kernel. The emitter says it too, on purpose: its word is what is checked
/// here.
std::uint32_t value_of(const ir::SyscallAction& action) {
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

struct Specification {
  const ir::World& world;
  ir::SubjectId subject;
  Flavour flavour;
  Diagrams& diagrams;
  Formula access;
  std::vector<Formula> denials;  // where each applies
  bool unreadable = false;

  Ref condition(const Formula& formula, ir::SyscallId id) {
    const auto read = Reading(formula, id, diagrams).run();
    if (!read) unreadable = true;
    return read.value_or(diagrams.no());
  }

  Ref refusal(const ir::SyscallAction& action, bool mediated) {
    const bool notify = flavour == Flavour::Listened && !mediated && action.kind == ir::SyscallAction::Kind::Errno;
    const bool unheard = flavour == Flavour::Contained && action.kind == ir::SyscallAction::Kind::Notify;
    if (unheard) return diagrams.value(bpf::kErrno | EPERM);
    return diagrams.value(notify ? bpf::kNotify : value_of(action));
  }

  /// To numbers without a name.
  Ref unknown() {
    const ir::SyscallAction& action = world.at(subject).default_denial;
    const bool plain = flavour == Flavour::Contained && action.kind == ir::SyscallAction::Kind::Errno;
    return plain ? diagrams.value(bpf::kErrno | ENOSYS) : refusal(action, false);
  }

  /// To an allowed call.
  Ref permission(const std::string& name) {
    if (flavour == Flavour::Listened && table::mediation_of(name).has_value()) return diagrams.value(bpf::kNotify);
    const bool exec = name == "execve" || name == "execveat";
    const bool none = flavour == Flavour::Contained && exec && !may_execute(world, subject);
    return diagrams.value(none ? bpf::kErrno | EACCES : bpf::kAllow);
  }

  Ref answer(ir::SyscallId id, Ref permitted) {
    const std::string& name = world.at(id).name;
    const bool never = permitted == diagrams.no();
    const bool listened = flavour == Flavour::Listened;
    if (flavour != Flavour::Standalone && never && (name == "clone3" || name == "openat2" || name == "faccessat2")) {
      return diagrams.value(bpf::kErrno | ENOSYS);
    }
    const bool mediated = listened && !never && table::mediation_of(name).has_value();
    Ref refused = refusal(world.at(subject).default_denial, mediated);
    for (std::size_t i = denials.size(); i-- > 0;) {
      refused =
          diagrams.choose(condition(denials[i], id), refusal(world.at(subject).denials[i].action, mediated), refused);
    }
    return diagrams.choose(permitted, permission(name), refused);
  }
};

/// Where `denial` applies: the access relation of a world that has no other rule about calls than a permit of what it
/// names.
Result<Formula, std::string> applies(const ir::World& world, ir::SubjectId subject, const ir::SyscallDenial& denial) {
  ir::World alone = world;
  // Conditions may ask which kernel capabilities are held, so those rules stay.
  std::erase_if(alone.rules, [](const ir::Rule& rule) { return rule.plane != ir::Plane::KernelCapability; });
  ir::Rule rule;
  rule.subject = subject;
  rule.rights = ir::Right::Invoke;
  rule.plane = ir::Plane::Syscall;
  rule.objects.syscalls = denial.syscalls;
  rule.when = denial.when;
  alone.rules.push_back(rule);
  auto query = obligation::access_query(alone, subject, ir::Right::Invoke);
  if (!query.ok()) return fail(query.error().reason);
  return std::move(*query).formula;
}

std::string name_of(const bpf::Call& call, const ir::World& world, Machine machine) {
  std::string name = "a number without a name";
  for (const ir::Syscall& syscall : world.syscalls) {
    const std::int32_t number = machine == Machine::X86_64 ? syscall.x86_64 : syscall.aarch64;
    if (number >= 0 && static_cast<std::uint32_t>(number) == call.number) name = "`" + syscall.name + "`";
  }
  char place[64];
  std::snprintf(place, sizeof place, " (%u, architecture 0x%x)", call.number, call.arch);
  return name + place;
}

std::string arguments_of(const bpf::Call& call) {
  std::string text = "; arguments";
  for (const std::uint64_t argument : call.arguments) {
    char word[24];
    std::snprintf(word, sizeof word, " 0x%llx", static_cast<unsigned long long>(argument));
    text += word;
  }
  return text;
}

}  // namespace

/// Some rule lets the subject execute some file. The emitter says this too, on purpose.
bool may_execute(const ir::World& world, ir::SubjectId subject) {
  for (const ir::Rule& rule : world.rules) {
    const bool own = !rule.subject || *rule.subject == subject;
    if (own && rule.effect == ir::Effect::Permit && rule.plane == ir::Plane::File &&
        rule.rights.has(ir::Right::Execute)) {
      return true;
    }
  }
  return false;
}

Result<PolicyAnswers, std::string> policy_answers(const ir::World& world, ir::SubjectId subject, Machine machine,
                                                  Flavour flavour, Diagrams& diagrams) {
  auto access = obligation::access_query(world, subject, ir::Right::Invoke);
  if (!access.ok()) return fail(access.error().reason);
  Specification spec{world, subject, flavour, diagrams, std::move(*access).formula, {}, false};
  for (const ir::SyscallDenial& denial : world.at(subject).denials) {
    auto when = applies(world, subject, denial);
    if (!when.ok()) return fail(when.error());
    spec.denials.push_back(std::move(*when));
  }

  const Bits<32> number = diagrams.word(bpf::kNumberOffset);
  PolicyAnswers answers;
  answers.permitted = diagrams.no();
  answers.expected = spec.unknown();
  if (spec.condition(spec.access, ir::kUnknownSyscall) != diagrams.no()) {
    return fail(std::string("the policy allows system calls that it does not name"));
  }
  for (std::size_t i = 0; i < world.syscalls.size(); ++i) {
    const std::int32_t own = machine == Machine::X86_64 ? world.syscalls[i].x86_64 : world.syscalls[i].aarch64;
    if (own < 0) continue;
    const Ref permitted = spec.condition(spec.access, ir::SyscallId{i});
    const Ref here = diagrams.equal(number, static_cast<std::uint32_t>(own));
    answers.permitted = diagrams.choose(here, permitted, answers.permitted);
    answers.expected = diagrams.choose(here, spec.answer(ir::SyscallId{i}, permitted), answers.expected);
  }
  if (spec.unreadable) return fail(std::string("a condition depends on the context, which no filter sees"));

  const bool x86 = machine == Machine::X86_64;
  const Ref native = diagrams.equal(diagrams.word(bpf::kArchOffset), x86 ? bpf::kArchX86_64 : bpf::kArchAarch64);
  const Ref x32 =
      diagrams.negate(diagrams.either(diagrams.less(number, bpf::kX32Bit), diagrams.equal(number, 0xFFFFFFFF)));
  const Ref killed = diagrams.value(bpf::kKillProcess);
  if (x86) {
    answers.expected = diagrams.choose(x32, killed, answers.expected);
    answers.permitted = diagrams.choose(x32, diagrams.no(), answers.permitted);
  }
  answers.expected = diagrams.choose(native, answers.expected, killed);
  answers.permitted = diagrams.both(native, answers.permitted);
  if (diagrams.exhausted()) return fail(std::string("the policy's conditions need too many states"));
  return answers;
}

Comparison compare(Ref filter, const PolicyAnswers& policy, Diagrams& diagrams) {
  Comparison comparison;
  // ALLOW and LOG execute the call; TRACE and USER_NOTIF leave it to a process that this policy says nothing of, which
  // may let it through, so they may stand only where the policy itself asks for a notification.
  const Ref executed = diagrams.where_action(filter, {bpf::kAllow, bpf::kLog, bpf::kTrace});
  const Ref handed = diagrams.both(diagrams.where_action(filter, {bpf::kNotify}),
                                   diagrams.negate(diagrams.where_action(policy.expected, {bpf::kNotify})));
  const Ref against = diagrams.both(diagrams.either(executed, handed), diagrams.negate(policy.permitted));
  comparison.equal = filter == policy.expected && against == diagrams.no() && !diagrams.exhausted();
  comparison.allows_more = against != diagrams.no();
  const Ref different = diagrams.difference(filter, policy.expected);
  const Ref otherwise = diagrams.both(different, diagrams.negate(policy.permitted));
  comparison.only_refuses_more = !comparison.equal && !comparison.allows_more && otherwise == diagrams.no();
  const Ref worst = comparison.allows_more ? against : comparison.only_refuses_more ? different : otherwise;
  if (const auto example = diagrams.example(worst)) comparison.example = *example;
  comparison.answered = diagrams.evaluate(filter, comparison.example);
  comparison.expected = diagrams.evaluate(policy.expected, comparison.example);
  return comparison;
}

Ref execution_unseen(Ref filter, Machine machine, Diagrams& diagrams) {
  const bool x86 = machine == Machine::X86_64;
  const Bits<32> number = diagrams.word(bpf::kNumberOffset);
  const Ref execve = diagrams.equal(number, x86 ? 59U : 221U), execveat = diagrams.equal(number, x86 ? 322U : 281U);
  const Ref native = diagrams.equal(diagrams.word(bpf::kArchOffset), x86 ? bpf::kArchX86_64 : bpf::kArchAarch64);
  const Ref executed = diagrams.where_action(filter, {bpf::kAllow, bpf::kLog, bpf::kTrace});
  return diagrams.both(diagrams.both(diagrams.either(execve, execveat), native), executed);
}

Ref exec_gain(Machine machine, Diagrams& diagrams) {
  constexpr std::uint64_t kWriteExecute = 0x6, kExecute = 0x4;  // PROT_WRITE | PROT_EXEC, PROT_EXEC
  constexpr std::uint64_t kSharedExecute = 0x8000;              // SHM_EXEC
  constexpr std::uint64_t kReadImpliesExecute = 0x400000;       // of a personality; the kernel reads the lower half
  constexpr std::uint64_t kAskPersonality = 0xffffffff;
  const bool x86 = machine == Machine::X86_64;
  const auto call = [&](std::uint32_t on_x86, std::uint32_t on_arm) {
    return diagrams.equal(diagrams.word(bpf::kNumberOffset), x86 ? on_x86 : on_arm);
  };
  const auto has_bit = [&](unsigned argument, std::uint64_t bit) {
    return diagrams.negate(diagrams.equal(diagrams.masked(diagrams.argument(argument), bit), 0));
  };
  const Ref mapped =
      diagrams.both(call(9, 222), diagrams.equal(diagrams.masked(diagrams.argument(2), kWriteExecute), kWriteExecute));
  const Ref protect = diagrams.either(call(10, 226), call(329, 288));  // mprotect, pkey_mprotect
  const Ref attached = diagrams.both(call(30, 196), has_bit(2, kSharedExecute));
  const Ref asked = diagrams.equal(diagrams.masked(diagrams.argument(0), kAskPersonality), kAskPersonality);
  const Ref persona =
      diagrams.both(diagrams.both(call(135, 92), has_bit(0, kReadImpliesExecute)), diagrams.negate(asked));
  const Ref any = diagrams.either(diagrams.either(mapped, diagrams.both(protect, has_bit(2, kExecute))),
                                  diagrams.either(attached, persona));
  return diagrams.both(any,
                       diagrams.equal(diagrams.word(bpf::kArchOffset), x86 ? bpf::kArchX86_64 : bpf::kArchAarch64));
}

std::string describe(const bpf::Call& call, const ir::World& world, Machine machine) {
  return name_of(call, world, machine) + arguments_of(call);
}

std::string describe(const Comparison& comparison, const ir::World& world, Machine machine) {
  if (comparison.equal) return "the filter answers every call as the policy says";
  return name_of(comparison.example, world, machine) + ": the filter answers " + bpf::describe(comparison.answered) +
         ", the policy " + bpf::describe(comparison.expected) + arguments_of(comparison.example);
}

}  // namespace bulkhead::decode::seccomp
