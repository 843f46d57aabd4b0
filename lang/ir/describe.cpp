#include "lang/ir/describe.h"

#include "lang/ir/net_range.h"

namespace bulkhead::ir {
namespace {

std::string printable(const std::string& text) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F || c == '"' || c == '\\' || byte >= 0x80) {
      out += "\\x";
      out += kDigits[byte >> 4u];
      out += kDigits[byte & 15u];
    } else {
      out += c;
    }
  }
  return "\"" + out + "\"";
}

std::string hex(std::uint64_t value) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  do {
    out.insert(out.begin(), kDigits[value & 15u]);
    value >>= 4u;
  } while (value != 0);
  return "0x" + out;
}

std::string describe_call(const World& world, const SyscallObject& call) {
  std::string out = call.syscall.valid() ? world.at(call.syscall).name : "a syscall that the policy does not name";
  std::size_t used = call.arguments.size();
  while (used > 0 && call.arguments[used - 1] == 0) --used;
  if (used == 0) return out;
  out += "(";
  for (std::size_t i = 0; i < used; ++i) out += (i > 0 ? ", " : "") + hex(call.arguments[i]);
  return out + ")";
}

}  // namespace

std::string describe(const World& world, const Object& object) {
  if (const auto* file = std::get_if<FileObject>(&object)) {
    std::string path = printable(file->path);
    if (file->volume == kOwnRoot) return path;
    return (file->volume == kHost ? "host" : world.at(file->volume).name) + ":" + path;
  }
  if (const auto* net = std::get_if<NetObject>(&object)) {
    constexpr const char* kProtos[] = {"tcp", "udp", "other"};
    return to_string(net->address) + " port " + std::to_string(net->port) + " " +
           kProtos[static_cast<std::size_t>(net->proto)];
  }
  if (const auto* call = std::get_if<SyscallObject>(&object)) return describe_call(world, *call);
  const std::size_t number = std::get<CapabilityObject>(object).number;
  return number < world.capability_names.size() ? world.capability_names[number]
                                                : "capability " + std::to_string(number);
}

std::string describe(const World& world, const Value& value) {
  if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
  if (const auto* number = std::get_if<std::int64_t>(&value)) return std::to_string(*number);
  if (const auto* label = std::get_if<LabelId>(&value)) return world.at(*label).name;
  if (const auto* text = std::get_if<std::string>(&value)) return printable(*text);
  const auto& member = std::get<EnumMember>(value);
  return world.enums.at(member.enumeration.index()).members.at(member.member);
}

std::string describe(Level level) {
  switch (level) {
    case Level::Standard:
      return "standard";
    case Level::Enhanced:
      return "enhanced";
    case Level::Maximum:
      return "maximum";
  }
  return "";
}

}  // namespace bulkhead::ir
