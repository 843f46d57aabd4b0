#include "checker/story/story.h"

#include <gtest/gtest.h>

#include "tests/support/system_samples.h"

namespace bulkhead::test {
namespace {

using namespace bulkhead::system;

TEST(Story, TellsWhatEachStepChangedAndWhereItIsWritten) {
  Memory stale(Flush::Forgotten);
  source::SourceMap sources;
  const auto file = sources.add("memory.bh", "model Memory {\n  action map\n  action transfer\n}\n");
  stale.system.actions[stale.map.index()].origin.span = {file, 17, 20};
  const system::Run run{
      {{2, 1}}, {{{0}, {0, 0}}}, {{stale.map, {0, 0}}, {stale.transfer, {0, 1, 0}}, {stale.map, {1, 0}}}, std::nullopt};
  EXPECT_EQ(story::text(story::tell(stale.system, run, sources)),
            "at first, with 2 Container, 1 Frame:\n"
            "     owner(Frame 1) = Container 1\n"
            "  1  map(Container 1, Frame 1)  [memory.bh:2]\n"
            "     mapped(Container 1, Frame 1): false -> true\n"
            "  2  transfer(Container 1, Container 2, Frame 1)\n"
            "     owner(Frame 1): Container 1 -> Container 2\n"
            "  3  map(Container 2, Frame 1)  [memory.bh:2]\n"
            "     mapped(Container 2, Frame 1): false -> true\n");
}

TEST(Story, TellsLoopsAndRefusedAttempts) {
  const Ring ring;
  const system::Run loop{{}, {{{0}}}, {{ring.pass, {}}, {ring.rest, {}}}, 1};
  EXPECT_EQ(story::text(story::tell(ring.system, loop, {})),
            "at first:\n     at = north\n  1  pass\n     at: north -> east\nfor ever:\n  2  rest\n");
  const system::Run end{{}, {{{1}}}, {}, 0};
  EXPECT_EQ(story::text(story::tell(ring.system, end, {})),
            "at first:\n     at = east\nand nothing happens any more\n");
  const Memory memory(Flush::Done);
  const system::Run refused{{{2, 1}}, {{{0}, {0, 0}}}, {{memory.map, {1, 0}}}, std::nullopt};
  EXPECT_EQ(story::text(story::tell(memory.system, refused, {})),
            "at first, with 2 Container, 1 Frame:\n     owner(Frame 1) = Container 1\n"
            "  1  map(Container 2, Frame 1)  refused\n");
}

TEST(Story, TellsOpenRelationsByTheirPlaces) {
  const Cells cells(Wipe::Done);
  const State first{{{0}, {0}, {0, 1, 0, 0}, {1, 0}}};
  const story::Story told = story::tell(cells.system, {{{2, 1}}, first, {}, std::nullopt}, {});
  EXPECT_EQ(told.first, (std::vector<std::string>{"holder(Cell 1) = User 1", "trusts(User 1, User 2)",
                                                  "heir(User 1) = User 2", "heir(User 2) = User 1"}));
  const State nobody{{{0}, {0}, {0, 0, 0, 0}, {1, 0}}};
  EXPECT_EQ(story::tell(cells.system, {{{2, 1}}, nobody, {}, std::nullopt}, {}).first[1], "trusts holds nowhere");
}

}  // namespace
}  // namespace bulkhead::test
