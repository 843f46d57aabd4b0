// Linked into every program of the coverage build: its counters live in a file that all its processes share.
//
// gcov writes its counters when a program returns from main. Most processes of a sandbox never do: they drop their
// privileges, lose sight of the build folder, are filtered, killed, or become another program. So the pages of the
// counters are mapped from `counters/BUILD_ID` of the build folder before anything else runs: what any process counts
// is there at once, with no system call, whoever it is and however it ends. gcov's own writing is left out. A program
// that is started with BULKHEAD_COVERAGE_WRITE set does nothing but add that file to its .gcda files.
#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>

extern "C" {
extern char bulkhead_counters_begin[], bulkhead_counters_end[];  // counters.ld
void __real___gcov_exit();
void __wrap___gcov_exit() {}
void __wrap___gcov_dump() {}  // with the next two, what gcov does at fork and exec
void __wrap___gcov_reset() {}
void __wrap___gcov_reset_int() {}
}

namespace {

struct Name {
  char text[256] = BULKHEAD_COUNTERS_FOLDER "/";
  bool found = false;
};

/// The program's build id, in hexadecimal: counters of another build are never added to this one's.
int find_build_id(dl_phdr_info* object, std::size_t, void* out) {
  Name& name = *static_cast<Name*>(out);
  for (int i = 0; i < object->dlpi_phnum; ++i) {
    const ElfW(Phdr)& segment = object->dlpi_phdr[i];
    if (segment.p_type != PT_NOTE) continue;
    const char* at = reinterpret_cast<const char*>(object->dlpi_addr + segment.p_vaddr);
    for (const char* end = at + segment.p_memsz; at + sizeof(ElfW(Nhdr)) <= end;) {
      ElfW(Nhdr) note;
      std::memcpy(&note, at, sizeof note);
      const char* bytes = at + sizeof note + ((note.n_namesz + 3) & ~3U);
      if (note.n_type == NT_GNU_BUILD_ID && note.n_descsz <= 32) {
        char* to = name.text + std::strlen(name.text);
        for (unsigned k = 0; k < note.n_descsz; ++k)
          to += std::sprintf(to, "%02x", static_cast<unsigned char>(bytes[k]));
        name.found = true;
        return 1;
      }
      at = bytes + ((note.n_descsz + 3) & ~3U);
    }
  }
  return 1;  // the program itself is the first object; libraries are not measured
}

/// Runs after gcov has registered every object file (priority 100), before every other constructor.
__attribute__((constructor(101))) void share_counters() {
  Name name;
  dl_iterate_phdr(find_build_id, &name);
  const auto size = static_cast<std::size_t>(bulkhead_counters_end - bulkhead_counters_begin);
  const int fd = name.found ? open(name.text, O_RDWR | O_CREAT | O_CLOEXEC, 0666) : -1;
  if (fd < 0) return;  // a process that cannot see the build folder is not counted
  fchmod(fd, 0666);    // whatever the umask: the next one may be another user
  // Where a test makes this call fail, the process counts for itself; with its pages gone it would end at the next
  // count.
  const bool sized = ftruncate(fd, static_cast<off_t>(size)) == 0;
  if (sized) (void)mmap(bulkhead_counters_begin, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd, 0);
  close(fd);
  if (std::getenv("BULKHEAD_COVERAGE_WRITE") == nullptr) return;
  __real___gcov_exit();
  _exit(0);
}

}  // namespace
