#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <set>
#include <variant>
#include <vector>

#include "checker/interchange/btor2.h"
#include "checker/interchange/word_terms.h"
#include "checker/term/word.h"

namespace bulkhead::interchange {

using machine::Machine;
using term::Op;
using term::Sort;

namespace {

constexpr std::uint64_t kMaxLine = std::uint64_t{1} << 30;

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

  void sort(std::int64_t id, const std::vector<std::string_view>& words);
  Value constant(const std::string& kind, const Shape& shape, std::string_view digits);
  Value variable(const char* prefix, const Shape& shape, const std::string& name);
  void assign(std::map<std::size_t, Value>& to, const Shape& shape, std::int64_t latch, std::int64_t value);
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

std::int64_t number(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) {
    throw Wrong{"a number is needed where `" + std::string(text.substr(0, 40)) + "` stands"};
  }
  return value;
}

std::int64_t number(const std::vector<std::string_view>& words, std::size_t at) {
  if (at >= words.size()) throw Wrong{"the line is too short"};
  return number(words[at]);
}

void Reader::line(std::string_view text) {
  text = text.substr(0, text.find(';'));
  std::vector<std::string_view> words;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t from = text.find_first_not_of(" \t\r", at);
    if (from == std::string_view::npos) break;
    at = std::min(text.find_first_of(" \t\r", from), text.size());
    words.push_back(text.substr(from, at - from));
  }
  if (words.empty()) return;
  const std::int64_t id = number(words, 0);
  if (id <= 0 || id > static_cast<std::int64_t>(kMaxLine)) throw Wrong{"a line begins with its number"};
  if (words.size() < 2) throw Wrong{"the line is too short"};
  if (values_.contains(id) || shapes_.contains(id)) throw Wrong{"the number " + std::to_string(id) + " is used twice"};
  const std::string op(words[1].substr(0, 20));
  if (op == "sort") return sort(id, words);
  if (op == "bad") {
    const std::string name = words.size() > 3 ? std::string(words[3].substr(0, 100)) : std::to_string(id);
    machine_.bad.push_back({name, bit(number(words, 2))});
    return;
  }
  if (op == "constraint") return constraints_.push_back(bit(number(words, 2)));
  if (op == "output") return;
  if (op == "fair" || op == "justice") throw Wrong{"`" + op + "` is liveness; only safety is read"};
  const Shape of = shape_of(number(words, 2));
  const auto name = [&] { return words.size() > 3 ? std::string(words[3].substr(0, 100)) : std::string(); };
  if (op == "input") {
    values_[id] = variable("i", of, name());
  } else if (op == "state") {
    latches_[id] = machine_.state.size();
    values_[id] = variable("s", of, name());
  } else if (op == "init" || op == "next") {
    assign(op == "init" ? initial_ : next_, of, number(words, 3), number(words, 4));
  } else if (op == "zero" || op == "one" || op == "ones") {
    values_[id] = constant(op, of, "");
  } else if (op == "const" || op == "constd" || op == "consth") {
    if (words.size() < 4) throw Wrong{"the line is too short"};
    values_[id] = constant(op, of, words[3]);
  } else {
    values_[id] = apply(op, of, words);
    if (!(shape(values_[id]) == of)) throw Wrong{"the sort of the line is not that of its value"};
  }
}

void Reader::sort(std::int64_t id, const std::vector<std::string_view>& words) {
  if (words.size() > 3 && words[2] == "bitvec") {
    const std::int64_t width = number(words, 3);
    if (width < 1) throw Wrong{"a bit-vector has at least one bit"};
    if (width > term::kMaxWidth) throw Wrong{"words wider than 128 bits are not read"};
    shapes_[id] = {0, static_cast<std::uint16_t>(width)};
    return;
  }
  if (words.size() < 5 || words[2] != "array") throw Wrong{"a sort is a bitvec or an array"};
  const Shape index = shape_of(number(words, 3)), element = shape_of(number(words, 4));
  if (index.array() || element.array()) throw Wrong{"arrays of arrays are not read"};
  if (index.width > 8) throw Wrong{"arrays of more than 256 cells are not read"};
  shapes_[id] = {index.width, element.width};
}

Value Reader::constant(const std::string& kind, const Shape& shape, std::string_view digits) {
  if (shape.array()) throw Wrong{"an array is no constant"};
  term::Word word;
  if (kind == "one") word.low = 1;
  if (kind == "ones") word = {~std::uint64_t{0}, ~std::uint64_t{0}};
  const bool minus = kind == "constd" && !digits.empty() && digits[0] == '-';
  if (minus) digits.remove_prefix(1);
  if (digits.empty() && kind.starts_with("const")) throw Wrong{"a constant has digits"};
  const unsigned base = kind == "const" ? 2 : kind == "constd" ? 10 : 16;
  if (digits.size() > 128) throw Wrong{"the constant is too long"};
  for (const char digit : digits) {
    const char lower = digit >= 'A' && digit <= 'F' ? static_cast<char>(digit - 'A' + 'a') : digit;
    const unsigned value = lower >= 'a' ? static_cast<unsigned>(lower - 'a') + 10 : static_cast<unsigned>(lower - '0');
    if (lower < '0' || (lower > '9' && lower < 'a') || value >= base) throw Wrong{"a digit is out of place"};
    word = term::compute(Op::BitMul, word, {base, 0}, term::kMaxWidth, term::kMaxWidth);
    word = term::compute(Op::BitAdd, word, {value, 0}, term::kMaxWidth, term::kMaxWidth);
  }
  if (minus) word = term::compute(Op::BitSub, {}, word, term::kMaxWidth, term::kMaxWidth);
  return {{store().constant(word, shape.width)}, false};
}

Value Reader::variable(const char* prefix, const Shape& shape, const std::string& name) {
  Value made{{}, shape.array()};
  const bool latch = *prefix == 's';
  for (std::size_t cell = 0; cell < shape.cells(); ++cell) {
    const std::size_t place = latch ? machine_.state.size() : machine_.inputs.size();
    std::string plain = prefix + std::to_string(place) + ".";
    for (const char c : name) {
      const bool kept = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
      plain += kept ? c : '_';
    }
    const TermId made_one = store().variable(plain, term::bits(shape.width));
    made.cells.push_back(made_one);
    if (latch) machine_.state.push_back({made_one, made_one});
    if (!latch) machine_.inputs.push_back(made_one);
    if (machine_.state.size() + machine_.inputs.size() > kMaxNodes) throw Wrong{"the file has too many variables"};
  }
  return made;
}

void Reader::assign(std::map<std::size_t, Value>& to, const Shape& of, std::int64_t latch, std::int64_t given) {
  const auto found = latches_.find(latch);
  if (found == latches_.end()) throw Wrong{"there is no state " + std::to_string(latch)};
  Value made = value(given);
  const Shape own = shape(values_.at(latch));
  if (!(own == of)) throw Wrong{"the state has another sort"};
  if (own.array() && !made.array) made = {std::vector<TermId>(own.cells(), made.cells[0]), true};  // every cell
  if (!(shape(made) == own)) throw Wrong{"the value has another sort than the state"};
  if (!to.emplace(found->second, std::move(made)).second) throw Wrong{"the state has got its value before"};
}

Value Reader::apply(const std::string& op, const Shape& of, const std::vector<std::string_view>& words) {
  const Value first = value(number(words, 3));
  const auto one = [&](TermId term) { return Value{{term}, false}; };
  if (op == "read") return read_cell(first, word(number(words, 4)));
  if (op == "write") return write_cell(first, word(number(words, 4)), word(number(words, 5)));
  if (op == "ite") {
    const TermId condition = bit(number(words, 3));
    Value then = value(number(words, 4));
    const Value otherwise = value(number(words, 5));
    if (!(shape(then) == shape(otherwise))) throw Wrong{"the operands have different sorts"};
    for (std::size_t i = 0; i < then.cells.size(); ++i) {
      then.cells[i] = store().ite(condition, then.cells[i], otherwise.cells[i]);
    }
    return then;
  }
  if ((op == "eq" || op == "neq") && first.array) {
    const Value second = value(number(words, 4));
    if (!(shape(first) == shape(second))) throw Wrong{"the operands have different sorts"};
    std::vector<TermId> all;
    for (std::size_t i = 0; i < first.cells.size(); ++i) {
      all.push_back(store().equal(first.cells[i], second.cells[i]));
    }
    const TermId same = store().conjunction(std::move(all));
    return one(as_word(store(), op == "eq" ? same : store().negation(same)));
  }
  static const std::set<std::string> kUnary{"not",   "inc",    "dec",   "neg",  "redand",
                                            "redor", "redxor", "slice", "uext", "sext"};
  const TermId a = word(number(words, 3));
  if (kUnary.contains(op)) return one(unary(op, a, of, words));
  return one(binary(op, a, word(number(words, 4))));
}

TermId Reader::unary(const std::string& op, TermId a, const Shape& of, const std::vector<std::string_view>& words) {
  const std::uint16_t width = store().sort(a).width;
  if (op == "not") return store().apply(Op::BitNot, {a});
  if (op == "neg") return negate(store(), a);
  if (op == "inc") return store().apply(Op::BitAdd, {a, store().constant(1, width)});
  if (op == "dec") return store().apply(Op::BitSub, {a, store().constant(1, width)});
  if (op == "redor") return as_word(store(), store().negation(store().equal(a, store().constant(0, width))));
  if (op == "redand") {
    return as_word(store(), store().equal(store().apply(Op::BitNot, {a}), store().constant(0, width)));
  }
  if (op == "redxor") {
    TermId all = store().extract(a, 0, 1);
    for (std::uint16_t i = 1; i < width; ++i) all = store().apply(Op::BitXor, {all, store().extract(a, i, 1)});
    return all;
  }
  if (op == "slice") {
    const std::int64_t upper = number(words, 4), lower = number(words, 5);
    if (lower < 0 || upper < lower || upper >= width) throw Wrong{"the slice has bits that are not there"};
    return store().extract(a, static_cast<std::uint16_t>(lower), static_cast<std::uint16_t>(upper - lower + 1));
  }
  if (of.array() || of.width < width) throw Wrong{"an extension is no narrower than what it extends"};
  if (number(words, 4) != of.width - width) throw Wrong{"the sort of the line is not that of its value"};
  return op == "uext" ? store().zero_extend(a, of.width) : sign_extend(store(), a, of.width);
}

std::optional<TermId> Reader::compared(const std::string& op, TermId a, TermId b) {
  const auto compare = [&](Op by, TermId x, TermId y) { return store().apply(by, {x, y}); };
  if (op == "eq" || op == "iff") return store().equal(a, b);
  if (op == "neq") return store().negation(store().equal(a, b));
  if (op == "ult") return compare(Op::UnsignedLess, a, b);
  if (op == "ulte") return compare(Op::UnsignedLessEqual, a, b);
  if (op == "ugt") return compare(Op::UnsignedLess, b, a);
  if (op == "ugte") return compare(Op::UnsignedLessEqual, b, a);
  if (op == "slt") return compare(Op::SignedLess, a, b);
  if (op == "slte") return compare(Op::SignedLessEqual, a, b);
  if (op == "sgt") return compare(Op::SignedLess, b, a);
  if (op == "sgte") return compare(Op::SignedLessEqual, b, a);
  return std::nullopt;
}

TermId Reader::binary(const std::string& op, TermId a, TermId b) {
  if (op == "concat") {
    if (store().sort(a).width + store().sort(b).width > term::kMaxWidth) {
      throw Wrong{"words wider than 128 bits are not read"};
    }
    return store().apply(Op::Concat, {a, b});
  }
  same_width(a, b);
  if (const auto truth = compared(op, a, b)) return as_word(store(), *truth);
  static const std::map<std::string, Op> kPlain{{"and", Op::BitAnd},    {"or", Op::BitOr},      {"xor", Op::BitXor},
                                                {"add", Op::BitAdd},    {"sub", Op::BitSub},    {"mul", Op::BitMul},
                                                {"sll", Op::ShiftLeft}, {"srl", Op::ShiftRight}};
  static const std::map<std::string, Op> kNegated{{"nand", Op::BitAnd}, {"nor", Op::BitOr}, {"xnor", Op::BitXor}};
  if (const auto found = kPlain.find(op); found != kPlain.end()) return store().apply(found->second, {a, b});
  if (const auto found = kNegated.find(op); found != kNegated.end()) {
    return store().apply(Op::BitNot, {store().apply(found->second, {a, b})});
  }
  if (op == "implies") return store().apply(Op::BitOr, {store().apply(Op::BitNot, {a}), b});
  if (op == "sra") return shift_right_arithmetic(store(), a, b);
  if (op == "rol") return rotate_left(store(), a, b);
  if (op == "ror") return rotate_right(store(), a, b);
  if (op == "udiv") return divide(store(), a, b).quotient;
  if (op == "urem") return divide(store(), a, b).remainder;
  if (op == "sdiv") return divide_signed(store(), a, b).quotient;
  if (op == "srem") return divide_signed(store(), a, b).remainder;
  if (op == "smod") return signed_modulo(store(), a, b);
  return overflow(op, a, b);
}

/// The result in as many bits as it may need, beside the result that is kept.
TermId Reader::overflow(const std::string& op, TermId a, TermId b) {
  static const std::map<std::string, Op> kOf{{"uaddo", Op::BitAdd}, {"saddo", Op::BitAdd}, {"usubo", Op::BitSub},
                                             {"ssubo", Op::BitSub}, {"umulo", Op::BitMul}, {"smulo", Op::BitMul}};
  const auto found = kOf.find(op);
  if (found == kOf.end()) throw Wrong{"`" + op + "` is no operator that is read"};
  const std::uint16_t width = store().sort(a).width;
  const auto wide = static_cast<std::uint16_t>(found->second == Op::BitMul ? 2 * width : width + 1);
  if (wide > term::kMaxWidth) throw Wrong{"overflow of words this wide is not read"};
  const bool is_signed = op[0] == 's';
  const auto widened = [&](TermId x) {
    return is_signed ? sign_extend(store(), x, wide) : store().zero_extend(x, wide);
  };
  const TermId exact = store().apply(found->second, {widened(a), widened(b)});
  const TermId kept = widened(store().extract(exact, 0, width));
  return as_word(store(), store().negation(store().equal(exact, kept)));
}

Value Reader::read_cell(const Value& array, TermId index) {
  if (!array.array || shape(array).index != store().sort(index).width) throw Wrong{"an array is read at its index"};
  TermId found = array.cells[0];
  for (std::size_t i = 1; i < array.cells.size(); ++i) {
    const TermId here = store().equal(index, store().constant(i, store().sort(index).width));
    found = store().ite(here, array.cells[i], found);
  }
  return {{found}, false};
}

Value Reader::write_cell(const Value& array, TermId index, TermId element) {
  const Shape own = shape(array);
  if (!array.array || own.index != store().sort(index).width || own.width != store().sort(element).width) {
    throw Wrong{"an array is written at its index, with its element"};
  }
  Value written = array;
  for (std::size_t i = 0; i < written.cells.size(); ++i) {
    const TermId here = store().equal(index, store().constant(i, own.index));
    written.cells[i] = store().ite(here, element, written.cells[i]);
  }
  return written;
}

/// What a state without `next` becomes is anything: an input of its own.
void Reader::finish() {
  std::vector<TermId> initial;
  std::map<std::size_t, std::size_t> sizes;
  for (const auto& [node, first] : latches_) sizes[first] = values_.at(node).cells.size();
  for (const auto& [first, size] : sizes) {
    for (std::size_t i = 0; i < size; ++i) {
      machine::Latch& latch = machine_.state[first + i];
      if (const auto at = initial_.find(first); at != initial_.end()) {
        initial.push_back(store().equal(latch.now, at->second.cells[i]));
      }
      const auto next = next_.find(first);
      if (next != next_.end()) {
        latch.next = next->second.cells[i];
      } else {
        latch.next = store().variable("n." + store().name(latch.now), store().sort(latch.now));
        machine_.inputs.push_back(latch.next);
      }
    }
  }
  std::set<TermId> inputs(machine_.inputs.begin(), machine_.inputs.end());
  const auto parts = term::reachable(store(), initial);
  if (std::any_of(parts.begin(), parts.end(), [&](TermId id) { return inputs.contains(id); })) {
    throw Wrong{"an initial value that reads an input is not read"};
  }
  if (machine_.bad.empty()) throw Wrong{"the file has no `bad`"};
  machine_.initial = store().conjunction(std::move(initial));
  machine_.allowed = store().conjunction(std::move(constraints_));
  for (machine::Bad& bad : machine_.bad) bad.condition = store().conjunction({machine_.allowed, bad.condition});
}

}  // namespace

Result<Machine, ReadError> read_btor2(std::string_view text) {
  return Reader().read(text);
}

}  // namespace bulkhead::interchange
