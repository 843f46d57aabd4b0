// Claims about access, in reachable states or by what subjects have by themselves; claims about models. [semantics 2,
// 8]
#include "checker/obligation/case.h"
#include "lang/system/valid.h"

namespace bulkhead::obligation {

std::vector<ir::Right> rights_of(ir::Rights rights) {
  std::vector<ir::Right> list;
  for (const ir::Right right : ir::kAllRights) {
    if (rights.has(right)) list.push_back(right);
  }
  return list;
}

void assume_delegations(Case& c) {
  constexpr const char* kHandedOver =
      "rights move between subjects only by the delegations that are declared, over their channels";
  if (!c.world.delegations.empty()) c.result.assumptions.emplace_back(kHandedOver);
}

namespace {

/// Some object, and some context, such that the subject may in some reachable state, or by itself; or an object such
/// that no context lets it.
enum class Asked : std::uint8_t { Ever, Granted, NoContext };

/// The volumes that a question about these objects and this subject is confined to.
Volumes volumes_for(const Case& c, ir::SubjectId subject, ir::Right right, const ir::ClaimObjects& objects,
                    Asked asked) {
  const Volumes spoken_of = volumes_of(c.world, objects.patterns);
  if (asked == Asked::NoContext) return spoken_of;
  return intersection(spoken_of, reachable_volumes(c.rules, subject, right));
}

LabelledQuery act_query(Case& c, const ir::SubjectRef& reference, ir::Right right, const ir::ClaimObjects& objects,
                        Asked asked) {
  const ir::SubjectId subject = c.subject(reference);
  Builder build;
  Scope scope{c.rules,      build,    subject, right, 0, volumes_for(c, subject, right, objects, asked),
              std::nullopt, c.refusal};
  const NodeId may = asked == Asked::Ever ? authority(scope, c.actors) : access(scope);
  const NodeId root =
      build.both(member(scope, objects.patterns), asked == Asked::NoContext ? build.no_context(may) : may);
  const bool every = asked == Asked::NoContext;
  LabelledQuery query;
  query.label = c.world.at(subject).name + " " + std::string(ir::to_string(right)) + " " + objects.text;
  query.query = Query{objects.plane, build.finish(root), std::nullopt};
  if (!every) query.acts.push_back({subject, right, 0});
  return query;
}

void need_objects(Case& c, ir::Rights rights, const ir::ClaimObjects& objects) {
  if (rights.empty()) return;
  Builder build;
  Scope scope{c.rules,      build,    {}, rights_of(rights).front(), 0, volumes_of(c.world, objects.patterns),
              std::nullopt, c.refusal};
  const NodeId root = member(scope, objects.patterns);
  c.result.not_vacuous.push_back(
      {"there is no object in " + objects.text, Query{objects.plane, build.finish(root), std::nullopt}});
  if (objects.plane == ir::Plane::File) c.result.assumptions.emplace_back(kNoAlias);
}

std::vector<LabelledQuery> act_queries(Case& c, const ir::SubjectRef& subject, ir::Rights rights,
                                       const ir::ClaimObjects& objects, Asked asked) {
  need_objects(c, rights, objects);
  if (asked == Asked::Ever) assume_delegations(c);
  std::vector<LabelledQuery> queries;
  for (const ir::Right right : rights_of(rights)) {
    if (ir::plane_of(right) != objects.plane) c.refuse("a right that does not fit its objects");
    queries.push_back(act_query(c, subject, right, objects, asked));
  }
  return queries;
}

}  // namespace

/// `s can r o`: some object and context for each right. `s can every r o`: no object that no context allows.
Goal goal_of(Case& c, const ir::Can& can) {
  auto queries = act_queries(c, can.subject, can.rights, can.objects, can.every ? Asked::NoContext : Asked::Ever);
  if (can.every) return AllEmpty{std::move(queries)};
  if (c.idle(c.subject(can.subject))) queries.front().query.formula = Builder().finish(Builder::constant(false));
  return SomeWitness{std::move(queries)};
}

/// `s cannot r o`: no object, no context, in no reachable state.
Goal goal_of(Case& c, const ir::Cannot& cannot) {
  auto queries = act_queries(c, cannot.subject, cannot.rights, cannot.objects, Asked::Ever);
  if (c.idle(c.subject(cannot.subject))) queries.clear();
  return AllEmpty{std::move(queries)};
}

/// `s cannot acquire r o`: the same of having it; whether s is free to use it does not matter.
Goal goal_of(Case& c, const ir::CannotAcquire& claim) {
  return AllEmpty{act_queries(c, claim.subject, claim.rights, claim.objects, Asked::Ever)};
}

/// `s not granted r o`: the static question.
Goal goal_of(Case& c, const ir::NotGranted& claim) {
  return AllEmpty{act_queries(c, claim.subject, claim.rights, claim.objects, Asked::Granted)};
}

namespace {

/// "Something outside of these objects that the subject may have."
LabelledQuery outside_query(Case& c, ir::SubjectId subject, ir::Right right, const ir::ClaimObjects& objects) {
  Builder build;
  Scope scope{c.rules, build, subject, right, 0, reachable_volumes(c.rules, subject, right), std::nullopt, c.refusal};
  const NodeId root = build.both(authority(scope, c.actors), build.negate(member(scope, objects.patterns)));
  LabelledQuery query;
  query.label = c.world.at(subject).name + " " + std::string(ir::to_string(right)) + " outside of " + objects.text;
  query.query = Query{ir::plane_of(right), build.finish(root), std::nullopt};
  query.acts.push_back({subject, right, 0});
  return query;
}

}  // namespace

/// `s confined to o`: no right on a file or address outside of o, in no reachable state.
Goal goal_of(Case& c, const ir::ConfinedTo& claim) {
  AllEmpty goal;
  for (const ir::ClaimObjects* inside : {&claim.files, &claim.nets}) {
    for (const ir::Right right : rights_of(ir::Rights::all_of(inside->plane))) {
      goal.queries.push_back(outside_query(c, c.subject(claim.subject), right, *inside));
    }
  }
  c.result.assumptions.emplace_back(kNoAlias);
  assume_delegations(c);
  return goal;
}

/// `child attenuates parent`: nothing that the child can come to do in a context and the parent cannot. The bound is
/// what the parent surely can where the child is bounded, and what it may where the child's surplus is to be shown: of
/// trusted givers and of conditions both are known in one direction only.
Goal goal_of(Case& c, const ir::Attenuates& claim) {
  const bool shown = c.actors == ir::Actors::Free;
  const ir::SubjectId child = c.subject(claim.child);
  const ir::SubjectId parent = c.subject(claim.parent);
  AllEmpty goal;
  for (const ir::Right right : ir::kAllRights) {
    Builder build;
    const Volumes volumes = reachable_volumes(c.rules, child, right);
    Scope reach{c.rules, build, child, right, 0, volumes, std::nullopt, c.refusal};
    Scope bound{c.rules, build, parent, right, 0, volumes, std::nullopt, c.refusal};
    const NodeId able = c.idle(child) ? Builder::constant(false) : authority(reach, c.actors);
    const NodeId limit = able == Builder::constant(false)
                             ? able
                             : authority(bound, shown ? ir::Actors::Everybody : ir::Actors::Free, Solved::WrittenOut,
                                         shown ? Conditions::Met : Conditions::Unmet);
    LabelledQuery query;
    query.label = c.world.at(child).name + " " + std::string(ir::to_string(right)) + " what " +
                  c.world.at(parent).name + " cannot come to";
    query.query = Query{ir::plane_of(right), build.finish(build.both(able, build.negate(limit))), std::nullopt};
    query.acts.push_back({child, right, 0});
    goal.queries.push_back(std::move(query));
  }
  c.result.assumptions.emplace_back(kNoAlias);
  assume_delegations(c);
  return goal;
}

namespace {

LabelledQuery difference(const Rules& rules, ir::SubjectId left, ir::SubjectId right_side, ir::Right right,
                         std::optional<Refusal>& refusal) {
  const ir::World& world = rules.world();
  Builder build;
  const Volumes volumes = permitted_volumes(rules, left, right);
  Scope may{rules, build, left, right, 0, volumes, std::nullopt, refusal};
  Scope bound{rules, build, right_side, right, 0, volumes, std::nullopt, refusal};
  const NodeId allowed = access(may);
  const NodeId root = allowed == Builder::constant(false) ? allowed : build.both(allowed, build.negate(access(bound)));
  LabelledQuery query;
  query.label =
      world.at(left).name + " " + std::string(ir::to_string(right)) + " what " + world.at(right_side).name + " may not";
  query.query = Query{ir::plane_of(right), build.finish(root), std::nullopt};
  query.acts.push_back({left, right, 0});
  return query;
}

void add_differences(Case& c, AllEmpty& goal, const ir::SubjectRef& left, const ir::SubjectRef& right_side) {
  for (const ir::Right right : ir::kAllRights) {
    goal.queries.push_back(difference(c.rules, c.subject(left), c.subject(right_side), right, c.refusal));
  }
  c.result.assumptions = {kNoAlias};
}

}  // namespace

/// `P refines Q`: nothing that P may and Q may not, in the same context.
Goal goal_of(Case& c, const ir::Refines& claim) {
  AllEmpty goal;
  add_differences(c, goal, claim.left, claim.right);
  return goal;
}

Goal goal_of(Case& c, const ir::Equivalent& claim) {
  AllEmpty goal;
  add_differences(c, goal, claim.left, claim.right);
  add_differences(c, goal, claim.right, claim.left);
  return goal;
}

/// A claim about a model: the theorem itself is the goal. Systems that break the promises of lang/system are refused.
Goal goal_of(Case& c, const ir::TheoremClaim& claim) {
  const system::System& system = c.world.at(claim.system);
  if (const auto broken = system::objection(system)) {
    c.refuse("the model is malformed: " + *broken);
  } else if (const auto wrong = system::objection(system, claim.theorem)) {
    c.refuse("the claim is malformed: " + *wrong);
  }
  for (const system::Property& property : system.properties) {
    if (property.kind == system::PropertyKind::Assumption) c.result.assumptions.push_back(property.origin.text);
  }
  return Theorem{claim.system, claim.theorem};
}

}  // namespace bulkhead::obligation
