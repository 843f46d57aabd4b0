// Parameters of components: sorts, relations and constants become those of the composition, or the policy's own.
#include <utility>

#include "lang/expand/composing.h"
#include "lang/expand/one_at_a_time.h"

namespace bulkhead::expand {
namespace {

constexpr const char *kContainer = "Container", *kVolume = "Volume";

/// The names that the policy gives to what it declares, whichever module does.
struct Declared {
  std::set<std::string> containers, volumes;
  std::set<std::string> open;  // any number of containers each
};
Declared declared_in(const resolve::Modules& modules) {
  Declared all;
  for (const resolve::Module& module : modules.modules) {
    for (const ast::Sentence& sentence : module.tree.sentences) {
      if (const auto* decl = std::get_if<ast::ContainerDecl>(&sentence.form)) all.containers.insert(decl->name.text);
      if (const auto* decl = std::get_if<ast::OpenContainerDecl>(&sentence.form)) all.open.insert(decl->name.text);
      if (const auto* decl = std::get_if<ast::VolumeDecl>(&sentence.form)) {
        for (const ast::VolumeDecl::Item& item : decl->items) all.volumes.insert(item.name.text);
      }
    }
  }
  return all;
}

}  // namespace

void Composing::bind_parameters(Part& part) {
  if (!part.component->arguments) return;
  const std::vector<ast::ExprId>& arguments = *part.component->arguments;
  if (arguments.size() != part.model.parameters) {
    error(Code::WrongArguments, part.component->span,
          "`" + part.component->model.text + "` has " + std::to_string(part.model.parameters) +
              " parameters, and here are " + std::to_string(arguments.size()));
    return;
  }
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const ast::ModelForm& form = part.model.sentences[i].form;
    if (const auto* sort = std::get_if<ast::SortDecl>(&form)) bind_sort(part, sort->names[0], arguments[i]);
    if (const auto* decl = std::get_if<ast::FunctionDecl>(&form)) bind_function(part, *decl, arguments[i]);
  }
}

void Composing::bind_sort(Part& part, const ast::Name& sort, ast::ExprId id) {
  const ast::Expr& argument = tree().at(id);
  const auto* path = std::get_if<ast::Path>(&argument.value);
  if (argument.kind != ast::ExprKind::Path || path == nullptr || !path->simple()) {
    return bad(argument.span, "`" + sort.text + "` is a sort, and this names no type", "name a sort or an enum");
  }
  if (path->parts[0].text == "containers") return bind_policy(part, sort, path->span, Elements::Containers);
  if (path->parts[0].text == "volumes") return bind_policy(part, sort, path->span, Elements::Volumes);
  part.names.types[sort.text] = path->parts[0].text;
  bound_.insert(sort.text + " of " + part.component->model.text);
  named_types_.emplace(path->parts[0].text, path->parts[0]);
}

void Composing::bind_policy(Part& part, const ast::Name& sort, const ast::Span& span, Elements elements) {
  Declared declared = declared_in(modules_);
  const bool containers = elements == Elements::Containers;
  const std::string type = containers ? kContainer : kVolume;
  std::set<std::string>& names = containers ? declared.containers : declared.volumes;
  // One stands for any number where nobody can tell them apart: a claim made by Bulkhead speaks of each by itself.
  const bool stand_in =
      containers && decl_.composition->of_policy && looks_at_one(modules_.at(part.module).tree, part.model, sort.text);
  if (stand_in) names.merge(std::exchange(declared.open, {}));
  part.names.types[sort.text] = type;
  if (!from_policy_.insert(type).second) return;
  if (names.empty()) {
    return bad(span, "the policy has no " + std::string(containers ? "containers" : "volumes"),
               "declare them, or name a sort");
  }
  if (containers && !declared.open.empty()) {
    return bad(span, "the policy has an `open container`: nobody knows how many there are",
               "name a sort, which may have any number of elements");
  }
  ast::EnumDecl made{{type, span}, {}};
  for (const std::string& name : names) made.members.push_back({name, span});
  kinds_.emplace(type, "enum");
  enums_.emplace(type, made);
  result_.sentences.push_back({span, "", std::move(made)});
}

void Composing::bind_function(Part& part, const ast::FunctionDecl& decl, ast::ExprId id) {
  const ast::Expr argument = tree().at(id);
  bound_.insert(decl.name.text + " of " + part.component->model.text);
  if (decl.arguments.empty()) {
    ast::DefineDecl define{{part.prefix + decl.name.text, decl.name.span}, {}, id, {}};
    if (decl.result && !decl.result->set)
      define.type = Copy(tree(), tree(), part.names, copied_).type(decl.result->name);
    result_.sentences.push_back({argument.span, "", std::move(define)});
    return;
  }
  const auto* path = std::get_if<ast::Path>(&argument.value);
  if (argument.kind != ast::ExprKind::Path || path == nullptr) {
    return bad(argument.span, "`" + decl.name.text + "` is a relation, and this names none",
               "name a relation or a function that is declared in the block of `" + decl_.name.text + "`");
  }
  const ast::FunctionDecl* other = own_function(path->text());
  if (other == nullptr) {
    return bad(argument.span, "`" + path->text() + "` is not declared in the block of `" + decl_.name.text + "`",
               "declare it there: `relation " + path->text() + ": (...);`");
  }
  if (!fits(part, decl, *other)) {
    return bad(argument.span, "`" + path->text() + "` and `" + decl.name.text + "` do not take and give the same");
  }
  part.names.values[decl.name.text] = path->text();
}

const ast::FunctionDecl* Composing::own_function(const std::string& name) const {
  for (const ast::ModelSentence& sentence : decl_.sentences) {
    const auto* decl = std::get_if<ast::FunctionDecl>(&sentence.form);
    const bool rigid = decl != nullptr && decl->keyword != ast::FunctionDecl::Keyword::Var;
    if (rigid && decl->name.text == name) return decl;
  }
  return nullptr;
}

bool Composing::fits(const Part& part, const ast::FunctionDecl& parameter, const ast::FunctionDecl& other) {
  const auto type = [&](const ast::Name& name) {
    const auto found = part.names.types.find(name.text);
    return found == part.names.types.end() ? name.text : found->second;
  };
  const auto result = [&](const ast::FunctionDecl& decl, bool inside) {
    if (!decl.result) return std::string("bool");
    return (decl.result->set ? "set of " : "") + (inside ? type(decl.result->name) : decl.result->name.text);
  };
  if (parameter.arguments.size() != other.arguments.size()) return false;
  for (std::size_t i = 0; i < other.arguments.size(); ++i) {
    if (type(parameter.arguments[i].type) != other.arguments[i].type.text) return false;
  }
  return result(parameter, true) == result(other, false);
}

}  // namespace bulkhead::expand
