#include "checker/obligation/folder.h"

#include <algorithm>
#include <string_view>

#include "lang/ir/glob.h"

namespace bulkhead::obligation {
namespace {

/// The segments before the first one that is no plain text. A segment ends at a slash or with the text; `/**` stands
/// for nothing or begins with a slash, so what is before it ends there too.
Folder plain_segments(std::string_view glob) {
  Folder folder;
  while (glob.size() > 1 && glob.front() == '/') {
    glob.remove_prefix(1);
    const std::string_view segment = glob.substr(0, glob.find('/'));
    if (segment.empty() || segment.find_first_of("*?[]{}\\") != std::string_view::npos) break;
    folder.emplace_back(segment);
    glob.remove_prefix(segment.size());
  }
  return folder;
}

/// The same of what a pattern matches after its prefix, which is a plain path. Where the two disagree it matches
/// nothing.
Folder folder_of(std::string_view alternative, const std::string& prefix) {
  Folder whole = plain_segments(alternative);
  const Folder before = plain_segments(ir::escape_glob(prefix) == prefix ? prefix : "");
  if (prefix.empty()) return whole;
  if (before.empty() || whole.size() < before.size() || !std::equal(before.begin(), before.end(), whole.begin()))
    return {};
  whole.erase(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(before.size()));
  return whole;
}

/// Some of these lies below the folder, or the folder in it.
bool overlaps_any(const std::set<Folder>& folders, const Folder& folder) {
  const auto below = folders.lower_bound(folder);
  if (below != folders.end() && lies_in(*below, folder)) return true;
  Folder above = folder;
  while (!above.empty()) {
    above.pop_back();
    if (folders.contains(above)) return true;
  }
  return false;
}

}  // namespace

void add_folders(Folders& to, const ir::World& world, const ir::ObjectPatterns& patterns) {
  for (std::size_t i = 0; patterns.everything && i < world.volumes.size(); ++i) to[ir::VolumeId{i}].insert(Folder{});
  for (const ir::FilePattern& pattern : patterns.files) {
    const auto alternatives = ir::expand_glob(pattern.glob);
    if (!alternatives) to[pattern.volume].insert(Folder{});
    for (std::size_t i = 0; alternatives && i < alternatives->size(); ++i)
      to[pattern.volume].insert(folder_of((*alternatives)[i], pattern.prefix));
  }
}

bool lies_in(const Folder& folder, const Folder& other) {
  return folder.size() >= other.size() && std::equal(other.begin(), other.end(), folder.begin());
}

std::set<ir::VolumeId> common_volumes(const Folders& a, const Folders& b) {
  std::set<ir::VolumeId> volumes;
  for (const auto& [volume, folders] : a) {
    const auto others = b.find(volume);
    if (others == b.end()) continue;
    const bool some = std::any_of(folders.begin(), folders.end(),
                                  [&](const Folder& folder) { return overlaps_any(others->second, folder); });
    if (some) volumes.insert(volume);
  }
  return volumes;
}

}  // namespace bulkhead::obligation
