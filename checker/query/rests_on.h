// Which models a verdict rests on, by hash. [semantics 5]
#pragma once

#include <map>
#include <string>
#include <vector>

#include "lang/base/sha256.h"
#include "lang/ir/world.h"

namespace bulkhead::query {

/// A model, protocol or variant, or the flow map.
struct Basis {
  struct Assumption {
    std::string name;  // "no_collision"
    std::string text;  // the whole sentence
  };
  std::string name;                     // "Memory", "Memory.Stale", "flow"
  source::Span span;                    // where it is written; no file: the flow map, which several files may make
  Digest digest{};                      // SHA-256 of its canonical text (lang/system/dump.h, lang/ir/flow_text.h)
  std::vector<Assumption> assumptions;  // every `assume` of it
};

/// What claims rest on. Each text is made and hashed once.
///
/// Requires: the world outlives this.
class Bases {
 public:
  explicit Bases(const ir::World& world) : world_(world) {}

  /// Of a claim about a model: that model as it is decided, composed and filled from the policy, then those whose
  /// sentences stand in it: the model of a variant, the components of a composition. Of a claim about influence: the
  /// flow map. Nothing for claims that rest on the policy alone.
  std::vector<Basis> of(const ir::Claim& claim);

 private:
  const Basis& basis(ir::SystemId system);

  const ir::World& world_;
  std::map<ir::SystemId, Basis> known_;
};

}  // namespace bulkhead::query
