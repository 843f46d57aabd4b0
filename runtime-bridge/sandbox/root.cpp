#include "runtime-bridge/sandbox/root.h"

#include <sys/mount.h>
#include <sys/stat.h>

#include "runtime-bridge/sandbox/first_process.h"
#include "runtime-bridge/sandbox/kernel.h"

namespace bulkhead::sandbox {

namespace {

/// Where the new root is attached until pivot_root; any folder does, and these exist everywhere.
constexpr const char* kAnchors[] = {"/tmp", "/mnt", "/usr", "/proc"};

/// Where the host's tree is in the new root between pivot_root and its detachment.
constexpr const char* kOldRoot = ".bulkhead-old-root";

long make_tmpfs(const char* bytes, const char* mode, std::uint64_t attributes) {
  const int context = static_cast<int>(kernel::fsopen("tmpfs"));
  if (context < 0) return context;
  long result = kernel::fsconfig_text(context, "size", bytes);
  if (result >= 0) result = kernel::fsconfig_text(context, "nr_inodes", "65536");
  if (result >= 0) result = kernel::fsconfig_text(context, "mode", mode);
  if (result >= 0) result = kernel::fsconfig_create(context);
  if (result >= 0) result = kernel::fsmount(context, attributes);
  const int saved = errno;
  ::close(context);
  errno = saved;
  return result;
}

long make_proc(std::uint64_t attributes) {
  const int context = static_cast<int>(kernel::fsopen("proc"));
  if (context < 0) return context;
  long result = kernel::fsconfig_text(context, "subset", "pid");
  if (result >= 0) result = kernel::fsconfig_text(context, "hidepid", "invisible");
  if (result >= 0) result = kernel::fsconfig_create(context);
  if (result >= 0) result = kernel::fsmount(context, attributes);
  const int saved = errno;
  ::close(context);
  errno = saved;
  return result;
}

long place_file(int root, const RootOp& op) {
  const int file = ::openat(root, op.path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, op.mode);
  if (file < 0) return -1;
  std::size_t done = 0;
  while (done < op.text.size()) {
    const ssize_t count = ::write(file, op.text.data() + done, op.text.size() - done);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return -1;
    done += static_cast<std::size_t>(count);
  }
  return ::close(file);
}

/// A mount point of the right kind; one that an earlier op made is fine.
long make_target(int root, const RootOp& op) {
  if (op.target_exists) return 0;
  if (op.kind != RootOp::Kind::Bind || op.folder) {
    return ::mkdirat(root, op.path.c_str(), 0755) == 0 || errno == EEXIST ? 0 : -1;
  }
  const int file = ::openat(root, op.path.c_str(), O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0444);
  return file < 0 ? -1 : ::close(file);
}

void attach(int root, const RootOp& op, Plan& plan, Rendezvous& page, int item) {
  long tree = op.tree;
  Step step = Step::AttachMount;
  if (op.kind == RootOp::Kind::Tmpfs) tree = make_tmpfs(op.text.c_str(), "1777", op.attributes);
  if (op.kind == RootOp::Kind::Proc) {
    step = Step::MountProc;
    tree = make_proc(op.attributes);
  }
  require(page, plan.fault, step, tree, item);
  require(page, plan.fault, Step::FillRoot, make_target(root, op), item);
  const int mount = static_cast<int>(tree);
  if (op.kind == RootOp::Kind::Bind && !op.from_supervisor) {
    require(page, plan.fault, Step::AttachMount, kernel::set_mount_attributes(mount, op.attributes), item);
  }
  require(page, plan.fault, step, kernel::move_mount(mount, root, op.path.c_str()), item);
  ::close(mount);
}

void fill(int root, Plan& plan, Rendezvous& page) {
  for (std::size_t i = 0; i < plan.root.size(); ++i) {
    const RootOp& op = plan.root[i];
    const int item = static_cast<int>(i);
    switch (op.kind) {
      case RootOp::Kind::Folder:
        require(page, plan.fault, Step::FillRoot,
                ::mkdirat(root, op.path.c_str(), op.mode) == 0 || errno == EEXIST ? 0 : -1, item);
        break;
      case RootOp::Kind::Link:
        require(page, plan.fault, Step::FillRoot, ::symlinkat(op.text.c_str(), root, op.path.c_str()), item);
        break;
      case RootOp::Kind::File:
        require(page, plan.fault, Step::FillRoot, place_file(root, op), item);
        break;
      case RootOp::Kind::Bind:
      case RootOp::Kind::Tmpfs:
      case RootOp::Kind::Proc:
        attach(root, op, plan, page, item);
        break;
    }
  }
}

}  // namespace

void clone_sources(Plan& plan, Rendezvous& page) {
  for (std::size_t i = 0; i < plan.root.size(); ++i) {
    RootOp& op = plan.root[i];
    if (op.kind != RootOp::Kind::Bind) continue;
    const int item = static_cast<int>(i);
    if (!op.from_supervisor) {
      const long tree =
          kernel::open_tree(AT_FDCWD, op.text.c_str(), OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_SYMLINK_NOFOLLOW);
      require(page, plan.fault, Step::CloneSource, tree, item);
      op.tree = static_cast<int>(tree);
    }
    struct stat found;
    require(page, plan.fault, Step::CloneSource, ::fstat(op.tree, &found), item);
    if (found.st_dev != op.device || found.st_ino != op.inode) give_up(page, Step::CloneSource, ESTALE, item);
  }
}

int enter_root(Plan& plan, Rendezvous& page) {
  require(page, plan.fault, Step::PrivateMounts, ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr));
  // Without access times: a look-up through a link would write one, and could not be answered from the cache alone.
  const std::uint64_t attributes = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOATIME;
  const int root = static_cast<int>(make_tmpfs(plan.root_bytes.c_str(), "0755", attributes));
  require(page, plan.fault, Step::MakeRoot, root);
  long attached = -1;
  for (const char* anchor : kAnchors) {
    attached = kernel::move_mount(root, AT_FDCWD, anchor);
    if (attached == 0 || errno != ENOENT) break;
  }
  require(page, plan.fault, Step::MakeRoot, attached);
  fill(root, plan, page);
  require(page, plan.fault, Step::PivotRoot, ::mkdirat(root, kOldRoot, 0700));
  require(page, plan.fault, Step::PivotRoot, ::fchdir(root));
  require(page, plan.fault, Step::PivotRoot, ::syscall(SYS_pivot_root, ".", kOldRoot));
  require(page, plan.fault, Step::PivotRoot, ::chdir("/"));
  return root;
}

void detach_old_root(int root, const Plan& plan, Rendezvous& page) {
  require(page, plan.fault, Step::DetachRoot, ::umount2(kOldRoot, MNT_DETACH | UMOUNT_NOFOLLOW));
  require(page, plan.fault, Step::DetachRoot, ::unlinkat(root, kOldRoot, AT_REMOVEDIR));
  if (plan.root_readonly) {
    require(page, plan.fault, Step::DetachRoot, kernel::set_mount_attributes(root, MOUNT_ATTR_RDONLY));
  }
  require(page, plan.fault, Step::DetachRoot, ::write(plan.sync, &kOwnRoot, 1));
}

}  // namespace bulkhead::sandbox
