// Building formulas: equal nodes become one, constants fold, what nobody reaches is dropped. Trusted.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "checker/obligation/formula.h"

namespace bulkhead::obligation {

class Builder {
 public:
  Builder();

  static NodeId constant(bool truth) { return NodeId{truth ? std::size_t{1} : std::size_t{0}}; }
  NodeId member(ir::ObjectPatterns patterns);
  NodeId has(ir::AttributeId attribute, std::uint8_t copy);
  NodeId context_bool(ir::AttributeId attribute, std::uint8_t copy);
  NodeId compare(Comparison comparison, TermId left, TermId right);
  NodeId negate(NodeId child);
  NodeId all(const std::vector<NodeId>& children);
  NodeId any(const std::vector<NodeId>& children);
  NodeId both(NodeId left, NodeId right) { return all({left, right}); }
  NodeId either(NodeId left, NodeId right) { return any({left, right}); }
  NodeId no_context(NodeId child);
  /// A variable without an equation yet; every one gets it by define() before finish().
  VariableId fresh_variable();
  NodeId variable(VariableId variable);
  void define(VariableId variable, NodeId equation);

  TermId constant_word(std::uint64_t value);
  TermId field(ir::ObjectField field);
  TermId context(ir::AttributeId attribute, std::uint8_t copy);
  TermId bit_and(TermId left, TermId right);
  /// The word that stands for a text.
  std::uint64_t string_word(std::string_view text);

  std::size_t size() const { return formula_.nodes.size(); }
  /// The formula with this root and nothing that it does not need.
  Formula finish(NodeId root) const;

 private:
  using PatternKey = std::tuple<std::vector<ir::FilePattern>, std::vector<ir::NetPattern>, std::vector<ir::SyscallId>,
                                std::vector<std::uint8_t>>;
  NodeId add(Node node);
  TermId add(const Term& term);
  NodeId junction(NodeKind kind, const std::vector<NodeId>& children);
  bool uses_context(NodeId node) const;

  Formula formula_;
  std::map<Node, NodeId> nodes_;
  std::map<Term, TermId> terms_;
  std::map<PatternKey, PatternId> patterns_;
};

}  // namespace bulkhead::obligation
