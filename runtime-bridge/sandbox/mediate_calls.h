// What each notified syscall means to the listener: a closed table; what is not in it is refused.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace bulkhead::sandbox {

inline constexpr int kCurrentFolder = -1;
inline constexpr int kNoPath = -1;

/// A path among the arguments of a syscall.
struct PathArgument {
  enum class Last : std::uint8_t { Followed, Kept };  // Kept: the call acts on the name itself, not on what it links to
  int folder = kCurrentFolder;                        // number of the argument with the folder's descriptor
  int path = 0;                                       // kNoPath: the call acts on what that descriptor leads to
  std::uint16_t right = 0;
  Last last = Last::Followed;
  int flags = -1;          // number of the argument with AT_ flags, if there is one
  std::uint64_t flip = 0;  // the AT_ flag that turns `last` round
};

struct Call {
  enum class Kind : std::uint8_t { Open, Paths, Exec, Connect, Bind, Send };
  long number = -1;
  Kind kind = Kind::Paths;
  std::vector<PathArgument> paths;
};

/// Null for a call that the listener does not mediate.
const Call* call_of(long number);

/// All of table/mediated.h for this architecture, in ascending order.
const std::vector<Call>& mediated_calls();

}  // namespace bulkhead::sandbox
