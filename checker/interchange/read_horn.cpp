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

constexpr std::size_t kMaxClauses = 4096;

struct Clause {
  NodeId place = 0;
  TermId body, head;  // applications of relations; invalid: none
  std::vector<TermId> constraints;
  std::set<TermId> variables;
};

class Reader {
 public:
  explicit Reader(const Expressions& text) : text_(text), terms_(text, horn_.machine.store) {}

  Result<Horn, TextError> read() {
    for (const NodeId command : text_.roots()) {
      const auto done = read_command(command);
      if (!done) return fail(done.error());
    }
    if (clauses_.empty()) return fail(TextError{{}, "the text has no clause"});
    if (clauses_.size() > kMaxClauses) return fail(TextError{{}, "the text has too many clauses"});
    make_machine();
    if (store().size() > SmtTerms::kMaxTerms) return fail(TextError{{}, "the clauses are too large"});
    return std::move(horn_);
  }

 private:
  Machine& machine() { return horn_.machine; }
  term::Store& store() { return horn_.machine.store; }
  Failure<TextError> wrong(NodeId id, std::string reason) const {
    return fail(TextError{text_.place(id), std::move(reason)});
  }

  Result<Unit, TextError> read_command(NodeId command);
  Result<Unit, TextError> read_clause(NodeId command, NodeId formula);
  Result<Unit, TextError> take_apart(Clause& clause, TermId formula);

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

  const Expressions& text_;
  Horn horn_;
  SmtTerms terms_;
  std::vector<Clause> clauses_;
  std::map<std::pair<Sort, std::size_t>, TermId> slots_, inputs_;  // the n-th of a sort
  TermId counter_;                                                 // the location; invalid: there is one relation
  std::size_t fresh_ = 0;
};

Result<Unit, TextError> Reader::read_command(NodeId command) {
  const Expression& node = text_.at(command);
  if (!node.list || node.items.empty()) return wrong(command, "a command is needed here");
  if (text_.begins(command, "set-logic")) {
    if (node.items.size() == 2 && text_.is(node.items[1], "HORN")) return Unit{};
    return wrong(command, "the logic has to be HORN");
  }
  if (text_.begins(command, "declare-fun")) return terms_.declare(command);
  if (text_.begins(command, "define-fun")) return terms_.define(command);
  if (text_.begins(command, "assert")) {
    if (node.items.size() != 2) return wrong(command, "an assertion has one formula");
    return read_clause(command, node.items[1]);
  }
  for (const char* ignored : {"set-info", "set-option", "check-sat", "get-model", "exit"}) {
    if (text_.begins(command, ignored)) return Unit{};
  }
  return wrong(command, "this command is not read");
}

/// `(forall (...) clause)`, `(not (exists (...) body))`, or the clause alone.
Result<Unit, TextError> Reader::read_clause(NodeId command, NodeId formula) {
  Clause clause;
  clause.place = command;
  Bindings bindings;
  const bool denied = text_.begins(formula, "not") && text_.at(formula).items.size() == 2 &&
                      text_.begins(text_.at(formula).items[1], "exists");
  if (denied) formula = text_.at(formula).items[1];
  while (text_.begins(formula, denied ? "exists" : "forall")) {
    const auto& items = text_.at(formula).items;
    if (items.size() != 3 || !text_.at(items[1]).list) return wrong(formula, "a quantifier is (forall ((x S) ...) t)");
    for (const NodeId binding : text_.at(items[1]).items) {
      const auto& pair = text_.at(binding).items;
      if (pair.size() != 2 || text_.at(pair[0]).list) return wrong(binding, "a variable is (name sort)");
      const auto sort = terms_.sort(pair[1]);
      if (!sort) return fail(sort.error());
      const TermId variable = store().variable("v" + std::to_string(fresh_++), *sort);
      bindings[text_.at(pair[0]).text] = variable;
      clause.variables.insert(variable);
    }
    formula = items[2];
  }
  const auto made = terms_.term(formula, bindings);
  if (!made) return fail(made.error());
  if (store().sort(*made) != term::kBool) return wrong(formula, "a clause is a formula");
  SmtTerms::Facts facts = terms_.facts();
  clause.variables.insert(facts.variables.begin(), facts.variables.end());
  clause.constraints = std::move(facts.hold);
  const auto apart = take_apart(clause, denied ? store().negation(*made) : *made);
  if (!apart) return fail(apart.error());
  clauses_.push_back(std::move(clause));
  return Unit{};
}

/// A clause is a disjunction: relations that are denied are its body, one that is not is its head, all else denied is
/// what the body asks for.
Result<Unit, TextError> Reader::take_apart(Clause& clause, TermId formula) {
  std::vector<std::pair<TermId, bool>> open{{formula, true}};
  while (!open.empty()) {
    const auto [id, positive] = open.back();
    open.pop_back();
    const term::Node node = store().at(id);  // a copy: the arena grows
    if (node.op == Op::Not) {
      open.emplace_back(node.args[0], !positive);
    } else if ((node.op == Op::Or && positive) || (node.op == Op::And && !positive)) {
      for (const TermId arg : node.args) open.emplace_back(arg, positive);
    } else if (node.op == Op::Apply) {
      TermId& side = positive ? clause.head : clause.body;
      if (side.valid() && side != id) {
        return wrong(clause.place, positive ? "a clause has one relation as its head"
                                            : "two relations in one body: only linear clauses are read");
      }
      side = id;
    } else {
      clause.constraints.push_back(positive ? store().negation(id) : id);
    }
  }
  for (const TermId id : term::reachable(store(), clause.constraints)) {
    if (store().at(id).op == Op::Apply) return wrong(clause.place, "a relation stands where no clause has one");
  }
  return Unit{};
}

/// Relations share latches: the n-th argument of a sort is the n-th latch of that sort.
void Reader::make_relations() {
  std::vector<std::string> names(terms_.relations().size());
  for (const auto& [name, id] : terms_.relations()) names[id.index()] = std::string(name);
  for (std::size_t i = 0; i < names.size(); ++i) {
    Relation& relation = horn_.relations.emplace_back();
    relation.name = names[i];
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
bool Reader::define(Clause& clause, TermId constraint, std::map<TermId, TermId>& by) {
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

std::map<TermId, TermId> Reader::solved(Clause& clause) {
  std::map<TermId, TermId> by;
  std::vector<TermId> pending = std::exchange(clause.constraints, {});
  if (clause.body.valid()) {
    const term::Node node = store().at(clause.body);
    const auto& latches = relation_of(clause.body).arguments;
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
void Reader::plain_start(std::vector<Clause>& facts) {
  std::vector<TermId> starts;
  for (Clause& fact : facts) {
    Clause reversed = fact;
    reversed.body = fact.head;
    solved(reversed);
    starts.push_back(store().conjunction(reversed.constraints));
  }
  machine().initial = store().disjunction(std::move(starts));
}

void Reader::make_machine() {
  make_relations();
  std::vector<Clause> facts, steps, queries;
  for (Clause& clause : clauses_) {
    auto& kind = !clause.head.valid() ? queries : clause.body.valid() ? steps : facts;
    kind.push_back(std::move(clause));
  }
  const bool from_start =
      std::any_of(queries.begin(), queries.end(), [](const Clause& query) { return !query.body.valid(); });
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
    return clause.body.valid() ? relation_of(clause.body).location : start;
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
    machine().bad.push_back(
        {"line " + std::to_string(text_.place(query.place).line), at(source(query), query.constraints)});
  }
}

}  // namespace

Result<Horn, TextError> read_horn(std::string_view text) {
  const auto expressions = Expressions::read(text);
  if (!expressions) return fail(expressions.error());
  return Reader(*expressions).read();
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
    const auto body = definitions->of(relation.name, relation.arguments);
    if (!body) return std::nullopt;
    all.push_back(store.implication(relation.location, *body));
  }
  if (defined == 0) return std::nullopt;
  return store.conjunction(std::move(all));
}

}  // namespace bulkhead::interchange
