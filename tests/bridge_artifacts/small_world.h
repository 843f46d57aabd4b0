// Worlds for artifact tests, built by hand: one container, a few volumes, rules in one line each.
#pragma once

#include <string>
#include <utility>

#include "lang/ir/net_range.h"
#include "lang/ir/world.h"

namespace bulkhead::testing {

struct SmallWorld {
  ir::World world;
  ir::SubjectId container{0};

  SmallWorld() {
    world.module = "test";
    world.volumes = {{"root", ir::VolumeKind::OwnRoot, {}, 0, {}}, {"host", ir::VolumeKind::Host, {}, 0, {}}};
    ir::Subject subject;
    subject.name = "Box";
    subject.rootfs_readonly = true;
    subject.user = 1000;
    subject.group = 1000;
    world.subjects.push_back(subject);
  }
  ir::Subject& box() { return world.subjects[0]; }

  ir::SentenceId sentence(const std::string& text) {
    world.sentences.push_back({{}, text, false, false});
    return ir::SentenceId{world.sentences.size() - 1};
  }
  ir::VolumeId mount(const std::string& name, const std::string& target, bool readonly,
                     const std::string& source = {}) {
    world.volumes.push_back({name, ir::VolumeKind::Declared, source, 0, {}});
    const ir::VolumeId id{world.volumes.size() - 1};
    box().mounts.push_back({id, target, readonly, sentence("mount " + name)});
    if (readonly) rule(ir::Effect::Forbid, writing(), id, "/**");
    return id;
  }
  static ir::Rights writing() { return ir::Rights(ir::Right::Write) | ir::Right::Rename | ir::Right::Link; }

  ir::Rule& rule(ir::Effect effect, ir::Rights rights, ir::VolumeId volume, const std::string& glob) {
    ir::Rule rule;
    rule.effect = effect;
    rule.rights = rights;
    rule.subject = container;
    rule.objects.files.push_back({volume, glob, {}});
    rule.sentence = sentence(glob);
    world.rules.push_back(rule);
    return world.rules.back();
  }
  void may(ir::Rights rights, ir::VolumeId volume, const std::string& glob) {
    rule(ir::Effect::Permit, rights, volume, glob);
  }
  void never(ir::Rights rights, ir::VolumeId volume, const std::string& glob) {
    rule(ir::Effect::Forbid, rights, volume, glob);
  }

  void net(ir::Effect effect, ir::Right right, const std::string& range, std::uint16_t first, std::uint16_t last,
           std::uint8_t protos) {
    ir::Rule rule;
    rule.effect = effect;
    rule.rights = right;
    rule.plane = ir::Plane::Net;
    rule.subject = container;
    auto pattern = ir::parse_net_range(range).value();
    pattern.first_port = first;
    pattern.last_port = last;
    pattern.protos = protos;
    rule.objects.nets.push_back(pattern);
    rule.sentence = sentence(range);
    world.rules.push_back(rule);
  }
};

}  // namespace bulkhead::testing
