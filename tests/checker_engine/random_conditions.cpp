#include "random_conditions.h"

#include <algorithm>
#include <functional>
#include <map>
#include <random>
#include <set>
#include <string>

namespace bulkhead::samples {
namespace {

constexpr unsigned kSubjects = 3, kDevices = 3;
constexpr std::size_t kMostStates = 1'000;
constexpr ir::Right kRights[] = {ir::Right::Read, ir::Right::Write};

ir::ObjectPatterns device(unsigned which) {
  ir::ObjectPatterns patterns;
  patterns.files.push_back({ir::VolumeId{2 + which}, "/", ""});
  return patterns;
}

ir::Object device_object(unsigned which) {
  return ir::FileObject{ir::VolumeId{2 + which}, "/"};
}

class Maker {
 public:
  Maker(std::uint32_t seed, bool negation) : random_(seed), negation_(negation) {}

  ir::World make() {
    world_.module = "random";
    world_.volumes = {{"own", ir::VolumeKind::OwnRoot, "", 0, {}}, {"host", ir::VolumeKind::Host, "", 0, {}}};
    for (unsigned i = 0; i < kDevices; ++i) {
      world_.volumes.push_back({"D" + std::to_string(i), ir::VolumeKind::Declared, "", 0, {}});
    }
    for (unsigned i = 0; i < kSubjects; ++i) {
      ir::Subject subject;
      subject.name = "S" + std::to_string(i);
      subject.kind = ir::SubjectKind::Container;
      subject.sentence = sentence("subject " + subject.name);
      world_.subjects.push_back(std::move(subject));
    }
    for (unsigned i = 0; i < kDevices; ++i) {
      world_.holdings.push_back(
          {ir::SubjectId{0}, ir::Rights(kRights[0]) | kRights[1], true, ir::Plane::File, device(i), sentence("holds")});
    }
    for (int i = 0; i < 7; ++i) delegation();
    for (int i = 0; i < 3; ++i) revocation();
    for (ir::Delegation& one : world_.delegations) one.when = condition();
    if (negation_ && pick(2) == 0) lock();
    claims();
    return std::move(world_);
  }

 private:
  unsigned pick(unsigned n) { return static_cast<unsigned>(random_() % n); }
  ir::SentenceId sentence(std::string text) {
    world_.sentences.push_back({{}, std::move(text), false, false});
    return ir::SentenceId{world_.sentences.size() - 1};
  }
  ir::Rights rights() {
    const unsigned which = pick(3);
    return which == 2 ? ir::Rights(kRights[0]) | kRights[1] : ir::Rights(kRights[which]);
  }

  /// About what some sentence may hand over: who never comes to anything decides nothing.
  ir::HoldsCondition condition() {
    ir::HoldsCondition when;
    for (unsigned alternatives = pick(4) == 0 ? 0 : 1 + pick(4) / 3; alternatives > 0; --alternatives) {
      ir::HoldsCondition::Alternative all;
      for (unsigned literals = 1 + pick(2); literals > 0; --literals) {
        const ir::Delegation& given = world_.delegations[pick(static_cast<unsigned>(world_.delegations.size()))];
        const ir::Right right = given.rights.has(kRights[0]) ? kRights[0] : kRights[1];
        world_.possessions.push_back({given.to, right, given.objects, "D"});
        all.push_back({ir::PossessionId{world_.possessions.size() - 1}, negation_ && pick(2) == 0});
      }
      when.alternatives.push_back(std::move(all));
    }
    return when;
  }

  void delegation() {
    ir::Delegation one;
    one.from = ir::SubjectId{pick(4) == 0 ? pick(kSubjects) : 0};
    do one.to = ir::SubjectId{pick(kSubjects)};
    while (one.to == one.from);
    one.rights = rights();
    one.onward = pick(2) == 0;
    one.objects = device(pick(kDevices));
    one.sentence = sentence("delegate " + std::to_string(world_.delegations.size()));
    one.via = ir::ChannelId{world_.channels.size()};
    world_.channels.push_back({"c" + std::to_string(world_.channels.size()),
                               {one.from},
                               {one.to},
                               {},
                               false,
                               false,
                               true,
                               true,
                               one.sentence});
    world_.delegations.push_back(std::move(one));
  }

  /// The third delegation works after the second one, which needs the first, and once the first is taken back.
  void lock() {
    std::vector<ir::Delegation>& all = world_.delegations;
    const auto has = [&](const ir::Delegation& given, bool negated) {
      const ir::Right right = given.rights.has(kRights[0]) ? kRights[0] : kRights[1];
      world_.possessions.push_back({given.to, right, given.objects, "D"});
      return ir::HoldsCondition::Literal{ir::PossessionId{world_.possessions.size() - 1}, negated};
    };
    for (std::size_t i = 0; i < 3; ++i) {
      all[i].from = ir::SubjectId{0};
      if (all[i].to == all[i].from) all[i].to = ir::SubjectId{1 + pick(2)};
    }
    all[0].when = {};
    all[1].when.alternatives = {{has(all[0], false)}};
    all[2].when.alternatives = {{has(all[1], false), has(all[0], true)}};
    world_.revocations[0] = {all[0].from, all[0].to, all[0].rights, all[0].plane, all[0].objects, sentence("lock"), {}};
  }

  /// Of something that some sentence hands over.
  void revocation() {
    const ir::Delegation& given = world_.delegations[pick(static_cast<unsigned>(world_.delegations.size()))];
    ir::Revocation one{given.from, given.to, given.rights, given.plane, given.objects, sentence("revoke"), {}};
    one.when = condition();
    world_.revocations.push_back(std::move(one));
  }

  void claims() {
    for (unsigned subject = 0; subject < kSubjects; ++subject) {
      for (const ir::Right right : kRights) {
        for (unsigned which = 0; which < kDevices; ++which) {
          ir::Claim claim;
          claim.name = "claim" + std::to_string(world_.claims.size());
          claim.form = ir::CannotAcquire{{ir::SubjectId{subject}}, right, {ir::Plane::File, device(which), "D"}};
          claim.sentence = ir::SentenceId{0};
          world_.claims.push_back(std::move(claim));
        }
      }
    }
  }

  std::mt19937 random_;
  bool negation_;
  ir::World world_;
};

/// One run that leads to a state, and the state: for each live capability how it came to be, as a text.
struct Reached {
  std::vector<ir::Handover> run;
  std::set<std::string> state;
};

class Search {
 public:
  explicit Search(const ir::World& world) : world_(world) {
    for (std::size_t i = 0; i < world.possessions.size(); ++i) {
      const ir::Possession& one = world.possessions[i];
      for (unsigned which = 0; which < kDevices; ++which)
        shown_.push_back({one.holder, one.right, device_object(which), {}});
    }
  }

  std::optional<std::vector<bool>> run() {
    std::vector<bool> violated(world_.claims.size(), false);
    open_.push_back({});
    seen_.insert(std::set<std::string>());
    for (std::size_t at = 0; at < open_.size(); ++at) {
      if (open_.size() > kMostStates) return std::nullopt;
      const Reached now = open_[at];
      ir::Acquired acquired(world_);
      if (acquired.hand_over(now.run)) return std::nullopt;  // cannot be: each step was taken before
      for (std::size_t i = 0; i < world_.claims.size(); ++i) {
        const auto& claim = std::get<ir::CannotAcquire>(world_.claims[i].form);
        const auto& file = claim.objects.patterns.files.front();
        for (const ir::Right right : kRights) {
          violated[i] =
              violated[i] || (claim.rights.has(right) &&
                              acquired.may({claim.subject.fixed, right, ir::FileObject{file.volume, "/"}, {}}));
        }
      }
      each_step(now, acquired);
    }
    return violated;
  }

 private:
  void each_step(const Reached& now, const ir::Acquired& acquired) {
    for (std::size_t i = 0; i < world_.delegations.size(); ++i) {
      for (const ir::Right right : kRights) {
        const ir::DelegationId id{i};
        const auto& file = world_.delegations[i].objects.files.front();
        const ir::Object object = ir::FileObject{file.volume, "/"};
        try_step(now, acquired, {id, right, object, {}, {}, std::nullopt, {}, shown_});
        for (std::size_t source = 0; source < now.run.size(); ++source) {
          try_step(now, acquired, {id, right, object, {}, {}, source, {}, shown_});
        }
      }
    }
    for (std::size_t i = 0; i < world_.revocations.size(); ++i) {
      for (std::size_t source = 0; source < now.run.size(); ++source) {
        if (now.run[source].revocation.valid()) continue;
        try_step(now, acquired,
                 {{}, now.run[source].right, now.run[source].object, {}, {}, source, ir::RevocationId{i}, shown_});
      }
    }
  }

  void try_step(const Reached& now, const ir::Acquired& acquired, const ir::Handover& step) {
    ir::Acquired later = acquired;
    if (later.hand_over(step) || goes_round(now.run, step)) return;
    Reached next{now.run, {}};
    next.run.push_back(step);
    next.state = state_of(next.run);
    if (seen_.insert(next.state).second) open_.push_back(std::move(next));
  }

  /// By a sentence that it came through already: such chains have no end, and are not looked at.
  static bool goes_round(const std::vector<ir::Handover>& run, const ir::Handover& step) {
    for (auto source = step.revocation.valid() ? std::nullopt : step.source; source; source = run[*source].source) {
      if (run[*source].delegation == step.delegation) return true;
    }
    return false;
  }

  /// The past of a capability is the chain of sentences that it came by.
  std::set<std::string> state_of(const std::vector<ir::Handover>& run) const {
    std::vector<std::string> past;
    std::vector<bool> live;
    for (const ir::Handover& step : run) {
      if (step.revocation.valid()) {
        const std::string taken = past[*step.source];
        live[*step.source] = false;
        for (std::size_t i = 0; i < past.size(); ++i) {
          if (past[i].starts_with(taken + "/")) live[i] = false;
        }
        past.emplace_back("-");
        live.push_back(false);
        continue;
      }
      const std::string name = "/" + std::to_string(step.delegation.index()) + (step.right == kRights[0] ? "r" : "w");
      past.push_back((step.source ? past[*step.source] : "") + name + "#");
      live.push_back(true);
    }
    std::set<std::string> state;
    for (std::size_t i = 0; i < past.size(); ++i) {
      if (live[i]) state.insert(past[i]);
    }
    return state;
  }

  const ir::World& world_;
  std::vector<ir::Request> shown_;
  std::vector<Reached> open_;
  std::set<std::set<std::string>> seen_;
};

}  // namespace

ir::World random_conditions(std::uint32_t seed, bool negation) {
  return Maker(seed, negation).make();
}

std::optional<std::vector<bool>> searched_with_conditions(const ir::World& world) {
  return Search(world).run();
}

}  // namespace bulkhead::samples
