// SELinux policies as commands get them: source or compiled, read, with their diagnostics shown.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "cli/mistakes.h"
#include "cli/options.h"
#include "lang/base/sha256.h"
#include "lang/import/selinux/policy.h"
#include "lang/source/source.h"

namespace bulkhead::cli {

struct SelinuxPolicy {
  std::unique_ptr<source::SourceMap> sources;
  selinux::Policy policy;
  std::optional<Digest> digest;  // of the file's bytes, where it was asked for
  bool is_compiled = false;      // places are those of the source that libsepol made of it

  /// "policy.conf:12", and of which file that line was made where marks say it: "policy.conf:12 (public/init.te:7)".
  std::string place(source::Span span) const;
  std::string place(const selinux::Rule& rule) const { return place(policy.span(rule)); }
  /// A rule in one line, not longer than a person reads.
  std::string text(source::Span span) const;
};

/// The name ends in `.conf`, or a regular file begins as a compiled policy does.
bool is_selinux_policy(const std::string& file);
bool any_selinux_policy(const PolicyInput& input);

enum class Digests : std::uint8_t { Off, On };
std::variant<SelinuxPolicy, Unreadable> load_selinux(const std::string& file, Digests digests = Digests::Off);

/// No command for people: a compiled policy on stdin, its source on stdout. Runs in a child with limits, since libsepol
/// was not written against hostile bytes.
int run_sepol_worker();

}  // namespace bulkhead::cli
