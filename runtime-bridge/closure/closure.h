// The runtime closure of a program: the files of the host that it needs to start at all, and nothing else.
#pragma once

#include <string>
#include <vector>

#include "lang/base/result.h"

namespace bulkhead::closure {

/// A path of the host that the sandbox shows read-only at the same place.
struct Entry {
  std::string path;  // absolute and resolved: no component of it is a symbolic link
  bool folder = false;
  std::string why;  // "program", "ELF interpreter", "library of ...", "python library", "time zones"
};

/// A symbolic link on the way from a name that the program uses to an entry, as on the host.
struct Link {
  std::string path;
  std::string target;
};

/// A name that the program's runtime looks for at each start, and does without. It is not shown, only allowed to be
/// looked for: a permitted path that does not exist is no event, so a clean program has none.
struct Probe {
  std::string path;
  bool folder = false;
};

struct Closure {
  std::string program;         // resolved
  std::string loader;          // its ELF interpreter, resolved; "" for a static program
  std::vector<Entry> entries;  // sorted by path, each once, none below a folder that is listed
  std::vector<Link> links;     // sorted by path
  std::vector<Probe> probes;   // sorted by path
};

/// Follows `program` (a path, or a name looked up in `search_path`) to its libraries as the dynamic loader would,
/// without running anything: DT_RUNPATH with $ORIGIN, /etc/ld.so.conf, the default folders; never LD_LIBRARY_PATH.
/// Every program gets the locale C.UTF-8 and may look for others; Python and Perl add their library folder and what its
/// binary modules need.
///
/// Errors: ENOENT (no such program), EACCES (not executable), ENOEXEC (not an ELF program of this machine; for a script
/// the detail names its interpreter), ELIBACC (a library is missing; the detail names it).
/// Cost: reads each ELF file once.
Result<Closure> runtime_closure(const std::string& program, const std::string& search_path);

}  // namespace bulkhead::closure
