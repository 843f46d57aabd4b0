#include <array>

#include "lang/base/check.h"
#include "lang/syntax/build.h"

namespace bulkhead::syntax {
namespace {

using Form = ast::ModelForm;

Form sort_decl(Build&, const Cursor& at) {
  return ast::SortDecl{names(at)};
}

Form model_enum(Build&, const Cursor& at) {
  return enum_decl(at);
}

ast::TypeRef type(const Cursor& at) {
  return {at.has("set"), name(at.only(Rule::Name)), at.span()};
}

Form record_decl(Build&, const Cursor& at) {
  ast::RecordDecl decl{name(at.only(Rule::Name)), {}};
  for (const Cursor& field : at.children(Rule::RecordField)) {
    decl.fields.push_back({name(field.only(Rule::Name)), type(field.only(Rule::Type)), field.span()});
  }
  return decl;
}

/// `(Container, Frame)`, or `(c, d: Container, f: Frame)`: where one is named, all are.
std::vector<ast::Argument> arguments(Build& build, const Cursor& at) {
  std::vector<ast::Argument> found;
  bool named = false;
  for (const Cursor& one : at.children(Rule::ParameterType)) named = named || one.has(":");
  std::vector<ast::Name> waiting;  // named, with a type that still comes
  for (const Cursor& one : at.children(Rule::ParameterType)) {
    const std::vector<ast::Name> words = names(one);
    if (!named) {
      found.push_back({std::nullopt, words[0]});
      continue;
    }
    waiting.push_back(words[0]);
    if (words.size() == 1) continue;
    for (const ast::Name& argument : waiting) found.push_back({argument, words[1]});
    waiting.clear();
  }
  if (!waiting.empty()) {
    build.report(diag::Code::UnexpectedToken, waiting[0].span, "`" + waiting[0].text + "` has no type",
                 "either every argument is named, `(c: Container, f: Frame)`, or none is");
  }
  return found;
}

void signature(Build& build, const Cursor& at, ast::FunctionDecl& decl) {
  const std::vector<Cursor> types = at.children(Rule::Type);
  if (!types.empty()) decl.result = type(types.back());
  if (const auto all = at.child(Rule::ParameterTypes)) {
    decl.arguments = arguments(build, *all);
  } else if (types.size() > 1) {
    const ast::TypeRef only = type(types[0]);
    if (only.set) build.report(diag::Code::UnexpectedToken, only.span, "a set cannot be an argument");
    decl.arguments.push_back({std::nullopt, only.name});
  }
}

Form function_decl(Build& build, const Cursor& at) {
  ast::FunctionDecl decl;
  decl.name = name(at.only(Rule::Name));
  signature(build, at.only(Rule::Signature), decl);
  decl.keyword = at.has("var") ? ast::FunctionDecl::Keyword::Var : ast::FunctionDecl::Keyword::Const;
  if (const auto initial = at.child(Rule::Expr)) decl.initial = expression(build, *initial);
  return decl;
}

Form relation_decl(Build& build, const Cursor& at) {
  ast::FunctionDecl decl;
  decl.keyword = ast::FunctionDecl::Keyword::Relation;
  decl.name = name(at.only(Rule::Name));
  signature(build, at.only(Rule::RelationSignature), decl);
  decl.from_policy = at.has("policy");
  return decl;
}

ast::Bindings parameters(const Cursor& at) {
  const auto found = at.child(Rule::Parameters);
  const auto all = found ? found->child(Rule::Bindings) : std::nullopt;
  return all ? bindings(*all) : ast::Bindings{};
}

Form define_decl(Build& build, const Cursor& at) {
  return ast::DefineDecl{name(at.only(Rule::Name)), parameters(at), expression(build, at.only(Rule::Expr))};
}

Form initially_decl(Build& build, const Cursor& at) {
  return ast::InitiallyDecl{expression(build, at.only(Rule::Expr))};
}

ast::Update update(Build& build, const Cursor& at) {
  ast::Update made;
  made.span = at.span();
  made.value = expression(build, at.only(Rule::Expr));
  const Cursor place = at.only(Rule::Place);
  made.target = application(build, path(place.only(Rule::Path)), place);
  if (at.has("insert")) made.form = ast::Update::Form::Insert;
  if (at.has("remove")) made.form = ast::Update::Form::Remove;
  if (const auto each = at.child(Rule::Bindings)) made.each = bindings(*each);
  return made;
}

std::vector<ast::Update> updates(Build& build, const Cursor& parent) {
  std::vector<ast::Update> found;
  const auto all = parent.child(Rule::Updates);
  if (!all) return found;
  for (const Cursor& one : all->children(Rule::Update)) found.push_back(update(build, one));
  return found;
}

ast::ActionDecl action_decl(Build& build, const Cursor& at) {
  return {name(at.only(Rule::Name)), parameters(at), when(build, at), updates(build, at)};
}

Form action_form(Build& build, const Cursor& at) {
  return action_decl(build, at);
}

Form property_decl(Build& build, const Cursor& at) {
  ast::PropertyDecl decl{{}, name(at.only(Rule::Name)), expression(build, at.only(Rule::Expr))};
  if (at.has("lemma")) decl.keyword = ast::PropertyDecl::Keyword::Lemma;
  if (at.has("assume")) decl.keyword = ast::PropertyDecl::Keyword::Assume;
  return decl;
}

ast::EditForm edit_form(Build& build, const Cursor& at) {
  if (const auto added = at.child(Rule::ActionDecl)) return ast::AddAction{action_decl(build, *added)};
  if (at.has("initially")) return ast::DropInitially{};
  const std::vector<Cursor> paths = at.children(Rule::Path);
  const ast::Name where = joined(paths.back());
  if (at.has("assume")) return ast::DropAssumption{where};
  if (at.has("action")) return ast::DropAction{where};
  const bool drop = at.has("drop");
  if (paths.size() < 2 && drop) return ast::DropGuard{where};
  if (paths.size() < 2) return ast::ReplaceGuard{where, expression(build, at.only(Rule::Expr))};
  if (drop) return ast::DropUpdate{path(paths[0]), where};
  return ast::ReplaceUpdate{path(paths[0]), where, updates(build, at)};
}

Form variant_form(Build& build, const Cursor& at) {
  return variant_decl(build, at);
}
Form view_form(Build& build, const Cursor& at) {
  return view_decl(build, at);
}

struct Row {
  Rule rule;
  Form (*make)(Build&, const Cursor&);
};
constexpr std::array kForms = {
    Row{Rule::SortDecl, sort_decl},         Row{Rule::EnumDecl, model_enum},
    Row{Rule::RecordDecl, record_decl},     Row{Rule::ConstDecl, function_decl},
    Row{Rule::RelationDecl, relation_decl}, Row{Rule::VarDecl, function_decl},
    Row{Rule::DefineDecl, define_decl},     Row{Rule::InitiallyDecl, initially_decl},
    Row{Rule::ActionDecl, action_form},     Row{Rule::PropertyDecl, property_decl},
    Row{Rule::VariantDecl, variant_form},   Row{Rule::ViewDecl, view_form},
};

}  // namespace

ast::Edit edit(Build& build, const Cursor& at) {
  return {edit_form(build, at), at.span()};
}

ast::VariantDecl variant_decl(Build& build, const Cursor& at) {
  const std::vector<ast::Name> words = names(at);
  ast::VariantDecl decl{words[0], std::nullopt, {}};
  if (words.size() > 1) decl.model = words[1];
  for (const Cursor& child : at.children(Rule::Edit)) decl.edits.push_back(edit(build, child));
  return decl;
}

ast::ViewDecl view_decl(Build& build, const Cursor& at) {
  const std::vector<ast::Name> words = names(at);
  ast::ViewDecl decl{words[0], words[1], std::nullopt, {}};
  if (words.size() > 2) decl.model = words[2];
  for (const Cursor& child : at.children(Rule::ViewItem)) {
    const std::vector<Cursor> exprs = child.children(Rule::Expr);
    ast::ViewDecl::Item item{expression(build, exprs[0]), {}, std::nullopt, child.span()};
    if (const auto each = child.child(Rule::Bindings)) item.each = bindings(*each);
    if (exprs.size() > 1) item.with = expression(build, exprs[1]);
    decl.items.push_back(std::move(item));
  }
  return decl;
}

ast::ModelSentence model_sentence(Build& build, const Cursor& at) {
  const Cursor inner = at.inside();
  for (const Row& row : kForms) {
    if (row.rule == inner.rule()) return {at.span(), doc_above(build, at.span()), row.make(build, inner)};
  }
  BH_CHECK(false, "every form of model sentence has a builder");
  return {};
}

namespace {

ast::ModelSentence model_parameter(Build& build, const Cursor& at) {
  if (at.has("sort")) return {at.span(), "", sort_decl(build, at)};
  if (at.has("relation")) return {at.span(), "", relation_decl(build, at)};
  return {at.span(), "", function_decl(build, at)};
}

ast::SharedAction shared_action(const Cursor& at) {
  ast::SharedAction action{{}, std::nullopt, at.span()};
  if (const auto named = at.child(Rule::Name)) action.name = name(*named);
  for (const Cursor& part : at.children(Rule::SharedPart)) {
    ast::SharedAction::Part made{path(part.only(Rule::Path)), std::nullopt, part.span()};
    if (part.has("(")) made.parameters = names(part);
    action.parts.push_back(std::move(made));
  }
  return action;
}

ast::Composition composition(Build& build, const Cursor& at) {
  ast::Composition made;
  for (const Cursor& one : at.children(Rule::Component)) {
    ast::Component component{name(one.only(Rule::Name)), std::nullopt, one.span()};
    if (const auto args = one.child(Rule::Arguments)) component.arguments = argument_list(build, *args);
    made.components.push_back(std::move(component));
  }
  for (const Cursor& one : at.children(Rule::SharedAction)) made.shared.push_back(shared_action(one));
  return made;
}

}  // namespace

ast::Name joined(const Cursor& at) {
  return {path(at).text(), at.span()};
}

ast::ModelDecl model_decl(Build& build, const Cursor& at) {
  ast::ModelDecl decl{name(at.only(Rule::Name)), {}, 0, std::nullopt};
  if (const auto all = at.child(Rule::ModelParameters)) {
    for (const Cursor& one : all->children(Rule::ModelParameter)) {
      decl.sentences.push_back(model_parameter(build, one));
    }
  }
  decl.parameters = decl.sentences.size();
  if (const auto made_of = at.child(Rule::Composition)) decl.composition = composition(build, *made_of);
  const auto block = at.child(Rule::ModelBlock);
  if (!block) return decl;
  for (const Cursor& child : block->children(Rule::ModelSentence)) {
    decl.sentences.push_back(model_sentence(build, child));
  }
  return decl;
}

}  // namespace bulkhead::syntax
