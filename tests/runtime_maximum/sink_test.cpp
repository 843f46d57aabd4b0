#include "runtime-bridge/sandbox/maximum_sink.h"

#include <gtest/gtest.h>

#include <random>

namespace bulkhead::sandbox {
namespace {

std::string unhex(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); i += 2) out += static_cast<char>(std::stoi(text.substr(i, 2), nullptr, 16));
  return out;
}

std::string packet(std::uint8_t type, const std::string& message) {
  return std::string("\x08\x00", 2) + static_cast<char>(type) + std::string("\x00\x00\x00\x00\x00", 5) + message;
}

// As gVisor 20221219 sent them.
const std::string kOpened = "0a05200142012f12021002188102209cffffffffffffffff01320b2f6574632f70617373776438808020";
const std::string kConnected = "0a0220011202106f182a20033210020012677f0000010000000000000000";

TEST(Sink, ReadsARecordedOpen) {
  const auto read = read_packet(packet(7, unhex(kOpened)));
  ASSERT_TRUE(read && read->call);
  EXPECT_EQ(read->call->kind, TracedCall::Kind::Open);
  EXPECT_EQ(read->call->number, 257u);
  EXPECT_EQ(read->call->path, "/etc/passwd");
  EXPECT_EQ(read->call->folder, "/");
  EXPECT_EQ(read->call->fd, -100);
  EXPECT_EQ(read->call->error, 2);
  EXPECT_EQ(read->call->process, 1);
}

TEST(Sink, ReadsARecordedConnect) {
  const auto read = read_packet(packet(10, unhex(kConnected)));
  ASSERT_TRUE(read && read->call);
  EXPECT_EQ(read->call->kind, TracedCall::Kind::Connect);
  EXPECT_EQ(read->call->address.size(), 16u);
  EXPECT_EQ(read->call->error, 111);
}

TEST(Sink, EveryCutOfAMessageIsMalformedOrShorter) {
  const std::string whole = unhex(kOpened);
  for (std::size_t length = 0; length < whole.size(); ++length) {
    const auto read = read_packet(packet(7, whole.substr(0, length)));
    if (read && read->call) {
      EXPECT_TRUE(read->call->path.empty() || read->call->path == "/etc/passwd") << length;
    }
  }
  EXPECT_FALSE(read_packet(""));
  EXPECT_FALSE(read_packet(std::string("\x09\x00\x07\x00\x00\x00\x00\x00", 8)));
  EXPECT_FALSE(read_packet(std::string("\x07\x00\x07\x00\x00\x00\x00\x00", 8)));
}

TEST(Sink, ReportsDroppedPacketsAndSkipsUnknownOnes) {
  std::string lossy = packet(5, "anything");
  lossy[4] = 3;
  const auto read = read_packet(lossy);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->dropped, 3u);
  EXPECT_FALSE(read->call);
}

TEST(Sink, SurvivesRandomBytes) {
  std::mt19937 random(3);
  int malformed = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::string bytes(random() % 80, '\0');
    for (char& c : bytes) c = static_cast<char>(random() & 0xFF);
    malformed += read_packet(packet(7, bytes)).has_value() ? 0 : 1;
  }
  EXPECT_GT(malformed, 10'000);
}

}  // namespace
}  // namespace bulkhead::sandbox
