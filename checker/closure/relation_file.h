// A closed relation between named nodes in a file that is mapped, not read: a question touches a few pages of it.
//
// What is trusted: nobody but the user can write the file. Checksums notice damage, not lies; whoever asks has made
// sure that the folder is the user's own. All bytes are bounds-checked, so a file that was forged all the same gives a
// wrong answer at worst, never a wrong access. What it says can be asked of the policy again at any time.
//
// Bytes, all numbers 64 bits, little-endian: magic, key (32 bytes), number of nodes, bytes of names, number of classes,
// checksum of the index; the index: for each node where its name ends, then for each its class, then the names, sorted,
// padded to 8 bytes; for each class the checksum of its row, then the rows.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "checker/closure/certificate.h"
#include "lang/base/bitset.h"
#include "lang/base/sha256.h"

namespace bulkhead::closure {

inline constexpr std::size_t kMaxRelationBytes = std::size_t{1} << 30;

/// The file, of the first names.size() nodes of the relation.
///
/// Requires: no two names are equal; the relation has a class for each name.
std::string encode_relation(const Digest& key, std::span<const std::string> names, const ClosedRelation& relation);

class MappedRelation {
 public:
  /// None where there is no such file, it is not of this key, or it is damaged. Cost: linear in the index, not in rows.
  static std::optional<MappedRelation> open(const std::string& path, const Digest& key);
  ~MappedRelation();
  MappedRelation(MappedRelation&& other) noexcept;
  MappedRelation& operator=(MappedRelation&&) = delete;
  MappedRelation(const MappedRelation&) = delete;

  std::size_t nodes() const { return nodes_; }
  /// In the order of names. Requires: `node` is below nodes().
  std::string_view name(std::size_t node) const;
  std::optional<std::size_t> find(std::string_view name) const;
  /// By one edge or more, every node that `from` reaches. None where its row is damaged. Requires: below nodes().
  std::optional<Bitset> reached_from(std::size_t from) const;

 private:
  MappedRelation(const char* bytes, std::size_t size) : bytes_(bytes), size_(size) {}
  std::uint64_t number(std::size_t place) const;  // of 8 bytes
  bool is_sound(const Digest& key);

  const char* bytes_ = nullptr;
  std::size_t size_ = 0;
  std::size_t nodes_ = 0;
  std::size_t classes_ = 0;
  std::size_t width_ = 0;     // words of a row
  std::size_t class_at_ = 0;  // places of 8 bytes
  std::size_t names_at_ = 0;
  std::size_t sums_at_ = 0;
};

}  // namespace bulkhead::closure
