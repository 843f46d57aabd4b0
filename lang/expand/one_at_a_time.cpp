#include "lang/expand/one_at_a_time.h"

#include <algorithm>
#include <vector>

namespace bulkhead::expand {
namespace {

class Look {
 public:
  Look(const ast::Module& tree, const std::string& sort) : tree_(tree), sort_(sort) {}

  bool at(const ast::ModelForm& form) const {
    if (const auto* function = std::get_if<ast::FunctionDecl>(&form)) return at(*function);
    if (const auto* action = std::get_if<ast::ActionDecl>(&form)) return at(*action);
    if (const auto* define = std::get_if<ast::DefineDecl>(&form)) return is_plain(define->body);
    if (const auto* initially = std::get_if<ast::InitiallyDecl>(&form)) return is_plain(initially->formula);
    if (const auto* property = std::get_if<ast::PropertyDecl>(&form)) {
      return property->keyword != ast::PropertyDecl::Keyword::Assume || is_plain(property->formula);
    }
    return !std::holds_alternative<ast::RecordDecl>(form);  // whose fields would have to be looked into
  }

 private:
  bool is_sort(const ast::Name& type) const { return type.text == sort_; }

  std::size_t count(const std::vector<ast::Binding>& bindings) const {
    std::size_t names = 0;
    for (const ast::Binding& binding : bindings) names += is_sort(binding.type) ? binding.names.size() : 0;
    return names;
  }

  /// Neither a quantifier over the sort nor `*`, at any depth.
  bool is_plain(ast::ExprId root) const {
    for (std::vector<ast::ExprId> open{root}; !open.empty();) {
      const ast::Expr& expr = tree_.at(open.back());
      open.pop_back();
      const auto* bindings = std::get_if<ast::Bindings>(&expr.value);
      if (expr.kind == ast::ExprKind::Star || (bindings != nullptr && count(*bindings) > 0)) return false;
      open.insert(open.end(), expr.args.begin(), expr.args.end());
    }
    return true;
  }

  bool at(const ast::FunctionDecl& decl) const {
    if (decl.result && is_sort(decl.result->name)) return false;
    const auto of_sort = std::count_if(decl.arguments.begin(), decl.arguments.end(),
                                       [&](const ast::Argument& argument) { return is_sort(argument.type); });
    if (decl.initial && !is_plain(*decl.initial)) return false;
    return decl.keyword == ast::FunctionDecl::Keyword::Var ? of_sort == 1 : of_sort <= 1;
  }

  bool at(const ast::ActionDecl& action) const {
    if (count(action.parameters) != 1 || (action.when && !is_plain(*action.when))) return false;
    return std::all_of(action.updates.begin(), action.updates.end(), [&](const ast::Update& update) {
      return count(update.each) == 0 && is_plain(update.target) && is_plain(update.value);
    });
  }

  const ast::Module& tree_;
  const std::string& sort_;
};

}  // namespace

bool looks_at_one(const ast::Module& tree, const ast::ModelDecl& model, const std::string& sort) {
  const Look look(tree, sort);
  return std::all_of(model.sentences.begin(), model.sentences.end(),
                     [&](const ast::ModelSentence& sentence) { return look.at(sentence.form); });
}

}  // namespace bulkhead::expand
