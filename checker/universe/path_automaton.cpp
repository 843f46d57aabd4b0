#include "checker/universe/path_automaton.h"

#include <algorithm>
#include <set>
#include <string_view>

namespace bulkhead::universe {

std::vector<std::uint8_t> representative_bytes(std::span<const Nfa* const> automata) {
  static constexpr std::string_view kLiked =
      "xabcdefghijklmnopqrstuvwyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_-./+@,=:%~ !#$&'()*;<>?[]^`{|}\"\\";
  std::vector<std::uint8_t> order;
  for (const char c : kLiked) order.push_back(static_cast<std::uint8_t>(c));
  for (unsigned byte = 1; byte < 256; ++byte)
    if (kLiked.find(static_cast<char>(byte)) == std::string_view::npos)
      order.push_back(static_cast<std::uint8_t>(byte));

  std::set<std::vector<std::uint8_t>> seen;
  std::vector<std::uint8_t> bytes;
  for (const std::uint8_t byte : order) {
    std::vector<std::uint8_t> key{static_cast<std::uint8_t>(byte == '/' ? 1 : byte == '.' ? 2 : 0)};
    for (const Nfa* nfa : automata) key.push_back(nfa->byte_classes()[byte]);
    if (seen.insert(std::move(key)).second) bytes.push_back(byte);
  }
  return bytes;
}

}  // namespace bulkhead::universe
