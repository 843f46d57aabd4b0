#include "tests/bridge_seccomp/filter_world.h"

#include <algorithm>
#include <fstream>
#include <sstream>

#include "lang/base/check.h"

namespace bulkhead::test {

FilterWorld::FilterWorld(std::initializer_list<std::string_view> names) {
  std::ifstream file(BULKHEAD_SOURCE_DIR "/models/linux.bh");
  BH_CHECK(file.good(), "models/linux.bh is there");
  for (std::string line; std::getline(file, line);) {
    if (line.rfind("    ", 0) != 0 || line.find(';') == std::string::npos) continue;
    std::istringstream words(line.substr(0, line.find(';')));
    std::string name, x86, arm;
    if (!(words >> name >> x86 >> arm)) continue;
    if (names.size() != 0 && std::find(names.begin(), names.end(), name) == names.end()) continue;
    world.syscalls.push_back({name, x86 == "-" ? -1 : std::stoi(x86), arm == "-" ? -1 : std::stoi(arm)});
  }
  world.module = "test";
  world.sentences = {{{}, "container Agent", false, false}};
  world.volumes.resize(2);
  world.volumes[0].kind = ir::VolumeKind::OwnRoot;
  world.volumes[1].kind = ir::VolumeKind::Host;
  world.subjects.resize(2);
  world.subjects[0].kind = ir::SubjectKind::Host;
  world.subjects[1].name = "Agent";
  world.subjects[1].sentence = ir::SentenceId{0};
}

ir::SyscallId FilterWorld::call(std::string_view name) const {
  for (std::size_t i = 0; i < world.syscalls.size(); ++i) {
    if (world.syscalls[i].name == name) return ir::SyscallId{i};
  }
  BH_CHECK(false, "the call is in models/linux.bh");
}

void FilterWorld::rule(ir::Effect effect, std::vector<ir::SyscallId> calls, std::optional<ir::ExprId> when) {
  ir::Rule rule;
  rule.effect = effect;
  rule.subject = container();
  rule.rights = ir::Right::Invoke;
  rule.plane = ir::Plane::Syscall;
  std::sort(calls.begin(), calls.end());
  rule.objects.syscalls = std::move(calls);
  rule.when = when;
  rule.sentence = ir::SentenceId{0};
  world.rules.push_back(rule);
}

void FilterWorld::permit(std::initializer_list<std::string_view> names, std::optional<ir::ExprId> when) {
  std::vector<ir::SyscallId> calls;
  for (const std::string_view name : names) calls.push_back(call(name));
  rule(ir::Effect::Permit, std::move(calls), when);
}
void FilterWorld::permit_all() {
  std::vector<ir::SyscallId> calls;
  for (std::size_t i = 0; i < world.syscalls.size(); ++i) calls.emplace_back(i);
  rule(ir::Effect::Permit, std::move(calls), std::nullopt);
}
void FilterWorld::forbid(std::initializer_list<std::string_view> names, std::optional<ir::ExprId> when) {
  std::vector<ir::SyscallId> calls;
  for (const std::string_view name : names) calls.push_back(call(name));
  rule(ir::Effect::Forbid, std::move(calls), when);
}
void FilterWorld::deny(std::initializer_list<std::string_view> names, ir::SyscallAction action,
                       std::optional<ir::ExprId> when) {
  ir::SyscallDenial denial;
  for (const std::string_view name : names) denial.syscalls.push_back(call(name));
  std::sort(denial.syscalls.begin(), denial.syscalls.end());
  denial.action = action;
  denial.when = when;
  denial.sentence = ir::SentenceId{0};
  world.subjects[1].denials.push_back(denial);
}

ir::ExprId FilterWorld::add(ir::Expr expr) {
  world.exprs.push_back(std::move(expr));
  return ir::ExprId{world.exprs.size() - 1};
}

ir::ExprId FilterWorld::test(unsigned argument, std::uint64_t mask, ir::Op op, std::uint64_t value) {
  const ir::Type word{ir::TypeKind::Int, {}};
  ir::Expr field;
  field.op = ir::Op::Field;
  field.type = word;
  field.field = static_cast<ir::ObjectField>(static_cast<unsigned>(ir::ObjectField::Argument0) + argument);
  ir::ExprId left = add(field);
  const auto constant = [&](std::uint64_t number) {
    ir::Expr expr;
    expr.type = word;
    expr.value = static_cast<std::int64_t>(number);
    return add(expr);
  };
  if (mask != ~std::uint64_t{0}) {
    const ir::ExprId mask_id = constant(mask);
    ir::Expr both;
    both.op = ir::Op::BitAnd;
    both.type = word;
    both.args = {left, mask_id};
    left = add(both);
  }
  const ir::ExprId right = constant(value);
  ir::Expr compare;
  compare.op = op;
  compare.args = {left, right};
  return add(compare);
}

ir::ExprId FilterWorld::join(ir::Op op, std::vector<ir::ExprId> args) {
  ir::Expr expr;
  expr.op = op;
  expr.args = std::move(args);
  return add(expr);
}

void FilterWorld::standard() {
  permit_all();
  forbid({"clone"}, test(0, 0x7e020000, ir::Op::NotEqual, 0));
  std::vector<ir::ExprId> families;
  for (const std::uint64_t family : {1, 2, 10}) families.push_back(test(0, ~std::uint64_t{0}, ir::Op::Equal, family));
  forbid({"socket", "socketpair"}, join(ir::Op::Not, {join(ir::Op::Or, families)}));
  const ir::ExprId push = test(1, 0xffffffff, ir::Op::Equal, 0x5412);
  const ir::ExprId console = test(1, 0xffffffff, ir::Op::Equal, 0x541c);
  forbid({"ioctl"}, join(ir::Op::Or, {push, console}));
  forbid({"mmap", "mprotect", "pkey_mprotect"}, test(2, 6, ir::Op::Equal, 6));
  forbid({"memfd_secret",
          "ptrace",
          "process_vm_readv",
          "process_vm_writev",
          "bpf",
          "userfaultfd",
          "keyctl",
          "add_key",
          "request_key",
          "perf_event_open",
          "io_uring_setup",
          "io_uring_enter",
          "io_uring_register",
          "unshare",
          "setns",
          "mount",
          "umount2",
          "pivot_root",
          "chroot",
          "clone3",
          "openat2",
          "reboot",
          "init_module",
          "kexec_load"});
  deny({"reboot", "kexec_load"}, {ir::SyscallAction::Kind::KillProcess, 0});
  deny({"perf_event_open"}, {ir::SyscallAction::Kind::Errno, 38});
}

}  // namespace bulkhead::test
