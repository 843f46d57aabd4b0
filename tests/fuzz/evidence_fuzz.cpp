// Any bytes as evidence about a problem: what is read says of itself what was read, and may be judged.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "checker/safety/evidence_file.h"
#include "lang/base/check.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

using namespace bulkhead;

/// Longer inductions have many conditions: the reader bounds them, but not to what is fast.
constexpr std::size_t kDepth = 8;

void judge(safety::Problem& problem, const safety::Evidence& evidence) {
  if (!safety::claims_safety(evidence)) {
    safety::objection(problem, evidence);
    return;
  }
  const auto* invariant = std::get_if<safety::Invariant>(&evidence);
  if (invariant != nullptr && invariant->k > kDepth) return;
  const auto all = safety::conditions(problem, evidence);
  if (!all.ok()) return;
  BH_CHECK(!all->empty(), "nothing is shown by no condition");
  const term::Store& store = safety::arena(problem, evidence);
  for (const safety::Condition& condition : *all) {
    if (!safety::with_integers(store, *all)) safety::objection(store, condition, "1 0 0\n");
  }
}

}  // namespace

/// The problem, a line `;;;`, the evidence.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(data, data + size);
  const std::size_t end = text.find("\n;;;\n");
  if (end == std::string::npos) return 0;
  const std::string_view evidence = std::string_view(text).substr(end + 5);
  for (const safety::Format format : {safety::Format::Horn, safety::Format::Btor2}) {
    auto problem = safety::read_problem(format, text.substr(0, end));
    if (!problem.ok()) continue;
    const auto read = safety::read_evidence(problem.value(), evidence);
    if (!read.ok()) {
      BH_CHECK(!read.error().empty(), "a refusal has a reason");
      continue;
    }
    judge(problem.value(), *read);
    const std::string written = safety::write_evidence(*problem, *read);
    const auto again = safety::read_evidence(problem.value(), written);
    BH_CHECK(again.ok() && safety::write_evidence(*problem, *again) == written, "what is written is read");
  }
  return 0;
}
