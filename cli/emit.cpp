// bulkhead emit: an artifact of a proved policy, decoded again before it is handed out.
#include "runtime-bridge/emit/emitter.h"

#include <algorithm>
#include <cstdio>

#include "cli/commands.h"
#include "cli/exit_status.h"
#include "cli/proved_table.h"
#include "cli/terminal.h"
#include "runtime-bridge/decode/decoder.h"

namespace bulkhead::cli {

namespace {

int no_such_target(const std::string& name) {
  std::vector<std::string> names;
  std::string list;
  for (const table::TargetInfo& info : table::kTargets) {
    names.emplace_back(info.name);
    list += "\n  " + std::string(info.name) + std::string(14 - std::min<std::size_t>(13, info.name.size()), ' ') +
            std::string(info.help);
  }
  const std::optional<std::string> near = diag::did_you_mean(name, names);
  return complain("there is no target `" + name + "`" + (near ? "; did you mean `" + *near + "`?" : "") + list,
                  kBadInput);
}

}  // namespace

int run_emit(const EmitOptions& options) {
  const std::optional<table::Target> target = table::target_from(options.target);
  if (!target) return no_such_target(options.target);
  std::variant<Policy, Unreadable> loaded = load_policy(options.input);
  if (std::holds_alternative<Unreadable>(loaded)) return kBadInput;
  const Policy& policy = std::get<Policy>(loaded);
  const std::variant<ir::SubjectId, std::string> container = find_container(policy.world(), options.container);
  if (const std::string* message = std::get_if<std::string>(&container)) return complain(*message, kBadInput);
  const ir::SubjectId subject = std::get<ir::SubjectId>(container);

  const Result<query::ProvedPolicy, std::string> proved = prove_policy(policy, Cache::Use);
  if (!proved.ok()) return complain(proved.error(), kViolated);
  emit::Request request;
  request.table = table_inputs(policy, *proved, {subject, nullptr, Cache::Use});
  if (options.machine == "x86-64") request.table.native = bpf::Machine::X86_64;
  if (options.machine == "aarch64") request.table.native = bpf::Machine::Aarch64;
  if (options.landlock_abi != 0) request.table.landlock_abi = options.landlock_abi;
  const Result<emit::Artifact, emit::EmitError> artifact =
      emit::emit(*proved, *target, subject, *policy.sources, request);
  if (!artifact.ok()) {
    return complain("cannot emit " + options.target + ": " + artifact.error().reason +
                        at_sentence(policy, artifact.error().sentence),
                    kRejected);
  }
  const auto compared =
      decode::decoder_of(*target).compare(artifact->bytes, proved->world(), subject, {*policy.sources, request.table});
  if (!compared.ok()) return complain("the artifact does not decode: " + compared.error().reason, kRejected);
  if (!compared->accepted()) return complain(differences("the artifact", *compared), kRejected);
  for (const emit::Gap& gap : artifact->gaps) {
    std::fprintf(stderr, "gap: %s %s: %s%s%s\n", gap.what.c_str(), gap.witness.c_str(), gap.reason.c_str(),
                 gap.compensated_by.empty() ? "" : "; granted by ", gap.compensated_by.c_str());
  }
  // What the proof found beside what the emitter named: nothing is narrower in silence.
  for (const decode::Difference& item : compared->narrower) {
    const bool named = std::any_of(artifact->gaps.begin(), artifact->gaps.end(),
                                   [&](const emit::Gap& gap) { return gap.what == item.what; });
    if (!named)
      std::fprintf(stderr, "gap: %s %s: this artifact alone does not allow it\n", item.what.c_str(),
                   item.witness.c_str());
  }
  for (const std::string& assumption : compared->assumptions) std::fprintf(stderr, "assumes: %s\n", assumption.c_str());
  return write_out(artifact->bytes, options.output);
}

}  // namespace bulkhead::cli
