// One function for each claim form: what has to be shown. [semantics 8]
#include "checker/obligation/obligation.h"

#include <algorithm>

#include "checker/obligation/scope.h"
#include "lang/system/valid.h"

namespace bulkhead::obligation {
namespace {

constexpr const char* kNoAlias = "no alias outside the declared mounts";
constexpr const char* kUnmodelled = "timing, caches and power are not modelled";
constexpr const char* kHostVolumes = "the host uses no volume whose place the run names, and no network but loopback";

/// Everything that the functions below need.
struct Case {
  const Rules& rules;
  const ir::World& world;
  const ir::Claim& claim;
  Instance instance;
  std::optional<Refusal> refusal;
  Obligation result;

  ir::SubjectId subject(const ir::SubjectRef& reference) const { return ir::resolve(reference, instance.variable); }
  std::string name(const ir::SubjectRef& reference) const { return world.at(subject(reference)).name; }
  void refuse(std::string reason) {
    if (!refusal) refusal = Refusal{std::move(reason), claim.sentence};
  }
};

std::vector<ir::Right> rights_of(ir::Rights rights) {
  std::vector<ir::Right> list;
  for (const ir::Right right : ir::kAllRights) {
    if (rights.has(right)) list.push_back(right);
  }
  return list;
}

/// The volumes that a question about these objects and this subject is confined to.
Volumes volumes_for(const Case& c, ir::SubjectId subject, ir::Right right, const ir::ClaimObjects& objects,
                    bool every) {
  const Volumes asked = volumes_of(c.world, objects.patterns);
  return every ? asked : intersection(asked, permitted_volumes(c.rules, subject, right));
}

/// "Some object of the set, and some context, such that subject may" or, for `every`, "such that no context lets it".
LabelledQuery act_query(Case& c, const ir::SubjectRef& reference, ir::Right right, const ir::ClaimObjects& objects,
                        bool every) {
  const ir::SubjectId subject = c.subject(reference);
  Builder build;
  Scope scope{c.rules,      build,    subject, right, 0, volumes_for(c, subject, right, objects, every),
              std::nullopt, c.refusal};
  const NodeId may = access(scope);
  const NodeId root = build.both(member(scope, objects.patterns), every ? build.no_context(may) : may);
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
                                       const ir::ClaimObjects& objects, bool every) {
  need_objects(c, rights, objects);
  std::vector<LabelledQuery> queries;
  for (const ir::Right right : rights_of(rights)) {
    if (ir::plane_of(right) != objects.plane) c.refuse("a right that does not fit its objects");
    queries.push_back(act_query(c, subject, right, objects, every));
  }
  return queries;
}

/// `s can r o`: some object and context for each right. `s can every r o`: no object that no context allows.
Goal goal_of(Case& c, const ir::Can& can) {
  auto queries = act_queries(c, can.subject, can.rights, can.objects, can.every);
  if (can.every) return AllEmpty{std::move(queries)};
  return SomeWitness{std::move(queries)};
}

/// `s cannot r o`: no object, no context. There are no dynamic sentences, so every reachable state has the same answer.
Goal goal_of(Case& c, const ir::Cannot& cannot) {
  return AllEmpty{act_queries(c, cannot.subject, cannot.rights, cannot.objects, false)};
}

/// `s not granted r o`: the static question.
Goal goal_of(Case& c, const ir::NotGranted& claim) {
  return AllEmpty{act_queries(c, claim.subject, claim.rights, claim.objects, false)};
}

std::vector<GraphNode> side_of(const std::vector<ir::SubjectId>& subjects) {
  std::vector<GraphNode> nodes;
  for (const ir::SubjectId subject : subjects) nodes.push_back({subject});
  std::sort(nodes.begin(), nodes.end());
  nodes.erase(std::unique(nodes.begin(), nodes.end()), nodes.end());
  return nodes;
}

Goal separation(Case& c, const std::vector<ir::SubjectRef>& from, const std::vector<ir::SubjectRef>& to) {
  Unreachable goal;
  goal.nodes = graph_nodes(c.world);
  goal.sources = side_of(ir::resolve(from, c.instance.variable));
  goal.targets = side_of(ir::resolve(to, c.instance.variable));
  for (const GraphNode source : goal.sources) {
    if (std::binary_search(goal.targets.begin(), goal.targets.end(), source)) {
      c.refuse("`" + c.world.at(source.subject).name + "` stands on both sides");
    }
  }
  for (const auto* side : {&goal.sources, &goal.targets}) {
    for (const GraphNode node : *side) {
      if (c.world.at(node.subject).kind == ir::SubjectKind::Profile) c.refuse("a profile has no influence");
    }
  }
  if (goal.sources.empty() || goal.targets.empty()) {
    c.result.not_vacuous.push_back({"one side has no member", Query{}});
  }
  c.result.assumptions = {kNoAlias, kUnmodelled, kHostVolumes};
  return goal;
}

/// `a isolated from b`: no influence in the direction of this case; from the host, only from a to the host.
Goal goal_of(Case& c, const ir::Isolated& claim) {
  const bool forward = c.instance.direction == Direction::Forward;
  return separation(c, forward ? claim.left : claim.right, forward ? claim.right : claim.left);
}

/// `a protected from b`: no influence from b to a.
Goal goal_of(Case& c, const ir::Protected& claim) {
  return separation(c, claim.right, claim.left);
}

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

Sum::Part part(std::string label, const std::optional<ir::Quantity>& quantity) {
  return {std::move(label), quantity ? quantity->amount : 0, quantity ? quantity->sentence : ir::SentenceId{}};
}

/// Everything that containers reserve, against what the host has and does not reserve for itself.
Sum fitting_sum(const ir::World& world, ir::SubjectId host, ir::Resource resource) {
  const std::string what(ir::to_string(resource));
  const ir::Subject& node = world.at(host);
  Sum sum;
  sum.label = what + " of " + node.name;
  for (const ir::Subject& subject : world.subjects) {
    const auto& reserve = ir::quantity(subject.reserve, resource);
    if (subject.kind == ir::SubjectKind::Container && reserve) {
      sum.parts.push_back(part(subject.name + " reserves " + what, reserve));
    }
  }
  sum.bound.push_back(part(node.name + " has " + what, ir::quantity(node.capacity, resource)));
  if (const auto& own = ir::quantity(node.reserve, resource)) {
    sum.bound.push_back(part(node.name + " keeps " + what, own));
  }
  return sum;
}

/// `all reservations fit H`.
Goal goal_of(Case& c, const ir::Fits& claim) {
  Linear goal;
  for (const ir::Resource resource : ir::kAllResources) {
    Sum sum = fitting_sum(c.world, claim.host, resource);
    if (!sum.parts.empty() || sum.bound.size() > 1) goal.sums.push_back(std::move(sum));
  }
  if (goal.sums.empty()) c.result.not_vacuous.push_back({"nobody reserves anything", Query{}});
  return goal;
}

/// `s guaranteed r n`: s reserves it, no limit of s is below it, and all reservations fit.
Goal goal_of(Case& c, const ir::Guaranteed& claim) {
  Linear goal;
  const auto host = ir::only_host(c.world);
  if (!host) c.refuse("a guarantee needs exactly one host with a capacity");
  const ir::Subject& subject = c.world.at(c.subject(claim.subject));
  for (const auto& [resource, amount] : claim.amounts) {
    const std::string what(ir::to_string(resource));
    const Sum::Part wanted{subject.name + " is promised " + what, amount, c.claim.sentence};
    goal.sums.push_back({what + " reserved by " + subject.name,
                         {wanted},
                         {part(subject.name + " reserves " + what, ir::quantity(subject.reserve, resource))}});
    if (const auto& limit = ir::quantity(subject.limits, resource)) {
      goal.sums.push_back(
          {what + " limit of " + subject.name, {wanted}, {part(subject.name + " is limited in " + what, limit)}});
    }
    if (host) goal.sums.push_back(fitting_sum(c.world, *host, resource));
  }
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

bool both_ways(const ir::World& world, const ir::Claim& claim) {
  const auto* isolated = std::get_if<ir::Isolated>(&claim.form);
  if (isolated == nullptr) return false;
  const auto is_host = [&](const ir::SubjectRef& reference) {
    return !reference.bound() && world.at(reference.fixed).kind == ir::SubjectKind::Host;
  };
  return !std::all_of(isolated->right.begin(), isolated->right.end(), is_host);
}

}  // namespace

std::vector<Instance> instances(const ir::World& world, ir::ClaimId id) {
  const ir::Claim& claim = world.at(id);
  std::vector<std::optional<ir::SubjectId>> values;
  if (claim.quantifier) {
    values.assign(claim.quantifier->domain.begin(), claim.quantifier->domain.end());
  } else {
    values.emplace_back(std::nullopt);
  }
  std::vector<Instance> cases;
  for (const auto& value : values) {
    cases.push_back({value, Direction::Forward});
    if (both_ways(world, claim)) cases.push_back({value, Direction::Backward});
  }
  return cases;
}

Result<Obligation, Refusal> obligation(const ir::World& world, ir::ClaimId id, const Instance& instance) {
  return obligation(Rules(world), id, instance);
}

Result<Obligation, Refusal> obligation(const Rules& rules, ir::ClaimId id, const Instance& instance) {
  const ir::World& world = rules.world();
  if (auto refusal = refuse_module(world)) return fail(*refusal);
  Case c{rules, world, world.at(id), instance, std::nullopt, {}};
  c.result.claim = id;
  c.result.instance = instance;
  c.result.goal = std::visit([&](const auto& form) { return goal_of(c, form); }, c.claim.form);
  if (c.refusal) return fail(*c.refusal);
  return std::move(c.result);
}

Result<Query, Refusal> access_query(const ir::World& world, ir::SubjectId subject, ir::Right right) {
  if (auto refusal = refuse_module(world)) return fail(*refusal);
  std::optional<Refusal> refusal;
  Builder build;
  const Rules rules(world);
  Scope scope{rules, build, subject, right, 0, permitted_volumes(rules, subject, right), std::nullopt, refusal};
  const NodeId root = access(scope);
  if (refusal) return fail(*refusal);
  return Query{ir::plane_of(right), build.finish(root), std::nullopt};
}

Result<Query, Refusal> access_query(const ir::World& world, ir::SubjectId subject, ir::Right right,
                                    const ir::Object& object) {
  if (auto refusal = refuse_module(world)) return fail(*refusal);
  std::optional<Refusal> refusal;
  Builder build;
  const Rules rules(world);
  Scope scope{rules, build, subject, right, 0, {}, object, refusal};
  const NodeId root = access(scope);
  if (refusal) return fail(*refusal);
  return Query{ir::plane_of(right), build.finish(root), object};
}

Result<Query, Refusal> difference_query(const ir::World& world, ir::SubjectId left, std::optional<ir::SubjectId> other,
                                        ir::Right right, std::span<const Known> known) {
  if (auto refusal = refuse_module(world)) return fail(*refusal);
  std::optional<Refusal> refusal;
  Builder build;
  const Rules rules(world);
  const Volumes volumes = permitted_volumes(rules, left, right);
  Scope may{rules, build, left, right, 0, volumes, std::nullopt, refusal};
  NodeId root = access(may);
  if (other && root != Builder::constant(false)) {
    Scope bound{rules, build, *other, right, 0, volumes, std::nullopt, refusal};
    root = build.both(root, build.negate(access(bound)));
  }
  for (const Known& one : known) {
    const NodeId objects = member(may, one.objects);
    const NodeId when = one.when ? condition(may, *one.when).yes : Builder::constant(true);
    root = build.both(root, build.negate(build.both(objects, when)));
  }
  if (refusal) return fail(*refusal);
  return Query{ir::plane_of(right), build.finish(root), std::nullopt};
}

}  // namespace bulkhead::obligation
