// The flow map: which right, namespace or channel moves information, and which way.
#include <algorithm>
#include <map>

#include "lang/types/authority.h"

namespace bulkhead::types {
namespace {

const std::vector<std::string> kPlaces = {"subject", "file", "folder", "network", "loopback", "sender", "receiver"};
const std::vector<std::string> kNamespaces = {"pid", "mount", "net", "ipc", "user", "uts", "cgroup"};

/// Where the rights of a sentence `subject -> place` or `place -> subject` are kept.
ir::Rights* rights_of(ir::FlowMap& map, const std::string& from, const std::string& to) {
  const std::map<std::pair<std::string, std::string>, ir::Rights*> table = {
      {{"subject", "file"}, &map.into_file},          {{"file", "subject"}, &map.out_of_file},
      {{"folder", "subject"}, &map.out_of_folder},    {{"subject", "network"}, &map.into_network},
      {{"network", "subject"}, &map.out_of_network},  {{"subject", "loopback"}, &map.into_loopback},
      {{"loopback", "subject"}, &map.out_of_loopback}};
  const auto found = table.find({from, to});
  return found == table.end() ? nullptr : found->second;
}

/// What a channel or a remote host does, which is no right: `channel: sender -> receiver`.
bool* other_way(ir::FlowMap& map, const std::string& what, const std::string& from, const std::string& to) {
  if (what == "channel" && from == "sender" && to == "receiver") return &map.channel;
  if (what == "limit" && from == "receiver" && to == "sender") return &map.backpressure;
  if (what == "wire" && from == "sender" && to == "network") return &map.overhearing;
  if (what == "wire" && from == "network" && to == "receiver") return &map.forging;
  if (what == "remote" && from == "network" && to == "network") return &map.between_hosts;
  return nullptr;
}

class FlowSentence {
 public:
  FlowSentence(Lowering& lowering, const ast::FlowDecl& written) : lowering_(lowering), written_(written) {}

  void lower() {
    bool known = true;
    for (const ast::Name* place : {&written_.from, &written_.to}) {
      const bool place_known = std::find(kPlaces.begin(), kPlaces.end(), place->text) != kPlaces.end();
      if (!place_known) lowering_.unknown_word(Code::UnknownWord, *place, "place of information", kPlaces);
      known = known && place_known;
    }
    if (!known) return;
    for (const ast::Name& what : written_.what) {
      put(what, written_.from.text, written_.to.text);
      if (written_.both_ways && written_.from.text != written_.to.text) put(what, written_.to.text, written_.from.text);
    }
  }

 private:
  void put(const ast::Name& what, const std::string& from, const std::string& to) {
    ir::FlowMap& map = lowering_.world.flow;
    const auto right = ir::right_from(what.text);
    const auto space = std::find(kNamespaces.begin(), kNamespaces.end(), what.text);
    if (bool* way = other_way(map, what.text, from, to)) {
      *way = true;
    } else if (space != kNamespaces.end() && from == "subject" && to == "subject" && written_.both_ways) {
      map.namespaces.at(static_cast<std::size_t>(space - kNamespaces.begin())) = true;
    } else if (ir::Rights* rights = right ? rights_of(map, from, to) : nullptr;
               rights != nullptr && fits(*right, from, to)) {
      *rights = *rights | *right;
    } else {
      lowering_.error(Code::BadFlow, what.span, "`" + what.text + "` moves nothing from `" + from + "` to `" + to + "`",
                      "rights move between a subject and a file, folder, network or loopback, namespaces `subject <-> "
                      "subject`, a channel `sender -> receiver`, its limit `receiver -> sender`, its wire to and from "
                      "the network, remote hosts `network -> network`");
    }
  }

  static bool fits(ir::Right right, const std::string& from, const std::string& to) {
    const std::string& place = from == "subject" ? to : from;
    const ir::Plane plane = place == "file" || place == "folder" ? ir::Plane::File : ir::Plane::Net;
    return ir::plane_of(right) == plane;
  }

  Lowering& lowering_;
  const ast::FlowDecl& written_;
};

}  // namespace

void lower_flow_map(Lowering& lowering) {
  for (const resolve::Module& module : lowering.modules.modules) {
    for (const ast::Sentence& sentence : module.tree.sentences) {
      if (const auto* flow = std::get_if<ast::FlowDecl>(&sentence.form)) FlowSentence(lowering, *flow).lower();
    }
  }
}

}  // namespace bulkhead::types
