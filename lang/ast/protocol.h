// Protocols, channels and life cycles as they are written.
#pragma once

#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "lang/ast/expr.h"
#include "lang/ast/word.h"

namespace bulkhead::ast {

/// `message Read { block: u64; nonce: fresh; }`
struct MessageDecl {
  struct Field {
    Name name;
    bool fresh = false;
    std::optional<Name> type;  // none, and not fresh: what another message says of this field
    Span span;
  };
  Name name;
  std::vector<Field> fields;
};
/// One way to go on: `accept Data with same nonce when ... -> Done`, `timeout 5 s -> Done`.
struct Alternative {
  enum class Act : std::uint8_t { Send, Accept, Refuse, Timeout } act = Act::Send;
  std::optional<Name> message;  // of all but Timeout
  std::optional<Number> after;  // of Timeout
  std::vector<Name> same;       // fields whose values the role knows already
  std::optional<ExprId> when;   // comparisons, `!` before some, joined by And
  Name next;
  Span span;
};
/// `client Waiting: accept Data -> Done | timeout 5 s -> Done;`
struct StepDecl {
  Name role;
  Name state;
  std::vector<Alternative> alternatives;
};
/// `limit 32 in flight;`
struct FlightLimit {
  Number count;
};
using ProtocolForm = std::variant<MessageDecl, StepDecl, FlightLimit>;
struct ProtocolSentence {
  Span span;
  Doc doc;
  ProtocolForm form;
};
/// `protocol BlockIo between client, server over disk_bus session by nonce { ... }`
struct ProtocolDecl {
  Name name;
  Name first;  // the roles
  Name second;
  std::optional<Name> channel;
  std::optional<Name> session;
  std::vector<ProtocolSentence> sentences;
};

/// `carries Request, Reply;`
struct Carries {
  std::vector<Name> what;
};
/// `mediated by kernel;`
struct Mediated {
  Name by;
};
/// `limit 64 in flight, 1000 /s;`
struct ChannelLimits {
  struct Limit {
    Number number;
    bool in_flight = false;
  };
  std::vector<Limit> limits;
};
/// `protect integrity, confidentiality with ml_kem_1024;`
struct Protect {
  std::vector<Name> what;
  std::vector<Name> with;
};
using ChannelForm = std::variant<Carries, Mediated, ChannelLimits, Protect>;
struct ChannelEntry {
  Span span;
  ChannelForm form;
};
/// `channel bus: Skyaifs -> Indexer { ... }`
struct ChannelDecl {
  Name name;
  Name from;
  Name to;
  bool both_ways = false;  // `<->`
  std::vector<ChannelEntry> entries;
};

/// `lifecycle Agent { idle 10 min -> sleep; revoked -> purge; }`
struct LifecycleDecl {
  struct Entry {
    Name event;
    std::optional<Number> after;
    Name then;
    Span span;
  };
  Name container;
  std::vector<Entry> entries;
};

}  // namespace bulkhead::ast
