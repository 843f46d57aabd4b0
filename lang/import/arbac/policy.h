// An administrative role policy: who holds which role, and who may give and take which roles (URA97 [Sandhu99]).
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lang/base/id.h"
#include "lang/source/source.h"

namespace bulkhead::arbac {

using RoleId = Id<struct RoleTag>;
using UserId = Id<struct UserTag>;

struct Name {
  std::string text;
  source::Span span;
};

/// What a rule asks of the user that it is about: that the role is held, or that it is not.
struct Literal {
  RoleId role;
  bool held = true;
};

/// `<admin, condition, target>`: whoever holds `admin` may give `target` to a user that satisfies the condition.
/// Administrators may administer themselves.
struct Assign {
  std::optional<RoleId> admin;  // none: TRUE, anybody
  std::vector<Literal> condition;
  RoleId target;
  source::Span span;
  std::string text;  // as it was written, without blanks and comments
};

/// `<admin, target>`: whoever holds `admin` may take `target` from anybody.
struct Revoke {
  std::optional<RoleId> admin;
  RoleId target;
  source::Span span;
  std::string text;  // as it was written, without blanks and comments
};

/// Something of the file that the policy does not say, with its place; a person has to read these.
struct LeftOut {
  source::Span span;
  std::string what;
};

/// The question: can a user, or this one, come to hold the goal?
struct Policy {
  std::vector<Name> roles;
  std::vector<Name> users;
  std::vector<std::vector<RoleId>> held;  // by user: at first, ascending, each once
  std::vector<Assign> assigns;
  std::vector<Revoke> revokes;
  RoleId goal;
  std::optional<UserId> goal_user;
  std::vector<LeftOut> left_out;

  const Name& at(RoleId id) const { return roles.at(id.index()); }
  const Name& at(UserId id) const { return users.at(id.index()); }
};

}  // namespace bulkhead::arbac
