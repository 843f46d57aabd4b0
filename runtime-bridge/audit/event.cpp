#include "runtime-bridge/audit/event.h"

namespace bulkhead::audit {

Provenance provenance(const table::Table& table, std::uint32_t row, std::uint32_t sentence, std::uint32_t claim) {
  Provenance out;
  out.row = row;
  if (sentence < table.sentences.size()) {
    const table::Sentence& from = table.sentences[sentence];
    out.file = from.file;
    out.line = from.line;
    out.text = from.text;
  }
  if (claim < table.claims.size()) {
    out.claim = table.claims[claim].name;
    out.claim_text = table.claims[claim].text;
  }
  return out;
}

std::string_view capability_name(std::uint16_t right) {
  switch (right) {
    case table::kRead:
      return "FILE_READ";
    case table::kWrite:
      return "FILE_WRITE";
    case table::kRename:
      return "FILE_RENAME";
    case table::kLink:
      return "FILE_LINK";
    case table::kExecute:
      return "PROCESS_SPAWN";
    case table::kConnect:
      return "NETWORK_CONNECT";
    case table::kBind:
      return "NETWORK_BIND";
    case table::kInvoke:
      return "SYSCALL";
  }
  return "KERNEL";
}

std::string_view level_name(table::Level level) {
  switch (level) {
    case table::Level::Standard:
      return "standard";
    case table::Level::Enhanced:
      return "enhanced";
    case table::Level::Maximum:
      return "maximum";
  }
  return "unknown";
}

}  // namespace bulkhead::audit
