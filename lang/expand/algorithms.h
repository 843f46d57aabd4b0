// The algorithms that protect channels: what each one is for, and how strong it is.
#pragma once

#include <map>
#include <string>

namespace bulkhead::expand {

/// One bit each: an algorithm may be for several.
enum Purpose : unsigned { kAgreement = 1, kSignature = 2, kCipher = 4 };

struct Algorithm {
  unsigned category = 0;  // 0 resists nobody
  unsigned purposes = 0;
};

/// All that are known, by name (algorithms.def).
const std::map<std::string, Algorithm>& algorithms();

/// The purposes of which one at least is needed for what a word of `protect` promises: integrity and freshness need a
/// signature or a cipher, since a key alone marks nothing; confidentiality needs a cipher or the key for one, since
/// what is signed can be read by anybody. 0: no such word.
unsigned needed_for(const std::string& protection);

}  // namespace bulkhead::expand
