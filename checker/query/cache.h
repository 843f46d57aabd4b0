// A cache of certificates, never of verdicts: what is found in it is checked like everything else. Internal to
// checker/query.
#pragma once

#include <optional>
#include <string>

#include "checker/query/proof.h"

namespace bulkhead::query {

class CertificateCache {
 public:
  /// `folder` empty: there is no cache. `solver` is part of every key.
  CertificateCache(std::string folder, std::string solver);

  bool enabled() const { return !folder_.empty(); }
  /// The verdict that was stored for this obligation; a file that cannot be read as one is deleted and reported.
  std::optional<verdict::Verdict> find(const ir::World& world, const obligation::Obligation& obligation,
                                       CacheReport& report);
  void store(const ir::World& world, const obligation::Obligation& obligation, const verdict::Verdict& verdict,
             CacheReport& report);
  /// What was found was not accepted.
  void drop(const ir::World& world, const obligation::Obligation& obligation, const std::string& reason,
            CacheReport& report);

 private:
  std::string path(const ir::World& world, const obligation::Obligation& obligation) const;

  std::string folder_;
  std::string solver_;
};

}  // namespace bulkhead::query
