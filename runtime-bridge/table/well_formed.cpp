// The rules of a table that its encoding cannot express.
#include <algorithm>
#include <set>
#include <string_view>

#include "runtime-bridge/table/encode.h"
#include "runtime-bridge/table/glob.h"

namespace bulkhead::table {
namespace {

constexpr std::size_t kMaxPath = 4096;
constexpr std::size_t kMaxFilterBytes = std::size_t{4096} * 8;  // BPF_MAXINSNS
constexpr std::size_t kMaxPatternBytes = std::size_t{1} << 20;
constexpr std::size_t kMaxMounts = 1024;

std::uint16_t rights_of(Plane plane) {
  switch (plane) {
    case Plane::File:
      return kRead | kWrite | kRename | kLink | kExecute;
    case Plane::Net:
      return kConnect | kBind;
    case Plane::Syscall:
      return kInvoke;
    case Plane::KernelCapability:
      return kHold;
  }
  return 0;
}

bool normal_path(std::string_view path) {
  if (path.empty() || path.front() != '/' || path.size() > kMaxPath || path.find('\0') != path.npos) return false;
  if (path == "/") return true;
  std::size_t at = 0;
  while (at < path.size()) {
    const std::size_t end = std::min(path.find('/', at + 1), path.size());
    const std::string_view segment = path.substr(at + 1, end - at - 1);
    if (segment.empty() || segment == "." || segment == "..") return false;
    at = end;
  }
  return true;
}

/// Checks one table; the first broken rule stays in `broken`.
struct Checker {
  const Table& table;
  std::string broken;
  std::size_t pattern_bytes = 0;
  std::set<std::string_view> compiled;

  void require(bool holds, const char* rule) {
    if (!holds && broken.empty()) broken = rule;
  }
  void plain(const std::string& text) { require(text.find('\0') == text.npos, "a text contains a NUL byte"); }
  void sentence(std::uint32_t index) {
    require(index == kNone || index < table.sentences.size(), "a sentence index is out of range");
  }
  void claim(std::uint32_t index) {
    require(index == kNone || index < table.claims.size(), "a claim index is out of range");
  }

  void file(const FilePattern& pattern) {
    require(pattern.volume < table.volumes.size(), "a volume index is out of range");
    require(pattern.prefix.empty() || normal_path(pattern.prefix), "a prefix is not a normalised absolute path");
    pattern_bytes += pattern.glob.size();
    require(pattern_bytes <= kMaxPatternBytes, "the patterns are longer than 1 MiB together");
    if (!broken.empty() || !compiled.insert(pattern.glob).second) return;  // most rules share a few globs
    const auto automaton = compile_glob(pattern.glob);
    if (!automaton.ok()) broken = "a pattern is not valid: " + automaton.error();
  }
  void net(const NetPattern& pattern) {
    require(pattern.family == 4 || pattern.family == 6, "an address family is neither 4 nor 6");
    require(pattern.first <= pattern.last, "an address range ends before it starts");
    require(pattern.first_port <= pattern.last_port, "a port range ends before it starts");
    require(pattern.protos >= 1 && pattern.protos <= 7, "a set of protocols has no such value");
    for (std::size_t i = 4; pattern.family == 4 && i < 16; ++i) {
      require(pattern.first[i] == 0 && pattern.last[i] == 0, "an IPv4 address has more than four bytes");
    }
  }
  void literal(Plane plane, const Literal& part) {
    require(part.files.empty() || plane == Plane::File, "file patterns stand outside the file plane");
    require(part.nets.empty() || plane == Plane::Net, "net patterns stand outside the net plane");
    require(part.capabilities.empty() || plane == Plane::KernelCapability, "capabilities stand outside their plane");
    for (const FilePattern& pattern : part.files) file(pattern);
    for (const NetPattern& pattern : part.nets) net(pattern);
    for (const std::uint8_t number : part.capabilities) require(number < 64, "a capability number is above 63");
  }
  void rights(Plane plane, std::uint16_t bits) {
    require(bits != 0 && (bits & ~rights_of(plane)) == 0, "a row has no rights, or rights of another plane");
  }

  void policy() {
    for (const Sentence& item : table.sentences) plain(item.file), plain(item.text);
    for (const Claim& item : table.claims) plain(item.name), plain(item.text), sentence(item.sentence);
    for (const Row& row : table.rows) {
      rights(row.plane, row.rights);
      sentence(row.sentence);
      claim(row.claim);
      for (const Literal& part : row.literals) literal(row.plane, part);
    }
    for (const Guard& guard : table.guards) {
      rights(guard.plane, guard.rights);
      claim(guard.claim);
      literal(guard.plane, guard.objects);
    }
  }
  void places() {
    for (const Volume& volume : table.volumes) {
      plain(volume.name);
      require(volume.host_source.empty() || normal_path(volume.host_source),
              "a volume's source is not a normalised path");
      require(volume.host_source.empty() || volume.tmpfs_bytes == 0, "a volume has both a source and a size");
    }
    require(table.mounts.size() <= kMaxMounts, "a table has at most 1024 mounts");
    for (const Mount& mount : table.mounts) {
      require(mount.volume < table.volumes.size(), "a mount's volume index is out of range");
      require(normal_path(mount.target), "a mount's target is not a normalised path");
      sentence(mount.sentence);
    }
    for (std::size_t i = 0; i < table.mounts.size() && broken.empty(); ++i) {
      for (std::size_t k = 0; k < i; ++k)
        require(table.mounts[i].target != table.mounts[k].target, "two mounts share a target");
    }
    for (const ClosurePath& path : table.closure) {
      require(normal_path(path.path), "a closure path is not a normalised path");
      plain(path.link_target);
      sentence(path.sentence);
    }
  }
  void process() {
    plain(table.module), plain(table.container), plain(table.profile), plain(table.nftables);
    sentence(table.sentence);
    for (const std::string& name : table.environment) {
      plain(name);
      require(!name.empty() && name.find('=') == name.npos, "an environment name is empty or contains `=`");
    }
    for (const std::string& name : table.degrade) plain(name);
    for (const Limit* limit : {&table.limits.memory, &table.limits.cpu, &table.limits.pids, &table.limits.time,
                               &table.limits.disk, &table.limits.open_files}) {
      sentence(limit->sentence);
      require(limit->set || limit->amount == 0, "a limit that is not set has an amount");
    }
  }
  void kernel() {
    for (const std::string* filter : {&table.filter_x86_64, &table.filter_aarch64}) {
      require(filter->size() % 8 == 0 && filter->size() <= kMaxFilterBytes,
              "a filter is not 0 to 4096 whole instructions");
    }
    for (std::size_t i = 0; i < table.syscalls.size(); ++i) {
      const SyscallRow& row = table.syscalls[i];
      plain(row.name), sentence(row.sentence), claim(row.claim);
      require(i == 0 || table.syscalls[i - 1].number < row.number,
              "syscall rows are not in the order of their numbers");
      require(row.error >= 1 && row.error <= 4095, "the error of a syscall row is not 1 to 4095");
    }
    require(table.unknown_syscall_error >= 1 && table.unknown_syscall_error <= 4095,
            "the default error is not 1 to 4095");
    for (const LandlockRule& rule : table.landlock.rules) {
      require(normal_path(rule.path), "a Landlock path is not a normalised path");
      sentence(rule.sentence);
    }
  }
};

}  // namespace

std::string well_formed(const Table& table) {
  Checker checker{table, {}, 0, {}};
  checker.policy();
  checker.places();
  checker.process();
  checker.kernel();
  return checker.broken;
}

}  // namespace bulkhead::table
