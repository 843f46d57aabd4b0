#include "checker/encode/kleene.h"

#include <algorithm>
#include <vector>

namespace bulkhead::encode {
namespace {

using obligation::Comparison;
using obligation::Formula;
using obligation::Node;
using obligation::NodeKind;
using obligation::Term;
using obligation::TermKind;

Truth truth(bool value) {
  return value ? Truth::True : Truth::False;
}

Truth negate(Truth value) {
  if (value == Truth::Unknown) return value;
  return truth(value == Truth::False);
}

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

Truth compare(Comparison comparison, std::optional<std::uint64_t> left, std::optional<std::uint64_t> right) {
  if (!left || !right) return Truth::Unknown;
  const auto signed_left = static_cast<std::int64_t>(*left);
  const auto signed_right = static_cast<std::int64_t>(*right);
  switch (comparison) {
    case Comparison::Equal:
      return truth(*left == *right);
    case Comparison::UnsignedLess:
      return truth(*left < *right);
    case Comparison::UnsignedLessEqual:
      return truth(*left <= *right);
    case Comparison::SignedLess:
      return truth(signed_left < signed_right);
    case Comparison::SignedLessEqual:
      return truth(signed_left <= signed_right);
  }
  return Truth::Unknown;
}

/// `decisive` decides a junction alone: False for And, True for Or.
Truth junction(const Node& node, const std::vector<Truth>& values, Truth decisive) {
  Truth result = negate(decisive);
  for (const auto child : node.children) {
    const Truth value = values[child.index()];
    if (value == decisive) return decisive;
    if (value == Truth::Unknown) result = Truth::Unknown;
  }
  return result;
}

}  // namespace

Truth kleene(const Formula& formula, std::span<const Truth> members, const Fields& fields) {
  if (!formula.root.valid()) return Truth::False;
  const auto words = term_values(formula, fields);
  std::vector<Truth> values(formula.nodes.size(), Truth::Unknown);
  for (std::size_t i = 0; i < formula.nodes.size(); ++i) {
    const Node& node = formula.nodes[i];
    switch (node.kind) {
      case NodeKind::True:
        values[i] = Truth::True;
        break;
      case NodeKind::False:
        values[i] = Truth::False;
        break;
      case NodeKind::And:
        values[i] = junction(node, values, Truth::False);
        break;
      case NodeKind::Or:
        values[i] = junction(node, values, Truth::True);
        break;
      case NodeKind::Not:
      case NodeKind::NoContext:
        values[i] = negate(values[node.children.front().index()]);
        break;
      case NodeKind::Member:
        values[i] = members[node.pattern.index()];
        break;
      case NodeKind::Has:
      case NodeKind::ContextBool:
        break;
      case NodeKind::Compare:
        values[i] = compare(node.comparison, words.at(node.left.index()), words.at(node.right.index()));
        break;
    }
  }
  return values[formula.root.index()];
}

bool reads_field(const Formula& formula, ir::ObjectField field) {
  return std::any_of(formula.terms.begin(), formula.terms.end(),
                     [&](const Term& term) { return term.kind == TermKind::Field && term.field == field; });
}

}  // namespace bulkhead::encode
