// Every invariant of every model of the library, and of its variants, in small scopes: IC3, unrolling and the cone of
// influence against explicit search, and evidence for what holds.
#include <algorithm>
#include <filesystem>

#include "checker/conditions/conditions.h"
#include "checker/engine/slice.h"
#include "checker/explore/explore.h"
#include "checker/finite/evidence.h"
#include "checker/finite/finite.h"
#include "lang/system/replay.h"
#include "tests/checker_models/models.h"

namespace bulkhead::test {
namespace {

struct Counts {
  std::size_t holds = 0, violated = 0, certified = 0;
};

/// What explicit search says of an invariant in a scope, every other engine says, as far as both come to an end.
void compare(const system::System& system, const system::Theorem& theorem, const system::Scope& scope, Counts& counts) {
  explore::Options options;
  options.work = 1u << 21;
  options.reduction = explore::Reduction::Renames;
  const auto oracle = explore::search(system, theorem, scope, options);
  if (std::holds_alternative<explore::Stopped>(oracle)) return;
  const auto* shortest = std::get_if<explore::Found>(&oracle);
  const finite::Claim claim = finite::claim_of(system, theorem);
  const engine::Slice small = engine::slice(system, claim.formula, {});
  finite::Limits limits;
  limits.questions = 4'000;
  limits.conflicts = 20'000;
  const auto whole = finite::reachability(system, scope, claim, limits);
  const auto part = finite::reachability(small.system, scope, claim, limits);
  for (const auto* outcome : {&whole, &part}) {
    if (std::holds_alternative<finite::Open>(*outcome)) continue;
    EXPECT_EQ(std::holds_alternative<finite::Violated>(*outcome), shortest != nullptr) << system.name;
  }
  if (shortest != nullptr) {
    ++counts.violated;
    if (const auto* run = std::get_if<finite::Violated>(&whole)) {
      EXPECT_EQ(system::replay_violation(system, theorem, run->run), std::nullopt) << system.name;
    }
    if (shortest->run.steps.size() > 4) return;
    limits.depth = 4;
    const auto unrolled = finite::bounded(system, scope, claim, limits);
    if (const auto* run = std::get_if<finite::Violated>(&unrolled)) {
      EXPECT_EQ(run->run.steps.size(), shortest->run.steps.size()) << system.name;
    }
    return;
  }
  ++counts.holds;
  const auto* invariant = std::get_if<finite::Invariant>(&part);
  if (invariant == nullptr) return;
  finite::Invariant lifted = *invariant;
  lifted.excluded = engine::unsliced(system, small, scope, std::move(lifted.excluded));
  const auto evidence = finite::certify(system, scope, claim, lifted, limits);
  ASSERT_TRUE(evidence.ok()) << system.name << ": " << evidence.error();
  EXPECT_EQ(finite::objection(system, scope, claim, *evidence), std::nullopt) << system.name;
  ++counts.certified;
}

TEST(Library, EnginesAgreeWithExplicitSearchOnEveryModelInSmallScopes) {
  Counts counts;
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(BULKHEAD_SOURCE_DIR "/models")) {
    if (entry.path().extension() == ".bh") files.push_back(entry.path().string());
  }
  std::sort(files.begin(), files.end());
  for (const std::string& file : files) {
    const Loaded loaded = load_files({file});
    ASSERT_TRUE(loaded.program) << file << loaded.text();
    for (const system::System& system : loaded.program->world.systems) {
      if (!system::is_tabular(system)) continue;
      for (std::size_t i = 0; i < system.properties.size(); ++i) {
        if (system.properties[i].kind != system::PropertyKind::Invariant) continue;
        for (const std::uint32_t size : {1u, 2u}) {
          const system::Scope scope{std::vector<std::uint32_t>(system.sorts.size(), size)};
          if (!system::is_scope(system, scope)) continue;
          compare(system, {system::Always{system::PropertyId{i}}, {}}, scope, counts);
        }
      }
    }
  }
  EXPECT_GT(counts.holds, 60u);
  EXPECT_GT(counts.violated, 15u);
  EXPECT_GT(counts.certified, 30u);
}

}  // namespace
}  // namespace bulkhead::test
