#include "lang/import/json/json.h"
#include "lang/ir/glob.h"

#include <limits>
#include <set>

#include "runtime-bridge/decode/landlock/landlock.h"

namespace bulkhead::decode::landlock {
namespace {

using json::Document;
using json::Kind;
using json::Node;

bool has_exactly(const Node& object, const std::set<std::string_view>& keys) {
  for (const auto& member : object.members) {
    if (!keys.contains(member.key)) return false;
  }
  return object.kind == Kind::Object && object.members.size() == keys.size();
}

/// Requires: the key is there.
template <typename T>
bool number(const Document& document, const Node& object, std::string_view key, T& to) {
  const auto value = json::unsigned_of(*document.find(object, key));
  if (!value || *value > std::numeric_limits<T>::max()) return false;
  to = static_cast<T>(*value);
  return true;
}

bool is(const Document& document, const Node& object, std::string_view key, Kind kind) {
  return document.find(object, key)->kind == kind;
}

bool read(const Document& document, table::Landlock& out) {
  const Node& root = document.root();
  if (!has_exactly(root, {"schema", "handled_fs", "handled_net", "scoped", "rules", "ports"})) return false;
  if (document.find(root, "schema")->text != "bulkhead.landlock/v1") return false;
  if (!number(document, root, "handled_fs", out.handled_fs) ||
      !number(document, root, "handled_net", out.handled_net) || !number(document, root, "scoped", out.scoped) ||
      !is(document, root, "rules", Kind::Array) || !is(document, root, "ports", Kind::Array)) {
    return false;
  }
  for (const auto id : document.find(root, "rules")->items) {
    const Node& node = document.at(id);
    table::LandlockRule rule;
    if (!has_exactly(node, {"path", "access", "file_only"}) || !number(document, node, "access", rule.access) ||
        !is(document, node, "path", Kind::String) || !is(document, node, "file_only", Kind::Bool)) {
      return false;
    }
    // The kernel resolves what is written there: `/data/..` would be a rule for everything, and a NUL ends the path.
    rule.path = document.find(node, "path")->text;
    if (!ir::is_valid_path(rule.path)) return false;
    rule.file_only = document.find(node, "file_only")->text == "true";
    out.rules.push_back(std::move(rule));
  }
  for (const auto id : document.find(root, "ports")->items) {
    const Node& node = document.at(id);
    table::LandlockPort port;
    if (!has_exactly(node, {"port", "access"}) || !number(document, node, "port", port.port) ||
        !number(document, node, "access", port.access)) {
      return false;
    }
    out.ports.push_back(port);
  }
  return true;
}

}  // namespace

Result<table::Landlock, DecodeError> decode(const std::string& text) {
  source::SourceMap sources;
  diag::DiagnosticList list;
  const auto document = json::parse(sources, sources.add("landlock.json", text), {}, list);
  if (!document) return fail(DecodeError{list.all().empty() ? "not JSON" : list.all().front().message});
  table::Landlock out;
  if (!read(*document, out)) return fail(DecodeError{"not a Landlock rule set of version 1"});
  return out;
}

}  // namespace bulkhead::decode::landlock
