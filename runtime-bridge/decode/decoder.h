// The seam of decoding: the bytes of an artifact and the policy in, their differences out. One Decoder for each target.
#pragma once

#include <string>

#include "lang/base/result.h"
#include "lang/ir/world.h"
#include "runtime-bridge/decode/comparison.h"
#include "runtime-bridge/decode/expected.h"
#include "runtime-bridge/table/target.h"

namespace bulkhead::decode {

class Decoder {
 public:
  virtual ~Decoder() = default;
  /// How what `bytes` enforce differs from what the policy says of `container`; an error where they are no such
  /// artifact.
  virtual Result<Comparison, DecodeError> compare(const std::string& bytes, const ir::World& world,
                                                  ir::SubjectId container, const Expected& expected) const = 0;
};

const Decoder& decoder_of(table::Target target);

}  // namespace bulkhead::decode
