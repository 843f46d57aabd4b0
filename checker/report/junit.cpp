// JUnit XML: one test case for each claim.
#include "checker/report/report.h"
#include "checker/report/story.h"

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

std::string case_xml(const Subject& subject, const query::ClaimResult& result) {
  const ir::Claim& claim = subject.world.at(result.claim);
  std::string out =
      "    <testcase classname=\"" + escape(subject.world.module) + "\" name=\"" + escape(claim.name) + "\"";
  if (result.status == query::Status::Satisfied) return out + "/>\n";
  std::string message = claim.text;
  for (const Line& line : story(subject, result)) message += "\n" + full_text(line);
  const bool failed = result.status == query::Status::Failed;
  const std::string element = failed ? "failure" : "error";
  return out + ">\n      <" + element + " type=\"" + std::string(query::to_string(result.status)) + "\" message=\"" +
         escape(headline(subject.world, result)) + "\">" + escape(message) + "</" + element + ">\n    </testcase>\n";
}

/// The sentences that no claim depends on, and those that were not judged: no test case, so they change no count.
std::string coverage_xml(const Subject& subject) {
  std::string text;
  const auto add = [&](const char* what, const std::vector<ir::SentenceId>& sentences) {
    for (const ir::SentenceId sentence : sentences) {
      text += std::string(what) + ": " + place(subject, sentence) + ": " + subject.world.at(sentence).text + "\n";
    }
  };
  add("unproved policy", subject.proof.unproved.value_or(std::vector<ir::SentenceId>()));
  add("not judged", subject.proof.not_judged);
  return text.empty() ? "" : "    <system-out>" + escape(text) + "</system-out>\n";
}

}  // namespace

std::string junit(const Subject& subject) {
  std::size_t failures = 0;
  std::size_t errors = subject.proof.refused ? 1 : 0;
  std::string cases;
  for (const query::ClaimResult& result : subject.proof.claims) {
    cases += case_xml(subject, result);
    if (result.status == query::Status::Failed)
      ++failures;
    else if (result.status != query::Status::Satisfied)
      ++errors;
  }
  const std::size_t tests = subject.proof.claims.size() + (subject.proof.refused ? 1 : 0);
  if (subject.proof.refused) {
    cases += "    <testcase classname=\"" + escape(subject.world.module) +
             "\" name=\"module\">\n      <error type=\"unknown\">" + escape(subject.proof.refused->reason) +
             "</error>\n    </testcase>\n";
  }
  const std::string counts = " tests=\"" + std::to_string(tests) + "\" failures=\"" + std::to_string(failures) +
                             "\" errors=\"" + std::to_string(errors) + "\"";
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites" + counts + ">\n  <testsuite name=\"" +
         escape(subject.world.module) + "\"" + counts + ">\n" + cases + coverage_xml(subject) +
         "  </testsuite>\n</testsuites>\n";
}

}  // namespace bulkhead::report
