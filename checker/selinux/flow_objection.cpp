#include "checker/selinux/flow_objection.h"

#include <set>
#include <utility>

namespace bulkhead::selinux {
namespace {

bool moves_out(const Policy& policy, const PermissionFlows& flows, const Rule& rule) {
  for (const Access& access : policy.accesses_of(rule)) {
    if ((access.permissions & flows.out[access.object_class.index()]) != 0) return true;
  }
  return false;
}

bool moves_in(const Policy& policy, const PermissionFlows& flows, const Rule& rule) {
  for (const Access& access : policy.accesses_of(rule)) {
    if ((access.permissions & flows.in[access.object_class.index()]) != 0) return true;
  }
  return false;
}

}  // namespace

FlowJudge::FlowJudge(const Policy& policy, const PermissionFlows& flows)
    : policy_(policy), flows_(flows), sets_(policy) {
  std::set<std::pair<std::size_t, std::size_t>> pairs;
  for (const Rule& rule : policy.rules) {
    if (rule.kind != RuleKind::Allow) continue;
    if (moves_out(policy, flows, rule)) pairs.emplace(rule.sources.index(), rule.targets.index());
    if (moves_in(policy, flows, rule)) pairs.emplace(rule.targets.index(), rule.sources.index());
  }
  for (const auto& [from, to] : pairs) movements_.push_back({SetId(from), SetId(to)});
}

std::optional<std::string> FlowJudge::objection(TypeId from, TypeId to, const closure::ClosedSet& set) const {
  const std::size_t types = policy_.types.size();
  if (set.words.size() != (types + 63) / 64) return "the set is not one of these types";
  if (!from.valid() || from.index() >= types || !to.valid() || to.index() >= types) return "there is no such type";
  if (!has(set.words, from.index())) return "the set misses where the flow begins";
  if (has(set.words, to.index())) return "the set has where the flow would end";
  for (const Movement& movement : movements_) {
    if (disjoint(sets_.rows[movement.from.index()], set.words)) continue;
    for (const std::uint32_t type : sets_.members[movement.to.index()]) {
      if (!has(set.words, type)) return "a rule leads out of the set, to `" + policy_.types[type].name + "`";
    }
  }
  for (std::size_t type = 0; type < types; ++type) {
    if (policy_.types[type].permissive)
      return "`" + policy_.types[type].name + "` is permissive and connects everything";
  }
  return std::nullopt;
}

std::optional<std::string> FlowJudge::objection(const closure::ClosedRelation& relation) const {
  const std::size_t width = (relation.classes + 63) / 64;
  if (relation.class_of.size() < policy_.types.size() || relation.rows.size() != width * relation.classes) {
    return "the relation is not one of these types";
  }
  for (const std::uint32_t one : relation.class_of) {
    if (one >= relation.classes) return "a class has no row";
  }
  const auto row = [&](std::size_t one) { return relation.rows.begin() + static_cast<std::ptrdiff_t>(one * width); };
  for (const Movement& movement : movements_) {
    std::set<std::uint32_t> from, to;
    for (const std::uint32_t type : sets_.members[movement.from.index()]) from.insert(relation.class_of[type]);
    for (const std::uint32_t type : sets_.members[movement.to.index()]) to.insert(relation.class_of[type]);
    SetRow needed(width, 0);
    for (const std::uint32_t one : to) {
      needed[one >> 6u] |= std::uint64_t{1} << (one & 63u);
      for (std::size_t i = 0; i < width; ++i) needed[i] |= row(one)[static_cast<std::ptrdiff_t>(i)];
    }
    const std::vector<std::uint32_t>& sources = sets_.members[movement.from.index()];
    const bool is_one_type = sources.size() == 1 && sources == sets_.members[movement.to.index()];
    for (const std::uint32_t one : from) {
      for (std::size_t i = 0; i < width && !is_one_type; ++i) {
        if ((needed[i] & ~row(one)[static_cast<std::ptrdiff_t>(i)]) != 0) return "a rule leads out of the relation";
      }
    }
  }
  for (const Type& type : policy_.types) {
    if (!type.permissive) continue;
    const std::uint32_t everything = relation.class_of.front();
    if ((row(everything)[everything >> 6u] >> (everything & 63u) & 1u) == 0) return "a permissive type reaches nothing";
    for (std::size_t other = 0; other < policy_.types.size(); ++other) {
      if (relation.class_of[other] != everything) return "`" + type.name + "` is permissive and connects everything";
    }
  }
  return std::nullopt;
}

std::optional<std::string> FlowJudge::objection(TypeId from, TypeId to, const std::vector<FlowStep>& path) const {
  TypeId at = from;
  for (const FlowStep& step : path) {
    if (step.from != at || !step.to.valid() || step.to.index() >= policy_.types.size()) return "the steps do not join";
    at = step.to;
    if (!step.rule.valid()) {
      if (policy_.type(step.from).permissive || policy_.type(step.to).permissive) continue;
      return "a step rests on no rule, and neither end is permissive";
    }
    if (step.rule.index() >= policy_.rules.size()) return "there is no such rule";
    const Rule& rule = policy_.rule(step.rule);
    const TypeId subject = step.into_subject ? step.to : step.from, object = step.into_subject ? step.from : step.to;
    const bool moves = step.into_subject ? moves_in(policy_, flows_, rule) : moves_out(policy_, flows_, rule);
    const bool gives = rule.kind == RuleKind::Allow && has(sets_.rows[rule.sources.index()], subject.index()) &&
                       has(sets_.rows[rule.targets.index()], object.index());
    if (!moves || !gives) return "a step is not made by its rule";
  }
  if (at != to) return "the path ends elsewhere";
  return std::nullopt;
}

}  // namespace bulkhead::selinux
