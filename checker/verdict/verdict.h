// Verdicts, and the evidence that each carries. Evidence is data: whoever makes it is not trusted, whoever reads it
// checks it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "checker/obligation/obligation.h"
#include "lang/ir/conditions.h"
#include "lang/ir/request.h"
#include "lang/system/formula.h"
#include "lang/system/state.h"

namespace bulkhead::verdict {

/// What the automata of the file patterns can do together on the paths of one volume; "/" is never part of it
/// (AtomTable).
///
/// Each word names a macro-state: for each pattern set of the formula the NFA positions that it leaves the patterns of
/// this volume in (and the state of the automaton of valid paths). The words cover all paths iff the empty word is
/// covered or closed, and for every word w and byte b, w+b is closed, or its macro-state is covered by that of some
/// word v:
///
///   the valid-path state is the same, and for each pattern set
///     Polarity::Both      the positions are the same,
///     Polarity::Positive  v has the same positions or more,
///     Polarity::Negative  v has the same positions or fewer.
///
/// So what is false for every listed word that is a valid path is false for every path: the formula is monotone.
///
/// Three rules keep covers small; all are part of the meaning:
///
/// 1. Full sets. A set that holds a position which loops on every byte, with nothing but `*`, `**` and `/**` after it
///    (at a `**`, or inside a `/**`), accepts whatever follows. It counts as one value `full`, whatever else is in it:
///    equal to itself, more than every other set, holding every position; its one position is itself, its successors
///    are `full`.
/// 2. Closed words need no cover. A word is closed if nothing that follows can make the formula true: take each pattern
///    set as false where it has no position left, as true where it is full, as unknown elsewhere, and everything else
///    as unknown, variables of equations too; then the formula is false in Kleene's three values (NoContext is Not).
///    Words whose valid-path state is dead are closed too.
/// 3. Cover by positions. Where no single v covers w+b, it is enough that for each choice of one position from each
///    Positive set that has any, some v covers the choice: v's set holds the chosen position; Both and Negative as
///    above. (Each path in the set has a run, and a run sits in one position at a time; otherwise a pattern such as
///    `/d/**` + `/*a??????????` would need 2^10 words.)
///
/// NFA: braces expanded to alternatives; positions are (alternative, token), and within a token that stands for one
/// UTF-8 scalar the byte ranges that remain to be read, so equal remains are one position. A maker whose positions are
/// finer makes more words than needed, and they are still accepted; one whose positions are coarser may be rejected.
struct VolumeCover {
  ir::VolumeId volume;
  std::vector<std::string> words;  // sorted, no two equal; prefixes of paths
  friend auto operator<=>(const VolumeCover&, const VolumeCover&) = default;
};

/// Which memberships in the formula's patterns occur at all; only of queries in the file plane.
///
/// Covers: one for each volume that some pattern of the formula names, in the order of volumes. Three kinds of object
/// need no evidence and are always considered as well: "/" of each such volume, and any object of a volume that is not
/// named.
struct AtomTable {
  std::vector<VolumeCover> covers;
  friend auto operator<=>(const AtomTable&, const AtomTable&) = default;
};

/// What the equations of a formula have been closed to, for all objects with these memberships: every variable that is
/// true for them is listed, and maybe some that are not.
struct ClosedClass {
  std::vector<std::vector<bool>> members;  // by PatternId, one for each kind of object in the class; sorted
  std::vector<bool> variables;             // by VariableId
  friend auto operator<=>(const ClosedClass&, const ClosedClass&) = default;
};

/// Shows that a query has no solution: with these memberships the formula is unsatisfiable.
///
/// Where the formula has equations, `closed` is an inductive invariant of them: for each object each equation is false
/// or its variable is listed, when all listed variables are taken as true. Of objects that are in no class every
/// variable is taken as true.
struct QueryEvidence {
  std::string digest;  // hex SHA-256 of obligation::to_text(query)
  AtomTable atoms;
  std::vector<ClosedClass> closed = {};
  std::string smt2 = {};  // written by checker/certificate, which asks about its own text only; engines leave it empty
};

/// Shows AllEmpty: evidence for each query, in order.
struct EmptyEvidence {
  std::vector<QueryEvidence> queries;
};
/// Shows SomeWitness: a request for each query, in order.
struct WitnessEvidence {
  std::vector<ir::Request> requests;
  std::vector<ir::Handover> handovers = {};  // before the requests
};
/// Shows Unreachable: a set of nodes with all sources and no target, and for u inside in the order of nodes, each of
/// its InfluenceGraph::neighbours v outside in order, each InfluenceGraph::edges(u, v) in order (none is
/// unconditional): evidence that its condition is empty.
///
/// Shows Apart as well: that one of its flows does not exist.
struct ClosedEvidence {
  std::vector<obligation::GraphNode> closed;  // in the order of Unreachable::nodes
  std::vector<QueryEvidence> crossings;
  std::size_t flow = 0;  // of Apart: which
};
/// Shows Linear: for each sum the multipliers of its parts and of its bound (nothing but arithmetic is left, so all are
/// 1).
struct LinearEvidence {
  std::vector<std::vector<std::uint64_t>> multipliers;
};
/// One formula of an inductive set.
struct Conjunct {
  enum class From : std::uint8_t {
    Property,  // of the system, by its name in `text`: an invariant or a lemma
    Claim,     // what is claimed of every reachable state
    Inferred   // `formula`, which nobody wrote; `text` is what it is called
  } from = From::Property;
  std::string text = {};
  system::Formula formula = {};
};
/// Shows a Theorem about every reachable state: each conjunct holds in every initial state, each step from a state with
/// all of them leads to one with all of them, and the claim follows from them, whatever the sizes of the sorts. The
/// conditions are those of checker/conditions, in order: for each conjunct its base, then for each action its step;
/// then the implication.
struct InductiveEvidence {
  std::vector<Conjunct> conjuncts;
  /// A run without steps: there is an initial state. Then, for each left side of an implication that the claim has
  /// (checker/conditions), a run to a state in which it is true.
  std::vector<system::Run> witnesses;
  std::vector<std::string> scripts;  // of conditions that are not trivial; as QueryEvidence::smt2
};
/// One bit of a state, and its value.
struct StateBit {
  std::size_t entry = 0;  // of all tables, one after the other
  std::size_t bit = 0;
  bool value = false;
};
/// Shows a Theorem in the one scope that its bounds name: refutations of the conditions of checker/finite/evidence.h.
/// LeadsTo as safety of an instrumented system (checker/conditions: monitor.h, with k = 0 rounds.h). With k = 0:
/// without proofs the first steps whatever the sizes (within.h); one proof may be an enumeration
/// (lang/system/exhaust.h).
struct ScopeEvidence {
  std::vector<std::vector<StateBit>> excluded;  // no reachable state has all bits of one of these
  std::size_t k = 1;  // k-induction where it is more; 0: nothing is claimed of more steps than the bounds name
  std::vector<std::string> proofs;     // LRAT, one for each condition
  std::vector<system::Run> witnesses;  // as in InductiveEvidence; they keep to the bounds
};
/// Shows what the conditions of delegations exclude, before the claim itself is asked of the world without that
/// (ir::without): each `never` by a query that is empty where all of them are left out together; each `always` by a
/// request that is allowed without anything handed over; the unused together by an invariant of the system of
/// obligation/authority_system.h, made of the world without the others.
struct ExclusionEvidence {
  struct Never {
    ir::PossessionId what;
    QueryEvidence query;
  };
  struct Always {
    ir::PossessionId what;
    ir::Request request;
  };
  std::vector<Never> never;
  std::vector<Always> always;
  std::vector<ir::Use> unused = {};
  ScopeEvidence invariant = {};  // where something is unused
};
/// Shows LeadsTo for sorts of any size, by the conditions of checker/conditions/rank.h: while something is pending,
/// some of these fair instances is enabled, and neither the measures (the first one counts most) nor the place of the
/// first one that is enabled grow.
struct RankEvidence {
  /// An instance of theorem.fair[`fair`]: for each parameter the place of the variable of `each` that it is.
  struct Help {
    std::size_t fair = 0;
    std::vector<std::size_t> arguments;
  };
  std::vector<Conjunct> conjuncts;             // inductive together; no Claim
  system::Formula pending;                     // closed: `forall each. pending` (checker/conditions/rank.h)
  std::vector<system::Formula> measures = {};  // closed: `forall each. 0 <= measure`
  std::vector<Help> order;
  std::vector<system::Run> witnesses;  // to an initial state; to a state in which `from` is true
  std::vector<std::string> scripts;
};
using Evidence = std::variant<EmptyEvidence, WitnessEvidence, ClosedEvidence, LinearEvidence, InductiveEvidence,
                              ScopeEvidence, RankEvidence>;

/// For one obligation.
struct Certificate {
  Evidence evidence;
  std::vector<ir::Object> not_vacuous;             // an object for each Obligation::not_vacuous, in order
  std::optional<ExclusionEvidence> excluded = {};  // where delegations have conditions: what those exclude
};

/// One step of a story: somebody does something, or influence goes along an edge.
struct Step {
  std::vector<ir::Request> requests;          // replayed by lang/ir/eval
  std::optional<ir::Handover> handover = {};  // instead of requests: a right is handed over
  std::optional<obligation::Cause> cause;     // of an edge
  ir::ChannelId channel = {};                 // of an edge over one
  obligation::GraphNode from;                 // of an edge
  obligation::GraphNode to;
  std::vector<ir::SentenceId> sentences;  // behind this step: permits, mounts, namespaces; sorted
  std::string text;                       // of sums: "Agent reserves memory: 134217728"
};
struct Trace {
  std::vector<Step> steps;
  std::vector<system::Run> runs;  // of a Theorem: one, replayed by lang/system; of LeaksNothing two
  std::vector<ir::SentenceId>
      minimal;  // a subset-minimal set of sentences that violates the claim; filled in by checker/query
};

/// Holds, not vacuously, because of the certificate.
struct Holds {
  Certificate certificate;
  std::string engine = {};  // who found it; for people
};
/// Violated: the trace shows it. `negation` is the evidence where no run of requests can show it: `can` (one query has
/// no solution; EmptyEvidence with that single query) and `can every` (no context allows the object; the same for
/// access_query(..., object)).
struct Violated {
  Trace trace;
  std::size_t query = 0;  // which query of the goal, or which sum
  std::optional<EmptyEvidence> negation;
  std::string engine = {};                         // who found it; for people
  std::optional<ExclusionEvidence> excluded = {};  // of the negation: as in Certificate
};
/// True for want of anything to speak of. `evidence`: that the NotVacuous query `which` is empty; none for an empty
/// quantifier.
struct Vacuous {
  std::string reason;
  std::size_t which = 0;
  std::optional<QueryEvidence> evidence;
  /// Of a Theorem. `which` 0: there is no initial state, and no evidence is needed but the solver's. Else: the left
  /// side `which` - 1 of the claim can never be true, by these conjuncts; `Claim` stands for its negation.
  std::optional<InductiveEvidence> inductive;
};
/// Nobody knows. Never a success.
struct Unknown {
  std::string reason;
};

/// The verdict on one obligation.
using Verdict = std::variant<Holds, Violated, Vacuous, Unknown>;

std::string_view word(const Verdict& verdict);  // "holds", "violated", "vacuous", "unknown"

}  // namespace bulkhead::verdict
