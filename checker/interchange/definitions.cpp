#include "checker/interchange/definitions.h"

namespace bulkhead::interchange {

std::optional<Definitions> Definitions::read(const Expressions& text, term::Store& store) {
  std::vector<NodeId> commands;
  for (const NodeId root : text.roots()) {
    const Expression& node = text.at(root);
    if (!node.list) continue;
    for (const NodeId item : node.items) {
      if (text.begins(item, "define-fun")) commands.push_back(item);
    }
    if (text.begins(root, "define-fun")) commands.push_back(root);
  }
  Definitions made(text, store);
  for (const NodeId command : commands) {
    if (!made.terms_.define(command)) return std::nullopt;
    made.bodies_[text.at(text.at(command).items[1]).text] = command;
  }
  return made;
}

std::optional<TermId> Definitions::plain(std::string_view relation, const std::vector<TermId>& arguments) {
  const auto body = of(relation, arguments);
  return body && body->divisions.empty() ? std::optional(body->formula) : std::nullopt;
}

std::optional<Definitions::Body> Definitions::of(std::string_view relation, const std::vector<TermId>& arguments) {
  const auto& items = text_.at(bodies_.at(relation)).items;
  const auto& parameters = text_.at(items[2]).items;
  if (parameters.size() != arguments.size()) return std::nullopt;
  Bindings bindings;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const auto& pair = text_.at(parameters[i]).items;
    const auto sort = terms_.sort(pair[1]);
    if (!sort || *sort != store_.sort(arguments[i])) return std::nullopt;
    bindings[text_.at(pair[0]).text] = arguments[i];
  }
  const auto body = terms_.term(items[4], bindings);
  std::vector<IntegerDivision> divisions = terms_.divisions();
  if (!body || store_.sort(*body) != term::kBool) return std::nullopt;
  return Body{*body, std::move(divisions)};
}

}  // namespace bulkhead::interchange
