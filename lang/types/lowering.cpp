#include "lang/types/lowering.h"

namespace bulkhead::types {
namespace {

constexpr std::size_t kMaxPatterns = 4'000'000;  // about a gigabyte

}  // namespace

bool Lowering::spend(std::size_t count, const source::Span& span) {
  if (spent > kMaxPatterns) return false;
  spent += count;
  if (spent <= kMaxPatterns) return true;
  error(Code::PolicyTooLarge, span, "the containers of this policy have more than 4 million patterns together",
        "give the containers smaller profiles, or split the policy");
  return false;
}

ir::SentenceId Lowering::sentence(ModuleId module, const source::Span& span, std::string text) {
  const std::pair key{module, span.begin};
  const auto found = sentence_at.find(key);
  if (found != sentence_at.end()) return found->second;
  ir::Sentence made;
  made.span = span;
  made.text = text.empty() ? source::one_line(sources.slice(span)) : std::move(text);
  made.library = modules.at(module).library;
  const ir::SentenceId id(world.sentences.size());
  world.sentences.push_back(std::move(made));
  sentence_at.emplace(key, id);
  return id;
}

ir::SentenceId Lowering::implied(std::string text) {
  ir::Sentence made;
  made.text = std::move(text);
  made.implied = true;
  world.sentences.push_back(std::move(made));
  return ir::SentenceId(world.sentences.size() - 1);
}

void Lowering::dynamic(ModuleId module, const source::Span& span) {
  const ir::SentenceId id = sentence(module, span);
  if (world.dynamic.empty() || world.dynamic.back() != id) world.dynamic.push_back(id);
}

std::optional<SymbolId> Lowering::find(Space space, const ast::Name& name, ModuleId from) {
  if (!names.peek(space, name.text) && names.is_dynamic(name.text)) {
    dynamic_name = true;
    return std::nullopt;
  }
  return names.find(space, name, from, sink);
}

void Lowering::wrong_kind(const ast::Name& name, SymbolId found, const std::string& wanted) {
  const resolve::Symbol& symbol = names.at(found);
  sink.report(
      {Code::WrongKindOfName,
       name.span,
       "`" + name.text + "` is a " + std::string(to_string(symbol.kind)) + ", and " + wanted + " is needed here",
       {{symbol.name.span, "declared here"}},
       "",
       {}});
}

void Lowering::unknown_word(Code code, const ast::Name& word, const std::string& what,
                            const std::vector<std::string>& choices) {
  diag::Diagnostic report{code, word.span, "there is no " + what + " `" + word.text + "`", {}, "", {}};
  if (const auto meant = diag::did_you_mean(word.text, choices)) {
    report.help = "did you mean `" + *meant + "`?";
    report.fixes.push_back({word.span, *meant});
  } else {
    report.help = "one of ";
    for (const std::string& choice : choices) report.help += (&choice == &choices.front() ? "`" : ", `") + choice + "`";
  }
  sink.report(std::move(report));
}

}  // namespace bulkhead::types
