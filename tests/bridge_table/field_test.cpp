// Every field of a table is held against the policy: each is changed in turn, and the proof notices.
#include <gtest/gtest.h>

#include <algorithm>

#include "lang/ir/net_range.h"
#include "runtime-bridge/decode/table/table.h"
#include "runtime-bridge/emit/nftables/nftables.h"
#include "runtime-bridge/emit/table/table.h"
#include "runtime-bridge/table/encode.h"
#include "runtime-bridge/table/layout.h"
#include "tests/bridge_artifacts/small_world.h"

namespace bulkhead {
namespace {

using ir::Effect;
using ir::Right;

/// Walks the layout of a table as the encoder does, and changes the field or the list number `target` on its way.
class Change {
 public:
  explicit Change(std::size_t target) : target_(target) {}
  std::size_t count() const { return next_; }
  const std::string& what() const { return what_; }

  void u8(std::uint8_t& v) { number(v); }
  void u16(std::uint16_t& v) { number(v); }
  void u32(std::uint32_t& v) { number(v); }
  void u64(std::uint64_t& v) { number(v); }
  void flag(bool& v) {
    if (here("flag")) v = !v;
  }
  template <class E>
  void choice(E& v, E last) {
    if (here("choice")) v = v == last ? E{} : static_cast<E>(static_cast<unsigned>(v) + 1);
  }
  void text(std::string& v) {
    if (here("text longer")) v += "x";
    if (here("text shorter") && !v.empty()) v.pop_back();
  }
  template <std::size_t N>
  void bytes(std::array<std::uint8_t, N>& v) {
    for (std::uint8_t& byte : v) number(byte);
  }
  template <class T, class F>
  void list(std::vector<T>& items, F each) {
    for (std::size_t i = 0; i < items.size(); ++i) each(*this, items[i]);
    for (std::size_t i = 0, size = items.size(); i < size; ++i) {
      if (!here("item dropped")) continue;
      items.erase(items.begin() + static_cast<std::ptrdiff_t>(i));
      return;
    }
    if (here("item added")) items.emplace_back();
  }
  void section(std::uint32_t number) { section_ = number; }

 private:
  template <class T>
  void number(T& v) {
    if (here("number + 1")) ++v;
    if (here("number - 1")) --v;
    if (here("number turned")) v = static_cast<T>(v ^ (T{1} << (8 * sizeof(T) - 1)));
  }
  bool here(const char* kind) {
    if (next_++ != target_) return false;
    what_ = "section " + std::to_string(section_) + ", field " + std::to_string(next_ - 1) + ": " + kind;
    return true;
  }

  std::size_t target_;
  std::size_t next_ = 0;
  std::uint32_t section_ = 0;
  std::string what_ = "nothing";
};

/// A policy by hand, small, so that thousands of proofs are quick; something of every field stands in its table.
struct Example : testing::SmallWorld {
  source::SourceMap sources;
  table::Inputs inputs;

  Example() {
    const source::FileId file = sources.add("test.bh", std::string(400, '\n'));
    box().level = ir::Level::Standard;
    const auto data = mount("Data", "/data", true, "/srv/data");
    const auto out = mount("Out", "/out", false, "/srv/out");
    mount("Tmp", "/tmp", false);
    world.volumes.back().size_bytes = 1u << 20;
    may(Right::Read, data, "/a/**");
    may(Right::Read, data, "/b");
    may(ir::Rights(Right::Read) | Right::Write, out, "/**");
    may(Right::Execute, ir::kOwnRoot, "/usr/bin/**");
    may(Right::Read, ir::kOwnRoot, "/usr/lib/**");
    never(Right::Read, ir::VolumeId{1}, "/etc/**");
    world.rules.back().objects.files.push_back({data, "/hidden/x/**", "/hidden"});
    net(Effect::Permit, Right::Connect, "10.0.0.0/8", 443, 444, 1);
    net(Effect::Permit, Right::Connect, "fd00::/16", 0, 65535, 3);
    net(Effect::Forbid, Right::Connect, "10.1.0.0/16", 0, 65535, 7);
    calls();
    claims(data);
    box().sentence = sentence("container Box");
    box().environment = {"TZ"};
    box().degrade = {"memory:rlimit"};
    box().limits.pids = ir::Quantity{8, sentence("pids 8")};
    box().limits.time = ir::Quantity{1000, sentence("time 1 s")};
    world.capability_names = {"chown", "kill"};
    for (std::size_t i = 0; i < world.sentences.size(); ++i) {
      world.sentences[i].span = {file, static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(i + 1)};
    }
    inputs.policy = sha256("policy");
    inputs.certificates = sha256("certificates");
    inputs.closure = {{"/lib", false, "usr/lib", 0}, {"/usr/bin/true", false, "", 1}, {"/usr/lib", true, "", 1}};
    inputs.started = {"/usr/lib/ld.so"};
    inputs.nftables = emit::nftables::emit(world, container)->json;
  }

  void calls() {
    world.syscalls = {
        {"read", 0, 63}, {"ptrace", 101, 117}, {"openat", 257, 56}, {"clone3", 435, 435}, {"brk", 12, 214}};
    ir::Rule rule;
    rule.plane = ir::Plane::Syscall;
    rule.rights = Right::Invoke;
    rule.objects.syscalls = {ir::SyscallId{0}, ir::SyscallId{1}, ir::SyscallId{2}};
    rule.sentence = sentence("may invoke read, ptrace, openat");
    world.rules.push_back(rule);
    rule.effect = Effect::Forbid;
    rule.objects.syscalls = {ir::SyscallId{1}};
    rule.sentence = sentence("never invoke ptrace");
    world.rules.push_back(rule);
    ir::Rule hold;
    hold.plane = ir::Plane::KernelCapability;
    hold.rights = Right::Hold;
    hold.objects.capabilities = {1};
    hold.sentence = sentence("may hold kill");
    world.rules.push_back(hold);
    box().denials.push_back({{ir::SyscallId{4}}, {}, {ir::SyscallAction::Kind::Errno, 12}, sentence("deny brk")});
  }
  void claim(const std::string& name, ir::Rights rights, ir::ClaimObjects objects) {
    ir::Claim made;
    made.name = name;
    made.text = "Box cannot " + name;
    made.form = ir::Cannot{{container}, rights, std::move(objects)};
    made.sentence = sentence("prove " + name);
    world.claims.push_back(std::move(made));
  }
  void claims(ir::VolumeId data) {
    ir::ClaimObjects files, hosts, traced;
    files.patterns.files = {{data, "/secret/**", {}}, {ir::VolumeId{1}, "/etc/**", {}}};
    claim("secrets", Right::Write, files);
    claim("etc", Right::Read, files);
    hosts.plane = ir::Plane::Net;
    hosts.patterns.nets = {*ir::parse_net_range("10.1.0.0/16")};
    claim("hosts", Right::Connect, hosts);
    traced.plane = ir::Plane::Syscall;
    traced.patterns.syscalls = {ir::SyscallId{1}};
    claim("traced", Right::Invoke, traced);
  }
};

TEST(TableFields, EachOfThemIsHeldAgainstThePolicy) {
  const Example in;
  const auto emitted = emit::emit_table(in.world, in.container, in.sources, in.inputs);
  ASSERT_TRUE(emitted.ok()) << emitted.error().reason;
  const auto judged = [&](const table::Table& table) {
    return decode::compare_table_bytes(table::encode(table), in.world, in.container, {in.sources, in.inputs});
  };
  const auto original = judged(emitted->table);
  ASSERT_TRUE(original.ok()) << original.error().reason;
  for (const auto& item : original->wider) ADD_FAILURE() << "wider " << item.what << " " << item.witness;
  for (const auto& item : original->narrower) ADD_FAILURE() << "narrower " << item.what << " " << item.witness;
  for (const auto& item : original->misattributed) ADD_FAILURE() << "says wrongly " << item.what << " " << item.witness;
  for (const auto& item : original->undecided) ADD_FAILURE() << "undecided " << item;
  ASSERT_TRUE(original->equal());

  std::size_t fields = 1, malformed = 0, refuted = 0;
  for (std::size_t target = 0; target < fields; ++target) {
    table::Table mutant = emitted->table;
    Change change(target);
    table::layout::sections(change, mutant);
    fields = std::max(fields, change.count());
    if (table::encode(mutant) == table::encode(emitted->table)) continue;  // an empty text cannot be shorter
    const auto comparison = judged(mutant);
    malformed += comparison.ok() ? 0 : 1;
    refuted += comparison.ok() && !comparison->equal() ? 1 : 0;
    // A pattern without a glob matches nothing, so a row with it in addition says the same.
    const bool empty_pattern = change.what().rfind("section 6", 0) == 0 && change.what().ends_with("item added");
    EXPECT_FALSE(comparison.ok() && comparison->equal() && !empty_pattern) << change.what();
  }
  EXPECT_GT(fields, 1000u);
  EXPECT_GT(refuted, 400u);
  EXPECT_GT(malformed, 100u);
}

/// Landlock lets the program's start through and so whatever executes that file later: only a listener can tell them
/// apart. A policy may give the number of execve any name, and a filter then lets it pass.
TEST(TableFields, AnExecThatNoListenerSeesIsRefuted) {
  for (const auto& [number, machine] :
       {std::pair{59, "x86-64"}, std::pair{322, "x86-64"}, std::pair{221, "aarch64"}, std::pair{281, "aarch64"}}) {
    Example in;
    const bool x86 = std::string_view(machine) == "x86-64";
    in.world.syscalls.push_back({"spawn", x86 ? number : -1, x86 ? -1 : number});
    for (ir::Rule& rule : in.world.rules) {
      if (rule.plane == ir::Plane::Syscall && rule.effect == Effect::Permit)
        rule.objects.syscalls.push_back(ir::SyscallId{in.world.syscalls.size() - 1});
    }
    const auto judged = [&] {
      const auto emitted = emit::emit_table(in.world, in.container, in.sources, in.inputs);
      EXPECT_TRUE(emitted.ok()) << emitted.error().reason;
      return decode::compare_table(emitted->table, in.world, in.container, {in.sources, in.inputs});
    };
    const decode::Comparison unseen = judged();
    ASSERT_EQ(unseen.wider.size(), 1u) << number;
    EXPECT_EQ(unseen.wider[0].what, decode::kUnseenExec);
    EXPECT_NE(unseen.wider[0].witness.find("spawn"), std::string::npos) << unseen.wider[0].witness;
    in.inputs.started.clear();  // where the runtime starts nothing, Landlock executes what the policy says
    EXPECT_TRUE(judged().equal());
  }
}

}  // namespace
}  // namespace bulkhead
