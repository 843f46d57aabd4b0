#include "checker/safety/derivation.h"

#include <algorithm>

#include "checker/term/word.h"

namespace bulkhead::safety {

using interchange::Clause;
using interchange::Clauses;
using term::TermId;
using term::Word;

namespace {

/// Of evaluating: an evaluation may look at every term of the clauses.
constexpr std::size_t kMaxWork = std::size_t{1} << 33;

/// The word is a value of this sort: nothing beyond its width.
bool is_value(Word word, term::Sort sort, const term::Arrays& arrays) {
  switch (sort.kind) {
    case term::Sort::Kind::Bool:
      return word.high == 0 && word.low <= 1;
    case term::Sort::Kind::Int:
      return word.high == 0;
    case term::Sort::Kind::Bits:
      return term::cut(word, sort.width) == word;
    case term::Sort::Kind::Array: {
      if (!arrays.has(word)) return false;
      const term::Arrays::Value& value = arrays.at(word);
      const auto fits = [&](Word held) { return is_value(held, term::held_by(sort), arrays); };
      return fits(value.elsewhere) &&
             std::all_of(value.at.begin(), value.at.end(), [&](const auto& place) { return fits(place.second); });
    }
    case term::Sort::Kind::Member:
    case term::Sort::Kind::Element:
      break;
  }
  return false;
}

/// What a relation holds of, by the step that derived it.
struct Derived {
  std::optional<std::size_t> relation;  // none: the clause has no head
  std::vector<Word> values;
};

class Replay {
 public:
  Replay(const Clauses& clauses, const Derivation& derivation) : clauses_(clauses), arrays_(derivation.arrays) {}

  /// "": the step applies, and its fact is derived.
  std::string apply(const Step& step) {
    if (step.clause >= clauses_.clauses.size()) return "has no clause";
    const Clause& clause = clauses_.clauses[step.clause];
    if (step.values.size() != clause.variables.size()) return "does not have a value for each variable";
    if (step.premises.size() != clause.body.size()) return "does not have a premise for each relation";
    term::Assignment assignment;
    std::size_t next = 0;
    for (const TermId variable : clause.variables) {
      const Word value = step.values[next++];
      if (!is_value(value, clauses_.store.sort(variable), arrays_)) return "has a value of another sort";
      assignment.emplace(variable, value);
    }
    return evaluated(clause, step, assignment);
  }
  const Derived& last() const { return facts_.back(); }

 private:
  std::string evaluated(const Clause& clause, const Step& step, const term::Assignment& assignment) {
    std::vector<TermId> terms = clause.constraints;
    const auto add = [&](TermId application) {
      const auto& args = clauses_.store.at(application).args;
      terms.insert(terms.end(), args.begin(), args.end());
    };
    for (const TermId one : clause.body) add(one);
    if (clause.head.valid()) add(clause.head);
    const auto values = term::evaluate(clauses_.store, terms, assignment, &arrays_);
    if (!values) return "has integers beyond 64 bits, or too many arrays";
    auto at = values->begin();
    for (std::size_t i = 0; i < clause.constraints.size(); ++i) {
      if ((at++)->low == 0) return "does not do what the clause asks for";
    }
    const auto taken = [&](TermId application) {
      const auto count = static_cast<std::ptrdiff_t>(clauses_.store.at(application).args.size());
      const std::vector<Word> list(at, at + count);
      at += count;
      return list;
    };
    for (std::size_t i = 0; i < clause.body.size(); ++i) {
      if (step.premises[i] >= facts_.size()) return "has a premise that is not earlier";
      const Derived& premise = facts_[step.premises[i]];
      if (premise.relation != clauses_.relation(clause.body[i])) return "has a premise about another relation";
      if (premise.values != taken(clause.body[i])) return "has a premise about other values";
    }
    Derived fact;
    if (clause.head.valid()) fact = {clauses_.relation(clause.head), taken(clause.head)};
    facts_.push_back(std::move(fact));
    return "";
  }

  const Clauses& clauses_;
  term::Arrays arrays_;
  std::vector<Derived> facts_;  // by step
};

}  // namespace

std::optional<std::string> objection(const Clauses& clauses, const Derivation& derivation) {
  if (derivation.steps.empty() || derivation.steps.size() > kMaxSteps) return "it has no steps, or too many";
  if (derivation.steps.size() > kMaxWork / clauses.store.size()) return "it is too long for clauses of this size";
  Replay replay(clauses, derivation);
  for (std::size_t i = 0; i < derivation.steps.size(); ++i) {
    const std::string why = replay.apply(derivation.steps[i]);
    if (!why.empty()) return "step " + std::to_string(i) + " " + why;
  }
  if (replay.last().relation) return "the last step derives no contradiction";
  return std::nullopt;
}

}  // namespace bulkhead::safety
