// What is written is what docs/schema/audit-event.v1.json says, for every kind of event.
#include <gtest/gtest.h>

#include "runtime-bridge/audit/log.h"
#include "scratch.h"

namespace bulkhead::audit {
namespace {

TEST(AuditSchema, HoldsForEveryKindOfEvent) {
  if (system("python3 -c 'import jsonschema' 2>/dev/null") != 0)
    GTEST_SKIP() << "needs jsonschema: python3-jsonschema is not installed";
  const Scratch scratch;
  Log::Options everything = options("r1");
  everything.detail = Detail::Everything;
  auto log = Log::open(scratch.file("log"), everything);
  ASSERT_TRUE(log->record(start_event()).ok());
  ASSERT_TRUE(log->record(AccessAllowed{denied("/x\xff\n").access}).ok());
  for (std::uint32_t i = 0; i < kFoldAbove + 5; ++i) ASSERT_TRUE(log->record(denied("/etc/passwd")).ok());
  ASSERT_TRUE(log->record(ResourceExceeded{"memory", 50, 51, {}}).ok());
  ASSERT_TRUE(log->record(AuditLoss{3, 28}).ok());
  ASSERT_TRUE(log->record(SandboxExit{"resource", 0, 9, log->denials()}).ok());
  const std::string program =
      "python3 -I -c 'import json,sys,jsonschema\n"
      "s=json.load(open(sys.argv[1])); jsonschema.Draft202012Validator.check_schema(s)\n"
      "v=jsonschema.Draft202012Validator(s); kinds=set(); folded=0\n"
      "for l in open(sys.argv[2]):\n"
      "  o=json.loads(l); v.validate(o); kinds.add(o[\"event\"]); folded+=\"folded\" in o\n"
      "  for gone in (\"hash\",\"run\",\"event\"):\n"
      "    assert not v.is_valid({k:o[k] for k in o if k!=gone})\n"
      "assert len(kinds)==6 and folded==1, (kinds, folded)' ";
  EXPECT_EQ(system((program + BULKHEAD_SOURCE_DIR "/docs/schema/audit-event.v1.json " + scratch.file("log")).c_str()),
            0);
}

}  // namespace
}  // namespace bulkhead::audit
