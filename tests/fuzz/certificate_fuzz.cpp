// Any bytes as a certificate: refused, or exactly what the writer writes for what they mean.
#include <cstddef>
#include <cstdint>
#include <string>

#include "checker/certificate/file.h"
#include "lang/base/check.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bulkhead;
  const std::string text(data, data + size);
  const Result<certificate::File, std::string> file = certificate::read(text);
  if (!file.ok()) return 0;
  const std::string written = certificate::write(*file);
  const Result<certificate::File, std::string> again = certificate::read(written);
  BH_CHECK(again.ok(), "what is written is read");
  BH_CHECK(certificate::write(*again) == written, "writing is stable");
  return 0;
}
