#include "lang/types/glob_text.h"

#include <string_view>
#include <vector>

#include "lang/ir/glob.h"

namespace bulkhead::types {
namespace {

using diag::Code;

struct Fault {
  std::string message;
  std::string help;
  std::string where;  // a piece of the string that shows it, or ""
};

/// The span of `piece` in the literal, where escapes have not moved the bytes; else of the whole literal.
source::Span span_of(const ast::String& literal, const std::string& piece, const source::SourceMap& sources) {
  if (piece.empty() || !literal.span.file.valid()) return literal.span;
  const std::string_view raw = sources.slice(literal.span);
  const std::size_t at = raw.find(piece);
  if (raw.size() != literal.value.size() + 2 || at == std::string_view::npos) return literal.span;
  const auto begin = literal.span.begin + static_cast<std::uint32_t>(at);
  return {literal.span.file, begin, begin + static_cast<std::uint32_t>(piece.size())};
}

/// A segment without its backslashes: `\.\.` is `..` too.
std::string unescaped(std::string_view segment) {
  std::string text;
  for (std::size_t i = 0; i < segment.size(); ++i) {
    if (segment[i] == '\\' && i + 1 < segment.size()) ++i;
    text.push_back(segment[i]);
  }
  return text;
}

/// What is wrong with one alternative (or with a plain path) as an absolute, normalised path.
std::optional<Fault> path_fault(std::string_view path) {
  if (path.empty() || path.front() != '/') {
    return Fault{"a path is absolute: it begins with `/`", "write `/" + std::string(path) + "`", std::string(path)};
  }
  if (path.find('\0') != std::string_view::npos) return Fault{"a path holds no NUL byte", "", ""};
  if (path == "/") return std::nullopt;
  std::size_t begin = 1;
  for (;;) {
    const std::size_t slash = path.find('/', begin);
    const std::string_view segment = path.substr(begin, slash == std::string_view::npos ? slash : slash - begin);
    if (segment.empty() && slash == std::string_view::npos) {
      return Fault{"a path does not end with `/`", "leave the last `/` out, or write `/**` for all that lies below",
                   ""};
    }
    if (segment.empty()) return Fault{"a path has no empty segment", "write `/` once", "//"};
    const std::string plain = unescaped(segment);
    if (plain == "." || plain == "..") {
      return Fault{"a rule speaks of resolved paths, which have no `" + plain + "`", "write the path that is meant",
                   "/" + plain};
    }
    if (slash == std::string_view::npos) return std::nullopt;
    begin = slash + 1;
  }
}

void report(Code code, const ast::String& literal, const Fault& fault, const source::SourceMap& sources,
            diag::DiagnosticSink& sink) {
  sink.report({code, span_of(literal, fault.where, sources), fault.message, {}, fault.help, {}});
}

}  // namespace

bool check_glob(const ast::String& glob, const source::SourceMap& sources, diag::DiagnosticSink& sink) {
  const Result<std::vector<std::string>, std::string> alternatives = ir::expand_glob(glob.value);
  if (!alternatives) {
    report(Code::BadGlob, glob, {alternatives.error(), "a `\\` before a sign takes its meaning away", ""}, sources,
           sink);
    return false;
  }
  for (const std::string& alternative : *alternatives) {
    if (const auto fault = path_fault(alternative)) {
      report(Code::BadPath, glob, *fault, sources, sink);
      return false;
    }
  }
  return true;
}

bool check_path(const ast::String& path, const std::string& what, const source::SourceMap& sources,
                diag::DiagnosticSink& sink) {
  if (path.value.find_first_of("*?[{\\") != std::string::npos) {
    report(Code::BadPath, path, {what + " is one path, not a pattern", "in a condition, `like` takes a pattern", ""},
           sources, sink);
    return false;
  }
  const auto fault = path_fault(path.value);
  if (fault) report(Code::BadPath, path, *fault, sources, sink);
  return !fault;
}

std::string literal_prefix(const std::string& glob) {
  std::string prefix;
  for (std::size_t i = 0; i < glob.size(); ++i) {
    const char byte = glob[i];
    if (byte == '*' || byte == '?' || byte == '[' || byte == '{') {
      // `/d/**` includes /d itself.
      if (byte == '*' && prefix.size() > 1 && prefix.back() == '/' && glob.compare(i, 2, "**") == 0) prefix.pop_back();
      return prefix;
    }
    if (byte == '\\' && i + 1 < glob.size()) ++i;
    prefix.push_back(glob[i]);
  }
  return prefix;
}

}  // namespace bulkhead::types
