// What a change of a policy loosens beside the access relation: where volumes are kept, and what containers are run
// with.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "checker/query/difference.h"
#include "lang/ir/world.h"

namespace bulkhead::query {

/// A setting that is looser (Added) or tighter (Removed) in the new policy.
struct SettingChange {
  Change change = Change::Added;
  std::string subject;                     // a container, a volume, a channel or a label
  std::string setting;                     // "namespace net: host (was: private)"
  std::optional<ir::SentenceId> sentence;  // of the newer policy, where it says the setting
};

/// Containers and volumes are matched by name. A container that is new is compared with one that has nothing but
/// private namespaces; of one that is gone nothing is told.
///
/// Compared are the places of volumes that both policies mount, namespaces, user, group, environment, degradations, the
/// level and limits; channels, declassifications, labels and the protocols that trusted subjects follow. What is
/// neither looser nor tighter, as another user, counts as looser: a gate must not let it pass unseen.
std::vector<SettingChange> setting_changes(const ir::World& older, const ir::World& newer);

bool loosens(const std::vector<SettingChange>& changes);

}  // namespace bulkhead::query
