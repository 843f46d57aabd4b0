// Small transition systems with known theorems, for the tests of semantics and engines.
#pragma once

#include <utility>
#include <vector>

#include "lang/system/builder.h"
#include "lang/system/theorem.h"

namespace bulkhead::test {

enum class Flush : bool { Forgotten, Done };

/// Frames, their owners and mappings: mapped by two containers only where `transfer` forgets to flush.
struct Memory {
  explicit Memory(Flush flush);
  system::System system;
  system::SortId container, frame;
  system::FunctionId owner, mapped;
  system::ActionId map, transfer;
  system::PropertyId owned, exclusive;
};

enum class Wrap : bool { Never, At256 };

/// A number that one action raises by three from 1: below 0 never as an integer; 0 again, after a while, as a byte.
struct Counter {
  explicit Counter(Wrap wrap);
  system::System system;
  system::FunctionId number;
  system::ActionId raise;
  system::TermId is_zero, is_ten;
};

/// A token goes round a ring of three places by `pass`; `rest` changes nothing.
struct Ring {
  Ring();
  system::System system;
  system::EnumId place;
  system::FunctionId at;
  system::ActionId pass, rest;
  /// From each place to the last one.
  system::LeadsTo served(std::vector<system::Fair> fair) const;

 private:
  system::TermId yes_, arrived_;
};

enum class Wipe : bool { Forgotten, Done };

/// Users write into cells that they hold; `give`, the system's own, hands a cell on, wiped or not. Each user sees what
/// its cells hold.
struct Cells {
  explicit Cells(Wipe wipe);
  system::System system;
  system::SortId user, cell;
  system::FunctionId holder, content, trusts, heir;
  system::ActionId write, give;
  /// From nobody; or from those whom the observer trusts.
  system::LeaksNothing leaks_nothing;
  system::LeaksNothing except_trusted;
};

}  // namespace bulkhead::test
