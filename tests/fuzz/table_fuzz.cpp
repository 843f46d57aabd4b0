// Any bytes as a table: refused, or exactly what the encoder writes for the table that they mean, and safe to ask.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "lang/base/check.h"
#include "runtime-bridge/table/decide.h"
#include "runtime-bridge/table/encode.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bulkhead;
  const std::string bytes(data, data + size);
  const Result<table::Table, table::DecodeError> decoded = table::decode(std::string_view(bytes));
  if (!decoded.ok()) {
    BH_CHECK(decoded.error().offset <= size, "the mistake lies in the bytes");
    return 0;
  }
  BH_CHECK(table::well_formed(*decoded).empty(), "what is decoded is well formed");
  BH_CHECK(table::encode(*decoded) == bytes, "a table has one encoding");
  const Result<table::Decider, std::string> decider = table::Decider::build(*decoded);
  if (!decider.ok()) return 0;
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
  return 0;
}
