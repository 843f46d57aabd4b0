#include "runtime-bridge/decode/cgroup/cgroup.h"

#include <charconv>
#include <set>
#include <utility>

namespace bulkhead::decode::cgroup {
namespace {

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || stop != text.data() + text.size()) return std::nullopt;
  return value;
}

/// "max" is no limit; anything else must be a number.
bool limit(std::string_view text, std::optional<std::uint64_t>& to) {
  if (text == "max") {
    to.reset();
    return true;
  }
  to = number(text);
  return to.has_value();
}

bool take(std::string_view file, std::string_view value, Meaning& out) {
  if (file == "memory.max" || file == "memory/memory.limit_in_bytes") return limit(value, out.memory_bytes);
  if (file == "memory/memory.memsw.limit_in_bytes") return limit(value, out.memory_and_swap_bytes);
  if (file == "memory.swap.max") {
    std::optional<std::uint64_t> swap;
    if (!limit(value, swap)) return false;
    if (swap && out.memory_bytes && *swap < ~std::uint64_t{0} - *out.memory_bytes) {
      out.memory_and_swap_bytes = *out.memory_bytes + *swap;
    }
    return true;
  }
  if (file == "memory.oom.group") {
    out.kill_together = value == "1";
    return value == "0" || value == "1";
  }
  if (file == "cpu.max") {
    const auto space = value.find(' ');
    const auto period =
        space == std::string_view::npos ? std::optional<std::uint64_t>{100'000} : number(value.substr(space + 1));
    if (!period || *period == 0) return false;
    out.cpu_period_us = *period;
    return limit(value.substr(0, space), out.cpu_quota_us);
  }
  if (file == "cpu/cpu.cfs_quota_us") return limit(value, out.cpu_quota_us);
  if (file == "cpu/cpu.cfs_period_us") {
    const auto period = number(value);
    if (!period || *period == 0) return false;
    out.cpu_period_us = *period;
    return true;
  }
  if (file == "pids.max" || file == "pids/pids.max") return limit(value, out.pids);
  return false;
}

void check(Comparison& out, const char* what, const std::optional<ir::Quantity>& policy,
           const std::optional<std::uint64_t>& enforced) {
  if (!policy) return;
  const auto shown = enforced ? std::to_string(*enforced) : std::string("no limit");
  if (!enforced || *enforced > policy->amount) out.wider.push_back({what, shown});
  if (enforced && *enforced < policy->amount) out.narrower.push_back({what, shown});
}

}  // namespace

Result<Meaning, DecodeError> decode(std::string_view text) {
  Meaning out;
  std::set<std::string_view> seen;
  std::optional<bool> version_1;
  while (!text.empty()) {
    const auto end = text.find('\n');
    const auto line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    const auto space = line.find(' ');
    const auto file = line.substr(0, space);
    const bool is_1 = file.find('/') != std::string_view::npos;
    if (space == std::string_view::npos || !seen.insert(file).second || version_1.value_or(is_1) != is_1 ||
        !take(file, line.substr(space + 1), out)) {
      return fail(DecodeError{"the line `" + std::string(line.substr(0, 200)) + "` is not understood"});
    }
    version_1 = is_1;
  }
  if (!version_1.value_or(false) && !out.kill_together) out.kill_together = false;  // the kernel's default
  return out;
}

Comparison compare(const Meaning& meaning, const ir::Quantities& limits) {
  Comparison out;
  check(out, "limit memory", limits.memory, meaning.memory_bytes);
  check(out, "limit memory and swap", limits.memory, meaning.memory_and_swap_bytes);
  check(out, "limit pids", limits.pids, meaning.pids);
  if (limits.memory && meaning.kill_together == false) out.wider.push_back({"memory.oom.group", "0"});
  for (const auto& [name, limit] :
       {std::pair{"time", limits.time}, std::pair{"disk", limits.disk}, std::pair{"open_files", limits.open_files},
        std::pair{"io", limits.io}, std::pair{"bandwidth", limits.bandwidth}}) {
    if (limit) out.assumptions.push_back(std::string("the limit on ") + name + " is kept elsewhere");
  }
  if (limits.cpu) {
    // quota / period against amount / 1000, in integers of 128 bits.
    __extension__ using Wide = unsigned __int128;
    const auto policy = static_cast<Wide>(limits.cpu->amount) * meaning.cpu_period_us;
    const auto enforced = static_cast<Wide>(meaning.cpu_quota_us.value_or(0)) * 1000;
    const auto shown = meaning.cpu_quota_us
                           ? std::to_string(*meaning.cpu_quota_us) + " us in " + std::to_string(meaning.cpu_period_us)
                           : std::string("no limit");
    if (!meaning.cpu_quota_us || enforced > policy) out.wider.push_back({"limit cpu", shown});
    if (meaning.cpu_quota_us && enforced < policy) out.narrower.push_back({"limit cpu", shown});
  }
  return out;
}

}  // namespace bulkhead::decode::cgroup
