// What was asked and answered about the cases of a proof before anything was changed. Internal to checker/query.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "checker/query/mutant.h"
#include "checker/query/proof.h"

namespace bulkhead::query {

/// Which way access moves a verdict from what it is.
enum class Breaks : std::uint8_t {
  OnMore,    // holds until somebody may more, or is violated until somebody may less ...
  OnLess,    // ... and the other way round
  OnEither,  // it depends on both
  OnSums,    // it depends on quantities alone
  OnNothing  // of the policy: it is about a model
};

struct Baseline {
  ir::ClaimId claim;
  obligation::Instance instance;
  std::size_t verdict = 0;  // its kind
  Breaks breaks = Breaks::OnEither;
  std::string questions;
  std::vector<ir::Object> objects;     // some that the claim speaks of
  std::vector<ir::Request> witnesses;  // of a `can` that holds
  bool graph = false;
  bool always_asks = false;         // of a graph: it may be vacuous
  std::size_t closed = kNotClosed;  // of a graph claim that holds: into Baselines::closed
  static constexpr std::size_t kNotClosed = ~std::size_t{0};

  /// Whether a change of this kind can change the verdict at all.
  bool minds(Shift shift) const;
};

/// All cases of a proof.
class Baselines {
 public:
  Baselines(const ir::World& world, const std::vector<ClaimResult>& claims);

  const std::vector<Baseline>& all() const { return all_; }
  /// text_of_conditions.
  const std::string& conditions() const { return conditions_; }
  /// The closed sets of claims that hold; many claims rest on one.
  const std::vector<std::vector<obligation::GraphNode>>& closed() const { return closed_; }
  /// Indices of the cases that speak of one of the owners, ascending.
  std::vector<std::size_t> about(const Owners& owners) const;

 private:
  void add(const obligation::Rules& rules, ir::ClaimId claim, const CaseResult& result);

  std::string conditions_;
  std::vector<Baseline> all_;
  std::vector<std::vector<obligation::GraphNode>> closed_;
  std::map<std::vector<obligation::GraphNode>, std::size_t> places_;  // in closed_
  std::map<ir::SubjectId, std::vector<std::size_t>> by_subject_;      // ascending
};

/// Everything that is asked for an obligation but graphs, as text.
std::string questions_of(const obligation::Obligation& obligation);

}  // namespace bulkhead::query
