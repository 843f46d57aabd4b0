// A folder of a test's own, gone with it, and the events that the audit tests write.
#pragma once

#include <stdlib.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <vector>

#include "lang/base/file.h"
#include "runtime-bridge/audit/log.h"

namespace bulkhead::audit {

class Scratch {
 public:
  Scratch() {
    std::string pattern = (std::filesystem::temp_directory_path() / "bulkhead-audit-XXXXXX").string();
    path_ = mkdtemp(pattern.data());
  }
  ~Scratch() { std::filesystem::remove_all(path_); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  std::string file(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

inline std::string text_of(const std::string& path) {
  return read_file(path, std::size_t{1} << 30).value();
}

inline std::vector<std::string> lines_of(const std::string& path) {
  std::vector<std::string> lines;
  const std::string text = text_of(path);
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    lines.push_back(text.substr(at, end - at));
    at = end == std::string::npos ? text.size() : end + 1;
  }
  return lines;
}

inline Log::Options options(std::string run) {
  Log::Options out;
  out.run_id = std::move(run);
  return out;
}

inline SandboxStart start_event() {
  SandboxStart start;
  start.module = "kai";
  start.container = "agent";
  start.profile = "standard";
  start.level = "standard";
  start.readback = "exact";
  start.command = {"/usr/bin/python3", "hostile.py"};
  return start;
}

inline CapabilityDenied denied(std::string path) {
  CapabilityDenied out;
  out.access = {"openat", "FILE_READ", std::move(path), 7, {}};
  out.access.rule = {3, "agent.bh", 27, "never read Secrets", "secrets_unreadable", "cannot agent read Secrets"};
  out.error = 13;
  return out;
}

}  // namespace bulkhead::audit
