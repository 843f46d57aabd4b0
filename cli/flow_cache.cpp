#include "cli/flow_cache.h"

#include <sys/stat.h>

#include <algorithm>
#include <array>

#include "cli/file_identity.h"
#include "cli/own_folder.h"
#include "lang/base/file.h"
#include "lang/import/selinux/read.h"

namespace bulkhead::cli {
namespace {

constexpr const char* kFolder = "flows";

/// What is read from a pipe is gone for whoever reads it next.
bool is_regular(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode);
}

Digest key_of(const Digest& policy, const Digest& map) {
  return sha256(build_identity() + "\n" + to_hex(policy) + "\n" + to_hex(map));
}

/// Where the digest of files with this identity is written down; "" where they have none to go by.
std::string note_path(const std::string& folder, const FlowInputs& inputs) {
  const std::string policy = identity_of(inputs.policy), map = identity_of(inputs.map), build = build_identity();
  if (policy.empty() || map.empty() || build.empty()) return "";
  return folder + "/" + to_hex(sha256(build + "\n" + policy + "\n" + map)) + ".of";
}

std::string relation_path(const std::string& folder, const Digest& key) {
  return folder + "/" + to_hex(key) + ".flow";
}

std::optional<Digest> noted(const std::string& note) {
  Digest key{};
  if (note.empty()) return std::nullopt;
  const Result<std::string> bytes = read_file(note, key.size());
  if (!bytes.ok() || bytes->size() != key.size()) return std::nullopt;
  std::copy(bytes->begin(), bytes->end(), key.begin());
  return key;
}

void note_down(const std::string& note, const Digest& key) {
  if (note.empty()) return;
  // Failing costs time only.
  (void)write_file(note, std::string_view(reinterpret_cast<const char*>(key.data()), key.size()), 0600);
}

}  // namespace

std::optional<closure::MappedRelation> find_flow(const FlowInputs& inputs) {
  const std::string folder = cache_folder(kFolder);
  if (folder.empty() || !is_own_folder(folder)) return std::nullopt;
  if (!is_regular(inputs.policy) || !is_regular(inputs.map)) return std::nullopt;
  const std::string note = note_path(folder, inputs);
  std::optional<Digest> key = noted(note);
  if (!key) {
    const Result<std::string> policy = read_file(inputs.policy, selinux::kMaxPolicyBytes);
    const Result<std::string> map = read_file(inputs.map, selinux::kMaxPolicyBytes);
    if (!policy.ok() || !map.ok()) return std::nullopt;
    key = key_of(sha256(*policy), sha256(*map));
  }
  std::optional<closure::MappedRelation> found = closure::MappedRelation::open(relation_path(folder, *key), *key);
  if (found && !noted(note)) note_down(note, *key);
  return found;
}

void keep_flow(const Digest& policy, const Digest& map, std::span<const std::string> names,
               const closure::ClosedRelation& relation) {
  const std::string folder = cache_folder(kFolder);
  if (folder.empty() || build_identity().empty() || !make_own_folder(folder)) return;
  const Digest key = key_of(policy, map);
  (void)write_file(relation_path(folder, key), closure::encode_relation(key, names, relation), 0600);
}

}  // namespace bulkhead::cli
