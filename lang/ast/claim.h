// Claims as they are written: one struct for each row of semantics section 8 that is decided over the static policy.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "lang/ast/body.h"
#include "lang/ast/rule.h"
#include "lang/ast/word.h"

namespace bulkhead::ast {

/// `s can r o`, `s can every r o`.
struct CanClaim {
  SubjectRef subject;
  std::vector<Name> rights;
  Objects objects;
  bool every = false;
};
/// `s cannot r o`.
struct CannotClaim {
  SubjectRef subject;
  std::vector<Name> rights;
  Objects objects;
};
/// `s not granted r o`.
struct NotGrantedClaim {
  SubjectRef subject;
  std::vector<Name> rights;
  Objects objects;
};
/// `a isolated from b`. With `except` it is a DynamicClaim.
struct IsolatedClaim {
  SubjectRef left;
  SubjectRef right;
};
/// `a protected from b`.
struct ProtectedClaim {
  SubjectRef left;
  SubjectRef right;
};
/// `p refines q`.
struct RefinesClaim {
  SubjectRef left;
  SubjectRef right;
};
/// `p equivalent q`.
struct EquivalentClaim {
  SubjectRef left;
  SubjectRef right;
};
/// `all reservations fit Node`.
struct FitsClaim {
  SubjectRef host;
};
/// `s guaranteed cpu 0.25, memory 128 MiB`.
struct GuaranteedClaim {
  SubjectRef subject;
  std::vector<Amount> amounts;
};
/// A claim over reachable states, models, protocols or behaviour: its form is known, its content is kept as source
/// text.
struct DynamicClaim {
  Name form;  // `acquire`, `confined`, `flow`, `attenuates`, `leads`, `leaks`, `theorem`, `verified`, `detect`, ...
  std::string text;  // what is claimed, as written
};

using ClaimForm = std::variant<CanClaim, CannotClaim, NotGrantedClaim, IsolatedClaim, ProtectedClaim, RefinesClaim,
                               EquivalentClaim, FitsClaim, GuaranteedClaim, DynamicClaim>;

/// `for c in containers with trust < High :`, `for c in pod P :`. In the condition a bare name is an attribute of `c`.
struct Quantifier {
  Name variable;
  std::optional<SubjectRef> pod;  // none: all containers
  std::optional<ExprId> with;
  Span span;
};

enum class ClaimMode : std::uint8_t { Prove, Refute };

struct Claim {
  ClaimMode mode = ClaimMode::Prove;
  Span keyword;
  std::optional<Name> name;
  std::optional<Quantifier> quantifier;
  ClaimForm form;
  Span form_span;  // what is claimed, without mode, name, quantifier and semicolon
};

}  // namespace bulkhead::ast
