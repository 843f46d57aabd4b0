#include "tests/system_deductive/models.h"

#include <stdexcept>

namespace bulkhead::tests {

using namespace system;

System memory_model(Flush flush) {
  System made;
  made.name = flush == Flush::Yes ? "Memory" : "Memory.Stale";
  Builder b(made);
  const Type container = of_sort(b.sort("Container"));
  const Type frame = of_sort(b.sort("Frame"));
  const FunctionId owner = b.function("owner", Change::State, {frame}, container);
  const FunctionId mapped = b.function("mapped", Change::State, {container, frame}, kBool);
  b.initial(mapped, {b.binder("c", container), b.binder("f", frame)}, b.truth(false));

  const BinderId c = b.binder("c", container);
  const BinderId f = b.binder("f", frame);
  const TermId owns = b.equal(b.apply(owner, {b.bound(f)}), b.bound(c));
  b.action("map", {c, f}, owns, {{mapped, {}, {b.bound(c), b.bound(f)}, b.truth(true), {}}});

  const BinderId from = b.binder("c", container);
  const BinderId to = b.binder("d", container);
  const BinderId moved = b.binder("f", frame);
  const BinderId any = b.binder("x", container);
  const TermId owned = b.equal(b.apply(owner, {b.bound(moved)}), b.bound(from));
  std::vector<Update> updates{{owner, {}, {b.bound(moved)}, b.bound(to), {}}};
  if (flush == Flush::Yes) updates.push_back({mapped, {any}, {b.bound(any), b.bound(moved)}, b.truth(false), {}});
  b.action("transfer", {from, to, moved}, owned, std::move(updates));

  const BinderId x = b.binder("c", container);
  const BinderId y = b.binder("f", frame);
  const TermId mine =
      b.implies(b.apply(mapped, {b.bound(x), b.bound(y)}), b.equal(b.apply(owner, {b.bound(y)}), b.bound(x)));
  b.property("owned", PropertyKind::Lemma, b.for_all({x, y}, mine));

  const BinderId p = b.binder("c", container);
  const BinderId q = b.binder("d", container);
  const BinderId r = b.binder("f", frame);
  const TermId both =
      b.conjunction({b.apply(mapped, {b.bound(p), b.bound(r)}), b.apply(mapped, {b.bound(q), b.bound(r)})});
  b.property("exclusive", PropertyKind::Invariant,
             b.for_all({p, q, r}, b.implies(both, b.equal(b.bound(p), b.bound(q)))));
  return made;
}

ir::World world_of(system::System system) {
  ir::World world;
  world.module = "test";
  world.systems.push_back(std::move(system));
  return world;
}

void add_claim(ir::World& world, const std::string& name, system::Statement statement) {
  ir::Claim claim;
  claim.name = name;
  claim.text = name;
  claim.form = ir::TheoremClaim{ir::SystemId{world.systems.size() - 1}, {std::move(statement), {}}};
  world.sentences.push_back({{}, name, false, false});
  claim.sentence = ir::SentenceId{world.sentences.size() - 1};
  world.claims.push_back(std::move(claim));
}

Always always(const System& system, const std::string& property) {
  for (std::size_t i = 0; i < system.properties.size(); ++i) {
    if (system.properties[i].name == property) return {PropertyId{i}};
  }
  throw std::logic_error("no such property");
}

}  // namespace bulkhead::tests
