// SARIF 2.1.0. Objects keep the order in which they are written here.
#include <nlohmann/json.hpp>

#include "checker/report/findings.h"
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

Json location_json(const source::SourceMap& sources, const Location& location) {
  if (!location.span.file.valid()) return Json();
  const auto begin = sources.position(location.span.file, location.span.begin);
  const auto end = sources.position(location.span.file, location.span.end);
  const std::string name = sources.name(location.span.file);
  Json artifact{{"uri", name.starts_with("/") ? "file://" + uri(name) : uri(name)}};
  if (!name.starts_with("/")) artifact["uriBaseId"] = "%SRCROOT%";
  return {{"physicalLocation",
           {{"artifactLocation", artifact},
            {"region",
             {{"startLine", begin.line},
              {"startColumn", begin.column},
              {"endLine", end.line},
              {"endColumn", end.column}}}}},
          {"message", {{"text", location.text}}}};
}

Json locations_json(const source::SourceMap& sources, const std::vector<Location>& locations) {
  Json list = Json::array();
  for (const Location& location : locations) {
    if (Json where = location_json(sources, location); !where.is_null()) list.push_back(std::move(where));
  }
  return list;
}

struct Result {
  const char* rule;
  const char* level;
  std::string message;
  std::string stable;  // lines move; the claim and what it says do not
};

Json result_json(const source::SourceMap& sources, const Result& result, const Location& place) {
  return {{"ruleId", result.rule},
          {"level", result.level},
          {"message", {{"text", result.message}}},
          {"locations", locations_json(sources, {place})},
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

Json claim_json(const source::SourceMap& sources, const Finding& finding) {
  const char* rule = rule_of(finding.status);
  std::string message = finding.name + ": " + finding.headline;
  for (const std::string& line : finding.story) message += "\n" + line;
  Json json =
      result_json(sources, {rule, "error", message, rule + ("\n" + finding.name) + "\n" + finding.text}, finding.place);
  Json related = locations_json(sources, finding.related);
  if (!related.empty()) json["relatedLocations"] = std::move(related);
  return json;
}

void add_remark(Json& results, const source::SourceMap& sources, const Remark& remark) {
  const std::string& text = remark.place.text;
  switch (remark.kind) {
    case RemarkKind::Unproved:
      results.push_back(result_json(
          sources, {"unproved-policy", "warning", "no claim depends on `" + text + "`", "unproved-policy\n" + text},
          remark.place));
      return;
    case RemarkKind::NotJudged:
      results.push_back(result_json(
          sources,
          {"policy-not-judged", "note", "whether a claim depends on `" + text + "` was not found out within bounds",
           "policy-not-judged\n" + text},
          remark.place));
      return;
    case RemarkKind::Idle:  // has no place
      return;
  }
}

Json rule_json(const char* id, const char* what) {
  return {{"id", id}, {"shortDescription", {{"text", what}}}};
}

}  // namespace

std::string sarif(const Findings& findings) {
  Json results = Json::array();
  if (findings.refused) {
    const std::string& reason = findings.refused->reason;
    results.push_back(
        result_json(findings.sources, {"claim-unknown", "error", reason, reason}, findings.refused->place));
  }
  for (const Finding& finding : findings.claims) {
    if (finding.status != query::Status::Satisfied) results.push_back(claim_json(findings.sources, finding));
  }
  for (const Remark& remark : findings.remarks) add_remark(results, findings.sources, remark);
  const Json rules = {rule_json("claim-failed", "a claim is violated, or one that should be refuted holds"),
                      rule_json("claim-vacuous", "a claim is true for want of anything to speak of"),
                      rule_json("claim-unknown", "a claim could not be decided"),
                      rule_json("certificate-rejected", "the evidence of a verdict was not accepted"),
                      rule_json("unproved-policy", "a sentence of the policy that no claim depends on"),
                      rule_json("policy-not-judged", "a sentence of which it was not found out within bounds")};
  const Json run{{"tool", {{"driver", {{"name", "bulkhead"}, {"rules", rules}}}}},
                 {"columnKind", "unicodeCodePoints"},
                 {"results", results}};
  const Json log{{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"}, {"version", "2.1.0"}, {"runs", {run}}};
  return log.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace bulkhead::report
