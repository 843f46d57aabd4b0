// Any bytes as a table: refused, or exactly what the encoder writes for the table that they mean, and safe to ask.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "lang/base/check.h"
#include "lang/base/sha256.h"
#include "runtime-bridge/table/decide.h"
#include "runtime-bridge/table/encode.h"

namespace {

using namespace bulkhead;

/// The same bytes with the size and the digest that they should have, so that what mutated comes past the frame.
std::string sealed(std::string bytes) {
  const std::size_t trailer = std::tuple_size_v<Digest>;
  if (bytes.size() < 24 + trailer) return bytes;
  for (std::size_t i = 0; i < 8; ++i) bytes[16 + i] = static_cast<char>(bytes.size() >> (8 * i) & 0xFF);
  const Digest digest = sha256(std::string_view(bytes).substr(0, bytes.size() - trailer));
  std::copy(digest.begin(), digest.end(), bytes.end() - static_cast<std::ptrdiff_t>(trailer));
  return bytes;
}

void keeps_its_promises(const std::string& bytes) {
  const Result<table::Table, table::DecodeError> decoded = table::decode(std::string_view(bytes));
  if (!decoded.ok()) {
    BH_CHECK(decoded.error().offset <= bytes.size(), "the mistake lies in the bytes");
    return;
  }
  BH_CHECK(table::well_formed(*decoded).empty(), "what is decoded is well formed");
  BH_CHECK(table::encode(*decoded) == bytes, "a table has one encoding");
  const Result<table::Decider, std::string> decider = table::Decider::build(*decoded);
  if (!decider.ok()) return;
  for (const std::string_view path : {"/", "/in/allowed.txt", "/out/new", "/etc/passwd", "/proc/1/mem", "/\xFF/\x01"}) {
    const table::Resolved resolved = table::resolve(*decoded, path);
    for (const std::uint16_t right : {table::kRead, table::kWrite, table::kExecute}) {
      BH_CHECK(decider->decide(right, resolved.object) == table::decide(*decoded, right, resolved.object),
               "one meaning");
    }
  }
  const table::NetObject loopback{4, {127, 0, 0, 1}, 4000, 1};
  BH_CHECK(decider->decide(table::kConnect, loopback) == table::decide(*decoded, table::kConnect, loopback),
           "one meaning");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(data, data + size);
  keeps_its_promises(bytes);
  keeps_its_promises(sealed(bytes));
  return 0;
}
