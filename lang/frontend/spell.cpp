#include "lang/frontend/spell.h"

#include <map>
#include <set>

#include "lang/base/check.h"
#include "lang/frontend/spell_net.h"
#include "lang/types/patterns.h"

namespace bulkhead::frontend {
namespace {

void join(std::string& text, const std::string& more, const char* comma = ", ") {
  if (!text.empty()) text += comma;
  text += more;
}

std::string spell_file(const ir::World& world, const ir::FilePattern& pattern) {
  const ir::Volume& volume = world.at(pattern.volume);
  if (volume.kind == ir::VolumeKind::OwnRoot) return quoted(pattern.glob);
  if (volume.kind == ir::VolumeKind::Device) return volume.name;
  return volume.name + ":" + quoted(pattern.glob);
}

std::string_view sign_of(ir::Op op) {
  switch (op) {
    case ir::Op::Not:
      return "!";
    case ir::Op::And:
      return " && ";
    case ir::Op::Or:
      return " || ";
    case ir::Op::Implies:
      return " -> ";
    case ir::Op::Equal:
      return " == ";
    case ir::Op::NotEqual:
      return " != ";
    case ir::Op::Less:
      return " < ";
    case ir::Op::LessEqual:
      return " <= ";
    case ir::Op::Greater:
      return " > ";
    case ir::Op::GreaterEqual:
      return " >= ";
    case ir::Op::BitAnd:
      return " & ";
    case ir::Op::Like:
      return " like ";
    case ir::Op::InNet:
    case ir::Op::InRange:
    case ir::Op::InSet:
      return " in ";
    case ir::Op::Has:
      return " has ";
    case ir::Op::HoldsCapability:
      return " holds ";
    case ir::Op::Constant:
    case ir::Op::Attribute:
    case ir::Op::Field:
      return "";
  }
  BH_CHECK(false, "an unknown operator");
}

std::string_view field_word(ir::ObjectField field) {
  static constexpr std::string_view kWords[] = {
      "object",    "file.path", "file.label", "net.port",  "net.address", "net.proto", "capability.number",
      "call.arg0", "call.arg1", "call.arg2",  "call.arg3", "call.arg4",   "call.arg5"};
  return kWords[static_cast<std::size_t>(field)];
}

std::string spell_node(const ir::World& world, const ir::Expr& expr, const std::map<ir::ExprId, std::string>& done) {
  const std::string sign(sign_of(expr.op));
  const auto arg = [&](std::size_t i) { return done.at(expr.args.at(i)); };
  const std::string variable = expr.source == ir::Source::Context ? "context" : "self";
  switch (expr.op) {
    case ir::Op::Constant:
      if (expr.type.kind == ir::TypeKind::Proto) return std::get<std::int64_t>(expr.value) == 0 ? "tcp" : "udp";
      return spell_value(world, expr.value);
    case ir::Op::Attribute:
      return variable + "." + world.at(expr.attribute).name;
    case ir::Op::Field:
      return std::string(field_word(expr.field));
    case ir::Op::Has:
      return variable + sign + world.at(expr.attribute).name;
    case ir::Op::HoldsCapability:
      return "self" + sign + world.capability_names.at(static_cast<std::size_t>(std::get<std::int64_t>(expr.value)));
    case ir::Op::Not:
      return "!(" + arg(0) + ")";
    case ir::Op::InNet:
      return "net.address in " + std::get<std::string>(expr.value);
    case ir::Op::Like:
      return arg(0) + sign + quoted(std::get<std::string>(expr.value));
    case ir::Op::InRange:
      return arg(0) + sign + arg(1) + ".." + arg(2);
    case ir::Op::InSet: {
      std::string members;
      for (std::size_t i = 1; i < expr.args.size(); ++i) join(members, arg(i));
      return arg(0) + sign + "{" + members + "}";
    }
    case ir::Op::And:
    case ir::Op::Or:
    case ir::Op::Implies:
    case ir::Op::BitAnd: {
      std::string text;
      for (const ir::ExprId id : expr.args) join(text, done.at(id), sign.c_str());
      return "(" + text + ")";
    }
    case ir::Op::Equal:
    case ir::Op::NotEqual:
    case ir::Op::Less:
    case ir::Op::LessEqual:
    case ir::Op::Greater:
    case ir::Op::GreaterEqual:
      return arg(0) + sign + arg(1);
  }
  BH_CHECK(false, "an unknown operator");
}

bool same_patterns(const ir::ObjectPatterns& a, const ir::ObjectPatterns& b) {
  return a.everything == b.everything && a.files == b.files && a.nets == b.nets && a.syscalls == b.syscalls &&
         a.capabilities == b.capabilities;
}

}  // namespace

std::string quoted(const std::string& text) {
  std::string result = "\"";
  for (const char byte : text) {
    if (byte == '"' || byte == '\\') result += '\\';
    result += byte;
  }
  return result + "\"";
}

std::string spell_value(const ir::World& world, const ir::Value& value) {
  if (const auto* truth = std::get_if<bool>(&value)) return *truth ? "true" : "false";
  if (const auto* number = std::get_if<std::int64_t>(&value)) return std::to_string(*number);
  if (const auto* label = std::get_if<ir::LabelId>(&value)) return world.at(*label).name;
  if (const auto* text = std::get_if<std::string>(&value)) return quoted(*text);
  const auto& member = std::get<ir::EnumMember>(value);
  const ir::EnumType& type = world.enums.at(member.enumeration.index());
  return type.name + "." + type.members.at(member.member);
}

std::string spell_patterns(const ir::World& world, ir::Plane plane, const ir::ObjectPatterns& objects) {
  if (objects.everything) return "any";
  std::string text;
  switch (plane) {
    case ir::Plane::File:
      for (const ir::FilePattern& pattern : objects.files) {
        // What a path of the host is inside of a volume follows from where the volume is kept.
        if (pattern.prefix.empty()) join(text, spell_file(world, pattern));
      }
      break;
    case ir::Plane::Net:
      text = spell_net_list(objects.nets);
      break;
    case ir::Plane::Syscall:
      for (const ir::SyscallId call : objects.syscalls) join(text, world.at(call).name);
      break;
    case ir::Plane::KernelCapability:
      for (const std::uint8_t number : objects.capabilities) join(text, world.capability_names.at(number));
      break;
  }
  return text.empty() ? "{}" : text;
}

std::string spell_objects(const ir::World& world, ir::Plane plane, const ir::ObjectPatterns& objects,
                          const std::vector<ir::ObjectSetId>& sets) {
  ir::ObjectPatterns all;
  std::string names;
  for (const ir::ObjectSetId id : sets) {
    const ir::ObjectPatterns& set = world.at(id).patterns;
    all.everything = all.everything || set.everything;
    all.files.insert(all.files.end(), set.files.begin(), set.files.end());
    all.nets.insert(all.nets.end(), set.nets.begin(), set.nets.end());
    all.syscalls.insert(all.syscalls.end(), set.syscalls.begin(), set.syscalls.end());
    join(names, world.at(id).name);
  }
  types::normalise(all);
  if (!names.empty() && same_patterns(all, objects)) return names;
  return spell_patterns(world, plane, objects);
}

std::string spell_rights(ir::Rights rights) {
  std::string text;
  for (const ir::Right right : ir::kAllRights) {
    if (rights.has(right)) join(text, std::string(ir::to_string(right)));
  }
  return text;
}

std::string spell_condition(const ir::World& world, ir::ExprId condition) {
  std::set<ir::ExprId> needed;
  for (std::vector<ir::ExprId> open{condition}; !open.empty();) {
    const ir::ExprId id = open.back();
    open.pop_back();
    if (!needed.insert(id).second) continue;
    const auto& args = world.at(id).args;
    open.insert(open.end(), args.begin(), args.end());
  }
  std::map<ir::ExprId, std::string> done;  // children have smaller ids than their parents
  for (const ir::ExprId id : needed) done.emplace(id, spell_node(world, world.at(id), done));
  return done.at(condition);
}

}  // namespace bulkhead::frontend
