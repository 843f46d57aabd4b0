// Builders: from the tree of rules to the syntax tree, one function for each rule that means something.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lang/ast/ast.h"
#include "lang/diag/diagnostic.h"
#include "lang/syntax/cursor.h"

namespace bulkhead::syntax {

/// What every builder writes to. Values that the grammar cannot refuse (a number that is too large) are reported here.
struct Build {
  ast::Module& module;
  const std::vector<Token>& tokens;  // of the whole file, comments included: doc comments are found here
  std::string_view text;
  diag::DiagnosticSink& sink;

  void report(diag::Code code, const source::Span& span, std::string message, std::string help = "");
  ast::ExprId add(ast::Expr expr);
};

// words
ast::Name name(const Cursor& at);                    // any rule or word that is one name
std::vector<ast::Name> names(const Cursor& parent);  // all children of rule `name`
ast::Path path(const Cursor& at);                    // rule path
ast::Number number(Build& build, const Cursor& at);  // rule number, or a word that is one
ast::String string(Build& build, const Cursor& at);  // rule string
ast::Doc doc_above(const Build& build, const source::Span& span);

// conditions
ast::ExprId requirements(Build& build, const Cursor& at);                // rule requirements
std::vector<ast::ExprId> argument_list(Build& build, const Cursor& at);  // rule arguments
ast::ExprId expression(Build& build, const Cursor& at);                  // rule expr
std::optional<ast::ExprId> when(Build& build, const Cursor& parent);     // its child of rule when
ast::ExprId value(Build& build, const Cursor& at);  // rules value, element, primary without brackets
ast::Bindings bindings(const Cursor& at);           // rule bindings
/// `function` with the arguments that stand in `at`, a rule that has `arguments? fields?`.
ast::ExprId application(Build& build, const ast::Path& function, const Cursor& at);

// rules
ast::FilePattern file_pattern(Build& build, const Cursor& at);
ast::NetPattern net_pattern(Build& build, const Cursor& at);  // rules netPattern, netGroup
ast::Objects objects(Build& build, const Cursor& at);
ast::SubjectRef subject(const Cursor& at);
ast::Rule rule(Build& build, const Cursor& at);          // rule access, unless it delegates or revokes
std::vector<ast::Name> rights_of(const Cursor& parent);  // its child of rule rights or handedRights
ast::AccessRule access_rule(Build& build, const Cursor& at);

// authority
ast::Delegation delegation(Build& build, const Cursor& at);
ast::TakingBack taking_back(Build& build, const Cursor& at);
ast::SentenceForm authority_sentence(Build& build, const Cursor& at);  // capability, trusted, open, flow, pack ...
ast::SentenceForm subject_sentence(Build& build, const Cursor& at);    // rules, delegations, holdings of one subject

// bodies
ast::Amount amount(Build& build, const Cursor& at);
ast::BodySentence body_sentence(Build& build, const Cursor& at);
ast::Body body(Build& build, const Cursor& at);
std::string as_written(const Cursor& at);

// models
ast::EnumDecl enum_decl(const Cursor& at);
ast::ModelDecl model_decl(Build& build, const Cursor& at);
ast::ModelSentence model_sentence(Build& build, const Cursor& at);
ast::VariantDecl variant_decl(Build& build, const Cursor& at);
ast::Edit edit(Build& build, const Cursor& at);
ast::ViewDecl view_decl(Build& build, const Cursor& at);
ast::Name joined(const Cursor& at);  // rule path, as one name

// protocols
ast::ProtocolDecl protocol_decl(Build& build, const Cursor& at);
ast::ProtocolSentence protocol_sentence(Build& build, const Cursor& at);
ast::ChannelDecl channel_decl(Build& build, const Cursor& at);
ast::ChannelEntry channel_entry(Build& build, const Cursor& at);
ast::LifecycleDecl lifecycle_decl(Build& build, const Cursor& at);

// the rest
ast::Claim claim(Build& build, const Cursor& at);
ast::SyscallsDecl::Entry syscall_entry(Build& build, const Cursor& at);
ast::KernelCapabilitiesDecl::Entry kernel_entry(Build& build, const Cursor& at);
ast::Property property(Build& build, const Cursor& at);
ast::Sentence sentence(Build& build, const Cursor& at);

}  // namespace bulkhead::syntax
