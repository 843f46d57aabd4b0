#include "lang/types/syscall_action.h"

#include "lang/base/check.h"
#include "lang/types/quantity.h"

namespace bulkhead::types {
namespace {

using Answer = ir::SyscallAction::Kind;

struct ErrnoRow {
  std::string_view name;
  std::uint16_t number;
};
constexpr ErrnoRow kErrnos[] = {
#define BH_ERRNO(name, number) {#name, number},
#include "lang/types/errno.def"
#undef BH_ERRNO
};

struct WordRow {
  std::string_view word;
  Answer kind;
  std::uint64_t most;  // the largest value that may follow; 0: none may
};
constexpr WordRow kWords[] = {
    {"errno", Answer::Errno, 4095},         {"trap", Answer::Trap, 65535}, {"kill", Answer::KillProcess, 0},
    {"kill_thread", Answer::KillThread, 0}, {"log", Answer::Log, 0},       {"notify", Answer::Notify, 0},
};

void report_unknown(Lowering& lowering, const ast::Name& name) {
  std::vector<std::string> choices;
  for (const WordRow& row : kWords) choices.emplace_back(row.word);
  for (const ErrnoRow& row : kErrnos) choices.emplace_back(row.name);
  diag::Diagnostic report{Code::UnknownWord,
                          name.span,
                          "there is no answer `" + name.text + "`",
                          {},
                          "an error by name or `errno 38`, `kill`, `kill_thread`, `trap 5`, `log` or `notify`",
                          {}};
  if (const auto meant = diag::did_you_mean(name.text, choices)) {
    report.help = "did you mean `" + *meant + "`?";
    report.fixes.push_back({name.span, *meant});
  }
  lowering.sink.report(std::move(report));
}

}  // namespace

std::optional<ir::SyscallAction> lower_action(Lowering& lowering, const ast::SyscallAction& action) {
  for (const WordRow& row : kWords) {
    if (row.word != action.name.text) continue;
    if (!action.value)
      return ir::SyscallAction{row.kind, static_cast<std::uint16_t>(row.kind == Answer::Errno ? 1 : 0)};
    if (row.most == 0) {
      lowering.error(Code::UnknownWord, action.value->span, "`" + action.name.text + "` takes no number");
      return std::nullopt;
    }
    const std::uint64_t least = row.kind == Answer::Errno ? 1 : 0;  // errno 0 would report success
    const auto value = plain_number(*action.value, least, row.most, "`" + action.name.text + "`", lowering.sink);
    if (!value) return std::nullopt;
    return ir::SyscallAction{row.kind, static_cast<std::uint16_t>(*value)};
  }
  for (const ErrnoRow& row : kErrnos) {
    if (row.name == action.name.text) return ir::SyscallAction{Answer::Errno, row.number};
  }
  report_unknown(lowering, action.name);
  return std::nullopt;
}

std::string spell(const ir::SyscallAction& action) {
  for (const ErrnoRow& row : kErrnos) {
    if (action.kind == Answer::Errno && row.number == action.value) return std::string(row.name);
  }
  for (const WordRow& row : kWords) {
    if (row.kind != action.kind) continue;
    return std::string(row.word) + (row.most != 0 ? " " + std::to_string(action.value) : "");
  }
  BH_CHECK(false, "an unknown answer");
}

}  // namespace bulkhead::types
