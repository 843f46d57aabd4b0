// A run as a person reads it: numbered steps, each with the sentence of the source that it is, and what it changed.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lang/source/source.h"
#include "lang/system/state.h"

namespace bulkhead::story {

/// "true", "17", "High", "Container 2": elements are numbered from 1.
std::string show(const system::System& system, const system::Type& type, system::Value value);
/// "map(Container 1, Frame 2)".
std::string show(const system::System& system, const system::Fired& fired);

struct Step {
  std::string action;
  std::string place;                 // "memory.bh:12"; empty: nowhere
  std::vector<std::string> changes;  // "mapped(Container 1, Frame 2): false -> true"
  bool refused = false;              // an attempt whose guard failed
};
struct Story {
  std::string scope;               // "2 Container, 1 Frame"; empty: no sorts
  std::vector<std::string> first;  // what the declarations leave open: "owner(Frame 1) = Container 1"
  std::vector<Step> steps;
  std::optional<std::size_t> loop;  // as in Run
};

/// Requires: is_valid(system); the run replays, apart from attempts whose guard fails.
Story tell(const system::System& system, const system::Run& run, const source::SourceMap& sources);

/// The story as lines of text, each ended.
std::string text(const Story& story);

}  // namespace bulkhead::story
