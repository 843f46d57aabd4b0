// JSON. Objects keep the order in which they are written here.
#include <nlohmann/json.hpp>

#include "checker/query/model_mutant.h"
#include "checker/report/mistakes.h"
#include "checker/report/report.h"
#include "checker/report/story.h"
#include "lang/ir/describe.h"

namespace bulkhead::report {
namespace {

using Json = nlohmann::ordered_json;

/// Names come from files and may hold anything: bytes that are no UTF-8 are replaced.
std::string dump(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

Json sentence_json(const ir::World& world, const source::SourceMap& sources, ir::SentenceId id) {
  const ir::Sentence& sentence = world.at(id);
  Json json{{"text", sentence.text}};
  if (sentence.span.file.valid()) {
    const auto begin = sources.position(sentence.span.file, sentence.span.begin);
    json["file"] = sources.name(sentence.span.file);
    json["line"] = begin.line;
    json["column"] = begin.column;
  }
  if (sentence.implied) json["implied"] = true;
  return json;
}

Json sentences_json(const ir::World& world, const source::SourceMap& sources, const std::vector<ir::SentenceId>& ids) {
  Json list = Json::array();
  for (const ir::SentenceId id : ids) list.push_back(sentence_json(world, sources, id));
  return list;
}

Json request_json(const ir::World& world, const ir::Request& request) {
  Json context = Json::object();
  for (const auto& [attribute, value] : request.context) context[world.at(attribute).name] = ir::describe(world, value);
  return {{"subject", world.at(request.subject).name},
          {"right", ir::to_string(request.right)},
          {"object", ir::describe(world, request.object)},
          {"context", context}};
}

Json step_json(const ir::World& world, const source::SourceMap& sources, const verdict::Step& step) {
  Json json = Json::object();
  if (step.cause) {
    json["from"] = step.from.network() ? "network" : node_name(world, step.from);
    json["to"] = step.to.network() ? "network" : node_name(world, step.to);
    if (step.channel.valid()) json["channel"] = world.at(step.channel).name;
    json["cause"] = ir::to_string(*step.cause);
  }
  if (step.handover && step.handover->revocation.valid()) {
    const ir::Revocation& revocation = world.at(step.handover->revocation);
    json["taken_back"] = {{"by", world.at(revocation.by).name},
                          {"from", world.at(revocation.from).name},
                          {"right", ir::to_string(step.handover->right)},
                          {"object", ir::describe(world, step.handover->object)}};
  } else if (step.handover) {
    const ir::Delegation& delegation = world.at(step.handover->delegation);
    json["handover"] = {{"from", world.at(delegation.from).name},
                        {"to", world.at(delegation.to).name},
                        {"right", ir::to_string(step.handover->right)},
                        {"object", ir::describe(world, step.handover->object)},
                        {"onward", delegation.onward},
                        {"channel", world.at(delegation.via).name}};
  }
  if (!step.text.empty()) json["text"] = step.text;
  json["requests"] = Json::array();
  for (const ir::Request& request : step.requests) json["requests"].push_back(request_json(world, request));
  json["sentences"] = sentences_json(world, sources, step.sentences);
  return json;
}

Json case_json(const Subject& subject, const ir::Claim& claim, const query::CaseResult& result) {
  Json json = Json::object();
  if (result.instance.variable) json["variable"] = subject.world.at(*result.instance.variable).name;
  json["direction"] = result.instance.direction == obligation::Direction::Forward ? "forward" : "backward";
  json["verdict"] = verdict::word(result.verdict);
  json["from_cache"] = result.from_cache;
  if (const auto* holds = std::get_if<verdict::Holds>(&result.verdict); holds != nullptr && !holds->engine.empty())
    json["engine"] = holds->engine;
  if (const auto* shown = std::get_if<verdict::Violated>(&result.verdict); shown != nullptr && !shown->engine.empty())
    json["engine"] = shown->engine;
  if (result.checked) {
    constexpr const char* kWords[] = {"accepted", "rejected", "unavailable"};
    json["evidence"] = kWords[static_cast<std::size_t>(result.checked->outcome)];
  }
  if (const auto* violated = std::get_if<verdict::Violated>(&result.verdict)) {
    json["trace"] = Json::array();
    for (const verdict::Step& step : violated->trace.steps)
      json["trace"].push_back(step_json(subject.world, subject.sources, step));
    json["minimal"] = sentences_json(subject.world, subject.sources, violated->trace.minimal);
    for (const Line& line : runs(subject, claim, *violated)) {
      json["run"].push_back({{"text", line.text}, {"changes", line.details}});
    }
  }
  for (const Lemma& lemma : lemmas(subject.world, claim, result.verdict)) {
    json["invariant"].push_back({{"name", lemma.name}, {"text", lemma.text}});
  }
  if (const auto* unknown = std::get_if<verdict::Unknown>(&result.verdict)) json["reason"] = unknown->reason;
  if (const auto* vacuous = std::get_if<verdict::Vacuous>(&result.verdict)) json["reason"] = vacuous->reason;
  return json;
}

/// The models that the verdict rests on.
Json bases_json(const Subject& subject, const std::vector<query::Basis>& bases) {
  Json list = Json::array();
  for (const query::Basis& basis : bases) {
    Json one{{"name", basis.name}};
    if (const std::string file = file_of(subject.sources, basis); !file.empty()) one["file"] = file;
    if (basis.span.file.valid()) one["line"] = subject.sources.line_number(basis.span.file, basis.span.begin);
    one["sha256"] = to_hex(basis.digest);
    one["assumptions"] = texts_of(basis.assumptions);
    list.push_back(std::move(one));
  }
  return list;
}

/// Of `leaks nothing`: whose doing each action is.
Json actors_json(const ir::World& world, const ir::Claim& claim) {
  Json list = Json::array();
  for (const Actor& actor : actors(world, claim)) {
    Json one{{"action", actor.action}};
    if (!actor.sort.empty()) one.update({{"sort", actor.sort}, {"parameter", actor.parameter}});
    list.push_back(std::move(one));
  }
  return list;
}

Json claim_json(const Subject& subject, const query::ClaimResult& result, query::Bases& bases) {
  const ir::Claim& claim = subject.world.at(result.claim);
  Json cases = Json::array();
  for (const query::CaseResult& one : result.cases) cases.push_back(case_json(subject, claim, one));
  Json json{{"name", claim.name},
            {"mode", claim.mode == ir::ClaimMode::Prove ? "prove" : "refute"},
            {"text", claim.text},
            {"doc", claim.doc},
            {"sentence", sentence_json(subject.world, subject.sources, claim.sentence)},
            {"status", query::to_string(result.status)},
            {"reason", result.reason},
            {"cases", cases},
            {"models", bases_json(subject, bases.of(claim))},
            {"assumptions", assumptions(result)}};
  if (Json acting = actors_json(subject.world, claim); !acting.empty()) json["actors"] = std::move(acting);
  return json;
}

/// Of sentences of models with what was tried.
Json unproved_json(const Subject& subject, const std::vector<ir::SentenceId>& ids) {
  Json list = sentences_json(subject.world, subject.sources, ids);
  const auto tried = query::tried(subject.world);
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const auto found = tried.find(ids[i]);
    if (found != tried.end()) list[i]["tried"] = found->second;
  }
  return list;
}

}  // namespace

std::string json(const Subject& subject) {
  const query::Proof& proof = subject.proof;
  Json out{{"schema", "bulkhead.verdict/v1"}, {"module", subject.world.module}, {"exit_status", exit_status(proof)}};
  if (proof.refused) out["refused"] = proof.refused->reason;
  if (!subject.warnings.empty()) out["diagnostics"] = diagnostics_json(subject.sources, subject.warnings);
  out["claims"] = Json::array();
  query::Bases bases(subject.world);
  for (const query::ClaimResult& result : proof.claims) out["claims"].push_back(claim_json(subject, result, bases));
  if (proof.unproved) out["unproved"] = unproved_json(subject, *proof.unproved);
  if (!proof.not_judged.empty()) {
    out["not_judged"] = sentences_json(subject.world, subject.sources, proof.not_judged);
  }
  for (const query::IdleAction& idle : proof.idle) {
    const system::System& model = subject.world.at(idle.system);
    out["idle_actions"].push_back({{"model", model.name},
                                   {"action", model.at(idle.action).name},
                                   {"can_fire", idle.never ? "never" : "unknown"},
                                   {"reason", idle.reason}});
  }
  for (const query::Survivor& one : proof.survivors) {
    Json variants = Json::array();
    for (const ir::SystemId id : one.variants) variants.push_back(subject.world.at(id).name);
    out["survivors"].push_back({{"claim", subject.world.at(one.claim).name},
                                {"text", subject.world.at(one.claim).text},
                                {"model", subject.world.at(one.model).name},
                                {"variants", std::move(variants)}});
  }
  for (const query::Undecidable& one : proof.undecidable) {
    out["undecidable"].push_back(
        {{"model", subject.world.at(one.system).name}, {"condition", one.condition}, {"reason", one.reason}});
  }
  out["cache"] = {{"hits", proof.cache.hits}, {"stored", proof.cache.stored}, {"dropped", proof.cache.dropped}};
  if (!proof.solver.empty()) out["second_solver"] = proof.solver;
  return dump(out);
}

namespace {

constexpr const char* kChanges[] = {"added", "removed", "unknown"};

/// The policy that a change is told of.
struct Side {
  const ir::World& world;
  const source::SourceMap& sources;
};
Side side_of(const Comparison& comparison, query::Change change) {
  if (change == query::Change::Removed) return {comparison.older, comparison.older_sources};
  return {comparison.newer, comparison.newer_sources};
}

Json steps_json(const Side& side, const std::vector<verdict::Step>& steps) {
  Json list = Json::array();
  for (const verdict::Step& step : steps) list.push_back(step_json(side.world, side.sources, step));
  return list;
}

Json access_json(const Comparison& comparison, const query::AccessChange& change) {
  Json json{{"change", kChanges[static_cast<std::size_t>(change.change)]},
            {"subject", change.subject},
            {"right", ir::to_string(change.right)}};
  if (!change.object.empty()) json["object"] = change.object;
  if (!change.reason.empty()) json["reason"] = change.reason;
  if (!change.witness) return json;
  const Side side = side_of(comparison, change.change);
  json["witness"] = request_json(side.world, *change.witness);
  if (!change.before.empty()) json["before"] = steps_json(side, change.before);
  json["sentences"] = sentences_json(side.world, side.sources, change.sentences);
  return json;
}

Json flow_json(const Comparison& comparison, const query::FlowChange& change) {
  Json json{{"change", kChanges[static_cast<std::size_t>(change.change)]}, {"from", change.from}, {"to", change.to}};
  if (!change.reason.empty()) json["reason"] = change.reason;
  if (!change.path.empty()) json["path"] = steps_json(side_of(comparison, change.change), change.path);
  return json;
}

}  // namespace

std::string difference_json(const Comparison& comparison) {
  Json changes = Json::array();
  for (const query::AccessChange& change : comparison.changes) changes.push_back(access_json(comparison, change));
  Json settings = Json::array();
  for (const query::SettingChange& change : comparison.settings) {
    Json json{{"change", change.change == query::Change::Added ? "loosened" : "tightened"},
              {"subject", change.subject},
              {"setting", change.setting}};
    if (change.sentence) json["sentence"] = sentence_json(comparison.newer, comparison.newer_sources, *change.sentence);
    settings.push_back(std::move(json));
  }
  Json flows = Json::array();
  for (const query::FlowChange& change : comparison.flows) flows.push_back(flow_json(comparison, change));
  return dump(Json{{"schema", "bulkhead.difference/v1"},
                   {"adds_access", query::adds_access(comparison.changes)},
                   {"loosens_settings", query::loosens(comparison.settings)},
                   {"adds_influence", query::adds_flow(comparison.flows)},
                   {"changes", changes},
                   {"settings", settings},
                   {"influence", flows}});
}

}  // namespace bulkhead::report
