#include "lang/syntax/parser.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "lang/base/check.h"
#include "lang/syntax/brackets.h"
#include "lang/syntax/build.h"
#include "lang/syntax/complain.h"

namespace bulkhead::syntax {
namespace {

using diag::Code;

template <std::size_t N>
bool contains(const std::array<std::string_view, N>& sorted, std::string_view word) {
  return std::binary_search(sorted.begin(), sorted.end(), word);
}

/// Sentences that end with their block, not with a `;` after it.
bool unit_ends_with_block(std::string_view word) {
  static constexpr std::array<std::string_view, 16> words = {
      "capability", "channel", "container", "detect", "enum",    "extend",   "host",     "image",
      "kernel",     "key",     "lifecycle", "model",  "profile", "protocol", "syscalls", "variant"};
  return contains(words, word);
}

bool entry_ends_with_block(std::string_view word) {
  static constexpr std::array<std::string_view, 9> words = {"capabilities", "capacity", "enum",    "limits", "message",
                                                            "namespaces",   "record",   "reserve", "variant"};
  return contains(words, word);
}

/// What stands in the block of a sentence that begins with `word`, for those whose blocks are read entry by entry after
/// a mistake; Rule::Unit for the others.
Rule entry_of(std::string_view word) {
  if (word == "container" || word == "extend" || word == "profile" || word == "host") return Rule::BodyUnit;
  if (word == "key" || word == "image") return Rule::PropertyUnit;
  if (word == "syscalls") return Rule::SyscallUnit;
  if (word == "kernel") return Rule::KernelUnit;
  if (word == "limits" || word == "reserve" || word == "capacity") return Rule::AmountUnit;
  if (word == "namespaces") return Rule::NamespaceUnit;
  if (word == "model") return Rule::ModelUnit;
  if (word == "variant") return Rule::EditUnit;
  if (word == "protocol") return Rule::ProtocolUnit;
  if (word == "channel") return Rule::ChannelUnit;
  return Rule::Unit;
}

constexpr std::array<std::string_view, 9> kOperators = {"&&", "||", "->", "<->", "!", "&", "+", "-", "*"};

class Parser {
 public:
  Parser(std::string_view text, source::FileId file, const std::vector<Token>& tokens, const Words& words,
         diag::DiagnosticList& sink, ast::Module& module)
      : text_(text),
        file_(file),
        words_(words.words),
        sink_(sink),
        module_(module),
        build_{module, tokens, text, sink},
        complaints_(grammar_, text, file, words.damaged, sink) {}

  void run() {
    for (std::size_t at = 0; at < words_.size();) {
      if (sink_.error_count() >= kMaxMistakes) return give_up(words_[at]);
      const std::size_t end = run_end(words_, at, words_.size(), text_, {unit_ends_with_block});
      const std::span<const Token> run = std::span(words_).subspan(at, end - at);
      if (affordable(run)) unit(run);
      at = end;
    }
  }

 private:
  using Run = std::span<const Token>;

  void give_up(const Token& token) {
    sink_.report({Code::TooManyMistakes,
                  span(token),
                  "the rest of the file is not read after " + std::to_string(kMaxMistakes) + " mistakes",
                  {},
                  "",
                  {}});
  }

  /// Refuses what would cost the parser, or whoever comes after it, too much: a formula without end, a sentence as a
  /// file.
  bool affordable(Run run) {
    if (run.size() > kMaxSentence) {
      sink_.report({Code::ChainTooLong,
                    span(run[0]),
                    "this sentence has more than " + std::to_string(kMaxSentence) + " words and signs",
                    {},
                    "split it",
                    {}});
      return false;
    }
    std::size_t operators = 0;
    std::size_t conditionals = 0;
    for (const Token& token : run) {
      if (sign_of(token) == ';') operators = conditionals = 0;
      conditionals += token.cls == TokenClass::Word && token.in(text_) == "if";
      if (conditionals > kMaxNesting) return too_many_conditionals(token);
      if (token.cls != TokenClass::Sign || sign_of(token) != ' ') continue;
      const std::string_view sign = token.in(text_);
      operators += std::find(kOperators.begin(), kOperators.end(), sign) != kOperators.end();
      if (operators <= kMaxChain) continue;
      sink_.report({Code::ChainTooLong,
                    span(token),
                    "this sentence has more than " + std::to_string(kMaxChain) + " operators",
                    {},
                    "name parts of it, for example as a `file` or a `pod`",
                    {}});
      return false;
    }
    return true;
  }

  /// `if` nests without brackets, and is bounded like them.
  bool too_many_conditionals(const Token& token) {
    sink_.report({Code::NestingTooDeep,
                  span(token),
                  "this sentence has more than " + std::to_string(kMaxNesting) + " `if`",
                  {},
                  "name parts of it with `define`",
                  {}});
    return false;
  }

  void unit(Run run) {
    while (!run.empty()) {
      const Parsed parsed = grammar_.parse(Rule::Unit, run);
      if (parsed.tree) return add(*parsed.tree, run);
      if (entries_of_broken(run, parsed.error_at)) return;
      const Run broken = run.first(resume(Rule::Unit, run, parsed.error_at));
      const std::size_t next = complaints_.report(Rule::Unit, broken, std::min(parsed.error_at, broken.size()));
      if (next > 0) add_closed(run.first(next));
      run = run.subspan(next);
    }
  }

  /// Where, after a mistake at `error_at`, the next sentence begins: at a word that can begin one and stands at the
  /// start of its line, no deeper than the run itself. A keyword that was read as a name is looked at again.
  std::size_t resume(Rule entry, Run run, std::size_t error_at) {
    std::vector<std::string>& starts = starts_[entry];
    if (starts.empty()) starts = grammar_.expected(entry, run, 0).keywords;
    std::size_t depth = 0;
    for (std::size_t i = 0; i < run.size(); ++i) {
      const char sign = sign_of(run[i]);
      if (sign == '{' || sign == '(' || sign == '[') ++depth;
      if (sign == '}' || sign == ')' || sign == ']') --depth;
      if (i == 0 || i + 1 < error_at || depth > 0 || run[i].cls != TokenClass::Word || !begins_line(run[i], text_))
        continue;
      if (std::find(starts.begin(), starts.end(), run[i].in(text_)) != starts.end()) return i;
    }
    return run.size();
  }

  /// `run` with a `;` at its end, if it is a sentence then.
  void add_closed(Run run) {
    if (sign_of(run.back()) == ';') return;
    std::vector<Token> mended(run.begin(), run.end());
    mended.push_back(made_up(';', run.back().end));
    const Parsed parsed = grammar_.parse(Rule::Unit, mended);
    if (parsed.tree) add(*parsed.tree, mended);
  }

  /// Where the mistake lies in the block of a sentence: the sentence with an empty block, then each entry for itself.
  bool entries_of_broken(Run run, std::size_t error_at) {
    const auto open = std::find_if(run.begin(), run.end(), [](const Token& t) { return sign_of(t) == '{'; });
    const Rule entry = entry_of(run[0].in(text_));
    const std::size_t begin = static_cast<std::size_t>(open - run.begin()) + 1;
    if (entry == Rule::Unit || open == run.end() || error_at < begin || sign_of(run.back()) != '}') return false;
    std::vector<Token> head(run.begin(), open + 1);
    head.push_back(run.back());
    const Parsed parsed = grammar_.parse(Rule::Unit, head);
    if (!parsed.tree) return false;
    add(*parsed.tree, head);
    entries(entry, run.subspan(begin, run.size() - begin - 1));
    return true;
  }

  void entries(Rule entry, Run block) {
    const std::vector<Token> words(block.begin(), block.end());
    for (std::size_t at = 0; at < words.size() && sink_.error_count() < kMaxMistakes;) {
      const std::size_t end = run_end(words, at, words.size(), text_, {entry_ends_with_block});
      one_entry(entry, Run(words).subspan(at, end - at));
      at = end;
    }
  }

  void one_entry(Rule entry, Run run) {
    while (!run.empty()) {
      const Parsed parsed = grammar_.parse(entry, run);
      if (parsed.tree) return add_entry(*parsed.tree, run);
      const Rule inner = entry == Rule::BodyUnit ? entry_of(run[0].in(text_)) : Rule::Unit;
      const bool in_block = (inner == Rule::AmountUnit || inner == Rule::NamespaceUnit) && run.size() > 2 &&
                            parsed.error_at >= 2 && sign_of(run[1]) == '{' && sign_of(run.back()) == '}';
      if (in_block) return entries(inner, run.subspan(2, run.size() - 3));  // only to report: half a block is none
      const bool many =
          entry == Rule::BodyUnit || entry == Rule::ModelUnit || entry == Rule::EditUnit || entry == Rule::ProtocolUnit;
      const Run broken = many ? run.first(resume(entry, run, parsed.error_at)) : run;
      run = run.subspan(complaints_.report(entry, broken, std::min(parsed.error_at, broken.size())));
    }
  }

  /// An entry joins the sentence that was added last; half a block of amounts is only checked.
  void add_entry(const Tree& tree, Run run) {
    const Reading reading{&tree, run, text_, file_};
    const Cursor at = Cursor(reading, 0).inside();
    ast::SentenceForm& form = module_.sentences.back().form;
    if (at.rule() == Rule::Amount) amount(build_, at);
    if (at.rule() == Rule::SyscallEntry) std::get<ast::SyscallsDecl>(form).entries.push_back(syscall_entry(build_, at));
    if (at.rule() == Rule::KernelEntry)
      std::get<ast::KernelCapabilitiesDecl>(form).entries.push_back(kernel_entry(build_, at));
    if (at.rule() == Rule::ModelSentence)
      std::get<ast::ModelDecl>(form).sentences.push_back(model_sentence(build_, at));
    if (at.rule() == Rule::ProtocolSentence)
      std::get<ast::ProtocolDecl>(form).sentences.push_back(protocol_sentence(build_, at));
    if (at.rule() == Rule::ChannelEntry) std::get<ast::ChannelDecl>(form).entries.push_back(channel_entry(build_, at));
    if (at.rule() == Rule::Edit) std::get<ast::VariantDecl>(form).edits.push_back(edit(build_, at));
    if (at.rule() != Rule::BodySentence) return;
    ast::Body* body = nullptr;
    if (auto* container = std::get_if<ast::ContainerDecl>(&form)) body = &container->body;
    if (auto* extend = std::get_if<ast::ExtendDecl>(&form)) body = &extend->body;
    if (auto* profile = std::get_if<ast::ProfileDecl>(&form)) body = &profile->body;
    if (auto* host = std::get_if<ast::HostDecl>(&form)) body = &host->body;
    BH_CHECK(body != nullptr, "entries of bodies stand in bodies");
    body->sentences.push_back(body_sentence(build_, at));
  }

  void add(const Tree& tree, Run run) {
    const Reading reading{&tree, run, text_, file_};
    const Cursor inner = Cursor(reading, 0).inside();
    if (inner.rule() == Rule::Language) return language(inner);
    if (inner.rule() == Rule::ModuleName) return module_name(inner);
    if (inner.rule() == Rule::ImportLine) return import_line(inner);
    module_.sentences.push_back(sentence(build_, inner));
  }

  void language(const Cursor& at) {
    const Cursor word = at.only(Rule::Number);
    if (module_.language || module_.name || !module_.imports.empty() || !module_.sentences.empty()) {
      return build_.report(Code::MisplacedHeader, at.span(), "`language` stands once, before everything else");
    }
    module_.language = number(build_, word);
    if (word.text() != "1") {
      build_.report(Code::UnknownLanguage, word.span(), "this is not a version of the language that is known here",
                    "this program reads `language 1`");
    }
  }

  void module_name(const Cursor& at) {
    if (module_.name) {
      return sink_.report({Code::MisplacedHeader,
                           at.span(),
                           "a file is one module",
                           {{module_.name->span, "it is named here already"}},
                           "",
                           {}});
    }
    if (!module_.imports.empty() || !module_.sentences.empty()) {
      build_.report(Code::MisplacedHeader, at.span(), "`module` stands before imports and sentences");
    }
    module_.name = path(at.only(Rule::Path));
    module_.doc = doc_above(build_, at.span());
  }

  void import_line(const Cursor& at) {
    if (!module_.sentences.empty()) {
      build_.report(Code::MisplacedHeader, at.span(), "imports stand before all other sentences");
    }
    module_.imports.push_back({path(at.only(Rule::Path)), at.span()});
  }

  source::Span span(const Token& token) const { return {file_, token.begin, token.end}; }

  std::string_view text_;
  source::FileId file_;
  const std::vector<Token>& words_;
  diag::DiagnosticList& sink_;
  ast::Module& module_;
  Build build_;
  Grammar grammar_;
  Complaints complaints_;
  std::map<Rule, std::vector<std::string>> starts_;  // by entry: the words that begin one
};

/// Hands over what was reported in the order of the text: words, brackets and sentences are looked at one after
/// another.
void report_in_order(diag::DiagnosticList& found, diag::DiagnosticSink& sink) {
  std::vector<diag::Diagnostic> all = found.all();
  std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.span.begin < b.span.begin; });
  for (diag::Diagnostic& diagnostic : all) sink.report(std::move(diagnostic));
}

}  // namespace

std::optional<ast::Module> parse(const source::SourceMap& sources, source::FileId file, diag::DiagnosticSink& sink) {
  if (!readable(sources, file, sink)) return std::nullopt;
  const std::string_view text = sources.text(file);
  diag::DiagnosticList found;
  const Tokens all = tokens(sources, file, found);
  const Words words = balance(all, text, file, found);
  ast::Module module;
  module.file = file;
  Parser(text, file, all.all, words, found, module).run();
  report_in_order(found, sink);
  return module;
}

}  // namespace bulkhead::syntax
