#include "checker/term/smt2.h"
#include "lang/base/check.h"

namespace bulkhead::term {

namespace {

constexpr std::size_t kLong = 60;

}  // namespace

Lets lets(const Store& store, std::span<const TermId> roots) {
  Lets made;
  std::vector<std::string> texts(store.size());
  for (const TermId id : reachable(store, roots)) {
    const Node& node = store.at(id);
    BH_CHECK(node.op != Op::ForAll, "terms without quantifiers");
    std::vector<std::string> args;
    for (const TermId arg : node.args) args.push_back(texts[arg.index()]);
    std::string text = term_text(store, id, args);
    if (node.op != Op::Variable && text.size() > kLong) {
      const std::string name = "t!" + std::to_string(id.index());
      made.open += "(let ((" + name + " " + text + "))\n  ";
      made.close += ')';
      text = name;
    }
    texts[id.index()] = std::move(text);
  }
  for (const TermId root : roots) made.uses.push_back(texts[root.index()]);
  return made;
}

}  // namespace bulkhead::term
