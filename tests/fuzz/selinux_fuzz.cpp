// Any bytes as an SELinux policy: a policy whose every verdict has evidence that is accepted, or a diagnostic with a
// place.
#include <cstddef>
#include <cstdint>
#include <string>

#include "checker/selinux/assertion.h"
#include "checker/selinux/assertion_objection.h"
#include "checker/selinux/flow.h"
#include "checker/selinux/flow_objection.h"
#include "checker/selinux/narrow.h"
#include "checker/selinux/narrow_objection.h"
#include "lang/base/check.h"
#include "lang/import/selinux/policy_text.h"
#include "lang/import/selinux/read.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bulkhead;
  source::SourceMap sources;
  diag::DiagnosticList diagnostics;
  const source::FileId file = sources.add("p.conf", std::string(data, data + size));
  const std::optional<selinux::Policy> policy = selinux::read_policy(sources, file, diagnostics);
  BH_CHECK(policy.has_value() == !diagnostics.has_errors(), "a policy is read, or a mistake is told");
  for (const diag::Diagnostic& one : diagnostics.all()) {
    BH_CHECK(one.span.begin <= one.span.end && one.span.end <= size, "a mistake has its place in the text");
  }
  if (!policy) return 0;
  const selinux::AssertionJudge judge(*policy);
  for (const selinux::AssertionVerdict& verdict : selinux::decide_assertions(*policy, selinux::assertions(*policy))) {
    BH_CHECK(!judge.objection(verdict), "evidence about an assertion is accepted");
  }
  if (const auto narrowed = selinux::narrowed(*policy)) {
    BH_CHECK(!selinux::narrowing_objection(*policy, *narrowed), "what constraints take away is accepted");
  }
  const auto flows = selinux::permission_flows(*policy, {});
  const selinux::FlowGraph graph(*policy, flows);
  const auto all = selinux::all_flows(graph);
  BH_CHECK(all.relation && !selinux::FlowJudge(*policy, flows).objection(*all.relation),
           "evidence about flow is accepted");
  for (const selinux::LeftOut& one :
       selinux::policy_text(*policy, sources, "m", [](auto...) { return true; }).left_out) {
    BH_CHECK(one.span.end <= size, "what is left out has its place in the text");
  }
  return 0;
}
