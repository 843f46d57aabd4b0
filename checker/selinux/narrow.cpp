#include "checker/selinux/narrow.h"

#include <algorithm>
#include <map>
#include <optional>

#include "checker/selinux/constraint.h"

namespace bulkhead::selinux {
namespace {

constexpr std::size_t kMaxParts = 4096;                         // of one rule
constexpr std::size_t kMaxSetBitsAdded = std::size_t{1} << 30;  // of all sets that are made

/// Which of Kleene's values a term can have over all pairs of types: one bit for each.
using Possible = unsigned;

constexpr Possible bit(Effect value) {
  return 1u << static_cast<unsigned>(value);
}

template <typename Operation>
Possible combined(Possible left, Possible right, Operation operation) {
  Possible result = 0;
  for (const Effect a : {Effect::Never, Effect::Open, Effect::Always}) {
    for (const Effect b : {Effect::Never, Effect::Open, Effect::Always}) {
      if ((left & bit(a)) != 0 && (right & bit(b)) != 0) result |= bit(operation(a, b));
    }
  }
  return result;
}

/// False: the constraint is false for no pair, whatever its sets are. Most are so: what they compare is levels first.
bool may_deny(const Constraint& constraint) {
  std::vector<Possible> stack;
  for (const ConstraintTerm& term : constraint.expression) {
    const Possible last = stack.empty() ? 0 : stack.back();
    const auto join = [&](auto operation) {
      stack.pop_back();
      stack.back() = combined(stack.back(), last, operation);
    };
    switch (term.operation) {
      case ConstraintOperation::Not:
        stack.back() = (last & bit(Effect::Open)) | ((last & bit(Effect::Never)) != 0 ? bit(Effect::Always) : 0) |
                       ((last & bit(Effect::Always)) != 0 ? bit(Effect::Never) : 0);
        break;
      case ConstraintOperation::And:
        join([](Effect a, Effect b) { return std::min(a, b); });
        break;
      case ConstraintOperation::Or:
        join([](Effect a, Effect b) { return std::max(a, b); });
        break;
      case ConstraintOperation::FirstIn:
      case ConstraintOperation::SecondIn:
      case ConstraintOperation::SameType:
        stack.push_back(bit(Effect::Never) | bit(Effect::Always));
        break;
      case ConstraintOperation::Open:
        stack.push_back(bit(Effect::Open));
        break;
    }
  }
  return !stack.empty() && (stack.back() & bit(Effect::Never)) != 0;
}

/// What a constraint denies, by classes of types that its expression cannot tell apart: evaluated once for each pair of
/// classes, on two of their types.
class Denial {
 public:
  /// None: it denies nothing to any pair.
  static std::optional<Denial> of(const Policy& policy, const SetRows& rows, const std::vector<Bitset>& sets,
                                  const Constraint& constraint) {
    Denial made;
    made.constraint_ = &constraint;
    made.find_classes(policy, sets);
    return made.evaluate(rows) ? std::optional(std::move(made)) : std::nullopt;
  }

  const Constraint& constraint() const { return *constraint_; }
  std::size_t class_of(std::size_t type) const { return class_of_[type]; }
  /// The targets other than itself that a source of this class is denied.
  const Bitset& denied(std::size_t source_class) const { return denied_[source_class]; }
  bool denies_itself(std::size_t source_class) const { return denies_itself_[source_class]; }

 private:
  void find_classes(const Policy& policy, const std::vector<Bitset>& sets) {
    std::map<std::vector<bool>, std::size_t> classes;
    for (std::size_t type = 0; type < policy.types.size(); ++type) {
      std::vector<bool> memberships;
      for (const ConstraintTerm& term : constraint_->expression) {
        if (term.types.valid()) memberships.push_back(sets[term.types.index()].test(type));
      }
      const auto [found, is_new] = classes.emplace(std::move(memberships), members_.size());
      if (is_new) members_.emplace_back(policy.types.size());
      members_[found->second].set(type);
      class_of_.push_back(found->second);
    }
  }

  bool evaluate(const SetRows& rows) {
    bool any = false;
    for (const Bitset& sources : members_) {
      Bitset& denied = denied_.emplace_back(sources.size());
      const std::size_t source = sources.first();
      for (const Bitset& targets : members_) {
        std::size_t target = targets.first();
        if (target == source) {  // another one of the class; where there is none, nothing is asked
          Bitset others = targets;
          others.reset(source);
          target = others.first();
        }
        if (target == targets.size() || effect(rows, *constraint_, source, target) != Effect::Never) continue;
        denied |= targets;
      }
      denies_itself_.push_back(effect(rows, *constraint_, source, source) == Effect::Never);
      any = any || !denied.empty() || denies_itself_.back();
    }
    return any;
  }

  const Constraint* constraint_ = nullptr;
  std::vector<Bitset> members_;  // by class
  std::vector<std::size_t> class_of_;
  std::vector<Bitset> denied_;
  std::vector<bool> denies_itself_;
};

/// sources x targets, and with `self` each source on itself.
struct Part {
  Bitset sources, targets;
  bool self = false;
};

using Denials = std::vector<const Denial*>;

class Narrowing {
 public:
  explicit Narrowing(const Policy& policy)
      : policy_(policy), sets_(expand_sets(policy)), rows_(SetRows::of_constraints(policy)) {
    for (const Constraint& constraint : policy.constraints) {
      if (!may_deny(constraint)) continue;
      if (auto denial = Denial::of(policy, rows_, sets_, constraint)) denials_.push_back(std::move(*denial));
    }
  }

  std::optional<Narrowed> run() {
    if (denials_.empty()) return std::nullopt;
    Narrowed made{policy_, {}};
    made.policy.rules.clear();
    for (std::size_t i = 0; i < policy_.rules.size(); ++i) {
      if (policy_.rules[i].kind != RuleKind::Allow || !split(policy_.rules[i], made.policy)) {
        made.policy.rules.push_back(policy_.rules[i]);
      }
      made.origins.resize(made.policy.rules.size(), RuleId(i));
    }
    return made;
  }

 private:
  /// False: the rule stays as it is.
  bool split(const Rule& rule, Policy& into) {
    // Permissions that the same constraints are about stay together.
    std::map<Denials, std::vector<Access>> groups;
    for (const Access& access : policy_.accesses_of(rule)) {
      std::map<Denials, Permissions> of_class;
      for (std::size_t bit = 0; bit < kMaxPermissions; ++bit) {
        const Permissions one = access.permissions & (Permissions{1} << bit);
        if (one == 0) continue;
        Denials denials;
        for (const Denial& denial : denials_) {
          if ((constrained(denial.constraint(), access.object_class) & one) != 0) denials.push_back(&denial);
        }
        of_class[denials] |= one;
      }
      for (const auto& [denials, permissions] : of_class) {
        groups[denials].push_back({access.object_class, permissions});
      }
    }
    if (groups.empty() || (groups.size() == 1 && groups.begin()->first.empty())) return false;
    std::vector<std::pair<Part, const std::vector<Access>*>> all;
    bool takes = false;
    for (const auto& [denials, accesses] : groups) {
      for (Part& part : left_by(rule, denials, takes)) all.emplace_back(std::move(part), &accesses);
    }
    if (!takes) return false;
    const std::size_t bits = 2 * all.size() * policy_.types.size();
    if (all.size() > kMaxParts || bits > kMaxSetBitsAdded - added_bits_) return false;
    added_bits_ += bits;
    for (const auto& [part, accesses] : all) add(rule, part, *accesses, into);
    return true;
  }

  /// What the rule gives less what is denied, which is something where `takes` is set.
  std::vector<Part> left_by(const Rule& rule, const Denials& denials, bool& takes) const {
    if (denials.empty()) return {{sets_[rule.sources.index()], sets_[rule.targets.index()], rule.self}};
    std::map<std::vector<std::size_t>, Bitset> sources;  // that no constraint tells apart
    sets_[rule.sources.index()].for_each([&](std::size_t source) {
      std::vector<std::size_t> classes;
      for (const Denial* denial : denials) classes.push_back(denial->class_of(source));
      sources.try_emplace(std::move(classes), policy_.types.size()).first->second.set(source);
    });
    std::vector<Part> parts;
    for (const auto& [classes, group] : sources) {
      Bitset targets = sets_[rule.targets.index()];
      const Bitset gives_itself = rule.self ? group : group & targets;
      bool denies_itself = false;
      for (std::size_t i = 0; i < denials.size(); ++i) {
        targets -= denials[i]->denied(classes[i]);
        denies_itself = denies_itself || denials[i]->denies_itself(classes[i]);
      }
      takes = takes || denies_itself || targets != sets_[rule.targets.index()];
      add_parts(group, targets, gives_itself, denies_itself, parts);
    }
    return parts;
  }

  /// `targets` are right for every source but itself.
  static void add_parts(const Bitset& group, const Bitset& targets, const Bitset& gives_itself, bool denies_itself,
                        std::vector<Part>& parts) {
    const auto add = [&](Bitset sources, Bitset of_these, bool self) {
      if (!sources.empty() && (self || !of_these.empty())) {
        parts.push_back({std::move(sources), std::move(of_these), self});
      }
    };
    if (!denies_itself) {
      add(gives_itself, targets, true);
      add(group - gives_itself, targets, false);
      return;
    }
    const Bitset among = group & targets;  // each gets all of them but itself
    add(group - among, targets, false);
    among.for_each([&](std::size_t source) {
      Bitset sources(targets.size()), others = targets;
      sources.set(source);
      others.reset(source);
      add(std::move(sources), std::move(others), false);
    });
  }

  void add(const Rule& rule, const Part& part, const std::vector<Access>& accesses, Policy& into) {
    Rule made = rule;
    made.sources = keep(part.sources, into);
    made.targets = keep(part.targets, into);
    made.self = part.self;
    made.first_access = static_cast<std::uint32_t>(into.accesses.size());
    made.access_count = static_cast<std::uint32_t>(accesses.size());
    into.accesses.insert(into.accesses.end(), accesses.begin(), accesses.end());
    into.rules.push_back(made);
  }

  SetId keep(const Bitset& types, Policy& into) {
    TypeSet set;
    std::vector<std::uint32_t> key;
    types.for_each([&](std::size_t type) {
      key.push_back(static_cast<std::uint32_t>(type));
      set.words.push_back({static_cast<std::uint32_t>(type), false, false});
    });
    const auto [entry, is_new] = kept_.emplace(std::move(key), SetId(into.sets.size()));
    if (is_new) into.sets.push_back(std::move(set));
    return entry->second;
  }

  const Policy& policy_;
  std::vector<Bitset> sets_;
  SetRows rows_;
  std::vector<Denial> denials_;
  std::map<std::vector<std::uint32_t>, SetId> kept_;
  std::size_t added_bits_ = 0;
};

}  // namespace

std::optional<Narrowed> narrowed(const Policy& policy) {
  if (std::none_of(policy.constraints.begin(), policy.constraints.end(), may_deny)) return std::nullopt;
  return Narrowing(policy).run();
}

}  // namespace bulkhead::selinux
