// The seam as `bulkhead emit` goes through it: every policy of specs/ and examples/ is proved, every container of it is
// written as every target of targets.def, and what was written is decoded and proved to be the policy.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <memory>

#include "checker/query/prove.h"
#include "checker/query/proved_policy.h"
#include "lang/frontend/load.h"
#include "runtime-bridge/decode/decoder.h"
#include "runtime-bridge/emit/emitter.h"

namespace bulkhead {
namespace {

struct Spec {
  source::SourceMap sources;
  std::optional<query::ProvedPolicy> proved;
};

std::unique_ptr<Spec> proved_spec(const std::string& file) {
  auto spec = std::make_unique<Spec>();
  diag::DiagnosticList sink;
  frontend::LoadOptions options;
  options.model_paths = {BULKHEAD_SOURCE_DIR "/models"};
  auto program = frontend::load({file}, options, spec->sources, sink);
  if (!program) {
    ADD_FAILURE() << file << " does not load";
    return spec;
  }
  ir::World world = query::with_default_claims(program->world);
  const query::ProveOptions prove;
  query::Proof proof = query::prove(world, prove);
  auto proved = query::certify(std::move(world), std::move(proof), prove.second_solver);
  EXPECT_TRUE(proved.ok()) << file << ": " << (proved.ok() ? "" : proved.error().reason);
  if (proved.ok()) spec->proved = std::move(*proved);
  return spec;
}

/// What is about mechanisms alone has nothing to emit.
bool has_containers(const std::filesystem::path& path) {
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    if (line.rfind("container ", 0) == 0) return true;
  }
  return false;
}

std::vector<std::string> specs() {
  std::vector<std::string> files;
  for (const char* folder : {"/specs", "/examples"}) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(BULKHEAD_SOURCE_DIR + std::string(folder))) {
      if (entry.path().extension() == ".bh" && has_containers(entry.path())) files.push_back(entry.path().string());
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

bool named(const decode::Difference& narrower, const std::vector<emit::Gap>& gaps) {
  const bool moves = narrower.what == "rename" || narrower.what == "link";
  return std::any_of(gaps.begin(), gaps.end(), [&](const emit::Gap& gap) {
    return gap.what == narrower.what || (moves && gap.what == "move to another folder");
  });
}

/// No table says how two containers are started together, and no other format names the one whose namespace it is.
bool shares_a_namespace(const ir::Subject& container) {
  return std::any_of(container.namespaces.begin(), container.namespaces.end(), [](const ir::NamespaceSetting& setting) {
    return setting.mode == ir::NamespaceSetting::Mode::With;
  });
}

class Seam : public ::testing::TestWithParam<std::string> {};

TEST_P(Seam, EveryTargetOfEveryContainerIsProvedToBeThePolicy) {
  const auto spec = proved_spec(GetParam());
  ASSERT_TRUE(spec->proved);
  const ir::World& world = spec->proved->world();
  std::size_t containers = 0;
  for (std::size_t i = 0; i < world.subjects.size(); ++i) {
    if (world.subjects[i].kind != ir::SubjectKind::Container) continue;
    ++containers;
    for (const table::TargetInfo& info : table::kTargets) {
      for (const bpf::Machine machine : {bpf::Machine::X86_64, bpf::Machine::Aarch64}) {
        const ir::SubjectId subject{i};
        const std::string what = world.at(subject).name + " as " + std::string(info.name);
        emit::Request request;
        request.table.native = machine;
        request.table.policy = sha256("sources");
        for (const ir::Volume& volume : world.volumes) request.oci.volume_sources[volume.name] = "/srv/" + volume.name;
        const auto made = emit::emit(*spec->proved, info.target, subject, spec->sources, request);
        if (!made.ok() && shares_a_namespace(world.at(subject))) {
          EXPECT_NE(made.error().reason.find("another container"), std::string::npos) << made.error().reason;
          continue;
        }
        EXPECT_FALSE(info.target == table::Target::Table && shares_a_namespace(world.at(subject))) << what;
        ASSERT_TRUE(made.ok()) << what << ": " << made.error().reason;
        const decode::Decoder& decoder = decode::decoder_of(info.target);
        const decode::Expected expected{spec->sources, request.table};
        const auto compared = decoder.compare(made->bytes, world, subject, expected);
        ASSERT_TRUE(compared.ok()) << what << ": " << compared.error().reason;
        for (const auto& item : compared->wider)
          ADD_FAILURE() << what << " allows " << item.what << " " << item.witness;
        for (const auto& item : compared->misattributed)
          ADD_FAILURE() << what << " says " << item.what << " " << item.witness;
        for (const auto& item : compared->undecided) ADD_FAILURE() << what << ": " << item;
        for (const auto& item : compared->narrower) {
          EXPECT_TRUE(named(item, made->gaps)) << what << " lacks " << item.what << " " << item.witness;
        }
        // The decoder looks at the bytes: an empty artifact is never the policy.
        const auto nothing = decoder.compare("", world, subject, expected);
        EXPECT_FALSE(nothing.ok() && nothing->equal()) << what;
      }
    }
  }
  EXPECT_GT(containers, 0u);
}
INSTANTIATE_TEST_SUITE_P(Specs, Seam, ::testing::ValuesIn(specs()), [](const auto& spec) {
  const std::filesystem::path path(spec.param);
  return path.parent_path().filename().string() + "_" + path.stem().string();
});

}  // namespace
}  // namespace bulkhead
