// What gVisor told of the program, joined with the table: the denials of level maximum, after the fact.
#pragma once

#include <string>

#include "runtime-bridge/audit/log.h"
#include "runtime-bridge/sandbox/maximum_bundle.h"
#include "runtime-bridge/sandbox/maximum_sink.h"
#include "runtime-bridge/table/decide.h"

namespace bulkhead::sandbox {

class Judge {
 public:
  /// Requires: all three outlive the judge.
  Judge(const table::Decider& decider, const BundlePlan& plan, audit::Log& log)
      : decider_(decider), plan_(plan), log_(log) {}

  /// Judges nothing until the program itself runs: what came before was bulkhead-init's doing.
  Status judge(const TracedCall& call);

  bool program_ran() const { return ran_; }

 private:
  Status judge_open(const TracedCall& call);
  Status judge_file(const TracedCall& call, std::uint16_t right, const std::string& path);
  Status judge_address(const TracedCall& call, std::uint16_t right);
  Status report(const TracedCall& call, std::uint16_t right, const std::string& object,
                const table::Decision& decision);

  const table::Decider& decider_;
  const BundlePlan& plan_;
  audit::Log& log_;
  bool ran_ = false;
  bool own_exec_seen_ = false;  // the exec of bulkhead-init into the program, which is reported after the program runs
};

}  // namespace bulkhead::sandbox
