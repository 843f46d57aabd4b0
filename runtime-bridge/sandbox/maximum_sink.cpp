#include "runtime-bridge/sandbox/maximum_sink.h"

#include <array>
#include <cstring>
#include <vector>

namespace bulkhead::sandbox {
namespace {

/// Message types of gVisor's seccheck, version 1.
constexpr std::uint16_t kSentryExec = 3, kOpen = 7, kConnect = 10, kExecve = 11, kBind = 24;

struct Field {
  std::uint64_t number = 0;
  std::uint64_t value = 0;  // of a varint
  std::string_view bytes;   // of a length-delimited field
};

bool varint(std::string_view& from, std::uint64_t& value) {
  value = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    if (from.empty()) return false;
    const auto byte = static_cast<std::uint8_t>(from.front());
    from.remove_prefix(1);
    value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
    if ((byte & 0x80) == 0) return true;
  }
  return false;
}

bool next(std::string_view& from, Field& field) {
  std::uint64_t key = 0, length = 0;
  if (!varint(from, key)) return false;
  field = {key >> 3, 0, {}};
  switch (key & 7) {
    case 0:
      return varint(from, field.value);
    case 1:
      length = 8;
      break;
    case 2:
      if (!varint(from, length)) return false;
      break;
    case 5:
      length = 4;
      break;
    default:
      return false;
  }
  if (length > from.size()) return false;
  field.bytes = from.substr(0, static_cast<std::size_t>(length));
  from.remove_prefix(static_cast<std::size_t>(length));
  return true;
}

bool read_context(std::string_view from, TracedCall& call) {
  for (Field field; !from.empty();) {
    if (!next(from, field)) return false;
    if (field.number == 4) call.process = static_cast<std::int64_t>(field.value);
    if (field.number == 8) call.folder = field.bytes;
  }
  return true;
}

bool read_exit(std::string_view from, TracedCall& call) {
  for (Field field; !from.empty();) {
    if (!next(from, field)) return false;
    if (field.number == 2) call.error = static_cast<std::int64_t>(field.value);
  }
  return true;
}

/// Fields 1 to 5 are the same in all of them: context, exit, number, fd, fd_path.
bool read_call(std::string_view from, TracedCall& call) {
  const bool addressed = call.kind == TracedCall::Kind::Connect || call.kind == TracedCall::Kind::Bind;
  for (Field field; !from.empty();) {
    if (!next(from, field)) return false;
    switch (field.number) {
      case 1:
        if (!read_context(field.bytes, call)) return false;
        break;
      case 2:
        if (!read_exit(field.bytes, call)) return false;
        break;
      case 3:
        call.number = field.value;
        break;
      case 4:
        call.fd = static_cast<std::int64_t>(field.value);
        break;
      case 5:
        call.fd_path = field.bytes;
        break;
      case 6:
        (addressed ? call.address : call.path) = field.bytes;
        break;
      case 7:
        if (call.kind == TracedCall::Kind::Open) call.flags = field.value;
        break;
      default:
        break;  // modes, arguments, environment
    }
  }
  return true;
}

std::optional<TracedCall::Kind> kind_of(std::uint16_t type) {
  switch (type) {
    case kOpen:
      return TracedCall::Kind::Open;
    case kExecve:
      return TracedCall::Kind::Execve;
    case kConnect:
      return TracedCall::Kind::Connect;
    case kBind:
      return TracedCall::Kind::Bind;
    case kSentryExec:
      return TracedCall::Kind::Executed;
    default:
      return std::nullopt;
  }
}

}  // namespace

std::optional<SinkPacket> read_packet(std::string_view packet) {
  std::uint16_t header = 0, type = 0;
  SinkPacket out;
  if (packet.size() < 8) return std::nullopt;
  std::memcpy(&header, packet.data(), 2);
  std::memcpy(&type, packet.data() + 2, 2);
  std::memcpy(&out.dropped, packet.data() + 4, 4);
  if (header < 8 || header > packet.size()) return std::nullopt;
  const std::optional<TracedCall::Kind> kind = kind_of(type);
  if (!kind) return out;
  TracedCall call;
  call.kind = *kind;
  // Of a new program only the fact matters; its message has a form of its own.
  if (*kind != TracedCall::Kind::Executed && !read_call(packet.substr(header), call)) return std::nullopt;
  out.call = std::move(call);
  return out;
}

}  // namespace bulkhead::sandbox
