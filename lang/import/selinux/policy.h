// A SELinux policy as its rules say it: types, attributes, classes, rules and assertions, each with its place.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "lang/base/bitset.h"
#include "lang/base/id.h"
#include "lang/source/source.h"

namespace bulkhead::selinux {

using TypeId = Id<struct SelinuxTypeTag>;
using AttributeId = Id<struct SelinuxAttributeTag>;
using ClassId = Id<struct SelinuxClassTag>;
using SetId = Id<struct SelinuxSetTag>;
using RuleId = Id<struct SelinuxRuleTag>;
using ConditionId = Id<struct SelinuxConditionTag>;
using ExtendedId = Id<struct SelinuxExtendedTag>;

/// Permissions of one class: bit i is permissions[i] of the class.
using Permissions = std::uint32_t;
inline constexpr std::size_t kMaxPermissions = 32;  // of one class, as in the kernel

struct Type {
  std::string name;
  source::Span span;
  bool permissive = false;  // the kernel denies nothing to processes of this type
};

struct Attribute {
  std::string name;
  source::Span span;
  std::vector<TypeId> members;  // in the order in which they joined; a type may stand twice
};

struct ObjectClass {
  std::string name;
  source::Span span;
  std::vector<std::string> permissions;  // those of its common first
};

/// One word of a set of types: `a`, `-a`, where a is a type or an attribute.
struct SetWord {
  std::uint32_t index = 0;  // of the type or the attribute
  bool is_attribute = false;
  bool excluded = false;

  friend bool operator==(const SetWord&, const SetWord&) = default;
};

/// The words of a set as written: every word that is meant, less every word that is excluded wherever it stands; of
/// that the complement, where the set begins with `~`. `*` means every type.
struct TypeSet {
  std::vector<SetWord> words;
  bool every_type = false;
  bool complement = false;

  friend bool operator==(const TypeSet&, const TypeSet&) = default;
};

enum class RuleKind : std::uint8_t {
  Allow,
  AuditAllow,
  DontAudit,
  NeverAllow,
  AllowExtended,
  AuditAllowExtended,
  DontAuditExtended,
  NeverAllowExtended,
};

/// The word that begins a rule of this kind: "allow".
std::string_view keyword(RuleKind kind);

struct Access {
  ClassId object_class;
  Permissions permissions = 0;
};

/// Numbers of ioctl commands as ranges that neither touch nor overlap, in order.
struct Extended {
  std::string operation;                                        // "ioctl"
  std::vector<std::pair<std::uint16_t, std::uint16_t>> ranges;  // first and last
};

/// sources x targets x accesses; with `self` also each source on itself.
struct Rule {
  RuleKind kind = RuleKind::Allow;
  bool self = false;
  bool when = true;                                  // the branch of the condition
  SetId sources, targets;                            // targets are the empty set where only `self` was written
  std::uint32_t first_access = 0, access_count = 0;  // in Policy::accesses; one for each class
  ConditionId condition;                             // of `if`; invalid: always
  ExtendedId extended;                               // of rules about extended permissions
  std::uint32_t begin = 0, end = 0;                  // in the text
};

/// `type_transition S T:C D;` and its sisters; those that name a file apply to that name alone.
struct TypeTransition {
  SetId sources, targets;
  bool self = false;  // also each source on itself
  ClassId object_class;
  TypeId result;
  bool by_file_name = false;
  source::Span span;
};

enum class ConstraintOperation : std::uint8_t {
  Not,
  And,
  Or,
  FirstIn,   // the source is one of these types
  SecondIn,  // the target is
  SameType,  // the two are one
  Open,      // users, roles or levels are compared
};

/// One term of the expression of a constraint.
struct ConstraintTerm {
  ConstraintOperation operation = ConstraintOperation::Open;
  SetId types;  // of FirstIn and SecondIn
};

/// A sentence that takes back part of what allow rules give: `constrain`, `mlsconstrain`, `typebounds`. What is given
/// stays given only where the expression is true.
struct Constraint {
  std::vector<Access> accesses;            // none: all
  std::vector<ConstraintTerm> expression;  // in postfix order; empty: nothing is known of it
  source::Span span;
};

/// The expression of an `if`, as written.
struct Condition {
  std::string text;
  source::Span span;
};

/// A sentence that was read and has no meaning here.
struct LeftOut {
  source::Span span;
  std::string what;
};

/// `#line 7 "public/te_macros"`: the next lines were made of that file.
struct LineMark {
  std::uint32_t offset = 0;  // of the line behind the mark
  std::uint32_t line = 0;    // its number in `file`
  std::uint32_t file = 0;    // in Policy::origin_files
};

struct Policy {
  source::FileId file;
  std::vector<Type> types;
  std::vector<Attribute> attributes;
  std::vector<ObjectClass> classes;
  std::vector<TypeSet> sets;  // each once
  std::vector<Access> accesses;
  std::vector<Extended> extended;
  std::vector<Rule> rules;  // assertions among them, in the order of the text
  std::vector<TypeTransition> type_transitions;
  std::vector<Constraint> constraints;
  std::vector<Condition> conditions;
  std::vector<LeftOut> left_out;
  std::vector<LineMark> line_marks;
  std::vector<std::string> origin_files;
  std::unordered_map<std::string, TypeId> type_names;  // aliases too

  const Rule& rule(RuleId id) const { return rules[id.index()]; }
  const Type& type(TypeId id) const { return types[id.index()]; }
  const ObjectClass& object_class(ClassId id) const { return classes[id.index()]; }
  std::span<const Access> accesses_of(const Rule& rule) const {
    return std::span(accesses).subspan(rule.first_access, rule.access_count);
  }
  source::Span span(const Rule& rule) const { return {file, rule.begin, rule.end}; }

  std::optional<TypeId> find_type(const std::string& name) const;
  std::optional<ClassId> find_class(std::string_view name) const;
};

/// The bit of a permission of a class; 0: the class has none of that name.
Permissions permission(const ObjectClass& object_class, std::string_view name);

/// "read write", in the order of the class.
std::string spell(const ObjectClass& object_class, Permissions permissions);

/// The types of each set of the policy, in the order of Policy::sets.
std::vector<Bitset> expand_sets(const Policy& policy);

/// "public/te_macros:43", where a mark says of which file the place was made; else "".
std::string origin(const Policy& policy, const source::SourceMap& sources, std::uint32_t offset);

}  // namespace bulkhead::selinux
