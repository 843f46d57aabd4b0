// Any bytes as Horn clauses and as a BTOR2 file: a machine whose terms read its own variables alone, or a reason.
#include <cstddef>
#include <cstdint>
#include <set>
#include <string_view>

#include "checker/interchange/btor2.h"
#include "checker/interchange/read_horn.h"
#include "checker/safety/fixedpoint.h"
#include "lang/base/check.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

using namespace bulkhead;

void expect_closed(const machine::Machine& machine) {
  std::set<term::TermId> own(machine.inputs.begin(), machine.inputs.end()), latches;
  std::vector<term::TermId> roots{machine.allowed};
  for (const machine::Latch& latch : machine.state) {
    BH_CHECK(machine.store.sort(latch.now) == machine.store.sort(latch.next), "a latch keeps its sort");
    BH_CHECK(latches.insert(latch.now).second, "each latch is one");
    own.insert(latch.now);
    roots.push_back(latch.next);
  }
  for (const machine::Bad& bad : machine.bad) roots.push_back(bad.condition);
  for (const term::TermId id : term::reachable(machine.store, roots)) {
    BH_CHECK(machine.store.at(id).op != term::Op::Variable || own.contains(id), "variables are latches and inputs");
  }
  const term::TermId initial[] = {machine.initial};
  for (const term::TermId id : term::reachable(machine.store, initial)) {
    BH_CHECK(machine.store.at(id).op != term::Op::Variable || latches.contains(id), "first states are of latches");
  }
}

void expect_closed(const interchange::Clauses& clauses) {
  const term::Store& store = clauses.store;
  for (const interchange::Clause& clause : clauses.clauses) {
    std::vector<term::TermId> relations = clause.body, plain = clause.constraints;
    if (clause.head.valid()) relations.push_back(clause.head);
    for (const term::TermId one : relations) {
      BH_CHECK(store.at(one).op == term::Op::Apply && clauses.relation(one) < clauses.relations.size(), "a relation");
      plain.insert(plain.end(), store.at(one).args.begin(), store.at(one).args.end());
    }
    for (const term::TermId id : term::reachable(store, plain)) {
      BH_CHECK(store.at(id).op != term::Op::Variable || clause.variables.contains(id), "variables are the clause's");
      BH_CHECK(store.at(id).op != term::Op::Apply, "relations stand in bodies and heads alone");
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(data, data + size);
  const auto clauses = interchange::read_clauses(text);
  if (clauses.ok()) expect_closed(*clauses);
  const auto assertions = safety::as_assertions(text);
  if (assertions.ok() && *assertions != text) {
    const auto rewritten = interchange::read_clauses(*assertions);
    if (rewritten.ok()) expect_closed(*rewritten);
  }
  auto horn = interchange::read_horn(text);
  if (horn.ok()) {
    expect_closed(horn->machine);
    interchange::read_interpretation(horn.value(), text, interchange::Missing::Nowhere);
  } else {
    BH_CHECK(horn.error().place.line >= 1 && !horn.error().reason.empty(), "a refusal has a place and a reason");
  }
  const auto machine = interchange::read_btor2(text);
  if (machine.ok()) expect_closed(*machine);
  return 0;
}
