#include "runtime-bridge/emit/seccomp/condition.h"

#include <algorithm>
#include <optional>
#include <set>

namespace bulkhead::emit::seccomp {
namespace {

using obligation::Comparison;
using obligation::NodeKind;
using obligation::TermKind;

/// A word that a filter can load: a constant, or an argument under a mask.
struct Word {
  std::optional<std::uint8_t> argument;
  std::uint64_t mask = ~std::uint64_t{0};
  std::uint64_t value = 0;  // of a constant
};

class Translation {
 public:
  Translation(const obligation::Formula& formula, ir::SyscallId syscall) : formula_(formula), syscall_(syscall) {}

  Result<Condition, std::string> run() {
    for (const obligation::Node& node : formula_.nodes) ids_.push_back(translate(node));
    // A part that cannot be translated matters only where it is reached once the call is known.
    condition_.root = ids_.at(formula_.root.index());
    if (condition_.root == kUntranslated) return fail(reason_);
    return condition_;
  }

 private:
  static constexpr std::uint32_t kUntranslated = 0xFFFFFFFF;

  std::uint32_t add(Condition::Node node) {
    condition_.nodes.push_back(std::move(node));
    return static_cast<std::uint32_t>(condition_.nodes.size() - 1);
  }
  std::uint32_t refuse(const char* reason) {
    if (reason_.empty()) reason_ = reason;
    return kUntranslated;
  }
  static std::uint32_t constant(bool truth) { return truth ? 1 : 0; }

  std::uint32_t negate(std::uint32_t child) {
    if (child == kUntranslated) return child;
    if (child <= 1) return 1 - child;
    if (condition_.nodes[child].kind == Condition::Kind::Not) return condition_.nodes[child].children[0];
    return add({Condition::Kind::Not, {}, {child}});
  }

  /// `child` as a list of operands of `kind`: its own where it is of that kind, else it alone.
  std::vector<std::uint32_t> operands(Condition::Kind kind, std::uint32_t child) const {
    const Condition::Node& node = condition_.nodes[child];
    return node.kind == kind ? node.children : std::vector<std::uint32_t>{child};
  }

  /// a || (!a && b) is a || b. Sets are such chains, since each member counts where those before it do not: as they
  /// stand, a filter would grow with the square of a set.
  std::vector<std::uint32_t> without_excluded(const std::vector<std::uint32_t>& alternatives) {
    std::set<std::uint32_t> before;
    std::vector<std::uint32_t> kept;
    for (const std::uint32_t alternative : alternatives) {
      std::vector<std::uint32_t> parts = operands(Condition::Kind::And, alternative);
      const std::size_t all = parts.size();
      parts.erase(std::remove_if(parts.begin(), parts.end(),
                                 [&](std::uint32_t part) {
                                   const Condition::Node& node = condition_.nodes[part];
                                   return node.kind == Condition::Kind::Not && before.count(node.children[0]) != 0;
                                 }),
                  parts.end());
      if (parts.empty()) return {constant(true)};
      const std::uint32_t left = parts.size() == all ? alternative
                                 : parts.size() == 1 ? parts[0]
                                                     : add({Condition::Kind::And, {}, std::move(parts)});
      if (before.insert(left).second) kept.push_back(left);
    }
    return kept;
  }

  std::uint32_t junction(Condition::Kind kind, const obligation::Node& node) {
    const std::uint32_t deciding = constant(kind == Condition::Kind::Or);
    std::vector<std::uint32_t> children;
    bool untranslated = false;
    for (const obligation::NodeId id : node.children) {
      const std::uint32_t child = ids_.at(id.index());
      if (child == deciding) return deciding;
      if (child == kUntranslated) {
        untranslated = true;
      } else if (child != 1 - deciding) {
        const std::vector<std::uint32_t> more = operands(kind, child);
        children.insert(children.end(), more.begin(), more.end());
      }
    }
    if (untranslated) return kUntranslated;
    if (kind == Condition::Kind::Or) children = without_excluded(children);
    if (children.empty()) return 1 - deciding;
    if (children.size() == 1) return children[0];
    return add({kind, {}, std::move(children)});
  }

  std::optional<Word> word(obligation::TermId id) const {
    Word word;
    for (;;) {
      const obligation::Term& term = formula_.at(id);
      if (term.kind == TermKind::Constant) {
        word.value = term.value & word.mask;
        return word;
      }
      if (term.kind == TermKind::Field && term.field >= ir::ObjectField::Argument0) {
        word.argument = static_cast<std::uint8_t>(static_cast<unsigned>(term.field) -
                                                  static_cast<unsigned>(ir::ObjectField::Argument0));
        return word;
      }
      if (term.kind != TermKind::BitAnd) return std::nullopt;
      const bool left_constant = formula_.at(term.left).kind == TermKind::Constant;
      const obligation::Term& mask = formula_.at(left_constant ? term.left : term.right);
      if (mask.kind != TermKind::Constant) return std::nullopt;
      word.mask &= mask.value;
      id = left_constant ? term.right : term.left;
    }
  }

  std::uint32_t test(const Word& word, Test::Relation relation, std::uint64_t value) {
    if (relation == Test::Relation::Equal && (value & ~word.mask) != 0) return constant(false);
    return add({Condition::Kind::Holds, {*word.argument, word.mask, relation, value}, {}});
  }

  std::uint32_t compare(const obligation::Node& node) {
    using Relation = Test::Relation;
    const auto left = word(node.left);
    const auto right = word(node.right);
    if (!left || !right) return refuse("a filter can only compare an argument, under a constant mask, with a constant");
    if (left->argument && right->argument) return refuse("a filter cannot compare two arguments with each other");
    if (node.comparison == Comparison::SignedLess || node.comparison == Comparison::SignedLessEqual) {
      return refuse("a filter cannot compare arguments as signed numbers");
    }
    if (!left->argument && !right->argument) {
      return constant(node.comparison == Comparison::Equal          ? left->value == right->value
                      : node.comparison == Comparison::UnsignedLess ? left->value < right->value
                                                                    : left->value <= right->value);
    }
    const bool straight = left->argument.has_value();
    const Word& argument = straight ? *left : *right;
    const std::uint64_t value = straight ? right->value : left->value;
    if (node.comparison == Comparison::Equal) return test(argument, Relation::Equal, value);
    const bool strict = node.comparison == Comparison::UnsignedLess;
    if (straight) return test(argument, strict ? Relation::Less : Relation::LessEqual, value);
    return negate(test(argument, strict ? Relation::LessEqual : Relation::Less, value));  // c < x is !(x <= c)
  }

  std::uint32_t translate(const obligation::Node& node) {
    switch (node.kind) {
      case NodeKind::True:
        return 1;
      case NodeKind::False:
        return 0;
      case NodeKind::And:
        return junction(Condition::Kind::And, node);
      case NodeKind::Or:
        return junction(Condition::Kind::Or, node);
      case NodeKind::Not:
        return negate(ids_.at(node.children.at(0).index()));
      case NodeKind::Member: {
        const auto& calls = formula_.at(node.pattern).syscalls;
        return constant(std::find(calls.begin(), calls.end(), syscall_) != calls.end());
      }
      case NodeKind::Compare:
        return compare(node);
      case NodeKind::Has:
      case NodeKind::ContextBool:
      case NodeKind::NoContext:
      case NodeKind::Variable:
        return refuse("a filter cannot see the context");
    }
    return kUntranslated;
  }

  const obligation::Formula& formula_;
  ir::SyscallId syscall_;
  Condition condition_;
  std::vector<std::uint32_t> ids_;
  std::string reason_;
};

}  // namespace

Result<Condition, std::string> condition_for(const obligation::Formula& formula, ir::SyscallId syscall) {
  return Translation(formula, syscall).run();
}

}  // namespace bulkhead::emit::seccomp
