// Id<Tag>: an index that cannot be mistaken for an index of something else.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>

namespace bulkhead {

template <typename Tag>
class Id {
 public:
  constexpr Id() = default;
  constexpr explicit Id(std::size_t index) : index_(static_cast<std::uint32_t>(index)) {}

  constexpr bool valid() const { return index_ != kNone; }
  constexpr std::size_t index() const { return index_; }

  friend constexpr auto operator<=>(Id, Id) = default;

 private:
  static constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();
  std::uint32_t index_ = kNone;
};

}  // namespace bulkhead

template <typename Tag>
struct std::hash<bulkhead::Id<Tag>> {
  std::size_t operator()(bulkhead::Id<Tag> id) const noexcept { return std::hash<std::size_t>{}(id.index()); }
};
