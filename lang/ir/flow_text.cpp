#include "lang/ir/flow_text.h"

#include <string_view>

namespace bulkhead::ir {
namespace {

constexpr std::string_view kNamespaces[] = {"pid", "mount", "net", "ipc", "user", "uts", "cgroup"};

std::string sentence(Rights rights, std::string_view way) {
  std::string what;
  for (const Right right : kAllRights) {
    if (rights.has(right)) what += (what.empty() ? "" : ", ") + std::string(to_string(right));
  }
  return what.empty() ? "" : "flow " + what + ": " + std::string(way) + ";\n";
}

std::string sentence(bool flows, std::string_view way) {
  return flows ? "flow " + std::string(way) + ";\n" : "";
}

}  // namespace

std::string canonical_text(const FlowMap& flow) {
  std::string text =
      sentence(flow.into_file, "subject -> file") + sentence(flow.out_of_file, "file -> subject") +
      sentence(flow.out_of_folder, "folder -> subject") + sentence(flow.into_network, "subject -> network") +
      sentence(flow.out_of_network, "network -> subject") + sentence(flow.into_loopback, "subject -> loopback") +
      sentence(flow.out_of_loopback, "loopback -> subject");
  for (std::size_t i = 0; i < flow.namespaces.size(); ++i) {
    text += sentence(flow.namespaces.at(i), std::string(kNamespaces[i]) + ": subject <-> subject");
  }
  return text + sentence(flow.between_hosts, "remote: network -> network") +
         sentence(flow.channel, "channel: sender -> receiver") +
         sentence(flow.backpressure, "limit: receiver -> sender") +
         sentence(flow.overhearing, "wire: sender -> network") + sentence(flow.forging, "wire: network -> receiver");
}

}  // namespace bulkhead::ir
