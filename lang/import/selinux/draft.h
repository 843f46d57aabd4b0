// A policy.conf as it was read: sentences whose names are not looked up yet, since a name may be declared below its
// use.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "lang/import/selinux/policy.h"

namespace bulkhead::selinux {

using Name = std::uint32_t;  // a word of the text; equal words, equal numbers

class NameTable {
 public:
  Name intern(std::string_view word) {
    const auto [entry, is_new] = numbers_.emplace(word, static_cast<Name>(words_.size()));
    if (is_new) words_.push_back(word);
    return entry->second;
  }
  std::string_view word(Name name) const { return words_[name]; }
  std::size_t size() const { return words_.size(); }

 private:
  std::unordered_map<std::string_view, Name> numbers_;
  std::vector<std::string_view> words_;  // they stand in the text
};

/// A name at a place.
struct Mention {
  Name name = 0;
  std::uint32_t begin = 0;
  bool excluded = false;  // `-name`
};

/// `a`, `{ a b -c }`, `*`, `~{ a b }`: mentions [first, first + count) of the draft.
struct Names {
  std::uint32_t first = 0, count = 0;
  bool every = false;
  bool complement = false;
};

struct DraftRule {
  RuleKind kind = RuleKind::Allow;
  bool when = true;
  Names sources, targets, classes, permissions;  // extended: `permissions` is the operation
  ConditionId condition;
  ExtendedId extended;
  std::uint32_t begin = 0, end = 0;
};

struct DraftClass {
  Mention name;
  std::optional<Mention> inherits;
  Names permissions;
};

struct DraftTransition {
  Names sources, targets, classes;
  Mention result;
  bool by_file_name = false;
  std::uint32_t begin = 0, end = 0;
};

struct DraftConstraintTerm {
  ConstraintOperation operation = ConstraintOperation::Open;
  Names types;
};

struct DraftConstraint {
  Names classes, permissions;
  std::vector<DraftConstraintTerm> expression;
  std::uint32_t begin = 0, end = 0;
};

struct Draft {
  NameTable names;
  std::vector<Mention> mentions;
  std::vector<Mention> classes, attributes, types, permissive;
  std::vector<DraftClass> commons, class_permissions;
  std::vector<std::pair<Mention, Mention>> aliases;      // the type, its other name
  std::vector<std::pair<Mention, Mention>> memberships;  // the type, its attribute
  std::vector<DraftRule> rules;
  std::vector<DraftTransition> transitions;
  std::vector<DraftConstraint> constraints;
  std::vector<Condition> conditions;
  std::vector<Extended> extended;
  std::vector<LeftOut> left_out;
  std::vector<LineMark> line_marks;
  std::vector<std::string> origin_files;

  std::span<const Mention> of(const Names& names_of) const {
    return std::span(mentions).subspan(names_of.first, names_of.count);
  }
};

}  // namespace bulkhead::selinux
