// From a plan to a parked program: clone, id maps, the sandbox's own construction, the listener fetched.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "runtime-bridge/sandbox/cgroup.h"
#include "runtime-bridge/sandbox/descriptor.h"
#include "runtime-bridge/sandbox/identity.h"
#include "runtime-bridge/sandbox/plan.h"
#include "runtime-bridge/sandbox/readback.h"
#include "runtime-bridge/sandbox/rendezvous.h"

namespace bulkhead::sandbox {

/// The page that both sides see; unmapped with its last holder.
struct Unmap {
  void operator()(Rendezvous* page) const;
};
using SharedPage = std::unique_ptr<Rendezvous, Unmap>;
Result<SharedPage, Refusal> make_shared_page();

/// A running sandbox. Its end kills every process in it and waits for the first one.
class Launched {
 public:
  Launched(SharedPage page, pid_t first, Descriptor pidfd, Descriptor sync);
  Launched(Launched&& other) noexcept;
  Launched& operator=(Launched&&) = delete;
  ~Launched() { finish(); }

  const Parked& parked() const { return parked_; }
  int pidfd() const { return pidfd_.get(); }
  Rendezvous& page() const { return *page_; }
  Descriptor take_listener() { return std::move(listener_); }

  /// Writes the id maps and lets the first process go on, into the groups of these `tasks` files.
  Result<Unit, Refusal> release_construction(const Plan& plan, const Identity& identity, const std::vector<int>& tasks);
  /// Waits until the program's process stands in its namespaces and groups: nothing changes those any more.
  Result<Unit, Refusal> await_program(const Plan& plan);
  /// Waits until the host's tree is detached: from then on nothing changes the sandbox's mounts.
  Result<Unit, Refusal> await_own_root(const Plan& plan);
  /// Waits until all but the filter is in place; from then on the program makes that call alone, and the parking one.
  Result<Unit, Refusal> await_parking(const Plan& plan);
  /// What the sandbox itself failed at, if it did: then `seen` is only what that looks like from here.
  Refusal cause_of(const Plan& plan, const Refusal& seen) const;
  /// Waits until the filter is installed, and fetches its listener.
  Result<Unit, Refusal> fetch_listener(const Plan& plan);
  void signal(int number) const;
  void kill() const;
  void finish();

 private:
  Refusal failure(const Plan& plan, Step otherwise) const;
  /// The next message of the sandbox and its sender's pid here. False at its end or after a while.
  bool receive(char& message, pid_t& sender) const;
  /// Waits for `message`. The two processes speak in no order between them: what comes early is kept.
  Result<Unit, Refusal> await(const Plan& plan, char message, Step step);
  /// Waits for the number of the filter's listener. The program can make no call under its filter that would say it,
  /// so this looks again and again.
  Result<int, Refusal> await_listener(const Plan& plan) const;

  SharedPage page_;
  Descriptor pidfd_, sync_, listener_;
  Parked parked_;
  std::string heard_;  // the messages so far
  bool finished_ = false;
};

/// Starts the first process, which waits for release_construction(). From then on the sandbox builds itself while the
/// caller does other things, until await_program().
///
/// Requires: the plan is complete. Ensures: nothing of the program's own code runs until its exec notification is
/// answered.
Result<Launched, Refusal> launch(Plan& plan, const Identity& identity, const Cgroup& cgroup);

}  // namespace bulkhead::sandbox
