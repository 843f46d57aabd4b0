// Models as they are written: one struct for each form of sentence in the block of a `model`.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "lang/ast/expr.h"
#include "lang/ast/word.h"

namespace bulkhead::ast {

/// `enum Trust { Low, Medium, High }`, of a policy or of a model.
struct EnumDecl {
  Name name;
  std::vector<Name> members;
};
/// `sort Container, Frame;`
struct SortDecl {
  std::vector<Name> names;
};
/// `Container`, `bool`, `u8`, `set of Container`.
struct TypeRef {
  bool set = false;
  Name name;  // of the elements, where it is a set
  Span span;
};
/// `record Page { owner: Container; dirty: bool; }`
struct RecordDecl {
  struct Field {
    Name name;
    TypeRef type;
    Span span;
  };
  Name name;
  std::vector<Field> fields;
};
/// What a function is applied to: `Container`, or `c: Container` where its initial value speaks of it.
struct Argument {
  std::optional<Name> name;
  Name type;
};
/// `const limit: int;`, `relation may: (Container, Object) from policy;`, `var mapped: (Container, Frame) -> bool =
/// false;`
struct FunctionDecl {
  enum class Keyword : std::uint8_t { Const, Relation, Var } keyword = Keyword::Var;
  Name name;
  std::vector<Argument> arguments;
  std::optional<TypeRef> result;  // of a relation that says none: bool
  bool from_policy = false;
  std::optional<ExprId> initial;
};
/// `define idle(c: Container) = forall f: Frame. !mapped(c, f);`
struct DefineDecl {
  Name name;
  std::vector<Binding> parameters;
  ExprId body;
  std::optional<Name> type = std::nullopt;  // what the body has to be; only of what a parameter of a model stands for
};
struct InitiallyDecl {
  ExprId formula;
};
/// `forall x: A. f(x, y) := value`, `insert value into target`, `remove value from target`.
struct Update {
  enum class Form : std::uint8_t { Assign, Insert, Remove } form = Form::Assign;
  std::vector<Binding> each;
  ExprId target;  // a Path, or an Apply whose arguments may be Star
  ExprId value;
  Span span;
};
/// `action map(c: Container, f: Frame) when owner(f) == c do mapped(c, f) := true;`
struct ActionDecl {
  Name name;
  std::vector<Binding> parameters;
  std::optional<ExprId> when;
  std::vector<Update> updates;
};
/// `invariant exclusive: ...;`, `lemma ...`, `assume ...`
struct PropertyDecl {
  enum class Keyword : std::uint8_t { Invariant, Lemma, Assume } keyword = Keyword::Invariant;
  Name name;
  ExprId formula;
};
/// One change that a variant makes to its model. An action of a composition is named with its component:
/// `Memory.transfer` is one name here.
struct DropUpdate {
  Path function;
  Name action;
};
struct DropGuard {
  Name action;
};
struct DropAction {
  Name action;
};
struct DropInitially {};
struct DropAssumption {
  Name property;
};
struct ReplaceUpdate {
  Path function;
  Name action;
  std::vector<Update> updates;
};
struct ReplaceGuard {
  Name action;
  ExprId guard;
};
struct AddAction {
  ActionDecl action;
};
using EditForm = std::variant<DropUpdate, DropGuard, DropAction, DropInitially, DropAssumption, ReplaceUpdate,
                              ReplaceGuard, AddAction>;
struct Edit {
  EditForm form;
  Span span;
};
/// `variant Stale { drop update mapped in transfer; }` in a model, `variant NoFlush of Memory { ... }` outside.
struct VariantDecl {
  Name name;
  std::optional<Name> model;
  std::vector<Edit> edits;
};
/// `view of o: Container in Memory sees mapped(o, *), contents(f) for f: Frame with mapped(o, f);`
struct ViewDecl {
  struct Item {
    ExprId value;
    std::vector<Binding> each;
    std::optional<ExprId> with;
    Span span;
  };
  Name observer;
  Name type;
  std::optional<Name> model;  // outside of a model
  std::vector<Item> items;
};

using ModelForm = std::variant<SortDecl, EnumDecl, RecordDecl, FunctionDecl, DefineDecl, InitiallyDecl, ActionDecl,
                               PropertyDecl, VariantDecl, ViewDecl>;

struct ModelSentence {
  Span span;
  Doc doc;
  ModelForm form;
};

/// `Memory(Frame, 4)`: a model that another one is made of, with what its parameters stand for.
struct Component {
  Name model;
  std::optional<std::vector<ExprId>> arguments;
  Span span;
};
/// `Memory.transfer(c, f) with Ipc.close(f) as handover`: actions that happen together.
struct SharedAction {
  struct Part {
    Path action;
    std::optional<std::vector<Name>> parameters;  // their names in the action together
    Span span;
  };
  std::vector<Part> parts;
  std::optional<Name> name;
  Span span;
};
/// `A || B(C) sharing a with b, c with d`
struct Composition {
  std::vector<Component> components;
  std::vector<SharedAction> shared;
  /// Made of a claim about the policy's containers, not written: without variants and views, and open containers are
  /// among its elements.
  bool of_policy = false;
};

/// `model Memory { ... }`, `model Queue(sort Item, const limit: int) { ... }`, `model System = A || B sharing ...;`
struct ModelDecl {
  Name name;
  std::vector<ModelSentence> sentences;
  std::size_t parameters = 0;              // so many of the sentences, the first ones, stand in brackets
  std::optional<Composition> composition;  // what it is made of, besides its own sentences
  /// Properties that speak of guards as they are written (`no_deadlock` of a protocol): where a guard is changed they
  /// would say something else, so that a variant which does that has none of them.
  std::vector<std::string> of_guards = {};
};

}  // namespace bulkhead::ast
