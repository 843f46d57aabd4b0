// Searches side by side, of which the first whose evidence is accepted ends the others.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "checker/safety/decision.h"
#include "lang/base/parallel.h"

namespace bulkhead::safety {

/// Asks for a stop when the time is up, unless it is told before that nobody needs it any more.
class Alarm {
 public:
  Alarm(std::chrono::milliseconds time, std::stop_source source)
      : thread_([this, time, source](const std::stop_token& done) mutable {
          std::unique_lock lock(mutex_);
          condition_.wait_for(lock, done, time, [] { return false; });
          if (!done.stop_requested()) source.request_stop();
        }) {}

 private:
  std::mutex mutex_;
  std::condition_variable_any condition_;
  std::jthread thread_;
};

/// All at once. What a search finds is judged when it comes, one at a time: whoever is accepted stops the others, and
/// where one is refused they go on. `Found` says by which engine it was found, and whether there is anything to judge.
template <typename Found, typename Answer>
class Race {
 public:
  /// For a search that goes on where what it found is refused: whether it is accepted.
  using Offer = std::function<bool(const Found&)>;
  using Search = std::function<Found(const std::stop_token&, const Offer&)>;
  using Judge = std::function<Answer(const Found&)>;

  explicit Race(Judge judge) : judge_(std::move(judge)) {}

  Decided<Answer> run(const std::vector<Search>& searches, std::chrono::milliseconds time) {
    const Alarm alarm(time, source_);
    const Offer offer = [this](const Found& found) {
      const std::lock_guard lock(mutex_);
      settle(found);
      return accepted_.has_value();
    };
    in_parallel(searches.size(), [&](std::size_t which) { offer(searches[which](source_.get_token(), offer)); });
    if (accepted_) return std::move(*accepted_);
    return {Unknown{reasons_}, "", since(begin_), checked_};
  }

 private:
  using Clock = std::chrono::steady_clock;
  static std::chrono::milliseconds since(Clock::time_point begin) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begin);
  }

  void settle(const Found& found) {
    if (accepted_) return;
    const auto searched = since(begin_);
    const Clock::time_point end = Clock::now();
    Answer answer = judge_(found);
    if (found.decides()) checked_ += since(end);
    if (const auto* unknown = std::get_if<Unknown>(&answer)) {
      reasons_ += (reasons_.empty() ? "" : "; ") + found.engine + ": " + unknown->reason;
      return;
    }
    accepted_ = Decided<Answer>{std::move(answer), found.engine, searched, checked_};
    source_.request_stop();
  }

  Judge judge_;
  Clock::time_point begin_ = Clock::now();
  std::stop_source source_;
  std::mutex mutex_;
  std::optional<Decided<Answer>> accepted_;
  std::string reasons_;
  std::chrono::milliseconds checked_{0};
};

}  // namespace bulkhead::safety
