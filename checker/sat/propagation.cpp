#include "checker/sat/propagation.h"

#include <algorithm>

namespace bulkhead::sat {

std::size_t Propagation::add(Clause clause) {
  std::sort(clause.begin(), clause.end());
  clause.erase(std::unique(clause.begin(), clause.end()), clause.end());
  clauses_.push_back({std::move(clause)});
  return clauses_.size() - 1;
}

bool Propagation::attach(std::size_t place) {
  clauses_[place].attached = true;
  if (!watch(place) || !propagate()) return false;
  fixed_ = trail_.size();
  return true;
}

bool Propagation::is_reason(std::size_t place) const {
  const Clause& clause = clauses_[place].literals;
  return std::any_of(clause.begin(), clause.end(),
                     [&](Literal literal) { return value(literal) > 0 && reasons_[variable(literal)] == place; });
}

void Propagation::detach(std::size_t place) {
  Stored& stored = clauses_[place];
  stored.attached = stored.watching = false;  // the lists drop it when they come across it
  const auto implied = std::find_if(stored.literals.begin(), stored.literals.end(), [&](Literal literal) {
    return value(literal) > 0 && reasons_[variable(literal)] == place;
  });
  if (implied == stored.literals.end()) return;
  const std::size_t size = positions_[variable(*implied)];
  const std::vector<Literal> lost(trail_.begin() + static_cast<std::ptrdiff_t>(size), trail_.end());
  take_back(size);
  // A clause whose one watch is false was content with the other, which was true and no longer is.
  std::vector<std::size_t> again;
  for (const Literal literal : lost) {
    for (const Part part : {Named, Other}) {
      for (const std::size_t other : list(literal, part)) {
        const Stored& watched = clauses_[other];
        if (!watched.watching) continue;
        if (value(watched.literals[0]) < 0 || value(watched.literals[1]) < 0) again.push_back(other);
      }
    }
  }
  for (const std::size_t other : again) watch(other);
  propagate();
  fixed_ = trail_.size();
}

std::vector<std::size_t> Propagation::contradiction() {
  return reasons_for(conflict_, {});
}

std::optional<std::vector<std::size_t>> Propagation::contradiction_without(const Clause& clause) {
  std::size_t earliest = kNone;  // what is true already contradicts at once
  for (const Literal literal : clause) {
    if (value(literal) > 0) earliest = std::min(earliest, positions_[variable(literal)]);
  }
  if (earliest != kNone) return reasons_for(reasons_[variable(trail_[earliest])], clause);
  for (const Literal literal : clause) {
    if (value(literal) == 0) set(-literal, kNone);
  }
  std::optional<std::vector<std::size_t>> found;
  if (!propagate() && !spent_) found = reasons_for(conflict_, clause);
  take_back(fixed_);
  return found;
}

void Propagation::set(Literal literal, std::size_t reason) {
  values_[variable(literal)] = literal < 0 ? -1 : 1;
  reasons_[variable(literal)] = reason;
  positions_[variable(literal)] = trail_.size();
  trail_.push_back(literal);
}

void Propagation::take_back(std::size_t size) {
  for (std::size_t i = size; i < trail_.size(); ++i) values_[variable(trail_[i])] = 0;
  trail_.resize(size);
  next_named_ = std::min(next_named_, size);
  next_other_ = std::min(next_other_, size);
}

/// Watches what is not false, and makes true what is left alone. False: nothing is left.
bool Propagation::watch(std::size_t place) {
  Stored& stored = clauses_[place];
  Clause& clause = stored.literals;
  const Literal first = stored.watching ? clause[0] : 0, second = stored.watching ? clause[1] : 0;
  std::stable_partition(clause.begin(), clause.end(), [&](Literal literal) { return value(literal) >= 0; });
  if (clause.size() > 1) {
    for (const Literal literal : {clause[0], clause[1]}) {
      if (literal != first && literal != second) list(literal, stored.named ? Named : Other).push_back(place);
    }
    stored.watching = true;
  }
  if (clause.empty() || value(clause[0]) < 0) {
    conflict_ = place;
    return false;
  }
  const bool alone = clause.size() == 1 || value(clause[1]) < 0;
  if (alone && value(clause[0]) == 0) set(clause[0], place);
  return true;
}

bool Propagation::propagate() {
  for (;;) {
    while (next_named_ < trail_.size()) {
      if (!visit(-trail_[next_named_++], Named)) return false;
    }
    if (next_other_ == trail_.size()) return true;
    if (!visit(-trail_[next_other_++], Other)) return false;
  }
}

/// Clauses that were named since they were put among the others move on the way.
bool Propagation::visit(Literal falsified, Part part) {
  std::vector<std::size_t>& watching = list(falsified, part);
  std::size_t kept = 0, i = 0;
  bool good = true;
  for (; i < watching.size() && good; ++i) {
    const std::size_t place = watching[i];
    Stored& stored = clauses_[place];
    Clause& clause = stored.literals;
    if (!stored.watching || (clause[0] != falsified && clause[1] != falsified)) continue;
    good = count();
    if (clause[0] == falsified) std::swap(clause[0], clause[1]);
    if (good && value(clause[0]) <= 0) {
      if (rewatch(stored, place)) continue;
      if (value(clause[0]) < 0) {
        conflict_ = place;
        good = false;
      } else {
        set(clause[0], place);
      }
    }
    if (part == Other && stored.named)
      list(falsified, Named).push_back(place);
    else
      watching[kept++] = place;
  }
  for (; i < watching.size(); ++i) watching[kept++] = watching[i];
  watching.resize(kept);
  return good;
}

/// Watches a literal that is not false instead of the second one, where there is one.
bool Propagation::rewatch(Stored& stored, std::size_t place) {
  Clause& clause = stored.literals;
  for (std::size_t i = 2; i < clause.size(); ++i) {
    if (value(clause[i]) < 0) continue;
    std::swap(clause[1], clause[i]);
    list(clause[1], stored.named ? Named : Other).push_back(place);
    return true;
  }
  return false;
}

/// False: no more work may be done.
bool Propagation::count() {
  constexpr std::uint64_t kAskEvery = 1u << 14u;
  spent_ = spent_ || ++work_ > max_work_ || (work_ % kAskEvery == 0 && stop_.stop_requested());
  return !spent_;
}

/// What makes the literals of the clause `conflict` false, but for what was assumed: that `assumed` is false.
std::vector<std::size_t> Propagation::reasons_for(std::size_t conflict, const Clause& assumed) {
  std::vector<std::size_t> marked, found, open{conflict};
  for (const Literal literal : assumed) {
    marked_[variable(literal)] = true;
    marked.push_back(variable(literal));
  }
  while (!open.empty()) {
    Stored& stored = clauses_[open.back()];
    open.pop_back();
    stored.named = true;
    for (const Literal literal : stored.literals) {
      const std::size_t one = variable(literal);
      if (marked_[one]) continue;
      marked_[one] = true;
      marked.push_back(one);
      found.push_back(one);
      open.push_back(reasons_[one]);
    }
  }
  for (const std::size_t one : marked) marked_[one] = false;
  std::sort(found.begin(), found.end(), [&](std::size_t a, std::size_t b) { return positions_[a] < positions_[b]; });
  std::vector<std::size_t> reasons;
  for (const std::size_t one : found) reasons.push_back(reasons_[one]);
  reasons.push_back(conflict);
  return reasons;
}

}  // namespace bulkhead::sat
