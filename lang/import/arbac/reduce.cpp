#include "lang/import/arbac/reduce.h"

#include <algorithm>
#include <set>

namespace bulkhead::arbac {
namespace {

constexpr std::size_t kMaxRounds = 64;
constexpr std::size_t kMaxComparedClasses = 1'000;

/// A set of roles as bits.
using Roles = std::vector<bool>;

class Reduction {
 public:
  explicit Reduction(const Policy& policy)
      : policy_(policy), at_first_(policy.roles.size()), held_(policy.roles.size()), lacked_(policy.roles.size()) {
    out_.assigns = policy.assigns;
    out_.revokes = policy.revokes;
    for (std::size_t user = policy.held.size(); user-- > 0;) {
      for (const RoleId role : policy.held[user]) {
        at_first_[role.index()] = true;
        first_holder_.insert_or_assign(role.index(), UserId(user));
      }
    }
  }

  Reduced run() {
    // Each round is exact by itself, so that one may stop after any.
    bool changed = true;
    for (std::size_t round = 0; changed && round < kMaxRounds; ++round) {
      changed = drop_impossible();
      changed = settle_administrators() || changed;
      changed = drop_useless() || changed;
    }
    for (std::size_t i = 0; i < policy_.roles.size(); ++i) {
      if (held_[i] || lacked_[i]) out_.roles.push_back(RoleId(i));
    }
    keep_users();
    return std::move(out_);
  }

 private:
  std::size_t size() const {
    std::size_t literals = 0;
    for (const Assign& rule : out_.assigns) literals += rule.condition.size();
    return out_.assigns.size() + out_.revokes.size() + literals;
  }

  static bool within(const Roles& roles, const std::optional<RoleId>& admin) { return !admin || roles[admin->index()]; }

  bool can_apply(const Assign& rule, const Roles& possible) const {
    return within(possible, rule.admin) &&
           std::all_of(rule.condition.begin(), rule.condition.end(),
                       [&](const Literal& asked) { return !asked.held || possible[asked.role.index()]; });
  }

  /// Roles that somebody can come to hold, were nothing ever revoked or excluded: all that can be, and more.
  Roles possible() const {
    std::vector<std::vector<std::size_t>> waiting(policy_.roles.size());  // by role: the rules that ask for it
    std::vector<std::size_t> missing(out_.assigns.size());                // by rule: roles that are not there yet
    Roles roles = at_first_;
    std::vector<RoleId> news;
    const auto gain = [&](RoleId role) {
      if (roles[role.index()]) return;
      roles[role.index()] = true;
      news.push_back(role);
    };
    for (std::size_t i = 0; i < out_.assigns.size(); ++i) {
      const Assign& rule = out_.assigns[i];
      const auto wait = [&](RoleId role) {
        if (at_first_[role.index()]) return;
        waiting[role.index()].push_back(i);
        ++missing[i];
      };
      if (rule.admin) wait(*rule.admin);
      for (const Literal& asked : rule.condition) {
        if (asked.held) wait(asked.role);
      }
    }
    for (std::size_t i = 0; i < missing.size(); ++i) {
      if (missing[i] == 0) gain(out_.assigns[i].target);
    }
    while (!news.empty()) {
      const RoleId role = news.back();
      news.pop_back();
      for (const std::size_t rule : waiting[role.index()]) {
        if (--missing[rule] == 0) gain(out_.assigns[rule].target);
      }
    }
    return roles;
  }

  static bool contradicts_itself(const Assign& rule) {
    return std::any_of(rule.condition.begin(), rule.condition.end(), [&](const Literal& one) {
      return std::any_of(rule.condition.begin(), rule.condition.end(),
                         [&](const Literal& other) { return one.role == other.role && one.held && !other.held; });
    });
  }

  bool drop_impossible() {
    const std::size_t before = size();
    const Roles roles = possible();
    std::erase_if(out_.assigns,
                  [&](const Assign& rule) { return contradicts_itself(rule) || !can_apply(rule, roles); });
    std::erase_if(out_.revokes,
                  [&](const Revoke& rule) { return !within(roles, rule.admin) || !roles[rule.target.index()]; });
    for (Assign& rule : out_.assigns) {
      std::erase_if(rule.condition, [&](const Literal& asked) { return !asked.held && !roles[asked.role.index()]; });
    }
    return size() != before;
  }

  /// Rules whose administrative role is never lost by whoever holds it first need no administrator.
  bool settle_administrators() {
    Roles settled = at_first_;
    for (const Revoke& rule : out_.revokes) settled[rule.target.index()] = false;
    bool changed = false;
    const auto settle = [&](std::optional<RoleId>& admin) {
      if (!admin || !settled[admin->index()]) return;
      out_.holders.emplace(admin->index(), first_holder_.at(admin->index()));
      admin.reset();
      changed = true;
    };
    for (Assign& rule : out_.assigns) settle(rule.admin);
    for (Revoke& rule : out_.revokes) settle(rule.admin);
    return changed;
  }

  /// Backwards from the goal: the roles that somebody has to hold, those that somebody has to lack, and the rules that
  /// bring that about.
  bool drop_useless() {
    const std::size_t before = size();
    held_.assign(policy_.roles.size(), false);
    lacked_.assign(policy_.roles.size(), false);
    std::vector<std::vector<const Assign*>> giving(policy_.roles.size());  // by role: the rules that give it
    std::vector<std::vector<const Revoke*>> taking(policy_.roles.size());
    for (const Assign& rule : out_.assigns) giving[rule.target.index()].push_back(&rule);
    for (const Revoke& rule : out_.revokes) taking[rule.target.index()].push_back(&rule);
    std::vector<Literal> news;
    const auto need = [&](RoleId role, bool held) {
      Roles& roles = held ? held_ : lacked_;
      if (roles[role.index()]) return;
      roles[role.index()] = true;
      news.push_back({role, held});
    };
    need(policy_.goal, true);
    while (!news.empty()) {
      const Literal needed = news.back();
      news.pop_back();
      for (const Assign* rule : needed.held ? giving[needed.role.index()] : std::vector<const Assign*>{}) {
        if (rule->admin) need(*rule->admin, true);
        for (const Literal& asked : rule->condition) need(asked.role, asked.held);
      }
      for (const Revoke* rule : needed.held ? std::vector<const Revoke*>{} : taking[needed.role.index()]) {
        if (rule->admin) need(*rule->admin, true);
      }
    }
    std::erase_if(out_.assigns, [&](const Assign& rule) { return !held_[rule.target.index()]; });
    std::erase_if(out_.revokes, [&](const Revoke& rule) { return !lacked_[rule.target.index()]; });
    return size() != before;
  }

  std::size_t administrative_roles() const {
    std::set<RoleId> roles;
    for (const Assign& rule : out_.assigns) {
      if (rule.admin) roles.insert(*rule.admin);
    }
    for (const Revoke& rule : out_.revokes) {
      if (rule.admin) roles.insert(*rule.admin);
    }
    return roles.size();
  }

  /// Users by what they begin with, of what matters.
  using Class = std::pair<std::vector<RoleId>, std::vector<UserId>>;

  std::vector<Class> classes() const {
    std::map<std::vector<RoleId>, std::vector<UserId>> by_roles;
    for (std::size_t user = 0; user < policy_.users.size(); ++user) {
      if (policy_.goal_user == UserId(user)) continue;
      std::vector<RoleId> roles;
      for (const RoleId role : policy_.held[user]) {
        if (held_[role.index()] || lacked_[role.index()]) roles.push_back(role);
      }
      by_roles[std::move(roles)].push_back(UserId(user));
    }
    return {by_roles.begin(), by_roles.end()};
  }

  /// Whoever begins as `better` can do and become whatever one who begins as `worse` can.
  bool covers(const std::vector<RoleId>& better, const std::vector<RoleId>& worse) const {
    const auto has = [](const std::vector<RoleId>& roles, RoleId role) {
      return std::binary_search(roles.begin(), roles.end(), role);
    };
    return std::all_of(worse.begin(), worse.end(),
                       [&](RoleId role) { return !held_[role.index()] || has(better, role); }) &&
           std::all_of(better.begin(), better.end(),
                       [&](RoleId role) { return !lacked_[role.index()] || has(worse, role); });
  }

  void keep_users() {
    out_.together = administrative_roles() + 1;
    std::vector<Class> kept = classes();
    for (Class& one : kept) {
      if (one.second.size() > out_.together) one.second.resize(out_.together);
    }
    // Two classes cannot cover each other: what each has of the roles that matter would be the same.
    const auto is_covered = [&](const Class& one) {
      return std::any_of(kept.begin(), kept.end(), [&](const Class& other) {
        return &one != &other && other.second.size() == out_.together && covers(other.first, one.first);
      });
    };
    if (policy_.goal_user) out_.users.push_back(*policy_.goal_user);
    for (const Class& one : kept) {
      if (kept.size() <= kMaxComparedClasses && is_covered(one)) continue;
      out_.users.insert(out_.users.end(), one.second.begin(), one.second.end());
    }
    std::sort(out_.users.begin(), out_.users.end());
  }

  const Policy& policy_;
  Roles at_first_;
  std::map<std::size_t, UserId> first_holder_;
  Roles held_, lacked_;
  Reduced out_;
};

}  // namespace

Reduced whole(const Policy& policy) {
  Reduced all;
  for (std::size_t i = 0; i < policy.roles.size(); ++i) all.roles.push_back(RoleId(i));
  for (std::size_t i = 0; i < policy.users.size(); ++i) all.users.push_back(UserId(i));
  all.assigns = policy.assigns;
  all.revokes = policy.revokes;
  all.together = policy.users.size();
  return all;
}

Reduced reduce(const Policy& policy) {
  return Reduction(policy).run();
}

}  // namespace bulkhead::arbac
