// Policies for tests: classes that most of them need, and reading that says what went wrong.
#pragma once

#include <optional>
#include <string>

#include "lang/import/selinux/read.h"

namespace bulkhead::test {

inline const std::string kClasses =
    "class file class dir class process class chr_file\n"
    "common file { ioctl read write append execute }\n"
    "class file inherits file { entrypoint }\nclass chr_file inherits file\n"
    "class dir inherits file { search }\nclass process { transition dyntransition setexec setcurrent fork }\n";

struct ReadPolicy {
  source::SourceMap sources;
  diag::DiagnosticList diagnostics;
  std::optional<selinux::Policy> policy;

  explicit ReadPolicy(std::string text) {
    const source::FileId file = sources.add("p.conf", std::move(text));
    policy = selinux::read_policy(sources, file, diagnostics);
  }

  /// "3:7 message" of the first diagnostic; "" where there is none.
  std::string mistake() const {
    if (diagnostics.all().empty()) return "";
    const diag::Diagnostic& first = diagnostics.all().front();
    const source::Position at = sources.position(first.span.file, first.span.begin);
    return std::to_string(at.line) + ":" + std::to_string(at.column) + " " + first.message;
  }
  std::uint32_t line(const selinux::Rule& rule) const { return sources.line_number(policy->file, rule.begin); }
};

}  // namespace bulkhead::test
