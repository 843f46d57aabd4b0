#include "checker/engine/proving.h"

#include "checker/conditions/left_sides.h"
#include "checker/engine/first_state.h"

namespace bulkhead::engine {

using conditions::Conjunct;
using From = verdict::Conjunct::From;

namespace {

std::string failure_of(const Dropped& dropped) {
  const auto* undecided = std::get_if<Undecided>(&dropped.why);
  return undecided == nullptr ? "that " + dropped.condition + " fails"
                              : "nobody knows whether " + dropped.condition + ": " + undecided->reason;
}

}  // namespace

Proving::Proving(const system::System& larger, std::size_t written, const system::Theorem& theorem,
                 const solver::Limits& limits)
    : written_(written),
      terms_(larger),
      theorem_(theorem),
      stop_(limits.stop),
      solver_(terms_, limits),
      claim_(conditions::claimed(terms_, theorem)) {
  collect();
}

/// The claim and every invariant and lemma of the system; the claim only once.
void Proving::collect() {
  const auto* always = std::get_if<system::Always>(&theorem_.statement);
  for (std::size_t i = 0; i < terms_.system().properties.size(); ++i) {
    const system::Property& property = terms_.system().properties[i];
    if (property.kind == system::PropertyKind::Assumption) continue;
    sources_.push_back(source_of(terms_.system(), written_, i));
    if (always != nullptr && always->property == system::PropertyId{i}) {
      claim_index_ = conjuncts_.size();
      sources_.back().from = From::Claim;
    }
    conjuncts_.push_back({property.name, property.formula});
  }
  if (always != nullptr) return;
  claim_index_ = conjuncts_.size();
  sources_.push_back({From::Claim, claim_.name});
  conjuncts_.push_back(claim_);
}

bool Proving::is_inductive() {
  if (!induction_) induction_ = induct(terms_, solver_, conjuncts_);
  return induction_->keeps(claim_index_);
}

std::string Proving::failure() const {
  std::string reason = "not inductive: " + failure_of(*induction_->fall_of(claim_index_));
  for (const Dropped& dropped : induction_->dropped) {
    if (dropped.conjunct != claim_index_ && sources_[dropped.conjunct].from != From::Inferred) {
      reason += "; " + failure_of(dropped);
    }
  }
  return reason;
}

Invariants Proving::invariants() const {
  Invariants list;
  for (const std::size_t index : induction_->kept) {
    if (index == claim_index_) continue;
    list.push_back({conjuncts_[index].name, system::extracted(terms_.system(), conjuncts_[index].formula)});
  }
  return list;
}

std::vector<system::PropertyId> Proving::kept_lemmas() const {
  std::vector<system::PropertyId> kept;
  std::size_t property = 0;
  for (std::size_t i = 0; i < sources_.size(); ++i, ++property) {
    while (property < terms_.system().properties.size() &&
           terms_.system().properties[property].kind == system::PropertyKind::Assumption) {
      ++property;
    }
    if (sources_[i].from == From::Inferred && induction_->keeps(i)) kept.emplace_back(property);
  }
  return kept;
}

verdict::Verdict Proving::operator()() {
  auto start = first_state(terms_, solver_, theorem_.bounds, stop_);
  const bool inductive = is_inductive();
  if (auto* none = std::get_if<verdict::Verdict>(&start)) return std::move(*none);
  if (!inductive) return verdict::Unknown{failure()};
  verdict::InductiveEvidence evidence;
  evidence.witnesses.push_back(std::get<system::Run>(std::move(start)));
  for (const std::size_t index : needed(terms_, solver_, conjuncts_, induction_->kept, claim_index_)) {
    evidence.conjuncts.push_back(sources_[index]);
  }
  const auto sides = conditions::left_sides(terms_, claim_.formula);
  auto missing = find_sides(terms_, written_, solver_, sides, theorem_.bounds, stop_, evidence.witnesses);
  if (missing) return std::move(*missing);
  return verdict::Holds{{std::move(evidence), {}}};
}

}  // namespace bulkhead::engine
