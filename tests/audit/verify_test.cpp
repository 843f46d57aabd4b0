#include "runtime-bridge/audit/verify.h"

#include <gtest/gtest.h>

#include "runtime-bridge/audit/json_line.h"
#include "scratch.h"

namespace bulkhead::audit {
namespace {

void write_run(const std::string& path, const std::string& run, int denials) {
  auto log = Log::open(path, options(run));
  ASSERT_TRUE(log.ok());
  ASSERT_TRUE(log->record(start_event()).ok());
  for (int i = 0; i < denials; ++i) ASSERT_TRUE(log->record(denied("/etc/" + std::to_string(i))).ok());
  ASSERT_TRUE(log->record(SandboxExit{"exit", 0, 0, log->denials()}).ok());
}

Verification verification_of(const Scratch& scratch, const std::string& bytes) {
  EXPECT_TRUE(write_file(scratch.file("changed"), bytes).ok());
  return *verify(scratch.file("changed"));
}

TEST(Verify, AcceptsWholeRunsOneAfterTheOther) {
  const Scratch scratch;
  write_run(scratch.file("log"), "r1", 3);
  write_run(scratch.file("log"), "r2", 0);
  const auto ok = std::get<ChainOk>(*verify(scratch.file("log")));
  ASSERT_EQ(ok.runs.size(), 2u);
  EXPECT_TRUE(ok.complete);
  EXPECT_EQ(ok.runs[0].lines, 5u);
  EXPECT_EQ(ok.runs[0].denials, 3u);
  EXPECT_EQ(ok.runs[1].head, read_json_line(lines_of(scratch.file("log")).back())->text("hash"));
}

TEST(Verify, AcceptsRunsThatInterleave) {
  const Scratch scratch;
  auto one = Log::open(scratch.file("log"), options("r1"));
  ASSERT_TRUE(one->record(start_event()).ok());
  auto two = Log::open(scratch.file("log"), options("r2"));
  ASSERT_TRUE(two->record(start_event()).ok());
  ASSERT_TRUE(one->record(denied("/a")).ok());
  ASSERT_TRUE(two->record(SandboxExit{}).ok());
  ASSERT_TRUE(one->record(SandboxExit{}).ok());
  EXPECT_TRUE(std::get<ChainOk>(*verify(scratch.file("log"))).complete);
}

TEST(Verify, NoticesEveryChangedByte) {
  const Scratch scratch;
  write_run(scratch.file("log"), "r1", 2);
  const std::string good = text_of(scratch.file("log"));
  for (std::size_t at = 0; at < good.size(); ++at) {
    std::string changed = good;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    const auto verification = verification_of(scratch, changed);
    ASSERT_TRUE(std::holds_alternative<ChainBroken>(verification)) << "byte " << at;
    // A newline that is changed joins or splits lines, so the place may be the line after.
    const auto line =
        static_cast<std::uint64_t>(std::count(good.begin(), good.begin() + static_cast<long>(at), '\n')) + 1;
    ASSERT_LE(std::get<ChainBroken>(verification).line, line) << "byte " << at;
  }
}

TEST(Verify, NoticesMissingDoubledAndMovedLines) {
  const Scratch scratch;
  write_run(scratch.file("log"), "r1", 3);
  const auto lines = lines_of(scratch.file("log"));
  for (std::size_t gone = 0; gone + 1 < lines.size(); ++gone) {
    std::string without, doubled, swapped;
    for (std::size_t i = 0; i < lines.size(); ++i) {
      if (i != gone) without += lines[i] + "\n";
      doubled += lines[i] + "\n" + (i == gone ? lines[i] + "\n" : "");
      swapped += lines[i == gone ? gone + 1 : i == gone + 1 ? gone : i] + "\n";
    }
    EXPECT_TRUE(std::holds_alternative<ChainBroken>(verification_of(scratch, without))) << gone;
    EXPECT_TRUE(std::holds_alternative<ChainBroken>(verification_of(scratch, doubled))) << gone;
    EXPECT_TRUE(std::holds_alternative<ChainBroken>(verification_of(scratch, swapped))) << gone;
  }
}

TEST(Verify, ATruncatedLogIsWholeButNotComplete) {
  const Scratch scratch;
  write_run(scratch.file("log"), "r1", 3);
  const auto lines = lines_of(scratch.file("log"));
  const auto verification = verification_of(scratch, lines[0] + "\n" + lines[1] + "\n");
  ASSERT_TRUE(std::holds_alternative<ChainOk>(verification));
  EXPECT_FALSE(std::get<ChainOk>(verification).complete);
  EXPECT_EQ(std::get<ChainOk>(verification).runs.at(0).lines, 2u);
  EXPECT_TRUE(std::holds_alternative<ChainBroken>(verification_of(scratch, lines[0] + "\n" + lines[1])));
}

TEST(Verify, NoticesARunThatWasTakenOut) {
  const Scratch scratch;
  write_run(scratch.file("log"), "r1", 1);
  const std::string first = text_of(scratch.file("log"));
  write_run(scratch.file("log"), "r2", 1);
  const std::string both = text_of(scratch.file("log"));
  write_run(scratch.file("log"), "r3", 1);
  const std::string all = text_of(scratch.file("log"));
  EXPECT_TRUE(std::holds_alternative<ChainBroken>(verification_of(scratch, first + all.substr(both.size()))));
  EXPECT_TRUE(std::holds_alternative<ChainBroken>(verification_of(scratch, all.substr(first.size()))));
  EXPECT_TRUE(std::holds_alternative<ChainOk>(verification_of(scratch, all)));
}

TEST(Verify, SurvivesWhateverStandsInTheFile) {
  const Scratch scratch;
  EXPECT_TRUE(std::holds_alternative<ChainOk>(verification_of(scratch, "")));
  for (const std::string& junk : {std::string(1 << 20, 'x'), std::string(100, '\0') + "\n", std::string("{}\n"),
                                  std::string("\n"), std::string(1 << 19, '[') + "\n"}) {
    EXPECT_TRUE(std::holds_alternative<ChainBroken>(verification_of(scratch, junk)));
  }
  EXPECT_FALSE(verify("/dev/zero").ok());
  EXPECT_FALSE(verify(scratch.file("absent")).ok());
}

}  // namespace
}  // namespace bulkhead::audit
