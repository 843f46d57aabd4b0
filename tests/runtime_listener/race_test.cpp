// A thread that changes arguments while they are judged: it may falsify an event at level standard, it never gains
// access.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <linux/landlock.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cstring>
#include <thread>

#include "loopback.h"
#include "small_sandbox.h"

namespace bulkhead::sandbox {
namespace {

constexpr int kRounds = 1500;
constexpr char kGood[] = "/data/allowed", kBad[] = "/data/other";

/// Landlock as the launcher would have it: one file may be read.
void allow_one_file() {
  landlock_ruleset_attr handled{LANDLOCK_ACCESS_FS_READ_FILE};
  const int rules = static_cast<int>(syscall(SYS_landlock_create_ruleset, &handled, sizeof handled, 0));
  const int file = open(kGood, O_PATH | O_CLOEXEC);
  landlock_path_beneath_attr rule{LANDLOCK_ACCESS_FS_READ_FILE, file};
  syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  if (syscall(SYS_landlock_restrict_self, rules, 0) != 0) _exit(97);
}

/// Opens a path that another thread keeps changing; says what it ever read.
void race_open(const Say& say) {
  char path[32];
  std::strcpy(path, kGood);
  std::atomic<bool> stop{false};
  std::thread flipper([&] {
    while (!stop) {
      std::memcpy(path + 6, kBad + 6, 6);
      path[11] = '\0';
      std::memcpy(path + 6, kGood + 6, 8);
    }
  });
  int good = 0, bad = 0;
  for (int i = 0; i < kRounds; ++i) {
    const std::string read = slurp(path);
    good += read == "data/allowed";
    bad += read == "data/other";
  }
  stop = true;
  flipper.join();
  say(std::string(good > 0 ? "good" : "never good") + (bad > 0 ? ", leaked" : ", tight"));
}

class Race : public ::testing::Test {
 protected:
  void SetUp() override {
    if (geteuid() != 0) GTEST_SKIP() << "needs root: the hand-made sandbox takes it";
  }
  Arm arm(table::Level level) const {
    Arm out;
    out.table = small_table(level);
    permit(out.table, table::kRead, kGood);
    return out;
  }
};

TEST_F(Race, AtStandardLandlockHoldsWhateverTheEventsSay) {
  Arm raced = arm(table::Level::Standard);
  raced.before = allow_one_file;
  EXPECT_EQ(run_small(raced, race_open).said, "good, tight");
}

TEST_F(Race, AtEnhancedTheListenerAloneHolds) {
  EXPECT_EQ(run_small(arm(table::Level::Enhanced), race_open).said, "good, tight");
}

TEST_F(Race, AConnectNeverReachesTheOtherPort) {
  Server granted, other;
  for (const table::Level level : {table::Level::Standard, table::Level::Enhanced}) {
    Arm raced = arm(level);
    permit_port(raced.table, table::kConnect, granted.port());
    const Observed seen = run_small(raced, [&](const Say& say) {
      sockaddr_in to = loopback_address(granted.port());
      std::atomic<bool> stop{false};
      std::thread flipper([&] {
        auto* port = reinterpret_cast<volatile std::uint16_t*>(&to.sin_port);
        while (!stop) {
          *port = htons(other.port());
          *port = htons(granted.port());
        }
      });
      for (int i = 0; i < 300; ++i) {
        const int fd = socket(AF_INET, SOCK_STREAM, 0);
        if (connect(fd, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0) {
          sockaddr_in peer{};
          socklen_t size = sizeof peer;
          getpeername(fd, reinterpret_cast<sockaddr*>(&peer), &size);
          if (ntohs(peer.sin_port) != granted.port()) say("leaked");
        }
        close(fd);
      }
      stop = true;
      flipper.join();
      say("done");
    });
    EXPECT_EQ(seen.said, "done");
    EXPECT_GT(granted.connections(), 0);
    EXPECT_EQ(other.connections(), 0);
  }
}

}  // namespace
}  // namespace bulkhead::sandbox
