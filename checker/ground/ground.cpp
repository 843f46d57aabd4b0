#include "checker/ground/ground.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "lang/base/check.h"

namespace bulkhead::ground {

using namespace bulkhead::system;

Ground::Ground(const System& system, const Scope& scope, Watch watch)
    : system_(&system), scope_(scope), bound_(system.binders.size()), watch_(std::move(watch)) {}

std::string Ground::why_spent() const {
  return circuit_.size() > kMaxGates || work_ > kMaxWork ? "the scope needs too many gates" : watch_.why();
}

Result<Ground, Refused> Ground::make(const System& system, const Scope& scope, Watch watch) {
  Ground ground(system, scope, std::move(watch));
  const auto prepared = ground.prepare();
  if (!prepared.ok()) return fail(Refused{prepared.error()});
  return ground;
}

Result<Unit, Refused> Ground::prepare() {
  if (!is_tabular(*system_)) return fail(Refused{"a function takes integers or words: it has no table"});
  for (const Term& term : system_->terms) {
    if (term.type.kind == Kind::Int) return fail(Refused{"integers have no bits"});
    for (const BinderId binder : term.binders) {
      if (!cardinality(*system_, scope_, system_->at(binder).type)) {
        return fail(Refused{"a quantifier ranges over what cannot be listed"});
      }
    }
  }
  const auto is_int = [](const auto& one) { return one.type.kind == Kind::Int; };
  if (std::any_of(system_->binders.begin(), system_->binders.end(), is_int))
    return fail(Refused{"integers have no bits"});
  for (std::size_t i = 0; i < system_->functions.size(); ++i) {
    const Function& function = system_->functions[i];
    if (function.result.kind == Kind::Int) return fail(Refused{"integers have no bits"});
    offsets_.push_back(types_.size());
    types_.resize(types_.size() + table_size(*system_, scope_, FunctionId(i)), function.result);
    rigid_.resize(types_.size(), function.change == Change::Rigid);
  }
  offsets_.push_back(types_.size());
  list_instances();
  if (is_spent()) return fail(Refused{watch_.is_over() ? watch_.why() : "there are too many instances of actions"});
  return Unit{};
}

std::size_t Ground::width(const Type& type) const {
  if (type.kind == Kind::Bits) return type.width;
  return std::max<std::size_t>(1, static_cast<std::size_t>(std::bit_width(count(type) - 1)));
}

void Ground::list_instances() {
  for (std::size_t i = 0; i < system_->actions.size(); ++i) {
    const auto& parameters = system_->actions[i].parameters;
    std::vector<BinderId> listed;
    for (const BinderId parameter : parameters) {
      if (system_->at(parameter).type.kind != Kind::Bits) listed.push_back(parameter);
    }
    each_choice(listed, [&] {
      Instance instance{ActionId(i), {}};
      for (const BinderId parameter : parameters) {
        std::uint64_t value = 0;
        if (system_->at(parameter).type.kind != Kind::Bits) is_constant(bound_[parameter.index()], value);
        instance.listed.push_back(static_cast<Value>(value));
      }
      instances_.push_back(std::move(instance));
      return !is_spent();
    });
  }
}

void Ground::each_choice(const std::vector<BinderId>& binders, const std::function<bool()>& visit) {
  std::vector<std::size_t> choice(binders.size(), 0);
  for (bool more = true; more;) {
    for (std::size_t i = 0; i < binders.size(); ++i) {
      bound_[binders[i].index()] = constant(choice[i], width(system_->at(binders[i]).type));
    }
    ++work_;
    if (!visit()) return;
    more = false;
    for (std::size_t i = binders.size(); i-- > 0 && !more;) {
      more = ++choice[i] < count(system_->at(binders[i]).type);
      if (!more) choice[i] = 0;
    }
  }
}

Bits Ground::state(const Bits* frozen) {
  Bits state;
  for (std::size_t entry = 0; entry < types_.size(); ++entry) {
    if (frozen != nullptr && rigid_[entry]) {
      state.push_back((*frozen)[entry]);
      continue;
    }
    Word word(width(types_[entry]));
    for (Bit& bit : word) bit = circuit_.input();
    state.push_back(std::move(word));
  }
  return state;
}

Bit Ground::in_range(const Bits& state) {
  Bit all = kTrue;
  for (std::size_t entry = 0; entry < types_.size(); ++entry) {
    if (types_[entry].kind == Kind::Bits) continue;
    const Word last = constant(count(types_[entry]) - 1, state[entry].size());
    all = circuit_.both(all, !less(circuit_, last, state[entry]));
  }
  return all;
}

Bit Ground::initial(const Bits& state) {
  Bit all = in_range(state);
  for (const Property& property : system_->properties) {
    if (property.kind == PropertyKind::Assumption) all = circuit_.both(all, truth(state, property.formula));
  }
  for (std::size_t i = 0; i < system_->functions.size(); ++i) {
    const Function& function = system_->functions[i];
    if (!function.initial.valid()) continue;
    std::size_t entry = offsets_[i];  // tables have their values in the order of choices
    each_choice(function.parameters, [&] {
      all = circuit_.both(all, equal(circuit_, state[entry++], term(state, function.initial)));
      return !is_spent();
    });
  }
  return system_->initially.valid() ? circuit_.both(all, truth(state, system_->initially)) : all;
}

Bit Ground::holds(const Bits& state, TermId formula) {
  return truth(state, formula);
}

std::vector<Word> Ground::words(const Instance& instance) {
  std::vector<Word> words;
  for (const BinderId parameter : system_->at(instance.action).parameters) {
    const Type& type = system_->at(parameter).type;
    Word& word = words.emplace_back(type.kind == Kind::Bits ? type.width : 0);
    for (Bit& bit : word) bit = circuit_.input();
  }
  return words;
}

Effect Ground::effect(const Bits& state, const Instance& instance, const std::vector<Word>& words) {
  const Action& action = system_->at(instance.action);
  for (std::size_t i = 0; i < action.parameters.size(); ++i) {
    const BinderId parameter = action.parameters[i];
    const auto value = static_cast<std::uint64_t>(instance.listed[i]);
    bound_[parameter.index()] = words[i].empty() ? constant(value, width(system_->at(parameter).type)) : words[i];
  }
  Effect effect{truth(state, action.guard), state};
  if (effect.fires == kFalse) return effect;
  for (const Update& update : action.updates) {
    each_choice(update.each, [&] {
      std::vector<Word> at;
      for (const TermId argument : update.at) at.push_back(term(state, argument));
      const Word written = term(state, update.value);
      for (const auto& [entry, is_place] : places(update.function, at)) {
        effect.after[entry] = choose(circuit_, is_place, written, effect.after[entry]);
      }
      return !is_spent();
    });
  }
  return effect;
}

std::vector<std::pair<std::size_t, Bit>> Ground::places(FunctionId id, const std::vector<Word>& arguments) {
  std::vector<std::pair<std::size_t, Bit>> places{{0, kTrue}};
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::size_t values = count(system_->at(id).arguments[i]);
    std::vector<std::pair<std::size_t, Bit>> longer;
    for (const auto& [entry, condition] : places) {
      for (std::size_t value = 0; value < values; ++value) {
        const Bit is_it = equal(circuit_, arguments[i], constant(value, arguments[i].size()));
        const Bit both = circuit_.both(condition, is_it);
        if (both != kFalse) longer.emplace_back(entry * values + value, both);
      }
    }
    places = std::move(longer);
    work_ += places.size();
    if (is_spent()) return {};
  }
  for (auto& [entry, condition] : places) entry += offsets_[id.index()];
  return places;
}

Word Ground::term(const Bits& state, TermId id) {
  const Term& one = system_->at(id);
  if (++work_ > kMaxWork || is_spent()) return constant(0, width(one.type));
  const auto arg = [&](std::size_t i) { return term(state, one.args[i]); };
  switch (one.op) {
    case Op::Constant:
      return constant(static_cast<std::uint64_t>(one.value), width(one.type));
    case Op::Bound:
      return bound_[one.binder.index()];
    case Op::Apply:
      return apply(state, one);
    case Op::Not:
      return {!arg(0)[0]};
    case Op::And:
      return {junction(state, one, kFalse)};
    case Op::Or:
      return {junction(state, one, kTrue)};
    case Op::IfThenElse: {
      const Word condition = arg(0), then = arg(1), otherwise = arg(2);
      return choose(circuit_, condition[0], then, otherwise);
    }
    case Op::Implies:
    case Op::Equal:
    case Op::Less:
    case Op::LessEqual:
    case Op::Add:
    case Op::Subtract:
    case Op::Multiply: {
      const Word left = arg(0), right = arg(1);  // in this order, so that circuits are the same for every compiler
      return binary(one.op, left, right);
    }
    case Op::ForAll:
      return {quantifier(state, one, kFalse)};
    case Op::Exists:
      return {quantifier(state, one, kTrue)};
  }
  BH_CHECK(false, "every operator has its case");
}

Word Ground::binary(Op op, const Word& left, const Word& right) {
  switch (op) {
    case Op::Implies:
      return {circuit_.either(!left[0], right[0])};
    case Op::Equal:
      return {equal(circuit_, left, right)};
    case Op::Less:
      return {less(circuit_, left, right)};
    case Op::LessEqual:
      return {!less(circuit_, right, left)};
    case Op::Add:
      return add(circuit_, left, right);
    case Op::Subtract:
      return subtract(circuit_, left, right);
    case Op::Multiply:
      return multiply(circuit_, left, right);
    case Op::Constant:
    case Op::Bound:
    case Op::Apply:
    case Op::Not:
    case Op::And:
    case Op::Or:
    case Op::IfThenElse:
    case Op::ForAll:
    case Op::Exists:
      break;
  }
  BH_CHECK(false, "an operator of two operands");
}

Bit Ground::junction(const Bits& state, const Term& term, Bit decisive) {
  Bit all = !decisive;
  for (const TermId part : term.args) {
    const Bit one = truth(state, part);
    all = decisive == kFalse ? circuit_.both(all, one) : circuit_.either(all, one);
    if (all == decisive) return all;
  }
  return all;
}

Bit Ground::quantifier(const Bits& state, const Term& term, Bit decisive) {
  Bit all = !decisive;
  each_choice(term.binders, [&] {
    const Bit one = truth(state, term.args[0]);
    all = decisive == kFalse ? circuit_.both(all, one) : circuit_.either(all, one);
    return all != decisive && !is_spent();
  });
  return all;
}

Word Ground::apply(const Bits& state, const Term& one) {
  std::vector<Word> arguments;
  for (const TermId argument : one.args) arguments.push_back(term(state, argument));
  Word result = constant(0, width(one.type));
  for (const auto& [entry, is_place] : places(one.function, arguments)) {
    for (std::size_t i = 0; i < result.size(); ++i) {
      result[i] = circuit_.either(result[i], circuit_.both(is_place, state[entry][i]));
    }
  }
  return result;
}

namespace {

Value number(const Word& word, const std::function<bool(Bit)>& value) {
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < word.size(); ++i) number |= std::uint64_t{value(word[i])} << i;
  return static_cast<Value>(number);
}

}  // namespace

State Ground::lift(const Bits& state, const std::function<bool(Bit)>& value) const {
  State lifted;
  for (std::size_t i = 0; i + 1 < offsets_.size(); ++i) {
    auto& table = lifted.tables.emplace_back();
    for (std::size_t entry = offsets_[i]; entry < offsets_[i + 1]; ++entry)
      table.push_back(number(state[entry], value));
  }
  return lifted;
}

Fired Ground::lift(const Instance& instance, const std::vector<Word>& words,
                   const std::function<bool(Bit)>& value) const {
  Fired fired{instance.action, instance.listed};
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (!words[i].empty()) fired.arguments[i] = number(words[i], value);
  }
  return fired;
}

}  // namespace bulkhead::ground
