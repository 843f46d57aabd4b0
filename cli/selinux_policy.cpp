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

std::variant<SelinuxPolicy, Unreadable> load_selinux(const std::string& file, Digests digests) {
  auto sources = std::make_unique<source::SourceMap>();
  diag::DiagnosticList diagnostics;
  const auto refused = [&] {
    show(diagnostics, *sources);
    return Unreadable{file, std::move(sources), std::move(diagnostics)};
  };
  const auto has_no_text = [&](diag::Code code, source::Span place, std::string why) {
    diagnostics.report({code, place, std::move(why), {}, "", {}});
    return refused();
  };
  Result<std::string> bytes = read_file(file, selinux::kMaxPolicyBytes);
  if (!bytes.ok()) return has_no_text(diag::Code::FileUnreadable, {}, bytes.error().message());
  const bool is_compiled = sepol::is_kernel_policy(*bytes);
  std::optional<Digest> digest;
  if (digests == Digests::On) digest = sha256(*bytes);
  if (is_compiled) {
    Result<std::string, std::string> text = source_of(*bytes);
    if (!text.ok()) return has_no_text(diag::Code::SelinuxBinary, {sources->add(file, ""), 0, 0}, text.error());
    bytes = std::move(*text);
  }
  const source::FileId id = sources->add(file, std::move(*bytes));
  std::optional<selinux::Policy> policy = selinux::read_policy(*sources, id, diagnostics);
  if (!policy) return refused();
  show(diagnostics, *sources);
  return SelinuxPolicy{std::move(sources), std::move(*policy), digest, is_compiled};
}

int run_sepol_worker() {
  // Standard error goes where standard output goes, and what libsepol says is no part of the policy.
  if (std::freopen("/dev/null", "w", stderr) == nullptr) return kInternal;
  const std::string bytes{std::istreambuf_iterator<char>(std::cin), {}};
  const std::optional<std::string> text = sepol::kernel_policy_source(bytes);
  return text ? write_out(*text, "") : static_cast<int>(kBadInput);
}

}  // namespace bulkhead::cli
