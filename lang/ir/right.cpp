#include "lang/ir/right.h"

#include "lang/base/check.h"

namespace bulkhead::ir {

Plane plane_of(Right right) {
  switch (right) {
    case Right::Read:
    case Right::Write:
    case Right::Rename:
    case Right::Link:
    case Right::Execute:
      return Plane::File;
    case Right::Connect:
    case Right::Bind:
      return Plane::Net;
    case Right::Invoke:
      return Plane::Syscall;
    case Right::Hold:
      return Plane::KernelCapability;
  }
  BH_CHECK(false, "a right of no plane");
}

std::string_view to_string(Plane plane) {
  switch (plane) {
    case Plane::File:
      return "file";
    case Plane::Net:
      return "net";
    case Plane::Syscall:
      return "syscall";
    case Plane::KernelCapability:
      return "kernel capability";
  }
  BH_CHECK(false, "an unknown plane");
}

std::string_view to_string(Right right) {
  switch (right) {
    case Right::Read:
      return "read";
    case Right::Write:
      return "write";
    case Right::Rename:
      return "rename";
    case Right::Link:
      return "link";
    case Right::Execute:
      return "execute";
    case Right::Connect:
      return "connect";
    case Right::Bind:
      return "bind";
    case Right::Invoke:
      return "invoke";
    case Right::Hold:
      return "hold";
  }
  BH_CHECK(false, "an unknown right");
}

std::optional<Right> right_from(std::string_view text) {
  for (const Right right : kAllRights) {
    if (to_string(right) == text) return right;
  }
  return std::nullopt;
}

Rights Rights::all_of(Plane plane) {
  Rights rights;
  for (const Right right : kAllRights) {
    if (plane_of(right) == plane) rights = rights | right;
  }
  return rights;
}

}  // namespace bulkhead::ir
