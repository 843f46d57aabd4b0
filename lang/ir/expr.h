// Conditions of permit and forbid: typed, without side effects, total once the type checker has accepted them.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "lang/ir/ids.h"

namespace bulkhead::ir {

enum class TypeKind : std::uint8_t { Bool, Int, Enum, Label, String, Path, Address, Proto };
struct Type {
  TypeKind kind = TypeKind::Bool;
  EnumId enumeration;  // of Enum
  friend bool operator==(const Type&, const Type&) = default;
};

struct EnumMember {
  EnumId enumeration;
  std::uint32_t member = 0;
  friend auto operator<=>(const EnumMember&, const EnumMember&) = default;
};

/// A constant. Int is 64 bits; syscall arguments and numbers compare as unsigned, everything else as signed.
using Value = std::variant<bool, std::int64_t, EnumMember, LabelId, std::string>;

/// What a declared attribute is read from; what objects have by nature is an ObjectField.
enum class Source : std::uint8_t { Subject, Context };

/// Attributes that objects have by nature; every other attribute is declared (World::attributes). `Label` is the join
/// of the labels of all labelled sets that contain the file; see label_of in eval.h.
enum class ObjectField : std::uint8_t {
  None,
  Path,
  Label,
  Port,
  Address,
  Proto,
  Number,
  Argument0,
  Argument1,
  Argument2,
  Argument3,
  Argument4,
  Argument5
};

enum class Op : std::uint8_t {
  Constant,         // value
  Attribute,        // source + attribute (Subject, Context)
  Field,            // object field
  Has,              // source + attribute is present
  HoldsCapability,  // the subject's container keeps kernel capability `value`
  Not,
  And,
  Or,
  Implies,
  Equal,
  NotEqual,
  Less,
  LessEqual,
  Greater,
  GreaterEqual,  // labels: the declared partial order
  Like,          // args[0] path or string; value: the glob
  InNet,         // the object's address lies in NetPattern range text `value`
  InRange,       // args[0] in args[1]..args[2], both inclusive
  InSet,         // args[0] equals one of args[1..]
  BitAnd         // unsigned 64 bit, of syscall arguments
};

/// A node of the expression arena World::exprs; children come before their parents, so there are no circles.
struct Expr {
  Op op = Op::Constant;
  Type type;
  Source source = Source::Subject;
  AttributeId attribute;
  ObjectField field = ObjectField::None;
  Value value = false;
  std::vector<ExprId> args;
};

}  // namespace bulkhead::ir
