#include "checker/conditions/left_sides.h"

#include <utility>

namespace bulkhead::conditions {

using system::Op;

std::vector<TermId> left_sides(Terms& terms, TermId claim) {
  std::vector<TermId> found;
  std::vector<std::pair<TermId, std::vector<BinderId>>> open{{claim, {}}};
  while (!open.empty()) {
    auto [id, binders] = std::move(open.back());
    open.pop_back();
    const system::Term term = terms.at(id);  // a copy: the arena grows
    if (term.op == Op::ForAll) {
      binders.insert(binders.end(), term.binders.begin(), term.binders.end());
      open.emplace_back(term.args[0], std::move(binders));
    } else if (term.op == Op::And) {
      for (std::size_t i = term.args.size(); i-- > 0;) open.emplace_back(term.args[i], binders);
    } else if (term.op == Op::Implies) {
      found.push_back(terms.quantified(Op::Exists, std::move(binders), term.args[0]));
    }
  }
  return found;
}

}  // namespace bulkhead::conditions
