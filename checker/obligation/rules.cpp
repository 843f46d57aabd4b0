#include "checker/obligation/rules.h"

#include <algorithm>
#include <iterator>

namespace bulkhead::obligation {

Rules::Rules(const ir::World& world) : world_(world), begin_(world.subjects.size() + 1, 0) {
  std::vector<std::uint32_t> next(world.subjects.size(), 0);
  for (const ir::Rule& rule : world.rules) {
    if (rule.subject) ++next.at(rule.subject->index());
  }
  for (std::size_t i = 0; i < next.size(); ++i) {
    begin_[i + 1] = begin_[i] + next[i];
    next[i] = begin_[i];
  }
  own_.resize(begin_.back());
  for (std::size_t i = 0; i < world.rules.size(); ++i) {
    const auto& subject = world.rules[i].subject;
    if (subject) {
      own_[next[subject->index()]++] = ir::RuleId{i};
    } else {
      of_containers_.push_back(ir::RuleId{i});
    }
  }
}

std::vector<ir::RuleId> Rules::of(ir::SubjectId subject) const {
  const auto begin = own_.begin() + begin_.at(subject.index());
  const auto end = own_.begin() + begin_.at(subject.index() + 1);
  if (world_.at(subject).kind != ir::SubjectKind::Container) return {begin, end};
  std::vector<ir::RuleId> rules;
  rules.reserve(static_cast<std::size_t>(end - begin) + of_containers_.size());
  std::merge(begin, end, of_containers_.begin(), of_containers_.end(), std::back_inserter(rules));
  return rules;
}

}  // namespace bulkhead::obligation
