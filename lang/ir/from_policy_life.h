// What a policy says of one container's image, level and life, and by which sentences. Trusted; for from_policy.h.
#pragma once

#include <optional>
#include <vector>

#include "lang/ir/world.h"

namespace bulkhead::ir {

/// The sentences that make it so; nothing where it is not so.
using SaidBy = std::optional<std::vector<SentenceId>>;

/// Its `image` sentence names a key.
SaidBy says_signed(const World& world, SubjectId container);
/// Its image is declared with a digest that is written out.
SaidBy says_digest(const World& world, SubjectId container);
/// Its image is declared to be of this update channel, of this trust.
SaidBy says_channel(const World& world, SubjectId container, UpdateChannel channel);
SaidBy says_trust(const World& world, SubjectId container, ImageTrust trust);
/// Every container has one level.
SaidBy says_level(const World& world, SubjectId container, Level level);
/// A `lifecycle` sentence gives the trigger this answer.
SaidBy says_answer(const World& world, SubjectId container, Trigger trigger, Answer answer);

/// Where a policy that does not say so would have said it: the sentence that says something else, or the one that it
/// would be added to.
SentenceId place_of_signature(const World& world, SubjectId container);
SentenceId place_of_image(const World& world, SubjectId container);
SentenceId place_of_answer(const World& world, SubjectId container, Trigger trigger);

}  // namespace bulkhead::ir
