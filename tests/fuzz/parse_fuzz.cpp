// Any bytes: the parser ends, what it understands is consistent, and what it accepts survives formatting and printing.
#include <cstddef>
#include <cstdint>
#include <string>

#include "lang/base/check.h"
#include "lang/format/format.h"
#include "lang/syntax/parser.h"

namespace {

using namespace bulkhead;

struct Read {
  source::SourceMap sources;
  diag::DiagnosticList found;
  source::FileId file;
  std::optional<ast::Module> module;
  explicit Read(std::string text) : file(sources.add("fuzz.bh", std::move(text))) {
    module = syntax::parse(sources, file, found);
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Read read(std::string(data, data + size));
  BH_CHECK(read.module.has_value() || read.found.has_errors(), "no module without an error");
  for (const diag::Diagnostic& d : read.found.all()) {
    BH_CHECK(d.span.begin <= d.span.end && d.span.end <= size, "spans lie in the text");
    diag::render(d, read.sources, diag::Colour::On);
  }
  if (read.found.has_errors()) return 0;
  diag::DiagnosticList sink;
  const auto formatted = format::format(read.sources, read.file, sink);
  BH_CHECK(formatted.has_value(), "what is understood can be formatted");
  const Read again(*formatted);
  BH_CHECK(!again.found.has_errors(), "formatted text is understood");
  BH_CHECK(format::format(again.sources, again.file, sink) == formatted, "formatting is idempotent");
  const std::string printed = format::print(*read.module);
  const Read reread(printed);
  BH_CHECK(!reread.found.has_errors(), "printed text is understood");
  BH_CHECK(format::print(*reread.module) == printed, "printing is stable");
  return 0;
}
