// The writing of the model that a protocol stands for, in four files: its state, its steps, the wire, its theorems.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "lang/expand/protocol.h"

namespace bulkhead::expand {

using Act = ast::Alternative::Act;
using Strings = std::vector<std::string>;

/// The parts, with `between` between two of them.
std::string joined(const Strings& parts, const std::string& between);
std::string capitalised(std::string word);

class ModelWriter {
 public:
  explicit ModelWriter(const Facts& facts) : facts_(facts) {}
  ModelText run();

 private:
  void line(const std::string& text);
  const Role& role(std::size_t r) const { return facts_.roles[r]; }
  bool session() const { return facts_.decl->session.has_value(); }
  bool is_session(const std::string& field) const { return session() && facts_.decl->session->text == field; }
  const std::string& type(const std::string& field) const { return facts_.fields.at(field).type; }
  bool fresh(const std::string& field) const { return facts_.fields.at(field).fresh; }
  /// A run of a role: with sessions the value that all its messages carry.
  std::string run_name() const;
  std::string run_type(std::size_t r) const;
  std::string state_type(std::size_t r) const { return capitalised(role(r).name) + "State"; }
  std::string at(std::size_t r, const std::string& state) const;
  /// "sent_Read(block, nonce)".
  static std::string of(const std::string& what, const std::string& message, const Strings& fields);
  std::string types_of(const Message& message) const;
  Strings bindings_of(const Message& message) const;
  std::string for_all(const Message& message) const { return "forall " + joined(bindings_of(message), ", ") + ". "; }
  void types();
  void role_state(std::size_t r);
  void message_state(const std::string& name, const Message& message);
  bool has_used(const std::string& field) const { return fresh(field) && (facts_.wire.inject || !is_session(field)); }
  void fresh_state();

  // -- steps ----------------------------------------------------------------------------------------------------------

  struct Step {
    Strings parameters;
    Strings guard;
    Strings updates;
  };

  std::string unique(std::string name);
  void emit(const std::string& name, const Step& step);
  void alternative(std::size_t r, const std::string& state, const ast::Alternative& one);
  void emit_as(const std::string& name, std::size_t r, const std::string& state, const ast::Alternative& one,
               const std::string& from);
  bool is_carried(const ast::Name& message) const;
  void with_message(Step& step, std::size_t r, const ast::Alternative& one, const std::string& from);
  void with_send(Step& step, std::size_t r, const std::string& name, const Message& message);
  static std::string plus(const std::string& what, const std::string& name, const Message& message,
                          const std::string& change);
  std::string memory(std::size_t r, const std::string& field) const;
  void remember(Step& step, std::size_t r, const Message& message);
  void count_open(Step& step, std::size_t r, const std::string& state, const std::string& next);

  // -- requirements ---------------------------------------------------------------------------------------------------
  std::string name_of(ast::ExprId id) const { return std::get<ast::Path>(facts_.tree->at(id).value).text(); }
  std::string relation(std::size_t r, const ast::Expr& holds) const;
  /// The relations that stand in a requirement, each with its type: comparisons joined by `&&`, `!` before some.
  std::set<std::pair<std::string, std::string>> relations_in(std::size_t r, ast::ExprId root) const;
  std::string value(std::size_t r, const ast::Alternative& one, ast::ExprId id) const;
  std::string requirement(std::size_t r, const ast::Alternative& one, ast::ExprId root) const;

  // -- the wire -------------------------------------------------------------------------------------------------------
  void wire(const std::string& name, const Message& message);
  void attacker_makes();

  // -- what is proved -------------------------------------------------------------------------------------------------
  void lemmas();
  /// While a run cannot have accepted a message yet, whatever of it was sent is still to be accepted.
  void first_accept(const std::string& name, const Message& message);
  /// What the steps that send a message ask of fields of it: what all of them do, or what some does.
  enum class Ask : std::uint8_t { All, Some };
  Strings demands(const std::string& name, const Message& message, Ask which) const;
  Strings asked_of(const Message& message, const ast::Alternative& one) const;
  bool authorised(const std::string& name, const Message& message, const std::string& head, const std::string& what);
  void invariants();
  void authorised_invariant();
  std::string no_deadlock() const;
  /// A value that was never used is always there to be taken: sending asks for none here.
  std::string enabled(std::size_t r, const std::string& state, const ast::Alternative& one) const;
  /// The known mistake: a value that was to be new is taken again, for a session after the first one.
  void nonce_reuse();

  const Facts& facts_;
  ModelText made_;
};

}  // namespace bulkhead::expand
