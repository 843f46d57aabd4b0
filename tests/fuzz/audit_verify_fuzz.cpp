// Any bytes as an audit log: read to the end, and told as whole or as broken at a line that exists.
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>

#include "lang/base/check.h"
#include "runtime-bridge/audit/verify.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bulkhead;
  static const int file = ::memfd_create("log", MFD_CLOEXEC);
  static const std::string path = "/proc/self/fd/" + std::to_string(file);
  BH_CHECK(::ftruncate(file, 0) == 0 && ::pwrite(file, data, size, 0) == static_cast<ssize_t>(size), "a log in memory");
  const Result<audit::Verification> verified = audit::verify(path);
  if (verified.ok()) {
    const auto lines = static_cast<std::uint64_t>(std::count(data, data + size, '\n')) + 1;
    const auto* broken = std::get_if<audit::ChainBroken>(&*verified);
    BH_CHECK(broken == nullptr || (broken->line >= 1 && broken->line <= lines), "a broken line is one of the file's");
  }
  for (const std::uint64_t n : {std::uint64_t{1}, std::uint64_t{2}, ~std::uint64_t{0}}) {
    const Result<std::string> story = audit::why(path, n);
    BH_CHECK(!story.ok() || story->find('\x1b') == std::string::npos, "no byte of the log steers a terminal");
  }
  return 0;
}
