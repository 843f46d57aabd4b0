#include "checker/obligation/authority_system.h"

#include <algorithm>
#include <map>
#include <string>

#include "lang/ir/overlap.h"
#include "lang/system/builder.h"
#include "lang/system/valid.h"

namespace bulkhead::obligation {
namespace {

using ir::Use;
using system::TermId;

/// What one revocation may take back of one right.
struct Taking {
  ir::RevocationId revocation;
  ir::Right right = ir::Right::Read;
  std::set<Use> direct;   // what it speaks of
  std::set<Use> derived;  // and everything that may be derived from that
};

class Making {
 public:
  explicit Making(const ir::World& world) : world_(world), build_(made_.system) {
    for (std::size_t i = 0; i < world.delegations.size(); ++i) {
      into_[world.delegations[i].to].push_back(ir::DelegationId{i});
    }
  }

  Result<AuthoritySystem, Refusal> run(const std::set<Use>& unused) {
    made_.system.name = "Authority";
    for (const Use& use : unused) bears(use);
    gather();
    if (uses_.size() > kMostUses) {
      return fail(Refusal{"more than " + std::to_string(kMostUses) + " delegations bear on it", std::nullopt});
    }
    if (std::any_of(uses_.begin(), uses_.end(), [&](const Use& use) { return touches_many(use); })) {
      return fail(
          Refusal{"what containers of which there may be any number do under conditions that ask that somebody "
                  "lacks something is not decided",
                  std::nullopt});
    }
    declare();
    for (const Use& use : uses_) give(use);
    for (std::size_t i = 0; i < takings_.size(); ++i) take(i);
    if (!takings_.empty()) lose();
    std::vector<TermId> never;
    for (const Use& use : unused) never.push_back(build_.negation(live(use)));
    const auto property =
        build_.property("never_used", system::PropertyKind::Invariant, build_.conjunction(std::move(never)));
    made_.theorem.statement = system::Always{property};
    if (const auto broken = system::objection(made_.system)) return fail(Refusal{*broken, std::nullopt});
    if (const auto wrong = system::objection(made_.system, made_.theorem)) return fail(Refusal{*wrong, std::nullopt});
    return std::move(made_);
  }

 private:
  void bears(const Use& use) {
    if (uses_.insert(use).second) open_.push_back(use);
  }

  bool overlap(ir::Right right, const ir::ObjectPatterns& a, const ir::ObjectPatterns& b) const {
    return ir::may_overlap(ir::plane_of(right), a, b);
  }

  /// The uses by which somebody is handed the right on some of these objects.
  std::vector<Use> handing(ir::SubjectId to, ir::Right right, const ir::ObjectPatterns& objects) const {
    std::vector<Use> found;
    const auto all = into_.find(to);
    if (all == into_.end()) return found;
    for (const ir::DelegationId id : all->second) {
      const ir::Delegation& one = world_.at(id);
      if (one.rights.has(right) && overlap(right, one.objects, objects)) found.push_back({id, right});
    }
    return found;
  }

  /// What the giver of the use may hand on.
  std::vector<Use> sources(const Use& use) const {
    const ir::Delegation& one = world_.at(use.delegation);
    std::vector<Use> found = handing(one.from, use.right, one.objects);
    std::erase_if(found, [&](const Use& before) { return !world_.at(before.delegation).onward; });
    return found;
  }

  void bear_on(const ir::HoldsCondition& when) {
    for (const auto& alternative : when.alternatives) {
      for (const ir::HoldsCondition::Literal& literal : alternative) {
        const ir::Possession& what = world_.at(literal.what);
        for (const Use& use : handing(what.holder, what.right, what.objects)) bears(use);
      }
    }
  }

  /// Everything that bears on what bears on it: what is handed on, what conditions ask for, what is taken back.
  void gather() {
    for (std::size_t before = 0; before != uses_.size() || !open_.empty();) {
      before = uses_.size();
      while (!open_.empty() && uses_.size() <= kMostUses) {
        const Use use = open_.back();
        open_.pop_back();
        for (const Use& source : sources(use)) bears(source);
        bear_on(world_.at(use.delegation).when);
      }
      if (uses_.size() > kMostUses) return;
      find_takings();
      for (const Taking& taking : takings_) bear_on(world_.at(taking.revocation).when);
    }
  }

  void find_takings() {
    takings_.clear();
    for (std::size_t i = 0; i < world_.revocations.size(); ++i) {
      const ir::Revocation& revocation = world_.revocations[i];
      for (const ir::Right right : ir::kAllRights) {
        if (!revocation.rights.has(right)) continue;
        Taking taking{ir::RevocationId{i}, right, {}, {}};
        for (const Use& use : uses_) {
          const ir::Delegation& one = world_.at(use.delegation);
          if (use.right == right && one.from == revocation.by && one.to == revocation.from &&
              overlap(right, one.objects, revocation.objects)) {
            taking.direct.insert(use);
          }
        }
        if (taking.direct.empty()) continue;
        derive(taking);
        takings_.push_back(std::move(taking));
      }
    }
  }

  void derive(Taking& taking) const {
    taking.derived = taking.direct;
    for (bool more = true; more;) {
      more = false;
      for (const Use& use : uses_) {
        if (use.right != taking.right || taking.derived.count(use) != 0) continue;
        const auto from = sources(use);
        const bool derived =
            std::any_of(from.begin(), from.end(), [&](const Use& source) { return taking.derived.count(source) != 0; });
        if (derived) more = taking.derived.insert(use).second || more;
      }
    }
  }

  bool touches_many(const Use& use) const {
    const ir::Delegation& one = world_.at(use.delegation);
    return world_.at(one.from).twin || world_.at(one.to).twin;
  }

  static std::string name_of(const Use& use) {
    return std::to_string(use.delegation.index()) + "_" + std::string(ir::to_string(use.right));
  }

  void declare() {
    for (const Use& use : uses_) {
      const auto function = build_.function("live_" + name_of(use), system::Change::State, {}, system::kBool);
      build_.initial(function, {}, build_.truth(false));
      live_.emplace(use, function);
    }
    if (takings_.empty()) return;
    std::vector<std::string> members{"nobody"};
    for (std::size_t i = 0; i < takings_.size(); ++i) members.push_back("taking_" + std::to_string(i));
    const auto modes = build_.enumeration("Mode", members);
    mode_ = build_.function("mode", system::Change::State, {}, system::of_enum(modes));
    for (std::size_t i = 0; i < members.size(); ++i) modes_.push_back(build_.member(modes, i));
    build_.initial(mode_, {}, modes_[0]);
  }

  TermId live(const Use& use) { return build_.apply(live_.at(use)); }

  /// Mode 0: nobody takes anything back.
  TermId mode_is(std::size_t mode) { return build_.equal(build_.apply(mode_), modes_[mode]); }
  TermId nobody_takes() { return takings_.empty() ? build_.truth(true) : mode_is(0); }

  TermId some(const std::vector<Use>& uses) {
    std::vector<TermId> any;
    for (const Use& use : uses) any.push_back(live(use));
    return build_.disjunction(std::move(any));
  }

  /// What may be true where the literal is.
  TermId may_be(const ir::HoldsCondition::Literal& literal) {
    const ir::Possession& what = world_.at(literal.what);
    std::vector<Use> handed = handing(what.holder, what.right, what.objects);
    if (!literal.negated) {
      const bool itself = ir::may_have_by_itself(world_, what.holder, what.right, what.objects);
      return itself ? build_.truth(true) : some(handed);
    }
    std::erase_if(handed, [&](const Use& use) {
      const auto& objects = world_.at(use.delegation).objects;
      return !ir::surely_within(ir::plane_of(what.right), objects, what.objects);
    });
    return build_.negation(some(handed));
  }

  TermId may_be(const ir::HoldsCondition& when) {
    if (when.always()) return build_.truth(true);
    std::vector<TermId> any;
    for (const auto& alternative : when.alternatives) {
      std::vector<TermId> all;
      for (const ir::HoldsCondition::Literal& literal : alternative) all.push_back(may_be(literal));
      any.push_back(build_.conjunction(std::move(all)));
    }
    return build_.disjunction(std::move(any));
  }

  system::Update becomes(system::FunctionId function, TermId value) const {
    system::Update update;
    update.function = function;
    update.value = value;
    return update;
  }

  void give(const Use& use) {
    const ir::Delegation& one = world_.at(use.delegation);
    const bool itself = ir::may_have_by_itself(world_, one.from, use.right, one.objects);
    const TermId source = itself ? build_.truth(true) : some(sources(use));
    const TermId guard = build_.conjunction({nobody_takes(), source, may_be(one.when)});
    build_.action("give_" + name_of(use), {}, guard, {becomes(live_.at(use), build_.truth(true))});
    made_.moves.push_back({AuthoritySystem::Move::Kind::Give, use, {}, use.right});
  }

  void take(std::size_t i) {
    const Taking& taking = takings_[i];
    const std::vector<Use> direct(taking.direct.begin(), taking.direct.end());
    const TermId guard = build_.conjunction({nobody_takes(), some(direct), may_be(world_.at(taking.revocation).when)});
    build_.action("take_" + std::to_string(i), {}, guard, {becomes(mode_, modes_[i + 1])});
    made_.moves.push_back({AuthoritySystem::Move::Kind::Take, {}, taking.revocation, taking.right});
  }

  void lose() {
    for (const Use& use : uses_) {
      std::vector<TermId> any;
      for (std::size_t i = 0; i < takings_.size(); ++i) {
        if (takings_[i].derived.count(use) != 0) any.push_back(mode_is(i + 1));
      }
      if (any.empty()) continue;
      build_.action("lose_" + name_of(use), {}, build_.disjunction(std::move(any)),
                    {becomes(live_.at(use), build_.truth(false))});
      made_.moves.push_back({AuthoritySystem::Move::Kind::Lose, use, {}, use.right});
    }
    build_.action("end", {}, build_.negation(mode_is(0)), {becomes(mode_, modes_[0])});
    made_.moves.push_back({AuthoritySystem::Move::Kind::End, {}, {}, {}});
  }

  const ir::World& world_;
  AuthoritySystem made_;
  system::Builder build_;
  std::map<ir::SubjectId, std::vector<ir::DelegationId>> into_;
  std::set<Use> uses_;
  std::vector<Use> open_;
  std::vector<Taking> takings_;
  std::map<Use, system::FunctionId> live_;
  system::FunctionId mode_;
  std::vector<TermId> modes_;
};

}  // namespace

Result<AuthoritySystem, Refusal> authority_system(const ir::World& world, const std::set<Use>& unused) {
  if (unused.empty()) return fail(Refusal{"nothing is said to be unused", std::nullopt});
  for (const Use& use : unused) {
    if (use.delegation.index() >= world.delegations.size() || !world.at(use.delegation).rights.has(use.right)) {
      return fail(Refusal{"there is no such delegation", std::nullopt});
    }
  }
  return Making(world).run(unused);
}

}  // namespace bulkhead::obligation
