// The sentences of models, and what each can be changed into: what coverage by mutation tries of them. Internal to
// checker/query, but for `tried`.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "lang/ir/world.h"

namespace bulkhead::query {

/// One change of a sentence, wherever it stands: in its model, in variants of that and in compositions. Where no step
/// takes an action any more, it is narrowed; everything else widens.
struct ModelChange {
  enum class Kind : std::uint8_t {
    DropAction,    // it never fires
    DropConjunct,  // of the guard: `part`, as it is spelled
    DropUpdate,    // what stands at `span` is no longer assigned
    DropInitial,   // any initial value
    DropProperty,  // an assumption, an invariant or a lemma
    DropView       // it shows nothing
  } kind = Kind::DropAction;
  source::Span span;
  std::string part{};  // of DropUpdate: as it was written
};

/// A sentence of a model that the user wrote, with every change that is tried of it. An invariant or a view that some
/// claim is about has none: without it that claim would not be one.
struct ModelSentence {
  ir::SentenceId sentence;
  std::vector<ModelChange> changes;
};

/// In the order of the world's sentences, each once.
std::vector<ModelSentence> model_sentences(const ir::World& world);

/// Whether the sentence stands in a model, a variant or a protocol.
bool is_of_model(const ir::World& world, ir::SentenceId sentence);

/// The system after the change; none where it is the same as before.
///
/// Ensures: ids of the system mean the same in it.
std::optional<system::System> changed(const system::System& system, const ModelChange& change);

/// What is tried of each sentence of a model, in words: "without it", "without `open`".
std::map<ir::SentenceId, std::vector<std::string>> tried(const ir::World& world);

}  // namespace bulkhead::query
