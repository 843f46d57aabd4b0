#include "checker/selinux/flow_map.h"

#include <optional>

namespace bulkhead::selinux {
namespace {

std::string_view take_word(std::string_view& line) {
  const std::size_t begin = line.find_first_not_of(" \t\r");
  if (begin == std::string_view::npos) return line = {};
  const std::size_t end = std::min(line.find_first_of(" \t\r", begin), line.size());
  const std::string_view word = line.substr(begin, end - begin);
  line.remove_prefix(end);
  return word;
}

std::optional<Direction> direction_of(std::string_view word) {
  if (word == "in") return Direction{true, false};
  if (word == "out") return Direction{false, true};
  if (word == "both") return Direction{true, true};
  if (word == "none") return Direction{false, false};
  return std::nullopt;
}

}  // namespace

Result<FlowMap, std::string> read_flow_map(std::string_view text) {
  FlowMap map;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    line = line.substr(0, line.find('#'));
    const std::string place = "line " + std::to_string(number) + ": ";
    const std::string_view first = take_word(line);
    if (first.empty()) continue;
    const std::optional<Direction> direction = direction_of(first);
    if (!direction) return fail(place + "expected in, out, both or none, found `" + std::string(first) + "`");
    for (std::string_view word = take_word(line); !word.empty(); word = take_word(line)) {
      if (!map.directions.emplace(word, *direction).second)
        return fail(place + "`" + std::string(word) + "` stands twice");
    }
  }
  return map;
}

PermissionFlows permission_flows(const Policy& policy, const FlowMap& map) {
  PermissionFlows flows{
      std::vector<Permissions>(policy.classes.size(), 0), std::vector<Permissions>(policy.classes.size(), 0), {}};
  for (std::size_t i = 0; i < policy.classes.size(); ++i) {
    const ObjectClass& one = policy.classes[i];
    for (std::size_t bit = 0; bit < one.permissions.size(); ++bit) {
      const std::string& name = one.permissions[bit];
      auto found = map.directions.find(one.name + ":" + name);
      if (found == map.directions.end()) found = map.directions.find(one.name + ":*");
      if (found == map.directions.end()) found = map.directions.find(name);
      const bool unmapped = found == map.directions.end();
      if (unmapped) flows.unmapped.push_back(one.name + ":" + name);
      if (unmapped || found->second.in) flows.in[i] |= Permissions{1} << bit;
      if (unmapped || found->second.out) flows.out[i] |= Permissions{1} << bit;
    }
  }
  return flows;
}

}  // namespace bulkhead::selinux
