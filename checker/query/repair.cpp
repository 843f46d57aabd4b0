#include "checker/query/repair.h"

#include <algorithm>
#include <set>

#include "checker/query/minimal.h"
#include "checker/query/prove.h"
#include "lang/ir/conditions.h"
#include "lang/ir/eval.h"

namespace bulkhead::query {
namespace {

using Clock = std::chrono::steady_clock;

bool contains(const SentenceSet& set, ir::SentenceId element) {
  return std::find(set.begin(), set.end(), element) != set.end();
}

const verdict::Violated* violation(const ClaimResult& result) {
  if (result.cases.empty()) return nullptr;
  return std::get_if<verdict::Violated>(&result.cases.at(result.deciding).verdict);
}

class Search {
 public:
  Search(const ir::World& world, const RepairOptions& options)
      : world_(world), options_(options), deadline_(Clock::now() + options.timeout), removable_(removable(world)) {}

  Repairs run() {
    if (!choose_targets()) return std::move(repairs_);
    bool certain = true;  // of all sets so far it is known whether they repair
    while (repairs_.confirmed.size() < options_.limit) {
      if (Clock::now() >= deadline_) return stop("the time is over");
      const std::optional<SentenceSet> set = sets_.next();
      if (!set) break;
      if (!try_set(*set, certain)) return std::move(repairs_);
      if (repairs_.confirmed.size() == 1 && repairs_.confirmed.front().sentences == *set) repairs_.minimum = certain;
    }
    if (sets_.gave_up()) return stop("too many sets of sentences");
    repairs_.exhausted = repairs_.confirmed.size() < options_.limit && certain;
    if (repairs_.confirmed.empty() && repairs_.reason.empty())
      repairs_.reason =
          certain ? "no set of sentences can be removed or narrowed without losing what another claim asks for"
                  : "no set was found, and of some it is not known";
    return std::move(repairs_);
  }

 private:
  Repairs stop(std::string reason) {
    repairs_.reason = std::move(reason);
    return std::move(repairs_);
  }

  Proof decide(const ir::World& world, std::vector<std::string> only) const {
    ProveOptions options;
    options.only = std::move(only);
    options.timeout = std::max(std::chrono::duration_cast<std::chrono::milliseconds>(deadline_ - Clock::now()),
                               std::chrono::milliseconds(1));
    return prove(world, options);
  }

  /// Claims about models do not depend on what can be removed here; the confirmation proves them too.
  bool is_about_policy(ir::ClaimId claim) const {
    return !std::holds_alternative<ir::TheoremClaim>(world_.at(claim).form);
  }

  bool choose_targets() {
    if (!ir::is_monotone(world_)) {
      repairs_.reason = "conditions of delegations ask that somebody lacks something: with fewer lines more can happen";
      return false;
    }
    Proof proof = decide(world_, {});
    if (proof.refused) {
      repairs_.reason = proof.refused->reason;
      return false;
    }
    for (const ClaimResult& result : proof.claims) {
      const ir::Claim& claim = world_.at(result.claim);
      const auto& names = options_.claims;
      const bool named = std::find(names.begin(), names.end(), claim.name) != names.end();
      if (result.status == Status::Satisfied && is_about_policy(result.claim)) kept_.push_back(claim.name);
      if (result.status != Status::Failed || (!names.empty() && !named)) continue;
      repairs_.targets.push_back(result.claim);
      targets_.push_back(claim.name);
      const verdict::Violated* violated = violation(result);
      if (claim.mode == ir::ClaimMode::Refute || violated == nullptr || violated->negation ||
          !is_about_policy(result.claim))
        repairs_.reason =
            "`" + claim.name + "` is not violated by what the policy allows: no sentence that is removed restores it";
    }
    repairs_.before = std::move(proof.claims);
    return !targets_.empty() && repairs_.reason.empty();
  }

  /// False: the search is over, with the reason.
  bool try_set(const SentenceSet& set, bool& certain) {
    const ir::World smaller = without(world_, set);
    const Proof proof = decide(smaller, targets_);
    for (const ClaimResult& result : proof.claims) {
      if (result.status == Status::Satisfied) continue;
      if (result.status == Status::Failed) return add_conflict(smaller, result, set);
      sets_.block(set);  // vacuous, unknown
      certain = certain && result.status == Status::Vacuous;
      return true;
    }
    Candidate candidate{with_dependents(set), needs_of(set), keeps_the_others(smaller)};
    if (candidate.sentences.empty()) {  // some of them stand where nothing may be changed
      sets_.block(set);
      return true;
    }
    if (options_.confirm(candidate)) repairs_.confirmed.push_back(std::move(candidate));
    sets_.block(set);
    return true;
  }

  /// A sentence that hands something over names its channel: it goes where the channel goes. None: it may not.
  SentenceSet with_dependents(const SentenceSet& set) const {
    SentenceSet all = set;
    for (const ir::Delegation& delegation : world_.delegations) {
      if (!delegation.via.valid() || !contains(set, world_.at(delegation.via).sentence)) continue;
      if (!options_.changeable(delegation.sentence)) return {};
      all.push_back(delegation.sentence);
    }
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
    return all;
  }

  bool keeps_the_others(const ir::World& smaller) const {
    if (kept_.empty()) return true;
    const Proof proof = decide(smaller, kept_);
    return std::all_of(proof.claims.begin(), proof.claims.end(),
                       [](const ClaimResult& result) { return result.status == Status::Satisfied; });
  }

  bool add_conflict(const ir::World& smaller, const ClaimResult& result, const SentenceSet& set) {
    const verdict::Violated* violated = violation(result);
    if (violated == nullptr || violated->trace.minimal.empty()) {
      repairs_.reason = "which lines violate `" + world_.at(result.claim).name + "` was not found out in time";
      return false;
    }
    SentenceSet changeable;
    bool met = false;
    for (const ir::SentenceId sentence : violated->trace.minimal) {
      if (!contains(removable_, sentence)) continue;
      if (options_.changeable(sentence)) changeable.push_back(sentence);
      met = met || contains(set, sentence);
    }
    const std::string name = "`" + world_.at(result.claim).name + "`";
    if (met) {  // it would be found again and again
      repairs_.reason = name + " is violated by sentences that were taken away already: this is a fault of the search";
      return false;
    }
    if (changeable.empty()) {
      repairs_.reason =
          name + " is violated by sentences outside of the files that are repaired, or that give nothing, alone";
      return false;
    }
    note_needs(smaller, result.claim, *violated);
    sets_.add_conflict(std::move(changeable));
    return true;
  }

  void note_needs(const ir::World& smaller, ir::ClaimId claim, const verdict::Violated& violated) {
    std::string objects;
    const ir::ClaimForm& form = world_.at(claim).form;
    if (const auto* cannot = std::get_if<ir::Cannot>(&form)) objects = cannot->objects.text;
    if (const auto* granted = std::get_if<ir::NotGranted>(&form)) objects = granted->objects.text;
    for (const verdict::Step& step : violated.trace.steps) {
      if (step.handover) {
        const ir::Delegation& delegation = smaller.at(step.handover->delegation);
        needs_.insert({delegation.sentence, delegation.to, step.handover->right, ""});
      }
      for (const ir::Request& request : step.requests) {
        for (const ir::RuleId rule : ir::decide(smaller, request).permits)
          needs_.insert({smaller.at(rule).sentence, request.subject, request.right, objects});
      }
    }
  }

  std::vector<Need> needs_of(const SentenceSet& set) const {
    std::vector<Need> needs;
    for (const Need& need : needs_) {
      if (contains(set, need.sentence)) needs.push_back(need);
    }
    return needs;
  }

  const ir::World& world_;
  const RepairOptions& options_;
  Clock::time_point deadline_;
  SentenceSet removable_;
  std::vector<std::string> targets_, kept_;
  HittingSets sets_;
  std::set<Need> needs_;
  Repairs repairs_;
};

}  // namespace

Repairs repair(const ir::World& world, const RepairOptions& options) {
  return Search(world, options).run();
}

}  // namespace bulkhead::query
