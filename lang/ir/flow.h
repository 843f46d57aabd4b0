// Which way information goes: channels, labels that may go down, and the flow map, which is data. [semantics 4]
#pragma once

#include <array>
#include <string>
#include <vector>

#include "lang/ir/ids.h"
#include "lang/ir/object.h"
#include "lang/ir/right.h"

namespace bulkhead::ir {

/// What two ends speak over. An end is one or more subjects, or the network.
struct Channel {
  std::string name;
  std::vector<SubjectId> from;  // sorted; empty: the network
  std::vector<SubjectId> to;
  ObjectPatterns nets;  // where one end is the network: the addresses of the channel
  bool both_ways = false;
  bool bounded = false;       // `limit`: whether it is full tells the sender something of the receiver
  bool intact = false;        // nobody on the way can put something in: mediated, or integrity is protected
  bool confidential = false;  // nobody on the way learns what is said
  SentenceId sentence;
  std::vector<std::string> integrity_by = {};        // the algorithms that `protect integrity` names
  std::vector<std::string> confidentiality_by = {};  // the algorithms that `protect confidentiality` names
};

/// `S declassifies L to M through ch`.
struct Declassification {
  SubjectId by;
  LabelId from;
  LabelId to;
  ChannelId through;
  SentenceId sentence;
};

/// models/flow.bh: which right, setting or channel moves information, and which way. What it does not say does not
/// flow.
struct FlowMap {
  Rights into_file;                  // subject -> file
  Rights out_of_file;                // file -> subject
  Rights out_of_folder;              // folder -> subject: names that come and go are seen by whoever lists their folder
  Rights into_network;               // subject -> network
  Rights out_of_network;             // network -> subject
  Rights into_loopback;              // subject -> loopback, which is the host's
  Rights out_of_loopback;            // loopback -> subject
  bool between_hosts = false;        // network -> network: what one remote host knows every other one may know
  std::array<bool, 7> namespaces{};  // by NamespaceKind: sharing one is a way in both directions
  bool channel = false;              // sender -> receiver
  bool backpressure = false;         // receiver -> sender, of a bounded channel
  bool overhearing = false;          // sender -> network, of a channel that is not confidential
  bool forging = false;              // network -> receiver, of a channel that is not intact
};

}  // namespace bulkhead::ir
