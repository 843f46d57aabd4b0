// The value of a term under an assignment: what every model of a solver is checked with.
#include "checker/term/arrays.h"
#include "checker/term/term.h"
#include "checker/term/word.h"

namespace bulkhead::term {
namespace {

Word truth(bool value) {
  return {value ? 1u : 0u, 0};
}

std::int64_t as_signed(Word word) {
  return static_cast<std::int64_t>(word.low);
}

/// An integer that 64 bits do not hold.
bool overflows(Op op, Word left, Word right) {
  std::int64_t result = 0;
  const std::int64_t a = as_signed(left), b = as_signed(right);
  if (op == Op::Add) return __builtin_add_overflow(a, b, &result);
  if (op == Op::Subtract) return __builtin_sub_overflow(a, b, &result);
  return op == Op::Multiply && __builtin_mul_overflow(a, b, &result);
}

Word value_of(const Store& store, const Node& node, const std::vector<Word>& values) {
  const auto arg = [&](std::size_t i) { return values[node.args[i].index()]; };
  switch (node.op) {
    case Op::True:
      return truth(true);
    case Op::False:
      return truth(false);
    case Op::Variable:
      return {};
    case Op::Number:
    case Op::Constant:
      return node.word;
    case Op::Not:
      return truth(arg(0).low == 0);
    case Op::And: {
      bool all = true;
      for (std::size_t i = 0; i < node.args.size(); ++i) all = all && arg(i).low != 0;
      return truth(all);
    }
    case Op::Or: {
      bool any = false;
      for (std::size_t i = 0; i < node.args.size(); ++i) any = any || arg(i).low != 0;
      return truth(any);
    }
    case Op::Equal:
      return truth(arg(0) == arg(1));
    case Op::Ite:
      return arg(0).low != 0 ? arg(1) : arg(2);
    case Op::Add:
      return {arg(0).low + arg(1).low, 0};
    case Op::Subtract:
      return {arg(0).low - arg(1).low, 0};
    case Op::Multiply:
      return {arg(0).low * arg(1).low, 0};
    case Op::Less:
      return truth(as_signed(arg(0)) < as_signed(arg(1)));
    case Op::LessEqual:
      return truth(as_signed(arg(0)) <= as_signed(arg(1)));
    case Op::Extract:
      return cut(shift_right(arg(0), node.word.low), node.sort.width);
    case Op::ZeroExtend:
      return arg(0);
    case Op::BitNot:
      return compute(node.op, arg(0), {}, node.sort.width, 0);
    case Op::BitAnd:
    case Op::BitOr:
    case Op::BitXor:
    case Op::BitAdd:
    case Op::BitSub:
    case Op::BitMul:
    case Op::ShiftLeft:
    case Op::ShiftRight:
    case Op::UnsignedLess:
    case Op::UnsignedLessEqual:
    case Op::SignedLess:
    case Op::SignedLessEqual:
    case Op::Concat:
      return compute(node.op, arg(0), arg(1), store.sort(node.args[0]).width, store.sort(node.args[1]).width);
    case Op::ForAll:
    case Op::Apply:
    case Op::Fill:
    case Op::Select:
    case Op::Put:
      break;
  }
  return {};
}

/// Of Fill, Select and Put. None: there are too many arrays.
std::optional<Word> array_value(const Node& node, const std::vector<Word>& values, Arrays& arrays) {
  const auto arg = [&](std::size_t i) { return values[node.args[i].index()]; };
  if (node.op == Op::Fill) return arrays.number({arg(0), {}});
  if (node.op == Op::Select) return arrays.select(arg(0), as_signed(arg(1)));
  return arrays.put(arg(0), as_signed(arg(1)), arg(2));
}

bool is_of_arrays(const Node& node) {
  return node.op == Op::Fill || node.op == Op::Select || node.op == Op::Put;
}

}  // namespace

std::optional<std::vector<Word>> evaluate(const Store& store, std::span<const TermId> terms,
                                          const Assignment& assignment, Arrays* arrays) {
  const std::vector<TermId> all = reachable(store, terms);
  std::vector<Word> values(all.empty() ? 0 : all.back().index() + std::size_t{1});
  for (const TermId id : all) {
    const Node& node = store.at(id);
    if (node.op == Op::ForAll || node.op == Op::Apply) return std::nullopt;
    if (node.args.size() == 2 && overflows(node.op, values[node.args[0].index()], values[node.args[1].index()])) {
      return std::nullopt;
    }
    if (node.sort.kind == Sort::Kind::Array || is_of_arrays(node)) {
      if (arrays == nullptr) return std::nullopt;
    }
    if (is_of_arrays(node)) {
      const auto value = array_value(node, values, *arrays);
      if (!value) return std::nullopt;
      values[id.index()] = *value;
      continue;
    }
    const auto given = node.op == Op::Variable ? assignment.find(id) : assignment.end();
    values[id.index()] = given != assignment.end() ? given->second : value_of(store, node, values);
    if (node.sort.kind == Sort::Kind::Array && !arrays->has(values[id.index()])) return std::nullopt;
  }
  std::vector<Word> wanted;
  for (const TermId id : terms) wanted.push_back(values[id.index()]);
  return wanted;
}

std::optional<Word> evaluate(const Store& store, TermId term, const Assignment& assignment, Arrays* arrays) {
  const TermId roots[] = {term};
  const auto values = evaluate(store, roots, assignment, arrays);
  if (!values) return std::nullopt;
  return values->front();
}

}  // namespace bulkhead::term
