#include "lang/types/fill_from_policy.h"

#include <set>
#include <string>
#include <vector>

#include "lang/ir/from_policy.h"
#include "lang/system/builder.h"
#include "lang/system/dump.h"

namespace bulkhead::types {
namespace {

/// More facts than this are said by one formula with quantifiers.
constexpr std::size_t kMostFacts = 4096;

/// Every choice of members of these enums, by place, in order; none where there are too many.
std::vector<std::vector<std::size_t>> all_rows(const system::System& system, const std::vector<system::Type>& types) {
  std::vector<std::vector<std::size_t>> rows{{}};
  for (const system::Type& type : types) {
    const std::size_t members = system.at(type.enumeration).members.size();
    if (rows.size() * members > kMostFacts) return {};
    std::vector<std::vector<std::size_t>> longer;
    for (const auto& row : rows) {
      for (std::size_t place = 0; place < members; ++place) {
        longer.push_back(row);
        longer.back().push_back(place);
      }
    }
    rows = std::move(longer);
  }
  return rows;
}

/// `shares(A, A) && !shares(A, B) && ...`: of each row whether it is in the relation. Without a quantifier: over six
/// containers the second solver did not decide within a minute what it decides of these facts at once.
system::TermId facts(system::Builder& builder, system::FunctionId id, const std::vector<system::Type>& types,
                     const std::vector<std::vector<std::size_t>>& rows, const ir::PolicyRelation& relation) {
  std::set<std::vector<std::size_t>> listed;
  for (const ir::PolicyTuple& tuple : relation) listed.insert(tuple.members);
  std::vector<system::TermId> all;
  for (const auto& row : rows) {
    std::vector<system::TermId> arguments;
    for (std::size_t i = 0; i < types.size(); ++i) {
      arguments.push_back(builder.member(types[i].enumeration, row[i]));
    }
    const system::TermId related = builder.apply(id, std::move(arguments));
    all.push_back(listed.count(row) > 0 ? related : builder.negation(related));
  }
  return all.size() == 1 ? all.front() : builder.conjunction(std::move(all));
}

/// `forall a, b. shares(a, b) <-> (a == A && b == B) || ...`
system::TermId definition(system::Builder& builder, system::FunctionId id, const std::vector<system::Type>& types,
                          const ir::PolicyRelation& relation) {
  std::vector<system::BinderId> binders;
  std::vector<system::TermId> variables;
  for (const system::Type& type : types) {
    binders.push_back(builder.binder("x" + std::to_string(binders.size() + 1), type));
    variables.push_back(builder.bound(binders.back()));
  }
  std::vector<system::TermId> any{builder.truth(false), builder.truth(false)};
  for (const ir::PolicyTuple& tuple : relation) {
    std::vector<system::TermId> row;
    for (std::size_t i = 0; i < types.size(); ++i) {
      row.push_back(builder.equal(variables[i], builder.member(types[i].enumeration, tuple.members[i])));
    }
    any.push_back(builder.conjunction(std::move(row)));
  }
  const system::TermId related = builder.apply(id, variables);
  const system::TermId listed = builder.disjunction(std::move(any));
  return builder.for_all(std::move(binders), builder.equal(related, listed));
}

/// What is in the relation, and that nothing else is.
system::TermId content(system::System& system, system::FunctionId id, const ir::PolicyRelation& relation) {
  system::Builder builder(system);
  const std::vector<system::Type> types = system.at(id).arguments;
  const auto rows = all_rows(system, types);
  return rows.empty() ? definition(builder, id, types, relation) : facts(builder, id, types, rows, relation);
}

}  // namespace

void fill_from_policy(Lowering& lowering) {
  for (std::size_t i = 0; i < lowering.world.systems.size(); ++i) {
    const std::size_t functions = lowering.world.systems[i].functions.size();
    for (std::size_t j = 0; j < functions; ++j) {
      const system::System& read = lowering.world.systems[i];
      const system::FunctionId id{j};
      if (!read.at(id).from_policy) continue;
      const auto relation = ir::from_policy(lowering.world, read, id);
      if (!relation) {
        lowering.error(Code::BadComposition, read.origin.span, relation.error(),
                       "permit or forbid it without a condition, or declare the relation without `from policy`");
        continue;
      }
      if (!*relation) continue;
      system::System& system = lowering.world.systems[i];
      const std::string name = system.at(id).name;
      const system::Origin origin{system.at(id).origin.span, system::said_by_policy(system.at(id))};
      const system::TermId formula = content(system, id, **relation);
      system.properties.push_back({name + system::kFromPolicy, system::PropertyKind::Assumption, formula, origin});
    }
  }
}

}  // namespace bulkhead::types
