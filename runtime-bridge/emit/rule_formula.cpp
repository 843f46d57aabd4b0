#include "runtime-bridge/emit/rule_formula.h"

#include "checker/obligation/obligation.h"

namespace bulkhead::emit {

Result<obligation::Formula, EmitError> rule_formula(const ir::World& world, ir::SubjectId subject, const ir::Rule& rule,
                                                    ir::Right right) {
  ir::World alone = world;
  // Conditions may ask which kernel capabilities are held, so those rules stay, except where they are what is asked
  // about.
  std::erase_if(alone.rules, [&](const ir::Rule& other) {
    return other.plane != ir::Plane::KernelCapability || rule.plane == ir::Plane::KernelCapability;
  });
  if (rule.effect == ir::Effect::Forbid) {
    ir::Rule everything;
    everything.subject = subject;
    everything.rights = right;
    everything.plane = rule.plane;
    everything.objects.everything = true;
    everything.sentence = rule.sentence;
    alone.rules.push_back(everything);
  }
  alone.rules.push_back(rule);
  auto query = obligation::access_query(alone, subject, right);
  if (!query.ok()) return fail(EmitError{query.error().reason, query.error().sentence.value_or(rule.sentence)});
  obligation::Formula formula = std::move(*query).formula;
  if (rule.effect == ir::Effect::Permit) return formula;
  // What is left of everything is what the rule forbids not.
  obligation::Node negation;
  negation.kind = obligation::NodeKind::Not;
  negation.children = {formula.root};
  formula.nodes.push_back(negation);
  formula.root = obligation::NodeId{formula.nodes.size() - 1};
  return formula;
}

}  // namespace bulkhead::emit
