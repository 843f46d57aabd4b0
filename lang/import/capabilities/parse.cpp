#include "lang/import/capabilities/parse.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "lang/import/capabilities/entry.h"
#include "lang/import/json/json.h"
#include "lang/import/json/utf8.h"

namespace bulkhead::capabilities {
namespace {

using diag::Code;
using json::Document;
using json::Node;

constexpr std::string_view kSchema = "bulkhead.capabilities/v1";

/// One pass over the document; every mistake is reported, and the caller looks at `faults`.
class Reader {
 public:
  Reader(const Document& document, diag::DiagnosticSink& sink) : document_(document), sink_(sink) {}

  CapabilitySet read() {
    const Node& root = document_.root();
    if (!is(root, json::Kind::Object)) return std::move(set_);
    known(root, {"schema", "component", "level", "capabilities", "limits", "degrade"});
    header(root);
    const Node* capabilities = document_.find(root, "capabilities");
    if (!capabilities) {
      fault(Code::JsonBadValue, root, "`capabilities` is missing", "`\"capabilities\": []` grants nothing");
    } else if (is(*capabilities, json::Kind::Array)) {
      set_.list = origin(*capabilities);
      for (const auto item : capabilities->items) capability(document_.at(item));
    }
    if (const Node* limits = document_.find(root, "limits")) read_limits(*limits);
    if (const Node* degrade = document_.find(root, "degrade")) read_degrade(*degrade);
    return std::move(set_);
  }
  std::size_t faults() const { return faults_; }

 private:
  Origin origin(const Node& node) const { return {node.span, document_.pointer(node)}; }

  void fault(Code code, const Node& node, std::string message, std::string help = {}) {
    ++faults_;
    report(sink_, code, origin(node), std::move(message), std::move(help));
  }
  /// Counts a fault that an entry function has reported.
  template <typename T>
  std::optional<T> counted(std::optional<T> value) {
    if (!value) ++faults_;
    return value;
  }

  bool is(const Node& node, json::Kind kind) {
    if (node.kind == kind) return true;
    fault(Code::JsonWrongType, node,
          "expected " + std::string(json::to_string(kind)) + ", found " + std::string(json::to_string(node.kind)));
    return false;
  }
  std::optional<std::string> string_at(const Node& object, std::string_view key) {
    const Node* node = document_.find(object, key);
    if (!node || !is(*node, json::Kind::String)) return std::nullopt;
    return node->text;
  }

  void known(const Node& object, const std::vector<std::string>& keys) {
    for (const auto& member : object.members) {
      if (std::find(keys.begin(), keys.end(), member.key) != keys.end()) continue;
      ++faults_;
      auto help = suggestion(member.key, keys);
      if (member.key == "host" || member.key == "hostname" || member.key == "domain") {
        help = "a host name cannot be enforced: grant addresses by `cidr`";
      }
      report(sink_, Code::JsonUnknownKey, {member.key_span, document_.pointer(document_.at(member.value))},
             "unknown key `" + json::printable(member.key) + "`", std::move(help));
    }
  }

  void header(const Node& root) {
    if (const auto schema = string_at(root, "schema"); schema && *schema != kSchema) {
      fault(Code::JsonBadValue, *document_.find(root, "schema"), "unknown schema `" + json::printable(*schema) + "`",
            "this version reads `" + std::string(kSchema) + "`");
    }
    if (const auto component = string_at(root, "component")) {
      if (!is_uuid(*component)) {
        fault(Code::JsonBadValue, *document_.find(root, "component"), "`component` is not a UUID",
              "32 hexadecimal digits in groups of 8-4-4-4-12");
      }
      set_.component = *component;
    }
    if (const auto level = string_at(root, "level")) {
      static const std::vector<std::string> kLevels{"standard", "enhanced", "maximum"};
      const auto found = std::find(kLevels.begin(), kLevels.end(), *level);
      if (found == kLevels.end()) {
        fault(Code::JsonBadValue, *document_.find(root, "level"), "no level `" + json::printable(*level) + "`",
              suggestion(*level, kLevels));
      } else {
        set_.level = static_cast<ir::Level>(found - kLevels.begin());
      }
    }
  }

  static bool is_uuid(std::string_view text) {
    if (text.size() != 36) return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
      const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
      const char c = text[i];
      const bool hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
      if (dash ? c != '-' : !hex) return false;
    }
    return true;
  }

  void capability(const Node& node) {
    if (!is(node, json::Kind::Object)) return;
    const Node* kind_node = document_.find(node, "kind");
    if (!kind_node) return fault(Code::JsonBadValue, node, "`kind` is missing");
    if (!is(*kind_node, json::Kind::String)) return;
    const auto kind = kind_from(kind_node->text);
    if (!kind) {
      std::vector<std::string> kinds;
      for (const Kind each : kAllKinds) kinds.emplace_back(to_string(each));
      return fault(Code::CapabilityUnknownKind, *kind_node, "no capability `" + json::printable(kind_node->text) + "`",
                   suggestion(kind_node->text, kinds));
    }
    switch (*kind) {
      case Kind::FileRead:
      case Kind::FileWrite:
        known(node, {"kind", "paths"});
        return paths(*kind, node);
      case Kind::ProcessSpawn:
        known(node, {"kind", "paths", "max"});
        paths(*kind, node);
        return processes(node);
      case Kind::NetworkConnect:
        known(node, {"kind", "to"});
        return destinations(node);
      case Kind::EnvRead:
        known(node, {"kind", "names"});
        return names(node);
    }
  }

  /// The elements of the array `key`, which must be there and not be empty.
  std::vector<const Node*> elements(const Node& object, std::string_view key, json::Kind kind) {
    std::vector<const Node*> out;
    const Node* array = document_.find(object, key);
    if (!array) {
      fault(Code::JsonBadValue, object, "`" + std::string(key) + "` is missing");
      return out;
    }
    if (!is(*array, json::Kind::Array)) return out;
    if (array->items.empty()) {
      fault(Code::JsonBadValue, *array, "`" + std::string(key) + "` is empty",
            "leave the entry out: it grants nothing");
    }
    for (const auto id : array->items) {
      const Node& item = document_.at(id);
      if (!is(item, kind)) continue;
      if (++grants_ > kMaxGrants) {
        if (grants_ == kMaxGrants + 1) {
          fault(Code::JsonTooLarge, item, "more than " + std::to_string(kMaxGrants) + " grants",
                "grant folders, `/data/**`");
        }
        break;
      }
      out.push_back(&item);
    }
    return out;
  }

  void paths(Kind kind, const Node& node) {
    for (const Node* item : elements(node, "paths", json::Kind::String)) {
      if (auto grant = counted(path_entry(kind, item->text, origin(*item), sink_))) {
        set_.granted.paths.push_back(std::move(*grant));
      }
    }
  }
  void names(const Node& node) {
    for (const Node* item : elements(node, "names", json::Kind::String)) {
      if (auto grant = counted(environment_entry(item->text, origin(*item), sink_))) {
        set_.granted.environment.push_back(std::move(*grant));
      }
    }
  }

  void processes(const Node& node) {
    const Node* max = document_.find(node, "max");
    if (!max) return;
    const auto count = whole(*max, 1, 100'000);
    if (!count) return;
    const auto before = set_.max_processes ? set_.max_processes->amount : 0;
    set_.max_processes = Limit{before + *count, origin(*max)};
  }

  void destinations(const Node& node) {
    for (const Node* item : elements(node, "to", json::Kind::Object)) {
      known(*item, {"cidr", "port", "proto"});
      if (set_.granted.nets.size() >= kMaxDestinations) {
        fault(Code::JsonTooLarge, *item, "more than " + std::to_string(kMaxDestinations) + " destinations",
              "grant address blocks");
        return;
      }
      destination(*item);
    }
  }

  void destination(const Node& node) {
    const Node* cidr = document_.find(node, "cidr");
    if (!cidr)
      return fault(Code::JsonBadValue, node, "`cidr` is missing", "`{\"cidr\": \"10.0.7.0/24\", \"port\": 443}`");
    if (!is(*cidr, json::Kind::String)) return;
    auto grant = counted(block_entry(cidr->text, origin(*cidr), sink_));
    const Node* port = document_.find(node, "port");
    if (!port) return fault(Code::JsonBadValue, node, "`port` is missing", "name the port that the program needs");
    const auto number = whole(*port, 1, 65535);
    std::optional<std::uint8_t> protos = std::uint8_t{1};
    if (const Node* proto = document_.find(node, "proto")) {
      if (!is(*proto, json::Kind::String)) return;
      protos = counted(protocol_entry(proto->text, origin(*proto), sink_));
    }
    if (!grant || !number || !protos) return;
    grant->range.first_port = grant->range.last_port = static_cast<std::uint16_t>(*number);
    grant->range.protos = *protos;
    set_.granted.nets.push_back(std::move(*grant));
  }

  std::optional<std::uint64_t> whole(const Node& node, std::uint64_t least, std::uint64_t most) {
    if (!is(node, json::Kind::Number)) return std::nullopt;
    const auto value = json::unsigned_of(node);
    if (value && *value >= least && *value <= most) return value;
    fault(Code::JsonBadValue, node,
          "`" + json::printable(node.text) + "` is not a whole number from " + std::to_string(least) + " to " +
              std::to_string(most));
    return std::nullopt;
  }

  void read_limits(const Node& node) {
    if (!is(node, json::Kind::Object)) return;
    known(node, {"memory", "cpu", "pids", "wall_time", "disk", "open_files"});
    size_limit(node, "memory", set_.limits.memory);
    size_limit(node, "disk", set_.limits.disk);
    if (const Node* time = document_.find(node, "wall_time"); time && is(*time, json::Kind::String)) {
      if (const auto ms = counted(duration_entry(time->text, origin(*time), sink_))) {
        set_.limits.wall_time = Limit{*ms, origin(*time)};
      }
    }
    count_limit(node, "pids", set_.limits.pids);
    count_limit(node, "open_files", set_.limits.open_files);
    if (const Node* cpu = document_.find(node, "cpu"); cpu && is(*cpu, json::Kind::Number)) cpu_limit(*cpu);
  }
  void size_limit(const Node& limits, std::string_view key, std::optional<Limit>& to) {
    const Node* size = document_.find(limits, key);
    if (!size || !is(*size, json::Kind::String)) return;
    if (const auto bytes = counted(size_entry(size->text, origin(*size), sink_))) to = Limit{*bytes, origin(*size)};
  }
  void count_limit(const Node& limits, std::string_view key, std::optional<Limit>& to) {
    const Node* count = document_.find(limits, key);
    if (!count) return;
    if (const auto value = whole(*count, 1, 1'000'000)) to = Limit{*value, origin(*count)};
  }
  /// Processors in thousandths: 0.5 is 500. JSON numbers are decimal, so rounding can only meet a fourth digit.
  void cpu_limit(const Node& node) {
    const double cores = std::strtod(node.text.c_str(), nullptr);
    const double thousandths = cores * 1000.0;
    if (!(cores >= 0.001) || cores > 4096.0 || std::abs(thousandths - std::round(thousandths)) > 1e-6) {
      return fault(Code::JsonBadValue, node, "`" + json::printable(node.text) + "` is not a share of processors",
                   "a number from 0.001 to 4096 with at most three decimals; 1 is one processor");
    }
    set_.limits.cpu = Limit{static_cast<std::uint64_t>(std::llround(thousandths)), origin(node)};
  }

  void read_degrade(const Node& node) {
    if (!is(node, json::Kind::Array)) return;
    for (const auto id : node.items) {
      const Node& item = document_.at(id);
      if (!is(item, json::Kind::String)) continue;
      if (item.text == "memory:rlimit") {
        set_.degrade.push_back({item.text, origin(item)});
      } else {
        fault(Code::JsonBadValue, item, "no degradation `" + json::printable(item.text) + "`",
              suggestion(item.text, {"memory:rlimit"}));
      }
    }
  }

  const Document& document_;
  diag::DiagnosticSink& sink_;
  CapabilitySet set_;
  std::size_t faults_ = 0;
  std::size_t grants_ = 0;
};

}  // namespace

std::optional<CapabilitySet> parse(const source::SourceMap& sources, source::FileId file, diag::DiagnosticSink& sink) {
  json::Bounds bounds;
  bounds.bytes = kMaxFileBytes;
  bounds.depth = 16;
  const auto document = json::parse(sources, file, bounds, sink);
  if (!document) return std::nullopt;
  Reader reader(*document, sink);
  auto set = reader.read();
  if (reader.faults() > 0) return std::nullopt;
  return set;
}

}  // namespace bulkhead::capabilities
