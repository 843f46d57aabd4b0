// The tables of the kernel: enums, system calls by number, kernel capabilities by number.
#include <map>

#include "lang/types/lowering.h"
#include "lang/types/quantity.h"

namespace bulkhead::types {
namespace {

constexpr std::uint64_t kMaxSyscall = 1023;   // numbers are dense and below this on every architecture
constexpr std::uint64_t kMaxCapability = 63;  // the kernel keeps capabilities in 64 bits

/// Numbers that are taken, to report the second taker with the first one.
class Taken {
 public:
  Taken(Lowering& lowering, std::string what) : lowering_(lowering), what_(std::move(what)) {}

  void take(std::uint64_t number, const ast::Name& name, const source::Span& span) {
    const auto [found, fresh] = by_number_.emplace(number, name);
    if (fresh) return;
    lowering_.sink.report(
        {Code::SyscallTable,
         span,
         what_ + " " + std::to_string(number) + " is both `" + found->second.text + "` and `" + name.text + "`",
         {{found->second.span, "`" + found->second.text + "` takes it here"}},
         "",
         {}});
  }

 private:
  Lowering& lowering_;
  std::string what_;
  std::map<std::uint64_t, ast::Name> by_number_;
};

std::int32_t syscall_number(Lowering& lowering, const std::optional<ast::Number>& written, const ast::Name& name,
                            Taken& taken) {
  if (!written) return -1;
  const auto number = plain_number(*written, 0, kMaxSyscall, "the number of a system call", lowering.sink);
  if (!number) return -1;
  taken.take(*number, name, written->span);
  return static_cast<std::int32_t>(*number);
}

}  // namespace

void lower_enums(Lowering& lowering) {
  const auto& symbols = lowering.names.symbols();
  for (std::size_t i = 0; i < symbols.size(); ++i) {
    if (symbols[i].kind != Kind::Enum) continue;
    const auto& decl = std::get<ast::EnumDecl>(lowering.sentence_of(SymbolId(i)).form);
    ir::EnumType made{decl.name.text, {}};
    std::map<std::string, source::Span> seen;
    for (const ast::Name& member : decl.members) {
      const auto [found, fresh] = seen.emplace(member.text, member.span);
      if (!fresh) {
        lowering.sink.report({Code::DuplicateName,
                              member.span,
                              "`" + member.text + "` stands twice in `" + decl.name.text + "`",
                              {{found->second, "first here"}},
                              "",
                              {}});
      }
      made.members.push_back(member.text);
    }
    lowering.enums[i] = ir::EnumId(lowering.world.enums.size());
    lowering.world.enums.push_back(std::move(made));
  }
}

void lower_syscalls(Lowering& lowering) {
  Taken x86_64(lowering, "on x86-64, system call");
  Taken aarch64(lowering, "on aarch64, system call");
  const auto& symbols = lowering.names.symbols();
  for (std::size_t i = 0; i < symbols.size(); ++i) {
    if (symbols[i].kind != Kind::Syscall) continue;
    const auto& decl = std::get<ast::SyscallsDecl>(lowering.sentence_of(SymbolId(i)).form);
    const ast::SyscallsDecl::Entry& entry = decl.entries[symbols[i].item];
    ir::Syscall call;
    call.name = entry.name.text;
    call.x86_64 = syscall_number(lowering, entry.x86_64, entry.name, x86_64);
    call.aarch64 = syscall_number(lowering, entry.aarch64, entry.name, aarch64);
    if (!entry.x86_64 && !entry.aarch64) {
      lowering.error(Code::SyscallTable, entry.span, "`" + call.name + "` has a number on no architecture");
    }
    lowering.syscalls[i] = ir::SyscallId(lowering.world.syscalls.size());
    lowering.world.syscalls.push_back(std::move(call));
  }
}

void lower_capabilities(Lowering& lowering) {
  Taken numbers(lowering, "kernel capability");
  const auto& symbols = lowering.names.symbols();
  for (std::size_t i = 0; i < symbols.size(); ++i) {
    if (symbols[i].kind != Kind::KernelCapability) continue;
    const auto& decl = std::get<ast::KernelCapabilitiesDecl>(lowering.sentence_of(SymbolId(i)).form);
    const auto& entry = decl.entries[symbols[i].item];
    const auto number =
        plain_number(entry.number, 0, kMaxCapability, "the number of a kernel capability", lowering.sink);
    if (!number) continue;
    numbers.take(*number, entry.name, entry.number.span);
    auto& table = lowering.world.capability_names;
    if (table.size() <= *number) table.resize(*number + 1);
    table[*number] = entry.name.text;
  }
}

}  // namespace bulkhead::types
