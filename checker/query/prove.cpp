#include "checker/query/prove.h"

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <iterator>
#include <list>
#include <map>
#include <thread>

#include "checker/engine/engine.h"
#include "checker/query/cache.h"
#include "checker/query/coverage.h"
#include "checker/query/minimal.h"
#include "checker/query/models.h"
#include "checker/query/places.h"
#include "checker/query/shown.h"
#include "checker/query/survivors.h"
#include "lang/base/parallel.h"

namespace bulkhead::query {
namespace {

using engine::Clock;

/// One case on its way through the run.
struct Job {
  std::size_t claim = 0;                             // index into Proof::claims
  std::size_t index = 0;                             // of the case
  std::optional<obligation::Obligation> obligation;  // none: refused
};

class Run {
 public:
  Run(const ir::World& world, const ProveOptions& options)
      : world_(world),
        options_(options),
        deadline_(Clock::now() + options.timeout),
        threads_(options.jobs != 0 ? options.jobs : std::max(1u, std::thread::hardware_concurrency())),
        second_solver_(options.second_solver) {
    second_solver_.jobs = threads_;
    second_solver_.deadline = deadline_;
  }

  Proof operator()() {
    if (!world_.dynamic.empty()) {
      proof_.refused =
          obligation::Refusal{"the module has sentences about behaviour over time, which this checker does not decide",
                              world_.dynamic.front()};
      return std::move(proof_);
    }
    if (options_.certify == Certify::On || !options_.cache.empty()) {
      const auto version = certificate::solver_version(second_solver_);
      if (version) proof_.solver = *version;
    }
    make_jobs();
    proof_.undecidable = undecidable_conditions(world_);
    look_up();
    search();
    check_found();
    settle();
    if (options_.coverage == Coverage::On) take_notes();
    return std::move(proof_);
  }

 private:
  CaseResult& case_of(const Job& job) { return proof_.claims[job.claim].cases[job.index]; }

  CacheOptions cache_options() const {
    return {options_.cache, proof_.solver.empty() ? "no second solver" : proof_.solver};
  }

  void make_jobs() {
    const obligation::Rules rules(world_);
    for (std::size_t i = 0; i < world_.claims.size(); ++i) {
      const auto& only = options_.only;
      if (!only.empty() && std::find(only.begin(), only.end(), world_.claims[i].name) == only.end()) continue;
      ClaimResult result;
      result.claim = ir::ClaimId{i};
      for (const obligation::Instance& instance : obligation::instances(world_, result.claim)) {
        CaseResult made{instance, verdict::Unknown{"not decided"}, {}, std::nullopt, false};
        Job job{proof_.claims.size(), result.cases.size(), std::nullopt};
        auto obligation = obligation::obligation(rules, result.claim, instance);
        if (obligation) {
          made.assumptions = obligation->assumptions;
          job.obligation = std::move(obligation).value();
        } else {
          made.verdict = verdict::Unknown{obligation.error().reason};
        }
        result.cases.push_back(std::move(made));
        jobs_.push_back(std::move(job));
      }
      proof_.claims.push_back(std::move(result));
    }
  }

  /// What the cache has is checked before it is believed; what is not accepted is dropped and searched for again.
  void look_up() {
    cache_.emplace(world_, cache_options());
    if (!cache_->enabled()) return;
    std::vector<Job*> found;
    std::vector<certificate::Item> items;
    std::list<std::vector<std::string>> hints;  // of the items, which stay where they are
    for (Job& job : jobs_) {
      if (!job.obligation) continue;
      auto entry = cache_->find(*job.obligation, proof_.cache);
      if (!entry) continue;
      case_of(job).verdict = std::move(entry->verdict);
      hints.push_back(std::move(entry->hints));
      items.push_back({job.obligation->claim, job.obligation->instance, &case_of(job).verdict, &hints.back()});
      found.push_back(&job);
    }
    const auto checked = certificate::check(world_, items, second_solver_);
    for (std::size_t i = 0; i < found.size(); ++i) {
      CaseResult& result = case_of(*found[i]);
      if (checked[i].outcome == certificate::Outcome::Accepted) {
        result.checked = checked[i];
        result.from_cache = true;
        ++proof_.cache.hits;
        // Stories name lines of this text, not of the text that the entry was made from.
        if (auto* violated = std::get_if<verdict::Violated>(&result.verdict)) refresh(*found[i]->obligation, *violated);
        continue;
      }
      if (checked[i].outcome == certificate::Outcome::Rejected) {
        cache_->drop(*found[i]->obligation, checked[i].reason, proof_.cache);
      }
      result.verdict = verdict::Unknown{"not decided"};
    }
  }

  engine::Budget budget_until(Clock::time_point deadline) const {
    engine::Budget budget;
    budget.solver.seed = static_cast<std::uint32_t>(options_.seed);
    budget.solver.timeout_ms = static_cast<std::uint32_t>(std::max<long long>(options_.timeout.count(), 1));
    budget.deadline = deadline;
    budget.spacer = options_.spacer;
    budget.child_memory_mib = options_.memory_mib;
    return budget;
  }

  /// What no claim needs, what never happens, what no mistake breaks: side by side, since none looks at another.
  void take_notes() {
    const auto latest = std::min(deadline_, Clock::now() + options_.timeout / 4);
    const auto coverage = [&] {
      Survey found = survey(world_, proof_.claims, {options_.coverage_work, latest, threads_});
      proof_.unproved = std::move(found.unproved);
      proof_.not_judged = std::move(found.not_judged);
    };
    const auto idle = [&] {
      proof_.idle = idle_actions(world_, budget_until(latest), second_solver_, cache_options(), proof_.cache);
    };
    const auto surviving = [&] {
      proof_.survivors = survivors(world_, proof_.claims, {options_.coverage_work / 8, latest, 1});
    };
    const std::function<void()> notes[] = {coverage, idle, surviving};
    std::atomic<std::size_t> next{0};
    in_parallel(std::min(threads_, 2u), [&](std::size_t) {
      for (std::size_t i = next++; i < std::size(notes); i = next++) notes[i]();
    });
  }

  void refresh(const obligation::Obligation& obligation, verdict::Violated& violated) {
    if (!rules_) rules_.emplace(world_);
    refresh_sentences(*rules_, obligation, violated);
    find_minimal(world_, obligation, violated, deadline_);
  }

  void search() {
    std::vector<Job*> open;
    std::vector<obligation::Obligation> obligations;
    for (Job& job : jobs_) {
      if (!job.obligation || case_of(job).from_cache) continue;
      open.push_back(&job);
      obligations.push_back(*job.obligation);
    }
    const std::size_t total = jobs_.size();
    std::size_t done = total - open.size();
    if (options_.progress) options_.progress(done, total);
    engine::limit_memory(options_.memory_mib);
    engine::Session session(world_, budget_until(deadline_));
    auto verdicts = engine::solve_all(obligations, session, threads_, [&](std::size_t) {
      if (options_.progress) options_.progress(++done, total);
    });
    for (std::size_t i = 0; i < open.size(); ++i) {
      verdict::Verdict& verdict = case_of(*open[i]).verdict;
      verdict = std::move(verdicts[i]);
      if (auto* violated = std::get_if<verdict::Violated>(&verdict))
        find_minimal(world_, obligations[i], *violated, deadline_);
    }
  }

  /// Every Violated is replayed; every Holds is checked where that was asked for.
  void check_found() {
    std::vector<Job*> chosen, kept;
    std::vector<certificate::Unsealed> items;
    for (Job& job : jobs_) {
      CaseResult& result = case_of(job);
      if (!job.obligation || result.from_cache || std::holds_alternative<verdict::Unknown>(result.verdict)) continue;
      const auto* violated = std::get_if<verdict::Violated>(&result.verdict);
      const bool free = violated != nullptr && !violated->negation;  // replay needs no second solver
      if (options_.certify == Certify::Off && !free) {
        kept.push_back(&job);
        continue;
      }
      chosen.push_back(&job);
      items.push_back({job.obligation->claim, job.obligation->instance, &result.verdict});
    }
    const auto checked = certificate::check_and_seal(world_, items, second_solver_);
    for (std::size_t i = 0; i < chosen.size(); ++i) {
      CaseResult& result = case_of(*chosen[i]);
      result.checked = checked[i];
      if (checked[i].outcome == certificate::Outcome::Accepted) kept.push_back(chosen[i]);
    }
    store(kept);
  }

  /// Hints are looked for by all threads; nothing depends on which finds them.
  void store(const std::vector<Job*>& kept) {
    if (!cache_->enabled()) return;
    std::vector<std::vector<std::string>> hints(kept.size());
    std::atomic<std::size_t> next{0};
    in_parallel(std::min<std::size_t>(threads_, kept.size()), [&](std::size_t) {
      for (std::size_t i = next++; i < kept.size(); i = next++) {
        if (Clock::now() < deadline_) hints[i] = hints_of(world_, *kept[i]->obligation, case_of(*kept[i]).verdict);
      }
    });
    for (std::size_t i = 0; i < kept.size(); ++i) {
      cache_->store(*kept[i]->obligation, case_of(*kept[i]).verdict, hints[i], proof_.cache);
    }
  }

  void settle() {
    for (ClaimResult& result : proof_.claims) {
      result.status = status_of(world_.at(result.claim), result.cases, result.deciding, result.reason);
    }
  }

  const ir::World& world_;
  const ProveOptions& options_;
  Clock::time_point deadline_;
  unsigned threads_;
  certificate::SolverOptions second_solver_;
  Proof proof_;
  std::vector<Job> jobs_;
  std::optional<CertificateCache> cache_;
  std::optional<obligation::Rules> rules_;  // made for the first verdict that the cache finds violated
};

}  // namespace

Proof prove(const ir::World& world, const ProveOptions& options) {
  return Run(world, options)();
}

std::string default_cache() {
  const char* cache = std::getenv("XDG_CACHE_HOME");
  if (cache != nullptr && cache[0] == '/') return std::string(cache) + "/bulkhead/certificates";
  const char* home = std::getenv("HOME");
  return home != nullptr && home[0] == '/' ? std::string(home) + "/.cache/bulkhead/certificates" : "";
}

std::vector<std::string> unknown_names(const ir::World& world, const std::vector<std::string>& only) {
  std::vector<std::string> unknown;
  for (const std::string& name : only) {
    const bool known = std::any_of(world.claims.begin(), world.claims.end(),
                                   [&](const ir::Claim& claim) { return claim.name == name; });
    if (!known) unknown.push_back(name);
  }
  return unknown;
}

}  // namespace bulkhead::query
