#include "lang/format/layout.h"

#include <algorithm>
#include <array>
#include <optional>

namespace bulkhead::format {
namespace {

using syntax::Token;
using syntax::TokenClass;

constexpr std::size_t kIndent = 4;
constexpr std::size_t kInlineBlock = 80;  // columns that a block may take on one line

/// Words before which a bracket does not open a call.
constexpr std::array<std::string_view, 14> kBeforeGroup = {"do", "else", "from", "if", "in",          "into", "like",
                                                           "on", "sees", "then", "to", "unreachable", "when", "with"};

class Layout {
 public:
  Layout(const std::vector<Token>& tokens, std::string_view text)
      : tokens_(tokens),
        text_(text),
        blocks_(tokens.size()),
        lists_(tokens.size()),
        binder_points_(tokens.size()),
        padding_(tokens.size()) {
    find_binder_points();
    find_blocks();
    find_tables();
  }

  std::string run() {
    for (std::size_t i = 0; i < tokens_.size(); ++i) put(i);
    if (!out_.empty()) out_ += '\n';
    return std::move(out_);
  }

 private:
  enum class Block : std::uint8_t { None, Inline, Lines };

  std::string_view word(std::size_t i) const { return tokens_[i].in(text_); }
  bool is(std::size_t i, std::string_view sign) const { return tokens_[i].cls == TokenClass::Sign && word(i) == sign; }
  bool cls(std::size_t i, TokenClass c) const { return tokens_[i].cls == c; }

  /// Line ends between token `i` and the one before it.
  std::size_t breaks_before(std::size_t i) const {
    if (i == 0) return 0;
    const auto gap = text_.substr(tokens_[i - 1].end, tokens_[i].begin - tokens_[i - 1].end);
    return static_cast<std::size_t>(std::count(gap.begin(), gap.end(), '\n'));
  }

  /// The point of `forall c: Container.`, which ends a list of variables and joins nothing: the first one after the
  /// word, since neither variables nor their types have points.
  void find_binder_points() {
    bool binding = false;
    for (std::size_t i = 0; i + 1 < tokens_.size(); ++i) {
      const bool word_next = cls(i + 1, TokenClass::Word);
      if (cls(i, TokenClass::Word) && (word(i) == "forall" || word(i) == "exists") && word_next) binding = true;
      if (is(i, ";") || is(i, "(")) binding = false;
      if (binding && is(i, ".")) {
        binder_points_[i] = true;
        binding = false;
      }
    }
  }

  /// Which blocks stay on their line. Inner blocks are decided before the ones around them.
  void find_blocks() {
    struct Open {
      std::size_t at;
      std::size_t width;
      bool lines;
      bool sentences;
    };
    std::vector<Open> open;
    std::size_t width = 0;
    for (std::size_t i = 0; i < tokens_.size(); ++i) {
      width += word(i).size() + (i > 0 && spaced(i) ? 1 : 0);
      if (tokens_[i].comment() && !open.empty()) open.back().lines = true;
      if (is(i, "{"))
        open.push_back({i, width, i + 1 < tokens_.size() && !is(i + 1, "}") && breaks_before(i + 1) > 0, false});
      if (is(i, ";") && !open.empty()) open.back().sentences = true;
      if (!is(i, "}") || open.empty()) continue;
      const Open block = open.back();
      open.pop_back();
      const bool lines = block.lines || width - block.width > kInlineBlock;
      blocks_[block.at] = blocks_[i] = lines ? Block::Lines : Block::Inline;
      lists_[block.at] = !block.sentences && block.at > 0 && is_list_after(block.at - 1);
      if (lines && !open.empty()) open.back().lines = true;
    }
  }

  /// `enum E {`, `x in {`.
  bool is_list_after(std::size_t i) const {
    return word(i) == "in" || word(i) == "capabilities" || (i > 0 && word(i - 1) == "enum");
  }

  /// A name and the numbers behind it, `read 0 63;`: the tokens of one line.
  struct Row {
    std::size_t begin;
    std::size_t end;  // of its `;`
  };

  /// The row that begins at `i`, of so many numbers or more.
  std::optional<Row> row_at(std::size_t i, std::size_t numbers) const {
    if (!cls(i, TokenClass::Word) || breaks_before(i) == 0) return std::nullopt;
    std::size_t end = i + 1;
    while (end < tokens_.size() && (cls(end, TokenClass::Number) || is(end, "-")) && breaks_before(end) == 0) ++end;
    if (end - i < 1 + numbers || end >= tokens_.size() || !is(end, ";")) return std::nullopt;
    return Row{i, end};
  }

  /// Rows that follow each other are a table: names to the left of their column, numbers to the right of theirs.
  void find_tables() {
    struct Open {
      bool lines;
      std::size_t numbers;  // elsewhere one number is a setting, and needs no column
    };
    std::vector<Open> open;
    std::vector<Row> table;
    for (std::size_t i = 0; i < tokens_.size(); ++i) {
      if (is(i, "{")) open.push_back({blocks_[i] == Block::Lines, i > 1 && word(i - 2) == "kernel" ? 1u : 2u});
      if (is(i, "}") && !open.empty()) open.pop_back();
      const bool begins = !open.empty() && open.back().lines && (is(i - 1, ";") || is(i - 1, "{"));
      const std::optional<Row> row = begins ? row_at(i, open.back().numbers) : std::nullopt;
      const bool goes_on = row && !table.empty() && table.back().end + 1 == i && breaks_before(i) == 1 &&
                           row->end - row->begin == table.back().end - table.back().begin;
      if (row && !goes_on) set_table(table);
      if (!row) continue;
      table.push_back(*row);
      i = row->end;
    }
    set_table(table);
  }

  /// Empties `table`.
  void set_table(std::vector<Row>& table) {
    const std::size_t columns = table.empty() ? 0 : table.front().end - table.front().begin;
    for (std::size_t column = 0; column < columns; ++column) {
      std::size_t width = 0;
      for (const Row& row : table) width = std::max(width, word(row.begin + column).size());
      for (const Row& row : table) {
        const std::size_t at = row.begin + column;
        const std::size_t missing = width - word(at).size();
        padding_[column == 0 ? at + 1 : at] += missing;
      }
    }
    table.clear();
  }

  /// Whether a space stands between token `i` and the one before it, both on one line. Two signs are joined only where
  /// one of them can be part of no other token.
  bool spaced(std::size_t i) const {
    const std::size_t before = i - 1;
    if (is(before, "{") && is(i, "}")) return false;
    if (is(i, ";") || is(i, ",") || is(i, ")") || is(i, "]")) return false;
    if (is(before, "(") || is(before, "[")) return false;
    const bool word_before = cls(before, TokenClass::Word);
    const bool word_here = cls(i, TokenClass::Word);
    if (is(before, "!")) return !word_here && !is(i, "!") && !is(i, "(") && !cls(i, TokenClass::Number);
    if (is(i, "(")) return !word_before || std::binary_search(kBeforeGroup.begin(), kBeforeGroup.end(), word(before));
    if (is(i, ".")) return !word_before && !is(before, ")");
    if (is(before, ".")) return binder_points_[before] || !word_here;
    if (is(i, ":")) return !word_before && !is(before, ")") && !cls(before, TokenClass::String);
    if (is(before, ":")) return !cls(i, TokenClass::String) || !(before > 0 && cls(before - 1, TokenClass::Word));
    if (is(i, "/")) return !word_before;
    if (is(before, "/")) return !word_here;
    if (is(i, "..")) return !word_before && !cls(before, TokenClass::Number);
    if (is(before, "..")) return !word_here && !cls(i, TokenClass::Number);
    if (is(before, "-") && cls(i, TokenClass::Number)) return tokens_[before].end != tokens_[i].begin;
    return true;
  }

  void put(std::size_t i) {
    const std::size_t lines = lines_before(i);
    if (is(i, "}") && blocks_[i] == Block::Lines && depth_ > 0) {
      --depth_;
      open_lists_.pop_back();
    }
    if (lines > 0) {
      out_.append(lines, '\n');
      const bool closing = is(i, "}") && blocks_[i] == Block::Lines;
      const bool listed = !open_lists_.empty() && open_lists_.back();
      out_.append(kIndent * (depth_ + (inside_sentence_ && !closing && !listed ? 1 : 0)), ' ');
    } else if (i > 0) {
      if (tokens_[i].comment())
        out_ += "  ";
      else if (spaced(i))
        out_.append(1 + padding_[i], ' ');
    }
    std::string_view shown = word(i);
    while (tokens_[i].comment() && (shown.back() == ' ' || shown.back() == '\t')) shown.remove_suffix(1);
    out_ += shown;
    if (is(i, "{") && blocks_[i] == Block::Lines) {
      ++depth_;
      open_lists_.push_back(lists_[i]);
    }
    if (is(i, "{") && blocks_[i] == Block::Inline) ++inline_;
    if (is(i, "}") && blocks_[i] == Block::Inline) --inline_;
    if (tokens_[i].comment()) return;
    const bool ends = inline_ == 0 && (is(i, ";") || (is(i, "{") && blocks_[i] == Block::Lines) || ends_with_block(i));
    inside_sentence_ = !ends;
  }

  /// Whether the block that closes at `i` ends its sentence: what follows begins a line of its own.
  bool ends_with_block(std::size_t i) const {
    if (!is(i, "}") || inline_ > 0) return false;
    std::size_t next = i + 1;
    while (next < tokens_.size() && tokens_[next].comment()) ++next;
    if (next == tokens_.size() || is(next, "}")) return true;
    if (!cls(next, TokenClass::Word)) return false;
    if (blocks_[i] == Block::Lines) return true;
    if (word(next) == "by" && next + 1 < tokens_.size() && word(next + 1) == "rank") return false;
    return breaks_before(next) > 0 || !continues(next);
  }

  /// `... in { a, b } when`: a word that goes on after a set.
  bool continues(std::size_t i) const {
    static constexpr std::array<std::string_view, 12> words = {"do", "else",  "for", "leads", "or",   "then",
                                                               "to", "under", "via", "when",  "with", "within"};
    return std::binary_search(words.begin(), words.end(), word(i));
  }

  /// How many line ends stand before token `i`: 0, 1, or 2 where an empty line is kept.
  std::size_t lines_before(std::size_t i) const {
    if (i == 0) return 0;
    const std::size_t breaks = breaks_before(i);
    const bool after_comment = tokens_[i - 1].comment();
    const bool opened = is(i - 1, "{") && blocks_[i - 1] == Block::Lines;
    const bool closing = is(i, "}") && blocks_[i] == Block::Lines;
    if (inline_ > 0 && !after_comment) return 0;
    if (tokens_[i].comment() && breaks == 0 && !after_comment) return 0;  // stays at the end of its line
    if (opened || closing) return 1;
    const std::size_t kept = breaks > 1 ? 2 : 1;
    if (after_comment || tokens_[i].comment()) return kept;
    if (!inside_sentence_) return kept;
    return breaks > 0 ? 1 : 0;
  }

  const std::vector<Token>& tokens_;
  std::string_view text_;
  std::vector<Block> blocks_;
  std::vector<bool> lists_;  // of a bracket that opens: members with commas stand in it, no sentences
  std::vector<bool> binder_points_;
  std::vector<std::size_t> padding_;  // further blanks before a token
  std::string out_;
  std::vector<bool> open_lists_;  // for each level of `depth_`
  std::size_t depth_ = 0;
  std::size_t inline_ = 0;
  bool inside_sentence_ = false;
};

}  // namespace

std::string layout(const std::vector<Token>& tokens, std::string_view text) {
  return Layout(tokens, text).run();
}

}  // namespace bulkhead::format
