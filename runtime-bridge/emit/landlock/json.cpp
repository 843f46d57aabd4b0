#include "runtime-bridge/emit/landlock/json.h"

#include <nlohmann/json.hpp>

namespace bulkhead::emit::landlock {

std::string to_json(const table::Landlock& rules) {
  using Json = nlohmann::ordered_json;
  Json list = Json::array();
  for (const auto& rule : rules.rules)
    list.push_back({{"path", rule.path}, {"access", rule.access}, {"file_only", rule.file_only}});
  Json ports = Json::array();
  for (const auto& port : rules.ports) ports.push_back({{"port", port.port}, {"access", port.access}});
  const Json out{{"schema", "bulkhead.landlock/v1"}, {"handled_fs", rules.handled_fs},
                 {"handled_net", rules.handled_net}, {"scoped", rules.scoped},
                 {"rules", std::move(list)},         {"ports", std::move(ports)}};
  return out.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace bulkhead::emit::landlock
