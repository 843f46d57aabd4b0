// One gVisor container: runsc started on a bundle, its event sink accepted, its inside reported and parked, then let
// go.
#pragma once

#include <sys/types.h>

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "runtime-bridge/sandbox/cgroup.h"
#include "runtime-bridge/sandbox/descriptor.h"
#include "runtime-bridge/sandbox/maximum_bundle.h"
#include "runtime-bridge/sandbox/maximum_network.h"

namespace bulkhead::sandbox {

/// Where runsc and bulkhead-init are; refused where one is missing.
struct Runsc {
  std::string runsc;
  std::string init;
};
Result<Runsc, Refusal> find_runsc();

class Container {
 public:
  /// Starts runsc in `cgroup`. The bundle is written; its folder holds runsc's state too.
  static Result<Container, Refusal> start(const Runsc& tools, const Bundle& bundle, const Cgroup& cgroup,
                                          const PeerNetwork& network, const std::string& id);
  Container(Container&& other) noexcept;
  Container& operator=(Container&&) = delete;
  ~Container();  // kills what still runs, and deletes the container

  /// Waits for the sink's connection and for the report of bulkhead-init, at most 30 seconds together.
  Result<std::string, Refusal> wait_until_parked();
  /// What bulkhead-init is to install, before it reports: `orders` fit into a pipe.
  Result<Unit, Refusal> order(const std::string& orders);
  /// `n`: the program reads /dev/null; `s`: it reads what is written to `input()`.
  Result<Unit, Refusal> go(char word);

  int sink() const { return sink_.get(); }
  int output() const { return output_.get(); }
  int error() const { return error_.get(); }
  int input() const { return input_.get(); }
  void close_input() { input_.reset(); }
  int pidfd() const { return pidfd_.get(); }

  void signal(int number);
  void kill();
  /// The exit status that runsc passes on. Requires: pidfd() is readable.
  int reap();

 private:
  Container() = default;
  Result<Unit, Refusal> accept_sink();
  std::string last_words() const;  // the end of runsc's own log, for a refusal

  std::string runsc_, state_, id_, log_;
  pid_t pid_ = -1;
  Descriptor listening_, sink_, output_, error_, input_, pidfd_;
};

/// Compares the report with the bundle, and with what the filter has to answer; names the first difference.
Result<Unit, Refusal> verify_report(const std::string& report, const BundlePlan& plan, const table::Table& table,
                                    const std::vector<std::string>& trials);

}  // namespace bulkhead::sandbox
