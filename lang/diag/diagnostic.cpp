#include "lang/diag/diagnostic.h"

#include <algorithm>
#include <array>
#include <utility>

#include "lang/base/check.h"

namespace bulkhead::diag {
namespace {

struct CodeRow {
  Code code;
  Severity severity;
  std::string_view summary;
};

constexpr std::array kCodes = {
#define BH_CODE(name, number, severity, summary) CodeRow{Code::name, Severity::severity, summary},
#include "lang/diag/codes.def"
#undef BH_CODE
};

const CodeRow& row_of(Code code) {
  for (const CodeRow& row : kCodes) {
    if (row.code == code) return row;
  }
  BH_CHECK(false, "every code stands in codes.def");
  return kCodes.front();
}

}  // namespace

std::string to_string(Code code) {
  const std::string digits = std::to_string(static_cast<unsigned>(code));
  return "BH" + std::string(4 - std::min<std::size_t>(4, digits.size()), '0') + digits;
}

Severity severity_of(Code code) {
  return row_of(code).severity;
}

std::string_view summary_of(Code code) {
  return row_of(code).summary;
}

std::vector<Code> all_codes() {
  std::vector<Code> codes;
  for (const CodeRow& row : kCodes) codes.push_back(row.code);
  return codes;
}

std::optional<Code> code_from(std::string_view text) {
  for (const CodeRow& row : kCodes) {
    if (to_string(row.code) == text) return row.code;
  }
  return std::nullopt;
}

void DiagnosticList::report(Diagnostic diagnostic) {
  const bool is_error = severity_of(diagnostic.code) == Severity::Error;
  if (is_error) ++errors_;
  if (diagnostics_.size() < kMaxKept) {
    diagnostics_.push_back(std::move(diagnostic));
  } else if (is_error && errors_ == 1) {  // a thousand warnings must not hide why nothing was done
    diagnostics_.back() = std::move(diagnostic);
  }
}

}  // namespace bulkhead::diag
