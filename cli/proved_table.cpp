#include "cli/proved_table.h"

#include <algorithm>

#include "checker/certificate/file.h"
#include "checker/query/prove.h"
#include "checker/query/proved_policy.h"
#include "cli/table_cache.h"
#include "lang/base/sha256.h"
#include "lang/ir/eval.h"
#include "runtime-bridge/decode/table/table.h"
#include "runtime-bridge/emit/nftables/nftables.h"
#include "runtime-bridge/emit/table/table.h"
#include "runtime-bridge/table/encode.h"

namespace bulkhead::cli {

namespace {

/// The rule that grants the closure: the one of the implied set, for this container.
ir::SentenceId closure_sentence(const ir::World& world, ir::SubjectId container) {
  for (const ir::Rule& rule : world.rules) {
    if (rule.effect != ir::Effect::Permit || rule.subject != container) continue;
    const bool closure = std::any_of(rule.sets.begin(), rule.sets.end(),
                                     [&](ir::ObjectSetId set) { return world.at(set).name == "RuntimeClosure"; });
    if (closure) return rule.sentence;
  }
  return {};
}

/// A path of the closure that the policy forbids would leave a program that cannot start: said before, with both lines.
Result<Unit, std::string> check_closure(const Policy& policy, ir::SubjectId container, const LaunchPlan& plan) {
  for (const closure::Entry& entry : plan.closure.entries) {
    const ir::Request request{container, ir::Right::Read, ir::FileObject{ir::kOwnRoot, entry.path}, {}};
    const ir::Decision decision = ir::decide(policy.world(), request);
    if (decision.allowed || decision.forbids.empty()) continue;
    const ir::Sentence& sentence = policy.world().at(policy.world().at(decision.forbids.front()).sentence);
    return fail("the program needs `" + entry.path + "` (" + entry.why +
                "), and the policy forbids reading it: " + policy.sources->place(sentence.span) + "  " + sentence.text);
  }
  return Unit{};
}

std::vector<table::ClosurePath> closure_paths(const LaunchPlan& plan, ir::SentenceId sentence) {
  const auto index = static_cast<std::uint32_t>(sentence.valid() ? sentence.index() : table::kNone);
  std::vector<table::ClosurePath> paths;
  for (const closure::Entry& entry : plan.closure.entries) paths.push_back({entry.path, entry.folder, "", index});
  for (const closure::Link& link : plan.closure.links) paths.push_back({link.path, false, link.target, index});
  std::sort(paths.begin(), paths.end(),
            [](const table::ClosurePath& a, const table::ClosurePath& b) { return a.path < b.path; });
  return paths;
}

std::string text_of(const std::vector<table::ClosurePath>& closure) {
  std::string text;
  for (const table::ClosurePath& entry : closure) {
    text +=
        entry.path + (entry.folder ? "/" : "") + " " + entry.link_target + " " + std::to_string(entry.sentence) + "\n";
  }
  return text;
}

/// One digest over all certificates that were accepted, in the order of the claims.
Digest certificates_digest(const ir::World& world, const query::Proof& proof) {
  std::string all;
  for (const query::ClaimResult& claim : proof.claims) {
    for (const query::CaseResult& item : claim.cases) {
      all += certificate::write({world.at(claim.claim).name, item.instance, item.verdict});
    }
  }
  return sha256(all);
}

/// Level maximum has no listener that asks the table: there the packets themselves meet the policy.
Result<Unit, std::string> add_ruleset(const Policy& policy, const ir::World& world, ir::SubjectId container,
                                      emit::TableInputs& inputs) {
  const bool maximum = world.at(container).level == ir::Level::Maximum;
  const bool connects = std::any_of(world.rules.begin(), world.rules.end(), [&](const ir::Rule& rule) {
    return rule.effect == ir::Effect::Permit && (!rule.subject || *rule.subject == container) &&
           rule.rights.has(ir::Right::Connect);
  });
  if (!maximum || !connects) return Unit{};
  Result<emit::nftables::Emission, emit::EmitError> ruleset = emit::nftables::emit(world, container);
  if (!ruleset.ok()) {
    return fail("the policy cannot be enforced: " + ruleset.error().reason +
                at_sentence(policy, ruleset.error().sentence));
  }
  inputs.nftables = std::move(ruleset->json);
  return Unit{};
}

/// The bytes are decoded again, and mean the policy: enforced implies proved.
Result<Unit, std::string> check_table(const table::Table& table, const ir::World& world, ir::SubjectId container,
                                      const decode::Expected& expected) {
  const auto decoded = decode::compare_table_bytes(table::encode(table), world, container, expected);
  if (!decoded.ok()) return fail("the table does not decode: " + decoded.error().reason);
  if (!decoded->equal()) return fail(differences("the table", *decoded));
  return Unit{};
}

}  // namespace

std::string differences(const std::string& artifact, const decode::Comparison& comparison) {
  std::string text = artifact + " is not what the policy says (this is a bug in bulkhead, and nothing was started)";
  for (const decode::Difference& item : comparison.wider) text += "\n  allows more: " + item.what + " " + item.witness;
  for (const decode::Difference& item : comparison.narrower)
    text += "\n  allows less: " + item.what + " " + item.witness;
  for (const decode::Difference& item : comparison.misattributed)
    text += "\n  says wrongly: " + item.what + " " + item.witness;
  for (const std::string& item : comparison.undecided) text += "\n  undecided: " + item;
  return text;
}

std::string at_sentence(const Policy& policy, ir::SentenceId id) {
  if (!id.valid()) return "";
  const ir::Sentence& sentence = policy.world().at(id);
  return "\n  " + policy.sources->place(sentence.span) + "  " + sentence.text;
}

Result<query::ProvedPolicy, std::string> prove_policy(const Policy& policy, Cache cache) {
  ir::World world = query::with_default_claims(policy.world());
  query::ProveOptions options;
  if (cache == Cache::Use) options.cache = query::default_cache();
  query::Proof proof = query::prove(world, options);
  Result<query::ProvedPolicy, query::NotProved> proved =
      query::certify(std::move(world), std::move(proof), options.second_solver);
  if (proved.ok()) return std::move(*proved);
  const auto& claim = proved.error().claim;
  const bool written = claim && claim->index() < policy.world().claims.size();
  return fail("not proved: " + proved.error().reason +
              (written ? at_sentence(policy, policy.world().at(*claim).sentence) : ""));
}

emit::TableInputs table_inputs(const Policy& policy, const query::ProvedPolicy& proved,
                               const ProvedTableRequest& request) {
  emit::TableInputs inputs;
  inputs.policy = policy.program.digest;
  inputs.certificates = certificates_digest(proved.world(), proved.proof());
  inputs.native = bpf::kNativeMachine;
  if (request.plan != nullptr) {
    inputs.closure = closure_paths(*request.plan, closure_sentence(proved.world(), request.container));
  }
  return inputs;
}

Result<table::Table, std::string> proved_table(const Policy& policy, const ProvedTableRequest& request) {
  if (request.plan != nullptr) {
    const Result<Unit, std::string> startable = check_closure(policy, request.container, *request.plan);
    if (!startable.ok()) return fail(startable.error());
  }
  const Result<query::ProvedPolicy, std::string> proved = prove_policy(policy, request.cache);
  if (!proved.ok()) return fail(proved.error());
  emit::TableInputs inputs = table_inputs(policy, *proved, request);
  Result<Unit, std::string> ruled = add_ruleset(policy, proved->world(), request.container, inputs);
  if (!ruled.ok()) return fail(ruled.error());
  const std::string folder = request.cache == Cache::Use ? table_cache_folder() : "";
  const TableKey key{inputs.policy, inputs.certificates, proved->world().at(request.container).name,
                     text_of(inputs.closure)};
  if (std::optional<table::Table> kept = find_table(folder, key)) return std::move(*kept);

  Result<emit::TableEmission, emit::EmitError> emission =
      emit::emit_table(proved->world(), request.container, *policy.sources, inputs);
  if (!emission.ok()) {
    return fail("the policy cannot be enforced: " + emission.error().reason +
                at_sentence(policy, emission.error().sentence));
  }
  const Result<Unit, std::string> same =
      check_table(emission->table, proved->world(), request.container, {*policy.sources, inputs});
  if (!same.ok()) return fail(same.error());
  keep_table(folder, key, emission->table);
  return std::move(emission->table);
}

}  // namespace bulkhead::cli
