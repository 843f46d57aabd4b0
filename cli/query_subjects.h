// The subjects of a policy by the names that a question may have for them.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "lang/ir/world.h"

namespace bulkhead::cli {

/// Whom the word `host` stands for where no subject is called so: the only host, as in claims; none of several.
std::optional<std::string> host_by_that_word(const ir::World& world);

/// Requires: the world outlives this.
class QuerySubjects {
 public:
  explicit QuerySubjects(const ir::World& world);

  /// All but profiles. The two that stand for an open container have the same sentences, and their name means either.
  const std::vector<std::string>& names() const { return names_; }
  /// The subject, the only host, or the members of a pod; none: it is none of these.
  std::vector<std::string> members(const std::string& name) const;
  /// Everybody but those who are asked about; of an open container another one of its kind is somebody else.
  std::vector<std::string> others(const std::string& subject, const std::vector<std::string>& asking) const;
  /// Of the word `host` in a policy with several: what to tell the user.
  std::optional<std::string> ambiguity(const std::string& name) const;
  /// What to tell the user of a name that nobody has.
  std::string nobody(const std::string& name) const;

 private:
  bool has(const std::string& name) const;

  const ir::World& world_;
  std::vector<std::string> names_;
  std::set<std::string> open_;  // of them: those that stand for any number of unknown ones
};

}  // namespace bulkhead::cli
