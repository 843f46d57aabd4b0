#include <algorithm>

#include "lang/import/json/json.h"
#include "runtime-bridge/decode/oci/oci.h"

namespace bulkhead::decode::oci {
namespace {

using json::Document;
using json::Kind;
using json::Node;

class Reader {
 public:
  Reader(const Document& document, const source::SourceMap& sources) : document_(document), sources_(sources) {}

  Result<Meaning, DecodeError> read() {
    const Node& root = document_.root();
    // Hooks run on the host, and other platforms' parts mean other systems: neither is accepted.
    // Annotations are orders to the runtime too: crun takes a whole seccomp filter from one.
    known(root, {"ociVersion", "process", "root", "hostname", "mounts", "linux"});
    if (text(root, "ociVersion").rfind("1.", 0) != 0) refuse(root, "no version 1 of the specification");
    if (const Node* node = part(root, "process")) process(*node);
    if (const Node* node = part(root, "root")) {
      known(*node, {"path", "readonly"});
      out_.root = text(*node, "path");
      out_.root_readonly = truth(*node, "readonly");
    }
    for (const Node* mount : items(root, "mounts")) read_mount(*mount);
    if (const Node* node = part(root, "linux")) linux_part(*node);
    if (!reason_.empty()) return fail(DecodeError{reason_});
    return std::move(out_);
  }

 private:
  void refuse(const Node& node, const std::string& reason) {
    if (reason_.empty()) reason_ = reason + " at " + sources_.place(node.span) + " " + document_.pointer(node);
  }
  void known(const Node& object, const std::set<std::string_view>& keys) {
    if (object.kind != Kind::Object) return refuse(object, "not an object");
    for (const auto& member : object.members) {
      if (!keys.contains(member.key)) refuse(document_.at(member.value), "`" + member.key + "` is not understood");
    }
  }
  const Node* part(const Node& object, std::string_view key) const { return document_.find(object, key); }
  bool truth(const Node& object, std::string_view key) {
    const Node* node = part(object, key);
    if (node && node->kind != Kind::Bool) refuse(*node, "not true or false");
    return node && node->text == "true";
  }
  std::vector<const Node*> items(const Node& object, std::string_view key) {
    std::vector<const Node*> out;
    const Node* node = part(object, key);
    if (!node) return out;
    if (node->kind != Kind::Array) refuse(*node, "not an array");
    for (const auto id : node->items) out.push_back(&document_.at(id));
    return out;
  }
  std::string text(const Node& object, std::string_view key) {
    const Node* node = part(object, key);
    if (node && node->kind != Kind::String) refuse(*node, "not a string");
    return node ? node->text : std::string{};
  }
  std::set<std::string> texts(const Node& object, std::string_view key) {
    std::set<std::string> out;
    for (const Node* item : items(object, key)) {
      if (item->kind != Kind::String) refuse(*item, "not a string");
      out.insert(item->text);
    }
    return out;
  }
  std::uint64_t number(const Node& object, std::string_view key) {
    const Node* node = part(object, key);
    const auto value = node ? json::unsigned_of(*node) : std::optional<std::uint64_t>{0};
    if (!value) refuse(*node, "not a whole number");
    return value.value_or(0);
  }
  /// Absent, zero and negative are no limit: the runtimes write a control file only where the number says something.
  std::optional<std::uint64_t> limit(const Node& object, std::string_view key) {
    const Node* node = part(object, key);
    if (!node) return std::nullopt;
    const auto value = json::signed_of(*node);
    if (!value) refuse(*node, "not a whole number");
    if (!value || *value <= 0) return std::nullopt;
    return static_cast<std::uint64_t>(*value);
  }

  void process(const Node& node) {
    known(node, {"terminal", "consoleSize", "cwd", "env", "args", "rlimits", "capabilities", "noNewPrivileges",
                 "oomScoreAdj", "user"});
    out_.no_new_privileges = truth(node, "noNewPrivileges");
    if (const Node* user = part(node, "user")) {
      known(*user, {"uid", "gid", "umask", "additionalGids"});
      out_.user = number(*user, "uid");
      out_.group = number(*user, "gid");
      for (const Node* group : items(*user, "additionalGids"))
        out_.other_groups.push_back(json::unsigned_of(*group).value_or(0));
    }
    if (const Node* score = part(node, "oomScoreAdj")) {
      const auto value = json::signed_of(*score);
      if (!value || *value < 0) refuse(*score, "a container that others are killed before");
    }
    for (const auto& variable : texts(node, "env")) out_.environment.insert(variable.substr(0, variable.find('=')));
    if (!part(node, "capabilities")) refuse(node, "no word on kernel capabilities");
    if (const Node* sets = part(node, "capabilities")) {
      known(*sets, {"bounding", "effective", "inheritable", "permitted", "ambient"});
      for (const auto& member : sets->members) {
        for (const auto& name : texts(*sets, member.key)) out_.capabilities.insert(name);
      }
    }
    for (const Node* each : items(node, "rlimits")) rlimit(*each);
  }

  void rlimit(const Node& node) {
    known(node, {"type", "hard", "soft"});
    const auto type = text(node, "type");
    if (!part(node, "hard") || !part(node, "soft")) refuse(node, "a limit without a number");
    // Of the others each can raise what an unprivileged process may ask for: priorities, locked memory, queues.
    if (type != "RLIMIT_NOFILE" && type != "RLIMIT_FSIZE" && type != "RLIMIT_CORE")
      refuse(node, "the limit `" + type + "` is not understood");
    if (!limits_seen_.insert(type).second) refuse(node, "a limit that is there twice");
    if (type == "RLIMIT_NOFILE") out_.open_files = number(node, "hard");
    if (type == "RLIMIT_FSIZE") out_.file_bytes = number(node, "hard");
  }

  void read_mount(const Node& node) {
    known(node, {"destination", "type", "source", "options"});
    out_.mounts.push_back(
        {text(node, "destination"), text(node, "type"), text(node, "source"), texts(node, "options")});
  }

  std::vector<IdMap> id_maps(const Node& object, std::string_view key) {
    std::vector<IdMap> out;
    for (const Node* each : items(object, key)) {
      known(*each, {"containerID", "hostID", "size"});
      out.push_back({number(*each, "containerID"), number(*each, "hostID"), number(*each, "size")});
    }
    return out;
  }

  void linux_part(const Node& node) {
    // A control group named by its path may be another container's, or one without limits above it.
    known(node, {"namespaces", "uidMappings", "gidMappings", "resources", "seccomp", "rootfsPropagation", "maskedPaths",
                 "readonlyPaths"});
    for (const Node* each : items(node, "namespaces")) {
      known(*each, {"type", "path"});
      (text(*each, "path").empty() ? out_.namespaces : out_.joined).insert(text(*each, "type"));
    }
    out_.users = id_maps(node, "uidMappings");
    out_.groups = id_maps(node, "gidMappings");
    if (const Node* resources = part(node, "resources")) read_resources(*resources);
    if (const Node* filter = part(node, "seccomp")) out_.seccomp = std::string(sources_.slice(filter->span));
    const auto propagation = text(node, "rootfsPropagation");
    out_.shared_propagation = propagation != "private" && propagation != "rprivate";
    out_.masked = texts(node, "maskedPaths");
    out_.readonly_paths = texts(node, "readonlyPaths");
  }

  void read_resources(const Node& node) {
    known(node, {"devices", "memory", "cpu", "pids"});
    bool denied = false;
    for (const Node* rule : items(node, "devices")) {
      known(*rule, {"allow", "type", "major", "minor", "access"});
      if (truth(*rule, "allow")) {
        denied = false;  // whatever it is, it is a device that the policy does not know
      } else if (!part(*rule, "type") && !part(*rule, "major") && !part(*rule, "minor")) {
        denied = text(*rule, "access") == "rwm";
      }
    }
    out_.devices_denied = denied;
    auto& limits = out_.limits;
    if (const Node* memory = part(node, "memory")) {
      known(*memory, {"limit", "swap", "reservation"});
      limits.memory_bytes = limit(*memory, "limit");
      limits.memory_and_swap_bytes = limit(*memory, "swap");
    }
    if (const Node* cpu = part(node, "cpu")) {
      known(*cpu, {"quota", "period", "shares"});
      limits.cpu_quota_us = limit(*cpu, "quota");
      if (const auto period = limit(*cpu, "period")) limits.cpu_period_us = *period;
    }
    if (const Node* pids = part(node, "pids")) {
      known(*pids, {"limit"});
      limits.pids = limit(*pids, "limit");
    }
  }

  const Document& document_;
  const source::SourceMap& sources_;
  std::string reason_;
  std::set<std::string> limits_seen_;
  Meaning out_;
};

}  // namespace

Result<Meaning, DecodeError> decode(const std::string& text) {
  source::SourceMap sources;
  diag::DiagnosticList list;
  const auto document = json::parse(sources, sources.add("config.json", text), {}, list);
  if (!document) return fail(DecodeError{list.all().empty() ? "not JSON" : list.all().front().message});
  return Reader(*document, sources).read();
}

}  // namespace bulkhead::decode::oci
