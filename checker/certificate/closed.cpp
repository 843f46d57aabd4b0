#include "checker/certificate/closed.h"

#include <map>

#include "checker/obligation/evaluate.h"

namespace bulkhead::certificate {
namespace {

using obligation::Formula;
using obligation::Kleene;
using obligation::NodeKind;

std::optional<std::string> misfit(const Formula& formula, const std::vector<verdict::ClosedClass>& closed) {
  if (formula.equations.empty() != closed.empty()) return "closed sets that the query does not need, or none";
  for (const verdict::ClosedClass& one : closed) {
    if (one.variables.size() != formula.equations.size()) return "not one truth for each equation";
    for (const Membership& members : one.members) {
      if (members.size() != formula.patterns.size()) return "not one membership for each pattern";
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> closed_objection(const obligation::Query& query, const Memberships& members,
                                            const std::vector<verdict::ClosedClass>& closed) {
  const Formula& formula = query.formula;
  if (auto objection = misfit(formula, closed)) return objection;
  std::map<Membership, const std::vector<bool>*> listed;
  for (const verdict::ClosedClass& one : closed) {
    for (const Membership& kind : one.members) {
      if (!listed.emplace(kind, &one.variables).second) return "one kind of object in two classes";
    }
  }
  for (const Membership& kind : formula.equations.empty() ? Memberships() : members) {
    const auto found = listed.find(kind);
    std::vector<Kleene> variables(formula.equations.size(), Kleene::True);
    for (std::size_t i = 0; found != listed.end() && i < variables.size(); ++i) {
      variables[i] = obligation::kleene((*found->second)[i]);
    }
    const auto leaf = [&](obligation::NodeId id) {
      const obligation::Node& node = formula.at(id);
      return node.kind == NodeKind::Member ? obligation::kleene(kind.at(node.pattern.index())) : Kleene::Open;
    };
    const auto values = obligation::evaluate(formula, leaf, variables);
    for (std::size_t i = 0; i < variables.size(); ++i) {
      if (variables[i] == Kleene::False && values[formula.equations[i].index()] == Kleene::True) {
        return "the closed set is left by equation " + std::to_string(i);
      }
    }
    if (values[formula.root.index()] == Kleene::True) return "the closed set does not rule out the query";
  }
  return std::nullopt;
}

}  // namespace bulkhead::certificate
