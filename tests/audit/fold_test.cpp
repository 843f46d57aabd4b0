#include "runtime-bridge/audit/fold.h"

#include <gtest/gtest.h>

#include "runtime-bridge/audit/json_line.h"
#include "runtime-bridge/audit/verify.h"
#include "scratch.h"

namespace bulkhead::audit {
namespace {

TEST(Fold, WritesAHundredOfAKindAndCountsTheRest) {
  Fold fold;
  for (std::uint64_t i = 0; i < 250; ++i) {
    EXPECT_EQ(fold.add(denied("/etc/passwd"), 1000 + i) == Fold::Fate::Write, i < 100);
  }
  EXPECT_EQ(fold.add(denied("/etc/shadow"), 1300), Fold::Fate::Write);
  const auto folded = fold.drain();
  ASSERT_EQ(folded.size(), 1u);
  EXPECT_EQ(folded[0].count, 150u);
  EXPECT_EQ(folded[0].first, 1100u);
  EXPECT_EQ(folded[0].last, 1249u);
}

TEST(Fold, AWindowIsASecond) {
  Fold fold;
  EXPECT_FALSE(fold.window_over(5'000'000));
  fold.add(denied("/x"), 1'000'000);
  EXPECT_FALSE(fold.window_over(1'999'999));
  EXPECT_TRUE(fold.window_over(2'000'000));
}

TEST(Fold, InventedPathsFoldTooOnceTheyAreMany) {
  Fold fold;
  std::uint64_t written = 0;
  for (int i = 0; i < 100'000; ++i) {
    if (fold.add(denied("/invented/" + std::to_string(i)), 1000) == Fold::Fate::Write) ++written;
  }
  EXPECT_EQ(written, Fold::kMaxKinds + kFoldAbove);
  const auto folded = fold.drain();
  ASSERT_EQ(folded.size(), 1u);
  EXPECT_EQ(folded[0].count + written, 100'000u);
}

TEST(Fold, TheLogLosesNoCountAndTheEndComesAfterWhatWasFolded) {
  const Scratch scratch;
  auto log = Log::open(scratch.file("log"), options("r1"));
  ASSERT_TRUE(log->record(start_event()).ok());
  for (int i = 0; i < 5000; ++i) ASSERT_TRUE(log->record(denied("/etc/passwd")).ok());
  ASSERT_TRUE(log->record(denied("/etc/shadow")).ok());
  ASSERT_TRUE(log->record(SandboxExit{"exit", 0, 0, log->denials()}).ok());
  EXPECT_EQ(log->denials(), 5001u);
  EXPECT_LT(log->lines(), 1000u);
  const auto verification = verify(scratch.file("log"));
  ASSERT_TRUE(verification.ok());
  const auto& ok = std::get<ChainOk>(*verification);
  EXPECT_TRUE(ok.complete);
  EXPECT_EQ(ok.runs.at(0).denials, 5001u);
  const auto lines = lines_of(scratch.file("log"));
  EXPECT_EQ(read_json_line(lines.back())->text("event"), "SandboxExit");
  EXPECT_TRUE(read_json_line(lines[lines.size() - 2])->number("folded.count"));
}

}  // namespace
}  // namespace bulkhead::audit
