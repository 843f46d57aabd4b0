#include "lang/ir/overlap.h"

#include <algorithm>
#include <string_view>

#include "lang/ir/glob.h"

namespace bulkhead::ir {
namespace {

constexpr std::string_view kSpecial = "*?[{\\";

bool is_literal(const FilePattern& pattern) {
  return pattern.prefix.empty() && pattern.glob.find_first_of(kSpecial) == std::string::npos;
}

/// Every path of the pattern begins with it. `/d/**` includes `/d`, so a `/` before what is special is left out.
std::string_view head(const FilePattern& pattern) {
  if (!pattern.prefix.empty()) return "";  // what is left of the glob after the prefix is not looked at
  std::string_view text = pattern.glob;
  text = text.substr(0, text.find_first_of(kSpecial));
  while (!text.empty() && text.back() == '/') text.remove_suffix(1);
  return text;
}

bool may_overlap(const FilePattern& a, const FilePattern& b) {
  if (a.volume != b.volume) return false;
  if (is_literal(a)) return pattern_matches(b, FileObject{a.volume, a.glob});
  if (is_literal(b)) return pattern_matches(a, FileObject{b.volume, b.glob});
  return head(a).starts_with(head(b)) || head(b).starts_with(head(a));
}

bool surely_within(const FilePattern& inner, const FilePattern& outer) {
  return inner == outer || (is_literal(inner) && pattern_matches(outer, FileObject{inner.volume, inner.glob}));
}

bool may_overlap(const NetPattern& a, const NetPattern& b) {
  return a.first.family == b.first.family && a.first <= b.last && b.first <= a.last && a.first_port <= b.last_port &&
         b.first_port <= a.last_port && (a.protos & b.protos) != 0;
}

bool surely_within(const NetPattern& inner, const NetPattern& outer) {
  return inner.first.family == outer.first.family && outer.first <= inner.first && inner.last <= outer.last &&
         outer.first_port <= inner.first_port && inner.last_port <= outer.last_port &&
         (inner.protos & ~outer.protos) == 0;
}

template <typename Pattern>
bool some_overlap(const std::vector<Pattern>& a, const std::vector<Pattern>& b) {
  return std::any_of(a.begin(), a.end(), [&](const Pattern& one) {
    return std::any_of(b.begin(), b.end(), [&](const Pattern& other) { return may_overlap(one, other); });
  });
}

template <typename Pattern>
bool each_within(const std::vector<Pattern>& inner, const std::vector<Pattern>& outer) {
  return std::all_of(inner.begin(), inner.end(), [&](const Pattern& one) {
    return std::any_of(outer.begin(), outer.end(), [&](const Pattern& other) { return surely_within(one, other); });
  });
}

}  // namespace

bool may_overlap(Plane plane, const ObjectPatterns& a, const ObjectPatterns& b) {
  if (a.everything || b.everything) return true;
  if (plane == Plane::File) return some_overlap(a.files, b.files);
  return plane != Plane::Net || some_overlap(a.nets, b.nets);
}

bool surely_within(Plane plane, const ObjectPatterns& inner, const ObjectPatterns& outer) {
  if (outer.everything) return true;
  if (inner.everything) return false;
  if (plane == Plane::File) return each_within(inner.files, outer.files);
  return plane == Plane::Net && each_within(inner.nets, outer.nets);
}

}  // namespace bulkhead::ir
