// Reads globs a second time, apart from everybody else, and makes position automata of them. Trusted.
//
// What a glob means: lang/ir/glob.h. What a position is: verdict::VolumeCover. The two readers agree, or certificates
// are rejected; tests compare them on every pattern that they can think of.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bulkhead::certificate {

/// A state of the automaton of one pattern set; sets of them are sorted and closed under silent steps.
using State = std::uint32_t;
using States = std::vector<State>;

/// The union of the languages of some globs, read byte by byte.
class Automaton {
 public:
  /// Adds what `glob` matches after `prefix` has been read. False where the glob is none, or too large.
  bool add(std::string_view glob, std::string_view prefix);

  /// The states before anything is read.
  States initial() const;
  States step(const States& from, std::uint8_t byte) const;
  bool accepts(const States& states) const;

  /// The set that accepts whatever follows; it stands for every set with a state that does.
  static const States& full();

  /// Marks every byte that some state tells from its predecessor: bytes between two marks behave alike.
  void mark_bytes(std::vector<bool>& marks) const;

 private:
  struct Edge {
    std::uint8_t low = 0;
    std::uint8_t high = 0;
    State to = 0;
  };
  struct Node {
    std::vector<Edge> edges;
    std::vector<State> silent;
    bool accepting = false;
    bool always = false;  // loops on every byte, and only tokens that match nothing at all follow
  };
  friend class Reader;

  void close(States& states) const;
  States normal(States states) const;
  States advance(const States& from, std::uint8_t byte) const;

  std::vector<Node> nodes_;
  States initial_;
};

}  // namespace bulkhead::certificate
