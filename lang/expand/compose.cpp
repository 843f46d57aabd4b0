// docs/adr/0005-composition.md says what a composition means.
#include "lang/expand/compose.h"

#include <algorithm>
#include <set>
#include <vector>

#include "lang/expand/copy.h"
#include "lang/expand/expand.h"

namespace bulkhead::expand {
namespace {

using diag::Code;

/// One component while it is copied.
struct Part {
  const ast::Component* component = nullptr;
  ast::ModelDecl model;  // a copy: the module grows meanwhile
  resolve::ModuleId module;
  std::string prefix;                     // "Memory." where there are several components
  std::set<std::string> containers = {};  // its sorts that are the policy's containers
  Renaming names;
};

/// An action that is shared: its parts, each with the component whose action it is.
struct Joint {
  const ast::SharedAction* written = nullptr;
  std::string name;
  std::vector<std::pair<std::size_t, const ast::ActionDecl*>> parts;
};

constexpr const char* kContainer = "Container";

/// What a policy says of its containers, whichever module says it.
struct Containers {
  std::set<std::string> members;
  std::set<std::pair<std::string, std::string>> channels;  // from, to
};

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

bool same_names(const std::vector<ast::Name>& a, const std::vector<ast::Name>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const auto& x, const auto& y) { return x.text == y.text; });
}

class Composing {
 public:
  Composing(resolve::Modules& modules, const Models& models, const Written& written, std::size_t& copied,
            diag::DiagnosticSink& sink)
      : modules_(modules), models_(models), home_(written.module), copied_(copied), sink_(sink) {
    decl_ = std::get<ast::ModelDecl>(tree().sentences[written.sentence].form);
  }

  std::optional<ast::ModelDecl> run() {
    if (!find_parts()) return std::nullopt;
    own_names();
    for (Part& part : parts_) bind_parameters(part);
    find_joints();
    if (failed_) return std::nullopt;
    result_.name = decl_.name;
    for (std::size_t i = 0; i < decl_.parameters; ++i) result_.sentences.push_back(decl_.sentences[i]);
    result_.parameters = decl_.parameters;
    for (Part& part : parts_) declarations(part);
    for (Part& part : parts_) sentences(part);
    for (const Joint& joint : joints_) join(joint);
    own_sentences();
    declare_missing_sorts();
    if (copied_ > kMaxCopied) {
      error(Code::PolicyTooLarge, decl_.name.span,
            "the compositions of this policy grow beyond what the checker takes on", "compose fewer models");
    }
    if (failed_) return std::nullopt;
    return std::move(result_);
  }

 private:
  ast::Module& tree() { return modules_.modules[home_.index()].tree; }
  void error(Code code, const ast::Span& span, std::string message, std::string help = "") {
    sink_.report({code, span, std::move(message), {}, std::move(help), {}});
    failed_ = true;
  }
  void bad(const ast::Span& span, std::string message, std::string help = "") {
    error(Code::BadComposition, span, std::move(message), std::move(help));
  }

  bool find_parts() {
    std::set<std::string> seen;
    for (const ast::Component& component : decl_.composition->components) {
      const auto found = models_.find(component.model.text);
      if (found == models_.end()) {
        if (!modules_.incomplete) {
          std::vector<std::string> known;
          for (const auto& [name, where] : models_) known.push_back(name);
          diag::Diagnostic report{
              Code::UnknownName, component.model.span, "there is no model `" + component.model.text + "`", {}, "", {}};
          if (const auto meant = diag::did_you_mean(component.model.text, known)) {
            report.help = "did you mean `" + *meant + "`?";
            report.fixes.push_back({component.model.span, *meant});
          }
          sink_.report(std::move(report));
        }
        return false;
      }
      const Written& where = found->second;
      const auto& form = modules_.at(where.module).tree.sentences[where.sentence].form;
      if (!std::holds_alternative<ast::ModelDecl>(form)) return false;  // it has a mistake, which was reported
      if (!modules_.sees[home_.index()][where.module.index()]) {
        const std::string& name = modules_.at(where.module).name;
        error(Code::NotImported, component.model.span,
              "`" + component.model.text + "` is declared in `" + name + "`, which is not imported here",
              "add `import " + name + ";`");
        return false;
      }
      if (!seen.insert(component.model.text).second) {
        bad(component.model.span, "`" + component.model.text + "` is a component twice",
            "give it two names: `model Left = " + component.model.text + ";`");
        return false;
      }
      Part part{&component,
                std::get<ast::ModelDecl>(modules_.at(where.module).tree.sentences[where.sentence].form),
                where.module,
                "",
                {}};
      if (decl_.composition->components.size() > 1) part.prefix = component.model.text + ".";
      parts_.push_back(std::move(part));
    }
    return true;
  }

  /// What each name of a component is called in the composition.
  void own_names() {
    for (Part& part : parts_) {
      for (const ast::ModelSentence& sentence : part.model.sentences) {
        if (const auto* decl = std::get_if<ast::FunctionDecl>(&sentence.form)) {
          const bool shared = decl->from_policy;  // the policy fills it once
          part.names.values[decl->name.text] = (shared ? "" : part.prefix) + decl->name.text;
        }
        if (const auto* decl = std::get_if<ast::DefineDecl>(&sentence.form)) {
          part.names.values[decl->name.text] = part.prefix + decl->name.text;
        }
        if (const auto* decl = std::get_if<ast::ActionDecl>(&sentence.form)) {
          part.names.actions[decl->name.text] = part.prefix + decl->name.text;
        }
        if (const auto* decl = std::get_if<ast::PropertyDecl>(&sentence.form)) {
          part.names.properties[decl->name.text] = part.prefix + decl->name.text;
        }
        if (const auto* decl = std::get_if<ast::VariantDecl>(&sentence.form)) {
          part.names.properties[decl->name.text] = part.prefix + decl->name.text;
        }
      }
    }
  }

  void bind_parameters(Part& part) {
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

  void bind_sort(Part& part, const ast::Name& sort, ast::ExprId id) {
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

  /// `containers`: the sort is the policy's own containers, and `channel` from the policy its channels between them.
  void bind_containers(Part& part, const ast::Name& sort, const ast::Span& span) {
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

  /// `relation channel: (S, S) from policy` where S is the policy's containers: it is what the channels say.
  bool fill_from_policy(const Part& part, const ast::FunctionDecl& decl, const ast::Span& span) {
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

  /// (from == Container.A && to == Container.B) || ...
  ast::ExprId channels(const ast::Span& span) {
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

  /// A function of arguments is another name for one of the composition; a constant is replaced by its value.
  void bind_function(Part& part, const ast::FunctionDecl& decl, ast::ExprId id) {
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

  const ast::FunctionDecl* own_function(const std::string& name) const {
    for (const ast::ModelSentence& sentence : decl_.sentences) {
      const auto* decl = std::get_if<ast::FunctionDecl>(&sentence.form);
      const bool rigid = decl != nullptr && decl->keyword != ast::FunctionDecl::Keyword::Var;
      if (rigid && decl->name.text == name) return decl;
    }
    return nullptr;
  }

  static bool fits(const Part& part, const ast::FunctionDecl& parameter, const ast::FunctionDecl& other) {
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

  void find_joints() {
    for (const ast::SharedAction& shared : decl_.composition->shared) {
      Joint joint{&shared, "", {}};
      std::set<std::size_t> components;
      for (const ast::SharedAction::Part& one : shared.parts) {
        const auto found = find_action(one);
        if (!found) return;
        if (!components.insert(found->first).second) {
          return bad(one.span, "one component has two actions here",
                     "an action is shared between different components");
        }
        if (!taken_.insert({found->first, found->second->name.text}).second) {
          return bad(one.span, "`" + one.action.text() + "` is shared already",
                     "name all that happens together at once");
        }
        joint.parts.push_back(*found);
      }
      joint.name = shared.name ? shared.name->text : joint.parts[0].second->name.text;
      joints_.push_back(std::move(joint));
    }
  }

  std::optional<std::pair<std::size_t, const ast::ActionDecl*>> find_action(const ast::SharedAction::Part& one) {
    std::vector<std::pair<std::size_t, const ast::ActionDecl*>> found;
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      for (const ast::ModelSentence& sentence : parts_[i].model.sentences) {
        const auto* decl = std::get_if<ast::ActionDecl>(&sentence.form);
        if (decl == nullptr) continue;
        const std::string full = parts_[i].component->model.text + "." + decl->name.text;
        if (one.action.text() == full || one.action.text() == decl->name.text) found.emplace_back(i, decl);
      }
    }
    if (found.size() == 1) return found[0];
    if (found.empty()) {
      error(Code::UnknownName, one.action.span, "no component has an action `" + one.action.text() + "`",
            "write `COMPONENT.ACTION`");
    } else {
      bad(one.action.span, "several components have an action `" + one.action.text() + "`", "write `COMPONENT.ACTION`");
    }
    return std::nullopt;
  }

  /// Types and functions, what components share only once.
  void declarations(Part& part) {
    Copy copy(modules_.at(part.module).tree, tree(), part.names, copied_);
    for (std::size_t i = 0; i < part.model.sentences.size(); ++i) {
      const ast::ModelSentence& sentence = part.model.sentences[i];
      if (const auto* decl = std::get_if<ast::SortDecl>(&sentence.form)) {
        ast::SortDecl kept;
        for (const ast::Name& name : decl->names) {
          if (part.names.types.count(name.text) != 0) continue;
          if (is_new(name, "sort", sentence.span)) kept.names.push_back(name);
        }
        if (!kept.names.empty()) result_.sentences.push_back({sentence.span, sentence.doc, std::move(kept)});
      } else if (const auto* type = std::get_if<ast::EnumDecl>(&sentence.form)) {
        const auto known = enums_.find(type->name.text);
        if (known != enums_.end() && !same_names(known->second.members, type->members)) {
          bad(part.component->span, "components have different enums `" + type->name.text + "`", "rename one of them");
        }
        enums_.emplace(type->name.text, *type);
        if (is_new(type->name, "enum", sentence.span)) result_.sentences.push_back(sentence);
      } else if (const auto* record = std::get_if<ast::RecordDecl>(&sentence.form)) {
        if (!is_new(record->name, "record", sentence.span)) {
          bad(part.component->span, "several components have a record `" + record->name.text + "`",
              "rename one of them");
        } else {
          result_.sentences.push_back({sentence.span, sentence.doc, copy(sentence.form)});
        }
      } else if (const auto* function = std::get_if<ast::FunctionDecl>(&sentence.form)) {
        if (is_bound(part, function->name) || fill_from_policy(part, *function, sentence.span)) continue;
        auto made = std::get<ast::FunctionDecl>(copy(sentence.form));
        if (function->from_policy && !first_of_policy(part, made)) continue;
        result_.sentences.push_back({sentence.span, sentence.doc, std::move(made)});
      } else if (std::holds_alternative<ast::DefineDecl>(sentence.form)) {
        result_.sentences.push_back({sentence.span, sentence.doc, copy(sentence.form)});
      }
    }
  }

  bool is_bound(const Part& part, const ast::Name& name) const {
    return bound_.count(name.text + " of " + part.component->model.text) != 0;
  }

  /// Whether nothing of this name was declared; what was, must be of the same kind.
  bool is_new(const ast::Name& name, const std::string& kind, const ast::Span& span) {
    const auto [found, fresh] = kinds_.emplace(name.text, kind);
    if (!fresh && found->second != kind) {
      bad(span, "`" + name.text + "` is a " + kind + " here and a " + found->second + " in another component");
    }
    return fresh;
  }

  bool first_of_policy(const Part& part, const ast::FunctionDecl& decl) {
    for (const ast::ModelSentence& sentence : result_.sentences) {
      const auto* known = std::get_if<ast::FunctionDecl>(&sentence.form);
      if (known == nullptr || known->name.text != decl.name.text) continue;
      Part same{part.component, {}, part.module, "", {}};
      if (!fits(same, decl, *known)) {
        bad(part.component->span, "components read different relations `" + decl.name.text + "` from the policy");
      }
      return false;
    }
    return true;
  }

  void sentences(Part& part) {
    const bool alone = parts_.size() == 1;
    Copy copy(modules_.at(part.module).tree, tree(), part.names, copied_);
    const std::size_t index = static_cast<std::size_t>(&part - parts_.data());
    for (const ast::ModelSentence& sentence : part.model.sentences) {
      const ast::ModelForm& form = sentence.form;
      bool kept = std::holds_alternative<ast::InitiallyDecl>(form) || std::holds_alternative<ast::PropertyDecl>(form);
      if (const auto* action = std::get_if<ast::ActionDecl>(&form))
        kept = taken_.count({index, action->name.text}) == 0;
      if (const auto* variant = std::get_if<ast::VariantDecl>(&form)) kept = !touches_shared(index, *variant);
      if (const auto* property = std::get_if<ast::PropertyDecl>(&form))
        kept = !speaks_of_joined_guards(part, index, *property);
      if (std::holds_alternative<ast::ViewDecl>(form)) kept = alone;  // what is seen of all of it, its own block says
      if (kept) result_.sentences.push_back({sentence.span, sentence.doc, copy(form)});
    }
  }

  /// What a property says of guards is no longer so where another component's guard joins one of them.
  bool speaks_of_joined_guards(const Part& part, std::size_t component, const ast::PropertyDecl& property) {
    const auto& names = part.model.of_guards;
    if (std::find(names.begin(), names.end(), property.name.text) == names.end()) return false;
    const bool joined =
        std::any_of(taken_.begin(), taken_.end(), [&](const auto& one) { return one.first == component; });
    if (!joined) result_.of_guards.push_back(part.names.properties.at(property.name.text));
    return joined;
  }

  /// A variant that changes an action that happens with another one would change that one too.
  bool touches_shared(std::size_t component, const ast::VariantDecl& variant) const {
    const auto shared = [&](const ast::Name& action) { return taken_.count({component, action.text}) != 0; };
    return std::any_of(variant.edits.begin(), variant.edits.end(), [&](const ast::Edit& edit) {
      if (const auto* e = std::get_if<ast::DropUpdate>(&edit.form)) return shared(e->action);
      if (const auto* e = std::get_if<ast::DropGuard>(&edit.form)) return shared(e->action);
      if (const auto* e = std::get_if<ast::DropAction>(&edit.form)) return shared(e->action);
      if (const auto* e = std::get_if<ast::ReplaceUpdate>(&edit.form)) return shared(e->action);
      if (const auto* e = std::get_if<ast::ReplaceGuard>(&edit.form)) return shared(e->action);
      return false;
    });
  }

  /// The guards of all parts, and the updates of all of them at once.
  void join(const Joint& joint) {
    ast::ActionDecl action{{joint.name, joint.written->span}, {}, std::nullopt, {}};
    std::vector<ast::ExprId> guards;
    std::map<std::string, std::string> types;
    for (std::size_t i = 0; i < joint.parts.size(); ++i) {
      Part& part = parts_[joint.parts[i].first];
      const ast::ActionDecl& decl = *joint.parts[i].second;
      if (!name_parameters(joint.written->parts[i], decl, part)) return;
      Copy copy(modules_.at(part.module).tree, tree(), part.names, copied_);
      ast::ActionDecl made = copy(decl);
      part.names.parameters.clear();
      for (const ast::Binding& binding : made.parameters) {
        for (const ast::Name& name : binding.names) {
          const auto [known, fresh] = types.emplace(name.text, binding.type.text);
          if (fresh) action.parameters.push_back({{name}, binding.type, binding.span});
          if (known->second == binding.type.text) continue;
          return bad(joint.written->parts[i].span,
                     "`" + name.text + "` is a `" + binding.type.text + "` here and a `" + known->second + "` before",
                     "name the parameters: `" + joint.written->parts[i].action.text() + "(x, y)`");
        }
      }
      if (made.when) guards.push_back(*made.when);
      action.updates.insert(action.updates.end(), made.updates.begin(), made.updates.end());
    }
    if (guards.size() == 1) action.when = guards[0];
    if (guards.size() > 1) {
      ast::Expr all;
      all.kind = ast::ExprKind::And;
      all.span = all.op = joint.written->span;
      all.args = std::move(guards);
      tree().exprs.push_back(std::move(all));
      action.when = ast::ExprId(tree().exprs.size() - 1);
    }
    result_.sentences.push_back({joint.written->span, "", std::move(action)});
  }

  bool name_parameters(const ast::SharedAction::Part& written, const ast::ActionDecl& decl, Part& part) {
    if (!written.parameters) return true;
    std::vector<ast::Name> own;
    for (const ast::Binding& binding : decl.parameters) {
      own.insert(own.end(), binding.names.begin(), binding.names.end());
    }
    if (own.size() != written.parameters->size()) {
      error(Code::WrongArguments, written.span,
            "`" + written.action.text() + "` has " + std::to_string(own.size()) + " parameters, and here are " +
                std::to_string(written.parameters->size()));
      return false;
    }
    for (std::size_t i = 0; i < own.size(); ++i) part.names.parameters[own[i].text] = (*written.parameters)[i].text;
    return true;
  }

  /// What the composition says itself; its actions leave the variables of the components alone.
  void own_sentences() {
    std::set<std::string> theirs;
    for (const Part& part : parts_) {
      for (const ast::ModelSentence& sentence : part.model.sentences) {
        const auto* decl = std::get_if<ast::FunctionDecl>(&sentence.form);
        if (decl != nullptr) theirs.insert(part.names.values.at(decl->name.text));
      }
    }
    for (std::size_t i = decl_.parameters; i < decl_.sentences.size(); ++i) {
      const ast::ModelSentence& sentence = decl_.sentences[i];
      if (const auto* sort = std::get_if<ast::SortDecl>(&sentence.form)) {
        ast::SortDecl kept;
        for (const ast::Name& name : sort->names) {
          if (is_new(name, "sort", sentence.span)) kept.names.push_back(name);
        }
        if (!kept.names.empty()) result_.sentences.push_back({sentence.span, sentence.doc, std::move(kept)});
        continue;
      }
      if (const auto* action = std::get_if<ast::ActionDecl>(&sentence.form)) {
        for (const ast::Update& update : action->updates) {
          const std::string target = std::get<ast::Path>(tree().at(update.target).value).text();
          const bool foreign = std::any_of(theirs.begin(), theirs.end(), [&](const std::string& name) {
            return target == name || target.rfind(name + ".", 0) == 0;
          });
          if (foreign) {
            error(Code::BadUpdate, update.span, "`" + target + "` is assigned by its own model alone",
                  "share an action of that model");
          }
        }
      }
      result_.sentences.push_back(sentence);
    }
  }

  /// `model Frames = Queue(Frame);`: nothing else says what a `Frame` is.
  void declare_missing_sorts() {
    static const std::set<std::string> builtin = {"bool", "int", "u8", "u16", "u32", "u64"};
    for (const auto& [text, name] : named_types_) {
      bool known = builtin.count(text) != 0 || kinds_.count(text) != 0;
      for (const resolve::Module& module : modules_.modules) {
        for (const ast::Sentence& sentence : module.tree.sentences) {
          const auto* type = std::get_if<ast::EnumDecl>(&sentence.form);
          known = known || (type != nullptr && type->name.text == text);
        }
      }
      for (const ast::ModelSentence& sentence : decl_.sentences) {
        if (const auto* type = std::get_if<ast::EnumDecl>(&sentence.form)) known = known || type->name.text == text;
        if (const auto* sort = std::get_if<ast::SortDecl>(&sentence.form)) {
          for (const ast::Name& one : sort->names) known = known || one.text == text;
        }
      }
      if (!known) result_.sentences.push_back({name.span, "", ast::SortDecl{{name}}});
    }
  }

  resolve::Modules& modules_;
  const Models& models_;
  resolve::ModuleId home_;
  std::size_t& copied_;
  diag::DiagnosticSink& sink_;
  ast::ModelDecl decl_;
  ast::ModelDecl result_;
  std::vector<Part> parts_;
  std::vector<Joint> joints_;
  std::set<std::pair<std::size_t, std::string>> taken_;  // actions that are shared: component, name
  std::set<std::string> bound_;                          // parameters that were given
  std::map<std::string, std::string> kinds_;             // of types, by name
  std::map<std::string, ast::EnumDecl> enums_;
  std::map<std::string, ast::Name> named_types_;  // as arguments
  std::optional<Containers> containers_;
  bool filled_ = false;  // the channels were written
  bool failed_ = false;
};

}  // namespace

std::optional<ast::ModelDecl> compose(resolve::Modules& modules, const Models& models, const Written& written,
                                      std::size_t& copied, diag::DiagnosticSink& sink) {
  return Composing(modules, models, written, copied, sink).run();
}

}  // namespace bulkhead::expand
