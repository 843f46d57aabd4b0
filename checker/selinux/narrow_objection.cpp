#include "checker/selinux/narrow_objection.h"

#include <algorithm>
#include <vector>

#include "checker/selinux/constraint.h"

namespace bulkhead::selinux {
namespace {

using Parts = std::vector<const Rule*>;

Permissions permissions_on(const Policy& policy, const Rule& rule, ClassId object_class) {
  Permissions sum = 0;
  for (const Access& access : policy.accesses_of(rule)) {
    if (access.object_class == object_class) sum |= access.permissions;
  }
  return sum;
}

bool same_accesses(const Policy& one, const Rule& rule, const Policy& other, const Rule& made) {
  const auto a = one.accesses_of(rule), b = other.accesses_of(made);
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Access& x, const Access& y) {
    return x.object_class == y.object_class && x.permissions == y.permissions;
  });
}

class Judge {
 public:
  Judge(const Policy& policy, const Narrowed& narrowed)
      : policy_(policy), made_(narrowed.policy), rows_(policy), made_rows_(narrowed.policy) {}

  std::optional<std::string> objection(const Rule& rule, const Parts& parts) const {
    if (is_untouched(rule, parts)) return std::nullopt;
    if (rule.kind != RuleKind::Allow) return "a rule that is no allow rule was changed";
    for (const Rule* part : parts) {
      if (std::optional<std::string> wrong = gives_more(rule, *part)) return wrong;
    }
    for (const Access& access : policy_.accesses_of(rule)) {
      for (std::size_t bit = 0; bit < kMaxPermissions; ++bit) {
        const Permissions one = access.permissions & (Permissions{1} << bit);
        if (one != 0 && !is_covered(rule, parts, access.object_class, one)) {
          return "a permission was taken away that no constraint denies";
        }
      }
    }
    return std::nullopt;
  }

 private:
  /// The types that `rule` gives something on to `source`.
  static SetRow targets(const SetRows& rows, const Rule& rule, std::size_t source) {
    SetRow row = rows.rows[rule.targets.index()];
    if (!has(rows.rows[rule.sources.index()], source)) std::fill(row.begin(), row.end(), 0);
    if (rule.self && has(rows.rows[rule.sources.index()], source)) {
      row[source >> 6u] |= std::uint64_t{1} << (source & 63u);
    }
    return row;
  }

  bool is_untouched(const Rule& rule, const Parts& parts) const {
    if (parts.size() != 1) return false;
    const Rule& one = *parts.front();
    return one.kind == rule.kind && one.self == rule.self && one.when == rule.when && one.sources == rule.sources &&
           one.targets == rule.targets && one.condition == rule.condition && one.extended == rule.extended &&
           same_accesses(policy_, rule, made_, one);
  }

  std::optional<std::string> gives_more(const Rule& rule, const Rule& part) const {
    if (part.kind != rule.kind || part.condition != rule.condition || part.when != rule.when) {
      return "a part of a rule is of another kind";
    }
    for (const Access& access : made_.accesses_of(part)) {
      if ((access.permissions & ~permissions_on(policy_, rule, access.object_class)) != 0) {
        return "a part of a rule has permissions that the rule has not";
      }
    }
    for (const std::uint32_t source : made_rows_.members[part.sources.index()]) {
      const SetRow given = targets(rows_, rule, source), made = targets(made_rows_, part, source);
      for (std::size_t i = 0; i < made.size(); ++i) {
        if ((made[i] & ~given[i]) != 0) return "a part of a rule gives what the rule does not";
      }
    }
    return std::nullopt;
  }

  bool is_covered(const Rule& rule, const Parts& parts, ClassId object_class, Permissions one) const {
    std::vector<const Constraint*> about;
    for (const Constraint& constraint : policy_.constraints) {
      if ((constrained(constraint, object_class) & one) != 0) about.push_back(&constraint);
    }
    for (const std::uint32_t source : rows_.members[rule.sources.index()]) {
      SetRow missing = targets(rows_, rule, source);
      for (const Rule* part : parts) {
        if ((permissions_on(made_, *part, object_class) & one) == 0) continue;
        const SetRow left = targets(made_rows_, *part, source);
        for (std::size_t i = 0; i < missing.size(); ++i) missing[i] &= ~left[i];
      }
      for (std::size_t target = 0; target < policy_.types.size(); ++target) {
        if (!has(missing, target)) continue;
        const bool denied = std::any_of(about.begin(), about.end(), [&](const Constraint* constraint) {
          return effect(rows_, *constraint, source, target) == Effect::Never;
        });
        if (!denied) return false;
      }
    }
    return true;
  }

  const Policy& policy_;
  const Policy& made_;
  SetRows rows_, made_rows_;
};

bool same_types(const Policy& a, const Policy& b) {
  return std::equal(a.types.begin(), a.types.end(), b.types.begin(), b.types.end(),
                    [](const Type& x, const Type& y) { return x.name == y.name && x.permissive == y.permissive; });
}

bool same_attributes(const Policy& a, const Policy& b) {
  return std::equal(a.attributes.begin(), a.attributes.end(), b.attributes.begin(), b.attributes.end(),
                    [](const Attribute& x, const Attribute& y) { return x.members == y.members; });
}

bool same_classes(const Policy& a, const Policy& b) {
  return std::equal(
      a.classes.begin(), a.classes.end(), b.classes.begin(), b.classes.end(),
      [](const ObjectClass& x, const ObjectClass& y) { return x.name == y.name && x.permissions == y.permissions; });
}

}  // namespace

std::optional<std::string> narrowing_objection(const Policy& policy, const Narrowed& narrowed) {
  const Policy& made = narrowed.policy;
  const bool same_sets =
      made.sets.size() >= policy.sets.size() && std::equal(policy.sets.begin(), policy.sets.end(), made.sets.begin());
  if (!same_types(policy, made) || !same_attributes(policy, made) || !same_classes(policy, made) || !same_sets) {
    return "types, classes or sets of the policy were changed";
  }
  if (narrowed.origins.size() != made.rules.size()) return "a rule was made of nothing";
  std::vector<Parts> parts(policy.rules.size());
  for (std::size_t i = 0; i < made.rules.size(); ++i) {
    const RuleId origin = narrowed.origins[i];
    if (!origin.valid() || origin.index() >= parts.size()) return "a rule was made of nothing";
    parts[origin.index()].push_back(&made.rules[i]);
  }
  const Judge judge(policy, narrowed);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (auto wrong = judge.objection(policy.rules[i], parts[i])) return wrong;
  }
  return std::nullopt;
}

}  // namespace bulkhead::selinux
