#include "checker/query/difference.h"

#include <algorithm>
#include <set>

#include "checker/engine/acquisition.h"
#include "checker/engine/engine.h"
#include "checker/query/joined.h"
#include "checker/query/settled.h"
#include "lang/ir/acquire.h"
#include "lang/ir/describe.h"
#include "lang/ir/eval.h"
#include "lang/ir/glob.h"

namespace bulkhead::query {
namespace {

std::optional<ir::SubjectId> same_name(const ir::World& world, const ir::Subject& subject) {
  for (std::size_t i = 0; i < world.subjects.size(); ++i) {
    if (world.subjects[i].kind == subject.kind && world.subjects[i].name == subject.name) return ir::SubjectId{i};
  }
  return std::nullopt;
}

/// The first delegation of a kind on a chain of delegations of this right that leads to one of these; none where there
/// is no such chain. More chains than there are: who may have something to hand on is not looked at.
///
/// Cost: receivers x delegations.
template <typename IsWanted>
const ir::Delegation* on_a_chain(const ir::World& world, ir::Right right, std::vector<ir::SubjectId> open,
                                 const IsWanted& is_wanted) {
  std::set<ir::SubjectId> seen(open.begin(), open.end());
  while (!open.empty()) {
    const ir::SubjectId to = open.back();
    open.pop_back();
    for (const ir::Delegation& one : world.delegations) {
      if (one.to != to || !one.rights.has(right)) continue;
      if (is_wanted(one)) return &one;
      if (seen.insert(one.from).second) open.push_back(one.from);
    }
  }
  return nullptr;
}

/// A trusted subject with a protocol from which a chain of delegations of this right leads to one of these.
std::optional<ir::SubjectId> follower(const ir::World& world, ir::Right right, std::vector<ir::SubjectId> receivers) {
  const ir::Delegation* found = on_a_chain(world, right, std::move(receivers),
                                           [&](const ir::Delegation& one) { return !ir::is_free(world, one.from); });
  return found == nullptr ? std::nullopt : std::optional(found->from);
}

/// Whether a chain of delegations of this right, one of which has a condition, leads to one of these.
bool hangs_on_conditions(const ir::World& world, ir::Right right, std::vector<ir::SubjectId> receivers) {
  const auto conditional = [](const ir::Delegation& one) { return !one.when.always(); };
  return on_a_chain(world, right, std::move(receivers), conditional) != nullptr;
}

/// What the subjects of `first` can come to do and those of `second` of the same name cannot; both stand in `both`.
class OneWay {
 public:
  OneWay(const Settled& first, const ir::World& both, engine::Session& session, Change change)
      : settled_(first), first_(first.policy()), both_(both), session_(session), change_(change) {}

  void run(ir::SubjectId subject, std::optional<ir::SubjectId> counterpart, std::vector<AccessChange>& out) {
    for (const ir::Right right : ir::kAllRights) {
      const AccessChange blank{change_, first_.at(subject).name, right, std::nullopt, "", {}, "", {}};
      known_.clear();
      told_.clear();
      handed_.clear();
      leave_out_own_tree(subject, right);
      while (next(blank, subject, counterpart, out)) {
      }
      look_at_followers(blank, subject, counterpart, out);
    }
  }

 private:
  /// One more change for this subject and right. False where there is none, or none can be found.
  bool next(AccessChange found, ir::SubjectId subject, std::optional<ir::SubjectId> counterpart,
            std::vector<AccessChange>& out) {
    const auto query = obligation::difference_query(both_, subject, counterpart, found.right, known_);
    if (!query) return unknown(found, query.error().reason, out);
    const auto answer = session_.queries().ask(*query);
    if (const auto* none = std::get_if<engine::NoAnswer>(answer.get())) return unknown(found, none->reason, out);
    const auto* solution = std::get_if<engine::Solution>(answer.get());
    if (solution == nullptr) return false;
    // Conditions that are left are taken for true on this side, and for false on the other.
    std::vector<ir::SubjectId> receivers{subject};
    if (counterpart) receivers.push_back(*counterpart);
    if (hangs_on_conditions(both_, found.right, std::move(receivers))) {
      return unknown(found, "what is handed over under conditions is not compared", out);
    }
    return report(found, subject, *solution, out);
  }

  bool report(AccessChange& found, ir::SubjectId subject, const engine::Solution& solution,
              std::vector<AccessChange>& out) {
    engine::Run run = engine::run_of(session_, {{subject, found.right}}, solution);
    ir::Request& request = run.requests.front();
    for (ir::Context* context : contexts_of(run)) leave_out_foreign(*context);
    ir::Acquired acquired(first_);
    const auto steps = settled_.run(run.handovers);
    if (!steps || acquired.hand_over(*steps) || !acquired.may(request)) {
      const auto trusted = follower(both_, found.right, {subject});
      return unknown(found, trusted ? by_protocol(*trusted) : "the witness did not replay", out);
    }
    bool fresh = false;
    for (const ir::RuleId permit : ir::decide(first_, request).permits) {
      found.sentences.push_back(first_.at(permit).sentence);
      fresh |= leave_out(permit, request.object);
    }
    fresh |= leave_out_handed(found, run);
    if (!fresh) return unknown(found, "the same access was found again", out);
    found.before = engine::steps_of(first_, *steps);
    for (const verdict::Step& step : found.before)
      found.sentences.insert(found.sentences.end(), step.sentences.begin(), step.sentences.end());
    std::sort(found.sentences.begin(), found.sentences.end());
    found.sentences.erase(std::unique(found.sentences.begin(), found.sentences.end()), found.sentences.end());
    found.object = describe(first_, request.object);
    found.witness = std::move(request);
    out.push_back(std::move(found));
    return true;
  }

  static std::vector<ir::Context*> contexts_of(engine::Run& run) {
    std::vector<ir::Context*> contexts{&run.requests.front().context};
    for (ir::Handover& step : run.handovers) contexts.insert(contexts.end(), {&step.own, &step.wanted});
    return contexts;
  }

  /// Attributes that only the other policy has.
  void leave_out_foreign(ir::Context& context) const {
    std::erase_if(context, [&](const auto& entry) { return entry.first.index() >= first_.attributes.size(); });
  }

  /// What a rule permits is not asked about again: of syscalls and capabilities only this one, by this rule. Hence the
  /// end: rules and what they name are finitely many. False where it was left out before.
  bool leave_out(ir::RuleId permit, const ir::Object& object) {
    const ir::Rule& rule = first_.at(permit);
    obligation::Known known{rule.objects, rule.when};
    std::size_t which = 0;
    if (const auto* call = std::get_if<ir::SyscallObject>(&object)) {
      known.objects = {};
      known.objects.syscalls.push_back(call->syscall);
      which = call->syscall.valid() ? call->syscall.index() : both_.syscalls.size();
    } else if (const auto* capability = std::get_if<ir::CapabilityObject>(&object)) {
      known.objects = {};
      known.objects.capabilities.push_back(capability->number);
      which = capability->number;
    }
    if (!told_.emplace(permit, which).second) return false;
    known_.push_back(std::move(known));
    return true;
  }

  /// Nor is what came by a `holds` sentence, or by the last step of the chain. False where it was left out before.
  bool leave_out_handed(AccessChange& found, const engine::Run& run) {
    bool fresh = false;
    const auto leave = [&](const ir::ObjectPatterns& objects, ir::SentenceId sentence) {
      known_.push_back({objects, std::nullopt});
      found.sentences.push_back(sentence);
      fresh |= handed_.insert(sentence).second;
    };
    const ir::Request& request = run.requests.front();
    for (const ir::Holding& one : first_.holdings) {
      const bool meant = one.holder == request.subject && one.rights.has(request.right);
      if (meant && ir::patterns_match(one.objects, request.object)) leave(one.objects, one.sentence);
    }
    if (!run.handovers.empty()) {
      const ir::Delegation& last = first_.at(run.handovers.back().delegation);
      leave(last.objects, last.sentence);
    }
    return fresh;
  }

  /// A host has its own tree in every policy.
  void leave_out_own_tree(ir::SubjectId subject, ir::Right right) {
    if (first_.at(subject).kind != ir::SubjectKind::Host || ir::plane_of(right) != ir::Plane::File) return;
    obligation::Known known;
    for (std::size_t i = 0; i < both_.volumes.size(); ++i) {
      const bool own = ir::VolumeId{i} == ir::kHost || !both_.volumes[i].host_source.empty();
      if (own) known.objects.files.push_back({ir::VolumeId{i}, "/**", ""});
    }
    known_.push_back(std::move(known));
  }

  /// Soundness: what was asked takes trusted subjects for attackers in both policies. Where one of them may hand
  /// something on, the older policy may have had less than that, so nothing is said to be the same. Test:
  /// Difference.KnowsNothingOfWhatProtocolsHandOver.
  void look_at_followers(AccessChange blank, ir::SubjectId subject, std::optional<ir::SubjectId> counterpart,
                         std::vector<AccessChange>& out) {
    if (change_ == Change::Removed && counterpart) return;  // said when the other way was looked at
    std::vector<ir::SubjectId> receivers{subject};
    if (counterpart) receivers.push_back(*counterpart);
    const auto trusted = follower(both_, blank.right, std::move(receivers));
    const bool said = !out.empty() && out.back().change == Change::Unknown && out.back().subject == blank.subject &&
                      out.back().right == blank.right;
    if (trusted && !said) unknown(blank, by_protocol(*trusted), out);
  }

  std::string by_protocol(ir::SubjectId trusted) const {
    return "what `" + both_.at(trusted).name + "` hands on by its protocol is not decided";
  }

  static bool unknown(AccessChange& found, std::string reason, std::vector<AccessChange>& out) {
    found.change = Change::Unknown;
    found.reason = std::move(reason);
    out.push_back(found);
    return false;
  }

  const Settled& settled_;
  const ir::World& first_;
  const ir::World& both_;
  engine::Session& session_;
  Change change_;
  std::vector<obligation::Known> known_;               // of this subject and right, what `out` tells already
  std::set<std::pair<ir::RuleId, std::size_t>> told_;  // the same, to find it by
  std::set<ir::SentenceId> handed_;
};

void compare(const Settled& of_first, const Settled& of_second, Change change, const engine::Budget& budget,
             std::vector<AccessChange>& out) {
  const ir::World& first = of_first.asked();
  const ir::World& second = of_second.asked();
  const Result<Joined, std::string> joined = join(first, second);
  if (!joined) {
    out.push_back({Change::Unknown, "", ir::Right::Read, std::nullopt, "", {}, joined.error(), {}});
    return;
  }
  engine::Session session(joined->world, budget);
  OneWay one_way(of_first, joined->world, session, change);
  for (std::size_t i = 0; i < first.subjects.size(); ++i) {
    const ir::Subject& subject = first.subjects[i];
    if (subject.kind == ir::SubjectKind::Profile || (subject.twin && subject.twin->index() < i)) continue;
    const auto counterpart = same_name(second, subject);
    one_way.run(ir::SubjectId{i},
                counterpart ? std::optional<ir::SubjectId>(joined->of_second(*counterpart)) : std::nullopt, out);
  }
}

}  // namespace

std::vector<AccessChange> difference(const ir::World& older, const ir::World& newer, const ProveOptions& options) {
  std::vector<AccessChange> changes;
  if (!older.dynamic.empty() || !newer.dynamic.empty()) {
    const char* reason = "a policy has sentences that nothing gives a meaning";
    changes.push_back({Change::Unknown, "", ir::Right::Read, std::nullopt, "", {}, reason, {}});
    return changes;
  }
  engine::Budget budget;
  budget.solver.seed = static_cast<std::uint32_t>(options.seed);
  const Settled before(older, budget), after(newer, budget);
  compare(after, before, Change::Added, budget, changes);
  compare(before, after, Change::Removed, budget, changes);
  return changes;
}

bool adds_access(const std::vector<AccessChange>& changes) {
  return std::any_of(changes.begin(), changes.end(), [](const AccessChange& c) { return c.change != Change::Removed; });
}

}  // namespace bulkhead::query
