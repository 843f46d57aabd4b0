// Claims: what a policy says must hold. One alternative of ClaimForm for each row of semantics section 8.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "lang/ir/ids.h"
#include "lang/ir/object.h"
#include "lang/ir/right.h"
#include "lang/system/theorem.h"

namespace bulkhead::ir {

/// A subject in a claim: a fixed one, or the variable of the claim's quantifier.
struct SubjectRef {
  SubjectId fixed;  // invalid: the quantified variable
  bool bound() const { return !fixed.valid(); }
};

/// The objects of a claim, as they were written.
struct ClaimObjects {
  Plane plane = Plane::File;
  ObjectPatterns patterns;
  std::string text;  // "Secrets"
};

/// `s can r o` (some object) and `s can every r o` (each object).
struct Can {
  SubjectRef subject;
  Rights rights;  // each of them
  ClaimObjects objects;
  bool every = false;
};
/// `s cannot r o`: no right of `rights` on any object, in any context, in any reachable state.
struct Cannot {
  SubjectRef subject;
  Rights rights;
  ClaimObjects objects;
};
/// `s not granted r o`: the same of the static relation.
struct NotGranted {
  SubjectRef subject;
  Rights rights;
  ClaimObjects objects;
};
/// `a isolated from b` (both ways); with the host one way, from a to the host. Pods stand for all their members. What
/// goes over the channels of `except` is allowed.
struct Isolated {
  std::vector<SubjectRef> left;
  std::vector<SubjectRef> right;
  bool others = false;  // the right side is every container but the left one, pod members among themselves too
  std::vector<ChannelId> except = {};
};
/// `a protected from b`: no influence from b to a.
struct Protected {
  std::vector<SubjectRef> left;
  std::vector<SubjectRef> right;
};
/// `p refines q`: whatever p may do, q may do.
struct Refines {
  SubjectRef left;
  SubjectRef right;
};
struct Equivalent {
  SubjectRef left;
  SubjectRef right;
};
/// `s cannot acquire r on o`: in no reachable state has s one of the rights on one of the objects.
struct CannotAcquire {
  SubjectRef subject;
  Rights rights;
  ClaimObjects objects;
};
/// `s confined to { o, p }`: in no reachable state has s a right on a file or address outside.
struct ConfinedTo {
  SubjectRef subject;
  ClaimObjects files;
  ClaimObjects nets;
};
/// `child attenuates parent`: whatever the child can ever do, the parent can come to do in the same context.
struct Attenuates {
  SubjectRef child;
  SubjectRef parent;
};
/// `no flow A -> B except through C`: nothing labelled A or above reaches somebody who is cleared for no more than B.
struct NoFlow {
  LabelId from;
  std::optional<LabelId> to;  // none: the network alone
  std::vector<SubjectId> except;
};
/// `s shares no writable file`: nobody else can use a file that s can change, nor change one that s can use. `s shares
/// no namespace`.
struct SharesNo {
  enum class What : std::uint8_t { WritableFile, Namespace } what = What::WritableFile;
  SubjectRef subject;
};
/// `s keeps A, B, network apart except through C`: not all of: A reaches s, B reaches s, s reaches the network; what C
/// releases does not count.
struct KeepsApart {
  SubjectRef subject;
  LabelId first;
  LabelId second;
  std::vector<SubjectId> except = {};
};

enum class Resource : std::uint8_t { Memory, Cpu, Pids, Io };
/// `all reservations fit H`: for each resource that somebody reserves, the sum is at most the capacity less H's own.
struct Fits {
  SubjectId host;
};
/// `s guaranteed cpu 0.25, memory 128 MiB`: reserved in full whatever the others demand.
struct Guaranteed {
  SubjectRef subject;
  std::vector<std::pair<Resource, std::uint64_t>> amounts;
};

/// A claim about a transition system: `M.inv`, `unreachable`, `leads to`, `leaks nothing`.
struct TheoremClaim {
  SystemId system;
  system::Theorem theorem;
};

using ClaimForm = std::variant<Can, Cannot, NotGranted, Isolated, Protected, Refines, Equivalent, Fits, Guaranteed,
                               TheoremClaim, CannotAcquire, ConfinedTo, Attenuates, NoFlow, SharesNo, KeepsApart>;

enum class ClaimMode : std::uint8_t { Prove, Refute };

/// `for c in containers with trust < High`, `for s in subjects`: those that it ranges over, already found.
struct Quantifier {
  std::string variable;
  std::vector<SubjectId> domain;
};

struct Claim {
  std::string name;  // "secrets_unreadable"; unnamed claims are "claim_LINE"
  ClaimMode mode = ClaimMode::Prove;
  std::optional<Quantifier> quantifier;
  ClaimForm form;
  std::string text;  // as written, on one line
  std::string doc;   // the `///` comment above it
  SentenceId sentence;
};

}  // namespace bulkhead::ir
