// What is said of states: definitions, `initially`, invariants, lemmas, assumptions, views.
#include <algorithm>

#include "lang/types/model/expressions.h"

namespace bulkhead::model {
namespace {

void lower_property(Model& model, const ast::PropertyDecl& decl, const ast::Span& span) {
  Scope scope{model.draft.module, {}};
  const auto formula = Expressions(model, scope).truth(decl.formula);
  if (!formula) {
    model.broken.insert(decl.name.text);
    return;
  }
  system::Property property{decl.name.text, system::PropertyKind::Invariant, *formula, model.origin(span)};
  if (decl.keyword == ast::PropertyDecl::Keyword::Lemma) property.kind = system::PropertyKind::Lemma;
  if (decl.keyword == ast::PropertyDecl::Keyword::Assume) {
    property.kind = system::PropertyKind::Assumption;
    if (model.reads_state(*formula)) {
      model.error(Code::ReadsState, model.tree(scope.module).at(decl.formula).span,
                  "an assumption cannot depend on what changes",
                  "write an `invariant` or a `lemma`, which are proved, or `initially`");
      return;
    }
  }
  model.system.properties.push_back(std::move(property));
}

/// The items of a view that one item as written stands for: several, where it is a record.
void lower_item(Model& model, const ast::ViewDecl::Item& item, const Scope& outside, system::View& view) {
  std::size_t parts = 1;
  for (std::size_t part = 0; part < parts; ++part) {
    Scope scope = outside;
    auto each = introduce(model, item.each, scope);
    if (!each) return;
    Expressions in(model, scope);
    const auto place = in.place(item.value, *each);  // `*` stands in nothing else
    std::optional<Value> value;
    if (place && place->variable->result.form == Type::Form::Record && !place->field) {
      parts = place->variable->functions.size();
      value = in.field_of(*place->variable, part, place->args, item.span);
    } else if (place) {
      value = in.field_of(*place->variable, place->field.value_or(0), place->args, item.span);
    } else if (in.variable_of(item.value) == nullptr) {
      value = in.value(item.value);
    }
    if (!value) return;
    const auto condition = item.with ? in.truth(*item.with) : std::optional(model.builder.truth(true));
    if (!condition) return;
    TermId term = value->term;
    if (value->type.form == Type::Form::Set) {
      each->push_back(model.builder.binder("each", value->type.scalar));
      term = in.contains(*value, model.builder.bound(each->back()));
    }
    if (!model.accept(term, item.span)) return;
    view.items.push_back({std::move(*each), *condition, term, model.origin(item.span).text});
  }
}

}  // namespace

/// In a model of their own, which is thrown away: also one that nothing uses must make sense.
void check_definitions(Model& scratch) {
  for (auto& [name, definition] : scratch.definitions) {
    Scope scope{definition.module, {}};
    if (!introduce(scratch, definition.decl->parameters, scope)) continue;
    scratch.expanding = {name};
    const ast::DefineDecl& decl = *definition.decl;
    const auto type = decl.type ? scratch.scalar_type(*decl.type, definition.module) : std::nullopt;
    Expressions in(scratch, scope);
    type ? in.typed(decl.body, *type) : in.scalar(decl.body);
  }
  scratch.expanding.clear();
}

void lower_properties(Model& model) {
  std::map<std::string, ast::Span> names;
  std::vector<TermId> initially;
  for (const ast::ModelSentence* sentence : model.draft.sentences) {
    if (const auto* property = std::get_if<ast::PropertyDecl>(&sentence->form)) {
      const auto [found, fresh] = names.emplace(property->name.text, property->name.span);
      if (fresh) {
        lower_property(model, *property, sentence->span);
      } else {
        model.twice(property->name, found->second);
      }
    }
    if (const auto* start = std::get_if<ast::InitiallyDecl>(&sentence->form)) {
      Scope scope{model.draft.module, {}};
      const auto formula = Expressions(model, scope).truth(start->formula);
      if (formula) initially.push_back(*formula);
    }
  }
  if (initially.size() == 1) model.system.initially = initially[0];
  if (initially.size() > 1) model.system.initially = model.builder.conjunction(std::move(initially));
}

void lower_view(Model& model, const ast::ViewDecl& decl, ModuleId from, const ast::Span& span) {
  Scope scope{from, {}};
  const auto observer = introduce(model, {{{decl.observer}, decl.type, decl.observer.span}}, scope);
  if (!observer) return;
  const system::Type& type = model.system.at(observer->front()).type;
  if (type.kind != system::Kind::Sort && type.kind != system::Kind::Enum) {
    model.error(Code::TypeMismatch, decl.type.span, "an observer is an element of a sort or of an enum");
    return;
  }
  for (const system::View& view : model.system.views) {
    if (model.system.at(view.observer).type != type) continue;
    model.sink.report({Code::DuplicateName,
                       decl.observer.span,
                       "there are two views of a " + model.spell(type),
                       {{view.origin.span, "the first one"}},
                       "a view lists everything that its observer sees",
                       {}});
    return;
  }
  system::View view;
  view.observer = observer->front();
  view.origin = model.origin(span);
  for (const ast::ViewDecl::Item& item : decl.items) lower_item(model, item, scope, view);
  model.system.views.push_back(std::move(view));
}

}  // namespace bulkhead::model
