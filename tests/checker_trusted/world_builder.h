// Builds worlds by hand, so that the checker is tested apart from the front end.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lang/ir/net_range.h"
#include "lang/ir/world.h"
#include "tests/support/flow_map.h"

namespace bulkhead::testing {

class WorldBuilder {
 public:
  WorldBuilder() {
    world.module = "test";
    world.flow = samples::whole_flow_map();
    volume("own", ir::VolumeKind::OwnRoot);
    volume("host", ir::VolumeKind::Host);
  }

  ir::SentenceId sentence(std::string text) {
    world.sentences.push_back({{}, std::move(text), false, false});
    return ir::SentenceId{world.sentences.size() - 1};
  }
  ir::VolumeId volume(std::string name, ir::VolumeKind kind = ir::VolumeKind::Declared, std::string source = "") {
    ir::Volume made;
    made.name = name;
    made.kind = kind;
    made.host_source = std::move(source);
    made.sentence = sentence("volume " + name);
    world.volumes.push_back(std::move(made));
    return ir::VolumeId{world.volumes.size() - 1};
  }
  ir::SubjectId subject(std::string name, ir::SubjectKind kind = ir::SubjectKind::Container) {
    ir::Subject made;
    made.name = name;
    made.kind = kind;
    made.sentence = sentence("container " + name);
    world.subjects.push_back(std::move(made));
    return ir::SubjectId{world.subjects.size() - 1};
  }
  ir::SyscallId syscall(std::string name) {
    world.syscalls.push_back({std::move(name), static_cast<std::int32_t>(world.syscalls.size()), -1});
    return ir::SyscallId{world.syscalls.size() - 1};
  }
  /// Labels of a chain, lowest first.
  void labels(const std::vector<std::string>& names) {
    for (std::size_t i = 0; i < names.size(); ++i) {
      ir::Label label{names[i], {}};
      for (std::size_t j = i; j < names.size(); ++j) label.below.push_back(ir::LabelId{j});
      world.labels.push_back(std::move(label));
    }
  }
  void label_set(ir::LabelId label, ir::ObjectPatterns patterns) {
    world.sets.push_back({"set", ir::Plane::File, std::move(patterns), label, sentence("file set")});
  }
  ir::AttributeId attribute(std::string name, ir::Source source, ir::TypeKind kind, bool optional) {
    world.attributes.push_back({std::move(name), source, {kind, {}}, optional});
    return ir::AttributeId{world.attributes.size() - 1};
  }

  ir::ExprId expr(ir::Op op, ir::Value value = false, std::vector<ir::ExprId> args = {}) {
    ir::Expr made;
    made.op = op;
    made.value = std::move(value);
    made.args = std::move(args);
    world.exprs.push_back(std::move(made));
    return ir::ExprId{world.exprs.size() - 1};
  }
  ir::ExprId number(std::int64_t value) { return expr(ir::Op::Constant, value); }
  ir::ExprId field(ir::ObjectField which) {
    const auto id = expr(ir::Op::Field);
    world.exprs.back().field = which;
    return id;
  }
  ir::ExprId read(ir::AttributeId attribute) { return attribute_node(ir::Op::Attribute, attribute); }
  ir::ExprId has(ir::AttributeId attribute) { return attribute_node(ir::Op::Has, attribute); }

  ir::RuleId rule(ir::Effect effect, std::optional<ir::SubjectId> subject, ir::Rights rights, ir::Plane plane,
                  ir::ObjectPatterns objects, std::optional<ir::ExprId> when = std::nullopt) {
    ir::Rule made;
    made.effect = effect;
    made.subject = subject;
    made.rights = rights;
    made.plane = plane;
    made.objects = std::move(objects);
    made.when = when;
    made.sentence = sentence("rule " + std::to_string(world.rules.size()));
    world.rules.push_back(std::move(made));
    return ir::RuleId{world.rules.size() - 1};
  }
  ir::RuleId permit(ir::SubjectId s, ir::Rights rights, ir::ObjectPatterns objects,
                    std::optional<ir::ExprId> when = std::nullopt) {
    return rule(ir::Effect::Permit, s, rights, plane_of_any(rights), std::move(objects), when);
  }
  ir::RuleId forbid(ir::SubjectId s, ir::Rights rights, ir::ObjectPatterns objects,
                    std::optional<ir::ExprId> when = std::nullopt) {
    return rule(ir::Effect::Forbid, s, rights, plane_of_any(rights), std::move(objects), when);
  }

  ir::ClaimId claim(ir::ClaimForm form, ir::ClaimMode mode = ir::ClaimMode::Prove,
                    std::optional<ir::Quantifier> quantifier = std::nullopt) {
    ir::Claim made;
    made.name = "claim_" + std::to_string(world.claims.size());
    made.mode = mode;
    made.quantifier = std::move(quantifier);
    made.form = std::move(form);
    made.text = made.name;
    made.sentence = sentence(made.name);
    world.claims.push_back(std::move(made));
    return ir::ClaimId{world.claims.size() - 1};
  }

  ir::World world;

 private:
  static ir::Plane plane_of_any(ir::Rights rights) {
    for (const ir::Right right : ir::kAllRights) {
      if (rights.has(right)) return ir::plane_of(right);
    }
    return ir::Plane::File;
  }
  ir::ExprId attribute_node(ir::Op op, ir::AttributeId attribute) {
    const auto id = expr(op);
    world.exprs.back().attribute = attribute;
    world.exprs.back().source = world.at(attribute).source;
    world.exprs.back().type = world.at(attribute).type;
    return id;
  }
};

inline ir::ObjectPatterns files(const std::vector<std::pair<ir::VolumeId, std::string>>& globs) {
  ir::ObjectPatterns patterns;
  for (const auto& [volume, glob] : globs) patterns.files.push_back({volume, glob, ""});
  return patterns;
}
inline ir::ObjectPatterns nets(const std::string& range, std::uint16_t first = 0, std::uint16_t last = 65535) {
  ir::NetPattern pattern = *ir::parse_net_range(range);
  pattern.first_port = first;
  pattern.last_port = last;
  ir::ObjectPatterns patterns;
  patterns.nets.push_back(pattern);
  return patterns;
}
inline ir::ClaimObjects objects(ir::Plane plane, ir::ObjectPatterns patterns, std::string text = "Objects") {
  return {plane, std::move(patterns), std::move(text)};
}
inline ir::Cannot cannot(ir::SubjectId subject, ir::Rights rights, ir::ClaimObjects of) {
  return {{subject}, rights, std::move(of)};
}
inline ir::Can can(ir::SubjectId subject, ir::Rights rights, ir::ClaimObjects of, bool every = false) {
  return {{subject}, rights, std::move(of), every};
}

}  // namespace bulkhead::testing
