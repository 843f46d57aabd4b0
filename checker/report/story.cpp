#include "checker/report/story.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include "checker/conditions/rounds.h"
#include "checker/story/chart.h"
#include "checker/story/story.h"
#include "lang/ir/acquire.h"
#include "lang/ir/describe.h"
#include "lang/ir/eval.h"
#include "lang/ir/from_policy.h"
#include "lang/system/builder.h"
#include "lang/system/dump.h"
#include "lang/system/formula.h"
#include "lang/system/replay.h"

namespace bulkhead::report {
namespace {

std::string context_of(const ir::World& world, const ir::Context& context) {
  std::string when;
  for (const auto& [attribute, value] : context) {
    when += (when.empty() ? " with context." : ", context.") + world.at(attribute).name + " = " +
            ir::describe(world, value);
  }
  return when;
}

std::string act(const ir::World& world, const ir::Acquired& acquired, const ir::Request& request) {
  return world.at(request.subject).name + (acquired.may(request) ? " may " : " may not ") +
         std::string(ir::to_string(request.right)) + " " + ir::describe(world, request.object) +
         context_of(world, request.context);
}

std::string handed(const ir::World& world, const ir::Handover& step) {
  const ir::Delegation& delegation = world.at(step.delegation);
  return world.at(delegation.from).name + " hands " + world.at(delegation.to).name + " the right to " +
         std::string(ir::to_string(step.right)) + " " + ir::describe(world, step.object) +
         (delegation.onward ? ", and to hand it on," : "") + " over `" + world.at(delegation.via).name + "`" +
         context_of(world, step.own);
}

std::string taken_back(const ir::World& world, const ir::Handover& step) {
  const ir::Revocation& revocation = world.at(step.revocation);
  return world.at(revocation.by).name + " takes back from " + world.at(revocation.from).name + " the right to " +
         std::string(ir::to_string(step.right)) + " " + ir::describe(world, step.object) +
         ", and what was derived from it";
}

Line line_of(const ir::World& world, const ir::Acquired& acquired, const verdict::Step& step) {
  Line line{step.text, step.sentences, {}};
  if (step.handover) {
    line.text = step.handover->revocation.valid() ? taken_back(world, *step.handover) : handed(world, *step.handover);
    return line;
  }
  std::string acts;
  for (const ir::Request& request : step.requests)
    acts += (acts.empty() ? "" : ", and ") + act(world, acquired, request);
  if (step.cause) {
    line.text = node_name(world, step.from) + " influences " + node_name(world, step.to) + " by " +
                std::string(ir::to_string(*step.cause));
    if (step.channel.valid()) line.text += " `" + world.at(step.channel).name + "`";
    if (!acts.empty()) line.text += ": " + acts;
  } else if (!acts.empty()) {
    line.text = acts;
  }
  return line;
}

/// More rows that are missing are not tried one by one.
constexpr std::size_t kMostMissing = 2'000, kMostWorlds = 200;

/// Which sentences of the policy a run rests on: each is taken from what its models read, or added to it, by itself.
class PolicyOfRun {
 public:
  PolicyOfRun(const ir::World& world, const ir::TheoremClaim& theorem, const system::Run& run)
      : world_(world), system_(world.at(theorem.system)), theorem_(theorem), run_(run), free_(system_) {
    const system::TermId anything = system::Builder(free_).truth(true);
    for (system::Property& property : free_.properties) {
      if (system::is_filled_in(system_, property)) property.formula = anything;
    }
  }

  void add_to(std::vector<Line>& lines) {
    if (system::replay_violation(system_, theorem_.theorem, run_)) return;  // one of two runs that show a leak
    for (std::size_t i = 0; i < system_.functions.size(); ++i) {
      const system::FunctionId id{i};
      if (!system_.functions[i].from_policy) continue;
      const auto relation = ir::from_policy(world_, system_, id);
      if (!relation || !*relation) continue;
      for (const ir::PolicyTuple& tuple : **relation) {
        if (breaks(id, tuple, false)) lines.push_back({"by the policy: " + text(id, tuple), tuple.sentences, {}});
      }
      const ir::PolicyRelation missing = ir::not_said(world_, system_, id);
      for (std::size_t m = 0; m < std::min(missing.size(), kMostMissing); ++m) {
        if (!breaks(id, missing[m], true) || is_shown_in_another_world(id, missing[m])) continue;
        lines.push_back({"the policy does not say: " + text(id, missing[m]), missing[m].sentences, {}});
      }
    }
  }

 private:
  std::string text(system::FunctionId id, const ir::PolicyTuple& tuple) const {
    std::string members;
    for (std::size_t at = 0; at < tuple.members.size(); ++at) {
      members += (at == 0 ? "" : ", ") + names(id, at)[tuple.members[at]];
    }
    return system_.at(id).name + "(" + members + ")";
  }
  const std::vector<std::string>& names(system::FunctionId id, std::size_t argument) const {
    return system_.at(system_.at(id).arguments[argument].enumeration).members;
  }
  system::Run with(system::FunctionId id, const ir::PolicyTuple& tuple, bool added) const {
    std::size_t entry = 0;
    for (std::size_t at = 0; at < tuple.members.size(); ++at) {
      entry = entry * names(id, at).size() + tuple.members[at];
    }
    system::Run changed = run_;
    changed.first.tables.at(id.index()).at(entry) = added ? 1 : 0;
    return changed;
  }
  bool shows(const system::Run& run) const { return !system::replay_violation(free_, theorem_.theorem, run); }
  /// Whether the run shows nothing where this one tuple is not as the policy has it.
  bool breaks(system::FunctionId id, const ir::PolicyTuple& tuple, bool added) const {
    return !shows(with(id, tuple, added));
  }
  /// Whether the run shows the same with the tuple, where one thing more is otherwise that the policy does not decide:
  /// then saying it would have prevented this run and not its like.
  bool is_shown_in_another_world(system::FunctionId id, const ir::PolicyTuple& tuple) const {
    system::Run changed = with(id, tuple, true);
    std::size_t tried = 0;
    for (std::size_t i = 0; i < system_.functions.size(); ++i) {
      const system::Function& function = system_.functions[i];
      if (function.change != system::Change::Rigid || function.from_policy || function.result != system::kBool)
        continue;
      for (system::Value& entry : changed.first.tables.at(i)) {
        if (++tried > kMostWorlds) return false;
        entry = 1 - entry;
        if (shows(changed)) return true;
        entry = 1 - entry;
      }
    }
    return false;
  }

  const ir::World& world_;
  const system::System& system_;
  const ir::TheoremClaim& theorem_;
  const system::Run& run_;
  system::System free_;  // the system without what the policy says
};

std::string case_name(const ir::World& world, const query::CaseResult& result) {
  std::string out;
  if (result.instance.variable) out = " for " + world.at(*result.instance.variable).name;
  return out;
}

}  // namespace

std::string node_name(const ir::World& world, obligation::GraphNode node) {
  if (node.data.valid()) return "what is labelled " + world.at(node.data).name;
  return node.network() ? "the network" : world.at(node.subject).name;
}

std::vector<Line> runs(const Subject& subject, const ir::Claim& claim, const verdict::Violated& violated) {
  std::vector<Line> lines;
  const auto* theorem = std::get_if<ir::TheoremClaim>(&claim.form);
  if (theorem == nullptr) return lines;
  for (const system::Run& run : violated.trace.runs) {
    story::Story told = story::tell(subject.world.at(theorem->system), run, subject.sources);
    lines.push_back({"at first" + (told.scope.empty() ? "" : ", with " + told.scope), {}, std::move(told.first)});
    for (std::size_t i = 0; i < told.steps.size(); ++i) {
      story::Step& step = told.steps[i];
      std::string text = (told.loop == i ? "for ever: " : "") + std::move(step.action);
      if (!step.place.empty()) text += "  [" + step.place + "]";
      lines.push_back({std::move(text) + (step.refused ? "  refused" : ""), {}, std::move(step.changes)});
    }
    PolicyOfRun(subject.world, *theorem, run).add_to(lines);
    if (const auto chart = story::chart_of(subject.world.at(theorem->system), run)) {
      lines.push_back({"as a chart", {}, story::lines(*chart)});
    }
  }
  return lines;
}

std::vector<std::string> charts(const Subject& subject, const query::ClaimResult& result) {
  std::vector<std::string> pictures;
  const auto* theorem = std::get_if<ir::TheoremClaim>(&subject.world.at(result.claim).form);
  const auto* violated =
      result.cases.empty() ? nullptr : std::get_if<verdict::Violated>(&result.cases[result.deciding].verdict);
  if (theorem == nullptr || violated == nullptr) return pictures;
  for (const system::Run& run : violated->trace.runs) {
    const auto chart = story::chart_of(subject.world.at(theorem->system), run);
    if (chart) pictures.push_back(story::svg(*chart));
  }
  return pictures;
}

std::vector<Lemma> lemmas(const ir::World& world, const ir::Claim& claim, const verdict::Verdict& verdict) {
  std::vector<Lemma> found;
  const auto* theorem = std::get_if<ir::TheoremClaim>(&claim.form);
  const auto* holds = std::get_if<verdict::Holds>(&verdict);
  if (theorem == nullptr || holds == nullptr) return found;
  const system::System& system = world.at(theorem->system);
  const auto* evidence = std::get_if<verdict::InductiveEvidence>(&holds->certificate.evidence);
  const auto* leads = std::get_if<system::LeadsTo>(&theorem->theorem.statement);
  std::optional<system::System> counting;  // what the formulas speak of, where rounds are counted
  if (evidence != nullptr && leads != nullptr) {
    if (auto counted = conditions::rounds(system, *leads)) counting = std::move(counted->system);
  }
  const auto* rank = std::get_if<verdict::RankEvidence>(&holds->certificate.evidence);
  if (evidence == nullptr && rank == nullptr) return found;
  for (const verdict::Conjunct& conjunct : rank != nullptr ? rank->conjuncts : evidence->conjuncts) {
    Lemma lemma{conjunct.text, claim.text};
    const bool inferred = conjunct.from == verdict::Conjunct::From::Inferred;
    if (inferred)
      lemma.text = "lemma " + conjunct.text + ": " + system::spell(counting ? *counting : system, conjunct.formula);
    for (const system::Property& property : system.properties) {
      if (!inferred && property.name == conjunct.text) lemma.text = property.origin.text;
    }
    const bool claimed = conjunct.from == verdict::Conjunct::From::Claim;
    found.insert(claimed ? found.begin() : found.end(), std::move(lemma));
  }
  if (rank != nullptr) found.push_back({"pending", "pending: " + system::spell(system, rank->pending)});
  for (std::size_t i = 0; rank != nullptr && i < rank->measures.size(); ++i) {
    found.push_back({"measure", "measure: " + system::spell(system, rank->measures[i])});
  }
  return found;
}

std::vector<Line> story(const ir::World& world, const std::vector<verdict::Step>& steps) {
  std::vector<Line> lines;
  ir::Acquired acquired(world);
  for (const verdict::Step& step : steps) {
    if (step.handover) acquired.hand_over(*step.handover);
    lines.push_back(line_of(world, acquired, step));
  }
  return lines;
}

std::vector<Line> story(const Subject& subject, const query::ClaimResult& result) {
  const ir::World& world = subject.world;
  std::vector<Line> lines;
  if (!result.reason.empty()) lines.push_back({result.reason, {}, {}});
  if (result.cases.empty()) return lines;
  const auto* violated = std::get_if<verdict::Violated>(&result.cases[result.deciding].verdict);
  if (violated == nullptr) return lines;
  auto steps = story(world, violated->trace.steps);
  lines.insert(lines.end(), std::make_move_iterator(steps.begin()), std::make_move_iterator(steps.end()));
  auto told = runs(subject, world.at(result.claim), *violated);
  lines.insert(lines.end(), std::make_move_iterator(told.begin()), std::make_move_iterator(told.end()));
  if (lines.empty()) lines.push_back({"no object and no context make it possible", {}, {}});
  return lines;
}

std::string full_text(const Line& line) {
  std::string text = line.text;
  for (std::size_t i = 0; i < line.details.size(); ++i) text += (i == 0 ? ": " : ", ") + line.details[i];
  return text;
}

std::string headline(const ir::World& world, const query::ClaimResult& result) {
  const bool prove = world.at(result.claim).mode == ir::ClaimMode::Prove;
  const std::string which = result.cases.empty() ? "" : case_name(world, result.cases[result.deciding]);
  switch (result.status) {
    case query::Status::Satisfied:
      return prove ? "holds" : "refuted" + which;
    case query::Status::Failed:
      return prove ? "violated" + which : "holds, but should be refuted";
    case query::Status::Vacuous:
      return "vacuous" + which;
    case query::Status::Unknown:
      return "unknown" + which;
    case query::Status::Rejected:
      return "certificate rejected" + which;
  }
  return "";
}

std::string engine(const query::ClaimResult& result) {
  if (result.cases.empty()) return "";
  const verdict::Verdict& verdict = result.cases[result.deciding].verdict;
  if (const auto* holds = std::get_if<verdict::Holds>(&verdict)) return holds->engine;
  const auto* violated = std::get_if<verdict::Violated>(&verdict);
  return violated == nullptr ? "" : violated->engine;
}

std::string idle_text(const ir::World& world, const query::IdleAction& idle) {
  const system::System& model = world.at(idle.system);
  const std::string action = "`" + model.at(idle.action).name + "` of " + model.name;
  return idle.never ? action + " can never fire" : "no run was found that takes " + action;
}

std::string survivor_text(const ir::World& world, const query::Survivor& survivor) {
  std::vector<std::string> variants;
  for (const ir::SystemId id : survivor.variants) variants.push_back(world.at(id).variant);
  return world.at(survivor.claim).text + " survives every variant of " + world.at(survivor.model).name + ": " +
         listed(variants);
}

std::string undecidable_text(const ir::World& world, const query::Undecidable& one) {
  return world.at(one.system).name + ": " + one.condition + ": " + one.reason;
}

std::string listed(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

std::string place(const ir::World& world, const source::SourceMap& sources, ir::SentenceId sentence) {
  if (!sentence.valid()) return "";
  const ir::Sentence& said = world.at(sentence);
  const std::string where = sources.place(said.span);
  return where.empty() ? "implied" : where;
}

std::string place(const Subject& subject, ir::SentenceId sentence) {
  return place(subject.world, subject.sources, sentence);
}

std::vector<std::string> assumptions(const query::ClaimResult& result) {
  std::vector<std::string> list;
  for (const query::CaseResult& one : result.cases) {
    for (const std::string& assumption : one.assumptions) {
      if (std::find(list.begin(), list.end(), assumption) == list.end()) list.push_back(assumption);
    }
  }
  return list;
}

}  // namespace bulkhead::report
