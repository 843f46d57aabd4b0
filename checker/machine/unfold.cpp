#include "checker/machine/unfold.h"

#include <algorithm>
#include <bit>
#include <functional>
#include <map>

#include "lang/base/check.h"
#include "lang/system/choices.h"

namespace bulkhead::machine {

using namespace bulkhead::system;
using TermId = term::TermId;

namespace {

constexpr std::size_t kMaxNodes = std::size_t{1} << 20;
constexpr std::size_t kMaxWork = std::size_t{1} << 24;  // terms visited

/// A name that every format takes: the number makes it unique, the rest is for people.
std::string plain(const std::string& start, const std::string& name) {
  std::string text = start + ".";
  for (const char c : name) {
    const bool kept =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
    text += kept ? c : '_';
  }
  return text;
}

class Unfolding {
 public:
  Unfolding(const System& system, const Scope& scope, Elements elements)
      : system_(system), scope_(scope), elements_(elements), bound_(system.binders.size()) {}

  Result<Unfolded, std::string> make(system::TermId formula, bool always) {
    if (!is_tabular(system_)) return fail(std::string("a function takes integers or words: it has no table"));
    for (const Term& one : system_.terms) {
      for (const BinderId binder : one.binders) {
        if (!cardinality(system_, scope_, system_.at(binder).type)) {
          return fail("`" + system_.at(binder).name + "` ranges over what cannot be listed");
        }
      }
    }
    make_latches();
    machine().initial = initial();
    make_steps();
    const TermId holds = term(formula);
    machine().bad.push_back({"claim", always ? store().negation(holds) : holds});
    if (is_spent()) return fail(std::string("the scope needs too many terms"));
    return std::move(made_);
  }

 private:
  Machine& machine() { return made_.machine; }
  term::Store& store() { return made_.machine.store; }
  bool is_spent() { return store().size() > kMaxNodes || work_ > kMaxWork; }

  term::Sort sort(const Type& type) const {
    if (type.kind == Kind::Bool) return term::kBool;
    if (type.kind == Kind::Int) return term::kInt;
    if (type.kind == Kind::Bits) return term::bits(type.width);
    return choice(*cardinality(system_, scope_, type));
  }
  /// Of one of so many.
  term::Sort choice(std::size_t values) const {
    if (elements_ == Elements::Integers) return term::kInt;
    const int width = std::bit_width(static_cast<unsigned>(values - 1));
    return term::bits(static_cast<std::uint16_t>(std::max<int>(1, width)));
  }
  TermId number(std::uint64_t value, term::Sort sort) {
    if (sort == term::kInt) return store().number(static_cast<std::int64_t>(value));
    return store().constant(value, sort.width);
  }
  TermId constant(const Type& type, Value value) {
    if (type.kind == Kind::Bool) return store().truth(value != 0);
    if (type.kind == Kind::Int) return store().number(value);
    return number(static_cast<std::uint64_t>(value), sort(type));
  }
  /// The variable is a value of its type: not all patterns of bits are.
  TermId in_range(const Type& type, TermId variable) {
    if (type.kind != Kind::Enum && type.kind != Kind::Sort) return store().truth(true);
    const auto last = static_cast<std::uint64_t>(*cardinality(system_, scope_, type)) - 1;
    const term::Sort of = sort(type);
    if (of == term::kInt) {
      return store().conjunction({store().apply(term::Op::LessEqual, {store().number(0), variable}),
                                  store().apply(term::Op::LessEqual, {variable, number(last, of)})});
    }
    if (last + 1 == std::uint64_t{1} << of.width) return store().truth(true);
    return store().apply(term::Op::UnsignedLessEqual, {variable, number(last, of)});
  }

  /// Calls `visit` for each choice of values for the binders, in order.
  void each_choice(const std::vector<BinderId>& binders, const std::function<void()>& visit) {
    const Choices choices(system_, scope_, binders);
    BH_CHECK(choices.listable(), "only what can be listed is");
    std::map<BinderId, Value> binding;
    for (bool more = choices.first(binding); more && !is_spent(); more = choices.next(binding)) {
      for (const BinderId binder : binders) {
        bound_[binder.index()] = constant(system_.at(binder).type, binding.at(binder));
      }
      ++work_;
      visit();
    }
  }

  void make_latches();
  TermId initial();
  void make_steps();
  void step(std::size_t action, std::vector<TermId>& next, std::vector<TermId>& allowed);
  TermId term(system::TermId id);
  TermId apply(const Term& one);
  TermId quantifier(const Term& one);
  TermId order(const Term& one, TermId left, TermId right);
  TermId arithmetic(const Term& one);
  TermId is_at(FunctionId function, std::size_t entry, const std::vector<TermId>& args);

  const System& system_;
  const Scope& scope_;
  Elements elements_;
  Unfolded made_;
  std::vector<TermId> bound_;  // by binder
  std::size_t work_ = 0;
};

void Unfolding::make_latches() {
  for (std::size_t i = 0; i < system_.functions.size(); ++i) {
    const Function& function = system_.functions[i];
    auto& entries = made_.entries.emplace_back();
    const std::size_t size = table_size(system_, scope_, FunctionId{i});
    for (std::size_t entry = 0; entry < size; ++entry) {
      std::string name = plain("s" + std::to_string(machine().state.size()), function.name);
      if (size > 1) name += "." + std::to_string(entry);
      const TermId now = store().variable(name, sort(function.result));
      entries.push_back(machine().state.size());
      machine().state.push_back({now, now});
    }
  }
}

TermId Unfolding::initial() {
  std::vector<TermId> all;
  for (const Property& property : system_.properties) {
    if (property.kind == PropertyKind::Assumption) all.push_back(term(property.formula));
  }
  for (std::size_t i = 0; i < system_.functions.size(); ++i) {
    const Function& function = system_.functions[i];
    for (const std::size_t latch : made_.entries[i]) {
      all.push_back(in_range(function.result, machine().state[latch].now));
    }
    if (!function.initial.valid()) continue;
    std::size_t entry = 0;  // tables have their values in the order of choices
    each_choice(function.parameters, [&] {
      all.push_back(store().equal(machine().state[made_.entries[i][entry++]].now, term(function.initial)));
    });
  }
  if (system_.initially.valid()) all.push_back(term(system_.initially));
  return store().conjunction(std::move(all));
}

void Unfolding::make_steps() {
  if (!system_.actions.empty()) {
    made_.choice = store().variable("i.action", choice(system_.actions.size()));
    machine().inputs.push_back(made_.choice);
  }
  std::vector<TermId> next, allowed;
  for (const Latch& latch : machine().state) next.push_back(latch.now);
  for (std::size_t i = 0; i < system_.actions.size() && !is_spent(); ++i) step(i, next, allowed);
  for (std::size_t i = 0; i < next.size(); ++i) machine().state[i].next = next[i];
  machine().allowed = store().disjunction(std::move(allowed));
}

/// Where this action is chosen, its effect; else what is in `next` already.
void Unfolding::step(std::size_t which, std::vector<TermId>& next, std::vector<TermId>& allowed) {
  const Action& action = system_.actions[which];
  const TermId chosen = store().equal(made_.choice, number(which, store().sort(made_.choice)));
  std::vector<TermId> fires{chosen};
  auto& parameters = made_.parameters.emplace_back();
  for (std::size_t i = 0; i < action.parameters.size(); ++i) {
    const Binder& binder = system_.at(action.parameters[i]);
    const TermId input =
        store().variable(plain("i" + std::to_string(which) + "." + std::to_string(i), action.name + "." + binder.name),
                         sort(binder.type));
    parameters.push_back(input);
    machine().inputs.push_back(input);
    bound_[action.parameters[i].index()] = input;
    fires.push_back(in_range(binder.type, input));
  }
  fires.push_back(term(action.guard));
  allowed.push_back(store().conjunction(std::move(fires)));
  std::map<std::size_t, TermId> after;  // by latch; a later update counts
  for (const Update& update : action.updates) {
    each_choice(update.each, [&] {
      std::vector<TermId> args;
      for (const system::TermId at : update.at) args.push_back(term(at));
      const TermId value = term(update.value);
      const auto& entries = made_.entries[update.function.index()];
      for (std::size_t entry = 0; entry < entries.size() && !is_spent(); ++entry) {
        const TermId here = is_at(update.function, entry, args);
        if (here == store().truth(false)) continue;
        const auto found = after.find(entries[entry]);
        const TermId before = found == after.end() ? machine().state[entries[entry]].now : found->second;
        after[entries[entry]] = store().ite(here, value, before);
      }
    });
  }
  for (const auto& [latch, value] : after) next[latch] = store().ite(chosen, value, next[latch]);
}

/// These arguments are those of the entry.
TermId Unfolding::is_at(FunctionId id, std::size_t entry, const std::vector<TermId>& args) {
  std::vector<TermId> all;
  ++work_;
  for (std::size_t i = args.size(); i-- > 0;) {
    const Type& type = system_.at(id).arguments[i];
    const std::size_t values = *cardinality(system_, scope_, type);
    all.push_back(store().equal(args[i], constant(type, static_cast<Value>(entry % values))));
    entry /= values;
  }
  return store().conjunction(std::move(all));
}

TermId Unfolding::apply(const Term& one) {
  std::vector<TermId> args;
  for (const system::TermId arg : one.args) args.push_back(term(arg));
  const auto& entries = made_.entries[one.function.index()];
  TermId value = machine().state[entries.front()].now;
  for (std::size_t entry = 1; entry < entries.size() && !is_spent(); ++entry) {
    value = store().ite(is_at(one.function, entry, args), machine().state[entries[entry]].now, value);
  }
  return value;
}

TermId Unfolding::quantifier(const Term& one) {
  std::vector<TermId> parts;
  each_choice(one.binders, [&] { parts.push_back(term(one.args[0])); });
  return one.op == Op::ForAll ? store().conjunction(std::move(parts)) : store().disjunction(std::move(parts));
}

TermId Unfolding::order(const Term& one, TermId left, TermId right) {
  const bool strict = one.op == Op::Less;
  if (store().sort(left) == term::kInt) {
    return store().apply(strict ? term::Op::Less : term::Op::LessEqual, {left, right});
  }
  return store().apply(strict ? term::Op::UnsignedLess : term::Op::UnsignedLessEqual, {left, right});
}

TermId Unfolding::arithmetic(const Term& one) {
  const bool integers = one.type.kind == Kind::Int;
  term::Op op = integers ? term::Op::Add : term::Op::BitAdd;
  if (one.op == Op::Subtract) op = integers ? term::Op::Subtract : term::Op::BitSub;
  if (one.op == Op::Multiply) op = integers ? term::Op::Multiply : term::Op::BitMul;
  TermId result = term(one.args[0]);
  for (std::size_t i = 1; i < one.args.size(); ++i) result = store().apply(op, {result, term(one.args[i])});
  return result;
}

/// Recursion is bounded by kMaxTermDepth.
TermId Unfolding::term(system::TermId id) {
  const Term& one = system_.at(id);
  if (++work_ > kMaxWork || is_spent()) return constant(one.type, 0);
  switch (one.op) {
    case Op::Constant:
      return constant(one.type, one.value);
    case Op::Bound:
      return bound_[one.binder.index()];
    case Op::Apply:
      return apply(one);
    case Op::Not:
      return store().negation(term(one.args[0]));
    case Op::And:
    case Op::Or: {
      std::vector<TermId> args;
      for (const system::TermId arg : one.args) args.push_back(term(arg));
      return one.op == Op::And ? store().conjunction(std::move(args)) : store().disjunction(std::move(args));
    }
    case Op::IfThenElse: {
      const TermId condition = term(one.args[0]), then = term(one.args[1]), otherwise = term(one.args[2]);
      return store().ite(condition, then, otherwise);
    }
    case Op::Add:
    case Op::Subtract:
    case Op::Multiply:
      return arithmetic(one);
    case Op::ForAll:
    case Op::Exists:
      return quantifier(one);
    case Op::Implies:
    case Op::Equal:
    case Op::Less:
    case Op::LessEqual:
      break;
  }
  const TermId left = term(one.args[0]), right = term(one.args[1]);
  if (one.op == Op::Implies) return store().implication(left, right);
  if (one.op == Op::Equal) return store().equal(left, right);
  return order(one, left, right);
}

}  // namespace

Result<Unfolded, std::string> unfold(const System& system, const Scope& scope, system::TermId formula, bool always,
                                     Elements elements) {
  return Unfolding(system, scope, elements).make(formula, always);
}

system::Run lift(const Unfolded& unfolded, const Scope& scope, const Run& run) {
  const auto value = [](term::Word word) { return static_cast<Value>(word.low); };
  system::Run lifted{scope, {}, {}, std::nullopt};
  for (const auto& entries : unfolded.entries) {
    auto& table = lifted.first.tables.emplace_back();
    for (const std::size_t latch : entries) table.push_back(value(run.moments.front().state[latch]));
  }
  std::map<TermId, std::size_t> place;
  for (std::size_t i = 0; i < unfolded.machine.inputs.size(); ++i) place.emplace(unfolded.machine.inputs[i], i);
  for (std::size_t at = 0; at + 1 < run.moments.size(); ++at) {
    const Moment& moment = run.moments[at];
    const auto action = static_cast<std::size_t>(moment.inputs[place.at(unfolded.choice)].low);
    Fired fired{ActionId{action}, {}};
    for (const TermId parameter : unfolded.parameters.at(action)) {
      fired.arguments.push_back(value(moment.inputs[place.at(parameter)]));
    }
    lifted.steps.push_back(std::move(fired));
  }
  return lifted;
}

}  // namespace bulkhead::machine
