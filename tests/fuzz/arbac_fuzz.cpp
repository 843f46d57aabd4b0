// Any bytes as a role policy: understood, reduced and printed as text without surprises, or a mistake with its place.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "lang/base/check.h"
#include "lang/import/arbac/policy_text.h"
#include "lang/import/arbac/read.h"
#include "lang/import/arbac/reduce.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bulkhead;
  source::SourceMap sources;
  diag::DiagnosticList found;
  const source::FileId file = sources.add("fuzz.arbac", std::string(data, data + size));
  const auto policy = arbac::read(sources, file, found);
  BH_CHECK(policy.has_value() != found.has_errors(), "a policy or a mistake");
  for (const diag::Diagnostic& each : found.all())
    BH_CHECK(each.span.begin <= each.span.end && each.span.end <= size, "spans lie in the text");
  if (!policy) return 0;
  for (const arbac::Reduced& reduced : {arbac::whole(*policy), arbac::reduce(*policy)}) {
    BH_CHECK(std::binary_search(reduced.roles.begin(), reduced.roles.end(), policy->goal), "the goal stays");
    BH_CHECK(!reduced.users.empty() && reduced.users.size() <= policy->users.size(), "some user stays");
    const std::string text = arbac::policy_text(*policy, reduced, sources, {});
    const bool plain =
        std::all_of(text.begin(), text.end(), [](char c) { return c == '\n' || (c >= 0x20 && c < 0x7f); });
    BH_CHECK(plain, "the text has no bytes that the file brought");
  }
  return 0;
}
