// What the supervisor reads of a task that waits in the filter: its memory, its folders, its descriptors.
//
// Everything is copied once, bounded, and believed only after the caller saw that the request is still valid.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>

#include "lang/base/result.h"

namespace bulkhead::sandbox {

/// A failure is the errno that the program is to see.
template <typename T>
using OrErrno = Result<T, int>;

/// Copies exactly `size` bytes; EFAULT.
OrErrno<std::string> copy_memory(pid_t task, std::uint64_t address, std::size_t size);

/// A path as the kernel would take it: at most 4095 bytes; EFAULT, ENAMETOOLONG.
OrErrno<std::string> copy_path(pid_t task, std::uint64_t address);

struct TaskIds {
  pid_t process = -1;         // the thread's process, as we see it
  std::string inner_process;  // both as the innermost pid namespace names them
  std::string inner_thread;
  mode_t umask = 022;
};
OrErrno<TaskIds> ids_of(pid_t task);

/// Where the current folder, or descriptor `fd`, of `task` is, as the sandbox sees it; EBADF, ENOENT if it was deleted,
/// ENOTDIR if it has no place (a pipe, a socket, a memfd).
OrErrno<std::string> folder_of(pid_t task);
OrErrno<std::string> place_of(pid_t task, int fd);

/// The open flags of `fd` (O_NONBLOCK, O_CLOEXEC ...).
OrErrno<int> flags_of(pid_t task, int fd);

/// `path` after `base`, both made one absolute path with neither `.` nor empty parts; `..` stays for the kernel to
/// resolve.
std::string join(const std::string& base, const std::string& path);

/// The same without `..`, by the text alone: for paths that lead nowhere.
std::string lexical(const std::string& path);

}  // namespace bulkhead::sandbox
