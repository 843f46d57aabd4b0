// Where the objects of patterns lie: in which volume, below which folder. Tells apart, without any question, what has
// no object in common because a folder differs. Trusted.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "lang/ir/object.h"
#include "lang/ir/world.h"

namespace bulkhead::obligation {

/// The first segments of a path: {"srv", "data"} are those of "/srv/data" and of everything below it.
using Folder = std::vector<std::string>;
using Folders = std::map<ir::VolumeId, std::set<Folder>>;

/// Adds a folder for each pattern, and each alternative of it: whatever it matches lies there, and so does whatever
/// lies in a folder that it matches.
///
/// Soundness: over-approximates: the segments before the first that is no plain text. Test:
/// Folder.NothingThatAPatternMatchesLiesElsewhere.
void add_folders(Folders& to, const ir::World& world, const ir::ObjectPatterns& patterns);

/// The folder is the other one, or lies in it.
bool lies_in(const Folder& folder, const Folder& other);

/// The volumes of both in which some folder of `a` overlaps with one of `b`: elsewhere the two have no object in
/// common.
std::set<ir::VolumeId> common_volumes(const Folders& a, const Folders& b);

}  // namespace bulkhead::obligation
