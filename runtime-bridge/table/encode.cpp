#include "runtime-bridge/table/encode.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <vector>

#include "runtime-bridge/table/layout.h"

namespace bulkhead::table {
namespace {

constexpr std::string_view kMagic = "BHTABLE\n";
constexpr std::size_t kHeaderBytes = 32;
constexpr std::size_t kEntryBytes = 16;
constexpr std::size_t kDigestBytes = 32;
constexpr std::size_t kBodyStart = kHeaderBytes + kEntryBytes * layout::kSectionCount;

template <class T>
void append(std::string& out, T value) {
  for (std::size_t i = 0; i < sizeof(T); ++i) {
    out.push_back(static_cast<char>((static_cast<std::uint64_t>(value) >> (8 * i)) & 0xFF));
  }
}

/// Writes the sections one behind the other; strings go to the pool in the order of their first use.
class Writer {
 public:
  void section(std::uint32_t) { starts_.push_back(out_.size()); }
  void u8(std::uint8_t v) { append(out_, v); }
  void u16(std::uint16_t v) { append(out_, v); }
  void u32(std::uint32_t v) { append(out_, v); }
  void u64(std::uint64_t v) { append(out_, v); }
  void flag(bool v) { u8(v ? 1 : 0); }
  template <class E>
  void choice(E v, E) {
    u8(static_cast<std::uint8_t>(v));
  }
  template <std::size_t N>
  void bytes(const std::array<std::uint8_t, N>& v) {
    for (const std::uint8_t byte : v) u8(byte);
  }
  void text(const std::string& v) {
    const auto [at, fresh] = indices_.try_emplace(v, static_cast<std::uint32_t>(pool_.size()));
    if (fresh) pool_.push_back(&at->first);
    u32(at->second);
  }
  template <class T, class F>
  void list(const std::vector<T>& items, F each) {
    u32(static_cast<std::uint32_t>(items.size()));
    for (const T& item : items) each(*this, item);
  }

  std::string finish() const {
    std::string pool;
    append(pool, static_cast<std::uint32_t>(pool_.size()));
    for (const std::string* text : pool_) {
      append(pool, static_cast<std::uint32_t>(text->size()));
      pool += *text;
    }
    std::string file(kMagic);
    append(file, kVersion);
    append(file, std::uint32_t{0});  // flags
    append(file, static_cast<std::uint64_t>(kBodyStart + pool.size() + out_.size() + kDigestBytes));
    append(file, layout::kSectionCount);
    append(file, std::uint32_t{0});  // reserved
    entry(file, 1, kBodyStart, pool.size());
    for (std::size_t i = 0; i < starts_.size(); ++i) {
      const std::size_t end = i + 1 < starts_.size() ? starts_[i + 1] : out_.size();
      entry(file, static_cast<std::uint32_t>(i + 2), kBodyStart + pool.size() + starts_[i], end - starts_[i]);
    }
    file += pool;
    file += out_;
    const Digest digest = sha256(std::string_view(file));
    for (const std::uint8_t byte : digest) append(file, byte);
    return file;
  }

 private:
  static void entry(std::string& file, std::uint32_t kind, std::size_t offset, std::size_t size) {
    append(file, kind);
    append(file, static_cast<std::uint32_t>(offset));
    append(file, static_cast<std::uint32_t>(size));
    append(file, std::uint32_t{0});
  }

  std::string out_;
  std::vector<std::size_t> starts_;
  std::unordered_map<std::string, std::uint32_t> indices_;  // looked up only; the order is that of pool_
  std::vector<const std::string*> pool_;
};

/// Reads what Writer wrote, and nothing else: encoding the value that comes out gives the same bytes again (every
/// number has one form, sections stand in order, the pool holds each string once in the order of use). After the first
/// mistake everything reads as zero and every list as empty.
class Reader {
 public:
  explicit Reader(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}

  bool failed() const { return failed_; }
  DecodeError error() const { return error_; }
  void refuse(std::string text) {
    if (failed_) return;
    failed_ = true;
    error_ = {at_, std::move(text)};
  }

  template <class T>
  T number() {
    if (failed_ || end_ - at_ < sizeof(T)) {
      refuse("a section ends inside a value");
      return 0;
    }
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < sizeof(T); ++i) value |= std::uint64_t{bytes_[at_ + i]} << (8 * i);
    at_ += sizeof(T);
    return static_cast<T>(value);
  }
  void u8(std::uint8_t& v) { v = number<std::uint8_t>(); }
  void u16(std::uint16_t& v) { v = number<std::uint16_t>(); }
  void u32(std::uint32_t& v) { v = number<std::uint32_t>(); }
  void u64(std::uint64_t& v) { v = number<std::uint64_t>(); }
  void flag(bool& v) {
    const auto byte = number<std::uint8_t>();
    if (byte > 1) refuse("a flag is neither 0 nor 1");
    v = byte == 1;
  }
  template <class E>
  void choice(E& v, E last) {
    const auto byte = number<std::uint8_t>();
    if (byte > static_cast<std::uint8_t>(last)) refuse("an enumeration has no such value");
    v = byte > static_cast<std::uint8_t>(last) ? E{} : static_cast<E>(byte);
  }
  template <std::size_t N>
  void bytes(std::array<std::uint8_t, N>& v) {
    for (std::uint8_t& byte : v) byte = number<std::uint8_t>();
  }
  void text(std::string& v) {
    const auto index = number<std::uint32_t>();
    if (failed_) return;
    if (index >= pool_.size()) return refuse("a string index is outside the pool");
    // Strings stand in the order of their first use, as Writer puts them there.
    if (index > used_) return refuse("a string of the pool is skipped");
    if (index == used_) ++used_;
    // A small file must not become a large value by naming one long string many times.
    text_bytes_ += pool_[index].size();
    if (text_bytes_ > kMaxTableBytes) return refuse("the strings add up to more than 64 MiB");
    v = pool_[index];
  }
  template <class T, class F>
  void list(std::vector<T>& items, F each) {
    const auto count = number<std::uint32_t>();
    // Every element takes at least one byte, so a count beyond the rest of the section is a lie.
    if (count > end_ - at_) return refuse("a list is longer than its section");
    for (std::uint32_t i = 0; i < count && !failed_; ++i) each(*this, items.emplace_back());
  }

  void section(std::uint32_t kind) {
    if (at_ != end_) refuse("a section has bytes left over");
    if (failed_) return;
    at_ = kHeaderBytes + kEntryBytes * (kind - 1);
    end_ = at_ + kEntryBytes;
    const auto named = number<std::uint32_t>();
    const std::size_t offset = number<std::uint32_t>();
    const std::size_t size = number<std::uint32_t>();
    if (number<std::uint32_t>() != 0 || named != kind) return refuse("the section directory is out of order");
    if (offset != next_ || size > bytes_.size() - kDigestBytes - next_)
      return refuse("a section lies outside the file");
    at_ = offset;
    end_ = next_ = offset + size;
  }
  void finish() {
    if (!failed_ && (at_ != end_ || next_ != bytes_.size() - kDigestBytes))
      refuse("bytes stand behind the last section");
    if (used_ != pool_.size()) refuse("a string of the pool is not used");
  }

  void header() {
    if (bytes_.size() > kMaxTableBytes) return refuse("a table is at most 64 MiB");
    if (bytes_.size() < kBodyStart + kDigestBytes) return refuse("the file ends inside the header");
    if (!std::equal(kMagic.begin(), kMagic.end(), bytes_.begin(),
                    [](char c, std::uint8_t byte) { return static_cast<std::uint8_t>(c) == byte; })) {
      return refuse("this is no bulkhead table");
    }
    at_ = kMagic.size();
    end_ = kHeaderBytes;
    if (number<std::uint32_t>() != kVersion) return refuse("the table has a version that is not known here");
    if (number<std::uint32_t>() != 0) return refuse("the table has flags that are not known here");
    if (number<std::uint64_t>() != bytes_.size()) return refuse("the table is not as long as it says");
    if (number<std::uint32_t>() != layout::kSectionCount) return refuse("the table has not 15 sections");
    if (number<std::uint32_t>() != 0) return refuse("reserved bytes are not zero");
    const Digest digest = sha256(bytes_.first(bytes_.size() - kDigestBytes));
    if (!std::equal(digest.begin(), digest.end(), bytes_.end() - kDigestBytes)) refuse("the checksum is wrong");
  }
  void pool() {
    section(1);
    list(pool_, [](Reader& reader, std::string_view& text) {
      const auto size = reader.number<std::uint32_t>();
      if (size > reader.end_ - reader.at_) return reader.refuse("a string is longer than the pool");
      text = {reinterpret_cast<const char*>(reader.bytes_.data()) + reader.at_, size};
      reader.at_ += size;
    });
    std::vector<std::string_view> sorted = pool_;
    std::sort(sorted.begin(), sorted.end());
    if (std::adjacent_find(sorted.begin(), sorted.end()) != sorted.end()) refuse("a string stands in the pool twice");
  }

 private:
  std::span<const std::uint8_t> bytes_;
  std::size_t at_ = 0;
  std::size_t end_ = 0;            // of the section that is being read
  std::size_t next_ = kBodyStart;  // where the next section has to start
  std::vector<std::string_view> pool_;
  std::size_t used_ = 0;  // strings of the pool that were named so far: the first of them
  std::size_t text_bytes_ = 0;
  bool failed_ = false;
  DecodeError error_;
};

std::span<const std::uint8_t> as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

}  // namespace

std::string encode(const Table& table) {
  Writer writer;
  layout::sections(writer, table);
  return writer.finish();
}

Result<Table, DecodeError> decode(std::span<const std::uint8_t> bytes) {
  Reader reader(bytes);
  Table table;
  reader.header();
  if (!reader.failed()) {
    reader.pool();
    layout::sections(reader, table);
    reader.finish();
  }
  if (reader.failed()) return fail(reader.error());
  if (std::string broken = well_formed(table); !broken.empty()) return fail(DecodeError{0, std::move(broken)});
  return table;
}

Result<Table, DecodeError> decode(std::string_view bytes) {
  return decode(as_bytes(bytes));
}

}  // namespace bulkhead::table
