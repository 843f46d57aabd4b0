#include "runtime-bridge/emit/nftables/nftables.h"

#include <nlohmann/json.hpp>

#include "lang/ir/net_range.h"
#include "runtime-bridge/emit/nftables/boxes.h"

namespace bulkhead::emit::nftables {
namespace {

using Json = nlohmann::ordered_json;

Json in_table(Json object) {
  object["family"] = "inet";
  object["table"] = "bulkhead";
  return object;
}

Json range(const Json& first, const Json& last) {
  return first == last ? first : Json{{"range", Json::array({first, last})}};
}

Json element(const Box& box) {
  return {{"concat", Json::array({range(ir::to_string(box.first), ir::to_string(box.last)),
                                  box.proto == ir::Proto::Tcp ? "tcp" : "udp", range(box.first_port, box.last_port)})}};
}

Json allow_set(const char* name, const char* type, ir::Family family, const std::vector<Box>& boxes) {
  Json elements = Json::array();
  for (const auto& box : boxes) {
    if (box.first.family == family) elements.push_back(element(box));
  }
  Json set = in_table({{"name", name},
                       {"type", Json::array({type, "inet_proto", "inet_service"})},
                       {"flags", Json::array({"interval"})}});
  if (!elements.empty()) set["elem"] = std::move(elements);
  return {{"add", {{"set", std::move(set)}}}};
}

Json rule(Json expressions) {
  Json body = in_table({{"chain", "output"}});
  body["expr"] = std::move(expressions);
  return {{"add", {{"rule", std::move(body)}}}};
}

Json match(Json left, Json right) {
  return {{"match", {{"op", "=="}, {"left", std::move(left)}, {"right", std::move(right)}}}};
}
Json payload(const char* protocol, const char* field) {
  return {{"payload", {{"protocol", protocol}, {"field", field}}}};
}
Json l4proto() {
  return {{"meta", {{"key", "l4proto"}}}};
}

Json accept_rule(const char* protocol, const char* set) {
  const Json destination{{"concat", Json::array({payload(protocol, "daddr"), l4proto(), payload("th", "dport")})}};
  return rule(Json::array({match(destination, set), Json{{"accept", nullptr}}}));
}

bool has_family(const std::vector<Box>& boxes, ir::Family family) {
  for (const auto& box : boxes) {
    if (box.first.family == family) return true;
  }
  return false;
}

std::vector<Gap> gaps_of(const Reach& reach) {
  std::vector<Gap> gaps;
  if (reach.other_protocols) {
    gaps.push_back({"connect", "a protocol other than TCP and UDP", "the ruleset names ports",
                    "none: such sockets cannot be made"});
  }
  if (reach.conditional) {
    gaps.push_back({"connect", "a destination under a condition", "a packet does not show the context",
                    "the listener connects for it"});
  }
  return gaps;
}

}  // namespace

Result<Emission, EmitError> emit(const ir::World& world, ir::SubjectId container) {
  const auto reach = reach_of(world, container, ir::Right::Connect);
  if (!reach)
    return fail(EmitError{"the destinations fall into more than " + std::to_string(kMaxBoxes) + " ranges", {}});
  Json commands = Json::array();
  commands.push_back({{"metainfo", {{"json_schema_version", 1}}}});
  commands.push_back({{"add", {{"table", {{"family", "inet"}, {"name", "bulkhead"}}}}}});
  commands.push_back(allow_set("allow4", "ipv4_addr", ir::Family::V4, reach->boxes));
  commands.push_back(allow_set("allow6", "ipv6_addr", ir::Family::V6, reach->boxes));
  commands.push_back(
      {{"add",
        {{"chain",
          in_table({{"name", "output"}, {"type", "filter"}, {"hook", "output"}, {"prio", 0}, {"policy", "drop"}})}}}});
  commands.push_back(accept_rule("ip", "@allow4"));
  commands.push_back(accept_rule("ip6", "@allow6"));
  if (has_family(reach->boxes, ir::Family::V6)) {
    const Json discovery{{"set", Json::array({"nd-router-solicit", "nd-neighbor-solicit", "nd-neighbor-advert"})}};
    commands.push_back(rule(Json::array({match(payload("icmpv6", "type"), discovery), Json{{"accept", nullptr}}})));
  }
  commands.push_back(rule(Json::array({match(l4proto(), "tcp"), Json{{"reject", {{"type", "tcp reset"}}}}})));
  commands.push_back(rule(Json::array({Json{{"reject", {{"type", "icmpx"}, {"expr", "admin-prohibited"}}}}})));
  return Emission{Json{{"nftables", std::move(commands)}}.dump() + "\n", gaps_of(*reach)};
}

}  // namespace bulkhead::emit::nftables
