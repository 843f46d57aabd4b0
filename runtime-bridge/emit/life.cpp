#include "runtime-bridge/emit/life.h"

#include "lang/ir/from_policy_life.h"

namespace bulkhead::emit {

std::vector<Gap> unenforced_life(const ir::World& world, ir::SubjectId container) {
  const ir::Subject& subject = world.at(container);
  const auto word = [](const auto& words, auto one) { return std::string(words[static_cast<std::size_t>(one)]); };
  std::vector<Gap> gaps;
  const auto add = [&](const char* what, std::string witness, const char* reason) {
    gaps.push_back({what, std::move(witness), reason, "", Gap::Side::GrantsMore});
  };
  for (const ir::LifeRule& rule : subject.life) {
    add("lifecycle", word(ir::kTriggers, rule.trigger) + " -> " + word(ir::kAnswers, rule.answer),
        "nothing here hears of it or acts on it; whoever manages the containers of the node has to");
  }
  if (ir::says_signed(world, container)) {
    add("image", "`" + subject.image + "` signed by " + subject.image_key,
        "nothing here verifies signatures; whoever makes the container of its image has to");
  }
  if (ir::says_digest(world, container)) {
    add("image", "the digest of `" + subject.image + "`",
        "nothing here compares digests; whoever makes the container of its image has to");
  }
  return gaps;
}

}  // namespace bulkhead::emit
