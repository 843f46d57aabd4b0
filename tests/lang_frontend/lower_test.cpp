// lower(): what a policy means once everything implicit is written out, asked of the reference semantics.
#include <gmock/gmock.h>

#include <algorithm>

#include "lang/ir/eval.h"
#include "lang/ir/label.h"
#include "tests/lang_frontend/folder.h"
#include "tests/lang_frontend/policy.h"
#include "tests/lang_syntax/examples.h"
#include "tests/support/flow_map.h"

namespace bulkhead::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

ir::SubjectId subject(const ir::World& world, const std::string& name) {
  for (std::size_t i = 0; i < world.subjects.size(); ++i) {
    if (world.subjects[i].name == name) return ir::SubjectId(i);
  }
  ADD_FAILURE() << "no subject " << name;
  return ir::SubjectId(0);
}

ir::VolumeId volume(const ir::World& world, const std::string& name) {
  for (std::size_t i = 0; i < world.volumes.size(); ++i) {
    if (world.volumes[i].name == name) return ir::VolumeId(i);
  }
  ADD_FAILURE() << "no volume " << name;
  return ir::kHost;
}

bool may(const ir::World& world, const std::string& name, ir::Right right, ir::Object object) {
  ir::Request request;
  request.subject = subject(world, name);
  request.right = right;
  request.object = std::move(object);
  return ir::decide(world, request).allowed;
}

bool may_file(const ir::World& world, const std::string& name, ir::Right right, const std::string& in,
              const std::string& path) {
  return may(world, name, right, ir::FileObject{in.empty() ? ir::kOwnRoot : volume(world, in), path});
}

ir::World world_of(const std::string& text) {
  Loaded loaded = load_text(text);
  EXPECT_TRUE(loaded.program.has_value()) << loaded.text();
  return loaded.program ? loaded.program->world : ir::World{};
}

std::string example(std::string_view name) {
  for (const Example& candidate : kExamples) {
    if (name == candidate.name) return std::string(candidate.text);
  }
  ADD_FAILURE() << "no example " << name;
  return "";
}

TEST(Lower, GivesTheFirstExampleOfTheLanguageItsMeaning) {
  const ir::World world = world_of(example("AContainerAndItsClaims"));
  EXPECT_EQ(world.module, "kai.agent");
  EXPECT_TRUE(may_file(world, "Agent", ir::Right::Read, "DataVol", "/a/b"));
  EXPECT_FALSE(may_file(world, "Agent", ir::Right::Write, "DataVol", "/a/b"));
  EXPECT_TRUE(may_file(world, "Agent", ir::Right::Write, "TmpVol", "/x"));
  EXPECT_FALSE(may_file(world, "Agent", ir::Right::Read, "", "/etc/passwd"));
  EXPECT_FALSE(may_file(world, "Agent", ir::Right::Read, "host", "/etc/passwd"));
  const ir::Subject& agent = world.at(subject(world, "Agent"));
  EXPECT_EQ(agent.level, ir::Level::Enhanced);
  EXPECT_EQ(agent.limits.cpu->amount, 500u);
  EXPECT_EQ(agent.limits.time->amount, 60'000u);
  EXPECT_EQ(agent.reserve.memory->amount, 128u << 20);
  EXPECT_EQ(agent.image_key, "TrustBoard");
  EXPECT_EQ(agent.user, 10001u);
  ASSERT_EQ(world.claims.size(), 4u);
  EXPECT_EQ(world.claims[0].name, "secrets_unreadable");
  EXPECT_EQ(world.claims[0].text, "Agent cannot read Secrets");
  EXPECT_EQ(world.claims[3].mode, ir::ClaimMode::Refute);
  EXPECT_TRUE(std::holds_alternative<ir::Isolated>(world.claims[2].form));
  EXPECT_TRUE(world.dynamic.empty());
}

TEST(Lower, GivesTheAccessRulesOfTheLanguageTheirMeaning) {
  // What the excerpt leaves out: labels, the context attribute, a clearance.
  const ir::World world =
      world_of(example("AccessRules") +
               "label Public < Secret; context mfa: bool; extend container Agent { clearance Public; }"
               "container Boss { trust High; clearance Secret; } volume V; file S = \"/s/**\" label Secret;"
               "extend container Boss { mount V at \"/v\"; }");
  EXPECT_FALSE(may_file(world, "Agent", ir::Right::Read, "", "/x"));
  EXPECT_TRUE(may_file(world, "Boss", ir::Right::Read, "", "/s/x"));
  EXPECT_FALSE(may_file(world, "Boss", ir::Right::Write, "", "/boot/x"));
  ir::Request request;
  request.subject = subject(world, "Agent");
  request.right = ir::Right::Connect;
  request.object = ir::NetObject{ir::Address{}, 1024, ir::Proto::Tcp};
  request.context[ir::AttributeId(0)] = true;
  ASSERT_EQ(world.attributes[0].name, "mfa");
  EXPECT_TRUE(ir::decide(world, request).allowed);
  request.context[ir::AttributeId(0)] = false;
  EXPECT_FALSE(ir::decide(world, request).allowed);
}

TEST(Lower, GivesTheResourcesOfTheLanguageTheirMeaning) {
  const ir::World world = world_of(example("Resources") + "container Agent { reserve { cpu 0.25; memory 128 MiB; } }");
  const ir::Subject& node = world.at(subject(world, "Node"));
  EXPECT_EQ(node.capacity.memory->amount, std::uint64_t{24} << 30);
  EXPECT_EQ(node.capacity.io->amount, std::uint64_t{500} << 20);
  const auto& quiet = std::get<ir::Guaranteed>(world.claims[1].form);
  EXPECT_THAT(quiet.amounts, ElementsAre(std::pair{ir::Resource::Cpu, std::uint64_t{250}},
                                         std::pair{ir::Resource::Memory, std::uint64_t{128} << 20}));
}

TEST(Lower, RecordsEverySentenceWithoutAMeaning) {
  const ir::World world = world_of("container A {} detect d { on open -> deny; } prove every detect can fire;");
  EXPECT_EQ(world.dynamic.size(), 2u);
  EXPECT_TRUE(world.claims.empty());
}

TEST(Lower, GivesAuthorityAndFlowOfTheLanguageTheirMeaning) {
  const std::string nouns =
      "label Public < Secret; net Registry = any; container Indexer {} container Plugin {} subject Gateway;"
      "pod Social = Indexer; pod FileServer = Plugin; profile Untrusted {} channel wire: Gateway -> Indexer;"
      "protocol BlockIo between client, server over wire session by nonce {"
      "  message Read { block: Block; nonce: fresh; } client Idle: send Read -> Done; server Ready: accept Read -> "
      "Ready; }";
  const ir::World world =
      world_of(std::string(example("CapabilitiesDelegationAttackers")) + example("InformationFlow") + nouns);
  EXPECT_TRUE(world.dynamic.empty());
  EXPECT_EQ(world.claims.size(), 3u);
  ASSERT_EQ(world.holdings.size(), 1u);
  EXPECT_TRUE(world.holdings[0].onward);
  ASSERT_EQ(world.delegations.size(), 1u);
  EXPECT_FALSE(world.delegations[0].onward);
  EXPECT_EQ(world.at(world.delegations[0].via).name, "bus");
  EXPECT_TRUE(world.at(world.delegations[0].via).bounded);
  EXPECT_EQ(world.declassifications.size(), 1u);
  EXPECT_EQ(world.at(subject(world, "Skyaifs")).follows, "BlockIo");
  EXPECT_EQ(world.at(subject(world, "peer")).twin, subject(world, "another peer"));
}

TEST(FlowMap, TheLibrarySaysWhatTestsTakeForGranted) {
  const ir::FlowMap map = world_of("container A {} container B {} prove p: A isolated from B;").flow;
  const ir::FlowMap whole = samples::whole_flow_map();
  EXPECT_EQ(map.into_file, whole.into_file);
  EXPECT_EQ(map.out_of_file, whole.out_of_file);
  EXPECT_EQ(map.out_of_folder, whole.out_of_folder);
  EXPECT_EQ(map.into_network, whole.into_network);
  EXPECT_EQ(map.out_of_network, whole.out_of_network);
  EXPECT_EQ(map.into_loopback, whole.into_loopback);
  EXPECT_EQ(map.out_of_loopback, whole.out_of_loopback);
  EXPECT_EQ(map.between_hosts, whole.between_hosts);
  EXPECT_EQ(map.namespaces, whole.namespaces);
  EXPECT_TRUE(map.channel && map.backpressure && map.overhearing && map.forging);
}

TEST(FlowMap, BesideThePolicyTakesThePlaceOfTheLibrarys) {
  Folder folder;
  folder.put("flow.bh", "module flow;\nflow write: subject -> file;\n");
  const Loaded loaded = load_files({folder.put("p.bh", "container A {} container B {} prove p: A isolated from B;\n")});
  ASSERT_TRUE(loaded.program.has_value()) << loaded.text();
  EXPECT_EQ(loaded.program->world.flow.into_file, ir::Rights(ir::Right::Write));
  EXPECT_TRUE(loaded.program->world.flow.out_of_file.empty());
  EXPECT_FALSE(loaded.program->world.flow.between_hosts);
}

TEST(Labels, OfNetsAndDevicesAreThoseOfSets) {
  const ir::World world = world_of(
      "label Public < Secret; net Web = any label Secret; device Disk label Secret; device Tape; container A {}");
  ASSERT_EQ(world.sets.size(), 2u);
  EXPECT_EQ(world.sets[0].plane, ir::Plane::Net);
  EXPECT_EQ(world.at(*world.sets[0].label).name, "Secret");
  EXPECT_EQ(world.sets[1].plane, ir::Plane::File);
  EXPECT_EQ(world.at(world.sets[1].patterns.files.at(0).volume).name, "Disk");
  // What is labelled in the network is no file.
  EXPECT_EQ(ir::label_of(world, {ir::kOwnRoot, "/x"}), (ir::LabelSet{*ir::least_label(world)}));
}

TEST(Claims, RangeOverWhoeverActs) {
  const ir::World world = world_of(
      "label Public < L, Public < M; device D label L; net N = any label M; profile p {} open container o: p;\n"
      "container A {} subject S; host Node {}\n"
      "prove x: for s in subjects: s keeps L, M, network apart; prove y: for c in containers: c keeps L, M, network "
      "apart;");
  std::vector<std::string> names;
  for (const ir::SubjectId one : world.claims.at(0).quantifier->domain) names.push_back(world.at(one).name);
  std::sort(names.begin(), names.end());
  EXPECT_EQ(names, (std::vector<std::string>{"A", "Node", "S", "o"}));
  EXPECT_EQ(world.claims.at(1).quantifier->domain.size(), 2u);
}

TEST(Claims, ExceptWhoeverDeclassifies) {
  const std::string text =
      "label Public < L, Public < M; volume V label L; net N = any label M; container A {} container B {} container C "
      "{}\n"
      "channel ab: A -> B { mediated by kernel; } channel bc: B -> C { mediated by kernel; }\n"
      "A declassifies L to Public through ab; A declassifies M to Public through ab; B declassifies L to Public "
      "through bc;\n"
      "prove p: C keeps L, M, network apart except through ";
  const auto except = [&](const std::string& whom) {
    return std::get<ir::KeepsApart>(world_of(text + whom + ";").claims.at(0).form).except.size();
  };
  EXPECT_EQ(except("declassifiers"), 2u);
  EXPECT_EQ(except("A"), 1u);
  EXPECT_EQ(except("declassifiers, C"), 3u);
}

TEST(FlowMap, IsLoadedForClaimsAboutInfluenceAlone) {
  EXPECT_TRUE(world_of("container A {} prove p: A cannot read \"/x\";").flow.into_file.empty());
}

TEST(Lower, ReadsTheProtocolOfTheLanguageAsAModel) {
  const ir::World world = world_of(example("Protocols") + "subject A; device B; channel disk_bus: A <-> B;");
  EXPECT_TRUE(world.dynamic.empty());
  EXPECT_EQ(world.claims.size(), 4u);
  ASSERT_EQ(world.systems.size(), 2u);  // with the variant in which a nonce is taken again
  EXPECT_EQ(world.systems[0].name, "BlockIo");
}

TEST(Lower, RefusesClaimsAboutInfluenceBesideChannelsToDevices) {
  const std::string text = "container A {} container B {} device D; channel bus: A -> D; ";
  EXPECT_TRUE(world_of(text + "prove p: A cannot read \"/x\";").dynamic.empty());
  EXPECT_FALSE(world_of(text + "prove p: A isolated from B;").dynamic.empty());
  EXPECT_FALSE(world_of(text + "prove p: A protected from B;").dynamic.empty());
}

TEST(Lower, ForbidsChangesBehindReadOnlyRootsAndMounts) {
  const ir::World world = world_of(
      "volume V, W; container A { rootfs readonly; mount V at \"/v\" readonly; mount W at \"/w\" readonly; mount W at "
      "\"/w2\";"
      "may read, write, rename, link \"/x\", V:\"/**\", W:\"/**\"; }");
  for (const ir::Right right : {ir::Right::Write, ir::Right::Rename, ir::Right::Link}) {
    EXPECT_FALSE(may_file(world, "A", right, "", "/x"));
    EXPECT_FALSE(may_file(world, "A", right, "V", "/x"));
    EXPECT_TRUE(may_file(world, "A", right, "W", "/x"));  // one of its mounts can be written through
  }
  EXPECT_TRUE(may_file(world, "A", ir::Right::Read, "V", "/x"));
}

TEST(Lower, ForbidsVolumesThatAreNotMountedAndSaysSo) {
  const ir::World world =
      world_of("volume V; container A { } container B { mount V at \"/v\"; } permit c: container to read f: file;");
  EXPECT_FALSE(may_file(world, "A", ir::Right::Read, "V", "/x"));
  EXPECT_TRUE(may_file(world, "B", ir::Right::Read, "V", "/x"));
  const auto implied = std::find_if(world.sentences.begin(), world.sentences.end(),
                                    [](const ir::Sentence& s) { return s.text == "A does not mount V"; });
  ASSERT_NE(implied, world.sentences.end());
  EXPECT_TRUE(implied->implied);
}

TEST(Lower, CarriesHostPatternsOverToTheVolumesThatLieThere) {
  const ir::World world = world_of(
      "volume V from host:\"/srv/data\"; container A { mount V at \"/v\"; may read V:\"/**\"; }"
      "forbid c: container to read host:\"/srv/*/secret\";");
  EXPECT_TRUE(may_file(world, "A", ir::Right::Read, "V", "/open"));
  EXPECT_FALSE(may_file(world, "A", ir::Right::Read, "V", "/secret"));
  EXPECT_FALSE(may_file(world, "A", ir::Right::Read, "host", "/srv/data/open"));
}

TEST(Lower, PutsWhatTheRunNamesBehindAVolume) {
  frontend::LoadOptions options = options_with_models();
  options.volume_sources["V"] = "/srv/v";
  const Loaded loaded = load_text("volume V; container A { mount V at \"/v\"; }", options);
  ASSERT_TRUE(loaded.program.has_value()) << loaded.text();
  EXPECT_EQ(loaded.program->world.volumes[2].host_source, "/srv/v");
  options.volume_sources = {{"W", "/srv/w"}};
  EXPECT_THAT(load_text("volume V;", options).codes(), ElementsAre("BH2001"));
  options.volume_sources = {{"V", "/srv/w"}};
  EXPECT_THAT(load_text("volume V from host:\"/srv/v\";", options).codes(), ElementsAre("BH3015"));
  options.volume_sources = {{"V", "/srv/w/inner"}};
  EXPECT_THAT(load_text("volume V; volume W from host:\"/srv/w\";", options).codes(), ElementsAre("BH3013"));
}

TEST(Lower, LetsTheNearestSentenceWinAndRulesAddUp) {
  const ir::World world = world_of(
      "profile far { user 1; limits { memory 1 MiB; pids 5; } may read \"/far\"; }"
      "profile near uses far { user 2; limits { memory 2 MiB; } may read \"/near\"; never read \"/own/secret\"; }"
      "container A uses near, far { user 3; may read \"/own/**\"; } container B uses near { }");
  const ir::Subject& a = world.at(subject(world, "A"));
  EXPECT_EQ(a.user, 3u);
  EXPECT_EQ(a.limits.memory->amount, 2u << 20);
  EXPECT_EQ(a.limits.pids->amount, 5u);
  EXPECT_EQ(world.at(subject(world, "B")).user, 2u);
  for (const char* path : {"/far", "/near", "/own/x"}) EXPECT_TRUE(may_file(world, "A", ir::Right::Read, "", path));
  EXPECT_FALSE(may_file(world, "A", ir::Right::Read, "", "/own/secret"));
}

TEST(Lower, FindsTheDomainOfAQuantifier) {
  const ir::World world = world_of(
      "enum T { Low, High } container A { t Low; } container B { t High; } container C { t Low; } pod P = B, C;"
      "prove low: for c in containers with t < High: c cannot read \"/x\";"
      "prove all: for c in containers: c cannot read \"/x\";"
      "prove members: pod P cannot read \"/x\";");
  const auto names = [&](std::size_t claim) {
    std::vector<std::string> found;
    for (const ir::SubjectId id : world.claims[claim].quantifier->domain) found.push_back(world.at(id).name);
    return found;
  };
  EXPECT_THAT(names(0), ElementsAre("A", "C"));
  EXPECT_THAT(names(1), ElementsAre("A", "B", "C"));
  EXPECT_THAT(names(2), ElementsAre("B", "C"));
  EXPECT_TRUE(std::get<ir::Cannot>(world.claims[2].form).subject.bound());
  EXPECT_EQ(world.claims[0].text, "for c in containers with t < High: c cannot read \"/x\"");
}

TEST(Lower, NamesClaimsByTheirLineWhereTheyHaveNone) {
  const ir::World world = world_of("container A { }\nprove A cannot read \"/x\"; prove A cannot read \"/y\";");
  EXPECT_EQ(world.claims[0].name, "claim_2");
  EXPECT_EQ(world.claims[1].name, "claim_2_2");
}

TEST(Lower, TellsTheLibraryFromThePolicy) {
  const Loaded loaded = load_text("import profiles;\ncontainer A uses standard { may read \"/x\"; }");
  ASSERT_TRUE(loaded.program.has_value()) << loaded.text();
  for (const ir::Rule& rule : loaded.program->world.rules) {
    const ir::Sentence& sentence = loaded.program->world.at(rule.sentence);
    if (sentence.implied) continue;
    const bool own = loaded.sources.name(sentence.span.file) == "policy.bh";
    EXPECT_NE(sentence.library, own) << sentence.text;
  }
}

TEST(Lower, AnswersRefusedCallsAsTheNearestSentenceSays) {
  const ir::World world = world_of(
      "import linux; profile p { syscalls default EACCES; syscalls deny keys with ENOSYS; }"
      "container A uses p { syscalls allow basic, keys; syscalls deny keyctl with kill; }");
  const ir::Subject& a = world.at(subject(world, "A"));
  EXPECT_EQ(a.default_denial.value, 13);
  ASSERT_EQ(a.denials.size(), 2u);
  EXPECT_EQ(a.denials[0].action.kind, ir::SyscallAction::Kind::KillProcess);
  EXPECT_EQ(a.denials[1].action.value, 38);
}

TEST(Lower, ReadsConditionsOnArgumentsUnsigned) {
  const ir::World world = world_of(
      "import linux; container A { may invoke personality when call.arg0 == 0xffffffffffffffff || call.arg0 > "
      "0x7fffffffffffffff; }");
  const auto call =
      std::find_if(world.syscalls.begin(), world.syscalls.end(), [](const auto& s) { return s.name == "personality"; });
  ir::SyscallObject object;
  object.syscall = ir::SyscallId(static_cast<std::size_t>(call - world.syscalls.begin()));
  EXPECT_FALSE(may(world, "A", ir::Right::Invoke, object));
  object.arguments[0] = 0x8000000000000000;
  EXPECT_TRUE(may(world, "A", ir::Right::Invoke, object));
}

TEST(Lower, SharesNamespacesWithOtherContainersAndTheHost) {
  const ir::World world = world_of("container A { namespaces { ipc: with B; net: host; } } container B { }");
  const auto& spaces = world.at(subject(world, "A")).namespaces;
  EXPECT_EQ(spaces[static_cast<std::size_t>(ir::NamespaceKind::Ipc)].mode, ir::NamespaceSetting::Mode::With);
  EXPECT_EQ(spaces[static_cast<std::size_t>(ir::NamespaceKind::Ipc)].with, subject(world, "B"));
  EXPECT_EQ(spaces[static_cast<std::size_t>(ir::NamespaceKind::Net)].mode, ir::NamespaceSetting::Mode::Host);
  EXPECT_EQ(spaces[static_cast<std::size_t>(ir::NamespaceKind::Pid)].mode, ir::NamespaceSetting::Mode::Private);
}

TEST(Lower, ConditionsOnHandingOverBecomeAlternativesAboutWhoGivesAndWhoIsGiven) {
  const ir::World world = world_of(
      "device Disk, Ledger; subject A, B, C; container D {} container E {} pod Team = D, E;"
      "capability DiskCap on Disk { rights read, write, delegate; } A holds DiskCap;"
      "channel bus: A -> B { mediated by kernel; } channel team: A -> Team { mediated by kernel; }"
      "A may delegate read on Disk to B via bus"
      "    when (B holds write on Ledger -> C holds read on Disk) && !(B holds read on Disk);"
      "A may delegate write on Disk to Team via team when Team holds read on Disk;"
      "A may revoke read on Disk from B when A holds read on Disk || C holds read on Disk;");
  ASSERT_EQ(world.delegations.size(), 3u);
  EXPECT_EQ(world.delegations[0].when.alternatives.size(), 2u);
  for (const auto& alternative : world.delegations[0].when.alternatives) {
    const auto has_not = std::find_if(alternative.begin(), alternative.end(), [&](const auto& one) {
      return one.negated && world.at(one.what).right == ir::Right::Read;
    });
    ASSERT_NE(has_not, alternative.end());
    EXPECT_EQ(world.at(has_not->what).holder, subject(world, "B"));
    EXPECT_EQ(alternative.size(), 2u);
  }
  for (const std::size_t i : {1, 2}) {
    ASSERT_EQ(world.delegations[i].when.alternatives.size(), 1u);
    EXPECT_EQ(world.at(world.delegations[i].when.alternatives[0][0].what).holder, world.delegations[i].to);
  }
  ASSERT_EQ(world.revocations.size(), 1u);
  EXPECT_EQ(world.revocations[0].by, subject(world, "A"));
  EXPECT_EQ(world.revocations[0].from, subject(world, "B"));
  EXPECT_EQ(world.revocations[0].when.alternatives.size(), 2u);
}

}  // namespace
}  // namespace bulkhead::test
