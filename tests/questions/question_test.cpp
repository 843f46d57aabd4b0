// Questions as people write them.
#include "checker/query/question.h"

#include <gtest/gtest.h>

namespace bulkhead::query {
namespace {

template <typename Form>
Form read(const char* text) {
  const auto question = read_question(text);
  EXPECT_TRUE(question.ok()) << text << ": " << (question.ok() ? "" : question.error());
  if (!question.ok() || !std::holds_alternative<Form>(*question)) return {};
  return std::get<Form>(*question);
}

TEST(Question, WhoCanHasRightsAndObjects) {
  const auto question = read<WhoCan>("who can read, write  Data:\"/a b/**\", Secrets?");
  EXPECT_EQ(question.rights, (std::vector<ir::Right>{ir::Right::Read, ir::Right::Write}));
  EXPECT_EQ(question.objects, "Data:\"/a b/**\", Secrets");
}

TEST(Question, PathHasTwoEndsThatMayContainTheWordTo) {
  EXPECT_EQ(read<PathBetween>("path from A to B").to, "B");
  const auto question = read<PathBetween>("path from Data:\"/ to /x\" to \"/a to b\"");
  EXPECT_EQ(question.from, "Data:\"/ to /x\"");
  EXPECT_EQ(question.to, "\"/a to b\"");
}

TEST(Question, ReachAndBreakage) {
  EXPECT_EQ(read<WhatReach>("what can Agent reach?").subject, "Agent");
  EXPECT_EQ(read<WhatBreaks>("what breaks if I add extend container A { may read \"/x\"; }").sentence,
            "extend container A { may read \"/x\"; }");
  EXPECT_EQ(read<WhatBreaks>("what breaks if I add 'A may connect any'").sentence, "A may connect any");
}

TEST(Question, NothingElseIsOne) {
  for (const char* text :
       {"", "who", "who can", "who can read", "who can fly Data", "who can read,", "what can A", "what can A reach B",
        "path from A", "path from to B", "path from A to", "what breaks if I add", "what breaks if I add ''",
        "who can read A; prove b: C can read D", "who can read A // and more", "who can read \"/a",
        "who can read A\nprove b: C can read D", "who can read \"\\\"\""}) {
    EXPECT_FALSE(read_question(text).ok()) << text;
  }
}

}  // namespace
}  // namespace bulkhead::query
