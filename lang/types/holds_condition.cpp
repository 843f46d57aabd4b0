#include "lang/types/holds_condition.h"

#include <algorithm>
#include <map>
#include <set>

#include "lang/types/patterns.h"
#include "lang/types/rules.h"

namespace bulkhead::types {
namespace {

using ast::ExprKind;
using Literal = ir::HoldsCondition::Literal;
using Alternative = ir::HoldsCondition::Alternative;
using Alternatives = std::set<Alternative>;

/// Conditions are kept as alternatives, which `&&` multiplies.
constexpr std::size_t kMostAlternatives = 64;

/// When an expression is true, and when it is false.
struct Cases {
  Alternatives yes;
  Alternatives no;
};

Alternatives product(const Alternatives& a, const Alternatives& b) {
  Alternatives made;
  for (const Alternative& one : a) {
    for (const Alternative& other : b) {
      Alternative both = one;
      both.insert(both.end(), other.begin(), other.end());
      std::sort(both.begin(), both.end());
      both.erase(std::unique(both.begin(), both.end()), both.end());
      made.insert(std::move(both));
      if (made.size() > kMostAlternatives) return made;
    }
  }
  return made;
}

Alternatives sum(Alternatives a, const Alternatives& b) {
  a.insert(b.begin(), b.end());
  return a;
}

bool same(const ir::ObjectPatterns& a, const ir::ObjectPatterns& b) {
  return a.everything == b.everything && a.files == b.files && a.nets == b.nets;
}

class HoldsLowering {
 public:
  HoldsLowering(Lowering& lowering, ModuleId module, const std::vector<Meant>& names)
      : lowering_(lowering), tree_(lowering.modules.modules[module.index()].tree), module_(module), names_(names) {}

  std::optional<ir::HoldsCondition> run(ast::ExprId root) {
    std::vector<ast::ExprId> order;  // children before parents: the arena has them so
    for (std::vector<ast::ExprId> open{root}; !open.empty();) {
      const ast::ExprId id = open.back();
      open.pop_back();
      order.push_back(id);
      const ast::Expr& expr = tree_.at(id);
      if (expr.kind != ExprKind::Holds) open.insert(open.end(), expr.args.begin(), expr.args.end());
    }
    std::sort(order.begin(), order.end());
    order.erase(std::unique(order.begin(), order.end()), order.end());
    for (const ast::ExprId id : order) {
      auto cases = lower(tree_.at(id));
      if (!cases) return std::nullopt;
      if (cases->yes.size() > kMostAlternatives || cases->no.size() > kMostAlternatives) {
        bad(tree_.at(id).span, "this condition has more than " + std::to_string(kMostAlternatives) + " alternatives",
            "write several sentences instead");
        return std::nullopt;
      }
      done_[id] = std::move(*cases);
    }
    const Alternatives& all = done_.at(root).yes;
    return ir::HoldsCondition{{all.begin(), all.end()}};
  }

 private:
  void bad(const source::Span& span, std::string message, std::string help) {
    lowering_.error(Code::BadHoldsCondition, span, std::move(message), std::move(help));
  }

  std::optional<Cases> lower(const ast::Expr& expr) {
    const auto arg = [&](std::size_t i) -> const Cases& { return done_.at(expr.args.at(i)); };
    if (expr.kind == ExprKind::Holds) return possession(expr);
    if (expr.kind == ExprKind::Not) return Cases{arg(0).no, arg(0).yes};
    if (expr.kind == ExprKind::Implies) return Cases{sum(arg(0).no, arg(1).yes), product(arg(0).yes, arg(1).no)};
    if (expr.kind != ExprKind::And && expr.kind != ExprKind::Or) {
      bad(expr.span, "a condition on handing over asks who holds what, and nothing else",
          "join `B holds write on Ledger` by `&&`, `||`, `->` and `!`");
      return std::nullopt;
    }
    Cases all = arg(0);
    for (std::size_t i = 1; i < expr.args.size(); ++i) {
      all = expr.kind == ExprKind::And ? Cases{product(all.yes, arg(i).yes), sum(std::move(all.no), arg(i).no)}
                                       : Cases{sum(std::move(all.yes), arg(i).yes), product(all.no, arg(i).no)};
    }
    return all;
  }

  const ast::Path* path_of(ast::ExprId id) {
    const ast::Expr& expr = tree_.at(id);
    const auto* path = std::get_if<ast::Path>(&expr.value);
    if (expr.kind == ExprKind::Path && path != nullptr && path->simple()) return path;
    bad(expr.span, "one name is needed here", "write `B holds write on Ledger`");
    return nullptr;
  }

  std::optional<ir::SubjectId> holder(const ast::Path& path) {
    const ast::Name& name = path.parts.front();
    std::optional<ir::SubjectId> meant;
    for (const Meant& one : names_) {
      if (one.name != name.text) continue;
      if (meant && *meant != one.subject) {
        bad(name.span,
            "`" + name.text + "` stands on both sides of the sentence: this does not say whom of it is meant",
            "name the members in sentences of their own");
        return std::nullopt;
      }
      meant = one.subject;
    }
    if (meant) return meant;
    const auto subjects = subjects_named(lowering_, {std::nullopt, path, path.span}, module_);
    if (subjects.empty()) return std::nullopt;
    if (subjects.size() == 1) return subjects.front();
    bad(name.span, "`" + name.text + "` is several subjects", "name one of them, or who gives or is given");
    return std::nullopt;
  }

  std::optional<Cases> possession(const ast::Expr& expr) {
    if (expr.args.size() != 3) {
      bad(expr.span, "this does not say on what", "write `B holds write on Ledger`");
      return std::nullopt;
    }
    const ast::Path* who = path_of(expr.args[0]);
    const ast::Path* what = path_of(expr.args[1]);
    const ast::Path* on = path_of(expr.args[2]);
    if (who == nullptr || what == nullptr || on == nullptr) return std::nullopt;
    const auto subject = holder(*who);
    const auto rights = lower_rights(lowering_, what->parts);
    if (!subject || !rights) return std::nullopt;
    if (rights->plane != ir::Plane::File && rights->plane != ir::Plane::Net) {
      bad(what->span, "`" + what->text() + "` is no right that can be handed over",
          "rights on files, devices and addresses can");
      return std::nullopt;
    }
    ast::Objects named;
    named.items.emplace_back(*on);
    named.span = on->span;
    const auto objects = lower_objects(lowering_, named, rights->plane, module_);
    if (!objects) return std::nullopt;
    const auto& files = objects->patterns.files;
    if (std::any_of(files.begin(), files.end(), [](const auto& one) { return one.volume == ir::kOwnRoot; })) {
      bad(on->span, "files of a private root mean something else to everybody who names them",
          "keep what is shared in a volume: `volume V;`");
      return std::nullopt;
    }
    const ir::PossessionId id = add({*subject, right_of(rights->rights), objects->patterns, on->text()});
    return Cases{{{{id, false}}}, {{{id, true}}}};
  }

  static ir::Right right_of(ir::Rights rights) {
    return *std::find_if(std::begin(ir::kAllRights), std::end(ir::kAllRights),
                         [&](ir::Right one) { return rights.has(one); });
  }

  ir::PossessionId add(ir::Possession made) {
    auto& all = lowering_.world.possessions;
    const auto found = std::find_if(all.begin(), all.end(), [&](const ir::Possession& one) {
      return one.holder == made.holder && one.right == made.right && same(one.objects, made.objects);
    });
    const ir::PossessionId id(static_cast<std::size_t>(found - all.begin()));
    if (found == all.end()) all.push_back(std::move(made));
    return id;
  }

  Lowering& lowering_;
  const ast::Module& tree_;
  ModuleId module_;
  const std::vector<Meant>& names_;
  std::map<ast::ExprId, Cases> done_;
};

}  // namespace

std::optional<ir::HoldsCondition> lower_holds_condition(Lowering& lowering, const std::optional<ast::ExprId>& written,
                                                        ModuleId module, const std::vector<Meant>& names) {
  if (!written) return ir::HoldsCondition{};
  return HoldsLowering(lowering, module, names).run(*written);
}

}  // namespace bulkhead::types
