// Scope: whose access to what is being put into a formula. Trusted, internal to checker/obligation.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "checker/obligation/build.h"
#include "checker/obligation/obligation.h"
#include "checker/obligation/rules.h"

namespace bulkhead::obligation {

using Volumes = std::set<ir::VolumeId>;

/// What a request is about, where it is not about the object itself.
enum class Place : std::uint8_t {
  Object,
  Parent,  // the folder that holds its name
  Above    // some folder in which it lies, at any depth, but not the root of its volume
};

struct Scope {
  const Rules& rules;
  Builder& build;
  ir::SubjectId subject;
  ir::Right right = ir::Right::Read;
  std::uint8_t copy = 0;
  /// File plane: only objects of these volumes are asked about, so patterns are cut down to them.
  Volumes volumes;
  /// Only this object is asked about: memberships and fields are constants.
  std::optional<ir::Object> object;
  std::optional<Refusal>& refusal;  // the first reason why a formula cannot say it
  /// File plane: what is asked about is not the object but the folder that holds its name, or some folder in which it
  /// lies. Requires: there is one.
  ///
  /// Soundness: `Above` over-approximates: what is permitted of one of these folders, what is handed over of another
  /// and what no sentence forbids of a third counts as one. Test: flow.TheProverAgreesWithTheNaiveReference.
  Place place = Place::Object;
  /// How deep the folders above lie at least that somebody may move; found when it is asked for.
  std::optional<std::size_t> least_depth = std::nullopt;
  const ir::World& world = rules.world();
  /// All sentences that may hand something over of what is asked about, and maybe more; null: all of the world.
  const std::vector<const ir::Delegation*>* delegations = nullptr;

  void refuse(std::string reason) {
    if (!refusal) refusal = Refusal{std::move(reason), std::nullopt};
  }
};

/// Membership of the object (or of its folder) in these patterns.
NodeId member(Scope& scope, const ir::ObjectPatterns& patterns);

/// The sentence with these patterns forbids it, wherever the object is asked about. Of folders above it: of all that
/// the subject may be permitted.
NodeId forbidden_by(Scope& scope, const ir::Rule& rule);
/// Condition of a permit.
NodeId permitting(Scope& scope, const ir::Rule& rule);

/// When a condition is true, and when it is false; neither is an evaluation error.
struct Lowered {
  NodeId yes;
  NodeId no;
};
Lowered condition(Scope& scope, ir::ExprId expr);

/// A(scope.subject, scope.right, object, context copy scope.copy).
NodeId access(Scope& scope);

/// How the least solution stands in the formula: as equations, of which any closed set shows what is never had; or
/// written out, where the formula says under a negation what is had.
enum class Solved : std::uint8_t { ByEquations, WrittenOut };

/// What conditions of delegations are taken for.
///
/// Soundness: Met over-approximates what is handed over, Unmet under-approximates it. Test: Conditions.*
enum class Conditions : std::uint8_t { Met, Unmet };

/// A*(scope.subject, scope.right, object, context copy scope.copy): may, or can come to be handed it and is not
/// forbidden.
NodeId authority(Scope& scope, ir::Actors actors, Solved solved = Solved::ByEquations,
                 Conditions conditions = Conditions::Met);
/// It can come to be handed the right, whether its use is forbidden in this context or not; false of what nobody hands
/// over. No context is read.
NodeId handed(Scope& scope, ir::Actors actors, Solved solved, Conditions conditions);
/// No sentence forbids it here, whatever was handed over. [Rule::of_names]
NodeId unforbidden(Scope& scope);
/// The volumes of everything that the subject may, or may be handed: outside of them authority() is false.
Volumes reachable_volumes(const Rules& rules, ir::SubjectId subject, ir::Right right);

/// The volumes whose files a host may use without any sentence; none for others.
Volumes implicit_volumes(const ir::World& world, ir::SubjectId subject);
/// The volumes of these patterns; all of the world's for `everything`.
Volumes volumes_of(const ir::World& world, const ir::ObjectPatterns& patterns);
/// The volumes that some permit for the subject and right, or a host's own right, speaks of.
Volumes permitted_volumes(const Rules& rules, ir::SubjectId subject, ir::Right right);
Volumes intersection(const Volumes& a, const Volumes& b);

/// All objects of these volumes.
ir::ObjectPatterns whole(const Volumes& volumes);
/// Those above which there is no folder but the root.
ir::ObjectPatterns at_the_top(const Volumes& volumes);

/// Why the module is outside of what is decided here: dynamic sentences.
std::optional<Refusal> refuse_module(const ir::World& world);

}  // namespace bulkhead::obligation
