#include "cli/narrow.h"

#include <algorithm>
#include <optional>
#include <set>

namespace bulkhead::cli {
namespace {

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}
bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/// A part of the text of a file.
struct Part {
  std::size_t begin = 0, end = 0;
};

/// A rule as it stands in the text: `may read, write A, B when ...`, `permit c: container to read ...`, `F may delegate
/// read, write on Disk ...`.
class RuleText {
 public:
  explicit RuleText(const std::string& text, Part whole) : text_(text), whole_(whole) {}

  /// Finds the rights and the objects. Comments inside of a rule make it too hard: it can still be removed.
  bool read() {
    const std::string_view all = std::string_view(text_).substr(whole_.begin, whole_.end - whole_.begin);
    if (all.find("//") != std::string_view::npos) return false;
    std::size_t at = whole_.begin;
    for (std::string_view word = next(at); !word.empty(); word = next(at)) {
      own_words_.emplace_back(word);
      if (word == "may" || word == "to") break;
      if (own_words_.size() > 8) return false;
    }
    std::size_t after = at;
    hands_on_ = own_words_.back() == "may" && next(after) == "delegate";
    if (hands_on_) at = after;
    begins_with_subject_ = own_words_.size() == 2 && own_words_.back() == "may";
    in_body_ = own_words_.size() == 1 && own_words_.back() == "may";
    return read_rights(at) && (hands_on_ || read_items(at));
  }

  bool in_body() const { return in_body_; }
  bool begins_with_subject() const { return begins_with_subject_; }
  const std::vector<std::pair<ir::Right, Part>>& rights() const { return rights_; }
  const std::vector<Part>& items() const { return items_; }

 private:
  /// The next word, with `at` after it; signs between words are passed over.
  std::string_view next(std::size_t& at) const {
    while (at < whole_.end && !is_word(text_[at])) ++at;
    const std::size_t begin = at;
    while (at < whole_.end && is_word(text_[at])) ++at;
    return std::string_view(text_).substr(begin, at - begin);
  }
  void skip_blanks(std::size_t& at) const {
    while (at < whole_.end && is_blank(text_[at])) ++at;
  }

  bool read_rights(std::size_t& at) {
    while (true) {
      skip_blanks(at);
      const std::size_t begin = at;
      while (at < whole_.end && is_word(text_[at])) ++at;
      const auto right = ir::right_from(std::string_view(text_).substr(begin, at - begin));
      if (!right) return false;
      rights_.push_back({*right, {begin, at}});
      std::size_t after = at;
      skip_blanks(after);
      if (after >= whole_.end || text_[after] != ',') return true;
      at = after + 1;
    }
  }

  bool read_items(std::size_t at) {
    skip_blanks(at);
    std::size_t begin = at;
    bool in_string = false;
    const auto close = [&](std::size_t end) {
      while (end > begin && is_blank(text_[end - 1])) --end;
      items_.push_back({begin, end});
    };
    for (; at < whole_.end; ++at) {
      const std::string_view rest = std::string_view(text_).substr(at, whole_.end - at);
      if (text_[at] == '\\') return true;  // an escape: the items are not told apart
      if (text_[at] == '"') in_string = !in_string;
      if (in_string) continue;
      if (text_[at] == ';' || (rest.substr(0, 5) == "when " && is_blank(text_[at - 1]))) break;
      if (rest.substr(0, 5) == "port ") return clear_items();  // its commas are not those between objects
      if (text_[at] != ',') continue;
      close(at);
      std::size_t after = at + 1;
      skip_blanks(after);
      begin = after;
    }
    close(at);
    return true;
  }
  bool clear_items() {
    items_.clear();
    return true;
  }

  const std::string& text_;
  Part whole_;
  std::vector<std::string> own_words_;
  bool begins_with_subject_ = false, in_body_ = false, hands_on_ = false;
  std::vector<std::pair<ir::Right, Part>> rights_;
  std::vector<Part> items_;
};

/// The sentence with its `;`.
Part whole_of(const std::string& text, const source::Span& span) {
  Part whole{span.begin, span.end};
  std::size_t after = whole.end;
  while (after < text.size() && is_blank(text[after])) ++after;
  if (whole.end > whole.begin && text[whole.end - 1] != ';' && after < text.size() && text[after] == ';')
    whole.end = after + 1;
  return whole;
}

/// The indentation before it, where nothing else stands on its lines.
std::optional<std::string> alone_on_its_lines(const std::string& text, Part whole) {
  std::size_t begin = whole.begin, end = whole.end;
  while (begin > 0 && (text[begin - 1] == ' ' || text[begin - 1] == '\t')) --begin;
  while (end < text.size() && (text[end] == ' ' || text[end] == '\t' || text[end] == '\r')) ++end;
  const bool first = begin == 0 || text[begin - 1] == '\n', last = end == text.size() || text[end] == '\n';
  return first && last ? std::optional(text.substr(begin, whole.begin - begin)) : std::nullopt;
}

Edit edit(const source::Span& span, std::size_t begin, std::size_t end, std::string text, std::string what) {
  return {span.file, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end), std::move(text),
          std::move(what)};
}

Edit removal(const std::string& text, const source::Span& span, Part whole) {
  if (const auto indent = alone_on_its_lines(text, whole)) {
    const std::size_t line_end = text.find('\n', whole.end);
    return edit(span, whole.begin - indent->size(), line_end == std::string::npos ? text.size() : line_end + 1, "",
                "removed");
  }
  std::size_t end = whole.end;
  while (end < text.size() && text[end] == ' ') ++end;
  return edit(span, whole.begin, end, "", "removed");
}

std::string joined(const std::set<ir::Right>& rights) {
  std::string text;
  for (const ir::Right right : rights) text += (text.empty() ? "" : ", ") + std::string(ir::to_string(right));
  return text;
}

}  // namespace

std::vector<Edit> narrowings(const Policy& policy, ir::SentenceId sentence, const std::vector<query::Need>& needs) {
  const source::Span& span = policy.world().at(sentence).span;
  const std::string& text = policy.sources->text(span.file);
  const Part whole = whole_of(text, span);
  std::vector<Edit> edits;
  std::set<ir::Right> rights;
  std::set<std::string> objects, subjects;
  for (const query::Need& need : needs) {
    if (need.sentence != sentence) continue;
    rights.insert(need.right);
    objects.insert(need.objects);
    subjects.insert(policy.world().at(need.subject).name);
  }
  RuleText rule(text, whole);
  if (!rights.empty() && rule.read()) {
    // An exception is about what the claim names; of several claims, or of influence, there is not one such thing.
    if (objects.size() == 1 && !objects.begin()->empty() &&
        (rule.in_body() || (rule.begins_with_subject() && subjects.size() == 1))) {
      const std::string exception =
          (rule.in_body() ? "" : *subjects.begin() + " ") + "never " + joined(rights) + " " + *objects.begin() + ";";
      const auto indent = alone_on_its_lines(text, whole);
      edits.push_back(edit(span, whole.end, whole.end, (indent ? "\n" + *indent : " ") + exception,
                           "followed by `" + exception + "`"));
    }
    std::string left;
    for (const auto& [right, part] : rule.rights()) {
      if (rights.count(right) == 0) left += (left.empty() ? "" : ", ") + std::string(ir::to_string(right));
    }
    if (!left.empty())
      edits.push_back(edit(span, rule.rights().front().second.begin, rule.rights().back().second.end, left,
                           "without `" + joined(rights) + "`"));
    for (std::size_t i = 0; rule.items().size() > 1 && i < rule.items().size(); ++i) {
      const Part item = rule.items()[i];
      const bool last = i + 1 == rule.items().size();
      edits.push_back(edit(span, last ? rule.items()[i - 1].end : item.begin,
                           last ? item.end : rule.items()[i + 1].begin, "",
                           "without `" + text.substr(item.begin, item.end - item.begin) + "`"));
    }
  }
  edits.push_back(removal(text, span, whole));
  return edits;
}

}  // namespace bulkhead::cli
