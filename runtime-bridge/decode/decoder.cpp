#include "runtime-bridge/decode/decoder.h"

#include <cstdlib>

#include "lang/base/check.h"

#include "runtime-bridge/decode/cgroup/cgroup.h"
#include "runtime-bridge/decode/landlock/landlock.h"
#include "runtime-bridge/decode/nftables/nftables.h"
#include "runtime-bridge/decode/oci/oci.h"
#include "runtime-bridge/decode/seccomp/diagram.h"
#include "runtime-bridge/decode/seccomp/oci.h"
#include "runtime-bridge/decode/seccomp/program.h"
#include "runtime-bridge/decode/table/table.h"
#include "runtime-bridge/table/bpf.h"

namespace bulkhead::decode {
namespace {

using Compared = Result<Comparison, DecodeError>;
using seccomp::Machine;
using table::Target;

/// The filter's answers against the policy's, as a comparison. What the policy refuses must be answered as it says: an
/// errno of 0 would tell the program that the call was done.
Compared filter_comparison(const Result<seccomp::Ref, std::string>& filter, const ir::World& world,
                           ir::SubjectId container, Machine machine, seccomp::Diagrams& diagrams) {
  if (!filter.ok()) return fail(DecodeError{filter.error()});
  const auto policy = seccomp::policy_answers(world, container, machine, seccomp::Flavour::Standalone, diagrams);
  if (!policy.ok()) return fail(DecodeError{policy.error()});
  Comparison out;
  const auto compared = seccomp::compare(*filter, *policy, diagrams);
  if (diagrams.exhausted()) out.undecided.emplace_back("the filter has too many states");
  if (!compared.equal) {
    (compared.only_refuses_more ? out.narrower : out.wider)
        .push_back({"invoke", seccomp::describe(compared, world, machine)});
  }
  return out;
}

Compared seccomp_json(const std::string& text, const ir::World& world, ir::SubjectId container, Machine machine) {
  seccomp::Diagrams diagrams;
  seccomp::Circumstances circumstances;
  circumstances.machine = machine;
  const auto meaning = seccomp::oci_meaning(text, world.syscalls, circumstances, diagrams);
  if (!meaning.ok()) return fail(meaning.error());
  return filter_comparison(*meaning, world, container, machine, diagrams);
}

class TableDecoder final : public Decoder {
  Compared compare(const std::string& bytes, const ir::World& world, ir::SubjectId container,
                   const Expected& expected) const override {
    return compare_table_bytes(bytes, world, container, expected);
  }
};

class SeccompDecoder final : public Decoder {
  Compared compare(const std::string& bytes, const ir::World& world, ir::SubjectId container,
                   const Expected& expected) const override {
    const auto program = bpf::from_bytes(bytes);
    if (!program) return fail(DecodeError{"the length is no multiple of 8"});
    seccomp::Diagrams diagrams;
    return filter_comparison(seccomp::meaning(*program, diagrams), world, container, expected.inputs.native, diagrams);
  }
};

class SeccompJsonDecoder final : public Decoder {
  Compared compare(const std::string& bytes, const ir::World& world, ir::SubjectId container,
                   const Expected& expected) const override {
    return seccomp_json(bytes, world, container, expected.inputs.native);
  }
};

class LandlockDecoder final : public Decoder {
  Compared compare(const std::string& bytes, const ir::World& world, ir::SubjectId container,
                   const Expected& expected) const override {
    const auto rules = landlock::decode(bytes);
    if (!rules.ok()) return fail(rules.error());
    return landlock::compare(*rules, world, container, expected.inputs.landlock_abi);
  }
};

class NftablesDecoder final : public Decoder {
  Compared compare(const std::string& bytes, const ir::World& world, ir::SubjectId container,
                   const Expected&) const override {
    const auto meaning = nftables::decode(bytes);
    if (!meaning.ok()) return fail(meaning.error());
    return nftables::compare(*meaning, world, container);
  }
};

class CgroupDecoder final : public Decoder {
  Compared compare(const std::string& bytes, const ir::World& world, ir::SubjectId container,
                   const Expected&) const override {
    const auto meaning = cgroup::decode(bytes);
    if (!meaning.ok()) return fail(meaning.error());
    return cgroup::compare(*meaning, world.at(container).limits);
  }
};

class OciDecoder final : public Decoder {
  Compared compare(const std::string& bytes, const ir::World& world, ir::SubjectId container,
                   const Expected& expected) const override {
    const auto meaning = oci::decode(bytes);
    if (!meaning.ok()) return fail(meaning.error());
    auto out = oci::compare(*meaning, world, container, {});
    if (meaning->seccomp.empty()) return out;  // said already
    const auto filter = seccomp_json(meaning->seccomp, world, container, expected.inputs.native);
    if (!filter.ok()) return fail(filter.error());
    for (const auto& each : filter->wider) out.wider.push_back(each);
    for (const auto& each : filter->narrower) out.narrower.push_back(each);
    for (const auto& each : filter->undecided) out.undecided.push_back(each);
    return out;
  }
};

}  // namespace

const Decoder& decoder_of(Target target) {
  // A line of targets.def without a class of its name does not build.
  switch (target) {
#define BH_TARGET(id, name, extension, help) \
  case Target::id: {                         \
    static const id##Decoder kDecoder;       \
    return kDecoder;                         \
  }
#include "runtime-bridge/table/targets.def"
#undef BH_TARGET
  }
  BH_CHECK(false, "no such target");
  std::abort();
}

}  // namespace bulkhead::decode
