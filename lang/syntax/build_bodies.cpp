#include <array>

#include "lang/base/check.h"
#include "lang/syntax/build.h"

namespace bulkhead::syntax {

ast::Amount amount(Build& build, const Cursor& at) {
  return {name(at.only(Rule::Name)), number(build, at.only(Rule::Number)), at.span()};
}

namespace {

using Form = ast::BodyForm;

std::vector<ast::Amount> amounts(Build& build, const Cursor& at) {
  std::vector<ast::Amount> found;
  for (const Cursor& child : at.only(Rule::Amounts).children(Rule::Amount)) found.push_back(amount(build, child));
  return found;
}

Form image_use(Build& build, const Cursor& at) {
  ast::ImageUse use{string(build, at.only(Rule::String)), std::nullopt};
  if (const auto key = at.child(Rule::Name)) use.key = name(*key);
  return use;
}

Form rootfs(Build&, const Cursor& at) {
  return ast::Rootfs{name(at.words()[1])};
}

Form mount_use(Build& build, const Cursor& at) {
  return ast::MountUse{name(at.only(Rule::Name)), string(build, at.only(Rule::String)), at.has("readonly")};
}

Form user(Build& build, const Cursor& at) {
  return ast::UserSetting{number(build, at.words()[1])};
}
Form group(Build& build, const Cursor& at) {
  return ast::GroupSetting{number(build, at.words()[1])};
}

Form namespaces(Build&, const Cursor& at) {
  ast::Namespaces result;
  for (const Cursor& child : at.children(Rule::NamespaceEntry)) {
    ast::NamespaceEntry entry{names(child), {}, std::nullopt, child.span()};
    entry.mode = name(child.words().back());
    if (entry.mode.text == "with") {
      entry.with = entry.kinds.back();
      entry.kinds.pop_back();
    }
    result.entries.push_back(std::move(entry));
  }
  return result;
}

ast::SyscallAction syscall_action(Build& build, const Cursor& at) {
  ast::SyscallAction action{name(at.only(Rule::Name)), std::nullopt, at.span()};
  const std::vector<Cursor> words = at.words();
  if (!words.empty()) action.value = number(build, words[0]);
  return action;
}

Form syscalls_use(Build& build, const Cursor& at) {
  const Cursor inner = at.children()[1];
  if (inner.rule() == Rule::SyscallsAllow) return ast::SyscallsAllow{names(inner), when(build, inner)};
  const auto action = inner.child(Rule::SyscallAction);
  if (inner.rule() == Rule::SyscallsDefault) return ast::SyscallsDefault{syscall_action(build, *action)};
  ast::SyscallsDeny deny{names(inner), std::nullopt, when(build, inner)};
  if (action) deny.action = syscall_action(build, *action);
  return deny;
}

Form limits(Build& build, const Cursor& at) {
  return ast::Limits{amounts(build, at)};
}
Form reserve(Build& build, const Cursor& at) {
  return ast::Reserve{amounts(build, at)};
}
Form capacity(Build& build, const Cursor& at) {
  return ast::Capacity{amounts(build, at)};
}
Form level(Build&, const Cursor& at) {
  return ast::LevelSetting{name(at.only(Rule::Name))};
}
Form environment(Build&, const Cursor& at) {
  return ast::Environment{names(at)};
}

Form degrade(Build&, const Cursor& at) {
  ast::Degrade result;
  for (const Cursor& child : at.children(Rule::DegradeEntry)) {
    const std::vector<ast::Name> pair = names(child);
    result.entries.push_back({pair[0], pair[1]});
  }
  return result;
}

Form capabilities(Build&, const Cursor& at) {
  return ast::Capabilities{names(at)};
}
Form clearance(Build&, const Cursor& at) {
  return ast::Clearance{name(at.only(Rule::Name))};
}

Form label_setting(Build&, const Cursor& at) {
  return ast::LabelSetting{name(at.only(Rule::Name))};
}

Form access(Build& build, const Cursor& at) {
  if (const auto hand = at.child(Rule::Delegation)) return delegation(build, *hand);
  if (const auto take = at.child(Rule::TakingBack)) return taking_back(build, *take);
  return rule(build, at);
}

Form attribute_setting(Build& build, const Cursor& at) {
  return ast::AttributeSetting{name(at.only(Rule::AttributeName)), value(build, at.only(Rule::Value))};
}

struct Row {
  Rule rule;
  Form (*make)(Build&, const Cursor&);
};
constexpr std::array kForms = {
    Row{Rule::ImageUse, image_use},
    Row{Rule::Rootfs, rootfs},
    Row{Rule::MountUse, mount_use},
    Row{Rule::User, user},
    Row{Rule::Group, group},
    Row{Rule::Namespaces, namespaces},
    Row{Rule::SyscallsUse, syscalls_use},
    Row{Rule::Limits, limits},
    Row{Rule::Reserve, reserve},
    Row{Rule::Capacity, capacity},
    Row{Rule::Level, level},
    Row{Rule::Environment, environment},
    Row{Rule::Degrade, degrade},
    Row{Rule::Capabilities, capabilities},
    Row{Rule::Clearance, clearance},
    Row{Rule::LabelSetting, label_setting},
    Row{Rule::Access, access},
    Row{Rule::AttributeSetting, attribute_setting},
};

}  // namespace

ast::BodySentence body_sentence(Build& build, const Cursor& at) {
  const Cursor inner = at.inside();
  for (const Row& row : kForms) {
    if (row.rule == inner.rule()) return {at.span(), doc_above(build, at.span()), row.make(build, inner)};
  }
  BH_CHECK(false, "every form of body sentence has a builder");
  return {};
}

ast::Body body(Build& build, const Cursor& at) {
  ast::Body result;
  result.span = at.span();
  for (const Cursor& child : at.children(Rule::BodySentence)) result.sentences.push_back(body_sentence(build, child));
  return result;
}

}  // namespace bulkhead::syntax
