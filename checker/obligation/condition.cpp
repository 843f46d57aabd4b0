// Conditions become formulas: the subject's attributes are known, labels are memberships, and each expression is
// lowered to when it is true and when it is false, so that evaluation errors (neither) are treated as lang/ir/eval
// treats them.
#include <map>
#include <set>

#include "checker/obligation/operand.h"
#include "lang/ir/eval.h"
#include "lang/ir/glob.h"
#include "lang/ir/label.h"
#include "lang/ir/net_range.h"

namespace bulkhead::obligation {
namespace {

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
  Operand decided(NodeId yes) { return truth({yes, build_.negate(yes)}); }
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
        return compare(scope_, expr.op, ir::compares_unsigned(scope_.world, expr), arg(expr, 0), arg(expr, 1));
      case Op::Like:
        return like(arg(expr, 0), expr.value);
      case Op::InNet:
        return in_net(expr.value);
      case Op::InRange: {
        const bool is_unsigned = ir::compares_unsigned(scope_.world, expr);
        const Operand low = compare(scope_, Op::LessEqual, is_unsigned, arg(expr, 1), arg(expr, 0));
        const Operand high = compare(scope_, Op::LessEqual, is_unsigned, arg(expr, 0), arg(expr, 2));
        return truth(conjunction(as_truth(low), as_truth(high)));
      }
      case Op::InSet: {
        Lowered value{NodeId{0}, NodeId{1}};
        for (std::size_t i = 1; i < expr.args.size(); ++i) {
          value = disjunction(value, as_truth(compare(scope_, Op::Equal, false, arg(expr, 0), arg(expr, i))));
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
    Scope inner{scope_.rules,
                build_,
                scope_.subject,
                ir::Right::Hold,
                scope_.copy,
                {},
                ir::CapabilityObject{static_cast<std::uint8_t>(*number)},
                scope_.refusal};
    return decided(access(inner));
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
    return std::holds_alternative<ObjectPath>(operand.reading) ? decided(path_like(scope_, *glob)) : failed();
  }

  Operand in_net(const ir::Value& value) {
    const auto* text = std::get_if<std::string>(&value);
    const auto range = text != nullptr ? ir::parse_net_range(*text) : std::nullopt;
    if (!range || ir::plane_of(scope_.right) != ir::Plane::Net) return failed();
    return decided(in_range(scope_, *range));
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
