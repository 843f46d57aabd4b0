#include "lang/import/capabilities/policy_text.h"

#include <algorithm>
#include <set>

#include "lang/import/capabilities/address.h"
#include "lang/import/capabilities/pattern.h"
#include "lang/import/capabilities/volumes.h"
#include "lang/ir/describe.h"

namespace bulkhead::capabilities {
namespace {

/// What nobody hands to a program by accident. Each stands alone, so that a grant takes no neighbour out of the claim.
constexpr std::string_view kSecrets[] = {
    "/etc/passwd",     "/etc/shadow",         "/etc/gshadow",       "/etc/sudoers",      "/etc/sudoers.d/**",
    "/etc/ssh/**",     "/etc/ssl/private/**", "/etc/kubernetes/**", "/root/**",          "/home/*/.ssh/**",
    "/home/*/.aws/**", "/home/*/.gnupg/**",   "/home/*/.config/**", "/home/*/.netrc",    "/boot/**",
    "/run/secrets/**", "/var/run/secrets/**", "/var/lib/docker/**", "/var/spool/cron/**"};

/// Where people keep what they would not show: folders of the own root that hold nothing but what is mounted there.
constexpr std::string_view kBare[] = {"/data", "/home", "/media", "/mnt", "/opt", "/root",
                                      "/run",  "/srv",  "/tmp",   "/var", "/boot"};

constexpr std::uint64_t kDefaultMemory = 256u << 20;
constexpr std::uint64_t kDefaultCpu = 1000;

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

std::string size_text(std::uint64_t bytes) {
  constexpr struct {
    std::uint64_t factor;
    const char* unit;
  } kUnits[] = {{1u << 30, "GiB"}, {1u << 20, "MiB"}, {1u << 10, "KiB"}};
  for (const auto& unit : kUnits) {
    if (bytes % unit.factor == 0) return std::to_string(bytes / unit.factor) + " " + unit.unit;
  }
  return std::to_string(bytes) + " B";
}

std::string thousandths_text(std::uint64_t value) {
  std::string out = std::to_string(value / 1000);
  auto rest = std::to_string(1000 + value % 1000).substr(1);
  while (!rest.empty() && rest.back() == '0') rest.pop_back();
  return rest.empty() ? out : out + "." + rest;
}

std::string duration_text(std::uint64_t ms) {
  return ms % 1000 == 0 ? std::to_string(ms / 1000) + " s" : std::to_string(ms) + " ms";
}

std::string net_text(const NetGrant& grant) {
  std::string out = to_string(Block{grant.range.first, grant.range.last, grant.prefix_bits}) + " port " +
                    std::to_string(grant.range.first_port);
  if (grant.range.last_port != grant.range.first_port) out += ".." + std::to_string(grant.range.last_port);
  return out + (grant.range.protos == 1 ? " tcp" : " udp");
}

const char* rights_text(Kind kind) {
  switch (kind) {
    case Kind::FileRead:
      return "read";
    case Kind::FileWrite:
      return "write, rename";
    case Kind::ProcessSpawn:
      return "read, execute";
    case Kind::NetworkConnect:
      return "connect";
    case Kind::EnvRead:
      break;
  }
  return "";
}

/// A revocation takes what only this kind gives: what may be read by another grant stays readable.
const char* revoked_text(Kind kind) {
  return kind == Kind::ProcessSpawn ? "execute" : rights_text(kind);
}

/// Lines with their origins.
class Writer {
 public:
  explicit Writer(const source::SourceMap& sources) : sources_(sources) {}
  void line(const std::string& text = {}) {
    out_.text += text + "\n";
    ++line_;
  }
  void line(const std::string& text, const Origin& origin) {
    out_.origins.push_back({line_, origin});
    line(text + "  // " + comment(describe(origin, sources_)));
  }
  PolicyText take() { return std::move(out_); }

 private:
  /// File names are the user's: nothing of them may end the comment.
  static std::string comment(std::string text) {
    for (char& c : text) {
      if (static_cast<unsigned char>(c) < 0x20) c = '?';
    }
    return text;
  }
  const source::SourceMap& sources_;
  PolicyText out_;
  std::uint32_t line_ = 1;
};

bool loopback(const NetGrant& grant) {
  bool ignored = false;
  for (const auto text : {"127.0.0.0/8", "::1", "::ffff:127.0.0.0/104", "0.0.0.0", "::"}) {
    const auto block = parse_block(text, ignored);
    if (grant.range.first <= block->last && block->first <= grant.range.last) return true;
  }
  return false;
}

/// Destinations that are outside of the grants, as the items of a `net` sentence.
std::vector<std::string> outside_items(const std::vector<NetGrant>& grants) {
  std::vector<ir::NetPattern> ranges;
  for (const auto& grant : grants) ranges.push_back(grant.range);
  std::vector<std::string> items;
  for (const auto& outside : outside_of(ranges)) {
    std::string blocks;
    for (const auto& block : outside.blocks) blocks += (blocks.empty() ? "" : ", ") + to_string(block);
    if (outside.services.empty()) items.push_back(blocks);
    for (const auto& service : outside.services) {
      std::string item = blocks + " port";
      for (std::size_t i = 0; i < service.ports.size(); ++i) {
        const auto& [first, last] = service.ports[i];
        item += (i ? ", " : " ") + std::to_string(first);
        if (last != first) item += ".." + std::to_string(last);
      }
      items.push_back(item + (service.proto == ir::Proto::Tcp ? " tcp" : " udp"));
    }
  }
  return items;
}

class Translation {
 public:
  Translation(const CapabilitySet& set, const source::SourceMap& sources, const PolicyTextOptions& options)
      : set_(set), options_(options), mounted_(take_own()), volumes_(volumes_of(mounted_)), out_(sources) {
    for (const auto secret : kSecrets) {
      const auto touched = [&](const PathGrant& grant) { return !surely_disjoint(grant.glob, secret); };
      if (std::none_of(set.granted.paths.begin(), set.granted.paths.end(), touched)) secrets_.emplace_back(secret);
    }
    const auto in_tmp = [](const GrantVolume& v) { return covers("/tmp", v.source) || covers(v.source, "/tmp"); };
    for (const auto folder : kBare) add_bare(std::string(folder));
    for (const auto& volume : volumes_) add_bare(volume.source.substr(0, volume.source.rfind('/')));
    scratch_ = set.limits.disk && std::none_of(volumes_.begin(), volumes_.end(), in_tmp);
  }

  PolicyText text() {
    out_.line("/// What a program may do beside computing: made from its capabilities, and proved before it starts.");
    if (!set_.component.empty()) out_.line("/// Component " + set_.component + ".");
    out_.line("module " + options_.module + ";");
    out_.line("import linux;");
    out_.line("import profiles;");
    out_.line();
    nouns();
    container();
    out_.line();
    claims();
    return out_.take();
  }

 private:
  /// Splits the grants: what lies in a volume stays, and programs of the runtime are granted where it shows them.
  std::vector<PathGrant> take_own() {
    std::vector<PathGrant> mounted, spawned;
    for (const auto& grant : set_.granted.paths) {
      const bool own = grant.kind == Kind::ProcessSpawn && options_.programs.count(grant.glob) != 0;
      (own ? spawned : mounted).push_back(grant);
    }
    for (auto& grant : spawned) {
      // The name goes with the grant: whoever revokes it by its name must not find it granted by another.
      const auto revoked = [&](const PathGrant& other) {
        return other.kind == Kind::ProcessSpawn && !surely_disjoint(other.glob, grant.glob);
      };
      if (std::any_of(set_.revoked.paths.begin(), set_.revoked.paths.end(), revoked)) continue;
      grant.glob = options_.programs.at(grant.glob);
      const auto shown = [&](const PathGrant& other) { return covers(literal_prefix(other.glob), grant.glob); };
      const bool elsewhere = std::any_of(mounted.begin(), mounted.end(), shown);
      (elsewhere ? mounted : own_).push_back(grant);
    }
    return mounted;
  }

  /// A folder of the own root that nothing of the runtime lies in: whatever is asked for there and not mounted, is
  /// refused.
  void add_bare(const std::string& folder) {
    const bool known =
        std::any_of(bare_.begin(), bare_.end(), [&](const auto& other) { return covers(other, folder); });
    const auto used = [&](const std::string& glob) { return !surely_disjoint(glob, folder + "/**"); };
    if (folder.empty() || known || std::any_of(options_.runtime.begin(), options_.runtime.end(), used)) return;
    bare_.push_back(folder);
  }

  void nouns() {
    for (const auto& volume : volumes_) {
      out_.line("volume " + volume.name + " from host:" + quoted(volume.source) + ";", volume.grants.front()->origin);
    }
    if (scratch_)
      out_.line("volume Scratch tmpfs " + size_text(set_.limits.disk->amount) + ";", set_.limits.disk->origin);
    out_.line("net Anywhere = any;");
    if (!set_.granted.nets.empty()) {
      const auto items = outside_items(set_.granted.nets);
      for (std::size_t i = 0; i < items.size(); ++i) {
        out_.line((i == 0 ? "net Outside = " : "    or ") + items[i] + (i + 1 == items.size() ? ";" : ""));
      }
      outside_ = !items.empty();
    }
    for (std::size_t i = 0; i < bare_.size(); ++i) {
      out_.line((i == 0 ? "file Beside = " : "    ") + quoted(bare_[i] + "/**") + (i + 1 == bare_.size() ? ";" : ","));
    }
    // Everything but the devices that every program may write to: no pattern says "all but these".
    out_.line(R"(file OwnRoot = "/{,[!d]**,d,d[!e]**,de,de[!v]**,dev,dev[!/]**,dev/[!nzfru]**}";)");
    if (!secrets_.empty()) {
      out_.line("file Secrets =");
      for (std::size_t i = 0; i < secrets_.size(); ++i) {
        const auto glob = quoted(secrets_[i]);
        out_.line("    " + glob + ", host:" + glob + (i + 1 == secrets_.size() ? ";" : ","));
      }
    }
    out_.line();
  }

  void container() {
    const std::string head =
        "container " + options_.container + " uses " + ir::describe(set_.level.value_or(options_.level)) + " {";
    if (set_.list) {
      out_.line(head, *set_.list);
    } else {
      out_.line(head);
    }
    out_.line("    rootfs readonly;");
    out_.line("    namespaces { pid, mount, net, ipc, user, uts, cgroup: private; }");
    limits();
    for (const auto& d : set_.degrade) {
      const auto colon = d.name.find(':');
      out_.line("    degrade " + d.name.substr(0, colon) + ": " + d.name.substr(colon + 1) + ";", d.origin);
    }
    environment();
    for (const auto& volume : volumes_) {
      const bool writable = volume.has(Kind::FileWrite);
      out_.line("    mount " + volume.name + " at " + quoted(volume.source) + (writable ? ";" : " readonly;"),
                volume.grants.front()->origin);
      for (const auto* grant : volume.grants) {
        out_.line("    may " + std::string(rights_text(grant->kind)) + " " + volume.name + ":" +
                      quoted(glob_in(volume, *grant)) + ";",
                  grant->origin);
      }
    }
    for (const auto& grant : own_) out_.line("    may execute " + quoted(grant.glob) + ";", grant.origin);
    if (scratch_) {
      out_.line("    mount Scratch at \"/tmp\";", set_.limits.disk->origin);
      out_.line("    may read, write, rename Scratch:\"/**\";", set_.limits.disk->origin);
    }
    for (const auto& net : set_.granted.nets) out_.line("    may connect " + net_text(net) + ";", net.origin);
    // Connections are handed over from outside: a socket of theirs must not turn into one that accepts.
    if (!set_.granted.nets.empty()) out_.line("    never invoke listen;");
    revocations();
    out_.line("}");
  }

  void revocations() {
    for (const auto& path : set_.revoked.paths) {
      out_.line("    never " + std::string(revoked_text(path.kind)) + " host:" + quoted(path.glob) + ", " +
                    quoted(path.glob) + ";",
                path.origin);
    }
    for (const auto& net : set_.revoked.nets) out_.line("    never connect " + net_text(net) + ";", net.origin);
  }

  void limits() {
    const auto& limits = set_.limits;
    out_.line("    limits {");
    limit("memory", limits.memory, size_text(limits.memory ? limits.memory->amount : kDefaultMemory));
    limit("cpu", limits.cpu, thousandths_text(limits.cpu ? limits.cpu->amount : kDefaultCpu));
    if (const auto pids = processes()) limit("pids", pids, std::to_string(pids->amount));
    if (limits.wall_time) limit("time", limits.wall_time, duration_text(limits.wall_time->amount));
    if (limits.disk) limit("disk", limits.disk, size_text(limits.disk->amount));
    if (limits.open_files) limit("open_files", limits.open_files, std::to_string(limits.open_files->amount));
    out_.line("    }");
  }
  void limit(const char* resource, const std::optional<Limit>& given, const std::string& amount) {
    const auto text = std::string("        ") + resource + " " + amount + ";";
    if (given) {
      out_.line(text, given->origin);
    } else {
      out_.line(text);
    }
  }
  /// Soundness: the kernel counts threads as well, so `max` processes beside the program and its init is a stricter
  /// limit.
  std::optional<Limit> processes() const {
    if (!set_.max_processes) return set_.limits.pids;
    const Limit spawned{set_.max_processes->amount + 2, set_.max_processes->origin};
    return set_.limits.pids && set_.limits.pids->amount < spawned.amount ? set_.limits.pids : std::optional(spawned);
  }

  void environment() {
    std::set<std::string> seen;
    for (const auto& name : set_.revoked.environment) seen.insert(name.name);
    for (const auto& name : set_.granted.environment) {
      if (seen.insert(name.name).second) out_.line("    environment " + name.name + ";", name.origin);
    }
  }

  void claim(const std::string& name, const std::string& form) {
    out_.line("prove " + name + ": " + options_.container + " " + form + ";");
  }
  static bool gives(const GrantVolume& volume, Kind kind) {
    return volume.has(kind) || (kind == Kind::FileRead && volume.has(Kind::ProcessSpawn));
  }
  bool any(Kind kind) const {
    return std::any_of(volumes_.begin(), volumes_.end(), [&](const auto& volume) { return gives(volume, kind); });
  }
  std::string volumes_without(Kind kind) const {
    std::string out;
    for (const auto& volume : volumes_) {
      if (!gives(volume, kind)) out += (out.empty() ? "" : ", ") + volume.name + ":\"/**\"";
    }
    return out;
  }

  void claims() {
    if (!secrets_.empty()) claim("secrets_untouched", "cannot read, write, rename, link, execute Secrets");
    if (!bare_.empty()) claim("nothing_beside", "cannot read, write, rename, link, execute Beside");
    file_claims("unread", "read", Kind::FileRead);
    file_claims("unchanged", "write, rename", Kind::FileWrite);
    file_claims("unexecuted", "execute", Kind::ProcessSpawn);
    if (own_.empty()) claim("runtime_unexecuted", "cannot execute \"/**\"");
    claim("no_second_names", "cannot link host:\"/**\", \"/**\"");
    claim("own_root_unchanged", "cannot write, rename OwnRoot");
    if (set_.granted.nets.empty()) {
      claim("no_egress", "cannot connect Anywhere");
    } else if (outside_) {
      claim("no_other_egress", "cannot connect Outside");
    }
    claim("no_listener", "cannot bind Anywhere");
    claim("no_kernel_capability", "cannot hold any");
    const bool reaches_host =
        any(Kind::FileWrite) || std::any_of(set_.granted.nets.begin(), set_.granted.nets.end(), loopback);
    if (!reaches_host && set_.granted.nets.empty()) claim("alone", "isolated from host");
    revocation_claims();
  }
  /// Nothing of the host where nothing is granted; else nothing of the volumes that were granted for something else.
  void file_claims(const std::string& name, const std::string& rights, Kind kind) {
    if (!any(kind)) {
      claim("host_" + name, "cannot " + rights + " host:\"/**\"");
    } else if (const auto others = volumes_without(kind); !others.empty()) {
      claim("others_" + name, "cannot " + rights + " " + others);
    }
  }
  void revocation_claims() {
    std::size_t count = 0;
    for (const auto& path : set_.revoked.paths) {
      claim("revoked_" + std::to_string(++count),
            "cannot " + std::string(revoked_text(path.kind)) + " host:" + quoted(path.glob) + ", " + quoted(path.glob));
    }
    for (const auto& net : set_.revoked.nets)
      claim("revoked_" + std::to_string(++count), "cannot connect " + net_text(net));
  }

  const CapabilitySet& set_;
  const PolicyTextOptions& options_;
  std::vector<PathGrant> own_;  // programs of the runtime that may be executed again
  std::vector<PathGrant> mounted_;
  std::vector<GrantVolume> volumes_;
  std::vector<std::string> secrets_;
  std::vector<std::string> bare_;
  bool scratch_ = false;
  bool outside_ = false;
  Writer out_;
};

}  // namespace

PolicyText policy_text(const CapabilitySet& set, const source::SourceMap& sources, const PolicyTextOptions& options) {
  return Translation(set, sources, options).text();
}

}  // namespace bulkhead::capabilities
