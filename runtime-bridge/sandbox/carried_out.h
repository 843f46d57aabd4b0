// What a table says and no run carries out: found before anything is made, and refused with the sentence.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "runtime-bridge/table/table.h"

namespace bulkhead::sandbox {

/// The smallest limit of open files under which a program can be started: at levels standard and enhanced its streams,
/// the socket to the supervisor, the program, a Landlock rule set and the path of a rule are open at once.
constexpr std::uint64_t least_open_files(table::Level level) {
  return level == table::Level::Maximum ? 4 : 7;
}

struct Objection {
  std::string what;
  std::string help;
  std::uint32_t sentence = table::kNone;  // of the table
};

/// A limit of open files that no program starts under; a grant of connecting that names a protocol and not TCP, for
/// which alone connections are made. A grant without a protocol is carried out for TCP.
///
/// Soundness: over-approximates; a grant that other sentences take back altogether is objected to as well.
std::optional<Objection> not_carried_out(const table::Table& table);

}  // namespace bulkhead::sandbox
