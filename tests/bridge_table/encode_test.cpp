#include "runtime-bridge/table/encode.h"

#include <gtest/gtest.h>

#include <cstring>

#include "lang/base/sha256.h"
#include "tests/bridge_table/sample_table.h"

namespace bulkhead::table {
namespace {

/// `bytes` with a trailer that is right again, so that what lies behind the checksum is reached.
std::string resealed(std::string bytes) {
  const Digest digest = sha256(std::string_view(bytes).substr(0, bytes.size() - 32));
  std::memcpy(bytes.data() + bytes.size() - 32, digest.data(), 32);
  return bytes;
}

TEST(TableEncoding, GivesTheSameValueBack) {
  const std::string bytes = encode(sample::small());
  const auto table = decode(bytes);
  ASSERT_TRUE(table.ok()) << table.error().text;
  EXPECT_EQ(encode(*table), bytes);
  EXPECT_EQ(table->rows.size(), 5u);
  EXPECT_EQ(table->rows[1].literals.at(0).files.at(0).glob, "/etc/{passwd,shadow}");
  EXPECT_EQ(table->guards.at(0).objects.files.at(1).prefix, "/srv/data");
  EXPECT_EQ(table->limits.memory.amount, 256u << 20);
  EXPECT_EQ(table->namespaces[2], NamespaceMode::Host);
  EXPECT_EQ(table->landlock.ports.at(0).port, 443);
}

TEST(TableEncoding, RandomTablesComeBack) {
  std::mt19937 random(1);
  for (int i = 0; i < 300; ++i) {
    const std::string bytes = encode(sample::random(random));
    const auto table = decode(bytes);
    ASSERT_TRUE(table.ok()) << table.error().text;
    EXPECT_EQ(encode(*table), bytes);
  }
}

TEST(TableEncoding, EveryTruncationIsRefused) {
  const std::string bytes = encode(sample::small());
  for (std::size_t n = 0; n < bytes.size(); ++n) EXPECT_FALSE(decode(std::string_view(bytes).substr(0, n)).ok()) << n;
}

TEST(TableEncoding, EveryFlippedByteIsRefused) {
  std::string bytes = encode(sample::small());
  for (char& byte : bytes) {
    byte = static_cast<char>(byte ^ 0x41);
    EXPECT_FALSE(decode(bytes).ok());
    byte = static_cast<char>(byte ^ 0x41);
  }
}

TEST(TableEncoding, AForgedByteIsRefusedOrIsAnotherCanonicalTable) {
  const std::string bytes = encode(sample::small());
  std::size_t accepted = 0;
  for (std::size_t at = 0; at + 32 < bytes.size(); ++at) {
    for (const int change : {0x01, 0x80, 0xFF, 0x20}) {
      std::string forged = bytes;
      forged[at] = static_cast<char>(forged[at] ^ change);
      forged = resealed(forged);
      const auto table = decode(forged);
      if (!table.ok()) continue;
      ++accepted;
      EXPECT_EQ(encode(*table), forged) << "two encodings of one value, byte " << at;
    }
  }
  EXPECT_GT(accepted, 0u) << "a digest or a text may change";
}

TEST(TableEncoding, EveryResealedTruncationIsRefused) {
  const std::string bytes = encode(sample::small());
  for (std::size_t n = 32; n < bytes.size(); ++n) {
    EXPECT_FALSE(decode(resealed(bytes.substr(0, n))).ok()) << n;
  }
}

TEST(TableEncoding, UnknownVersionFlagAndReservedBitsAreRefusedByName) {
  const std::string bytes = encode(sample::small());
  const auto why = [&](std::size_t at) {
    std::string other = bytes;
    other[at] = static_cast<char>(other[at] + 1);
    return decode(resealed(other)).error().text;
  };
  EXPECT_EQ(why(8), "the table has a version that is not known here");
  EXPECT_EQ(why(12), "the table has flags that are not known here");
  EXPECT_EQ(why(16), "the table is not as long as it says");
  EXPECT_EQ(why(28), "reserved bytes are not zero");
  EXPECT_EQ(why(0), "this is no bulkhead table");
}

TEST(TableEncoding, WhatBreaksARuleIsRefusedByName) {
  const auto why = [](auto change) {
    Table table = sample::small();
    change(table);
    const auto decoded = decode(encode(table));
    return decoded.ok() ? std::string() : decoded.error().text;
  };
  EXPECT_EQ(why([](Table& t) { t.rows[0].sentence = 3; }), "a sentence index is out of range");
  EXPECT_EQ(why([](Table& t) { t.rows[1].claim = 1; }), "a claim index is out of range");
  EXPECT_EQ(why([](Table& t) { t.rows[0].literals[0].files[0].volume = 4; }), "a volume index is out of range");
  EXPECT_EQ(why([](Table& t) { t.rows[0].literals[0].files[0].glob = "/{a"; }),
            "a pattern is not valid: `{` is not closed");
  EXPECT_EQ(why([](Table& t) { t.rows[0].rights = kConnect; }), "a row has no rights, or rights of another plane");
  EXPECT_EQ(why([](Table& t) { t.rows[0].rights = 0; }), "a row has no rights, or rights of another plane");
  EXPECT_EQ(why([](Table& t) { t.mounts[0].target = "/a/../b"; }), "a mount's target is not a normalised path");
  EXPECT_EQ(why([](Table& t) { t.mounts[1].target = t.mounts[0].target; }), "two mounts share a target");
  EXPECT_EQ(why([](Table& t) { t.closure[0].path = "lib"; }), "a closure path is not a normalised path");
  EXPECT_EQ(why([](Table& t) { t.filter_x86_64 += "x"; }), "a filter is not 0 to 4096 whole instructions");
  EXPECT_EQ(why([](Table& t) { t.syscalls[1].number = 0; }), "syscall rows are not in the order of their numbers");
  EXPECT_EQ(why([](Table& t) { t.rows[3].literals[0].nets[0].family = 5; }), "an address family is neither 4 nor 6");
  EXPECT_EQ(why([](Table& t) { t.rows[3].literals[0].nets[0].last = {9}; }), "an address range ends before it starts");
  EXPECT_EQ(why([](Table& t) { t.rows[3].literals[0].nets[0].last[4] = 1; }),
            "an IPv4 address has more than four bytes");
  EXPECT_EQ(why([](Table& t) { t.rows[4].literals[0].capabilities = {64}; }), "a capability number is above 63");
  EXPECT_EQ(why([](Table& t) { t.environment[0] = "A=B"; }), "an environment name is empty or contains `=`");
  EXPECT_EQ(why([](Table& t) { t.module = std::string("a\0b", 3); }), "a text contains a NUL byte");
  EXPECT_EQ(why([](Table& t) { t.volumes[2].tmpfs_bytes = 1; }), "a volume has both a source and a size");
  EXPECT_EQ(why([](Table& t) { t.limits.cpu.amount = 1; }), "a limit that is not set has an amount");
  EXPECT_EQ(why([](Table&) {}), "");
}

TEST(TableEncoding, AStringNamedManyTimesDoesNotGrowBeyondTheBound) {
  Table table;
  const std::string long_name(1 << 20, 'x');
  for (int i = 0; i < 65; ++i) table.degrade.push_back(long_name);
  const auto decoded = decode(encode(table));
  ASSERT_FALSE(decoded.ok());
  EXPECT_EQ(decoded.error().text, "the strings add up to more than 64 MiB");
}

}  // namespace
}  // namespace bulkhead::table
