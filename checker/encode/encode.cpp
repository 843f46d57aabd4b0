#include "checker/encode/encode.h"

#include <algorithm>
#include <set>

#include "lang/base/check.h"

namespace bulkhead::encode {
namespace {

using obligation::Comparison;
using obligation::Node;
using obligation::NodeId;
using obligation::NodeKind;
using obligation::TermKind;
using term::Op;
using term::TermId;

constexpr std::uint16_t kWordBits = 64;
constexpr std::uint16_t kAddressBits = 128;

std::string field_name(ir::ObjectField field) {
  return "field_" + std::to_string(static_cast<unsigned>(field));
}

std::string context_name(const char* kind, ir::AttributeId attribute, std::uint8_t copy) {
  return std::string(kind) + "_" + std::to_string(attribute.index()) + "_" + std::to_string(copy);
}

term::Word word_of(const std::array<std::uint8_t, 16>& bytes) {
  term::Word word;
  for (std::size_t i = 0; i < 8; ++i) word.high = (word.high << 8u) | bytes[i];
  for (std::size_t i = 8; i < 16; ++i) word.low = (word.low << 8u) | bytes[i];
  return word;
}

/// All nodes below a root, the root too, not entering NoContext: that has a scope of its own.
std::set<NodeId> nodes_below(const obligation::Formula& formula, NodeId root) {
  std::set<NodeId> needed;
  for (std::vector<NodeId> open{root}; !open.empty();) {
    const NodeId id = open.back();
    open.pop_back();
    if (!needed.insert(id).second) continue;
    const Node& node = formula.at(id);
    if (node.kind != NodeKind::NoContext) open.insert(open.end(), node.children.begin(), node.children.end());
  }
  return needed;
}

Op op_of(Comparison comparison) {
  switch (comparison) {
    case Comparison::Equal:
      return Op::Equal;
    case Comparison::UnsignedLess:
      return Op::UnsignedLess;
    case Comparison::UnsignedLessEqual:
      return Op::UnsignedLessEqual;
    case Comparison::SignedLess:
      return Op::SignedLess;
    case Comparison::SignedLessEqual:
      return Op::SignedLessEqual;
  }
  return Op::Equal;
}

}  // namespace

Encoding::Encoding(term::Store& store, const ir::World& world, const obligation::Formula& formula)
    : store_(store), world_(world), formula_(formula) {}

std::vector<TermId> Encoding::assertions(std::span<const Truth> members, const Fields& fields,
                                         const std::vector<bool>& solution, std::optional<NodeId> root) {
  Scope scope{members, fields, false, {}, {}, &solution};
  std::vector<TermId> all{formula_term(root.value_or(formula_.root), scope)};
  all.insert(all.end(), scope.domains.begin(), scope.domains.end());
  all.insert(all.end(), object_domains_.begin(), object_domains_.end());
  return all;
}

TermId Encoding::formula_term(NodeId root, Scope& scope) {
  std::map<NodeId, TermId> done;
  for (const NodeId id : nodes_below(formula_, root)) done.emplace(id, node_term(formula_.at(id), done, scope));
  return done.at(root);
}

TermId Encoding::node_term(const Node& node, const std::map<NodeId, TermId>& done, Scope& scope) {
  std::vector<TermId> children;
  if (node.kind != NodeKind::NoContext)
    for (const NodeId child : node.children) children.push_back(done.at(child));
  switch (node.kind) {
    case NodeKind::True:
      return store_.truth(true);
    case NodeKind::False:
      return store_.truth(false);
    case NodeKind::And:
      return store_.conjunction(std::move(children));
    case NodeKind::Or:
      return store_.disjunction(std::move(children));
    case NodeKind::Not:
      return store_.negation(children.front());
    case NodeKind::Member: {
      const Truth known = scope.members[node.pattern.index()];
      if (known == Truth::Unknown) return net_member(formula_.at(node.pattern), scope);
      return store_.truth(known == Truth::True);
    }
    case NodeKind::Has:
      return context_variable("has", node.attribute, node.copy, term::kBool, scope);
    case NodeKind::ContextBool:
      return context_variable("flag", node.attribute, node.copy, term::kBool, scope);
    case NodeKind::Compare: {
      const TermId left = word(node.left, scope);
      const TermId right = word(node.right, scope);
      const Op op = op_of(node.comparison);
      return op == Op::Equal ? store_.equal(left, right) : store_.apply(op, {left, right});
    }
    case NodeKind::NoContext:
      return no_context(node.children.front(), scope);
    case NodeKind::Variable:
      BH_CHECK(scope.solution != nullptr && node.variable.index() < scope.solution->size(),
               "a variable without a value");
      return store_.truth((*scope.solution)[node.variable.index()]);
  }
  return store_.truth(false);
}

/// For all contexts: not (the context is one, and the child is true in it).
TermId Encoding::no_context(NodeId child, const Scope& outer) {
  Scope inner{outer.members, outer.fields, true, {}, {}, outer.solution};
  std::vector<TermId> parts{formula_term(child, inner)};
  parts.insert(parts.end(), inner.domains.begin(), inner.domains.end());
  std::sort(inner.bound.begin(), inner.bound.end());
  inner.bound.erase(std::unique(inner.bound.begin(), inner.bound.end()), inner.bound.end());
  return store_.for_all(inner.bound, store_.negation(store_.conjunction(std::move(parts))));
}

TermId Encoding::word(obligation::TermId root, Scope& scope) {
  std::map<obligation::TermId, TermId> done;
  std::set<obligation::TermId> needed;
  for (std::vector<obligation::TermId> open{root}; !open.empty();) {
    const auto id = open.back();
    open.pop_back();
    if (needed.insert(id).second && formula_.at(id).kind == TermKind::BitAnd)
      open.insert(open.end(), {formula_.at(id).left, formula_.at(id).right});
  }
  for (const auto id : needed) {
    const obligation::Term& one = formula_.at(id);
    switch (one.kind) {
      case TermKind::Constant:
        done[id] = store_.constant(one.value, kWordBits);
        break;
      case TermKind::Field:
        done[id] = field_variable(one.field, scope);
        break;
      case TermKind::Context: {
        done[id] = context_variable("word", one.attribute, one.copy, term::bits(kWordBits), scope);
        if (const auto bound = word_bound(one.attribute)) {
          const TermId limit = store_.constant(*bound, kWordBits);
          scope.domains.push_back(store_.apply(Op::UnsignedLess, {done[id], limit}));
        }
        break;
      }
      case TermKind::BitAnd:
        done[id] = store_.apply(Op::BitAnd, {done.at(one.left), done.at(one.right)});
        break;
    }
  }
  return done.at(root);
}

TermId Encoding::context_variable(const char* kind, ir::AttributeId attribute, std::uint8_t copy, term::Sort sort,
                                  Scope& scope) {
  const std::string name = context_name(kind, attribute, copy);
  const TermId variable = store_.variable(scope.quantified ? name + "_any" : name, sort);
  if (scope.quantified)
    scope.bound.push_back(variable);
  else
    variables_.emplace(name, variable);
  return variable;
}

TermId Encoding::field_variable(ir::ObjectField field, Scope& scope) {
  if (const auto known = scope.fields.at(static_cast<std::size_t>(field))) return store_.constant(*known, kWordBits);
  const std::string name = field_name(field);
  const TermId variable = store_.variable(name, term::bits(kWordBits));
  variables_.emplace(name, variable);
  const auto below = [&](std::uint64_t limit) {
    object_domains_.push_back(store_.apply(Op::UnsignedLess, {variable, store_.constant(limit, kWordBits)}));
  };
  if (field == ir::ObjectField::Port) below(65536);
  if (field == ir::ObjectField::Proto) below(3);
  if (field == ir::ObjectField::Number) below(64);
  return variable;
}

/// Address, port and proto as variables; a v4 address has its bytes first, the rest is zero.
TermId Encoding::net_member(const ir::ObjectPatterns& patterns, Scope& scope) {
  const TermId six = store_.variable("family_v6", term::kBool);
  const TermId address = store_.variable("address", term::bits(kAddressBits));
  variables_.emplace("family_v6", six);
  variables_.emplace("address", address);
  object_domains_.push_back(
      store_.disjunction({six, store_.equal(store_.extract(address, 0, 96), store_.constant(0, 96))}));
  const TermId port = field_variable(ir::ObjectField::Port, scope);
  const TermId proto = field_variable(ir::ObjectField::Proto, scope);
  const auto between = [&](TermId low, TermId value, TermId high) {
    return store_.conjunction(
        {store_.apply(Op::UnsignedLessEqual, {low, value}), store_.apply(Op::UnsignedLessEqual, {value, high})});
  };
  std::vector<TermId> any;
  for (const ir::NetPattern& pattern : patterns.nets) {
    std::vector<TermId> protos;
    for (unsigned bit = 0; bit < 3; ++bit)
      if (((pattern.protos >> bit) & 1u) != 0) protos.push_back(store_.equal(proto, store_.constant(bit, kWordBits)));
    any.push_back(store_.conjunction(
        {pattern.first.family == ir::Family::V6 ? six : store_.negation(six),
         between(store_.constant(word_of(pattern.first.bytes), kAddressBits), address,
                 store_.constant(word_of(pattern.last.bytes), kAddressBits)),
         between(store_.constant(pattern.first_port, kWordBits), port, store_.constant(pattern.last_port, kWordBits)),
         store_.disjunction(std::move(protos))}));
  }
  return store_.disjunction(std::move(any));
}

std::optional<std::uint64_t> Encoding::word_bound(ir::AttributeId attribute) const {
  const ir::Type& type = world_.at(attribute).type;
  if (type.kind == ir::TypeKind::Enum) return world_.enums.at(type.enumeration.index()).members.size();
  if (type.kind == ir::TypeKind::Label) return world_.labels.size();
  return std::nullopt;
}

std::optional<std::uint64_t> Encoding::model_word(const term::Assignment& model, const std::string& name) const {
  const auto variable = variables_.find(name);
  if (variable == variables_.end()) return std::nullopt;
  const auto value = model.find(variable->second);
  return value == model.end() ? 0 : value->second.low;
}

ir::Value Encoding::value_of(ir::AttributeId attribute, std::uint64_t word) const {
  const ir::Type& type = world_.at(attribute).type;
  switch (type.kind) {
    case ir::TypeKind::Bool:
      return word != 0;
    case ir::TypeKind::Int:
    case ir::TypeKind::Proto:
      return static_cast<std::int64_t>(word);
    case ir::TypeKind::Enum:
      return ir::EnumMember{type.enumeration, static_cast<std::uint32_t>(word)};
    case ir::TypeKind::Label:
      return ir::LabelId{static_cast<std::size_t>(word)};
    case ir::TypeKind::String:
    case ir::TypeKind::Path:
    case ir::TypeKind::Address:
      break;
  }
  if (word < formula_.strings.size()) return formula_.strings[word];
  std::string other = "other" + std::to_string(word);
  while (std::find(formula_.strings.begin(), formula_.strings.end(), other) != formula_.strings.end()) other += "x";
  return other;
}

Contexts Encoding::contexts(const term::Assignment& model) const {
  Contexts made;
  for (std::size_t i = 0; i < world_.attributes.size(); ++i) {
    const ir::AttributeId attribute{i};
    if (world_.at(attribute).source != ir::Source::Context) continue;
    const bool boolean = world_.at(attribute).type.kind == ir::TypeKind::Bool;
    for (std::uint8_t copy = 0; copy < 2; ++copy) {
      const auto has = model_word(model, context_name("has", attribute, copy));
      const auto value = model_word(model, context_name(boolean ? "flag" : "word", attribute, copy));
      if (world_.at(attribute).optional && has.value_or(0) == 0) continue;
      made.copies[copy].emplace(attribute, value_of(attribute, value.value_or(0)));
    }
  }
  return made;
}

std::uint64_t Encoding::field(const term::Assignment& model, ir::ObjectField field) const {
  return model_word(model, field_name(field)).value_or(0);
}

ir::NetObject Encoding::net_object(const term::Assignment& model) const {
  ir::NetObject object;
  if (model_word(model, "family_v6").value_or(0) != 0) object.address.family = ir::Family::V6;
  if (const auto variable = variables_.find("address"); variable != variables_.end()) {
    const auto value = model.find(variable->second);
    const term::Word word = value == model.end() ? term::Word{} : value->second;
    for (unsigned i = 0; i < 8; ++i) {
      object.address.bytes[i] = static_cast<std::uint8_t>(word.high >> (56 - 8 * i));
      object.address.bytes[8 + i] = static_cast<std::uint8_t>(word.low >> (56 - 8 * i));
    }
  }
  object.port = static_cast<std::uint16_t>(field(model, ir::ObjectField::Port));
  object.proto = static_cast<ir::Proto>(field(model, ir::ObjectField::Proto));
  return object;
}

}  // namespace bulkhead::encode
