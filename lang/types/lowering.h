// The state that the parts of lower() share: the world as it grows, and which symbol has become what in it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lang/ast/ast.h"
#include "lang/diag/diagnostic.h"
#include "lang/ir/world.h"
#include "lang/resolve/names.h"
#include "lang/resolve/profiles.h"
#include "lang/source/source.h"
#include "lang/types/lower.h"

namespace bulkhead::types {

using diag::Code;
using resolve::Kind;
using resolve::ModuleId;
using resolve::Space;
using resolve::SymbolId;

struct Lowering {
  const resolve::Modules& modules;
  const resolve::Names& names;
  const LowerOptions& options;
  const source::SourceMap& sources;
  diag::DiagnosticSink& sink;
  ir::World world;

  std::vector<std::vector<resolve::Layer>> layers;  // by symbol: the bodies that speak about it

  // By symbol; invalid where the symbol is of another kind.
  std::vector<ir::VolumeId> volumes;
  std::vector<ir::ObjectSetId> sets;
  std::vector<ir::SubjectId> subjects;
  std::vector<ir::LabelId> labels;
  std::vector<ir::EnumId> enums;
  std::vector<ir::SyscallId> syscalls;
  std::vector<ir::AttributeId> attributes;
  std::vector<ir::ChannelId> channels;
  std::vector<bool> used;  // some rule, claim, set or mount names it

  std::optional<ir::AttributeId> clearance;         // the attribute that `clearance` sentences set
  std::map<std::string, ir::AttributeId> inferred;  // attributes of containers that no `attribute` sentence declares
  std::map<std::pair<ModuleId, std::uint32_t>, ir::SentenceId> sentence_at;  // by module and place
  std::map<std::pair<ModuleId, std::uint32_t>, std::optional<ir::ExprId>> conditions;
  /// What a claim, or a rule in a container's own body, says of files in place; for the smells.
  struct FileNote {
    ir::SubjectId subject;
    ir::Effect effect = ir::Effect::Permit;
    std::vector<ir::FilePattern> patterns;
    source::Span span;
  };
  std::vector<FileNote> file_notes;
  /// `may delegate` and `may revoke` in bodies, until channels and sets are known.
  struct BodyDelegation {
    ir::SubjectId giver;
    const ast::Delegation* delegation = nullptr;
    ModuleId module;
    source::Span span;
  };
  std::vector<BodyDelegation> body_delegations;
  struct BodyTaking {
    ir::SubjectId taker;
    const ast::TakingBack* taking = nullptr;
    ModuleId module;
    source::Span span;
  };
  std::vector<BodyTaking> body_takings;
  std::vector<std::pair<ModuleId, source::Span>> unclear_channels;  // with an end whose part in influence nobody knows
  /// The rules of a body sentence without their subject: a profile's are lowered once.
  std::map<const ast::BodySentence*, std::vector<ir::Rule>> body_rules;
  std::map<const ast::Claim*, ir::TheoremClaim> theorems;  // what claims about models have become
  std::vector<ir::SentenceId> rootfs;                      // by subject: the sentence that makes its root read-only
  std::size_t spent = 0;
  bool dynamic_name = false;  // a lookup met one: the sentence at hand is dynamic, and no error

  /// The sentence that stands at `span`, made on first use; its text is the source on one line, or `text`.
  ir::SentenceId sentence(ModuleId module, const source::Span& span, std::string text = "");
  ir::SentenceId implied(std::string text);
  void dynamic(ModuleId module, const source::Span& span);

  /// Whether `count` more rules or patterns fit: profiles multiply, and the world has to stay finite in practice.
  bool spend(std::size_t count, const source::Span& span);

  void error(Code code, const source::Span& span, std::string message, std::string help = "") {
    sink.report({code, span, std::move(message), {}, std::move(help), {}});
  }
  /// A name of a space as seen from a module. A name of a sentence over reachable states sets `dynamic_name`.
  std::optional<SymbolId> find(Space space, const ast::Name& name, ModuleId from);
  void wrong_kind(const ast::Name& name, SymbolId found, const std::string& wanted);
  /// A word that must be one of a few: reports with the nearest one.
  void unknown_word(Code code, const ast::Name& word, const std::string& what, const std::vector<std::string>& choices);
  const ast::Sentence& sentence_of(SymbolId id) const {
    const resolve::Symbol& symbol = names.at(id);
    return modules.at(symbol.module).tree.sentences[symbol.sentence];
  }
};

// The parts, in the order in which lower() runs them.
void lower_labels(Lowering& lowering);
void lower_enums(Lowering& lowering);
void lower_volumes(Lowering& lowering);
void lower_syscalls(Lowering& lowering);
void lower_capabilities(Lowering& lowering);
void lower_sets(Lowering& lowering);
void declare_subjects(Lowering& lowering);
void lower_attributes(Lowering& lowering);
void lower_subjects(Lowering& lowering);
void lower_pods(Lowering& lowering);
void lower_life(Lowering& lowering);
void lower_access_rules(Lowering& lowering);
void imply_rules(Lowering& lowering);
void lower_claims(Lowering& lowering);
void find_smells(Lowering& lowering);

}  // namespace bulkhead::types
