// What a table answers to a request: the plain reading of its rows, and `Decider`, the same answer fast.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "lang/base/result.h"
#include "runtime-bridge/table/table.h"

namespace bulkhead::table {

/// A resolved object: volume index and path in it, "/" being the volume's root.
struct FileObject {
  std::uint32_t volume = 0;
  std::string_view path;
};

/// Network byte order; IPv4 uses the first four bytes. `proto` is one bit: 1 TCP, 2 UDP, 4 other.
struct NetObject {
  std::uint8_t family = 4;
  std::array<std::uint8_t, 16> address{};
  std::uint16_t port = 0;
  std::uint8_t proto = 1;
};

struct CapabilityObject {
  std::uint8_t number = 0;
};

struct Decision {
  bool allowed = false;
  std::uint32_t row = kNone;       // the permit row, or the forbid row; none: no row permits it
  std::uint32_t sentence = kNone;  // of that row, else of the container
  std::uint32_t claim = kNone;     // of a denial: the first guard that covers the request, else the row's own
  friend bool operator==(const Decision&, const Decision&) = default;
};

/// The reference: every row in turn, every pattern compiled anew. Slow, allocates; for tests and for `why`.
///
/// Requires: `table` is well formed; `right` is one right of the object's plane.
Decision decide(const Table& table, std::uint16_t right, const FileObject& object);
Decision decide(const Table& table, std::uint16_t right, const NetObject& object);
Decision decide(const Table& table, std::uint16_t right, const CapabilityObject& object);

/// A path of the container, as the object that the mount table says it is. `path` points into the argument.
struct Resolved {
  FileObject object;
  std::uint32_t mount = kNone;  // the mount it lies under; none: the own root
  bool readonly = false;
};

/// The deepest mount wins. Requires: `path` is absolute and normalised, without links. No allocation.
Resolved resolve(const Table& table, std::string_view path);

/// Everything that is decided about a path, for every right: what `Decider::classify` gives for it.
enum class FileClass : std::uint32_t {};
inline constexpr FileClass kUnclassified{kNone};

/// A table made ready for questions, safe to share between threads. What build() made is immutable and answers without
/// allocation.
///
/// Ensures: the same decisions as `decide` on the same table. Test: Decider.AgreesWithTheRows.
/// Cost: a path is classified in one table look-up for each byte, a class answered in one look-up.
class Decider {
 public:
  /// Requires: `table` is well formed; it is copied.
  static Result<Decider, std::string> build(const Table& table);
  /// The same for a program that may ask little: of the automata a question makes the states that it needs, under a
  /// lock. `classify` gives kUnclassified always. Requires: `table` outlives the decider.
  static Result<Decider, std::string> build_when_asked(const Table& table);
  static Result<Decider, std::string> build_when_asked(Table&&) = delete;
  Decider(Decider&&) noexcept;
  Decider& operator=(Decider&&) noexcept;
  ~Decider();

  const Table& table() const;

  /// kUnclassified where the volume's patterns together have too many states; `decide` then goes through the rows.
  FileClass classify(const FileObject& object) const;
  /// Requires: `file_class` comes from `classify` and is not kUnclassified.
  bool allowed(std::uint16_t right, FileClass file_class) const {
    return (allowed_[static_cast<std::uint32_t>(file_class)] & right) != 0;
  }

  Decision decide(std::uint16_t right, const FileObject& object) const;
  Decision decide(std::uint16_t right, const NetObject& object) const;
  Decision decide(std::uint16_t right, const CapabilityObject& object) const;

  /// How many volumes are answered by their automaton, how many have one that would be too large, and how many states
  /// there are together.
  struct Size {
    std::size_t automata = 0;
    std::size_t rows_only = 0;
    std::size_t states = 0;
  };
  Size size() const;

 private:
  struct Body;
  explicit Decider(std::unique_ptr<Body> body);

  std::unique_ptr<Body> body_;
  const std::uint16_t* allowed_ = nullptr;  // by class: the rights that are allowed
};

}  // namespace bulkhead::table
