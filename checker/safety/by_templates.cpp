#include "checker/safety/by_templates.h"

#include <map>
#include <utility>
#include <variant>

#include "checker/safety/template_value.h"
#include "checker/solver/solver.h"

namespace bulkhead::safety {

using interchange::Clauses;

namespace {

constexpr std::size_t kMaxQuestions = 3000;
constexpr std::size_t kMaxStore = std::size_t{1} << 21;

/// One attempt, with one choice of templates.
class Attempt {
 public:
  Attempt(Clauses& clauses, const Effort& effort, const std::stop_token& stop, std::uint32_t seed)
      : clauses_(clauses), stop_(stop), seed_(seed), thresholds_(thresholds(clauses)) {
    shapes_ = templates(clauses, effort);
    values_.resize(shapes_.size());
    for (std::size_t i = 0; i < shapes_.size(); ++i) made_.relations.push_back(meaning(i));
  }

  std::optional<Interpretation> search(std::string& why) {
    for (bool grew = true; grew;) {
      grew = false;
      for (std::size_t i = 0; i < clauses_.clauses.size(); ++i) {
        if (!clauses_.clauses[i].head.valid()) continue;
        for (Outcome one = ask(i, why); one != Outcome::True; one = ask(i, why)) {
          if (one == Outcome::Open) return std::nullopt;
          grew = true;
        }
      }
    }
    for (std::size_t i = 0; i < clauses_.clauses.size(); ++i) {
      if (!clauses_.clauses[i].head.valid() && ask(i, why) != Outcome::True) return std::nullopt;
    }
    return made_;
  }

 private:
  enum class Outcome : std::uint8_t { True, Grew, Open };

  /// Is the clause true? If not, the point that it tells of joins its head.
  Outcome ask(std::size_t clause, std::string& why) {
    if (stop_.stop_requested() || ++questions_ > kMaxQuestions || clauses_.store.size() > kMaxStore) {
      why = "too many points";
      return Outcome::Open;
    }
    const Condition needed = condition(clauses_, clause, made_);
    solver::Limits limits;
    limits.stop = stop_;
    limits.seed = seed_;
    const solver::Answer answer = solver::solve(clauses_.store, needed.all, limits);
    if (std::holds_alternative<solver::Unsat>(answer)) return Outcome::True;
    const auto* sat = std::get_if<solver::Sat>(&answer);
    const TermId head = clauses_.clauses[clause].head;
    why = sat == nullptr ? "z3 does not know" : "no sum that was tried tells enough";
    if (sat == nullptr || !head.valid()) return Outcome::Open;
    if (join(head, sat->model)) return Outcome::Grew;
    why = "a point cannot be said in 64 bits";
    return Outcome::Open;
  }

  /// Whether the relation grew.
  bool join(TermId head, const term::Assignment& model) {
    const std::size_t relation = clauses_.relation(head);
    const Template& shape = shapes_[relation];
    const term::Node applied = clauses_.store.at(head);
    const auto arguments = term::evaluate(clauses_.store, applied.args, model);
    if (!arguments) return false;
    term::Assignment point;
    for (std::size_t i = 0; i < arguments->size(); ++i) point[shape.parameters[i]] = (*arguments)[i];
    for (const interchange::IntegerDivision& one : shape.divisions) {
      const auto value = static_cast<std::int64_t>(point[one.of].low);
      point[one.rest] = {static_cast<std::uint64_t>(((value % one.by) + one.by) % one.by), 0};
    }
    const auto numbers = at(point, shape.numbers), terms = at(point, shape.terms), cases = at(point, shape.cases);
    if (!numbers || !terms || !cases) return false;
    const bool grew = values_[relation].try_emplace(*cases, shape, thresholds_).first->second.join(*numbers, *terms);
    if (grew) made_.relations[relation] = meaning(relation);
    return grew;
  }

  std::optional<std::vector<std::int64_t>> at(const term::Assignment& point, const std::vector<TermId>& terms) const {
    const auto words = term::evaluate(clauses_.store, terms, point);
    if (!words) return std::nullopt;
    std::vector<std::int64_t> made;
    for (const term::Word& word : *words) made.push_back(static_cast<std::int64_t>(word.low));
    return made;
  }

  Meaning meaning(std::size_t relation) {
    const Template& shape = shapes_[relation];
    term::Store& store = clauses_.store;
    Divisions divisions(store, relation, shape.divisions);
    std::vector<TermId> some;
    for (const auto& [cases, value] : values_[relation]) {
      std::vector<TermId> all;
      for (std::size_t i = 0; i < cases.size(); ++i) {
        all.push_back(cases[i] != 0 ? shape.cases[i] : store.negation(shape.cases[i]));
      }
      all.push_back(value.formula(store, shape, divisions));
      some.push_back(store.conjunction(std::move(all)));
    }
    return {shape.parameters, store.disjunction(std::move(some)), divisions.all()};
  }

  Clauses& clauses_;
  std::stop_token stop_;
  std::uint32_t seed_;
  std::vector<std::int64_t> thresholds_;
  std::vector<Template> shapes_;
  std::vector<std::map<std::vector<std::int64_t>, TemplateValue>> values_;  // by relation, by valuation of the cases
  Interpretation made_;
  std::size_t questions_ = 0;
};

/// Little first.
std::vector<Effort> efforts() {
  std::vector<Effort> all{{}, {.pairs = true}, {.cases = 2}, {.pairs = true, .cases = 4}};
  for (std::size_t number = 0; number < 6; ++number) all.push_back({.cases = 2, .parity = number});
  return all;
}

}  // namespace

std::optional<Interpretation> by_templates(Clauses& clauses, const std::stop_token& stop, std::uint32_t seed,
                                           std::string& why) {
  for (const Effort& effort : efforts()) {
    if (stop.stop_requested()) break;
    if (auto made = Attempt(clauses, effort, stop, seed).search(why)) return made;
  }
  return std::nullopt;
}

}  // namespace bulkhead::safety
