#include "lang/types/model/model.h"

#include <algorithm>

#include "lang/base/check.h"

namespace bulkhead::model {

void Model::unknown(const ast::Name& name, const std::string& what, const std::vector<std::string>& choices) {
  if (broken.count(name.text) != 0) return;
  diag::Diagnostic report{Code::UnknownName, name.span, "there is no " + what + " `" + name.text + "`", {}, "", {}};
  if (const auto meant = diag::did_you_mean(name.text, choices)) {
    report.help = "did you mean `" + *meant + "`?";
    report.fixes.push_back({name.span, *meant});
  }
  sink.report(std::move(report));
}

void Model::twice(const ast::Name& name, const ast::Span& earlier) {
  sink.report({Code::DuplicateName,
               name.span,
               "`" + name.text + "` is declared twice",
               {{earlier, "first declared here"}},
               "inside of a model a name stands for one thing",
               {}});
}

std::optional<Type> Model::type(const ast::Name& name, ModuleId from) {
  const auto found = types.find(name.text);
  if (found != types.end()) return found->second;
  if (!names.peek(resolve::Space::Enums, name.text)) {
    std::vector<std::string> known;
    for (const auto& [word, type] : types) known.push_back(word);
    unknown(name, "type", known);
    return std::nullopt;
  }
  const auto symbol = names.find(resolve::Space::Enums, name, from, sink);
  if (!symbol) return std::nullopt;
  const resolve::Symbol& declared = names.at(*symbol);
  const auto& decl = std::get<ast::EnumDecl>(tree(declared.module).sentences[declared.sentence].form);
  std::vector<std::string> words;
  for (const ast::Name& member : decl.members) words.push_back(member.text);
  const system::EnumId id = builder.enumeration(name.text, words);
  system.enums[id.index()].origin = origin(tree(declared.module).sentences[declared.sentence].span);
  for (std::size_t i = 0; i < words.size(); ++i) members[words[i]].push_back(builder.member(id, i));
  const Type type{Type::Form::Scalar, system::of_enum(id), 0};
  types.emplace(name.text, type);
  return type;
}

std::optional<system::Type> Model::scalar_type(const ast::Name& name, ModuleId from) {
  const auto found = type(name, from);
  if (!found) return std::nullopt;
  if (found->form == Type::Form::Scalar) return found->scalar;
  error(Code::TypeMismatch, name.span, "a record cannot stand here", "name one of its fields, or a sort");
  return std::nullopt;
}

std::string Model::spell(const system::Type& type) const {
  switch (type.kind) {
    case system::Kind::Bool:
      return "`bool`";
    case system::Kind::Int:
      return "`int`";
    case system::Kind::Bits:
      return "`u" + std::to_string(type.width) + "`";
    case system::Kind::Enum:
      return "`" + system.at(type.enumeration).name + "`";
    case system::Kind::Sort:
      return "`" + system.at(type.sort).name + "`";
  }
  BH_CHECK(false, "an unknown kind of type");
}

std::string Model::spell(const Type& type) const {
  switch (type.form) {
    case Type::Form::Scalar:
      return spell(type.scalar);
    case Type::Form::Set:
      return "a set of " + spell(type.scalar);
    case Type::Form::Record:
      return "a record `" + records.at(type.record).name + "`";
  }
  BH_CHECK(false, "an unknown form of type");
}

ast::Path Model::named(const ast::Path& path) const {
  for (std::size_t count = path.parts.size(); count > 1; --count) {
    ast::Path head{{path.parts.begin(), path.parts.begin() + static_cast<std::ptrdiff_t>(count)}, path.span};
    const std::string text = head.text();
    if (variables.count(text) == 0 && definitions.count(text) == 0) continue;
    const ast::Span span{path.span.file, path.parts[0].span.begin, head.parts.back().span.end};
    ast::Path joined{{{text, span}}, path.span};
    joined.parts.insert(joined.parts.end(), path.parts.begin() + static_cast<std::ptrdiff_t>(count), path.parts.end());
    return joined;
  }
  return path;
}

void Model::too_large(const ast::Span& span, std::string message, std::string help) {
  if (!full) error(Code::PolicyTooLarge, span, std::move(message), std::move(help));
  full = true;
}

std::optional<TermId> Model::accept(TermId term, const ast::Span& span) {
  for (std::size_t i = depth.size(); i < system.terms.size(); ++i) {
    std::size_t deep = 0;
    std::size_t heavy = 1;
    for (const TermId arg : system.terms[i].args) {
      deep = std::max(deep, depth[arg.index()]);
      heavy = std::min(heavy + weight[arg.index()], kMaxWeight + 1);
    }
    depth.push_back(deep + 1);
    weight.push_back(heavy);
  }
  if (depth[term.index()] > system::kMaxTermDepth) {
    too_large(
        span,
        "with its definitions this formula is nested more than " + std::to_string(system::kMaxTermDepth) + " deep",
        "split it into several invariants");
    return std::nullopt;
  }
  if (weight[term.index()] > kMaxWeight || system.terms.size() > kMaxTerms) {
    too_large(span, "with its definitions this formula grows beyond what the checker takes on",
              "split it, or let definitions use each other once");
    return std::nullopt;
  }
  return term;
}

bool Model::reads_state(TermId root) const {
  std::vector<bool> seen(system.terms.size());
  for (std::vector<TermId> open{root}; !open.empty();) {
    const TermId id = open.back();
    open.pop_back();
    if (seen[id.index()]) continue;
    seen[id.index()] = true;
    const system::Term& term = system.at(id);
    if (term.op == system::Op::Apply && system.at(term.function).change == system::Change::State) return true;
    open.insert(open.end(), term.args.begin(), term.args.end());
  }
  return false;
}

std::optional<std::vector<system::BinderId>> introduce(Model& model, const ast::Bindings& bindings, Scope& scope) {
  std::vector<system::BinderId> binders;
  bool failed = false;
  for (const ast::Binding& binding : bindings) {
    const auto type = model.scalar_type(binding.type, scope.module);
    failed = failed || !type;
    for (const ast::Name& name : binding.names) {
      for (const Local& local : scope.locals) {
        if (local.name.text != name.text) continue;
        model.twice(name, local.name.span);
        failed = true;
      }
      const auto variable = model.variables.find(name.text);
      if (variable != model.variables.end()) model.twice(name, variable->second.decl->name.span);
      const auto definition = model.definitions.find(name.text);
      if (definition != model.definitions.end()) model.twice(name, definition->second.decl->name.span);
      failed = failed || variable != model.variables.end() || definition != model.definitions.end();
      if (!type) continue;
      binders.push_back(model.builder.binder(name.text, *type));
      scope.locals.push_back({name, model.builder.bound(binders.back())});
    }
  }
  if (failed) return std::nullopt;
  return binders;
}

}  // namespace bulkhead::model
