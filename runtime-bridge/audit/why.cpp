#include <algorithm>
#include <cerrno>
#include <cstring>

#include "runtime-bridge/audit/json_line.h"
#include "runtime-bridge/audit/line_source.h"
#include "runtime-bridge/audit/verify.h"

namespace bulkhead::audit {
namespace {

/// What the story needs of the last run, gathered in one pass.
struct Found {
  std::string run;
  std::uint64_t denials = 0;  // lines, a folded one is one
  std::string line;           // the n-th
  std::uint64_t start_us = 0;
};

void gather(const JsonFields& fields, const std::string& line, std::uint64_t n, Found& found) {
  if (fields.text("schema") != "bulkhead.audit/v1") return;
  if (const std::string_view run = fields.text("run"); run != found.run) {
    // Runs may interleave; the last one to start is the last run.
    if (fields.number("sequence") != 1) return;
    found = {std::string(run), 0, "", fields.number("monotonic_us").value_or(0)};
  }
  if (fields.text("event") == "CapabilityDenied" && ++found.denials == n) found.line = line;
}

std::string error_name(std::uint64_t error) {
  const char* name = error < 4096 ? strerrorname_np(static_cast<int>(error)) : nullptr;
  return name != nullptr ? name : "errno " + std::to_string(error);
}

std::string seconds_after(const JsonFields& fields, std::uint64_t start_us) {
  const std::uint64_t now = fields.number("monotonic_us").value_or(start_us);
  const std::uint64_t tenths = now > start_us ? (now - start_us) / 10'000 : 0;
  const std::string cents = std::to_string(tenths % 100);
  return std::to_string(tenths / 100) + "." + std::string(2 - cents.size(), '0') + cents + " s after the start";
}

std::string because(const JsonFields& fields) {
  std::string out;
  const std::string_view file = fields.text("rule.file"), text = fields.text("rule.text");
  if (!fields.number("rule.row")) {
    out = "  no sentence of the policy permits it";
    if (!file.empty())
      out += "\n    " + std::string(file) + ":" + std::to_string(fields.number("rule.line").value_or(0));
    out += (text.empty() ? "" : "  " + std::string(text)) + "\n";
  } else {
    out = "  the policy says\n    ";
    if (!file.empty()) out += std::string(file) + ":" + std::to_string(fields.number("rule.line").value_or(0)) + "  ";
    out += std::string(text) + (file.empty() ? "  (implied by Bulkhead)\n" : "\n");
  }
  if (const std::string_view claim = fields.text("claim.name"); !claim.empty()) {
    out += "  and the claim `" + std::string(claim) + "` relies on it";
    if (const std::string_view says = fields.text("claim.text"); !says.empty()) out += "\n    " + std::string(says);
    out += "\n";
  }
  return out;
}

/// Strings come out of the log escaped, so none of them can act on a terminal; they are shown as they stand, and a log
/// that someone rewrote by hand is escaped once more.
std::string story(const JsonFields& fields, const Found& found, std::uint64_t n) {
  std::string out =
      "denial " + std::to_string(n) + " of " + std::to_string(found.denials) + " in run " + found.run + "\n  ";
  out += std::string(fields.text("time")) + ", " + seconds_after(fields, found.start_us) + ": process " +
         std::to_string(fields.number("pid").value_or(0)) + " called " + std::string(fields.text("operation"));
  if (const std::string_view object = fields.text("object"); !object.empty()) out += " on " + std::string(object);
  if (const auto count = fields.number("folded.count")) out += ", " + std::to_string(*count) + " times more";
  out += "\n  that takes " + std::string(fields.text("capability")) + "\n" + because(fields);
  if (fields.boolean("enforced") == false) return out + "  it went through: the run did not enforce it\n";
  if (const auto error = fields.number("errno"); error && *error != 0) {
    return out + "  the program got " + error_name(*error) + "\n";
  }
  return out + "  the kernel refused it\n";
}

std::string printable(const std::string& text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = std::string_view(text).substr(at, end - at);
    std::string escaped = escape_untrusted(line, line.size());
    // Backslashes stand doubled already.
    for (std::size_t i = 0; i + 1 < escaped.size(); ++i) {
      if (escaped[i] == '\\' && escaped[i + 1] == '\\') escaped.erase(i, 1);
    }
    out += escaped + "\n";
    at = end + 1;
  }
  return out;
}

}  // namespace

Result<std::string> why(const std::string& path, std::uint64_t n) {
  Result<LineSource> source = LineSource::open(path);
  if (!source) return fail(source.error());
  Found found;
  std::string line;
  while (true) {
    const Result<LineSource::Next> next = source->next(line);
    if (!next) return fail(next.error());
    if (*next != LineSource::Next::Line) break;  // `verify` says what is wrong behind here
    if (const std::optional<JsonFields> fields = read_json_line(line)) gather(*fields, line, n, found);
  }
  const std::optional<JsonFields> fields = read_json_line(found.line);
  if (!fields) {
    const std::string count =
        found.denials == 1 ? "there is 1 denial" : "there are " + std::to_string(found.denials) + " denials";
    return fail(SystemError{"find", "denial " + std::to_string(n), 0, count + " in the last run of " + path});
  }
  return printable(story(*fields, found, n));
}

}  // namespace bulkhead::audit
