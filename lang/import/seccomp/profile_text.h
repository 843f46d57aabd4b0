// Docker's, Podman's and OCI seccomp profiles as policy text: one module that a person can read.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "lang/diag/diagnostic.h"
#include "lang/import/json/json.h"
#include "lang/ir/world.h"
#include "lang/source/source.h"

namespace bulkhead::seccomp_import {

inline constexpr std::size_t kMaxProfileBytes = 4u << 20;

struct ProfileOptions {
  std::string module = "imported";
  std::string container = "Container";
  std::set<std::string> capabilities;  // that the container keeps, "CAP_SYS_ADMIN": what `includes` and `excludes` ask
  unsigned kernel_major = 6;           // what `minKernel` asks
  unsigned kernel_minor = 1;
  std::vector<ir::Syscall>
      syscalls;  // the calls that the language knows (World::syscalls of a module that imports linux)
};

/// Something of the profile that the text does not say, with its place; a person has to read these.
struct LeftOut {
  source::Span span;
  std::string what;
};

struct ProfileText {
  std::string text;               // a module; or the sentences of a container, four spaces in; ends in a newline
  std::vector<LeftOut> left_out;  // calls that no known machine has, rules for other capabilities or architectures
};

/// The profile in `file` as a module with one container.
///
/// With these capabilities and this kernel, on x86-64 and aarch64, the text allows and answers every call that the
/// language knows as the profile does; decode/seccomp/oci.h gives the profile's meaning, so that this is proved for
/// each import. Nothing is dropped silently: what has no effect under the options is in `left_out`. Fails, with a
/// place: no JSON, values of keys that are not known, TRACE and LOG actions, ALLOW as the default, a rule for one
/// machine that names a call of both.
std::optional<ProfileText> profile_text(const source::SourceMap& sources, source::FileId file,
                                        const ProfileOptions& options, diag::DiagnosticSink& sink);

/// The `linux.seccomp` section of a config.json as sentences of the container that it stands for. A section is what the
/// runtimes read: `includes` and `excludes`, which they skip over, are refused. Architectures beside x86-64 and aarch64
/// are left out, and so are flags and listeners.
std::optional<ProfileText> section_sentences(const json::Document& document, const json::Node& section,
                                             const ProfileOptions& options, diag::DiagnosticSink& sink);

}  // namespace bulkhead::seccomp_import
