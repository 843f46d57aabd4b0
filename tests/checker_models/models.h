// Models as text, their claims decided and certified; what the tests of the engines for models are made of.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "checker/certificate/check.h"
#include "checker/certificate/file.h"
#include "checker/engine/engine.h"
#include "tests/lang_frontend/policy.h"

namespace bulkhead::test {

/// A module with its claims, by number.
struct Claims {
  explicit Claims(const std::string& text) : loaded(load_text("module test;\n" + text)) {
    if (!loaded.program) ADD_FAILURE() << loaded.text();
  }
  const ir::World& world() const { return loaded.program->world; }
  const system::System& system() const { return world().systems.front(); }

  obligation::Obligation obligation(std::size_t claim = 0) const {
    return obligation::obligation(world(), ir::ClaimId{claim}, {}).value();
  }
  verdict::Verdict decide(std::size_t claim = 0) const {
    engine::Session session(world());
    return engine::solve(obligation(claim), session);
  }
  certificate::Checked check(const verdict::Verdict& verdict, std::size_t claim = 0) const {
    return certificate::check(world(), {{ir::ClaimId{claim}, {}, &verdict}}, {}).front();
  }
  /// As the file says, read back.
  verdict::Verdict through_file(verdict::Verdict verdict, std::size_t claim = 0) const {
    certificate::seal(world(), ir::ClaimId{claim}, {}, verdict);
    const std::string text = certificate::write({"claim", {}, verdict});
    auto read = certificate::read(text);
    EXPECT_TRUE(read.ok());
    EXPECT_EQ(certificate::write(*read), text);
    return read->verdict;
  }

  Loaded loaded;
};

inline std::string told(const verdict::Verdict& verdict) {
  const auto* unknown = std::get_if<verdict::Unknown>(&verdict);
  return unknown == nullptr ? std::string(verdict::word(verdict)) : "unknown: " + unknown->reason;
}

inline std::string engine_of(const verdict::Verdict& verdict) {
  if (const auto* holds = std::get_if<verdict::Holds>(&verdict)) return holds->engine;
  const auto* violated = std::get_if<verdict::Violated>(&verdict);
  return violated == nullptr ? "" : violated->engine;
}

template <typename Evidence>
Evidence& evidence_of(verdict::Verdict& verdict) {
  return std::get<Evidence>(std::get<verdict::Holds>(verdict).certificate.evidence);
}

/// Accepted as it is and through its file.
inline void expect_accepted(const Claims& claims, const verdict::Verdict& verdict, std::size_t claim = 0) {
  const auto checked = claims.check(verdict, claim);
  EXPECT_EQ(checked.outcome, certificate::Outcome::Accepted) << checked.reason;
  const auto again = claims.check(claims.through_file(verdict, claim), claim);
  EXPECT_EQ(again.outcome, certificate::Outcome::Accepted) << again.reason;
}

inline void expect_rejected(const Claims& claims, const verdict::Verdict& verdict, std::size_t claim = 0) {
  EXPECT_EQ(claims.check(verdict, claim).outcome, certificate::Outcome::Rejected);
}

/// Frames that are mapped by their owner alone, if nobody forgets to unmap them; no lemma says so.
inline std::string memory(const std::string& claims, const std::string& lemma = "") {
  return R"bh(
model Memory {
    sort Container;  sort Frame;
    var owner:  Frame -> Container;
    var mapped: (Container, Frame) -> bool = false;
    action map(c: Container, f: Frame) when owner(f) == c do mapped(c, f) := true;
    action transfer(c, d: Container, f: Frame) when owner(f) == c do owner(f) := d, mapped(*, f) := false;
    )bh" +
         lemma +
         R"bh(
    invariant exclusive: forall c, d: Container, f: Frame. mapped(c, f) && mapped(d, f) -> c == d;
    variant Stale { drop update mapped in transfer; }
}
)bh" + claims;
}

}  // namespace bulkhead::test
