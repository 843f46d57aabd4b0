// Claims about models: which system each one is about, and what it says there.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lang/ast/claim.h"
#include "lang/types/model/model.h"
#include "lang/types/theorems.h"

namespace bulkhead::model {

/// The systems of a policy while claims are lowered into them, in the order of ir::World::systems.
struct Systems {
  std::vector<std::unique_ptr<Model>> all;
  std::map<std::string, std::size_t> by_name;  // "Memory", "Memory.Stale"
};

/// What a claim of `from` says; none after an error, and where the claim is about no model.
std::optional<ir::TheoremClaim> lower_theorem(Systems& systems, const resolve::Modules& modules,
                                              const resolve::Names& names, ModuleId from, const ast::Claim& claim,
                                              diag::DiagnosticSink& sink);

}  // namespace bulkhead::model
