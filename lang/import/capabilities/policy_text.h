// A capability set as policy text: one module that a person can read, with the claims that must hold of it.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "lang/import/capabilities/capability_set.h"
#include "lang/source/source.h"

namespace bulkhead::capabilities {

struct PolicyTextOptions {
  std::string module = "sandbox";
  std::string container = "Script";
  ir::Level level = ir::Level::Standard;        // where the set names none
  std::vector<std::string> runtime;             // globs of what the program's runtime reads in its own root
  std::map<std::string, std::string> programs;  // names of files of that runtime, and the resolved path of each
};

/// Which grant a line of the text came from.
struct LineOrigin {
  std::uint32_t line = 0;
  Origin origin;
};

struct PolicyText {
  std::string text;                 // ends in a newline
  std::vector<LineOrigin> origins;  // by line
};

/// The module of `set`.
///
/// * Paths become volumes from the host, mounted at the same place: one for each outermost literal prefix, so that no
/// file
///   has two names. A volume is mounted read-only unless something in it is granted for writing. `FILE_WRITE` gives
///   write and rename, and no read.
/// * `PROCESS_SPAWN` gives execute and read: the kernel starts nothing that may not be read. What it names of the
/// runtime
///   itself is granted in the own root, by its resolved path, where no other grant shows that place.
/// * Revocations become `never` sentences, which beat every grant.
/// * `limits.disk` adds a private scratch folder of that size at /tmp, unless a grant lies there.
/// * Claims are made from the complement of the grants, so each is true exactly because nothing more is granted: what a
///   grant touches is left out of the claims about well-known secrets, destinations outside of the granted ones are
///   computed exactly (TCP and UDP), and `isolated from host` is claimed only where nothing of the host may be written
///   or reached.
/// * `nothing_beside` is claimed of the folders of the own root around the grants, and of those where people keep their
///   files, as far as `runtime` leaves them bare: so the denial of a granted file's neighbour names a claim.
/// * Every line that comes from a grant ends in a comment with its file, line and JSON pointer.
///
/// Ensures: deterministic; the text loads, for every set that `parse` and `parse_argument` accept.
PolicyText policy_text(const CapabilitySet& set, const source::SourceMap& sources, const PolicyTextOptions& options);

}  // namespace bulkhead::capabilities
