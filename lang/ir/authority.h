// Authority that moves: who holds what from the start, which sentences hand a right on to whom or take it back, and
// what has to be the case when they do. [semantics 2]
#pragma once

#include <string>
#include <vector>

#include "lang/ir/ids.h"
#include "lang/ir/object.h"
#include "lang/ir/right.h"

namespace bulkhead::ir {

/// `S holds C(read, delegate)`: the holder has these rights on these objects from the start.
struct Holding {
  SubjectId holder;
  Rights rights;        // of one plane, file or net
  bool onward = false;  // with `delegate`: it may hand them on
  Plane plane = Plane::File;
  ObjectPatterns objects;  // never of a private root: two containers mean different files by one name there
  SentenceId sentence;
  std::string capability = {};  // its name
};

/// `B holds write on Ledger`: at this moment B has the right on at least one of the objects, by its own sentences in
/// some context, by a `holds` sentence, or because it was handed over and nobody has taken it back.
struct Possession {
  SubjectId holder;
  Right right = Right::Read;
  ObjectPatterns objects;  // as in Holding
  std::string name;        // of the objects, as it is written
};

/// What has to be the case when a step is taken: each literal of one of the alternatives. None: always.
struct HoldsCondition {
  struct Literal {
    PossessionId what;
    bool negated = false;
    friend auto operator<=>(const Literal&, const Literal&) = default;
  };
  using Alternative = std::vector<Literal>;  // sorted, no two equal, never empty
  std::vector<Alternative> alternatives;

  bool always() const { return alternatives.empty(); }
};

/// `S may delegate read on Disk to D via bus`: S may at any time hand the receiver a right that it has itself, either
/// by a sentence about itself, or handed to it together with `delegate`.
struct Delegation {
  SubjectId from;
  SubjectId to;
  Rights rights;
  bool onward = false;  // the receiver may hand them on in turn
  Plane plane = Plane::File;
  ObjectPatterns objects;  // as in Holding
  ChannelId via;
  SentenceId sentence;
  HoldsCondition when = {};
};

/// `S may revoke read on Disk from D`: S may at any time take back a right that it handed to D itself, and with it
/// everything that was derived from that.
struct Revocation {
  SubjectId by;
  SubjectId from;
  Rights rights;
  Plane plane = Plane::File;
  ObjectPatterns objects;  // as in Holding
  SentenceId sentence;
  HoldsCondition when = {};
};

}  // namespace bulkhead::ir
