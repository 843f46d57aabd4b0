// What changes: initial values, actions and their updates.
#include <algorithm>

#include "lang/types/model/expressions.h"

namespace bulkhead::model {
namespace {

/// The functions that a variable, or one field of it, has become.
std::vector<std::size_t> leaves_of(const Variable& variable, std::optional<std::size_t> field) {
  if (field) return {*field};
  std::vector<std::size_t> all(variable.functions.size());
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = i;
  return all;
}

Type leaf_type(const Model& model, const Variable& variable, std::size_t leaf) {
  if (variable.result.form != Type::Form::Record) return variable.result;
  return model.records[variable.result.record].fields[leaf].second;
}

/// The part of `value` that a leaf of a variable gets: of a record its field, else the value itself.
std::optional<Value> part_of(Model& model, Expressions& in, const Variable& target, bool whole_record, std::size_t leaf,
                             const Value& value) {
  const Type wanted = whole_record ? target.result : leaf_type(model, target, leaf);
  if (value.type != wanted) {
    model.error(Code::TypeMismatch, value.span,
                "this is " + (value.type.form == Type::Form::Scalar ? "of type " : std::string()) +
                    model.spell(value.type) + ", and " + model.spell(wanted) + " is needed here");
    return std::nullopt;
  }
  if (!whole_record) return value;
  return in.field_of(*value.variable, leaf, value.args, value.span);
}

/// One update of one function, while it is lowered.
class UpdateLowering {
 public:
  UpdateLowering(Model& model, const Scope& outside, const UpdateText& text)
      : model_(model), scope_(outside), in_(model, scope_), text_(*text.update) {
    scope_.module = text.module;
  }

  /// The leaves of the variable that it assigns; empty after an error.
  std::vector<std::size_t> targets() {
    const Variable* variable = in_.variable_of(text_.target);
    if (variable == nullptr) return no_variable();
    if (variable->rigid()) {
      const std::string& name = variable->decl->name.text;
      bad(target().span, "`" + name + "` never changes", "declare it with `var`");
      return {};
    }
    const ast::Path path = model_.named(std::get<ast::Path>(target().value));
    if (path.simple()) return leaves_of(*variable, std::nullopt);
    const auto field = in_.field_index(path, *variable);
    if (!field) return {};
    return {*field};
  }

  std::optional<system::Update> lower(std::size_t leaf) {
    auto each = introduce(model_, text_.each, scope_);
    if (!each) return std::nullopt;
    const auto place = in_.place(text_.target, *each);
    if (!place) return std::nullopt;
    const Variable& variable = *place->variable;
    const Type type = leaf_type(model_, variable, leaf);
    system::Update update{variable.functions[leaf], std::move(*each), place->args, {}, model_.origin(text_.span)};
    if (text_.form != ast::Update::Form::Assign) return change_of_set(std::move(update), type);
    const bool record = variable.result.form == Type::Form::Record && !place->field;
    const auto value = in_.value(text_.value, record ? variable.result : type);
    if (!value) return std::nullopt;
    const auto part = part_of(model_, in_, variable, record, leaf, *value);
    if (!part) return std::nullopt;
    if (part->type.form == Type::Form::Set) {
      update.each.push_back(model_.builder.binder("each", part->type.scalar));
      update.at.push_back(model_.builder.bound(update.each.back()));
      update.value = in_.contains(*part, update.at.back());
    } else {
      update.value = part->term;
    }
    return checked(std::move(update));
  }

 private:
  std::vector<std::size_t> no_variable() {
    const ast::Name name = model_.named(std::get<ast::Path>(target().value)).parts[0];
    if (model_.definitions.count(name.text) != 0) {
      bad(target().span, "`" + name.text + "` is a definition", "assign the variables that it is made of");
      return {};
    }
    std::vector<std::string> known;
    for (const auto& [word, variable] : model_.variables) {
      if (!variable.rigid()) known.push_back(word);
    }
    model_.unknown(name, "variable", known);
    return {};
  }

  std::optional<system::Update> change_of_set(system::Update update, const Type& type) {
    const bool insert = text_.form == ast::Update::Form::Insert;
    if (type.form != Type::Form::Set) {
      bad(target().span, std::string("only a set can be ") + (insert ? "inserted into" : "removed from"),
          "assign with `:=`");
      return std::nullopt;
    }
    const auto element = in_.typed(text_.value, type.scalar);
    if (!element) return std::nullopt;
    update.at.push_back(*element);
    update.value = model_.builder.truth(insert);
    return checked(std::move(update));
  }

  /// Each variable of the update is one argument, and in no other: then the place tells its value.
  std::optional<system::Update> checked(system::Update update) {
    for (const system::BinderId binder : update.each) {
      std::size_t is = 0;
      std::size_t occurs = 0;
      for (const TermId term : update.at) {
        is += model_.system.at(term).op == system::Op::Bound && model_.system.at(term).binder == binder;
        occurs += mentions(term, binder);
      }
      if (is == 1 && occurs == 1) continue;
      const std::string& name = model_.system.at(binder).name;
      bad(target().span, "`" + name + "` is not one of the arguments here exactly once",
          "an update `forall x: S. f(x, ...) := ...` gives a value to each place; put a condition into the value: "
          "`if ... then ... else f(x, ...)`");
      return std::nullopt;
    }
    if (!model_.accept(update.value, text_.span)) return std::nullopt;
    for (const TermId term : update.at) {
      if (!model_.accept(term, text_.span)) return std::nullopt;
    }
    return update;
  }

  bool mentions(TermId root, system::BinderId binder) const {
    std::vector<bool> seen(model_.system.terms.size());
    for (std::vector<TermId> open{root}; !open.empty();) {
      const TermId id = open.back();
      open.pop_back();
      if (seen[id.index()]) continue;
      seen[id.index()] = true;
      const system::Term& term = model_.system.at(id);
      if (term.op == system::Op::Bound && term.binder == binder) return true;
      open.insert(open.end(), term.args.begin(), term.args.end());
    }
    return false;
  }

  const ast::Expr& target() const { return model_.tree(scope_.module).at(text_.target); }
  void bad(const ast::Span& span, std::string message, std::string help) {
    model_.error(Code::BadUpdate, span, std::move(message), std::move(help));
  }

  Model& model_;
  Scope scope_;
  Expressions in_;
  const ast::Update& text_;
};

void lower_action(Model& model, const ActionText& text) {
  system::Action action;
  action.name = text.decl->name.text;
  action.origin = model.origin(text.span);
  Scope scope{text.module, {}};
  const auto parameters = introduce(model, text.decl->parameters, scope);
  if (!parameters) {
    model.broken.insert(action.name);
    return;
  }
  action.parameters = *parameters;
  action.guard = model.builder.truth(true);
  if (text.guard) {
    Scope inside{text.guard->module, scope.locals};
    const auto guard = Expressions(model, inside).truth(text.guard->expr);
    if (guard) action.guard = *guard;
  }
  for (const UpdateText& update : text.updates) {
    for (const std::size_t leaf : UpdateLowering(model, scope, update).targets()) {
      auto lowered = UpdateLowering(model, scope, update).lower(leaf);
      if (lowered) action.updates.push_back(std::move(*lowered));
    }
  }
  model.system.actions.push_back(std::move(action));
}

/// What an initial value may speak of: the arguments, where they were named.
std::optional<Scope> initial_scope(Model& model, const Variable& variable, std::vector<system::BinderId>& parameters) {
  ast::Bindings named;
  for (const ast::Argument& argument : variable.decl->arguments) {
    if (argument.name) named.push_back({{*argument.name}, argument.type, argument.name->span});
  }
  Scope scope{variable.module, {}};
  if (named.empty()) {
    for (const system::Type& type : variable.arguments) parameters.push_back(model.builder.binder("any", type));
    return scope;
  }
  auto bound = introduce(model, named, scope);
  if (!bound) return std::nullopt;
  parameters = std::move(*bound);
  return scope;
}

/// `var holds: (Container, Object) -> bool = may`: a function of the same arguments stands for its value at each of
/// them.
std::optional<Value> pointwise(Model& model, Expressions& in, const Variable& variable,
                               const std::vector<system::BinderId>& parameters) {
  const ast::ExprId id = *variable.decl->initial;
  const Variable* other = in.variable_of(id);
  const ast::Expr& expr = model.tree(variable.module).at(id);
  if (other == nullptr || expr.kind != ast::ExprKind::Path || other->arguments.empty()) return std::nullopt;
  if (other->arguments != variable.arguments || !model.named(std::get<ast::Path>(expr.value)).simple())
    return std::nullopt;
  std::vector<TermId> args;
  for (const system::BinderId binder : parameters) args.push_back(model.builder.bound(binder));
  if (other->result.form != Type::Form::Record) return in.field_of(*other, 0, std::move(args), expr.span);
  return Value{other->result, {}, other, 0, std::move(args), expr.span};
}

void lower_initial(Model& model, const Variable& variable, std::size_t leaf) {
  std::vector<system::BinderId> parameters;
  auto scope = initial_scope(model, variable, parameters);
  if (!scope) return;
  Expressions in(model, *scope);
  auto value = pointwise(model, in, variable, parameters);
  if (!value) value = in.value(*variable.decl->initial, variable.result);
  if (!value) return;
  const bool record = variable.result.form == Type::Form::Record;
  const auto part = part_of(model, in, variable, record, leaf, *value);
  if (!part) return;
  TermId term = part->term;
  if (part->type.form == Type::Form::Set) {
    parameters.push_back(model.builder.binder("each", part->type.scalar));
    term = in.contains(*part, model.builder.bound(parameters.back()));
  }
  if (!model.accept(term, value->span)) return;
  if (model.reads_state(term)) {
    model.error(Code::ReadsState, value->span, "an initial value cannot depend on what changes",
                "relate variables at the start with `initially`");
    return;
  }
  model.builder.initial(variable.functions[leaf], std::move(parameters), term);
}

}  // namespace

void lower_initial_values(Model& model) {
  for (const ast::ModelSentence* sentence : model.draft.sentences) {
    const auto* decl = std::get_if<ast::FunctionDecl>(&sentence->form);
    if (decl == nullptr || !decl->initial) continue;
    const auto found = model.variables.find(decl->name.text);
    if (found == model.variables.end() || found->second.decl != decl) continue;
    for (const std::size_t leaf : leaves_of(found->second, std::nullopt)) lower_initial(model, found->second, leaf);
  }
}

void lower_actions(Model& model) {
  std::map<std::string, ast::Span> names;
  for (const ActionText& action : model.draft.actions) {
    const auto [found, fresh] = names.emplace(action.decl->name.text, action.decl->name.span);
    if (!fresh) {
      model.twice(action.decl->name, found->second);
      continue;
    }
    lower_action(model, action);
  }
}

}  // namespace bulkhead::model
