#include "runtime-bridge/sandbox/mediate_worker.h"

#include <linux/capability.h>
#include <sched.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <condition_variable>
#include <deque>
#include <future>
#include <mutex>
#include <system_error>
#include <thread>

namespace bulkhead::sandbox {
namespace {

bool take_ids(std::uint32_t user, std::uint32_t group) {
  // Both answer with the id before; asked again with an impossible one, they tell the id now.
  syscall(SYS_setfsgid, group);
  syscall(SYS_setfsuid, user);
  return syscall(SYS_setfsgid, -1) == static_cast<long>(group) && syscall(SYS_setfsuid, -1) == static_cast<long>(user);
}

/// The sandbox's file-system ids on this thread and no effective capability, until the end of the scope.
class BorrowedIds {
 public:
  BorrowedIds(std::uint32_t user, std::uint32_t group) {
    if (syscall(SYS_capget, &header_, before_) != 0) return;
    __user_cap_data_struct none[2] = {before_[0], before_[1]};
    none[0].effective = none[1].effective = 0;
    changed_ = true;
    held_ = take_ids(user, group) && syscall(SYS_capset, &header_, none) == 0;
  }
  ~BorrowedIds() {
    if (!changed_) return;
    const bool back = syscall(SYS_capset, &header_, before_) == 0 && take_ids(geteuid(), getegid());
    // The ids change what is effective: the capabilities are set once more, with the ids in place.
    BH_CHECK(back && syscall(SYS_capset, &header_, before_) == 0, "ids and capabilities are laid off again");
  }
  BorrowedIds(const BorrowedIds&) = delete;
  BorrowedIds& operator=(const BorrowedIds&) = delete;
  bool held() const { return held_; }

 private:
  __user_cap_header_struct header_{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct before_[2] = {};
  bool changed_ = false, held_ = false;
};

/// 0, or the errno of the step that failed. Raw calls: the library's would change every thread of the process.
int shed_privileges(std::uint32_t user, std::uint32_t group) {
  if (unshare(CLONE_FS) != 0) return errno;
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct none[2] = {};
  if (geteuid() == 0 && syscall(SYS_setgroups, 0, nullptr) != 0) return errno;
  if (!take_ids(user, group)) return EPERM;
  return syscall(SYS_capset, &header, none) == 0 ? 0 : errno;
}

struct Asked {
  std::uint64_t id = 0;
  PathQuestion question;
};

}  // namespace

struct Worker::State {
  const table::Decider* decider = nullptr;
  int root = -1;
  std::uint32_t user = 0, group = 0;
  Descriptor wake;
  std::mutex mutex;
  std::condition_variable changed;
  std::deque<Asked> questions;
  std::deque<Answered> answers;
  bool ending = false;
  std::thread thread;

  void work() {
    std::unique_lock lock(mutex);
    while (true) {
      changed.wait(lock, [&] { return ending || !questions.empty(); });
      if (ending) return;
      Asked asked = std::move(questions.front());
      questions.pop_front();
      lock.unlock();
      PathAnswer done = answer(*decider, root, asked.question);
      lock.lock();
      answers.push_back({asked.id, std::move(done)});
      const std::uint64_t one = 1;
      if (write(wake.get(), &one, sizeof one) != sizeof one) return;  // cannot be: the counter is taken back each time
    }
  }

  ~State() {
    {
      const std::lock_guard lock(mutex);
      ending = true;
    }
    changed.notify_one();
    if (thread.joinable()) thread.join();
  }
};

Worker::Worker(std::unique_ptr<State> state) : state_(std::move(state)) {}
Worker::Worker(Worker&&) noexcept = default;
Worker& Worker::operator=(Worker&&) noexcept = default;
Worker::~Worker() = default;

Result<Worker> Worker::start(const table::Decider& decider, int root, std::uint32_t user, std::uint32_t group,
                             Thread thread) {
  auto state = std::make_unique<State>();
  state->decider = &decider;
  state->root = root;
  state->user = user;
  state->group = group;
  state->wake.reset(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!state->wake.valid()) return fail(SystemError{"eventfd", "mediation worker", errno, ""});
  if (thread == Thread::AtOnce) {
    if (Status started = start_thread(*state); !started) return fail(started.error());
  }
  return Worker(std::move(state));
}

Status Worker::start_thread(State& state) {
  std::promise<int> shed;
  std::future<int> outcome = shed.get_future();
  // Signals are the supervisor's business: the thread is born with all of them blocked.
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  bool started = true;
  try {
    state.thread = std::thread([raw = &state, promise = std::move(shed)]() mutable {
      const int error = shed_privileges(raw->user, raw->group);
      promise.set_value(error);
      if (error == 0) raw->work();
    });
  } catch (const std::system_error&) {
    started = false;
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  if (!started) return fail(SystemError{"start a thread", "mediation worker", EAGAIN, ""});
  if (const int error = outcome.get(); error != 0) {
    return fail(SystemError{"shed privileges", "mediation worker", error, ""});
  }
  return Unit{};
}

int Worker::fd() const {
  return state_->wake.get();
}

std::optional<PathAnswer> Worker::answer_at_once(const PathQuestion& question) const {
  if (question.act) return std::nullopt;
  const BorrowedIds ids(state_->user, state_->group);
  if (!ids.held()) return std::nullopt;
  return answer_from_cache(*state_->decider, state_->root, question);
}

Status Worker::ask(std::uint64_t id, PathQuestion question) {
  if (!state_->thread.joinable()) {
    if (Status started = start_thread(*state_); !started) return started;
  }
  {
    const std::lock_guard lock(state_->mutex);
    state_->questions.push_back({id, std::move(question)});
  }
  state_->changed.notify_one();
  return Unit{};
}

std::optional<Worker::Answered> Worker::next() {
  const std::lock_guard lock(state_->mutex);
  if (state_->answers.empty()) {
    std::uint64_t count = 0;
    if (read(state_->wake.get(), &count, sizeof count) < 0) return std::nullopt;  // nothing to take back
    return std::nullopt;
  }
  Answered out = std::move(state_->answers.front());
  state_->answers.pop_front();
  return out;
}

}  // namespace bulkhead::sandbox
