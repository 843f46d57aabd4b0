#include "runtime-bridge/closure/elf.h"

#include <elf.h>

#include <cerrno>
#include <cstring>
#include <optional>
#include <string_view>

#include "lang/base/file.h"

namespace bulkhead::closure {

namespace {

constexpr std::size_t kMaxElfBytes = std::size_t{512} << 20;
constexpr std::size_t kMaxEntries = 4096;  // program headers, dynamic entries

template <typename T>
std::optional<T> load(std::string_view bytes, std::uint64_t offset) {
  if (offset > bytes.size() || bytes.size() - offset < sizeof(T)) return std::nullopt;
  T value;
  std::memcpy(&value, bytes.data() + offset, sizeof(T));
  return value;
}

std::optional<std::string> text_at(std::string_view bytes, std::uint64_t offset) {
  if (offset >= bytes.size()) return std::nullopt;
  const std::string_view tail = bytes.substr(offset);
  const std::size_t end = tail.find('\0');
  if (end > 4096) return std::nullopt;  // npos too
  return std::string(tail.substr(0, end));
}

/// The file offset behind a virtual address, by the PT_LOAD segments.
std::optional<std::uint64_t> offset_of(const std::vector<Elf64_Phdr>& segments, std::uint64_t address) {
  for (const Elf64_Phdr& segment : segments) {
    if (segment.p_type != PT_LOAD || address < segment.p_vaddr) continue;
    if (address - segment.p_vaddr < segment.p_filesz) return segment.p_offset + (address - segment.p_vaddr);
  }
  return std::nullopt;
}

std::vector<std::string> split_paths(const std::string& paths) {
  std::vector<std::string> parts;
  std::size_t begin = 0;
  while (begin <= paths.size()) {
    const std::size_t end = std::min(paths.find(':', begin), paths.size());
    if (end > begin) parts.push_back(paths.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

bool is_elf64(const Elf64_Ehdr& header) {
  return std::memcmp(header.e_ident, ELFMAG, SELFMAG) == 0 && header.e_ident[EI_CLASS] == ELFCLASS64 &&
         header.e_ident[EI_DATA] == ELFDATA2LSB && header.e_phentsize == sizeof(Elf64_Phdr);
}

void read_dynamic(std::string_view bytes, const Elf64_Phdr& dynamic, const std::vector<Elf64_Phdr>& segments,
                  ElfNeeds& needs) {
  std::vector<Elf64_Dyn> entries;
  for (std::size_t i = 0; i < kMaxEntries; ++i) {
    const auto entry = load<Elf64_Dyn>(bytes, dynamic.p_offset + i * sizeof(Elf64_Dyn));
    if (!entry || entry->d_tag == DT_NULL) break;
    entries.push_back(*entry);
  }
  std::optional<std::uint64_t> strings;
  for (const Elf64_Dyn& entry : entries) {
    if (entry.d_tag == DT_STRTAB) strings = offset_of(segments, entry.d_un.d_ptr);
  }
  if (!strings) return;
  for (const Elf64_Dyn& entry : entries) {
    if (entry.d_tag != DT_NEEDED && entry.d_tag != DT_RUNPATH && entry.d_tag != DT_RPATH) continue;
    if (entry.d_un.d_val > bytes.size()) continue;
    const auto text = text_at(bytes, *strings + entry.d_un.d_val);
    if (!text) continue;
    if (entry.d_tag == DT_NEEDED) {
      needs.libraries.push_back(*text);
    } else {
      for (std::string& part : split_paths(*text)) needs.run_paths.push_back(std::move(part));
    }
  }
}

}  // namespace

Result<ElfNeeds> read_elf(const std::string& path) {
  Result<std::string> file = read_file(path, kMaxElfBytes);
  if (!file.ok()) return fail(file.error());
  const std::string_view bytes = *file;
  const auto header = load<Elf64_Ehdr>(bytes, 0);
  if (!header || !is_elf64(*header)) return fail(SystemError{"read", path, ENOEXEC, "not a 64-bit ELF file"});
  std::vector<Elf64_Phdr> segments;
  for (std::size_t i = 0; i < std::min<std::size_t>(header->e_phnum, kMaxEntries); ++i) {
    const auto segment = load<Elf64_Phdr>(bytes, header->e_phoff + i * sizeof(Elf64_Phdr));
    if (!segment) return fail(SystemError{"read", path, ENOEXEC, "its program headers end early"});
    segments.push_back(*segment);
  }
  ElfNeeds needs;
  for (const Elf64_Phdr& segment : segments) {
    if (segment.p_type == PT_INTERP) needs.interpreter = text_at(bytes, segment.p_offset).value_or("");
    if (segment.p_type == PT_DYNAMIC) read_dynamic(bytes, segment, segments, needs);
  }
  return needs;
}

}  // namespace bulkhead::closure
