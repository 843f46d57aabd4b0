#include "lang/syntax/build.h"

namespace bulkhead::syntax {
namespace {

using ast::ClaimForm;

std::vector<ast::Name> rights(const Cursor& at) {
  std::vector<ast::Name> found;
  for (const Cursor& right : at.only(Rule::Rights).children(Rule::Right)) found.push_back(name(right));
  return found;
}

/// `no flow ...`: the form is named by the word that only it has.
ClaimForm dynamic(const Cursor& form, const Cursor& whole) {
  ast::DynamicClaim result;
  result.text = as_written(whole);
  for (const Cursor& word : form.words()) {
    const std::string_view text = word.text();
    const bool filler = text == "no" || text == "every" || text == "(" || text == ")" || text == "to";
    if (!filler && result.form.text.empty()) result.form = name(word);
  }
  if (result.form.text == "container") result.form.text = "verified";
  if (result.form.text == "forall") result.form.text = "leads";
  if (result.form.text.empty() || result.form.text == "for" || result.form.text == "within") {
    result.form = {"theorem", whole.span()};
  }
  return result;
}

ClaimForm predicate(Build& build, const ast::SubjectRef& who, const Cursor& at, const Cursor& whole) {
  if (const auto form = at.child(Rule::DynamicPredicate)) {
    const bool bare = form->span().begin == form->span().end;
    if (bare && (who.kind || who.name.simple())) {
      build.report(diag::Code::IncompleteClaim, whole.span(), "nothing is claimed about `" + as_written(whole) + "`",
                   "say what holds, for example `" + as_written(whole) + " cannot read Secrets`");
    }
    return dynamic(*form, whole);
  }
  const std::string_view verb = at.inside().text();
  if (verb == "can") return ast::CanClaim{who, rights(at), objects(build, at.only(Rule::Objects)), at.has("every")};
  if (const auto acquire = at.find("acquire")) return ast::DynamicClaim{name(*acquire), as_written(whole)};
  if (verb == "cannot") return ast::CannotClaim{who, rights(at), objects(build, at.only(Rule::Objects))};
  if (verb == "not") return ast::NotGrantedClaim{who, rights(at), objects(build, at.only(Rule::Objects))};
  if (verb == "guaranteed") {
    ast::GuaranteedClaim claim{who, {}};
    for (const Cursor& child : at.children(Rule::Amount)) claim.amounts.push_back(amount(build, child));
    return claim;
  }
  const ast::SubjectRef other = subject(at.only(Rule::Subject));
  if (verb == "protected") return ast::ProtectedClaim{who, other};
  if (verb == "refines") return ast::RefinesClaim{who, other};
  if (verb == "equivalent") return ast::EquivalentClaim{who, other};
  if (const auto except = at.find("except")) return ast::DynamicClaim{name(*except), as_written(whole)};
  return ast::IsolatedClaim{who, other};
}

ClaimForm claim_form(Build& build, const Cursor& at) {
  if (const auto form = at.child(Rule::DynamicClaim)) return dynamic(*form, at);
  const ast::SubjectRef who = subject(at.only(Rule::Subject));
  if (const auto verb = at.child(Rule::Predicate)) return predicate(build, who, *verb, at);
  return ast::FitsClaim{who};
}

ast::Quantifier quantifier(Build& build, const Cursor& at) {
  const std::vector<ast::Name> words = names(at);
  ast::Quantifier result;
  result.variable = words[0];
  result.span = at.span();
  if (const auto pod = at.find("pod")) {
    const source::Span span{pod->span().file, pod->span().begin, words[1].span.end};
    result.pod = ast::SubjectRef{name(*pod), {{words[1]}, words[1].span}, span};
  }
  if (const auto with = at.child(Rule::Expr)) result.with = expression(build, *with);
  return result;
}

}  // namespace

ast::Claim claim(Build& build, const Cursor& at) {
  ast::Claim result;
  result.mode = at.has("prove") ? ast::ClaimMode::Prove : ast::ClaimMode::Refute;
  result.keyword = at.inside().span();
  if (const auto named = at.child(Rule::Name)) result.name = name(*named);
  if (const auto all = at.child(Rule::Quantifier)) result.quantifier = quantifier(build, *all);
  const Cursor form = at.only(Rule::ClaimForm);
  result.form_span = form.span();
  result.form = claim_form(build, form);
  return result;
}

}  // namespace bulkhead::syntax
