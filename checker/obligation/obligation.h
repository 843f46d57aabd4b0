// Obligations: what has to be shown for one claim, in questions about single objects. Trusted.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "checker/obligation/folder.h"
#include "checker/obligation/formula.h"
#include "checker/obligation/rules.h"
#include "lang/base/result.h"
#include "lang/ir/acquire.h"
#include "lang/ir/replay.h"
#include "lang/ir/world.h"
#include "lang/system/theorem.h"

namespace bulkhead::obligation {

/// Why there is no obligation: the claim or the module is outside of what this checker decides. Never a verdict but
/// Unknown.
struct Refusal {
  std::string reason;
  std::optional<ir::SentenceId> sentence;
};

/// One case of a claim: the value of its quantified variable, none where it has no quantifier; and for `isolated`,
/// which has to be shown both ways, the way.
enum class Direction : std::uint8_t { Forward, Backward };
struct Instance {
  std::optional<ir::SubjectId> variable;
  Direction direction = Direction::Forward;
};

/// A request that the query speaks about: its subject and right, and the context copy that the request happens in. Of
/// several acts in one copy at least one is allowed: decide() of lang/ir/eval tells which.
struct Act {
  ir::SubjectId subject;
  ir::Right right = ir::Right::Read;
  std::uint8_t copy = 0;
  bool folder = false;  // on the folder that holds the object of the query
};

/// A query with what it means to a person; `acts` turn a model of the query into requests.
struct LabelledQuery {
  std::string label;  // "Agent read Secrets"
  Query query;
  std::vector<Act> acts;  // turn a solution into requests; none is in `can every`, whose solution is an object
};

/// No query is satisfiable: `cannot`, `not granted`, `can every` (an object that no context allows), `refines`,
/// `equivalent`.
struct AllEmpty {
  std::vector<LabelledQuery> queries;
};
/// Every query is satisfiable: `can`.
struct SomeWitness {
  std::vector<LabelledQuery> queries;
};

/// A node of the influence graph: a subject, or the network (every remote host; they may work together), or, where a
/// path begins, everything with at least a label.
struct GraphNode {
  ir::SubjectId subject;  // invalid: the network, or
  ir::LabelId data = {};  // what has at least this label
  bool network() const { return !subject.valid() && !data.valid(); }
  friend auto operator<=>(const GraphNode&, const GraphNode&) = default;
};
using Cause = ir::FlowCause;
/// One way in which u may influence v: always, or if the query is satisfiable. Queries that are False are left out.
struct Influence {
  Cause cause = Cause::SharedObject;
  std::optional<LabelledQuery> condition;
  std::vector<ir::SentenceId> sentences;  // of an unconditional one: what makes it so
  ir::ChannelId channel = {};             // that it travels over
};
/// Which edges an influence graph has: everybody acts, or only who is free to; some channels are left out.
struct View {
  ir::Actors actors = ir::Actors::Everybody;
  std::vector<ir::ChannelCut> cuts;
  friend auto operator<=>(const View&, const View&) = default;
};
/// No target can be reached from a source. Edges: InfluenceGraph.
struct Unreachable {
  std::vector<GraphNode> nodes;  // containers and hosts in the order of the world, then the network
  std::vector<GraphNode> sources;
  std::vector<GraphNode> targets;  // never a source
  View view = {};
};
/// Not all of these flows exist.
struct Apart {
  std::vector<Unreachable> flows;
};

/// sum of terms <= bound, in units of the resource; signed and summed without overflow by whoever checks.
struct Sum {
  struct Part {
    std::string label;  // "Agent reserves memory"
    std::uint64_t amount = 0;
    ir::SentenceId sentence;  // invalid: nobody said it
  };
  std::string label;  // "memory of Node"
  std::vector<Part> parts;
  std::vector<Part> bound;  // the first is the bound, the others are taken off it
};
/// Every sum is within its bound: `fits`, `guaranteed`.
struct Linear {
  std::vector<Sum> sums;
};

/// The theorem holds of the system: whatever the sizes of its sorts, or for those that it names.
struct Theorem {
  ir::SystemId system;
  system::Theorem theorem;
};

using Goal = std::variant<AllEmpty, SomeWitness, Unreachable, Linear, Theorem, Apart>;

/// Must be satisfiable, or the claim is vacuous: "the object set `Secrets` is empty".
struct NotVacuous {
  std::string reason;
  Query query;
};

struct Obligation {
  ir::ClaimId claim;
  Instance instance;
  Goal goal;
  std::vector<NotVacuous> not_vacuous;
  std::vector<std::string> assumptions;  // said in every verdict that rests on them
};

/// The cases of a claim; none means that its quantifier ranges over nothing (vacuous).
std::vector<Instance> instances(const ir::World& world, ir::ClaimId claim);

/// What has to be shown for this case. Refused: modules with dynamic sentences, conditions that formulas cannot say.
///
/// With `Free`, trusted subjects that follow a protocol do nothing. What holds is asked of everybody: no protocol lets
/// a subject do more than its rights do. A run that shows something is asked of those who are free: it exists whatever
/// the protocols say. Where the two answers differ, nobody knows.
///
/// Cost: with `Rules` made before, the rules of the subjects that the claim names; else all rules of the world.
Result<Obligation, Refusal> obligation(const ir::World& world, ir::ClaimId claim, const Instance& instance);
Result<Obligation, Refusal> obligation(const Rules& rules, ir::ClaimId claim, const Instance& instance,
                                       ir::Actors actors = ir::Actors::Everybody);

/// The nodes of the influence graph: containers and hosts in the order of the world, then the network.
std::vector<GraphNode> graph_nodes(const ir::World& world);

/// Who may influence whom directly. [semantics 4] Edges are computed when they are asked for.
///
/// Requires: `rules` outlives this, and its world stays as it is. Any number of threads may read it.
class InfluenceGraph {
 public:
  explicit InfluenceGraph(const Rules& rules, View view = {});

  /// Every node that u may influence directly, in the order of graph_nodes(): edges(u, v) has nothing for all others.
  ///
  /// Soundness: over-approximates. Test: Influence.EveryEdgeLeadsToANeighbour.
  std::vector<GraphNode> neighbours(GraphNode u) const;
  /// The ways in which u may influence v; none where u is v. Cheap where the two share nothing.
  Result<std::vector<Influence>, Refusal> edges(GraphNode u, GraphNode v) const;

 private:
  std::vector<GraphNode> neighbours_of_data() const;
  /// Who may read what u may change, as far as folders tell.
  void add_readers(std::set<GraphNode>& nodes, ir::SubjectId u) const;
  bool acts(ir::SubjectId subject) const;
  void over_channels(std::vector<Influence>& edges, GraphNode u, GraphNode v) const;

  const Rules& rules_;
  View view_;
  std::map<GraphNode, std::set<GraphNode>> channels_;  // to whom something may go over a channel
  std::vector<Folders> changes_;                       // by subject: where it may change something
  std::vector<Folders> reads_;
  std::map<ir::VolumeId, std::map<Folder, std::vector<ir::SubjectId>>> readers_;  // the same as reads_
  std::vector<std::set<ir::SubjectId>> namespaces_;                               // by subject: with whom it shares one
  std::vector<ir::SubjectId> connected_;  // may use the network, loopback included
  std::vector<ir::SubjectId> hosts_;
};

/// "Is there a context in which no sentence forbids it, whatever was handed over?" About exactly this object.
Result<Query, Refusal> unforbidden_query(const Rules& rules, ir::SubjectId subject, ir::Right right,
                                         const ir::Object& object);

/// A(subject, right, object, context copy 0): the one place where the access relation becomes a formula. [semantics 2]
Result<Query, Refusal> access_query(const ir::World& world, ir::SubjectId subject, ir::Right right);

/// "Does some context allow this right on exactly this object?" For the negation of `can every`.
Result<Query, Refusal> access_query(const ir::World& world, ir::SubjectId subject, ir::Right right,
                                    const ir::Object& object);

/// Access that was found before: to these objects, on this condition of the subject that is asked about.
struct Known {
  ir::ObjectPatterns objects;
  std::optional<ir::ExprId> when;
};

/// A*(left, right, ...) and not A*(other, right, ...), same context, everybody acts, and none of the known: what `left`
/// can come to do and `other` cannot. Without `other`, what `left` can.
Result<Query, Refusal> difference_query(const ir::World& world, ir::SubjectId left, std::optional<ir::SubjectId> other,
                                        ir::Right right, std::span<const Known> known);

}  // namespace bulkhead::obligation
