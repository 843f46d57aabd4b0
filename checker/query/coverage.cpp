#include "checker/query/coverage.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "checker/engine/engine.h"
#include "checker/query/proved_policy.h"
#include "lang/ir/eval.h"

namespace bulkhead::query {
namespace {

using Clock = std::chrono::steady_clock;

/// What a sentence can be replaced by.
enum class Mutation : std::uint8_t { Delete, Widen, Narrow };
constexpr Mutation kMutations[] = {Mutation::Delete, Mutation::Widen, Mutation::Narrow};

/// Whether a sentence made some setting of the subject.
bool uses(const ir::Subject& subject, ir::SentenceId sentence) {
  const auto here = [&](const std::optional<ir::Quantity>& quantity) {
    return quantity && quantity->sentence == sentence;
  };
  for (const auto* quantities : {&subject.reserve, &subject.capacity, &subject.limits}) {
    if (here(quantities->memory) || here(quantities->cpu) || here(quantities->pids) || here(quantities->io))
      return true;
  }
  return std::any_of(subject.namespaces.begin(), subject.namespaces.end(),
                     [&](const ir::NamespaceSetting& setting) { return setting.sentence == sentence; });
}

/// A part of the world that a sentence made: changed in place, and put back.
class Mutant {
 public:
  Mutant(ir::World& world, ir::SentenceId sentence, Mutation mutation) : world_(world) {
    for (std::size_t i = 0; i < world.rules.size(); ++i) {
      if (world.rules[i].sentence == sentence) {
        rules_.emplace(i, world.rules[i]);
        change(world.rules[i], mutation);
      }
    }
    for (std::size_t i = 0; i < world.subjects.size(); ++i) {
      if (!uses(world.subjects[i], sentence)) continue;
      ir::Subject changed = world.subjects[i];
      if (!change(changed, sentence, mutation)) continue;
      subjects_.emplace(i, std::move(world.subjects[i]));
      world.subjects[i] = std::move(changed);
    }
  }
  ~Mutant() {
    for (auto& [index, rule] : rules_) world_.rules[index] = std::move(rule);
    for (auto& [index, subject] : subjects_) world_.subjects[index] = std::move(subject);
  }
  Mutant(const Mutant&) = delete;
  Mutant& operator=(const Mutant&) = delete;

 private:
  static void change(ir::Rule& rule, Mutation mutation) {
    if (mutation == Mutation::Widen) {
      rule.objects = {};
      rule.objects.everything = true;
      rule.when.reset();
    } else if (mutation == Mutation::Delete) {
      rule.objects = {};
    } else if (rule.objects.files.size() + rule.objects.nets.size() + rule.objects.syscalls.size() +
                   rule.objects.capabilities.size() >
               1) {
      if (!rule.objects.files.empty())
        rule.objects.files.pop_back();
      else if (!rule.objects.nets.empty())
        rule.objects.nets.pop_back();
      else if (!rule.objects.syscalls.empty())
        rule.objects.syscalls.pop_back();
      else
        rule.objects.capabilities.pop_back();
    }
  }

  static bool change(ir::Subject& subject, ir::SentenceId sentence, Mutation mutation) {
    bool changed = false;
    for (ir::NamespaceSetting& setting : subject.namespaces) {
      if (setting.sentence != sentence || mutation == Mutation::Narrow) continue;
      setting.mode =
          mutation == Mutation::Widen ? ir::NamespaceSetting::Mode::Host : ir::NamespaceSetting::Mode::Private;
      changed = true;
    }
    for (auto* quantities : {&subject.reserve, &subject.capacity, &subject.limits}) {
      for (auto* quantity : {&quantities->memory, &quantities->cpu, &quantities->pids, &quantities->io}) {
        if (!*quantity || (*quantity)->sentence != sentence) continue;
        changed = true;
        if (mutation == Mutation::Delete)
          quantity->reset();
        else if (mutation == Mutation::Widen)
          (*quantity)->amount = (*quantity)->amount * 2;
        else
          (*quantity)->amount /= 2;
      }
    }
    return changed;
  }

  ir::World& world_;
  std::map<std::size_t, ir::Rule> rules_;
  std::map<std::size_t, ir::Subject> subjects_;
};

/// What was asked and answered about one case before anything was changed.
struct Baseline {
  ir::ClaimId claim;
  obligation::Instance instance;
  std::size_t verdict = 0;  // its kind
  std::string questions;
  std::vector<ir::Object> objects;  // some that the claim speaks of
  bool graph = false;
  std::vector<obligation::GraphNode> closed;  // of a graph claim that holds: what its sources can influence
};

std::string questions_of(const obligation::Obligation& obligation) {
  std::string text;
  const auto add = [&](const std::vector<obligation::LabelledQuery>& queries) {
    for (const auto& query : queries) text += obligation::to_text(query.query);
  };
  if (const auto* empty = std::get_if<obligation::AllEmpty>(&obligation.goal)) add(empty->queries);
  if (const auto* some = std::get_if<obligation::SomeWitness>(&obligation.goal)) add(some->queries);
  if (const auto* linear = std::get_if<obligation::Linear>(&obligation.goal)) {
    for (const auto& sum : linear->sums) {
      text += sum.label;
      for (const auto& part : sum.parts) text += "+" + std::to_string(part.amount);
      for (const auto& part : sum.bound) text += "-" + std::to_string(part.amount);
    }
  }
  return text;
}

class Surveyor {
 public:
  Surveyor(const ir::World& world, const std::vector<ClaimResult>& claims, std::uint64_t work,
           Clock::time_point deadline)
      : world_(world), most_work_(work), deadline_(deadline) {
    for (const ClaimResult& claim : claims) {
      for (const CaseResult& result : claim.cases) add(claim.claim, result);
    }
  }

  /// Whether deleting, widening or narrowing the sentence changes the verdict on a claim, of those about graphs or of
  /// the others. None: the work that may be spent, or the time, is.
  std::optional<bool> matters(ir::SentenceId sentence, bool graph) {
    const Owners owners = owners_of(sentence);
    const std::vector<std::size_t> concerned = baselines_of(owners);
    for (const Mutation mutation : kMutations) {
      const Mutant mutant(world_, sentence, mutation);
      std::optional<engine::Session> session;
      for (const std::size_t index : concerned) {
        const Baseline& base = baselines_[index];
        if (base.graph != graph) continue;
        if (work_ > most_work_ || Clock::now() > deadline_) return std::nullopt;
        if (changes(base, owners, session)) return true;
      }
    }
    return false;
  }

 private:
  void add(ir::ClaimId claim, const CaseResult& result) {
    const auto made = obligation::obligation(world_, claim, result.instance);
    if (!made) return;
    Baseline base{claim, result.instance, result.verdict.index(), questions_of(*made), {}};
    base.graph = std::holds_alternative<obligation::Unreachable>(made->goal);
    if (const auto* holds = std::get_if<verdict::Holds>(&result.verdict)) {
      base.objects = holds->certificate.not_vacuous;
      const auto* evidence = std::get_if<verdict::ClosedEvidence>(&holds->certificate.evidence);
      if (evidence != nullptr) base.closed = evidence->closed;
    }
    for (std::size_t i = 0; i < world_.subjects.size(); ++i) {
      const ir::Claim& about = world_.at(claim);
      const bool graph = std::holds_alternative<obligation::Unreachable>(made->goal) ||
                         std::holds_alternative<obligation::Linear>(made->goal);
      const bool variable = result.instance.variable == ir::SubjectId{i};
      if (graph || (about.quantifier ? variable : speaks_of(world_, about, ir::SubjectId{i}))) {
        by_subject_[ir::SubjectId{i}].push_back(baselines_.size());
      }
    }
    baselines_.push_back(std::move(base));
  }

  /// The subjects whose rules and settings a sentence made.
  struct Owners {
    bool everybody = false;
    std::set<ir::SubjectId> subjects;
  };
  Owners owners_of(ir::SentenceId sentence) const {
    Owners owners;
    for (const ir::Rule& rule : world_.rules) {
      if (rule.sentence != sentence) continue;
      if (rule.subject)
        owners.subjects.insert(*rule.subject);
      else
        owners.everybody = true;
    }
    for (std::size_t i = 0; i < world_.subjects.size(); ++i) {
      if (uses(world_.subjects[i], sentence)) owners.subjects.insert(ir::SubjectId{i});
    }
    return owners;
  }

  /// The cases that speak of one of the owners, in order.
  std::vector<std::size_t> baselines_of(const Owners& owners) const {
    std::vector<std::size_t> indices;
    for (const auto& [subject, of_subject] : by_subject_) {
      if (owners.everybody || owners.subjects.count(subject) != 0)
        indices.insert(indices.end(), of_subject.begin(), of_subject.end());
    }
    if (owners.everybody) {
      indices.clear();
      for (std::size_t i = 0; i < baselines_.size(); ++i) indices.push_back(i);
    }
    std::sort(indices.begin(), indices.end());
    indices.erase(std::unique(indices.begin(), indices.end()), indices.end());
    return indices;
  }

  /// A closed set that held without `owner` is closed still where no edge of it leads to `owner` now: the other edges
  /// do not depend on what that subject may do.
  static bool still_closed(const Baseline& base, const Owners& owners, engine::Session& session) {
    if (owners.everybody || owners.subjects.size() != 1 || base.closed.empty()) return false;
    const obligation::GraphNode node{*owners.subjects.begin()};
    return std::none_of(base.closed.begin(), base.closed.end(), [&](const obligation::GraphNode& from) {
      if (from == node) return true;
      const engine::SharedEdge edge = session.edge(from, node);
      return edge->exists.has_value() || !edge->unknown.empty();
    });
  }

  bool changes(const Baseline& base, const Owners& owners, std::optional<engine::Session>& session) {
    work_ += world_.rules.size();
    const auto made = obligation::obligation(world_, base.claim, base.instance);
    if (!made) return true;
    if (!base.graph && questions_of(*made) == base.questions) return false;
    if (replays(base)) return true;
    if (!session) {
      work_ += graph_work();
      session.emplace(world_);
    }
    if (base.graph) work_ += graph_work();
    if (base.graph && made->not_vacuous.empty() && still_closed(base, owners, *session)) return false;
    return engine::solve(*made, *session).index() != base.verdict;
  }

  /// For each subject the rules are read, but most of them for their effect and rights only.
  std::uint64_t graph_work() const { return world_.rules.size() * world_.subjects.size() / 4; }

  /// A claim that held is violated by a request that is known already: no search is needed.
  bool replays(const Baseline& base) const {
    constexpr std::size_t kHolds = 0;
    const ir::Claim& claim = world_.at(base.claim);
    if (base.verdict != kHolds) return false;
    const auto tried = [&](const ir::SubjectRef& reference, ir::Rights rights) {
      const ir::SubjectId subject = ir::resolve(reference, base.instance.variable);
      for (const ir::Object& object : base.objects) {
        for (const ir::Right right : ir::kAllRights) {
          if (rights.has(right) && ir::decide(world_, {subject, right, object, {}}).allowed) return true;
        }
      }
      return false;
    };
    if (const auto* cannot = std::get_if<ir::Cannot>(&claim.form)) return tried(cannot->subject, cannot->rights);
    if (const auto* none = std::get_if<ir::NotGranted>(&claim.form)) return tried(none->subject, none->rights);
    return false;
  }

  ir::World world_;
  std::uint64_t most_work_;
  Clock::time_point deadline_;
  std::uint64_t work_ = 0;  // rules read so far, about
  std::vector<Baseline> baselines_;
  std::map<ir::SubjectId, std::vector<std::size_t>> by_subject_;  // indices into baselines_, ascending
};

}  // namespace

Survey survey(const ir::World& world, const std::vector<ClaimResult>& claims, std::uint64_t work,
              Clock::time_point deadline) {
  std::vector<ir::SentenceId> candidates;
  const auto add = [&](ir::SentenceId sentence) {
    if (sentence.valid() && !world.at(sentence).implied && !world.at(sentence).library) candidates.push_back(sentence);
  };
  for (const ir::Rule& rule : world.rules) add(rule.sentence);
  for (const ir::Subject& subject : world.subjects) {
    for (const ir::NamespaceSetting& setting : subject.namespaces) add(setting.sentence);
    for (const auto* quantities : {&subject.reserve, &subject.capacity}) {
      for (const auto* quantity : {&quantities->memory, &quantities->cpu, &quantities->pids, &quantities->io}) {
        if (*quantity) add((*quantity)->sentence);
      }
    }
  }
  std::sort(candidates.begin(), candidates.end());
  candidates.erase(std::unique(candidates.begin(), candidates.end()), candidates.end());
  Surveyor surveyor(world, claims, work, deadline);
  Survey found;
  // The claims about graphs come last: they cost the most, and most sentences are covered by a shorter one.
  for (const bool graph : {false, true}) {
    std::vector<ir::SentenceId> open;
    for (const ir::SentenceId sentence : candidates) {
      const std::optional<bool> matters = surveyor.matters(sentence, graph);
      if (!matters) found.not_judged.push_back(sentence);
      if (matters && !*matters) open.push_back(sentence);
    }
    candidates = std::move(open);
  }
  found.unproved = std::move(candidates);
  std::sort(found.not_judged.begin(), found.not_judged.end());
  return found;
}

}  // namespace bulkhead::query
