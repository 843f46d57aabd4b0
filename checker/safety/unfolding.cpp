#include "checker/safety/unfolding.h"

#include <algorithm>
#include <utility>

#include "checker/machine/machine.h"

namespace bulkhead::safety {

using interchange::Clause;
using interchange::Clauses;
using term::TermId;
using term::Word;

namespace {

constexpr std::size_t kMaxWays = 4096, kMaxHeight = 1024, kMaxKnown = 64;
constexpr std::size_t kNever = kMaxHeight + 1;

}  // namespace

/// Places for facts, each with the ways in which its fact may come about.
struct Unfolding::Tree {
  struct Way {
    TermId chosen;
    std::optional<std::size_t> clause;  // none: the fact is known
    std::vector<TermId> variables;      // what stands for the clause's variables
    std::vector<std::size_t> premises;  // places
  };
  struct Place {
    std::optional<std::size_t> relation;  // none: the contradiction
    std::vector<TermId> arguments;
    std::size_t height;
    TermId wanted;
    std::vector<Way> ways = {};
  };

  Tree(const Clauses& from, const term::Arrays& values) : clauses(from), arrays(values), store(from.store) {}

  /// Whether it is small enough.
  bool grow(const std::vector<Fact>& known, const std::vector<std::size_t>& heights) {
    for (std::size_t at = 0; at < places.size(); ++at) {
      std::vector<TermId> some{store.negation(places[at].wanted)};
      for (const Fact& fact : known) {
        if (places[at].relation == fact.relation) add_known(at, fact);
      }
      for (std::size_t i = 0; i < clauses.clauses.size(); ++i) {
        if (fits(clauses.clauses[i], places[at], heights)) add_clause(at, i);
        if (fresh > kMaxWays) return false;
      }
      for (const Way& way : places[at].ways) some.push_back(way.chosen);
      constraints.push_back(store.disjunction(std::move(some)));
    }
    return true;
  }

  TermId variable(term::Sort sort) { return store.variable("u" + std::to_string(names++), sort); }

  TermId constant(Word value, term::Sort sort) {
    if (sort == term::kBool) return store.truth(value.low != 0);
    if (sort == term::kInt) return store.number(static_cast<std::int64_t>(value.low));
    if (sort.kind == term::Sort::Kind::Array) {
      const term::Arrays::Value& all = arrays.at(value);
      TermId made = store.fill(constant(all.elsewhere, held_by(sort)));
      for (const auto& [index, held] : all.at) {
        made = store.put(made, store.number(index), constant(held, held_by(sort)));
      }
      return made;
    }
    return store.constant(value, sort.width);
  }

  const Clauses& clauses;
  const term::Arrays& arrays;
  term::Store store;
  std::vector<Place> places;
  std::vector<TermId> constraints;
  std::size_t fresh = 0, names = 0;

 private:
  bool fits(const Clause& clause, const Place& place, const std::vector<std::size_t>& heights) const {
    if (place.height == 0 || clause.head.valid() != place.relation.has_value()) return false;
    if (place.relation && clauses.relation(clause.head) != *place.relation) return false;
    return std::all_of(clause.body.begin(), clause.body.end(),
                       [&](TermId one) { return heights[clauses.relation(one)] < place.height; });
  }

  TermId chosen() {
    ++fresh;
    return variable(term::kBool);
  }
  void add_known(std::size_t at, const Fact& fact) {
    std::vector<TermId> all;
    for (std::size_t i = 0; i < fact.values.size(); ++i) {
      const TermId argument = places[at].arguments[i];
      all.push_back(store.equal(argument, constant(fact.values[i], store.sort(argument))));
    }
    Way way{chosen(), std::nullopt, {}, {}};
    constraints.push_back(store.implication(way.chosen, store.conjunction(std::move(all))));
    places[at].ways.push_back(std::move(way));
  }
  void add_clause(std::size_t at, std::size_t which) {
    const Clause& clause = clauses.clauses[which];
    Way way{chosen(), which, {}, {}};
    std::map<TermId, TermId> by;
    for (const TermId one : clause.variables) {
      way.variables.push_back(variable(store.sort(one)));
      by.emplace(one, way.variables.back());
    }
    std::vector<TermId> all = machine::substitute(store, clause.constraints, by);
    if (clause.head.valid()) {
      const auto head = machine::substitute(store, clauses.store.at(clause.head).args, by);
      for (std::size_t i = 0; i < head.size(); ++i) all.push_back(store.equal(head[i], places[at].arguments[i]));
    }
    constraints.push_back(store.implication(way.chosen, store.conjunction(std::move(all))));
    for (const TermId one : clause.body) {
      way.premises.push_back(places.size());
      places.push_back({clauses.relation(one), machine::substitute(store, clauses.store.at(one).args, by),
                        places[at].height - 1, way.chosen});
    }
    places[at].ways.push_back(std::move(way));
  }
};

Unfolding::Unfolding(const Clauses& clauses, std::stop_token stop, std::uint32_t seed)
    : clauses_(clauses), stop_(std::move(stop)), seed_(seed) {}

/// The least height of a derivation of each relation, whatever the constraints say.
std::vector<std::size_t> Unfolding::heights(const std::vector<Fact>& known) const {
  std::vector<std::size_t> list(clauses_.relations.size(), kNever);
  for (const Fact& fact : known) list[fact.relation] = 0;
  for (bool more = true; more;) {
    more = false;
    for (const Clause& clause : clauses_.clauses) {
      if (!clause.head.valid()) continue;
      std::size_t height = 1;
      for (const TermId one : clause.body) height = std::max(height, list[clauses_.relation(one)] + 1);
      std::size_t& least = list[clauses_.relation(clause.head)];
      if (height >= least) continue;
      least = height;
      more = true;
    }
  }
  return list;
}

Unfolding::Outcome Unfolding::derive(const std::optional<Fact>& goal, std::size_t height,
                                     const std::vector<Fact>& known) {
  if (stop_.stop_requested() || steps_.size() >= kMaxSteps) return Outcome::GivenUp;
  Tree tree(clauses_, arrays_);
  Tree::Place root{std::nullopt, {}, height, tree.store.truth(true)};
  if (goal) {
    root.relation = goal->relation;
    const auto& sorts = clauses_.store.symbols()[goal->relation].arguments;
    for (std::size_t i = 0; i < sorts.size(); ++i) root.arguments.push_back(tree.constant(goal->values[i], sorts[i]));
  }
  tree.places.push_back(std::move(root));
  if (!tree.grow(known, heights(known))) return Outcome::GivenUp;
  solver::Limits limits;
  limits.resource = 0;
  limits.seed = seed_;
  limits.stop = stop_;
  const TermId question[] = {tree.store.conjunction(tree.constraints)};
  const auto solver = solver::make_z3(tree.store, solver::theory_of(tree.store, question), limits);
  solver->add(question[0]);
  const solver::Answer answer = solver->check();
  if (std::holds_alternative<solver::Unknown>(answer)) return Outcome::GivenUp;
  const auto* sat = std::get_if<solver::Sat>(&answer);
  if (sat == nullptr) return Outcome::None;
  keep(tree, *sat);
  return Outcome::Found;
}

/// The steps of the ways that the model chooses; equal facts are derived once.
void Unfolding::keep(const Tree& tree, const solver::Sat& sat) {
  term::Assignment model = sat.model;
  for (auto& [variable, word] : model) {
    if (tree.store.sort(variable).kind != term::Sort::Kind::Array) continue;
    const auto number = arrays_.number(sat.arrays.at(word));
    if (!number) return;
    word = *number;
  }
  struct Open {
    std::size_t place;
    const Tree::Way* way = nullptr;
    std::optional<Fact> fact = {};
    std::vector<std::size_t> premises = {};
  };
  std::vector<Open> open{{0}};
  const auto value = [&](TermId variable) {
    const auto found = model.find(variable);
    return found == model.end() ? Word{} : found->second;
  };
  std::optional<std::size_t> done;  // the step of the place that was looked at last
  while (!open.empty()) {
    Open& top = open.back();
    const Tree::Place& place = tree.places[top.place];
    if (top.way == nullptr) {
      if (place.relation) {
        const auto values = term::evaluate(tree.store, place.arguments, model, &arrays_);
        if (!values) return;
        top.fact = Fact{*place.relation, *values};
        if (const auto found = by_fact_.find(*top.fact); found != by_fact_.end()) {
          done = found->second;
          open.pop_back();
          continue;
        }
      }
      for (const Tree::Way& way : place.ways) {
        if (top.way == nullptr && way.clause && value(way.chosen).low != 0) top.way = &way;
      }
      if (top.way == nullptr || steps_.size() >= kMaxSteps) return;
      done.reset();
    }
    if (done) top.premises.push_back(*std::exchange(done, std::nullopt));
    if (top.premises.size() < top.way->premises.size()) {
      open.push_back({top.way->premises[top.premises.size()]});
      continue;
    }
    Step step{*top.way->clause, {}, std::move(top.premises)};
    for (const TermId variable : top.way->variables) step.values.push_back(value(variable));
    done = steps_.size();
    if (top.fact) by_fact_.emplace(std::move(*top.fact), *done);
    steps_.push_back(std::move(step));
    open.pop_back();
  }
}

bool Unfolding::follow(std::string_view told) {
  std::vector<Fact> recent;
  for (const ToldStep& step : read_told_steps(clauses_, told, arrays_)) {
    if (step.conclusion && by_fact_.contains(*step.conclusion)) continue;
    std::vector<Fact> known;
    for (const Fact& premise : step.premises) {
      if (by_fact_.contains(premise)) known.push_back(premise);
    }
    // More than one clause where the solver has put one for several.
    for (const std::size_t height : {1u, 2u, 4u}) {
      const Outcome outcome = derive(step.conclusion, height, known);
      if (outcome == Outcome::None) continue;
      if (outcome == Outcome::Found && !step.conclusion) return true;
      break;
    }
    if (step.conclusion) recent.push_back(*step.conclusion);
  }
  std::vector<Fact> known;
  for (auto fact = recent.rbegin(); fact != recent.rend() && known.size() < kMaxKnown; ++fact) {
    if (by_fact_.contains(*fact)) known.push_back(*fact);
  }
  for (const std::size_t height : {1u, 2u, 4u}) {
    if (derive(std::nullopt, height, known) == Outcome::Found) return true;
  }
  return false;
}

bool Unfolding::search(std::string& why) {
  // A tree of linear clauses is a list: no need to ask about each of its lengths.
  const std::size_t faster = interchange::nonlinear(clauses_) == nullptr ? 4 : kMaxHeight;
  std::size_t done = 0;
  why.clear();
  for (std::size_t height = 1; height <= kMaxHeight; height += 1 + height / faster) {
    const Outcome outcome = derive(std::nullopt, height, {});
    if (outcome == Outcome::Found) return true;
    if (outcome == Outcome::GivenUp) {
      why = stop_.stop_requested() ? "it was stopped, " : "the trees are too large, ";
      break;
    }
    done = height;
  }
  why += "none of height " + std::to_string(done);
  return false;
}

Derivation Unfolding::derivation() const {
  std::size_t last = steps_.size();
  while (last > 0 && clauses_.clauses[steps_[last - 1].clause].head.valid()) --last;
  if (last == 0) return {};
  std::vector<bool> needed(last);
  needed[last - 1] = true;
  for (std::size_t i = last; i-- > 0;) {
    if (!needed[i]) continue;
    for (const std::size_t premise : steps_[i].premises) needed[premise] = true;
  }
  Derivation made{{}, arrays_};
  std::vector<std::size_t> place(last);
  for (std::size_t i = 0; i < last; ++i) {
    if (!needed[i]) continue;
    place[i] = made.steps.size();
    Step step = steps_[i];
    for (std::size_t& premise : step.premises) premise = place[premise];
    made.steps.push_back(std::move(step));
  }
  return made;
}

std::optional<Derivation> derived_again(const Clauses& clauses, std::string_view told, std::stop_token stop,
                                        std::uint32_t seed) {
  Unfolding unfolding(clauses, std::move(stop), seed);
  if (!unfolding.follow(told)) return std::nullopt;
  return unfolding.derivation();
}

}  // namespace bulkhead::safety
