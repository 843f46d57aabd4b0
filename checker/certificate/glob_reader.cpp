#include "checker/certificate/glob_reader.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <map>
#include <utility>

namespace bulkhead::certificate {
namespace {

constexpr std::size_t kMaxAlternatives = 4096;
constexpr std::size_t kMaxNodes = 4'000'000;
constexpr State kFull = std::numeric_limits<State>::max();

using ByteRange = std::pair<std::uint8_t, std::uint8_t>;
/// The bytes that spell a range of scalars, one range for each byte.
using Spelling = std::vector<ByteRange>;
using ScalarRange = std::pair<std::uint32_t, std::uint32_t>;

Spelling spell(std::uint32_t scalar) {
  const auto tail = [&](unsigned shift) { return static_cast<std::uint8_t>(0x80u | ((scalar >> shift) & 0x3Fu)); };
  std::vector<std::uint8_t> bytes;
  if (scalar < 0x80) {
    bytes = {static_cast<std::uint8_t>(scalar)};
  } else if (scalar < 0x800) {
    bytes = {static_cast<std::uint8_t>(0xC0u | (scalar >> 6u)), tail(0)};
  } else if (scalar < 0x10000) {
    bytes = {static_cast<std::uint8_t>(0xE0u | (scalar >> 12u)), tail(6), tail(0)};
  } else {
    bytes = {static_cast<std::uint8_t>(0xF0u | (scalar >> 18u)), tail(12), tail(6), tail(0)};
  }
  Spelling spelling;
  for (const std::uint8_t byte : bytes) spelling.emplace_back(byte, byte);
  return spelling;
}

/// Splits a range of scalars until each part is a product of byte ranges.
void spell_range(ScalarRange range, std::vector<Spelling>& out) {
  std::vector<ScalarRange> open{range};
  while (!open.empty()) {
    const auto [low, high] = open.back();
    open.pop_back();
    if (low > high) continue;
    const auto cut = [&, first = low, last = high](std::uint32_t end) {  // at `end` | end + 1
      if (first > end || last <= end) return false;
      open.emplace_back(end + 1, last);
      open.emplace_back(first, end);
      return true;
    };
    if (cut(0x7F) || cut(0x7FF) || cut(0xD7FF) || cut(0xDFFF) || cut(0xFFFF)) continue;
    if (low >= 0xD800 && high <= 0xDFFF) continue;  // surrogates are no scalars
    bool split = false;
    for (std::uint32_t block = 0x3F; !split && low >= 0x80 && block < 0x40000; block = (block << 6u) | 0x3Fu) {
      if ((low & ~block) == (high & ~block)) break;  // differs in the lower bytes only
      if ((low & block) != 0) {
        split = cut(low | block);
      } else if ((high & block) != block) {
        split = cut((high & ~block) - 1);
      }
    }
    if (split) continue;
    Spelling first = spell(low);
    const Spelling last = spell(high);
    for (std::size_t i = 0; i < first.size(); ++i) first[i].second = last[i].first;
    out.push_back(std::move(first));
  }
}

/// Everything that is in none of the ranges, '/' left out of both.
std::vector<ScalarRange> complement(std::vector<ScalarRange> ranges) {
  ranges.emplace_back('/', '/');
  std::sort(ranges.begin(), ranges.end());
  std::vector<ScalarRange> gaps;
  std::uint32_t next = 0;
  for (const auto& [low, high] : ranges) {
    if (low > next) gaps.emplace_back(next, low - 1);
    next = std::max(next, high + 1);
  }
  if (next <= 0x10FFFF) gaps.emplace_back(next, 0x10FFFF);
  return gaps;
}

/// One scalar of a class, with the length of its spelling; nothing where the bytes are no UTF-8.
std::optional<std::pair<std::uint32_t, std::size_t>> scalar_at(std::string_view text) {
  if (text.empty()) return std::nullopt;
  const auto lead = static_cast<std::uint8_t>(text[0]);
  const std::size_t size = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  if (text.size() < size) return std::nullopt;
  std::uint32_t value = size == 1 ? lead : lead & (0xFFu >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) value = (value << 6u) | (static_cast<std::uint8_t>(text[i]) & 0x3Fu);
  const Spelling again = value <= 0x10FFFF && !(value >= 0xD800 && value <= 0xDFFF) ? spell(value) : Spelling();
  if (again.size() != size) return std::nullopt;
  for (std::size_t i = 0; i < size; ++i) {
    if (again[i].first != static_cast<std::uint8_t>(text[i])) return std::nullopt;
  }
  return std::make_pair(value, size);
}

}  // namespace

/// Reads one alternative from left to right and adds its nodes.
class Reader {
 public:
  Reader(Automaton& to, std::string_view text) : to_(to), text_(text) {}

  /// The first node of the alternative, if it can be read.
  std::optional<State> run() {
    const State first = add();
    State at = first;
    while (pos_ < text_.size()) {
      const auto next = token(at);
      if (!next || to_.nodes_.size() > kMaxNodes) return std::nullopt;
      at = *next;
    }
    to_.nodes_[at].accepting = true;
    return first;
  }

 private:
  State add() {
    to_.nodes_.emplace_back();
    return static_cast<State>(to_.nodes_.size() - 1);
  }
  void edge(State from, std::uint8_t low, std::uint8_t high, State to) {
    to_.nodes_[from].edges.push_back({low, high, to});
  }
  void silent(State from, State to) { to_.nodes_[from].silent.push_back(to); }

  bool at_subtree() const {
    const std::string_view rest = text_.substr(pos_);
    return rest.substr(0, 3) == "/**" && (rest.size() == 3 || rest[3] == '/');
  }

  std::optional<State> token(State from) {
    const State next = add();
    if (at_subtree()) {
      const State inside = add();
      silent(from, next);
      edge(from, '/', '/', inside);
      edge(inside, 0, 255, inside);
      silent(inside, next);
      pos_ += 3;
      return next;
    }
    const char c = text_[pos_++];
    if (c == '*') {
      const bool deep = pos_ < text_.size() && text_[pos_] == '*';
      if (deep) ++pos_;
      silent(from, next);
      if (deep) {
        edge(from, 0, 255, from);
      } else {
        edge(from, 0, '/' - 1, from);
        edge(from, '/' + 1, 255, from);
      }
      return next;
    }
    if (c == '?') return scalars(from, next, complement({}));
    if (c == '[') return character_class(from, next);
    char literal = c;
    if (c == '\\') {
      if (pos_ == text_.size()) return std::nullopt;
      literal = text_[pos_++];
    }
    const auto byte = static_cast<std::uint8_t>(literal);
    edge(from, byte, byte, next);
    return next;
  }

  std::optional<State> character_class(State from, State next) {
    const bool negated = pos_ < text_.size() && (text_[pos_] == '!' || text_[pos_] == '^');
    if (negated) ++pos_;
    std::vector<ScalarRange> ranges;
    for (bool first = true;; first = false) {
      if (pos_ == text_.size()) return std::nullopt;
      if (text_[pos_] == ']' && !first) break;
      const auto low = member();
      if (!low) return std::nullopt;
      std::uint32_t high = *low;
      if (pos_ + 1 < text_.size() && text_[pos_] == '-' && text_[pos_ + 1] != ']') {
        ++pos_;
        const auto last = member();
        if (!last || *last < *low) return std::nullopt;
        high = *last;
      }
      ranges.emplace_back(*low, high);
    }
    ++pos_;
    const auto outside = complement(std::move(ranges));
    return scalars(from, next, negated ? outside : complement(outside));
  }

  std::optional<std::uint32_t> member() {
    if (text_[pos_] == '\\') ++pos_;
    const auto found = scalar_at(text_.substr(pos_));
    if (!found) return std::nullopt;
    pos_ += found->second;
    return found->first;
  }

  /// Edges for each spelling; what remains to be read after a byte is one node, however it was reached.
  State scalars(State from, State next, const std::vector<ScalarRange>& ranges) {
    std::vector<Spelling> spellings;
    for (const ScalarRange& range : ranges) spell_range(range, spellings);
    std::map<Spelling, State> remains;
    for (const Spelling& spelling : spellings) {
      State to = next;
      for (std::size_t i = spelling.size() - 1; i > 0; --i) {
        const Spelling rest(spelling.begin() + static_cast<std::ptrdiff_t>(i), spelling.end());
        const auto known = remains.find(rest);
        const State node = known != remains.end() ? known->second : add();
        if (known == remains.end()) {
          remains.emplace(rest, node);
          edge(node, rest.front().first, rest.front().second, to);
        }
        to = node;
      }
      edge(from, spelling.front().first, spelling.front().second, to);
    }
    return next;
  }

  Automaton& to_;
  std::string_view text_;
  std::size_t pos_ = 0;
};

namespace {

/// The end of the escape, class or byte at `at`; nothing where it has none.
std::optional<std::size_t> unit_end(std::string_view text, std::size_t at) {
  if (text[at] == '\\') return at + 1 < text.size() ? std::optional<std::size_t>(at + 2) : std::nullopt;
  if (text[at] != '[') return at + 1;
  std::size_t i = at + 1;
  if (i < text.size() && (text[i] == '!' || text[i] == '^')) ++i;
  for (std::size_t first = i; i < text.size();) {
    if (text[i] == ']' && i != first) return i + 1;
    i += text[i] == '\\' ? 2 : 1;
  }
  return std::nullopt;
}

/// Multiplies the first group of braces out; {text} itself where there is none.
std::optional<std::vector<std::string>> expand_once(const std::string& text) {
  std::vector<std::size_t> marks;
  std::size_t depth = 0;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = unit_end(text, at);
    if (!end) return std::nullopt;
    if (text[at] == '}' && depth == 0) return std::nullopt;
    if (text[at] == '{' && ++depth == 1) marks.push_back(at);
    if (text[at] == ',' && depth == 1) marks.push_back(at);
    if (text[at] == '}' && --depth == 0) {
      marks.push_back(at);
      break;
    }
    at = *end;
  }
  if (depth != 0) return std::nullopt;
  if (marks.empty()) return std::vector<std::string>{text};
  std::vector<std::string> parts;
  for (std::size_t i = 0; i + 1 < marks.size(); ++i) {
    parts.push_back(text.substr(0, marks.front()) + text.substr(marks[i] + 1, marks[i + 1] - marks[i] - 1) +
                    text.substr(marks.back() + 1));
  }
  return parts;
}

std::optional<std::vector<std::string>> expand(std::string_view glob) {
  std::vector<std::string> done;
  std::vector<std::string> open{std::string(glob)};
  while (!open.empty()) {
    const std::string text = std::move(open.back());
    open.pop_back();
    auto parts = expand_once(text);
    if (!parts) return std::nullopt;
    if (parts->size() == 1 && parts->front() == text) {
      done.push_back(text);
    } else {
      open.insert(open.end(), parts->begin(), parts->end());
    }
    if (open.size() + done.size() > kMaxAlternatives) return std::nullopt;
  }
  return done;
}

}  // namespace

bool Automaton::add(std::string_view glob, std::string_view prefix) {
  const auto alternatives = expand(glob);
  if (!alternatives) return false;
  for (const std::string& alternative : *alternatives) {
    const std::size_t old = nodes_.size();
    const auto first = Reader(*this, alternative).run();
    if (!first) return false;
    for (std::size_t i = old; i < nodes_.size(); ++i) {
      const bool loops = std::any_of(nodes_[i].edges.begin(), nodes_[i].edges.end(),
                                     [&](const Edge& e) { return e.low == 0 && e.high == 255 && e.to == i; });
      States after{static_cast<State>(i)};
      close(after);
      nodes_[i].always = loops && accepts(after);
    }
    States states{*first};
    close(states);
    for (const char c : prefix) states = advance(states, static_cast<std::uint8_t>(c));
    initial_.insert(initial_.end(), states.begin(), states.end());
  }
  std::sort(initial_.begin(), initial_.end());
  initial_.erase(std::unique(initial_.begin(), initial_.end()), initial_.end());
  return true;
}

const States& Automaton::full() {
  static const States kStates{kFull};
  return kStates;
}

/// By rounds, each over what the last one added: sets of thousands of states stay linear.
void Automaton::close(States& states) const {
  std::sort(states.begin(), states.end());
  for (States fresh = states; !fresh.empty();) {
    States reached;
    for (const State state : fresh)
      reached.insert(reached.end(), nodes_[state].silent.begin(), nodes_[state].silent.end());
    std::sort(reached.begin(), reached.end());
    reached.erase(std::unique(reached.begin(), reached.end()), reached.end());
    fresh.clear();
    std::set_difference(reached.begin(), reached.end(), states.begin(), states.end(), std::back_inserter(fresh));
    const auto middle = static_cast<std::ptrdiff_t>(states.size());
    states.insert(states.end(), fresh.begin(), fresh.end());
    std::inplace_merge(states.begin(), states.begin() + middle, states.end());
  }
}

States Automaton::normal(States states) const {
  const bool always =
      std::any_of(states.begin(), states.end(), [&](State s) { return s == kFull || nodes_[s].always; });
  return always ? full() : states;
}

States Automaton::advance(const States& from, std::uint8_t byte) const {
  States to;
  for (const State state : from) {
    for (const Edge& e : nodes_[state].edges) {
      if (e.low <= byte && byte <= e.high) to.push_back(e.to);
    }
  }
  std::sort(to.begin(), to.end());
  to.erase(std::unique(to.begin(), to.end()), to.end());
  close(to);
  return to;
}

States Automaton::initial() const {
  return normal(initial_);
}

States Automaton::step(const States& from, std::uint8_t byte) const {
  return from == full() ? full() : normal(advance(from, byte));
}

bool Automaton::accepts(const States& states) const {
  return std::any_of(states.begin(), states.end(), [&](State s) { return s == kFull || nodes_[s].accepting; });
}

void Automaton::mark_bytes(std::vector<bool>& marks) const {
  for (const Node& node : nodes_) {
    for (const Edge& e : node.edges) {
      marks.at(e.low) = true;
      if (e.high < 255) marks.at(e.high + std::size_t{1}) = true;
    }
  }
}

}  // namespace bulkhead::certificate
