// Paths in the sandbox's view, and opens on its behalf: all of it with the sandbox's own rights on files.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "runtime-bridge/sandbox/descriptor.h"
#include "runtime-bridge/sandbox/mediate_task.h"
#include "runtime-bridge/table/decide.h"

namespace bulkhead::sandbox {

/// Where a path leads. `path` is absolute and free of links; where nothing stands there, it is the name that would.
struct Place {
  std::string path;
  Descriptor object;  // O_PATH, or invalid where nothing stands there
  Descriptor folder;  // O_PATH of the folder of `name`; invalid unless the object is missing
  std::string name;
  int error = 0;  // why there is no object
};

enum class LastPart : std::uint8_t { Followed, Kept };

/// Cached: only what the kernel knows without waiting for a disk or a server; EAGAIN or EINVAL (no such mode)
/// otherwise.
enum class Lookup : std::uint8_t { Patient, Cached };

/// Resolves `path` beneath `root` as the kernel would for a process whose root that is; magic links lead nowhere.
Place find_place(int root, const std::string& path, LastPart last, Lookup lookup = Lookup::Patient);

/// A path among the arguments of a call, made absolute.
struct PathUse {
  std::string path;
  std::uint16_t rights = 0;
  LastPart last = LastPart::Followed;
};

struct OpenRequest {
  int flags = 0;
  mode_t mode = 0;
  mode_t umask = 022;
};

struct PathQuestion {
  std::vector<PathUse> uses;
  bool is_open = false;  // then there is one use, and `open` says how
  bool act = false;      // open it for the program where the table allows
  bool enforce = true;   // false: open what the table forbids too, and report it
  bool is_exec = false;  // then there is one use, and what its first line names (`#!`) is used the same way
  std::string folder;    // of an exec: the task's, which a relative name in that line is after; "" where it has none
  OpenRequest open;
};

struct PathVerdict {
  std::string path;
  std::uint16_t right = 0;
  table::Decision decision;
};

struct PathAnswer {
  std::vector<PathVerdict> verdicts;  // one for each right that was asked
  bool denied = false;
  Descriptor opened;
  int error = 0;  // of the open; of an exec: why there is nothing to execute
};

/// Decides every use; opens where it is asked to and may. Runs on the worker.
PathAnswer answer(const table::Decider& decider, int root, const PathQuestion& question);

/// The answer to a question that opens nothing, if it can be given without waiting.
std::optional<PathAnswer> answer_from_cache(const table::Decider& decider, int root, const PathQuestion& question);

}  // namespace bulkhead::sandbox
