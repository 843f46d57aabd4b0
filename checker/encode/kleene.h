// Formulas under partial knowledge, in Kleene's three values: what is already decided needs no solver.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "checker/obligation/evaluate.h"
#include "checker/obligation/formula.h"
#include "checker/universe/path_search.h"

namespace bulkhead::encode {

using universe::Truth;

/// The fields of the object that are known, by ir::ObjectField.
using Fields = std::array<std::optional<std::uint64_t>, 13>;

/// The formula with each membership as given (by PatternId) and the known fields; everything else is Unknown. A formula
/// without a root is False. NoContext is Not: there is always a context. Variables of equations are Unknown.
Truth kleene(const obligation::Formula& formula, std::span<const Truth> members, const Fields& fields = {});

/// The value of every node, by NodeId, with the least solution of the equations; `known`, by NodeId where it has any,
/// tells what NoContext nodes were found to be.
std::vector<obligation::Kleene> node_values(const obligation::Formula& formula, std::span<const Truth> members,
                                            const Fields& fields, std::span<const obligation::Kleene> known = {});

/// Whether some comparison reads this field of the object.
bool reads_field(const obligation::Formula& formula, ir::ObjectField field);

}  // namespace bulkhead::encode
