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

/// 0, or the errno of the step that failed. Raw calls: the library's would change every thread of the process.
int shed_privileges(std::uint32_t user, std::uint32_t group) {
  if (unshare(CLONE_FS) != 0) return errno;
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct none[2] = {};
  if (geteuid() == 0 && syscall(SYS_setgroups, 0, nullptr) != 0) return errno;
  // Both answer with the id before; asked again with an impossible one, they tell the id now.
  syscall(SYS_setfsgid, group);
  syscall(SYS_setfsuid, user);
  if (syscall(SYS_setfsgid, -1) != static_cast<long>(group) || syscall(SYS_setfsuid, -1) != static_cast<long>(user)) {
    return EPERM;
  }
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

Result<Worker> Worker::start(const table::Decider& decider, int root, std::uint32_t user, std::uint32_t group) {
  auto state = std::make_unique<State>();
  state->decider = &decider;
  state->root = root;
  state->wake.reset(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!state->wake.valid()) return fail(SystemError{"eventfd", "mediation worker", errno, ""});
  std::promise<int> shed;
  std::future<int> outcome = shed.get_future();
  // Signals are the supervisor's business: the thread is born with all of them blocked.
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  bool started = true;
  try {
    state->thread = std::thread([raw = state.get(), user, group, promise = std::move(shed)]() mutable {
      const int error = shed_privileges(user, group);
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
  return Worker(std::move(state));
}

int Worker::fd() const { return state_->wake.get(); }

void Worker::ask(std::uint64_t id, PathQuestion question) {
  {
    const std::lock_guard lock(state_->mutex);
    state_->questions.push_back({id, std::move(question)});
  }
  state_->changed.notify_one();
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
