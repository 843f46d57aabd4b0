#include "checker/conditions/sort_graph.h"

#include <map>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

namespace bulkhead::conditions {
namespace {

using system::Kind;
using system::Op;
using system::SortId;
using system::System;
using system::Term;

/// A term with how it stands in the condition: its sign, and the universal variables around it.
struct Visit {
  TermId term;
  bool positive = false;
  bool negative = false;
  std::set<BinderId> universal;
};

class SortGraph {
 public:
  explicit SortGraph(const System& system) : system_(system) {}

  void add(TermId root, bool positive) {
    std::vector<Visit> open{{root, positive, !positive, {}}};
    while (!open.empty()) {
      Visit visit = std::move(open.back());
      open.pop_back();
      const auto key = std::tuple(visit.term, visit.positive, visit.negative, visit.universal);
      if (!seen_.insert(key).second || seen_.size() > kMaxVisits) continue;
      expand(visit, open);
    }
  }

  std::optional<std::string> outside() const {
    if (numbers_) return numbers_;
    for (std::size_t i = 0; i < system_.sorts.size(); ++i) {
      if (auto circle = circle_from(SortId{i})) return circle;
    }
    return std::nullopt;
  }

 private:
  static constexpr std::size_t kMaxVisits = 200'000;
  using Edges = std::map<SortId, std::string>;  // where to, and why

  void expand(Visit& visit, std::vector<Visit>& open) {
    const Term& term = system_.at(visit.term);
    if (term.op == Op::Apply) add_function(term.function);
    if (term.op == Op::ForAll || term.op == Op::Exists) {
      const bool for_all = term.op == Op::ForAll;
      if (for_all ? visit.negative : visit.positive) add_existential(term, visit.universal);
      if (for_all ? visit.positive : visit.negative) {
        for (const BinderId binder : term.binders) add_universal(binder, visit.universal);
      }
    }
    for (std::size_t i = 0; i < term.args.size(); ++i) {
      Visit next{term.args[i], visit.positive, visit.negative, visit.universal};
      if (term.op == Op::Not || (term.op == Op::Implies && i == 0)) std::swap(next.positive, next.negative);
      const bool both = term.op == Op::Equal || (term.op == Op::IfThenElse && i == 0) || term.op == Op::Apply;
      if (both) next.positive = next.negative = true;
      open.push_back(std::move(next));
    }
  }

  void add_function(FunctionId id) {
    const system::Function& function = system_.at(id);
    if (function.result.kind != Kind::Sort) return;
    for (const system::Type& type : function.arguments) {
      if (type.kind == Kind::Sort) edges_[type.sort].emplace(function.result.sort, "by `" + function.name + "`");
    }
  }

  void add_existential(const Term& term, const std::set<BinderId>& universal) {
    for (const BinderId binder : term.binders) {
      const system::Binder& made = system_.at(binder);
      if (made.type.kind != Kind::Sort) continue;
      for (const BinderId outer : universal) {
        const system::Binder& around = system_.at(outer);
        if (around.type.kind != Kind::Sort) continue;
        edges_[around.type.sort].emplace(made.type.sort, "by `" + made.name + "` under `" + around.name + "`");
      }
    }
  }

  void add_universal(BinderId binder, std::set<BinderId>& universal) {
    universal.insert(binder);
    if (system_.at(binder).type.kind == Kind::Int && !numbers_) {
      numbers_ = "`" + system_.at(binder).name + "` ranges over integers";
    }
  }

  /// A shortest way from a sort back to itself.
  std::optional<std::string> circle_from(SortId start) const {
    std::map<SortId, std::string> ways{{start, ""}};
    std::vector<SortId> open{start};
    for (std::size_t at = 0; at < open.size(); ++at) {
      const auto found = edges_.find(open[at]);
      if (found == edges_.end()) continue;
      for (const auto& [to, why] : found->second) {
        const std::string& so_far = ways.at(open[at]);
        const std::string way = so_far + (so_far.empty() ? "" : ", ") + system_.at(open[at]).name + " -> " +
                                system_.at(to).name + " (" + why + ")";
        if (to == start) return way;
        if (ways.emplace(to, way).second) open.push_back(to);
      }
    }
    return std::nullopt;
  }

  const System& system_;
  std::map<SortId, Edges> edges_;
  std::optional<std::string> numbers_;
  std::set<std::tuple<TermId, bool, bool, std::set<BinderId>>> seen_;
};

}  // namespace

std::optional<std::string> outside_fragment(const Terms& terms, const Condition& condition) {
  SortGraph graph(terms.system());
  for (const TermId hypothesis : condition.hypotheses) graph.add(hypothesis, true);
  graph.add(condition.goal, false);
  return graph.outside();
}

}  // namespace bulkhead::conditions
