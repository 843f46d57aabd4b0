// What a policy says of the life of its containers, and of the images and keys that they start with.
//
// Nothing here acts: models/lifecycle.bh says what a node does that follows these sentences, and claims are about that.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "lang/ir/ids.h"

namespace bulkhead::ir {

/// Words of the language, in the order of their enumerators.
inline constexpr std::string_view kTriggers[] = {"idle", "revoked", "expired"};
inline constexpr std::string_view kAnswers[] = {"sleep", "purge"};
inline constexpr std::string_view kUpdateChannels[] = {"fast", "stable", "experimental"};
inline constexpr std::string_view kImageTrusts[] = {"low", "medium", "high"};

/// Nothing was done for some time; the node was told that what runs is revoked; what it was signed for is over.
enum class Trigger : std::uint8_t { Idle, Revoked, Expired };
enum class Answer : std::uint8_t { Sleep, Purge };
enum class UpdateChannel : std::uint8_t { Fast, Stable, Experimental };
enum class ImageTrust : std::uint8_t { Low, Medium, High };

/// `idle 10 min -> sleep;` of a container; each trigger has one answer.
struct LifeRule {
  Trigger trigger = Trigger::Idle;
  std::uint64_t after_ms = 0;  // of Idle alone
  Answer answer = Answer::Sleep;
  SentenceId sentence;
};

/// `image "kai/agent-runtime" { digest sha256:...; channel stable; trust high; contract "behavior.contract.json"; }`
struct Image {
  std::string name;
  std::string digest;  // "sha256:" and 64 digits; empty where the sentence gives none, or `...`
  std::optional<UpdateChannel> channel;
  std::optional<ImageTrust> trust;
  std::string contract;  // a file, or empty
  SentenceId sentence;
};

/// `key TrustBoard { alg ml_dsa_87; }`
struct Key {
  std::string name;
  std::string algorithm;  // or empty
  SentenceId sentence;
};

}  // namespace bulkhead::ir
