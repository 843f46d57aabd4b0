// system::System: one transition system after names, types and desugaring; what a `model` or a `protocol` means.
//
// A state gives a value to every function at every tuple of arguments. Records have become one function for each field,
// sets functions to Bool, definitions are replaced by what they stand for, a variant is a system of its own. Then:
//
//   initial states  every assumption holds; each state function is its initial value where it has one, else anything;
//                   `initially` holds
//   a step          some action, with some values for its parameters, whose guard holds: all its updates happen at
//   once,
//                   every other place keeps its value, rigid functions keep theirs. Where two updates of one action
//                   meet at one place, the one that was written later counts (and the checker says that they can meet)
//   reachable       after any number of steps, none included. Nothing has to happen: a state without steps is no error
//
// A sort is any non-empty set, of any size, fixed for the whole run.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lang/source/source.h"
#include "lang/system/ids.h"
#include "lang/system/term.h"

namespace bulkhead::system {

/// A sentence of the source that something stands for: its place, and its text on one line.
struct Origin {
  source::Span span;
  std::string text;
};

struct Sort {
  std::string name;
  Origin origin;
};
struct Enum {
  std::string name;
  std::vector<std::string> members;  // at least one
  Origin origin;
};

enum class Change : std::uint8_t {
  Rigid,  // the same in every state: a parameter of the model, a relation `from policy`, a declared constant
  State   // changed by actions
};
struct Function {
  std::string name;  // "mapped", "page.owner" of a record's field
  Change change = Change::State;
  std::vector<Type> arguments;
  Type result;
  bool from_policy = false;
  /// Of State: its value in initial states, a term over `parameters` and rigid functions. Invalid: any value.
  std::vector<BinderId> parameters;
  TermId initial;
  Origin origin;
};

/// A variable of a quantifier, a parameter. Each stands for itself: no two quantifiers share one.
struct Binder {
  std::string name;
  Type type;
};

/// `forall each: function(at...) := value`, with the value of the old state. Each binder of `each` is itself one of
/// `at`, exactly once, so that the place tells its value. No binder of `each` occurs in the other arguments.
struct Update {
  FunctionId function;
  std::vector<BinderId> each;
  std::vector<TermId> at;
  TermId value;
  Origin origin;
};

struct Action {
  std::string name;
  std::vector<BinderId> parameters;
  TermId guard;
  std::vector<Update> updates;
  Origin origin;
};

enum class PropertyKind : std::uint8_t {
  Invariant,  // what the model is for
  Lemma,      // what helps to prove an invariant; proved as well
  Assumption  // over rigid functions only; taken for true and named in every verdict
};
/// A closed formula.
struct Property {
  std::string name;
  PropertyKind kind = PropertyKind::Invariant;
  TermId formula;
  Origin origin;
};

/// `view of o: Container in M sees mapped(o, *), contents(f) for f: Frame with mapped(o, f)`: in a state, what an
/// observer sees is the value of each item at every choice of its binders for which the condition holds (and which
/// choices those are).
struct View {
  struct Item {
    std::vector<BinderId> each;
    TermId condition;  // true where none was written
    TermId value;
    std::string text;
  };
  BinderId observer;
  std::vector<Item> items;
  Origin origin;
};

struct System {
  std::string name;     // "Memory", "Memory.Stale"
  std::string variant;  // "Stale"; empty: the model itself
  std::vector<Sort> sorts;
  std::vector<Enum> enums;
  std::vector<Function> functions;
  std::vector<Binder> binders;
  std::vector<Term> terms;
  std::vector<Action> actions;
  std::vector<Property> properties;
  std::vector<View> views;
  TermId initially;  // invalid: true
  Origin origin;

  const Sort& at(SortId id) const { return sorts.at(id.index()); }
  const Enum& at(EnumId id) const { return enums.at(id.index()); }
  const Function& at(FunctionId id) const { return functions.at(id.index()); }
  const Binder& at(BinderId id) const { return binders.at(id.index()); }
  const Term& at(TermId id) const { return terms.at(id.index()); }
  const Action& at(ActionId id) const { return actions.at(id.index()); }
  const Property& at(PropertyId id) const { return properties.at(id.index()); }
  const View& at(ViewId id) const { return views.at(id.index()); }
};

}  // namespace bulkhead::system
