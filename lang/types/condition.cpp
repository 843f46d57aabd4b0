#include "lang/types/condition.h"

#include <algorithm>
#include <set>

#include "lang/types/comparison.h"

namespace bulkhead::types {
namespace {

using ast::ExprKind;
using Known = std::set<ir::AttributeId>;  // optional attributes that are known to have a value

/// What one node of the tree has become, and what is known if it is true, or false.
struct Node {
  Operand operand;
  Known if_true;
  Known if_false;
};

Known both(const Known& a, const Known& b) {
  Known known;
  std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::inserter(known, known.end()));
  return known;
}

/// One condition while it is lowered. The arena has children before parents, so a walk over ids is a walk over the
/// tree.
class Condition {
 public:
  Condition(Lowering& lowering, const ast::Module& tree, const Scope& scope)
      : lowering_(lowering), tree_(tree), scope_(scope) {}

  std::optional<ir::ExprId> lower(ast::ExprId root) {
    collect(root);
    if (speaks_of_models()) return std::nullopt;
    for (const ast::ExprId id : order_) nodes_[id] = lower_node(id);
    const Operand result = as_truth(nodes_[root].operand);
    if (result.shape == Shape::Failed) return std::nullopt;
    return check_guards(root) ? std::optional(result.expr) : std::nullopt;
  }

 private:
  void collect(ast::ExprId root) {
    for (std::vector<ast::ExprId> open{root}; !open.empty();) {
      const ast::ExprId id = open.back();
      open.pop_back();
      order_.push_back(id);
      const ast::Expr& expr = tree_.at(id);
      // The operands of `has` and `holds` are names, not values.
      if (expr.kind == ExprKind::Has || expr.kind == ExprKind::Holds) continue;
      open.insert(open.end(), expr.args.begin(), expr.args.end());
    }
    std::sort(order_.begin(), order_.end());
  }

  /// Reports the outermost part that only formulas of models may have.
  bool speaks_of_models() {
    for (auto id = order_.rbegin(); id != order_.rend(); ++id) {
      const ast::Expr& expr = tree_.at(*id);
      const bool on_object = expr.kind == ExprKind::Holds && expr.args.size() > 2;
      if (expr.kind < ExprKind::Equivalent && !on_object) continue;
      lowering_.error(Code::Misplaced, expr.op.file.valid() ? expr.op : expr.span,
                      "this has a meaning in models, not in the condition of a rule",
                      "conditions compare attributes: `c.trust >= Trust.High && n.port in 1..1024`");
      return true;
    }
    return false;
  }

  Operand as_truth(const Operand& operand) {
    if (operand.shape == Shape::Failed || operand.shape == Shape::Bool) return operand;
    lowering_.error(Code::TypeMismatch, operand.source->span,
                    "a condition is true or false, and this is " + describe(lowering_, operand));
    return {};
  }

  Node lower_node(ast::ExprId id) {
    const ast::Expr& expr = tree_.at(id);
    Node node;
    if (expr.kind == ExprKind::Has) return lower_has(expr);
    if (expr.kind == ExprKind::Holds) {
      node.operand = lower_holds(expr);
      return node;
    }
    std::vector<Operand> operands;
    for (const ast::ExprId arg : expr.args) operands.push_back(nodes_.at(arg).operand);
    switch (expr.kind) {
      case ExprKind::Boolean:
      case ExprKind::Number:
      case ExprKind::String:
      case ExprKind::Network:
      case ExprKind::Path:
        node.operand = lower_leaf(lowering_, expr, scope_);
        return node;
      case ExprKind::Not:
      case ExprKind::And:
      case ExprKind::Or:
      case ExprKind::Implies:
        return connect(expr, operands);
      case ExprKind::Equal:
      case ExprKind::NotEqual:
      case ExprKind::Less:
      case ExprKind::LessEqual:
      case ExprKind::Greater:
      case ExprKind::GreaterEqual:
        node.operand = lower_comparison(lowering_, expr, std::move(operands), scope_);
        return node;
      case ExprKind::BitAnd:
        node.operand = lower_bit_and(lowering_, expr, operands, scope_);
        return node;
      case ExprKind::Like:
        node.operand = lower_like(lowering_, expr, operands);
        return node;
      case ExprKind::InRange:
        node.operand = lower_in_range(lowering_, expr, operands, scope_);
        return node;
      case ExprKind::InSet:
        node.operand = lower_in_set(lowering_, expr, operands, scope_);
        return node;
      case ExprKind::Equivalent:
      case ExprKind::Add:
      case ExprKind::Subtract:
      case ExprKind::Multiply:
      case ExprKind::IfThenElse:
      case ExprKind::ForAll:
      case ExprKind::Exists:
      case ExprKind::Apply:
      case ExprKind::Set:
      case ExprKind::Star:
      case ExprKind::Union:
      case ExprKind::Intersect:
      case ExprKind::Has:
      case ExprKind::Holds:
        break;
    }
    return node;
  }

  Node connect(const ast::Expr& expr, const std::vector<Operand>& operands) {
    Node node;
    std::vector<ir::ExprId> args;
    bool failed = false;
    for (const Operand& operand : operands) {
      const Operand truth = as_truth(operand);
      failed = failed || truth.shape == Shape::Failed;
      args.push_back(truth.expr);
    }
    const Node& first = nodes_.at(expr.args.front());
    node.if_true = first.if_true;
    node.if_false = first.if_false;
    ir::Op op = ir::Op::Not;
    if (expr.kind == ExprKind::Not) {
      std::swap(node.if_true, node.if_false);
    } else if (expr.kind == ExprKind::Implies) {
      op = ir::Op::Implies;
      const Node& then = nodes_.at(expr.args[1]);
      node.if_true = both(first.if_false, then.if_true);
      node.if_false = first.if_true;
      node.if_false.insert(then.if_false.begin(), then.if_false.end());
    } else {
      const bool conjunction = expr.kind == ExprKind::And;
      op = conjunction ? ir::Op::And : ir::Op::Or;
      for (std::size_t i = 1; i < expr.args.size(); ++i) {
        const Node& next = nodes_.at(expr.args[i]);
        Known& grows = conjunction ? node.if_true : node.if_false;
        Known& shrinks = conjunction ? node.if_false : node.if_true;
        const Known& more = conjunction ? next.if_true : next.if_false;
        grows.insert(more.begin(), more.end());
        shrinks = both(shrinks, conjunction ? next.if_false : next.if_true);
      }
    }
    if (!failed) node.operand = {Shape::Bool, {}, emit_bool(lowering_, op, std::move(args)), &expr, {}};
    return node;
  }

  /// The one name that an operand of `has` or `holds` is.
  const ast::Name* name_of(ast::ExprId id) {
    const ast::Expr& expr = tree_.at(id);
    const auto* path = std::get_if<ast::Path>(&expr.value);
    if (path != nullptr && path->simple()) return &path->parts.front();
    lowering_.error(Code::TypeMismatch, expr.span, "one name is needed here");
    return nullptr;
  }

  Node lower_has(const ast::Expr& expr) {
    Node node;
    const ast::Name* variable = name_of(expr.args[0]);
    const ast::Name* name = name_of(expr.args[1]);
    if (variable == nullptr || name == nullptr) return node;
    const auto ref = find_attribute(lowering_, *variable, *name, scope_);
    if (!ref) return node;
    ir::Expr has;
    has.op = ir::Op::Has;
    has.source = ref->source;
    has.attribute = ref->attribute;
    node.operand = {Shape::Bool, {}, emit(lowering_, std::move(has)), &expr, {}};
    node.if_true = {ref->attribute};
    return node;
  }

  Operand lower_holds(const ast::Expr& expr) {
    const ast::Name* variable = name_of(expr.args[0]);
    const ast::Name* name = name_of(expr.args[1]);
    if (variable == nullptr || name == nullptr) return {};
    if (variable->text != scope_.subject) {
      lowering_.unknown_word(Code::UnknownName, *variable, "variable of a container named", {scope_.subject});
      return {};
    }
    if (scope_.plane == ir::Plane::KernelCapability) {
      lowering_.error(Code::TypeMismatch, expr.span,
                      "whether a capability is held cannot depend on which ones are held");
      return {};
    }
    if (!lowering_.find(Space::KernelCapabilities, *name, scope_.module)) return {};
    const auto& table = lowering_.world.capability_names;
    const auto found = std::find(table.begin(), table.end(), name->text);
    if (found == table.end()) return {};
    ir::Expr holds;
    holds.op = ir::Op::HoldsCapability;
    holds.value = static_cast<std::int64_t>(found - table.begin());
    return {Shape::Bool, {}, emit(lowering_, std::move(holds)), &expr, {}};
  }

  /// From the root down: what is known where each node is evaluated, left to right.
  bool check_guards(ast::ExprId root) {
    bool guarded = true;
    std::map<ast::ExprId, Known> known;
    known[root] = {};
    for (auto at = order_.rbegin(); at != order_.rend(); ++at) {
      Known here = std::move(known[*at]);
      const ast::Expr& expr = tree_.at(*at);
      const Operand& operand = nodes_.at(*at).operand;
      if (operand.reads.valid() && lowering_.world.at(operand.reads).optional && here.count(operand.reads) == 0) {
        report_unguarded(expr, lowering_.world.at(operand.reads));
        guarded = false;
      }
      if (expr.kind == ExprKind::Has || expr.kind == ExprKind::Holds) continue;
      for (const ast::ExprId arg : expr.args) {
        known[arg] = here;
        const bool left_is_true = expr.kind == ExprKind::And || expr.kind == ExprKind::Implies;
        if (!left_is_true && expr.kind != ExprKind::Or) continue;
        const Node& node = nodes_.at(arg);
        const Known& more = left_is_true ? node.if_true : node.if_false;
        here.insert(more.begin(), more.end());
      }
    }
    return guarded;
  }

  void report_unguarded(const ast::Expr& expr, const ir::Attribute& attribute) {
    const bool context = attribute.source == ir::Source::Context;
    const std::string variable = context ? "context" : scope_.subject;
    const std::string guard = variable + " has " + attribute.name;
    lowering_.error(Code::MissingHas, expr.span,
                    "`" + attribute.name + "` is optional: " +
                        (context ? "a request may come without it" : "some container does not set it"),
                    "write `" + guard + " && ...`, or `" + guard + " -> ...`");
  }

  Lowering& lowering_;
  const ast::Module& tree_;
  const Scope& scope_;
  std::vector<ast::ExprId> order_;
  std::map<ast::ExprId, Node> nodes_;
};

}  // namespace

std::optional<ir::ExprId> lower_condition(Lowering& lowering, ast::ExprId condition, const Scope& scope) {
  const std::pair key{scope.module, static_cast<std::uint32_t>(condition.index())};
  const auto found = lowering.conditions.find(key);
  if (found != lowering.conditions.end()) return found->second;
  const auto lowered = Condition(lowering, lowering.modules.at(scope.module).tree, scope).lower(condition);
  lowering.conditions.emplace(key, lowered);
  return lowered;
}

}  // namespace bulkhead::types
