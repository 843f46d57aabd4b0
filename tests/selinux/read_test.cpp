#include "lang/import/selinux/read.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "policy_text.h"

namespace bulkhead::test {
namespace {

using selinux::Permissions;
using selinux::Policy;
using selinux::Rule;
using selinux::RuleKind;

std::vector<std::string> members(const Policy& policy, selinux::SetId set) {
  std::vector<std::string> names;
  selinux::expand_sets(policy)[set.index()].for_each([&](std::size_t i) { names.push_back(policy.types[i].name); });
  return names;
}

/// The sources of the only rule of a policy with types a, b, c and attributes ab = {a, b}, none = {}.
std::vector<std::string> sources_of(const std::string& set) {
  const ReadPolicy read(kClasses + "attribute ab; attribute none; type a, ab; type b; typeattribute b ab; type c;\n" +
                        "neverallow " + set + " c:file read;");
  EXPECT_TRUE(read.policy) << read.mistake();
  return read.policy ? members(*read.policy, read.policy->rules.back().sources) : std::vector<std::string>{};
}

using Names = std::vector<std::string>;

TEST(SelinuxSets, MeanWhatTheySay) {
  EXPECT_EQ(sources_of("a"), Names{"a"});
  EXPECT_EQ(sources_of("ab"), (Names{"a", "b"}));
  EXPECT_EQ(sources_of("*"), (Names{"a", "b", "c"}));
  EXPECT_EQ(sources_of("none"), Names{});
  EXPECT_EQ(sources_of("{ a c }"), (Names{"a", "c"}));
  EXPECT_EQ(sources_of("{ ab -a }"), Names{"b"});
  EXPECT_EQ(sources_of("{ -a ab }"), Names{"b"}) << "what is excluded is so wherever it stands";
  EXPECT_EQ(sources_of("{ a -ab }"), Names{});
  EXPECT_EQ(sources_of("{ { a } { { c -b } } b }"), (Names{"a", "c"}));
  EXPECT_EQ(sources_of("~a"), (Names{"b", "c"}));
  EXPECT_EQ(sources_of("~{ ab -a }"), (Names{"a", "c"}));
  EXPECT_EQ(sources_of("{ * -ab }"), Names{"c"});
  EXPECT_EQ(sources_of("ab - a"), Names{"b"});
}

TEST(SelinuxSets, AreKeptOnceWhateverTheirOrder) {
  const ReadPolicy read(kClasses + "type a; type b; allow { a b } { b a a }:file read; allow { b a } a:file read;");
  ASSERT_TRUE(read.policy) << read.mistake();
  EXPECT_EQ(read.policy->rules[0].sources, read.policy->rules[0].targets);
  EXPECT_EQ(read.policy->rules[0].sources, read.policy->rules[1].sources);
}

TEST(SelinuxRead, RulesNameClassesAndPermissions) {
  const ReadPolicy read(kClasses +
                        "type a;\nallow a self:{ file dir } { read write };\ndontaudit a a:dir *;\n"
                        "auditallow a a:file ~{ read };\nneverallow a a:file execute;");
  ASSERT_TRUE(read.policy) << read.mistake();
  const Policy& policy = *read.policy;
  ASSERT_EQ(policy.rules.size(), 4u);
  EXPECT_TRUE(policy.rules[0].self);
  EXPECT_TRUE(members(policy, policy.rules[0].targets).empty());
  ASSERT_EQ(policy.accesses_of(policy.rules[0]).size(), 2u);
  const auto spelled = [&](std::size_t rule, std::size_t access) {
    const selinux::Access& one = policy.accesses_of(policy.rules[rule])[access];
    return policy.object_class(one.object_class).name + ":" +
           spell(policy.object_class(one.object_class), one.permissions);
  };
  EXPECT_EQ(spelled(0, 0), "file:read write");
  EXPECT_EQ(spelled(0, 1), "dir:read write");
  EXPECT_EQ(spelled(1, 0), "dir:ioctl read write append execute search");
  EXPECT_EQ(spelled(2, 0), "file:ioctl write append execute entrypoint");
  EXPECT_EQ(policy.rules[1].kind, RuleKind::DontAudit);
  EXPECT_EQ(policy.rules[2].kind, RuleKind::AuditAllow);
  EXPECT_EQ(read.line(policy.rules[3]), 11u);
  EXPECT_EQ(read.sources.slice(policy.span(policy.rules[3])), "neverallow a a:file execute;");
}

TEST(SelinuxRead, NamesMayBeDeclaredBelowTheirUse) {
  const ReadPolicy read(
      "allow a b:file read;\ntype a; typealias c alias { b d };\ntype c;\nclass file class file { read }\n");
  ASSERT_TRUE(read.policy) << read.mistake();
  EXPECT_EQ(members(*read.policy, read.policy->rules[0].targets), Names{"c"});
  EXPECT_EQ(read.policy->find_type("d"), read.policy->find_type("c"));
  EXPECT_EQ(read.policy->find_type("x"), std::nullopt);
}

std::vector<std::pair<std::uint16_t, std::uint16_t>> commands(const std::string& set) {
  const ReadPolicy read(kClasses + "type a; allowxperm a a:file ioctl " + set + ";");
  EXPECT_TRUE(read.policy) << read.mistake();
  return read.policy ? read.policy->extended.at(0).ranges : std::vector<std::pair<std::uint16_t, std::uint16_t>>{};
}

TEST(SelinuxRead, ExtendedPermissionsAreRangesOfCommands) {
  using Ranges = std::vector<std::pair<std::uint16_t, std::uint16_t>>;
  EXPECT_EQ(commands("0x5401"), (Ranges{{0x5401, 0x5401}}));
  EXPECT_EQ(commands("{ 5 1-3 { 4 } 9 }"), (Ranges{{1, 5}, {9, 9}}));
  EXPECT_EQ(commands("~{ 1-3 }"), (Ranges{{0, 0}, {4, 0xffff}}));
  EXPECT_EQ(commands("~{ 0-0xfffe }"), (Ranges{{0xffff, 0xffff}}));
  EXPECT_EQ(commands("{ 1-5 2-3 }"), (Ranges{{1, 5}}));
  EXPECT_EQ(commands("0xc0306201"), (Ranges{{0x6201, 0x6201}})) << "the kernel compares the low 16 bits";
}

TEST(SelinuxRead, ConditionsKeepTheirBranch) {
  const ReadPolicy read(kClasses +
                        "type a; bool x true;\nif ((x && !y) || z) {\nallow a a:file read;\n} else {\n"
                        "allow a a:file write;\n}\nallow a a:dir read;");
  ASSERT_TRUE(read.policy) << read.mistake();
  const Policy& policy = *read.policy;
  ASSERT_EQ(policy.rules.size(), 3u);
  EXPECT_EQ(policy.conditions.at(policy.rules[0].condition.index()).text, "((x && !y) || z)");
  EXPECT_TRUE(policy.rules[0].when);
  EXPECT_FALSE(policy.rules[1].when);
  EXPECT_EQ(policy.rules[1].condition, policy.rules[0].condition);
  EXPECT_FALSE(policy.rules[2].condition.valid());
}

TEST(SelinuxRead, EverySentenceIsKeptOrListed) {
  const std::string text = kClasses + R"(
sid kernel
sensitivity s0 alias low;
dominance { s0 }
category c0;
level s0:c0;
policycap open_perms;
attribute domain; attribute_role ar; expandattribute domain true;
type a, domain; type b; permissive a;
role r; role r types a; roleattribute r ar; allow r r; role_transition r a:process r;
typebounds a b;
bool x false; tunable t true;
type_transition a b:process a; type_transition a b:file b "name"; type_change a b:file a; type_member a b:dir b;
range_transition a b:process s0 - s0:c0;
user u roles { r } level s0 range s0 - s0:c0;
constrain file { read } (u1 == u2 or t1 == a);
mlsconstrain { file dir } write (l1 dom l2);
validatetrans file (u1 == u2);
mlsvalidatetrans file (l1 eq l2);
default_user file source; default_range file target low;
sid kernel u:r:a:s0
fs_use_xattr ext4 u:r:a:s0; fs_use_task 9p u:r:a; fs_use_trans devpts u:r:a:s0 - s0:c0,c0;
genfscon proc / u:r:a:s0
genfscon sysfs /x -- u:r:a
genfscon sysfs "/with blank" -d u:r:a
portcon tcp 1-511 u:r:a:s0
netifcon eth0 u:r:a u:r:b
nodecon fe80::1 ffff:: u:r:a:s0
nodecon 10.0.0.1 255.0.0.0 u:r:a
;
)";
  const ReadPolicy read(text);
  ASSERT_TRUE(read.policy) << read.mistake();
  const Policy& policy = *read.policy;
  EXPECT_TRUE(policy.type(*policy.find_type("a")).permissive);
  EXPECT_EQ(policy.constraints.size(), 3u);
  EXPECT_EQ(policy.type_transitions.size(), 2u);
  EXPECT_TRUE(policy.type_transitions[1].by_file_name);
  std::vector<std::string> left;
  for (const selinux::LeftOut& one : policy.left_out) left.emplace_back(read.sources.slice(one.span));
  for (const char* begin : {"sid kernel",
                            "sensitivity",
                            "dominance",
                            "category",
                            "level",
                            "policycap",
                            "attribute_role",
                            "expandattribute",
                            "role r;",
                            "role r types",
                            "roleattribute",
                            "allow r r;",
                            "role_transition",
                            "bool",
                            "tunable",
                            "type_change",
                            "type_member",
                            "range_transition",
                            "user",
                            "validatetrans",
                            "mlsvalidatetrans",
                            "default_user",
                            "default_range",
                            "sid kernel u",
                            "fs_use_xattr",
                            "fs_use_task",
                            "fs_use_trans",
                            "genfscon proc",
                            "genfscon sysfs /x",
                            "genfscon sysfs \"",
                            "portcon",
                            "netifcon",
                            "nodecon fe80",
                            "nodecon 10"}) {
    EXPECT_THAT(left, testing::Contains(testing::StartsWith(begin)));
  }
  EXPECT_EQ(left.size(), 34u);
}

TEST(SelinuxRead, SaysWhereALineCameFrom) {
  const ReadPolicy read(
      "class file class file { read } type a;\nallow a a:file read;\n#line 7 \"x.te\"\n\nallow a a:file read;\n#line "
      "3\n"
      "allow a a:file read;\n");
  ASSERT_TRUE(read.policy) << read.mistake();
  const auto at = [&](std::size_t rule) { return origin(*read.policy, read.sources, read.policy->rules[rule].begin); };
  EXPECT_EQ(at(0), "");
  EXPECT_EQ(at(1), "x.te:8");
  EXPECT_EQ(at(2), "x.te:3");
}

struct Wrong {
  const char* text;
  const char* mistake;
};

class SelinuxMistake : public testing::TestWithParam<Wrong> {};

TEST_P(SelinuxMistake, IsToldAtItsPlace) {
  const ReadPolicy read("class f class f { r w }\ntype a; attribute at;\n" + std::string(GetParam().text));
  EXPECT_FALSE(read.policy);
  EXPECT_EQ(read.mistake(), GetParam().mistake);
}

INSTANTIATE_TEST_SUITE_P(
    All, SelinuxMistake,
    testing::Values(
        Wrong{"allow a a:f r", "3:14 expected `;`, found the end of the file"},
        Wrong{"allow a a f r;", "3:11 expected `:`, found `f`"},
        Wrong{"allow { a a:f r;", "3:12 expected a name, found `:`"},
        Wrong{"allow { a", "3:7 this bracket is never closed"},
        Wrong{"alow a a:f r;", "3:1 expected a sentence of an SELinux policy, found `alow`"},
        Wrong{"bool x true\nallow a a:f r;", "4:1 expected `;`, found `allow`"},
        Wrong{"constrain f r (u1 == u2));", "3:25 unexpected `)`"},
        Wrong{"constrain f r (u1 == u2;", "3:24 unexpected `;`"},
        Wrong{"role x \"\n;", "3:8 unexpected a string that does not end on its line"},
        Wrong{"allow a b:f r;", "3:9 there is no type or attribute `b`"},
        Wrong{"allow a a:g r;", "3:11 there is no class `g`"},
        Wrong{"allow a a:f x;", "3:13 the class `f` has no permission `x`"},
        Wrong{"allow a a:f { r -w };", "3:18 a permission cannot be taken out of a set"},
        Wrong{"allow a a:* r;", "3:1 classes are named one by one"},
        Wrong{"allow * a:f r;", "3:1 `*` and `~` stand in assertions alone"},
        Wrong{"allow a ~a:f r;", "3:1 `*` and `~` stand in assertions alone"},
        Wrong{"allow self a:f r;", "3:7 `self` stands for the source of a rule"},
        Wrong{"neverallow a { a -self }:f r;", "3:19 `self` can be added to a set, not taken out of one"},
        Wrong{"neverallow a ~self:f r;", "3:15 `self` can be added to a set, not taken out of one"},
        Wrong{"type a;", "3:6 `a` is declared twice"}, Wrong{"attribute a;", "2:6 `a` is declared twice"},
        Wrong{"type self;", "3:6 `self` is a word of the language and no name"},
        Wrong{"class f", "3:7 the class `f` is declared twice"},
        Wrong{"class f { x }", "3:7 the permissions of `f` are declared twice"},
        Wrong{"class g class g inherits c", "3:26 there is no common `c`"},
        Wrong{"common c { x x }\nclass g class g inherits c", "3:14 the permission `x` is declared twice"},
        Wrong{"common c { x } common c { y }", "3:23 the common `c` is declared twice"},
        Wrong{"typeattribute a a;", "3:17 `a` is a type, no attribute"},
        Wrong{"typeattribute at at;", "3:15 `at` is an attribute, no type"},
        Wrong{"permissive x;", "3:12 there is no type or attribute `x`"},
        Wrong{"if (x) { neverallow a a:f r; }", "3:10 `neverallow` cannot stand in an `if`"},
        Wrong{"if (x) { if (y) { } }", "3:10 `if` cannot stand in an `if`"},
        Wrong{"if (x) { allow a a:f r;", "3:24 expected `}` at the end of an `if`, found the end of the file"},
        Wrong{"if x { }", "3:4 expected `(`, found `x`"},
        Wrong{"if (x", "3:6 expected a condition in brackets, found the end of the file"},
        Wrong{"}", "3:1 expected a sentence of an SELinux policy, found `}`"},
        Wrong{"allowxperm a a:f ioctl 0x1ffff-0x20000;",
              "3:39 this range is wider than the numbers that the kernel looks at"},
        Wrong{"allowxperm a a:f ioctl { 3-1 };", "3:30 this range is empty: it ends before it begins"},
        Wrong{"allowxperm a a:f ioctl x;", "3:24 expected the number of a command, found `x`"},
        Wrong{"allowxperm a a:f nlmsg 1;", "3:18 expected `ioctl`, found `nlmsg`"},
        Wrong{"module m 1.0;", "3:1 this is the source of a loadable module; what is read is a whole policy"},
        Wrong{"(type x)", "3:1 a sentence of CIL; what is read is policy.conf or a compiled policy"},
        Wrong{"genfscon proc x u:r:a", "3:15 expected a path, found `x`"},
        Wrong{"portcon tcp 80 u:r;", "3:19 expected `:`, found `;`"},
        Wrong{"portcon tcp", "3:12 expected a name, found the end of the file"},
        Wrong{"type \x01;", "3:6 expected a name, found a character that has no meaning"}));

TEST(SelinuxRead, RefusesDeepBrackets) {
  const std::string deep(100, '{');
  EXPECT_NE(ReadPolicy("type a;\nneverallow " + deep).mistake().find("nested too deeply"), std::string::npos);
  EXPECT_NE(ReadPolicy("constrain f r " + std::string(100, '(')).mistake().find("nested too deeply"),
            std::string::npos);
}

TEST(SelinuxRead, RefusesTooManyPermissionsClassesAndSets) {
  std::string permissions;
  for (int i = 0; i < 33; ++i) permissions += " p" + std::to_string(i);
  EXPECT_NE(ReadPolicy("class f class f {" + permissions + " }").mistake().find("more than 32 permissions"),
            std::string::npos);
  std::string classes;
  for (int i = 0; i < 1025; ++i) classes += "class c" + std::to_string(i) + "\n";
  EXPECT_NE(ReadPolicy(classes).mistake().find("more than 1024 classes"), std::string::npos);
  std::string sets = kClasses + "attribute z;\n";
  for (int i = 0; i <= 65'536; ++i) sets += "type t" + std::to_string(i) + ";\n";
  EXPECT_NE(ReadPolicy(sets).mistake().find("more than 65536 types"), std::string::npos);
  sets = kClasses + "attribute z;\n";
  for (int i = 0; i < 65'536; ++i) sets += "type t" + std::to_string(i) + ";\n";
  for (int i = 0; i < 33'000; ++i) sets += "allow { z -t" + std::to_string(i) + "} t0:file read;\n";
  EXPECT_NE(ReadPolicy(sets).mistake().find("too many and too large"), std::string::npos);
}

/// The blocks of the pages of this area: each `te fail` gives its code, each `te ok` is read.
TEST(SelinuxPages, ExamplesAreTrue) {
  for (const std::string code : {"BH1520", "BH1521", "BH1522", "BH1523"}) {
    std::ifstream file(BULKHEAD_SOURCE_DIR "/docs/diagnostics/" + code + ".md");
    std::stringstream text;
    text << file.rdbuf();
    const std::string page = text.str();
    EXPECT_EQ(page.rfind("# " + code + ": ", 0), 0u);
    int examples = 0;
    for (const std::string kind : {"fail", "ok"}) {
      const std::string fence = "```te " + kind + "\n";
      for (std::size_t at = page.find(fence); at != std::string::npos; at = page.find(fence, at)) {
        at += fence.size();
        const ReadPolicy read(page.substr(at, page.find("```", at) - at));
        EXPECT_EQ(read.policy.has_value(), kind == "ok") << code << read.mistake();
        for (const auto& one : read.diagnostics.all()) EXPECT_EQ(diag::to_string(one.code), code);
        ++examples;
      }
    }
    EXPECT_GE(examples, 1) << code;
  }
}

}  // namespace
}  // namespace bulkhead::test
