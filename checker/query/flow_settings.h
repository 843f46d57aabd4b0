// What two policies say about flow apart from rules: channels, declassifications, labels, protocols that bind somebody.
// Internal to checker/query.
#pragma once

#include <vector>

#include "checker/query/settings.h"

namespace bulkhead::query {

/// Channels, subjects and labels are matched by name. As in setting_changes(), what is neither looser nor tighter
/// counts as looser: another label, other addresses, a channel that is full now and then where it was not.
std::vector<SettingChange> flow_settings(const ir::World& older, const ir::World& newer);

}  // namespace bulkhead::query
