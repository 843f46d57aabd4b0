#include "lang/types/fill_from_policy.h"

#include "lang/ir/from_policy.h"
#include "lang/system/builder.h"

namespace bulkhead::types {
namespace {

/// `forall a, b. shares(a, b) <-> (a == A && b == B) || ...`
system::TermId content(system::System& system, system::FunctionId id, const ir::PolicyRelation& relation) {
  system::Builder builder(system);
  std::vector<system::BinderId> binders;
  std::vector<system::TermId> variables;
  const std::vector<system::Type> types = system.at(id).arguments;
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
      const system::Origin origin{system.at(id).origin.span, "`" + name + "` is what the policy says"};
      const system::TermId formula = content(system, id, **relation);
      system.properties.push_back({name + ir::kFromPolicy, system::PropertyKind::Assumption, formula, origin});
    }
  }
}

}  // namespace bulkhead::types
