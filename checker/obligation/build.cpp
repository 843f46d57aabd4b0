#include "checker/obligation/build.h"

#include <algorithm>
#include <set>

#include "lang/base/check.h"

namespace bulkhead::obligation {
namespace {

template <typename T>
void normalise(std::vector<T>& list) {
  std::sort(list.begin(), list.end());
  list.erase(std::unique(list.begin(), list.end()), list.end());
}

template <typename T>
void append(std::vector<T>& to, const std::vector<T>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

bool has_part(const Formula& formula, TermId id, TermKind kind) {
  std::vector<TermId> open{id};
  while (!open.empty()) {
    const Term& term = formula.at(open.back());
    open.pop_back();
    if (term.kind == kind) return true;
    if (term.kind == TermKind::BitAnd) open.insert(open.end(), {term.left, term.right});
  }
  return false;
}

bool is_context(const Formula& formula, TermId id) {
  return has_part(formula, id, TermKind::Context);
}

bool is_field(const Formula& formula, TermId id) {
  return has_part(formula, id, TermKind::Field);
}

bool holds(Comparison comparison, std::uint64_t a, std::uint64_t b) {
  switch (comparison) {
    case Comparison::Equal:
      return a == b;
    case Comparison::UnsignedLess:
      return a < b;
    case Comparison::UnsignedLessEqual:
      return a <= b;
    case Comparison::SignedLess:
      return static_cast<std::int64_t>(a) < static_cast<std::int64_t>(b);
    case Comparison::SignedLessEqual:
      return static_cast<std::int64_t>(a) <= static_cast<std::int64_t>(b);
  }
  return false;
}

/// Copies what a root reaches, children first, into a formula of its own.
class Pruner {
 public:
  explicit Pruner(const Formula& from) : from_(from) {}

  Formula run(NodeId root) {
    to_.nodes.resize(2);
    to_.nodes[1].kind = NodeKind::True;
    to_.strings = from_.strings;
    std::set<NodeId> needed;
    std::set<VariableId> variables;
    for (std::vector<NodeId> open{root}; !open.empty();) {
      const NodeId id = open.back();
      open.pop_back();
      const Node& node = from_.at(id);
      if (!needed.insert(id).second) continue;
      open.insert(open.end(), node.children.begin(), node.children.end());
      if (node.kind == NodeKind::Variable && variables.insert(node.variable).second)
        open.push_back(from_.equations.at(node.variable.index()));
    }
    for (const VariableId variable : variables) {
      const VariableId next{variables_.size()};
      variables_.emplace(variable, next);
    }
    nodes_[NodeId{0}] = NodeId{0};
    nodes_[NodeId{1}] = NodeId{1};
    for (const NodeId id : needed) {
      if (id.index() > 1) copy(id);
    }
    to_.root = nodes_.at(root);
    for (const VariableId variable : variables)
      to_.equations.push_back(nodes_.at(from_.equations.at(variable.index())));
    return std::move(to_);
  }

 private:
  void copy(NodeId id) {
    Node node = from_.at(id);
    for (NodeId& child : node.children) child = nodes_.at(child);
    if (node.kind == NodeKind::Member) node.pattern = pattern(node.pattern);
    if (node.kind == NodeKind::Variable) node.variable = variables_.at(node.variable);
    if (node.kind == NodeKind::Compare) {
      node.left = term(node.left);
      node.right = term(node.right);
    }
    nodes_[id] = NodeId{to_.nodes.size()};
    to_.nodes.push_back(std::move(node));
  }

  PatternId pattern(PatternId id) {
    const auto [found, fresh] = patterns_.emplace(id, PatternId{to_.patterns.size()});
    if (fresh) to_.patterns.push_back(from_.at(id));
    return found->second;
  }

  TermId term(TermId id) {
    std::set<TermId> needed;
    for (std::vector<TermId> open{id}; !open.empty();) {
      const TermId next = open.back();
      open.pop_back();
      needed.insert(next);
      if (from_.at(next).kind == TermKind::BitAnd) open.insert(open.end(), {from_.at(next).left, from_.at(next).right});
    }
    for (const TermId next : needed) {  // smaller ids first: parts stand before the whole
      if (terms_.count(next) > 0) continue;
      Term copy = from_.at(next);
      if (copy.kind == TermKind::BitAnd) {
        copy.left = terms_.at(copy.left);
        copy.right = terms_.at(copy.right);
      }
      terms_[next] = TermId{to_.terms.size()};
      to_.terms.push_back(copy);
    }
    return terms_.at(id);
  }

  const Formula& from_;
  Formula to_;
  std::map<NodeId, NodeId> nodes_;
  std::map<TermId, TermId> terms_;
  std::map<PatternId, PatternId> patterns_;
  std::map<VariableId, VariableId> variables_;
};

/// What formula.h promises of equations.
void check_equations(const Formula& formula) {
  enum : unsigned { kVariable = 1, kContext = 2, kField = 4 };
  std::vector<unsigned> holds(formula.nodes.size(), 0);
  for (std::size_t i = 0; i < formula.nodes.size(); ++i) {
    const Node& node = formula.nodes[i];
    for (const NodeId child : node.children) holds[i] |= holds.at(child.index());
    const bool variable = (holds[i] & kVariable) != 0;
    if (node.kind == NodeKind::Variable) holds[i] = kVariable;
    if (node.kind == NodeKind::Has || node.kind == NodeKind::ContextBool) holds[i] = kContext;
    if (node.kind == NodeKind::Compare) {
      for (const TermId term : {node.left, node.right}) {
        if (is_context(formula, term)) holds[i] |= kContext;
        if (is_field(formula, term)) holds[i] |= kField;
      }
    }
    const bool junction = node.kind == NodeKind::And || node.kind == NodeKind::Or;
    BH_CHECK(!variable || junction || node.kind == NodeKind::Variable, "a variable under a negation");
    if (node.kind == NodeKind::NoContext) holds[i] &= ~unsigned{kContext};
  }
  for (const NodeId equation : formula.equations) {
    BH_CHECK((holds.at(equation.index()) & ~unsigned{kVariable}) == 0, "an equation that memberships do not decide");
  }
}

}  // namespace

Builder::Builder() {
  formula_.nodes.resize(2);
  formula_.nodes[1].kind = NodeKind::True;
}

NodeId Builder::add(Node node) {
  const auto [found, fresh] = nodes_.emplace(node, NodeId{formula_.nodes.size()});
  if (fresh) formula_.nodes.push_back(std::move(node));
  return found->second;
}

TermId Builder::add(const Term& term) {
  const auto [found, fresh] = terms_.emplace(term, TermId{formula_.terms.size()});
  if (fresh) formula_.terms.push_back(term);
  return found->second;
}

NodeId Builder::member(ir::ObjectPatterns patterns) {
  if (patterns.everything) return constant(true);
  normalise(patterns.files);
  normalise(patterns.nets);
  normalise(patterns.syscalls);
  normalise(patterns.capabilities);
  PatternKey key{patterns.files, patterns.nets, patterns.syscalls, patterns.capabilities};
  if (key == PatternKey{}) return constant(false);
  const auto [found, fresh] = patterns_.emplace(std::move(key), PatternId{formula_.patterns.size()});
  if (fresh) formula_.patterns.push_back(std::move(patterns));
  Node node;
  node.kind = NodeKind::Member;
  node.pattern = found->second;
  return add(std::move(node));
}

NodeId Builder::has(ir::AttributeId attribute, std::uint8_t copy) {
  Node node;
  node.kind = NodeKind::Has;
  node.attribute = attribute;
  node.copy = copy;
  return add(std::move(node));
}

NodeId Builder::context_bool(ir::AttributeId attribute, std::uint8_t copy) {
  Node node;
  node.kind = NodeKind::ContextBool;
  node.attribute = attribute;
  node.copy = copy;
  return add(std::move(node));
}

NodeId Builder::compare(Comparison comparison, TermId left, TermId right) {
  const Term& a = formula_.at(left);
  const Term& b = formula_.at(right);
  if (a.kind == TermKind::Constant && b.kind == TermKind::Constant)
    return constant(holds(comparison, a.value, b.value));
  Node node;
  node.kind = NodeKind::Compare;
  node.comparison = comparison;
  node.left = left;
  node.right = right;
  if (comparison == Comparison::Equal && right < left) std::swap(node.left, node.right);
  return add(std::move(node));
}

NodeId Builder::negate(NodeId child) {
  if (child.index() < 2) return constant(child.index() == 0);
  if (formula_.at(child).kind == NodeKind::Not) return formula_.at(child).children.front();
  Node node;
  node.kind = NodeKind::Not;
  node.children = {child};
  return add(std::move(node));
}

NodeId Builder::junction(NodeKind kind, const std::vector<NodeId>& children) {
  const NodeId deciding = constant(kind == NodeKind::Or);
  const NodeId neutral = constant(kind == NodeKind::And);
  std::vector<NodeId> flat;
  for (const NodeId child : children) {
    const Node& node = formula_.at(child);
    if (node.kind == kind) {
      append(flat, node.children);
    } else if (child != neutral) {
      flat.push_back(child);
    }
  }
  normalise(flat);
  for (const NodeId child : flat) {
    const bool opposed = formula_.at(child).kind == NodeKind::Not &&
                         std::binary_search(flat.begin(), flat.end(), formula_.at(child).children.front());
    if (child == deciding || opposed) return deciding;
  }
  if (flat.empty()) return neutral;
  if (flat.size() == 1) return flat.front();
  Node node;
  node.kind = kind;
  node.children = std::move(flat);
  return add(std::move(node));
}

NodeId Builder::all(const std::vector<NodeId>& children) {
  return junction(NodeKind::And, children);
}

/// Members of a disjunction become one member of the union: fewer automata, and smaller ones.
NodeId Builder::any(const std::vector<NodeId>& children) {
  ir::ObjectPatterns merged;
  std::vector<NodeId> others;
  for (const NodeId child : children) {
    if (formula_.at(child).kind != NodeKind::Member) {
      others.push_back(child);
      continue;
    }
    const ir::ObjectPatterns& patterns = formula_.at(formula_.at(child).pattern);
    append(merged.files, patterns.files);
    append(merged.nets, patterns.nets);
    append(merged.syscalls, patterns.syscalls);
    append(merged.capabilities, patterns.capabilities);
  }
  others.push_back(member(std::move(merged)));
  return junction(NodeKind::Or, others);
}

bool Builder::uses_context(NodeId root) const {
  std::set<NodeId> seen;
  for (std::vector<NodeId> open{root}; !open.empty();) {
    const NodeId id = open.back();
    open.pop_back();
    if (!seen.insert(id).second) continue;
    const Node& node = formula_.at(id);
    if (node.kind == NodeKind::Has || node.kind == NodeKind::ContextBool) return true;
    if (node.kind == NodeKind::Compare && (is_context(formula_, node.left) || is_context(formula_, node.right)))
      return true;
    open.insert(open.end(), node.children.begin(), node.children.end());
  }
  return false;
}

VariableId Builder::fresh_variable() {
  formula_.equations.emplace_back();
  return VariableId{formula_.equations.size() - 1};
}

NodeId Builder::variable(VariableId variable) {
  Node node;
  node.kind = NodeKind::Variable;
  node.variable = variable;
  return add(std::move(node));
}

void Builder::define(VariableId variable, NodeId equation) {
  formula_.equations.at(variable.index()) = equation;
}

NodeId Builder::no_context(NodeId child) {
  if (!uses_context(child)) return negate(child);
  Node node;
  node.kind = NodeKind::NoContext;
  node.children = {child};
  return add(std::move(node));
}

TermId Builder::constant_word(std::uint64_t value) {
  Term term;
  term.value = value;
  return add(term);
}

TermId Builder::field(ir::ObjectField which) {
  Term term;
  term.kind = TermKind::Field;
  term.field = which;
  return add(term);
}

TermId Builder::context(ir::AttributeId attribute, std::uint8_t copy) {
  Term term;
  term.kind = TermKind::Context;
  term.attribute = attribute;
  term.copy = copy;
  return add(term);
}

TermId Builder::bit_and(TermId left, TermId right) {
  const Term& a = formula_.at(left);
  const Term& b = formula_.at(right);
  if (a.kind == TermKind::Constant && b.kind == TermKind::Constant) return constant_word(a.value & b.value);
  Term term;
  term.kind = TermKind::BitAnd;
  term.left = left;
  term.right = right;
  return add(term);
}

std::uint64_t Builder::string_word(std::string_view text) {
  const auto found = std::find(formula_.strings.begin(), formula_.strings.end(), text);
  if (found != formula_.strings.end()) return static_cast<std::uint64_t>(found - formula_.strings.begin());
  formula_.strings.emplace_back(text);
  return formula_.strings.size() - 1;
}

Formula Builder::finish(NodeId root) const {
  Formula formula = Pruner(formula_).run(root);
  if (!formula.equations.empty()) check_equations(formula);
  return formula;
}

}  // namespace bulkhead::obligation
