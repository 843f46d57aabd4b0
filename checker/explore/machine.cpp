#include "checker/explore/machine.h"

#include <algorithm>
#include <utility>

#include "lang/base/check.h"
#include "lang/system/enumerate.h"

namespace bulkhead::explore {

using namespace bulkhead::system;

Machine::Machine(const System& system, Scope scope, std::uint64_t work)
    : system_(system), scope_(std::move(scope)), limit_(work), bound_(system.binders.size(), 0) {
  for (std::size_t i = 0; i < system.functions.size(); ++i) {
    offsets_.push_back(entries_);
    entries_ += table_size(system, scope_, FunctionId(i));
    function_of_.resize(entries_, i);
    auto& dimensions = dimensions_.emplace_back();
    for (const Type& type : system.functions[i].arguments) dimensions.push_back(*cardinality(system, scope_, type));
  }
  offsets_.push_back(entries_);
  for (const Binder& binder : system.binders) {
    counts_.push_back(static_cast<Value>(cardinality(system, scope_, binder.type).value_or(0)));
  }
  list_instances();
}

void Machine::list_instances() {
  for (std::size_t i = 0; i < system_.actions.size(); ++i) {
    const auto some = instances_of(system_, scope_, ActionId(i));
    if (!some || instances_.size() + some->size() > kMaxEntries) {  // as bounded as states are
      lists_instances_ = false;
      continue;
    }
    instances_.insert(instances_.end(), some->begin(), some->end());
  }
}

const Type& Machine::type_of(std::size_t entry) const {
  return system_.functions[function_of_[entry]].result;
}

Flat Machine::flatten(const State& state) const {
  Flat flat;
  flat.reserve(entries_);
  for (const auto& table : state.tables) flat.insert(flat.end(), table.begin(), table.end());
  return flat;
}

State Machine::restore(FlatView flat) const {
  State state;
  for (std::size_t i = 0; i < system_.functions.size(); ++i) {
    const auto table = flat.subspan(offsets_[i], offsets_[i + 1] - offsets_[i]);
    state.tables.emplace_back(table.begin(), table.end());
  }
  return state;
}

Answer Machine::fire(FlatView from, std::size_t instance, Flat& to) {
  const Fired& fired = instances_[instance];
  const Action& action = system_.at(fired.action);
  for (std::size_t i = 0; i < fired.arguments.size(); ++i) bind(action.parameters[i], fired.arguments[i]);
  const Answer enabled = holds(from, action.guard);
  if (enabled != Answer::Yes) return enabled;
  to.assign(from.begin(), from.end());
  for (const Update& update : action.updates) {
    if (!write(update, to)) return Answer::Beyond;
  }
  return Answer::Yes;
}

bool Machine::write(const Update& update, Flat& to) {
  for (const BinderId binder : update.each) bound_[binder.index()] = 0;
  for (bool more = true; more;) {
    const auto index = place(update.function.index(), update.at);
    const auto written = eval(update.value);
    if (!index || !written) return false;
    to[*index] = *written;
    more = false;
    for (std::size_t i = update.each.size(); i-- > 0 && !more;) {
      Value& value = bound_[update.each[i].index()];
      more = ++value < counts_[update.each[i].index()];
      if (!more) value = 0;
    }
  }
  return true;
}

Answer Machine::holds(FlatView state, TermId formula) {
  const auto truth = value(state, formula);
  if (!truth) return Answer::Beyond;
  return *truth != 0 ? Answer::Yes : Answer::No;
}

std::optional<Value> Machine::value(FlatView state, TermId term) {
  state_ = state;
  known_ = nullptr;
  return eval(term);
}

std::optional<Value> Machine::value(FlatView state, const std::vector<bool>& known, TermId term) {
  state_ = state;
  known_ = &known;
  return eval(term);
}

/// Kleene's logic: what is not known decides nothing, and hides nothing that others decide.
Machine::Maybe Machine::eval(TermId id) {
  if (++work_ > limit_) return std::nullopt;
  const Term& term = system_.terms[id.index()];
  switch (term.op) {
    case Op::Constant:
      return term.value;
    case Op::Bound:
      return bound_[term.binder.index()];
    case Op::Apply:
      return apply(term);
    case Op::Not: {
      const Maybe inner = eval(term.args[0]);
      return inner ? Maybe(*inner == 0) : std::nullopt;
    }
    case Op::And:
      return junction(term, false);
    case Op::Or:
      return junction(term, true);
    case Op::Implies: {
      const Maybe left = eval(term.args[0]);
      if (left && *left == 0) return 1;
      const Maybe right = eval(term.args[1]);
      if (right && *right != 0) return 1;
      return left && right ? Maybe(0) : std::nullopt;
    }
    case Op::Equal:
    case Op::Less:
    case Op::LessEqual:
      return relation(term);
    case Op::Add:
    case Op::Subtract:
    case Op::Multiply:
      return arithmetic(term);
    case Op::IfThenElse: {
      const Maybe chosen = eval(term.args[0]);
      return chosen ? eval(term.args[*chosen != 0 ? 1 : 2]) : std::nullopt;
    }
    case Op::ForAll:
      return quantifier(term, false);
    case Op::Exists:
      return quantifier(term, true);
  }
  BH_CHECK(false, "every operator has its case");
}

Machine::Maybe Machine::junction(const Term& term, bool decisive) {
  bool open = false;
  for (const TermId arg : term.args) {
    const Maybe truth = eval(arg);
    if (truth && (*truth != 0) == decisive) return decisive;
    open = open || !truth;
  }
  return open ? std::nullopt : Maybe(!decisive);
}

Machine::Maybe Machine::quantifier(const Term& term, bool decisive) {
  for (const BinderId binder : term.binders) {
    if (counts_[binder.index()] == 0) return std::nullopt;
    bound_[binder.index()] = 0;
  }
  bool open = false;
  for (bool more = true; more;) {
    const Maybe truth = eval(term.args[0]);
    if (truth && (*truth != 0) == decisive) return decisive;
    open = open || !truth;
    if (is_spent()) return std::nullopt;
    more = false;
    for (std::size_t i = term.binders.size(); i-- > 0 && !more;) {
      Value& value = bound_[term.binders[i].index()];
      more = ++value < counts_[term.binders[i].index()];
      if (!more) value = 0;
    }
  }
  return open ? std::nullopt : Maybe(!decisive);
}

Machine::Maybe Machine::relation(const Term& term) {
  const Maybe left = eval(term.args[0]);
  const Maybe right = eval(term.args[1]);
  if (!left || !right) return std::nullopt;
  if (term.op == Op::Equal) return *left == *right;
  const bool is_word = system_.terms[term.args[0].index()].type.kind == Kind::Bits;
  if (term.op == Op::Less) {
    return is_word ? static_cast<std::uint64_t>(*left) < static_cast<std::uint64_t>(*right) : *left < *right;
  }
  return is_word ? static_cast<std::uint64_t>(*left) <= static_cast<std::uint64_t>(*right) : *left <= *right;
}

Machine::Maybe Machine::arithmetic(const Term& term) {
  const Maybe left = eval(term.args[0]);
  const Maybe right = eval(term.args[1]);
  if (!left || !right) return std::nullopt;
  if (term.type.kind == Kind::Bits) {
    const auto a = static_cast<std::uint64_t>(*left), b = static_cast<std::uint64_t>(*right);
    const std::uint64_t word = term.op == Op::Add ? a + b : term.op == Op::Subtract ? a - b : a * b;
    const std::uint64_t mask = term.type.width >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << term.type.width) - 1;
    return static_cast<Value>(word & mask);
  }
  Value exact = 0;
  const bool over = term.op == Op::Add        ? __builtin_add_overflow(*left, *right, &exact)
                    : term.op == Op::Subtract ? __builtin_sub_overflow(*left, *right, &exact)
                                              : __builtin_mul_overflow(*left, *right, &exact);
  return over ? std::nullopt : Maybe(exact);
}

std::optional<std::size_t> Machine::place(std::size_t function, const std::vector<TermId>& at) {
  std::size_t index = 0;
  for (std::size_t i = 0; i < at.size(); ++i) {
    const Maybe argument = eval(at[i]);
    if (!argument) return std::nullopt;
    index = index * dimensions_[function][i] + static_cast<std::size_t>(*argument);
  }
  return offsets_[function] + index;
}

Machine::Maybe Machine::apply(const Term& term) {
  const auto index = place(term.function.index(), term.args);
  if (!index || (known_ != nullptr && !(*known_)[*index])) return std::nullopt;
  return state_[*index];
}

}  // namespace bulkhead::explore
