// A real child under a filter made by hand: own root, own network namespace, the mediated calls notified, nothing else.
//
// It has no Landlock and no dropped privileges unless a test adds them, so that what a test sees is the listener's
// doing.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "runtime-bridge/sandbox/listener.h"

namespace bulkhead::sandbox {

/// What the child reports: what it wrote to `say`, and what the listener left in the log.
struct Observed {
  std::string said;
  std::vector<std::string> denials;  // "openat /data/other", in order
  std::vector<std::string> allowed;  // with log_allowed
  std::string log_text;
  std::uint64_t count = 0;
};

/// The child's side: writes one word, which the filter lets pass.
using Say = std::function<void(const std::string&)>;

struct Arm {
  table::Table table;
  Enforce enforce = Enforce::All;
  bool log_allowed = false;
  std::uint32_t user = 0;        // what mediated opens act as
  std::function<void()> before;  // in the child, after its root is in place, before the filter
  std::vector<long> refused;     // calls that the filter notifies and the table does not allow
};

/// Runs `program` in a child with these files beneath its root ("/data/allowed" -> its name as contents).
Observed run_small(const Arm& arm, const std::function<void(const Say&)>& program);

/// An own root with these permitted globs; every mediated call is allowed by the policy.
table::Table small_table(table::Level level);
void permit(table::Table& table, std::uint16_t rights, const std::string& glob);
void permit_port(table::Table& table, std::uint16_t rights, std::uint16_t port);

/// The contents, or "E<errno>".
std::string slurp(const char* path);

}  // namespace bulkhead::sandbox
