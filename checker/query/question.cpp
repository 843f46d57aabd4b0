#include "checker/query/question.h"

#include <algorithm>
#include <optional>

namespace bulkhead::query {
namespace {

constexpr std::string_view kForms =
    "the questions are `who can RIGHT OBJECTS`, `what can SUBJECT reach`, `path from A to B` and "
    "`what breaks if I add SENTENCE`";

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '?')) text.remove_suffix(1);
  return text;
}

/// The sentence that is asked about may stand in quotes: none begins with one.
std::string_view unquoted(std::string_view text) {
  const bool quoted = text.size() > 1 && text.front() == text.back() && (text.front() == '\'' || text.front() == '"');
  return quoted ? trimmed(text.substr(1, text.size() - 2)) : text;
}

/// Takes the words of `prefix` off the front, however many blanks stand between them.
bool cut(std::string_view& text, std::string_view prefix) {
  std::string_view rest = text;
  while (!prefix.empty()) {
    const std::string_view word = prefix.substr(0, prefix.find(' '));
    rest = trimmed(rest);
    if (rest.substr(0, word.size()) != word) return false;
    rest.remove_prefix(word.size());
    if (!rest.empty() && rest.front() != ' ') return false;
    prefix.remove_prefix(std::min(prefix.size(), word.size() + 1));
  }
  text = trimmed(rest);
  return true;
}

/// The first word up to a blank or a comma, and the rest after it.
std::string_view take_word(std::string_view& text) {
  const std::string_view word = text.substr(0, text.find_first_of(" ,"));
  text = trimmed(text.substr(word.size()));
  return word;
}

Result<Question, std::string> who_can(std::string_view rest) {
  WhoCan question;
  while (true) {
    const std::string_view word = take_word(rest);
    const std::optional<ir::Right> right = ir::right_from(word);
    if (!right) return fail("`" + std::string(word) + "` is no right");
    question.rights.push_back(*right);
    if (rest.empty() || rest.front() != ',') break;
    rest = trimmed(rest.substr(1));
  }
  if (rest.empty()) return fail(std::string("the question names no objects"));
  question.objects = rest;
  return Question(question);
}

/// At the last ` to ` outside of strings.
Result<Question, std::string> path_between(std::string_view rest) {
  bool in_string = false;
  std::optional<std::size_t> at;
  for (std::size_t i = 0; i < rest.size(); ++i) {
    if (rest[i] == '"') in_string = !in_string;
    if (!in_string && rest.substr(i, 4) == " to ") at = i;
  }
  if (!at) return fail(std::string("the question is written `path from A to B`"));
  PathBetween path{std::string(trimmed(rest.substr(0, *at))), std::string(trimmed(rest.substr(*at + 4)))};
  if (path.from.empty() || path.to.empty()) return fail(std::string("the question is written `path from A to B`"));
  return Question(path);
}

/// One line, one sentence: what is asked is put into a text of its own, where it must not end a sentence and begin
/// another.
bool is_one_sentence(std::string_view text) {
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c < 0x20 || c == 0x7f) return false;
    if (c == '\\') return false;
    if (c == '"') in_string = !in_string;
    if (!in_string && (c == ';' || text.substr(i, 2) == "//")) return false;
  }
  return !in_string;
}

}  // namespace

Result<Question, std::string> read_question(std::string_view text) {
  std::string_view rest = trimmed(text);
  if (cut(rest, "what breaks if I add") || cut(rest, "what breaks if i add")) {
    rest = unquoted(rest);
    if (rest.empty()) return fail(std::string("the question names no sentence"));
    return Question(WhatBreaks{std::string(rest)});
  }
  if (!is_one_sentence(rest)) return fail(std::string("a question is one line, without `;`, comments and backslashes"));
  if (cut(rest, "who can")) return who_can(rest);
  if (cut(rest, "path from")) return path_between(rest);
  if (cut(rest, "what can")) {
    const std::string_view subject = take_word(rest);
    if (!subject.empty() && rest == "reach") return Question(WhatReach{std::string(subject)});
  }
  return fail(std::string(kForms));
}

}  // namespace bulkhead::query
