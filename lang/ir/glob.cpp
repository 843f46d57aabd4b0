#include "lang/ir/glob.h"

#include <algorithm>
#include <cstring>
#include <optional>
#include <utility>

namespace bulkhead::ir {
namespace {

struct ScalarRange {
  std::uint32_t first = 0;
  std::uint32_t last = 0;
};

/// One thing that an alternative is a sequence of.
struct Token {
  enum class Kind : std::uint8_t { Byte, Star, StarStar, SlashStarStar, Scalar } kind = Kind::Byte;
  char byte = 0;
  std::vector<ScalarRange> ranges;  // of Scalar
  bool negated = false;
};

struct Scalar {
  std::uint32_t value = 0;
  std::size_t length = 0;
};

/// The UTF-8 scalar at the start of `text`: shortest form, no surrogates, at most U+10FFFF.
std::optional<Scalar> decode(std::string_view text) {
  if (text.empty()) return std::nullopt;
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t lead = byte(0);
  if (lead < 0x80) return Scalar{lead, 1};
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < length) return std::nullopt;
  std::uint32_t value = lead & (0x7Fu >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0u) != 0x80u) return std::nullopt;
    value = (value << 6u) | (byte(i) & 0x3Fu);
  }
  constexpr std::uint32_t kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};
  if (value < kSmallest[length] || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) return std::nullopt;
  return Scalar{value, length};
}

/// The end of the thing that starts at `at`: an escape, a class or one byte.
Result<std::size_t, std::string> skip_one(std::string_view text, std::size_t at) {
  if (text[at] == '\\') {
    if (at + 1 == text.size()) return fail(std::string("`\\` at the end"));
    return at + 2;
  }
  if (text[at] != '[') return at + 1;
  std::size_t i = at + 1;
  if (i < text.size() && (text[i] == '!' || text[i] == '^')) ++i;
  for (bool first = true; i < text.size(); first = false) {
    if (text[i] == ']' && !first) return i + 1;
    i += text[i] == '\\' ? 2 : 1;
  }
  return fail(std::string("`[` without `]`"));
}

/// Reads one class member at `at`, an escaped one too, and moves behind it.
std::optional<std::uint32_t> class_member(std::string_view text, std::size_t& at) {
  if (at < text.size() && text[at] == '\\') ++at;
  const auto scalar = decode(text.substr(at));
  if (!scalar) return std::nullopt;
  at += scalar->length;
  return scalar->value;
}

/// The token of the class text[1 .. n-1) of "[...]".
Result<Token, std::string> parse_class(std::string_view text) {
  Token token;
  token.kind = Token::Kind::Scalar;
  std::size_t at = 1;
  if (text[at] == '!' || text[at] == '^') {
    token.negated = true;
    ++at;
  }
  while (at + 1 < text.size()) {
    const auto first = class_member(text, at);
    if (!first) return fail(std::string("a class with bytes that are no UTF-8"));
    ScalarRange range{*first, *first};
    if (at + 2 < text.size() && text[at] == '-') {
      ++at;
      const auto last = class_member(text, at);
      if (!last) return fail(std::string("a class with bytes that are no UTF-8"));
      range.last = *last;
    }
    if (range.last < range.first) return fail(std::string("a reversed range in a class"));
    token.ranges.push_back(range);
  }
  if (token.ranges.empty()) return fail(std::string("an empty class"));
  return token;
}

Result<std::vector<Token>, std::string> parse_alternative(std::string_view text) {
  std::vector<Token> tokens;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = skip_one(text, at);
    if (!end) return fail(end.error());
    const std::string_view rest = text.substr(at);
    Token token;
    if (rest.starts_with("/**") && (rest.size() == 3 || rest[3] == '/')) {
      token.kind = Token::Kind::SlashStarStar;
      at += 3;
    } else if (rest.starts_with("**")) {
      token.kind = Token::Kind::StarStar;
      at += 2;
    } else if (rest[0] == '*') {
      token.kind = Token::Kind::Star;
      ++at;
    } else if (rest[0] == '?') {
      token.kind = Token::Kind::Scalar;
      token.negated = true;
      ++at;
    } else if (rest[0] == '[') {
      auto parsed = parse_class(text.substr(at, *end - at));
      if (!parsed) return fail(parsed.error());
      token = std::move(parsed).value();
      at = *end;
    } else {
      token.byte = rest[0] == '\\' ? rest[1] : rest[0];
      at = *end;
    }
    tokens.push_back(std::move(token));
  }
  return tokens;
}

bool in_class(const Token& token, std::uint32_t scalar) {
  const bool listed = std::any_of(token.ranges.begin(), token.ranges.end(), [&](const ScalarRange& range) {
    return range.first <= scalar && scalar <= range.last;
  });
  return scalar != '/' && listed != token.negated;
}

/// The positions of `path` that can be reached over `token` from the positions in `from`.
std::vector<char> advance(const Token& token, std::string_view path, const std::vector<char>& from) {
  std::vector<char> to(path.size() + 1, 0);
  for (std::size_t i = 0; i <= path.size(); ++i) {
    if (!from[i]) continue;
    switch (token.kind) {
      case Token::Kind::Byte:
        if (i < path.size() && path[i] == token.byte) to[i + 1] = 1;
        break;
      case Token::Kind::Scalar:
        if (const auto scalar = decode(path.substr(i)); scalar && in_class(token, scalar->value))
          to[i + scalar->length] = 1;
        break;
      case Token::Kind::Star:
        for (std::size_t j = i; !to[j];) {
          to[j] = 1;
          if (j < path.size() && path[j] != '/') ++j;
        }
        break;
      case Token::Kind::StarStar:
        for (std::size_t j = i; j <= path.size() && !to[j]; ++j) to[j] = 1;
        break;
      case Token::Kind::SlashStarStar:
        to[i] = 1;
        if (i < path.size() && path[i] == '/') std::fill(to.begin() + static_cast<std::ptrdiff_t>(i) + 1, to.end(), 1);
        break;
    }
  }
  return to;
}

bool alternative_matches(std::string_view alternative, std::string_view path) {
  const auto tokens = parse_alternative(alternative);
  BH_CHECK(tokens.ok(), "a glob in a world has been checked");
  std::vector<char> positions(path.size() + 1, 0);
  positions[0] = 1;
  for (const Token& token : *tokens) positions = advance(token, path, positions);
  return positions.back() != 0;
}

/// The outermost brace group that begins first: its '{', the commas at its own depth, its '}'.
struct Group {
  std::vector<std::size_t> marks;
};
Result<std::optional<Group>, std::string> first_group(std::string_view text) {
  Group group;
  std::size_t depth = 0;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = skip_one(text, at);
    if (!end) return fail(end.error());
    const char c = text[at];
    if (c == '{' && depth++ == 0) group.marks.push_back(at);
    if (c == ',' && depth == 1) group.marks.push_back(at);
    if (c == '}' && depth == 0) return fail(std::string("`}` without `{`"));
    if (c == '}' && --depth == 0) {
      group.marks.push_back(at);
      return std::optional<Group>(std::move(group));
    }
    at = *end;
  }
  if (depth > 0) return fail(std::string("`{` without `}`"));
  return std::optional<Group>();
}

}  // namespace

Result<std::vector<std::string>, std::string> expand_glob(std::string_view glob) {
  if (glob.size() > kMaxGlobBytes) return fail(std::string("a pattern of more than 4096 bytes"));
  std::vector<std::string> done;
  std::vector<std::string> open{std::string(glob)};
  while (!open.empty()) {
    const std::string text = std::move(open.back());
    open.pop_back();
    const auto group = first_group(text);
    if (!group) return fail(group.error());
    if (!*group) {
      if (const auto tokens = parse_alternative(text); !tokens) return fail(tokens.error());
      done.push_back(text);
    } else {
      const auto& marks = (*group)->marks;
      for (std::size_t i = marks.size() - 1; i > 0; --i) {
        open.push_back(text.substr(0, marks.front()) + text.substr(marks[i - 1] + 1, marks[i] - marks[i - 1] - 1) +
                       text.substr(marks.back() + 1));
      }
    }
    if (open.size() + done.size() > kMaxGlobAlternatives) return fail(std::string("more than 1024 alternatives"));
  }
  return done;
}

bool glob_matches(std::string_view glob, std::string_view path) {
  const auto alternatives = expand_glob(glob);
  BH_CHECK(alternatives.ok(), "a glob in a world has been checked");
  return std::any_of(alternatives->begin(), alternatives->end(),
                     [&](const std::string& alternative) { return alternative_matches(alternative, path); });
}

std::string escape_glob(std::string_view text) {
  std::string glob;
  for (const char c : text) {
    if (c != 0 && std::strchr("*?[]{},\\", c) != nullptr) glob += '\\';
    glob += c;
  }
  return glob;
}

bool is_valid_path(std::string_view path) {
  if (path.empty() || path[0] != '/' || path.find('\0') != std::string_view::npos) return false;
  if (path == "/") return true;
  for (std::size_t at = 0; at < path.size();) {
    const std::size_t end = std::min(path.find('/', at + 1), path.size());
    const std::string_view segment = path.substr(at + 1, end - at - 1);
    if (segment.empty() || segment == "." || segment == "..") return false;
    at = end;
  }
  return true;
}

std::optional<FileObject> folder_of(const FileObject& object) {
  if (object.path == "/") return std::nullopt;
  const std::size_t slash = object.path.rfind('/');
  return FileObject{object.volume, slash == 0 ? "/" : object.path.substr(0, slash)};
}

bool pattern_matches(const FilePattern& pattern, const FileObject& object) {
  if (pattern.volume != object.volume) return false;
  if (pattern.prefix.empty()) return glob_matches(pattern.glob, object.path);
  return glob_matches(pattern.glob, object.path == "/" ? pattern.prefix : pattern.prefix + object.path);
}

bool pattern_matches(const NetPattern& pattern, const NetObject& object) {
  return pattern.first.family == object.address.family && pattern.first.bytes <= object.address.bytes &&
         object.address.bytes <= pattern.last.bytes && pattern.first_port <= object.port &&
         object.port <= pattern.last_port && ((pattern.protos >> static_cast<unsigned>(object.proto)) & 1u) != 0;
}

bool patterns_match(const ObjectPatterns& patterns, const Object& object) {
  if (patterns.everything) return true;
  const auto in = [&](const auto& list, const auto& item) {
    return std::any_of(list.begin(), list.end(), [&](const auto& pattern) { return pattern_matches(pattern, item); });
  };
  if (const auto* file = std::get_if<FileObject>(&object)) return in(patterns.files, *file);
  if (const auto* net = std::get_if<NetObject>(&object)) return in(patterns.nets, *net);
  if (const auto* call = std::get_if<SyscallObject>(&object)) {
    return std::find(patterns.syscalls.begin(), patterns.syscalls.end(), call->syscall) != patterns.syscalls.end();
  }
  const auto number = std::get<CapabilityObject>(object).number;
  return std::find(patterns.capabilities.begin(), patterns.capabilities.end(), number) != patterns.capabilities.end();
}

}  // namespace bulkhead::ir
