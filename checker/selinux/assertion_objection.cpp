#include "checker/selinux/assertion_objection.h"

#include <algorithm>

namespace bulkhead::selinux {
namespace {

bool share_a_command(const Extended& a, const Extended& b) {
  return std::any_of(a.ranges.begin(), a.ranges.end(), [&](const auto& one) {
    return std::any_of(b.ranges.begin(), b.ranges.end(),
                       [&](const auto& other) { return one.first <= other.second && one.second >= other.first; });
  });
}

Permissions permissions_on(const Policy& policy, const Rule& rule, ClassId object_class) {
  Permissions sum = 0;
  for (const Access& access : policy.accesses_of(rule)) {
    if (access.object_class == object_class) sum |= access.permissions;
  }
  return sum;
}

}  // namespace

AssertionJudge::AssertionJudge(const Policy& policy)
    : policy_(policy), sets_(policy), allows_(policy.classes.size()), extended_(policy.classes.size()) {
  for (std::uint32_t i = 0; i < policy.rules.size(); ++i) {
    const Rule& rule = policy.rules[i];
    for (const Access& access : policy.accesses_of(rule)) {
      const std::size_t named = access.object_class.index();
      if (rule.kind == RuleKind::Allow) allows_[named].push_back(i);
      if (rule.kind == RuleKind::AllowExtended) extended_[named].push_back(i);
    }
  }
}

std::optional<std::string> AssertionJudge::objection(const AssertionVerdict& verdict) const {
  if (!verdict.assertion.valid() || verdict.assertion.index() >= policy_.rules.size()) return "there is no such rule";
  const Rule& assertion = policy_.rule(verdict.assertion);
  if (assertion.kind != RuleKind::NeverAllow && assertion.kind != RuleKind::NeverAllowExtended) {
    return "the rule is no assertion";
  }
  if (const Kept* kept = std::get_if<Kept>(&verdict.evidence)) return objection(assertion, *kept);
  const Crossed& crossed = std::get<Crossed>(verdict.evidence);
  if (crossed.crossings.empty()) return "no rule is named that crosses the assertion";
  for (const Crossing& crossing : crossed.crossings) {
    if (std::optional<std::string> wrong = objection(assertion, crossing)) return wrong;
  }
  return std::nullopt;
}

std::vector<RuleId> AssertionJudge::sharing(const Rule& assertion) const {
  std::vector<RuleId> found;
  for (const Access& denied : policy_.accesses_of(assertion)) {
    for (const std::uint32_t number : allows_[denied.object_class.index()]) {
      const Permissions given = permissions_on(policy_, policy_.rules[number], denied.object_class);
      if ((given & denied.permissions) != 0) found.emplace_back(number);
    }
  }
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

std::optional<std::string> AssertionJudge::objection(const Rule& assertion, const Kept& kept) const {
  for (const RuleId rule : sharing(assertion)) {
    const auto reason = std::lower_bound(kept.separations.begin(), kept.separations.end(), rule,
                                         [](const Separation& a, RuleId b) { return a.rule < b; });
    if (reason == kept.separations.end() || reason->rule != rule) {
      return "rule " + std::to_string(rule.index()) + " is not shown to be apart from the assertion";
    }
    if (!is_apart(assertion, policy_.rule(rule), reason->why)) {
      return "rule " + std::to_string(rule.index()) + " is not apart from the assertion for the reason given";
    }
  }
  const bool about_nothing = sets_.members[assertion.sources.index()].empty() ||
                             (sets_.members[assertion.targets.index()].empty() && !assertion.self);
  if (kept.about_nothing != about_nothing) return "whether the assertion is about any type is told wrongly";
  return std::nullopt;
}

bool AssertionJudge::gives(const Rule& rule, std::size_t source, std::size_t target) const {
  if (!has(sets_.rows[rule.sources.index()], source)) return false;
  return has(sets_.rows[rule.targets.index()], target) || (rule.self && source == target);
}

bool AssertionJudge::is_apart(const Rule& assertion, const Rule& rule, Apart why) const {
  if (disjoint(sets_.rows[assertion.sources.index()], sets_.rows[rule.sources.index()])) return true;
  if (why == Apart::Sources) return false;
  const bool no_target_of_both = disjoint(sets_.rows[assertion.targets.index()], sets_.rows[rule.targets.index()]);
  if (no_target_of_both && !assertion.self && !rule.self) return true;
  for (const std::uint32_t source : sets_.members[rule.sources.index()]) {
    if (!has(sets_.rows[assertion.sources.index()], source)) continue;
    // Itself, which `self` gives, and every target of the rule that the assertion has too.
    const auto is_fine = [&](std::uint32_t target) {
      if (!gives(rule, source, target) || !gives(assertion, source, target)) return true;
      return why == Apart::Extended && has_harmless_commands(assertion, rule, source, target);
    };
    if (!is_fine(source)) return false;
    if (no_target_of_both && !assertion.self) continue;
    const std::vector<std::uint32_t>& targets = sets_.members[rule.targets.index()];
    if (!std::all_of(targets.begin(), targets.end(), is_fine)) return false;
  }
  return true;
}

bool AssertionJudge::has_harmless_commands(const Rule& assertion, const Rule& rule, std::size_t source,
                                           std::size_t target) const {
  if (assertion.kind != RuleKind::NeverAllowExtended) return false;
  for (const Access& denied : policy_.accesses_of(assertion)) {
    const Permissions both = denied.permissions & permissions_on(policy_, rule, denied.object_class);
    if (both != 0 && denies_command(assertion, source, target, denied.object_class)) return false;
  }
  return true;
}

bool AssertionJudge::denies_command(const Rule& assertion, std::size_t source, std::size_t target,
                                    ClassId object_class) const {
  bool is_limited = false;
  for (const std::uint32_t number : extended_[object_class.index()]) {
    const Rule& rule = policy_.rules[number];
    if (!gives(rule, source, target)) continue;
    is_limited = true;
    if (share_a_command(policy_.extended[rule.extended.index()], policy_.extended[assertion.extended.index()]))
      return true;
  }
  return !is_limited;
}

std::optional<std::string> AssertionJudge::objection(const Rule& assertion, const Crossing& crossing) const {
  const bool names_a_rule = crossing.rule.valid() && crossing.rule.index() < policy_.rules.size() &&
                            policy_.rule(crossing.rule).kind == RuleKind::Allow;
  if (!names_a_rule) return "what crosses the assertion is no allow rule";
  const Rule& rule = policy_.rule(crossing.rule);
  const bool names_types = crossing.source.valid() && crossing.source.index() < policy_.types.size() &&
                           crossing.target.valid() && crossing.target.index() < policy_.types.size();
  const bool names_a_class = crossing.object_class.valid() && crossing.object_class.index() < policy_.classes.size();
  if (!names_types || !names_a_class || crossing.permissions == 0) return "the crossing names nothing";
  const std::size_t source = crossing.source.index(), target = crossing.target.index();
  const Permissions given = permissions_on(policy_, rule, crossing.object_class);
  const Permissions denied = permissions_on(policy_, assertion, crossing.object_class);
  if (!gives(rule, source, target) || (crossing.permissions & ~given) != 0) return "the rule does not give this";
  if (!gives(assertion, source, target) || (crossing.permissions & ~denied) != 0)
    return "the assertion does not deny this";
  if (assertion.kind == RuleKind::NeverAllowExtended &&
      !denies_command(assertion, source, target, crossing.object_class)) {
    return "no command of the assertion is given";
  }
  return std::nullopt;
}

}  // namespace bulkhead::selinux
