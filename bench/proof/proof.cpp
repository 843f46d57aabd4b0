// Proof latency: n containers of one profile with own volumes, n claims of mixed forms; with and without certificate
// checks.
#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "checker/certificate/check.h"
#include "checker/engine/engine.h"
#include "lang/ir/net_range.h"

namespace bulkhead {
namespace {

ir::SentenceId sentence(ir::World& world, std::string text) {
  world.sentences.push_back({{}, std::move(text), false, false});
  return ir::SentenceId{world.sentences.size() - 1};
}

void rule(ir::World& world, ir::Effect effect, ir::SubjectId subject, ir::Rights rights, ir::ObjectPatterns objects) {
  ir::Rule made;
  made.effect = effect;
  made.subject = subject;
  made.rights = rights;
  made.plane = objects.nets.empty() ? ir::Plane::File : ir::Plane::Net;
  made.objects = std::move(objects);
  made.sentence = sentence(world, "rule " + std::to_string(world.rules.size()));
  world.rules.push_back(std::move(made));
}

ir::ObjectPatterns files(ir::VolumeId volume, std::vector<std::string> globs) {
  ir::ObjectPatterns patterns;
  for (std::string& glob : globs) patterns.files.push_back({volume, std::move(glob), ""});
  return patterns;
}

/// What a profile copies into each container, and one volume of its own.
void container(ir::World& world, std::size_t number) {
  const ir::SubjectId id{world.subjects.size()};
  ir::Subject subject;
  subject.name = "Agent" + std::to_string(number);
  subject.sentence = sentence(world, "container " + subject.name);
  subject.reserve.memory = ir::Quantity{1, subject.sentence};
  world.subjects.push_back(std::move(subject));
  world.volumes.push_back({"Data" + std::to_string(number), ir::VolumeKind::Declared, "", 0, {}});
  const ir::VolumeId own{world.volumes.size() - 1};
  const ir::Rights read = ir::Right::Read, execute = ir::Right::Execute, write = ir::Right::Write;
  rule(world, ir::Effect::Permit, id, read | execute,
       files(ir::kOwnRoot, {"/usr/**", "/lib/**", "/lib64/**", "/bin/**"}));
  rule(world, ir::Effect::Permit, id, read, files(ir::kOwnRoot, {"/etc/{hosts,resolv.conf,ssl/**}", "/proc/self/**"}));
  rule(world, ir::Effect::Forbid, id, write | ir::Right::Rename | ir::Right::Link, files(ir::kOwnRoot, {"/**"}));
  rule(world, ir::Effect::Forbid, id, read, files(ir::kOwnRoot, {"/**/.ssh/**", "/**/*.key"}));
  rule(world, ir::Effect::Permit, id, read | write, files(own, {"/**"}));
  rule(world, ir::Effect::Forbid, id, write, files(own, {"/config/**"}));
  ir::ObjectPatterns registry;
  registry.nets = {*ir::parse_net_range("10.0.7.0/24"), *ir::parse_net_range("fd00:7::/48")};
  if (number % 10 == 0) rule(world, ir::Effect::Permit, id, ir::Right::Connect, std::move(registry));
}

ir::World world_of(std::size_t containers) {
  ir::World world;
  world.module = "bench";
  world.volumes = {{"own", ir::VolumeKind::OwnRoot, "", 0, {}}, {"host", ir::VolumeKind::Host, "", 0, {}}};
  ir::Subject host;
  host.name = "Node";
  host.kind = ir::SubjectKind::Host;
  host.capacity.memory = ir::Quantity{1'000'000, sentence(world, "host Node")};
  world.subjects.push_back(std::move(host));
  for (std::size_t i = 0; i < containers; ++i) container(world, i);
  for (std::size_t i = 0; i < containers; ++i) {
    const ir::SubjectRef self{ir::SubjectId{1 + i}}, other{ir::SubjectId{1 + (i + 1) % containers}},
        node{ir::SubjectId{0}};
    ir::Claim claim;
    claim.name = "claim" + std::to_string(i);
    const ir::ObjectPatterns secrets = files(ir::kOwnRoot, {"/etc/{passwd,shadow}", "/root/**"});
    switch (i % 5) {
      case 0:
        claim.form = ir::Cannot{self, ir::Right::Read, {ir::Plane::File, secrets, "Secrets"}};
        break;
      case 1:
        claim.form = ir::Cannot{self, ir::Right::Write, {ir::Plane::File, files(ir::kOwnRoot, {"/**"}), "Root"}};
        break;
      case 2:
        claim.form = ir::Isolated{{self}, {node}};
        break;
      case 3:
        claim.form = ir::Isolated{{self}, {other}};
        break;
      case 4:
        claim.form =
            ir::Can{self, ir::Right::Read, {ir::Plane::File, files(ir::kOwnRoot, {"/usr/**"}), "Programs"}, false};
        break;
    }
    claim.sentence = sentence(world, "prove " + claim.name);
    world.claims.push_back(std::move(claim));
  }
  return world;
}

struct Run {
  std::vector<obligation::Obligation> obligations;
  std::vector<verdict::Verdict> verdicts;
};

Run solve(const ir::World& world, unsigned jobs) {
  Run run;
  for (std::size_t i = 0; i < world.claims.size(); ++i)
    for (const auto& instance : obligation::instances(world, ir::ClaimId{i}))
      run.obligations.push_back(std::move(obligation::obligation(world, ir::ClaimId{i}, instance)).value());
  engine::Session session(world);
  run.verdicts = engine::solve_all(run.obligations, session, jobs);
  return run;
}

void prove(benchmark::State& state) {
  const ir::World world = world_of(static_cast<std::size_t>(state.range(0)));
  std::size_t holds = 0;
  for (auto _ : state) {
    const Run run = solve(world, static_cast<unsigned>(state.range(1)));
    holds = 0;
    for (const auto& verdict : run.verdicts) holds += std::holds_alternative<verdict::Holds>(verdict) ? 1u : 0u;
  }
  state.counters["holds"] = static_cast<double>(holds);
}
BENCHMARK(prove)
    ->Args({10, 1})
    ->Args({100, 1})
    ->Args({100, 2})
    ->Args({1000, 2})
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

void prove_and_certify(benchmark::State& state) {
  const ir::World world = world_of(static_cast<std::size_t>(state.range(0)));
  std::size_t accepted = 0;
  for (auto _ : state) {
    const Run run = solve(world, 2);
    std::vector<certificate::Item> items;
    for (std::size_t i = 0; i < run.verdicts.size(); ++i)
      items.push_back({run.obligations[i].claim, run.obligations[i].instance, &run.verdicts[i]});
    accepted = 0;
    for (const auto& checked : certificate::check(world, items, {}))
      accepted += checked.outcome == certificate::Outcome::Accepted ? 1u : 0u;
  }
  state.counters["accepted"] = static_cast<double>(accepted);
}
BENCHMARK(prove_and_certify)->Arg(10)->Arg(100)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
}  // namespace bulkhead
