#include "random_world.h"

#include <string>

#include "lang/ir/net_range.h"
#include "path_samples.h"
#include "tests/support/flow_map.h"

namespace bulkhead::samples {
namespace {

using ir::ExprId;
using ir::Op;

constexpr ir::AttributeId kMfa{0};
constexpr ir::AttributeId kStrength{1};
constexpr ir::AttributeId kTrust{2};

class Maker {
 public:
  explicit Maker(std::uint32_t seed) : random_(seed) {}

  ir::World make() {
    nouns();
    for (int i = 0; i < 10; ++i) rule(pick(4));
    claims();
    return std::move(world_);
  }

 private:
  unsigned pick(unsigned n) { return static_cast<unsigned>(random_() % n); }

  ir::SentenceId sentence(std::string text) {
    world_.sentences.push_back({{}, std::move(text), false, false});
    return ir::SentenceId{world_.sentences.size() - 1};
  }

  void nouns() {
    world_.module = "random";
    world_.flow = whole_flow_map();
    world_.labels = {{"Public", {ir::LabelId{0}, ir::LabelId{1}}}, {"Secret", {ir::LabelId{1}}}};
    world_.attributes = {{"mfa", ir::Source::Context, {ir::TypeKind::Bool, {}}, false},
                         {"strength", ir::Source::Context, {ir::TypeKind::Int, {}}, true},
                         {"trust", ir::Source::Subject, {ir::TypeKind::Int, {}}, false}};
    world_.volumes = {{"own", ir::VolumeKind::OwnRoot, "", 0, {}},
                      {"host", ir::VolumeKind::Host, "", 0, {}},
                      {"Data", ir::VolumeKind::Declared, "", 0, {}},
                      {"Srv", ir::VolumeKind::Declared, "/a", 0, {}}};
    world_.syscalls = {{"read", 0, 63}, {"write", 1, 64}, {"personality", 135, 92}};
    world_.capability_names = {"chown", "kill"};
    for (const char* name : {"A", "B", "C"}) {
      ir::Subject subject;
      subject.name = name;
      subject.sentence = sentence(std::string("container ") + name);
      subject.attributes = {{kTrust, std::int64_t{pick(3)}}};
      if (pick(8) == 0) subject.namespaces[0].mode = ir::NamespaceSetting::Mode::Host;
      if (pick(2) == 0) subject.reserve.memory = ir::Quantity{pick(100), subject.sentence};
      world_.subjects.push_back(std::move(subject));
    }
    ir::Subject host;
    host.name = "Node";
    host.kind = ir::SubjectKind::Host;
    host.capacity.memory = ir::Quantity{120, sentence("host Node")};
    world_.subjects.push_back(std::move(host));
    ir::ObjectSet secrets;
    secrets.name = "Secrets";
    secrets.patterns = files();
    secrets.label = ir::LabelId{1};
    world_.sets.push_back(std::move(secrets));
  }

  ir::ObjectPatterns files() {
    ir::ObjectPatterns patterns;
    for (unsigned i = 0; i <= pick(2); ++i) {
      const ir::VolumeId volume{pick(4)};
      const bool carried = volume.index() == 3 && pick(2) == 0;
      patterns.files.push_back({volume, random_glob(random_), carried ? "/a" : ""});
    }
    return patterns;
  }

  ir::ObjectPatterns objects(ir::Plane plane) {
    ir::ObjectPatterns patterns;
    static const char* const kNets[] = {"10.0.0.0/8", "127.0.0.1", "0.0.0.0/0", "::1", "fd00::/16", "10.0.0.1"};
    switch (plane) {
      case ir::Plane::File:
        return files();
      case ir::Plane::Net:
        for (unsigned i = 0; i <= pick(2); ++i) {
          ir::NetPattern net = *ir::parse_net_range(kNets[pick(6)]);
          if (pick(2) == 0) net.first_port = net.last_port = static_cast<std::uint16_t>(79 + pick(3));
          net.protos = static_cast<std::uint8_t>(1 + pick(7));
          patterns.nets.push_back(net);
        }
        break;
      case ir::Plane::Syscall:
        patterns.syscalls = {ir::SyscallId{pick(3)}};
        if (pick(3) == 0) patterns.syscalls.push_back(ir::kUnknownSyscall);
        break;
      case ir::Plane::KernelCapability:
        patterns.capabilities = {static_cast<std::uint8_t>(pick(2))};
        break;
    }
    return patterns;
  }

  ExprId add(ir::Expr expr) {
    world_.exprs.push_back(std::move(expr));
    return ExprId{world_.exprs.size() - 1};
  }
  ExprId number(std::int64_t value) {
    ir::Expr expr;
    expr.type.kind = ir::TypeKind::Int;
    expr.value = value;
    return add(expr);
  }
  ExprId attribute(ir::AttributeId id, Op op = Op::Attribute) {
    ir::Expr expr;
    expr.op = op;
    expr.source = world_.at(id).source;
    expr.attribute = id;
    if (op == Op::Attribute) expr.type = world_.at(id).type;
    return add(expr);
  }
  ExprId field(ir::ObjectField which, ir::TypeKind kind) {
    ir::Expr expr;
    expr.op = Op::Field;
    expr.field = which;
    expr.type.kind = kind;
    return add(expr);
  }
  ExprId join(Op op, std::vector<ExprId> args, ir::TypeKind kind = ir::TypeKind::Bool) {
    ir::Expr expr;
    expr.op = op;
    expr.type.kind = kind;
    expr.args = std::move(args);
    return add(expr);
  }
  ExprId like(ExprId path) {
    ir::Expr expr;
    expr.op = Op::Like;
    expr.value = random_glob(random_);
    expr.args = {path};
    return add(expr);
  }
  ExprId label_at_most() {
    ir::Expr limit;
    limit.type.kind = ir::TypeKind::Label;
    limit.value = ir::LabelId{pick(2)};
    const ExprId object = field(ir::ObjectField::Label, ir::TypeKind::Label);
    return join(pick(2) == 0 ? Op::LessEqual : Op::Equal, {object, add(limit)});
  }

  ExprId condition(ir::Plane plane) {
    const ExprId level = attribute(kStrength);
    switch (pick(5)) {
      case 0:
        return attribute(kMfa);
      case 1:
        return join(Op::Not, {attribute(kMfa)});
      case 2:
        return join(Op::And, {attribute(kStrength, Op::Has), join(Op::GreaterEqual, {level, number(3)})});
      case 3:
        return join(Op::Less, {level, number(3)});  // an error without a value
      default:
        break;
    }
    switch (plane) {
      case ir::Plane::File:
        return pick(2) == 0 ? like(field(ir::ObjectField::Path, ir::TypeKind::Path)) : label_at_most();
      case ir::Plane::Net:
        return join(Op::InRange, {field(ir::ObjectField::Port, ir::TypeKind::Int), number(80), number(1024)});
      case ir::Plane::Syscall: {
        const ExprId masked =
            join(Op::BitAnd, {field(ir::ObjectField::Argument0, ir::TypeKind::Int), number(3)}, ir::TypeKind::Int);
        return join(Op::Equal, {masked, number(pick(5))});
      }
      case ir::Plane::KernelCapability:
        break;
    }
    return join(Op::Greater, {attribute(kTrust), number(0)});
  }

  ir::Rights rights(ir::Plane plane) {
    ir::Rights chosen;
    for (const ir::Right right : ir::kAllRights)
      if (ir::plane_of(right) == plane && (chosen.empty() || pick(2) == 0)) chosen = chosen | right;
    return chosen;
  }

  void rule(unsigned plane_number) {
    ir::Rule rule;
    rule.plane = ir::kAllPlanes[plane_number];
    rule.effect = pick(3) == 0 ? ir::Effect::Forbid : ir::Effect::Permit;
    if (pick(4) != 0) rule.subject = ir::SubjectId{pick(3)};
    rule.rights = rights(rule.plane);
    rule.objects = objects(rule.plane);
    if (pick(12) == 0) {
      rule.objects = {};
      rule.objects.everything = true;
    }
    if (pick(3) == 0) rule.when = condition(rule.plane);
    rule.sentence = sentence("rule " + std::to_string(world_.rules.size()));
    world_.rules.push_back(std::move(rule));
  }

  void claim(ir::ClaimForm form) {
    ir::Claim claim;
    claim.name = "claim" + std::to_string(world_.claims.size());
    claim.form = std::move(form);
    claim.sentence = sentence("prove " + claim.name);
    world_.claims.push_back(std::move(claim));
  }

  void claims() {
    const auto subject = [&] { return ir::SubjectRef{ir::SubjectId{pick(3)}}; };
    for (const ir::Plane plane : ir::kAllPlanes) {
      const auto asked = [&] { return ir::ClaimObjects{plane, objects(plane), "Objects"}; };
      claim(ir::Cannot{subject(), rights(plane), asked()});
      claim(ir::Can{subject(), rights(plane), asked(), false});
      claim(ir::Can{subject(), rights(plane), asked(), true});
      claim(ir::NotGranted{subject(), rights(plane), asked()});
    }
    const ir::SubjectRef a{ir::SubjectId{0}}, b{ir::SubjectId{1}}, c{ir::SubjectId{2}}, host{ir::SubjectId{3}};
    claim(ir::Isolated{{a}, {b, c}});
    claim(ir::Isolated{{a}, {host}});
    claim(ir::Protected{{c}, {host}});
    claim(ir::Refines{a, b});
    claim(ir::Equivalent{b, c});
    claim(ir::Fits{host.fixed});
    claim(ir::Guaranteed{a, {{ir::Resource::Memory, 20}}});
  }

  std::mt19937 random_;
  ir::World world_;
};

}  // namespace

ir::World random_world(std::uint32_t seed) {
  return Maker(seed).make();
}

std::vector<ir::Object> small_objects(const ir::World& world, ir::Plane plane) {
  std::vector<ir::Object> objects;
  switch (plane) {
    case ir::Plane::File: {
      static const auto kPaths = short_paths(4);
      for (std::size_t volume = 0; volume < world.volumes.size(); ++volume)
        for (const std::string& path : kPaths) objects.emplace_back(ir::FileObject{ir::VolumeId{volume}, path});
      break;
    }
    case ir::Plane::Net:
      for (const char* text : {"10.0.0.1", "10.1.0.0", "127.0.0.1", "8.8.8.8", "::1", "fd00::1", "2000::1"})
        for (const std::uint16_t port : {std::uint16_t{0}, std::uint16_t{79}, std::uint16_t{80}, std::uint16_t{81},
                                         std::uint16_t{1024}, std::uint16_t{1025}})
          for (const auto proto : {ir::Proto::Tcp, ir::Proto::Udp, ir::Proto::Other})
            objects.emplace_back(ir::NetObject{ir::parse_net_range(text)->first, port, proto});
      break;
    case ir::Plane::Syscall:
      for (std::size_t number = 0; number <= world.syscalls.size(); ++number)
        for (std::uint64_t argument = 0; argument < 5; ++argument)
          objects.emplace_back(ir::SyscallObject{
              number < world.syscalls.size() ? ir::SyscallId{number} : ir::kUnknownSyscall, {argument, 0, 0, 0, 0, 0}});
      break;
    case ir::Plane::KernelCapability:
      for (std::uint8_t number = 0; number < 4; ++number) objects.emplace_back(ir::CapabilityObject{number});
      break;
  }
  return objects;
}

std::vector<std::map<ir::AttributeId, ir::Value>> small_contexts(const ir::World&) {
  std::vector<std::map<ir::AttributeId, ir::Value>> contexts;
  for (const bool mfa : {false, true}) {
    contexts.push_back({{kMfa, mfa}});
    for (const std::int64_t strength : {2, 3}) contexts.push_back({{kMfa, mfa}, {kStrength, strength}});
  }
  return contexts;
}

}  // namespace bulkhead::samples
