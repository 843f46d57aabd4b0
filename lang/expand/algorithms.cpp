#include "lang/expand/algorithms.h"

namespace bulkhead::expand {

const std::map<std::string, Algorithm>& algorithms() {
  static const std::map<std::string, Algorithm> table = {
#define BH_ALGORITHM(name, category, purposes) {#name, {category, purposes}},
#include "lang/expand/algorithms.def"
#undef BH_ALGORITHM
  };
  return table;
}

unsigned needed_for(const std::string& protection) {
  if (protection == "integrity" || protection == "freshness") return kSignature | kCipher;
  return protection == "confidentiality" ? kAgreement | kCipher : 0;
}

}  // namespace bulkhead::expand
