// The layout of every record of a table, written once: the encoder and the decoder walk the same description.
//
// An archive A has u8, u16, u32, u64, flag, choice, text, bytes, list. `R` is a record, const where the archive only
// reads it.
#pragma once

#include <cstdint>

#include "runtime-bridge/table/table.h"

namespace bulkhead::table::layout {

// A field that is not described below would be lost without a word; these stop the build where one is added.
#if defined(__GLIBCXX__) && defined(__LP64__)
static_assert(sizeof(Sentence) == 72 && sizeof(Claim) == 72 && sizeof(FilePattern) == 72 && sizeof(NetPattern) == 40 &&
                  sizeof(Literal) == 80 && sizeof(Row) == 40 && sizeof(Guard) == 96 && sizeof(Volume) == 72 &&
                  sizeof(Mount) == 48 && sizeof(ClosurePath) == 80 && sizeof(Limit) == 16 && sizeof(SyscallRow) == 56 &&
                  sizeof(LandlockRule) == 48 && sizeof(LandlockPort) == 16 && sizeof(Landlock) == 72,
              "a record of the table has changed: describe the new field here and in docs/formats/table.md");
static_assert(sizeof(Table) == 712, "the table has changed: describe the new field here and in docs/formats/table.md");
#endif

template <class A, class R>
void sentence(A& a, R& r) {
  a.text(r.file);
  a.u32(r.line);
  a.text(r.text);
}

template <class A, class R>
void claim(A& a, R& r) {
  a.text(r.name);
  a.text(r.text);
  a.u32(r.sentence);
}

template <class A, class R>
void file_pattern(A& a, R& r) {
  a.u32(r.volume);
  a.text(r.glob);
  a.text(r.prefix);
}

template <class A, class R>
void net_pattern(A& a, R& r) {
  a.u8(r.family);
  a.u8(r.protos);
  a.u16(r.first_port);
  a.u16(r.last_port);
  a.bytes(r.first);
  a.bytes(r.last);
}

template <class A, class R>
void literal(A& a, R& r) {
  a.flag(r.negated);
  a.flag(r.everything);
  a.list(r.files, [](auto& archive, auto& pattern) { file_pattern(archive, pattern); });
  a.list(r.nets, [](auto& archive, auto& pattern) { net_pattern(archive, pattern); });
  a.list(r.capabilities, [](auto& archive, auto& number) { archive.u8(number); });
}

template <class A, class R>
void row(A& a, R& r) {
  a.choice(r.effect, Effect::Forbid);
  a.choice(r.plane, Plane::KernelCapability);
  a.u16(r.rights);
  a.u32(r.sentence);
  a.u32(r.claim);
  a.list(r.literals, [](auto& archive, auto& part) { literal(archive, part); });
}

template <class A, class R>
void guard(A& a, R& r) {
  a.choice(r.plane, Plane::KernelCapability);
  a.u16(r.rights);
  a.u32(r.claim);
  literal(a, r.objects);
}

template <class A, class R>
void volume(A& a, R& r) {
  a.text(r.name);
  a.text(r.host_source);
  a.u64(r.tmpfs_bytes);
}

template <class A, class R>
void mount(A& a, R& r) {
  a.u32(r.volume);
  a.text(r.target);
  a.flag(r.readonly);
  a.u32(r.sentence);
}

template <class A, class R>
void closure_path(A& a, R& r) {
  a.text(r.path);
  a.flag(r.folder);
  a.text(r.link_target);
  a.u32(r.sentence);
}

template <class A, class R>
void limit(A& a, R& r) {
  a.flag(r.set);
  a.u64(r.amount);
  a.u32(r.sentence);
}

template <class A, class R>
void syscall_row(A& a, R& r) {
  a.u32(r.number);
  a.text(r.name);
  a.flag(r.allowed);
  a.u16(r.error);
  a.u32(r.sentence);
  a.u32(r.claim);
}

template <class A, class R>
void landlock_rule(A& a, R& r) {
  a.text(r.path);
  a.u64(r.access);
  a.u32(r.sentence);
  a.flag(r.file_only);
}

template <class A, class R>
void landlock_port(A& a, R& r) {
  a.u16(r.port);
  a.u64(r.access);
}

/// The sections of a table after the string pool, in their order; A::section starts one.
template <class A, class R>
void sections(A& a, R& t) {
  const auto text = [](auto& archive, auto& value) { archive.text(value); };
  a.section(2);  // identity
  a.text(t.module);
  a.text(t.container);
  a.text(t.profile);
  a.u32(t.sentence);
  a.choice(t.level, Level::Maximum);
  a.flag(t.rootfs_readonly);
  a.bytes(t.policy_digest);
  a.bytes(t.certificate_digest);
  for (auto& mode : t.namespaces) a.choice(mode, NamespaceMode::Host);
  a.u32(t.user);
  a.u32(t.group);
  a.u64(t.kernel_capabilities);
  a.section(3);
  a.list(t.sentences, [](auto& archive, auto& r) { sentence(archive, r); });
  a.section(4);
  a.list(t.claims, [](auto& archive, auto& r) { claim(archive, r); });
  a.section(5);
  a.list(t.volumes, [](auto& archive, auto& r) { volume(archive, r); });
  a.section(6);
  a.list(t.rows, [](auto& archive, auto& r) { row(archive, r); });
  a.section(7);
  a.list(t.guards, [](auto& archive, auto& r) { guard(archive, r); });
  a.section(8);
  a.list(t.mounts, [](auto& archive, auto& r) { mount(archive, r); });
  a.section(9);
  a.list(t.closure, [](auto& archive, auto& r) { closure_path(archive, r); });
  a.section(10);
  a.list(t.environment, text);
  a.list(t.degrade, text);
  a.section(11);
  limit(a, t.limits.memory);
  limit(a, t.limits.cpu);
  limit(a, t.limits.pids);
  limit(a, t.limits.time);
  limit(a, t.limits.disk);
  limit(a, t.limits.open_files);
  a.section(12);  // filters
  a.text(t.filter_x86_64);
  a.text(t.filter_aarch64);
  a.flag(t.exec_gain_by_filter);
  a.section(13);
  a.u16(t.unknown_syscall_error);
  a.list(t.syscalls, [](auto& archive, auto& r) { syscall_row(archive, r); });
  a.section(14);
  a.u64(t.landlock.handled_fs);
  a.u64(t.landlock.handled_net);
  a.u64(t.landlock.scoped);
  a.list(t.landlock.rules, [](auto& archive, auto& r) { landlock_rule(archive, r); });
  a.list(t.landlock.ports, [](auto& archive, auto& r) { landlock_port(archive, r); });
  a.section(15);
  a.text(t.nftables);
}

inline constexpr std::uint32_t kSectionCount = 15;  // the string pool is section 1

}  // namespace bulkhead::table::layout
