// Whether a search has to end before it is done: somebody wants it stopped, or the process has more memory than it may.
#pragma once

#include <cstdint>
#include <stop_token>

namespace bulkhead {

/// Bounds the resident memory of the process for everything that has a Watch. 0: no bound.
void limit_resident_memory(std::uint64_t bytes);

/// One for each search; not for several threads.
class Watch {
 public:
  /// Never over.
  Watch() = default;
  /// `every`: the memory is looked at in every so many calls of is_over; a look costs some microseconds.
  explicit Watch(std::stop_token stop, std::uint32_t every = 4096)
      : stop_(std::move(stop)), every_(every), left_(every) {}

  /// Once true, always true: what was made before and after the end of a search is never mixed.
  bool is_over() const;
  /// After is_over(): why. "it was stopped"
  const char* why() const;

 private:
  enum class Cause : std::uint8_t { None, Stopped, Memory };
  std::stop_token stop_;
  std::uint32_t every_ = 0;  // 0: nothing is looked at
  mutable std::uint32_t left_ = 0;
  mutable Cause cause_ = Cause::None;
};

}  // namespace bulkhead
