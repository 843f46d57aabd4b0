// The reading of one BTOR2 file, line by line: its lines, and the operators in them.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "checker/interchange/btor2.h"
#include "checker/interchange/word_terms.h"

namespace bulkhead::interchange::btor2 {

using machine::Machine;
using term::Op;
using term::Sort;

/// A word, or the cells of an array in order.
struct Value {
  std::vector<TermId> cells;
  bool array = false;
};
/// Of words: index 0. Of arrays: the widths of index and element.
struct Shape {
  std::uint16_t index = 0, width = 0;
  bool array() const { return index != 0; }
  std::size_t cells() const { return array() ? std::size_t{1} << index : 1; }
  friend bool operator==(const Shape&, const Shape&) = default;
};

/// What goes wrong ends the reading; the line is added by whoever catches it.
struct Wrong {
  std::string why;
};

class Reader {
 public:
  Result<Machine, ReadError> read(std::string_view text) {
    std::size_t number = 0;
    try {
      while (!text.empty()) {
        ++number;
        const std::size_t end = text.find('\n');
        line(text.substr(0, end));
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        if (store().size() > kMaxNodes) throw Wrong{"the file has too many terms"};
      }
      finish();
    } catch (const Wrong& wrong) {
      return fail(ReadError{number, wrong.why});
    }
    return std::move(machine_);
  }

 private:
  term::Store& store() { return machine_.store; }
  void line(std::string_view text);
  void finish();

  static std::int64_t number(std::string_view text);
  static std::int64_t number(const std::vector<std::string_view>& words, std::size_t at);

  void sort(std::int64_t id, const std::vector<std::string_view>& words);
  Value constant(const std::string& kind, const Shape& shape, std::string_view digits);
  Value variable(const char* prefix, const Shape& shape, const std::string& name);
  void assign(std::map<std::size_t, Value>& to, const Shape& shape, std::int64_t latch, std::int64_t value);
  // btor2_operators.cpp
  Value apply(const std::string& op, const Shape& shape, const std::vector<std::string_view>& words);
  TermId unary(const std::string& op, TermId a, const Shape& shape, const std::vector<std::string_view>& words);
  TermId binary(const std::string& op, TermId a, TermId b);
  std::optional<TermId> compared(const std::string& op, TermId a, TermId b);
  TermId overflow(const std::string& op, TermId a, TermId b);
  Value read_cell(const Value& array, TermId index);
  Value write_cell(const Value& array, TermId index, TermId element);

  const Shape& shape_of(std::int64_t id) const {
    const auto found = shapes_.find(id);
    if (found == shapes_.end()) throw Wrong{"there is no sort " + std::to_string(id)};
    return found->second;
  }
  /// A negative number stands for the complement.
  Value value(std::int64_t id) {
    const auto found = values_.find(id < 0 ? -id : id);
    if (found == values_.end()) throw Wrong{"there is no node " + std::to_string(id < 0 ? -id : id)};
    Value made = found->second;
    if (id < 0 && made.array) throw Wrong{"an array has no complement"};
    if (id < 0) made.cells[0] = store().apply(Op::BitNot, {made.cells[0]});
    return made;
  }
  TermId word(std::int64_t id) {
    const Value made = value(id);
    if (made.array) throw Wrong{"a word is needed, and there is an array"};
    return made.cells[0];
  }
  TermId bit(std::int64_t id) {
    const TermId made = word(id);
    if (store().sort(made).width != 1) throw Wrong{"a single bit is needed"};
    return bit_at(store(), made, 0);
  }
  void same_width(TermId a, TermId b) {
    if (store().sort(a) != store().sort(b)) throw Wrong{"the operands have different widths"};
  }
  Shape shape(const Value& value) {
    Shape made{0, store().sort(value.cells[0]).width};
    while (value.array && (std::size_t{1} << made.index) < value.cells.size()) ++made.index;
    return made;
  }

  Machine machine_;
  std::map<std::int64_t, Shape> shapes_;
  std::map<std::int64_t, Value> values_;
  std::map<std::int64_t, std::size_t> latches_;  // node of a state -> its first latch
  std::map<std::size_t, Value> initial_, next_;  // by first latch
  std::vector<TermId> constraints_;
};

}  // namespace bulkhead::interchange::btor2
