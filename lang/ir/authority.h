// Authority that moves: who holds what from the start, and which sentences hand a right on to whom. [semantics 2]
#pragma once

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
};

}  // namespace bulkhead::ir
