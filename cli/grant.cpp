#include "cli/grant.h"

#include <algorithm>
#include <optional>

#include "checker/query/prove.h"
#include "lang/ir/glob.h"
#include "lang/ir/replay.h"

namespace bulkhead::cli {
namespace {

/// Of one subject and one claim: which rights on which objects are to be permitted.
struct Wanted {
  ir::ClaimId claim;
  ir::SubjectId subject;
};

std::vector<ir::SubjectId> subjects_of(const ir::Claim& claim, const ir::SubjectRef& reference) {
  if (!reference.bound()) return {reference.fixed};
  return claim.quantifier ? claim.quantifier->domain : std::vector<ir::SubjectId>();
}

void add_rule(ir::World& world, ir::Effect effect, ir::SubjectId subject, ir::Rights rights,
              const ir::ClaimObjects& objects) {
  ir::Rule rule;
  rule.effect = effect;
  rule.subject = subject;
  rule.rights = rights;
  rule.plane = objects.plane;
  rule.objects = objects.patterns;
  world.rules.push_back(std::move(rule));
}

/// What a claim says that subjects must not have is forbidden them.
template <typename Form>
void add_bounds(ir::World& world, const ir::Claim& claim, const Form& form) {
  for (const ir::SubjectId subject : subjects_of(claim, form.subject))
    add_rule(world, ir::Effect::Forbid, subject, form.rights, form.objects);
}

/// The policy with everything permitted that the claims ask for, but for what the satisfied ones rule out. Only for
/// finding an object.
ir::World widened(const ir::World& world, const std::vector<query::ClaimResult>& claims,
                  const std::vector<Wanted>& wanted) {
  ir::World wider = world;
  if (wider.sentences.empty()) wider.sentences.emplace_back();
  for (const Wanted& one : wanted) {
    const auto& can = std::get<ir::Can>(world.at(one.claim).form);
    add_rule(wider, ir::Effect::Permit, one.subject, can.rights, can.objects);
  }
  for (const query::ClaimResult& result : claims) {
    const ir::Claim& claim = world.at(result.claim);
    if (result.status != query::Status::Satisfied || claim.mode != ir::ClaimMode::Prove) continue;
    if (const auto* cannot = std::get_if<ir::Cannot>(&claim.form)) add_bounds(wider, claim, *cannot);
    if (const auto* granted = std::get_if<ir::NotGranted>(&claim.form)) add_bounds(wider, claim, *granted);
    if (const auto* acquire = std::get_if<ir::CannotAcquire>(&claim.form)) add_bounds(wider, claim, *acquire);
  }
  for (ir::Rule& rule : wider.rules) {
    if (!rule.sentence.valid()) rule.sentence = ir::SentenceId{0};
  }
  return wider;
}

/// The object as a rule names it; none where that takes a set with a name.
std::optional<std::string> literal(const ir::World& world, const ir::Object& object) {
  const auto* file = std::get_if<ir::FileObject>(&object);
  if (file == nullptr) return std::nullopt;
  const ir::Volume& volume = world.at(file->volume);
  if (volume.kind == ir::VolumeKind::Device) return volume.name;
  const std::string glob = ir::escape_glob(file->path);
  const bool plain = glob == file->path && std::all_of(glob.begin(), glob.end(), [](char c) {
                       return c > ' ' && c < 127 && c != '"' && c != '\\';
                     });
  if (!plain) return std::nullopt;
  if (volume.kind == ir::VolumeKind::OwnRoot) return "\"" + glob + "\"";
  return (volume.kind == ir::VolumeKind::Host ? "host" : volume.name) + ":\"" + glob + "\"";
}

/// The sentence on a line of its own, after the line on which the claim ends.
Edit after(const Policy& policy, ir::SentenceId claim, const std::string& sentence) {
  const source::Span& span = policy.world().at(claim).span;
  const std::string& text = policy.sources->text(span.file);
  const std::size_t end = std::min(text.find('\n', span.end), text.size());
  const auto at = static_cast<std::uint32_t>(end);
  return {span.file, at, at, "\n" + sentence, "followed by `" + sentence + "`"};
}

void add(Grant& grant, const Policy& policy, const Wanted& wanted, ir::Right right, const std::string& objects) {
  const ir::World& world = policy.world();
  const ir::SentenceId claim = world.at(wanted.claim).sentence;
  grant.claims.push_back(claim);
  grant.edits.push_back(
      after(policy, claim,
            world.at(wanted.subject).name + " may " + std::string(ir::to_string(right)) + " " + objects + ";"));
}

std::vector<ir::Right> rights_of(ir::Rights rights) {
  std::vector<ir::Right> list;
  for (const ir::Right right : ir::kAllRights) {
    if (rights.has(right)) list.push_back(right);
  }
  return list;
}

/// Adds for each claim and right the object of its witness. False: some claim has none, or none that can be written.
bool add_single_objects(Grant& grant, const Policy& policy, const std::vector<Wanted>& wanted, const ir::World& wider) {
  query::ProveOptions options;
  for (const Wanted& one : wanted) options.only.push_back(policy.world().at(one.claim).name);
  const query::Proof proof = query::prove(wider, options);
  for (const Wanted& one : wanted) {
    const std::size_t before = grant.edits.size();
    for (const query::ClaimResult& result : proof.claims) {
      for (const query::CaseResult& found : result.cases) {
        const auto* holds = std::get_if<verdict::Holds>(&found.verdict);
        if (result.claim != one.claim || holds == nullptr) continue;
        for (const ir::Request& request : std::get<verdict::WitnessEvidence>(holds->certificate.evidence).requests) {
          const auto name = literal(policy.world(), request.object);
          if (request.subject == one.subject && name) add(grant, policy, one, request.right, *name);
        }
      }
    }
    const auto& can = std::get<ir::Can>(policy.world().at(one.claim).form);
    if (grant.edits.size() - before != rights_of(can.rights).size()) return false;
  }
  return true;
}

}  // namespace

bool asks_for_more(const ir::World& world, const query::ClaimResult& result) {
  const ir::Claim& claim = world.at(result.claim);
  const auto* can = std::get_if<ir::Can>(&claim.form);
  return claim.mode == ir::ClaimMode::Prove && result.status == query::Status::Failed && can != nullptr && !can->every;
}

std::vector<Grant> grants(const Policy& policy, const std::vector<query::ClaimResult>& claims,
                          const std::vector<ir::ClaimId>& targets) {
  const ir::World& world = policy.world();
  std::vector<Wanted> wanted;
  for (const query::ClaimResult& result : claims) {
    if (std::find(targets.begin(), targets.end(), result.claim) == targets.end()) continue;
    const auto& can = std::get<ir::Can>(world.at(result.claim).form);
    for (const query::CaseResult& found : result.cases) {
      if (std::holds_alternative<verdict::Violated>(found.verdict))
        wanted.push_back({result.claim, ir::resolve(can.subject, found.instance.variable)});
    }
  }
  std::vector<Grant> ways;
  Grant least;
  if (add_single_objects(least, policy, wanted, widened(world, claims, wanted))) ways.push_back(std::move(least));
  Grant whole;
  for (const Wanted& one : wanted) {
    const auto& can = std::get<ir::Can>(world.at(one.claim).form);
    for (const ir::Right right : rights_of(can.rights)) add(whole, policy, one, right, can.objects.text);
  }
  ways.push_back(std::move(whole));
  return ways;
}

}  // namespace bulkhead::cli
