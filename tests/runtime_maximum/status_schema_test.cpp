// The object of --status-fd is what docs/schema/run.v1.json says.
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>

#include "lang/base/file.h"
#include "runtime-bridge/sandbox/run.h"

namespace bulkhead::sandbox {
namespace {

TEST(RunSchema, HoldsForOutcomesAndRefusals) {
  if (system("python3 -c 'import jsonschema' 2>/dev/null") != 0)
    GTEST_SKIP() << "needs jsonschema: python3-jsonschema is not installed";
  RunOutcome ended;
  ended.started = true;
  ended.cause = Cause::Exit;
  ended.denials = 2;
  ended.first_denial = "openat /x\xff\"\n";
  ended.degraded = {"memory:rlimit"};
  RunOutcome refused;
  refused.refusal = Refusal{Step::FindRunsc, 2, "runsc", ""};
  std::string pattern = (std::filesystem::temp_directory_path() / "bulkhead-status-XXXXXX").string();
  const std::string folder = mkdtemp(pattern.data());
  ASSERT_TRUE(write_file(folder + "/lines",
                         status_json(ended, OnDenial::Fail) + "\n" + status_json(refused, OnDenial::Continue) + "\n")
                  .ok());
  const std::string program =
      "python3 -I -c 'import json,sys,jsonschema\n"
      "v=jsonschema.Draft202012Validator(json.load(open(sys.argv[1])))\n"
      "a,b=[json.loads(l) for l in open(sys.argv[2])]\n"
      "v.validate(a); v.validate(b)\n"
      "assert a[\"status\"]==120 and b[\"status\"]==125 and not v.is_valid({\"schema\":\"bulkhead.run/v1\"})' ";
  EXPECT_EQ(system((program + BULKHEAD_SOURCE_DIR "/docs/schema/run.v1.json " + folder + "/lines").c_str()), 0);
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace bulkhead::sandbox
