// The order of labels: chains become edges, edges are closed, and a circle is refused.
#include <algorithm>

#include "lang/types/lowering.h"

namespace bulkhead::types {
namespace {

constexpr std::size_t kMaxLabels = 1024;  // their closure is quadratic

struct Edge {
  std::size_t low = 0;
  std::size_t high = 0;
  source::Span span;  // of the higher label, where the order is said
};

/// Every label that can be reached from `start` by edges, and the edge that reached it first.
std::vector<const Edge*> reach(const std::vector<std::vector<const Edge*>>& above, std::size_t start) {
  std::vector<const Edge*> by(above.size(), nullptr);
  std::vector<std::size_t> open{start};
  while (!open.empty()) {
    const std::size_t at = open.back();
    open.pop_back();
    for (const Edge* edge : above[at]) {
      if (by[edge->high] != nullptr) continue;
      by[edge->high] = edge;
      open.push_back(edge->high);
    }
  }
  return by;
}

void report_cycle(Lowering& lowering, std::size_t start, const std::vector<const Edge*>& by) {
  std::vector<const Edge*> circle;
  for (std::size_t at = start; circle.empty() || at != start; at = by[at]->low) circle.push_back(by[at]);
  std::reverse(circle.begin(), circle.end());
  diag::Diagnostic report{Code::LabelCycle, circle.back()->span, "labels lie below each other: ", {}, "", {}};
  for (const Edge* edge : circle) {
    const std::string& low = lowering.world.labels[edge->low].name;
    const std::string& high = lowering.world.labels[edge->high].name;
    report.message += "`" + low + "` < ";
    report.labels.push_back({edge->span, "`" + low + "` < `" + high + "`"});
  }
  report.message += "`" + lowering.world.labels[start].name + "`";
  report.help = "labels that are equally secret are one label";
  lowering.sink.report(std::move(report));
}

}  // namespace

void lower_labels(Lowering& lowering) {
  std::vector<Edge> edges;
  const auto& symbols = lowering.names.symbols();
  for (std::size_t i = 0; i < symbols.size(); ++i) {
    if (symbols[i].kind != Kind::Label) continue;
    if (lowering.world.labels.size() == kMaxLabels) {
      lowering.error(Code::PolicyTooLarge, symbols[i].name.span, "more than 1024 labels in one policy");
      return;
    }
    lowering.labels[i] = ir::LabelId(lowering.world.labels.size());
    lowering.world.labels.push_back({symbols[i].name.text, {}});
  }
  for (std::size_t m = 0; m < lowering.modules.modules.size(); ++m) {
    for (const ast::Sentence& sentence : lowering.modules.modules[m].tree.sentences) {
      const auto* decl = std::get_if<ast::LabelDecl>(&sentence.form);
      if (decl == nullptr) continue;
      for (const auto& chain : decl->chains) {
        for (std::size_t k = 0; k + 1 < chain.size(); ++k) {
          const auto low = lowering.find(Space::Labels, chain[k], ModuleId(m));
          const auto high = lowering.find(Space::Labels, chain[k + 1], ModuleId(m));
          if (!low || !high) continue;
          edges.push_back(
              {lowering.labels[low->index()].index(), lowering.labels[high->index()].index(), chain[k + 1].span});
        }
      }
    }
  }
  std::vector<std::vector<const Edge*>> above(lowering.world.labels.size());
  for (const Edge& edge : edges) above[edge.low].push_back(&edge);
  bool reported = false;
  for (std::size_t i = 0; i < above.size(); ++i) {
    const std::vector<const Edge*> by = reach(above, i);
    if (by[i] != nullptr && !reported) {
      report_cycle(lowering, i, by);
      reported = true;
    }
    for (std::size_t j = 0; j < above.size(); ++j) {
      if (j == i || by[j] != nullptr) lowering.world.labels[i].below.push_back(ir::LabelId(j));
    }
  }
}

}  // namespace bulkhead::types
