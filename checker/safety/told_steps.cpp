#include "checker/safety/told_steps.h"

#include <algorithm>

#include "checker/interchange/smt_terms.h"

namespace bulkhead::safety {

using interchange::Clauses;
using interchange::NodeId;
using term::Op;

namespace {

class Reader {
 public:
  Reader(const Clauses& clauses, const interchange::Expressions& text)
      : clauses_(clauses), text_(text), terms_(text, store_) {}

  std::optional<Fact> fact(NodeId id) {
    const interchange::Expression& node = text_.at(id);
    if (node.list && (node.items.empty() || text_.at(node.items[0]).list)) return std::nullopt;
    const std::string_view name = node.list ? text_.at(node.items[0]).text : node.text;
    const auto found = std::find(clauses_.relations.begin(), clauses_.relations.end(), name);
    if (found == clauses_.relations.end()) return std::nullopt;
    Fact made{static_cast<std::size_t>(found - clauses_.relations.begin()), {}};
    const auto& sorts = clauses_.store.symbols()[made.relation].arguments;
    const std::size_t arguments = node.list ? node.items.size() - 1 : 0;
    if (arguments != sorts.size()) return std::nullopt;
    for (std::size_t i = 0; i < arguments; ++i) {
      const auto value = constant(node.items[i + 1], sorts[i]);
      if (!value) return std::nullopt;
      made.values.push_back(*value);
    }
    return made;
  }

 private:
  std::optional<term::Word> constant(NodeId id, term::Sort sort) {
    const auto read = terms_.term(id, {});
    if (!read || store_.sort(*read) != sort) return std::nullopt;
    const term::Node& node = store_.at(*read);
    if (node.op == Op::True || node.op == Op::False) return term::Word{node.op == Op::True ? 1u : 0u, 0};
    if (node.op == Op::Number || node.op == Op::Constant) return node.word;
    return std::nullopt;
  }

  const Clauses& clauses_;
  const interchange::Expressions& text_;
  term::Store store_;
  interchange::SmtTerms terms_;
};

}  // namespace

std::vector<ToldStep> read_told_steps(const Clauses& clauses, std::string_view text) {
  const auto expressions = interchange::Expressions::read(text);
  if (!expressions) return {};
  Reader reader(clauses, *expressions);
  std::vector<ToldStep> told;
  for (const NodeId root : expressions->roots()) {
    const auto& items = expressions->at(root).items;
    if (items.empty()) continue;
    if (told.size() == kMaxTold) break;
    ToldStep step{reader.fact(items[0]), {}};
    for (std::size_t i = 1; i < items.size(); ++i) {
      if (auto premise = reader.fact(items[i])) step.premises.push_back(std::move(*premise));
    }
    told.push_back(std::move(step));
  }
  return told;
}

}  // namespace bulkhead::safety
