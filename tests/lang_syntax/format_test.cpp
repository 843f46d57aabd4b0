#include "lang/format/format.h"

#include <gtest/gtest.h>

#include "lang/syntax/tokens.h"
#include "tests/lang_syntax/examples.h"
#include "tests/lang_syntax/reading.h"

namespace bulkhead::test {
namespace {

std::optional<std::string> formatted(const std::string& text) {
  source::SourceMap sources;
  diag::DiagnosticList sink;
  return format::format(sources, sources.add("policy.bh", text), sink);
}

std::vector<std::string> words(const std::string& text) {
  source::SourceMap sources;
  diag::DiagnosticList sink;
  std::vector<std::string> all;
  for (const syntax::Token& t : syntax::tokens(sources, sources.add("policy.bh", text), sink).all) {
    all.emplace_back(t.in(text));
    while (t.comment() && all.back().back() == ' ') all.back().pop_back();
  }
  return all;
}

/// A text in which every gap between two tokens is another one: spaces, line ends, comments.
std::string shaken(const std::string& text, std::uint64_t seed) {
  std::string out;
  source::SourceMap sources;
  diag::DiagnosticList sink;
  for (const syntax::Token& t : syntax::tokens(sources, sources.add("policy.bh", text), sink).all) {
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    constexpr const char* gaps[] = {" ", "\n", "\n\n\n", "  \t ", " // note \n", "\n/// doc\n", " ", " "};
    out += t.in(text);
    out += t.comment() ? "\n" : gaps[(seed >> 40) % std::size(gaps)];
  }
  return out;
}

class FormatExample : public testing::TestWithParam<Example> {};

TEST_P(FormatExample, KeepsEveryWordAndIsStable) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const std::string text = seed == 0 ? std::string(GetParam().text) : shaken(std::string(GetParam().text), seed);
    const auto once = formatted(text);
    ASSERT_TRUE(once) << Reading(text).report();
    EXPECT_EQ(words(*once), words(text));
    EXPECT_EQ(formatted(*once), once);
  }
}

TEST_P(FormatExample, PrintsWhatItReadAndReadsWhatItPrints) {
  const Reading first{std::string(GetParam().text)};
  const std::string printed = format::print(*first.module);
  const Reading second{printed};
  EXPECT_EQ(second.report(), "") << printed;
  EXPECT_EQ(format::print(*second.module), printed);
  EXPECT_EQ(formatted(printed), printed);
  EXPECT_EQ(second.module->sentences.size(), first.module->sentences.size());
}

INSTANTIATE_TEST_SUITE_P(Format, FormatExample, testing::ValuesIn(kExamples),
                         [](const auto& each) { return std::string(each.param.name); });

TEST(Format, IsWhatAPersonWouldWrite) {
  EXPECT_EQ(formatted("module  a.b ;import linux;   // why\n"
                      "net N=10.0.7.0/24,fd00:7::/48 port 443 , 8000 ..8080 tcp;\n\n\n\n"
                      "container  A uses p{may read host : \"/x\";limits{memory 256MiB;io 5 MiB / s;}\n"
                      "never write D when !(c.trust>=Trust . High)&&call.arg0&0x1==0;}\n"
                      "key K {alg ml_dsa_87;} enum T{Low,High}\n"
                      "// end"),
            "module a.b;\n"
            "import linux;  // why\n"
            "net N = 10.0.7.0/24, fd00:7::/48 port 443, 8000..8080 tcp;\n"
            "\n"
            "container A uses p {\n"
            "    may read host:\"/x\";\n"
            "    limits { memory 256 MiB; io 5 MiB/s; }\n"
            "    never write D when !(c.trust >= Trust.High) && call.arg0 & 0x1 == 0;\n"
            "}\n"
            "key K { alg ml_dsa_87; }\n"
            "enum T { Low, High }\n"
            "// end\n");
}

TEST(Format, KeepsBreaksInsideASentence) {
  EXPECT_EQ(formatted("permit c: container to read f: file\nwhen a &&\n  b;\n"),
            "permit c: container to read f: file\n    when a &&\n    b;\n");
}

TEST(Format, SetsTablesInColumnsAndSettingsNot) {
  const std::string table =
      "syscalls s {\n    read         0  63;\n    sendfile    40   -;\n    copy_range 326 285;  // late\n}\n"
      "kernel capabilities {\n    chown  0;\n    kill  10;\n}\n"
      "container A {\n    user 10001;\n    group 7;\n}\n";
  EXPECT_EQ(formatted(table), table);
  EXPECT_EQ(formatted("syscalls s {\nread 0 63;\nsendfile 40 -;\ncopy_range 326 285; // late\n}\n"
                      "kernel capabilities {\nchown 0;\nkill 10;\n}\ncontainer A {\nuser   10001;\ngroup   7;\n}\n"),
            table);
}

TEST(Format, SetsTheMembersOfALongSetBelowEachOther) {
  EXPECT_EQ(formatted("container A { never invoke ioctl when !(call.arg1 in {\n// terminals\n0x1, 0x2,\n// "
                      "files\n0x3,\n0x4\n}); }"),
            "container A {\n    never invoke ioctl when !(call.arg1 in {\n        // terminals\n        0x1, 0x2,\n"
            "        // files\n        0x3,\n        0x4\n    });\n}\n");
}

TEST(Format, NeverTouchesWhatItDoesNotUnderstand) {
  EXPECT_EQ(formatted("contaner A { }"), std::nullopt);
  EXPECT_EQ(formatted(""), "");
}

TEST(Format, PrintsEveryFormOfSentence) {
  const std::string text =
      "/// About it.\n"
      "module m;\n"
      "import linux;\n"
      "\n"
      "label Low < High, Low < Audit;\n"
      "attribute tier: int optional;\n"
      "volume V from host:\"/srv/data\", T tmpfs 64 MiB, W;\n"
      "file F = \"/a\\\"b\\\\*\", V:\"/**\" label High;\n"
      "image \"x/y\" {\n"
      "    digest sha256:00;\n"
      "    channel stable;\n"
      "}\n"
      "pod P = A, B;\n"
      "container A uses p, q {\n"
      "    /// Inner.\n"
      "    syscalls deny ptrace, mount with trap 5 when (call.arg0 & 0xff) == 0x2;\n"
      "    syscalls default kill;\n"
      "    degrade memory: rlimit;\n"
      "    capabilities { chown, setuid }\n"
      "    namespaces { pid, mount: private; ipc: with B; }\n"
      "    tier -3;\n"
      "    may delegate read on Disk to B via bus;\n"
      "    may delegate read on Disk to B via bus when B holds write on Ledger && !B holds read on Audit;\n"
      "    may revoke read on Disk from B when A holds read on Disk;\n"
      "}\n"
      "syscalls s {\n"
      "    open 2 -;\n"
      "}\n"
      "syscalls t = s, u;\n"
      "kernel capabilities {\n"
      "    chown 0;\n"
      "}\n"
      "permit c: container to read f: file in F when !!(a -> (b -> c)) && (a || b) && x in { 1, \"s\", T.High } && y "
      "in 1..2;\n"
      "forbid pod P to connect 10.0.0.0/8 port 80 tcp when c has mfa;\n"
      "A may read F;\n"
      "prove for c in pod P with trust < High: c can every read, write F;\n"
      "refute q: A guaranteed cpu 0.25, memory 128 MiB;\n"
      "prove r: A isolated from B except channel bus;\n"
      "net N = 10.0.0.0/8 port 443 tcp or M label High;\n"
      "device D label High;\n"
      "device E, F;\n"
      "prove for s in subjects with tier < top: s keeps Low, High, network apart except through declassifiers, A;\n"
      "prove t: no flow High -> network except through declassifiers;\n";
  const Reading first{text};
  ASSERT_EQ(first.report(), "");
  const std::string printed = format::print(*first.module);
  const Reading second{printed};
  ASSERT_EQ(second.report(), "") << printed;
  EXPECT_EQ(format::print(*second.module), printed);
  std::string without_empty_lines;
  for (std::size_t i = 0; i < printed.size(); ++i) {
    if (printed[i] != '\n' || i == 0 || printed[i - 1] != '\n') without_empty_lines += printed[i];
  }
  std::string expected = text;
  expected.erase(expected.find("\n\n"), 1);
  expected.replace(expected.find("(call.arg0 & 0xff)"), 18, "call.arg0 & 0xff");
  expected.replace(expected.find("a -> (b -> c)"), 13, "a -> (b -> c)");
  EXPECT_EQ(without_empty_lines, expected);
}

TEST(Format, SetsModelsLikeTheDefinitionOfTheLanguage) {
  const Reading messy(
      "model M{sort C;var f:(C,C)->bool=false;\n"
      "action a(c,d:C) when  forall x:C.f(x , c)->x==d\n do f(c,d):=true,\nforall x:C .f(x,x):=if x==c then true else "
      "f(x,x);\n"
      "invariant i:!(exists c:C.f(c,c))&&1 -n<2*n;variant V{drop update f in a;drop action  a;}}\n"
      "prove in M:forall c:C.f(c,c) leads to(true) under fair{strong a}\n by  rank 2*n,rank( c )for 2 C;");
  ASSERT_EQ(messy.report(), "");
  diag::DiagnosticList sink;
  EXPECT_EQ(format::format(messy.sources, messy.file, sink),
            "model M {\n"
            "    sort C;\n"
            "    var f: (C, C) -> bool = false;\n"
            "    action a(c, d: C) when forall x: C. f(x, c) -> x == d\n"
            "        do f(c, d) := true,\n"
            "        forall x: C. f(x, x) := if x == c then true else f(x, x);\n"
            "    invariant i: !(exists c: C. f(c, c)) && 1 - n < 2 * n;\n"
            "    variant V { drop update f in a; drop action a; }\n"
            "}\n"
            "prove in M: forall c: C. f(c, c) leads to (true) under fair { strong a }\n"
            "    by rank 2 * n, rank(c) for 2 C;\n");
}

}  // namespace
}  // namespace bulkhead::test
