#include "checker/certificate/system_fields.h"

#include "lang/system/term.h"

namespace bulkhead::certificate {

void put(Writer& w, const std::vector<system::Value>& values) {
  w.number(values.size());
  for (const system::Value value : values) w.number(static_cast<std::uint64_t>(value));
}

std::vector<system::Value> get_values(Scanner& s) {
  std::vector<system::Value> values;
  for (std::size_t n = s.count(); n > 0 && !s.failed(); --n) values.push_back(static_cast<system::Value>(s.number()));
  return values;
}

void put(Writer& w, const std::vector<system::Run>& runs) {
  w.word("runs");
  w.number(runs.size());
  for (const system::Run& run : runs) {
    w.word("scope");
    w.number(run.scope.sizes.size());
    for (const std::uint32_t size : run.scope.sizes) w.number(size);
    w.word("state");
    w.number(run.first.tables.size());
    for (const auto& table : run.first.tables) put(w, table);
    w.word("fired");
    w.number(run.steps.size());
    for (const system::Fired& fired : run.steps) {
      w.id(fired.action);
      put(w, fired.arguments);
    }
    w.word("loop");
    w.number(run.loop ? 1 + *run.loop : 0);
  }
}

namespace {

system::Run get_run(Scanner& s) {
  system::Run run;
  s.word("scope");
  for (std::size_t n = s.count(); n > 0 && !s.failed(); --n) {
    run.scope.sizes.push_back(static_cast<std::uint32_t>(s.number(~std::uint32_t{0})));
  }
  s.word("state");
  for (std::size_t n = s.count(); n > 0 && !s.failed(); --n) run.first.tables.push_back(get_values(s));
  s.word("fired");
  for (std::size_t n = s.count(); n > 0 && !s.failed(); --n) {
    const auto action = s.id<system::ActionId>();
    run.steps.push_back({action, get_values(s)});
  }
  s.word("loop");
  if (const auto loop = s.number(); loop > 0) run.loop = static_cast<std::size_t>(loop - 1);
  return run;
}

}  // namespace

std::vector<system::Run> get_runs(Scanner& s) {
  std::vector<system::Run> runs;
  s.word("runs");
  for (std::size_t n = s.count(); n > 0 && !s.failed(); --n) runs.push_back(get_run(s));
  return runs;
}

void put(Writer& w, const system::Type& type) {
  w.number(static_cast<std::uint64_t>(type.kind));
  w.number(type.width);
  w.id(type.enumeration);
  w.id(type.sort);
}

system::Type get_type(Scanner& s) {
  system::Type type;
  type.kind = static_cast<system::Kind>(s.number(static_cast<std::uint64_t>(system::Kind::Sort)));
  type.width = static_cast<std::uint8_t>(s.number(64));
  type.enumeration = s.id<system::EnumId>();
  type.sort = s.id<system::SortId>();
  return type;
}

namespace {

template <typename T>
void put_ids(Writer& w, const std::vector<T>& ids) {
  w.number(ids.size());
  for (const T id : ids) w.id(id);
}

template <typename T>
std::vector<T> get_ids(Scanner& s) {
  std::vector<T> ids;
  for (std::size_t n = s.count(); n > 0 && !s.failed(); --n) ids.push_back(s.id<T>());
  return ids;
}

}  // namespace

void put(Writer& w, const system::Formula& formula) {
  w.word("formula");
  w.number(formula.binders.size());
  for (const system::Binder& binder : formula.binders) {
    w.text(binder.name);
    put(w, binder.type);
  }
  w.number(formula.terms.size());
  for (const system::Term& term : formula.terms) {
    w.word("term");
    w.number(static_cast<std::uint64_t>(term.op));
    put(w, term.type);
    w.number(static_cast<std::uint64_t>(term.value));
    w.id(term.function);
    w.id(term.binder);
    put_ids(w, term.binders);
    put_ids(w, term.args);
  }
}

system::Formula get_formula(Scanner& s) {
  system::Formula formula;
  s.word("formula");
  for (std::size_t n = s.count(); n > 0 && !s.failed(); --n) {
    std::string name = s.text();
    formula.binders.push_back({std::move(name), get_type(s)});
  }
  for (std::size_t n = s.count(); n > 0 && !s.failed(); --n) {
    s.word("term");
    system::Term term;
    term.op = static_cast<system::Op>(s.number(static_cast<std::uint64_t>(system::Op::Exists)));
    term.type = get_type(s);
    term.value = static_cast<std::int64_t>(s.number());
    term.function = s.id<system::FunctionId>();
    term.binder = s.id<system::BinderId>();
    term.binders = get_ids<system::BinderId>(s);
    term.args = get_ids<system::TermId>(s);
    formula.terms.push_back(std::move(term));
  }
  return formula;
}

void put(Writer& w, const std::vector<verdict::Conjunct>& conjuncts) {
  w.word("conjuncts");
  w.number(conjuncts.size());
  for (const verdict::Conjunct& conjunct : conjuncts) {
    w.number(static_cast<std::uint64_t>(conjunct.from));
    w.text(conjunct.text);
    if (conjunct.from == verdict::Conjunct::From::Inferred) put(w, conjunct.formula);
  }
}

std::vector<verdict::Conjunct> get_conjuncts(Scanner& s) {
  std::vector<verdict::Conjunct> conjuncts;
  s.word("conjuncts");
  for (std::size_t n = s.count(); n > 0 && !s.failed(); --n) {
    const auto from = static_cast<verdict::Conjunct::From>(s.number(2));
    conjuncts.push_back({from, s.text()});
    if (from == verdict::Conjunct::From::Inferred) conjuncts.back().formula = get_formula(s);
  }
  return conjuncts;
}

}  // namespace bulkhead::certificate
