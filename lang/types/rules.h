// Rules: rights of one plane on objects of the same plane.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lang/ast/rule.h"
#include "lang/types/condition.h"
#include "lang/types/patterns.h"

namespace bulkhead::types {

struct LoweredRights {
  ir::Rights rights;
  ir::Plane plane = ir::Plane::File;
};

/// Reported: an unknown right, rights of several planes.
std::optional<LoweredRights> lower_rights(Lowering& lowering, const std::vector<ast::Name>& rights);

/// What conditions in bodies call the object of a plane: `file`, `net`, `call`, `capability`.
std::string object_word(ir::Plane plane);

/// The containers, hosts and other subjects that a name of one or of a pod means, both representatives of an open
/// container; none after an error.
std::vector<ir::SubjectId> subjects_named(Lowering& lowering, const ast::SubjectRef& ref, ModuleId module);

/// The rules that a sentence of a container's or profile's body says, without their subject. Empty where it says none,
/// or after an error. Lowered once for each sentence.
const std::vector<ir::Rule>& lower_body_rules(Lowering& lowering, const ast::BodySentence& sentence, ModuleId module);

/// Answers to calls that the body refuses: `syscalls deny ptrace with ENOSYS;`.
std::optional<ir::SyscallDenial> lower_denial(Lowering& lowering, const ast::SyscallsDeny& deny,
                                              const ast::BodySentence& sentence, ModuleId module);

}  // namespace bulkhead::types
