#include "checker/encode/kleene.h"

#include <algorithm>
#include <vector>

namespace bulkhead::encode {
namespace {

using obligation::Comparison;
using obligation::Formula;
using obligation::Kleene;
using obligation::Node;
using obligation::NodeKind;
using obligation::Term;
using obligation::TermKind;

std::vector<std::optional<std::uint64_t>> term_values(const Formula& formula, const Fields& fields) {
  std::vector<std::optional<std::uint64_t>> values;
  for (const Term& term : formula.terms) {
    std::optional<std::uint64_t> value;
    switch (term.kind) {
      case TermKind::Constant:
        value = term.value;
        break;
      case TermKind::Field:
        value = fields.at(static_cast<std::size_t>(term.field));
        break;
      case TermKind::Context:
        break;
      case TermKind::BitAnd: {
        const auto left = values.at(term.left.index());
        const auto right = values.at(term.right.index());
        if (left && right) value = *left & *right;
        break;
      }
    }
    values.push_back(value);
  }
  return values;
}

Kleene compare(Comparison comparison, std::optional<std::uint64_t> left, std::optional<std::uint64_t> right) {
  if (!left || !right) return Kleene::Open;
  const auto signed_left = static_cast<std::int64_t>(*left);
  const auto signed_right = static_cast<std::int64_t>(*right);
  switch (comparison) {
    case Comparison::Equal:
      return obligation::kleene(*left == *right);
    case Comparison::UnsignedLess:
      return obligation::kleene(*left < *right);
    case Comparison::UnsignedLessEqual:
      return obligation::kleene(*left <= *right);
    case Comparison::SignedLess:
      return obligation::kleene(signed_left < signed_right);
    case Comparison::SignedLessEqual:
      return obligation::kleene(signed_left <= signed_right);
  }
  return Kleene::Open;
}

Kleene kleene_of(Truth value) {
  return value == Truth::Unknown ? Kleene::Open : obligation::kleene(value == Truth::True);
}

Kleene leaf_value(const Formula& formula, obligation::NodeId id, std::span<const Truth> members,
                  const std::vector<std::optional<std::uint64_t>>& words, std::span<const Kleene> known) {
  const Node& node = formula.at(id);
  if (node.kind == NodeKind::Member) return kleene_of(members[node.pattern.index()]);
  if (node.kind == NodeKind::Compare)
    return compare(node.comparison, words.at(node.left.index()), words.at(node.right.index()));
  return node.kind == NodeKind::NoContext && !known.empty() ? known[id.index()] : Kleene::Open;
}

}  // namespace

std::vector<Kleene> node_values(const Formula& formula, std::span<const Truth> members, const Fields& fields,
                                std::span<const Kleene> known) {
  const auto words = term_values(formula, fields);
  return obligation::evaluate(formula,
                              [&](obligation::NodeId id) { return leaf_value(formula, id, members, words, known); });
}

Truth kleene(const Formula& formula, std::span<const Truth> members, const Fields& fields) {
  if (!formula.root.valid()) return Truth::False;
  const auto words = term_values(formula, fields);
  const auto leaf = [&](obligation::NodeId id) { return leaf_value(formula, id, members, words, {}); };
  const std::vector<Kleene> variables(formula.equations.size(), Kleene::Open);
  const Kleene root = obligation::evaluate(formula, leaf, variables)[formula.root.index()];
  return root == Kleene::Open ? Truth::Unknown : root == Kleene::True ? Truth::True : Truth::False;
}

bool reads_field(const Formula& formula, ir::ObjectField field) {
  return std::any_of(formula.terms.begin(), formula.terms.end(),
                     [&](const Term& term) { return term.kind == TermKind::Field && term.field == field; });
}

}  // namespace bulkhead::encode
