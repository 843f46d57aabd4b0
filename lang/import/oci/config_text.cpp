#include "lang/import/oci/config_text.h"

#include <algorithm>
#include <charconv>
#include <set>

#include "lang/import/json/json.h"
#include "lang/import/json/utf8.h"
#include "lang/import/seccomp/profile_text.h"
#include "lang/ir/glob.h"

namespace bulkhead::oci_import {
namespace {

using diag::Code;
using json::Document;
using json::Kind;
using json::Node;

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

std::string size_text(std::uint64_t bytes) {
  if (bytes % (1u << 20) == 0) return std::to_string(bytes >> 20) + " MiB";
  if (bytes % (1u << 10) == 0) return std::to_string(bytes >> 10) + " KiB";
  return std::to_string(bytes) + " B";
}

/// "65536k", "64m", "4096": bytes.
std::optional<std::uint64_t> tmpfs_size(std::string_view option) {
  std::uint64_t value = 0;
  const auto [stop, error] = std::from_chars(option.data(), option.data() + option.size(), value);
  const std::string_view unit = option.substr(static_cast<std::size_t>(stop - option.data()));
  if (error != std::errc{} || value > (std::uint64_t{1} << 32) || unit.size() > 1) return std::nullopt;
  if (unit.empty()) return value;
  switch (unit.front()) {
    case 'k':
    case 'K':
      return value << 10;
    case 'm':
    case 'M':
      return value << 20;
    case 'g':
    case 'G':
      return value << 30;
    default:
      return std::nullopt;
  }
}

bool acceptable_path(const std::string& path) {
  const bool printable =
      std::none_of(path.begin(), path.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; });
  return printable && ir::is_valid_path(path);
}
bool acceptable_name(std::string_view name) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  return !name.empty() && letter(name.front()) &&
         std::all_of(name.begin(), name.end(), [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

class Translation {
 public:
  Translation(const Document& document, const source::SourceMap& sources, const ConfigOptions& options,
              diag::DiagnosticSink& sink)
      : document_(document), sources_(sources), options_(options), sink_(sink) {}

  std::optional<ConfigText> run() {
    const Node& root = document_.root();
    if (!expect(root, Kind::Object)) return std::nullopt;
    for (const auto& member : root.members) {
      const Node& node = document_.at(member.value);
      if (member.key == "process")
        process(node);
      else if (member.key == "root")
        root_part(node);
      else if (member.key == "mounts")
        mounts(node);
      else if (member.key == "linux")
        linux_part(node);
      else if (member.key != "ociVersion")
        leave_out(node, "`" + json::printable(member.key) + "` is not part of a policy");
    }
    if (failed_) return std::nullopt;
    return ConfigText{assemble(), std::move(left_out_)};
  }

 private:
  bool expect(const Node& node, Kind kind) {
    if (node.kind == kind) return true;
    failed_ = true;
    sink_.report({Code::JsonWrongType,
                  node.span,
                  "expected " + std::string(json::to_string(kind)) + ", found " +
                      std::string(json::to_string(node.kind)) + " (at `" + json::printable(document_.pointer(node)) +
                      "`)",
                  {},
                  {},
                  {}});
    return false;
  }
  void leave_out(const Node& node, std::string what) { left_out_.push_back({node.span, std::move(what)}); }
  std::string from(const Node& node) const { return "  // " + json::printable(sources_.place(node.span)); }
  void body(const std::string& sentence, const Node& node) { body_ += "    " + sentence + ";" + from(node) + "\n"; }

  std::string text_of(const Node& object, std::string_view key) {
    const Node* node = document_.find(object, key);
    return node && expect(*node, Kind::String) ? node->text : std::string{};
  }
  std::vector<const Node*> items(const Node& array) {
    std::vector<const Node*> out;
    if (!expect(array, Kind::Array)) return out;
    for (const auto id : array.items) out.push_back(&document_.at(id));
    return out;
  }

  void process(const Node& node) {
    if (!expect(node, Kind::Object)) return;
    for (const auto& member : node.members) {
      const Node& part = document_.at(member.value);
      if (member.key == "user")
        user(part);
      else if (member.key == "capabilities")
        capabilities(part);
      else if (member.key == "env")
        environment(part);
      else if (member.key == "rlimits")
        rlimits(part);
      else if (member.key == "noNewPrivileges" && part.text == "true")
        continue;  // every container has it
      else
        leave_out(part, "`process." + json::printable(member.key) + "` is for the command line, not for the policy");
    }
  }
  void user(const Node& node) {
    if (!expect(node, Kind::Object)) return;
    for (const auto& member : node.members) {
      const Node& part = document_.at(member.value);
      const auto number = json::unsigned_of(part);
      if (member.key == "uid" && number)
        body("user " + std::to_string(*number), part);
      else if (member.key == "gid" && number)
        body("group " + std::to_string(*number), part);
      else
        leave_out(part, "`user." + json::printable(member.key) + "` has no sentence");
    }
  }
  /// The union of all sets: a bounding capability can come back through a file's.
  void capabilities(const Node& node) {
    std::set<std::string> names;
    if (!expect(node, Kind::Object)) return;
    for (const auto& member : node.members) {
      for (const Node* item : items(document_.at(member.value))) {
        auto name = item->text.rfind("CAP_", 0) == 0 ? item->text.substr(4) : item->text;
        std::transform(name.begin(), name.end(), name.begin(),
                       [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
        if (acceptable_name(name))
          names.insert(name);
        else
          leave_out(*item, "no kernel capability can be called `" + json::printable(item->text) + "`");
      }
    }
    std::string list;
    for (const auto& name : names) list += (list.empty() ? " " : ", ") + name;
    if (!list.empty()) body_ += "    capabilities {" + list + " }" + from(node) + "\n";
  }
  void environment(const Node& node) {
    static const std::set<std::string> kGiven{"PATH", "HOME", "LANG", "TMPDIR"};
    for (const Node* item : items(node)) {
      const auto name = item->text.substr(0, item->text.find('='));
      if (kGiven.contains(name)) continue;
      if (acceptable_name(name))
        body("environment " + name, *item);
      else
        leave_out(*item, "`" + json::printable(name) + "` is not the name of a variable");
    }
  }
  void rlimits(const Node& node) {
    for (const Node* item : items(node)) {
      const auto type = text_of(*item, "type");
      const Node* hard = document_.find(*item, "hard");
      const auto amount = hard ? json::unsigned_of(*hard) : std::nullopt;
      if (type == "RLIMIT_NOFILE" && amount)
        limit("open_files " + std::to_string(*amount), *item);
      else if (type == "RLIMIT_FSIZE" && amount)
        limit("disk " + size_text(*amount), *item);
      else if (type != "RLIMIT_CORE" || amount != 0u)
        leave_out(*item, "`" + json::printable(type) + "` has no sentence");
    }
  }

  void limit(const std::string& text, const Node& node) { limits_ += "        " + text + ";" + from(node) + "\n"; }

  void root_part(const Node& node) {
    if (!expect(node, Kind::Object)) return;
    const Node* readonly = document_.find(node, "readonly");
    readonly_root_ = readonly && readonly->text == "true";
    if (const Node* path = document_.find(node, "path")) leave_out(*path, "`root.path` is the image, not the policy");
  }

  void mounts(const Node& node) {
    for (const Node* item : items(node)) {
      if (expect(*item, Kind::Object)) mount(*item);
    }
  }
  void mount(const Node& node) {
    const auto destination = text_of(node, "destination");
    const auto type = text_of(node, "type");
    const auto source = text_of(node, "source");
    std::set<std::string> options;
    if (const Node* list = document_.find(node, "options")) {
      for (const Node* item : items(*list)) options.insert(item->text);
    }
    if ((destination == "/proc" && type == "proc") || (destination == "/dev" && type == "tmpfs"))
      return;  // every container has them
    const bool bind = type == "bind" || options.contains("bind") || options.contains("rbind");
    std::optional<std::uint64_t> size;
    for (const auto& option : options) {
      if (option.rfind("size=", 0) == 0) size = tmpfs_size(std::string_view(option).substr(5));
    }
    if (!acceptable_path(destination) || (bind ? !acceptable_path(source) : type != "tmpfs" || !size)) {
      return leave_out(node, "the mount at `" + json::printable(destination) + "` of type `" + json::printable(type) +
                                 "` is neither a host folder nor a tmpfs with a size");
    }
    const auto name = "Volume" + std::to_string(++volumes_);
    nouns_ += "volume " + name + (bind ? " from host:" + quoted(source) : " tmpfs " + size_text(*size)) + ";" +
              from(node) + "\n";
    body("mount " + name + " at " + quoted(destination) + (options.contains("ro") ? " readonly" : ""), node);
    body("may read, write, rename, link, execute " + name + ":\"/**\"", node);
    for (const auto& option : options) mount_option(node, option, bind);
  }
  void mount_option(const Node& node, const std::string& option, bool bind) {
    static const std::set<std::string> kSaid{"ro", "rw", "bind", "rbind", "private", "rprivate", "nosuid", "nodev"};
    if (kSaid.contains(option) || (!bind && (option.rfind("size=", 0) == 0 || option.rfind("mode=", 0) == 0))) return;
    leave_out(node, "the mount option `" + json::printable(option) + "` has no sentence");
  }

  void linux_part(const Node& node) {
    if (!expect(node, Kind::Object)) return;
    for (const auto& member : node.members) {
      const Node& part = document_.at(member.value);
      if (member.key == "namespaces")
        namespaces(part);
      else if (member.key == "resources")
        resources(part);
      else if (member.key == "seccomp")
        seccomp(part);
      else if (!is_given(member.key, part))
        leave_out(part, "`linux." + json::printable(member.key) + "` has no sentence");
    }
    if (calls_.empty() && !failed_)
      leave_out(node, "without `seccomp` every call is allowed, and such a policy has no filter to emit");
  }
  void seccomp(const Node& node) {
    seccomp_import::ProfileOptions options;
    options.syscalls = options_.syscalls;
    auto filter = seccomp_import::section_sentences(document_, node, options, sink_);
    failed_ = failed_ || !filter;
    if (!filter) return;
    calls_ = filter->text;
    for (auto& each : filter->left_out) left_out_.push_back({each.span, std::move(each.what)});
  }
  /// What every container has, so that it needs no sentence: paths of the kernel that are hidden or read-only, mounts
  /// that stay inside.
  bool is_given(std::string_view key, const Node& node) const {
    static const std::set<std::string_view> kHidden{
        "/proc/acpi",        "/proc/asound", "/proc/kcore",      "/proc/keys",        "/proc/latency_stats",
        "/proc/sched_debug", "/proc/scsi",   "/proc/timer_list", "/proc/timer_stats", "/sys/firmware"};
    static const std::set<std::string_view> kReadOnly{"/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys",
                                                      "/proc/sysrq-trigger"};
    const auto within = [&](const std::set<std::string_view>& known) {
      return node.kind == Kind::Array && std::all_of(node.items.begin(), node.items.end(), [&](json::NodeId id) {
               return known.contains(document_.at(id).text);
             });
    };
    if (key == "maskedPaths") return within(kHidden);
    if (key == "readonlyPaths") return within(kReadOnly);
    return key == "rootfsPropagation" && (node.text == "private" || node.text == "rprivate");
  }
  void namespaces(const Node& node) {
    for (const Node* item : items(node)) {
      auto type = text_of(*item, "type");
      if (type == "network") type = "net";
      if (document_.find(*item, "path"))
        leave_out(*item, "a namespace that is joined by path is taken for the host's");
      else
        private_.insert(type);
    }
  }
  void resources(const Node& node) {
    if (!expect(node, Kind::Object)) return;
    for (const auto& member : node.members) {
      const Node& part = document_.at(member.value);
      if (member.key == "memory")
        one_limit(part, "limit", [](std::uint64_t v) { return "memory " + size_text(v); });
      else if (member.key == "pids")
        one_limit(part, "limit", [](std::uint64_t v) { return "pids " + std::to_string(v); });
      else if (member.key == "cpu")
        cpu(part);
      else if (member.key != "devices" || !denies_all(part))
        leave_out(part, "`resources." + json::printable(member.key) + "` has no sentence");
    }
  }
  /// The one rule that every container has.
  bool denies_all(const Node& node) const {
    if (node.kind != Kind::Array || node.items.size() != 1) return false;
    const Node& rule = document_.at(node.items.front());
    const Node* allow = document_.find(rule, "allow");
    const Node* access = document_.find(rule, "access");
    return rule.members.size() == 2 && allow && allow->text == "false" && access && access->text == "rwm";
  }
  template <typename Spell>
  void one_limit(const Node& node, std::string_view key, Spell spell) {
    const Node* value = document_.find(node, key);
    const auto amount = value ? json::unsigned_of(*value) : std::nullopt;
    if (amount && *amount > 0) limit(spell(*amount), *value);
    for (const auto& member : node.members) {
      if (member.key != key && member.key != "swap")
        leave_out(document_.at(member.value), "`" + json::printable(member.key) + "` has no sentence");
    }
  }
  void cpu(const Node& node) {
    const Node* quota_node = document_.find(node, "quota");
    const Node* period_node = document_.find(node, "period");
    const auto quota = quota_node ? json::unsigned_of(*quota_node) : std::nullopt;
    const auto period = period_node ? json::unsigned_of(*period_node) : std::optional<std::uint64_t>{100'000};
    if (!quota || !period || *period == 0 || *quota > (std::uint64_t{1} << 40))
      return leave_out(node, "no processor limit is said");
    // Rounded up, so that the text allows no less than the configuration.
    const auto thousandths = (*quota * 1000 + *period - 1) / *period;
    if (*quota * 1000 % *period != 0) leave_out(node, "the processor share is rounded up to thousandths");
    auto fraction = std::to_string(1000 + thousandths % 1000).substr(1);
    limit("cpu " + std::to_string(thousandths / 1000) + "." + fraction, node);
  }

  std::string assemble() const {
    std::string out =
        "/// Imported from an OCI configuration; what it says beside a policy was listed with its lines.\nmodule " +
        options_.module + ";\nimport linux;\n\n" + nouns_ + "\ncontainer " + options_.container + " {\n";
    out += readonly_root_ ? "    rootfs readonly;\n" : "    rootfs writable;\n";
    out += "    namespaces {";
    for (const std::string kind : {"pid", "mount", "net", "ipc", "user", "uts", "cgroup"}) {
      out += " " + kind + (private_.contains(kind) ? ": private;" : ": host;");
    }
    out += " }\n" + body_;
    if (!limits_.empty()) out += "    limits {\n" + limits_ + "    }\n";
    out += "    may read, write, rename, link, execute \"/**\";\n    may connect, bind any;\n";
    return out + (calls_.empty() ? "    may invoke any;\n" : calls_) + "}\n";
  }

  const Document& document_;
  const source::SourceMap& sources_;
  const ConfigOptions& options_;
  diag::DiagnosticSink& sink_;
  bool failed_ = false;
  bool readonly_root_ = false;
  std::size_t volumes_ = 0;
  std::set<std::string> private_;
  std::string nouns_;
  std::string body_;
  std::string limits_;
  std::string calls_;  // the sentences of the filter
  std::vector<LeftOut> left_out_;
};

}  // namespace

std::optional<ConfigText> config_text(const source::SourceMap& sources, source::FileId file,
                                      const ConfigOptions& options, diag::DiagnosticSink& sink) {
  const auto document = json::parse(sources, file, {}, sink);
  if (!document) return std::nullopt;
  return Translation(*document, sources, options, sink).run();
}

}  // namespace bulkhead::oci_import
