#include "lang/import/capabilities/pattern.h"

#include <algorithm>

#include "lang/ir/glob.h"

namespace bulkhead::capabilities {
namespace {

constexpr std::size_t kLongest = 4096;
constexpr std::string_view kMeta = "*?[]{}\\";
/// The sandbox makes these trees itself; a grant on the host's would show other processes and devices.
constexpr std::string_view kMade[] = {"/proc", "/sys", "/dev"};

bool has_meta(std::string_view segment) {
  return segment.find_first_of(kMeta) != std::string_view::npos;
}

std::optional<PatternFault> bracket_fault(std::string_view glob) {
  int braces = 0;
  bool in_class = false;
  for (std::size_t i = 0; i < glob.size(); ++i) {
    const char c = glob[i];
    if (c == '\\') {
      if (++i == glob.size())
        return PatternFault{"a backslash ends the pattern", "write `\\\\` for the character itself"};
      continue;
    }
    if (in_class) {
      if (c == ']') in_class = false;
      if (c == '/') return PatternFault{"a `/` inside `[...]`", "a class stands for one character of a segment"};
      continue;
    }
    if (c == '[') in_class = true;
    if (c == '{') ++braces;
    if (c == '}' && --braces < 0) break;
  }
  if (in_class) return PatternFault{"a `[` without its `]`", "write `\\[` for the character itself"};
  if (braces != 0) return PatternFault{"unbalanced braces", "write `\\{` for the character itself"};
  return std::nullopt;
}

std::optional<PatternFault> segment_fault(std::string_view glob) {
  for (const auto segment : segments_of(glob)) {
    if (segment == "..") return PatternFault{"the path holds `..`", "write the path that you mean, without `..`"};
    if (segment == ".") return PatternFault{"the path holds `.`", "leave the `.` out"};
    if (segment.empty())
      return PatternFault{"the path has an empty segment", "write single slashes, and none at the end"};
    if (segment != "**" && segment.find("**") != std::string_view::npos) {
      return PatternFault{"`**` does not stand alone in its segment", "write `/**/` or `*`"};
    }
  }
  // A brace may hide a segment: "/a/{..,b}/c" would be "/a/../c".
  if (glob.find('{') != std::string_view::npos) {
    std::size_t at = 0;
    while ((at = glob.find("..", at)) != std::string_view::npos) {
      const auto edge = [](char c) { return c == '{' || c == ',' || c == '}' || c == '/'; };
      const bool left = edge(glob[at - 1]);
      const bool right = at + 2 == glob.size() || edge(glob[at + 2]);
      if (left && right) return PatternFault{"the path holds `..`", "write the path that you mean, without `..`"};
      ++at;
    }
  }
  return std::nullopt;
}

}  // namespace

std::vector<std::string_view> segments_of(std::string_view glob) {
  std::vector<std::string_view> out;
  std::size_t at = glob.empty() ? 0 : 1;
  if (glob.size() <= 1) return out;
  while (true) {
    const auto next = glob.find('/', at);
    out.push_back(glob.substr(at, next == std::string_view::npos ? next : next - at));
    if (next == std::string_view::npos) return out;
    at = next + 1;
  }
}

std::optional<PatternFault> pattern_fault(std::string_view glob) {
  if (glob.empty()) return PatternFault{"an empty path", "write an absolute path"};
  if (glob.size() > kLongest) return PatternFault{"a path of more than 4096 bytes", "the kernel has no such path"};
  if (glob.find('\0') != std::string_view::npos) return PatternFault{"the path holds a NUL character", "no path can"};
  const auto control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; };
  if (std::any_of(glob.begin(), glob.end(), control)) {
    return PatternFault{"the path holds a control character", "match it with `?` if the file is really called that"};
  }
  if (glob.front() != '/') return PatternFault{"the path is relative", "write it from the root, `/...`"};
  if (auto fault = bracket_fault(glob)) return fault;
  if (auto fault = segment_fault(glob)) return fault;
  if (const auto expanded = ir::expand_glob(glob); !expanded.ok()) return PatternFault{expanded.error(), {}};
  const auto prefix = literal_prefix(glob);
  if (prefix == "/") {
    return PatternFault{"the pattern begins at the root of the host", "begin with the name of a folder, `/data/**`"};
  }
  for (const auto made : kMade) {
    if (covers(made, prefix)) {
      return PatternFault{"`" + std::string(made) + "` is made by the sandbox itself and cannot be granted",
                          "the program has its own"};
    }
  }
  return std::nullopt;
}

std::string literal_prefix(std::string_view glob) {
  std::string out;
  for (const auto segment : segments_of(glob)) {
    if (has_meta(segment)) break;
    out += '/';
    out += segment;
  }
  return out.empty() ? "/" : out;
}

bool is_exact(std::string_view glob) {
  return !has_meta(glob);
}

bool covers(std::string_view prefix, std::string_view path) {
  if (prefix == "/") return true;
  return path.substr(0, prefix.size()) == prefix && (path.size() == prefix.size() || path[prefix.size()] == '/');
}

bool surely_disjoint(std::string_view left, std::string_view right) {
  // A brace may hold a slash, and then segments say nothing.
  const auto whole_segments = [](std::string_view glob) {
    return glob.substr(0, std::min(glob.find('{'), glob.find('\\')));
  };
  const auto a = segments_of(left);
  const auto b = segments_of(right);
  for (std::size_t i = 0; i < std::max(a.size(), b.size()); ++i) {
    const bool ended = i >= a.size() || i >= b.size();
    const auto uncertain = [&](const std::vector<std::string_view>& segments) {
      return i < segments.size() && (segments[i] == "**" || whole_segments(segments[i]).size() != segments[i].size());
    };
    if (uncertain(a) || uncertain(b)) return false;
    if (ended) return true;  // one is longer, and no `**` makes up for it
    if (!has_meta(a[i]) && !has_meta(b[i]) && a[i] != b[i]) return true;
  }
  return false;
}

}  // namespace bulkhead::capabilities
