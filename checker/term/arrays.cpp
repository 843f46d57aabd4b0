#include "checker/term/arrays.h"

#include <utility>

namespace bulkhead::term {

std::optional<Word> Arrays::number(Value value) {
  work_ += value.at.size() + 1;
  if (work_ > kMaxWork) return std::nullopt;
  std::erase_if(value.at, [&](const auto& place) { return place.second == value.elsewhere; });
  if (const auto found = numbers_.find(value); found != numbers_.end()) return Word{found->second, 0};
  places_ += value.at.size() + 1;
  if (places_ > kMaxPlaces) return std::nullopt;
  numbers_.emplace(value, values_.size());
  values_.push_back(std::move(value));
  return Word{values_.size() - 1, 0};
}

Word Arrays::select(Word array, std::int64_t index) const {
  const Value& value = at(array);
  const auto found = value.at.find(index);
  return found == value.at.end() ? value.elsewhere : found->second;
}

std::optional<Word> Arrays::put(Word array, std::int64_t index, Word value) {
  Value changed = at(array);
  changed.at[index] = value;
  return number(std::move(changed));
}

}  // namespace bulkhead::term
