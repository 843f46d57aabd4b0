// What an ELF program needs to start: its interpreter and the libraries that it names.
#pragma once

#include <string>
#include <vector>

#include "lang/base/result.h"

namespace bulkhead::closure {

struct ElfNeeds {
  std::string interpreter;             // PT_INTERP, "" for a static program or a library
  std::vector<std::string> libraries;  // DT_NEEDED, in order
  std::vector<std::string> run_paths;  // DT_RUNPATH or DT_RPATH, `$ORIGIN` still in it
};

/// Reads the 64-bit little-endian ELF file at `path`; every offset and count in it is checked against its size.
///
/// Errors: what `open` or `read` gives; ENOEXEC where it is not such a file.
Result<ElfNeeds> read_elf(const std::string& path);

}  // namespace bulkhead::closure
