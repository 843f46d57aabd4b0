#include "checker/safety/decide_clauses.h"

#include "checker/interchange/definitions.h"
#include "checker/safety/by_templates.h"
#include "checker/safety/evidence_file.h"
#include "checker/safety/race.h"
#include "checker/safety/unfolding.h"

namespace bulkhead::safety {

using interchange::Clauses;
using interchange::Missing;

namespace {

using Answer = std::variant<Satisfiable, Unsatisfiable, Unknown>;

struct Found {
  std::string engine;
  std::variant<Unknown, Derivation, ToldDefinitions> what;
  bool decides() const { return !std::holds_alternative<Unknown>(what); }
};
using Searches = Race<Found, Answer>;

Found by_spacer(const Clauses& clauses, const std::string& text, const Options& options, const std::stop_token& stop,
                const Searches::Offer& offer) {
  solver::SpacerOptions asked = spacer_options(options, stop);
  asked.steps = true;
  solver::SpacerAnswer answer = solver::ask_spacer(text, asked);
  if (answer.kind == solver::SpacerAnswer::Kind::Satisfiable) {
    // What its transformations make of the clauses is told as if it were the clauses: sometimes no model of these.
    Found told{"spacer", ToldDefinitions{answer.text}};
    if (offer(told) || stop.stop_requested()) return told;
    asked.transformed = false;
    answer = solver::ask_spacer(text, asked);
  }
  switch (answer.kind) {
    case solver::SpacerAnswer::Kind::Satisfiable:
      return {"spacer", ToldDefinitions{answer.text}};
    case solver::SpacerAnswer::Kind::Unsatisfiable:
      if (auto derivation = derived_again(clauses, answer.text, stop, options.seed)) return {"spacer", *derivation};
      return {"spacer", Unknown{kNotDerived}};
    case solver::SpacerAnswer::Kind::None:
      break;
  }
  return {"spacer", Unknown{answer.text}};
}

Found by_unfolding(const Clauses& clauses, const Options& options, const std::stop_token& stop) {
  Unfolding unfolding(clauses, stop, options.seed);
  std::string why;
  if (unfolding.search(why)) return {"unfolding", unfolding.derivation()};
  return {"unfolding", Unknown{why}};
}

Answer judged(Clauses& clauses, const Found& found, const Options& options) {
  if (const auto* unknown = std::get_if<Unknown>(&found.what)) return *unknown;
  if (const auto* told = std::get_if<ToldDefinitions>(&found.what)) {
    const auto accepted = interpreted(clauses, found.engine, *told, options);
    if (!accepted) return Unknown{accepted.error()};
    return *accepted;
  }
  const auto& derivation = std::get<Derivation>(found.what);
  if (const auto why = objection(clauses, derivation)) return Unknown{"a derivation does not replay: " + *why};
  return Unsatisfiable{derivation};
}

}  // namespace

ClauseDecision decide(Clauses& clauses, const std::string& text, const Options& options) {
  const Clauses searched = clauses;  // a copy: the arena of the other grows while answers are checked
  Searches race([&](const Found& found) { return judged(clauses, found, options); });
  return race.run(
      {[&](const std::stop_token& stop, const Searches::Offer& offer) {
         return by_spacer(searched, text, options, stop, offer);
       },
       [&](const std::stop_token& stop, const Searches::Offer&) { return by_unfolding(searched, options, stop); },
       [&](const std::stop_token& stop, const Searches::Offer&) -> Found {
         auto told = told_by_templates(searched, stop, options.seed);
         if (!told) return {kTemplates, Unknown{told.error()}};
         return {kTemplates, *told};
       }},
      options.time);
}

Result<ToldDefinitions, std::string> told_by_templates(Clauses clauses, const std::stop_token& stop,
                                                       std::uint32_t seed) {
  if (interchange::has_arrays(clauses)) return fail(std::string("there are arrays"));
  std::string why;
  const auto made = by_templates(clauses, stop, seed, why);
  if (!made) return fail(why);
  return ToldDefinitions{definitions(clauses, *made)};
}

Result<Satisfiable, std::string> interpreted(Clauses& clauses, const std::string& engine, const ToldDefinitions& told,
                                             const Options& options) {
  std::string last = "the interpretation of " + engine + " says what is not read";
  for (const auto missing : {Missing::Everywhere, Missing::Nowhere}) {
    auto interpretation = read_interpretation(clauses, told.text, missing);
    if (!interpretation) return fail(last);
    const Checked checked = check(clauses, *interpretation, options.second_solver);
    if (checked.objection.empty()) return Satisfiable{std::move(*interpretation), checked.by};
    last = "an interpretation of " + engine + " is refused: " + checked.objection;
  }
  return fail(last);
}

std::optional<Interpretation> read_interpretation(Clauses& clauses, std::string_view text, Missing missing) {
  const auto expressions = interchange::Expressions::read(text);
  if (!expressions) return std::nullopt;
  term::Store& store = clauses.store;
  auto definitions = interchange::Definitions::read(*expressions, store);
  if (!definitions) return std::nullopt;
  Interpretation made;
  bool defined = false;
  for (std::size_t i = 0; i < clauses.relations.size(); ++i) {
    Meaning meaning{{}, store.truth(missing == Missing::Everywhere)};
    const auto sorts = store.symbols().at(i).arguments;  // a copy: the arena grows
    for (std::size_t k = 0; k < sorts.size(); ++k) {
      meaning.parameters.push_back(store.variable("a" + std::to_string(i) + "." + std::to_string(k), sorts[k]));
    }
    if (definitions->has(clauses.relations[i])) {
      const auto body = definitions->of(clauses.relations[i], meaning.parameters);
      if (!body) return std::nullopt;
      meaning.formula = body->formula;
      meaning.divisions = body->divisions;
      defined = true;
    }
    made.relations.push_back(std::move(meaning));
  }
  if (!defined) return std::nullopt;
  return made;
}

}  // namespace bulkhead::safety
