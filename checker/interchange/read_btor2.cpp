#include <algorithm>
#include <charconv>
#include <variant>

#include "checker/interchange/btor2_reader.h"
#include "checker/term/word.h"

namespace bulkhead::interchange {
namespace btor2 {
namespace {

constexpr std::uint64_t kMaxLine = std::uint64_t{1} << 30;

}  // namespace

std::int64_t Reader::number(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) {
    throw Wrong{"a number is needed where `" + std::string(text.substr(0, 40)) + "` stands"};
  }
  return value;
}

std::int64_t Reader::number(const std::vector<std::string_view>& words, std::size_t at) {
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

}  // namespace btor2

Result<machine::Machine, ReadError> read_btor2(std::string_view text) {
  return btor2::Reader().read(text);
}

}  // namespace bulkhead::interchange
