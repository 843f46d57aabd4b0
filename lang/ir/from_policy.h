// What a policy says of its containers, as a relation that a model reads: `relation shares: (...) from policy`.
// Trusted.
//
//   channel(Container, Container)             some channel leads from the first to the second
//   shares(Container, Container)              the two are in one namespace of some kind; each is in its own
//   shares(Container, Container, Namespace)   in one of this kind; members of the enum are named as kinds are: `pid`
//   mounts(Container, Volume)                 the first mounts the second
//   may(Container, Right, Volume)             A(s, r, o, x) for some file o of the volume and some context x
//                                             [semantics 2]; members of the enum are named as rights are: `read`
//   signed(Container)                         its image names a key by which it has to be signed
//   digest(Container)                         its image is declared with a digest that is written out
//   channel(Container, Channel)               its image is declared to be of this update channel: `stable`
//   trust(Container, Trust)                   its image is declared to be of this trust: `high`
//   level(Container, Level)                   it runs at this level: `maximum`
//   answers(Container, Trigger, Answer)       its lifecycle gives the trigger this answer: `revoked`, `purge`
//
// Containers and volumes are enums whose members are the names that the policy gives them. An open container is an
// element of the relations from `signed` on, which speak of one container at a time.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "lang/base/result.h"
#include "lang/ir/world.h"

namespace bulkhead::ir {

/// Members of the relation's enums, by place, and the sentences that put them into it.
struct PolicyTuple {
  std::vector<std::size_t> members;
  std::vector<SentenceId> sentences;
};
/// In order; what is not listed is not in the relation.
using PolicyRelation = std::vector<PolicyTuple>;

/// The relation, exactly; nothing where it is none of the list above, and so may be anything. Fails where the sentences
/// alone do not tell: whether `may` holds is told where the reference semantics allows one of a few files, where no
/// rule permits any, or where a rule without a condition forbids all; and nowhere if the policy hands rights over.
/// Fails too where the names of the elements fit two relations of the list.
///
/// Requires: the world is complete but for its claims, `function` is `from policy`.
Result<std::optional<PolicyRelation>, std::string> from_policy(const World& world, const system::System& system,
                                                               system::FunctionId function);

/// What is not in the relation because a sentence of one container is missing or says something else, and where that
/// sentence is or would be added: one for each row, in order. Of `signed`, `digest` and `answers`; empty for all
/// others.
///
/// Requires: from_policy gives the relation.
PolicyRelation not_said(const World& world, const system::System& system, system::FunctionId function);

}  // namespace bulkhead::ir
