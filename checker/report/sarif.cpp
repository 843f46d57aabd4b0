// SARIF 2.1.0. Objects keep the order in which they are written here.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "checker/report/findings.h"
#include "checker/report/mistakes.h"
#include "checker/report/story.h"
#include "lang/base/sha256.h"

namespace bulkhead::report {
namespace {

using Json = nlohmann::ordered_json;

/// A URI must not hold every byte that a file name may.
std::string uri(const std::string& name) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : name.starts_with("./") ? name.substr(2) : name) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' ||
                       c == '.' || c == '-' || c == '_' || c == '~';
    if (plain) {
      out += c;
    } else {
      out += '%';
      out += kDigits[byte >> 4u];
      out += kDigits[byte & 15u];
    }
  }
  return out;
}

Json artifact_json(const std::string& name) {
  Json artifact{{"uri", name.starts_with("/") ? "file://" + uri(name) : uri(name)}};
  if (!name.starts_with("/")) artifact["uriBaseId"] = "%SRCROOT%";
  return artifact;
}

Json region_json(const source::SourceMap& sources, const source::Span& span) {
  const auto begin = sources.position(span.file, span.begin);
  const auto end = sources.position(span.file, span.end);
  return {{"startLine", begin.line}, {"startColumn", begin.column}, {"endLine", end.line}, {"endColumn", end.column}};
}

/// Nothing where there is no place. A location speaks only where it has something to say.
Json location_json(const source::SourceMap& sources, const Location& location) {
  if (!location.span.file.valid()) return Json();
  Json json{{"physicalLocation",
             {{"artifactLocation", artifact_json(sources.name(location.span.file))},
              {"region", region_json(sources, location.span)}}}};
  if (!location.text.empty()) json["message"] = {{"text", location.text}};
  return json;
}

/// Each once, as SARIF asks of related places.
Json locations_json(const source::SourceMap& sources, const std::vector<Location>& locations) {
  Json list = Json::array();
  for (const Location& location : locations) {
    Json where = location_json(sources, location);
    if (!where.is_null() && std::find(list.begin(), list.end(), where) == list.end()) list.push_back(std::move(where));
  }
  return list;
}

struct Result {
  const char* rule;
  const char* level;
  std::string message;
  std::string stable;  // lines move; the claim and what it says do not
};

/// Code scanning takes no result without a place: what stands nowhere is told of the policy as a whole.
Json result_json(const Findings& findings, const Result& result, const Location& place) {
  const source::SourceMap& sources = findings.sources;
  Json locations = locations_json(sources, {place});
  if (locations.empty()) {
    const std::string& policy = sources.size() > 0 ? sources.name(source::FileId(0)) : findings.suite;
    locations.push_back({{"physicalLocation", {{"artifactLocation", artifact_json(policy)}}}});
  }
  return {{"ruleId", result.rule},
          {"level", result.level},
          {"message", {{"text", result.message}}},
          {"locations", locations},
          {"partialFingerprints", {{"bulkhead/v1", to_hex(sha256(result.stable))}}}};
}

const char* rule_of(query::Status status) {
  switch (status) {
    case query::Status::Satisfied:
    case query::Status::Failed:
      return "claim-failed";
    case query::Status::Vacuous:
      return "claim-vacuous";
    case query::Status::Unknown:
      return "claim-unknown";
    case query::Status::Rejected:
      return "certificate-rejected";
  }
  return "";
}

Json claim_json(const Findings& findings, const Finding& finding) {
  const char* rule = rule_of(finding.status);
  std::string message = finding.name + ": " + finding.headline;
  for (const std::string& line : finding.story) message += "\n" + line;
  Json json = result_json(findings, {rule, "error", message, rule + ("\n" + finding.name) + "\n" + finding.text},
                          finding.place);
  Json related = locations_json(findings.sources, finding.related);
  if (!related.empty()) json["relatedLocations"] = std::move(related);
  for (const query::Basis& basis : finding.bases) {
    json["properties"]["models"].push_back({{"name", basis.name},
                                            {"file", file_of(findings.sources, basis)},
                                            {"sha256", to_hex(basis.digest)},
                                            {"assumptions", texts_of(basis.assumptions)}});
  }
  return json;
}

/// What would mend it, as a change that a tool can make.
Json fix_json(const source::SourceMap& sources, const diag::FixIt& fix) {
  const Json replacement{{"deletedRegion", region_json(sources, fix.span)},
                         {"insertedContent", {{"text", fix.replacement}}}};
  const Json change{{"artifactLocation", artifact_json(sources.name(fix.span.file))},
                    {"replacements", Json::array({replacement})}};
  return {{"artifactChanges", Json::array({change})}};
}

Json mistake_json(const Findings& findings, const diag::Diagnostic& mistake) {
  const source::SourceMap& sources = findings.sources;
  const std::string code = diag::to_string(mistake.code);
  const std::string message = mistake.message + (mistake.help.empty() ? "" : "\nhelp: " + mistake.help);
  Json json = result_json(findings, {code.c_str(), severity_word(mistake.code), message, code + "\n" + message},
                          {mistake.span, ""});
  std::vector<Location> labels;
  for (const diag::Label& label : mistake.labels) labels.push_back({label.span, label.text});
  if (Json related = locations_json(sources, labels); !related.empty()) json["relatedLocations"] = std::move(related);
  for (const diag::FixIt& fix : mistake.fixes) {
    if (fix.span.file.valid()) json["fixes"].push_back(fix_json(sources, fix));
  }
  return json;
}

void add_remark(Json& results, const Findings& findings, const Remark& remark) {
  const std::string& text = remark.place.text;
  switch (remark.kind) {
    case RemarkKind::Unproved:
      results.push_back(result_json(
          findings, {"unproved-policy", "warning", "no claim depends on `" + text + "`", "unproved-policy\n" + text},
          remark.place));
      return;
    case RemarkKind::NotJudged:
      results.push_back(result_json(
          findings,
          {"policy-not-judged", "note", "whether a claim depends on `" + text + "` was not found out within bounds",
           "policy-not-judged\n" + text},
          remark.place));
      return;
    case RemarkKind::Survives:
      results.push_back(
          result_json(findings, {"survives-variants", "note", text, "survives-variants\n" + text}, remark.place));
      return;
    case RemarkKind::Idle:  // has no place
      return;
  }
}

Json rule_json(const std::string& id, const std::string& what) {
  return {{"id", id}, {"shortDescription", {{"text", what}}}};
}

/// What the results may name: the rules of claims, and of the codes those that were met.
Json rules_json(const Findings& findings) {
  Json rules = {rule_json("claim-failed", "a claim is violated, or one that should be refuted holds"),
                rule_json("claim-vacuous", "a claim is true for want of anything to speak of"),
                rule_json("claim-unknown", "a claim could not be decided"),
                rule_json("certificate-rejected", "the evidence of a verdict was not accepted"),
                rule_json("unproved-policy", "a sentence of the policy that no claim depends on"),
                rule_json("policy-not-judged", "a sentence of which it was not found out within bounds"),
                rule_json("survives-variants", "a claim that every variant of its model keeps")};
  std::set<diag::Code> met;
  for (const diag::Diagnostic& mistake : findings.mistakes) met.insert(mistake.code);
  for (const diag::Code code : met)
    rules.push_back(rule_json(diag::to_string(code), std::string(diag::summary_of(code))));
  return rules;
}

}  // namespace

std::string sarif(const Findings& findings) {
  Json results = Json::array();
  bool was_read = true;
  for (const diag::Diagnostic& mistake : findings.mistakes) {
    results.push_back(mistake_json(findings, mistake));
    was_read = was_read && diag::severity_of(mistake.code) != diag::Severity::Error;
  }
  if (findings.refused) {
    const std::string& reason = findings.refused->reason;
    results.push_back(result_json(findings, {"claim-unknown", "error", reason, reason}, findings.refused->place));
  }
  for (const Finding& finding : findings.claims) {
    if (finding.status != query::Status::Satisfied) results.push_back(claim_json(findings, finding));
  }
  for (const Remark& remark : findings.remarks) add_remark(results, findings, remark);
  const Json run{{"tool", {{"driver", {{"name", "bulkhead"}, {"rules", rules_json(findings)}}}}},
                 {"invocations", Json::array({{{"executionSuccessful", was_read}}})},
                 {"columnKind", "unicodeCodePoints"},
                 {"results", results}};
  const Json log{{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"}, {"version", "2.1.0"}, {"runs", {run}}};
  return log.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace bulkhead::report
