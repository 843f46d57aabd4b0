// Keys, images, and what is done with a container when it idles, is revoked or expires: `key`, `image`, `lifecycle`.
#include <algorithm>
#include <iterator>

#include "lang/types/amounts.h"
#include "lang/types/lowering.h"
#include "lang/types/rules.h"

namespace bulkhead::types {
namespace {

/// Which of the words it is; reports one that is none of them.
template <typename Words>
std::optional<std::size_t> word_of(Lowering& lowering, const ast::Name& word, const std::string& what,
                                   const Words& words) {
  const auto* found = std::find(std::begin(words), std::end(words), word.text);
  if (found != std::end(words)) return static_cast<std::size_t>(found - std::begin(words));
  lowering.unknown_word(Code::UnknownWord, word, what, {std::begin(words), std::end(words)});
  return std::nullopt;
}

/// The properties of one key or image, each at most once.
class Properties {
 public:
  Properties(Lowering& lowering, ModuleId module, std::string of)
      : lowering_(lowering), module_(module), of_(std::move(of)) {}

  void once(const std::string& what, const source::Span& span) {
    slots_.take(lowering_, "`" + what + "` of " + of_, SymbolId{}, span);
  }
  void unknown(const ast::Property& property, const std::vector<std::string>& known) {
    lowering_.unknown_word(Code::UnknownWord, property.name, "property of " + of_, known);
  }
  /// `stable` of `channel stable;`
  std::optional<ast::Name> word(const ast::Property& property) {
    once(property.name.text, property.span);
    const ast::Expr& value = value_of(property);
    const auto* path = std::get_if<ast::Path>(&value.value);
    if (value.kind == ast::ExprKind::Path && path != nullptr && path->simple()) return path->parts.front();
    lowering_.error(Code::TypeMismatch, value.span, "`" + property.name.text + "` is one word");
    return std::nullopt;
  }
  std::string text(const ast::Property& property) {
    once(property.name.text, property.span);
    const ast::Expr& value = value_of(property);
    if (value.kind == ast::ExprKind::String) return std::get<ast::String>(value.value).value;
    lowering_.error(Code::TypeMismatch, value.span, "`" + property.name.text + "` is a string in quotes");
    return "";
  }

 private:
  const ast::Expr& value_of(const ast::Property& property) const {
    return lowering_.modules.at(module_).tree.at(property.value);
  }

  Lowering& lowering_;
  ModuleId module_;
  std::string of_;
  Slots slots_;
};

ir::Key lower_key(Lowering& lowering, ModuleId module, const ast::KeyDecl& decl) {
  Properties properties(lowering, module, "a key");
  ir::Key key{decl.name.text, "", {}};
  for (const ast::Property& property : decl.properties) {
    if (property.name.text != "alg") {
      properties.unknown(property, {"alg"});
    } else if (const auto word = properties.word(property)) {
      key.algorithm = word->text;  // lang/expand knows which ones there are
    }
  }
  return key;
}

/// Empty where it is not known yet, `sha256:...`, or after an error.
std::string digest_text(Lowering& lowering, const ast::Name& written) {
  const std::size_t colon = written.text.find(':');
  const std::string algorithm = written.text.substr(0, colon);
  const std::string digits = written.text.substr(colon + 1);
  const std::size_t length = algorithm == "sha256" ? 64 : algorithm == "sha384" ? 96 : algorithm == "sha512" ? 128 : 0;
  const auto bad = [&](std::string message, std::string help) {
    lowering.error(Code::BadLifecycle, written.span, std::move(message), std::move(help));
    return std::string();
  };
  if (length == 0) return bad("there is no digest `" + algorithm + "`", "write `sha256`, `sha384` or `sha512`");
  if (digits == "...") return "";
  if (digits.size() != length || digits.find_first_not_of("0123456789abcdef") != std::string::npos) {
    return bad("a digest of `" + algorithm + "` has " + std::to_string(length) + " digits, 0 to 9 and a to f",
               "write `" + algorithm + ":...` where it is not known yet");
  }
  return written.text;
}

ir::Image lower_image(Lowering& lowering, ModuleId module, const ast::ImageDecl& decl) {
  Properties properties(lowering, module, "an image");
  ir::Image image;
  image.name = decl.name.value;
  for (const ast::Name& digest : decl.digests) {
    properties.once("digest", digest.span);
    image.digest = digest_text(lowering, digest);
  }
  for (const ast::Property& property : decl.properties) {
    const std::string& what = property.name.text;
    if (what == "contract") {
      image.contract = properties.text(property);
    } else if (what == "channel" || what == "trust") {
      const auto word = properties.word(property);
      if (!word) continue;
      const bool channel = what == "channel";
      const auto place = channel ? word_of(lowering, *word, "update channel", ir::kUpdateChannels)
                                 : word_of(lowering, *word, "trust level", ir::kImageTrusts);
      if (place && channel) image.channel = static_cast<ir::UpdateChannel>(*place);
      if (place && !channel) image.trust = static_cast<ir::ImageTrust>(*place);
    } else {
      properties.unknown(property, {"channel", "contract", "digest", "trust"});
    }
  }
  return image;
}

void put_image(Lowering& lowering, ModuleId module, const ast::Sentence& sentence, const ast::ImageDecl& decl) {
  ir::Image image = lower_image(lowering, module, decl);
  image.sentence = lowering.sentence(module, sentence.span);
  for (const ir::Image& other : lowering.world.images) {
    if (other.name != image.name) continue;
    lowering.sink.report({Code::DuplicateName,
                          decl.name.span,
                          "the image `" + image.name + "` is declared twice",
                          {{lowering.world.at(other.sentence).span, "first declared here"}},
                          "names of images are unique in the whole policy",
                          {}});
    return;
  }
  std::vector<std::string> run;
  for (const ir::Subject& subject : lowering.world.subjects) run.push_back(subject.image);
  if (std::find(run.begin(), run.end(), image.name) == run.end() && lowering.modules.at(module).root) {
    diag::Diagnostic report{
        Code::UnusedSet, decl.name.span, "no container has the image `" + image.name + "`", {}, "", {}};
    if (const auto meant = diag::did_you_mean(image.name, run)) report.help = "did you mean `" + *meant + "`?";
    lowering.sink.report(std::move(report));
  }
  lowering.world.images.push_back(std::move(image));
}

/// The containers of `lifecycle Agent`, `lifecycle PodOfAgents`; none after an error.
std::vector<ir::SubjectId> containers_of(Lowering& lowering, ModuleId module, const ast::Name& name) {
  const auto symbol = lowering.find(Space::Subjects, name, module);
  if (!symbol) return {};
  const Kind kind = lowering.names.at(*symbol).kind;
  if (kind == Kind::Container || kind == Kind::Pod) {
    return subjects_named(lowering, {std::nullopt, {{name}, name.span}, name.span}, module);
  }
  lowering.wrong_kind(name, *symbol, "a container or a pod");
  return {};
}

/// One line of a lifecycle; none after an error.
std::optional<ir::LifeRule> lower_rule(Lowering& lowering, ModuleId module, const ast::LifecycleDecl& decl,
                                       const ast::LifecycleDecl::Entry& entry) {
  const auto trigger = word_of(lowering, entry.event, "trigger", ir::kTriggers);
  const auto answer = word_of(lowering, entry.then, "answer", ir::kAnswers);
  if (!trigger || !answer) return std::nullopt;
  ir::LifeRule rule{static_cast<ir::Trigger>(*trigger), 0, static_cast<ir::Answer>(*answer), {}};
  const bool timed = rule.trigger == ir::Trigger::Idle;
  if (timed != entry.after.has_value()) {
    lowering.error(Code::BadLifecycle, timed ? entry.event.span : entry.after->span,
                   timed ? "`idle` does not say after how long" : "`" + entry.event.text + "` happens at once",
                   timed ? "write `idle 10 min -> " + entry.then.text + ";`" : "leave the time out");
    return std::nullopt;
  }
  if (timed) {
    const auto after = quantity(*entry.after, Measure::Duration, "idle", lowering.sink);
    if (!after) return std::nullopt;
    if (*after == 0) {
      lowering.error(Code::QuantityOutOfRange, entry.after->span, "what is idle after no time at all never runs");
      return std::nullopt;
    }
    rule.after_ms = *after;
  }
  rule.sentence = lowering.sentence(
      module, entry.span,
      "lifecycle " + decl.container.text + " " + source::one_line(lowering.sources.slice(entry.span)));
  return rule;
}

void put_rule(Lowering& lowering, const ast::LifecycleDecl::Entry& entry, ir::SubjectId id, const ir::LifeRule& rule) {
  std::vector<ir::LifeRule>& life = lowering.world.subjects[id.index()].life;
  const auto at = std::lower_bound(life.begin(), life.end(), rule.trigger,
                                   [](const ir::LifeRule& one, ir::Trigger trigger) { return one.trigger < trigger; });
  if (at == life.end() || at->trigger != rule.trigger) {
    life.insert(at, rule);
    return;
  }
  if (at->answer == rule.answer && at->after_ms == rule.after_ms) return;  // said once more
  lowering.sink.report({Code::BadLifecycle,
                        entry.span,
                        "`" + entry.event.text + "` of `" + lowering.world.at(id).name + "` has two answers",
                        {{lowering.world.at(at->sentence).span, "answered here"}},
                        "keep one of them",
                        {}});
}

void lower_lifecycle(Lowering& lowering, ModuleId module, const ast::LifecycleDecl& decl) {
  const std::vector<ir::SubjectId> containers = containers_of(lowering, module, decl.container);
  for (const ast::LifecycleDecl::Entry& entry : decl.entries) {
    const auto rule = lower_rule(lowering, module, decl, entry);
    for (std::size_t i = 0; rule && i < containers.size(); ++i) put_rule(lowering, entry, containers[i], *rule);
  }
}

}  // namespace

void lower_life(Lowering& lowering) {
  for (std::size_t m = 0; m < lowering.modules.modules.size(); ++m) {
    const ModuleId module(m);
    for (const ast::Sentence& sentence : lowering.modules.modules[m].tree.sentences) {
      if (const auto* key = std::get_if<ast::KeyDecl>(&sentence.form)) {
        lowering.world.keys.push_back(lower_key(lowering, module, *key));
        lowering.world.keys.back().sentence = lowering.sentence(module, sentence.span);
      }
      if (const auto* image = std::get_if<ast::ImageDecl>(&sentence.form))
        put_image(lowering, module, sentence, *image);
      if (const auto* life = std::get_if<ast::LifecycleDecl>(&sentence.form)) lower_lifecycle(lowering, module, *life);
    }
  }
}

}  // namespace bulkhead::types
