#include "lang/import/arbac/read.h"

#include <algorithm>
#include <map>
#include <string_view>

#include "lang/import/arbac/lexer.h"

namespace bulkhead::arbac {
namespace {

using diag::Code;

/// `a&-b`, a name, TRUE: the words of one place of a tuple, each with whether a minus stands before it.
struct Part {
  struct Word {
    Token token;
    bool held = true;
  };
  std::vector<Word> words;
};
struct Tuple {
  std::vector<Part> parts;
  source::Span span;

  std::string text() const {
    std::string text;
    for (const Part& part : parts) {
      text += text.empty() ? "<" : ",";
      for (std::size_t i = 0; i < part.words.size(); ++i) {
        text += std::string(i == 0 ? "" : "&") + (part.words[i].held ? "" : "-");
        text += part.words[i].token.text;
      }
    }
    return text + ">";
  }
};

/// `UA <u,r> <u,r>;` or `Roles a b;`, as it is written.
struct Section {
  Token name;
  std::vector<Token> words;
  std::vector<Tuple> tuples;
};

struct Shape {
  std::string_view name;
  std::size_t parts;  // of each tuple; 0: a list of words
};
constexpr Shape kShapes[] = {{"Roles", 0}, {"Users", 0}, {"UA", 2},   {"CR", 2},
                             {"CA", 3},    {"ADMIN", 0}, {"SPEC", 0}, {"Goal", 0}};

/// From text to sections. Stops at the first mistake: what follows one in this format is guesswork.
class Sections {
 public:
  Sections(std::string_view text, source::FileId file, diag::DiagnosticSink& sink) : lexer_(text, file), sink_(sink) {
    take();
  }

  std::optional<std::vector<Section>> read() {
    std::vector<Section> sections;
    while (!failed_ && now_.sign != Sign::End) {
      Section section = one();
      for (const Section& other : sections) {
        if (other.name.text != section.name.text) continue;
        refuse(section.name, "section `" + std::string(section.name.text) + "` stands twice");
      }
      sections.push_back(std::move(section));
    }
    if (failed_) return std::nullopt;
    return sections;
  }

 private:
  Token take() {
    const Token taken = now_;
    now_ = lexer_.next();
    return taken;
  }

  void refuse(const Token& at, std::string message, Code code = Code::ArbacSyntax) {
    if (!failed_) sink_.report({code, at.span, std::move(message), {}, "", {}});
    failed_ = true;
  }

  bool expect(Sign sign, const char* what) {
    if (failed_) return false;
    if (now_.sign != sign) {
      const std::string seen = now_.sign == Sign::End ? "the end of the file" : "`" + printable(now_.text) + "`";
      refuse(now_, seen + " stands where " + what + " is expected");
      return false;
    }
    take();
    return true;
  }

  static std::string printable(std::string_view text) {
    const bool plain = std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7f; });
    return plain ? std::string(text) : "?";
  }

  void count(const Token& at) {
    if (++entries_ > kMaxEntries)
      refuse(at, "the policy has more than " + std::to_string(kMaxEntries) + " entries", Code::ArbacTooLarge);
  }

  Section one() {
    Section section;
    section.name = now_;
    if (!expect(Sign::Word, "the name of a section")) return section;
    const auto shape = std::find_if(std::begin(kShapes), std::end(kShapes),
                                    [&](const Shape& known) { return known.name == section.name.text; });
    if (shape == std::end(kShapes)) {
      refuse(section.name, "there is no section `" + std::string(section.name.text) +
                               "`; what it would change is not known, so nothing is imported");
      return section;
    }
    while (!failed_ && now_.sign != Sign::Semicolon) {
      count(now_);
      if (shape->parts == 0) {
        section.words.push_back(now_);
        expect(Sign::Word, "a name or `;`");
      } else {
        section.tuples.push_back(tuple(shape->parts));
      }
    }
    expect(Sign::Semicolon, "`;`");
    return section;
  }

  Tuple tuple(std::size_t parts) {
    Tuple tuple{{}, now_.span};
    if (!expect(Sign::Less, "`<` or `;`")) return tuple;
    for (std::size_t i = 0; i < parts && !failed_; ++i) {
      if (i > 0) expect(Sign::Comma, "`,`");
      tuple.parts.push_back(part());
    }
    tuple.span.end = now_.span.end;
    expect(Sign::Greater, "`>`");
    return tuple;
  }

  Part part() {
    Part part;
    do {
      if (!part.words.empty()) take();  // the `&`
      const bool minus = now_.sign == Sign::Minus;
      if (minus) take();
      count(now_);
      part.words.push_back({now_, !minus});
      expect(Sign::Word, "a name");
    } while (!failed_ && now_.sign == Sign::And);
    return part;
  }

  Lexer lexer_;
  diag::DiagnosticSink& sink_;
  Token now_;
  std::size_t entries_ = 0;
  bool failed_ = false;
};

/// From sections to the policy: names are declared, tuples have the shape that their section asks for.
class Reader {
 public:
  explicit Reader(diag::DiagnosticSink& sink) : sink_(sink) {}

  std::optional<Policy> read(const std::vector<Section>& sections, const source::Span& end) {
    for (const Section& section : sections) sections_[section.name.text] = &section;
    declare("Roles", policy_.roles, roles_, end);
    declare("Users", policy_.users, users_, end);
    policy_.held.resize(policy_.users.size());
    for (const Tuple& tuple : tuples("UA")) member(tuple);
    for (const Tuple& tuple : tuples("CA")) assign(tuple);
    for (const Tuple& tuple : tuples("CR")) revoke(tuple);
    goal(end);
    administrators();
    if (failed_) return std::nullopt;
    for (std::vector<RoleId>& held : policy_.held) {
      std::sort(held.begin(), held.end());
      held.erase(std::unique(held.begin(), held.end()), held.end());
    }
    return std::move(policy_);
  }

 private:
  using Names = std::map<std::string_view, std::size_t>;

  void refuse(const source::Span& at, std::string message, Code code = Code::ArbacSyntax) {
    failed_ = true;
    sink_.report({code, at, std::move(message), {}, "", {}});
  }

  const Section* section(std::string_view name) const {
    const auto found = sections_.find(name);
    return found == sections_.end() ? nullptr : found->second;
  }
  const std::vector<Tuple>& tuples(std::string_view name) const {
    static const std::vector<Tuple> kNone;
    const Section* found = section(name);
    return found == nullptr ? kNone : found->tuples;
  }

  void declare(std::string_view name, std::vector<Name>& list, Names& known, const source::Span& end) {
    const Section* found = section(name);
    if (found == nullptr || found->words.empty()) {
      refuse(found == nullptr ? end : found->name.span, "there are no `" + std::string(name) + "`");
      return;
    }
    for (const Token& word : found->words) {
      if (!known.emplace(word.text, list.size()).second)
        refuse(word.span, "`" + std::string(word.text) + "` is declared twice", Code::ArbacUnknownName);
      list.push_back({std::string(word.text), word.span});
    }
  }

  std::optional<std::size_t> find(const Names& names, const Token& word, const char* kind) {
    const auto found = names.find(word.text);
    if (found != names.end()) return found->second;
    refuse(word.span, "there is no " + std::string(kind) + " `" + std::string(word.text) + "`", Code::ArbacUnknownName);
    return std::nullopt;
  }
  std::optional<RoleId> role(const Token& word) {
    const auto place = find(roles_, word, "role");
    return place ? std::optional(RoleId(*place)) : std::nullopt;
  }

  /// The one name of a part that is no condition.
  const Token* single(const Part& part) {
    if (part.words.size() == 1 && part.words.front().held) return &part.words.front().token;
    refuse(part.words.front().token.span, "one name stands here, without `-` and `&`");
    return nullptr;
  }

  void member(const Tuple& tuple) {
    const Token* who = single(tuple.parts[0]);
    const Token* what = single(tuple.parts[1]);
    if (who == nullptr || what == nullptr) return;
    const auto user = find(users_, *who, "user");
    const auto held = role(*what);
    if (user && held) policy_.held[*user].push_back(*held);
  }

  /// TRUE and FALSE are no roles, unless the policy declares some of these names.
  bool is_constant(const Token& word, std::string_view constant) const {
    return word.text == constant && roles_.count(word.text) == 0;
  }

  /// Outer nothing: a mistake, or a rule that nobody may use. Inner nothing: anybody.
  std::optional<std::optional<RoleId>> admin(const Tuple& tuple) {
    const Token* word = single(tuple.parts.front());
    if (word == nullptr) return std::nullopt;
    if (is_constant(*word, "TRUE")) return std::optional<RoleId>{};
    if (is_constant(*word, "FALSE")) return idle(tuple);
    const auto id = role(*word);
    if (!id) return std::nullopt;
    return id;
  }

  std::nullopt_t idle(const Tuple& tuple) {
    policy_.left_out.push_back({tuple.span, "a rule with FALSE never applies"});
    return std::nullopt;
  }

  void assign(const Tuple& tuple) {
    const auto by = admin(tuple);
    const Token* what = single(tuple.parts[2]);
    if (!by || what == nullptr) return;
    Assign rule{*by, {}, {}, tuple.span, tuple.text()};
    for (const Part::Word& word : tuple.parts[1].words) {
      if (is_constant(word.token, word.held ? "TRUE" : "FALSE")) continue;
      if (is_constant(word.token, word.held ? "FALSE" : "TRUE")) {
        idle(tuple);
        return;
      }
      const auto asked = role(word.token);
      if (asked) rule.condition.push_back({*asked, word.held});
    }
    const auto target = role(*what);
    if (!target) return;
    rule.target = *target;
    policy_.assigns.push_back(std::move(rule));
  }

  void revoke(const Tuple& tuple) {
    const auto by = admin(tuple);
    const Token* what = single(tuple.parts[1]);
    if (!by || what == nullptr) return;
    const auto target = role(*what);
    if (target) policy_.revokes.push_back({*by, *target, tuple.span, tuple.text()});
  }

  /// `Goal role;`, or Mohawk's `SPEC user role;`, which asks about one user.
  void goal(const source::Span& end) {
    const Section* any = section("Goal");
    const Section* one = section("SPEC");
    if ((any == nullptr) == (one == nullptr)) {
      refuse(any == nullptr ? end : one->name.span, "a policy has either a `Goal` or a `SPEC`");
      return;
    }
    const Section& asked = any != nullptr ? *any : *one;
    if (asked.words.size() != (any != nullptr ? 1u : 2u)) {
      refuse(asked.name.span, any != nullptr ? "`Goal` names one role" : "`SPEC` names a user and a role");
      return;
    }
    if (const auto id = role(asked.words.back())) policy_.goal = *id;
    if (any != nullptr) return;
    if (const auto user = find(users_, asked.words.front(), "user")) policy_.goal_user = UserId(*user);
  }

  void administrators() {
    const Section* found = section("ADMIN");
    if (found == nullptr) return;
    for (const Token& word : found->words) find(users_, word, "user");
    policy_.left_out.push_back({found->name.span,
                                "the list of administrators restricts nobody: whoever holds a role may use its rules "
                                "(more can happen than with the list, so what is unreachable is so with it)"});
  }

  diag::DiagnosticSink& sink_;
  Policy policy_;
  std::map<std::string_view, const Section*> sections_;
  Names roles_, users_;
  bool failed_ = false;
};

}  // namespace

std::optional<Policy> read(const source::SourceMap& sources, source::FileId file, diag::DiagnosticSink& sink) {
  const std::string& text = sources.text(file);
  const std::optional<std::vector<Section>> sections = Sections(text, file, sink).read();
  if (!sections) return std::nullopt;
  const auto size = static_cast<std::uint32_t>(text.size());
  return Reader(sink).read(*sections, {file, size, size});
}

}  // namespace bulkhead::arbac
