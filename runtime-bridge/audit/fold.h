// Folding: equal denials above kFoldAbove in a second become one line {count, first, last}.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "runtime-bridge/audit/event.h"

namespace bulkhead::audit {

/// `count` denials like `event` that were not written singly, the first and last at these microseconds.
struct Folded {
  Event event;
  std::uint64_t count = 0;
  std::uint64_t first = 0;
  std::uint64_t last = 0;
};

/// Decides which accesses are written singly. A window is one second of the monotonic clock.
///
/// Two denials are equal where kind, operation, object and row are. More than kMaxKinds different ones in one window
/// are equal where operation and row are: a program that invents paths fills neither the log nor our memory.
class Fold {
 public:
  static constexpr std::size_t kMaxKinds = 1024;

  enum class Fate : std::uint8_t { Write, Fold };
  /// `event` is an AccessAllowed or a CapabilityDenied.
  Fate add(const Event& event, std::uint64_t now);

  bool window_over(std::uint64_t now) const;
  /// Ends the window: what was folded in it, in a fixed order.
  std::vector<Folded> drain();

 private:
  struct Kind {
    std::uint32_t written = 0;
    Folded folded;
  };
  std::map<std::string, Kind> kinds_;
  std::uint64_t window_start_ = 0;
};

}  // namespace bulkhead::audit
