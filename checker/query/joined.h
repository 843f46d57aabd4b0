// Two policies in one world, so that subjects of both can be compared as two subjects of it. Internal to checker/query.
#pragma once

#include <cstddef>
#include <string>

#include "lang/base/result.h"
#include "lang/ir/world.h"

namespace bulkhead::query {

struct Joined {
  /// Everything of the first policy has the id that it has there, but for rules. Sentences are those of the first one.
  ir::World world;
  std::size_t first_subject = 0;  // of the second policy

  ir::SubjectId of_second(ir::SubjectId subject) const { return ir::SubjectId{first_subject + subject.index()}; }
};

/// Things that are the same by name become one: volumes, syscalls, labels, attributes, enums. The subjects of the
/// second policy come as new ones, with its rules, what they hold and what they hand on; claims, models and sentences
/// stay out. Refused, with the reason, where one name means two things.
Result<Joined, std::string> join(const ir::World& first, const ir::World& second);

}  // namespace bulkhead::query
