#include "checker/report/findings.h"

#include "checker/query/model_mutant.h"
#include "checker/report/story.h"

namespace bulkhead::report {
namespace {

Location location(const ir::World& world, ir::SentenceId id) {
  if (!id.valid()) return {};
  const ir::Sentence& sentence = world.at(id);
  return {sentence.span, sentence.text};
}

Finding finding(const Subject& subject, const query::ClaimResult& result, query::Bases& bases) {
  const ir::Claim& claim = subject.world.at(result.claim);
  Finding found;
  found.name = claim.name;
  found.text = claim.text;
  found.status = result.status;
  found.headline = headline(subject.world, result);
  found.place = location(subject.world, claim.sentence);
  found.bases = bases.of(claim);
  if (result.status == query::Status::Satisfied) return found;
  for (const Line& line : story(subject, result)) {
    found.story.push_back(full_text(line));
    for (const ir::SentenceId sentence : line.sentences) found.related.push_back(location(subject.world, sentence));
  }
  return found;
}

}  // namespace

Findings findings(const Subject& subject) {
  const query::Proof& proof = subject.proof;
  Findings all{subject.world.module, subject.sources, {}, {}, std::nullopt, subject.warnings};
  if (proof.refused) {
    all.refused =
        Refused{proof.refused->reason, location(subject.world, proof.refused->sentence.value_or(ir::SentenceId{}))};
  }
  query::Bases bases(subject.world);
  for (const query::ClaimResult& result : proof.claims) all.claims.push_back(finding(subject, result, bases));
  for (const ir::SentenceId sentence : proof.unproved.value_or(std::vector<ir::SentenceId>())) {
    all.remarks.push_back({RemarkKind::Unproved, location(subject.world, sentence)});
  }
  for (const query::IdleAction& idle : proof.idle) {
    all.remarks.push_back({RemarkKind::Idle, {{}, idle_text(subject.world, idle)}});
  }
  for (const query::Survivor& one : proof.survivors) {
    const ir::SentenceId claim = subject.world.at(one.claim).sentence;
    all.remarks.push_back(
        {RemarkKind::Survives, {location(subject.world, claim).span, survivor_text(subject.world, one)}});
  }
  for (const ir::SentenceId sentence : proof.not_judged) {
    if (query::is_of_model(subject.world, sentence)) continue;  // more than anybody reads; JSON names them
    all.remarks.push_back({RemarkKind::NotJudged, location(subject.world, sentence)});
  }
  return all;
}

}  // namespace bulkhead::report
