#include "cli/selinux_policy.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

#include "checker/process/process.h"
#include "cli/exit_status.h"
#include "cli/terminal.h"
#include "lang/base/file.h"
#include "lang/import/selinux/read.h"
#include "lang/import/sepol/kernel_policy.h"

namespace bulkhead::cli {

namespace {

constexpr std::size_t kMaxShown = 200;  // bytes of a sentence

Result<std::string, std::string> source_of(const std::string& bytes) {
  process::ProcessLimits limits;
  limits.time = std::chrono::minutes(1);
  limits.output_bytes = selinux::kMaxPolicyBytes;
  const auto output = process::run_process({"/proc/self/exe", "sepol-worker"}, bytes, limits);
  if (!output) return fail(output.error().message());
  if (output->timed_out) return fail(std::string("libsepol did not read it in time"));
  if (output->exit_status != kHolds) return fail(std::string("libsepol does not read it as a policy of the kernel"));
  return output->text;
}

}  // namespace

std::string SelinuxPolicy::place(source::Span span) const {
  const std::string from = selinux::origin(policy, *sources, span.begin);
  return sources->place(span) + (from.empty() ? "" : " (" + from + ")");
}

std::string SelinuxPolicy::text(source::Span span) const {
  std::string kept;
  const std::string_view text = sources->slice(span);
  for (std::size_t at = 0; at < text.size();) {  // `#` begins a comment here
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = text.substr(at, end - at);
    kept += std::string(line.substr(0, line.find('#'))) + " ";
    at = end + 1;
  }
  std::string one = source::one_line(kept);
  if (one.size() > kMaxShown) one = one.substr(0, kMaxShown) + " ...";
  return one;
}

bool is_selinux_policy(const std::string& file) {
  if (file.ends_with(".conf")) return true;
  std::error_code error;  // what is read from a pipe is gone for whoever reads it next
  if (file.ends_with(".bh") || !std::filesystem::is_regular_file(file, error)) return false;
  std::ifstream in(file, std::ios::binary);
  char first[4] = {};
  in.read(first, sizeof first);
  return in.gcount() == sizeof first && sepol::is_kernel_policy({first, sizeof first});
}

bool any_selinux_policy(const PolicyInput& input) {
  return std::any_of(input.files.begin(), input.files.end(), is_selinux_policy);
}

std::variant<SelinuxPolicy, int> load_selinux(const std::string& file, Digests digests) {
  Result<std::string> bytes = read_file(file, selinux::kMaxPolicyBytes);
  if (!bytes.ok()) return complain(bytes.error().message(), kBadInput);
  SelinuxPolicy loaded{std::make_unique<source::SourceMap>(), {}, std::nullopt, sepol::is_kernel_policy(*bytes)};
  if (digests == Digests::On) loaded.digest = sha256(*bytes);
  diag::DiagnosticList diagnostics;
  if (loaded.is_compiled) {
    Result<std::string, std::string> text = source_of(*bytes);
    if (!text.ok()) {
      const source::FileId none = loaded.sources->add(file, "");
      diagnostics.report({diag::Code::SelinuxBinary, {none, 0, 0}, text.error(), {}, "", {}});
      show(diagnostics, *loaded.sources);
      return static_cast<int>(kBadInput);
    }
    bytes = std::move(*text);
  }
  const source::FileId id = loaded.sources->add(file, std::move(*bytes));
  std::optional<selinux::Policy> policy = selinux::read_policy(*loaded.sources, id, diagnostics);
  show(diagnostics, *loaded.sources);
  if (!policy) return static_cast<int>(kBadInput);
  loaded.policy = std::move(*policy);
  return loaded;
}

int run_sepol_worker() {
  // Standard error goes where standard output goes, and what libsepol says is no part of the policy.
  if (std::freopen("/dev/null", "w", stderr) == nullptr) return kInternal;
  const std::string bytes{std::istreambuf_iterator<char>(std::cin), {}};
  const std::optional<std::string> text = sepol::kernel_policy_source(bytes);
  return text ? write_out(*text, "") : static_cast<int>(kBadInput);
}

}  // namespace bulkhead::cli
