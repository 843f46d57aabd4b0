#include "lang/system/choices.h"

#include "lang/base/check.h"

namespace bulkhead::system {

Choices::Choices(const System& system, const Scope& scope, const std::vector<BinderId>& binders) : binders_(binders) {
  for (const BinderId binder : binders) {
    const auto count = cardinality(system, scope, system.at(binder).type);
    listable_ = listable_ && count.has_value();
    counts_.push_back(static_cast<Value>(count.value_or(0)));
  }
}

std::optional<std::size_t> Choices::size() const {
  std::size_t size = 1;
  for (const Value count : counts_) {
    if (static_cast<std::size_t>(count) > kMaxEntries / size) return std::nullopt;
    size *= static_cast<std::size_t>(count);
    if (size == 0) return 0;
  }
  return size;
}

bool Choices::first(std::map<BinderId, Value>& binding) const {
  BH_CHECK(listable_, "only what can be listed is chosen from");
  for (std::size_t i = 0; i < binders_.size(); ++i) {
    if (counts_[i] == 0) return false;
    binding[binders_[i]] = 0;
  }
  return true;
}

bool Choices::next(std::map<BinderId, Value>& binding) const {
  BH_CHECK(listable_, "only what can be listed is chosen from");
  for (std::size_t i = binders_.size(); i-- > 0;) {
    Value& value = binding.at(binders_[i]);
    if (++value < counts_[i]) return true;
    value = 0;
  }
  return false;
}

}  // namespace bulkhead::system
