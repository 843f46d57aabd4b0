#include "checker/selinux/assertion.h"

#include <algorithm>
#include <optional>

#include "lang/base/parallel.h"

namespace bulkhead::selinux {
namespace {

bool overlap(const Extended& a, const Extended& b) {
  for (const auto& [first, last] : a.ranges) {
    for (const auto& [other_first, other_last] : b.ranges) {
      if (first <= other_last && other_first <= last) return true;
    }
  }
  return false;
}

/// Sets of the policy as rows of bits, and the rules that give something, by class.
class Search {
 public:
  explicit Search(const Policy& policy)
      : policy_(policy), sets_(expand_sets(policy)), allows_(policy.classes.size()), extended_(policy.classes.size()) {
    for (std::size_t i = 0; i < policy.rules.size(); ++i) {
      const Rule& rule = policy.rules[i];
      if (rule.kind != RuleKind::Allow && rule.kind != RuleKind::AllowExtended) continue;
      auto& by_class = rule.kind == RuleKind::Allow ? allows_ : extended_;
      for (const Access& access : policy.accesses_of(rule)) {
        by_class[access.object_class.index()].push_back({RuleId(i), access.permissions});
      }
    }
  }

  AssertionVerdict decide(RuleId id) const {
    const Rule& assertion = policy_.rule(id);
    Kept kept;
    kept.about_nothing = set(assertion.sources).empty() || (set(assertion.targets).empty() && !assertion.self);
    Crossed crossed;
    for (const Access& denied : policy_.accesses_of(assertion)) {
      for (const Given& given : allows_[denied.object_class.index()]) {
        const Permissions both = denied.permissions & given.permissions;
        if (both == 0) continue;
        const Comparison found = compare(assertion, policy_.rule(given.rule), denied.object_class);
        if (!found.meeting) {
          kept.separations.push_back({given.rule, found.why});
          continue;
        }
        crossed.crossings.push_back(
            {given.rule, found.meeting->source, found.meeting->target, denied.object_class, both});
      }
    }
    if (crossed.crossings.empty()) return {id, in_order(std::move(kept))};
    return {id, in_order(std::move(crossed))};
  }

 private:
  struct Given {
    RuleId rule;
    Permissions permissions;
  };
  struct Pair {
    TypeId source, target;
  };
  struct Comparison {
    Apart why = Apart::Sources;
    std::optional<Pair> meeting;  // nothing: the two are apart
  };

  const Bitset& set(SetId id) const { return sets_[id.index()]; }

  /// The targets that a rule has for `source`.
  Bitset targets(const Rule& rule, std::size_t source) const {
    Bitset found = set(rule.targets);
    if (rule.self) found.set(source);
    return found;
  }

  Comparison compare(const Rule& assertion, const Rule& rule, ClassId object_class) const {
    if (!set(assertion.sources).intersects(set(rule.sources))) return {Apart::Sources, std::nullopt};
    if (!assertion.self && !rule.self && !set(assertion.targets).intersects(set(rule.targets))) {
      return {Apart::Targets, std::nullopt};
    }
    Comparison found{Apart::Targets, std::nullopt};
    (set(assertion.sources) & set(rule.sources)).for_each([&](std::size_t source) {
      if (found.meeting) return;
      Bitset both = targets(assertion, source) & targets(rule, source);
      if (both.empty()) return;
      if (assertion.kind == RuleKind::NeverAllowExtended) {
        found.why = Apart::Extended;
        both = denied_commands(assertion, source, both, object_class);
      }
      if (!both.empty()) found.meeting = Pair{TypeId(source), TypeId(both.first())};
    });
    return found;
  }

  /// Those of `targets` on which `source` may give a command of the assertion.
  Bitset denied_commands(const Rule& assertion, std::size_t source, const Bitset& targets_of_both,
                         ClassId object_class) const {
    Bitset limited(policy_.types.size()), given(policy_.types.size());
    for (const Given& extended : extended_[object_class.index()]) {
      const Rule& rule = policy_.rule(extended.rule);
      if (!set(rule.sources).test(source)) continue;
      limited |= targets(rule, source);
      if (overlap(policy_.extended[rule.extended.index()], policy_.extended[assertion.extended.index()])) {
        given |= targets(rule, source);
      }
    }
    return targets_of_both & (given | (targets_of_both - limited));
  }

  /// A rule that shares several classes with an assertion is named once. Classes may differ in what keeps it apart only
  /// by their extended rules, and the weakest reason is then the one for all.
  static Kept in_order(Kept kept) {
    std::sort(kept.separations.begin(), kept.separations.end(), [](const Separation& a, const Separation& b) {
      return a.rule != b.rule ? a.rule < b.rule : a.why > b.why;
    });
    const auto same = [](const Separation& a, const Separation& b) { return a.rule == b.rule; };
    kept.separations.erase(std::unique(kept.separations.begin(), kept.separations.end(), same), kept.separations.end());
    return kept;
  }
  static Crossed in_order(Crossed crossed) {
    std::stable_sort(crossed.crossings.begin(), crossed.crossings.end(),
                     [](const Crossing& a, const Crossing& b) { return a.rule < b.rule; });
    const auto same = [](const Crossing& a, const Crossing& b) { return a.rule == b.rule; };
    auto& all = crossed.crossings;
    all.erase(std::unique(all.begin(), all.end(), same), all.end());
    crossed.rules = all.size();
    if (all.size() > kMaxCrossings) all.erase(all.begin() + kMaxCrossings, all.end());
    return crossed;
  }

  const Policy& policy_;
  std::vector<Bitset> sets_;
  std::vector<std::vector<Given>> allows_, extended_;  // by class
};

}  // namespace

std::vector<RuleId> assertions(const Policy& policy) {
  std::vector<RuleId> found;
  for (std::size_t i = 0; i < policy.rules.size(); ++i) {
    const RuleKind kind = policy.rules[i].kind;
    if (kind == RuleKind::NeverAllow || kind == RuleKind::NeverAllowExtended) found.emplace_back(i);
  }
  return found;
}

std::vector<AssertionVerdict> decide_assertions(const Policy& policy, const std::vector<RuleId>& asked,
                                                std::size_t workers) {
  std::vector<AssertionVerdict> verdicts;
  for (const RuleId assertion : asked) verdicts.push_back({assertion, Kept{}});
  const Search search(policy);
  in_parallel(workers, [&](std::size_t worker) {
    for (std::size_t i = worker; i < verdicts.size(); i += workers) verdicts[i] = search.decide(verdicts[i].assertion);
  });
  return verdicts;
}

}  // namespace bulkhead::selinux
