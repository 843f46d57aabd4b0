// What an artifact is held against beside the policy: where its sentences stand, and what the run put in.
#pragma once

#include "lang/source/source.h"
#include "runtime-bridge/table/inputs.h"

namespace bulkhead::decode {

struct Expected {
  const source::SourceMap& sources;
  table::Inputs inputs;  // `inputs.native` is the machine of every filter
};

}  // namespace bulkhead::decode
