#include "runtime-bridge/emit/table/rows.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string>

#include "runtime-bridge/emit/rule_formula.h"

namespace bulkhead::emit {
namespace {

using obligation::Comparison;
using obligation::Formula;
using obligation::NodeKind;
using obligation::TermKind;

/// A leaf of the formula, by node, and whether it is negated.
using Leaf = std::pair<std::uint32_t, bool>;
using Conjunction = std::set<Leaf>;
/// Nothing: too many conjunctions.
using Disjunction = std::optional<std::vector<Conjunction>>;

Disjunction any(const Disjunction& a, const Disjunction& b) {
  if (!a || !b) return std::nullopt;
  std::vector<Conjunction> all = *a;
  all.insert(all.end(), b->begin(), b->end());
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  if (all.size() > kMaxRowsOfRule) return std::nullopt;
  return all;
}

Disjunction all(const Disjunction& a, const Disjunction& b) {
  if ((a && a->empty()) || (b && b->empty())) return std::vector<Conjunction>{};
  if (!a || !b) return std::nullopt;
  Disjunction product = std::vector<Conjunction>{};
  for (const Conjunction& left : *a) {
    for (const Conjunction& right : *b) {
      Conjunction both = left;
      both.insert(right.begin(), right.end());
      const bool contradicts = std::any_of(both.begin(), both.end(), [&](const Leaf& leaf) {
        return both.count({leaf.first, !leaf.second}) != 0;
      });
      if (!contradicts) product->push_back(std::move(both));
      if (product->size() > 16 * kMaxRowsOfRule) return std::nullopt;
    }
  }
  return any(product, std::vector<Conjunction>{});
}

/// The disjunctive normal forms of every node and of its negation; children stand before their parents.
class NormalForms {
 public:
  explicit NormalForms(const Formula& formula) {
    for (std::size_t i = 0; i < formula.nodes.size(); ++i) {
      plain_.push_back(form(formula.nodes[i], static_cast<std::uint32_t>(i), false));
      negated_.push_back(form(formula.nodes[i], static_cast<std::uint32_t>(i), true));
    }
  }
  const Disjunction& of(obligation::NodeId node) const { return plain_.at(node.index()); }

 private:
  Disjunction form(const obligation::Node& node, std::uint32_t id, bool negated) const {
    const std::vector<Conjunction> never, always{{}};
    switch (node.kind) {
      case NodeKind::True:
        return negated ? never : always;
      case NodeKind::False:
        return negated ? always : never;
      case NodeKind::Not:
        return (negated ? plain_ : negated_).at(node.children.at(0).index());
      case NodeKind::And:
      case NodeKind::Or: {
        const bool conjunction = (node.kind == NodeKind::And) != negated;
        Disjunction result = conjunction ? always : never;
        for (const obligation::NodeId child : node.children) {
          const Disjunction& part = (negated ? negated_ : plain_).at(child.index());
          result = conjunction ? all(result, part) : any(result, part);
        }
        return result;
      }
      case NodeKind::Member:
      case NodeKind::Has:
      case NodeKind::ContextBool:
      case NodeKind::Compare:
      case NodeKind::NoContext:
      case NodeKind::Variable:
        return std::vector<Conjunction>{{{id, negated}}};
    }
    return std::nullopt;
  }

  std::vector<Disjunction> plain_;
  std::vector<Disjunction> negated_;
};

table::NetPattern net_pattern(const ir::NetPattern& pattern) {
  table::NetPattern net;
  net.family = pattern.first.family == ir::Family::V4 ? 4 : 6;
  net.first = pattern.first.bytes;
  net.last = pattern.last.bytes;
  net.first_port = pattern.first_port;
  net.last_port = pattern.last_port;
  net.protos = pattern.protos;
  return net;
}

/// Every address of both families, with these ports and protocols.
void add_everywhere(table::Literal& literal, std::uint16_t first_port, std::uint16_t last_port, std::uint8_t protos) {
  for (const std::uint8_t family : {std::uint8_t{4}, std::uint8_t{6}}) {
    table::NetPattern net;
    net.family = family;
    std::fill_n(net.last.begin(), family == 4 ? 4 : 16, std::uint8_t{255});
    net.first_port = first_port;
    net.last_port = last_port;
    net.protos = protos;
    literal.nets.push_back(net);
  }
}

bool holds(Comparison comparison, std::uint64_t left, std::uint64_t right) {
  switch (comparison) {
    case Comparison::Equal:
      return left == right;
    case Comparison::UnsignedLess:
      return left < right;
    case Comparison::UnsignedLessEqual:
      return left <= right;
    case Comparison::SignedLess:
      return static_cast<std::int64_t>(left) < static_cast<std::int64_t>(right);
    case Comparison::SignedLessEqual:
      return static_cast<std::int64_t>(left) <= static_cast<std::int64_t>(right);
  }
  return false;
}

/// A comparison of a small field with a constant, as the values of the field for which it holds.
std::optional<table::Literal> compare_literal(const Formula& formula, const obligation::Node& node) {
  const obligation::Term& left = formula.at(node.left);
  const obligation::Term& right = formula.at(node.right);
  const bool straight = left.kind == TermKind::Field && right.kind == TermKind::Constant;
  if (!straight && !(right.kind == TermKind::Field && left.kind == TermKind::Constant)) return std::nullopt;
  const ir::ObjectField field = straight ? left.field : right.field;
  const auto satisfied = [&](std::uint64_t value) {
    return straight ? holds(node.comparison, value, right.value) : holds(node.comparison, left.value, value);
  };
  table::Literal literal;
  if (field == ir::ObjectField::Port) {
    for (std::uint32_t port = 0; port <= 65535;) {
      if (!satisfied(port)) {
        ++port;
        continue;
      }
      const std::uint32_t first = port;
      while (port <= 65535 && satisfied(port)) ++port;
      add_everywhere(literal, static_cast<std::uint16_t>(first), static_cast<std::uint16_t>(port - 1), 7);
    }
    return literal;
  }
  if (field == ir::ObjectField::Proto) {
    std::uint8_t protos = 0;
    for (unsigned proto = 0; proto < 3; ++proto)
      protos = static_cast<std::uint8_t>(protos | (satisfied(proto) ? 1u << proto : 0u));
    if (protos != 0) add_everywhere(literal, 0, 65535, protos);
    return literal;
  }
  if (field != ir::ObjectField::Number) return std::nullopt;
  for (std::uint8_t number = 0; number < 64; ++number) {
    if (satisfied(number)) literal.capabilities.push_back(number);
  }
  return literal;
}

class RuleReader {
 public:
  RuleReader(const ir::World& world, ir::SubjectId subject, const VolumeMap& volumes)
      : world_(world), subject_(subject), volumes_(volumes) {}

  Result<std::vector<RuleRow>, EmitError> read(ir::RuleId id) const {
    const ir::Rule& rule = world_.at(id);
    std::vector<RuleRow> rows;
    if (!rule.when) {  // the common case, and no formula is needed for it
      table::Literal literal = literal_of(rule.objects, volumes_);
      if (empty(literal)) return rows;
      rows.push_back(row(id, {std::move(literal)}));
      return rows;
    }
    const ir::Right right = first_right(rule);
    const auto formula = rule_formula(world_, subject_, rule, right);
    if (!formula.ok()) return fail(formula.error());
    const NormalForms forms(*formula);
    const Disjunction& form = forms.of(formula->root);
    if (!form) return refuse("the condition stands for more than 256 rows", rule);
    for (const Conjunction& conjunction : *form) {
      std::vector<table::Literal> literals;
      bool possible = true;
      for (const auto& [node, negated] : conjunction) {
        auto literal = leaf(*formula, formula->nodes[node]);
        if (!literal) return refuse("the condition depends on the context or on what no mediator sees", rule);
        if (empty(*literal) || covers_all(*literal)) {
          possible = possible && negated == empty(*literal);
          continue;
        }
        literal->negated = negated;
        literals.push_back(std::move(*literal));
      }
      if (possible) rows.push_back(row(id, std::move(literals)));
    }
    return rows;
  }

 private:
  static bool empty(const table::Literal& literal) {
    return !literal.everything && literal.files.empty() && literal.nets.empty() && literal.capabilities.empty();
  }
  bool covers_all(const table::Literal& literal) const {
    std::set<std::uint32_t> whole;
    for (const table::FilePattern& pattern : literal.files) {
      if (pattern.glob == "/**" && pattern.prefix.empty()) whole.insert(pattern.volume);
    }
    return literal.everything || whole.size() == volumes_.volumes().size();
  }
  static ir::Right first_right(const ir::Rule& rule) {
    for (const ir::Right right : ir::kAllRights) {
      if (rule.rights.has(right)) return right;
    }
    return ir::Right::Read;
  }
  Failure<EmitError> refuse(const char* reason, const ir::Rule& rule) const {
    return {EmitError{reason, rule.sentence}};
  }

  std::optional<table::Literal> leaf(const Formula& formula, const obligation::Node& node) const {
    if (node.kind == NodeKind::Member) return literal_of(formula.at(node.pattern), volumes_);
    if (node.kind == NodeKind::Compare) return compare_literal(formula, node);
    return std::nullopt;
  }

  RuleRow row(ir::RuleId id, std::vector<table::Literal> literals) const {
    const ir::Rule& rule = world_.at(id);
    RuleRow made;
    made.rule = id;
    made.row.effect = rule.effect == ir::Effect::Permit ? table::Effect::Permit : table::Effect::Forbid;
    made.row.plane = static_cast<table::Plane>(rule.plane);
    made.row.rights = rule.rights.bits();
    made.row.literals = std::move(literals);
    made.row.sentence = static_cast<std::uint32_t>(rule.sentence.index());
    return made;
  }

  const ir::World& world_;
  ir::SubjectId subject_;
  const VolumeMap& volumes_;
};

}  // namespace

VolumeMap::VolumeMap(const ir::World& world, const ir::Subject& container)
    : index_(world.volumes.size(), table::kNone), volumes_{ir::kOwnRoot} {
  std::set<ir::VolumeId> mounted;
  for (const ir::Mount& mount : container.mounts) mounted.insert(mount.volume);
  mounted.erase(ir::kOwnRoot);
  volumes_.insert(volumes_.end(), mounted.begin(), mounted.end());
  for (std::size_t i = 0; i < volumes_.size(); ++i) index_.at(volumes_[i].index()) = static_cast<std::uint32_t>(i);
}

table::Literal literal_of(const ir::ObjectPatterns& patterns, const VolumeMap& volumes) {
  table::Literal literal;
  literal.everything = patterns.everything;
  for (const ir::FilePattern& pattern : patterns.files) {
    const std::uint32_t volume = volumes.of(pattern.volume);
    if (volume != table::kNone) literal.files.push_back({volume, pattern.glob, pattern.prefix});
  }
  for (const ir::NetPattern& pattern : patterns.nets) literal.nets.push_back(net_pattern(pattern));
  literal.capabilities = patterns.capabilities;
  return literal;
}

Result<std::vector<RuleRow>, EmitError> rows_of(const ir::World& world, ir::SubjectId subject,
                                                const VolumeMap& volumes) {
  const RuleReader reader(world, subject, volumes);
  std::vector<RuleRow> rows;
  for (std::size_t i = 0; i < world.rules.size(); ++i) {
    const ir::Rule& rule = world.rules[i];
    if (rule.plane == ir::Plane::Syscall || (rule.subject && *rule.subject != subject)) continue;
    auto more = reader.read(ir::RuleId{i});
    if (!more.ok()) return fail(more.error());
    std::move(more->begin(), more->end(), std::back_inserter(rows));
  }
  return rows;
}

}  // namespace bulkhead::emit
