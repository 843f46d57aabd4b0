// Comparisons in conditions, each one turned into operators that the reference semantics knows.
#pragma once

#include "lang/types/operand.h"

namespace bulkhead::types {

/// Each takes the operands in the order of the source; the result is a truth value, or Failed after a report.
Operand lower_comparison(Lowering& lowering, const ast::Expr& expr, std::vector<Operand> operands, const Scope& scope);
Operand lower_like(Lowering& lowering, const ast::Expr& expr, const std::vector<Operand>& operands);
Operand lower_in_range(Lowering& lowering, const ast::Expr& expr, const std::vector<Operand>& operands,
                       const Scope& scope);
Operand lower_in_set(Lowering& lowering, const ast::Expr& expr, const std::vector<Operand>& operands,
                     const Scope& scope);
Operand lower_bit_and(Lowering& lowering, const ast::Expr& expr, const std::vector<Operand>& operands,
                      const Scope& scope);

}  // namespace bulkhead::types
