// Handing a proved table to bulkhead-exec: sealed memory files, and the exec that replaces this process.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/launch_plan.h"
#include "cli/options.h"
#include "lang/base/result.h"

namespace bulkhead::cli {

/// A memory file with these bytes that nobody can change any more, inherited by exec. The caller owns the descriptor.
Result<int> sealed_memory_file(const char* name, std::string_view bytes);

/// bulkhead-exec beside this program, or one folder up in a build tree. PATH is never searched: what enforces must be
/// what was built with what proved.
Result<std::string> find_exec_program();

/// Replaces this process by bulkhead-exec with `table` and the plan's command. Returns only where that failed.
SystemError hand_over(std::string_view table, const LaunchPlan& plan, const LaunchOptions& options);

}  // namespace bulkhead::cli
