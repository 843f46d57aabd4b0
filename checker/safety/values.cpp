#include "checker/safety/values.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "checker/interchange/smt_terms.h"
#include "checker/term/smt2.h"
#include "checker/term/word.h"

namespace bulkhead::safety {

using interchange::Expressions;
using term::Op;
using term::Word;

namespace {

std::string array_text(const term::Arrays::Value& value, term::Sort sort) {
  std::string text;
  for (std::size_t i = 0; i < value.at.size(); ++i) text += "(store ";
  text += "((as const " + term::sort_text(sort) + ") " + value_text(value.elsewhere, held_by(sort)) + ")";
  for (const auto& [index, held] : value.at) {
    text += " " + std::to_string(index) + " " + value_text(held, held_by(sort)) + ")";
  }
  return text;
}

std::optional<Word> read_array(const Expressions& text, interchange::NodeId id, term::Sort sort, term::Arrays& arrays) {
  term::Arrays::Value value;
  const auto held = [&](interchange::NodeId part) { return read_value(text, part, held_by(sort), arrays); };
  while (text.begins(id, "store") && text.at(id).items.size() == 4) {
    const auto& items = text.at(id).items;
    const auto index = read_value(text, items[2], term::kInt, arrays), what = held(items[3]);
    if (!index || !what) return std::nullopt;
    value.at.emplace(static_cast<std::int64_t>(index->low), *what);  // what was put last counts
    id = items[1];
  }
  const auto& items = text.at(id).items;
  if (items.size() != 2 || !text.begins(items[0], "as")) return std::nullopt;
  const auto elsewhere = held(items[1]);
  if (!elsewhere) return std::nullopt;
  value.elsewhere = *elsewhere;
  return arrays.number(std::move(value));
}

}  // namespace

std::string value_text(Word value, term::Sort sort, const term::Arrays& arrays) {
  if (sort.kind == term::Sort::Kind::Array) return array_text(arrays.at(value), sort);
  if (sort == term::kBool) return value.low != 0 ? "true" : "false";
  if (sort == term::kInt) return std::to_string(static_cast<std::int64_t>(value.low));
  std::string text = "#b";
  for (unsigned bit = sort.width; bit-- > 0;) text += (term::shift_right(value, bit).low & 1u) != 0 ? '1' : '0';
  return text;
}

std::optional<Word> read_value(const Expressions& text, interchange::NodeId id, term::Sort sort, term::Arrays& arrays) {
  if (sort.kind == term::Sort::Kind::Array) return read_array(text, id, sort, arrays);
  if (sort == term::kInt && !text.at(id).list) {
    const std::string_view digits = text.at(id).text;
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
    return Word{static_cast<std::uint64_t>(value), 0};
  }
  term::Store store;
  interchange::SmtTerms terms(text, store);
  const auto read = terms.term(id, {});
  if (!read || store.sort(*read) != sort) return std::nullopt;
  const term::Node& node = store.at(*read);
  if (node.op == Op::True || node.op == Op::False) return Word{node.op == Op::True ? 1u : 0u, 0};
  if (node.op == Op::Number || node.op == Op::Constant) return node.word;
  return std::nullopt;
}

std::string symbol_text(std::string_view name) {
  constexpr std::string_view kPlain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.!$%&*+-/<=>?@^~";
  const bool plain =
      !name.empty() && name.find_first_not_of(kPlain) == std::string_view::npos && (name[0] < '0' || name[0] > '9');
  return plain ? std::string(name) : "|" + std::string(name) + "|";
}

}  // namespace bulkhead::safety
