#include "checker/query/system_key.h"
#include "lang/base/overloaded.h"

#include <string_view>
#include <variant>
#include <vector>

namespace bulkhead::query {
namespace {

/// Numbers, and names with their lengths; lists begin with their length: so no two systems make one text.
class Text {
 public:
  std::string out;

  void number(std::uint64_t value) { out += std::to_string(value) + " "; }
  void name(std::string_view text) { out += std::to_string(text.size()) + ":" + std::string(text) + " "; }
  template <typename Tag>
  void id(Id<Tag> value) {
    number(value.valid() ? value.index() + 1 : 0);
  }
  template <typename Tag>
  void ids(const std::vector<Id<Tag>>& values) {
    number(values.size());
    for (const Id<Tag> value : values) id(value);
  }
  void type(const system::Type& type) {
    number(static_cast<std::uint64_t>(type.kind));
    number(type.width);
    id(type.enumeration);
    id(type.sort);
  }
  template <typename T, typename Visit>
  void list(const std::vector<T>& values, const Visit& visit) {
    out += "\n";
    number(values.size());
    for (const T& value : values) visit(value);
  }
};

void add(Text& text, const system::Function& function) {
  text.name(function.name);
  text.number(static_cast<std::uint64_t>(function.change));
  text.number(function.from_policy ? 1 : 0);
  text.number(function.arguments.size());
  for (const system::Type& type : function.arguments) text.type(type);
  text.type(function.result);
  text.ids(function.parameters);
  text.id(function.initial);
}

void add(Text& text, const system::Term& term) {
  text.number(static_cast<std::uint64_t>(term.op));
  text.type(term.type);
  text.number(static_cast<std::uint64_t>(term.value));
  text.id(term.function);
  text.id(term.binder);
  text.ids(term.binders);
  text.ids(term.args);
}

void add(Text& text, const system::Action& action) {
  text.name(action.name);
  text.ids(action.parameters);
  text.id(action.guard);
  text.number(action.updates.size());
  for (const system::Update& update : action.updates) {
    text.id(update.function);
    text.ids(update.each);
    text.ids(update.at);
    text.id(update.value);
  }
}

void add(Text& text, const system::View& view) {
  text.id(view.observer);
  text.number(view.items.size());
  for (const system::View::Item& item : view.items) {
    text.ids(item.each);
    text.id(item.condition);
    text.id(item.value);
  }
}

void add(Text& text, const system::System& system) {
  text.name(system.name);
  text.list(system.sorts, [&](const auto& sort) { text.name(sort.name); });
  text.list(system.enums, [&](const auto& one) {
    text.name(one.name);
    text.number(one.members.size());
    for (const std::string& member : one.members) text.name(member);
  });
  text.list(system.functions, [&](const auto& one) { add(text, one); });
  text.list(system.binders, [&](const auto& one) {
    text.name(one.name);
    text.type(one.type);
  });
  text.list(system.terms, [&](const auto& one) { add(text, one); });
  text.list(system.actions, [&](const auto& one) { add(text, one); });
  text.list(system.properties, [&](const auto& one) {
    text.name(one.name);
    text.number(static_cast<std::uint64_t>(one.kind));
    text.id(one.formula);
  });
  text.list(system.views, [&](const auto& one) { add(text, one); });
  text.id(system.initially);
}

void add(Text& text, const system::Theorem& theorem) {
  text.number(theorem.statement.index());
  std::visit(Overloaded{
                 [&](const system::Always& one) { text.id(one.property); },
                 [&](const system::Never& one) { text.id(one.formula); },
                 [&](const system::LeadsTo& one) {
                   text.ids(one.each);
                   text.id(one.from);
                   text.id(one.to);
                   text.number(one.fair.size());
                   for (const system::Fair& fair : one.fair) {
                     text.id(fair.action);
                     text.number(fair.strong ? 1 : 0);
                   }
                   text.ids(one.rank);  // a hint: another one may be of more help
                 },
                 [&](const system::LeaksNothing& one) {
                   text.id(one.view);
                   text.id(one.observer);
                   text.id(one.source);
                   text.id(one.except);
                 },
             },
             theorem.statement);
  text.number(theorem.bounds.sizes.size());
  for (const auto& [sort, size] : theorem.bounds.sizes) {
    text.id(sort);
    text.number(size);
  }
  text.number(theorem.bounds.steps ? 1 + std::uint64_t{*theorem.bounds.steps} : 0);
}

}  // namespace

std::string key_of(const system::System& system, const system::Theorem& theorem) {
  Text text;
  add(text, system);
  add(text, theorem);
  return std::move(text.out);
}

}  // namespace bulkhead::query
