#include "runtime-bridge/sandbox/identity.h"

#include <fcntl.h>
#include <grp.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>

#include "runtime-bridge/sandbox/kernel.h"

namespace bulkhead::sandbox {

namespace {

Status write_text(const std::string& path, const std::string& text) {
  const Descriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (!file.valid()) return fail(SystemError{"open", path, errno, ""});
  if (::write(file.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size())) {
    return fail(SystemError{"write", path, errno, ""});
  }
  return Unit{};
}

/// One byte of one file for each outer id. The lock belongs to the open file, which the sandbox's first process shares:
/// it ends with the last of the two, however they end, and nothing is made or removed on disk for a run.
struct flock byte_of(std::uint32_t id, short type) {
  struct flock lock {};
  lock.l_type = type;
  lock.l_whence = SEEK_SET;
  lock.l_start = static_cast<off_t>(id - kFirstOuterId);
  lock.l_len = 1;
  return lock;
}

Result<Identity, Refusal> lock_outer_id() {
  const std::string path = state_folder() + "/ids";
  const Descriptor folder = open_state_folder();
  if (!folder.valid()) return fail(Refusal{Step::LockIdentity, errno, state_folder(), ""});
  Identity identity;
  identity.lock = Descriptor(::openat(folder.get(), "ids", O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!identity.lock.valid()) return fail(Refusal{Step::LockIdentity, errno, path, ""});
  const auto start = static_cast<std::uint32_t>(::getpid());
  for (std::uint32_t i = 0; i < kOuterIds; ++i) {
    const std::uint32_t id = kFirstOuterId + (start + i) % kOuterIds;
    struct flock lock = byte_of(id, F_WRLCK);
    if (::fcntl(identity.lock.get(), F_OFD_SETLK, &lock) != 0) {
      if (errno != EAGAIN && errno != EACCES) return fail(Refusal{Step::LockIdentity, errno, path, ""});
      continue;
    }
    identity.outer_user = identity.outer_group = id;
    return identity;
  }
  return fail(Refusal{Step::LockIdentity, EUSERS, path, ""});
}

}  // namespace

std::string state_folder() {
  if (::geteuid() == 0) return "/run/bulkhead";
  const char* runtime = ::secure_getenv("XDG_RUNTIME_DIR");
  if (runtime != nullptr && runtime[0] == '/') return std::string(runtime) + "/bulkhead";
  return "/tmp/bulkhead-" + std::to_string(::geteuid());
}

Descriptor open_state_folder() {
  const std::string path = state_folder();
  if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) return {};
  Descriptor folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  struct stat found;
  const bool ours =
      folder.valid() && ::fstat(folder.get(), &found) == 0 && found.st_uid == ::geteuid() && (found.st_mode & 022) == 0;
  if (folder.valid() && !ours) folder.reset(), errno = EPERM;
  return folder;
}

Result<Identity, Refusal> take_identity() {
  if (::geteuid() == 0) return lock_outer_id();
  Identity identity;
  identity.outer_user = ::geteuid();
  identity.outer_group = ::getegid();
  const int count = ::getgroups(0, nullptr);
  std::vector<gid_t> groups(count > 0 ? static_cast<std::size_t>(count) : 0);
  if (count > 0 && ::getgroups(count, groups.data()) == count) {
    identity.retained_groups.assign(groups.begin(), groups.end());
  }
  return identity;
}

Result<Unit, Refusal> drop_groups() {
  if (::geteuid() == 0 && ::setgroups(0, nullptr) != 0) return fail(Refusal{Step::DropGroups, errno, "", ""});
  return Unit{};
}

bool outer_id_taken(std::uint32_t id) {
  const Descriptor file(::open((state_folder() + "/ids").c_str(), O_RDWR | O_NOFOLLOW | O_CLOEXEC));
  struct flock lock = byte_of(id, F_WRLCK);
  return file.valid() && ::fcntl(file.get(), F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
}

Result<Unit, Refusal> map_ids(pid_t child, const Identity& identity, uid_t inner_user, gid_t inner_group) {
  const std::string folder = "/proc/" + std::to_string(child) + "/";
  const std::string users = std::to_string(inner_user) + " " + std::to_string(identity.outer_user) + " 1";
  const std::string groups = std::to_string(inner_group) + " " + std::to_string(identity.outer_group) + " 1";
  for (const auto& [name, text] :
       {std::pair<const char*, std::string>{"setgroups", "deny"}, {"gid_map", groups}, {"uid_map", users}}) {
    const Status written = write_text(folder + name, text);
    if (!written.ok()) return fail(Refusal{Step::MapIds, written.error().error, name, ""});
  }
  return Unit{};
}

Result<Descriptor, Refusal> mapping_for_sources(const Identity& identity) {
  struct clone_args arguments {};
  arguments.flags = CLONE_NEWUSER;
  arguments.exit_signal = SIGCHLD;
  const pid_t supervisor = ::getpid();
  const long child = ::syscall(SYS_clone3, &arguments, sizeof arguments);
  if (child == 0) {
    // It holds what we hold, the lock of the outer id too: it must not outlive us, whenever we end.
    if (::prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0 || ::getppid() != supervisor) ::_exit(1);
    for (;;) ::syscall(SYS_pause);
  }
  if (child < 0) return fail(Refusal{Step::MapSource, errno, "clone3", ""});
  // On disk the files are the caller's; through the mount they are the outer id's.
  const std::string folder = "/proc/" + std::to_string(child) + "/";
  Status written =
      write_text(folder + "gid_map", std::to_string(::getegid()) + " " + std::to_string(identity.outer_group) + " 1");
  if (written.ok()) {
    written =
        write_text(folder + "uid_map", std::to_string(::geteuid()) + " " + std::to_string(identity.outer_user) + " 1");
  }
  Descriptor mapping(::open((folder + "ns/user").c_str(), O_RDONLY | O_CLOEXEC));
  const int error = errno;
  ::kill(static_cast<pid_t>(child), SIGKILL);
  ::waitpid(static_cast<pid_t>(child), nullptr, 0);
  if (!written.ok()) return fail(Refusal{Step::MapSource, written.error().error, "uid_map", ""});
  if (!mapping.valid()) return fail(Refusal{Step::MapSource, error, "ns/user", ""});
  return mapping;
}

}  // namespace bulkhead::sandbox
