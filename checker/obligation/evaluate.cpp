#include "checker/obligation/evaluate.h"

#include <algorithm>

namespace bulkhead::obligation {
namespace {

using Values = std::vector<Kleene>;

Kleene junction(const Node& node, const Values& values) {
  const bool all = node.kind == NodeKind::And;
  Kleene result = kleene(all);
  for (const NodeId child : node.children) {
    const Kleene value = values[child.index()];
    result = all ? std::min(result, value) : std::max(result, value);
  }
  return result;
}

Kleene value_of(const Formula& formula, std::size_t at, const Leaves& leaves, const Values& values,
                const Values& variables) {
  const Node& node = formula.nodes[at];
  switch (node.kind) {
    case NodeKind::True:
      return Kleene::True;
    case NodeKind::False:
      return Kleene::False;
    case NodeKind::And:
    case NodeKind::Or:
      return junction(node, values);
    case NodeKind::Not:
      return negate(values[node.children.front().index()]);
    case NodeKind::NoContext: {
      const Kleene known = leaves(NodeId{at});
      return known == Kleene::Open ? negate(values[node.children.front().index()]) : known;
    }
    case NodeKind::Member:
    case NodeKind::Has:
    case NodeKind::ContextBool:
    case NodeKind::Compare:
      return leaves(NodeId{at});
    case NodeKind::Variable:
      return variables.at(node.variable.index());
  }
  return Kleene::Open;
}

/// Raises variables, each at most twice, until every one is what its equation is: the least solution, because equations
/// are monotone and everything starts at False.
class Raising {
 public:
  Raising(const Formula& formula, Values& values)
      : formula_(formula), values_(values), variables_(formula.equations.size(), Kleene::False) {
    connect();
  }

  Values run() {
    for (std::size_t i = 0; i < variables_.size(); ++i) follow(VariableId{i});
    while (!open_.empty()) {
      const NodeId id = open_.back();
      open_.pop_back();
      for (std::size_t i = first_[id.index()]; i < first_[id.index() + 1]; ++i) raise(above_[i], values_[id.index()]);
      for (const VariableId variable : defines_[id.index()]) follow(variable);
    }
    return std::move(variables_);
  }

 private:
  /// The junctions above each node, and the variables that it defines or stands for.
  void connect() {
    first_.assign(formula_.nodes.size() + 1, 0);
    defines_.resize(formula_.nodes.size());
    names_.resize(variables_.size());
    const auto each_junction = [&](const auto& visit) {
      for (std::size_t i = 0; i < formula_.nodes.size(); ++i) {
        const Node& node = formula_.nodes[i];
        if (node.kind != NodeKind::And && node.kind != NodeKind::Or) continue;
        for (const NodeId child : node.children) visit(child.index(), NodeId{i});
      }
    };
    each_junction([&](std::size_t child, NodeId) { ++first_[child + 1]; });
    for (std::size_t i = 1; i < first_.size(); ++i) first_[i] += first_[i - 1];
    std::vector<std::size_t> next(first_.begin(), first_.end() - 1);
    above_.resize(first_.back());
    each_junction([&](std::size_t child, NodeId junction) { above_[next[child]++] = junction; });
    for (std::size_t i = 0; i < variables_.size(); ++i) {
      defines_.at(formula_.equations[i].index()).push_back(VariableId{i});
    }
    for (std::size_t i = 0; i < formula_.nodes.size(); ++i) {
      if (formula_.nodes[i].kind == NodeKind::Variable)
        names_.at(formula_.nodes[i].variable.index()).push_back(NodeId{i});
    }
  }

  void follow(VariableId variable) {
    const Kleene value = values_[formula_.equations[variable.index()].index()];
    if (value <= variables_[variable.index()]) return;
    variables_[variable.index()] = value;
    for (const NodeId name : names_[variable.index()]) {
      values_[name.index()] = value;
      open_.push_back(name);
    }
  }

  /// Because of a child: what is enough for an Or, and for an And only where the others agree.
  void raise(NodeId id, Kleene child) {
    const Node& node = formula_.at(id);
    const Kleene value = node.kind == NodeKind::Or ? child : junction(node, values_);
    if (value <= values_[id.index()]) return;
    values_[id.index()] = value;
    open_.push_back(id);
  }

  const Formula& formula_;
  Values& values_;
  Values variables_;
  std::vector<std::size_t> first_;  // in above_, by node, and one behind the last
  std::vector<NodeId> above_;
  std::vector<std::vector<VariableId>> defines_;
  std::vector<std::vector<NodeId>> names_;
  std::vector<NodeId> open_;
};

}  // namespace

Values evaluate(const Formula& formula, const Leaves& leaves, const Values& variables) {
  Values values(formula.nodes.size(), Kleene::Open);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = value_of(formula, i, leaves, values, variables);
  return values;
}

Values evaluate(const Formula& formula, const Leaves& leaves) {
  Values values = evaluate(formula, leaves, Values(formula.equations.size(), Kleene::False));
  if (formula.equations.empty()) return values;
  const Values variables = Raising(formula, values).run();
  return evaluate(formula, leaves, variables);
}

}  // namespace bulkhead::obligation
