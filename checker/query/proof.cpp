#include "checker/query/proof.h"

#include <algorithm>

namespace bulkhead::query {

std::string_view to_string(Status status) {
  switch (status) {
    case Status::Satisfied:
      return "satisfied";
    case Status::Failed:
      return "failed";
    case Status::Vacuous:
      return "vacuous";
    case Status::Unknown:
      return "unknown";
    case Status::Rejected:
      return "rejected";
  }
  return "";
}

bool Proof::all_satisfied() const {
  return !refused && !claims.empty() &&
         std::all_of(claims.begin(), claims.end(), [](const ClaimResult& c) { return c.status == Status::Satisfied; });
}

namespace {

template <typename Kind>
std::optional<std::size_t> first(const std::vector<CaseResult>& cases) {
  for (std::size_t i = 0; i < cases.size(); ++i) {
    if (std::holds_alternative<Kind>(cases[i].verdict)) return i;
  }
  return std::nullopt;
}

std::optional<std::size_t> first_unaccepted(const std::vector<CaseResult>& cases, certificate::Outcome outcome) {
  for (std::size_t i = 0; i < cases.size(); ++i) {
    if (cases[i].checked && cases[i].checked->outcome == outcome) return i;
  }
  return std::nullopt;
}

}  // namespace

Status status_of(const ir::Claim& claim, const std::vector<CaseResult>& cases, std::size_t& deciding,
                 std::string& reason) {
  const bool prove = claim.mode == ir::ClaimMode::Prove;
  const auto settle = [&](std::size_t index, std::string why, Status status) {
    deciding = index;
    reason = std::move(why);
    return status;
  };
  if (cases.empty()) return settle(0, "the quantifier ranges over nothing", Status::Vacuous);
  if (const auto bad = first_unaccepted(cases, certificate::Outcome::Rejected)) {
    return settle(*bad, cases[*bad].checked->reason, Status::Rejected);
  }
  // A violated case decides, whatever else is unknown, unless its own evidence could not be checked.
  for (std::size_t i = 0; i < cases.size(); ++i) {
    const bool accepted = !cases[i].checked || cases[i].checked->outcome == certificate::Outcome::Accepted;
    if (accepted && std::holds_alternative<verdict::Violated>(cases[i].verdict)) {
      return settle(i, "", prove ? Status::Failed : Status::Satisfied);
    }
  }
  if (const auto bad = first_unaccepted(cases, certificate::Outcome::Unavailable)) {
    return settle(*bad, cases[*bad].checked->reason, Status::Unknown);
  }
  if (const auto unknown = first<verdict::Unknown>(cases)) {
    return settle(*unknown, std::get<verdict::Unknown>(cases[*unknown].verdict).reason, Status::Unknown);
  }
  if (const auto vacuous = first<verdict::Vacuous>(cases)) {
    return settle(*vacuous, std::get<verdict::Vacuous>(cases[*vacuous].verdict).reason, Status::Vacuous);
  }
  return settle(0, "", prove ? Status::Satisfied : Status::Failed);
}

}  // namespace bulkhead::query
