#include "checker/safety/told_steps.h"

#include <algorithm>

#include "checker/interchange/sexpr.h"
#include "checker/safety/values.h"

namespace bulkhead::safety {

using interchange::Clauses;
using interchange::NodeId;

namespace {

class Reader {
 public:
  Reader(const Clauses& clauses, const interchange::Expressions& text, term::Arrays& arrays)
      : clauses_(clauses), text_(text), arrays_(arrays) {}

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
      const auto value = read_value(text_, node.items[i + 1], sorts[i], arrays_);
      if (!value) return std::nullopt;
      made.values.push_back(*value);
    }
    return made;
  }

 private:
  const Clauses& clauses_;
  const interchange::Expressions& text_;
  term::Arrays& arrays_;
};

}  // namespace

std::vector<ToldStep> read_told_steps(const Clauses& clauses, std::string_view text, term::Arrays& arrays) {
  const auto expressions = interchange::Expressions::read(text);
  if (!expressions) return {};
  Reader reader(clauses, *expressions, arrays);
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
