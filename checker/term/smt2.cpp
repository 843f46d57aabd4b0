// SMT-LIB 2 from our own terms: only what the standard has, so that every solver reads it.
#include <algorithm>
#include <set>

#include "checker/term/smt2.h"
#include "checker/term/word.h"

namespace bulkhead::term {

std::string sort_text(Sort sort) {
  switch (sort.kind) {
    case Sort::Kind::Bool:
      return "Bool";
    case Sort::Kind::Int:
      return "Int";
    case Sort::Kind::Bits:
      return "(_ BitVec " + std::to_string(sort.width) + ")";
    case Sort::Kind::Member:
      return "t!members" + std::to_string(sort.width);
    case Sort::Kind::Element:
      return "t!sort" + std::to_string(sort.width);
    case Sort::Kind::Array:
      return "(Array Int " + sort_text(held_by(sort)) + ")";
  }
  return "";
}

namespace {

std::string bits_text(Word word, std::uint16_t width) {
  std::string text = "#b";
  for (unsigned bit = width; bit-- > 0;) text += (shift_right(word, bit).low & 1u) != 0 ? '1' : '0';
  return text;
}

std::string member_text(std::uint64_t place, std::uint16_t count) {
  return "t!member" + std::to_string(place) + "of" + std::to_string(count);
}

}  // namespace

std::string declaration(Sort sort) {
  if (sort.kind == Sort::Kind::Element) return "(declare-sort " + sort_text(sort) + " 0)\n";
  if (sort.kind != Sort::Kind::Member) return "";
  std::string text = "(declare-datatypes ((" + sort_text(sort) + " 0)) ((";
  for (std::uint16_t i = 0; i < sort.width; ++i) text += "(" + member_text(i, sort.width) + ")";
  return text + ")))\n";
}

namespace {

std::string number_text(std::int64_t value) {
  if (value >= 0) return std::to_string(value);
  return "(- " + std::to_string(std::uint64_t{0} - static_cast<std::uint64_t>(value)) + ")";
}

const char* operator_text(Op op) {
  switch (op) {
    case Op::Not:
      return "not";
    case Op::And:
      return "and";
    case Op::Or:
      return "or";
    case Op::Equal:
      return "=";
    case Op::Ite:
      return "ite";
    case Op::Add:
      return "+";
    case Op::Subtract:
      return "-";
    case Op::Multiply:
      return "*";
    case Op::Less:
      return "<";
    case Op::LessEqual:
      return "<=";
    case Op::BitNot:
      return "bvnot";
    case Op::BitAnd:
      return "bvand";
    case Op::BitOr:
      return "bvor";
    case Op::BitXor:
      return "bvxor";
    case Op::BitAdd:
      return "bvadd";
    case Op::BitSub:
      return "bvsub";
    case Op::BitMul:
      return "bvmul";
    case Op::ShiftLeft:
      return "bvshl";
    case Op::ShiftRight:
      return "bvlshr";
    case Op::UnsignedLess:
      return "bvult";
    case Op::UnsignedLessEqual:
      return "bvule";
    case Op::SignedLess:
      return "bvslt";
    case Op::SignedLessEqual:
      return "bvsle";
    case Op::Concat:
      return "concat";
    case Op::Select:
      return "select";
    case Op::Put:
      return "store";
    case Op::True:
    case Op::False:
    case Op::Variable:
    case Op::Number:
    case Op::Constant:
    case Op::Extract:
    case Op::ZeroExtend:
    case Op::ForAll:
    case Op::Apply:
    case Op::Fill:
      break;
  }
  return "";
}

}  // namespace

std::string term_text(const Store& store, TermId id, std::span<const std::string> args) {
  const Node& node = store.at(id);
  if (node.op == Op::Variable) return store.name(id);
  if (node.op == Op::True || node.op == Op::False) return node.op == Op::True ? "true" : "false";
  if (node.op == Op::Constant) {
    const bool member = node.sort.kind == Sort::Kind::Member;
    return member ? member_text(node.word.low, node.sort.width) : bits_text(node.word, node.sort.width);
  }
  if (node.op == Op::Number) return number_text(static_cast<std::int64_t>(node.word.low));
  if (node.op == Op::Apply && node.args.empty()) return store.symbol(id).name;
  std::string text = "(";
  std::size_t first = 0;
  if (node.op == Op::ForAll) {
    text += "forall (";
    for (; first + 1 < node.args.size(); ++first) {
      text += "(" + args[first] + " " + sort_text(store.sort(node.args[first])) + ")";
    }
    text += ")";
  } else if (node.op == Op::Extract) {
    text +=
        "(_ extract " + std::to_string(node.word.low + node.sort.width - 1) + " " + std::to_string(node.word.low) + ")";
  } else if (node.op == Op::ZeroExtend) {
    text += "(_ zero_extend " + std::to_string(node.sort.width - store.sort(node.args[0]).width) + ")";
  } else if (node.op == Op::Apply) {
    text += store.symbol(id).name;
  } else if (node.op == Op::Fill) {
    text += "(as const " + sort_text(node.sort) + ")";
  } else {
    text += operator_text(node.op);
  }
  for (; first < args.size(); ++first) text += " " + args[first];
  return text + ")";
}

namespace {

/// Every term that is not a leaf becomes a name: `define-fun` of the variables that it needs, so that shared terms stay
/// shared. Terms under a quantifier take its variables as parameters.
class Printer {
 public:
  explicit Printer(const Store& store) : store_(store) {}

  Script print(std::span<const TermId> roots);

 private:
  void define(TermId id);
  std::string use(TermId id) const { return uses_.at(id.index()); }

  const Store& store_;
  std::vector<std::string> uses_;
  std::vector<std::vector<TermId>> bound_;  // by term: the bound variables that occur free in it
  std::set<TermId> binders_;
  std::string body_;
};

void Printer::define(TermId id) {
  const Node& node = store_.at(id);
  std::string& use = uses_[id.index()];
  auto& bound = bound_[id.index()];
  for (const TermId arg : node.args)
    for (const TermId variable : bound_[arg.index()])
      if (std::find(bound.begin(), bound.end(), variable) == bound.end()) bound.push_back(variable);
  if (node.op == Op::Variable) {
    use = store_.name(id);
    if (binders_.contains(id)) bound = {id};
    return;
  }
  if (node.op == Op::ForAll) {
    for (std::size_t i = 0; i + 1 < node.args.size(); ++i) std::erase(bound, node.args[i]);
  }
  std::vector<std::string> args;
  for (const TermId arg : node.args) args.push_back(this->use(arg));
  const std::string text = term_text(store_, id, args);
  if (node.args.empty()) {
    use = text;
    return;
  }

  std::sort(bound.begin(), bound.end());
  const std::string name = "t!" + std::to_string(id.index());
  std::string parameters;
  use = bound.empty() ? name : "(" + name;
  for (const TermId variable : bound) {
    parameters += "(" + store_.name(variable) + " " + sort_text(store_.sort(variable)) + ")";
    use += " " + store_.name(variable);
  }
  if (!bound.empty()) use += ")";
  body_ += "(define-fun " + name + " (" + parameters + ") " + sort_text(node.sort) + " " + text + ")\n";
}

Script Printer::print(std::span<const TermId> roots) {
  const auto needed = reachable(store_, roots);
  bool everything = false;
  bool integers = false;
  bool words = false;
  std::set<Sort> sorts;
  std::set<std::uint32_t> symbols;
  for (const TermId id : needed) {
    const Node& node = store_.at(id);
    sorts.insert(node.sort);
    if (node.op == Op::Apply) symbols.insert(node.name);
    integers = integers || store_.sort(id) == kInt || store_.sort(id).kind == Sort::Kind::Array;
    words = words || store_.sort(id).kind == Sort::Kind::Bits;
    if (store_.at(id).op == Op::ForAll)
      binders_.insert(store_.at(id).args.begin(), std::prev(store_.at(id).args.end()));
  }
  for (const Sort sort : sorts) everything = everything || !declaration(sort).empty();
  everything = everything || integers || !symbols.empty();
  Script made;
  made.logic =
      everything ? "ALL" : std::string(binders_.empty() ? "QF_" : "") + (words || !binders_.empty() ? "BV" : "UF");
  for (const Sort sort : sorts) made.declarations += declaration(sort);
  for (const std::uint32_t index : symbols) {
    const Symbol& symbol = store_.symbols()[index];
    made.declarations += "(declare-fun " + symbol.name + " (";
    for (const Sort sort : symbol.arguments) {
      made.declarations += (made.declarations.back() == '(' ? "" : " ") + sort_text(sort);
    }
    made.declarations += ") " + sort_text(symbol.result) + ")\n";
  }
  uses_.resize(store_.size());
  bound_.resize(store_.size());
  for (const TermId id : needed) {
    define(id);
    if (store_.at(id).op == Op::Variable && !binders_.contains(id))
      made.declarations += "(declare-const " + store_.name(id) + " " + sort_text(store_.sort(id)) + ")\n";
  }
  made.definitions = std::move(body_);
  for (const TermId root : roots) made.uses.push_back(use(root));
  return made;
}

}  // namespace

Script script(const Store& store, std::span<const TermId> roots) {
  return Printer(store).print(roots);
}

std::string to_smt2(const Store& store, std::span<const TermId> assertions) {
  const Script made = script(store, assertions);
  std::string text = "(set-logic " + made.logic + ")\n" + made.declarations + made.definitions;
  for (const std::string& use : made.uses) text += "(assert " + use + ")\n";
  return text + "(check-sat)\n";
}

}  // namespace bulkhead::term
