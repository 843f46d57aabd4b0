// One model while it becomes a system: what its names stand for, and the system as it grows.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "lang/ast/ast.h"
#include "lang/diag/diagnostic.h"
#include "lang/resolve/names.h"
#include "lang/source/source.h"
#include "lang/system/builder.h"
#include "lang/types/model/draft.h"

namespace bulkhead::model {

using diag::Code;
using system::TermId;

inline constexpr std::size_t kMaxTerms = 500'000;       // of one system
inline constexpr std::size_t kMaxWeight = 1'000'000;    // of one formula, with what occurs twice counted twice
inline constexpr std::size_t kMaxAllTerms = 2'000'000;  // of all systems together

/// What the language has and a system has not: sets and records become functions of their own.
struct Type {
  enum class Form : std::uint8_t { Scalar, Set, Record } form = Form::Scalar;
  system::Type scalar;     // of Set: its elements
  std::size_t record = 0;  // an index into Model::records
  friend bool operator==(const Type&, const Type&) = default;
};
struct Record {
  std::string name;
  std::vector<std::pair<std::string, Type>> fields;  // scalars and sets; `inner.a` of a record in it
};

/// A declared function: as many functions of the system as its type has fields.
struct Variable {
  const ast::FunctionDecl* decl = nullptr;
  ModuleId module;
  std::vector<system::Type> arguments;
  Type result;
  std::vector<system::FunctionId> functions;  // one; of a record one for each field
  bool rigid() const { return decl->keyword != ast::FunctionDecl::Keyword::Var; }
};

struct Definition {
  const ast::DefineDecl* decl = nullptr;
  ModuleId module;
  std::vector<std::pair<ast::Name, system::Type>> parameters;
};

/// A variable of a quantifier, a parameter, or what a definition is applied to.
struct Local {
  ast::Name name;
  TermId term;
};
/// Where an expression stands.
struct Scope {
  ModuleId module;
  std::vector<Local> locals;
};

struct Model {
  Model(const resolve::Modules& all, const resolve::Names& declared, const source::SourceMap& texts,
        diag::DiagnosticSink& where)
      : modules(all), names(declared), sources(texts), sink(where) {}
  Model(const Model&) = delete;
  Model& operator=(const Model&) = delete;

  const resolve::Modules& modules;
  const resolve::Names& names;
  const source::SourceMap& sources;
  diag::DiagnosticSink& sink;
  Draft draft;
  system::System system;
  system::Builder builder{system};

  std::map<std::string, Type, std::less<>> types;
  std::vector<Record> records;
  std::map<std::string, Variable, std::less<>> variables;
  std::map<std::string, Definition, std::less<>> definitions;
  std::map<std::string, std::vector<TermId>, std::less<>> members;         // of enums, by their bare name
  std::map<std::pair<std::string, std::vector<TermId>>, TermId> expanded;  // applications of definitions
  std::vector<std::string> expanding;                                      // definitions around the place at hand
  std::vector<std::size_t> depth;                                          // by term
  std::vector<std::size_t> weight;
  std::size_t level = 0;         // of nesting, definitions included
  bool full = false;             // it has grown too large, which was reported: nothing more is made
  std::set<std::string> broken;  // declared with a mistake, which was reported: what names them is not reported

  void error(Code code, const ast::Span& span, std::string message, std::string help = "") {
    sink.report({code, span, std::move(message), {}, std::move(help), {}});
  }
  /// `what` `name` is not among `choices`; the nearest one is offered.
  void unknown(const ast::Name& name, const std::string& what, const std::vector<std::string>& choices);
  void twice(const ast::Name& name, const ast::Span& earlier);

  const ast::Module& tree(ModuleId module) const { return modules.at(module).tree; }
  system::Origin origin(const ast::Span& span) const { return {span, source::one_line(sources.slice(span))}; }

  /// The type of this name as seen from a module; none after an error.
  std::optional<Type> type(const ast::Name& name, ModuleId from);
  /// The same where only scalars may stand: arguments, variables, elements.
  std::optional<system::Type> scalar_type(const ast::Name& name, ModuleId from);
  /// "`Container`", "a set of `Container`".
  std::string spell(const system::Type& type) const;
  std::string spell(const Type& type) const;

  /// The path with the parts that name one variable or definition of a component joined: `Memory.mapped` is one name.
  ast::Path named(const ast::Path& path) const;

  void too_large(const ast::Span& span, std::string message, std::string help);

  /// The term, if the system has room for it; none after an error.
  std::optional<TermId> accept(TermId term, const ast::Span& span);
  /// Whether the value can change while the system runs.
  bool reads_state(TermId term) const;
};

/// Binders for all of `bindings`, which are put into the scope; none after an error.
std::optional<std::vector<system::BinderId>> introduce(Model& model, const ast::Bindings& bindings, Scope& scope);

// The parts, in the order in which a model is lowered.
void declare_types(Model& model);
void declare_functions(Model& model);
void check_definitions(Model& scratch);
/// No field of a variable is called like a member of an enum: `E.X` would be two things where models are written out.
void check_members(Model& model);
void lower_initial_values(Model& model);
void lower_actions(Model& model);
void lower_properties(Model& model);
void lower_view(Model& model, const ast::ViewDecl& view, ModuleId from, const ast::Span& span);
void find_smells(Model& model);

}  // namespace bulkhead::model
