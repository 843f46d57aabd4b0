#include "random_authority.h"

#include <random>
#include <string>

#include "lang/ir/net_range.h"
#include "tests/support/flow_map.h"

namespace bulkhead::samples {
namespace {

constexpr ir::AttributeId kMfa{0};
constexpr const char* kGlobs[] = {"/**", "/a/**", "/a/b", "/c", "/{c,d}/**"};

class Maker {
 public:
  Maker(std::uint32_t seed, bool conditions) : random_(seed), conditions_(conditions) {}

  ir::World make() {
    world_.module = "random";
    world_.flow = whole_flow_map();
    world_.labels = {{"Public", {ir::LabelId{0}, ir::LabelId{1}}}, {"Secret", {ir::LabelId{1}}}};
    world_.attributes = {{"mfa", ir::Source::Context, {ir::TypeKind::Bool, {}}, false}};
    world_.volumes = {{"own", ir::VolumeKind::OwnRoot, "", 0, {}},
                      {"host", ir::VolumeKind::Host, "", 0, {}},
                      {"Data", ir::VolumeKind::Declared, "", 0, {}},
                      {"Side", ir::VolumeKind::Declared, "", 0, {}}};
    for (const char* name : {"A", "B", "C", "D"}) {
      ir::Subject subject;
      subject.name = name;
      subject.sentence = sentence(std::string("container ") + name);
      if (pick(3) == 0) subject.clearance = ir::LabelId{pick(2)};
      world_.subjects.push_back(std::move(subject));
    }
    world_.sets.push_back({"Secrets", ir::Plane::File, objects(), ir::LabelId{1}, sentence("file Secrets")});
    for (int i = 0; i < 6; ++i) rule();
    for (unsigned i = 0; i <= pick(2); ++i) {
      world_.holdings.push_back({subject(), rights(), pick(2) == 0, ir::Plane::File, objects(), sentence("holds")});
    }
    for (int i = 0; i < 6; ++i) delegation();
    claims();
    labelled_net();
    return std::move(world_);
  }

 private:
  unsigned pick(unsigned n) { return static_cast<unsigned>(random_() % n); }
  ir::SubjectId subject() { return ir::SubjectId{pick(4)}; }
  ir::SentenceId sentence(std::string text) {
    world_.sentences.push_back({{}, std::move(text), false, false});
    return ir::SentenceId{world_.sentences.size() - 1};
  }
  ir::Rights rights() {
    const unsigned which = pick(3);
    if (which == 0) return ir::Right::Read;
    if (which == 1) return ir::Right::Write;
    return ir::Rights(ir::Right::Read) | ir::Right::Write;
  }
  ir::ObjectPatterns objects() {
    ir::ObjectPatterns patterns;
    patterns.files.push_back({ir::VolumeId{2 + pick(2)}, kGlobs[pick(5)], ""});
    return patterns;
  }
  ir::ExprId condition() {
    ir::Expr expr;
    expr.op = ir::Op::Attribute;
    expr.source = ir::Source::Context;
    expr.attribute = kMfa;
    expr.type.kind = ir::TypeKind::Bool;
    world_.exprs.push_back(expr);
    const ir::ExprId mfa{world_.exprs.size() - 1};
    if (pick(2) == 0) return mfa;
    ir::Expr inverted;
    inverted.op = ir::Op::Not;
    inverted.type.kind = ir::TypeKind::Bool;
    inverted.args = {mfa};
    world_.exprs.push_back(inverted);
    return ir::ExprId{world_.exprs.size() - 1};
  }
  void rule() {
    ir::Rule rule;
    rule.effect = pick(3) == 0 ? ir::Effect::Forbid : ir::Effect::Permit;
    rule.of_names = rule.effect == ir::Effect::Forbid && pick(3) == 0;
    rule.subject = subject();
    rule.rights = rights();
    rule.objects = objects();
    if (conditions_ && pick(2) == 0) rule.when = condition();
    rule.sentence = sentence("rule " + std::to_string(world_.rules.size()));
    world_.rules.push_back(std::move(rule));
  }
  void labelled_net() {
    ir::ObjectSet web{"Web", ir::Plane::Net, {}, ir::LabelId{pick(2)}, sentence("net Web")};
    web.patterns.nets = ir::loopback_ranges();
    if (pick(3) != 0) world_.sets.push_back(std::move(web));
    world_.flow.between_hosts = pick(4) != 0;
  }
  void delegation() {
    ir::Delegation one;
    one.from = subject();
    do one.to = subject();
    while (one.to == one.from);
    one.rights = rights();
    one.onward = pick(3) != 0;
    one.objects = objects();
    one.sentence = sentence("delegate " + std::to_string(world_.delegations.size()));
    one.via = ir::ChannelId{world_.channels.size()};
    world_.channels.push_back({"c" + std::to_string(world_.channels.size()),
                               {one.from},
                               {one.to},
                               {},
                               false,
                               pick(2) == 0,
                               true,
                               true,
                               one.sentence});
    world_.delegations.push_back(std::move(one));
  }
  void claim(ir::ClaimForm form) {
    ir::Claim claim;
    claim.name = "claim" + std::to_string(world_.claims.size());
    claim.form = std::move(form);
    claim.sentence = sentence("prove " + claim.name);
    world_.claims.push_back(std::move(claim));
  }
  void claims() {
    const auto ref = [&] { return ir::SubjectRef{subject()}; };
    const auto asked = [&] { return ir::ClaimObjects{ir::Plane::File, objects(), "Objects"}; };
    claim(ir::CannotAcquire{ref(), rights(), asked()});
    claim(ir::Cannot{ref(), rights(), asked()});
    claim(ir::Can{ref(), rights(), asked(), false});
    claim(ir::ConfinedTo{ref(), asked(), {ir::Plane::Net, {}, "Objects"}});
    claim(ir::Attenuates{{ir::SubjectId{0}}, {ir::SubjectId{1 + pick(3)}}});
    claim(ir::Protected{{{ir::SubjectId{0}}}, {{ir::SubjectId{1}}}});
    claim(ir::Isolated{{{ir::SubjectId{2}}}, {{ir::SubjectId{3}}}, false, {ir::ChannelId{pick(6)}}});
    claim(ir::NoFlow{ir::LabelId{1}, ir::LabelId{0}, {}});
    claim(ir::NoFlow{ir::LabelId{1}, std::nullopt, {}});
    claim(ir::SharesNo{ir::SharesNo::What::WritableFile, ref()});
    claim(ir::KeepsApart{ref(), ir::LabelId{1}, ir::LabelId{0}});
    claim(ir::KeepsApart{ref(), ir::LabelId{1}, ir::LabelId{0}, {ir::SubjectId{0}, ir::SubjectId{1}}});
  }

  std::mt19937 random_;
  bool conditions_;
  ir::World world_;
};

}  // namespace

ir::World random_authority(std::uint32_t seed, bool conditions) {
  return Maker(seed, conditions).make();
}

std::vector<ir::Object> authority_objects() {
  std::vector<ir::Object> objects;
  for (const std::size_t volume : {2, 3}) {
    for (const char* path : {"/", "/a", "/a/b", "/a/x", "/c", "/c/x", "/d"}) {
      objects.emplace_back(ir::FileObject{ir::VolumeId{volume}, path});
    }
  }
  return objects;
}

std::vector<ir::Context> authority_contexts() {
  return {{{kMfa, false}}, {{kMfa, true}}};
}

std::set<ir::SubjectId> searched(const ir::World& world, ir::Right right, const ir::Object& object,
                                 const ir::Context& context) {
  using Used = std::vector<ir::Handover>;
  std::set<ir::SubjectId> able;
  std::set<std::set<std::size_t>> seen{{}};
  std::vector<std::pair<std::set<std::size_t>, Used>> open{{{}, {}}};
  while (!open.empty()) {
    const auto [state, run] = open.back();
    open.pop_back();
    ir::Acquired acquired(world);
    if (acquired.hand_over(run)) continue;
    for (std::size_t i = 0; i < world.subjects.size(); ++i) {
      if (acquired.may({ir::SubjectId{i}, right, object, context})) able.insert(ir::SubjectId{i});
    }
    for (std::size_t i = 0; i < world.delegations.size(); ++i) {
      for (const ir::Context& own : authority_contexts()) {
        for (const ir::Context& wanted : authority_contexts()) {
          std::set<std::size_t> next = state;
          if (!next.insert(i).second || seen.count(next) != 0) continue;
          ir::Acquired later = acquired;
          const ir::Handover step{ir::DelegationId{i}, right, object, own, wanted};
          if (later.hand_over(step)) continue;
          seen.insert(next);
          Used longer = run;
          longer.push_back(step);
          open.emplace_back(std::move(next), std::move(longer));
        }
      }
    }
  }
  return able;
}

ir::ClaimId add_acquire_claim(ir::World& world, ir::SubjectId subject, ir::Right right, const ir::Object& object) {
  const auto& file = std::get<ir::FileObject>(object);
  ir::ClaimObjects objects{ir::Plane::File, {}, file.path};
  objects.patterns.files.push_back({file.volume, file.path, ""});
  ir::Claim claim;
  claim.name = "acquire" + std::to_string(world.claims.size());
  claim.form = ir::CannotAcquire{{subject}, right, std::move(objects)};
  claim.sentence = ir::SentenceId{0};
  world.claims.push_back(std::move(claim));
  return ir::ClaimId{world.claims.size() - 1};
}

}  // namespace bulkhead::samples
