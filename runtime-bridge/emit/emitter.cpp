#include "runtime-bridge/emit/emitter.h"

#include "lang/base/check.h"

#include "runtime-bridge/emit/cgroup/cgroup.h"
#include "runtime-bridge/emit/landlock/json.h"
#include "runtime-bridge/emit/landlock/landlock.h"
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
    auto made = landlock::emit(world, container, request.landlock_abi);
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
  static const TableEmitter kTable;
  static const SeccompEmitter kSeccomp;
  static const SeccompJsonEmitter kSeccompJson;
  static const LandlockEmitter kLandlock;
  static const NftablesEmitter kNftables;
  static const CgroupEmitter kCgroup;
  static const OciEmitter kOci;
  switch (target) {
    case Target::Table:
      return kTable;
    case Target::Seccomp:
      return kSeccomp;
    case Target::SeccompJson:
      return kSeccompJson;
    case Target::Landlock:
      return kLandlock;
    case Target::Nftables:
      return kNftables;
    case Target::Cgroup:
      return kCgroup;
    case Target::Oci:
      return kOci;
  }
  BH_CHECK(false, "a target without an emitter");
  return kTable;
}

Emitted emit(const query::ProvedPolicy& policy, Target target, ir::SubjectId container,
             const source::SourceMap& sources, const Request& request) {
  return emitter_of(target).from_world(policy.world(), container, sources, request);
}

}  // namespace bulkhead::emit
