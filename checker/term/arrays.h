// Values of arrays over the integers: one value everywhere but in finitely many places. Equal values have one number.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "checker/term/term.h"

namespace bulkhead::term {

class Arrays {
 public:
  struct Value {
    Word elsewhere;
    std::map<std::int64_t, Word> at;  // never what is elsewhere: so that equal arrays are equal values
    friend bool operator==(const Value&, const Value&) = default;
    friend bool operator<(const Value& a, const Value& b) {
      return a.elsewhere == b.elsewhere ? a.at < b.at : a.elsewhere < b.elsewhere;
    }
  };
  static constexpr std::size_t kMaxPlaces = std::size_t{1} << 16;  // of all values together, one more for each
  static constexpr std::size_t kMaxWork = std::size_t{1} << 24;    // places looked at

  /// Number 0 holds 0 everywhere.
  Arrays() { number({}); }

  /// The word that stands for the value; none: there are too many. What `at` says of elsewhere is left out.
  std::optional<Word> number(Value value);
  bool has(Word word) const { return word.high == 0 && word.low < values_.size(); }
  /// Requires: has(word).
  const Value& at(Word word) const { return values_.at(word.low); }

  /// Requires: has(array).
  Word select(Word array, std::int64_t index) const;
  std::optional<Word> put(Word array, std::int64_t index, Word value);

 private:
  std::vector<Value> values_;
  std::map<Value, std::uint64_t> numbers_;
  std::size_t places_ = 0, work_ = 0;
};

}  // namespace bulkhead::term
