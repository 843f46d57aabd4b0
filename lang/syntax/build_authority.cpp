#include "lang/base/check.h"
#include "lang/syntax/build.h"

namespace bulkhead::syntax {
namespace {

using Form = ast::SentenceForm;

ast::SubjectRef owner(const Cursor& at) {
  ast::SubjectRef who;
  who.name.parts.push_back(name(at.inside()));
  for (const ast::Name& part : names(at)) who.name.parts.push_back(part);
  who.span = {at.span().file, at.span().begin, who.name.parts.back().span.end};
  who.name.span = who.span;
  return who;
}

Form capability_decl(Build& build, const Cursor& at) {
  return ast::CapabilityDecl{name(at.only(Rule::Name)), objects(build, at.only(Rule::Objects)), rights_of(at)};
}

Form subject_decl(const Cursor& at) {
  const bool device = at.inside().text() == "device";
  ast::SubjectDecl decl{device ? ast::SubjectDecl::Of::Device : ast::SubjectDecl::Of::Subject, names(at), std::nullopt};
  if (!at.has("label")) return decl;
  decl.label = decl.names.back();
  decl.names.pop_back();
  return decl;
}

Form trusted_decl(const Cursor& at) {
  const std::vector<ast::Name> all = names(at);
  ast::TrustedDecl decl{all[0], std::nullopt};
  if (all.size() > 1) decl.follows = all[1];
  return decl;
}

Form open_decl(const Cursor& at) {
  const std::vector<ast::Name> all = names(at);
  return ast::OpenContainerDecl{all[0], all[1]};
}

Form flow_decl(const Cursor& at) {
  std::vector<ast::Name> all = names(at);
  ast::FlowDecl decl;
  decl.to = all.back();
  all.pop_back();
  decl.from = all.back();
  all.pop_back();
  decl.what = std::move(all);
  decl.both_ways = at.has("<->");
  return decl;
}

Form pack_use(const Cursor& at) {
  ast::PackUse use{path(at.only(Rule::Path)), std::nullopt};
  if (const auto pod = at.child(Rule::Name)) use.pod = name(*pod);
  return use;
}

Form holding(const Cursor& at, ast::SubjectRef who) {
  ast::Holding holds{std::move(who), name(at.only(Rule::Name)), {}};
  if (at.child(Rule::HandedRights)) holds.rights = rights_of(at);
  return holds;
}

}  // namespace

ast::Delegation delegation(Build& build, const Cursor& at) {
  const std::vector<ast::Name> ends = names(at);
  return {rights_of(at), objects(build, at.only(Rule::Objects)), ends[0], ends[1], when(build, at)};
}

ast::TakingBack taking_back(Build& build, const Cursor& at) {
  return {rights_of(at), objects(build, at.only(Rule::Objects)), name(at.only(Rule::Name)), when(build, at)};
}

ast::SentenceForm authority_sentence(Build& build, const Cursor& at) {
  if (at.rule() == Rule::CapabilityDecl) return capability_decl(build, at);
  if (at.rule() == Rule::SubjectDecl) return subject_decl(at);
  if (at.rule() == Rule::TrustedDecl) return trusted_decl(at);
  if (at.rule() == Rule::OpenDecl) return open_decl(at);
  if (at.rule() == Rule::FlowDecl) return flow_decl(at);
  BH_CHECK(at.rule() == Rule::PackUse, "every form of sentence about authority has a builder");
  return pack_use(at);
}

ast::SentenceForm subject_sentence(Build& build, const Cursor& at) {
  ast::SubjectRef who = owner(at);
  if (const auto holds = at.child(Rule::Holding)) return holding(*holds, std::move(who));
  if (const auto down = at.child(Rule::Declassification)) {
    const std::vector<ast::Name> words = names(*down);
    return ast::Declassification{std::move(who), words[0], words[1], words[2]};
  }
  const Cursor access = at.only(Rule::Access);
  if (const auto hand = access.child(Rule::Delegation)) return ast::SubjectDelegation{who, delegation(build, *hand)};
  if (const auto take = access.child(Rule::TakingBack)) return ast::SubjectTakingBack{who, taking_back(build, *take)};
  return ast::SubjectRule{std::move(who), rule(build, access)};
}

}  // namespace bulkhead::syntax
