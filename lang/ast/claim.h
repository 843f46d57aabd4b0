// Claims as they are written: one struct for each row of semantics section 8.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "lang/ast/body.h"
#include "lang/ast/expr.h"
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
/// `a isolated from b except channel c`. The right side `others`: every other container.
struct IsolatedClaim {
  SubjectRef left;
  SubjectRef right;
  std::vector<Name> except;
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
/// `s cannot acquire r on o`.
struct AcquireClaim {
  SubjectRef subject;
  std::vector<Name> rights;
  Objects objects;
};
/// `s confined to { o, p }`.
struct ConfinedClaim {
  SubjectRef subject;
  Objects objects;
};
/// `child attenuates parent`.
struct AttenuatesClaim {
  SubjectRef left;
  SubjectRef right;
};
/// `no flow Secret -> Public except through Gateway`, `no flow Secret -> network`.
struct NoFlowClaim {
  Name from;
  Name to;
  std::vector<Name> except;
};
/// `c shares no writable file`, `c shares no namespace`.
struct SharesClaim {
  SubjectRef subject;
  std::vector<Name> what;
};
/// `c keeps Secret, Untrusted, network apart except through Gateway`.
struct ApartClaim {
  SubjectRef subject;
  std::vector<Name> names;  // three
  std::vector<Name> except = {};
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
/// `for 3 Container, 2 Frame within 20 steps`; both parts may be missing.
struct Bounds {
  struct Size {
    Number count;
    Name sort;
  };
  std::vector<Size> sizes;
  std::optional<Number> steps;
};
/// `Memory.exclusive`, `Memory.Stale.exclusive`.
struct TheoremClaim {
  Path theorem;
  Bounds bounds;
};
/// `Memory unreachable exists f: Frame. ...`.
struct UnreachableClaim {
  Path system;
  ExprId formula;
  Bounds bounds;
};
/// `in Memory: forall f: Frame. wanted(f) leads to !wanted(f) under fair { transfer, strong evict }`.
struct LeadsToClaim {
  struct Fair {
    Name action;  // of a composition with its component: `Memory.map` is one name
    bool strong = false;
  };
  std::optional<Path> system;  // none: the one model that declares the names
  Bindings each;
  ExprId from;
  ExprId to;
  std::vector<Fair> fair;
  Bounds bounds;
  std::vector<ExprId> rank = {};  // `by rank left(f), right(f)`: integers that go down, the first one counts most
};
/// `Memory leaks nothing to o: Container except from d: Container where shared(d, o)`.
struct LeaksClaim {
  struct Party {
    Name variable;
    Name type;
  };
  Path system;
  Party observer;
  std::optional<Party> source;
  std::optional<ExprId> where;
  Bounds bounds;
};
/// `every channel between containers uses strength >= category 5`
struct StrengthClaim {
  enum class Which : std::uint8_t { All, BetweenContainers, To, Unmediated } which = Which::All;
  std::optional<Name> name;  // of To its end, of Unmediated the mediator
  Number category;
};
/// `no container runs before its image is verified`
struct VerifiedClaim {};
/// A claim about behaviour: its form is known, its content is kept as source text.
struct DynamicClaim {
  Name form;         // `stops`, `detect`
  std::string text;  // what is claimed, as written
};

using ClaimForm = std::variant<CanClaim, CannotClaim, NotGrantedClaim, IsolatedClaim, ProtectedClaim, RefinesClaim,
                               EquivalentClaim, FitsClaim, GuaranteedClaim, TheoremClaim, UnreachableClaim,
                               LeadsToClaim, LeaksClaim, StrengthClaim, VerifiedClaim, AcquireClaim, ConfinedClaim,
                               AttenuatesClaim, NoFlowClaim, SharesClaim, ApartClaim, DynamicClaim>;

/// `for c in containers with trust < High :`, `for c in pod P :`, `for s in subjects :`. In the condition a bare name
/// is an attribute of the variable.
struct Quantifier {
  Name variable;
  std::optional<SubjectRef> pod;  // none: all containers
  bool subjects = false;          // everybody who acts: containers, hosts and plain subjects
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
