// The operators of BTOR2 as terms.
#include <algorithm>

#include "checker/interchange/btor2_reader.h"
#include "checker/term/word.h"

namespace bulkhead::interchange::btor2 {

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
  if (op == "sdivo") {  // the least number has no negative
    const TermId ones = store().apply(Op::BitNot, {store().constant(0, store().sort(a).width)});
    const TermId one = store().constant(1, store().sort(a).width);
    const TermId least = store().apply(Op::BitNot, {store().apply(Op::ShiftRight, {ones, one})});
    return as_word(store(), store().conjunction({store().equal(a, least), store().equal(b, ones)}));
  }
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

}  // namespace bulkhead::interchange::btor2
