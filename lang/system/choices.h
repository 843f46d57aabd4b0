// Every choice of values for some binders, in order: the last binder runs fastest.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <vector>

#include "lang/system/state.h"

namespace bulkhead::system {

/// for (bool more = choices.first(binding); more; more = choices.next(binding)) ...
/// No binders: there is exactly one choice.
class Choices {
 public:
  Choices(const System& system, const Scope& scope, const std::vector<BinderId>& binders);

  /// Every binder's values can be listed. Otherwise first and next must not be called.
  bool listable() const { return listable_; }
  /// How many choices there are; none where they are more than kMaxEntries.
  std::optional<std::size_t> size() const;
  /// Binds the first choice; false where there is none.
  bool first(std::map<BinderId, Value>& binding) const;
  /// Binds the choice after the one that is bound; false after the last.
  bool next(std::map<BinderId, Value>& binding) const;

 private:
  const std::vector<BinderId>& binders_;
  std::vector<Value> counts_;
  bool listable_ = true;
};

}  // namespace bulkhead::system
