#include "checker/interchange/read_horn.h"

#include <algorithm>
#include <bit>
#include <map>
#include <set>
#include <utility>

#include "checker/interchange/definitions.h"

namespace bulkhead::interchange {

using machine::Machine;
using term::Op;
using term::Sort;
using term::TermId;

namespace {

/// The body of a linear clause; invalid: it has none.
TermId body(const Clause& clause) {
  return clause.body.empty() ? TermId() : clause.body.front();
}

class MachineMaker {
 public:
  /// Requires: the clauses are linear.
  explicit MachineMaker(Clauses clauses) : clauses_(std::move(clauses.clauses)), names_(std::move(clauses.relations)) {
    store() = std::move(clauses.store);
  }

  Horn make() {
    make_machine();
    return std::move(horn_);
  }

 private:
  Machine& machine() { return horn_.machine; }
  term::Store& store() { return horn_.machine.store; }

  void make_relations();
  void make_machine();
  /// The clause with its variables replaced by latches, by what equations say of them, and by inputs.
  std::map<TermId, TermId> solved(Clause& clause);
  bool define(Clause& clause, TermId constraint, std::map<TermId, TermId>& by);
  void plain_start(std::vector<Clause>& facts);
  const Relation& relation_of(TermId application) const { return horn_.relations[store_of().at(application).name]; }
  const term::Store& store_of() const { return horn_.machine.store; }
  TermId at(TermId location, const std::vector<TermId>& constraints) {
    std::vector<TermId> all = constraints;
    all.push_back(location);
    return store().conjunction(std::move(all));
  }

  Horn horn_;
  std::vector<Clause> clauses_;
  std::vector<std::string> names_;
  std::map<std::pair<Sort, std::size_t>, TermId> slots_, inputs_;  // the n-th of a sort
  TermId counter_;                                                 // the location; invalid: there is one relation
};

/// Relations share latches: the n-th argument of a sort is the n-th latch of that sort.
void MachineMaker::make_relations() {
  for (std::size_t i = 0; i < names_.size(); ++i) {
    Relation& relation = horn_.relations.emplace_back();
    relation.name = names_[i];
    relation.location = store().truth(true);
    std::map<Sort, std::size_t> used;
    for (const Sort sort : store().symbols()[i].arguments) {
      const std::pair slot{sort, used[sort]++};
      if (!slots_.contains(slot)) {
        const TermId latch = store().variable("s" + std::to_string(machine().state.size()), sort);
        slots_.emplace(slot, latch);
        machine().state.push_back({latch, latch});
      }
      relation.arguments.push_back(slots_.at(slot));
    }
  }
}

/// An equation that says what a variable is, of which it does not read itself.
bool MachineMaker::define(Clause& clause, TermId constraint, std::map<TermId, TermId>& by) {
  const term::Node node = store().at(constraint);
  const auto open = [&](TermId id) { return clause.variables.contains(id) && !by.contains(id); };
  if (open(constraint)) return by.emplace(constraint, store().truth(true)).second;
  if (node.op == Op::Not && open(node.args[0])) return by.emplace(node.args[0], store().truth(false)).second;
  if (node.op != Op::Equal) return false;
  for (const std::size_t i : {0u, 1u}) {
    if (!open(node.args[i])) continue;
    const TermId roots[] = {node.args[1 - i]};
    const auto parts = term::reachable(store(), roots);
    if (std::find(parts.begin(), parts.end(), node.args[i]) != parts.end()) continue;
    const std::map<TermId, TermId> single{{node.args[i], node.args[1 - i]}};
    for (auto& [variable, value] : by) value = machine::substitute(store(), value, single);
    return by.emplace(node.args[i], node.args[1 - i]).second;
  }
  return false;
}

std::map<TermId, TermId> MachineMaker::solved(Clause& clause) {
  std::map<TermId, TermId> by;
  std::vector<TermId> pending = std::exchange(clause.constraints, {});
  if (body(clause).valid()) {
    const term::Node node = store().at(body(clause));
    const auto& latches = relation_of(body(clause)).arguments;
    for (std::size_t i = 0; i < latches.size(); ++i) {
      const bool open = clause.variables.contains(node.args[i]) && by.emplace(node.args[i], latches[i]).second;
      if (!open) pending.push_back(store().equal(latches[i], node.args[i]));
    }
  }
  for (bool more = true; more;) {
    more = false;
    std::vector<TermId> rest;
    for (const TermId one : pending) {
      const TermId now = machine::substitute(store(), one, by);
      if (store().at(now).op == Op::And) {
        const auto parts = store().at(now).args;
        rest.insert(rest.end(), parts.begin(), parts.end());
        more = true;
      } else if (define(clause, now, by)) {
        more = true;
      } else if (now != store().truth(true)) {
        rest.push_back(now);
      }
    }
    pending = std::move(rest);
  }
  std::map<Sort, std::size_t> used;
  for (const TermId variable : clause.variables) {
    if (by.contains(variable)) continue;
    const Sort sort = store().sort(variable);
    const std::pair which{sort, used[sort]++};
    if (!inputs_.contains(which)) {
      const TermId input = store().variable("i" + std::to_string(machine().inputs.size()), sort);
      inputs_.emplace(which, input);
      machine().inputs.push_back(input);
    }
    const std::map<TermId, TermId> single{{variable, inputs_.at(which)}};
    for (auto& [other, value] : by) value = machine::substitute(store(), value, single);
    by.emplace(variable, inputs_.at(which));
  }
  for (const TermId one : pending) clause.constraints.push_back(machine::substitute(store(), one, by));
  return by;
}

/// Without a location: each fact says which states are initial. `facts` are solved here: a variable that is an argument
/// of the head is its latch.
void MachineMaker::plain_start(std::vector<Clause>& facts) {
  std::vector<TermId> starts;
  for (Clause& fact : facts) {
    Clause reversed = fact;
    reversed.body = {fact.head};
    solved(reversed);
    starts.push_back(store().conjunction(reversed.constraints));
  }
  machine().initial = store().disjunction(std::move(starts));
}

void MachineMaker::make_machine() {
  make_relations();
  std::vector<Clause> facts, steps, queries;
  for (Clause& clause : clauses_) {
    auto& kind = !clause.head.valid() ? queries : body(clause).valid() ? steps : facts;
    kind.push_back(std::move(clause));
  }
  const bool from_start =
      std::any_of(queries.begin(), queries.end(), [](const Clause& query) { return !body(query).valid(); });
  bool located = horn_.relations.size() != 1 || from_start;
  if (!located) {
    std::vector<Clause> copies = facts;
    plain_start(copies);
    located = !machine().inputs.empty();  // a fact has variables that its head does not show
  }
  const auto width = static_cast<std::uint16_t>(std::bit_width(static_cast<unsigned>(horn_.relations.size())));
  if (located) {
    counter_ = store().variable("s.location", term::bits(std::max<std::uint16_t>(1, width)));
    std::vector<TermId> initial{store().equal(counter_, store().constant(0, store().sort(counter_).width))};
    for (const machine::Latch& latch : machine().state) {
      const Sort sort = store().sort(latch.now);
      const TermId zero = sort == term::kBool  ? store().truth(false)
                          : sort == term::kInt ? store().number(0)
                                               : store().constant(0, sort.width);
      initial.push_back(store().equal(latch.now, zero));
    }
    machine().initial = store().conjunction(std::move(initial));
    machine().state.push_back({counter_, counter_});
    for (std::size_t i = 0; i < horn_.relations.size(); ++i) {
      horn_.relations[i].location = store().equal(counter_, store().constant(i + 1, store().sort(counter_).width));
    }
    steps.insert(steps.end(), std::make_move_iterator(facts.begin()), std::make_move_iterator(facts.end()));
  }
  const TermId start =
      located ? store().equal(counter_, store().constant(0, store().sort(counter_).width)) : store().truth(true);
  const auto source = [&](const Clause& clause) {
    return body(clause).valid() ? relation_of(body(clause)).location : start;
  };
  TermId choice;
  if (steps.size() > 1) {
    const auto bits = static_cast<std::uint16_t>(std::bit_width(static_cast<unsigned>(steps.size() - 1)));
    choice = store().variable("i.clause", term::bits(bits));
    machine().inputs.push_back(choice);
  }
  std::vector<TermId> allowed;
  std::map<TermId, TermId> next;
  for (const machine::Latch& latch : machine().state) next.emplace(latch.now, latch.now);
  for (std::size_t i = 0; i < steps.size(); ++i) {
    Clause& step = steps[i];
    const std::map<TermId, TermId> by = solved(step);
    const TermId chosen =
        choice.valid() ? store().equal(choice, store().constant(i, store().sort(choice).width)) : store().truth(true);
    step.constraints.push_back(chosen);
    allowed.push_back(at(source(step), step.constraints));
    const Relation& head = relation_of(step.head);
    const term::Node node = store().at(step.head);
    std::map<TermId, TermId> after;
    for (std::size_t k = 0; k < head.arguments.size(); ++k) {
      after[head.arguments[k]] = machine::substitute(store(), node.args[k], by);
    }
    if (located) {
      const auto place = static_cast<std::uint64_t>(&head - horn_.relations.data()) + 1;
      after[counter_] = store().constant(place, store().sort(counter_).width);
    }
    for (const auto& [latch, value] : after) next[latch] = store().ite(chosen, value, next[latch]);
  }
  for (machine::Latch& latch : machine().state) latch.next = next.at(latch.now);
  machine().allowed = store().disjunction(std::move(allowed));
  for (Clause& query : queries) {
    solved(query);
    machine().bad.push_back({"line " + std::to_string(query.place.line), at(source(query), query.constraints)});
  }
}

}  // namespace

Result<Horn, TextError> linear_machine(Clauses clauses) {
  if (const Clause* two = nonlinear(clauses)) {
    return fail(TextError{two->place, "two relations in one body: only linear clauses are a machine"});
  }
  if (has_arrays(clauses)) return fail(TextError{clauses.clauses.front().place, "clauses over arrays are no machine"});
  Horn made = MachineMaker(std::move(clauses)).make();
  if (made.machine.store.size() > SmtTerms::kMaxTerms) return fail(TextError{{}, "the clauses are too large"});
  return made;
}

Result<Horn, TextError> read_horn(std::string_view text) {
  auto clauses = read_clauses(text);
  if (!clauses) return fail(clauses.error());
  return linear_machine(std::move(clauses).value());
}

std::optional<TermId> read_interpretation(Horn& horn, std::string_view text, Missing missing) {
  const auto expressions = Expressions::read(text);
  if (!expressions) return std::nullopt;
  term::Store& store = horn.machine.store;
  auto definitions = Definitions::read(*expressions, store);
  if (!definitions) return std::nullopt;
  std::vector<TermId> all;
  std::size_t defined = 0;
  for (const Relation& relation : horn.relations) {
    if (!definitions->has(relation.name)) {
      if (missing == Missing::Nowhere) all.push_back(store.negation(relation.location));
      continue;
    }
    ++defined;
    const auto body = definitions->plain(relation.name, relation.arguments);
    if (!body) return std::nullopt;
    all.push_back(store.implication(relation.location, *body));
  }
  if (defined == 0) return std::nullopt;
  return store.conjunction(std::move(all));
}

}  // namespace bulkhead::interchange
