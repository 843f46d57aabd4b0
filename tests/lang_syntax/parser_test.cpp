#include "lang/syntax/parser.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/lang_syntax/examples.h"
#include "tests/lang_syntax/reading.h"

namespace bulkhead::test {
namespace {

using testing::ElementsAre;

class LanguageExample : public testing::TestWithParam<Example> {};

TEST_P(LanguageExample, ParsesWithoutAMistake) {
  const Reading reading{std::string(GetParam().text)};
  EXPECT_EQ(reading.report(), "");
  ASSERT_TRUE(reading.module);
  EXPECT_EQ(reading.module->sentences.size(), GetParam().sentences);
}

INSTANTIATE_TEST_SUITE_P(Parser, LanguageExample, testing::ValuesIn(kExamples),
                         [](const auto& each) { return std::string(each.param.name); });

TEST(Parser, ReadsTheHeaderAndItsDocComment) {
  const Reading r(
      "/// What an agent may do.\n/// Second line.\nlanguage 1;\n/// The module.\nmodule kai.agent;\nimport linux;\n");
  EXPECT_EQ(r.report(), "");
  EXPECT_EQ(r.module->name->text(), "kai.agent");
  EXPECT_EQ(r.module->doc, "The module.");
  EXPECT_EQ(r.module->imports.at(0).module.text(), "linux");
  EXPECT_EQ(r.module->language->whole, 1u);
}

TEST(Parser, ReadsABody) {
  const Reading r(std::string(kExamples[0].text));
  const auto& agent = r.at<ast::ContainerDecl>(8);
  EXPECT_EQ(agent.name.text, "Agent");
  EXPECT_EQ(agent.uses.at(0).text, "enhanced");
  const auto& image = std::get<ast::ImageUse>(agent.body.sentences.at(0).form);
  EXPECT_EQ(image.image.value, "kai/agent-runtime");
  EXPECT_EQ(image.key->text, "TrustBoard");
  const auto& mount = std::get<ast::MountUse>(agent.body.sentences.at(2).form);
  EXPECT_EQ(mount.volume.text, "DataVol");
  EXPECT_TRUE(mount.readonly);
  const auto& spaces = std::get<ast::Namespaces>(agent.body.sentences.at(5).form);
  EXPECT_EQ(spaces.entries.at(0).kinds.size(), 6u);
  EXPECT_EQ(spaces.entries.at(0).mode.text, "private");
  const auto& limits = std::get<ast::Limits>(agent.body.sentences.at(7).form);
  EXPECT_EQ(limits.amounts.at(0).number.whole, 256u);
  EXPECT_EQ(limits.amounts.at(0).number.unit, ast::Unit::MiB);
  EXPECT_EQ(limits.amounts.at(1).number.millionths, 500'000u);
  const auto& never = std::get<ast::Rule>(agent.body.sentences.at(11).form);
  EXPECT_EQ(never.effect, ast::Effect::Deny);
  EXPECT_EQ(std::get<ast::FilePattern>(never.objects.items.at(0)).glob.value, "/{proc,sys,dev,boot}/**");
}

TEST(Parser, ReadsNetsWithPortsAndProtocols) {
  const Reading r("net N = 10.0.7.0/24, fd00:7::/48 port 443, 8000..8080 tcp or Other or ::1;");
  EXPECT_EQ(r.report(), "");
  const auto& net = r.at<ast::NetDecl>(0);
  const auto& first = std::get<ast::NetPattern>(net.objects.items.at(0));
  EXPECT_EQ(first.addresses.at(1).text, "fd00:7::/48");
  EXPECT_EQ(first.ports.at(1).last.whole, 8080u);
  EXPECT_EQ(first.proto->text, "tcp");
  EXPECT_EQ(std::get<ast::Path>(net.objects.items.at(1)).text(), "Other");
  EXPECT_EQ(std::get<ast::NetPattern>(net.objects.items.at(2)).addresses.at(0).text, "::1");
}

TEST(Parser, ReadsSyscallNumbersAndKernelCapabilities) {
  const Reading r(
      "syscalls memory { mmap 9 222; open 2 -; }\nsyscalls all = basic, memory;\nkernel capabilities { chown 0; }");
  EXPECT_EQ(r.report(), "");
  const auto& set = r.at<ast::SyscallsDecl>(0);
  EXPECT_EQ(set.entries.at(0).aarch64->whole, 222u);
  EXPECT_FALSE(set.entries.at(1).aarch64.has_value());
  EXPECT_EQ(r.at<ast::SyscallsDecl>(1).union_of.size(), 2u);
  EXPECT_EQ(r.at<ast::KernelCapabilitiesDecl>(2).entries.at(0).name.text, "chown");
}

TEST(Parser, ReadsSettingsOfABody) {
  const Reading r(
      "extend container C { syscalls deny ptrace with ENOSYS when call.arg0 & 0x7e000000 == 0; syscalls default errno "
      "38;\n"
      "degrade memory: rlimit, pids: rlimit; capabilities { chown, setuid } environment LANG, TZ; group 10001; level "
      "enhanced;\n"
      "namespaces { net: host; ipc: with Other; } trust Medium; tier 3; clearance Secret; may hold sys_admin; }");
  EXPECT_EQ(r.report(), "");
  const auto& body = r.at<ast::ExtendDecl>(0).body.sentences;
  const auto& deny = std::get<ast::SyscallsDeny>(body.at(0).form);
  EXPECT_EQ(deny.action->name.text, "ENOSYS");
  ASSERT_TRUE(deny.when);
  EXPECT_EQ(r.module->at(*deny.when).kind, ast::ExprKind::Equal);
  EXPECT_EQ(std::get<ast::SyscallsDefault>(body.at(1).form).action.value->whole, 38u);
  EXPECT_EQ(std::get<ast::Degrade>(body.at(2).form).entries.at(1).layer.text, "pids");
  EXPECT_EQ(std::get<ast::Capabilities>(body.at(3).form).names.size(), 2u);
  EXPECT_EQ(std::get<ast::Namespaces>(body.at(7).form).entries.at(1).with->text, "Other");
  EXPECT_EQ(std::get<ast::AttributeSetting>(body.at(8).form).attribute.text, "trust");
}

std::string shape(const ast::Module& module, ast::ExprId id) {
  const ast::Expr& e = module.at(id);
  std::string text = std::to_string(static_cast<int>(e.kind)) + "(";
  for (const ast::ExprId arg : e.args) text += shape(module, arg);
  if (const auto* path = std::get_if<ast::Path>(&e.value)) text += path->text();
  return text + ")";
}

std::string shape_of(const std::string& condition) {
  const Reading r("permit c: container to read f: file when " + condition + ";");
  EXPECT_EQ(r.report(), "") << condition;
  return shape(*r.module, *r.at<ast::AccessRule>(0).when);
}

TEST(Conditions, BindAsTheyRead) {
  EXPECT_EQ(shape_of("a -> b -> c"), shape_of("a -> (b -> c)"));
  EXPECT_NE(shape_of("a -> b -> c"), shape_of("(a -> b) -> c"));
  EXPECT_EQ(shape_of("a || b && c"), shape_of("a || (b && c)"));
  EXPECT_EQ(shape_of("!a == b && c"), shape_of("(!(a == b)) && c"));
  EXPECT_EQ(shape_of("!c has mfa"), shape_of("!(c has mfa)"));
  EXPECT_EQ(shape_of("a & b == c"), shape_of("(a & b) == c"));
  EXPECT_EQ(shape_of("a && b && c || d -> e"), shape_of("((a && b && c) || d) -> e"));
}

TEST(Conditions, ReadEveryForm) {
  const Reading r(
      "permit c: container to connect n: net in Registry when n.port in 1024..65535 && n.proto in { tcp, udp } && "
      "n.address in 10.0.0.0/8 && f.path like \"/boot/**\" && context has mfa && c holds sys_admin && "
      "call.arg0 == 0xffffffffffffffff && c.level != -1 && true;");
  EXPECT_EQ(r.report(), "");
  const auto& rule = r.at<ast::AccessRule>(0);
  EXPECT_TRUE(std::get<ast::Binder>(rule.object).within.has_value());
  const ast::Expr& all = r.module->at(*rule.when);
  std::vector<ast::ExprKind> kinds;
  for (const ast::ExprId arg : all.args) kinds.push_back(r.module->at(arg).kind);
  using K = ast::ExprKind;
  EXPECT_THAT(
      kinds, ElementsAre(K::InRange, K::InSet, K::InSet, K::Like, K::Has, K::Holds, K::Equal, K::NotEqual, K::Boolean));
}

TEST(Conditions, KeepChildrenBeforeParents) {
  const Reading r("permit c: container to read f: file when !(a && (b -> c.x in { 1, 2 }));");
  for (std::size_t i = 0; i < r.module->exprs.size(); ++i) {
    for (const ast::ExprId arg : r.module->exprs[i].args) EXPECT_LT(arg.index(), i);
  }
}

TEST(Claims, HaveAClosedListOfForms) {
  const Reading r(
      "prove a: A can every read, write D; refute A cannot connect 10.0.0.0/8 port 80; prove A not granted read "
      "\"/x\";\n"
      "prove all_small: for c in containers with trust < High: c cannot connect Anywhere;\n"
      "prove for c in pod P: c isolated from host; prove pod P protected from container C; prove P refines Q;\n"
      "prove P equivalent Q; prove fits: all reservations fit Node; prove q: A guaranteed cpu 0.25, memory 128 MiB;");
  EXPECT_EQ(r.report(), "");
  EXPECT_TRUE(std::get<ast::CanClaim>(r.at<ast::Claim>(0).form).every);
  EXPECT_EQ(r.at<ast::Claim>(1).mode, ast::ClaimMode::Refute);
  EXPECT_FALSE(r.at<ast::Claim>(1).name);
  EXPECT_TRUE(std::holds_alternative<ast::NotGrantedClaim>(r.at<ast::Claim>(2).form));
  ASSERT_TRUE(r.at<ast::Claim>(3).quantifier);
  EXPECT_TRUE(r.at<ast::Claim>(3).quantifier->with);
  EXPECT_EQ(r.at<ast::Claim>(4).quantifier->pod->name.text(), "P");
  EXPECT_EQ(std::get<ast::ProtectedClaim>(r.at<ast::Claim>(5).form).left.kind->text, "pod");
  EXPECT_EQ(std::get<ast::GuaranteedClaim>(r.at<ast::Claim>(9).form).amounts.size(), 2u);
  EXPECT_EQ(r.sources.slice(r.at<ast::Claim>(9).form_span), "A guaranteed cpu 0.25, memory 128 MiB");
}

TEST(Claims, SpeakOfReachableStates) {
  const Reading r(
      "prove P cannot acquire read, write on Disk; prove no flow Secret -> Public except through G, H; prove A "
      "isolated "
      "from B except channel x, y; prove A confined to { D, 10.0.0.0/8 }; prove A attenuates B;\n"
      "prove A shares no writable file; prove A keeps Secret, Untrusted, network apart;");
  EXPECT_EQ(r.report(), "");
  EXPECT_EQ(std::get<ast::AcquireClaim>(r.at<ast::Claim>(0).form).rights.size(), 2u);
  EXPECT_EQ(std::get<ast::NoFlowClaim>(r.at<ast::Claim>(1).form).except.size(), 2u);
  EXPECT_EQ(std::get<ast::IsolatedClaim>(r.at<ast::Claim>(2).form).except.size(), 2u);
  EXPECT_EQ(std::get<ast::ConfinedClaim>(r.at<ast::Claim>(3).form).objects.items.size(), 2u);
  EXPECT_EQ(std::get<ast::AttenuatesClaim>(r.at<ast::Claim>(4).form).right.name.text(), "B");
  EXPECT_EQ(std::get<ast::SharesClaim>(r.at<ast::Claim>(5).form).what.size(), 2u);
  EXPECT_EQ(std::get<ast::ApartClaim>(r.at<ast::Claim>(6).form).names.size(), 3u);
}

TEST(Claims, RangeOverSubjectsAndExceptReleases) {
  const Reading r(
      "prove for s in subjects: s keeps Secret, Untrusted, network apart except through declassifiers, G;\n"
      "prove for subjects in subjects with trust < High: subjects keeps A, B, network apart;\n"
      "prove for c in containers: c cannot connect any;");
  EXPECT_EQ(r.report(), "");
  EXPECT_TRUE(r.at<ast::Claim>(0).quantifier->subjects);
  EXPECT_FALSE(r.at<ast::Claim>(0).quantifier->with);
  const auto& apart = std::get<ast::ApartClaim>(r.at<ast::Claim>(0).form);
  EXPECT_EQ(apart.names.size(), 3u);
  ASSERT_EQ(apart.except.size(), 2u);
  EXPECT_EQ(apart.except[0].text, "declassifiers");
  EXPECT_TRUE(r.at<ast::Claim>(1).quantifier->subjects);
  EXPECT_TRUE(r.at<ast::Claim>(1).quantifier->with);
  EXPECT_TRUE(std::get<ast::ApartClaim>(r.at<ast::Claim>(1).form).except.empty());
  EXPECT_FALSE(r.at<ast::Claim>(2).quantifier->subjects);
}

TEST(Sentences, LabelNetsAndDevices) {
  const Reading r(
      "net Web = any label Untrusted; net label = 10.0.0.0/8 port 443 tcp or Web label Public; net Plain = any;\n"
      "device Disk label Secret; device label, Tape; device Card;");
  EXPECT_EQ(r.report(), "");
  EXPECT_EQ(r.at<ast::NetDecl>(0).label->text, "Untrusted");
  EXPECT_EQ(r.at<ast::NetDecl>(1).name.text, "label");
  EXPECT_EQ(r.at<ast::NetDecl>(1).objects.items.size(), 2u);
  EXPECT_EQ(r.at<ast::NetDecl>(1).label->text, "Public");
  EXPECT_FALSE(r.at<ast::NetDecl>(2).label);
  EXPECT_EQ(r.at<ast::SubjectDecl>(3).names.size(), 1u);
  EXPECT_EQ(r.at<ast::SubjectDecl>(3).label->text, "Secret");
  EXPECT_EQ(r.at<ast::SubjectDecl>(4).names.size(), 2u);
  EXPECT_FALSE(r.at<ast::SubjectDecl>(4).label);
  EXPECT_FALSE(r.at<ast::SubjectDecl>(5).label);
}

TEST(Sentences, ADeviceWithALabelStandsAlone) {
  EXPECT_NE(Reading("device Disk, Tape label Secret;").report(), "");
  EXPECT_NE(Reading("subject S label Secret;").report(), "");
}

TEST(Claims, AboutBehaviourAreKnownByForm) {
  const Reading r("prove every detect can fire; prove D stops A before event 3;");
  EXPECT_EQ(r.report(), "");
  std::vector<std::string> forms;
  for (const ast::Sentence& s : r.module->sentences) {
    forms.push_back(std::get<ast::DynamicClaim>(std::get<ast::Claim>(s.form).form).form.text);
  }
  EXPECT_THAT(forms, ElementsAre("detect", "stops"));
}

TEST(Sentences, AboutAuthorityAreRead) {
  const Reading r(
      "subject S, T; device D; capability C on D, V:\"/x\" { rights read, delegate; } S holds C; S holds C(read);\n"
      "S may delegate read, delegate on D to T via c; S may revoke read on D from T; trusted S follows P; trusted T;\n"
      "open container peer: U; S declassifies Secret to Public through c; flow write, rename: subject <-> file;\n"
      "prove pack no_egress for pod Q; volume W label Secret;\n"
      "container A { may delegate read on D to T via c; may revoke read on D from T; label Secret; }");
  EXPECT_EQ(r.report(), "");
  EXPECT_EQ(r.at<ast::SubjectDecl>(0).names.size(), 2u);
  EXPECT_EQ(r.at<ast::SubjectDecl>(1).of, ast::SubjectDecl::Of::Device);
  EXPECT_EQ(r.at<ast::CapabilityDecl>(2).rights.back().text, "delegate");
  EXPECT_TRUE(r.at<ast::Holding>(3).rights.empty());
  EXPECT_EQ(r.at<ast::Holding>(4).rights.size(), 1u);
  EXPECT_EQ(r.at<ast::SubjectDelegation>(5).delegation.via.text, "c");
  EXPECT_EQ(r.at<ast::SubjectTakingBack>(6).taking.from.text, "T");
  EXPECT_EQ(r.at<ast::TrustedDecl>(7).follows->text, "P");
  EXPECT_FALSE(r.at<ast::TrustedDecl>(8).follows);
  EXPECT_EQ(r.at<ast::OpenContainerDecl>(9).profile.text, "U");
  EXPECT_EQ(r.at<ast::Declassification>(10).to.text, "Public");
  EXPECT_TRUE(r.at<ast::FlowDecl>(11).both_ways);
  EXPECT_EQ(r.at<ast::PackUse>(12).pod->text, "Q");
  EXPECT_EQ(r.at<ast::VolumeDecl>(13).items.at(0).label->text, "Secret");
  const auto& body = r.at<ast::ContainerDecl>(14).body.sentences;
  EXPECT_TRUE(std::holds_alternative<ast::Delegation>(body.at(0).form));
  EXPECT_TRUE(std::holds_alternative<ast::TakingBack>(body.at(1).form));
  EXPECT_TRUE(std::holds_alternative<ast::LabelSetting>(body.at(2).form));
}

TEST(Words, OfTheLanguageMayBeNames) {
  const Reading r(
      "container host { may read file; image_name label; }\nvolume image, mount;\nprove container isolated from "
      "prove;");
  EXPECT_EQ(r.report(), "");
  EXPECT_EQ(r.at<ast::ContainerDecl>(0).name.text, "host");
  EXPECT_EQ(r.at<ast::VolumeDecl>(1).items.at(1).name.text, "mount");
}

TEST(Words, ResolveEscapes) {
  const Reading r("file F = \"/a\\\"b\\\\*\\u{e9}\";");
  EXPECT_EQ(r.report(), "");
  EXPECT_EQ(std::get<ast::FilePattern>(r.at<ast::FileDecl>(0).objects.items.at(0)).glob.value, "/a\"b\\*\xC3\xA9");
}

TEST(Words, CarryDocCommentsAndExactSpans) {
  const Reading r(
      "\xEF\xBB\xBF// plain\n/// Keeps \xC3\xA9.\n// between\n///second\ncontainer C { /// inner\n trust High; }");
  EXPECT_EQ(r.report(), "");
  EXPECT_EQ(r.module->sentences.at(0).doc, "Keeps \xC3\xA9.\nsecond");
  const auto& c = r.at<ast::ContainerDecl>(0);
  EXPECT_EQ(r.sources.slice(c.name.span), "C");
  EXPECT_EQ(c.body.sentences.at(0).doc, "inner");
  EXPECT_EQ(r.sources.slice(c.body.sentences.at(0).span), "trust High;");
}

}  // namespace
}  // namespace bulkhead::test
