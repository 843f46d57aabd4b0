#include "runtime-bridge/sandbox/maximum_config.h"

#include <algorithm>
#include <cerrno>

#include "runtime-bridge/audit/json_line.h"
#include "runtime-bridge/sandbox/limits.h"

namespace bulkhead::sandbox {
namespace {

/// JSON by appending; commas are put before every element but the first.
class Json {
 public:
  Json& raw(const std::string& text) {
    out_ += text;
    return *this;
  }
  Json& text(const std::string& value) {
    all_utf8_ = all_utf8_ && audit::is_utf8(value);
    out_ += '"';
    for (const char c : value) {
      if (c == '"' || c == '\\') {
        out_ += '\\';
        out_ += c;
      } else if (static_cast<unsigned char>(c) < 0x20) {
        static constexpr char kHex[] = "0123456789abcdef";
        out_ += "\\u00";
        out_ += kHex[static_cast<unsigned char>(c) >> 4];
        out_ += kHex[c & 15];
      } else {
        out_ += c;
      }
    }
    out_ += '"';
    return *this;
  }
  Json& texts(const std::vector<std::string>& values) {
    out_ += '[';
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (i != 0) out_ += ',';
      text(values[i]);
    }
    out_ += ']';
    return *this;
  }
  bool all_utf8() const { return all_utf8_; }
  const std::string& str() const { return out_; }

 private:
  std::string out_;
  bool all_utf8_ = true;
};

void add_mount(Json& json, const BundleMount& mount) {
  const bool tmpfs = mount.source.empty();
  json.raw(",{\"destination\":").text(mount.target);
  json.raw(tmpfs ? ",\"type\":\"tmpfs\",\"source\":\"tmpfs\"" : ",\"type\":\"bind\",\"source\":");
  if (!tmpfs) json.text(mount.source);
  std::vector<std::string> flags{"nosuid", "nodev", mount.writable ? "rw" : "ro"};
  if (!mount.executable) flags.push_back("noexec");
  if (tmpfs) {
    flags.push_back("mode=1777");
    flags.push_back("size=" + std::to_string(mount.bytes));
  } else {
    flags.push_back("rbind");
  }
  json.raw(",\"options\":").texts(flags).raw("}");
}

/// A writable mount lets its files be renamed and linked, which the policy grants apart.
void add_refused_calls(Json& json, const table::Table& table) {
  std::vector<std::string> names;
#if defined(__x86_64__)
  const std::vector<std::string> renames{"rename", "renameat", "renameat2"}, links{"link", "linkat"};
  json.raw(",\"seccomp\":{\"architectures\":[\"SCMP_ARCH_X86_64\"]");
#else
  const std::vector<std::string> renames{"renameat", "renameat2"}, links{"linkat"};
  json.raw(",\"seccomp\":{\"architectures\":[\"SCMP_ARCH_AARCH64\"]");
#endif
  if (!grants(table, table::kRename)) names.insert(names.end(), renames.begin(), renames.end());
  if (!grants(table, table::kLink)) names.insert(names.end(), links.begin(), links.end());
  json.raw(",\"defaultAction\":\"SCMP_ACT_ALLOW\",\"syscalls\":[");
  if (!names.empty()) json.raw("{\"action\":\"SCMP_ACT_ERRNO\",\"names\":").texts(names).raw("}");
  json.raw("]}");
}

void add_rlimit(Json& json, const char* name, std::uint64_t value) {
  json.raw(std::string("{\"type\":\"") + name + "\",\"hard\":" + std::to_string(value) +
           ",\"soft\":" + std::to_string(value) + "}");
}

}  // namespace

bool grants(const table::Table& table, std::uint16_t right) {
  return std::any_of(table.rows.begin(), table.rows.end(), [&](const table::Row& row) {
    return row.effect == table::Effect::Permit && row.plane == table::Plane::File && (row.rights & right) != 0;
  });
}

Result<std::string, Refusal> oci_config(const table::Table& table, const BundlePlan& plan, const std::string& root) {
  const table::Limits& limits = table.limits;
  Json json;
  json.raw("{\"ociVersion\":\"1.0.2\",\"hostname\":\"bulkhead\",\"root\":{\"readonly\":true,\"path\":")
      .text(root)
      .raw("}");
  json.raw(",\"process\":{\"terminal\":false,\"noNewPrivileges\":true,\"user\":{\"uid\":" + std::to_string(plan.user) +
           ",\"gid\":" + std::to_string(plan.group) + "},\"cwd\":")
      .text(plan.working_folder);
  json.raw(",\"args\":").texts(plan.arguments).raw(",\"env\":").texts(plan.environment);
  json.raw(",\"capabilities\":{\"bounding\":[],\"effective\":[],\"permitted\":[],\"inheritable\":[],\"ambient\":[]}");
  json.raw(",\"rlimits\":[");
  add_rlimit(json, "RLIMIT_NOFILE", limits.open_files.set ? limits.open_files.amount : kDefaultOpenFiles);
  json.raw(",");
  add_rlimit(json, "RLIMIT_FSIZE", limits.disk.set ? limits.disk.amount : kDefaultDiskBytes);
  json.raw(",");
  add_rlimit(json, "RLIMIT_CORE", 0);
  json.raw("]},\"mounts\":[{\"destination\":\"/proc\",\"type\":\"proc\",\"source\":\"proc\"}");
  for (const BundleMount& mount : plan.mounts) add_mount(json, mount);
  json.raw(
      "],\"linux\":{\"namespaces\":[{\"type\":\"pid\"},{\"type\":\"ipc\"},{\"type\":\"uts\"},{\"type\":\"mount\"},");
  json.raw("{\"type\":\"network\"");
  if (!plan.network.empty()) json.raw(",\"path\":").text(plan.network);
  json.raw("}],\"maskedPaths\":[\"/proc/kcore\",\"/proc/keys\"]");
  add_refused_calls(json, table);
  json.raw("}}");
  if (!json.all_utf8()) {
    return fail(Refusal{Step::MakeBundle, EILSEQ, "config.json",
                        "use UTF-8 in paths, arguments and environment at level maximum"});
  }
  return json.str();
}

std::string sink_config(const std::string& socket) {
  Json json;
  json.raw(
      "{\"trace_session\":{\"name\":\"Default\",\"ignore_missing\":false,\"points\":[{\"name\":\"sentry/execve\"}");
  for (const char* call : {"open", "openat", "creat", "execve", "execveat", "connect", "bind"}) {
    const std::string name = call;
    const bool relative = name == "openat" || name == "execveat";
    json.raw(",{\"name\":\"syscall/" + name + "/exit\",\"context_fields\":[\"group_id\",\"cwd\"]");
    json.raw(relative ? ",\"optional_fields\":[\"fd_path\"]}" : "}");
  }
  json.raw("],\"sinks\":[{\"name\":\"remote\",\"ignore_setup_error\":false,\"config\":{\"endpoint\":").text(socket);
  // A program that is faster than its judge waits for it: an event that finds no room is tried again, not dropped.
  json.raw(",\"retries\":100000,\"backoff\":\"25us\",\"backoff_max\":\"10ms\"}}]}}");
  return json.str();
}

}  // namespace bulkhead::sandbox
