// Conditions become formulas: the subject's attributes are known, labels are memberships, and each expression is
// lowered to when it is true and when it is false, so that evaluation errors (neither) are treated as lang/ir/eval
// treats them.
#include <map>
#include <set>
#include <variant>

#include "checker/obligation/scope.h"
#include "lang/ir/eval.h"
#include "lang/ir/glob.h"
#include "lang/ir/label.h"
#include "lang/ir/net_range.h"

namespace bulkhead::obligation {
namespace {

struct ObjectLabel {};
struct ContextLabel {
  TermId term;
};
struct ContextString {
  TermId term;
};
struct ObjectPath {};
struct ObjectAddress {};
/// What an expression that is no Boolean stands for.
using Reading = std::variant<std::monostate, TermId, ir::LabelId, ObjectLabel, ContextLabel, std::string, ContextString,
                             ObjectPath, ObjectAddress>;

struct Operand {
  bool boolean = false;
  Lowered truth{NodeId{0}, NodeId{0}};  // of a Boolean
  Reading reading;                      // of anything else; monostate is an error
  NodeId present{1};                    // when it has a value at all
};

class Lowering {
 public:
  explicit Lowering(Scope& scope) : scope_(scope), build_(scope.build) {}

  Lowered run(ir::ExprId root) {
    std::set<ir::ExprId> needed;
    for (std::vector<ir::ExprId> open{root}; !open.empty();) {
      const ir::ExprId id = open.back();
      open.pop_back();
      const auto& args = scope_.world.at(id).args;
      if (needed.insert(id).second) open.insert(open.end(), args.begin(), args.end());
    }
    for (const ir::ExprId id : needed) done_.emplace(id, lower(scope_.world.at(id)));
    return as_truth(done_.at(root));
  }

 private:
  static Operand truth(Lowered value) {
    Operand operand;
    operand.boolean = true;
    operand.truth = value;
    return operand;
  }
  Operand decided(NodeId yes) { return truth({yes, build_.negate(yes)}); }
  static Operand failed() { return {}; }
  static Operand reads(Reading reading, NodeId present = NodeId{1}) {
    Operand operand;
    operand.reading = std::move(reading);
    operand.present = present;
    return operand;
  }
  Operand refused(const char* reason) {
    scope_.refuse(reason);
    return failed();
  }
  static Lowered as_truth(const Operand& operand) {
    return operand.boolean ? operand.truth : Lowered{NodeId{0}, NodeId{0}};
  }

  const Operand& arg(const ir::Expr& expr, std::size_t i) const { return done_.at(expr.args.at(i)); }

  Operand lower(const ir::Expr& expr) {
    using ir::Op;
    switch (expr.op) {
      case Op::Constant:
        return constant(expr.value);
      case Op::Attribute:
        return attribute(expr);
      case Op::Field:
        return field(expr.field);
      case Op::Has:
        return has(expr);
      case Op::HoldsCapability:
        return holds_capability(expr.value);
      case Op::Not: {
        const Lowered value = as_truth(arg(expr, 0));
        return truth({value.no, value.yes});
      }
      case Op::And:
      case Op::Or: {
        Lowered value = as_truth(arg(expr, 0));
        for (std::size_t i = 1; i < expr.args.size(); ++i) {
          const Lowered next = as_truth(arg(expr, i));
          value = expr.op == Op::And ? conjunction(value, next) : disjunction(value, next);
        }
        return truth(value);
      }
      case Op::Implies: {
        const Lowered left = as_truth(arg(expr, 0));
        return truth(disjunction({left.no, left.yes}, as_truth(arg(expr, 1))));
      }
      case Op::Equal:
      case Op::NotEqual:
      case Op::Less:
      case Op::LessEqual:
      case Op::Greater:
      case Op::GreaterEqual:
        return compare(expr.op, ir::compares_unsigned(scope_.world, expr), arg(expr, 0), arg(expr, 1));
      case Op::Like:
        return like(arg(expr, 0), expr.value);
      case Op::InNet:
        return in_net(expr.value);
      case Op::InRange: {
        const bool is_unsigned = ir::compares_unsigned(scope_.world, expr);
        const Operand low = compare(Op::LessEqual, is_unsigned, arg(expr, 1), arg(expr, 0));
        const Operand high = compare(Op::LessEqual, is_unsigned, arg(expr, 0), arg(expr, 2));
        return truth(conjunction(as_truth(low), as_truth(high)));
      }
      case Op::InSet: {
        Lowered value{NodeId{0}, NodeId{1}};
        for (std::size_t i = 1; i < expr.args.size(); ++i) {
          value = disjunction(value, as_truth(compare(Op::Equal, false, arg(expr, 0), arg(expr, i))));
        }
        return truth(value);
      }
      case Op::BitAnd: {
        const auto* left = std::get_if<TermId>(&arg(expr, 0).reading);
        const auto* right = std::get_if<TermId>(&arg(expr, 1).reading);
        if (left == nullptr || right == nullptr) return failed();
        return reads(build_.bit_and(*left, *right), build_.both(arg(expr, 0).present, arg(expr, 1).present));
      }
    }
    return failed();
  }

  /// Left to right: the right side counts only where the left one is true.
  Lowered conjunction(Lowered left, Lowered right) {
    return {build_.both(left.yes, right.yes), build_.either(left.no, build_.both(left.yes, right.no))};
  }
  Lowered disjunction(Lowered left, Lowered right) {
    return {build_.either(left.yes, build_.both(left.no, right.yes)), build_.both(left.no, right.no)};
  }

  Operand constant(const ir::Value& value) {
    if (const auto* flag = std::get_if<bool>(&value)) return decided(Builder::constant(*flag));
    if (const auto* number = std::get_if<std::int64_t>(&value)) {
      return reads(build_.constant_word(static_cast<std::uint64_t>(*number)));
    }
    if (const auto* member_of = std::get_if<ir::EnumMember>(&value))
      return reads(build_.constant_word(member_of->member));
    if (const auto* label = std::get_if<ir::LabelId>(&value)) return reads(*label);
    return reads(std::get<std::string>(value));
  }

  const ir::Value* subject_value(ir::AttributeId attribute) const {
    for (const auto& [id, value] : scope_.world.at(scope_.subject).attributes) {
      if (id == attribute) return &value;
    }
    return nullptr;
  }

  NodeId context_present(ir::AttributeId attribute) {
    return scope_.world.at(attribute).optional ? build_.has(attribute, scope_.copy) : Builder::constant(true);
  }

  Operand has(const ir::Expr& expr) {
    if (expr.source == ir::Source::Context) return decided(context_present(expr.attribute));
    return decided(Builder::constant(expr.source == ir::Source::Subject && subject_value(expr.attribute) != nullptr));
  }

  Operand attribute(const ir::Expr& expr) {
    if (expr.source == ir::Source::Subject) {
      const ir::Value* value = subject_value(expr.attribute);
      return value == nullptr ? failed() : constant(*value);
    }
    if (expr.source != ir::Source::Context) return failed();
    const NodeId present = context_present(expr.attribute);
    switch (scope_.world.at(expr.attribute).type.kind) {
      case ir::TypeKind::Bool: {
        const NodeId yes = build_.context_bool(expr.attribute, scope_.copy);
        return truth({build_.both(present, yes), build_.both(present, build_.negate(yes))});
      }
      case ir::TypeKind::Int:
      case ir::TypeKind::Enum:
      case ir::TypeKind::Proto:
        return reads(build_.context(expr.attribute, scope_.copy), present);
      case ir::TypeKind::Label:
        return reads(ContextLabel{build_.context(expr.attribute, scope_.copy)}, present);
      case ir::TypeKind::String:
      case ir::TypeKind::Path:
        return reads(ContextString{build_.context(expr.attribute, scope_.copy)}, present);
      case ir::TypeKind::Address:
        return refused("a condition on an address that is an attribute of the context");
    }
    return failed();
  }

  Operand field(ir::ObjectField which) {
    const ir::Plane plane = ir::plane_of(scope_.right);
    const bool argument = which >= ir::ObjectField::Argument0;
    if (plane == ir::Plane::File && which == ir::ObjectField::Label) return reads(ObjectLabel{});
    if (plane == ir::Plane::File && which == ir::ObjectField::Path) return reads(ObjectPath{});
    if (plane == ir::Plane::Net && which == ir::ObjectField::Address) return reads(ObjectAddress{});
    const bool word =
        (plane == ir::Plane::Net && (which == ir::ObjectField::Port || which == ir::ObjectField::Proto)) ||
        (plane == ir::Plane::Syscall && argument) ||
        (plane == ir::Plane::KernelCapability && which == ir::ObjectField::Number);
    if (!word) return failed();
    return reads(scope_.object ? build_.constant_word(field_word(which)) : build_.field(which));
  }

  /// Requires: the field is a word of the object that alone is asked about.
  std::uint64_t field_word(ir::ObjectField which) const {
    const ir::Object& object = *scope_.object;
    if (const auto* net = std::get_if<ir::NetObject>(&object)) {
      return which == ir::ObjectField::Port ? net->port : static_cast<std::uint64_t>(net->proto);
    }
    if (const auto* call = std::get_if<ir::SyscallObject>(&object)) {
      return call->arguments.at(static_cast<std::size_t>(which) - static_cast<std::size_t>(ir::ObjectField::Argument0));
    }
    return std::get<ir::CapabilityObject>(object).number;
  }

  Operand holds_capability(const ir::Value& value) {
    const auto* number = std::get_if<std::int64_t>(&value);
    if (number == nullptr || scope_.right == ir::Right::Hold) return failed();
    Scope inner{scope_.world,
                build_,
                scope_.subject,
                ir::Right::Hold,
                scope_.copy,
                {},
                ir::CapabilityObject{static_cast<std::uint8_t>(*number)},
                scope_.refusal};
    return decided(access(inner));
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

  Operand guarded(NodeId present, NodeId value) {
    return truth({build_.both(present, value), build_.both(present, build_.negate(value))});
  }

  Operand compare_truths(ir::Op op, Lowered a, Lowered b) {
    const NodeId same = build_.either(build_.both(a.yes, b.yes), build_.both(a.no, b.no));
    const NodeId other = build_.either(build_.both(a.yes, b.no), build_.both(a.no, b.yes));
    return op == ir::Op::Equal ? truth({same, other}) : truth({other, same});
  }

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
    if (std::holds_alternative<ObjectPath>(left)) return path_like(ir::escape_glob(*text));
    if (!std::holds_alternative<ObjectAddress>(left)) return std::nullopt;
    const auto address = ir::parse_address(*text);
    return address ? std::optional<NodeId>(in_range({*address, *address})) : std::nullopt;
  }

  NodeId in_range(const ir::NetPattern& range) {
    ir::ObjectPatterns patterns;
    patterns.nets.push_back(range);
    return member(scope_, patterns);
  }

  NodeId path_like(const std::string& glob) {
    if (scope_.object) return Builder::constant(ir::glob_matches(glob, std::get<ir::FileObject>(*scope_.object).path));
    ir::ObjectPatterns patterns;
    for (const ir::VolumeId volume : scope_.volumes) patterns.files.push_back({volume, glob, ""});
    return member(scope_, patterns);
  }

  Operand like(const Operand& operand, const ir::Value& value) {
    const auto* glob = std::get_if<std::string>(&value);
    if (glob == nullptr) return failed();
    if (const auto parsed = ir::expand_glob(*glob); !parsed) {
      scope_.refuse("`" + *glob + "`: " + parsed.error());
      return failed();
    }
    if (const auto* text = std::get_if<std::string>(&operand.reading)) {
      return decided(Builder::constant(ir::glob_matches(*glob, *text)));
    }
    if (std::holds_alternative<ContextString>(operand.reading)) {
      return refused("a condition with `like` on a string of the context");
    }
    return std::holds_alternative<ObjectPath>(operand.reading) ? decided(path_like(*glob)) : failed();
  }

  Operand in_net(const ir::Value& value) {
    const auto* text = std::get_if<std::string>(&value);
    const auto range = text != nullptr ? ir::parse_net_range(*text) : std::nullopt;
    if (!range || ir::plane_of(scope_.right) != ir::Plane::Net) return failed();
    return decided(in_range(*range));
  }

  Scope& scope_;
  Builder& build_;
  std::map<ir::ExprId, Operand> done_;
};

}  // namespace

Lowered condition(Scope& scope, ir::ExprId expr) {
  return Lowering(scope).run(expr);
}

}  // namespace bulkhead::obligation
