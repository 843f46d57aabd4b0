#include "checker/certificate/check.h"

#include <optional>

#include "checker/certificate/cover.h"
#include "checker/certificate/questions.h"
#include "checker/certificate/smtlib.h"
#include "checker/certificate/theorem.h"
#include "checker/certificate/witness.h"
#include "lang/base/sha256.h"

namespace bulkhead::certificate {
namespace {

std::string digest_of(const obligation::Query& query) {
  return to_hex(sha256(obligation::to_text(query)));
}

/// False needs no script; a query without a root is False.
bool trivially_empty(const obligation::Query& query) {
  return query.formula.nodes.empty() || query.formula.is_false();
}

/// The script of a question: file memberships come from the atom table, once it has been checked.
Result<std::string, std::string> script(const ir::World& world, const obligation::Query& query,
                                        const verdict::AtomTable& atoms) {
  if (trivially_empty(query)) return std::string();
  if (query.plane != ir::Plane::File || query.object || query.formula.patterns.empty()) {
    if (!atoms.covers.empty()) return fail(std::string("covers that the query does not need"));
    return to_smtlib(world, query, {{}});
  }
  const auto members = memberships(world, query, atoms);
  if (!members) return fail(members.error());
  return to_smtlib(world, query, *members);
}

/// What remains to be asked for one item.
struct Pending {
  std::optional<Checked> decided;
  std::vector<std::size_t> scripts;  // into the common list
};

Checked rejected(std::string reason) {
  return {Outcome::Rejected, std::move(reason)};
}

/// An empty quantifier needs no evidence: the claim has no case at all.
bool is_empty_quantifier(const ir::World& world, const Item& item) {
  const auto* vacuous = std::get_if<verdict::Vacuous>(item.verdict);
  return vacuous != nullptr && !vacuous->evidence && obligation::instances(world, item.claim).empty();
}

bool exists(const ir::World& world, const Item& item) {
  for (const obligation::Instance& instance : obligation::instances(world, item.claim)) {
    if (instance.variable == item.instance.variable && instance.direction == item.instance.direction) return true;
  }
  return false;
}

/// A theorem's conditions are scripts of their own; runs have been replayed.
Pending prepare_theorem(const ir::World& world, const obligation::Theorem& goal, const verdict::Verdict& verdict,
                        std::vector<std::string>& scripts) {
  auto needed = theorem_scripts(world, goal, verdict);
  if (!needed) return {rejected(needed.error()), {}};
  const auto* given = scripts_of(verdict);
  if (given != nullptr && !given->empty() && *given != *needed) {
    return {rejected("the scripts are not those that follow from the system"), {}};
  }
  Pending pending;
  for (std::string& script : needed.value()) {
    pending.scripts.push_back(scripts.size());
    scripts.push_back(std::move(script));
  }
  return pending;
}

Pending prepare(const ir::World& world, const Item& item, std::vector<std::string>& scripts) {
  if (item.verdict == nullptr || item.claim.index() >= world.claims.size()) return {rejected("no such claim"), {}};
  if (is_empty_quantifier(world, item)) return {Checked{Outcome::Accepted, ""}, {}};
  if (!exists(world, item)) return {rejected("the claim has no such case"), {}};
  const auto made = obligation::obligation(world, item.claim, item.instance);
  if (!made) return {rejected(made.error().reason), {}};
  if (const auto* theorem = std::get_if<obligation::Theorem>(&made->goal)) {
    return prepare_theorem(world, *theorem, *item.verdict, scripts);
  }
  const auto list = questions(world, *made, *item.verdict);
  if (!list) return {rejected(list.error()), {}};
  if (auto objection = check_witness(world, *made, *item.verdict)) return {rejected(*objection), {}};
  Pending pending;
  for (const Question& question : *list) {
    if (question.evidence->digest != digest_of(question.query)) return {rejected("evidence about another query"), {}};
    auto text = script(world, question.query, question.evidence->atoms);
    if (!text) return {rejected(text.error()), {}};
    const std::string& given = question.evidence->smt2;
    if (!given.empty() && given != *text)
      return {rejected("the script is not the one that follows from the obligation"), {}};
    if (trivially_empty(question.query)) continue;
    pending.scripts.push_back(scripts.size());
    scripts.push_back(std::move(text).value());
  }
  return pending;
}

/// Where quantifiers leave a question open, the second solver is asked once more to look for small models: evidence
/// that is wrong is then rejected, and not merely left undecided.
Result<std::vector<Answer>> ask_again(const std::vector<std::string>& scripts, const SolverOptions& options) {
  auto answers = ask(scripts, options);
  if (!answers) return answers;
  std::vector<std::string> open;
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < scripts.size(); ++i) {
    if (answers->at(i) != Answer::Unknown || scripts[i].find("(declare-sort ") == std::string::npos) continue;
    open.push_back("(set-option :finite-model-find true)\n" + scripts[i]);
    places.push_back(i);
  }
  const auto again = ask(open, options);
  if (!again) return answers;  // what was open stays open
  for (std::size_t i = 0; i < places.size(); ++i) answers.value()[places[i]] = again->at(i);
  return answers;
}

Checked conclude(const Pending& pending, const Result<std::vector<Answer>>& answers) {
  if (pending.decided) return *pending.decided;
  for (const std::size_t index : pending.scripts) {
    if (!answers) return {Outcome::Unavailable, answers.error().message()};
    if (answers->at(index) == Answer::Sat) return rejected("the second solver finds a solution");
    if (answers->at(index) == Answer::Unknown) return {Outcome::Unavailable, "the second solver gave no answer"};
  }
  return {Outcome::Accepted, ""};
}

}  // namespace

std::vector<Checked> check(const ir::World& world, const std::vector<Item>& items, const SolverOptions& options) {
  std::vector<std::string> scripts;
  std::vector<Pending> pending;
  for (const Item& item : items) pending.push_back(prepare(world, item, scripts));
  const auto answers = ask_again(scripts, options);
  std::vector<Checked> results;
  for (const Pending& one : pending) results.push_back(conclude(one, answers));
  return results;
}

Checked check_certificate(const ir::World& world, ir::ClaimId claim, const obligation::Instance& instance,
                          const verdict::Certificate& certificate, const SolverOptions& options) {
  const verdict::Verdict holds = verdict::Holds{certificate};
  return check(world, {{claim, instance, &holds}}, options).front();
}

void seal(const ir::World& world, ir::ClaimId claim, const obligation::Instance& instance, verdict::Verdict& verdict) {
  const auto made = obligation::obligation(world, claim, instance);
  if (!made) return;
  if (const auto* theorem = std::get_if<obligation::Theorem>(&made->goal)) {
    auto* evidence = const_cast<std::vector<std::string>*>(scripts_of(verdict));  // `verdict` itself is ours to change
    auto needed = theorem_scripts(world, *theorem, verdict);
    if (evidence != nullptr && needed) *evidence = std::move(needed).value();
    return;
  }
  const auto list = questions(world, *made, verdict);
  if (!list) return;
  for (const Question& question : *list) {
    auto* evidence = const_cast<verdict::QueryEvidence*>(question.evidence);  // `verdict` itself is ours to change
    evidence->digest = digest_of(question.query);
    if (auto text = script(world, question.query, evidence->atoms)) evidence->smt2 = std::move(text).value();
  }
}

}  // namespace bulkhead::certificate
