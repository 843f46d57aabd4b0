#include "checker/certificate/check.h"

#include <algorithm>
#include <atomic>
#include <optional>

#include "checker/certificate/condition_smtlib.h"
#include "checker/certificate/excluded.h"
#include "checker/certificate/questions.h"
#include "checker/certificate/saturation.h"
#include "checker/certificate/theorem.h"
#include "checker/certificate/witness.h"
#include "checker/instances/refutation.h"
#include "lang/base/parallel.h"

namespace bulkhead::certificate {
namespace {

using Clock = std::chrono::steady_clock;

/// What remains to be asked for one item.
struct Pending {
  std::optional<Checked> decided;
  std::vector<std::shared_ptr<const std::string>> scripts;  // each must be unsatisfiable
  std::vector<Question> questions;                          // what is written into on sealing, and
  std::vector<std::shared_ptr<const std::string>> texts;    // the script of each; "" where it needs none
  std::vector<std::string> theorem;                         // the same for a theorem
};

Checked rejected(std::string reason) {
  return {Outcome::Rejected, std::move(reason)};
}

Pending done(Checked checked) {
  Pending pending;
  pending.decided = std::move(checked);
  return pending;
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

constexpr const char* kTimeIsUp = "the time of the run was up before the evidence was checked";

/// A theorem's conditions are shown by the hints or become scripts; runs have been replayed. `all`: every script is
/// wanted, to be written into the evidence.
Pending prepare_theorem(const ir::World& world, const obligation::Theorem& goal, const Item& item, bool all) {
  const auto needed = needed_for(world, goal, *item.verdict);
  if (!needed) return done(rejected(needed.error()));
  const auto* given = scripts_of(*item.verdict);
  Pending pending;
  if (all || (given != nullptr && !given->empty())) pending.theorem = scripts_for(*needed);
  if (given != nullptr && !given->empty() && *given != pending.theorem) {
    return done(rejected("the scripts are not those that follow from the system"));
  }
  for (std::size_t i = 0; i < needed->conditions.size(); ++i) {
    const conditions::Condition& condition = needed->conditions[i];
    const bool hinted = item.hints != nullptr && i < item.hints->size() && !item.hints->at(i).empty();
    if (hinted && !instances::objection(*needed->terms, condition, item.hints->at(i))) continue;
    pending.scripts.push_back(std::make_shared<const std::string>(
        pending.theorem.empty() ? to_smtlib(*needed->terms, condition) : pending.theorem[i]));
  }
  return pending;
}

Pending prepare(Narrowed& narrowed, const Item& item, const SolverOptions& options, bool all) {
  if (Clock::now() >= options.deadline) return done({Outcome::Unavailable, kTimeIsUp});
  const ir::World& world = narrowed.world();
  if (item.verdict == nullptr || item.claim.index() >= world.claims.size()) return done(rejected("no such claim"));
  if (is_empty_quantifier(world, item)) return done({Outcome::Accepted, ""});
  if (!exists(world, item)) return done(rejected("the claim has no such case"));
  auto basis = narrowed.basis(*item.verdict);
  if (!basis) return done(rejected(basis.error()));
  Grounds& grounds = *basis->grounds;
  const auto made = obligation::obligation(grounds.rules(), item.claim, item.instance);
  if (!made) return done(rejected(made.error().reason));
  if (const auto* theorem = std::get_if<obligation::Theorem>(&made->goal)) {
    return prepare_theorem(world, *theorem, item, all);
  }
  auto list = questions(grounds, *made, *item.verdict);
  if (!list) return done(rejected(list.error()));
  if (auto objection = check_witness(world, *made, *item.verdict)) return done(rejected(*objection));
  if (auto objection = check_saturation(grounds.world(), *made, *item.verdict)) return done(rejected(*objection));
  Pending pending;
  pending.questions = std::move(basis->questions);
  const std::size_t before = pending.questions.size();
  pending.questions.insert(pending.questions.end(), list->begin(), list->end());
  for (std::size_t i = 0; i < pending.questions.size(); ++i) {
    const Question& question = pending.questions[i];
    if (question.evidence->digest != question.asked->digest) return done(rejected("evidence about another query"));
    const auto script = i < before ? basis->before->script(question) : grounds.script(question);
    if (!script->ok()) return done(rejected(script->error()));
    std::shared_ptr<const std::string> text(script, &script->value());
    const std::string& given = question.evidence->smt2;
    if (!given.empty() && given != *text)
      return done(rejected("the script is not the one that follows from the obligation"));
    if (!trivially_empty(question.asked->query)) pending.scripts.push_back(text);
    pending.texts.push_back(std::move(text));
  }
  return pending;
}

/// Each item is prepared by one thread; what comes out does not depend on which.
std::vector<Pending> prepare_all(Narrowed& narrowed, const std::vector<Item>& items, const SolverOptions& options,
                                 bool all) {
  std::vector<Pending> pending(items.size());
  std::atomic<std::size_t> next{0};
  const auto work = [&](std::size_t) {
    for (std::size_t i = next++; i < items.size(); i = next++) pending[i] = prepare(narrowed, items[i], options, all);
  };
  in_parallel(std::min<std::size_t>(std::max(options.jobs, 1u), items.size()), work);
  return pending;
}

/// Where quantifiers leave a question open, the second solver is asked once more to look for small models: evidence
/// that is wrong is then rejected, and not merely left undecided.
Result<std::vector<Answer>> ask_again(const std::vector<std::string_view>& scripts, const SolverOptions& options) {
  auto answers = ask(scripts, options);
  if (!answers) return answers;
  std::vector<std::string> open;
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < scripts.size(); ++i) {
    if (answers->at(i) != Answer::Unknown || scripts[i].find("(declare-sort ") == std::string_view::npos) continue;
    open.push_back("(set-option :finite-model-find true)\n" + std::string(scripts[i]));
    places.push_back(i);
  }
  const auto again = ask({open.begin(), open.end()}, options);
  if (!again) return answers;  // what was open stays open
  for (std::size_t i = 0; i < places.size(); ++i) answers.value()[places[i]] = again->at(i);
  return answers;
}

/// `next`: the answer to the item's first script; afterwards, to the first of the next item.
Checked conclude(const Pending& pending, const Result<std::vector<Answer>>& answers, bool late, std::size_t& next) {
  if (pending.decided) return *pending.decided;
  Checked checked{Outcome::Accepted, ""};
  for (std::size_t i = 0; i < pending.scripts.size(); ++i) {
    const std::size_t index = next++;
    if (checked.outcome != Outcome::Accepted) continue;
    if (!answers)
      checked = {Outcome::Unavailable, late ? kTimeIsUp : answers.error().message()};
    else if (answers->at(index) == Answer::Sat)
      checked = rejected("the second solver finds a solution");
    else if (answers->at(index) == Answer::Unknown)
      checked = {Outcome::Unavailable, late ? kTimeIsUp : "the second solver gave no answer"};
  }
  return checked;
}

std::vector<Checked> ask_and_conclude(const std::vector<Pending>& pending, const SolverOptions& options) {
  std::vector<std::string_view> scripts;
  for (const Pending& one : pending) {
    for (const auto& script : one.scripts) scripts.push_back(*script);  // what is decided has none
  }
  const auto answers = ask_again(scripts, options);
  const bool late = Clock::now() >= options.deadline;
  std::vector<Checked> results;
  std::size_t next = 0;
  for (const Pending& one : pending) results.push_back(conclude(one, answers, late, next));
  return results;
}

/// `verdict` itself is the caller's to change; what points into it is const only on the way.
void write_into(const Question& question, const std::string& script) {
  auto* evidence = const_cast<verdict::QueryEvidence*>(question.evidence);
  evidence->digest = question.asked->digest;
  evidence->smt2 = script;
}
void write_into(const verdict::Verdict& verdict, const std::vector<std::string>& scripts) {
  auto* evidence = const_cast<std::vector<std::string>*>(scripts_of(verdict));
  if (evidence != nullptr) *evidence = scripts;
}

}  // namespace

std::vector<Checked> check(const ir::World& world, const std::vector<Item>& items, const SolverOptions& options) {
  Narrowed narrowed(world);
  return ask_and_conclude(prepare_all(narrowed, items, options, false), options);
}

std::vector<Checked> check_and_seal(const ir::World& world, const std::vector<Unsealed>& items,
                                    const SolverOptions& options) {
  Narrowed narrowed(world);
  std::vector<Item> to_check;
  for (const Unsealed& item : items) to_check.push_back({item.claim, item.instance, item.verdict});
  const std::vector<Pending> pending = prepare_all(narrowed, to_check, options, true);
  for (std::size_t item = 0; item < items.size(); ++item) {
    const Pending& one = pending[item];
    for (std::size_t i = 0; i < one.texts.size(); ++i) write_into(one.questions[i], *one.texts[i]);
    if (!one.theorem.empty()) write_into(*items[item].verdict, one.theorem);
  }
  return ask_and_conclude(pending, options);
}

Checked check_certificate(const ir::World& world, ir::ClaimId claim, const obligation::Instance& instance,
                          const verdict::Certificate& certificate, const SolverOptions& options) {
  const verdict::Verdict holds = verdict::Holds{certificate};
  return check(world, {{claim, instance, &holds}}, options).front();
}

void seal(const ir::World& world, ir::ClaimId claim, const obligation::Instance& instance, verdict::Verdict& verdict) {
  Narrowed narrowed(world);
  const auto basis = narrowed.basis(verdict);
  if (!basis) return;
  Grounds& grounds = *basis->grounds;
  const auto made = obligation::obligation(grounds.rules(), claim, instance);
  if (!made) return;
  if (const auto* theorem = std::get_if<obligation::Theorem>(&made->goal)) {
    if (const auto needed = needed_for(world, *theorem, verdict)) write_into(verdict, scripts_for(*needed));
    return;
  }
  const auto list = questions(grounds, *made, verdict);
  if (!list) return;
  const auto write = [](Grounds& of, const Question& question) {
    const auto script = of.script(question);
    write_into(question, script->ok() ? script->value() : question.evidence->smt2);
  };
  for (const Question& question : basis->questions) write(*basis->before, question);
  for (const Question& question : *list) write(grounds, question);
}

void unseal(verdict::Verdict& verdict) {
  if (scripts_of(verdict) != nullptr) write_into(verdict, std::vector<std::string>());
}

}  // namespace bulkhead::certificate
