#include "lang/ir/valid.h"

#include <algorithm>

#include "lang/ir/glob.h"

namespace bulkhead::ir {
namespace {

bool has_type(const World& world, const Type& type, const Value& value) {
  switch (type.kind) {
    case TypeKind::Bool:
      return std::holds_alternative<bool>(value);
    case TypeKind::Int:
    case TypeKind::Proto:
      return std::holds_alternative<std::int64_t>(value);
    case TypeKind::Enum: {
      const auto* member = std::get_if<EnumMember>(&value);
      return member != nullptr && member->enumeration == type.enumeration &&
             member->member < world.enums.at(type.enumeration.index()).members.size();
    }
    case TypeKind::Label: {
      const auto* label = std::get_if<LabelId>(&value);
      return label != nullptr && label->valid() && label->index() < world.labels.size();
    }
    case TypeKind::String:
    case TypeKind::Path:
    case TypeKind::Address:
      return std::holds_alternative<std::string>(value);
  }
  return false;
}

}  // namespace

bool is_valid(const World& world, const Object& object) {
  if (const auto* file = std::get_if<FileObject>(&object)) {
    return file->volume.valid() && file->volume.index() < world.volumes.size() && is_valid_path(file->path);
  }
  if (const auto* net = std::get_if<NetObject>(&object)) {
    const auto& bytes = net->address.bytes;
    return net->address.family == Family::V6 ||
           std::all_of(bytes.begin() + 4, bytes.end(), [](auto b) { return b == 0; });
  }
  if (const auto* call = std::get_if<SyscallObject>(&object)) {
    return call->syscall == kUnknownSyscall || call->syscall.index() < world.syscalls.size();
  }
  return std::get<CapabilityObject>(object).number < 64;
}

bool is_valid(const World& world, const Request& request) {
  if (!request.subject.valid() || request.subject.index() >= world.subjects.size()) return false;
  if (request.object.index() != static_cast<std::size_t>(plane_of(request.right))) return false;
  if (!is_valid(world, request.object)) return false;
  for (std::size_t i = 0; i < world.attributes.size(); ++i) {
    const Attribute& attribute = world.attributes[i];
    const auto found = request.context.find(AttributeId{i});
    const bool present = found != request.context.end();
    if (attribute.source != Source::Context ? present : !present && !attribute.optional) return false;
    if (present && !has_type(world, attribute.type, found->second)) return false;
  }
  return std::all_of(request.context.begin(), request.context.end(), [&](const auto& entry) {
    return entry.first.valid() && entry.first.index() < world.attributes.size();
  });
}

}  // namespace bulkhead::ir
