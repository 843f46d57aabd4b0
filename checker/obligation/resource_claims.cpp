// Claims about quantities: `fits`, `guaranteed`. [semantics 7, 8]
#include "checker/obligation/case.h"

namespace bulkhead::obligation {
namespace {

Sum::Part part(std::string label, const std::optional<ir::Quantity>& quantity) {
  return {std::move(label), quantity ? quantity->amount : 0, quantity ? quantity->sentence : ir::SentenceId{}};
}

/// Everything that containers reserve, against what the host has and does not reserve for itself.
std::optional<Sum> fitting_sum(const ir::World& world, ir::SubjectId host, ir::Resource resource) {
  const std::string what(ir::to_string(resource));
  const ir::Subject& node = world.at(host);
  Sum sum;
  sum.label = what + " of " + node.name;
  for (const ir::Subject& subject : world.subjects) {
    const auto& reserve = ir::quantity(subject.reserve, resource);
    if (subject.twin && reserve && reserve->amount > 0) return std::nullopt;  // any number of them
    if (subject.kind == ir::SubjectKind::Container && reserve) {
      sum.parts.push_back(part(subject.name + " reserves " + what, reserve));
    }
  }
  sum.bound.push_back(part(node.name + " has " + what, ir::quantity(node.capacity, resource)));
  if (const auto& own = ir::quantity(node.reserve, resource)) {
    sum.bound.push_back(part(node.name + " keeps " + what, own));
  }
  return sum;
}

constexpr const char* kOpenReserves = "an open container reserves something, and there may be any number of them";

}  // namespace

/// `all reservations fit H`.
Goal goal_of(Case& c, const ir::Fits& claim) {
  Linear goal;
  for (const ir::Resource resource : ir::kAllResources) {
    auto sum = fitting_sum(c.world, claim.host, resource);
    if (!sum) c.refuse(kOpenReserves);
    if (sum && (!sum->parts.empty() || sum->bound.size() > 1)) goal.sums.push_back(std::move(*sum));
  }
  if (goal.sums.empty()) c.result.not_vacuous.push_back({"nobody reserves anything", Query{}});
  return goal;
}

/// `s guaranteed r n`: s reserves it, no limit of s is below it, and all reservations fit.
Goal goal_of(Case& c, const ir::Guaranteed& claim) {
  Linear goal;
  const auto host = ir::only_host(c.world);
  if (!host) c.refuse("a guarantee needs exactly one host with a capacity");
  const ir::Subject& subject = c.world.at(c.subject(claim.subject));
  for (const auto& [resource, amount] : claim.amounts) {
    const std::string what(ir::to_string(resource));
    const Sum::Part wanted{subject.name + " is promised " + what, amount, c.claim.sentence};
    goal.sums.push_back({what + " reserved by " + subject.name,
                         {wanted},
                         {part(subject.name + " reserves " + what, ir::quantity(subject.reserve, resource))}});
    if (const auto& limit = ir::quantity(subject.limits, resource)) {
      goal.sums.push_back(
          {what + " limit of " + subject.name, {wanted}, {part(subject.name + " is limited in " + what, limit)}});
    }
    if (!host) continue;
    auto all = fitting_sum(c.world, *host, resource);
    if (!all) c.refuse(kOpenReserves);
    if (all) goal.sums.push_back(std::move(*all));
  }
  return goal;
}

}  // namespace bulkhead::obligation
