// A document for readers of a policy: each requirement with the claims that answer it, their verdicts, and what they
// rest on.
#include <algorithm>
#include <charconv>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "checker/report/report.h"
#include "checker/report/story.h"

namespace bulkhead::report {
namespace {

constexpr std::string_view kRequirement = "requirement:";

/// The number of a requirement in its parts ("2.10" after "2.9"), then its text.
struct Requirement {
  std::vector<std::uint64_t> number;
  std::string label, text;

  bool operator<(const Requirement& other) const {
    return std::tie(number, label) < std::tie(other.number, other.label);
  }
};

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

Requirement requirement_of(std::string_view part) {
  Requirement found;
  const std::size_t end = std::min(part.find(' '), part.size());
  found.label = part.substr(0, end);
  found.text = trimmed(part.substr(end));
  for (std::size_t at = 0; at < found.label.size();) {
    std::uint64_t number = 0;
    const char* const stop = found.label.data() + found.label.size();
    const auto [next, error] = std::from_chars(found.label.data() + at, stop, number);
    if (error != std::errc()) break;
    found.number.push_back(number);
    at = static_cast<std::size_t>(next - found.label.data()) + 1;
  }
  return found;
}

/// What the doc comment above a claim says that it answers: "requirement: 1.1 integrity; 3.1 no replay".
std::vector<Requirement> requirements_of(const ir::Claim& claim) {
  std::vector<Requirement> found;
  std::string_view doc = trimmed(claim.doc);
  if (doc.substr(0, kRequirement.size()) != kRequirement) return found;
  doc.remove_prefix(kRequirement.size());
  while (!doc.empty()) {
    const std::size_t end = std::min(doc.find(';'), doc.size());
    if (const std::string_view part = trimmed(doc.substr(0, end)); !part.empty()) found.push_back(requirement_of(part));
    doc.remove_prefix(std::min(end + 1, doc.size()));
  }
  return found;
}

/// Text inside a cell: names come from files and may hold what ends a cell or starts markup.
std::string cell(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\n' || c == '\r') {
      out += ' ';
      continue;
    }
    if (std::string_view("|\\`*_<>[]").find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

/// Code inside a cell. A fence of as many backticks as the text does not hold, as CommonMark asks.
std::string code(std::string_view text) {
  std::string inside, fence = "`";
  for (const char c : text) {
    if (c == '|') inside += '\\';
    inside += c == '\n' || c == '\r' ? ' ' : c;
  }
  while (inside.find(fence) != std::string::npos) fence += '`';
  const bool touches = !inside.empty() && (inside.front() == '`' || inside.back() == '`');
  return fence + (touches ? " " : "") + inside + (touches ? " " : "") + fence;
}

std::string evidence(const query::ClaimResult& result) {
  if (result.cases.empty()) return "";
  const query::CaseResult& deciding = result.cases[result.deciding];
  if (std::holds_alternative<verdict::Violated>(deciding.verdict)) return "replayed in the reference semantics";
  if (!deciding.checked) return "not re-checked";
  constexpr const char* kWords[] = {"accepted by the second checker", "REJECTED by the second checker",
                                    "no second checker"};
  return kWords[static_cast<std::size_t>(deciding.checked->outcome)];
}

/// What the verdicts of a document rest on, numbered in the order in which claims first need it.
class Assumptions {
 public:
  explicit Assumptions(const query::Proof& proof) {
    for (const query::ClaimResult& result : proof.claims) {
      for (const std::string& assumption : assumptions(result)) {
        if (std::find(all_.begin(), all_.end(), assumption) == all_.end()) all_.push_back(assumption);
      }
    }
  }

  /// "A1, A3"
  std::string of(const query::ClaimResult& result) const {
    std::string out;
    for (const std::string& assumption : assumptions(result)) {
      const auto number = std::find(all_.begin(), all_.end(), assumption) - all_.begin() + 1;
      out += (out.empty() ? "A" : ", A") + std::to_string(number);
    }
    return out;
  }

  std::string list() const {
    std::string out;
    for (std::size_t i = 0; i < all_.size(); ++i) out += "| A" + std::to_string(i + 1) + " | " + code(all_[i]) + " |\n";
    return out.empty() ? "" : "\n## Assumptions\n\n| | taken for true |\n|---|---|\n" + out;
  }

 private:
  std::vector<std::string> all_;
};

struct Document {
  const Subject& subject;
  Assumptions assumed;
};

std::string row(const Document& document, const std::string& first, const query::ClaimResult& result) {
  const Subject& subject = document.subject;
  const ir::Claim& claim = subject.world.at(result.claim);
  return "| " + first + " | " + code(claim.name) + " | " + code(claim.text) + " | " +
         cell(headline(subject.world, result)) + " | " + evidence(result) + " | " + document.assumed.of(result) +
         " | " + code(place(subject, claim.sentence)) + " |\n";
}

constexpr const char* kColumns =
    " | claim | says | verdict | evidence | rests on | place |\n|---|---|---|---|---|---|---|\n";

std::string requirements(const Document& document) {
  const Subject& subject = document.subject;
  std::multimap<Requirement, const query::ClaimResult*> answered;
  for (const query::ClaimResult& result : subject.proof.claims) {
    for (Requirement& one : requirements_of(subject.world.at(result.claim))) answered.emplace(std::move(one), &result);
  }
  if (answered.empty()) return "";
  std::string out = std::string("\n## Requirements\n\n| requirement") + kColumns;
  for (const auto& [requirement, result] : answered) {
    out += row(document, cell(requirement.label + " " + requirement.text), *result);
  }
  return out;
}

std::string claims(const Document& document, ir::ClaimMode mode, const char* title) {
  std::string rows;
  for (const query::ClaimResult& result : document.subject.proof.claims) {
    const ir::Claim& claim = document.subject.world.at(result.claim);
    if (claim.mode != mode || !requirements_of(claim).empty()) continue;
    rows += row(document, cell(claim.doc), result);
  }
  return rows.empty() ? "" : std::string("\n## ") + title + "\n\n| why" + kColumns + rows;
}

std::string list(const char* title, const std::vector<std::string>& items) {
  std::string out;
  for (const std::string& item : items) out += "* " + item + "\n";
  return out.empty() ? "" : std::string("\n## ") + title + "\n\n" + out;
}

std::vector<std::string> sentences(const Subject& subject, const std::vector<ir::SentenceId>& ids) {
  std::vector<std::string> items;
  for (const ir::SentenceId id : ids)
    items.push_back(code(subject.world.at(id).text) + " (" + code(place(subject, id)) + ")");
  return items;
}

}  // namespace

std::string markdown(const Subject& subject) {
  const query::Proof& proof = subject.proof;
  std::string out = "# What is proved of " + code(subject.world.module) + "\n";
  if (proof.refused) return out + "\nNothing: " + cell(proof.refused->reason) + "\n";
  const auto satisfied = std::count_if(proof.claims.begin(), proof.claims.end(), [](const query::ClaimResult& result) {
    return result.status == query::Status::Satisfied;
  });
  out += "\n" + std::to_string(satisfied) + " of " + std::to_string(proof.claims.size()) + " claims are satisfied.\n";
  const Document document{subject, Assumptions(proof)};
  out += requirements(document);
  out += claims(document, ir::ClaimMode::Prove, "Further claims");
  out += claims(document, ir::ClaimMode::Refute, "What must fail, so that no claim is empty");
  out += document.assumed.list();
  out += list("Policy that no claim depends on",
              sentences(subject, proof.unproved.value_or(std::vector<ir::SentenceId>())));
  out += list("Policy that was not judged", sentences(subject, proof.not_judged));
  return out;
}

}  // namespace bulkhead::report
