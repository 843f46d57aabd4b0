// Any bytes as an audit log: read to the end, and told as whole or as broken at a line that exists.
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "lang/base/check.h"
#include "lang/base/sha256.h"
#include "runtime-bridge/audit/verify.h"

namespace {

using namespace bulkhead;

void put(std::string& line, std::string_view key, const std::string& hex) {
  const std::size_t at = line.rfind(key);
  if (at != std::string::npos && line.size() - at >= key.size() + hex.size()) {
    line.replace(at + key.size(), hex.size(), hex);
  }
}

/// The same lines with each hash made good, so that what mutated comes past the first check of the chain.
std::string chained(std::string_view log) {
  std::string whole;
  std::string previous = to_hex(Digest{});
  while (!log.empty()) {
    std::string line(log.substr(0, log.find('\n')));
    log.remove_prefix(std::min(log.size(), line.size() + 1));
    if (const std::size_t hash = line.rfind(",\"hash\":\""); hash != std::string::npos) {
      line.resize(hash);
      put(line, "\"head\":\"", previous);
      put(line, "\"previous\":\"", previous);
      previous = to_hex(sha256(std::string_view(line)));
      line += ",\"hash\":\"" + previous + "\"}";
    }
    whole += line + "\n";
  }
  return whole;
}

void keeps_its_promises(std::string_view log) {
  static const int file = ::memfd_create("log", MFD_CLOEXEC);
  static const std::string path = "/proc/self/fd/" + std::to_string(file);
  BH_CHECK(::ftruncate(file, 0) == 0 && ::pwrite(file, log.data(), log.size(), 0) == static_cast<ssize_t>(log.size()),
           "a log in memory");
  const Result<audit::Verification> verified = audit::verify(path);
  if (verified.ok()) {
    const auto lines = static_cast<std::uint64_t>(std::count(log.begin(), log.end(), '\n')) + 1;
    const auto* broken = std::get_if<audit::ChainBroken>(&*verified);
    BH_CHECK(broken == nullptr || (broken->line >= 1 && broken->line <= lines), "a broken line is one of the file's");
  }
  for (const std::uint64_t n : {std::uint64_t{1}, std::uint64_t{2}, ~std::uint64_t{0}}) {
    const Result<std::string> story = audit::why(path, n);
    BH_CHECK(!story.ok() || story->find('\x1b') == std::string::npos, "no byte of the log steers a terminal");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string log(data, data + size);
  keeps_its_promises(log);
  keeps_its_promises(chained(log));
  return 0;
}
