#include <algorithm>
#include <utility>

#include "checker/interchange/smt_terms.h"
#include "checker/interchange/word_terms.h"

namespace bulkhead::interchange {

using term::Op;
using term::Sort;

namespace {

bool all_of_sort(const term::Store& store, const std::vector<TermId>& args, Sort::Kind kind) {
  return std::all_of(args.begin(), args.end(), [&](TermId arg) { return store.sort(arg).kind == kind; });
}

}  // namespace

Result<TermId, TextError> SmtTerms::apply(NodeId id, const std::vector<TermId>& args) {
  const NodeId head = text_.at(id).items[0];
  if (text_.at(head).list) return indexed(id, head, args);
  const std::string_view op = text_.at(head).text;
  if (const auto found = relations_.find(op); found != relations_.end()) {
    const auto& wanted = store_.symbols()[found->second.index()].arguments;
    bool fits = wanted.size() == args.size();
    for (std::size_t i = 0; fits && i < args.size(); ++i) fits = store_.sort(args[i]) == wanted[i];
    if (!fits) return wrong(id, "the relation has other arguments");
    return store_.call(found->second, args);
  }
  std::optional<TermId> made = core(op, args);
  if (!made) made = arrays(op, args);
  if (!made && !args.empty() && all_of_sort(store_, args, Sort::Kind::Int)) made = integers(op, args);
  if (!made && !args.empty() && all_of_sort(store_, args, Sort::Kind::Bits)) made = words(op, args);
  if (made) return *made;
  return wrong(head, "`" + name_of(head) + "` of these arguments is not read");
}

std::optional<TermId> SmtTerms::core(std::string_view op, const std::vector<TermId>& args) {
  const bool booleans = all_of_sort(store_, args, Sort::Kind::Bool);
  if (op == "not" && booleans && args.size() == 1) return store_.negation(args[0]);
  if (op == "and" && booleans) return store_.conjunction(args);
  if (op == "or" && booleans) return store_.disjunction(args);
  if (op == "xor" && booleans && args.size() == 2) return store_.negation(store_.equal(args[0], args[1]));
  if (op == "=>" && booleans && args.size() >= 2) {
    TermId made = args.back();
    for (std::size_t i = args.size() - 1; i-- > 0;) made = store_.implication(args[i], made);
    return made;
  }
  const auto one_sort = [&](std::size_t from) {
    for (std::size_t i = from; i < args.size(); ++i) {
      if (store_.sort(args[i]) != store_.sort(args[from])) return false;
    }
    return true;
  };
  if (op == "ite" && args.size() == 3 && store_.sort(args[0]) == term::kBool && one_sort(1)) {
    return store_.ite(args[0], args[1], args[2]);
  }
  if ((op != "=" && op != "distinct") || args.size() < 2 || !one_sort(0)) return std::nullopt;
  std::vector<TermId> all;
  if (op == "=") {
    for (std::size_t i = 1; i < args.size(); ++i) all.push_back(store_.equal(args[i - 1], args[i]));
  } else if (args.size() <= 64) {
    for (std::size_t i = 0; i < args.size(); ++i) {
      for (std::size_t j = i + 1; j < args.size(); ++j) all.push_back(store_.negation(store_.equal(args[i], args[j])));
    }
  } else {
    return std::nullopt;
  }
  return store_.conjunction(std::move(all));
}

std::optional<TermId> SmtTerms::arrays(std::string_view op, const std::vector<TermId>& args) {
  if (args.size() < 2 || store_.sort(args[0]).kind != Sort::Kind::Array || store_.sort(args[1]) != term::kInt) {
    return std::nullopt;
  }
  if (op == "select" && args.size() == 2) return store_.select(args[0], args[1]);
  const bool fits = args.size() == 3 && store_.sort(args[2]) == term::held_by(store_.sort(args[0]));
  if (op == "store" && fits) return store_.put(args[0], args[1], args[2]);
  return std::nullopt;
}

std::vector<TermId> facts(term::Store& store, const IntegerDivision& division) {
  const std::int64_t by = division.by;
  const TermId product = store.apply(Op::Multiply, {store.number(by), division.quotient});
  return {store.equal(division.of, store.apply(Op::Add, {product, division.rest})),
          store.apply(Op::LessEqual, {store.number(0), division.rest}),
          store.apply(Op::Less, {division.rest, store.number(by < 0 ? -by : by)})};
}

TermId SmtTerms::divided(std::string_view op, TermId a, std::int64_t by) {
  const auto [found, is_new] = divided_.try_emplace({a, by}, divisions_.size());
  if (is_new) {
    const auto fresh = [&] { return store_.variable("d" + std::to_string(fresh_++), term::kInt); };
    const TermId quotient = fresh(), rest = fresh();
    divisions_.push_back({a, by, quotient, rest});
  }
  const IntegerDivision& one = divisions_[found->second];
  return op == "div" ? one.quotient : one.rest;
}

std::optional<TermId> SmtTerms::integers(std::string_view op, const std::vector<TermId>& args) {
  const auto chain = [&](Op by, bool swapped) {
    std::vector<TermId> all;
    for (std::size_t i = 1; i < args.size(); ++i) {
      all.push_back(swapped ? store_.apply(by, {args[i], args[i - 1]}) : store_.apply(by, {args[i - 1], args[i]}));
    }
    return store_.conjunction(std::move(all));
  };
  if (op == "<" && args.size() >= 2) return chain(Op::Less, false);
  if (op == "<=" && args.size() >= 2) return chain(Op::LessEqual, false);
  if (op == ">" && args.size() >= 2) return chain(Op::Less, true);
  if (op == ">=" && args.size() >= 2) return chain(Op::LessEqual, true);
  if (op == "-" && args.size() == 1) {
    const term::Node node = store_.at(args[0]);
    const auto value = static_cast<std::int64_t>(node.word.low);
    if (node.op == Op::Number && value != INT64_MIN) return store_.number(-value);
    return store_.apply(Op::Subtract, {store_.number(0), args[0]});
  }
  if (op == "abs" && args.size() == 1) {
    const TermId negative = store_.apply(Op::Less, {args[0], store_.number(0)});
    return store_.ite(negative, store_.apply(Op::Subtract, {store_.number(0), args[0]}), args[0]);
  }
  if (op == "+" || op == "-" || op == "*") {
    const Op by = op == "+" ? Op::Add : op == "-" ? Op::Subtract : Op::Multiply;
    TermId made = args[0];
    for (std::size_t i = 1; i < args.size(); ++i) made = store_.apply(by, {made, args[i]});
    return made;
  }
  if ((op != "div" && op != "mod") || args.size() != 2 || store_.at(args[1]).op != Op::Number) return std::nullopt;
  const auto by = static_cast<std::int64_t>(store_.at(args[1]).word.low);
  if (by == 0 || by == INT64_MIN) return std::nullopt;
  return divided(op, args[0], by);
}

std::optional<TermId> SmtTerms::words(std::string_view op, const std::vector<TermId>& args) {
  static const std::map<std::string_view, Op> kChains{
      {"bvand", Op::BitAnd}, {"bvor", Op::BitOr}, {"bvxor", Op::BitXor}, {"bvadd", Op::BitAdd}, {"bvmul", Op::BitMul}};
  static const std::map<std::string_view, Op> kPairs{
      {"bvsub", Op::BitSub},         {"bvshl", Op::ShiftLeft},         {"bvlshr", Op::ShiftRight},
      {"bvult", Op::UnsignedLess},   {"bvule", Op::UnsignedLessEqual}, {"bvslt", Op::SignedLess},
      {"bvsle", Op::SignedLessEqual}};
  static const std::map<std::string_view, Op> kSwapped{{"bvugt", Op::UnsignedLess},
                                                       {"bvuge", Op::UnsignedLessEqual},
                                                       {"bvsgt", Op::SignedLess},
                                                       {"bvsge", Op::SignedLessEqual}};
  static const std::map<std::string_view, Op> kNegated{
      {"bvnand", Op::BitAnd}, {"bvnor", Op::BitOr}, {"bvxnor", Op::BitXor}};
  if (op == "bvnot" && args.size() == 1) return store_.apply(Op::BitNot, args);
  if (op == "bvneg" && args.size() == 1) return negate(store_, args[0]);
  if (op == "concat" && args.size() >= 2) {
    TermId made = args[0];
    for (std::size_t i = 1; i < args.size(); ++i) {
      if (store_.sort(made).width + store_.sort(args[i]).width > term::kMaxWidth) return std::nullopt;
      made = store_.apply(Op::Concat, {made, args[i]});
    }
    return made;
  }
  for (const TermId arg : args) {
    if (store_.sort(arg) != store_.sort(args[0])) return std::nullopt;
  }
  if (const auto found = kChains.find(op); found != kChains.end() && args.size() >= 2) {
    TermId made = args[0];
    for (std::size_t i = 1; i < args.size(); ++i) made = store_.apply(found->second, {made, args[i]});
    return made;
  }
  if (args.size() != 2) return std::nullopt;
  const TermId a = args[0], b = args[1];
  if (const auto found = kPairs.find(op); found != kPairs.end()) return store_.apply(found->second, {a, b});
  if (const auto found = kSwapped.find(op); found != kSwapped.end()) return store_.apply(found->second, {b, a});
  if (const auto found = kNegated.find(op); found != kNegated.end()) {
    return store_.apply(Op::BitNot, {store_.apply(found->second, {a, b})});
  }
  if (op == "bvcomp") return as_word(store_, store_.equal(a, b));
  if (op == "bvashr") return shift_right_arithmetic(store_, a, b);
  if (op == "bvudiv" || op == "bvudiv_i") return divide(store_, a, b).quotient;
  if (op == "bvurem" || op == "bvurem_i") return divide(store_, a, b).remainder;
  if (op == "bvsdiv" || op == "bvsdiv_i") return divide_signed(store_, a, b).quotient;
  if (op == "bvsrem" || op == "bvsrem_i") return divide_signed(store_, a, b).remainder;
  if (op == "bvsmod" || op == "bvsmod_i") return signed_modulo(store_, a, b);
  return std::nullopt;
}

Result<TermId, TextError> SmtTerms::indexed(NodeId id, NodeId head, const std::vector<TermId>& args) {
  const auto& items = text_.at(head).items;
  if (items.size() == 3 && text_.is(items[0], "as") && text_.is(items[1], "const") && args.size() == 1) {
    const auto made = sort(items[2]);
    if (!made) return fail(made.error());
    if (made->kind == Sort::Kind::Array && term::held_by(*made) == store_.sort(args[0])) return store_.fill(args[0]);
    return wrong(head, "an array holds values of one sort");
  }
  const bool one_word = args.size() == 1 && store_.sort(args[0]).kind == Sort::Kind::Bits;
  if (items.size() < 3 || !text_.is(items[0], "_") || !one_word) return wrong(id, "this application is not read");
  const std::string_view op = text_.at(items[1]).text;
  const auto first = numeral(text_.at(items[2]).text);
  const auto second = items.size() == 4 ? numeral(text_.at(items[3]).text) : std::nullopt;
  const std::int64_t width = store_.sort(args[0]).width;
  const auto small = [](std::int64_t value) { return static_cast<std::uint16_t>(value); };
  if (!first || *first < 0 || *first > 1024) return wrong(head, "this index is not read");
  if (op == "extract" && second && *second >= 0 && *first >= *second && *first < width) {
    return store_.extract(args[0], small(*second), small(*first - *second + 1));
  }
  const bool extends = (op == "zero_extend" || op == "sign_extend") && width + *first <= term::kMaxWidth;
  if (extends && op == "zero_extend") return store_.zero_extend(args[0], small(width + *first));
  if (extends) return sign_extend(store_, args[0], small(width + *first));
  if (op == "rotate_left" || op == "rotate_right") {
    const TermId by = store_.constant(static_cast<std::uint64_t>(*first % width), small(width));
    return op == "rotate_left" ? rotate_left(store_, args[0], by) : rotate_right(store_, args[0], by);
  }
  if (op == "repeat" && *first >= 1 && *first * width <= term::kMaxWidth) {
    TermId made = args[0];
    for (std::int64_t i = 1; i < *first; ++i) made = store_.apply(Op::Concat, {made, args[0]});
    return made;
  }
  return wrong(head, "`" + name_of(items[1]) + "` with these indices is not read");
}

}  // namespace bulkhead::interchange
