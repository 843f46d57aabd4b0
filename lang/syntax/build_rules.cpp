#include "lang/syntax/build.h"

namespace bulkhead::syntax {

ast::FilePattern file_pattern(Build& build, const Cursor& at) {
  ast::FilePattern pattern;
  pattern.span = at.span();
  if (const auto volume = at.child(Rule::Name)) pattern.volume = name(*volume);
  pattern.glob = string(build, at.only(Rule::String));
  return pattern;
}

ast::NetPattern net_pattern(Build& build, const Cursor& at) {
  ast::NetPattern pattern;
  pattern.span = at.span();
  pattern.any = at.has("any");
  for (const Cursor& address : at.children(Rule::Address))
    pattern.addresses.push_back({as_written(address), address.span()});
  if (const auto ports = at.child(Rule::Ports)) {
    for (const Cursor& range : ports->children(Rule::PortRange)) {
      const std::vector<Cursor> words = range.words();
      pattern.ports.push_back({number(build, words.front()), number(build, words.back())});
    }
  }
  if (const auto proto = at.child(Rule::Proto)) pattern.proto = name(*proto);
  return pattern;
}

namespace {

ast::ObjectItem object_item(Build& build, const Cursor& at) {
  const Cursor inner = at.inside();
  if (inner.rule() == Rule::FilePattern) return file_pattern(build, inner);
  if (inner.rule() == Rule::Path) return path(inner);
  return net_pattern(build, inner);
}

ast::Binder binder(Build& build, const Cursor& at) {
  const std::vector<ast::Name> words = names(at);
  ast::Binder result{words[0], words[1], std::nullopt, at.span()};
  if (const auto within = at.child(Rule::Objects)) result.within = objects(build, *within);
  return result;
}

}  // namespace

std::vector<ast::Name> rights_of(const Cursor& parent) {
  std::vector<ast::Name> found;
  const auto handed = parent.child(Rule::HandedRights);
  const Cursor list = handed ? *handed : parent.only(Rule::Rights);
  for (const Cursor& right : list.children(handed ? Rule::HandedRight : Rule::Right)) found.push_back(name(right));
  return found;
}

ast::Objects objects(Build& build, const Cursor& at) {
  ast::Objects result;
  result.span = at.span();
  for (const Cursor& child : at.children()) {  // items of `file` and of rules, and of `net`
    if (!child.leaf()) result.items.push_back(object_item(build, child));
  }
  return result;
}

ast::SubjectRef subject(const Cursor& at) {
  ast::SubjectRef result;
  result.span = at.span();
  if (const auto whole = at.child(Rule::Path)) {
    result.name = path(*whole);
    return result;
  }
  const ast::Name only = name(at.only(Rule::Name));
  result.kind = name(at.inside());
  result.name = {{only}, only.span};
  return result;
}

ast::Rule rule(Build& build, const Cursor& at) {
  ast::Rule result;
  result.effect = at.has("may") ? ast::Effect::Allow : ast::Effect::Deny;
  result.keyword = at.inside().span();
  result.rights = rights_of(at);
  result.objects = objects(build, at.only(Rule::Objects));
  result.when = when(build, at);
  return result;
}

ast::AccessRule access_rule(Build& build, const Cursor& at) {
  ast::AccessRule result;
  result.effect = at.has("permit") ? ast::Effect::Allow : ast::Effect::Deny;
  result.keyword = at.inside().span();
  const Cursor who = at.only(Rule::AccessSubject).inside();
  if (who.rule() == Rule::Binder) {
    result.subject = binder(build, who);
  } else {
    result.subject = subject(who);
  }
  result.rights = rights_of(at);
  const Cursor what = at.only(Rule::AccessObject).inside();
  if (what.rule() == Rule::Binder) {
    result.object = binder(build, what);
  } else {
    result.object = objects(build, what);
  }
  result.when = when(build, at);
  return result;
}

}  // namespace bulkhead::syntax
