// What the parts of a condition stand for while it becomes a formula. Trusted, internal to checker/obligation.
#pragma once

#include <string>
#include <variant>

#include "checker/obligation/scope.h"

namespace bulkhead::obligation {

struct ObjectLabel {};
struct ContextLabel {
  TermId term;
};
struct ContextString {
  TermId term;
};
struct ObjectPath {};
struct ObjectAddress {};
/// What an expression that is no Boolean stands for.
using Reading = std::variant<std::monostate, TermId, ir::LabelId, ObjectLabel, ContextLabel, std::string, ContextString,
                             ObjectPath, ObjectAddress>;

struct Operand {
  bool boolean = false;
  Lowered truth{NodeId{0}, NodeId{0}};  // of a Boolean
  Reading reading;                      // of anything else; monostate is an error
  NodeId present{1};                    // when it has a value at all
};

/// A Boolean that is true and false on these conditions.
inline Operand truth(Lowered value) {
  Operand operand;
  operand.boolean = true;
  operand.truth = value;
  return operand;
}
/// An evaluation error.
inline Operand failed() {
  return {};
}

/// `left op right`. `is_unsigned`: how words are ordered. Both sides of one kind, or it fails.
///
/// Requires: `op` is a comparison.
Operand compare(Scope& scope, ir::Op op, bool is_unsigned, const Operand& left, const Operand& right);

/// The address of the object lies in the range.
NodeId in_range(Scope& scope, const ir::NetPattern& range);
/// The path of the object matches.
NodeId path_like(Scope& scope, const std::string& glob);

}  // namespace bulkhead::obligation
