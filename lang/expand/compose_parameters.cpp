// Parameters of components: sorts, relations and constants become those of the composition, or the policy's own.
#include "lang/expand/composing.h"

namespace bulkhead::expand {
namespace {

constexpr const char* kContainer = "Container";

Containers containers_of(const resolve::Modules& modules) {
  Containers all;
  std::map<std::string, std::set<std::string>> at;  // who stands at an end: a container, the members of a pod
  for (const resolve::Module& module : modules.modules) {
    for (const ast::Sentence& sentence : module.tree.sentences) {
      if (const auto* decl = std::get_if<ast::ContainerDecl>(&sentence.form)) {
        all.members.insert(decl->name.text);
        at[decl->name.text] = {decl->name.text};
      }
      if (const auto* decl = std::get_if<ast::PodDecl>(&sentence.form)) {
        for (const ast::Name& name : decl->members) at[decl->name.text].insert(name.text);
      }
    }
  }
  for (const resolve::Module& module : modules.modules) {
    for (const ast::Sentence& sentence : module.tree.sentences) {
      const auto* decl = std::get_if<ast::ChannelDecl>(&sentence.form);
      if (decl == nullptr) continue;
      for (const std::string& from : at[decl->from.text]) {
        for (const std::string& to : at[decl->to.text]) {
          all.channels.emplace(from, to);
          if (decl->both_ways) all.channels.emplace(to, from);
        }
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
  if (path->parts[0].text == "containers") return bind_containers(part, sort, path->span);
  part.names.types[sort.text] = path->parts[0].text;
  bound_.insert(sort.text + " of " + part.component->model.text);
  named_types_.emplace(path->parts[0].text, path->parts[0]);
}

void Composing::bind_containers(Part& part, const ast::Name& sort, const ast::Span& span) {
  part.names.types[sort.text] = kContainer;
  part.containers.insert(sort.text);
  if (containers_) return;
  containers_ = containers_of(modules_);
  if (containers_->members.empty()) {
    return bad(span, "the policy has no containers", "declare them, or name a sort");
  }
  ast::EnumDecl type{{kContainer, span}, {}};
  for (const std::string& name : containers_->members) type.members.push_back({name, span});
  kinds_.emplace(kContainer, "enum");
  enums_.emplace(kContainer, type);
  result_.sentences.push_back({span, "", std::move(type)});
}

bool Composing::fill_from_policy(const Part& part, const ast::FunctionDecl& decl, const ast::Span& span) {
  if (!decl.from_policy || decl.name.text != "channel" || decl.arguments.size() != 2) return false;
  for (const ast::Argument& argument : decl.arguments) {
    if (part.containers.count(argument.type.text) == 0) return false;
  }
  if (decl.result && (decl.result->set || decl.result->name.text != "bool")) return false;
  if (!filled_) {
    const ast::Name type{kContainer, span};
    result_.sentences.push_back(
        {span, "",
         ast::DefineDecl{{"channel", span}, {{{{"from", span}, {"to", span}}, type, span}}, channels(span), {}}});
  }
  filled_ = true;
  return true;
}

ast::ExprId Composing::channels(const ast::Span& span) {
  const auto add = [&](ast::ExprKind kind, std::vector<ast::ExprId> args, decltype(ast::Expr::value) value) {
    ast::Expr expr;
    expr.kind = kind;
    expr.span = expr.op = span;
    expr.args = std::move(args);
    expr.value = std::move(value);
    tree().exprs.push_back(std::move(expr));
    return ast::ExprId(tree().exprs.size() - 1);
  };
  const auto is = [&](const std::string& variable, const std::string& container) {
    const auto left = add(ast::ExprKind::Path, {}, ast::Path{{{variable, span}}, span});
    const auto right = add(ast::ExprKind::Path, {}, ast::Path{{{kContainer, span}, {container, span}}, span});
    return add(ast::ExprKind::Equal, {left, right}, {});
  };
  std::vector<ast::ExprId> all = {add(ast::ExprKind::Boolean, {}, false), add(ast::ExprKind::Boolean, {}, false)};
  for (const auto& [from, to] : containers_->channels) {
    all.push_back(add(ast::ExprKind::And, {is("from", from), is("to", to)}, {}));
  }
  copied_ += 7 * all.size();
  return add(ast::ExprKind::Or, std::move(all), {});
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
