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

/// By something that the policy allows: what is removed can restore it. What a parent lacks is no more than a part of
/// it.
bool is_shown_by_run(const ir::Claim& claim, const verdict::Violated& violated) {
  return !violated.negation || std::holds_alternative<ir::Attenuates>(claim.form);
}

/// Sentences of which one has to go: the smallest set that violates by itself; or, where a condition may ask that
/// somebody lacks something, every line of the run, which stays a run while all of them stay.
SentenceSet lines_of(const verdict::Violated& violated) {
  if (!violated.trace.minimal.empty()) return violated.trace.minimal;
  SentenceSet lines;
  for (const verdict::Step& step : violated.trace.steps)
    lines.insert(lines.end(), step.sentences.begin(), step.sentences.end());
  std::sort(lines.begin(), lines.end());
  lines.erase(std::unique(lines.begin(), lines.end()), lines.end());
  return lines;
}

class Search {
 public:
  Search(const ir::World& world, const RepairOptions& options)
      : world_(world),
        options_(options),
        deadline_(Clock::now() + options.timeout),
        removable_(removable(world)),
        monotone_(ir::is_monotone(world)) {}

  Repairs run() {
    if (!choose_targets()) return std::move(repairs_);
    // Of all sets so far it is known whether they repair. Where conditions ask that somebody lacks something, more may
    // be violated with fewer lines, and a set may work that does not hit what is violated without another one.
    bool certain = monotone_;
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
      if (claim.mode == ir::ClaimMode::Refute || violated == nullptr || !is_shown_by_run(claim, *violated) ||
          !is_about_policy(result.claim))
        repairs_.reason =
            "`" + claim.name + "` is not violated by what the policy allows: no sentence that is removed restores it";
    }
    repairs_.before = std::move(proof.claims);
    return !targets_.empty() && repairs_.reason.empty();
  }

  /// False: the search is over, with the reason.
  bool try_set(SentenceSet set, bool& certain) {
    const ir::World smaller = without(world_, set);
    const Proof proof = decide(smaller, targets_);
    for (const ClaimResult& result : proof.claims) {
      if (result.status == Status::Satisfied) continue;
      if (result.status == Status::Failed) return add_conflict(smaller, result, set);
      sets_.block(set);  // vacuous, unknown
      certain = certain && result.status == Status::Vacuous;
      return true;
    }
    const SentenceSet tried = set;
    if (!monotone_) drop_needless(set);
    Candidate candidate{with_dependents(set), needs_of(set), keeps_the_others(without(world_, set))};
    sets_.block(tried);
    if (set != tried) sets_.block(set);
    if (candidate.sentences.empty()) return true;  // some of them stand where nothing may be changed
    if (options_.confirm(candidate)) repairs_.confirmed.push_back(std::move(candidate));
    return true;
  }

  /// Until none of them can stay alone; where violations are not monotone that says nothing of two that stay.
  void drop_needless(SentenceSet& set) const {
    for (std::size_t i = 0; set.size() > 1 && i < set.size();) {
      SentenceSet fewer = set;
      fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
      const Proof proof = decide(without(world_, fewer), targets_);
      const bool works = std::all_of(proof.claims.begin(), proof.claims.end(),
                                     [](const ClaimResult& result) { return result.status == Status::Satisfied; });
      i = works ? 0 : i + 1;
      if (works) set = std::move(fewer);
    }
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
    const bool told = violated != nullptr && (!violated->trace.minimal.empty() || !monotone_);
    if (!told || lines_of(*violated).empty()) {
      repairs_.reason = "which lines violate `" + world_.at(result.claim).name + "` was not found out in time";
      return false;
    }
    SentenceSet changeable;
    bool met = false;
    for (const ir::SentenceId sentence : lines_of(*violated)) {
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
      if (step.handover && !step.handover->revocation.valid()) {
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
  bool monotone_;
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
