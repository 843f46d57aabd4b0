#include "runtime-bridge/table/glob.h"

#include <map>
#include <optional>
#include <utility>

#include "runtime-bridge/table/utf8_class.h"

namespace bulkhead::table {
namespace {

/// The end of what starts at `at`: an escape, a class or one byte; npos where it is not closed.
std::size_t end_of_one(std::string_view text, std::size_t at) {
  if (text[at] == '\\') return at + 1 < text.size() ? at + 2 : std::string_view::npos;
  if (text[at] != '[') return at + 1;
  std::size_t i = at + 1;
  if (i < text.size() && (text[i] == '!' || text[i] == '^')) ++i;
  for (bool first = true; i < text.size(); first = false) {
    if (text[i] == ']' && !first) return i + 1;
    i += text[i] == '\\' ? 2 : 1;
  }
  return std::string_view::npos;
}

/// The first outermost brace group: its "{", the commas at its own depth, its "}". Empty: there is none.
Result<std::vector<std::size_t>, std::string> first_group(std::string_view text) {
  std::vector<std::size_t> marks;
  std::size_t depth = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = end_of_one(text, at);
    if (end == std::string_view::npos) return fail(std::string("`[` is not closed, or `\\` stands before nothing"));
    const char c = text[at];
    if (c == '{' && depth++ == 0) marks.push_back(at);
    if (c == ',' && depth == 1) marks.push_back(at);
    if (c == '}' && depth == 0) return fail(std::string("`}` closes nothing"));
    if (c == '}' && --depth == 0) {
      marks.push_back(at);
      return marks;
    }
    at = end;
  }
  if (depth > 0) return fail(std::string("`{` is not closed"));
  return marks;
}

Result<std::vector<std::string>, std::string> multiplied_out(std::string_view glob) {
  std::vector<std::string> done;
  std::vector<std::string> open{std::string(glob)};
  while (!open.empty()) {
    std::string text = std::move(open.back());
    open.pop_back();
    const auto marks = first_group(text);
    if (!marks.ok()) return fail(marks.error());
    if (marks->empty()) {
      done.push_back(std::move(text));
    } else {
      for (std::size_t i = marks->size() - 1; i > 0; --i) {
        const std::size_t from = (*marks)[i - 1] + 1;
        open.push_back(text.substr(0, marks->front()) + text.substr(from, (*marks)[i] - from) +
                       text.substr(marks->back() + 1));
      }
    }
    if (open.size() + done.size() > kMaxGlobAlternatives)
      return fail(std::string("pattern has more than 1024 alternatives"));
  }
  return done;
}

/// Builds the automaton, one alternative after the other; `here_` is the state behind what was read of the present one.
class Builder {
 public:
  Result<GlobAutomaton, std::string> build(std::string_view glob) {
    if (glob.size() > kMaxGlobBytes) return fail(std::string("pattern is longer than 4096 bytes"));
    const auto alternatives = multiplied_out(glob);
    if (!alternatives.ok()) return fail(alternatives.error());
    const std::uint16_t start = add_state();
    automaton_.accept = add_state();
    for (const std::string& text : *alternatives) {
      text_ = text;
      here_ = add_state();
      silent(start, here_);
      for (at_ = 0; at_ < text_.size() && problem_.empty();) token();
      silent(here_, automaton_.accept);
      if (!problem_.empty()) return fail(problem_);
    }
    return in_a_row();
  }

 private:
  std::uint16_t add_state() {
    if (states_ >= kMaxGlobStates) {
      problem_ = "pattern needs more than 16384 states";
      return 0;
    }
    return static_cast<std::uint16_t>(states_++);
  }
  void edge(std::uint16_t from, std::uint8_t low, std::uint8_t high, std::uint16_t to) {
    edges_.emplace_back(from, GlobAutomaton::Edge{low, high, to});
  }
  void silent(std::uint16_t from, std::uint16_t to) { silent_.emplace_back(from, to); }

  /// The automaton, its moves sorted by the state that they leave.
  GlobAutomaton in_a_row() {
    auto& begins = automaton_.begins;
    begins.resize(states_ + 1);
    for (const auto& [from, edge] : edges_) ++begins[from + 1u].edge;
    for (const auto& [from, to] : silent_) ++begins[from + 1u].silent;
    for (std::size_t state = 1; state <= states_; ++state) {
      begins[state].edge += begins[state - 1].edge;
      begins[state].silent += begins[state - 1].silent;
    }
    std::vector<GlobAutomaton::Begin> at = begins;
    automaton_.all_edges.resize(edges_.size());
    automaton_.all_silent.resize(silent_.size());
    for (const auto& [from, edge] : edges_) automaton_.all_edges[at[from].edge++] = edge;
    for (const auto& [from, to] : silent_) automaton_.all_silent[at[from].silent++] = to;
    return std::move(automaton_);
  }

  void token() {
    const std::string_view rest = text_.substr(at_);
    if (rest.substr(0, 3) == "/**" && (rest.size() == 3 || rest[3] == '/')) {
      at_ += 3;
      return whole_segments();
    }
    if (rest.substr(0, 2) == "**") {
      at_ += 2;
      return loop(true);
    }
    if (rest[0] == '*') {
      ++at_;
      return loop(false);
    }
    if (rest[0] == '?') {
      ++at_;
      return scalars(normalised({}, true));
    }
    if (rest[0] == '[') return scalar_class();
    if (rest[0] == '\\') ++at_;
    literal(static_cast<std::uint8_t>(text_[at_++]));
  }

  void literal(std::uint8_t byte) {
    const std::uint16_t next = add_state();
    edge(here_, byte, byte, next);
    here_ = next;
  }

  void whole_segments() {
    const std::uint16_t inside = add_state();
    const std::uint16_t after = add_state();
    edge(here_, '/', '/', inside);
    edge(inside, 0, 255, inside);
    silent(inside, after);
    silent(here_, after);
    here_ = after;
  }

  void loop(bool crosses_segments) {
    const std::uint16_t state = add_state();
    silent(here_, state);
    if (crosses_segments) {
      edge(state, 0, 255, state);
    } else {
      edge(state, 0, '/' - 1, state);
      edge(state, '/' + 1, 255, state);
    }
    here_ = state;
  }

  void scalars(const std::vector<ScalarRange>& ranges) {
    const std::uint16_t end = add_state();
    std::map<std::string, std::uint16_t> tails;  // what is left of a sequence -> the state that waits for it
    for (const ByteSequence& sequence : byte_sequences(ranges)) {
      std::string tail;
      std::uint16_t to = end;
      for (std::size_t i = sequence.length; i-- > 1;) {
        const auto [low, high] = sequence.ranges[i];
        tail += {static_cast<char>(low), static_cast<char>(high)};
        const auto [at, fresh] = tails.try_emplace(tail, std::uint16_t{0});
        if (fresh) {
          at->second = add_state();
          edge(at->second, low, high, to);
        }
        to = at->second;
      }
      edge(here_, sequence.ranges[0].low, sequence.ranges[0].high, to);
    }
    here_ = end;
  }

  std::optional<std::uint32_t> class_member(std::string_view text) {
    if (at_ < text.size() && text[at_] == '\\') ++at_;
    return next_scalar(text, at_);
  }

  void scalar_class() {
    const std::size_t end = end_of_one(text_, at_);
    if (end == std::string_view::npos) return void(problem_ = "`[` is not closed");
    const std::string_view text = text_.substr(0, end - 1);
    ++at_;
    const bool negated = at_ < text.size() && (text[at_] == '!' || text[at_] == '^');
    if (negated) ++at_;
    std::vector<ScalarRange> ranges;
    while (at_ < text.size()) {
      const auto first = class_member(text);
      if (!first) return void(problem_ = "a class has bytes that are no UTF-8");
      ScalarRange range{*first, *first};
      if (at_ + 1 < text.size() && text[at_] == '-') {
        ++at_;
        const auto last = class_member(text);
        if (!last) return void(problem_ = "a class has bytes that are no UTF-8");
        range.last = *last;
      }
      if (range.last < range.first) return void(problem_ = "a range of a class ends before it starts");
      ranges.push_back(range);
    }
    if (ranges.empty()) return void(problem_ = "a class is empty");
    at_ = end;
    scalars(normalised(std::move(ranges), negated));
  }

  GlobAutomaton automaton_;
  std::size_t states_ = 0;
  std::vector<std::pair<std::uint16_t, GlobAutomaton::Edge>> edges_;
  std::vector<std::pair<std::uint16_t, std::uint16_t>> silent_;
  std::string_view text_;
  std::size_t at_ = 0;
  std::uint16_t here_ = 0;
  std::string problem_;
};

}  // namespace

Result<GlobAutomaton, std::string> compile_glob(std::string_view glob) {
  return Builder().build(glob);
}

GlobWalk::GlobWalk(const GlobAutomaton& automaton) : automaton_(automaton) {
  enter(0);
}

bool GlobWalk::holds(unsigned side, std::size_t count, std::uint16_t state) const {
  return place_[state] < count && dense_[side][place_[state]] == state;
}

void GlobWalk::enter(std::uint16_t state) {
  // The set is its own queue: what is added behind `done` still waits for its silent moves.
  std::size_t done = count_;
  const auto add = [&](std::uint16_t s) {
    if (holds(now_, count_, s)) return;
    place_[s] = static_cast<std::uint16_t>(count_);
    dense_[now_][count_++] = s;
  };
  add(state);
  for (; done < count_; ++done) {
    for (const std::uint16_t to : automaton_.silent(dense_[now_][done])) add(to);
  }
}

void GlobWalk::step(std::uint8_t byte) {
  const unsigned before = now_;
  const std::size_t before_count = count_;
  now_ ^= 1u;
  count_ = 0;
  for (std::size_t i = 0; i < before_count; ++i) {
    for (const GlobAutomaton::Edge& edge : automaton_.edges(dense_[before][i])) {
      if (edge.low <= byte && byte <= edge.high) enter(edge.to);
    }
  }
}

bool GlobWalk::accepted() const {
  return holds(now_, count_, automaton_.accept);
}

bool accepts(const GlobAutomaton& automaton, std::string_view prefix, std::string_view path) {
  GlobWalk walk(automaton);
  if (!prefix.empty() && path == "/") path = {};
  for (const std::string_view part : {prefix, path}) {
    for (const char c : part) {
      walk.step(static_cast<std::uint8_t>(c));
      if (walk.dead()) return false;
    }
  }
  return walk.accepted();
}

}  // namespace bulkhead::table
