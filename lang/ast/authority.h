// Authority and information flow as they are written: capabilities, delegation, trust, labels that go down, flow maps.
#pragma once

#include <optional>
#include <vector>

#include "lang/ast/rule.h"
#include "lang/ast/word.h"

namespace bulkhead::ast {

/// `subject Skyaifs, Indexer;` and `device Disk;`
struct SubjectDecl {
  enum class Of : std::uint8_t { Subject, Device } of = Of::Subject;
  std::vector<Name> names;
  std::optional<Name> label;  // of devices: what is read from them
};
/// `capability BlockCap on Disk { rights read, write, delegate; }`
struct CapabilityDecl {
  Name name;
  Objects objects;
  std::vector<Name> rights;
};
/// `Skyaifs holds BlockCap(read, delegate);` Without a list: every right of the capability.
struct Holding {
  SubjectRef subject;
  Name capability;
  std::vector<Name> rights;
};
/// `may delegate read, delegate on Disk to Indexer via bus when Indexer holds write on Ledger;`
struct Delegation {
  std::vector<Name> rights;
  Objects objects;
  Name to;
  Name via;
  std::optional<ExprId> when;
};
/// `may revoke read on Disk from Indexer when !(Indexer holds write on Ledger);`
struct TakingBack {
  std::vector<Name> rights;
  Objects objects;
  Name from;
  std::optional<ExprId> when;
};
/// The same outside of a body: `Skyaifs may delegate ...;`
struct SubjectDelegation {
  SubjectRef subject;
  Delegation delegation;
};
struct SubjectTakingBack {
  SubjectRef subject;
  TakingBack taking;
};
/// `Gateway declassifies Secret to Public through out;`
struct Declassification {
  SubjectRef subject;
  Name from;
  Name to;
  Name through;
};
/// `trusted Skyaifs follows BlockIo;`
struct TrustedDecl {
  Name subject;
  std::optional<Name> follows;
};
/// `open container peer: Untrusted;`
struct OpenContainerDecl {
  Name name;
  Name profile;
};
/// `flow write, rename: subject -> file;`
struct FlowDecl {
  std::vector<Name> what;
  Name from;
  Name to;
  bool both_ways = false;
};
/// `prove pack no_egress;`, `prove pack no_egress for pod Social;`
struct PackUse {
  Path pack;
  std::optional<Name> pod;
};

}  // namespace bulkhead::ast
