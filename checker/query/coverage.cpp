#include "checker/query/coverage.h"

#include <algorithm>
#include <atomic>
#include <deque>
#include <map>
#include <optional>
#include <set>

#include "checker/engine/engine.h"
#include "checker/query/baseline.h"
#include "checker/query/model_coverage.h"
#include "checker/query/model_mutant.h"
#include "checker/query/places.h"
#include "lang/base/parallel.h"
#include "lang/ir/eval.h"
#include "lang/ir/from_policy.h"

namespace bulkhead::query {
namespace {

using engine::Clock;

/// One part in so many of the work may be spent on models, where conditions and runs cost the most.
constexpr std::uint64_t kShareOfModels = 12;

/// Tries the mutants of one sentence after the other, in a world of its own.
class Surveyor {
 public:
  Surveyor(const ir::World& world, const Baselines& baselines, const std::vector<Made>& made,
           const SurveyLimits& limits)
      : world_(world),
        baselines_(baselines),
        made_(made),
        limits_(limits),
        rules_(world_),
        per_claim_(20 + 4 * (world_.rules.size() / std::max<std::size_t>(world_.subjects.size(), 1))) {}
  Surveyor(const Surveyor&) = delete;
  Surveyor& operator=(const Surveyor&) = delete;

  struct Judgement {
    std::optional<bool> matters;  // none: the work that may be spent, or the time, is
    std::uint64_t work = 0;
  };
  /// Whether deleting, widening or narrowing the sentence changes the verdict on a claim, of those about graphs or of
  /// the others. `most`: the work that may be spent; with 0 only sentences that no claim speaks of are judged.
  Judgement judge(ir::SentenceId sentence, bool graph, std::uint64_t most) {
    work_ = 0;
    most_ = most;
    return {matters(sentence, graph), work_};
  }

 private:
  /// What is worked out for one mutant, at most once.
  struct Trial {
    const Owners& owners;
    const obligation::Rules& rules;
    std::optional<engine::Session> session;
    std::map<std::size_t, bool> still_closed;  // by Baseline::closed
    std::optional<bool> conditions;            // same_conditions
  };

  std::optional<bool> matters(ir::SentenceId sentence, bool graph) {
    const Made& made = made_.at(sentence.index());
    const Owners owners = owners_of(world_, made);
    const std::vector<std::size_t> concerned = baselines_.about(owners);
    for (const Mutation mutation : kMutations) {
      const Mutant mutant(world_, sentence, made, mutation);
      if (mutant.shift() == Shift::None) continue;
      std::optional<obligation::Rules> more;
      if (mutant.adds_rules()) more.emplace(world_);
      Trial trial{owners, more ? *more : rules_, std::nullopt, {}, std::nullopt};
      for (const std::size_t index : concerned) {
        const Baseline& base = baselines_.all()[index];
        if (base.graph != graph || !base.minds(mutant.shift())) continue;
        if (work_ >= most_ || Clock::now() > limits_.deadline) return std::nullopt;
        const bool changed = changes(base, trial);
        if (changed && Clock::now() > limits_.deadline) return std::nullopt;  // cut off, or changed: nobody knows
        if (changed) return true;
      }
    }
    return false;
  }

  engine::Session& session(Trial& trial) {
    if (!trial.session) {
      work_ += world_.rules.size() / 4;
      engine::Budget budget;
      budget.deadline = limits_.deadline;
      trial.session.emplace(world_, budget);
    }
    return *trial.session;
  }

  /// A closed set that held without `owner` is closed still where no edge of it leads to `owner` now: the other edges
  /// do not depend on what that subject may do.
  bool still_closed(const Baseline& base, Trial& trial) {
    if (base.closed == Baseline::kNotClosed || trial.owners.everybody || trial.owners.subjects.size() != 1)
      return false;
    const auto [found, fresh] = trial.still_closed.emplace(base.closed, false);
    if (!fresh) return found->second;
    const std::vector<obligation::GraphNode>& closed = baselines_.closed()[base.closed];
    const obligation::GraphNode node{*trial.owners.subjects.begin()};
    engine::Session& now = session(trial);
    work_ += 5 * closed.size();
    found->second = std::none_of(closed.begin(), closed.end(), [&](const obligation::GraphNode& from) {
      if (from == node) return true;
      const engine::SharedEdge edge = now.edge(obligation::View{}, from, node);
      return edge->exists.has_value() || !edge->unknown.empty();
    });
    return found->second;
  }

  bool changes(const Baseline& base, Trial& trial) {
    if (base.graph && !base.always_asks && still_closed(base, trial)) return false;
    work_ += per_claim_;
    const auto made = obligation::obligation(trial.rules, base.claim, base.instance);
    if (!made) return true;
    if (!base.graph && questions_of(*made) == base.questions && same_conditions(*made, trial)) return false;
    if (replays(base)) return true;
    if (still_witnessed(base)) return false;
    if (base.graph) work_ += world_.rules.size();
    return engine::solve(*made, session(trial)).index() != base.verdict;
  }

  /// Whatever the conditions of delegations rest on is as it was, or plays no part.
  bool same_conditions(const obligation::Obligation& made, Trial& trial) {
    const bool plays_no_part = std::holds_alternative<obligation::Theorem>(made.goal) ||
                               std::holds_alternative<obligation::Linear>(made.goal) || baselines_.conditions().empty();
    if (plays_no_part) return true;
    if (!trial.conditions) {
      work_ += per_claim_ * world_.possessions.size();
      trial.conditions = text_of_conditions(trial.rules) == baselines_.conditions();
    }
    return *trial.conditions;
  }

  /// A `can` that held is shown still by the requests that showed it: no search is needed.
  bool still_witnessed(const Baseline& base) const {
    return !base.witnesses.empty() &&
           std::all_of(base.witnesses.begin(), base.witnesses.end(),
                       [&](const ir::Request& request) { return ir::decide(world_, request).allowed; });
  }

  /// A claim that held is violated by a request that is known already: no search is needed.
  bool replays(const Baseline& base) {
    constexpr std::size_t kHolds = 0;
    const ir::Claim& claim = world_.at(base.claim);
    if (base.verdict != kHolds) return false;
    const auto tried = [&](const ir::SubjectRef& reference, ir::Rights rights) {
      const ir::SubjectId subject = ir::resolve(reference, base.instance.variable);
      for (const ir::Object& object : base.objects) {
        for (const ir::Right right : ir::kAllRights) {
          if (rights.has(right) && ir::decide(world_, {subject, right, object, {}}).allowed) return true;
        }
      }
      return false;
    };
    if (const auto* cannot = std::get_if<ir::Cannot>(&claim.form)) return tried(cannot->subject, cannot->rights);
    if (const auto* none = std::get_if<ir::NotGranted>(&claim.form)) return tried(none->subject, none->rights);
    return false;
  }

  ir::World world_;
  const Baselines& baselines_;
  const std::vector<Made>& made_;
  const SurveyLimits& limits_;
  obligation::Rules rules_;  // of world_; mutants change neither their places nor their subjects
  std::uint64_t per_claim_;
  std::uint64_t work_ = 0;  // on the sentence at hand, in rules read, about
  std::uint64_t most_ = 0;
};

/// By sentence: whether it declares something, claims something, or is a setting that mutants do not change.
std::vector<bool> declarations(const ir::World& world) {
  std::vector<bool> declares(world.sentences.size(), false);
  const auto mark = [&](ir::SentenceId sentence) {
    if (sentence.valid()) declares.at(sentence.index()) = true;
  };
  for (const ir::Volume& volume : world.volumes) mark(volume.sentence);
  for (const ir::ObjectSet& set : world.sets) mark(set.sentence);
  for (const ir::Pod& pod : world.pods) mark(pod.sentence);
  for (const ir::Claim& claim : world.claims) mark(claim.sentence);
  for (const ir::SentenceId sentence : world.dynamic) mark(sentence);
  for (const ir::Channel& channel : world.channels) mark(channel.sentence);
  for (const ir::Holding& holding : world.holdings) mark(holding.sentence);
  for (const ir::Delegation& delegation : world.delegations) mark(delegation.sentence);
  for (const ir::Revocation& revocation : world.revocations) mark(revocation.sentence);
  for (const ir::Declassification& one : world.declassifications) mark(one.sentence);
  for (const ir::Key& key : world.keys) mark(key.sentence);
  for (const ir::Subject& subject : world.subjects) {
    mark(subject.sentence);
    mark(subject.level_sentence);
    for (const ir::SyscallDenial& denial : subject.denials) mark(denial.sentence);
  }
  return declares;
}

/// The user's sentences that made rules, mounts or settings, in order; and those that made nothing that a claim could
/// read (a user, a group, an image): no claim covers them, and no mutant has to be tried to find that out.
std::vector<ir::SentenceId> candidates(const ir::World& world, const std::vector<Made>& made) {
  const std::vector<bool> declares = declarations(world);
  std::vector<ir::SentenceId> list;
  for (std::size_t i = 0; i < made.size(); ++i) {
    const ir::Sentence& sentence = world.sentences[i];
    if (sentence.implied || sentence.library || is_of_model(world, ir::SentenceId{i})) continue;
    if (!made[i].nothing() || !declares[i]) list.push_back(ir::SentenceId{i});
  }
  return list;
}

/// Sentences of which a claimed model reads that the policy says so: mutants of the policy do not reach into models.
std::set<ir::SentenceId> read_by_models(const ir::World& world) {
  std::set<ir::SentenceId> read;
  std::set<ir::SystemId> claimed;
  for (const ir::Claim& claim : world.claims) {
    if (const auto* theorem = std::get_if<ir::TheoremClaim>(&claim.form)) claimed.insert(theorem->system);
  }
  for (const ir::SystemId id : claimed) {
    const system::System& system = world.at(id);
    for (std::size_t i = 0; i < system.functions.size(); ++i) {
      if (!system.functions[i].from_policy) continue;
      const auto relation = ir::from_policy(world, system, system::FunctionId{i});
      for (std::size_t row = 0; relation && *relation && row < (*relation)->size(); ++row) {
        const std::vector<ir::SentenceId>& said = (**relation)[row].sentences;
        read.insert(said.begin(), said.end());
      }
    }
  }
  return read;
}

/// Judges sentences in order, several at once, until the work that may be spent is. The first that does not fit within
/// it is not judged, nor are those after it that would take any: which these are does not depend on the threads.
std::vector<std::optional<bool>> judge_all(std::deque<Surveyor>& surveyors, const std::vector<ir::SentenceId>& list,
                                           bool graph, std::uint64_t& left) {
  std::vector<Surveyor::Judgement> judgements(list.size());
  std::atomic<std::size_t> next{0};
  std::atomic<std::uint64_t> spent{0};
  const auto work = [&](std::size_t worker) {
    Surveyor& surveyor = surveyors[worker];
    for (std::size_t i = next++; i < list.size(); i = next++) {
      judgements[i] = surveyor.judge(list[i], graph, spent <= left ? left : 0);
      spent += judgements[i].work;
    }
  };
  in_parallel(surveyors.size(), work);
  std::vector<std::optional<bool>> verdicts(list.size());
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (judgements[i].work > left) left = 0;
    if (judgements[i].work > left) continue;
    left -= judgements[i].work;
    verdicts[i] = judgements[i].matters;
  }
  return verdicts;
}

/// Of everything but models. `left`: the work that may be spent, and then what is left of it.
Survey survey_policy(const ir::World& world, const std::vector<ClaimResult>& claims, const SurveyLimits& limits,
                     std::uint64_t& left) {
  const std::vector<Made> made = made_by(world);
  const Baselines baselines(world, claims);
  std::vector<ir::SentenceId> open = candidates(world, made);
  // A copy of the world for each thread; where there is little to do, one is enough.
  const std::size_t threads = std::clamp<std::size_t>(open.size() / 32, 1, std::max(limits.jobs, 1u));
  std::deque<Surveyor> surveyors;
  for (std::size_t i = 0; i < threads; ++i) surveyors.emplace_back(world, baselines, made, limits);
  Survey found;
  // The claims about graphs come last: they cost the most, and most sentences are covered by a shorter one.
  for (const bool graph : {false, true}) {
    const auto verdicts = judge_all(surveyors, open, graph, left);
    std::vector<ir::SentenceId> uncovered;
    for (std::size_t i = 0; i < open.size(); ++i) {
      if (!verdicts[i]) found.not_judged.push_back(open[i]);
      if (verdicts[i] && !*verdicts[i]) uncovered.push_back(open[i]);
    }
    open = std::move(uncovered);
  }
  const std::set<ir::SentenceId> read = read_by_models(world);
  for (const ir::SentenceId sentence : open) {
    (read.count(sentence) != 0 ? found.not_judged : found.unproved).push_back(sentence);
  }
  return found;
}

}  // namespace

Survey survey(const ir::World& world, const std::vector<ClaimResult>& claims, const SurveyLimits& limits) {
  std::uint64_t left = limits.work;
  Survey found = survey_policy(world, claims, limits, left);
  SurveyLimits rest = limits;
  rest.work = std::min(left, limits.work / kShareOfModels);
  const Survey models = survey_models(world, claims, rest);
  const auto add = [](std::vector<ir::SentenceId>& list, const std::vector<ir::SentenceId>& more) {
    list.insert(list.end(), more.begin(), more.end());
    std::sort(list.begin(), list.end());
  };
  add(found.unproved, models.unproved);
  add(found.not_judged, models.not_judged);
  return found;
}

}  // namespace bulkhead::query
