#include "runtime-bridge/sandbox/launch.h"

#include <poll.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <ctime>
#include <new>

#include "runtime-bridge/sandbox/first_process.h"
#include "runtime-bridge/sandbox/kernel.h"

namespace bulkhead::sandbox {

namespace {

constexpr int kConstructionMilliseconds = 30'000;
constexpr unsigned long kSetListenerFlags = _IOW('!', 4, std::uint64_t);  // SECCOMP_IOCTL_NOTIF_SET_FLAGS
constexpr std::uint64_t kSyncWakeUp = 1;
/// In the order of Table::namespaces. The network namespace takes longer to make than all others together: the first
/// process makes it, while the groups are made here.
constexpr std::uint64_t kNamespaceFlags[] = {CLONE_NEWPID, CLONE_NEWNS, 0, CLONE_NEWIPC, CLONE_NEWUSER, CLONE_NEWUTS};

/// A supervisor that was stopped and goes on sees its calls interrupted: they are made again.
template <class Call>
auto unless_interrupted(Call call) {
  auto result = call();
  while (result < 0 && errno == EINTR) result = call();
  return result;
}

/// What the step's item number means to a person.
std::string object_of(const Plan& plan, Step step, int item) {
  const auto index = static_cast<std::size_t>(item);
  switch (step) {
    case Step::CloneSource:
    case Step::FillRoot:
    case Step::AttachMount:
    case Step::MountProc:
      if (index >= plan.root.size()) return "";
      return plan.root[index].kind == RootOp::Kind::Bind ? plan.root[index].text : "/" + plan.root[index].path;
    case Step::Landlock:
      return index < plan.landlock.rules.size() ? plan.landlock.rules[index].path : "";
    case Step::Sentinels:
      return index < plan.landlock.sentinels.size() ? plan.landlock.sentinels[index].path : "";
    case Step::OpenProgram:
      return plan.arguments.empty() ? "" : plan.arguments[0];
    case Step::EnterFolder:
      return plan.working_folder;
    default:
      return "";
  }
}

}  // namespace

void Unmap::operator()(Rendezvous* page) const {
  ::munmap(page, sizeof(Rendezvous));
}

Result<SharedPage, Refusal> make_shared_page() {
  void* memory = ::mmap(nullptr, sizeof(Rendezvous), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return fail(Refusal{Step::Clone, errno, "mmap", ""});
  return SharedPage(new (memory) Rendezvous());
}

Launched::Launched(SharedPage page, pid_t first, Descriptor pidfd, Descriptor sync)
    : page_(std::move(page)), pidfd_(std::move(pidfd)), sync_(std::move(sync)) {
  parked_.first = first;
}

Launched::Launched(Launched&& other) noexcept
    : page_(std::move(other.page_)),
      pidfd_(std::move(other.pidfd_)),
      sync_(std::move(other.sync_)),
      listener_(std::move(other.listener_)),
      parked_(other.parked_),
      heard_(std::move(other.heard_)),
      finished_(std::exchange(other.finished_, true)) {}

bool Launched::receive(char& message, pid_t& sender) const {
  pollfd wait{sync_.get(), POLLIN, 0};
  if (unless_interrupted([&] { return ::poll(&wait, 1, kConstructionMilliseconds); }) <= 0) return false;
  iovec part{&message, 1};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(ucred))];
  msghdr header{};
  header.msg_iov = &part;
  header.msg_iovlen = 1;
  header.msg_control = control;
  header.msg_controllen = sizeof control;
  if (unless_interrupted([&] { return ::recvmsg(sync_.get(), &header, MSG_CMSG_CLOEXEC); }) != 1) return false;
  const cmsghdr* first = CMSG_FIRSTHDR(&header);
  if (first == nullptr || first->cmsg_level != SOL_SOCKET || first->cmsg_type != SCM_CREDENTIALS) return false;
  ucred credentials;
  std::memcpy(&credentials, CMSG_DATA(first), sizeof credentials);
  sender = credentials.pid;
  return true;
}

Result<Unit, Refusal> Launched::await(const Plan& plan, char message, Step step) {
  while (heard_.find(message) == std::string::npos) {
    char heard = 0;
    pid_t sender = -1;
    if (!receive(heard, sender)) return fail(failure(plan, step));
    if (heard == kStarted && parked_.program < 0) parked_.program = sender;
    if (sender != (heard == kOwnRoot ? parked_.first : parked_.program)) return fail(failure(plan, step));
    heard_ += heard;
  }
  return Unit{};
}

Refusal Launched::failure(const Plan& plan, Step otherwise) const {
  const auto step = static_cast<Step>(page_->failed_step.load());
  if (step == Step::None) return Refusal{otherwise, ECHILD, "", ""};
  return Refusal{step, page_->failed_error.load(), object_of(plan, step, page_->failed_item.load()), ""};
}

Result<Unit, Refusal> Launched::release_construction(const Plan& plan, const Identity& identity,
                                                     const std::vector<int>& tasks) {
  if (plan.fault == Step::MapIds) return fail(Refusal{Step::MapIds, EIO, "", ""});
  Result<Unit, Refusal> mapped = map_ids(parked_.first, identity, plan.inner_user, plan.inner_group);
  if (!mapped.ok()) return mapped;
  BH_CHECK(tasks.size() <= plan.cgroup_tasks.size(), "a run has at most three groups");
  char word[] = {kMapsWritten, static_cast<char>(tasks.size())};
  iovec part{word, sizeof word};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof plan.cgroup_tasks)] = {};
  msghdr header{};
  header.msg_iov = &part;
  header.msg_iovlen = 1;
  if (!tasks.empty()) {
    header.msg_control = control;
    header.msg_controllen = CMSG_SPACE(tasks.size() * sizeof(int));
    cmsghdr* files = CMSG_FIRSTHDR(&header);
    files->cmsg_level = SOL_SOCKET;
    files->cmsg_type = SCM_RIGHTS;
    files->cmsg_len = CMSG_LEN(tasks.size() * sizeof(int));
    std::memcpy(CMSG_DATA(files), tasks.data(), tasks.size() * sizeof(int));
  }
  if (unless_interrupted([&] { return ::sendmsg(sync_.get(), &header, MSG_NOSIGNAL); }) != sizeof word)
    return fail(failure(plan, Step::MapIds));
  return Unit{};
}

Result<Unit, Refusal> Launched::await_program(const Plan& plan) {
  return await(plan, kStarted, Step::StartProgram);
}

Result<Unit, Refusal> Launched::await_own_root(const Plan& plan) {
  return await(plan, kOwnRoot, Step::DetachRoot);
}

Result<Unit, Refusal> Launched::await_parking(const Plan& plan) {
  return await(plan, kParking, Step::StartProgram);
}

Result<int, Refusal> Launched::await_listener(const Plan& plan) const {
  // The waits are shorter than the slack that the kernel adds to a sleep (50 us unless told otherwise).
  ::prctl(PR_SET_TIMERSLACK, 1, 0, 0, 0);
  for (int i = 0;; ++i) {
    const int number = page_->listener_fd.load(std::memory_order_acquire);
    if (number >= 0) return number;
    pollfd ended{pidfd_.get(), POLLIN, 0};
    if (page_->failed_step.load() != 0 || i > 500'000 || ::poll(&ended, 1, 0) > 0)
      return fail(failure(plan, Step::InstallFilter));
    const timespec pause{0, 20'000};
    ::nanosleep(&pause, nullptr);
  }
}

Refusal Launched::cause_of(const Plan& plan, const Refusal& seen) const {
  if (page_->failed_step.load() != 0) return failure(plan, seen.step);
  return seen;
}

Result<Unit, Refusal> Launched::fetch_listener(const Plan& plan) {
  // No call of ours may run under the program's filter, so the number is waited for here, not announced there.
  const Result<int, Refusal> number = await_listener(plan);
  if (!number.ok()) return fail(number.error());
  parked_.listener_number = *number;
  const Descriptor program(kernel::pidfd_open(parked_.program));
  if (program.valid()) listener_ = Descriptor(kernel::pidfd_getfd(program.get(), *number));
  if (!listener_.valid() || plan.fault == Step::FetchListener) {
    return fail(Refusal{Step::FetchListener, listener_.valid() ? EIO : errno, "", ""});
  }
  // The program sleeps as it asks: let the answer be worked out where it ran (Linux 6.6; a hint, so failure is
  // nothing).
  ::ioctl(listener_.get(), kSetListenerFlags, kSyncWakeUp);
  return Unit{};
}

void Launched::signal(int number) const {
  kernel::pidfd_send_signal(pidfd_.get(), number);
}
void Launched::kill() const {
  kernel::pidfd_send_signal(pidfd_.get(), SIGKILL);
}

void Launched::finish() {
  if (std::exchange(finished_, true)) return;
  kill();
  siginfo_t info;
  while (::waitid(P_PIDFD, static_cast<id_t>(pidfd_.get()), &info, WEXITED) != 0 && errno == EINTR) {
  }
}

Result<Launched, Refusal> launch(Plan& plan, const Identity& identity, const Cgroup& cgroup) {
  Result<SharedPage, Refusal> page = make_shared_page();
  if (!page.ok()) return fail(page.error());
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
    return fail(Refusal{Step::Clone, errno, "socketpair", ""});
  Descriptor ours(ends[0]), theirs(ends[1]);
  const int on = 1;
  ::setsockopt(ours.get(), SOL_SOCKET, SO_PASSCRED, &on, sizeof on);
  plan.sync = theirs.get();
  plan.supervisors_end = ours.get();
  plan.identity_lock = identity.lock.valid() ? identity.lock.get() : -1;

  int pidfd = -1;
  struct clone_args arguments {};
  arguments.flags = CLONE_PIDFD | CLONE_CLEAR_SIGHAND;
  for (std::size_t i = 0; i < std::size(kNamespaceFlags); ++i) {
    if (!plan.shared_namespaces[i]) arguments.flags |= kNamespaceFlags[i];
  }
  arguments.pidfd = reinterpret_cast<std::uint64_t>(&pidfd);
  arguments.exit_signal = SIGCHLD;
  if (cgroup.into() >= 0) {
    arguments.flags |= CLONE_INTO_CGROUP;
    arguments.cgroup = static_cast<std::uint64_t>(cgroup.into());
  }
  if (plan.fault == Step::Clone) return fail(Refusal{Step::Clone, EIO, "", ""});
  const long child = ::syscall(SYS_clone3, &arguments, sizeof arguments);
  if (child == 0) run_first_process(plan, **page);
  if (child < 0) return fail(Refusal{Step::Clone, errno, "", ""});
  return Launched(std::move(page).value(), static_cast<pid_t>(child), Descriptor(pidfd), std::move(ours));
}

}  // namespace bulkhead::sandbox
