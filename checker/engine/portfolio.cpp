#include "checker/engine/portfolio.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>

#include "checker/engine/invariants.h"
#include "lang/base/parallel.h"

namespace bulkhead::engine {
namespace {

using verdict::Verdict;

/// Threads for one goal: claims are decided side by side already.
constexpr std::size_t kThreads = 2;

/// "scope: ic3" where an engine says which of its searches it was.
void name_engine(Verdict& verdict, const Engine& engine) {
  std::string* name = nullptr;
  if (auto* holds = std::get_if<verdict::Holds>(&verdict)) name = &holds->engine;
  if (auto* violated = std::get_if<verdict::Violated>(&verdict)) name = &violated->engine;
  if (name != nullptr) *name = std::string(engine.name()) + (name->empty() ? "" : ": " + *name);
}

bool is_shown(const Verdict& verdict) {
  return std::holds_alternative<verdict::Holds>(verdict) || std::holds_alternative<verdict::Vacuous>(verdict);
}

bool is_refuter(const Engine& engine) {
  return engine.role() == Role::Refutes;
}

/// One engine that runs beside others.
struct Runner {
  const Engine* engine = nullptr;
  std::stop_source stop;
  Invariants found;
  Verdict verdict = verdict::Unknown{""};
};

class Race {
 public:
  Race(const std::vector<const Engine*>& engines, const obligation::Obligation& obligation, Session& session,
       const Invariants& known)
      : obligation_(obligation), session_(session), known_(known), runners_(engines.size()) {
    for (std::size_t i = 0; i < engines.size(); ++i) runners_[i].engine = engines[i];
  }

  /// The clock stops everybody.
  void stop() {
    const std::lock_guard lock(mutex_);
    for (Runner& runner : runners_) runner.stop.request_stop();
  }

  /// What the engines have left for others, in their order.
  std::vector<Invariants> found() {
    std::vector<Invariants> list;
    for (Runner& runner : runners_) list.push_back(std::move(runner.found));
    return list;
  }

  Verdict run(std::string& reasons) {
    in_parallel(std::min(kThreads, runners_.size()), [&](std::size_t) { work(); });
    for (const auto wanted : {&Race::shows, &Race::refutes, &Race::came_across}) {
      for (Runner& runner : runners_) {
        if ((this->*wanted)(runner)) return std::move(runner.verdict);
      }
    }
    for (const Runner& runner : runners_) {
      const std::string& reason = std::get<verdict::Unknown>(runner.verdict).reason;
      if (!reason.empty()) reasons += (reasons.empty() ? "" : "; ") + reason;
    }
    return verdict::Unknown{reasons};
  }

 private:
  bool shows(const Runner& runner) const { return is_shown(runner.verdict); }
  bool refutes(const Runner& runner) const {
    return is_refuter(*runner.engine) && std::holds_alternative<verdict::Violated>(runner.verdict);
  }
  bool came_across(const Runner& runner) const { return std::holds_alternative<verdict::Violated>(runner.verdict); }

  void work() {
    for (;;) {
      const std::size_t mine = take();
      if (mine == runners_.size()) return;
      Runner& runner = runners_[mine];
      Verdict verdict = verdict::Unknown{""};
      Turn turn(runner.stop.get_token());
      turn.known = known_;
      turn.found = &runner.found;
      if (!turn.stop.stop_requested()) verdict = runner.engine->solve(obligation_, session_, turn);
      name_engine(verdict, *runner.engine);
      const std::lock_guard lock(mutex_);
      runner.verdict = std::move(verdict);
      settle(mine);
    }
  }

  /// The next engine: those that prove and those that refute by turns, so that neither waits for all of the others.
  std::size_t take() {
    const std::lock_guard lock(mutex_);
    taken_.resize(runners_.size(), false);
    const bool refuter = turn_++ % 2 != 0;
    std::size_t found = runners_.size();
    for (std::size_t i = runners_.size(); i-- > 0;) {
      if (taken_[i]) continue;
      const bool better = found == runners_.size() || is_refuter(*runners_[i].engine) == refuter ||
                          is_refuter(*runners_[found].engine) != refuter;
      if (better) found = i;
    }
    if (found != runners_.size()) taken_[found] = true;
    return found;
  }

  /// Stops whose answer is not wanted any more.
  void settle(std::size_t done) {
    const Runner& runner = runners_[done];
    const bool shown = is_shown(runner.verdict), refuted = refutes(runner);
    if (!shown && !refuted) return;
    for (std::size_t i = 0; i < runners_.size(); ++i) {
      if (i > done || is_refuter(*runners_[i].engine) == shown) runners_[i].stop.request_stop();
    }
  }

  const obligation::Obligation& obligation_;
  Session& session_;
  const Invariants& known_;
  std::vector<Runner> runners_;
  std::mutex mutex_;
  std::vector<bool> taken_;
  std::size_t turn_ = 0;
};

/// Calls `expire` at the deadline, unless it is destroyed before.
class Alarm {
 public:
  Alarm(Clock::time_point deadline, std::function<void()> expire) {
    if (deadline == Clock::time_point::max()) return;
    try {
      thread_ = std::jthread([this, deadline, expire = std::move(expire)](const std::stop_token& stop) {
        std::unique_lock lock(mutex_);
        if (!changed_.wait_until(lock, stop, deadline, [] { return false; }) && !stop.stop_requested()) expire();
      });
    } catch (const std::system_error&) {  // no thread to be had: work budgets end the search all the same
    }
  }

 private:
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::jthread thread_;
};

/// The engines side by side; then, where those that infer have found what the others of them do not know, these again.
class Rounds {
 public:
  Rounds(const obligation::Obligation& obligation, Session& session, const std::stop_token& clock)
      : obligation_(obligation), session_(session), clock_(clock) {}

  Verdict operator()(const std::vector<const Engine*>& engines, Invariants known, std::string& reasons) {
    std::vector<Invariants> found;
    Verdict verdict = race(engines, known, reasons, found);
    const auto* theorem = std::get_if<obligation::Theorem>(&obligation_.goal);
    if (theorem == nullptr || !std::holds_alternative<verdict::Unknown>(verdict)) return verdict;
    const system::System& system = session_.world().at(theorem->system);
    bool anything = false;
    for (const Invariants& one : found) anything = merge(system, known, one) || anything;
    std::vector<const Engine*> again;
    for (const Engine* engine : engines) {
      if (engine->role() == Role::Infers) again.push_back(engine);
    }
    if (!anything || again.size() < 2) return verdict;
    return race(again, known, reasons, found);
  }

 private:
  Verdict race(const std::vector<const Engine*>& engines, const Invariants& known, std::string& reasons,
               std::vector<Invariants>& found) {
    Race race(engines, obligation_, session_, known);
    const std::stop_callback stop(clock_, [&] { race.stop(); });
    Verdict verdict = race.run(reasons);
    found = race.found();
    return verdict;
  }

  const obligation::Obligation& obligation_;
  Session& session_;
  std::stop_token clock_;
};

}  // namespace

Verdict solve_by(const std::vector<std::unique_ptr<Engine>>& engines, const obligation::Obligation& obligation,
                 Session& session) {
  const auto deadline = session.budget().deadline;
  std::string reasons;
  std::vector<const Engine*> others;
  Invariants known;
  std::stop_source clock;
  const Alarm alarm(deadline, [&] { clock.request_stop(); });
  for (const auto& engine : engines) {
    if (!engine->decides(obligation.goal)) continue;
    if (engine->role() != Role::Decides) {
      others.push_back(engine.get());
      continue;
    }
    Turn turn(clock.get_token());
    turn.found = &known;
    Verdict verdict = engine->solve(obligation, session, turn);
    name_engine(verdict, *engine);
    const auto* unknown = std::get_if<verdict::Unknown>(&verdict);
    if (unknown == nullptr) return verdict;
    if (!unknown->reason.empty()) reasons += (reasons.empty() ? "" : "; ") + unknown->reason;
  }
  Verdict verdict = verdict::Unknown{reasons};
  if (!others.empty()) verdict = Rounds(obligation, session, clock.get_token())(others, std::move(known), reasons);
  auto* unknown = std::get_if<verdict::Unknown>(&verdict);
  if (unknown != nullptr && clock.stop_requested() && unknown->reason.find(kTimeIsUp) == std::string::npos) {
    unknown->reason = std::string(kTimeIsUp) + (unknown->reason.empty() ? "" : "; " + unknown->reason);
  }
  return verdict;
}

}  // namespace bulkhead::engine
