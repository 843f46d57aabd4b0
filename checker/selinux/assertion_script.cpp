#include "checker/selinux/assertion_script.h"

#include <algorithm>
#include <bit>
#include <map>
#include <set>
#include <tuple>

namespace bulkhead::selinux {
namespace {

/// What a rule says of pairs of types.
using Pairs = std::tuple<SetId, SetId, bool>;  // sources, targets, self

Pairs pairs_of(const Rule& rule) {
  return {rule.sources, rule.targets, rule.self};
}

bool share_a_number(const Extended& a, const Extended& b) {
  for (const auto& [first, last] : a.ranges) {
    for (const auto& [begin, end] : b.ranges) {
      if (std::max(first, begin) <= std::min(last, end)) return true;
    }
  }
  return false;
}

/// A script as it grows. Types are numbers; a set is a function, defined when it is first used.
class Script {
 public:
  explicit Script(const Policy& policy)
      : policy_(policy), width_(std::max<std::size_t>(std::bit_width(policy.types.size()), 1)) {}

  std::string pair_term(const Pairs& pairs) {
    const auto& [sources, targets, self] = pairs;
    const std::string source = "(" + set(sources) + " s)";
    const std::string target = "(" + set(targets) + " t)";
    return "(and " + source + " " + (self ? "(or (= s t) " + target + ")" : target) + ")";
  }
  std::string any_of(const std::set<Pairs>& all) {
    std::string term = "(or false";
    for (const Pairs& pairs : all) term += "\n  " + pair_term(pairs);
    return term + ")";
  }
  std::string text(const std::vector<std::string>& assertions) const {
    const std::string count = number(policy_.types.size());
    std::string out = "(set-logic QF_BV)\n" + declared("s") + declared("t") + "(assert (bvult s " + count +
                      "))\n(assert (bvult t " + count + "))\n" + definitions_;
    for (const std::string& assertion : assertions) out += "(assert " + assertion + ")\n";
    return out + "(check-sat)\n";
  }

 private:
  std::string sort() const { return "(_ BitVec " + std::to_string(width_) + ")"; }
  std::string declared(const std::string& name) const { return "(declare-const " + name + " " + sort() + ")\n"; }
  std::string number(std::size_t value) const {
    std::string bits = "#b";
    for (std::size_t bit = width_; bit-- > 0;) bits += (value >> bit & 1u) != 0 ? '1' : '0';
    return bits;
  }
  void define(const std::string& name, const std::string& body) {
    definitions_ += "(define-fun " + name + " ((x " + sort() + ")) Bool " + body + ")\n";
  }

  std::string attribute(std::uint32_t index) {
    const std::string name = "attribute" + std::to_string(index);
    if (!attributes_.insert(index).second) return name;
    std::string body = "(or false";
    for (const TypeId member : policy_.attributes[index].members) body += " (= x " + number(member.index()) + ")";
    define(name, body + ")");
    return name;
  }
  std::string word(const SetWord& word) {
    return word.is_attribute ? "(" + attribute(word.index) + " x)" : "(= x " + number(word.index) + ")";
  }
  std::string set(SetId id) {
    const std::string name = "set" + std::to_string(id.index());
    if (!sets_.insert(id).second) return name;
    const TypeSet& written = policy_.sets[id.index()];
    std::string meant = written.every_type ? "(or true" : "(or false", excluded = "(or false";
    for (const SetWord& one : written.words) (one.excluded ? excluded : meant) += " " + word(one);
    const std::string body = "(and " + meant + ") (not " + excluded + ")))";
    define(name, written.complement ? "(not " + body + ")" : body);
    return name;
  }

  const Policy& policy_;
  std::size_t width_;
  std::string definitions_;
  std::set<std::uint32_t> attributes_;
  std::set<SetId> sets_;
};

}  // namespace

AssertionScripts::AssertionScripts(const Policy& policy)
    : policy_(policy), allows_(policy.classes.size()), extended_(policy.classes.size()) {
  for (std::uint32_t i = 0; i < policy.rules.size(); ++i) {
    const Rule& rule = policy.rules[i];
    if (rule.kind != RuleKind::Allow && rule.kind != RuleKind::AllowExtended) continue;
    for (const Access& access : policy.accesses_of(rule)) {
      (rule.kind == RuleKind::Allow ? allows_ : extended_)[access.object_class.index()].push_back(i);
    }
  }
}

std::string AssertionScripts::script(RuleId id) const {
  const Rule& assertion = policy_.rule(id);
  Script script(policy_);
  std::string crossed = "(or false";
  for (const Access& denied : policy_.accesses_of(assertion)) {
    std::set<Pairs> given;
    for (const std::uint32_t number : allows_[denied.object_class.index()]) {
      for (const Access& access : policy_.accesses_of(policy_.rules[number])) {
        const bool gives = access.object_class == denied.object_class && (access.permissions & denied.permissions) != 0;
        if (gives) given.insert(pairs_of(policy_.rules[number]));
      }
    }
    if (given.empty()) continue;
    if (assertion.kind != RuleKind::NeverAllowExtended) {
      crossed += "\n " + script.any_of(given);
      continue;
    }
    // Rules that limit commands to others than those of the assertion keep it.
    std::set<Pairs> limited, commanded;
    for (const std::uint32_t number : extended_[denied.object_class.index()]) {
      const Rule& rule = policy_.rules[number];
      limited.insert(pairs_of(rule));
      const bool shares =
          share_a_number(policy_.extended[rule.extended.index()], policy_.extended[assertion.extended.index()]);
      if (shares) commanded.insert(pairs_of(rule));
    }
    const std::string is_given = script.any_of(given), is_limited = script.any_of(limited);
    const std::string is_commanded = script.any_of(commanded);
    crossed += "\n (and " + is_given + " (or (not " + is_limited + ") " + is_commanded + "))";
  }
  const std::string is_denied = script.pair_term(pairs_of(assertion));
  return script.text({is_denied, crossed + ")"});
}

}  // namespace bulkhead::selinux
