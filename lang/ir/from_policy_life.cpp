#include "lang/ir/from_policy_life.h"

#include <algorithm>

namespace bulkhead::ir {
namespace {

/// As declared; a container may name an image that nothing declares.
const Image* image_of(const World& world, const Subject& subject) {
  if (subject.image.empty()) return nullptr;
  const auto found = std::find_if(world.images.begin(), world.images.end(),
                                  [&](const Image& image) { return image.name == subject.image; });
  return found == world.images.end() ? nullptr : &*found;
}

SaidBy said(std::initializer_list<SentenceId> sentences) {
  std::vector<SentenceId> valid;
  for (const SentenceId one : sentences) {
    if (one.valid()) valid.push_back(one);
  }
  return valid;
}

}  // namespace

SaidBy says_signed(const World& world, SubjectId container) {
  const Subject& subject = world.at(container);
  if (subject.image.empty() || subject.image_key.empty()) return std::nullopt;
  return said({subject.image_sentence});
}

SaidBy says_digest(const World& world, SubjectId container) {
  const Subject& subject = world.at(container);
  const Image* image = image_of(world, subject);
  if (image == nullptr || image->digest.empty()) return std::nullopt;
  return said({subject.image_sentence, image->sentence});
}

SaidBy says_channel(const World& world, SubjectId container, UpdateChannel channel) {
  const Subject& subject = world.at(container);
  const Image* image = image_of(world, subject);
  if (image == nullptr || image->channel != channel) return std::nullopt;
  return said({subject.image_sentence, image->sentence});
}

SaidBy says_trust(const World& world, SubjectId container, ImageTrust trust) {
  const Subject& subject = world.at(container);
  const Image* image = image_of(world, subject);
  if (image == nullptr || image->trust != trust) return std::nullopt;
  return said({subject.image_sentence, image->sentence});
}

SaidBy says_level(const World& world, SubjectId container, Level level) {
  const Subject& subject = world.at(container);
  if (subject.level != level) return std::nullopt;
  return said({subject.level_sentence});
}

SaidBy says_answer(const World& world, SubjectId container, Trigger trigger, Answer answer) {
  for (const LifeRule& rule : world.at(container).life) {
    if (rule.trigger == trigger && rule.answer == answer) return said({rule.sentence});
  }
  return std::nullopt;
}

SentenceId place_of_signature(const World& world, SubjectId container) {
  const Subject& subject = world.at(container);
  return subject.image_sentence.valid() ? subject.image_sentence : subject.sentence;
}

SentenceId place_of_image(const World& world, SubjectId container) {
  const Image* image = image_of(world, world.at(container));
  return image != nullptr ? image->sentence : place_of_signature(world, container);
}

SentenceId place_of_answer(const World& world, SubjectId container, Trigger trigger) {
  const Subject& subject = world.at(container);
  for (const LifeRule& rule : subject.life) {
    if (rule.trigger == trigger) return rule.sentence;
  }
  return subject.sentence;
}

}  // namespace bulkhead::ir
