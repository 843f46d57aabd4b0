// The seam of emission: a proved policy in, the bytes of an artifact out. One Emitter for each line of targets.def.
#pragma once

#include <string>
#include <vector>

#include "checker/query/proved_policy.h"
#include "lang/base/result.h"
#include "lang/source/source.h"
#include "runtime-bridge/emit/error.h"
#include "runtime-bridge/emit/gap.h"
#include "runtime-bridge/emit/oci/oci.h"
#include "runtime-bridge/emit/table/table.h"
#include "runtime-bridge/table/target.h"

namespace bulkhead::emit {

struct Artifact {
  table::Target target = table::Target::Table;
  std::string bytes;
  std::vector<Gap> gaps;  // what the policy allows and this mechanism alone does not
};

/// What artifacts hold beside the policy.
struct Request {
  TableInputs table;
  oci::Inputs oci;
};

class Emitter {
 public:
  virtual ~Emitter() = default;
  /// From the world alone, for tests and for proofs about emission. Requires: `container` is a container of it.
  virtual Result<Artifact, EmitError> from_world(const ir::World& world, ir::SubjectId container,
                                                 const source::SourceMap& sources, const Request& request) const = 0;
};

const Emitter& emitter_of(table::Target target);

/// The only way to an artifact that is handed out: no proof, no artifact.
Result<Artifact, EmitError> emit(const query::ProvedPolicy& policy, table::Target target, ir::SubjectId container,
                                 const source::SourceMap& sources, const Request& request);

}  // namespace bulkhead::emit
