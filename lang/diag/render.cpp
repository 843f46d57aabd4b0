#include <algorithm>
#include <string>

#include "lang/diag/diagnostic.h"

namespace bulkhead::diag {
namespace {

using source::Position;
using source::SourceMap;
using source::Span;

constexpr std::size_t kMaxColumns = 140;  // of a shown line; what is longer is clipped around the marker
constexpr std::size_t kWindow = 2048;     // bytes of a line that are looked at, on each side of the marker
constexpr std::size_t kTabWidth = 4;
constexpr std::size_t kMaxLabels = 16;

struct Palette {
  std::string_view error = "\x1b[1;31m", warning = "\x1b[1;33m", note = "\x1b[1;36m", place = "\x1b[1;34m",
                   bold = "\x1b[1m", reset = "\x1b[0m";
  static Palette plain() { return {"", "", "", "", "", ""}; }
};

bool continues(char c) {
  return (static_cast<unsigned char>(c) & 0xC0u) == 0x80u;
}

/// One line as it is shown: tabs widened, control characters made harmless, and where each of its bytes lands.
struct Shown {
  std::string text;
  std::vector<std::size_t> column_of;  // for each byte of the source line, and one past its end
  std::vector<std::size_t> starts;     // byte of `text` at which each column starts, and one past the end
};

Shown shown(std::string_view line) {
  Shown out;
  const auto put = [&out](std::string_view cell) {
    out.starts.push_back(out.text.size());
    out.text += cell;
  };
  for (std::size_t i = 0; i < line.size();) {
    const std::size_t column = out.starts.size();
    std::size_t next = i + 1;
    while (next < line.size() && continues(line[next])) ++next;
    const unsigned char c = static_cast<unsigned char>(line[i]);
    if (c == '\t') {
      for (std::size_t k = 0; k < kTabWidth - column % kTabWidth; ++k) put(" ");
    } else if (c < 0x20 || c == 0x7F || (c >= 0x80 && (c < 0xC2 || next - i == 1))) {
      put("\xEF\xBF\xBD");  // a terminal must never see the bytes of a hostile file as commands
    } else {
      put(line.substr(i, next - i));
    }
    out.column_of.insert(out.column_of.end(), next - i, column);
    i = next;
  }
  out.column_of.push_back(out.starts.size());
  out.starts.push_back(out.text.size());
  return out;
}

struct Mark {
  Span span;
  std::string text;
  bool primary = false;
  Position begin;
};

class Renderer {
 public:
  Renderer(const SourceMap& sources, Colour colour)
      : sources_(sources), palette_(colour == Colour::On ? Palette{} : Palette::plain()) {}

  std::string run(const Diagnostic& diagnostic) {
    head(diagnostic);
    std::vector<Mark> marks = marks_of(diagnostic);
    std::uint32_t last = 1;
    for (const Mark& mark : marks) last = std::max(last, mark.begin.line);
    gutter_ = std::to_string(last).size();
    source::FileId file;
    for (std::size_t i = 0; i < marks.size(); ++i) {
      if (marks[i].span.file != file) {
        file = marks[i].span.file;
        place(headline(marks, i));
        bar("");
      } else if (marks[i].begin.line > marks[i - 1].begin.line + 1) {
        out_ += std::string(gutter_, ' ') + std::string(palette_.place) + " ..." + std::string(palette_.reset) + "\n";
      }
      const bool same_line = i > 0 && marks[i - 1].span.file == file && marks[i - 1].begin.line == marks[i].begin.line;
      snippet(marks[i], same_line);
    }
    tail(diagnostic);
    return out_;
  }

 private:
  void head(const Diagnostic& diagnostic) {
    std::string_view colour = palette_.note;
    std::string_view word = "note";
    switch (severity_of(diagnostic.code)) {
      case Severity::Error:
        colour = palette_.error;
        word = "error";
        break;
      case Severity::Warning:
        colour = palette_.warning;
        word = "warning";
        break;
      case Severity::Note:
        break;
    }
    colour_ = colour;
    paint(colour, std::string(word) + "[" + to_string(diagnostic.code) + "]");
    paint(palette_.bold, ": " + diagnostic.message);
    out_ += '\n';
  }

  /// The places to show: the files in the order in which they are first spoken of, the lines of each from the top.
  std::vector<Mark> marks_of(const Diagnostic& diagnostic) const {
    std::vector<Mark> marks;
    const auto add = [&](const Span& span, const std::string& text, bool primary) {
      if (!span.file.valid()) return;
      marks.push_back({span, text, primary, sources_.position(span.file, span.begin)});
    };
    add(diagnostic.span, "", true);
    for (std::size_t i = 0; i < std::min(kMaxLabels, diagnostic.labels.size()); ++i) {
      add(diagnostic.labels[i].span, diagnostic.labels[i].text, false);
    }
    std::vector<source::FileId> order;
    for (const Mark& mark : marks) {
      if (std::find(order.begin(), order.end(), mark.span.file) == order.end()) order.push_back(mark.span.file);
    }
    const auto rank = [&order](const Mark& mark) {
      return std::find(order.begin(), order.end(), mark.span.file) - order.begin();
    };
    std::stable_sort(marks.begin(), marks.end(), [&](const Mark& a, const Mark& b) {
      if (rank(a) != rank(b)) return rank(a) < rank(b);
      return a.span.begin < b.span.begin;
    });
    return marks;
  }

  /// The place to name above the lines of a file: the mistake itself where it is in this file, else the first label.
  static const Mark& headline(const std::vector<Mark>& marks, std::size_t first) {
    for (std::size_t i = first; i < marks.size() && marks[i].span.file == marks[first].span.file; ++i) {
      if (marks[i].primary) return marks[i];
    }
    return marks[first];
  }

  void place(const Mark& mark) {
    out_ += std::string(gutter_, ' ');
    paint(palette_.place, "--> ");
    out_ += sources_.name(mark.span.file) + ":" + std::to_string(mark.begin.line) + ":" +
            std::to_string(mark.begin.column) + "\n";
  }

  void bar(std::string_view rest) {
    out_ += std::string(gutter_ + 1, ' ');
    paint(palette_.place, "|");
    out_ += std::string(rest) + "\n";
  }

  /// The line of the mark, unless it is shown already, and below it the marker with its text.
  void snippet(const Mark& mark, bool same_line) {
    std::string_view line = sources_.line(mark.span.file, mark.begin.line);
    std::size_t line_start = static_cast<std::size_t>(line.data() - sources_.text(mark.span.file).data());
    const std::size_t cut = window_start(line, mark.span.begin - std::min<std::size_t>(mark.span.begin, line_start));
    line = line.substr(cut, 2 * kWindow);
    line_start += cut;
    const Shown view = shown(line);
    const auto column_at = [&](std::size_t offset) {
      return view.column_of[std::min(offset - std::min(offset, line_start), view.column_of.size() - 1)];
    };
    const std::size_t from = column_at(mark.span.begin);
    const std::size_t to = std::max(from + 1, column_at(std::max(mark.span.begin, mark.span.end)));
    const std::size_t columns = view.starts.size() - 1;
    // Clipped around the marker: a third of the width before it.
    const std::size_t first = columns > kMaxColumns && from > kMaxColumns / 3 ? from - kMaxColumns / 3 : 0;
    const std::size_t end = std::min(columns, first + kMaxColumns);
    if (!same_line) {
      const std::string number = std::to_string(mark.begin.line);
      out_ += std::string(gutter_ - number.size(), ' ');
      paint(palette_.place, number + " |");
      out_ += ' ';
      if (first > 0) out_ += "...";
      out_ += view.text.substr(view.starts[first], view.starts[end] - view.starts[first]);
      if (end < columns) out_ += "...";
      out_ += '\n';
    }
    const std::size_t width = std::min(to, std::max(end, from + 1)) - from;
    out_ += std::string(gutter_ + 1, ' ');
    paint(palette_.place, "|");
    out_ += std::string(1 + (first > 0 ? 3 : 0) + from - first, ' ');
    std::string marker(width, mark.primary ? '^' : '-');
    if (!mark.text.empty()) marker += " " + mark.text;
    paint(mark.primary ? colour_ : palette_.place, marker);
    out_ += '\n';
  }

  /// Where the part of a very long line begins that is looked at, on a code point. Lines of 64 MiB exist.
  static std::size_t window_start(std::string_view line, std::size_t offset) {
    if (offset <= kWindow) return 0;
    std::size_t start = std::min(offset - kWindow, line.size());
    while (start < line.size() && continues(line[start])) ++start;
    return start;
  }

  void tail(const Diagnostic& diagnostic) {
    const auto note = [&](std::string_view word, const std::string& text) {
      out_ += std::string(gutter_ + 1, ' ');
      paint(palette_.place, "= ");
      paint(palette_.bold, std::string(word) + ": ");
      out_ += text + "\n";
    };
    if (!diagnostic.help.empty()) note("help", diagnostic.help);
    if (diagnostic.help.empty()) {
      for (const FixIt& fix : diagnostic.fixes) {
        const bool insert = fix.span.begin == fix.span.end;
        note("help", (insert                    ? "insert `"
                      : fix.replacement.empty() ? "remove `"
                                                : "write `") +
                         (fix.replacement.empty() ? std::string(sources_.slice(fix.span)) : fix.replacement) + "`");
      }
    }
  }

  void paint(std::string_view colour, std::string_view text) {
    out_ += colour;
    out_ += text;
    out_ += palette_.reset;
  }

  const SourceMap& sources_;
  Palette palette_;
  std::string_view colour_;
  std::size_t gutter_ = 1;
  std::string out_;
};

}  // namespace

std::string render(const Diagnostic& diagnostic, const SourceMap& sources, Colour colour) {
  return Renderer(sources, colour).run(diagnostic);
}

}  // namespace bulkhead::diag
