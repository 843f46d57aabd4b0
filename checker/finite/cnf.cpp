#include "checker/finite/cnf.h"

namespace bulkhead::finite {

using ground::Bit;

sat::Literal Cnf::literal(Bit bit) {
  variable_.resize(circuit_.size(), 0);
  std::vector<std::uint32_t> open{bit.gate()};
  while (!open.empty()) {
    const std::uint32_t gate = open.back();
    if (variable_[gate] != 0) {
      open.pop_back();
      continue;
    }
    const ground::Circuit::Gate& one = circuit_.at(gate);
    if (gate == 0 || one.is_input) {
      variable_[gate] = fresh();
      if (gate == 0) add_({-variable_[gate]});  // the constant: false
      continue;
    }
    const sat::Literal left = variable_[one.left.gate()], right = variable_[one.right.gate()];
    if (left == 0) open.push_back(one.left.gate());
    if (right == 0) open.push_back(one.right.gate());
    if (left == 0 || right == 0) continue;
    const sat::Literal a = one.left.negated() ? -left : left, b = one.right.negated() ? -right : right;
    const sat::Literal both = variable_[gate] = fresh();
    add_({-both, a});
    add_({-both, b});
    add_({both, -a, -b});
  }
  return bit.negated() ? -variable_[bit.gate()] : variable_[bit.gate()];
}

std::vector<bool> Cnf::model(const sat::Solver& solver) const {
  std::vector<bool> values(circuit_.size(), false);
  for (std::size_t gate = 1; gate < variable_.size(); ++gate) {
    values[gate] =
        variable_[gate] != 0 && circuit_.at(static_cast<std::uint32_t>(gate)).is_input && solver.value(variable_[gate]);
  }
  circuit_.evaluate(values);
  return values;
}

}  // namespace bulkhead::finite
