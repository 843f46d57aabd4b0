// The worker: a thread without capabilities, with the sandbox's file-system ids and a folder state of its own.
//
// What it looks up, it may look up only where the sandbox may: the supervisor's rights serve nobody. What the kernel's
// caches answer without waiting needs no thread: the supervisor's own takes on the same ids, without capabilities, and
// lays them off again.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "lang/base/result.h"
#include "runtime-bridge/sandbox/mediate_path.h"

namespace bulkhead::sandbox {

class Worker {
 public:
  enum class Thread : std::uint8_t { AtOnce, WhenNeeded };

  /// Requires: `decider` and `root` outlive the worker.
  static Result<Worker> start(const table::Decider& decider, int root, std::uint32_t user, std::uint32_t group,
                              Thread thread = Thread::AtOnce);

  Worker(Worker&&) noexcept;
  Worker& operator=(Worker&&) noexcept;
  ~Worker();  // waits for the question in hand

  int fd() const;  // an eventfd, readable while answers wait

  /// Nothing where the question opens something, or where its answer might have to be waited for: then ask.
  std::optional<PathAnswer> answer_at_once(const PathQuestion& question) const;

  /// Fails only where the thread is started with the first question, and cannot be.
  Status ask(std::uint64_t id, PathQuestion question);

  struct Answered {
    std::uint64_t id = 0;
    PathAnswer answer;
  };
  /// The next answer, in the order of the questions; nothing where none waits.
  std::optional<Answered> next();

 private:
  struct State;
  static Status start_thread(State& state);
  explicit Worker(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace bulkhead::sandbox
