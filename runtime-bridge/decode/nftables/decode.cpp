#include <map>
#include <optional>
#include <set>

#include "lang/import/json/json.h"
#include "lang/ir/net_range.h"
#include "runtime-bridge/decode/nftables/nftables.h"

namespace bulkhead::decode::nftables {
namespace {

using json::Document;
using json::Kind;
using json::Node;

/// Reads the parts in the order of the ruleset. The first thing that is not understood ends it.
class Reader {
 public:
  explicit Reader(const Document& document) : document_(document) {}

  Result<Meaning, DecodeError> read() {
    const Node* list = document_.find(document_.root(), "nftables");
    if (!list || list->kind != Kind::Array || document_.root().members.size() != 1)
      return fail(DecodeError{"no `nftables` list"});
    for (const auto id : list->items) {
      if (!command(document_.at(id))) return fail(DecodeError{reason_ + " at " + document_.pointer(document_.at(id))});
    }
    if (!chain_) return fail(DecodeError{"no chain on the output hook that drops by default"});
    return std::move(meaning_);
  }

 private:
  bool refuse(std::string reason) {
    if (reason_.empty()) reason_ = std::move(reason);
    return false;
  }
  const Node* only_member(const Node& object, std::string_view& name) const {
    if (object.kind != Kind::Object || object.members.size() != 1) return nullptr;
    name = object.members[0].key;
    return &document_.at(object.members[0].value);
  }
  bool text_is(const Node& object, std::string_view key, std::string_view wanted) const {
    const Node* node = document_.find(object, key);
    return node && (node->kind == Kind::String || node->kind == Kind::Number) && node->text == wanted;
  }
  bool has_only(const Node& object, const std::set<std::string_view>& keys) const {
    for (const auto& member : object.members) {
      if (!keys.contains(member.key)) return false;
    }
    return object.kind == Kind::Object;
  }

  bool command(const Node& node) {
    std::string_view name;
    const Node* body = only_member(node, name);
    if (body && name == "add") body = only_member(*body, name);
    if (!body) return refuse("an unknown command");
    if (name == "metainfo") return true;
    if (name == "table") {
      const bool ours = text_is(*body, "family", "inet") && text_is(*body, "name", "bulkhead") &&
                        has_only(*body, {"family", "name", "handle"});
      return ours || refuse("another table");
    }
    if (!text_is(*body, "family", "inet") || !text_is(*body, "table", "bulkhead"))
      return refuse("something of another table");
    if (name == "set") return set(*body);
    if (name == "chain") return chain(*body);
    if (name == "rule") return rule(*body);
    return refuse("an unknown object");
  }

  bool chain(const Node& body) {
    const bool known = has_only(body, {"family", "table", "name", "handle", "type", "hook", "prio", "policy"}) &&
                       text_is(body, "name", "output") && text_is(body, "type", "filter") &&
                       text_is(body, "hook", "output") && text_is(body, "prio", "0") && text_is(body, "policy", "drop");
    if (!known || chain_) return refuse("a chain that is not the one on the output hook");
    chain_ = true;
    return true;
  }

  bool set(const Node& body) {
    if (!has_only(body, {"family", "table", "name", "handle", "type", "flags", "elem"}))
      return refuse("an unknown set");
    const Node* name = document_.find(body, "name");
    const Node* type = document_.find(body, "type");
    if (!name || !type || type->items.size() != 3) return refuse("an unknown set");
    const bool v6 = document_.at(type->items[0]).text == "ipv6_addr";
    if (!v6 && document_.at(type->items[0]).text != "ipv4_addr") return refuse("an unknown set type");
    if (document_.at(type->items[1]).text != "inet_proto" || document_.at(type->items[2]).text != "inet_service") {
      return refuse("an unknown set type");
    }
    // Adding to a set that is there already would let out what no rule was judged by.
    const auto [at, fresh] = sets_.try_emplace(name->text);
    if (!fresh || name->kind != Kind::String) return refuse("a set that is there twice");
    auto& elements = at->second;
    elements.family = v6 ? ir::Family::V6 : ir::Family::V4;
    if (const Node* flags = document_.find(body, "flags")) {
      const Node& only = flags->items.size() == 1 ? document_.at(flags->items[0]) : *flags;
      const bool interval = only.kind == Kind::String && only.text == "interval";
      if (!interval) return refuse("a set with flags that are not understood");
    }
    if (const Node* list = document_.find(body, "elem")) {
      if (list->kind != Kind::Array) return refuse("elements that are no list");
      for (const auto id : list->items) {
        auto pattern = element(document_.at(id), elements.family);
        if (!pattern) return refuse("an element that is not understood");
        elements.patterns.push_back(*pattern);
      }
    }
    return true;
  }

  std::optional<ir::NetPattern> element(const Node& node, ir::Family family) const {
    std::string_view name;
    const Node* parts = only_member(node, name);
    if (!parts || name != "concat" || parts->items.size() != 3) return std::nullopt;
    auto pattern = addresses(document_.at(parts->items[0]), family);
    const auto proto = protocol(document_.at(parts->items[1]));
    if (!pattern || !proto) return std::nullopt;
    pattern->protos = static_cast<std::uint8_t>(1u << static_cast<unsigned>(*proto));
    const Node& ports = document_.at(parts->items[2]);
    const Node* first = &ports;
    const Node* last = &ports;
    if (ports.kind == Kind::Object) {
      const Node* range = only_member(ports, name);
      if (!range || name != "range" || range->items.size() != 2) return std::nullopt;
      first = &document_.at(range->items[0]);
      last = &document_.at(range->items[1]);
    }
    const auto low = json::unsigned_of(*first);
    const auto high = json::unsigned_of(*last);
    if (!low || !high || *low > *high || *high > 65535) return std::nullopt;
    pattern->first_port = static_cast<std::uint16_t>(*low);
    pattern->last_port = static_cast<std::uint16_t>(*high);
    return pattern;
  }

  /// By name, or by number: nft lists numbers on a machine without /etc/protocols.
  static std::optional<ir::Proto> protocol(const Node& node) {
    const bool number = node.kind == Kind::Number;
    if (node.text == (number ? "6" : "tcp")) return ir::Proto::Tcp;
    if (node.text == (number ? "17" : "udp")) return ir::Proto::Udp;
    return std::nullopt;
  }

  std::optional<ir::NetPattern> addresses(const Node& node, ir::Family family) const {
    std::optional<ir::NetPattern> out;
    std::string_view name;
    if (node.kind == Kind::String) {
      if (const auto address = ir::parse_address(node.text)) {
        out.emplace();
        out->first = out->last = *address;
      }
    } else if (const Node* body = only_member(node, name); body && name == "prefix") {
      const Node* address = document_.find(*body, "addr");
      const Node* length = document_.find(*body, "len");
      if (!address || !length) return std::nullopt;
      out = ir::parse_net_range(address->text + "/" + length->text);
    } else if (body && name == "range" && body->items.size() == 2) {
      const auto first = ir::parse_address(document_.at(body->items[0]).text);
      const auto last = ir::parse_address(document_.at(body->items[1]).text);
      if (!first || !last || *last < *first) return std::nullopt;
      out.emplace();
      out->first = *first;
      out->last = *last;
    }
    if (!out || out->first.family != family || out->last.family != family) return std::nullopt;
    return out;
  }

  bool rule(const Node& body) {
    if (!chain_ || !text_is(body, "chain", "output")) return refuse("a rule of another chain");
    if (!has_only(body, {"family", "table", "chain", "handle", "expr"})) return refuse("an unknown rule");
    const Node* list = document_.find(body, "expr");
    if (!list || list->items.empty() || list->items.size() > 2) return refuse("an unknown rule");
    std::string_view name;
    const Node* verdict = only_member(document_.at(list->items.back()), name);
    if (!verdict) return refuse("an unknown verdict");
    if (name == "reject" || name == "drop") {
      if (list->items.size() == 1) closed_ = true;  // nothing after it is reached
      return list->items.size() == 1 || is_tcp(document_.at(list->items[0])) ? true : refuse("an unknown match");
    }
    if (name != "accept" || list->items.size() != 2) return refuse("an unknown verdict");
    return accept(document_.at(list->items[0]));
  }

  /// A rejection of all TCP closes TCP for the rules after it: treated as an error there, so its place does not matter.
  bool is_tcp(const Node& match) {
    const Node* left = part(match, "left");
    const Node* right = part(match, "right");
    tcp_closed_ = left && right && is_meta_l4proto(*left) && protocol(*right) == ir::Proto::Tcp;
    return tcp_closed_;
  }
  const Node* part(const Node& match, std::string_view key) const {
    std::string_view name;
    const Node* body = only_member(match, name);
    if (!body || name != "match" || !text_is(*body, "op", "==") || !has_only(*body, {"op", "left", "right"}))
      return nullptr;
    return document_.find(*body, key);
  }
  bool is_meta_l4proto(const Node& node) const {
    std::string_view name;
    const Node* meta = only_member(node, name);
    return meta && name == "meta" && has_only(*meta, {"key"}) && text_is(*meta, "key", "l4proto");
  }
  bool is_payload(const Node& node, std::string_view protocol, std::string_view field) const {
    std::string_view name;
    const Node* payload = only_member(node, name);
    return payload && name == "payload" && has_only(*payload, {"protocol", "field"}) &&
           text_is(*payload, "protocol", protocol) && text_is(*payload, "field", field);
  }

  bool accept(const Node& match) {
    const Node* left = part(match, "left");
    const Node* right = part(match, "right");
    if (!left || !right) return refuse("an unknown match");
    if (closed_ || tcp_closed_) return refuse("an accept after a rejection");
    if (is_payload(*left, "icmpv6", "type")) return discovery(*right);
    std::string_view name;
    const Node* parts = only_member(*left, name);
    if (!parts || name != "concat" || parts->items.size() != 3 || right->kind != Kind::String || right->text.empty() ||
        right->text.front() != '@') {
      return refuse("an unknown match");
    }
    const auto found = sets_.find(right->text.substr(1));
    if (found == sets_.end()) return refuse("a set that is not there");
    const char* protocol = found->second.family == ir::Family::V4 ? "ip" : "ip6";
    if (!is_payload(document_.at(parts->items[0]), protocol, "daddr") ||
        !is_meta_l4proto(document_.at(parts->items[1])) || !is_payload(document_.at(parts->items[2]), "th", "dport")) {
      return refuse("an unknown match");
    }
    meaning_.allowed.insert(meaning_.allowed.end(), found->second.patterns.begin(), found->second.patterns.end());
    return true;
  }
  bool discovery(const Node& right) {
    std::string_view name;
    const Node* types = only_member(right, name);
    if (!types || name != "set") return refuse("an unknown ICMPv6 type");
    for (const auto id : types->items) {
      const auto& type = document_.at(id).text;
      if (type != "nd-router-solicit" && type != "nd-neighbor-solicit" && type != "nd-neighbor-advert") {
        return refuse("an unknown ICMPv6 type");
      }
    }
    meaning_.neighbour_discovery = true;
    return true;
  }

  struct Set {
    ir::Family family = ir::Family::V4;
    std::vector<ir::NetPattern> patterns;
  };
  const Document& document_;
  std::map<std::string, Set> sets_;
  bool chain_ = false;
  bool closed_ = false;
  bool tcp_closed_ = false;
  std::string reason_;
  Meaning meaning_;
};

}  // namespace

Result<Meaning, DecodeError> decode(const std::string& text) {
  source::SourceMap sources;
  diag::DiagnosticList list;
  json::Bounds bounds;
  bounds.bytes = 64u << 20;
  bounds.nodes = 4'000'000;
  const auto document = json::parse(sources, sources.add("ruleset", text), bounds, list);
  if (!document) return fail(DecodeError{list.all().empty() ? "not JSON" : list.all().front().message});
  return Reader(*document).read();
}

}  // namespace bulkhead::decode::nftables
