// The OCI bundle of a run at level maximum: a private folder with an empty root, and the mounts that the table allows.
//
// gVisor has no Landlock, so what may not be read is not there: each mounted volume is cut to the subtrees and files
// that the table's Landlock rules grant, read-only where they grant no writing, `noexec` where they grant no execution.
#pragma once

#include <string>
#include <vector>

#include "runtime-bridge/sandbox/descriptor.h"
#include "runtime-bridge/sandbox/plan.h"

namespace bulkhead::sandbox {

struct BundleMount {
  std::string source;  // on the host; "" for a tmpfs
  std::string target;
  std::uint64_t bytes = 0;  // of a tmpfs
  bool writable = false;
  bool executable = false;
  bool folder = false;
};

struct BundlePlan {
  std::vector<BundleMount> mounts;                         // parents first
  std::vector<std::pair<std::string, std::string>> links;  // path in the sandbox, target
  std::vector<PlacedFile> files;
  std::vector<std::string> arguments, environment;
  std::string working_folder;
  std::string network;                // path of the network namespace; "": a new one without interfaces
  std::uint32_t user = 0, group = 0;  // inside; a rootless gVisor knows one user, 0, without capabilities: the caller
};

/// Fails where a rule grants writing without reading: a mount cannot say that.
Result<BundlePlan, Refusal> plan_bundle(const table::Table& table, const RunOptions& options);

/// The folder of one run; removed with this object.
class Bundle {
 public:
  /// Also removes the folders of runs whose supervisor is dead: a lock that ends with its process tells.
  static Result<Bundle, Refusal> create(const std::string& run_id);
  Bundle(Bundle&& other) noexcept : path_(std::move(other.path_)), lock_(std::move(other.lock_)) {
    other.path_.clear();
  }
  Bundle& operator=(Bundle&&) = delete;
  ~Bundle();

  const std::string& path() const { return path_; }
  std::string file(const std::string& name) const { return path_ + "/" + name; }
  /// Writes the root's folders, links and files, config.json and the sink's configuration.
  Result<Unit, Refusal> write(const table::Table& table, const BundlePlan& plan, const std::string& init) const;

 private:
  Bundle(std::string path, Descriptor lock) : path_(std::move(path)), lock_(std::move(lock)) {}
  std::string path_;
  Descriptor lock_;
};

/// Where `path` of the sandbox lies on the host, by the mounts; "" if under none.
std::string host_path(const BundlePlan& plan, const std::string& path);
/// The other way round; "" if no mount shows it.
std::string inside_path(const BundlePlan& plan, const std::string& host);
/// `path` with the plan's own links followed.
std::string through_links(const BundlePlan& plan, const std::string& path);

}  // namespace bulkhead::sandbox
