// What earlier questions about one .bh policy were decided to, kept when the evidence was accepted, and mapped by later
// questions.
#pragma once

#include <ctime>
#include <optional>
#include <span>
#include <string>

#include "checker/closure/relation_file.h"
#include "cli/policy.h"

namespace bulkhead::cli {

/// Trusted: the user's own folder (mode 0700), in which nobody else can have put anything. What is kept hangs on every
/// byte of the policy and of what it imports, on the volumes that were given, and on this very build.
class KeptPolicy {
 public:
  /// Of files that have not changed since an earlier run noted them, without reading any: each file that was read has
  /// the place, size and times that it had, and where an import was looked for in vain there is still nothing.
  static std::optional<KeptPolicy> unchanged(const PolicyInput& input);
  /// Of a policy that was loaded from these files after `since`, and from texts whose name is `text_name`; noted for
  /// unchanged(). None where nothing can be kept.
  static std::optional<KeptPolicy> of(const PolicyInput& input, const Policy& loaded, std::time_t since,
                                      const std::string& text_name);

  /// None where nothing of that name is kept, or it is damaged.
  std::optional<closure::MappedRelation> find(const std::string& what) const;
  /// Requires: the evidence for it was accepted. Failing to keep it costs time only, so nothing is reported.
  void keep(const std::string& what, std::span<const std::string> names, const closure::ClosedRelation& relation) const;

 private:
  KeptPolicy(std::string folder, Digest policy) : folder_(std::move(folder)), policy_(policy) {}
  Digest key_of(const std::string& what) const;

  std::string folder_;
  Digest policy_;
};

}  // namespace bulkhead::cli
