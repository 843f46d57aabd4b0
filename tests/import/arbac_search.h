// Role policies by chance, and what the format means of them: every state, with nothing clever about it.
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <optional>
#include <random>
#include <set>
#include <string>

#include "lang/import/arbac/reduce.h"

namespace bulkhead::arbac {

/// Every state, one after the other: what the format means, with nothing clever about it.
class Search {
 public:
  Search(const Policy& policy, const Reduced& system) : policy_(policy), system_(system) {}

  bool reaches() {
    std::uint32_t first = 0;
    for (std::size_t u = 0; u < system_.users.size(); ++u) {
      for (const RoleId role : policy_.held[system_.users[u].index()]) {
        if (std::binary_search(system_.roles.begin(), system_.roles.end(), role)) first |= bit(u, role);
      }
    }
    add(first);
    while (!open_.empty()) {
      const std::uint32_t state = open_.front();
      open_.pop_front();
      if (is_goal(state)) return true;
      for (std::size_t u = 0; u < system_.users.size(); ++u) {
        for (const Assign& rule : system_.assigns) {
          if (somebody(state, rule.admin) && satisfies(state, u, rule)) add(state | bit(u, rule.target));
        }
        for (const Revoke& rule : system_.revokes) {
          if (somebody(state, rule.admin)) add(state & ~bit(u, rule.target));
        }
      }
    }
    return false;
  }

 private:
  std::uint32_t bit(std::size_t user, RoleId role) const {
    return std::uint32_t{1} << (user * policy_.roles.size() + role.index());
  }
  void add(std::uint32_t state) {
    if (seen_.insert(state).second) open_.push_back(state);
  }
  bool somebody(std::uint32_t state, const std::optional<RoleId>& role) const {
    if (!role) return true;
    for (std::size_t u = 0; u < system_.users.size(); ++u) {
      if ((state & bit(u, *role)) != 0) return true;
    }
    return false;
  }
  bool satisfies(std::uint32_t state, std::size_t user, const Assign& rule) const {
    return std::all_of(rule.condition.begin(), rule.condition.end(),
                       [&](const Literal& asked) { return ((state & bit(user, asked.role)) != 0) == asked.held; });
  }
  bool is_goal(std::uint32_t state) const {
    for (std::size_t u = 0; u < system_.users.size(); ++u) {
      const bool asked = !policy_.goal_user || policy_.goal_user == system_.users[u];
      if (asked && (state & bit(u, policy_.goal)) != 0) return true;
    }
    return false;
  }

  const Policy& policy_;
  const Reduced& system_;
  std::set<std::uint32_t> seen_;
  std::deque<std::uint32_t> open_;
};

class Dice {
 public:
  explicit Dice(std::uint32_t seed) : random_(seed) {}
  std::size_t below(std::size_t sides) { return random_() % sides; }
  bool one_in(std::size_t sides) { return below(sides) == 0; }

 private:
  std::mt19937 random_;  // its values are the same everywhere; those of distributions are not
};

/// Few roles for many rules, so that administrators gain and lose what they administer with.
inline Policy random_policy(std::uint32_t seed) {
  Dice dice(seed);
  Policy policy;
  const std::size_t roles = 3 + dice.below(2), users = 2 + dice.below(3);
  for (std::size_t i = 0; i < roles; ++i) policy.roles.push_back({"r" + std::to_string(i), {}});
  for (std::size_t i = 0; i < users; ++i) policy.users.push_back({"u" + std::to_string(i), {}});
  policy.held.resize(users);
  for (std::size_t u = 0; u < users; ++u) {
    if (u > 0 && dice.one_in(2))
      policy.held[u] = policy.held[u - 1];  // users that begin alike
    else
      for (std::size_t r = 1; r < roles; ++r)
        if (dice.one_in(4)) policy.held[u].push_back(RoleId(r));
  }
  const auto admin = [&]() { return dice.one_in(8) ? std::optional<RoleId>{} : RoleId(dice.below(roles)); };
  for (std::size_t i = 3 + dice.below(5); i > 0; --i) {
    Assign rule{admin(), {}, RoleId(dice.below(roles)), {}, ""};
    for (std::size_t r = 0; r < roles; ++r) {
      if (dice.one_in(3)) rule.condition.push_back({RoleId(r), dice.one_in(2)});
    }
    policy.assigns.push_back(std::move(rule));
  }
  for (std::size_t i = dice.below(4); i > 0; --i)
    policy.revokes.push_back({admin(), RoleId(dice.below(roles)), {}, ""});
  policy.goal = RoleId(0);
  if (dice.one_in(3)) policy.goal_user = UserId(dice.below(users));
  return policy;
}

}  // namespace bulkhead::arbac
