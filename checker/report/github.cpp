// Annotations for GitHub Actions.
#include <algorithm>

#include "checker/report/findings.h"
#include "checker/report/mistakes.h"

namespace bulkhead::report {
namespace {

std::string escape_command(const std::string& text, bool property) {
  std::string out;
  for (const char c : text) {
    if (c == '%')
      out += "%25";
    else if (c == '\n')
      out += "%0A";
    else if (c == '\r')
      out += "%0D";
    else if (property && c == ':')
      out += "%3A";
    else if (property && c == ',')
      out += "%2C";
    else
      out += c;
  }
  return out;
}

std::string annotation(const source::SourceMap& sources, const char* kind, const source::Span& span,
                       const std::string& title, const std::string& message) {
  std::string out = std::string("::") + kind + " ";
  if (span.file.valid()) {
    const auto begin = sources.position(span.file, span.begin);
    out += "file=" + escape_command(sources.name(span.file), true) + ",line=" + std::to_string(begin.line) +
           ",col=" + std::to_string(begin.column) + ",";
  }
  return out + "title=" + escape_command(title, true) + "::" + escape_command(message, false) + "\n";
}

/// One line for all that was not judged: a run may show few annotations, and the others are worth more.
std::string not_judged(const Findings& findings) {
  const auto is_open = [](const Remark& remark) { return remark.kind == RemarkKind::NotJudged; };
  const auto first = std::find_if(findings.remarks.begin(), findings.remarks.end(), is_open);
  if (first == findings.remarks.end()) return "";
  const auto count = std::count_if(findings.remarks.begin(), findings.remarks.end(), is_open);
  return annotation(findings.sources, "notice", first->place.span, "policy not judged",
                    "whether a claim depends on this and " + std::to_string(count - 1) +
                        " more sentences was not found out within bounds");
}

std::string mistakes(const Findings& findings) {
  std::string out;
  for (const diag::Diagnostic& mistake : findings.mistakes) {
    const std::string help = mistake.help.empty() ? "" : "\nhelp: " + mistake.help;
    const std::string word = severity_word(mistake.code);
    out += annotation(findings.sources, word == "note" ? "notice" : word.c_str(), mistake.span,
                      diag::to_string(mistake.code), mistake.message + help);
  }
  return out;
}

}  // namespace

std::string github(const Findings& findings) {
  std::string out = mistakes(findings);
  if (findings.refused) {
    out += annotation(findings.sources, "error", findings.refused->place.span, "unknown", findings.refused->reason);
  }
  for (const Finding& finding : findings.claims) {
    if (finding.status == query::Status::Satisfied) continue;
    std::string message = finding.text;
    for (const std::string& line : finding.story) message += "\n" + line;
    out += annotation(findings.sources, "error", finding.place.span, finding.name + " " + finding.headline, message);
  }
  for (const Remark& remark : findings.remarks) {
    switch (remark.kind) {
      case RemarkKind::Unproved:
        out += annotation(findings.sources, "warning", remark.place.span, "unproved policy",
                          "no claim depends on this sentence");
        break;
      case RemarkKind::Idle:
        out += annotation(findings.sources, "warning", {}, "idle action", remark.place.text);
        break;
      case RemarkKind::Survives:
        out += annotation(findings.sources, "notice", remark.place.span, "survives every variant", remark.place.text);
        break;
      case RemarkKind::NotJudged:
        break;
    }
  }
  return out + not_judged(findings);
}

}  // namespace bulkhead::report
