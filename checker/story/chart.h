// Runs of protocols as message-sequence charts: a lane for each role, one for the wire between them.
//
// What a step does is read from its action's name, which docs/language/protocols.md defines ("client_Idle_send_Read",
// "lose_Read", "attacker_forges_Read"); that a name belongs to a role is checked against the role's states.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lang/system/state.h"

namespace bulkhead::story {

struct Chart {
  enum class Kind : std::uint8_t { Message, Lost, Note };
  struct Row {
    Kind kind = Kind::Note;
    std::size_t from = 0, to = 0;  // lanes; the same one except for a Message
    std::string text;              // "Read(Nonce 1, Block 2)"
  };
  std::vector<std::string> lanes;  // "client", "wire", "server"
  std::vector<Row> rows;
};

/// None: the system is no protocol. Requires: is_valid(system), the run is one of it.
std::optional<Chart> chart_of(const system::System& system, const system::Run& run);

/// Lines of text of the same meaning, the first one with the names of the lanes.
std::vector<std::string> lines(const Chart& chart);
/// A picture, SVG 1.1, that needs no fonts and no scripts of its own. Text is escaped.
std::string svg(const Chart& chart);

}  // namespace bulkhead::story
