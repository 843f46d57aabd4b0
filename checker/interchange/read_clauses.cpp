#include <algorithm>
#include <utility>

#include "checker/interchange/clauses.h"
#include "checker/interchange/smt_terms.h"

namespace bulkhead::interchange {

using term::Op;
using term::TermId;

namespace {

constexpr std::size_t kMaxClauses = 4096, kMaxBody = 64;

class Reader {
 public:
  explicit Reader(const Expressions& text) : text_(text), terms_(text, made_.store) {}

  Result<Clauses, TextError> read() {
    for (const NodeId command : text_.roots()) {
      const auto done = read_command(command);
      if (!done) return fail(done.error());
    }
    if (made_.clauses.empty()) return fail(TextError{{}, "the text has no clause"});
    const std::vector<Place> places = text_.places(asserted_);
    for (std::size_t i = 0; i < places.size(); ++i) made_.clauses[i].place = places[i];
    made_.relations.resize(terms_.relations().size());
    for (const auto& [name, id] : terms_.relations()) made_.relations[id.index()] = std::string(name);
    return std::move(made_);
  }

 private:
  term::Store& store() { return made_.store; }
  Failure<TextError> wrong(NodeId id, std::string reason) const {
    return fail(TextError{text_.place(id), std::move(reason)});
  }

  Result<Unit, TextError> read_command(NodeId command);
  Result<Unit, TextError> read_clause(NodeId command, NodeId formula);
  Result<Unit, TextError> take_apart(NodeId command, Clause& clause, TermId formula);

  const Expressions& text_;
  Clauses made_;
  SmtTerms terms_;
  std::vector<NodeId> asserted_;  // by clause
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
    if (asserted_.size() == kMaxClauses) return wrong(command, "the text has too many clauses");
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
  for (const IntegerDivision& division : terms_.divisions()) {
    clause.variables.insert({division.quotient, division.rest});
    const std::vector<TermId> hold = facts(store(), division);
    clause.constraints.insert(clause.constraints.end(), hold.begin(), hold.end());
  }
  const auto apart = take_apart(command, clause, denied ? store().negation(*made) : *made);
  if (!apart) return fail(apart.error());
  made_.clauses.push_back(std::move(clause));
  asserted_.push_back(command);
  return Unit{};
}

/// A clause is a disjunction: relations that are denied are its body, one that is not is its head, all else denied is
/// what the body asks for.
Result<Unit, TextError> Reader::take_apart(NodeId command, Clause& clause, TermId formula) {
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
      const bool known =
          positive ? clause.head == id : std::find(clause.body.begin(), clause.body.end(), id) != clause.body.end();
      if (known) continue;
      if (positive && clause.head.valid()) return wrong(command, "a clause has one relation as its head");
      if (!positive && clause.body.size() == kMaxBody) return wrong(command, "a body has at most 64 relations");
      if (positive)
        clause.head = id;
      else
        clause.body.push_back(id);
    } else {
      clause.constraints.push_back(positive ? store().negation(id) : id);
    }
  }
  std::vector<TermId> plain = clause.constraints;
  for (const TermId one : clause.body)
    plain.insert(plain.end(), store().at(one).args.begin(), store().at(one).args.end());
  if (clause.head.valid()) {
    const auto& args = store().at(clause.head).args;
    plain.insert(plain.end(), args.begin(), args.end());
  }
  for (const TermId id : term::reachable(store(), plain)) {
    if (store().at(id).op == Op::Apply) return wrong(command, "a relation stands where no clause has one");
  }
  return Unit{};
}

}  // namespace

Result<Clauses, TextError> read_clauses(std::string_view text) {
  const auto expressions = Expressions::read(text);
  if (!expressions) return fail(expressions.error());
  return Reader(*expressions).read();
}

bool has_arrays(const Clauses& clauses) {
  const auto is_array = [](term::Sort sort) { return sort.kind == term::Sort::Kind::Array; };
  for (const term::Symbol& symbol : clauses.store.symbols()) {
    if (std::any_of(symbol.arguments.begin(), symbol.arguments.end(), is_array)) return true;
  }
  for (std::size_t i = 0; i < clauses.store.size(); ++i) {
    if (is_array(clauses.store.sort(TermId{i}))) return true;
  }
  return false;
}

const Clause* nonlinear(const Clauses& clauses) {
  for (const Clause& clause : clauses.clauses) {
    if (clause.body.size() > 1) return &clause;
  }
  return nullptr;
}

}  // namespace bulkhead::interchange
