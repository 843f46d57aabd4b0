#include "runtime-bridge/audit/fold.h"

#include "runtime-bridge/audit/log.h"

namespace bulkhead::audit {
namespace {

constexpr std::uint64_t kWindowMicroseconds = 1'000'000;

const Access& access_of(const Event& event) {
  if (const auto* allowed = std::get_if<AccessAllowed>(&event)) return allowed->access;
  return std::get<CapabilityDenied>(event).access;
}

}  // namespace

Fold::Fate Fold::add(const Event& event, std::uint64_t now) {
  if (kinds_.empty()) window_start_ = now;
  const Access& access = access_of(event);
  std::string key =
      std::to_string(event.index()) + '\0' + access.operation + '\0' + std::to_string(access.rule.row) + '\0';
  std::string exact = key + access.capability + '\0' + access.object;
  if (kinds_.size() < kMaxKinds || kinds_.count(exact) != 0) key.swap(exact);
  Kind& kind = kinds_[key];
  if (kind.written < kFoldAbove) {
    ++kind.written;
    return Fate::Write;
  }
  if (kind.folded.count == 0) {
    kind.folded.event = event;
    kind.folded.first = now;
  }
  ++kind.folded.count;
  kind.folded.last = now;
  return Fate::Fold;
}

bool Fold::window_over(std::uint64_t now) const {
  return !kinds_.empty() && now - window_start_ >= kWindowMicroseconds;
}

std::vector<Folded> Fold::drain() {
  std::vector<Folded> out;
  for (auto& [key, kind] : kinds_) {
    if (kind.folded.count != 0) out.push_back(std::move(kind.folded));
  }
  kinds_.clear();
  return out;
}

}  // namespace bulkhead::audit
