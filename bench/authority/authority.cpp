// Claims about authority in policies where rights go round: n containers in a ring, each with ten delegations to
// others, one of which holds a right on a part of a volume. What nobody hands on is never acquired; what is handed on
// is, by everybody.
#include <benchmark/benchmark.h>

#include <random>
#include <string>
#include <vector>

#include "checker/certificate/check.h"
#include "checker/engine/engine.h"
#include "lang/base/check.h"

namespace bulkhead {
namespace {

constexpr std::uint32_t kSeed = 4;
constexpr std::size_t kEach = 10;  // delegations of one container

ir::SentenceId sentence(ir::World& world, std::string text) {
  world.sentences.push_back({{}, std::move(text), false, false});
  return ir::SentenceId{world.sentences.size() - 1};
}

ir::ObjectPatterns files(std::string glob) {
  ir::ObjectPatterns patterns;
  patterns.files.push_back({ir::VolumeId{2}, std::move(glob), ""});
  return patterns;
}

void permit(ir::World& world, std::size_t subject, std::string glob) {
  ir::Rule rule;
  rule.subject = ir::SubjectId{subject};
  rule.rights = ir::Right::Read;
  rule.objects = files(std::move(glob));
  rule.sentence = sentence(world, "may read");
  world.rules.push_back(std::move(rule));
}

void delegate(ir::World& world, std::size_t from, std::size_t to, std::string glob) {
  ir::Delegation one;
  one.from = ir::SubjectId{from};
  one.to = ir::SubjectId{to};
  one.rights = ir::Right::Read;
  one.onward = true;
  one.objects = files(std::move(glob));
  one.sentence = sentence(world, "may delegate read");
  world.delegations.push_back(std::move(one));
}

void claim(ir::World& world, std::size_t subject, std::string glob, ir::ClaimMode mode) {
  ir::Claim made;
  made.name = "claim" + std::to_string(world.claims.size());
  made.mode = mode;
  made.form = ir::CannotAcquire{{ir::SubjectId{subject}}, ir::Right::Read, {ir::Plane::File, files(glob), glob}};
  made.sentence = sentence(world, "prove " + made.name);
  world.claims.push_back(std::move(made));
}

/// `claims` of each kind, about containers all round the ring.
ir::World ring(std::size_t containers, std::size_t claims) {
  ir::World world;
  world.module = "ring";
  world.volumes = {{"own", ir::VolumeKind::OwnRoot, "", 0, {}},
                   {"host", ir::VolumeKind::Host, "", 0, {}},
                   {"Disk", ir::VolumeKind::Declared, "", 0, {}}};
  std::mt19937 random(kSeed);
  constexpr const char* kParts[] = {"/public/**", "/team/*/shared/**", "/{news,docs}/**", "/public/images/**"};
  for (std::size_t i = 0; i < containers; ++i) {
    ir::Subject subject;
    subject.name = "C" + std::to_string(i);
    subject.sentence = sentence(world, "container");
    world.subjects.push_back(std::move(subject));
  }
  permit(world, 0, "/**");
  for (std::size_t i = 0; i < containers; ++i) {
    permit(world, i, "/own/" + std::to_string(i % 16) + "/**");
    delegate(world, i, (i + 1) % containers, kParts[0]);
    for (std::size_t k = 1; k < kEach; ++k) delegate(world, i, random() % containers, kParts[random() % 4]);
  }
  for (std::size_t i = 0; i < claims; ++i) {
    const std::size_t subject = 1 + i * (containers - 1) / claims;
    claim(world, subject, "/secret/**", ir::ClaimMode::Prove);
    claim(world, subject, "/public/**", ir::ClaimMode::Refute);
  }
  return world;
}

void proved_and_certified(benchmark::State& state) {
  const ir::World world = ring(static_cast<std::size_t>(state.range(0)), static_cast<std::size_t>(state.range(1)));
  for (auto _ : state) {
    engine::Session session(world);
    std::vector<obligation::Obligation> obligations;
    for (std::size_t i = 0; i < world.claims.size(); ++i) {
      obligations.push_back(std::move(obligation::obligation(session.rules(), ir::ClaimId{i}, {})).value());
    }
    const auto verdicts = engine::solve_all(obligations, session, 2);
    std::vector<certificate::Item> items;
    for (std::size_t i = 0; i < verdicts.size(); ++i) {
      BH_CHECK(verdicts[i].index() == i % 2, "secrets stay, and what is public goes round");
      items.push_back({obligations[i].claim, obligations[i].instance, &verdicts[i]});
    }
    for (const auto& checked : certificate::check(world, items, {})) {
      BH_CHECK(checked.outcome == certificate::Outcome::Accepted, "the evidence is accepted");
    }
  }
  state.counters["delegations"] = static_cast<double>(world.delegations.size());
  state.counters["claims"] = static_cast<double>(world.claims.size());
}
BENCHMARK(proved_and_certified)
    ->Args({30, 1})
    ->Args({300, 1})
    ->Args({300, 30})
    ->Args({1'000, 1})
    ->Args({3'000, 1})
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

}  // namespace
}  // namespace bulkhead
