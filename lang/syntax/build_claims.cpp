#include "lang/syntax/build.h"

namespace bulkhead::syntax {
namespace {

using ast::ClaimForm;

ast::Bounds bounds(Build& build, const Cursor& parent) {
  const Cursor at = parent.only(Rule::Bounds);
  ast::Bounds found;
  for (const Cursor& size : at.children(Rule::Size)) {
    found.sizes.push_back({number(build, size.words()[0]), name(size.only(Rule::Name))});
  }
  if (const auto within = at.find("within")) {
    for (const Cursor& word : at.words()) {
      const char first = word.text()[0];
      if (first >= '0' && first <= '9') found.steps = number(build, word);
    }
  }
  return found;
}

/// The `forall` at its beginning binds for both sides of `leads to`.
ClaimForm leads_to(Build& build, std::optional<ast::Path> system, ast::Bindings each, ast::ExprId from,
                   const Cursor& at) {
  ast::LeadsToClaim claim{std::move(system), std::move(each), from, {}, {}, {}, {}};
  claim.to = expression(build, at.only(Rule::Expr));
  for (const Cursor& one : at.children(Rule::Fair)) {
    claim.fair.push_back({joined(one.only(Rule::Path)), one.has("strong")});
  }
  if (const auto rank = at.child(Rule::Rank)) {
    for (const Cursor& one : rank->children(Rule::Expr)) claim.rank.push_back(expression(build, one));
  }
  claim.bounds = bounds(build, at);
  return claim;
}

/// `in M: forall f: Frame. P leads to Q`.
ClaimForm leads_to_in(Build& build, const Cursor& at) {
  ast::ExprId from = expression(build, at.only(Rule::Expr));
  ast::Bindings each;
  const Cursor first = at.only(Rule::Expr).inside();
  const auto prefixes = first.children(Rule::Prefix);
  for (const Cursor& prefix : prefixes) {  // as written, not in brackets
    if (!prefix.has("forall")) break;
    const ast::Expr& all = build.module.at(from);
    for (const ast::Binding& one : std::get<ast::Bindings>(all.value)) each.push_back(one);
    from = all.args[0];
  }
  return leads_to(build, path(at.only(Rule::Path)), std::move(each), from, at.only(Rule::LeadsTo));
}

ast::LeaksClaim::Party party(const Cursor& at) {
  const std::vector<ast::Name> words = names(at);
  return {words[0], words[1]};
}

ClaimForm leaks(Build& build, const ast::SubjectRef& who, const Cursor& at) {
  const std::vector<Cursor> parties = at.children(Rule::Observer);
  ast::LeaksClaim claim{who.name, party(parties[0]), std::nullopt, std::nullopt, bounds(build, at)};
  if (parties.size() > 1) claim.source = party(parties[1]);
  if (const auto where = at.child(Rule::Expr)) claim.where = expression(build, *where);
  return claim;
}

/// `every detect ...`, `stops ...`: the form is named by the word that only it has.
ClaimForm dynamic(const Cursor& form, const Cursor& whole) {
  ast::DynamicClaim result;
  result.text = as_written(whole);
  for (const Cursor& word : form.words()) {
    const std::string_view text = word.text();
    const bool filler = text == "every" || text == "(" || text == ")";
    if (!filler && result.form.text.empty()) result.form = name(word);
  }
  return result;
}

ClaimForm theorem(Build& build, const ast::SubjectRef& who, const Cursor& at, const Cursor& whole) {
  const std::string text = as_written(whole);
  if (who.kind || who.name.simple()) {
    build.report(diag::Code::IncompleteClaim, whole.span(), "nothing is claimed about `" + text + "`",
                 "say what holds, for example `" + text + " cannot read Secrets`");
  }
  return ast::TheoremClaim{who.name, bounds(build, at)};
}

std::vector<ast::Name> except_through(const Cursor& at) {
  const auto except = at.child(Rule::ExceptThrough);
  return except ? names(*except) : std::vector<ast::Name>{};
}

ClaimForm predicate(Build& build, const ast::SubjectRef& who, const Cursor& at, const Cursor& whole) {
  if (const auto form = at.child(Rule::DynamicPredicate)) return dynamic(*form, whole);
  if (const auto leads = at.child(Rule::LeadsTo)) {
    return leads_to(build, std::nullopt, {}, application(build, who.name, at), *leads);
  }
  if (at.has("unreachable")) {
    return ast::UnreachableClaim{who.name, expression(build, at.only(Rule::Expr)), bounds(build, at)};
  }
  if (at.has("leaks")) return leaks(build, who, at);
  if (at.child(Rule::Bounds)) return theorem(build, who, at, whole);
  const std::string_view verb = at.inside().text();
  if (verb == "can") return ast::CanClaim{who, rights_of(at), objects(build, at.only(Rule::Objects)), at.has("every")};
  if (at.has("acquire")) return ast::AcquireClaim{who, rights_of(at), objects(build, at.only(Rule::Objects))};
  if (verb == "confined") return ast::ConfinedClaim{who, objects(build, at.only(Rule::Objects))};
  if (verb == "shares") return ast::SharesClaim{who, names(at)};
  if (verb == "keeps") return ast::ApartClaim{who, names(at), except_through(at)};
  if (verb == "cannot") return ast::CannotClaim{who, rights_of(at), objects(build, at.only(Rule::Objects))};
  if (verb == "not") return ast::NotGrantedClaim{who, rights_of(at), objects(build, at.only(Rule::Objects))};
  if (verb == "guaranteed") {
    ast::GuaranteedClaim claim{who, {}};
    for (const Cursor& child : at.children(Rule::Amount)) claim.amounts.push_back(amount(build, child));
    return claim;
  }
  const ast::SubjectRef other = subject(at.only(Rule::Subject));
  if (verb == "protected") return ast::ProtectedClaim{who, other};
  if (verb == "refines") return ast::RefinesClaim{who, other};
  if (verb == "equivalent") return ast::EquivalentClaim{who, other};
  if (verb == "attenuates") return ast::AttenuatesClaim{who, other};
  const auto except = at.child(Rule::ExceptChannels);
  return ast::IsolatedClaim{who, other, except ? names(*except) : std::vector<ast::Name>{}};
}

ClaimForm strength(Build& build, const Cursor& at) {
  ast::StrengthClaim claim;
  for (const Cursor& word : at.words()) {
    const char first = word.text()[0];
    if (first >= '0' && first <= '9') claim.category = number(build, word);
  }
  if (const auto which = at.child(Rule::ChannelSet)) {
    using Which = ast::StrengthClaim::Which;
    claim.which = which->has("between") ? Which::BetweenContainers : which->has("to") ? Which::To : Which::Unmediated;
    if (const auto named = which->child(Rule::Name)) claim.name = name(*named);
  }
  return claim;
}

ClaimForm claim_form(Build& build, const Cursor& at) {
  if (at.child(Rule::VerifiedClaim)) return ast::VerifiedClaim{};
  if (const auto form = at.child(Rule::StrengthClaim)) return strength(build, *form);
  if (const auto form = at.child(Rule::DynamicClaim)) return dynamic(*form, at);
  if (const auto form = at.child(Rule::FlowClaim)) {
    const std::vector<ast::Name> words = names(*form);
    return ast::NoFlowClaim{words[0], words[1], except_through(*form)};
  }
  if (at.has("in")) return leads_to_in(build, at);
  if (at.has("forall")) {
    const ast::ExprId from = expression(build, at.only(Rule::Expr));
    return leads_to(build, std::nullopt, bindings(at.only(Rule::Bindings)), from, at.only(Rule::LeadsTo));
  }
  const ast::SubjectRef who = subject(at.only(Rule::Subject));
  if (const auto verb = at.child(Rule::Predicate)) return predicate(build, who, *verb, at);
  return ast::FitsClaim{who};
}

ast::Quantifier quantifier(Build& build, const Cursor& at) {
  const std::vector<ast::Name> words = names(at);
  ast::Quantifier result;
  result.variable = words[0];
  result.span = at.span();
  result.subjects = at.has("subjects");
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
