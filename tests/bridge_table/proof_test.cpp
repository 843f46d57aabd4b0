// Tables emitted from policies are proved equal to them; every mutant of a table is noticed.
#include <gtest/gtest.h>

#include <functional>
#include <map>

#include "lang/frontend/load.h"
#include "lang/ir/eval.h"
#include "runtime-bridge/decode/table/table.h"
#include "runtime-bridge/emit/table/table.h"
#include "runtime-bridge/table/decide.h"
#include "runtime-bridge/table/encode.h"

namespace bulkhead {
namespace {

constexpr const char* kPolicy = R"(
module test;
import linux;
import profiles;

label Public < Internal < Secret;
volume Data from host:"/srv/data";
volume Tmp;
file Shared  = Data:"/**"                         label Internal;
file Hidden  = Data:"/{private,keys}/**"          label Secret;
file Secrets = "/etc/{passwd,shadow}", host:"/srv/data/host-only/**" label Secret;
net  Registry = 10.0.7.0/24, fd00:7::/48 port 443 tcp;
net  Anywhere = any;

container Agent uses enhanced {
    clearance Internal;
    user 10001;
    mount Data at "/data" readonly;
    mount Tmp  at "/tmp";
    limits { memory 64 MiB; pids 8; }
    environment LANG;
    may read, write Tmp:"/**";
    may execute "/usr/bin/[a-m]*";
    may connect Registry;
    never read, write Secrets;
}
permit c: container to read f: file in Shared when f.label <= c.clearance;
permit c: container to connect n: net when n.port in 8000..8080 && n.proto == tcp;
forbid c: container to write f: file when f.path like "/**/*.lock";

prove secrets:  Agent cannot read Secrets;
prove hidden:   Agent cannot read Hidden;
prove scratch:  Agent can write Tmp:"/**";
prove no_ssh:   Agent cannot connect any port 22;
)";

class TableProof : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    sources_ = new source::SourceMap;
    diag::DiagnosticList sink;
    frontend::LoadOptions options;
    options.model_paths = {BULKHEAD_SOURCE_DIR "/models"};
    options.extra_texts = {{"test.bh", kPolicy}};
    auto program = frontend::load({}, options, *sources_, sink);
    for (const diag::Diagnostic& item : sink.all()) {
      if (!program) ADD_FAILURE() << diag::render(item, *sources_, diag::Colour::Off);
    }
    if (program) world_ = new ir::World(std::move(program->world));
  }

  void SetUp() override {
    ASSERT_NE(world_, nullptr);
    for (std::size_t i = 0; i < world_->subjects.size(); ++i) {
      if (world_->subjects[i].name == "Agent") agent_ = ir::SubjectId{i};
    }
    auto emitted = emit::emit_table(*world_, agent_, *sources_, {});
    ASSERT_TRUE(emitted.ok()) << emitted.error().reason;
    table_ = std::move(emitted->table);
  }

  decode::Comparison compare(const table::Table& table) const {
    return decode::compare_table(table, *world_, agent_, {*sources_, {}});
  }
  static std::string text(const decode::Comparison& comparison) {
    std::string text;
    for (const auto& item : comparison.wider) text += "wider " + item.what + " " + item.witness + "\n";
    for (const auto& item : comparison.narrower) text += "narrower " + item.what + " " + item.witness + "\n";
    for (const auto& item : comparison.misattributed) text += "says wrongly " + item.what + " " + item.witness + "\n";
    for (const auto& item : comparison.undecided) text += "undecided " + item + "\n";
    return text;
  }

  static source::SourceMap* sources_;
  static ir::World* world_;
  ir::SubjectId agent_;
  table::Table table_;
};
source::SourceMap* TableProof::sources_ = nullptr;
ir::World* TableProof::world_ = nullptr;

TEST_F(TableProof, AnEmittedTableIsEqualToThePolicy) {
  const auto comparison = compare(table_);
  EXPECT_TRUE(comparison.equal()) << text(comparison);
  const auto from_bytes = decode::compare_table_bytes(table::encode(table_), *world_, agent_, {*sources_, {}});
  ASSERT_TRUE(from_bytes.ok());
  EXPECT_TRUE(from_bytes->equal()) << text(*from_bytes);
}

TEST_F(TableProof, RowsCarryTheirSentenceAndADenialItsClaim) {
  const auto decision = table::decide(table_, table::kRead, table::FileObject{0, "/etc/passwd"});
  EXPECT_FALSE(decision.allowed);
  ASSERT_LT(decision.sentence, table_.sentences.size());
  EXPECT_EQ(table_.sentences[decision.sentence].text, "never read, write Secrets");
  EXPECT_EQ(table_.sentences[decision.sentence].file, "test.bh");
  ASSERT_LT(decision.claim, table_.claims.size());
  EXPECT_EQ(table_.claims[decision.claim].name, "secrets");
  const auto ssh = table::decide(table_, table::kConnect, table::NetObject{4, {10, 0, 7, 1}, 22, 1});
  EXPECT_FALSE(ssh.allowed);
  ASSERT_LT(ssh.claim, table_.claims.size());
  EXPECT_EQ(table_.claims[ssh.claim].name, "no_ssh") << "a missing row names its claim too";
  EXPECT_EQ(table_.sentences[ssh.sentence].line, 15u) << "and points to the container";
}

TEST_F(TableProof, TheTableAnswersAsTheReferenceSemanticsDoes) {
  const char* const paths[] = {"/",         "/a",           "/private",    "/private/k",   "/keys",
                               "/x.lock",   "/host-only/f", "/etc/passwd", "/usr/bin/cat", "/usr/bin/python3",
                               "/proc/self"};
  std::size_t allowed = 0;
  for (std::uint32_t volume = 0; volume < table_.volumes.size(); ++volume) {
    ir::VolumeId id = ir::kOwnRoot;
    for (std::size_t i = 1; volume > 0 && i < world_->volumes.size(); ++i) {
      if (world_->volumes[i].name == table_.volumes[volume].name) id = ir::VolumeId{i};
    }
    for (const char* path : paths) {
      for (const ir::Right right :
           {ir::Right::Read, ir::Right::Write, ir::Right::Rename, ir::Right::Link, ir::Right::Execute}) {
        const bool meant = ir::decide(*world_, {agent_, right, ir::FileObject{id, path}, {}}).allowed;
        EXPECT_EQ(table::decide(table_, ir::Rights(right).bits(), table::FileObject{volume, path}).allowed, meant)
            << table_.volumes[volume].name << ":" << path << " " << ir::to_string(right);
        allowed += meant ? 1 : 0;
      }
    }
  }
  EXPECT_GT(allowed, 10u);
}

TEST_F(TableProof, EveryRowMatters) {
  for (std::size_t i = 0; i < table_.rows.size(); ++i) {
    table::Table dropped = table_;
    dropped.rows.erase(dropped.rows.begin() + static_cast<std::ptrdiff_t>(i));
    table::Table flipped = table_;
    flipped.rows[i].effect =
        flipped.rows[i].effect == table::Effect::Permit ? table::Effect::Forbid : table::Effect::Permit;
    for (const table::Table& mutant : {dropped, flipped}) {
      const auto comparison = compare(mutant);
      EXPECT_TRUE(comparison.undecided.empty()) << text(comparison);
      // Also one that other rows make superfluous: its sentence is then without what it says.
      EXPECT_FALSE(comparison.equal()) << "row " << i;
    }
  }
}

/// What is widened must be noticed as wider, not only as different.
TEST_F(TableProof, EveryWideningIsRejected) {
  using table::Table;
  const auto permit_with = [](Table& t, std::uint16_t right) -> table::Row& {
    for (table::Row& row : t.rows) {
      if (row.effect == table::Effect::Permit && (row.rights & right) != 0) return row;
    }
    return t.rows.front();
  };
  const std::pair<const char*, std::function<void(Table&)>> mutants[] = {
      {"right added", [&](Table& t) { permit_with(t, table::kExecute).rights |= table::kRead; }},
      {"glob widened",
       [&](Table& t) { permit_with(t, table::kExecute).literals[0].files[0].glob = "/usr/bin/[a-n]*"; }},
      {"volume changed",
       [&](Table& t) {
         for (table::Row& row : t.rows) {
           if (row.effect != table::Effect::Permit || (row.rights & table::kWrite) == 0) continue;
           if (row.literals[0].files[0].volume != 0) row.literals[0].files[0].volume = 0;
         }
       }},
      {"port widened", [&](Table& t) { permit_with(t, table::kConnect).literals[0].nets[0].last_port = 444; }},
      {"address widened",
       [&](Table& t) {
         permit_with(t, table::kConnect).literals[0].nets[0].first[3] ^= 0;
         permit_with(t, table::kConnect).literals[0].nets[0].last[2] = 8;
       }},
      {"protocol widened", [&](Table& t) { permit_with(t, table::kConnect).literals[0].nets[0].protos = 7; }},
      {"permit everything",
       [](Table& t) {
         t.rows.push_back({table::Effect::Permit, table::Plane::File, table::kLink, {}, table::kNone, table::kNone});
         t.rows.erase(t.rows.begin(), t.rows.end() - 1);
       }},
      {"mount writable", [](Table& t) { t.mounts[0].readonly = t.mounts[1].readonly = false; }},
      {"mount moved", [](Table& t) { t.mounts[1].target = "/elsewhere"; }},
      {"volume source", [](Table& t) { t.volumes[1].host_source = "/srv"; }},
      {"root writable", [](Table& t) { t.rootfs_readonly = false; }},
      {"network of the host", [](Table& t) { t.namespaces[2] = table::NamespaceMode::Host; }},
      {"user", [](Table& t) { t.user = 0; }},
      {"group", [](Table& t) { t.group = 0; }},
      {"memory", [](Table& t) { ++t.limits.memory.amount; }},
      {"pids dropped", [](Table& t) { t.limits.pids = {}; }},
      {"environment", [](Table& t) { t.environment.push_back("HOME"); }},
      {"degrade", [](Table& t) { t.degrade.push_back("memory:rlimit"); }},
      {"capability kept", [](Table& t) { t.kernel_capabilities = 1; }},
      {"capability row",
       [](Table& t) {
         t.rows.push_back(
             {table::Effect::Permit, table::Plane::KernelCapability, table::kHold, {}, table::kNone, table::kNone});
         std::erase_if(t.rows, [](const table::Row& r) { return r.effect == table::Effect::Forbid; });
       }},
      {"level", [](Table& t) { t.level = table::Level::Standard; }},
      {"memory left to the filters", [](Table& t) { t.exec_gain_by_filter = true; }},
      {"filter lets all through",
       [](Table& t) {
         t.filter_x86_64 = bpf::to_bytes({{bpf::kReturn, 0, 0, bpf::kAllow}});
       }},
      {"filter of the other machine", [](Table& t) { t.filter_aarch64 = t.filter_x86_64; }},
      {"refused call mediated",
       [](Table& t) {
         for (auto& row : t.syscalls) {
           if (!row.allowed) {
             row.allowed = true;
             return;
           }
         }
       }},
  };
  for (const auto& [name, change] : mutants) {
    Table mutant = table_;
    change(mutant);
    EXPECT_FALSE(compare(mutant).wider.empty()) << name << " was not noticed";
  }
}

TEST_F(TableProof, WhatIsTakenAwayIsNamedAsNarrower) {
  const std::pair<const char*, std::function<void(table::Table&)>> mutants[] = {
      {"no rows", [](table::Table& t) { t.rows.clear(); }},
      {"mount dropped", [](table::Table& t) { t.mounts.pop_back(); }},
      {"memory", [](table::Table& t) { --t.limits.memory.amount; }},
      {"environment", [](table::Table& t) { t.environment.clear(); }},
      {"no mediated calls", [](table::Table& t) { t.syscalls.clear(); }},
  };
  for (const auto& [name, change] : mutants) {
    table::Table mutant = table_;
    change(mutant);
    const auto comparison = compare(mutant);
    EXPECT_FALSE(comparison.narrower.empty()) << name;
    EXPECT_TRUE(comparison.wider.empty() && comparison.undecided.empty()) << name << "\n" << text(comparison);
  }
}

TEST_F(TableProof, AWrongWordAboutARowIsNoticedAndNoWidening) {
  const std::pair<const char*, std::function<void(table::Table&)>> mutants[] = {
      {"another line", [](table::Table& t) { ++t.sentences[t.rows[0].sentence].line; }},
      {"another sentence", [](table::Table& t) { t.rows[0].sentence = t.rows.back().sentence; }},
      {"no sentence", [](table::Table& t) { t.rows[0].sentence = table::kNone; }},
      {"no claim",
       [](table::Table& t) {
         for (auto& row : t.rows) row.claim = table::kNone;
       }},
      {"another claim", [](table::Table& t) { t.guards[0].claim = t.guards[1].claim; }},
      {"a guard less", [](table::Table& t) { t.guards.pop_back(); }},
      {"a guard's objects", [](table::Table& t) { t.guards[0].objects.files.pop_back(); }},
      {"an errno", [](table::Table& t) { t.syscalls[0].error = 2; }},
      {"the errno of unknown calls", [](table::Table& t) { t.unknown_syscall_error = 1; }},
      {"the digest of the policy", [](table::Table& t) { t.policy_digest[0] ^= 1; }},
      {"a Landlock rule's sentence", [](table::Table& t) { t.landlock.rules[0].sentence = t.sentence; }},
  };
  for (const auto& [name, change] : mutants) {
    table::Table mutant = table_;
    change(mutant);
    const auto comparison = compare(mutant);
    EXPECT_FALSE(comparison.misattributed.empty()) << name;
    EXPECT_TRUE(comparison.wider.empty()) << name << "\n" << text(comparison);
    EXPECT_FALSE(comparison.accepted()) << name;
  }
}

TEST_F(TableProof, WhatTheRunPutInIsHeldAgainstWhatIsThere) {
  emit::TableInputs inputs;
  inputs.closure = {{"/lib", false, "usr/lib", table::kNone}, {"/usr/lib", true, "", table::kNone}};
  const auto emitted = emit::emit_table(*world_, agent_, *sources_, inputs);
  ASSERT_TRUE(emitted.ok());
  const auto judged = [&](const table::Table& table) {
    return decode::compare_table(table, *world_, agent_, {*sources_, inputs});
  };
  EXPECT_TRUE(judged(emitted->table).equal());
  table::Table more = emitted->table, less = emitted->table, other = emitted->table;
  more.closure.push_back({"/etc/shadow", false, "", table::kNone});
  less.closure.pop_back();
  other.closure[0].link_target = "etc";
  EXPECT_FALSE(judged(more).wider.empty());
  EXPECT_FALSE(judged(less).narrower.empty());
  EXPECT_FALSE(judged(other).wider.empty());
}

TEST_F(TableProof, AConditionOnTheContextIsRefusedWithItsSentence) {
  source::SourceMap sources;
  diag::DiagnosticList sink;
  frontend::LoadOptions options;
  options.model_paths = {BULKHEAD_SOURCE_DIR "/models"};
  options.extra_texts = {{"c.bh", R"(
module c;
import linux;
import profiles;
context mfa: bool;
container Agent uses standard { may execute "/bin/**"; }
permit c: container to read f: file when context.mfa;
prove p: Agent cannot write "/etc/**";
)"}};
  const auto program = frontend::load({}, options, sources, sink);
  ASSERT_TRUE(program) << (sink.all().empty() ? "" : diag::render(sink.all()[0], sources, diag::Colour::Off));
  for (std::size_t i = 0; i < program->world.subjects.size(); ++i) {
    if (program->world.subjects[i].name != "Agent") continue;
    const auto emitted = emit::emit_table(program->world, ir::SubjectId{i}, sources, {});
    ASSERT_FALSE(emitted.ok());
    ASSERT_TRUE(emitted.error().sentence.valid());
    EXPECT_NE(program->world.at(emitted.error().sentence).text.find("permit"), std::string::npos);
  }
}

/// Each container leaves one of the calls open by which memory becomes executable; `Tight` and `Asking` none.
constexpr const char* kOwnRules = R"(
module own;
import linux;
import profiles;

profile bare uses standard { level enhanced; }
container Tight  uses enhanced { }
container Asking uses enhanced { may invoke personality when (call.arg0 & 0xffffffff) == 0xffffffff; }
container Mapped uses bare {
    never invoke mprotect, pkey_mprotect when (call.arg2 & 0x4) != 0;
    never invoke shmat when (call.arg2 & 0x8000) != 0;
}
container Protected uses bare {
    never invoke mmap when (call.arg2 & 0x6) == 0x6;
    never invoke mprotect when (call.arg2 & 0x6) == 0x6;
    never invoke pkey_mprotect when (call.arg2 & 0x4) != 0;
    never invoke shmat when (call.arg2 & 0x8000) != 0;
}
container Keyed uses bare {
    never invoke mmap when (call.arg2 & 0x6) == 0x6;
    never invoke mprotect when (call.arg2 & 0x4) != 0;
    never invoke shmat when (call.arg2 & 0x8000) != 0;
}
container Attached uses bare {
    never invoke mmap when (call.arg2 & 0x6) == 0x6;
    never invoke mprotect, pkey_mprotect when (call.arg2 & 0x4) != 0;
}
container Persona uses enhanced { may invoke personality when (call.arg0 & 0xffffffff) != 0x8; }
)";

TEST(MemoryByFilter, IsProvedOfBothFiltersOrRefusedWithTheCall) {
  source::SourceMap sources;
  diag::DiagnosticList sink;
  frontend::LoadOptions options;
  options.model_paths = {BULKHEAD_SOURCE_DIR "/models"};
  options.extra_texts = {{"own.bh", kOwnRules}};
  const auto program = frontend::load({}, options, sources, sink);
  ASSERT_TRUE(program);
  const ir::World& world = program->world;
  table::Inputs inputs;
  inputs.exec_gain_by_filter = true;
  const std::map<std::string, std::string> opened{{"Tight", ""},
                                                  {"Asking", ""},
                                                  {"Mapped", "`mmap`"},
                                                  {"Protected", "`mprotect`"},
                                                  {"Keyed", "`pkey_mprotect`"},
                                                  {"Attached", "`shmat`"},
                                                  {"Persona", "`personality`"}};
  std::size_t seen = 0;
  for (std::size_t i = 0; i < world.subjects.size(); ++i) {
    const auto expected = opened.find(world.subjects[i].name);
    if (expected == opened.end()) continue;
    ++seen;
    const ir::SubjectId subject{i};
    const auto emitted = emit::emit_table(world, subject, sources, inputs);
    ASSERT_TRUE(emitted.ok()) << expected->first << ": " << emitted.error().reason;
    const auto same = decode::compare_table(emitted->table, world, subject, {sources, inputs});
    EXPECT_EQ(same.equal(), expected->second.empty()) << expected->first;
    std::size_t named = 0;
    for (const decode::Difference& item : same.wider) {
      EXPECT_EQ(item.what, decode::kExecGain) << expected->first;
      named += item.witness.rfind(expected->second + " (", 0) == 0 ? 1 : 0;
    }
    EXPECT_EQ(named, expected->second.empty() ? 0u : 2u) << expected->first;  // one filter for each machine
    // On a kernel that keeps memory by itself nothing is asked of the filters.
    const auto kept = emit::emit_table(world, subject, sources, {});
    ASSERT_TRUE(kept.ok());
    EXPECT_TRUE(decode::compare_table(kept->table, world, subject, {sources, {}}).equal()) << expected->first;
  }
  EXPECT_EQ(seen, opened.size());
}

}  // namespace
}  // namespace bulkhead
