#include "checker/safety/fixedpoint.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

namespace bulkhead::safety {

using interchange::Expression;
using interchange::Expressions;
using interchange::NodeId;
using interchange::TextError;

namespace {

class Rewriting {
 public:
  Rewriting(const Expressions& text, std::string_view bytes) : text_(text), bytes_(bytes) {}

  Result<std::string, TextError> make() {
    const auto& roots = text_.roots();
    const bool named =
        std::any_of(roots.begin(), roots.end(), [&](NodeId id) { return text_.begins(id, "set-logic"); });
    if (!named) made_ = "(set-logic HORN) ";
    const std::vector<interchange::Place> places = text_.places(roots);
    std::uint32_t line = 1;
    for (std::size_t i = 0; i < places.size(); ++i) {
      for (; line < places[i].line; ++line) made_ += '\n';
      if (!command(roots[i])) return fail(TextError{places[i], "this is no command of Horn clauses"});
    }
    return std::move(made_);
  }

 private:
  bool command(NodeId id) {
    const Expression& node = text_.at(id);
    if (!node.list || node.items.empty()) return false;
    const auto is = [&](std::string_view word, std::size_t least) {
      return text_.begins(id, word) && node.items.size() >= least;
    };
    if (is("declare-rel", 3)) {
      made_ += "(declare-fun ";
      print(node.items[1]);
      made_ += ' ';
      print(node.items[2]);
      made_ += " Bool)";
    } else if (is("declare-var", 3)) {
      if (text_.at(node.items[1]).list) return false;
      variables_[text_.at(node.items[1]).text] = {node.items[1], node.items[2]};
    } else if (is("rule", 2)) {
      assertion(node.items[1], "", "");
    } else if (is("query", 2)) {
      assertion(node.items[1], "(=> ", " false)");
    } else {
      print(id);
    }
    return true;
  }

  /// For all values of the declared variables that it names.
  void assertion(NodeId formula, std::string_view before, std::string_view after) {
    std::set<std::string_view> named;
    for (std::vector<NodeId> open{formula}; !open.empty();) {
      const Expression& node = text_.at(open.back());
      open.pop_back();
      if (!node.list && variables_.contains(node.text)) named.insert(node.text);
      open.insert(open.end(), node.items.begin(), node.items.end());
    }
    made_ += "(assert ";
    if (!named.empty()) made_ += "(forall (";
    for (const std::string_view name : named) {
      const auto& [variable, sort] = variables_.at(name);
      made_ += '(';
      print(variable);
      made_ += ' ';
      print(sort);
      made_ += ')';
    }
    if (!named.empty()) made_ += ") ";
    made_ += before;
    print(formula);
    made_ += after;
    made_ += named.empty() ? ")" : "))";
  }

  /// As it stands, on one line.
  void print(NodeId root) {
    struct Open {
      NodeId id;
      std::size_t next = 0;
    };
    std::vector<Open> open{{root}};
    while (!open.empty()) {
      Open& top = open.back();
      const Expression& node = text_.at(top.id);
      if (!node.list || top.next == node.items.size()) {
        made_ += node.list ? (node.items.empty() ? "()" : ")") : atom(node);
        open.pop_back();
        continue;
      }
      made_ += top.next == 0 ? "(" : " ";
      const NodeId item = node.items[top.next++];
      open.push_back({item});
    }
  }

  std::string atom(const Expression& node) const {
    const char first = bytes_[node.begin];
    std::string text(node.text);
    if (first != '|' && first != '"') return text;
    std::replace(text.begin(), text.end(), '\n', ' ');
    const std::size_t skipped = first == '"' ? 1 : 0;  // a string keeps its first quote in its text
    return std::string(1 - skipped, first) + text + first;
  }

  const Expressions& text_;
  std::string_view bytes_;
  std::map<std::string_view, std::pair<NodeId, NodeId>> variables_;  // name -> as it stands, sort
  std::string made_;
};

}  // namespace

Result<std::string, TextError> as_assertions(std::string text) {
  const auto expressions = Expressions::read(text);
  if (!expressions) return fail(expressions.error());
  const auto& roots = expressions->roots();
  const bool rewritten = std::any_of(roots.begin(), roots.end(), [&](NodeId id) {
    return expressions->begins(id, "declare-rel") || expressions->begins(id, "rule");
  });
  if (!rewritten) return text;
  return Rewriting(*expressions, text).make();
}

}  // namespace bulkhead::safety
