// What the conditions of delegations exclude, checked; and the worlds without that, of which the rest of the evidence
// speaks. Trusted.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "checker/certificate/questions.h"
#include "lang/ir/conditions.h"

namespace bulkhead::certificate {

/// What the evidence of one verdict is about.
struct Basis {
  Grounds* grounds = nullptr;       // of the world without what is excluded: the verdict's own evidence
  Grounds* before = nullptr;        // of the one without what is never or always the case: the questions below
  std::vector<Question> questions;  // that show that
};

/// The worlds that the verdicts on one world rest on, each made once. Any number of threads may use it.
///
/// Requires: the world outlives this and stays as it is.
class Narrowed {
 public:
  explicit Narrowed(const ir::World& world) : world_(world), whole_(std::make_unique<Grounds>(world)) {}

  const ir::World& world() const { return world_; }

  /// The world itself where the verdict excludes nothing; or what does not show what it excludes. What is left to be
  /// shown of it are the questions.
  Result<Basis, std::string> basis(const verdict::Verdict& verdict);

 private:
  struct Place {
    ir::World world;
    std::unique_ptr<Grounds> grounds;
  };
  Grounds& place(const ir::Exclusions& excluded);
  std::string objection(const ir::World& before, const verdict::ExclusionEvidence& evidence);

  const ir::World& world_;
  std::unique_ptr<Grounds> whole_;
  std::mutex mutex_;
  std::map<ir::Exclusions, std::unique_ptr<Place>> places_;
  std::map<std::string, std::string> invariants_;  // by what they are about and made of: "", or what is wrong
};

}  // namespace bulkhead::certificate
