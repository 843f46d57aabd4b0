#include "checker/cells/lemmas.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>

#include "checker/cells/clauses.h"
#include "checker/interchange/definitions.h"
#include "lang/system/builder.h"

namespace bulkhead::cells {

using interchange::Definitions;
using system::Builder;
using system::Kind;
using system::TermId;
using system::Type;
using Smt = term::TermId;

namespace {

/// More conjuncts, or parts of one, are nothing that anybody wants to prove.
constexpr std::size_t kMostLemmas = 60, kMostParts = 400;

term::Sort sort_of(const Type& type) {
  return type.kind == Kind::Bool ? term::kBool : term::kInt;
}

class Reader {
 public:
  Reader(term::Store& store, const system::System& system, const Window& window)
      : store_(store), system_(system), builder_(system_), window_(window) {
    for (const TermId one : window.terms) {
      arguments_.push_back(store.variable("a" + std::to_string(arguments_.size()), sort_of(system_.at(one).type)));
      done_.emplace(arguments_.back(), one);
    }
  }

  const std::vector<Smt>& arguments() const { return arguments_; }

  std::optional<system::Formula> lemma(Smt root) {
    const Smt roots[] = {root};
    const auto parts = term::reachable(store_, roots);
    if (parts.size() > kMostParts) return std::nullopt;
    for (const Smt id : parts) {
      if (done_.contains(id) || store_.at(id).op == term::Op::Number) continue;
      const auto read = made(store_.at(id));
      if (!read) return std::nullopt;
      done_.emplace(id, *read);
    }
    const auto free = used_elements(done_.at(root));
    const TermId body = done_.at(root);
    return system::extracted(system_, free.empty() ? body : builder_.for_all(free, body));
  }

 private:
  std::vector<system::BinderId> used_elements(TermId root) {
    const TermId roots[] = {root};
    std::vector<system::BinderId> used;
    for (const TermId id : conditions::reachable(system_, roots)) {
      if (system_.at(id).op == system::Op::Bound) used.push_back(system_.at(id).binder);
    }
    std::vector<system::BinderId> list;
    for (const system::BinderId one : window_.elements) {
      if (std::find(used.begin(), used.end(), one) != used.end()) list.push_back(one);
    }
    return list;
  }

  /// The argument as a term of this type; numbers are members where the type is an enumeration.
  std::optional<TermId> read(Smt id, const Type& type) {
    const term::Node& node = store_.at(id);
    if (node.op != term::Op::Number) {
      const TermId found = done_.at(id);
      if (system_.at(found).type != type) return std::nullopt;
      return found;
    }
    const auto value = static_cast<std::int64_t>(node.word.low);
    if (type == system::kInt) return builder_.integer(value);
    if (type.kind != Kind::Enum) return std::nullopt;
    const auto members = static_cast<std::int64_t>(system_.at(type.enumeration).members.size());
    if (value < 0 || value >= members) return std::nullopt;
    return builder_.member(type.enumeration, static_cast<std::size_t>(value));
  }
  /// The type of a comparison's sides: that of the one which is no number.
  Type compared(const std::vector<Smt>& args) {
    for (const Smt arg : args) {
      if (store_.at(arg).op != term::Op::Number) return system_.at(done_.at(arg)).type;
    }
    return system::kInt;
  }
  std::optional<std::vector<TermId>> all(const std::vector<Smt>& args, const Type& type) {
    std::vector<TermId> list;
    for (const Smt arg : args) {
      const auto one = read(arg, type);
      if (!one) return std::nullopt;
      list.push_back(*one);
    }
    return list;
  }
  template <typename Make>
  std::optional<TermId> pair(const std::vector<Smt>& args, const Type& type, const Make& make) {
    const auto list = all(args, type);
    if (!list) return std::nullopt;
    TermId value = (*list)[0];
    for (std::size_t i = 1; i < list->size(); ++i) value = make(value, (*list)[i]);
    return value;
  }

  std::optional<TermId> choice(const std::vector<Smt>& args) {
    const Type type = compared({args[1], args[2]});
    const auto then = read(args[1], type), otherwise = read(args[2], type);
    if (!then || !otherwise) return std::nullopt;
    return builder_.choose(done_.at(args[0]), *then, *otherwise);
  }
  std::optional<TermId> made(const term::Node& node);

  term::Store& store_;
  system::System system_;
  Builder builder_;
  const Window& window_;
  std::vector<Smt> arguments_;
  std::map<Smt, TermId> done_;
};

std::optional<TermId> Reader::made(const term::Node& node) {
  using term::Op;
  const auto& args = node.args;
  switch (node.op) {
    case Op::True:
    case Op::False:
      return builder_.truth(node.op == Op::True);
    case Op::Not:
      return builder_.negation(done_.at(args[0]));
    case Op::And:
    case Op::Or: {
      auto list = all(args, system::kBool);
      if (!list) return std::nullopt;
      return node.op == Op::And ? builder_.conjunction(std::move(*list)) : builder_.disjunction(std::move(*list));
    }
    case Op::Equal:
      return pair(args, compared(args), [&](TermId a, TermId b) { return builder_.equal(a, b); });
    case Op::Less:
      return pair(args, compared(args), [&](TermId a, TermId b) { return builder_.less(a, b); });
    case Op::LessEqual:
      return pair(args, compared(args), [&](TermId a, TermId b) { return builder_.less_equal(a, b); });
    case Op::Add:
      return pair(args, system::kInt, [&](TermId a, TermId b) { return builder_.add(a, b); });
    case Op::Subtract:
      return pair(args, system::kInt, [&](TermId a, TermId b) { return builder_.subtract(a, b); });
    case Op::Multiply:
      return pair(args, system::kInt, [&](TermId a, TermId b) { return builder_.multiply(a, b); });
    case Op::Ite:
      return choice(args);
    case Op::Variable:  // arguments are read already
    case Op::Number:    // by whom it is an argument of
    case Op::Constant:
    case Op::BitNot:
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
    case Op::Extract:
    case Op::Concat:
    case Op::ZeroExtend:
    case Op::ForAll:
    case Op::Apply:
    case Op::Fill:
    case Op::Select:
    case Op::Put:
      break;
  }
  return std::nullopt;
}

}  // namespace

std::vector<system::NamedFormula> lemmas(const conditions::Terms& terms, const Window& window,
                                         std::string_view answer) {
  std::vector<system::NamedFormula> list;
  const auto text = interchange::Expressions::read(answer);
  if (!text) return list;
  term::Store store;
  auto definitions = Definitions::read(*text, store);
  if (!definitions || !definitions->has(kRelation)) return list;
  Reader reader(store, terms.system(), window);
  const auto whole = definitions->plain(kRelation, reader.arguments());
  if (!whole) return list;
  std::vector<Smt> conjuncts{*whole};
  if (store.at(*whole).op == term::Op::And) conjuncts = store.at(*whole).args;
  for (const Smt one : conjuncts) {
    if (list.size() == kMostLemmas) break;
    if (auto formula = reader.lemma(one)) list.push_back({"inferred_" + std::to_string(list.size() + 1), *formula});
  }
  return list;
}

}  // namespace bulkhead::cells
