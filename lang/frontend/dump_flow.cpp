#include "lang/frontend/dump_flow.h"

#include "lang/frontend/spell.h"

namespace bulkhead::frontend {

std::string dump_flow(const ir::FlowMap& flow) {
  std::string out;
  const auto rights = [&](ir::Rights which, const std::string& way) {
    if (!which.empty()) out += "flow " + spell_rights(which) + ": " + way + ";\n";
  };
  const auto channel = [&](bool flows, const std::string& way) {
    if (flows) out += "flow " + way + ";\n";
  };
  rights(flow.into_file, "subject -> file");
  rights(flow.out_of_file, "file -> subject");
  rights(flow.out_of_folder, "folder -> subject");
  rights(flow.into_network, "subject -> network");
  rights(flow.out_of_network, "network -> subject");
  rights(flow.into_loopback, "subject -> loopback");
  rights(flow.out_of_loopback, "loopback -> subject");
  for (std::size_t i = 0; i < ir::kNamespaceKinds; ++i)
    channel(flow.namespaces.at(i), std::string(kNamespaceWords[i]) + ": subject <-> subject");
  channel(flow.between_hosts, "remote: network -> network");
  channel(flow.channel, "channel: sender -> receiver");
  channel(flow.backpressure, "limit: receiver -> sender");
  channel(flow.overhearing, "wire: sender -> network");
  channel(flow.forging, "wire: network -> receiver");
  return out;
}

}  // namespace bulkhead::frontend
