#include "checker/selinux/assertion_name.h"

#include <algorithm>

#include "checker/selinux/assertion.h"
#include "lang/base/check.h"

namespace bulkhead::selinux {

AssertionNames::AssertionNames(const Policy& policy, const source::SourceMap& sources)
    : policy_(policy), sources_(sources), rules_(assertions(policy)) {
  std::uint32_t last_line = 0;
  std::size_t on_this_line = 0;
  for (const RuleId id : rules_) {
    const std::uint32_t line = sources.line_number(policy.file, policy.rule(id).begin);
    on_this_line = line == last_line ? on_this_line + 1 : 1;
    last_line = line;
    const std::string name = "line_" + std::to_string(line);
    names_.push_back(on_this_line == 1 ? name : name + "_" + std::to_string(on_this_line));
  }
}

const std::string& AssertionNames::name(RuleId rule) const {
  const auto found = std::lower_bound(rules_.begin(), rules_.end(), rule);
  BH_CHECK(found != rules_.end() && *found == rule, "only assertions have names");
  return names_[static_cast<std::size_t>(found - rules_.begin())];
}

std::vector<RuleId> AssertionNames::find(std::string_view word) const {
  std::vector<RuleId> found;
  for (std::size_t i = 0; i < rules_.size(); ++i) {
    const Rule& rule = policy_.rule(rules_[i]);
    if (names_[i] == word || sources_.place(policy_.span(rule)) == word ||
        origin(policy_, sources_, rule.begin) == word) {
      found.push_back(rules_[i]);
    }
  }
  return found;
}

}  // namespace bulkhead::selinux
