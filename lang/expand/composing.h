// The making of one composition, in four files: its parts, their parameters, the shared actions, the sentences.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "lang/diag/diagnostic.h"
#include "lang/expand/compose.h"
#include "lang/expand/copy.h"
#include "lang/resolve/modules.h"

namespace bulkhead::expand {

using diag::Code;

/// One component while it is copied.
struct Part {
  const ast::Component* component = nullptr;
  ast::ModelDecl model;  // a copy: the module grows meanwhile
  resolve::ModuleId module;
  std::string prefix;  // "Memory." where there are several components
  Renaming names;
};

/// An action that is shared: its parts, each with the component whose action it is.
struct Joint {
  const ast::SharedAction* written = nullptr;
  std::string name;
  std::vector<std::pair<std::size_t, const ast::ActionDecl*>> parts;
};

class Composing {
 public:
  Composing(resolve::Modules& modules, const Models& models, const Written& written, std::size_t& copied,
            diag::DiagnosticSink& sink)
      : modules_(modules), models_(models), home_(written.module), copied_(copied), sink_(sink) {
    decl_ = std::get<ast::ModelDecl>(tree().sentences[written.sentence].form);
  }

  std::optional<ast::ModelDecl> run();

 private:
  ast::Module& tree() { return modules_.modules[home_.index()].tree; }
  void error(Code code, const ast::Span& span, std::string message, std::string help = "") {
    sink_.report({code, span, std::move(message), {}, std::move(help), {}});
    failed_ = true;
  }
  void bad(const ast::Span& span, std::string message, std::string help = "") {
    error(Code::BadComposition, span, std::move(message), std::move(help));
  }

  bool find_parts();
  /// What each name of a component is called in the composition.
  void own_names();

  // compose_parameters.cpp: what the arguments of a component stand for.
  void bind_parameters(Part& part);
  void bind_sort(Part& part, const ast::Name& sort, ast::ExprId id);
  /// `containers`, `volumes`: the sort is the policy's own, an enum of their names. What models read `from policy` of
  /// them is filled where the policy is known (lang/ir/from_policy.h).
  enum class Elements : bool { Containers, Volumes };
  void bind_policy(Part& part, const ast::Name& sort, const ast::Span& span, Elements elements);
  /// A function of arguments is another name for one of the composition; a constant is replaced by its value.
  void bind_function(Part& part, const ast::FunctionDecl& decl, ast::ExprId id);
  const ast::FunctionDecl* own_function(const std::string& name) const;
  static bool fits(const Part& part, const ast::FunctionDecl& parameter, const ast::FunctionDecl& other);

  // compose_actions.cpp: what happens together.
  void find_joints();
  std::optional<std::pair<std::size_t, const ast::ActionDecl*>> find_action(const ast::SharedAction::Part& one);
  /// The guards of all parts, and the updates of all of them at once.
  void join(const Joint& joint);
  bool name_parameters(const ast::SharedAction::Part& written, const ast::ActionDecl& decl, Part& part);
  /// A variant that changes an action that happens with another one would change that one too.
  bool touches_shared(std::size_t component, const ast::VariantDecl& variant) const;

  // compose_sentences.cpp: what stands in the plain model.
  /// Types and functions, what components share only once.
  void declarations(Part& part);
  bool is_bound(const Part& part, const ast::Name& name) const;
  /// Whether nothing of this name was declared; what was, must be of the same kind.
  bool is_new(const ast::Name& name, const std::string& kind, const ast::Span& span);
  bool first_of_policy(const Part& part, const ast::FunctionDecl& decl);
  void sentences(Part& part);
  /// What a property says of guards is no longer so where another component's guard joins one of them.
  bool speaks_of_joined_guards(const Part& part, std::size_t component, const ast::PropertyDecl& property);
  /// What the composition says itself; its actions leave the variables of the components alone.
  void own_sentences();
  /// `model Frames = Queue(Frame);`: nothing else says what a `Frame` is.
  void declare_missing_sorts();

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
  std::set<std::string> from_policy_;             // enums that are the policy's own
  bool failed_ = false;
};

}  // namespace bulkhead::expand
