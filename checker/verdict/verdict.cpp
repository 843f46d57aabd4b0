#include "checker/verdict/verdict.h"

namespace bulkhead::verdict {

std::string_view word(const Verdict& verdict) {
  constexpr std::string_view kWords[] = {"holds", "violated", "vacuous", "unknown"};
  return kWords[verdict.index()];
}

}  // namespace bulkhead::verdict
