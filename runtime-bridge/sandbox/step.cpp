#include "runtime-bridge/sandbox/step.h"

#include <array>
#include <cctype>
#include <cstddef>
#include <cstring>

namespace bulkhead::sandbox {

namespace {

struct Entry {
  std::string_view name, layer, syscall, remedy;
};

constexpr std::array kEntries = {
    Entry{"None", "", "", ""},
#define BULKHEAD_STEP(name, layer, syscall, remedy) Entry{#name, layer, syscall, remedy},
#include "runtime-bridge/sandbox/steps.def"
#undef BULKHEAD_STEP
};
static_assert(kEntries.size() == static_cast<std::size_t>(Step::Count));

const Entry& entry(Step step) {
  const auto index = static_cast<std::size_t>(step);
  return kEntries[index < kEntries.size() ? index : 0];
}

}  // namespace

std::string_view step_name(Step step) {
  return entry(step).name;
}
std::string_view step_layer(Step step) {
  return entry(step).layer;
}
std::string_view step_syscall(Step step) {
  return entry(step).syscall;
}
std::string_view step_remedy(Step step) {
  return entry(step).remedy;
}

std::string Refusal::message() const {
  std::string text = "layer " + std::string(step_layer(step)) + ": " + std::string(step_syscall(step));
  if (!object.empty()) text += " `" + object + "`";
  if (error != 0) {
    std::string reason = std::strerror(error);
    if (!reason.empty()) reason[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(reason[0])));
    text += ": " + reason;
  }
  return text + "; help: " + (remedy.empty() ? std::string(step_remedy(step)) : remedy);
}

}  // namespace bulkhead::sandbox
