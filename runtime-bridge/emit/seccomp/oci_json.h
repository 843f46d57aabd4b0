// A filter as the `linux.seccomp` object of the OCI runtime specification, for runc, crun, Docker and Podman.
#pragma once

#include <string>

#include "lang/base/result.h"
#include "runtime-bridge/emit/error.h"
#include "runtime-bridge/emit/seccomp/plan.h"

namespace bulkhead::emit::seccomp {

/// The object as indented JSON, one architecture. Rules of one call never overlap, so no order between them matters.
///
/// Requires: `plan` is Standalone.
/// Fails: where a condition cannot be said (an ordered comparison under a mask, two ranges of one argument), or stands
/// for more than 2048 rules.
Result<std::string, EmitError> oci_json(const Plan& plan);

}  // namespace bulkhead::emit::seccomp
