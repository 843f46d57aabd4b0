// Closed relations in mapped files: what was written is what is read, and bytes of strangers are only bytes.
#include <gtest/gtest.h>

#include <unistd.h>

#include <filesystem>
#include <random>

#include "checker/closure/closure.h"
#include "checker/closure/relation_file.h"
#include "lang/base/file.h"

namespace bulkhead::closure {
namespace {

struct Kept {
  std::filesystem::path path =
      std::filesystem::temp_directory_path() / ("bulkhead-relation-" + std::to_string(::getpid()));
  Digest key = sha256("policy");
  std::vector<std::string> names;
  std::string bytes;
  TransitiveClosure closed;

  Kept(std::size_t nodes, const std::vector<Edge>& edges) : closed(Graph(nodes, edges)) {
    for (std::size_t i = 0; i < nodes; ++i) names.push_back("type_" + std::to_string((i * 7919) % 100003));
    bytes = encode_relation(key, names, *closed.relation());
    write(bytes);
  }
  ~Kept() { std::filesystem::remove(path); }
  void write(const std::string& text) const { EXPECT_TRUE(write_file(path.string(), text, 0600).ok()); }
  std::optional<MappedRelation> open() const { return MappedRelation::open(path.string(), key); }
};

std::vector<Edge> some_edges(std::uint32_t seed, std::size_t nodes, std::size_t count) {
  std::mt19937 random(seed);
  std::vector<Edge> edges;
  for (std::size_t i = 0; i < count; ++i) {
    edges.push_back({static_cast<Node>(random() % nodes), static_cast<Node>(random() % nodes), 0});
  }
  return edges;
}

TEST(RelationFile, SaysWhatTheClosureSays) {
  for (std::uint32_t seed = 0; seed < 20; ++seed) {
    const std::size_t nodes = 1 + seed * 7;
    Kept kept(nodes, some_edges(seed, nodes, nodes + seed));
    const auto mapped = kept.open();
    ASSERT_TRUE(mapped.has_value()) << seed;
    ASSERT_EQ(mapped->nodes(), nodes);
    for (std::size_t from = 0; from < nodes; ++from) {
      const auto place = mapped->find(kept.names[from]);
      ASSERT_TRUE(place.has_value());
      const auto reached = mapped->reached_from(*place);
      ASSERT_TRUE(reached.has_value());
      for (std::size_t to = 0; to < nodes; ++to) {
        EXPECT_EQ(reached->test(*mapped->find(kept.names[to])),
                  kept.closed.reaches(static_cast<Node>(from), static_cast<Node>(to)))
            << seed << ": " << from << " to " << to;
      }
    }
    EXPECT_FALSE(mapped->find("no such type").has_value());
  }
}

TEST(RelationFile, IsOfOneKeyOnly) {
  const Kept kept(10, some_edges(1, 10, 20));
  EXPECT_FALSE(MappedRelation::open(kept.path.string(), sha256("another policy")).has_value());
  EXPECT_FALSE(MappedRelation::open(kept.path.string() + ".missing", kept.key).has_value());
  EXPECT_FALSE(MappedRelation::open("/", kept.key).has_value());
}

TEST(RelationFile, EveryChangedByteIsNoticed) {
  Kept kept(8, some_edges(2, 8, 12));
  for (std::size_t i = 0; i < kept.bytes.size(); i += i < 72 ? 1 : 5) {  // all of the header
    std::string changed = kept.bytes;
    changed[i] = static_cast<char>(changed[i] ^ 0x10);
    kept.write(changed);
    const auto mapped = kept.open();
    if (!mapped) continue;
    std::size_t damaged = 0;  // a row is looked at when it is asked for
    for (std::size_t node = 0; node < mapped->nodes(); ++node) damaged += mapped->reached_from(node) ? 0 : 1;
    EXPECT_GE(damaged, 1u) << "byte " << i;
  }
}

TEST(RelationFile, BytesOfStrangersAreBoundsChecked) {
  Kept kept(20, some_edges(3, 20, 30));
  for (std::size_t length = 0; length < kept.bytes.size(); length += 5) {
    kept.write(kept.bytes.substr(0, length));
    EXPECT_FALSE(kept.open().has_value()) << length;
  }
  std::mt19937 random(4);
  for (int round = 0; round < 500; ++round) {  // counts and places of every size
    std::string changed = kept.bytes;
    for (int k = 0; k < 3; ++k) {
      const std::size_t at = 8 * (5 + random() % 8);
      for (std::size_t i = 0; i < 8; ++i) changed[at + i] = static_cast<char>(random() % 3 == 0 ? random() % 256 : 0);
    }
    kept.write(changed);
    const auto mapped = kept.open();
    for (std::size_t node = 0; mapped && node < mapped->nodes(); ++node) {
      mapped->reached_from(node);
      EXPECT_LE(mapped->name(node).size(), kept.bytes.size());
    }
  }
}

}  // namespace
}  // namespace bulkhead::closure
