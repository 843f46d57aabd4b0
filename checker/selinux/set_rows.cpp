#include "checker/selinux/set_rows.h"

namespace bulkhead::selinux {

bool disjoint(const SetRow& a, const SetRow& b) {
  for (std::size_t i = 0; i < a.size(); ++i) {
    if ((a[i] & b[i]) != 0) return false;
  }
  return true;
}

SetRow set_row(const Policy& policy, const TypeSet& set) {
  std::vector<bool> meant(policy.types.size(), set.every_type), excluded(policy.types.size(), false);
  for (const SetWord& word : set.words) {
    std::vector<bool>& into = word.excluded ? excluded : meant;
    if (!word.is_attribute) into[word.index] = true;
    if (!word.is_attribute) continue;
    for (const TypeId member : policy.attributes[word.index].members) into[member.index()] = true;
  }
  SetRow row((policy.types.size() + 63) / 64, 0);
  for (std::size_t i = 0; i < policy.types.size(); ++i) {
    const bool is_in = meant[i] && !excluded[i];
    if (is_in != set.complement) row[i >> 6u] |= std::uint64_t{1} << (i & 63u);
  }
  return row;
}

SetRows::SetRows(const Policy& policy) : rows(policy.sets.size()), members(policy.sets.size()) {
  for (std::size_t i = 0; i < policy.sets.size(); ++i) expand(policy, SetId(i));
}

SetRows SetRows::of_constraints(const Policy& policy) {
  SetRows made;
  made.rows.resize(policy.sets.size(), SetRow((policy.types.size() + 63) / 64, 0));
  made.members.resize(policy.sets.size());
  for (const Constraint& constraint : policy.constraints) {
    for (const ConstraintTerm& term : constraint.expression) {
      if (term.types.valid() && made.members[term.types.index()].empty()) made.expand(policy, term.types);
    }
  }
  return made;
}

void SetRows::expand(const Policy& policy, SetId set) {
  rows[set.index()] = set_row(policy, policy.sets[set.index()]);
  for (std::uint32_t i = 0; i < policy.types.size(); ++i) {
    if (has(rows[set.index()], i)) members[set.index()].push_back(i);
  }
}

}  // namespace bulkhead::selinux
