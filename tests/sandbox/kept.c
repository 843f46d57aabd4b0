// Attacks on what may be read and not written, on a mount that is writable elsewhere: kept FILE FOLDER. No call here
// names the file: each goes through a descriptor that was opened for reading.
#include "attack.h"

#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/xattr.h>

#include <linux/fs.h>

static const char *kept, *folder;

static int opened(void) { return open(kept, O_RDONLY); }

static int mode_by_descriptor(void) { return result(fchmod(opened(), 0606)); }
static int folder_mode_by_descriptor(void) { return result(fchmod(open(folder, O_RDONLY | O_DIRECTORY), 0757)); }
static int mode_by_path_descriptor(void) {
  const int fd = open(kept, O_PATH);
  char name[64];
  snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
  return result(chmod(name, 0606));
}
static int owner_by_descriptor(void) { return result(fchown(opened(), getuid(), getgid())); }
static int attribute_by_descriptor(void) { return result(fsetxattr(opened(), "user.bulkhead", "1", 1, 0)); }
static int attribute_removed(void) { return result(fremovexattr(opened(), "user.kept")); }
static int times_by_descriptor(void) { return result(futimens(opened(), NULL)); }
static int flags_by_descriptor(void) {
  const int fd = opened();
  int flags = 0;
  if (ioctl(fd, FS_IOC_GETFLAGS, &flags) != 0) return errno;
  flags |= FS_NODUMP_FL;
  return result(ioctl(fd, FS_IOC_SETFLAGS, &flags));
}
static int flags_with_upper_half(void) {
  const int fd = opened();
  int flags = FS_NODUMP_FL;
  return result(syscall(SYS_ioctl, (long)fd, 0x100000000UL | FS_IOC_SETFLAGS, &flags));
}
static int extended_flags(void) {
  const int fd = opened();
  struct fsxattr attributes;
  if (ioctl(fd, FS_IOC_FSGETXATTR, &attributes) != 0) return errno;
  return result(ioctl(fd, FS_IOC_FSSETXATTR, &attributes));
}
static int watched_folder(void) {
  return result(inotify_add_watch(inotify_init1(0), "/", IN_CREATE) < 0 ? -1 : 0);
}

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  kept = argv[1];
  folder = argv[2];
  attempt("mode_by_descriptor", mode_by_descriptor);
  attempt("folder_mode_by_descriptor", folder_mode_by_descriptor);
  attempt("mode_by_path_descriptor", mode_by_path_descriptor);
  attempt("owner_by_descriptor", owner_by_descriptor);
  attempt("attribute_by_descriptor", attribute_by_descriptor);
  attempt("attribute_removed", attribute_removed);
  attempt("times_by_descriptor", times_by_descriptor);
  attempt("flags_by_descriptor", flags_by_descriptor);
  attempt("flags_with_upper_half", flags_with_upper_half);
  attempt("extended_flags", extended_flags);
  attempt("watched_folder", watched_folder);
  return 0;
}
