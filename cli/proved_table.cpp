#include "cli/proved_table.h"

#include <algorithm>
#include <utility>

#include "checker/certificate/file.h"
#include "checker/query/prove.h"
#include "checker/query/proved_policy.h"
#include "checker/report/report.h"
#include "cli/table_cache.h"
#include "lang/base/sha256.h"
#include "lang/ir/eval.h"
#include "runtime-bridge/decode/table/table.h"
#include "runtime-bridge/emit/nftables/nftables.h"
#include "runtime-bridge/emit/table/table.h"
#include "runtime-bridge/sandbox/probe.h"
#include "runtime-bridge/table/encode.h"
#include "runtime-bridge/table/landlock_access.h"

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

/// What the kernel executes when the program is started: the first exec is the runtime's own, later ones need a rule.
std::vector<std::string> started_files(const LaunchPlan& plan) {
  std::vector<std::string> files{plan.closure.program};
  if (!plan.closure.loader.empty()) files.push_back(plan.closure.loader);
  return files;
}

Result<Unit, std::string> not_forbidden(const Policy& policy, ir::SubjectId container, ir::Right right,
                                        const std::string& path, const std::string& why) {
  const ir::Request request{container, right, ir::FileObject{ir::kOwnRoot, path}, {}};
  const ir::Decision decision = ir::decide(policy.world(), request);
  if (decision.allowed || decision.forbids.empty()) return Unit{};
  const ir::Sentence& sentence = policy.world().at(policy.world().at(decision.forbids.front()).sentence);
  return fail("the program needs `" + path + "` (" + why + "), and the policy forbids to " +
              std::string(ir::to_string(right)) + " it: " + policy.sources->place(sentence.span) + "  " +
              sentence.text);
}

/// A path of the closure that the policy forbids would leave a program that cannot start: said before, with both lines.
Result<Unit, std::string> check_closure(const Policy& policy, ir::SubjectId container, const LaunchPlan& plan) {
  for (const closure::Entry& entry : plan.closure.entries) {
    Result<Unit, std::string> read = not_forbidden(policy, container, ir::Right::Read, entry.path, entry.why);
    if (!read.ok()) return read;
  }
  for (const std::string& path : started_files(plan)) {
    Result<Unit, std::string> executed = not_forbidden(policy, container, ir::Right::Execute, path, "its start");
    if (!executed.ok()) return executed;
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

std::string text_of(const std::vector<table::ClosurePath>& closure, const std::vector<std::string>& started) {
  std::string text;
  for (const std::string& path : started) text += "start " + path + "\n";
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

/// The version of Landlock that is to enforce the table: this kernel's. At level maximum the program meets gVisor
/// instead, which is told everything; where there is none, the launcher refuses.
unsigned landlock_version(const ir::Subject& container) {
  const unsigned version = sandbox::landlock_version();
  if (version == 0 || container.level == ir::Level::Maximum) return table::landlock::kNewestAbi;
  return std::min(version, table::landlock::kNewestAbi);
}

/// A table, decoded again from its bytes: enforced implies proved. `same` tells whether they mean the policy.
struct CheckedTable {
  table::Table table;
  decode::Comparison same;
};

Result<CheckedTable, std::string> checked_table(const Policy& policy, const ir::World& world, ir::SubjectId container,
                                                const emit::TableInputs& inputs) {
  Result<emit::TableEmission, emit::EmitError> emission = emit::emit_table(world, container, *policy.sources, inputs);
  if (!emission.ok()) {
    return fail("the policy cannot be enforced: " + emission.error().reason +
                at_sentence(policy, emission.error().sentence));
  }
  auto decoded =
      decode::compare_table_bytes(table::encode(emission->table), world, container, {*policy.sources, inputs});
  if (!decoded.ok()) return fail("the table does not decode: " + decoded.error().reason);
  return CheckedTable{std::move(emission->table), std::move(*decoded)};
}

/// A kernel before 6.3 leaves it to the filter that written memory is never executed; a policy of its own may not say
/// so.
std::optional<std::string> exec_gain(const decode::Comparison& same) {
  const auto found = std::find_if(same.wider.begin(), same.wider.end(),
                                  [](const decode::Difference& item) { return item.what == decode::kExecGain; });
  if (found == same.wider.end()) return std::nullopt;
  return "level enhanced has no memory that becomes executable; this kernel cannot refuse it by itself (PR_SET_MDWE), "
         "and "
         "the policy allows " +
         found->witness +
         "\n  help: say `uses enhanced`, whose rules refuse it, or use Linux 6.3 or newer, or level standard";
}

/// What an old Landlock does not see is kept by read-only mounts and namespaces, or the run is refused, with a witness;
/// a policy that names the degradation gets the rules for the newest version, and the launcher leaves out what lacks.
Result<table::Table, std::string> enforceable_table(const Policy& policy, const ir::World& world,
                                                    ir::SubjectId container, emit::TableInputs inputs) {
  Result<CheckedTable, std::string> made = checked_table(policy, world, container, inputs);
  if (made.ok() && made->same.equal()) return std::move(made->table);
  if (const auto gained = made.ok() ? exec_gain(made->same) : std::nullopt) return fail(*gained);
  if (inputs.landlock_abi == table::landlock::kNewestAbi) {
    return made.ok() ? fail(differences("the table", made->same)) : fail(made.error());
  }
  const std::string version = std::to_string(std::exchange(inputs.landlock_abi, table::landlock::kNewestAbi));
  Result<CheckedTable, std::string> newest = checked_table(policy, world, container, inputs);
  if (!newest.ok()) return fail(newest.error());
  if (!newest->same.equal()) return fail(differences("the table", newest->same));
  const auto& degrade = world.at(container).degrade;
  if (std::find(degrade.begin(), degrade.end(), "landlock:abi") != degrade.end()) return std::move(newest->table);
  std::string reason = "this kernel's Landlock (ABI " + version + ") cannot enforce the policy";
  if (!made.ok())
    reason += ": " + made.error();
  else
    for (const decode::Difference& item : made->same.wider)
      reason += "\n  it would allow: " + item.what + " " + item.witness;
  return fail(reason +
              "\n  help: mount read-only what is not granted as a whole, use Linux 6.2 or newer, or name the " +
              "degradation `landlock:abi`");
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

/// Why a claim does not hold: with the sentences of the run itself, as the files that the program needs to start, it
/// may fail where `prove` of the policy alone does not. The proof went into the refusal, so it is made once more.
std::string story_of(const Policy& policy, ir::ClaimId claim, const query::ProveOptions& options) {
  const query::Proof proof = query::prove(policy.world(), options);
  for (const query::ClaimResult& result : proof.claims) {
    if (result.claim != claim || result.status == query::Status::Satisfied) continue;
    std::string told = report::text({policy.world(), *policy.sources, proof}, result);
    while (!told.empty() && told.back() == '\n') told.pop_back();
    return "\n" + told;
  }
  return at_sentence(policy, policy.world().at(claim).sentence);
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
  return fail("not proved: " + proved.error().reason + (written ? story_of(policy, *claim, options) : ""));
}

emit::TableInputs table_inputs(const Policy& policy, const query::ProvedPolicy& proved,
                               const ProvedTableRequest& request) {
  emit::TableInputs inputs;
  inputs.policy = policy.program.digest;
  inputs.certificates = certificates_digest(proved.world(), proved.proof());
  inputs.native = bpf::kNativeMachine;
  if (request.plan != nullptr) {
    inputs.closure = closure_paths(*request.plan, closure_sentence(proved.world(), request.container));
    inputs.started = started_files(*request.plan);
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
  const ir::Subject& container = proved->world().at(request.container);
  inputs.landlock_abi = landlock_version(container);
  inputs.exec_gain_by_filter = container.level == ir::Level::Enhanced && !sandbox::denies_exec_gain();
  const TableKey key{inputs.policy,       inputs.certificates,
                     container.name,      text_of(inputs.closure, inputs.started),
                     inputs.landlock_abi, inputs.exec_gain_by_filter};
  if (std::optional<table::Table> kept = find_table(folder, key)) return std::move(*kept);

  Result<table::Table, std::string> made =
      enforceable_table(policy, proved->world(), request.container, std::move(inputs));
  if (!made.ok()) return made;
  keep_table(folder, key, *made);
  return made;
}

}  // namespace bulkhead::cli
