// Comparisons in conditions: labels, words, texts and truths. What is left out of the formula here is an evaluation
// error, as in lang/ir/eval.
#include "checker/obligation/operand.h"
#include "lang/ir/glob.h"
#include "lang/ir/label.h"
#include "lang/ir/net_range.h"

namespace bulkhead::obligation {
namespace {

class Comparing {
 public:
  explicit Comparing(Scope& scope) : scope_(scope), build_(scope.build) {}

  Operand compare(ir::Op op, bool is_unsigned, const Operand& left, const Operand& right) {
    if (left.boolean != right.boolean) return failed();
    if (left.boolean) return is_order(op) ? failed() : compare_truths(op, left.truth, right.truth);
    const NodeId present = build_.both(left.present, right.present);
    const auto* a = std::get_if<TermId>(&left.reading);
    const auto* b = std::get_if<TermId>(&right.reading);
    if (a != nullptr && b != nullptr) return guarded(present, compare_words(op, is_unsigned, *a, *b));
    if (is_label(left.reading) && is_label(right.reading)) {
      return guarded(present, compare_labels(op, left.reading, right.reading));
    }
    if (is_order(op)) return failed();
    const auto equal = equal_texts(left.reading, right.reading);
    if (!equal) return failed();
    return guarded(present, op == ir::Op::Equal ? *equal : build_.negate(*equal));
  }

 private:
  Operand guarded(NodeId present, NodeId value) {
    return truth({build_.both(present, value), build_.both(present, build_.negate(value))});
  }

  Operand compare_truths(ir::Op op, Lowered a, Lowered b) {
    const NodeId same = build_.either(build_.both(a.yes, b.yes), build_.both(a.no, b.no));
    const NodeId other = build_.either(build_.both(a.yes, b.no), build_.both(a.no, b.yes));
    return op == ir::Op::Equal ? truth({same, other}) : truth({other, same});
  }

  /// The label of the object is a set of labels: all of its file sets' ones, and what is below them. It is at most
  /// `label` iff no file set with a label that is not contains the object.
  NodeId object_at_most(ir::LabelId label) {
    std::vector<NodeId> others;
    for (const ir::ObjectSet& set : scope_.world.sets) {
      const bool counts = set.label && set.plane == ir::Plane::File;
      if (counts && !ir::at_most(scope_.world, *set.label, label)) others.push_back(member(scope_, set.patterns));
    }
    return build_.negate(build_.any(others));
  }

  NodeId object_at_least(ir::LabelId label) {
    if (ir::least_label(scope_.world) == label) return Builder::constant(true);
    std::vector<NodeId> above;
    for (const ir::ObjectSet& set : scope_.world.sets) {
      const bool counts = set.label && set.plane == ir::Plane::File;
      if (counts && ir::at_most(scope_.world, label, *set.label)) above.push_back(member(scope_, set.patterns));
    }
    return build_.any(above);
  }

  static bool is_label(const Reading& reading) {
    return std::holds_alternative<ir::LabelId>(reading) || std::holds_alternative<ObjectLabel>(reading) ||
           std::holds_alternative<ContextLabel>(reading);
  }

  /// When the label on the left is at most (at least) this one.
  std::pair<NodeId, NodeId> bounds(const Reading& left, ir::LabelId right) {
    if (std::holds_alternative<ObjectLabel>(left)) return {object_at_most(right), object_at_least(right)};
    if (const auto* fixed = std::get_if<ir::LabelId>(&left)) {
      return {Builder::constant(ir::at_most(scope_.world, *fixed, right)),
              Builder::constant(ir::at_most(scope_.world, right, *fixed))};
    }
    std::vector<NodeId> lower;
    std::vector<NodeId> higher;
    for (std::size_t i = 0; i < scope_.world.labels.size(); ++i) {
      const ir::LabelId label{i};
      if (ir::at_most(scope_.world, label, right)) lower.push_back(is_context_label(left, label));
      if (ir::at_most(scope_.world, right, label)) higher.push_back(is_context_label(left, label));
    }
    return {build_.any(lower), build_.any(higher)};
  }

  NodeId is_context_label(const Reading& reading, ir::LabelId label) {
    return build_.compare(Comparison::Equal, std::get<ContextLabel>(reading).term, build_.constant_word(label.index()));
  }

  NodeId compare_with(ir::Op op, const Reading& left, ir::LabelId right) {
    const auto [at_most, at_least] = bounds(left, right);
    if (op == ir::Op::LessEqual) return at_most;
    if (op == ir::Op::GreaterEqual) return at_least;
    if (op == ir::Op::Less) return build_.both(at_most, build_.negate(at_least));
    if (op == ir::Op::Greater) return build_.both(at_least, build_.negate(at_most));
    const NodeId equal = build_.both(at_most, at_least);
    return op == ir::Op::Equal ? equal : build_.negate(equal);
  }

  static ir::Op mirrored(ir::Op op) {
    return op == ir::Op::Less           ? ir::Op::Greater
           : op == ir::Op::LessEqual    ? ir::Op::GreaterEqual
           : op == ir::Op::Greater      ? ir::Op::Less
           : op == ir::Op::GreaterEqual ? ir::Op::LessEqual
                                        : op;
  }

  NodeId compare_labels(ir::Op op, const Reading& left, const Reading& right) {
    if (const auto* fixed = std::get_if<ir::LabelId>(&right)) return compare_with(op, left, *fixed);
    if (const auto* fixed = std::get_if<ir::LabelId>(&left)) return compare_with(mirrored(op), right, *fixed);
    if (std::holds_alternative<ObjectLabel>(right)) {
      if (std::holds_alternative<ObjectLabel>(left)) {
        return Builder::constant(op == ir::Op::Equal || op == ir::Op::LessEqual || op == ir::Op::GreaterEqual);
      }
      return compare_labels(mirrored(op), right, left);
    }
    std::vector<NodeId> cases;  // for each value of the context's label
    for (std::size_t i = 0; i < scope_.world.labels.size(); ++i) {
      cases.push_back(build_.both(is_context_label(right, ir::LabelId{i}), compare_with(op, left, ir::LabelId{i})));
    }
    return build_.any(cases);
  }

  NodeId compare_words(ir::Op op, bool is_unsigned, TermId left, TermId right) {
    const Comparison less = is_unsigned ? Comparison::UnsignedLess : Comparison::SignedLess;
    const Comparison less_equal = is_unsigned ? Comparison::UnsignedLessEqual : Comparison::SignedLessEqual;
    if (op == ir::Op::Less) return build_.compare(less, left, right);
    if (op == ir::Op::LessEqual) return build_.compare(less_equal, left, right);
    if (op == ir::Op::Greater) return build_.compare(less, right, left);
    if (op == ir::Op::GreaterEqual) return build_.compare(less_equal, right, left);
    const NodeId equal = build_.compare(Comparison::Equal, left, right);
    return op == ir::Op::Equal ? equal : build_.negate(equal);
  }

  static bool is_order(ir::Op op) { return op != ir::Op::Equal && op != ir::Op::NotEqual; }

  /// Equality of strings, paths and addresses; nothing where the two cannot be compared.
  std::optional<NodeId> equal_texts(const Reading& left, const Reading& right) {
    const auto* text = std::get_if<std::string>(&right);
    if (text == nullptr && std::holds_alternative<std::string>(left)) {
      if (std::holds_alternative<ObjectAddress>(right)) return std::nullopt;  // as eval: the address stands on the left
      return equal_texts(right, left);
    }
    const auto* context = std::get_if<ContextString>(&left);
    if (const auto* other = std::get_if<ContextString>(&right); context != nullptr && other != nullptr) {
      return build_.compare(Comparison::Equal, context->term, other->term);
    }
    if (text == nullptr) {
      if (std::holds_alternative<ObjectPath>(left) && std::holds_alternative<ObjectPath>(right))
        return Builder::constant(true);
      const bool path = std::holds_alternative<ObjectPath>(left) || std::holds_alternative<ObjectPath>(right);
      if (path) scope_.refuse("a condition that compares a path with an attribute of the context");
      if (std::holds_alternative<ObjectAddress>(left)) {
        scope_.refuse("a condition that compares an address with an attribute of the context");
      }
      return std::nullopt;
    }
    if (const auto* same = std::get_if<std::string>(&left)) return Builder::constant(*same == *text);
    if (context != nullptr) {
      return build_.compare(Comparison::Equal, context->term, build_.constant_word(build_.string_word(*text)));
    }
    if (std::holds_alternative<ObjectPath>(left)) return path_like(scope_, ir::escape_glob(*text));
    if (!std::holds_alternative<ObjectAddress>(left)) return std::nullopt;
    const auto address = ir::parse_address(*text);
    return address ? std::optional<NodeId>(in_range(scope_, {*address, *address})) : std::nullopt;
  }

  Scope& scope_;
  Builder& build_;
};

}  // namespace

Operand compare(Scope& scope, ir::Op op, bool is_unsigned, const Operand& left, const Operand& right) {
  return Comparing(scope).compare(op, is_unsigned, left, right);
}

NodeId in_range(Scope& scope, const ir::NetPattern& range) {
  ir::ObjectPatterns patterns;
  patterns.nets.push_back(range);
  return member(scope, patterns);
}

NodeId path_like(Scope& scope, const std::string& glob) {
  if (scope.object) return Builder::constant(ir::glob_matches(glob, std::get<ir::FileObject>(*scope.object).path));
  ir::ObjectPatterns patterns;
  for (const ir::VolumeId volume : scope.volumes) patterns.files.push_back({volume, glob, ""});
  return member(scope, patterns);
}

}  // namespace bulkhead::obligation
