#include "tests/bridge_table/sample_table.h"

namespace bulkhead::table::sample {
namespace {

Literal files(std::vector<FilePattern> patterns, bool negated = false) {
  Literal part;
  part.negated = negated;
  part.files = std::move(patterns);
  return part;
}

std::size_t pick(std::mt19937& random, std::size_t below) {
  return std::uniform_int_distribution<std::size_t>(0, below - 1)(random);
}

}  // namespace

Table small() {
  Table t;
  t.module = "kai.agent";
  t.container = "Agent";
  t.profile = "enhanced";
  t.sentence = 0;
  t.level = Level::Enhanced;
  t.policy_digest[0] = 7;
  t.certificate_digest[31] = 9;
  t.sentences = {
      {"agent.bh", 14, "container Agent"}, {"agent.bh", 27, "never read Secrets"}, {"", 0, "rootfs readonly"}};
  t.claims = {{"secrets_unreadable", "Agent cannot read Secrets", 1}};
  t.volumes = {{"root", "", 0}, {"host", "", 0}, {"Data", "/srv/data", 0}, {"Tmp", "", 1 << 20}};
  Row permit{Effect::Permit, Plane::File, kRead, {files({{2, "/**", ""}, {0, "/etc/*", ""}})}, 0, kNone};
  Row forbid{Effect::Forbid, Plane::File, kRead | kWrite, {files({{0, "/etc/{passwd,shadow}", ""}})}, 1, 0};
  Row own{Effect::Forbid, Plane::File, kWrite, {files({{3, "/**", ""}}, true)}, 2, kNone};
  Row net{Effect::Permit, Plane::Net, kConnect, {}, 0, kNone};
  NetPattern registry;
  registry.first = {10, 0, 7, 0};
  registry.last = {10, 0, 7, 255};
  registry.first_port = registry.last_port = 443;
  registry.protos = 1;
  net.literals.emplace_back();
  net.literals.back().nets = {registry};
  Row hold{Effect::Permit, Plane::KernelCapability, kHold, {}, 0, kNone};
  hold.literals.emplace_back();
  hold.literals.back().capabilities = {10};
  t.rows = {permit, forbid, own, net, hold};
  t.guards = {
      {Plane::File, kRead, files({{0, "/etc/{passwd,shadow}", ""}, {2, "/srv/data/secret/**", "/srv/data"}}), 0}};
  t.mounts = {{2, "/agent/data", true, 0}, {3, "/agent/tmp", false, 0}};
  t.closure = {{"/usr/lib/libc.so.6", false, "libc-2.so", kNone}};
  t.namespaces[2] = NamespaceMode::Host;
  t.user = t.group = 10001;
  t.environment = {"LANG"};
  t.degrade = {"memory:rlimit"};
  t.limits.memory = {256u << 20, true, 0};
  t.kernel_capabilities = 1u << 10;
  t.filter_x86_64 = std::string("\x06\0\0\0\0\0\0\0", 8);
  t.filter_aarch64 = t.filter_x86_64;
  t.syscalls = {{0, "read", true, 1, 0, kNone}, {101, "ptrace", false, 1, 1, 0}};
  t.landlock.handled_fs = 15;
  t.landlock.rules = {{"/agent/data", 5, 0}};
  t.landlock.ports = {{443, 2}};
  t.nftables = "{}";
  return t;
}

std::string random_path(std::mt19937& random) {
  static const char* const kSegments[] = {"a", "b", "ab", "c", "\xC3\xA9", "\xFF", "aa"};
  std::string path;
  const std::size_t depth = pick(random, 4);
  for (std::size_t i = 0; i < depth; ++i) path += std::string("/") + kSegments[pick(random, std::size(kSegments))];
  return path.empty() ? "/" : path;
}

std::string random_glob(std::mt19937& random) {
  static const char* const kParts[] = {"a",   "b",     "*",        "**", "?",         "[a-b]",   "[!a]",
                                       "\\a", "{a,b}", "{a*,b/c}", "/",  "{,a{b,c}}", "\xC3\xA9"};
  std::string glob = "/";
  const std::size_t length = pick(random, 5);
  for (std::size_t i = 0; i < length; ++i) glob += kParts[pick(random, std::size(kParts))];
  return pick(random, 3) == 0 ? glob + "/**" : glob;
}

Table random(std::mt19937& random) {
  Table t;
  t.sentence = kNone;
  t.volumes = {{"root", "", 0}, {"host", "", 0}, {"Data", "/a", 0}};
  t.claims = {{"c0", "", kNone}, {"c1", "", kNone}};
  const auto literal = [&] {
    Literal part;
    part.negated = pick(random, 4) == 0;
    part.everything = pick(random, 8) == 0;
    for (std::size_t i = pick(random, 3); i-- > 0;) {
      part.files.push_back(
          {static_cast<std::uint32_t>(pick(random, 3)), random_glob(random), pick(random, 3) ? "" : "/a/b"});
    }
    return part;
  };
  for (std::size_t i = 1 + pick(random, 6); i-- > 0;) {
    Row row;
    row.effect = pick(random, 3) == 0 ? Effect::Forbid : Effect::Permit;
    row.rights = static_cast<std::uint16_t>(1 + pick(random, 31));
    for (std::size_t k = pick(random, 3); k-- > 0;) row.literals.push_back(literal());
    t.rows.push_back(row);
  }
  for (std::uint32_t i = 0; i < 2; ++i) {
    t.guards.push_back({Plane::File, static_cast<std::uint16_t>(1 + pick(random, 31)), literal(), i});
  }
  return t;
}

}  // namespace bulkhead::table::sample
