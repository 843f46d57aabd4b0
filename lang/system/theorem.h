// Theorems: what is claimed about a transition system.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "lang/system/ids.h"

namespace bulkhead::system {

/// `M.inv`: the property holds in every reachable state.
struct Always {
  PropertyId property;
};
/// `M unreachable: P`: no reachable state satisfies the closed formula.
struct Never {
  TermId formula;
};
/// An instance of an action that is not left enabled for ever without being taken.
struct Fair {
  ActionId action;
  bool strong = false;  // enabled again and again suffices
};
/// `forall each. P leads to Q under fair {...}`: after each state with P comes one with Q, in every fair run.
struct LeadsTo {
  std::vector<BinderId> each;
  TermId from;
  TermId to;
  std::vector<Fair> fair;
  std::vector<TermId> rank = {};  // integers over `each`, written by the user as what goes down; hints, not part of it
};
/// `M leaks nothing to o except from d where R(d, o)`: noninfluence for the view. `except` is a term over the two
/// binders; actions of which d is the first parameter of the observer's sort are d's.
struct LeaksNothing {
  ViewId view;
  BinderId observer;
  BinderId source;
  TermId except;  // invalid: from nobody
};
using Statement = std::variant<Always, Never, LeadsTo, LeaksNothing>;

/// `for 3 Container, 2 Frame within 20 steps`: these sorts have exactly so many elements, runs at most so many steps.
struct Bounds {
  std::vector<std::pair<SortId, std::uint32_t>> sizes;
  std::optional<std::uint32_t> steps;
};

struct Theorem {
  Statement statement;
  Bounds bounds;
};

}  // namespace bulkhead::system
