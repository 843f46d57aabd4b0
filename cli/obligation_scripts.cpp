#include "cli/obligation_scripts.h"

#include <algorithm>

#include "checker/certificate/condition_smtlib.h"
#include "checker/certificate/cover.h"
#include "checker/certificate/smtlib.h"
#include "checker/conditions/conditions.h"
#include "checker/finite/evidence.h"
#include "checker/machine/unfold.h"
#include "checker/machine/unrolling.h"
#include "lang/ir/glob.h"

namespace bulkhead::cli {

namespace {

using Scripts = std::vector<Script>;

/// The question about this object: whether it solves the query, whatever the contexts are.
Script solved(const ir::World& world, const obligation::LabelledQuery& query, const ir::Object& object) {
  certificate::Membership members;
  for (const ir::ObjectPatterns& patterns : query.query.formula.patterns) {
    const auto* file = std::get_if<ir::FileObject>(&object);
    members.push_back(file != nullptr && std::any_of(patterns.files.begin(), patterns.files.end(),
                                                     [&](const auto& one) { return ir::pattern_matches(one, *file); }));
  }
  const bool counted = query.query.plane == ir::Plane::Syscall && !query.query.object;
  const auto memberships =
      counted ? certificate::syscall_memberships(world, query.query) : certificate::Memberships{members};
  return {query.label, "sat", certificate::to_smtlib(world, query.query, memberships)};
}

std::string number(std::uint64_t amount) {
  return std::to_string(amount);
}

/// Some part of the bound may be taken off it: the first is the bound, the others are subtracted.
Scripts sums(const obligation::Linear& goal, const std::string& status) {
  std::string text = "(set-logic QF_LIA)\n(assert (or false";
  for (const obligation::Sum& sum : goal.sums) {
    text += "\n  (> (+ 0 0";
    for (const auto& part : sum.parts) text += " " + number(part.amount);
    text += ") (- 0";
    for (std::size_t i = 0; i < sum.bound.size(); ++i) {
      text += i == 0 ? " (- " + number(sum.bound[i].amount) + ")" : " " + number(sum.bound[i].amount);
    }
    text += "))";
  }
  return {{"some sum is above its bound", status, text + "))\n(check-sat)\n"}};
}

Scripts evidence_scripts(const std::vector<verdict::QueryEvidence>& evidence, const std::string& label) {
  Scripts scripts;
  for (const verdict::QueryEvidence& query : evidence) {
    const bool trivial = query.smt2.empty();  // the query is false for want of any rule
    scripts.push_back({label, "unsat", trivial ? "(set-logic ALL)\n(assert false)\n(check-sat)\n" : query.smt2});
  }
  return scripts;
}

struct Holding {
  const ir::World& world;
  const obligation::Goal& goal;

  Scripts operator()(const verdict::EmptyEvidence& evidence) const {
    Scripts scripts = evidence_scripts(evidence.queries, "");
    const auto* empty = std::get_if<obligation::AllEmpty>(&goal);
    for (std::size_t i = 0; empty != nullptr && i < scripts.size() && i < empty->queries.size(); ++i) {
      scripts[i].label = empty->queries[i].label;
    }
    return scripts;
  }
  Scripts operator()(const verdict::WitnessEvidence& evidence) const {
    Scripts scripts;
    const auto* some = std::get_if<obligation::SomeWitness>(&goal);
    for (std::size_t i = 0; some != nullptr && i < evidence.requests.size() && i < some->queries.size(); ++i) {
      scripts.push_back(solved(world, some->queries[i], evidence.requests[i].object));
    }
    return scripts;
  }
  Scripts operator()(const verdict::ClosedEvidence& evidence) const {
    Scripts scripts = evidence_scripts(evidence.crossings, "influence leaves the closed set");
    if (scripts.empty()) {
      scripts.push_back({"no edge leaves the closed set", "unsat", "(set-logic ALL)\n(assert false)\n(check-sat)\n"});
    }
    return scripts;
  }
  Scripts operator()(const verdict::LinearEvidence&) const { return sums(std::get<obligation::Linear>(goal), "unsat"); }
  Scripts operator()(const verdict::InductiveEvidence& evidence) const { return of_texts(evidence.scripts); }
  Scripts operator()(const verdict::RankEvidence& evidence) const { return of_texts(evidence.scripts); }
  /// The clauses that were refuted.
  Scripts operator()(const verdict::ScopeEvidence& evidence) const {
    const auto& theorem = std::get<obligation::Theorem>(goal);
    const system::System& system = world.at(theorem.system);
    if (!conditions::is_invariant(theorem.theorem)) return {};
    system::Scope scope{std::vector<std::uint32_t>(system.sorts.size(), 1)};
    for (const auto& [sort, size] : theorem.theorem.bounds.sizes) scope.sizes[sort.index()] = size;
    finite::Invariant invariant{{}, evidence.k};
    for (const auto& cube : evidence.excluded) {
      auto& excluded = invariant.excluded.emplace_back();
      for (const verdict::StateBit& bit : cube) excluded.push_back({bit.entry, bit.bit, bit.value});
    }
    const auto made = finite::conditions(system, scope, finite::claim_of(system, theorem.theorem), invariant,
                                         theorem.theorem.bounds.steps);
    Scripts scripts;
    for (std::size_t i = 0; made && i < made->size(); ++i) {
      scripts.push_back({made->at(i).label, "unsat", clauses(made->at(i).clauses)});
    }
    return scripts;
  }

  static std::string clauses(const std::vector<sat::Clause>& all) {
    sat::Literal last = 0;
    std::string assertions, text = "(set-logic QF_UF)\n";
    for (const sat::Clause& clause : all) {
      assertions += "(assert (or false";
      for (const sat::Literal literal : clause) {
        const sat::Literal variable = literal < 0 ? -literal : literal;
        last = std::max(last, variable);
        assertions += (literal < 0 ? " (not v" : " v") + std::to_string(variable) + (literal < 0 ? ")" : "");
      }
      assertions += "))\n";
    }
    for (sat::Literal variable = 1; variable <= last; ++variable) {
      text += "(declare-const v" + std::to_string(variable) + " Bool)\n";
    }
    return text + assertions + "(check-sat)\n";
  }

  static Scripts of_texts(const std::vector<std::string>& texts) {
    Scripts scripts;
    for (const std::string& text : texts) scripts.push_back({"", "unsat", text});
    return scripts;
  }
};

/// From an initial state so many steps lead to a violation, in the scope of the run.
Scripts unrolled(const system::System& system, const system::Theorem& theorem, const system::Run& run) {
  const bool single = std::holds_alternative<system::Always>(theorem.statement) ||
                      std::holds_alternative<system::Never>(theorem.statement);
  if (!single) return {};
  const finite::Claim claim = finite::claim_of(system, theorem);
  auto unfolded = machine::unfold(system, run.scope, claim.formula, claim.always);
  if (!unfolded) return {};
  const auto assertions = machine::unrolled(unfolded.value().machine, run.steps.size());
  return {{"a violation after " + std::to_string(run.steps.size()) + " steps", "sat",
           term::to_smt2(unfolded->machine.store, assertions)}};
}

/// Base, step and implication over everything that the model says of itself.
Scripts conditions_of(const system::System& system, const system::Theorem& theorem) {
  if (!conditions::is_invariant(theorem)) return {};
  conditions::Terms terms(system);
  std::vector<conditions::Conjunct> conjuncts;
  for (const system::Property& property : system.properties) {
    if (property.kind != system::PropertyKind::Assumption) conjuncts.push_back({property.name, property.formula});
  }
  Scripts scripts;
  const auto add = [&](const conditions::Condition& condition) {
    if (condition.trivial) return;
    scripts.push_back({condition.label, "unknown", certificate::to_smtlib(terms, condition)});
  };
  for (const conditions::Conjunct& conjunct : conjuncts) {
    add(conditions::base(terms, conjunct));
    for (std::size_t i = 0; i < system.actions.size(); ++i) {
      add(conditions::step(terms, conjuncts, system::ActionId{i}, conjunct));
    }
  }
  add(conditions::implication(terms, conjuncts, conditions::claimed(terms, theorem)));
  return scripts;
}

struct Judged {
  const ir::World& world;
  const obligation::Goal& goal;

  /// What conditions can never come to, which the scripts of the claim itself leave out.
  Scripts with_excluded(Scripts scripts, const std::optional<verdict::ExclusionEvidence>& excluded) const {
    for (std::size_t i = 0; excluded && i < excluded->never.size(); ++i) {
      const ir::Possession& what = world.at(excluded->never[i].what);
      const std::string label = world.at(what.holder).name + " holds " + std::string(ir::to_string(what.right)) +
                                " on " + what.name + ", which a condition asks for";
      const Scripts one = evidence_scripts({excluded->never[i].query}, label);
      scripts.insert(scripts.end(), one.begin(), one.end());
    }
    return scripts;
  }

  Scripts operator()(const verdict::Holds& holds) const {
    return with_excluded(std::visit(Holding{world, goal}, holds.certificate.evidence), holds.certificate.excluded);
  }
  Scripts operator()(const verdict::Violated& violated) const {
    if (violated.negation) {
      return with_excluded(evidence_scripts(violated.negation->queries, "a solution of what has none"),
                           violated.excluded);
    }
    if (std::holds_alternative<obligation::Linear>(goal)) return sums(std::get<obligation::Linear>(goal), "sat");
    if (const auto* theorem = std::get_if<obligation::Theorem>(&goal)) {
      if (violated.trace.runs.size() != 1) return {};
      return unrolled(world.at(theorem->system), theorem->theorem, violated.trace.runs.front());
    }
    const auto* empty = std::get_if<obligation::AllEmpty>(&goal);
    const bool shown = !violated.trace.steps.empty() && !violated.trace.steps.front().requests.empty();
    if (empty == nullptr || !shown || violated.query >= empty->queries.size()) return {};
    return {solved(world, empty->queries[violated.query], violated.trace.steps.front().requests.front().object)};
  }
  Scripts operator()(const verdict::Vacuous& vacuous) const {
    if (vacuous.inductive) return Holding::of_texts(vacuous.inductive->scripts);
    return vacuous.evidence ? evidence_scripts({*vacuous.evidence}, vacuous.reason) : Scripts{};
  }
  Scripts operator()(const verdict::Unknown&) const {
    const auto* theorem = std::get_if<obligation::Theorem>(&goal);
    return theorem == nullptr ? Scripts{} : conditions_of(world.at(theorem->system), theorem->theorem);
  }
};

}  // namespace

Scripts obligation_scripts(const ir::World& world, ir::ClaimId claim, const query::CaseResult& item) {
  const auto made = obligation::obligation(world, claim, item.instance);
  if (!made) return {};
  return std::visit(Judged{world, made->goal}, item.verdict);
}

}  // namespace bulkhead::cli
