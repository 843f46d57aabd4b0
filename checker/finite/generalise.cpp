#include "checker/finite/generalise.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <optional>
#include <set>
#include <utility>

namespace bulkhead::finite {

using namespace bulkhead::system;

namespace {

/// An atom about elements by their numbers, before they become variables.
struct Ground {
  FunctionId function;
  std::vector<Value> arguments, values;
  friend auto operator<=>(const Ground&, const Ground&) = default;
};
using Names = std::vector<std::vector<Value>>;  // by sort: the new names of its elements

class Generaliser {
 public:
  Generaliser(const System& system, const Scope& scope) : system_(system), scope_(scope) {
    for (std::size_t i = 0; i < system.functions.size(); ++i) {
      first_.push_back(entries_.size());
      for (std::size_t j = table_size(system, scope, FunctionId(i)); j > 0; --j) entries_.emplace_back(i);
    }
  }

  std::vector<Excluded> run(const std::vector<Cube>& cubes) {
    std::set<std::vector<Ground>> seen;
    std::set<Excluded> found;
    for (const Cube& cube : cubes) {
      const auto atoms = read(cube);
      if (!atoms || !seen.insert(least_renaming(*atoms)).second) continue;
      for (const bool among : {true, false}) found.insert(with_variables(least_renaming(*atoms), among));
    }
    return {found.begin(), found.end()};
  }

 private:
  /// The values that each entry of the cube may still have. None: some word is split.
  std::optional<std::vector<Ground>> read(const Cube& cube) const {
    std::map<std::size_t, std::vector<BitValue>> by_entry;
    for (const BitValue& one : cube) by_entry[one.entry].push_back(one);
    std::vector<Ground> atoms;
    for (const auto& [entry, bits] : by_entry) {
      const FunctionId id = entries_[entry];
      const Type& type = system_.at(id).result;
      Ground atom{id, arguments_of(id, entry - first_[id.index()]), {}};
      if (type.kind == Kind::Bits) {
        if (bits.size() != type.width) return std::nullopt;
        std::uint64_t word = 0;
        for (const BitValue& one : bits) word |= std::uint64_t{one.value} << one.bit;
        atom.values.push_back(static_cast<Value>(word));
      } else {
        const auto count = static_cast<Value>(*cardinality(system_, scope_, type));
        const auto fits = [&bits = bits](Value value) {
          return std::all_of(bits.begin(), bits.end(),
                             [&](const BitValue& one) { return ((value >> one.bit & 1) != 0) == one.value; });
        };
        for (Value value = 0; value < count; ++value) {
          if (fits(value)) atom.values.push_back(value);
        }
        if (static_cast<Value>(atom.values.size()) == count) continue;  // says nothing
      }
      atoms.push_back(std::move(atom));
    }
    return atoms;
  }

  std::vector<Value> arguments_of(FunctionId id, std::size_t place) const {
    const std::vector<Type>& types = system_.at(id).arguments;
    std::vector<Value> arguments(types.size());
    for (std::size_t i = types.size(); i-- > 0;) {  // the last one runs fastest
      const std::size_t count = *cardinality(system_, scope_, types[i]);
      arguments[i] = static_cast<Value>(place % count);
      place /= count;
    }
    return arguments;
  }

  static void rename(const Type& type, const Names& names, Value& value) {
    if (type.kind == Kind::Sort) value = names[type.sort.index()][static_cast<std::size_t>(value)];
  }

  std::vector<Ground> renamed(std::vector<Ground> atoms, const Names& names) const {
    for (Ground& atom : atoms) {
      const Function& function = system_.at(atom.function);
      for (std::size_t i = 0; i < atom.arguments.size(); ++i) rename(function.arguments[i], names, atom.arguments[i]);
      for (Value& value : atom.values) rename(function.result, names, value);
      std::sort(atom.values.begin(), atom.values.end());
    }
    std::sort(atoms.begin(), atoms.end());
    return atoms;
  }

  /// The first of all renamings; where these are too many, of those of some sorts alone: then more cubes are kept.
  std::vector<Ground> least_renaming(const std::vector<Ground>& atoms) const {
    constexpr std::size_t kMost = 5040;
    std::vector<Names> all{Names()};
    for (const std::uint32_t size : scope_.sizes) {
      std::size_t renamings = 1;
      for (std::size_t i = 2; i <= size && renamings <= kMost; ++i) renamings *= i;
      const bool too_many = all.size() * renamings > kMost;
      std::vector<Names> longer;
      std::vector<Value> names(size);
      std::iota(names.begin(), names.end(), Value{0});
      do {
        for (Names one : all) {
          one.push_back(names);
          longer.push_back(std::move(one));
        }
      } while (!too_many && std::next_permutation(names.begin(), names.end()));
      all = std::move(longer);
    }
    std::vector<Ground> least = renamed(atoms, all[0]);
    for (const Names& names : all) least = std::min(least, renamed(atoms, names));
    return least;
  }

  Excluded with_variables(const std::vector<Ground>& atoms, bool among) const {
    Excluded excluded;
    std::map<std::pair<SortId, Value>, std::size_t> variables;
    const auto slot = [&](const Type& type, Value value) {
      if (type.kind != Kind::Sort) return Slot{false, value};
      const auto [found, is_new] = variables.try_emplace({type.sort, value}, variables.size());
      if (is_new) excluded.variables.push_back(type.sort);
      return Slot{true, static_cast<Value>(found->second)};
    };
    for (const Ground& ground : atoms) {
      const Function& function = system_.at(ground.function);
      Atom atom{ground.function, {}, among || function.result.kind != Kind::Sort, {}};
      for (std::size_t i = 0; i < ground.arguments.size(); ++i) {
        atom.arguments.push_back(slot(function.arguments[i], ground.arguments[i]));
      }
      const auto count = atom.among ? 0 : static_cast<Value>(*cardinality(system_, scope_, function.result));
      if (atom.among) {
        for (const Value value : ground.values) atom.values.push_back(slot(function.result, value));
      }
      for (Value value = 0; value < count; ++value) {
        if (!std::binary_search(ground.values.begin(), ground.values.end(), value)) {
          atom.values.push_back(slot(function.result, value));
        }
      }
      excluded.atoms.push_back(std::move(atom));
    }
    return excluded;
  }

  const System& system_;
  const Scope& scope_;
  std::vector<std::size_t> first_;   // by function: its first entry
  std::vector<FunctionId> entries_;  // by entry
};

TermId constant(Builder& builder, const Type& type, Value value) {
  if (type.kind == Kind::Bool) return builder.truth(value != 0);
  if (type.kind == Kind::Enum) return builder.member(type.enumeration, static_cast<std::size_t>(value));
  return builder.word(type.width, static_cast<std::uint64_t>(value));
}

TermId formula(Builder& builder, const Atom& atom, const std::vector<BinderId>& binders) {
  const auto term = [&](const Slot& slot, const Type& type) {
    return slot.is_variable ? builder.bound(binders[static_cast<std::size_t>(slot.value)])
                            : constant(builder, type, slot.value);
  };
  const Function function = builder.system().at(atom.function);
  std::vector<TermId> arguments;
  for (std::size_t i = 0; i < atom.arguments.size(); ++i) {
    arguments.push_back(term(atom.arguments[i], function.arguments[i]));
  }
  const TermId applied = builder.apply(atom.function, arguments);
  if (function.result == kBool && atom.values.size() == 1) {
    return (atom.values[0].value != 0) == atom.among ? applied : builder.negation(applied);
  }
  std::vector<TermId> equalities;
  for (const Slot& value : atom.values) equalities.push_back(builder.equal(applied, term(value, function.result)));
  const TermId any = equalities.size() == 1 ? equalities[0] : builder.disjunction(equalities);
  return atom.among ? any : builder.negation(any);
}

/// The first letter of its sort, with a number: "c1", "f1", "f2". What a function is called is passed over, so that the
/// formula can be read back.
std::string variable_name(const System& system, const std::vector<SortId>& variables, std::size_t place) {
  const auto letter = [&](SortId sort) {
    const char c = system.at(sort).name.at(0);
    return static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  };
  std::size_t number = 1;
  for (std::size_t i = 0; i < place; ++i) number += letter(variables[i]) == letter(variables[place]) ? 1 : 0;
  std::string name = letter(variables[place]) + std::to_string(number);
  const auto is_taken = [&](const Function& function) { return function.name == name; };
  while (std::any_of(system.functions.begin(), system.functions.end(), is_taken)) name += "x";
  return name;
}

}  // namespace

std::vector<Excluded> generalise(const System& system, const Scope& scope, const std::vector<Cube>& cubes) {
  return Generaliser(system, scope).run(cubes);
}

TermId formula(Builder& builder, const Excluded& excluded) {
  std::vector<BinderId> binders;
  for (std::size_t i = 0; i < excluded.variables.size(); ++i) {
    binders.push_back(
        builder.binder(variable_name(builder.system(), excluded.variables, i), of_sort(excluded.variables[i])));
  }
  std::vector<TermId> all;
  for (std::size_t i = 0; i < binders.size(); ++i) {
    for (std::size_t j = i + 1; j < binders.size(); ++j) {
      if (excluded.variables[i] != excluded.variables[j]) continue;
      all.push_back(builder.negation(builder.equal(builder.bound(binders[i]), builder.bound(binders[j]))));
    }
  }
  for (const Atom& atom : excluded.atoms) all.push_back(formula(builder, atom, binders));
  const TermId none = builder.negation(builder.conjunction(all));
  return binders.empty() ? none : builder.for_all(binders, none);
}

System strengthened(const System& system, const std::vector<Excluded>& lemmas) {
  System larger = system;
  Builder builder(larger);
  for (std::size_t i = 0; i < lemmas.size(); ++i) {
    const TermId lemma = formula(builder, lemmas[i]);
    builder.property("inferred_" + std::to_string(i + 1), PropertyKind::Lemma, lemma);
  }
  return larger;
}

}  // namespace bulkhead::finite
