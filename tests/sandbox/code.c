// Attacks by code: code OUT. Memory that was written is executed, programs that no rule names are started.
#include "attack.h"

#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/shm.h>

static const char *out, *self;
static char copy[4096];
static const unsigned char kReturns42[] = {0xb8, 42, 0, 0, 0, 0xc3};  // mov eax, 42; ret
enum { kPage = 4096 };

static int call(void* code) {
  int (*run)(void);
  memcpy(&run, &code, sizeof run);
  return run() == 42 ? 0 : 254;
}
static int filled(int fd) { return write(fd, kReturns42, sizeof kReturns42) == sizeof kReturns42; }
static int run_mapped(int fd) {
  if (fd < 0) return errno;
  if (!filled(fd)) return errno;
  void* code = mmap(NULL, kPage, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0);
  return code == MAP_FAILED ? errno : call(code);
}
static int copy_self(int to) {
  char bytes[65536];
  const int from = open(self, O_RDONLY);
  ssize_t n = 0;
  if (from < 0 || to < 0) return errno;
  while ((n = read(from, bytes, sizeof bytes)) > 0) {
    if (write(to, bytes, (size_t)n) != n) return errno;
  }
  close(from);
  return n < 0 ? errno : 0;
}
static char* const kArguments[] = {"copy", "arrived", NULL};
static char* const kNothing[] = {NULL};

static int written_page(void) {
  void* code = mmap(NULL, kPage, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (code == MAP_FAILED) return errno;
  memcpy(code, kReturns42, sizeof kReturns42);
  return call(code);
}
static int protected_later(void) {
  void* code = mmap(NULL, kPage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  memcpy(code, kReturns42, sizeof kReturns42);
  return mprotect(code, kPage, PROT_READ | PROT_EXEC) != 0 ? errno : call(code);
}
static int implied_execution(void) {
  if (personality(READ_IMPLIES_EXEC) < 0) return errno;
  void* code = mmap(NULL, kPage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  memcpy(code, kReturns42, sizeof kReturns42);
  return call(code);
}
static int memory_file_mapped(void) { return run_mapped(memfd_create("x", 0)); }
static int shared_segment(void) {
  const int id = shmget(IPC_PRIVATE, kPage, IPC_CREAT | 0700);
  if (id < 0) return errno;
  void* writable = shmat(id, NULL, 0);
  void* code = shmat(id, NULL, SHM_RDONLY | SHM_EXEC);
  const int error = errno;
  shmctl(id, IPC_RMID, NULL);
  if (writable == (void*)-1 || code == (void*)-1) return error;
  memcpy(writable, kReturns42, sizeof kReturns42);
  return call(code);
}
static int file_mapped(void) { unlink(copy); return run_mapped(open(copy, O_RDWR | O_CREAT | O_EXCL, 0700)); }
static int scratch_mapped(void) {
  const int fd = open("/tmp/bulkhead-test-code", O_RDWR | O_CREAT | O_EXCL, 0700);
  const int error = run_mapped(fd);
  unlink("/tmp/bulkhead-test-code");
  return error;
}
static int own_text_rewritten(void) {
  const int memory = open("/proc/self/mem", O_RDWR);
  if (memory < 0) return errno;
  const off_t at = (off_t)(size_t)kReturns42;  // read-only data: written although it is mapped read-only
  return result(pwrite(memory, "x", 1, at));
}

static int memory_file_run(void) {
  const int fd = memfd_create("x", 0);
  const int error = copy_self(fd);
  if (error != 0) return error;
  syscall(SYS_execveat, fd, "", kArguments, kNothing, AT_EMPTY_PATH);
  return errno;
}
static int memory_file_run_by_name(void) {
  char name[64];
  const int fd = memfd_create("x", 0);
  const int error = copy_self(fd);
  if (error != 0) return error;
  snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
  execve(name, kArguments, kNothing);
  return errno;
}
static int file_run(void) {
  unlink(copy);
  const int fd = open(copy, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0755);
  const int error = copy_self(fd);
  if (error != 0) return error;
  close(fd);
  execve(copy, kArguments, kNothing);
  return errno;
}
static int other_program_run(void) {
  execve("/bin/true", kArguments, kNothing);
  return errno;
}

#if defined(__x86_64__)
static int call_of_i386(void) {
  long id = 0;
  __asm__ volatile("int $0x80" : "=a"(id) : "a"(20L) : "memory", "r8", "r9", "r10", "r11");
  return id > 0 ? 0 : 254;
}
static int call_of_x32(void) {
  /* A kernel without x32 answers ENOSYS; one with it answers. Only death by the filter is a refusal. */
  syscall(0x40000000L + 39);
  return 0;
}
#endif

int main(int argc, char** argv) {
  if (argc == 2 && strcmp(argv[1], "arrived") == 0) return 0;
  if (argc != 2) return 2;
  self = argv[0];
  out = argv[1];
  snprintf(copy, sizeof copy, "%s/copy", out);
#define TRY(name) attempt(#name, name)
  TRY(written_page); TRY(protected_later); TRY(implied_execution); TRY(memory_file_mapped); TRY(shared_segment);
  TRY(file_mapped); TRY(scratch_mapped); TRY(own_text_rewritten); TRY(memory_file_run); TRY(memory_file_run_by_name);
  TRY(file_run); TRY(other_program_run);
#if defined(__x86_64__)
  TRY(call_of_i386); TRY(call_of_x32);
#endif
  return 0;
}
