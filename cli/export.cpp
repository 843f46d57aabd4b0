// bulkhead export: the questions behind claims, in the formats of other tools.
#include <cstdio>

#include "checker/certificate/check.h"
#include "checker/finite/aiger.h"
#include "checker/interchange/btor2.h"
#include "checker/interchange/horn.h"
#include "checker/interchange/vmt.h"
#include "checker/machine/unfold.h"
#include "checker/query/prove.h"
#include "cli/commands.h"
#include "cli/exit_status.h"
#include "cli/obligation_scripts.h"
#include "cli/policy.h"
#include "cli/prove_selinux.h"
#include "cli/selinux_policy.h"
#include "cli/terminal.h"

namespace bulkhead::cli {

namespace {

using Text = Result<std::string, std::string>;

/// One line, whatever the label holds.
std::string comment(const std::string& text) {
  std::string line = "; ";
  for (const char c : text) line += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  return line + "\n";
}

/// Every script of every claim, with `(reset)` between them.
Text smt2(const ir::World& world, const ExportOptions& options) {
  query::ProveOptions proving;
  proving.only = options.only;
  proving.timeout = std::chrono::milliseconds(options.timeout_ms);
  const query::Proof proof = query::prove(world, proving);
  std::string text;
  for (const query::ClaimResult& result : proof.claims) {
    for (query::CaseResult item : result.cases) {
      certificate::seal(world, result.claim, item.instance, item.verdict);
      const auto scripts = obligation_scripts(world, result.claim, item);
      const std::string name = world.at(result.claim).name;
      if (scripts.empty()) {
        const auto* unknown = std::get_if<verdict::Unknown>(&item.verdict);
        return fail("claim `" + name + "` is no question of SMT-LIB" +
                    (unknown == nullptr ? ": it is shown by something else" : ": " + unknown->reason));
      }
      for (const Script& script : scripts) {
        if (!text.empty()) text += "(reset)\n";
        text += comment("claim " + name + (script.label.empty() ? "" : ": " + script.label));
        text += "(set-info :status " + script.status + ")\n" + script.text;
      }
    }
  }
  return text;
}

/// The only theorem that was named, or that there is.
Result<obligation::Theorem, std::string> only_theorem(const ir::World& world, const std::vector<std::string>& only) {
  std::vector<obligation::Theorem> found;
  for (std::size_t i = 0; i < world.claims.size(); ++i) {
    const ir::ClaimId claim{i};
    const bool named = std::find(only.begin(), only.end(), world.at(claim).name) != only.end();
    if (!named && !only.empty()) continue;
    for (const obligation::Instance& instance : obligation::instances(world, claim)) {
      const auto made = obligation::obligation(world, claim, instance);
      const auto* theorem = made ? std::get_if<obligation::Theorem>(&made->goal) : nullptr;
      if (theorem != nullptr) found.push_back(*theorem);
      if (theorem == nullptr && named) {
        return fail("claim `" + world.at(claim).name + "` is about no transition system: export it as smt2");
      }
    }
  }
  if (found.size() == 1) return found.front();
  return fail(std::string(found.empty() ? "no claim is about a transition system"
                                        : "one transition system for one file: name the claim by --only"));
}

/// NAME=SIZE for each sort, or what the claim says; an incomplete one has zeros.
Result<system::Scope, std::string> scope_of(const system::System& system, const system::Bounds& bounds,
                                            const std::vector<std::string>& words) {
  system::Scope scope{std::vector<std::uint32_t>(system.sorts.size(), 0)};
  for (const auto& [sort, size] : bounds.sizes) scope.sizes[sort.index()] = size;
  for (const std::string& word : words) {
    const std::size_t equals = word.find('=');
    const std::string digits = equals == std::string::npos ? "" : word.substr(equals + 1);
    const bool is_number =
        !digits.empty() && digits.size() < 5 && digits.find_first_not_of("0123456789") == std::string::npos;
    if (!is_number || std::stoul(digits) == 0)
      return fail("--scope " + word + ": it is written SORT=SIZE, with a size from 1 to 9999");
    bool found = false;
    for (std::size_t i = 0; i < system.sorts.size(); ++i) {
      if (system.sorts[i].name != word.substr(0, equals)) continue;
      scope.sizes[i] = static_cast<std::uint32_t>(std::stoul(digits));
      found = true;
    }
    if (!found) return fail("--scope " + word + ": the model has no such sort");
  }
  return scope;
}

/// The sort whose size nobody has said; "": there is none.
std::string open_sort(const system::System& system, const system::Scope& scope) {
  for (std::size_t i = 0; i < scope.sizes.size(); ++i) {
    if (scope.sizes[i] == 0) return system.sorts[i].name;
  }
  return "";
}

Text transition_system(const ir::World& world, const ExportOptions& options) {
  const auto theorem = only_theorem(world, options.only);
  if (!theorem) return fail(theorem.error());
  const system::System& system = world.at(theorem->system);
  const system::Statement& statement = theorem->theorem.statement;
  if (!std::holds_alternative<system::Always>(statement) && !std::holds_alternative<system::Never>(statement)) {
    return fail("the claim is not about single states, and " + options.format + " is written for those that are");
  }
  if (theorem->theorem.bounds.steps) return fail(std::string("the claim is bounded in steps, the format is not"));
  const finite::Claim claim = finite::claim_of(system, theorem->theorem);
  const auto scope = scope_of(system, theorem->theorem.bounds, options.scope);
  if (!scope) return fail(scope.error());
  const std::string open = open_sort(system, *scope);
  if (!open.empty()) {
    const bool sized =
        std::any_of(scope->sizes.begin(), scope->sizes.end(), [](std::uint32_t size) { return size != 0; });
    if (options.format == "vmt" && !sized) return interchange::to_vmt(system, claim.formula, claim.always);
    return fail("`" + open + "` has any size, and the file needs one: --scope " + open + "=3");
  }
  if (system::is_tabular(system) && !system::is_scope(system, *scope))
    return fail(std::string("the scope is too large"));
  if (options.format == "aiger") return finite::to_aiger(system, *scope, claim);
  const auto elements = options.format == "horn" ? machine::Elements::Integers : machine::Elements::Words;
  const auto unfolded = machine::unfold(system, *scope, claim.formula, claim.always, elements);
  if (!unfolded) return fail(unfolded.error());
  if (options.format == "btor2") return interchange::to_btor2(unfolded->machine);
  return options.format == "horn" ? interchange::to_horn(unfolded->machine) : interchange::to_vmt(unfolded->machine);
}

}  // namespace

int run_export(const ExportOptions& options) {
  if (any_selinux_policy(options.input)) return run_export_selinux(options);
  std::variant<Policy, Unreadable> loaded = load_policy(options.input);
  if (std::holds_alternative<Unreadable>(loaded)) return kBadInput;
  const ir::World& world = std::get<Policy>(loaded).world();
  const std::vector<std::string> unknown = query::unknown_names(world, options.only);
  if (!unknown.empty()) return complain("there is no claim `" + unknown.front() + "`", kBadInput);
  const Text text = options.format == "smt2" ? smt2(world, options) : transition_system(world, options);
  if (!text) return complain("cannot export: " + text.error(), kBadInput);
  return write_out(*text, options.output);
}

}  // namespace bulkhead::cli
