// Diagnostics as JSON. Objects keep the order in which they are written here.
#include "checker/report/mistakes.h"

#include <nlohmann/json.hpp>

namespace bulkhead::report {
namespace {

using Json = nlohmann::ordered_json;

std::string dump(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

/// Nothing where there is no place: a mistake of the command line.
void add_place(Json& json, const source::SourceMap& sources, const source::Span& span) {
  if (!span.file.valid()) return;
  const source::Position begin = sources.position(span.file, span.begin);
  const source::Position end = sources.position(span.file, span.end);
  json["file"] = sources.name(span.file);
  json["line"] = begin.line;
  json["column"] = begin.column;
  json["end_line"] = end.line;
  json["end_column"] = end.column;
}

Json diagnostic_json(const source::SourceMap& sources, const diag::Diagnostic& diagnostic) {
  Json json{{"code", diag::to_string(diagnostic.code)},
            {"severity", severity_word(diagnostic.code)},
            {"message", diagnostic.message}};
  add_place(json, sources, diagnostic.span);
  if (!diagnostic.help.empty()) json["help"] = diagnostic.help;
  for (const diag::Label& label : diagnostic.labels) {
    Json one{{"text", label.text}};
    add_place(one, sources, label.span);
    json["labels"].push_back(std::move(one));
  }
  for (const diag::FixIt& fix : diagnostic.fixes) {
    Json one{{"replacement", fix.replacement}};
    add_place(one, sources, fix.span);
    json["fixes"].push_back(std::move(one));
  }
  return json;
}

}  // namespace

const char* severity_word(diag::Code code) {
  switch (diag::severity_of(code)) {
    case diag::Severity::Error:
      return "error";
    case diag::Severity::Warning:
      return "warning";
    case diag::Severity::Note:
      return "note";
  }
  return "";
}

Findings findings(const std::string& name, const source::SourceMap& sources,
                  const std::vector<diag::Diagnostic>& mistakes) {
  return {name, sources, {}, {}, std::nullopt, mistakes};
}

Json diagnostics_json(const source::SourceMap& sources, const std::vector<diag::Diagnostic>& diagnostics) {
  Json list = Json::array();
  for (const diag::Diagnostic& diagnostic : diagnostics) list.push_back(diagnostic_json(sources, diagnostic));
  return list;
}

std::string mistakes_json(const source::SourceMap& sources, const diag::DiagnosticList& mistakes) {
  return dump({{"schema", "bulkhead.diagnostics/v1"},
               {"exit_status", mistakes.has_errors() ? 2 : 0},
               {"errors", mistakes.error_count()},
               {"diagnostics", diagnostics_json(sources, mistakes.all())}});
}

std::string unread_json(const source::SourceMap& sources, const diag::DiagnosticList& mistakes) {
  return dump({{"schema", "bulkhead.verdict/v1"},
               {"module", ""},
               {"exit_status", 2},
               {"diagnostics", diagnostics_json(sources, mistakes.all())},
               {"claims", Json::array()},
               {"cache", {{"hits", 0}, {"stored", 0}, {"dropped", Json::array()}}}});
}

}  // namespace bulkhead::report
