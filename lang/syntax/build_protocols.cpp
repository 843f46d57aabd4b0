#include "lang/base/check.h"
#include "lang/syntax/build.h"

namespace bulkhead::syntax {
namespace {

/// The word that is a number in a rule that has one.
ast::Number own_number(Build& build, const Cursor& at) {
  for (const Cursor& word : at.words()) {
    const char first = word.text()[0];
    if (first >= '0' && first <= '9') return number(build, word);
  }
  BH_CHECK(false, "the rule has a number");
  return {};
}

ast::MessageDecl message_decl(const Cursor& at) {
  ast::MessageDecl decl{name(at.only(Rule::Name)), {}};
  for (const Cursor& one : at.children(Rule::MessageField)) {
    const std::vector<ast::Name> words = names(one);
    ast::MessageDecl::Field field{words[0], one.has("fresh"), std::nullopt, one.span()};
    if (words.size() > 1) field.type = words[1];
    decl.fields.push_back(std::move(field));
  }
  return decl;
}

ast::Alternative alternative(Build& build, const Cursor& at) {
  using Act = ast::Alternative::Act;
  ast::Alternative made;
  made.span = at.span();
  made.act = at.has("send")     ? Act::Send
             : at.has("accept") ? Act::Accept
             : at.has("refuse") ? Act::Refuse
                                : Act::Timeout;
  const std::vector<ast::Name> words = names(at);
  if (made.act != Act::Timeout) made.message = words.front();
  made.next = words.back();
  if (const auto after = at.child(Rule::Number)) made.after = number(build, *after);
  if (const auto same = at.child(Rule::Same)) made.same = names(*same);
  if (const auto all = at.child(Rule::Requirements)) made.when = requirements(build, *all);
  return made;
}

ast::StepDecl step_decl(Build& build, const Cursor& at) {
  const std::vector<ast::Name> words = names(at);
  ast::StepDecl decl{words[0], words[1], {}};
  for (const Cursor& one : at.children(Rule::Alternative)) decl.alternatives.push_back(alternative(build, one));
  return decl;
}

ast::ProtocolForm protocol_form(Build& build, const Cursor& at) {
  if (at.rule() == Rule::MessageDecl) return message_decl(at);
  if (at.rule() == Rule::StepDecl) return step_decl(build, at);
  return ast::FlightLimit{own_number(build, at)};
}

ast::ChannelForm channel_form(Build& build, const Cursor& at) {
  std::vector<ast::Name> words = names(at);
  if (at.has("mediated")) return ast::Mediated{words[0]};
  if (at.has("carries")) return ast::Carries{std::move(words)};
  if (at.has("limit")) {
    ast::ChannelLimits limits;
    for (const Cursor& one : at.children(Rule::ChannelLimit)) {
      limits.limits.push_back({number(build, one.only(Rule::Number)), one.has("flight")});
    }
    return limits;
  }
  ast::Protect protect;
  bool with = false;
  for (const Cursor& child : at.children()) {
    if (child.rule() == Rule::Name && !child.leaf()) (with ? protect.with : protect.what).push_back(name(child));
    with = with || (child.leaf() && child.text() == "with");
  }
  return protect;
}

}  // namespace

ast::ProtocolSentence protocol_sentence(Build& build, const Cursor& at) {
  return {at.span(), doc_above(build, at.span()), protocol_form(build, at.inside())};
}

ast::ProtocolDecl protocol_decl(Build& build, const Cursor& at) {
  const std::vector<ast::Name> words = names(at);
  ast::ProtocolDecl decl{words[0], words[1], words[2], std::nullopt, std::nullopt, {}};
  if (at.has("over")) decl.channel = words[3];
  if (at.has("session")) decl.session = words.back();
  for (const Cursor& one : at.children(Rule::ProtocolSentence)) {
    decl.sentences.push_back(protocol_sentence(build, one));
  }
  return decl;
}

ast::ChannelEntry channel_entry(Build& build, const Cursor& at) {
  return {at.span(), channel_form(build, at)};
}

ast::ChannelDecl channel_decl(Build& build, const Cursor& at) {
  const std::vector<ast::Name> words = names(at);
  ast::ChannelDecl decl{words[0], words[1], words[2], at.has("<->"), {}};
  for (const Cursor& one : at.children(Rule::ChannelEntry)) decl.entries.push_back(channel_entry(build, one));
  return decl;
}

ast::LifecycleDecl lifecycle_decl(Build& build, const Cursor& at) {
  ast::LifecycleDecl decl{name(at.only(Rule::Name)), {}};
  for (const Cursor& one : at.children(Rule::LifecycleEntry)) {
    const std::vector<ast::Name> words = names(one);
    ast::LifecycleDecl::Entry entry{words[0], std::nullopt, words[1], one.span()};
    if (const auto after = one.child(Rule::Number)) entry.after = number(build, *after);
    decl.entries.push_back(std::move(entry));
  }
  return decl;
}

}  // namespace bulkhead::syntax
