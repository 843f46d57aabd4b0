#include "checker/certificate/witness.h"

#include "lang/ir/eval.h"
#include "lang/ir/glob.h"
#include "lang/ir/valid.h"

namespace bulkhead::certificate {
namespace {

using ir::Objection;

__extension__ using Wide = __int128;  // 2^64 parts of 64 bits each fit

Wide weighted(const std::vector<obligation::Sum::Part>& parts, const std::uint64_t* multipliers) {
  Wide sum = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) sum += static_cast<Wide>(parts[i].amount) * multipliers[i];
  return sum;
}

/// sum of parts <= bound - taken off, with every multiplier 1: what the resources mean allows no other.
bool within(const obligation::Sum& sum) {
  const std::vector<std::uint64_t> ones(sum.parts.size() + sum.bound.size(), 1);
  const Wide taken_twice = 2 * static_cast<Wide>(sum.bound.front().amount);
  return weighted(sum.parts, ones.data()) + weighted(sum.bound, ones.data()) <= taken_twice;
}

Objection check_sums(const obligation::Linear& goal, const verdict::LinearEvidence& evidence) {
  if (evidence.multipliers.size() != goal.sums.size()) return "not one row of multipliers for each sum";
  for (std::size_t i = 0; i < goal.sums.size(); ++i) {
    const obligation::Sum& sum = goal.sums[i];
    const std::vector<std::uint64_t> ones(sum.parts.size() + sum.bound.size(), 1);
    if (evidence.multipliers[i] != ones) return "a multiplier other than 1";
    if (!within(sum)) return sum.label + " is exceeded";
  }
  return std::nullopt;
}

struct Replay {
  const ir::World& world;
  const obligation::Obligation& obligation;
  const verdict::Violated& violated;
  ir::Witness witness;

  ir::SubjectId subject(const ir::SubjectRef& reference) const {
    return ir::resolve(reference, obligation.instance.variable);
  }

  Objection operator()(const ir::Can& claim) {
    if (!claim.every) {
      return violated.negation ? Objection() : Objection("no evidence that nothing can");
    }
    if (auto objection = ir::replay_can_every_violated(world, claim, subject(claim.subject), witness)) return objection;
    const ir::Right right = witness.requests.front().right;
    if (!violated.negation && ir::context_decides(world, subject(claim.subject), right)) {
      return "no evidence that no other context allows it";
    }
    return std::nullopt;
  }
  Objection operator()(const ir::Cannot& claim) {
    return ir::replay_cannot(world, claim, subject(claim.subject), witness);
  }
  Objection operator()(const ir::CannotAcquire& claim) {
    return ir::replay_acquires(world, claim, subject(claim.subject), witness);
  }
  Objection operator()(const ir::ConfinedTo& claim) {
    return ir::replay_leaves(world, claim, subject(claim.subject), witness);
  }
  /// Where contexts decide, the negation says that nothing is handed to the parent (handed_query): what it may by its
  /// own sentences in this context is left.
  Objection operator()(const ir::Attenuates& claim) {
    const ir::SubjectId child = subject(claim.child);
    const ir::SubjectId parent = subject(claim.parent);
    if (!violated.negation) return ir::replay_exceeds(world, child, parent, witness);
    if (witness.requests.size() != 1) return "one request is needed";
    ir::Request request = witness.requests.front();
    ir::ClaimObjects objects{ir::plane_of(request.right), {}, ""};
    objects.patterns.everything = true;
    if (auto objection = ir::replay_cannot(world, {claim.child, request.right, objects}, child, witness))
      return objection;
    request.subject = parent;
    return ir::decide(world, request).allowed ? Objection("the parent may do it too") : std::nullopt;
  }
  Objection operator()(const ir::SharesNo& claim) {
    return ir::replay_shares(world, claim, subject(claim.subject), witness);
  }
  Objection operator()(const ir::KeepsApart& claim) {
    return ir::replay_meets(world, claim, subject(claim.subject), witness);
  }
  Objection operator()(const ir::NoFlow& claim) { return ir::replay_flow(world, ir::ends_of(world, claim), witness); }
  Objection operator()(const ir::NotGranted& claim) {
    return ir::replay_permitted(world, claim.rights, claim.objects, subject(claim.subject), witness);
  }
  Objection operator()(const ir::Isolated& claim) {
    const bool forward = obligation.instance.direction == obligation::Direction::Forward;
    return ir::replay_flow(world, ir::ends_of(world, claim, forward, obligation.instance.variable), witness);
  }
  Objection operator()(const ir::Protected& claim) {
    return ir::replay_flow(world, ir::ends_of(world, claim, obligation.instance.variable), witness);
  }
  Objection operator()(const ir::Refines& claim) {
    return ir::replay_refines_violated(world, subject(claim.left), subject(claim.right), witness);
  }
  Objection operator()(const ir::Equivalent& claim) {
    const auto left = subject(claim.left);
    const auto right = subject(claim.right);
    const auto objection = ir::replay_refines_violated(world, left, right, witness);
    return objection ? ir::replay_refines_violated(world, right, left, witness) : objection;
  }
  Objection operator()(const ir::Fits& claim) {
    return ir::fits(world, claim) ? Objection("everything fits") : std::nullopt;
  }
  Objection operator()(const ir::Guaranteed& claim) {
    return ir::guaranteed(world, claim, subject(claim.subject)) ? Objection("it is guaranteed") : std::nullopt;
  }

  Objection operator()(const ir::TheoremClaim&) { return "no run shows it"; }
};

std::optional<ir::SubjectId> as_subject(obligation::GraphNode node) {
  return node.subject.valid() ? std::optional<ir::SubjectId>(node.subject) : std::nullopt;
}

Objection check_holds(const ir::World& world, const obligation::Obligation& obligation, const verdict::Holds& holds) {
  const auto& objects = holds.certificate.not_vacuous;
  if (objects.size() != obligation.not_vacuous.size()) return "not one object for each condition of vacuity";
  for (std::size_t i = 0; i < objects.size(); ++i) {
    // These formulas are a single membership, or False where nothing can satisfy them.
    const obligation::Formula& formula = obligation.not_vacuous[i].query.formula;
    const obligation::Node* node = formula.nodes.empty() ? nullptr : &formula.at(formula.root);
    const bool inside =
        node != nullptr && (formula.is_true() || (node->kind == obligation::NodeKind::Member &&
                                                  ir::patterns_match(formula.at(node->pattern), objects[i])));
    if (!inside || !ir::is_valid(world, objects[i]) ||
        objects[i].index() != static_cast<std::size_t>(obligation.not_vacuous[i].query.plane)) {
      return "an object does not show that the claim is not vacuous";
    }
  }
  if (const auto* goal = std::get_if<obligation::Linear>(&obligation.goal)) {
    return check_sums(*goal, std::get<verdict::LinearEvidence>(holds.certificate.evidence));
  }
  const auto* requests = std::get_if<verdict::WitnessEvidence>(&holds.certificate.evidence);
  if (requests == nullptr) return std::nullopt;
  const auto& claim = std::get<ir::Can>(world.at(obligation.claim).form);
  const auto subject = ir::resolve(claim.subject, obligation.instance.variable);
  return ir::replay_can(world, claim, subject, {requests->requests, {}, requests->handovers});
}

}  // namespace

ir::Witness witness_of(const verdict::Trace& trace) {
  ir::Witness witness;
  for (const verdict::Step& step : trace.steps) {
    if (step.handover) {
      witness.handovers.push_back(*step.handover);
    } else if (step.cause) {
      witness.path.push_back(
          {as_subject(step.from), as_subject(step.to), *step.cause, step.requests, step.channel, step.from.data});
    } else {
      witness.requests.insert(witness.requests.end(), step.requests.begin(), step.requests.end());
    }
  }
  return witness;
}

Objection check_witness(const ir::World& world, const obligation::Obligation& obligation,
                        const verdict::Verdict& verdict) {
  if (const auto* holds = std::get_if<verdict::Holds>(&verdict)) return check_holds(world, obligation, *holds);
  if (const auto* violated = std::get_if<verdict::Violated>(&verdict)) {
    Replay replay{world, obligation, *violated, witness_of(violated->trace)};
    return std::visit(replay, world.at(obligation.claim).form);
  }
  return std::nullopt;
}

}  // namespace bulkhead::certificate
