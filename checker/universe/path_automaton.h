// The automaton of valid paths, and the byte classes that a set of languages shares.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "checker/universe/dfa.h"

namespace bulkhead::universe {

/// Where in a path one stands. Root: exactly "/" is read. Slash: after a later `/`.
enum class PathState : std::uint8_t { Start, Root, Slash, Dot, DotDot, Inside, Dead };

constexpr PathState next(PathState state, std::uint8_t byte) {
  if (byte == 0) return PathState::Dead;
  const bool slash = byte == '/';
  const bool dot = byte == '.';
  switch (state) {
    case PathState::Start:
      return slash ? PathState::Root : PathState::Dead;
    case PathState::Root:
    case PathState::Slash:
      return slash ? PathState::Dead : dot ? PathState::Dot : PathState::Inside;
    case PathState::Dot:
      return slash ? PathState::Dead : dot ? PathState::DotDot : PathState::Inside;
    case PathState::DotDot:
      return slash ? PathState::Dead : PathState::Inside;
    case PathState::Inside:
      return slash ? PathState::Slash : PathState::Inside;
    case PathState::Dead:
      return PathState::Dead;
  }
  return PathState::Dead;
}

/// A path ends here. "/" (Root) is one too, but is asked apart everywhere.
constexpr bool ends_path(PathState state) {
  return state == PathState::Inside;
}

/// One byte for each class of bytes that neither the languages nor PathState tell apart, without NUL; the byte of a
/// class is the one that a person likes best to read, and the classes come in that order.
std::vector<std::uint8_t> representative_bytes(std::span<const Nfa* const> automata);

}  // namespace bulkhead::universe
