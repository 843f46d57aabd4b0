#include "checker/closure/relation_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <numeric>
#include <utility>

#include "lang/base/check.h"

namespace bulkhead::closure {
namespace {

constexpr std::string_view kMagic = "BHREL v1";
constexpr std::size_t kWord = sizeof(std::uint64_t);
constexpr std::size_t kKeyWords = sizeof(Digest) / kWord;
constexpr std::size_t kIndexAt = 1 + kKeyWords + 4;  // in words
constexpr std::uint64_t kMostNodes = std::uint64_t{1} << 24;

/// Multiply and mix, a word at a time: quick, and against damage only.
std::uint64_t checksum(const char* bytes, std::size_t words) {
  std::uint64_t sum = 0x9E3779B97F4A7C15u;
  for (std::size_t i = 0; i < words; ++i) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes + i * kWord, kWord);
    sum = (sum ^ word) * 0xff51afd7ed558ccdu;
    sum ^= sum >> 32u;
  }
  return sum;
}

void put(std::string& out, std::uint64_t value) {
  for (unsigned i = 0; i < kWord; ++i) out += static_cast<char>((value >> (8 * i)) & 255u);
}

}  // namespace

std::string encode_relation(const Digest& key, std::span<const std::string> names, const ClosedRelation& relation) {
  BH_CHECK(names.size() <= relation.class_of.size(), "a node without a class");
  std::vector<std::size_t> order(names.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return names[a] < names[b]; });
  const std::size_t width = (relation.classes + 63) / 64;
  std::string index, all_names;
  for (const std::size_t node : order) {
    all_names += names[node];
    put(index, all_names.size());
  }
  for (const std::size_t node : order) put(index, relation.class_of[node]);
  all_names.resize((all_names.size() + kWord - 1) / kWord * kWord, '\0');
  index += all_names;
  std::string sums, rows;
  for (std::size_t i = 0; i < relation.classes; ++i) {
    const std::size_t begin = rows.size();
    for (std::size_t word = 0; word < width; ++word) put(rows, relation.rows[i * width + word]);
    put(sums, checksum(rows.data() + begin, width));
  }
  std::string out(kMagic);
  out.append(reinterpret_cast<const char*>(key.data()), key.size());
  put(out, names.size());
  put(out, all_names.size());
  put(out, relation.classes);
  put(out, checksum(index.data(), index.size() / kWord));
  return out + index + sums + rows;
}

std::optional<MappedRelation> MappedRelation::open(const std::string& path, const Digest& key) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK);
  if (fd < 0) return std::nullopt;
  struct stat status {};
  const bool fits = ::fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && status.st_size > 0 &&
                    static_cast<std::uint64_t>(status.st_size) <= kMaxRelationBytes;
  void* mapped = MAP_FAILED;
  if (fits) mapped = ::mmap(nullptr, static_cast<std::size_t>(status.st_size), PROT_READ, MAP_PRIVATE, fd, 0);
  ::close(fd);
  if (mapped == MAP_FAILED) return std::nullopt;
  MappedRelation relation(static_cast<const char*>(mapped), static_cast<std::size_t>(status.st_size));
  if (!relation.is_sound(key)) return std::nullopt;
  return relation;
}

MappedRelation::~MappedRelation() {
  if (bytes_ != nullptr) ::munmap(const_cast<char*>(bytes_), size_);
}

MappedRelation::MappedRelation(MappedRelation&& other) noexcept
    : bytes_(std::exchange(other.bytes_, nullptr)),
      size_(other.size_),
      nodes_(other.nodes_),
      classes_(other.classes_),
      width_(other.width_),
      class_at_(other.class_at_),
      names_at_(other.names_at_),
      sums_at_(other.sums_at_) {}

std::uint64_t MappedRelation::number(std::size_t place) const {
  std::uint64_t value = 0;
  for (unsigned i = kWord; i-- > 0;) value = (value << 8u) | static_cast<unsigned char>(bytes_[place * kWord + i]);
  return value;
}

bool MappedRelation::is_sound(const Digest& key) {
  if (size_ % kWord != 0 || size_ < kIndexAt * kWord || std::string_view(bytes_, kWord) != kMagic) return false;
  if (std::memcmp(bytes_ + kWord, key.data(), key.size()) != 0) return false;
  const std::uint64_t nodes = number(1 + kKeyWords), name_bytes = number(2 + kKeyWords),
                      classes = number(3 + kKeyWords);
  if (nodes > kMostNodes || classes > kMostNodes || name_bytes > kMaxRelationBytes || name_bytes % kWord != 0)
    return false;
  nodes_ = nodes;
  classes_ = classes;
  width_ = (classes_ + 63) / 64;
  class_at_ = kIndexAt + nodes_;
  names_at_ = class_at_ + nodes_;
  sums_at_ = names_at_ + name_bytes / kWord;
  if (size_ / kWord != sums_at_ + classes_ + classes_ * width_) return false;
  if (checksum(bytes_ + kIndexAt * kWord, sums_at_ - kIndexAt) != number(4 + kKeyWords)) return false;
  std::uint64_t end = 0;
  for (std::size_t i = 0; i < nodes_; ++i) {
    const std::uint64_t next = number(kIndexAt + i);
    if (next < end || next > name_bytes || number(class_at_ + i) >= classes_) return false;
    end = next;
    if (i > 0 && !(name(i - 1) < name(i))) return false;
  }
  return true;
}

std::string_view MappedRelation::name(std::size_t node) const {
  const std::uint64_t begin = node == 0 ? 0 : number(kIndexAt + node - 1), end = number(kIndexAt + node);
  return {bytes_ + names_at_ * kWord + begin, end - begin};
}

std::optional<std::size_t> MappedRelation::find(std::string_view wanted) const {
  std::size_t low = 0, high = nodes_;
  while (low < high) {
    const std::size_t middle = low + (high - low) / 2;
    if (name(middle) < wanted)
      low = middle + 1;
    else
      high = middle;
  }
  return low < nodes_ && name(low) == wanted ? std::optional(low) : std::nullopt;
}

std::optional<Bitset> MappedRelation::reached_from(std::size_t from) const {
  BH_CHECK(from < nodes_, "a node beyond the relation");
  const std::size_t start = number(class_at_ + from), row = sums_at_ + classes_ + start * width_;
  if (checksum(bytes_ + row * kWord, width_) != number(sums_at_ + start)) return std::nullopt;
  Bitset reached(nodes_);
  for (std::size_t node = 0; node < nodes_; ++node) {
    const std::uint64_t end = number(class_at_ + node);
    if (((number(row + end / 64) >> (end % 64)) & 1u) != 0) reached.set(node);
  }
  return reached;
}

}  // namespace bulkhead::closure
