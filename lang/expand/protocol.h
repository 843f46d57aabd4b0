// Protocols: what each one says, checked, and the model that it stands for.
//
// The model is written as text and parsed, so that a person can read what a proof was about; docs/language/protocols.md
// says what each part of it means.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "lang/diag/diagnostic.h"
#include "lang/resolve/modules.h"
#include "lang/source/source.h"

namespace bulkhead::expand {

/// What an attacker on the wire can do besides dropping and reordering messages, which nothing prevents.
struct Wire {
  bool replay = true;  // deliver again what was sent
  bool inject = true;  // alter what was sent, and forge with values that it knows
  bool read = true;    // learn the fresh values that are sent
};

struct Field {
  std::string type;  // "Nonce", "Word64", "bool", a name of the protocol
  bool fresh = false;
};
struct Message {
  const ast::MessageDecl* decl = nullptr;
  std::vector<std::string> fields;  // in order
  std::set<std::string> makes;      // those that are fresh in this message
  std::size_t sender = 2;           // of the roles; 2: nobody
};
struct Role {
  std::string name;
  std::vector<std::string> states;                    // the first one is where a run begins
  std::map<std::string, const ast::StepDecl*> steps;  // of the states that are not final
  std::set<std::string> remembered;                   // fields that some step compares later
};

/// A protocol without mistakes.
struct Facts {
  const ast::ProtocolDecl* decl = nullptr;
  const ast::Module* tree = nullptr;
  std::map<std::string, Field> fields;
  std::map<std::string, Message> messages;
  Role roles[2];
  std::size_t opener = 2;              // the role whose runs begin with sending; 2: not exactly one
  std::optional<std::uint64_t> limit;  // what its runs keep to
  std::optional<std::uint64_t> channel_limit;
  std::optional<std::uint64_t> bound;  // what is claimed: the limit, or else the channel's
  Wire wire;
  std::set<std::string> sorts;  // types of fields that are nothing but different values

  bool begins(std::size_t role, const std::string& state) const { return roles[role].states.front() == state; }
  bool ends(std::size_t role, const std::string& state) const { return roles[role].steps.count(state) == 0; }
  bool middle(std::size_t role, const std::string& state) const { return !begins(role, state) && !ends(role, state); }
};

/// None after an error. `channel`: the declaration that `over` names.
std::optional<Facts> facts_of(const ast::ProtocolDecl& decl, const ast::Module& tree, const ast::ChannelDecl* channel,
                              const std::set<std::string>& enums, diag::DiagnosticSink& sink);

/// What the protection of a channel leaves to the attacker. What its words mean is checked where the channel is
/// (channels.cpp).
Wire wire_of(const ast::ChannelDecl& channel);
/// How much it holds in flight, where it says so.
std::optional<std::uint64_t> room_of(const ast::ChannelDecl& channel);

/// The messages go the ways that the channel leads, and are among those that it carries, where it says so; else the
/// mistakes are reported. Information would flow where claims about influence see no way.
bool keeps_to(const Facts& facts, const ast::ChannelDecl& channel, diag::DiagnosticSink& sink);

/// The model as text, and for each of its lines which alternative it stands for, if it is one's.
struct ModelText {
  std::string text;
  std::map<std::string, source::Span> actions;  // by name: where it was written
};
ModelText model_text(const Facts& facts);

void expand_protocols(resolve::Modules& modules, source::SourceMap& sources, diag::DiagnosticSink& sink);

}  // namespace bulkhead::expand
