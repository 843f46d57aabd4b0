#include "checker/engine/conditional_run.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "checker/obligation/possession.h"
#include "lang/ir/acquire.h"
#include "lang/ir/glob.h"
#include "lang/ir/overlap.h"

namespace bulkhead::engine {
namespace {

using Move = obligation::AuthoritySystem::Move;

/// Beginnings of runs that are looked at, and sets of objects of which examples are made.
constexpr std::size_t kMostBranches = 4'000, kMostSets = 16;

struct Branch {
  std::size_t at = 0;  // the move that comes next
  std::vector<ir::Handover> steps;
  ir::Acquired now;
};

class Choosing {
 public:
  Choosing(Session& session, std::span<const Move> moves, const ir::Handover& last,
           const std::vector<ir::Request>& shown)
      : session_(session), world_(session.world()), moves_(moves), last_(last), shown_(shown) {
    for (std::size_t i = 0; i < moves.size(); ++i) {
      if (moves[i].kind == Move::Kind::Give) end_ = i;
    }
  }

  std::optional<std::vector<ir::Handover>> run() {
    open_.push_back({0, {}, ir::Acquired(world_)});
    for (std::size_t looked = 0; !open_.empty() && looked < kMostBranches; ++looked) {
      const Branch branch = open_.back();
      open_.pop_back();
      if (branch.at > end_) return branch.steps;
      const Move& move = moves_[branch.at];
      if (move.kind == Move::Kind::Give) {
        give(branch, move.use);
      } else {
        go_on(branch);
        if (move.kind == Move::Kind::Take) take(branch, move);
      }
    }
    return std::nullopt;
  }

 private:
  void go_on(const Branch& branch) {
    open_.push_back(branch);
    ++open_.back().at;
  }

  void try_step(const Branch& branch, ir::Handover step) {
    ir::Acquired next = branch.now;
    if (next.hand_over(step)) return;
    Branch further{branch.at + 1, branch.steps, next};
    further.steps.push_back(std::move(step));
    open_.push_back(std::move(further));
  }

  void give(const Branch& branch, const ir::Use& use) {
    const ir::Delegation& one = world_.at(use.delegation);
    if (branch.at == end_) {
      give(branch, use, last_.object);
      return;
    }
    for (const ir::Object& object : objects(use.right)) {
      if (ir::patterns_match(one.objects, object)) give(branch, use, object);
    }
  }

  void give(const Branch& branch, const ir::Use& use, const ir::Object& object) {
    const ir::Delegation& one = world_.at(use.delegation);
    const auto wanted = context(one.to, use.right, object, Asking::Unforbidden);
    if (!wanted) return;
    ir::Handover step{use.delegation, use.right, object, {}, *wanted, std::nullopt, {}, shown_for(one.when)};
    for (std::size_t i = 0; i < branch.steps.size(); ++i) {
      const ir::Handover& before = branch.steps[i];
      if (before.revocation.valid() || before.right != use.right || before.object != object) continue;
      const ir::Delegation& giver = world_.at(before.delegation);
      const auto own = context(one.from, use.right, object, Asking::Unforbidden);
      if (giver.to != one.from || !giver.onward || !own) continue;
      step.own = *own;
      step.source = i;
      try_step(branch, step);
    }
    step.source.reset();
    for (const Asking asking : {Asking::Unforbidden, Asking::Access}) {  // the last one that is pushed is tried first
      const auto own = context(one.from, use.right, object, asking);
      if (!own) continue;
      step.own = *own;
      try_step(branch, step);
    }
  }

  void take(const Branch& branch, const Move& move) {
    const auto shown = shown_for(world_.at(move.revocation).when);
    for (std::size_t i = 0; i < branch.steps.size(); ++i) {
      const ir::Handover& before = branch.steps[i];
      if (before.revocation.valid() || before.right != move.right) continue;
      try_step(branch, {{}, before.right, before.object, {}, {}, i, move.revocation, shown});
    }
  }

  /// The requests that the condition asks for.
  std::vector<ir::Request> shown_for(const ir::HoldsCondition& when) const {
    std::vector<ir::Request> shown;
    for (const ir::Request& request : shown_) {
      const auto asks = [&](const ir::HoldsCondition::Literal& one) {
        const ir::Possession& what = world_.at(one.what);
        return !one.negated && what.holder == request.subject && what.right == request.right &&
               ir::patterns_match(what.objects, request.object);
      };
      const bool asked = std::any_of(when.alternatives.begin(), when.alternatives.end(),
                                     [&](const auto& all) { return std::any_of(all.begin(), all.end(), asks); });
      if (asked) shown.push_back(request);
    }
    return shown;
  }

  enum class Asking : std::uint8_t { Access, Unforbidden };

  /// A context in which the subject has the right by itself, or is not forbidden it.
  const std::optional<ir::Context>& context(ir::SubjectId subject, ir::Right right, const ir::Object& object,
                                            Asking asking) {
    const auto [found, fresh] = contexts_.try_emplace({subject, right, object, asking});
    if (!fresh) return found->second;
    const auto query = asking == Asking::Access
                           ? obligation::access_query(world_, subject, right, object)
                           : obligation::unforbidden_query(session_.rules(), subject, right, object);
    const SharedAnswer answer = query ? session_.queries().ask(*query) : nullptr;
    const auto* solution = answer ? std::get_if<Solution>(answer.get()) : nullptr;
    if (solution != nullptr) found->second = solution->contexts.copies[0];
    return found->second;
  }

  /// Examples of what sentences and conditions speak of, alone and two by two; first of all what is wanted.
  const std::vector<ir::Object>& objects(ir::Right right) {
    const auto [found, fresh] = objects_.try_emplace(right);
    std::vector<ir::Object>& examples = found->second;
    if (!fresh) return examples;
    if (right == last_.right) examples.push_back(last_.object);
    const auto sets = sets_about(right);
    for (std::size_t i = 0; i < sets.size(); ++i) {
      for (std::size_t j = i; j < sets.size(); ++j) {
        if (!ir::may_overlap(ir::plane_of(right), *sets[i], *sets[j])) continue;
        const auto query = obligation::common_query(session_.rules(), right, *sets[i], *sets[j]);
        const SharedAnswer answer = query ? session_.queries().ask(*query) : nullptr;
        const auto* solution = answer ? std::get_if<Solution>(answer.get()) : nullptr;
        const bool known =
            solution == nullptr || std::find(examples.begin(), examples.end(), solution->object) != examples.end();
        if (!known) examples.push_back(solution->object);
      }
    }
    return examples;
  }

  std::vector<const ir::ObjectPatterns*> sets_about(ir::Right right) const {
    std::vector<const ir::ObjectPatterns*> sets;
    const auto add = [&](const ir::ObjectPatterns& objects) {
      const bool known = std::any_of(sets.begin(), sets.end(), [&](const ir::ObjectPatterns* one) {
        return one->everything == objects.everything && one->files == objects.files && one->nets == objects.nets;
      });
      if (!known && sets.size() < kMostSets) sets.push_back(&objects);
    };
    for (const Move& move : moves_) {
      if (move.kind == Move::Kind::Give && move.use.right == right) add(world_.at(move.use.delegation).objects);
    }
    for (const ir::Possession& one : world_.possessions) {
      if (one.right == right) add(one.objects);
    }
    return sets;
  }

  Session& session_;
  const ir::World& world_;
  std::span<const Move> moves_;
  const ir::Handover& last_;
  const std::vector<ir::Request>& shown_;
  std::size_t end_ = 0;
  std::vector<Branch> open_;
  std::map<std::tuple<ir::SubjectId, ir::Right, ir::Object, Asking>, std::optional<ir::Context>> contexts_;
  std::map<ir::Right, std::vector<ir::Object>> objects_;
};

}  // namespace

std::optional<std::vector<ir::Handover>> run_like(Session& session, std::span<const Move> moves,
                                                  const ir::Handover& last, const std::vector<ir::Request>& shown) {
  return Choosing(session, moves, last, shown).run();
}

}  // namespace bulkhead::engine
