#include "lang/import/selinux/policy_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lang/frontend/load.h"
#include "policy_text.h"

namespace bulkhead::test {
namespace {

using testing::HasSubstr;

/// The command asks the constraints themselves: test_selinux.py.
bool perhaps(std::size_t, std::size_t, const selinux::Access&) {
  return true;
}

struct Text {
  std::string text;
  std::vector<std::string> left_out;  // "3 what"
};

/// The text, which has to load without a mistake.
Text text_of(const std::string& rules) {
  const ReadPolicy read(kClasses + "attribute ab; type a, ab; type b.x, ab; type c;\n" + rules);
  EXPECT_TRUE(read.policy) << read.mistake();
  const selinux::PolicyText made = selinux::policy_text(*read.policy, read.sources, "made", perhaps);
  source::SourceMap sources;
  diag::DiagnosticList list;
  frontend::LoadOptions options;
  options.extra_texts = {{"made.bh", made.text}};
  EXPECT_TRUE(frontend::load({}, options, sources, list).has_value()) << made.text;
  for (const auto& one : list.all()) {
    EXPECT_NE(diag::severity_of(one.code), diag::Severity::Error) << diag::render(one, sources, diag::Colour::Off);
  }
  Text found{made.text, {}};
  for (const selinux::LeftOut& one : made.left_out) {
    found.left_out.push_back(std::to_string(read.sources.line_number(one.span.file, one.span.begin) - 7) + " " +
                             one.what);
  }
  return found;
}

TEST(SelinuxText, SaysWhatTheRulesSay) {
  const Text made = text_of("allow ab c:file { read write };\nallow a self:dir read;\nneverallow ab c:file execute;");
  EXPECT_THAT(made.text, HasSubstr("Objects:\"/file/c\""));
  EXPECT_THAT(made.text, HasSubstr("may write"));
  EXPECT_THAT(made.text, HasSubstr("// line 8"));
  EXPECT_THAT(made.text, HasSubstr("Objects:\"/dir/a\""));
  EXPECT_THAT(made.text, HasSubstr("container t_b_x uses"));
  EXPECT_THAT(made.text, HasSubstr("prove line_10_execute: pod"));
}

TEST(SelinuxText, ListsWhatItLeavesOut) {
  const Text made = text_of(
      "allow a c:file { read ioctl };\nallow a c:process fork;\ndontaudit a c:file read;\n"
      "neverallow a c:file { read entrypoint };\nneverallow { ab -ab } c:file read;\n"
      "neverallow a self:file read;\nconstrain file read (u1 == u2);\nrole r;");
  EXPECT_THAT(
      made.left_out,
      testing::ElementsAre("1 allow: file { ioctl }", "2 allow: process { fork }", "3 dontaudit: no sentence says it",
                           "4 neverallow: file { entrypoint }",
                           "4 neverallow: read: over-approximate, not claimed: a constraint may deny what crosses it",
                           "5 neverallow: about no type", "6 neverallow: `self` needs a claim for each type",
                           "7 a constraint, but for what types alone decide; what is granted here may be more",
                           "8 roles and the types that they may have"));
}

TEST(SelinuxText, ClaimsNothingThatAConstraintMayDeny) {
  const std::string crossed =
      "allow a c:file { read execute };\nneverallow a c:file read;\nneverallow b.x c:file read;\n";
  EXPECT_THAT(text_of(crossed).text, HasSubstr("prove line_9_read: pod")) << "no constraint: it is violated, rightly";
  const Text made = text_of(crossed + "constrain file read (u1 == u2);\n");
  EXPECT_THAT(made.text, testing::Not(HasSubstr("prove line_9_read: pod")));
  EXPECT_THAT(made.text, HasSubstr("prove line_10_read: pod")) << "nothing crosses it";
  EXPECT_THAT(
      made.left_out,
      testing::Contains("2 neverallow: read: over-approximate, not claimed: a constraint may deny what crosses it"));
}

TEST(SelinuxText, ClaimsARightOnlyWhereAllOfItIsDenied) {
  const std::string head = "class file class file { read write append } type a; type c;\n";
  const auto claims = [&](const std::string& rule) {
    const ReadPolicy read(head + rule);
    EXPECT_TRUE(read.policy) << read.mistake();
    return selinux::policy_text(*read.policy, read.sources, "made", perhaps).text.find("_write: pod") !=
           std::string::npos;
  };
  EXPECT_TRUE(claims("neverallow a c:file { write append };"));
  EXPECT_FALSE(claims("neverallow a c:file write;"));
  EXPECT_FALSE(claims("neverallow a c:file append;"));
}

}  // namespace
}  // namespace bulkhead::test
