#include "runtime-bridge/emit/emitter.h"

#include <cstdlib>

#include "lang/base/check.h"

#include "runtime-bridge/emit/cgroup/cgroup.h"
#include "runtime-bridge/emit/landlock/json.h"
#include "runtime-bridge/emit/landlock/landlock.h"
#include "runtime-bridge/emit/life.h"
#include "runtime-bridge/emit/nftables/nftables.h"
#include "runtime-bridge/emit/seccomp/generate.h"
#include "runtime-bridge/emit/seccomp/oci_json.h"
#include "runtime-bridge/emit/seccomp/plan.h"
#include "runtime-bridge/table/encode.h"

namespace bulkhead::emit {
namespace {

using table::Target;
using Emitted = Result<Artifact, EmitError>;

Emitted artifact(Target target, Result<std::string, EmitError> bytes) {
  if (!bytes.ok()) return fail(bytes.error());
  return Artifact{target, std::move(bytes).value(), {}};
}

class TableEmitter final : public Emitter {
  Emitted from_world(const ir::World& world, ir::SubjectId container, const source::SourceMap& sources,
                     const Request& request) const override {
    auto made = emit_table(world, container, sources, request.table);
    if (!made.ok()) return fail(made.error());
    return Artifact{Target::Table, table::encode(made->table), std::move(made->gaps)};
  }
};

class SeccompEmitter final : public Emitter {
  Emitted from_world(const ir::World& world, ir::SubjectId container, const source::SourceMap&,
                     const Request& request) const override {
    const auto plan = seccomp::plan_filter(world, container, request.table.native, seccomp::Flavour::Standalone);
    if (!plan.ok()) return fail(plan.error());
    const auto program = seccomp::generate(*plan);
    if (!program.ok()) return fail(program.error());
    return Artifact{Target::Seccomp, bpf::to_bytes(*program), {}};
  }
};

class SeccompJsonEmitter final : public Emitter {
  Emitted from_world(const ir::World& world, ir::SubjectId container, const source::SourceMap&,
                     const Request& request) const override {
    const auto plan = seccomp::plan_filter(world, container, request.table.native, seccomp::Flavour::Standalone);
    if (!plan.ok()) return fail(plan.error());
    return artifact(Target::SeccompJson, seccomp::oci_json(*plan));
  }
};

class LandlockEmitter final : public Emitter {
  Emitted from_world(const ir::World& world, ir::SubjectId container, const source::SourceMap&,
                     const Request& request) const override {
    auto made = landlock::emit(world, container, request.table.landlock_abi);
    if (!made.ok()) return fail(made.error());
    return Artifact{Target::Landlock, landlock::to_json(made->rules), std::move(made->gaps)};
  }
};

class NftablesEmitter final : public Emitter {
  Emitted from_world(const ir::World& world, ir::SubjectId container, const source::SourceMap&,
                     const Request&) const override {
    auto made = nftables::emit(world, container);
    if (!made.ok()) return fail(made.error());
    return Artifact{Target::Nftables, std::move(made->json), std::move(made->gaps)};
  }
};

class CgroupEmitter final : public Emitter {
  Emitted from_world(const ir::World& world, ir::SubjectId container, const source::SourceMap&,
                     const Request&) const override {
    return artifact(Target::Cgroup, cgroup::emit(world, container, cgroup::Version::V2));
  }
};

class OciEmitter final : public Emitter {
  Emitted from_world(const ir::World& world, ir::SubjectId container, const source::SourceMap& sources,
                     const Request& request) const override {
    auto inputs = request.oci;
    if (inputs.seccomp_json.empty()) {
      auto filter = emitter_of(Target::SeccompJson).from_world(world, container, sources, request);
      if (!filter.ok()) return fail(filter.error());
      inputs.seccomp_json = std::move(filter->bytes);
    }
    return artifact(Target::Oci, oci::emit(world, container, inputs));
  }
};

}  // namespace

const Emitter& emitter_of(Target target) {
  // A line of targets.def without a class of its name does not build.
  switch (target) {
#define BH_TARGET(id, name, extension, help) \
  case Target::id: {                         \
    static const id##Emitter kEmitter;       \
    return kEmitter;                         \
  }
#include "runtime-bridge/table/targets.def"
#undef BH_TARGET
  }
  BH_CHECK(false, "no such target");
  std::abort();
}

Emitted emit(const query::ProvedPolicy& policy, Target target, ir::SubjectId container,
             const source::SourceMap& sources, const Request& request) {
  Emitted made = emitter_of(target).from_world(policy.world(), container, sources, request);
  if (!made.ok()) return made;
  for (Gap& gap : unenforced_life(policy.world(), container)) made->gaps.push_back(std::move(gap));
  return made;
}

}  // namespace bulkhead::emit
