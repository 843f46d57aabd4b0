// How a condition is shown without a search for instances: which quantified formulas to open, and with which values.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bulkhead::instances {

/// Opens the formula at this place of Clauses::quantified(): by new constants, or for these places of
/// Clauses::values().
struct Hint {
  std::size_t quantified = 0;
  bool witness = false;
  std::vector<std::size_t> values = {};
  friend bool operator==(const Hint&, const Hint&) = default;
};

/// Longer lists, and longer texts, are none.
inline constexpr std::size_t kMostHints = 10'000;
inline constexpr std::size_t kMostText = std::size_t{1} << 20;

/// "w 0;i 2 5 6;": the formula at 0 by new constants, then the one at 2 for the values at 5 and 6. Never empty: "-"
/// stands for no hints at all.
std::string write(const std::vector<Hint>& hints);
/// None: no such text.
std::optional<std::vector<Hint>> read(std::string_view text);

}  // namespace bulkhead::instances
