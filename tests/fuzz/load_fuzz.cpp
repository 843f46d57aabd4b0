// Any bytes: loading ends, spans lie in their texts, no program without clean diagnostics, and a program can be dumped.
#include <cstddef>
#include <cstdint>
#include <string>

#include "lang/base/check.h"
#include "lang/frontend/dump.h"
#include "lang/frontend/load.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bulkhead;
  frontend::LoadOptions options;
  options.extra_texts.emplace_back("fuzz.bh", std::string(data, data + size));
  source::SourceMap sources;
  diag::DiagnosticList found;
  const auto program = frontend::load({}, options, sources, found);
  BH_CHECK(program.has_value() != found.has_errors(), "a program, or errors");
  for (const diag::Diagnostic& d : found.all()) {
    if (!d.span.file.valid()) continue;
    BH_CHECK(d.span.begin <= d.span.end && d.span.end <= sources.text(d.span.file).size(), "spans lie in their texts");
    diag::render(d, sources, diag::Colour::Off);
  }
  if (program) frontend::dump(program->world, sources);
  return 0;
}
