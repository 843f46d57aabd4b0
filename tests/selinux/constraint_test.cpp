// Constraints that types decide: what they leave is what libsepol computes for every context of these types.
#include <gtest/gtest.h>

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>

#include "checker/selinux/constraint.h"
#include "checker/selinux/narrow.h"
#include "checker/selinux/narrow_objection.h"
#include "lang/import/sepol/kernel_policy.h"
#include "policy_text.h"

extern "C" {  // these headers do not say so themselves
#include <sepol/policydb/services.h>
#include <sepol/sepol.h>
}

namespace bulkhead::test {
namespace {

using selinux::ClassId;
using selinux::Effect;
using selinux::Permissions;
using selinux::Policy;
using selinux::Rule;
using selinux::RuleKind;

/// The permissions of a class that allow rules give, by their plain meaning.
Permissions given(const Policy& policy, const std::vector<Bitset>& sets, std::size_t s, std::size_t t, ClassId id) {
  Permissions sum = 0;
  for (const Rule& rule : policy.rules) {
    if (rule.kind != RuleKind::Allow || !sets[rule.sources.index()].test(s)) continue;
    if (!sets[rule.targets.index()].test(t) && !(rule.self && s == t)) continue;
    for (const selinux::Access& access : policy.accesses_of(rule)) {
      if (access.object_class == id) sum |= access.permissions;
    }
  }
  return sum;
}

/// "file read:a-b " for each pair of types that is given something.
std::string left(const std::string& text) {
  const ReadPolicy read(text);
  EXPECT_TRUE(read.policy) << read.mistake();
  if (!read.policy) return "";
  const auto narrowed = selinux::narrowed(*read.policy);
  if (narrowed) {
    EXPECT_EQ(narrowing_objection(*read.policy, *narrowed), std::nullopt);
  }
  const Policy& policy = narrowed ? narrowed->policy : *read.policy;
  const auto sets = selinux::expand_sets(policy);
  std::string found;
  for (std::size_t s = 0; s < policy.types.size(); ++s) {
    for (std::size_t t = 0; t < policy.types.size(); ++t) {
      const auto file = policy.find_class("file");
      const Permissions all = given(policy, sets, s, t, *file);
      if (all == 0) continue;
      found += policy.types[s].name + "-" + policy.types[t].name + ": " + spell(policy.object_class(*file), all) + "; ";
    }
  }
  return found;
}

const std::string kAll =
    "class file class file { read write } attribute ab; type a, ab; type b, ab; type c;\n"
    "allow { ab c } { ab c }:file { read write };\n";

TEST(SelinuxConstraints, OverTypesTakeAwayWhatTheyDeny) {
  const std::string nothing_of_c = "constrain file { read write } (t1 != c and t2 != c);";
  const std::string rest = "constrain file write (t1 == t2);";
  EXPECT_EQ(left(kAll + nothing_of_c + rest), "a-a: read write; a-b: read; b-a: read; b-b: read write; ");
  EXPECT_EQ(left(kAll + nothing_of_c + "constrain file { read write } (t1 != t2);"),
            "a-b: read write; b-a: read write; ");
  EXPECT_EQ(left(kAll + "constrain file { read write } (not (t1 == ab or t2 == { a c }) && t1 ne a);"),
            "c-b: read write; ");
  EXPECT_EQ(left(kAll + "constrain file * (t1 == a and (u1 == u2 or t2 == b));"),
            "a-a: read write; a-b: read write; a-c: read write; ")
      << "users may be equal";
}

TEST(SelinuxConstraints, OverAnythingElseTakeNothingAway) {
  const std::string all = left(kAll);
  for (const char* open :
       {"(u1 == u2)", "(r1 dom r2 or t1 == a)", "(u1 == u2 or u1 != u2)", "(not (l1 dom l2))",
        "(t1 == a or t2 == b or r2 == { x y })", "(t1 == ab or t1 == c)", "(u1 == u2 and not r1 == x)"}) {
    EXPECT_EQ(left(kAll + "constrain file read " + open + ";"), all) << open;
    const ReadPolicy read(kAll + "constrain file read " + open + ";");
    EXPECT_FALSE(read.policy->constraints.at(0).expression.empty()) << open;
  }
}

TEST(SelinuxConstraints, ThatAreWrittenInAnUnknownWayDecideNothing) {
  const std::string all = left(kAll);
  for (const char* unknown :
       {"(t3 == a)", "(t1 dom t2)", "(t1 == a t2 == b)", "(t1 == a and)", "t1 ==", "(x)", "()", "(t1 == ~a)",
        "(t1 == *)", "(t1 == { ab -a })", "(t1 == { a { b } })", "(t1 == NO_IDENTIFIER)", "(t1 == {})"}) {
    EXPECT_EQ(left(kAll + "constrain file read " + unknown + ";"), all) << unknown;
  }
  EXPECT_EQ(ReadPolicy(kAll + "constrain file read (t1 == nobody);").mistake().substr(0, 5), "3:28 ");
  EXPECT_NE(ReadPolicy(kAll + "constrain file read (t1 == self);").mistake(), "");
}

TEST(SelinuxConstraints, ThatDenyMoreThanTheySayAreRefused) {
  const ReadPolicy read(kAll + "constrain file write (t1 == a or t2 == b);\nconstrain file read (u1 == u2);");
  const auto right = selinux::narrowed(*read.policy);
  ASSERT_TRUE(right);
  ASSERT_EQ(narrowing_objection(*read.policy, *right), std::nullopt);
  ASSERT_GT(right->policy.rules.size(), 1u);
  for (std::size_t i = 0; i < right->policy.rules.size(); ++i) {
    selinux::Narrowed less = *right, more = *right, other = *right;
    less.policy.rules.erase(less.policy.rules.begin() + static_cast<std::ptrdiff_t>(i));
    less.origins.erase(less.origins.begin() + static_cast<std::ptrdiff_t>(i));
    EXPECT_TRUE(narrowing_objection(*read.policy, less)) << "a part is missing";
    more.policy.rules[i].sources = more.policy.rules[i].targets = selinux::SetId(0);
    more.policy.sets[0] = {};
    EXPECT_TRUE(narrowing_objection(*read.policy, more)) << "a set was changed";
    other.origins[i] = selinux::RuleId(99);
    EXPECT_TRUE(narrowing_objection(*read.policy, other)) << "made of no rule";
  }
}

// --- Random policies beside libsepol.

struct Random {
  explicit Random(unsigned seed) : bits(seed) {}

  std::string pick(const std::vector<std::string>& from) { return from[bits() % from.size()]; }
  std::string types() { return pick({"a", "b", "ab", "{ a c }", "{ ab d }", "d", "{ c d }"}); }
  std::string leaf(bool open) {
    const std::string about_types =
        pick({"t1 == " + types(), "t2 != " + types(), "t1 != " + types(), "t2 == " + types(), "t1 == t2", "t1 != t2"});
    return open && bits() % 2 == 0 ? pick({"u1 == u2", "r1 == r2", "r2 == object_r", "u1 != some_u", "r1 dom r2"})
                                   : about_types;
  }
  std::string expression(bool open, int depth) {
    const std::string one = leaf(open);
    if (depth == 0) return one;
    const std::string other = expression(open, depth - 1);
    return pick({"(" + one + ") and (" + other + ")", "(" + one + ") or (" + other + ")",
                 one + " or not (" + other + ")", "not " + one + " and (" + other + ")",
                 one + " and " + leaf(open) + " or (" + other + ")"});
  }
  /// In the order that checkpolicy asks for.
  std::string policy(bool open) {
    std::string text =
        "class file class dir sid kernel class file { read write append } class dir { read search }\n"
        "attribute ab; type a, ab; type b, ab; type c; type d;\n";
    for (int i = 0; i < 3; ++i) {
      text += "allow " + pick({"a", "ab", "{ a c }", "{ ab c d }", "d"}) + " " +
              pick({"self", "ab", "{ self c }", "{ ab c d }"}) + ":" +
              pick({"file { read write append }", "file { read write }", "dir { read search }", "file append"}) + ";\n";
    }
    text +=
        "allow { ab c d } { ab c d }:{ file dir } read;\nrole first_r; role first_r types { a b };\n"
        "role second_r; role second_r types { a c d };\nuser some_u roles { first_r second_r }; user other_u roles "
        "second_r;\n";
    for (int i = 0; i < 3; ++i) {
      text += "constrain " + pick({"file { read write }", "file append", "{ file dir } read", "dir { read search }"}) +
              " (" + expression(open, static_cast<int>(bits() % 3)) + ");\n";
    }
    return text + "sid kernel some_u:first_r:a\n";
  }

  std::mt19937 bits;
};

/// libsepol's security server with one policy; it has one for each process.
class Server {
 public:
  /// False: the policy was refused, or there is no checkpolicy.
  bool load(const std::string& text) {
    char folder[] = "/tmp/bulkhead-constraints-XXXXXX";
    if (::mkdtemp(folder) == nullptr) return false;
    const std::string source = std::string(folder) + "/p.conf", compiled = std::string(folder) + "/p.bin";
    std::ofstream(source) << text;
    const bool made = std::system(("checkpolicy -o " + compiled + " " + source + " >/dev/null 2>&1").c_str()) == 0;
    std::FILE* const file = made ? std::fopen(compiled.c_str(), "rb") : nullptr;
    const bool read = file != nullptr && sepol_set_policydb_from_file(file) == 0;
    if (file != nullptr) std::fclose(file);
    std::ifstream in(compiled, std::ios::binary);
    bytes_.assign(std::istreambuf_iterator<char>(in), {});
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
    return read;
  }
  const std::string& bytes() const { return bytes_; }

  /// By their names in the class, in the order of `object_class`.
  static Permissions allowed(const std::string& source, const std::string& target, const selinux::ObjectClass& of) {
    sepol_security_id_t ssid = 0, tsid = 0;
    sepol_security_class_t number = 0;
    EXPECT_EQ(sepol_context_to_sid(source.c_str(), source.size() + 1, &ssid), 0) << source;
    EXPECT_EQ(sepol_context_to_sid(target.c_str(), target.size() + 1, &tsid), 0) << target;
    EXPECT_EQ(sepol_string_to_security_class(of.name.c_str(), &number), 0);
    sepol_av_decision decision{};
    EXPECT_EQ(sepol_compute_av(ssid, tsid, number, 0, &decision), 0);
    Permissions found = 0;
    for (std::size_t i = 0; i < of.permissions.size(); ++i) {
      sepol_access_vector_t bit = 0;
      EXPECT_EQ(sepol_string_to_av_perm(number, of.permissions[i].c_str(), &bit), 0);
      if ((decision.allowed & bit) != 0) found |= Permissions{1} << i;
    }
    return found;
  }

 private:
  std::string bytes_;
};

std::vector<std::string> contexts(const std::string& type) {
  std::vector<std::string> found{"some_u:object_r:" + type, "other_u:object_r:" + type};
  if (type == "a" || type == "b") found.push_back("some_u:first_r:" + type);
  if (type != "b") found.insert(found.end(), {"some_u:second_r:" + type, "other_u:second_r:" + type});
  return found;
}

struct Tally {
  std::size_t denied = 0, certain = 0, open = 0;
};

/// One pair of types and one class, in every context.
void compare(const Policy& policy, const Policy& narrowed, std::size_t s, std::size_t t, bool only_types,
             Tally& tally) {
  const selinux::SetRows rows(policy);
  const auto sets = selinux::expand_sets(policy), narrowed_sets = selinux::expand_sets(narrowed);
  for (std::size_t c = 0; c < policy.classes.size(); ++c) {
    const Permissions before = given(policy, sets, s, t, ClassId(c));
    const Permissions after = given(narrowed, narrowed_sets, s, t, ClassId(c));
    Permissions certain = after;
    for (const selinux::Constraint& constraint : policy.constraints) {
      if (effect(rows, constraint, s, t) != Effect::Always) certain &= ~constrained(constraint, ClassId(c));
    }
    for (const std::string& source : contexts(policy.types[s].name)) {
      for (const std::string& target : contexts(policy.types[t].name)) {
        const Permissions allowed = Server::allowed(source, target, policy.classes[c]);
        ASSERT_EQ(allowed & ~after, 0u) << source << " " << target << ": taken away, and allowed";
        ASSERT_EQ(certain & ~allowed, 0u) << source << " " << target << ": certain, and denied";
        ASSERT_TRUE(allowed == after || !only_types) << source << " " << target;
      }
    }
    tally.denied += (before & ~after) != 0 ? 1 : 0;
    tally.certain += certain != 0 ? 1 : 0;
    tally.open += (after & ~certain) != 0 ? 1 : 0;
  }
}

TEST(SelinuxConstraints, AgreeWithLibsepol) {
  if (std::system("checkpolicy -V >/dev/null 2>&1") != 0) GTEST_SKIP() << "needs checkpolicy: it compiles the policies";
  Tally tally;
  for (unsigned seed = 0; seed < 60; ++seed) {
    const bool open = seed % 2 == 1;
    const std::string text = Random(seed).policy(open);
    Server server;
    ASSERT_TRUE(server.load(text)) << text;
    const ReadPolicy source(text);
    ASSERT_TRUE(source.policy) << source.mistake() << "\n" << text;
    const auto compiled_text = sepol::kernel_policy_source(server.bytes());
    ASSERT_TRUE(compiled_text);
    const ReadPolicy compiled(*compiled_text);
    ASSERT_TRUE(compiled.policy) << compiled.mistake() << "\n" << *compiled_text;
    for (const ReadPolicy* read : {&source, &compiled}) {
      const Policy& policy = *read->policy;
      const auto narrowed = selinux::narrowed(policy);
      if (narrowed) {
        ASSERT_EQ(narrowing_objection(policy, *narrowed), std::nullopt) << text;
      }
      for (std::size_t s = 0; s < policy.types.size(); ++s) {
        for (std::size_t t = 0; t < policy.types.size(); ++t) {
          compare(policy, narrowed ? narrowed->policy : policy, s, t, !open, tally);
          ASSERT_FALSE(::testing::Test::HasFatalFailure()) << text;
        }
      }
    }
  }
  EXPECT_GT(tally.denied, 300u);
  EXPECT_GT(tally.certain, 300u);
  EXPECT_GT(tally.open, 100u);
}

}  // namespace
}  // namespace bulkhead::test
