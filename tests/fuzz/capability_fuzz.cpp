// Any bytes as a capability file, and as the argument of --grant: understood, or at least one mistake with its place.
#include <cstddef>
#include <cstdint>
#include <string>

#include "lang/base/check.h"
#include "lang/diag/diagnostic.h"
#include "lang/import/capabilities/parse.h"
#include "lang/source/source.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bulkhead;
  for (const bool argument : {false, true}) {
    source::SourceMap sources;
    diag::DiagnosticList found;
    const source::FileId file = sources.add("fuzz.json", std::string(data, data + size));
    const auto set = argument ? capabilities::parse_argument(capabilities::Change::Grant, sources, file, found)
                              : capabilities::parse(sources, file, found);
    BH_CHECK(set.has_value() != found.has_errors(), "a set or a mistake");
    for (const diag::Diagnostic& each : found.all()) {
      BH_CHECK(each.span.begin <= each.span.end && each.span.end <= size, "spans lie in the text");
      diag::render(each, sources, diag::Colour::Off);
    }
  }
  return 0;
}
