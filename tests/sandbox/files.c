// Attacks on files: files ALLOWED SECRET OUT. SECRET holds "SECRET", ALLOWED does not, OUT is a writable folder.
#include "attack.h"

#include <linux/openat2.h>
#include <pthread.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/xattr.h>

static const char *allowed, *secret, *out;
static char new_file[4096], new_link[4096];
enum { kRounds = 2000 };

static int has_bits(const char* path) {
  struct stat now;
  if (stat(path, &now) != 0) return errno;
  return (now.st_mode & 06000) != 0 ? 0 : 254;
}
static int made(long done) { return done < 0 ? errno : has_bits(new_file); }
static void fresh(void) {
  unlink(new_file);
  umask(0);
  close(open(new_file, O_WRONLY | O_CREAT, 0755));
}

static int suid_chmod(void) { fresh(); return made(chmod(new_file, 04755)); }
static int sgid_chmod(void) { fresh(); return made(chmod(new_file, 02755)); }
static int suid_fchmod(void) { fresh(); return made(fchmod(open(new_file, O_RDONLY), 06755)); }
static int suid_fchmodat(void) { fresh(); return made(syscall(SYS_fchmodat, AT_FDCWD, new_file, 04755)); }
static int suid_fchmodat2(void) { fresh(); return made(syscall(452, AT_FDCWD, new_file, 04755, 0)); }
static int suid_open(void) { unlink(new_file); return made(syscall(SYS_open, new_file, O_WRONLY | O_CREAT, 04755)); }
static int suid_openat(void) { unlink(new_file); return made(syscall(SYS_openat, AT_FDCWD, new_file, O_WRONLY | O_CREAT, 04755)); }
static int suid_creat(void) { unlink(new_file); return made(syscall(SYS_creat, new_file, 04755)); }
static int suid_mknod(void) { unlink(new_file); return made(syscall(SYS_mknod, new_file, S_IFREG | 04755, 0)); }
static int suid_mknodat(void) { unlink(new_file); return made(syscall(SYS_mknodat, AT_FDCWD, new_file, S_IFREG | 04755, 0)); }
static int suid_openat2(void) {
  struct open_how how = {.flags = O_WRONLY | O_CREAT, .mode = 04755};
  unlink(new_file);
  return made(syscall(SYS_openat2, AT_FDCWD, new_file, &how, sizeof how));
}
static int suid_unnamed(void) {
  char name[64];
  unlink(new_file);
  const int fd = open(out, O_WRONLY | O_TMPFILE, 04755);
  if (fd < 0) return errno;
  snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
  return made(linkat(AT_FDCWD, name, AT_FDCWD, new_file, AT_SYMLINK_FOLLOW));
}

static int direct(void) { return reads(open(secret, O_RDONLY), "SECRET"); }
static int by_folder(void) {
  char folder[4096];
  snprintf(folder, sizeof folder, "%s", secret);
  *strrchr(folder, '/') = 0;
  const int at = open(folder, O_PATH);
  return at < 0 ? errno : reads(openat(at, strrchr(secret, '/') + 1, O_RDONLY), "SECRET");
}
static int by_fchdir(void) {
  char folder[4096];
  snprintf(folder, sizeof folder, "%s", secret);
  *strrchr(folder, '/') = 0;
  if (fchdir(open(folder, O_PATH)) != 0) return errno;
  return reads(open(strrchr(secret, '/') + 1, O_RDONLY), "SECRET");
}
static int by_magic_link(void) {
  char name[64];
  const int fd = open(secret, O_PATH);
  snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
  return fd < 0 ? errno : reads(open(name, O_RDONLY), "SECRET");
}
static int by_own_root(void) {
  char name[4096];
  snprintf(name, sizeof name, "/proc/self/root%s", secret);
  return reads(open(name, O_RDONLY), "SECRET");
}
static int by_symlink(void) {
  unlink(new_link);
  if (symlink(secret, new_link) != 0) return errno;
  return reads(open(new_link, O_RDONLY), "SECRET");
}
static int by_hard_link(void) {
  unlink(new_link);
  if (link(secret, new_link) != 0) return errno;
  return reads(open(new_link, O_RDONLY), "SECRET");
}
static int by_rename(void) {
  unlink(new_link);
  if (rename(secret, new_link) != 0) return errno;
  const int worked = reads(open(new_link, O_RDONLY), "SECRET");
  return rename(new_link, secret) != 0 ? errno : worked;
}
static int by_openat2(void) {
  struct open_how how = {.flags = O_RDONLY};
  return reads((int)syscall(SYS_openat2, AT_FDCWD, secret, &how, sizeof how), "SECRET");
}
static int by_handle(void) {
  union { struct file_handle handle; char bytes[sizeof(struct file_handle) + 128]; } at;
  int mount_id;
  at.handle.handle_bytes = 128;
  if (name_to_handle_at(AT_FDCWD, secret, &at.handle, &mount_id, 0) != 0) return errno;
  char folder[4096];
  snprintf(folder, sizeof folder, "%s", secret);
  *strrchr(folder, '/') = 0;
  return reads(open_by_handle_at(open(folder, O_RDONLY), &at.handle, O_RDONLY), "SECRET");
}
static int write_secret(void) { return result(open(secret, O_WRONLY)); }
static int append_allowed(void) { return result(open(allowed, O_WRONLY | O_APPEND)); }
static int touch_secret(void) { return result(utimensat(AT_FDCWD, secret, NULL, 0)); }
static int truncate_secret(void) { return result(truncate(secret, 6)); }

static volatile int stop;
static void* swap_links(void* unused) {
  char spare[4160];
  snprintf(spare, sizeof spare, "%s.spare", new_link);
  for (int i = 0; !stop; ++i) {
    if (symlink(i % 2 ? secret : allowed, spare) == 0 && rename(spare, new_link) != 0) unlink(spare);
  }
  return unused;
}
static int race_of_links(void) {
  pthread_t swapper;
  int worked = 254;
  pthread_create(&swapper, NULL, swap_links, NULL);
  for (int i = 0; i < kRounds && worked != 0; ++i) {
    const int fd = open(new_link, O_RDONLY);
    worked = reads(fd, "SECRET");
    close(fd);
  }
  stop = 1;
  pthread_join(swapper, NULL);
  return worked;
}
static char raced[4096];
static void* swap_bytes(void* unused) {
  for (int i = 0; !stop; ++i) memcpy(raced, i % 2 ? secret : allowed, strlen(i % 2 ? secret : allowed) + 1);
  return unused;
}
static int race_of_bytes(void) {
  pthread_t swapper;
  int worked = 254;
  strcpy(raced, allowed);
  pthread_create(&swapper, NULL, swap_bytes, NULL);
  for (int i = 0; i < kRounds && worked != 0; ++i) {
    const int fd = open(raced, O_RDONLY);
    worked = reads(fd, "SECRET");
    close(fd);
  }
  stop = 1;
  pthread_join(swapper, NULL);
  return worked;
}

static int host_passwd(void) { return reads(open("/etc/passwd", O_RDONLY), "root:"); }
static int host_by_dots(void) {
  char name[4200];
  snprintf(name, sizeof name, "%s/../../../../../../../../etc/passwd", out);
  return reads(open(name, O_RDONLY), "root:");
}
static int host_by_link(void) {
  unlink(new_link);
  if (symlink("/etc/passwd", new_link) != 0) return errno;
  return reads(open(new_link, O_RDONLY), "root:");
}
static int host_by_first(void) { return reads(open("/proc/1/root/etc/passwd", O_RDONLY), "root:"); }
static int host_by_first_folder(void) { return result(open("/proc/1/cwd", O_RDONLY | O_DIRECTORY)); }
static int first_memory(void) { return result(open("/proc/1/mem", O_RDONLY)); }
static int kernel_file(void) { return result(open("/proc/sys/kernel/hostname", O_RDONLY)); }
static int kernel_log(void) { return result(open("/dev/kmsg", O_RDONLY | O_NONBLOCK)); }
static int system_folder(void) { return result(open("/sys/kernel", O_RDONLY | O_DIRECTORY)); }
static int device_node(void) {
  unlink(new_file);
  if (mknod(new_file, S_IFCHR | 0666, 1 << 8 | 5) != 0) return errno;  // zero
  return result(open(new_file, O_RDONLY));
}
static int new_root_file(void) {
  const int fd = open("/bulkhead-test-root", O_WRONLY | O_CREAT | O_EXCL, 0600);
  if (fd >= 0) unlink("/bulkhead-test-root");
  return result(fd);
}
static int mount_memory(void) {
  if (unshare(CLONE_NEWNS) != 0) return errno;
  if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0) return errno;
  return result(mount("none", out, "tmpfs", 0, NULL));
}
static int remount_writable(void) {
  if (unshare(CLONE_NEWNS) != 0) return errno;
  return result(mount(NULL, "/", NULL, MS_REMOUNT | MS_BIND, NULL));
}
static int change_root(void) { return result(chroot(out)); }
static int open_filesystem(void) { return result(syscall(SYS_fsopen, "tmpfs", 0)); }
static int clone_tree(void) { return result(syscall(SYS_open_tree, AT_FDCWD, out, 1)); }
static int long_path(void) {
  char* name = malloc(8u << 20);
  memset(name, 'a', 8u << 20);
  return open(name, O_RDONLY) < 0 && errno == ENAMETOOLONG ? 0 : 254;
}
static int no_streams(void) {
  close(0);
  close(1);
  close(2);
  return reads(open(secret, O_RDONLY), "SECRET");
}

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  allowed = argv[1];
  secret = argv[2];
  out = argv[3];
  snprintf(new_file, sizeof new_file, "%s/new", out);
  snprintf(new_link, sizeof new_link, "%s/link", out);
#define TRY(name) attempt(#name, name)
  TRY(suid_chmod); TRY(sgid_chmod); TRY(suid_fchmod); TRY(suid_fchmodat); TRY(suid_fchmodat2); TRY(suid_open);
  TRY(suid_openat); TRY(suid_creat); TRY(suid_mknod); TRY(suid_mknodat); TRY(suid_openat2); TRY(suid_unnamed);
  TRY(direct); TRY(by_folder); TRY(by_fchdir); TRY(by_magic_link); TRY(by_own_root); TRY(by_symlink); TRY(by_hard_link);
  TRY(by_rename); TRY(by_openat2); TRY(by_handle); TRY(write_secret); TRY(append_allowed); TRY(touch_secret);
  TRY(truncate_secret); TRY(race_of_links); TRY(race_of_bytes); TRY(host_passwd); TRY(host_by_dots); TRY(host_by_link);
  TRY(host_by_first); TRY(host_by_first_folder); TRY(first_memory); TRY(kernel_file); TRY(kernel_log); TRY(system_folder);
  TRY(device_node); TRY(new_root_file); TRY(mount_memory); TRY(remount_writable); TRY(change_root); TRY(open_filesystem);
  TRY(clone_tree); TRY(long_path); TRY(no_streams);
  return 0;
}
