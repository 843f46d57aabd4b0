#include "tests/support/system_samples.h"

namespace bulkhead::test {

using namespace bulkhead::system;

Memory::Memory(Flush flush) {
  Builder b(system);
  system.name = "Memory";
  container = b.sort("Container");
  frame = b.sort("Frame");
  owner = b.function("owner", Change::State, {of_sort(frame)}, of_sort(container));
  mapped = b.function("mapped", Change::State, {of_sort(container), of_sort(frame)}, kBool);
  b.initial(mapped, {b.binder("c", of_sort(container)), b.binder("f", of_sort(frame))}, b.truth(false));

  const auto mapped_at = [&](BinderId c, BinderId f) { return b.apply(mapped, {b.bound(c), b.bound(f)}); };
  const auto owned_by = [&](BinderId c, BinderId f) { return b.equal(b.apply(owner, {b.bound(f)}), b.bound(c)); };
  {
    const BinderId c = b.binder("c", of_sort(container)), f = b.binder("f", of_sort(frame));
    map = b.action("map", {c, f}, owned_by(c, f), {{mapped, {}, {b.bound(c), b.bound(f)}, b.truth(true), {}}});
  }
  {
    const BinderId c = b.binder("c", of_sort(container)), d = b.binder("d", of_sort(container));
    const BinderId f = b.binder("f", of_sort(frame)), x = b.binder("x", of_sort(container));
    std::vector<Update> updates{{owner, {}, {b.bound(f)}, b.bound(d), {}}};
    if (flush == Flush::Done) updates.push_back({mapped, {x}, {b.bound(x), b.bound(f)}, b.truth(false), {}});
    transfer = b.action("transfer", {c, d, f}, owned_by(c, f), updates);
  }
  {
    const BinderId c = b.binder("c", of_sort(container)), f = b.binder("f", of_sort(frame));
    owned = b.property("owned", PropertyKind::Lemma, b.for_all({c, f}, b.implies(mapped_at(c, f), owned_by(c, f))));
  }
  const BinderId c = b.binder("c", of_sort(container)), d = b.binder("d", of_sort(container));
  const BinderId f = b.binder("f", of_sort(frame));
  const TermId both = b.conjunction({mapped_at(c, f), mapped_at(d, f)});
  exclusive = b.property("exclusive", PropertyKind::Invariant,
                         b.for_all({c, d, f}, b.implies(both, b.equal(b.bound(c), b.bound(d)))));
}

Counter::Counter(Wrap wrap) {
  Builder b(system);
  system.name = "Counter";
  const bool is_byte = wrap == Wrap::At256;
  const auto number_of = [&](std::uint64_t value) {
    return is_byte ? b.word(8, value) : b.integer(static_cast<std::int64_t>(value));
  };
  number = b.function("number", Change::State, {}, is_byte ? bits(8) : kInt);
  b.initial(number, {}, number_of(1));
  raise = b.action("raise", {}, b.truth(true), {{number, {}, {}, b.add(b.apply(number), number_of(3)), {}}});
  is_zero = b.equal(b.apply(number), number_of(0));
  is_ten = b.equal(b.apply(number), number_of(10));
}

Ring::Ring() {
  Builder b(system);
  system.name = "Ring";
  place = b.enumeration("Place", {"north", "east", "south"});
  at = b.function("at", Change::State, {}, of_enum(place));
  const TermId here = b.apply(at);
  const auto is = [&](std::size_t which) { return b.equal(here, b.member(place, which)); };
  const TermId onwards = b.choose(is(0), b.member(place, 1), b.choose(is(1), b.member(place, 2), b.member(place, 0)));
  pass = b.action("pass", {}, b.truth(true), {{at, {}, {}, onwards, {}}});
  rest = b.action("rest", {}, b.truth(true), {});
  yes_ = b.truth(true);
  arrived_ = is(2);
}

LeadsTo Ring::served(std::vector<Fair> fair) const {
  return {{}, yes_, arrived_, std::move(fair)};
}

Cells::Cells(Wipe wipe) {
  Builder b(system);
  system.name = "Cells";
  user = b.sort("User");
  cell = b.sort("Cell");
  holder = b.function("holder", Change::State, {of_sort(cell)}, of_sort(user));
  content = b.function("content", Change::State, {of_sort(cell)}, kBool);
  trusts = b.function("trusts", Change::Rigid, {of_sort(user), of_sort(user)}, kBool);
  b.initial(content, {b.binder("k", of_sort(cell))}, b.truth(false));
  const auto held_by = [&](BinderId k, BinderId u) { return b.equal(b.apply(holder, {b.bound(k)}), b.bound(u)); };
  {
    const BinderId u = b.binder("u", of_sort(user)), k = b.binder("k", of_sort(cell));
    write = b.action("write", {u, k}, held_by(k, u), {{content, {}, {b.bound(k)}, b.truth(true), {}}});
  }
  {
    // The system's own action: no parameter is a user, the next holder is fixed by a rigid function.
    heir = b.function("heir", Change::Rigid, {of_sort(user)}, of_sort(user));
    const BinderId k = b.binder("k", of_sort(cell));
    const TermId next = b.apply(heir, {b.apply(holder, {b.bound(k)})});
    std::vector<Update> updates{{holder, {}, {b.bound(k)}, next, {}}};
    if (wipe == Wipe::Done) updates.push_back({content, {}, {b.bound(k)}, b.truth(false), {}});
    give = b.action("give", {k}, b.truth(true), updates);
  }
  View view;
  view.observer = b.binder("o", of_sort(user));
  const BinderId k = b.binder("k", of_sort(cell));
  view.items.push_back({{k}, held_by(k, view.observer), b.apply(content, {b.bound(k)}), "content(k)"});
  system.views.push_back(view);
  leaks_nothing = {ViewId(0), b.binder("o", of_sort(user)), b.binder("d", of_sort(user)), {}};
  except_trusted = {ViewId(0), b.binder("o", of_sort(user)), b.binder("d", of_sort(user)), {}};
  except_trusted.except = b.apply(trusts, {b.bound(except_trusted.observer), b.bound(except_trusted.source)});
}

}  // namespace bulkhead::test
