// JUnit XML: one test case for each claim, and for each error of a text that could not be read.
#include <nlohmann/json.hpp>

#include "checker/report/findings.h"
#include "checker/report/mistakes.h"

namespace bulkhead::report {
namespace {

/// What is no UTF-8 is replaced.
std::string readable(const std::string& text) {
  using Json = nlohmann::json;
  return Json::parse(Json(text).dump(-1, ' ', false, Json::error_handler_t::replace)).get<std::string>();
}

/// XML 1.0 has no way to write most control characters, U+FFFE and U+FFFF: they become '?'.
std::string escape(const std::string& raw) {
  const std::string text = readable(raw);
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const auto byte = static_cast<unsigned char>(c);
    const std::string_view three = std::string_view(text).substr(i, 3);
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '"')
      out += "&quot;";
    else if (c == '\n')
      out += "&#10;";
    else if (byte < 0x20 || byte == 0x7F)
      out += '?';
    else if (three == "\xEF\xBF\xBE" || three == "\xEF\xBF\xBF")
      out += '?', i += 2;
    else
      out += c;
  }
  return out;
}

std::string case_xml(const std::string& suite, const Finding& finding) {
  std::string out = "    <testcase classname=\"" + escape(suite) + "\" name=\"" + escape(finding.name) + "\"";
  if (finding.status == query::Status::Satisfied) return out + "/>\n";
  std::string message = finding.text;
  for (const std::string& line : finding.story) message += "\n" + line;
  const std::string element = finding.status == query::Status::Failed ? "failure" : "error";
  return out + ">\n      <" + element + " type=\"" + std::string(query::to_string(finding.status)) + "\" message=\"" +
         escape(finding.headline) + "\">" + escape(message) + "</" + element + ">\n    </testcase>\n";
}

bool is_error(const diag::Diagnostic& mistake) {
  return diag::severity_of(mistake.code) == diag::Severity::Error;
}

std::string mistake_xml(const Findings& findings, const diag::Diagnostic& mistake) {
  const source::SourceMap& sources = findings.sources;
  std::string name = diag::to_string(mistake.code);
  if (mistake.span.file.valid()) {
    const source::Position begin = sources.position(mistake.span.file, mistake.span.begin);
    name +=
        " " + sources.name(mistake.span.file) + ":" + std::to_string(begin.line) + ":" + std::to_string(begin.column);
  }
  return "    <testcase classname=\"" + escape(findings.suite) + "\" name=\"" + escape(name) +
         "\">\n      <error type=\"" + diag::to_string(mistake.code) + "\" message=\"" + escape(mistake.message) +
         "\">" + escape(diag::render(mistake, sources, diag::Colour::Off)) + "</error>\n    </testcase>\n";
}

/// Warnings, the sentences that no claim depends on, and those that were not judged: no test case, so they change no
/// count.
std::string output_xml(const Findings& findings) {
  std::string text;
  for (const diag::Diagnostic& mistake : findings.mistakes) {
    if (!is_error(mistake)) text += diag::render(mistake, findings.sources, diag::Colour::Off);
  }
  for (const Remark& remark : findings.remarks) {
    if (remark.kind == RemarkKind::Idle || remark.kind == RemarkKind::Survives) continue;
    const std::string where = remark.place.span.file.valid() ? findings.sources.place(remark.place.span) : "implied";
    text += std::string(remark.kind == RemarkKind::Unproved ? "unproved policy" : "not judged") + ": " + where + ": " +
            remark.place.text + "\n";
  }
  return text.empty() ? "" : "    <system-out>" + escape(text) + "</system-out>\n";
}

}  // namespace

std::string junit(const Findings& findings) {
  std::size_t failures = 0;
  std::size_t errors = findings.refused ? 1 : 0;
  std::size_t tests = findings.claims.size() + errors;
  std::string cases;
  for (const diag::Diagnostic& mistake : findings.mistakes) {
    if (!is_error(mistake)) continue;
    cases += mistake_xml(findings, mistake);
    ++errors;
    ++tests;
  }
  for (const Finding& finding : findings.claims) {
    cases += case_xml(findings.suite, finding);
    if (finding.status == query::Status::Failed)
      ++failures;
    else if (finding.status != query::Status::Satisfied)
      ++errors;
  }
  if (findings.refused) {
    cases += "    <testcase classname=\"" + escape(findings.suite) +
             "\" name=\"module\">\n      <error type=\"unknown\">" + escape(findings.refused->reason) +
             "</error>\n    </testcase>\n";
  }
  const std::string counts = " tests=\"" + std::to_string(tests) + "\" failures=\"" + std::to_string(failures) +
                             "\" errors=\"" + std::to_string(errors) + "\"";
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites" + counts + ">\n  <testsuite name=\"" +
         escape(findings.suite) + "\"" + counts + ">\n" + cases + output_xml(findings) +
         "  </testsuite>\n</testsuites>\n";
}

}  // namespace bulkhead::report
