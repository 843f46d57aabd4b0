// JUnit XML: one test case for each claim.
#include "checker/report/findings.h"

namespace bulkhead::report {
namespace {

/// XML 1.0 has no way to write most control characters: they become '?'.
std::string escape(const std::string& text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
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
    else if (byte < 0x20 || byte >= 0x80)
      out += '?';
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

/// The sentences that no claim depends on, and those that were not judged: no test case, so they change no count.
std::string coverage_xml(const Findings& findings) {
  std::string text;
  for (const Remark& remark : findings.remarks) {
    if (remark.kind == RemarkKind::Idle) continue;
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
  std::string cases;
  for (const Finding& finding : findings.claims) {
    cases += case_xml(findings.suite, finding);
    if (finding.status == query::Status::Failed)
      ++failures;
    else if (finding.status != query::Status::Satisfied)
      ++errors;
  }
  const std::size_t tests = findings.claims.size() + (findings.refused ? 1 : 0);
  if (findings.refused) {
    cases += "    <testcase classname=\"" + escape(findings.suite) +
             "\" name=\"module\">\n      <error type=\"unknown\">" + escape(findings.refused->reason) +
             "</error>\n    </testcase>\n";
  }
  const std::string counts = " tests=\"" + std::to_string(tests) + "\" failures=\"" + std::to_string(failures) +
                             "\" errors=\"" + std::to_string(errors) + "\"";
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites" + counts + ">\n  <testsuite name=\"" +
         escape(findings.suite) + "\"" + counts + ">\n" + cases + coverage_xml(findings) +
         "  </testsuite>\n</testsuites>\n";
}

}  // namespace bulkhead::report
