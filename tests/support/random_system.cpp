#include "tests/support/random_system.h"

#include <algorithm>
#include <random>

namespace bulkhead::test {

using namespace bulkhead::system;

namespace {

class Maker {
 public:
  Maker(RandomSystem& made, std::uint64_t seed, Flavour flavour)
      : made_(made), b_(made.system), random_(seed), flavour_(flavour) {}

  void make() {
    declare();
    for (std::size_t i = 0, count = 2 + below(3); i < count; ++i) action();
    if (below(3) == 0) {
      b_.property("assumed", PropertyKind::Assumption, closed(2, Reads::Rigid));
    }
    if (below(3) == 0) made_.system.initially = closed(2, Reads::All);
    if (flavour_.small) start_small();
    const PropertyId invariant = b_.property("invariant", PropertyKind::Invariant, closed(3, Reads::All));
    made_.always = {Always{invariant}, {}};
    made_.never = {Never{closed(3, Reads::All)}, {}};
    made_.leads_to = {leads_to(), {}};
    made_.leaks_nothing = {leaks_nothing(), {}};
  }

 private:
  enum class Reads : bool { Rigid, All };
  using Binders = std::vector<BinderId>;

  std::uint64_t below(std::uint64_t bound) { return random_() % bound; }
  template <typename T>
  const T& one_of(const std::vector<T>& all) {
    return all[below(all.size())];
  }

  void declare() {
    for (std::size_t i = 0, count = 1 + below(2); i < count; ++i) {
      const SortId sort = b_.sort(i == 0 ? "A" : "B");
      made_.scope.sizes.push_back(1 + static_cast<std::uint32_t>(below(2)));
      arguments_.push_back(of_sort(sort));
    }
    results_ = arguments_;
    results_.insert(results_.end(), 2, kBool);
    if (below(2) == 0) {
      const EnumId enumeration = b_.enumeration("E", {"x", "y", "z"});
      results_.push_back(of_enum(enumeration));
      arguments_.push_back(of_enum(enumeration));
    }
    if (flavour_.words) results_.insert(results_.end(), 2, bits(8));
    if (flavour_.integers) results_.insert(results_.end(), 2, kInt);
    const std::size_t count = 2 + below(3);
    for (std::size_t i = 0; i < count; ++i) function(i);
  }

  /// Integers that nothing declares start within bounds.
  void start_small() {
    std::vector<TermId> all;
    if (made_.system.initially.valid()) all.push_back(made_.system.initially);
    for (std::size_t i = 0; i < made_.system.functions.size(); ++i) {
      const Function function = made_.system.functions[i];
      if (function.result.kind != Kind::Int || function.initial.valid()) continue;
      Binders binders;
      std::vector<TermId> arguments;
      for (const Type& type : function.arguments) {
        binders.push_back(b_.binder("s", type));
        arguments.push_back(b_.bound(binders.back()));
      }
      const TermId value = b_.apply(FunctionId(i), arguments);
      const TermId within = b_.conjunction({b_.less_equal(b_.integer(-1), value), b_.less(value, b_.integer(3))});
      all.push_back(binders.empty() ? within : b_.for_all(binders, within));
    }
    if (!all.empty()) made_.system.initially = all.size() == 1 ? all[0] : b_.conjunction(all);
  }

  /// The integer, or 0 where it is not small.
  TermId kept_small(TermId value) {
    const TermId is_small = b_.conjunction({b_.less_equal(b_.integer(-3), value), b_.less_equal(value, b_.integer(4))});
    return b_.choose(is_small, value, b_.integer(0));
  }

  void function(std::size_t index) {
    const Type result = one_of(results_);
    const bool is_number = result.kind == Kind::Bits || result.kind == Kind::Int;
    std::vector<Type> types;
    for (std::size_t i = is_number ? below(2) : below(3); i > 0; --i) types.push_back(one_of(arguments_));
    const bool rigid = index > 0 && !is_number && below(3) == 0;  // the first one changes
    const std::string name(1, static_cast<char>('f' + index));
    const FunctionId id = b_.function(name, rigid ? Change::Rigid : Change::State, types, result);
    if (rigid || (!is_number && below(3) == 0)) return;
    Binders parameters;
    for (const Type& type : types) parameters.push_back(b_.binder("p", type));
    const TermId value = term(result, 1, parameters, Reads::Rigid);
    if (value.valid()) b_.initial(id, parameters, value);
  }

  /// For each sort one binder at least, so that terms of every type can be made.
  Binders some_binders() {
    Binders binders;
    for (std::size_t i = 0; i < made_.system.sorts.size(); ++i) binders.push_back(b_.binder("v", of_sort(SortId(i))));
    if (below(3) == 0) binders.push_back(b_.binder("w", one_of(arguments_)));
    return binders;
  }

  void action() {
    const Binders parameters = some_binders();
    const TermId guard = term(kBool, below(4), parameters, Reads::All);
    std::vector<Update> updates;
    for (std::size_t i = 0, count = 1 + below(2); i < count; ++i) {
      const FunctionId id(below(made_.system.functions.size()));
      if (made_.system.at(id).change == Change::State) updates.push_back(update(id, parameters));
    }
    b_.action(std::string("act") + std::to_string(made_.system.actions.size()), parameters, guard, updates);
  }

  Update update(FunctionId id, Binders binders) {
    Update update;
    update.function = id;
    const std::vector<Type> types = made_.system.at(id).arguments;
    for (const Type& type : types) {
      if (below(3) == 0) {
        update.each.push_back(b_.binder("u", type));
        update.at.push_back(b_.bound(update.each.back()));
      } else {
        update.at.push_back(term(type, below(2), binders, Reads::All));
      }
    }
    binders.insert(binders.end(), update.each.begin(), update.each.end());
    update.value = term(made_.system.at(id).result, below(3), binders, Reads::All);
    if (flavour_.small && made_.system.at(id).result == kInt) update.value = kept_small(update.value);
    return update;
  }

  TermId closed(std::size_t depth, Reads reads) {
    const Binders binders = some_binders();
    const TermId body = term(kBool, depth, binders, reads);
    return below(2) == 0 ? b_.for_all(binders, body) : b_.exists(binders, body);
  }

  LeadsTo leads_to() {
    const Binders each = some_binders();
    LeadsTo claim{each, term(kBool, 2, each, Reads::All), term(kBool, 2, each, Reads::All), {}};
    for (std::size_t i = 0; i < made_.system.actions.size(); ++i) {
      if (below(2) == 0) claim.fair.push_back({ActionId(i), below(3) == 0});
    }
    return claim;
  }

  LeaksNothing leaks_nothing() {
    const Type who = of_sort(SortId(0));
    View view;
    view.observer = b_.binder("o", who);
    Binders seen = some_binders();
    View::Item item;
    item.each = seen;
    seen.push_back(view.observer);
    item.condition = term(kBool, 1, seen, Reads::All);
    item.value = term(one_of(results_), 1, seen, Reads::All);
    view.items.push_back(item);
    made_.system.views.push_back(view);
    LeaksNothing claim{ViewId(0), b_.binder("o", who), b_.binder("d", who), {}};
    if (below(2) == 0) {
      Binders two{claim.observer, claim.source};
      const Binders inner = some_binders();
      two.insert(two.end(), inner.begin(), inner.end());
      claim.except = b_.exists(inner, term(kBool, 2, two, Reads::Rigid));
    }
    return claim;
  }

  /// A term of this type; invalid where none can be made of these binders and functions.
  TermId term(const Type& type, std::size_t depth, const Binders& binders, Reads reads) {
    if (depth > 0 && type == kBool && below(4) != 0) return formula(depth - 1, binders, reads);
    if (depth > 0 && (type.kind == Kind::Bits || type.kind == Kind::Int) && below(2) == 0) {
      const TermId left = term(type, depth - 1, binders, reads), right = term(type, depth - 1, binders, reads);
      const std::uint64_t which = below(5);
      return which == 0 ? b_.multiply(left, right) : which < 3 ? b_.subtract(left, right) : b_.add(left, right);
    }
    std::vector<TermId> leaves;
    for (const BinderId binder : binders) {
      if (made_.system.at(binder).type == type) leaves.push_back(b_.bound(binder));
    }
    for (std::size_t i = 0; i < made_.system.functions.size(); ++i) {
      const TermId applied = apply(FunctionId(i), type, binders, reads);
      if (applied.valid()) leaves.push_back(applied);
    }
    if (type == kBool) leaves.push_back(b_.truth(below(2) == 0));
    if (type.kind == Kind::Bits) leaves.push_back(b_.word(8, below(2) == 0 ? below(3) : 254 + below(2)));
    if (type.kind == Kind::Int) leaves.push_back(b_.integer(static_cast<std::int64_t>(below(4)) - 1));
    if (type.kind == Kind::Enum) leaves.push_back(b_.member(type.enumeration, below(3)));
    return leaves.empty() ? TermId() : one_of(leaves);
  }

  TermId apply(FunctionId id, const Type& type, const Binders& binders, Reads reads) {
    const Function function = made_.system.at(id);
    if (function.result != type || (reads == Reads::Rigid && function.change != Change::Rigid)) return {};
    std::vector<TermId> arguments;
    for (const Type& argument : function.arguments) {
      std::vector<TermId> leaves;
      for (const BinderId binder : binders) {
        if (made_.system.at(binder).type == argument) leaves.push_back(b_.bound(binder));
      }
      if (argument.kind == Kind::Enum) leaves.push_back(b_.member(argument.enumeration, below(3)));
      if (leaves.empty()) return {};
      arguments.push_back(one_of(leaves));
    }
    return b_.apply(id, arguments);
  }

  TermId formula(std::size_t depth, const Binders& binders, Reads reads) {
    const auto inner = [&] { return term(kBool, depth, binders, reads); };
    switch (below(8)) {
      case 0:
        return b_.negation(inner());
      case 1:
        return b_.conjunction({inner(), inner()});
      case 2:
        return b_.disjunction({inner(), inner()});
      case 3:
        return b_.implies(inner(), inner());
      case 4: {
        Binders more = binders;
        const BinderId binder = b_.binder("q", one_of(arguments_));
        more.push_back(binder);
        const TermId body = term(kBool, depth, more, reads);
        return below(2) == 0 ? b_.for_all({binder}, body) : b_.exists({binder}, body);
      }
      case 5:
        return b_.choose(inner(), inner(), inner());
      default:
        return comparison(depth, binders, reads);
    }
  }

  TermId comparison(std::size_t depth, const Binders& binders, Reads reads) {
    const Type type = one_of(results_);
    const TermId left = term(type, depth, binders, reads), right = term(type, depth, binders, reads);
    if (!left.valid() || !right.valid()) return b_.truth(true);
    const bool ordered = type.kind == Kind::Bits || type.kind == Kind::Int || type.kind == Kind::Enum;
    if (ordered && below(2) == 0) return below(2) == 0 ? b_.less(left, right) : b_.less_equal(left, right);
    return b_.equal(left, right);
  }

  RandomSystem& made_;
  Builder b_;
  std::mt19937_64 random_;
  Flavour flavour_;
  std::vector<Type> arguments_, results_;
};

class Describer {
 public:
  explicit Describer(const System& system) : system_(system) {}

  std::string all() {
    std::string text;
    for (const Function& function : system_.functions) {
      text += function.change == Change::Rigid ? "rigid " : "var ";
      text += function.name + names(function.parameters) + "/" + std::to_string(function.arguments.size());
      if (function.initial.valid()) text += " = " + term(function.initial);
      text += "\n";
    }
    if (system_.initially.valid()) text += "initially " + term(system_.initially) + "\n";
    for (const Property& property : system_.properties) text += property.name + ": " + term(property.formula) + "\n";
    for (const Action& action : system_.actions) {
      text += action.name + names(action.parameters) + " when " + term(action.guard) + "\n";
      for (const Update& update : action.updates) {
        text += "  " + names(update.each) + " " + system_.at(update.function).name + list(update.at, ", ");
        text += " := " + term(update.value) + "\n";
      }
    }
    return text;
  }

 private:
  std::string name(BinderId id) const { return system_.at(id).name + std::to_string(id.index()); }
  std::string names(const std::vector<BinderId>& binders) const {
    std::string text = "[";
    for (const BinderId binder : binders) text += name(binder) + " ";
    return text + "]";
  }
  std::string list(const std::vector<TermId>& terms, const std::string& between) const {
    std::string text = "(";
    for (std::size_t i = 0; i < terms.size(); ++i) text += (i == 0 ? "" : between) + term(terms[i]);
    return text + ")";
  }
  std::string term(TermId id) const {
    static const char* const kWords[] = {
        "", "", "", "not", " and ", " or ", " -> ", " == ", " < ", " <= ", " + ", " - ", " * ", "if", "all", "some"};
    const Term& one = system_.at(id);
    const std::string word = kWords[static_cast<std::size_t>(one.op)];
    if (one.op == Op::Constant) return std::to_string(one.value);
    if (one.op == Op::Bound) return name(one.binder);
    if (one.op == Op::Apply) return system_.at(one.function).name + list(one.args, ", ");
    if (one.op == Op::Not || one.op == Op::IfThenElse) return word + list(one.args, ", ");
    if (one.op == Op::ForAll || one.op == Op::Exists) return word + names(one.binders) + list(one.args, "");
    return list(one.args, word);
  }

  const System& system_;
};

}  // namespace

RandomSystem::RandomSystem(std::uint64_t seed, Flavour flavour) {
  Maker(*this, seed, flavour).make();
}

std::string describe(const System& system) {
  return Describer(system).all();
}

}  // namespace bulkhead::test
