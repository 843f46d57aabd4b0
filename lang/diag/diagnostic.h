// Diagnostics: what is wrong with a user's text, where, and what would mend it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lang/source/source.h"

namespace bulkhead::diag {

enum class Severity { Error, Warning, Note };

/// The stable name of a kind of diagnostic, for example BH3002; made from codes.def, never reused.
enum class Code : unsigned short {
#define BH_CODE(name, number, severity, summary) name = number,
#include "lang/diag/codes.def"
#undef BH_CODE
};

/// "BH3002".
std::string to_string(Code code);
Severity severity_of(Code code);
/// One line that says what this code is about, lower case, without full stop.
std::string_view summary_of(Code code);
std::optional<Code> code_from(std::string_view text);
/// In the order of codes.def.
std::vector<Code> all_codes();
/// The page of docs/diagnostics/ about this code, as Markdown; the pages are part of the binary.
std::optional<std::string> explain_page(Code code);

/// A second place that takes part in the disagreement: "`Agent` is declared here".
struct Label {
  source::Span span;
  std::string text;
};

/// Replaces the bytes of `span` by `replacement`.
struct FixIt {
  source::Span span;
  std::string replacement;
};

struct Diagnostic {
  Code code;
  source::Span span;          // the narrowest place that explains it
  std::string message;        // lower case, no full stop, backticks round code
  std::vector<Label> labels;  // where two things disagree, the other one
  std::string help;           // what to do about it, apart from what is wrong; may be empty
  std::vector<FixIt> fixes;
};

/// Where diagnostics go. One of the four seams of the architecture.
class DiagnosticSink {
 public:
  virtual ~DiagnosticSink() = default;
  virtual void report(Diagnostic diagnostic) = 0;
};

/// Keeps what was reported, at most `kMaxKept`, and counts the errors beyond that.
class DiagnosticList final : public DiagnosticSink {
 public:
  static constexpr std::size_t kMaxKept = 1000;

  void report(Diagnostic diagnostic) override;
  const std::vector<Diagnostic>& all() const { return diagnostics_; }
  std::size_t error_count() const { return errors_; }
  bool has_errors() const { return errors_ > 0; }

 private:
  std::vector<Diagnostic> diagnostics_;
  std::size_t errors_ = 0;
};

enum class Colour { Off, On };

/// A diagnostic as a person reads it: code, message, place, the line with a marker below it, labels, help.
std::string render(const Diagnostic& diagnostic, const source::SourceMap& sources, Colour colour);

/// The candidate nearest to `word` by edit distance, if one is near enough to be meant; ties go to the first.
std::optional<std::string> did_you_mean(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace bulkhead::diag
