// Certificates as text: `bulkhead.certificate/v2`, see docs/formats/certificate.md.
#pragma once

#include <string>
#include <string_view>

#include "checker/verdict/verdict.h"
#include "lang/base/result.h"

namespace bulkhead::certificate {

inline constexpr std::size_t kMaxFileBytes = 256u << 20u;

/// One case of one claim with its verdict. Ids are those of the world that the policy makes; the digests tell whether
/// it still is the same.
struct File {
  std::string claim;  // its name
  obligation::Instance instance;
  verdict::Verdict verdict;
};

/// Requires: the verdict is not Unknown.
std::string write(const File& file);

/// The bytes of the file at `path`. A regular one alone: what others left there must not make us wait for ever.
Result<std::string> read_bytes(const std::string& path);

/// Or why it is none: another version, a missing or surplus part, a bound exceeded. Never trusts a length that it
/// reads.
Result<File, std::string> read(std::string_view text);

}  // namespace bulkhead::certificate
