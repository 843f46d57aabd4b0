// Compositions: several models as one, with actions that happen together.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>

#include "lang/diag/diagnostic.h"
#include "lang/resolve/modules.h"

namespace bulkhead::expand {

/// A model as it is written, and where.
struct Written {
  resolve::ModuleId module;
  std::size_t sentence = 0;
};
using Models = std::map<std::string, Written, std::less<>>;

/// The plain model that a composition stands for; none after an error. `copied` counts the expressions made.
///
/// Requires: the components that `models` knows are plain already.
std::optional<ast::ModelDecl> compose(resolve::Modules& modules, const Models& models, const Written& written,
                                      std::size_t& copied, diag::DiagnosticSink& sink);

}  // namespace bulkhead::expand
