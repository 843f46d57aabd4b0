// Requests as fields: an object is 0 file, 1 net, 2 system call, 3 kernel capability, by the order of ir::Object.
#include <iterator>

#include "checker/certificate/fields.h"

namespace bulkhead::certificate {
namespace {

void put(Writer& w, const ir::Value& value) {
  w.number(value.index());
  if (const auto* flag = std::get_if<bool>(&value)) w.number(*flag ? 1 : 0);
  if (const auto* number = std::get_if<std::int64_t>(&value)) w.number(static_cast<std::uint64_t>(*number));
  if (const auto* label = std::get_if<ir::LabelId>(&value)) w.id(*label);
  if (const auto* text = std::get_if<std::string>(&value)) w.text(*text);
  if (const auto* member = std::get_if<ir::EnumMember>(&value)) {
    w.id(member->enumeration);
    w.number(member->member);
  }
}

ir::Value get_value(Scanner& s) {
  switch (s.number(4)) {
    case 0:
      return s.number(1) == 1;
    case 1:
      return static_cast<std::int64_t>(s.number());
    case 2: {
      const auto enumeration = s.id<ir::EnumId>();
      return ir::EnumMember{enumeration, static_cast<std::uint32_t>(s.number(~std::uint32_t{0}))};
    }
    case 3:
      return s.id<ir::LabelId>();
    default:
      return s.text();
  }
}

}  // namespace

void put(Writer& w, const ir::Object& object) {
  w.number(object.index());
  if (const auto* file = std::get_if<ir::FileObject>(&object)) {
    w.id(file->volume);
    w.text(file->path);
  } else if (const auto* net = std::get_if<ir::NetObject>(&object)) {
    w.number(static_cast<std::uint64_t>(net->address.family));
    w.text({reinterpret_cast<const char*>(net->address.bytes.data()), net->address.bytes.size()});
    w.number(net->port);
    w.number(static_cast<std::uint64_t>(net->proto));
  } else if (const auto* call = std::get_if<ir::SyscallObject>(&object)) {
    w.id(call->syscall);
    for (const std::uint64_t argument : call->arguments) w.number(argument);
  } else {
    w.number(std::get<ir::CapabilityObject>(object).number);
  }
}

ir::Object get_object(Scanner& s) {
  switch (s.number(3)) {
    case 0: {
      const auto volume = s.id<ir::VolumeId>();
      return ir::FileObject{volume, s.text()};
    }
    case 1: {
      ir::NetObject net;
      net.address.family = static_cast<ir::Family>(s.number(1));
      const std::string bytes = s.text();
      for (std::size_t i = 0; i < 16; ++i)
        net.address.bytes[i] = i < bytes.size() ? static_cast<std::uint8_t>(bytes[i]) : 0;
      net.port = static_cast<std::uint16_t>(s.number(65535));
      net.proto = static_cast<ir::Proto>(s.number(2));
      return net;
    }
    case 2: {
      ir::SyscallObject call{s.id<ir::SyscallId>(), {}};
      for (std::uint64_t& argument : call.arguments) argument = s.number();
      return call;
    }
    default:
      return ir::CapabilityObject{static_cast<std::uint8_t>(s.number(63))};
  }
}

void put(Writer& w, const ir::Request& request) {
  w.word("request");
  w.id(request.subject);
  w.number(static_cast<std::uint64_t>(request.right));
  put(w, request.object);
  w.number(request.context.size());
  for (const auto& [attribute, value] : request.context) {
    w.id(attribute);
    put(w, value);
  }
}

ir::Request get_request(Scanner& s) {
  ir::Request request;
  s.word("request");
  request.subject = s.id<ir::SubjectId>();
  request.right = static_cast<ir::Right>(s.number(std::size(ir::kAllRights) - 1));
  request.object = get_object(s);
  for (std::size_t n = s.count(); n > 0 && !s.failed(); --n) {
    const auto attribute = s.id<ir::AttributeId>();
    request.context[attribute] = get_value(s);
  }
  return request;
}

}  // namespace bulkhead::certificate
