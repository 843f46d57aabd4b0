// `all reservations fit H`, `s guaranteed r n`. [semantics 7]
#include "lang/base/check.h"
#include "lang/ir/replay.h"

namespace bulkhead::ir {
namespace {

std::uint64_t amount(const Quantities& quantities, Resource resource) {
  const auto& found = quantity(quantities, resource);
  return found ? found->amount : 0;
}

/// What all containers and the host itself reserve is at most what the host has. Taken off piece by piece: nothing
/// overflows.
bool resource_fits(const World& world, SubjectId host, Resource resource) {
  std::uint64_t left = amount(world.at(host).capacity, resource);
  for (std::size_t i = 0; i < world.subjects.size(); ++i) {
    const Subject& subject = world.subjects[i];
    if (subject.kind != SubjectKind::Container && SubjectId{i} != host) continue;
    const std::uint64_t reserved = amount(subject.reserve, resource);
    if (reserved > left) return false;
    left -= reserved;
  }
  return true;
}

}  // namespace

const std::optional<Quantity>& quantity(const Quantities& quantities, Resource resource) {
  switch (resource) {
    case Resource::Memory:
      return quantities.memory;
    case Resource::Cpu:
      return quantities.cpu;
    case Resource::Pids:
      return quantities.pids;
    case Resource::Io:
      return quantities.io;
  }
  BH_CHECK(false, "a resource outside of its enumeration");
}

std::string_view to_string(Resource resource) {
  switch (resource) {
    case Resource::Memory:
      return "memory";
    case Resource::Cpu:
      return "cpu";
    case Resource::Pids:
      return "pids";
    case Resource::Io:
      return "io";
  }
  return "";
}

std::optional<SubjectId> only_host(const World& world) {
  std::optional<SubjectId> host;
  for (std::size_t i = 0; i < world.subjects.size(); ++i) {
    if (world.subjects[i].kind != SubjectKind::Host) continue;
    if (host) return std::nullopt;
    host = SubjectId{i};
  }
  return host;
}

bool fits(const World& world, const Fits& claim) {
  for (const Resource resource : kAllResources) {
    if (!resource_fits(world, claim.host, resource)) return false;
  }
  return true;
}

bool guaranteed(const World& world, const Guaranteed& claim, SubjectId subject) {
  const auto host = only_host(world);
  if (!host) return false;
  for (const auto& [resource, wanted] : claim.amounts) {
    const auto& limit = quantity(world.at(subject).limits, resource);
    if (amount(world.at(subject).reserve, resource) < wanted || (limit && limit->amount < wanted)) return false;
    if (!resource_fits(world, *host, resource)) return false;
  }
  return true;
}

}  // namespace bulkhead::ir
