#include "checker/term/term.h"

#include <algorithm>

#include "checker/term/word.h"
#include "lang/base/check.h"

namespace bulkhead::term {
namespace {

std::uint64_t hash_of(const Node& node) {
  std::uint64_t hash = static_cast<std::uint64_t>(node.op) * 31 + node.sort.width;
  const auto mix = [&](std::uint64_t value) { hash = (hash ^ value) * 0x9E3779B97F4A7C15u + (hash >> 29); };
  mix(node.word.low);
  mix(node.word.high);
  mix(node.name);
  for (const TermId arg : node.args) mix(arg.index());
  return hash;
}

bool plain_symbol(std::string_view name) {
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
           c == '!';
  };
  return !name.empty() && !(name[0] >= '0' && name[0] <= '9') && std::all_of(name.begin(), name.end(), plain);
}

}  // namespace

Store::Store() {
  intern({Op::True, kBool, {}, 0, {}});
  intern({Op::False, kBool, {}, 0, {}});
}

TermId Store::intern(Node node) {
  const std::uint64_t hash = hash_of(node);
  const auto [first, last] = by_hash_.equal_range(hash);
  for (auto it = first; it != last; ++it)
    if (at(it->second) == node) return it->second;
  const TermId id{nodes_.size()};
  nodes_.push_back(std::move(node));
  by_hash_.emplace(hash, id);
  return id;
}

TermId Store::variable(std::string_view name, Sort sort) {
  BH_CHECK(plain_symbol(name) && !name.starts_with("t!"), "the name of a variable is a plain symbol");
  if (const auto found = variables_.find(name); found != variables_.end()) {
    BH_CHECK(this->sort(found->second) == sort, "a variable has one sort");
    return found->second;
  }
  names_.emplace_back(name);
  const TermId id = intern({Op::Variable, sort, {}, static_cast<std::uint32_t>(names_.size() - 1), {}});
  variables_.emplace(std::string(name), id);
  return id;
}

TermId Store::number(std::int64_t value) {
  return intern({Op::Number, kInt, {static_cast<std::uint64_t>(value), 0}, 0, {}});
}

TermId Store::member(std::uint16_t place, std::uint16_t count) {
  BH_CHECK(place < count, "a member is one of those that there are");
  return intern({Op::Constant, members(count), {place, 0}, 0, {}});
}

SymbolId Store::declare(Symbol symbol) {
  BH_CHECK(plain_symbol(symbol.name) && !symbol.name.starts_with("t!"), "the name of a function is a plain symbol");
  for (const Symbol& other : symbols_) BH_CHECK(other.name != symbol.name, "a function is declared once");
  symbols_.push_back(std::move(symbol));
  return SymbolId{symbols_.size() - 1};
}

TermId Store::call(SymbolId id, std::vector<TermId> args) {
  const Symbol& symbol = symbols_.at(id.index());
  BH_CHECK(args.size() == symbol.arguments.size(), "a function has its number of arguments");
  for (std::size_t i = 0; i < args.size(); ++i) {
    BH_CHECK(sort(args[i]) == symbol.arguments[i], "each argument has its sort");
  }
  return intern({Op::Apply, symbol.result, {}, static_cast<std::uint32_t>(id.index()), std::move(args)});
}

TermId Store::constant(Word value, std::uint16_t width) {
  BH_CHECK(width >= 1 && width <= kMaxWidth, "a bit-vector has 1 to 128 bits");
  return intern({Op::Constant, bits(width), cut(value, width), 0, {}});
}

TermId Store::negation(TermId a) {
  BH_CHECK(sort(a) == kBool, "only a Boolean is negated");
  if (a == truth(true)) return truth(false);
  if (a == truth(false)) return truth(true);
  if (at(a).op == Op::Not) return at(a).args[0];
  return intern({Op::Not, kBool, {}, 0, {a}});
}

TermId Store::connective(Op op, std::vector<TermId> args) {
  const TermId neutral = truth(op == Op::And);
  const TermId dominant = truth(op == Op::Or);
  std::sort(args.begin(), args.end());
  args.erase(std::unique(args.begin(), args.end()), args.end());
  std::erase(args, neutral);
  for (const TermId arg : args) {
    BH_CHECK(sort(arg) == kBool, "a connective joins Booleans");
    if (arg == dominant) return dominant;
    if (at(arg).op == Op::Not && std::binary_search(args.begin(), args.end(), at(arg).args[0])) return dominant;
  }
  if (args.empty()) return neutral;
  if (args.size() == 1) return args[0];
  return intern({op, kBool, {}, 0, std::move(args)});
}

TermId Store::conjunction(std::vector<TermId> args) {
  return connective(Op::And, std::move(args));
}
TermId Store::disjunction(std::vector<TermId> args) {
  return connective(Op::Or, std::move(args));
}

TermId Store::equal(TermId a, TermId b) {
  BH_CHECK(sort(a) == sort(b), "equality is of one sort");
  if (a == b) return truth(true);
  if (b < a) std::swap(a, b);
  const auto fixed = [&](TermId id) { return at(id).op == Op::Constant || at(id).op == Op::Number; };
  if (fixed(a) && fixed(b)) return truth(false);  // two words that are not one term differ
  if (sort(a) == kBool) {
    if (a == truth(true)) return b;
    if (a == truth(false)) return negation(b);
  }
  return intern({Op::Equal, kBool, {}, 0, {a, b}});
}

TermId Store::ite(TermId condition, TermId then, TermId otherwise) {
  BH_CHECK(sort(condition) == kBool && sort(then) == sort(otherwise), "both branches have one sort");
  if (condition == truth(true) || then == otherwise) return then;
  if (condition == truth(false)) return otherwise;
  if (sort(then) == kBool) return conjunction({implication(condition, then), disjunction({condition, otherwise})});
  return intern({Op::Ite, sort(then), {}, 0, {condition, then, otherwise}});
}

TermId Store::apply(Op op, std::vector<TermId> args) {
  BH_CHECK(!args.empty() && args.size() == (op == Op::BitNot ? 1u : 2u), "an operator has its number of arguments");
  const Sort first = sort(args[0]);
  const bool integers =
      op == Op::Add || op == Op::Subtract || op == Op::Multiply || op == Op::Less || op == Op::LessEqual;
  for (const TermId arg : args) {
    BH_CHECK(sort(arg).kind == (integers ? Sort::Kind::Int : Sort::Kind::Bits),
             "an operator has arguments of its sort");
    BH_CHECK(op == Op::Concat || sort(arg) == first, "the arguments have one width");
  }
  const bool compares = op == Op::Less || op == Op::LessEqual || (op >= Op::UnsignedLess && op <= Op::SignedLessEqual);
  Node node{op, compares ? kBool : first, {}, 0, std::move(args)};
  if (op == Op::Concat) node.sort = bits(static_cast<std::uint16_t>(first.width + sort(node.args[1]).width));
  BH_CHECK(node.sort.width <= kMaxWidth, "a bit-vector has 1 to 128 bits");
  const auto fixed = [&](TermId id) { return at(id).op == Op::Constant; };
  if (std::all_of(node.args.begin(), node.args.end(), fixed)) {
    const Word right = node.args.size() == 2 ? at(node.args[1]).word : Word{};
    const Word value = compute(op, at(node.args[0]).word, right, first.width, sort(node.args.back()).width);
    return compares ? truth(value.low != 0) : constant(value, node.sort.width);
  }
  return intern(std::move(node));
}

TermId Store::extract(TermId a, std::uint16_t first_bit, std::uint16_t width) {
  BH_CHECK(sort(a).kind == Sort::Kind::Bits && width >= 1 && first_bit + width <= sort(a).width, "the bits are there");
  if (first_bit == 0 && width == sort(a).width) return a;
  if (at(a).op == Op::Constant) return constant(shift_right(at(a).word, first_bit), width);
  return intern({Op::Extract, bits(width), {first_bit, 0}, 0, {a}});
}

TermId Store::zero_extend(TermId a, std::uint16_t width) {
  BH_CHECK(sort(a).kind == Sort::Kind::Bits && width >= sort(a).width && width <= kMaxWidth, "an extension is wider");
  if (width == sort(a).width) return a;
  if (at(a).op == Op::Constant) return constant(at(a).word, width);
  return intern({Op::ZeroExtend, bits(width), {}, 0, {a}});
}

TermId Store::fill(TermId value) {
  const Sort::Kind kind = sort(value).kind;
  BH_CHECK(kind == Sort::Kind::Bool || kind == Sort::Kind::Int || kind == Sort::Kind::Bits, "what an array holds");
  return intern({Op::Fill, array_of(sort(value)), {}, 0, {value}});
}

TermId Store::select(TermId array, TermId index) {
  BH_CHECK(sort(array).kind == Sort::Kind::Array && sort(index) == kInt, "an array at an integer");
  return intern({Op::Select, held_by(sort(array)), {}, 0, {array, index}});
}

TermId Store::put(TermId array, TermId index, TermId value) {
  BH_CHECK(sort(array).kind == Sort::Kind::Array && sort(index) == kInt, "an array at an integer");
  BH_CHECK(held_by(sort(array)) == sort(value), "an array holds values of one sort");
  return intern({Op::Put, sort(array), {}, 0, {array, index, value}});
}

TermId Store::for_all(std::vector<TermId> variables, TermId body) {
  BH_CHECK(sort(body) == kBool, "a quantifier stands over a Boolean");
  if (variables.empty() || body == truth(true) || body == truth(false)) return body;
  for (const TermId variable : variables) BH_CHECK(at(variable).op == Op::Variable, "a quantifier binds variables");
  variables.push_back(body);
  return intern({Op::ForAll, kBool, {}, 0, std::move(variables)});
}

std::vector<TermId> reachable(const Store& store, std::span<const TermId> roots) {
  std::size_t last = 0;  // arguments stand before what uses them
  for (const TermId root : roots) last = std::max(last, root.index() + std::size_t{1});
  std::vector<bool> seen(last);
  std::vector<TermId> pending(roots.begin(), roots.end());
  while (!pending.empty()) {
    const TermId id = pending.back();
    pending.pop_back();
    if (seen[id.index()]) continue;
    seen[id.index()] = true;
    pending.insert(pending.end(), store.at(id).args.begin(), store.at(id).args.end());
  }
  std::vector<TermId> all;
  for (std::size_t i = 0; i < seen.size(); ++i)
    if (seen[i]) all.emplace_back(i);
  return all;
}

}  // namespace bulkhead::term
