// Asking the checker about a policy in the words of claims: each becomes a claim of a text beside the policy, and is
// decided like one that its author wrote.
#pragma once

#include <chrono>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "checker/report/answer.h"
#include "cli/policy.h"

namespace bulkhead::cli {

struct InquiryLimits {
  std::chrono::milliseconds timeout{60'000};
  bool certify = false;  // have the evidence checked, and say in each finding whether it was accepted
};

/// What came of one claim.
struct Finding {
  enum class Outcome : unsigned char { Holds, Violated, Vacuous, Unknown };
  Outcome outcome = Outcome::Unknown;
  std::string reason;      // of Vacuous and Unknown
  bool certified = false;  // the evidence for every case of the claim was accepted
  /// Of a `can` that holds: what is handed over on the way, then one step with the requests. Of influence that is
  /// found: the same, then the edges of the path, in order. What is handed over goes from the giver to the receiver,
  /// and what is taken back stands between these two as well.
  struct Step {
    std::string from;
    std::string to;
    bool to_network = false;
    bool of_right = false;             // handed on or taken back: there may be several between the same two
    std::string cause;                 // "" of requests alone
    std::vector<std::string> witness;  // "A may read Data:"/x""
    std::vector<report::Place> sentences;
  };
  std::vector<Step> steps;
  std::vector<std::string> assumptions;
};

/// One finding for each claim ("A can read Secrets"), or what is wrong with the policy or a claim.
///
/// Requires: each claim is one claim (query::read_question sees to that of what people ask).
std::variant<std::vector<Finding>, Unreadable> inquire(const PolicyInput& input, const std::vector<std::string>& claims,
                                                       const InquiryLimits& limits);

/// The network as an end of a path: subjects begin with a letter.
inline constexpr const char* kNetworkEnd = "*";
/// From whom to whom: subjects by name (an open container is either of the two that stand for it), or kNetworkEnd.
using PathEnds = std::pair<std::string, std::string>;

/// For each: Holds where no path leads, Violated with the steps of one. As the claim `protected from`, which has no
/// word for the network.
///
/// Requires: each names subjects of the policy, or the network, and the two are not one.
std::variant<std::vector<Finding>, Unreadable> inquire_paths(const PolicyInput& input,
                                                             const std::vector<PathEnds>& paths,
                                                             const InquiryLimits& limits);

}  // namespace bulkhead::cli
