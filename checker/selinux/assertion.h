// The assertions of a SELinux policy (`neverallow`, `neverallowxperm`) against its allow rules, with evidence for
// either answer.
#pragma once

#include <cstdint>
#include <variant>
#include <vector>

#include "lang/import/selinux/policy.h"

namespace bulkhead::selinux {

/// Why an allow rule that shares a class and a permission with an assertion never gives what the assertion denies.
enum class Apart : std::uint8_t {
  Sources,   // no type is a source of both
  Targets,   // whatever is a source of both: none of its targets is a target of both
  Extended,  // for each pair of both there are extended rules, and none of them gives a command of the assertion
};

struct Separation {
  RuleId rule;
  Apart why = Apart::Sources;

  friend bool operator==(const Separation&, const Separation&) = default;
};

/// Evidence that an assertion holds: each allow rule that shares a class and a permission with it, in the order of the
/// text, and what keeps the two apart.
struct Kept {
  std::vector<Separation> separations;
  /// No type is a source, or none is a target: there is nothing that the assertion denies, which it is often written
  /// for (`{ domain -init }` where only init is a domain).
  bool about_nothing = false;
};

/// Evidence that it does not: a rule that gives `source` a denied permission on `target`.
struct Crossing {
  RuleId rule;
  TypeId source, target;
  ClassId object_class;
  Permissions permissions = 0;  // what is given and denied

  friend bool operator==(const Crossing&, const Crossing&) = default;
};

inline constexpr std::size_t kMaxCrossings = 100;  // of one assertion, one for each rule

struct Crossed {
  std::vector<Crossing> crossings;  // in the order of the rules; never empty
  std::size_t rules = 0;            // that cross it, those beyond kMaxCrossings included
};

struct AssertionVerdict {
  RuleId assertion;
  std::variant<Kept, Crossed> evidence;

  bool holds() const { return std::holds_alternative<Kept>(evidence); }
};

/// Every assertion of a policy, in the order of the text.
std::vector<RuleId> assertions(const Policy& policy);

/// The verdict on each of `asked` (assertions), in that order. Assertions speak of allow rules alone, those in either
/// branch of every `if` included; constraints, roles and levels do not count, so every verdict is exact. An assertion
/// about extended permissions denies a command where `ioctl` is allowed and no extended rule is there, too.
///
/// Cost: allow rules that share a class and a permission with an assertion, times the words of a set.
/// See:  docs/formats/selinux.md; [libsepol], assertion.c, whose answers these are.
std::vector<AssertionVerdict> decide_assertions(const Policy& policy, const std::vector<RuleId>& asked,
                                                std::size_t workers = 1);

}  // namespace bulkhead::selinux
