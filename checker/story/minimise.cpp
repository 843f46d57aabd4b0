#include "checker/story/minimise.h"

#include <functional>

#include "lang/system/replay.h"

namespace bulkhead::story {

using namespace bulkhead::system;

namespace {

/// How many more replays there may be.
class Replays {
 public:
  explicit Replays(std::stop_token stop) : stop_(std::move(stop)) {}
  bool take() { return left_ > 0 && !stop_.stop_requested() && left_-- > 0; }

 private:
  int left_ = kMaxReplays;
  std::stop_token stop_;
};

/// The run without `count` steps from `begin` on.
Run without(const Run& run, std::size_t begin, std::size_t count) {
  Run shorter = run;
  const auto first = shorter.steps.begin() + static_cast<std::ptrdiff_t>(begin);
  shorter.steps.erase(first, first + static_cast<std::ptrdiff_t>(count));
  if (run.loop && *run.loop > begin) shorter.loop = *run.loop >= begin + count ? *run.loop - count : begin;
  return shorter;
}

/// Drops steps, many at once first, as long as `shows` likes the result. True: some were dropped.
bool shrink(Run& run, Replays& replays, const std::function<bool(const Run&)>& shows) {
  bool shrunk = false;
  for (std::size_t count = run.steps.size(); count > 0; count /= 2) {
    for (std::size_t end = run.steps.size(); end >= count && replays.take();) {
      Run shorter = without(run, end - count, count);
      if (shows(shorter)) {
        run = std::move(shorter);
        shrunk = true;
        end = end - count;
      } else {
        --end;
      }
    }
  }
  return shrunk;
}

}  // namespace

Run minimise(const System& system, const Theorem& theorem, Run run, const std::stop_token& stop) {
  Replays replays(stop);
  const auto shows = [&](const Run& one) { return !replay_violation(system, theorem, one); };
  while (shrink(run, replays, shows)) {
  }
  return run;
}

std::pair<Run, Run> minimise(const System& system, const Theorem& theorem, Run left, Run right,
                             const std::stop_token& stop) {
  Replays replays(stop);
  // A step that is in both runs can only go from both: first together, then what is in one alone.
  const auto in_both = [&] {
    for (std::size_t i = left.steps.size(); i-- > 0;) {
      for (std::size_t j = right.steps.size(); j-- > 0;) {
        if (left.steps[i] != right.steps[j] || !replays.take()) continue;
        Run a = without(left, i, 1), b = without(right, j, 1);
        if (replay_leak(system, theorem, a, b)) continue;
        left = std::move(a);
        right = std::move(b);
        return true;
      }
    }
    return false;
  };
  bool shrunk = true;
  while (shrunk) {
    shrunk = shrink(left, replays, [&](const Run& one) { return !replay_leak(system, theorem, one, right); });
    shrunk = shrink(right, replays, [&](const Run& one) { return !replay_leak(system, theorem, left, one); }) || shrunk;
    shrunk = in_both() || shrunk;
  }
  return {std::move(left), std::move(right)};
}

}  // namespace bulkhead::story
