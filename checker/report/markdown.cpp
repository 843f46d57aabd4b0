// A document for readers of a policy: each requirement with the claims that answer it, their verdicts, and what they
// rest on.
#include <algorithm>
#include <charconv>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "checker/query/model_mutant.h"
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

/// The models that the verdicts of a document rest on, numbered likewise.
class Models {
 public:
  explicit Models(const Subject& subject) : subject_(subject), bases_(subject.world) {
    for (const query::ClaimResult& result : subject.proof.claims) {
      for (query::Basis& basis : of_claim(result)) {
        if (number(basis) > all_.size()) all_.push_back(std::move(basis));
      }
    }
  }

  /// "M1, M3"
  std::string of(const query::ClaimResult& result) {
    std::string out;
    for (const query::Basis& basis : of_claim(result))
      out += (out.empty() ? "M" : ", M") + std::to_string(number(basis));
    return out;
  }

  std::string list() const {
    std::string out;
    for (std::size_t i = 0; i < all_.size(); ++i) {
      out += "| M" + std::to_string(i + 1) + " | " + code(all_[i].name) + " | " +
             code(short_file_of(subject_.sources, all_[i])) + " | " + code(to_hex(all_[i].digest)) + " |\n";
    }
    if (out.empty()) return "";
    return "\n## Models\n\n| | model | file | SHA-256 of its canonical text |\n|---|---|---|---|\n" + out;
  }

 private:
  std::vector<query::Basis> of_claim(const query::ClaimResult& result) {
    return bases_.of(subject_.world.at(result.claim));
  }
  /// From 1; one more than there are where it is new.
  std::size_t number(const query::Basis& basis) const {
    const auto same = [&](const query::Basis& one) { return one.name == basis.name && one.digest == basis.digest; };
    return static_cast<std::size_t>(std::find_if(all_.begin(), all_.end(), same) - all_.begin()) + 1;
  }

  const Subject& subject_;
  query::Bases bases_;
  std::vector<query::Basis> all_;
};

struct Document {
  const Subject& subject;
  Assumptions assumed;
  Models models;

  std::string rests_on(const query::ClaimResult& result) {
    const std::string on = models.of(result), assuming = assumed.of(result);
    return on + (on.empty() || assuming.empty() ? "" : ", ") + assuming;
  }
};

std::string row(Document& document, const std::string& first, const query::ClaimResult& result) {
  const Subject& subject = document.subject;
  const ir::Claim& claim = subject.world.at(result.claim);
  return "| " + first + " | " + code(claim.name) + " | " + code(claim.text) + " | " +
         cell(headline(subject.world, result)) + " | " + evidence(result) + " | " + document.rests_on(result) + " | " +
         code(place(subject, claim.sentence)) + " |\n";
}

constexpr const char* kColumns =
    " | claim | says | verdict | evidence | rests on | place |\n|---|---|---|---|---|---|---|\n";

std::string requirements(Document& document) {
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

std::string claims(Document& document, ir::ClaimMode mode, const char* title) {
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

/// Of sentences of models with what was tried.
std::vector<std::string> unproved(const Subject& subject) {
  std::vector<std::string> items;
  const auto tried = query::tried(subject.world);
  for (const ir::SentenceId id : subject.proof.unproved.value_or(std::vector<ir::SentenceId>())) {
    const auto found = tried.find(id);
    items.push_back(code(subject.world.at(id).text) + " (" + code(place(subject, id)) + ")" +
                    (found == tried.end() ? "" : "; tried " + listed(found->second)));
  }
  return items;
}

/// Each sentence of the policy; of models how many in each file.
std::vector<std::string> not_judged(const Subject& subject) {
  std::vector<std::string> items;
  std::map<std::string, std::size_t> of_models;
  for (const ir::SentenceId id : subject.proof.not_judged) {
    const ir::Sentence& sentence = subject.world.at(id);
    if (query::is_of_model(subject.world, id)) {
      ++of_models[subject.sources.name(sentence.span.file)];
    } else {
      items.push_back(code(sentence.text) + " (" + code(place(subject, id)) + ")");
    }
  }
  for (const auto& [file, count] : of_models)
    items.push_back(std::to_string(count) + " sentences of models in " + code(file));
  return items;
}

/// Of each claim that a model leaks nothing.
std::vector<std::string> actors(const Subject& subject) {
  std::vector<std::string> items;
  for (const query::ClaimResult& result : subject.proof.claims) {
    const ir::Claim& claim = subject.world.at(result.claim);
    const std::string acting = actors_text(subject.world, claim);
    if (!acting.empty()) items.push_back(code(claim.name) + " " + acting);
  }
  return items;
}

/// What no mistake that is written down breaks.
std::vector<std::string> survivors(const Subject& subject) {
  std::vector<std::string> items;
  for (const query::Survivor& one : subject.proof.survivors) {
    items.push_back(code(subject.world.at(one.claim).name) + ": " + cell(survivor_text(subject.world, one)));
  }
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
  Document document{subject, Assumptions(proof), Models(subject)};
  out += requirements(document);
  out += claims(document, ir::ClaimMode::Prove, "Further claims");
  out += claims(document, ir::ClaimMode::Refute, "What must fail, so that no claim is empty");
  out += list("Whose doing the actions of models are", actors(subject));
  out += document.models.list();
  out += document.assumed.list();
  out += list("Claims that survive every variant of their model", survivors(subject));
  out += list("Policy that no claim depends on", unproved(subject));
  out += list("Policy that was not judged", not_judged(subject));
  return out;
}

}  // namespace bulkhead::report
