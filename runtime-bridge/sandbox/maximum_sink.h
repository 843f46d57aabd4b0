// gVisor's event sink: one packet for each traced call, a header and a protobuf message, read from an untrusted kernel.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace bulkhead::sandbox {

/// A call that the program made, as far as the table can judge it.
struct TracedCall {
  enum class Kind : std::uint8_t { Open, Execve, Connect, Bind, Executed };  // Executed: a new program runs
  Kind kind = Kind::Open;
  std::uint64_t number = 0;  // of the syscall
  std::int64_t process = 0;  // inside
  std::string folder;        // current folder
  std::string fd_path;       // of the folder's descriptor
  std::int64_t fd = -1;
  std::string path;
  std::string address;  // raw
  std::uint64_t flags = 0;
  std::int64_t error = 0;  // the errno that the program saw; 0: it succeeded
};

struct SinkPacket {
  std::uint32_t dropped = 0;       // packets that gVisor could not send, since the start
  std::optional<TracedCall> call;  // nothing for a message that tells nothing to the table
};

/// Nothing where the packet is malformed; lengths and nesting are checked, unknown fields are skipped.
std::optional<SinkPacket> read_packet(std::string_view packet);

/// The handshake that gVisor expects before it sends anything: version 1.
inline constexpr std::string_view kSinkHandshake("\x08\x01", 2);

}  // namespace bulkhead::sandbox
