#include "checker/cells/hypotheses.h"

#include "checker/conditions/substitute.h"
#include "lang/system/builder.h"

namespace bulkhead::cells {

using conditions::Terms;
using system::Kind;
using system::Op;
using system::Term;
using system::TermId;

namespace {

/// Universal formulas with more instances are left out.
constexpr std::size_t kMostInstances = 100;

bool is_universal(Op op, bool positive) {
  return op == (positive ? Op::ForAll : Op::Exists);
}

}  // namespace

system::System with_members(system::System system) {
  system::Builder builder(system);
  for (std::size_t i = 0; i < system.enums.size(); ++i) {
    for (std::size_t member = 0; member < system.enums[i].members.size(); ++member) {
      builder.member(system::EnumId{i}, member);
    }
  }
  return system;
}

std::vector<TermId> values_of(Terms& terms, const system::Type& type, const std::vector<TermId>& elements) {
  std::vector<TermId> list;
  if (type.kind == Kind::Sort) {
    for (const TermId one : elements) {
      if (terms.at(one).type == type) list.push_back(one);
    }
  } else if (type.kind == Kind::Bool) {
    list = {terms.truth(false), terms.truth(true)};
  } else if (type.kind == Kind::Enum) {
    for (std::size_t i = 0; i < terms.system().terms.size(); ++i) {
      const Term& one = terms.system().terms[i];
      if (one.op == Op::Constant && one.type == type) list.emplace_back(i);
    }
  }
  return list;
}

template <typename Part>
TermId Hypotheses::by_parts(TermId formula, bool positive, const Part& part) {
  const Term one = terms_.at(formula);  // a copy: the arena grows
  std::vector<TermId> parts;
  for (std::size_t i = 0; i < one.args.size(); ++i) {
    const bool left = one.op == Op::Implies && i == 0;
    parts.push_back(part(one.args[i], positive != left));
  }
  const bool joins = (one.op == Op::And) == positive;
  return joins ? terms_.conjunction(std::move(parts)) : terms_.disjunction(std::move(parts));
}

TermId Hypotheses::named(TermId formula, bool positive) {
  const Term one = terms_.at(formula);
  if (one.op == Op::Not) return named(one.args[0], !positive);
  if (one.op == Op::And || one.op == Op::Or || one.op == Op::Implies) {
    return by_parts(formula, positive, [&](TermId id, bool sign) { return named(id, sign); });
  }
  if (!is_universal(one.op, !positive)) return positive ? formula : terms_.negation(formula);
  conditions::Substitution names;
  for (const system::BinderId binder : one.binders) {
    const TermId element = terms_.bound(terms_.fresh(binder));
    names.emplace(binder, element);
    elements_.push_back(element);
  }
  return named(conditions::instantiate(terms_, one.args[0], names), positive);
}

TermId Hypotheses::instance(TermId formula) {
  const Term outer = terms_.at(formula);
  const bool positive = outer.op != Op::Not;
  const TermId inner = positive ? formula : outer.args[0];
  const Term one = terms_.at(inner);
  if (one.op == Op::And || one.op == Op::Or || one.op == Op::Implies) {
    return by_parts(inner, positive, [&](TermId id, bool sign) { return instance(sign ? id : terms_.negation(id)); });
  }
  if (is_universal(one.op, !positive)) return terms_.truth(true);
  if (!is_universal(one.op, positive)) return formula;
  std::vector<conditions::Substitution> rows{{}};
  for (const system::BinderId binder : one.binders) {
    std::vector<conditions::Substitution> longer;
    const auto values = values_of(terms_, terms_.system().at(binder).type, elements_);
    if (values.size() * rows.size() > kMostInstances) return terms_.truth(true);
    for (const auto& row : rows) {
      for (const TermId value : values) (longer.emplace_back(row))[binder] = value;
    }
    rows = std::move(longer);
  }
  std::vector<TermId> all;
  for (const auto& row : rows) {
    const TermId body = conditions::instantiate(terms_, one.args[0], row);
    all.push_back(instance(positive ? body : terms_.negation(body)));
  }
  return terms_.conjunction(std::move(all));
}

std::vector<TermId> Hypotheses::instances() {
  std::vector<TermId> list;
  for (const TermId one : assumed_) list.push_back(instance(one));
  return list;
}

}  // namespace bulkhead::cells
