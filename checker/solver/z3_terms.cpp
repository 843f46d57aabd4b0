#include "checker/solver/z3_terms.h"

namespace bulkhead::solver {

using term::Node;
using term::Op;
using term::Sort;
using term::TermId;
using term::Word;

z3::expr Z3Terms::of(TermId root) {
  place_.resize(store_.size(), kAbsent);
  const TermId roots[] = {root};
  if (place_[root.index()] != kAbsent) return terms_[static_cast<int>(place_[root.index()])];
  for (const TermId id : term::reachable(store_, roots)) {
    if (place_[id.index()] != kAbsent) continue;
    const z3::expr made = made_of(store_.at(id), id);
    place_[id.index()] = static_cast<std::uint32_t>(terms_.size());
    terms_.push_back(made);
  }
  return terms_[static_cast<int>(place_[root.index()])];
}

z3::expr Z3Terms::constant(Word word, std::uint16_t width) {
  if (width <= 64) return context_.bv_val(word.low, width);
  return z3::concat(context_.bv_val(word.high, width - 64u), context_.bv_val(word.low, 64));
}

z3::expr Z3Terms::variable(TermId id) {
  const Sort sort = store_.sort(id);
  // Named by number, so that no text from outside reaches the solver.
  const z3::symbol name = context_.int_symbol(static_cast<int>(id.index()));
  return context_.constant(name, sort_of(sort));
}

z3::sort Z3Terms::sort_of(Sort sort) {
  if (const auto found = sorts_.find(sort); found != sorts_.end()) return found->second;
  const auto keep = [&](const z3::sort& made) { return sorts_.emplace(sort, made).first->second; };
  switch (sort.kind) {
    case Sort::Kind::Bool:
      return keep(context_.bool_sort());
    case Sort::Kind::Int:
      return keep(context_.int_sort());
    case Sort::Kind::Bits:
      return keep(context_.bv_sort(sort.width));
    case Sort::Kind::Element:
      return keep(context_.uninterpreted_sort(("s" + std::to_string(sort.width)).c_str()));
    case Sort::Kind::Array:
      return keep(context_.array_sort(context_.int_sort(), sort_of(held_by(sort))));
    case Sort::Kind::Member:
      break;
  }
  std::vector<std::string> names;
  std::vector<const char*> pointers;
  for (std::uint16_t i = 0; i < sort.width; ++i) {
    names.push_back("m" + std::to_string(sort.width) + "." + std::to_string(i));
  }
  for (const std::string& name : names) pointers.push_back(name.c_str());
  z3::func_decl_vector makers(context_);
  z3::func_decl_vector testers(context_);
  const std::string name = "m" + std::to_string(sort.width);
  const z3::sort made = context_.enumeration_sort(name.c_str(), sort.width, pointers.data(), makers, testers);
  members_.emplace(sort.width, makers);
  return keep(made);
}

z3::expr Z3Terms::member(std::uint64_t place, std::uint16_t count) {
  sort_of(term::members(count));
  return members_.at(count)[static_cast<int>(place)]();
}

z3::func_decl Z3Terms::function(std::uint32_t symbol) {
  if (const auto found = functions_.find(symbol); found != functions_.end()) return found->second;
  const term::Symbol& declared = store_.symbols()[symbol];
  z3::sort_vector domain(context_);
  for (const Sort sort : declared.arguments) domain.push_back(sort_of(sort));
  const z3::func_decl made =
      context_.function(("f" + std::to_string(symbol)).c_str(), domain, sort_of(declared.result));
  return functions_.emplace(symbol, made).first->second;
}

z3::expr Z3Terms::made_of(const Node& node, TermId id) {
  const auto all = [&] {
    z3::expr_vector args(context_);
    for (std::size_t i = 0; i < node.args.size(); ++i) args.push_back(arg(node, i));
    return args;
  };
  switch (node.op) {
    case Op::True:
      return context_.bool_val(true);
    case Op::False:
      return context_.bool_val(false);
    case Op::Variable:
      return variable(id);
    case Op::Number:
      return context_.int_val(static_cast<std::int64_t>(node.word.low));
    case Op::Constant:
      if (node.sort.kind == Sort::Kind::Member) return member(node.word.low, node.sort.width);
      return constant(node.word, node.sort.width);
    case Op::Not:
      return !arg(node, 0);
    case Op::And:
      return z3::mk_and(all());
    case Op::Or:
      return z3::mk_or(all());
    case Op::Equal:
      return arg(node, 0) == arg(node, 1);
    case Op::Ite:
      return z3::ite(arg(node, 0), arg(node, 1), arg(node, 2));
    case Op::Add:
      return arg(node, 0) + arg(node, 1);
    case Op::Subtract:
      return arg(node, 0) - arg(node, 1);
    case Op::Multiply:
      return arg(node, 0) * arg(node, 1);
    case Op::Less:
      return arg(node, 0) < arg(node, 1);
    case Op::LessEqual:
      return arg(node, 0) <= arg(node, 1);
    case Op::BitNot:
      return ~arg(node, 0);
    case Op::BitAnd:
      return arg(node, 0) & arg(node, 1);
    case Op::BitOr:
      return arg(node, 0) | arg(node, 1);
    case Op::BitXor:
      return arg(node, 0) ^ arg(node, 1);
    case Op::BitAdd:
      return arg(node, 0) + arg(node, 1);
    case Op::BitSub:
      return arg(node, 0) - arg(node, 1);
    case Op::BitMul:
      return arg(node, 0) * arg(node, 1);
    case Op::ShiftLeft:
      return z3::shl(arg(node, 0), arg(node, 1));
    case Op::ShiftRight:
      return z3::lshr(arg(node, 0), arg(node, 1));
    case Op::UnsignedLess:
      return z3::ult(arg(node, 0), arg(node, 1));
    case Op::UnsignedLessEqual:
      return z3::ule(arg(node, 0), arg(node, 1));
    case Op::SignedLess:
      return arg(node, 0) < arg(node, 1);
    case Op::SignedLessEqual:
      return arg(node, 0) <= arg(node, 1);
    case Op::Extract: {
      const auto first = static_cast<unsigned>(node.word.low);
      return arg(node, 0).extract(first + node.sort.width - 1u, first);
    }
    case Op::Concat:
      return z3::concat(arg(node, 0), arg(node, 1));
    case Op::ZeroExtend:
      return z3::zext(arg(node, 0), node.sort.width - store_.sort(node.args[0]).width);
    case Op::ForAll: {
      z3::expr_vector bound(context_);
      for (std::size_t i = 0; i + 1 < node.args.size(); ++i) bound.push_back(arg(node, i));
      return z3::forall(bound, arg(node, node.args.size() - 1));
    }
    case Op::Apply:
      return function(node.name)(all());
    case Op::Fill:
      return z3::const_array(context_.int_sort(), arg(node, 0));
    case Op::Select:
      return z3::select(arg(node, 0), arg(node, 1));
    case Op::Put:
      return z3::store(arg(node, 0), arg(node, 1), arg(node, 2));
  }
  return context_.bool_val(false);
}

}  // namespace bulkhead::solver
