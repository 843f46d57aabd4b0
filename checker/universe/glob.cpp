#include "checker/universe/glob.h"

#include <algorithm>
#include <optional>

namespace bulkhead::universe {
namespace {

constexpr Scalar kMaxScalar = 0x10FFFF;

Failure<GlobError> refuse(std::string reason) {
  return {GlobError{std::move(reason)}};
}

/// The end (one past `]`) of the class that opens at `open`, or nothing.
std::optional<std::size_t> class_end(std::string_view text, std::size_t open) {
  std::size_t at = open + 1;
  if (at < text.size() && (text[at] == '!' || text[at] == '^')) ++at;
  if (at < text.size() && text[at] == ']') ++at;  // a `]` that comes first is itself
  for (; at < text.size(); ++at) {
    if (text[at] == '\\')
      ++at;
    else if (text[at] == ']')
      return at + 1;
  }
  return std::nullopt;
}

/// The first brace group of a text: where it opens and closes, and its commas.
struct Group {
  std::size_t open = 0;
  std::size_t close = 0;
  std::vector<std::size_t> commas;
};

Result<std::optional<Group>, GlobError> first_group(std::string_view text) {
  std::optional<Group> group;
  std::size_t depth = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    switch (text[at]) {
      case '\\':
        ++at;
        break;
      case '[': {
        const auto end = class_end(text, at);
        if (!end) return refuse("`[` is never closed");
        at = *end - 1;
        break;
      }
      case '{':
        if (depth++ == 0) group = Group{at, 0, {}};
        break;
      case ',':
        if (depth == 1) group->commas.push_back(at);
        break;
      case '}':
        if (depth == 0) return refuse("`}` without `{`");
        if (--depth == 0) {
          group->close = at;
          return group;
        }
        break;
      default:
        break;  // an ordinary byte
    }
  }
  if (depth > 0) return refuse("`{` is never closed");
  return std::optional<Group>{};
}

/// Multiplies out the braces: always the first group of a text, its alternatives in order.
Result<std::vector<std::string>, GlobError> expand_braces(std::string_view text) {
  std::vector<std::string> pending{std::string(text)};
  std::vector<std::string> done;
  std::size_t bytes = text.size();
  while (!pending.empty()) {
    const std::string current = std::move(pending.back());
    pending.pop_back();
    const auto group = first_group(current);
    if (!group) return fail(group.error());
    if (!group->has_value()) {
      done.push_back(current);
      continue;
    }
    auto cuts = (*group)->commas;
    cuts.push_back((*group)->close);
    std::size_t begin = (*group)->open + 1;
    std::vector<std::string> parts;
    for (const std::size_t end : cuts) {
      parts.push_back(current.substr(0, (*group)->open) + current.substr(begin, end - begin) +
                      current.substr((*group)->close + 1));
      bytes += parts.back().size();
      begin = end + 1;
    }
    if (done.size() + pending.size() + parts.size() > kMaxAlternatives || bytes > 64 * kMaxTokens)
      return refuse("its braces stand for more than " + std::to_string(kMaxAlternatives) + " patterns");
    std::move(parts.rbegin(), parts.rend(), std::back_inserter(pending));
  }
  return done;
}

/// Decodes one well-formed scalar at `at` and moves past it.
std::optional<Scalar> decode(std::string_view text, std::size_t& at) {
  const auto byte = [&](std::size_t i) {
    return i < text.size() ? static_cast<std::uint8_t>(text[i]) : std::uint8_t{0};
  };
  const std::uint8_t lead = byte(at);
  const std::size_t length = lead < 0x80   ? 1
                             : lead < 0xC2 ? 0
                             : lead < 0xE0 ? 2
                             : lead < 0xF0 ? 3
                             : lead < 0xF5 ? 4
                                           : 0;
  if (length == 0) return std::nullopt;
  static constexpr Scalar kMask[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
  static constexpr Scalar kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
  Scalar scalar = lead & kMask[length];
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(at + i) & 0xC0) != 0x80) return std::nullopt;
    scalar = (scalar << 6) | (byte(at + i) & 0x3Fu);
  }
  if (scalar < kLeast[length] || scalar > kMaxScalar || (scalar >= 0xD800 && scalar <= 0xDFFF)) return std::nullopt;
  at += length;
  return scalar;
}

ScalarSet normalise(ScalarSet set) {
  std::sort(set.begin(), set.end());
  ScalarSet merged;
  for (const auto& range : set) {
    if (!merged.empty() && range.first <= merged.back().second + 1)
      merged.back().second = std::max(merged.back().second, range.second);
    else
      merged.push_back(range);
  }
  return merged;
}

ScalarSet complement(const ScalarSet& set) {
  ScalarSet rest;
  Scalar next = 0;
  for (const auto& [first, last] : set) {
    if (first > next) rest.emplace_back(next, first - 1);
    next = last + 1;
  }
  if (next <= kMaxScalar) rest.emplace_back(next, kMaxScalar);
  return rest;
}

/// Nothing matches NUL or `/` as one scalar: neither can stand inside a segment of a path.
ScalarSet without_separators(const ScalarSet& set) {
  ScalarSet outside = complement(set);
  outside.emplace_back(0, 0);
  outside.emplace_back('/', '/');
  return complement(normalise(std::move(outside)));
}

/// The class in text[open..end), brackets included.
Result<ScalarSet, GlobError> parse_class(std::string_view text, std::size_t open, std::size_t end) {
  std::size_t at = open + 1;
  const bool negated = text[at] == '!' || text[at] == '^';
  if (negated) ++at;
  const auto one = [&]() -> std::optional<Scalar> {
    if (text[at] == '\\' && at + 2 < end) ++at;
    return decode(text.substr(0, end - 1), at);
  };
  ScalarSet set;
  while (at < end - 1) {
    const auto first = one();
    if (!first) return refuse("a class holds bytes that are no UTF-8");
    auto last = first;
    if (at + 1 < end - 1 && text[at] == '-') {
      ++at;
      last = one();
      if (!last) return refuse("a class holds bytes that are no UTF-8");
      if (*last < *first) return refuse("a range of a class ends before it begins");
    }
    set.emplace_back(*first, *last);
  }
  set = normalise(std::move(set));
  return without_separators(negated ? complement(set) : set);
}

bool subtree_at(std::string_view text, std::size_t at) {
  return text.substr(at, 3) == "/**" && (at + 3 == text.size() || text[at + 3] == '/');
}

/// One alternative, without braces, to tokens.
std::optional<GlobError> tokenise(std::string_view text, Glob& glob) {
  std::vector<Token> tokens;
  const auto scalar = [&](ScalarSet set) {
    const auto same = std::find(glob.classes.begin(), glob.classes.end(), set);
    const auto index = static_cast<std::uint32_t>(same - glob.classes.begin());
    if (same == glob.classes.end()) glob.classes.push_back(std::move(set));
    tokens.push_back({Token::Kind::Class, 0, index});
  };
  for (std::size_t at = 0; at < text.size();) {
    if (subtree_at(text, at)) {
      tokens.push_back({Token::Kind::Subtree, 0, 0});
      at += 3;
    } else if (text.substr(at, 2) == "**") {
      tokens.push_back({Token::Kind::Anything, 0, 0});
      at += 2;
    } else if (text[at] == '*') {
      tokens.push_back({Token::Kind::Segment, 0, 0});
      ++at;
    } else if (text[at] == '?') {
      scalar(without_separators({{0, kMaxScalar}}));
      ++at;
    } else if (text[at] == '[') {
      const auto end = class_end(text, at);
      if (!end) return GlobError{"`[` is never closed"};
      auto set = parse_class(text, at, *end);
      if (!set) return set.error();
      scalar(std::move(*set));
      at = *end;
    } else {
      if (text[at] == '\\' && ++at == text.size()) return GlobError{"it ends in a single `\\`"};
      tokens.push_back({Token::Kind::Byte, static_cast<std::uint8_t>(text[at]), 0});
      ++at;
    }
  }
  glob.alternatives.push_back(std::move(tokens));
  return std::nullopt;
}

/// Splits [first, last] where the continuation bytes stop being a full range, so that each piece is one sequence.
void add_sequences(Scalar first, Scalar last, std::vector<ByteSequence>& out) {
  static constexpr Scalar kLast[] = {0x7F, 0x7FF, 0xD7FF, 0xFFFF, kMaxScalar};
  std::vector<std::pair<Scalar, Scalar>> pending{{first, last}};
  while (!pending.empty()) {
    auto [low, high] = pending.back();
    pending.pop_back();
    if (low >= 0xD800 && low <= 0xDFFF) low = 0xE000;
    if (low > high) continue;
    Scalar cut = high;
    for (const Scalar end : kLast) {
      if (low <= end) {
        cut = std::min(cut, end);
        break;
      }
    }
    const unsigned tail = cut < 0x80 ? 0 : cut < 0x800 ? 1 : cut < 0x10000 ? 2 : 3;
    for (unsigned i = tail; i >= 1; --i) {
      const Scalar mask = (Scalar{1} << (6 * i)) - 1;
      if ((low & ~mask) == (cut & ~mask)) continue;
      if ((low & mask) != 0)
        cut = low | mask;
      else if ((cut & mask) != mask)
        cut = (cut & ~mask) - 1;
    }
    if (cut < high) pending.emplace_back(cut + 1, high);
    ByteSequence sequence;
    sequence.length = static_cast<std::uint8_t>(tail + 1);
    static constexpr std::uint8_t kLead[] = {0, 0xC0, 0xE0, 0xF0};
    for (unsigned i = 0; i <= tail; ++i) {
      const unsigned shift = 6 * (tail - i);
      const auto spell = [&](Scalar scalar) {
        return static_cast<std::uint8_t>(i == 0 ? (scalar >> shift) | kLead[tail]
                                                : ((scalar >> shift) & 0x3Fu) | 0x80u);
      };
      sequence.low[i] = spell(low);
      sequence.high[i] = spell(cut);
    }
    out.push_back(sequence);
  }
}

}  // namespace

Result<Glob, GlobError> parse_glob(std::string_view text) {
  if (text.size() > kMaxGlobBytes) return refuse("it is longer than " + std::to_string(kMaxGlobBytes) + " bytes");
  if (text.find('\0') != std::string_view::npos) return refuse("it holds a NUL byte");
  const auto alternatives = expand_braces(text);
  if (!alternatives) return fail(alternatives.error());
  Glob glob;
  std::size_t tokens = 0;
  for (const std::string& alternative : *alternatives) {
    if (auto error = tokenise(alternative, glob)) return fail(std::move(*error));
    tokens += glob.alternatives.back().size();
    if (tokens > kMaxTokens)
      return refuse("its braces stand for more than " + std::to_string(kMaxTokens) + " characters");
  }
  return glob;
}

std::vector<ByteSequence> utf8_sequences(const ScalarSet& scalars) {
  std::vector<ByteSequence> sequences;
  for (const auto& [first, last] : scalars) add_sequences(first, last, sequences);
  return sequences;
}

}  // namespace bulkhead::universe
