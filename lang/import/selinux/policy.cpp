#include "lang/import/selinux/policy.h"

#include <algorithm>

#include "lang/base/check.h"

namespace bulkhead::selinux {

std::string_view keyword(RuleKind kind) {
  switch (kind) {
    case RuleKind::Allow:
      return "allow";
    case RuleKind::AuditAllow:
      return "auditallow";
    case RuleKind::DontAudit:
      return "dontaudit";
    case RuleKind::NeverAllow:
      return "neverallow";
    case RuleKind::AllowExtended:
      return "allowxperm";
    case RuleKind::AuditAllowExtended:
      return "auditallowxperm";
    case RuleKind::DontAuditExtended:
      return "dontauditxperm";
    case RuleKind::NeverAllowExtended:
      return "neverallowxperm";
  }
  BH_CHECK(false, "a kind of rule without a word");
}

std::optional<TypeId> Policy::find_type(const std::string& name) const {
  const auto found = type_names.find(name);
  if (found == type_names.end()) return std::nullopt;
  return found->second;
}

std::optional<ClassId> Policy::find_class(std::string_view name) const {
  for (std::size_t i = 0; i < classes.size(); ++i) {
    if (classes[i].name == name) return ClassId(i);
  }
  return std::nullopt;
}

Permissions permission(const ObjectClass& object_class, std::string_view name) {
  for (std::size_t i = 0; i < object_class.permissions.size(); ++i) {
    if (object_class.permissions[i] == name) return Permissions{1} << i;
  }
  return 0;
}

std::string spell(const ObjectClass& object_class, Permissions permissions) {
  std::string text;
  for (std::size_t i = 0; i < object_class.permissions.size(); ++i) {
    if (((permissions >> i) & 1) == 0) continue;
    if (!text.empty()) text += ' ';
    text += object_class.permissions[i];
  }
  return text;
}

std::vector<Bitset> expand_sets(const Policy& policy) {
  std::vector<Bitset> members(policy.attributes.size(), Bitset(policy.types.size()));
  for (std::size_t i = 0; i < members.size(); ++i) {
    for (const TypeId type : policy.attributes[i].members) members[i].set(type.index());
  }
  std::vector<Bitset> sets;
  sets.reserve(policy.sets.size());
  for (const TypeSet& set : policy.sets) {
    Bitset meant(policy.types.size()), excluded(policy.types.size());
    if (set.every_type) meant.set_all();
    for (const SetWord& word : set.words) {
      Bitset& into = word.excluded ? excluded : meant;
      if (word.is_attribute) {
        into |= members[word.index];
      } else {
        into.set(word.index);
      }
    }
    meant -= excluded;
    if (set.complement) {
      Bitset all(policy.types.size());
      all.set_all();
      meant = all - meant;
    }
    sets.push_back(std::move(meant));
  }
  return sets;
}

std::string origin(const Policy& policy, const source::SourceMap& sources, std::uint32_t offset) {
  const auto after = std::upper_bound(policy.line_marks.begin(), policy.line_marks.end(), offset,
                                      [](std::uint32_t at, const LineMark& mark) { return at < mark.offset; });
  if (after == policy.line_marks.begin()) return "";
  const LineMark& mark = *std::prev(after);
  const std::uint32_t lines = sources.line_number(policy.file, offset) - sources.line_number(policy.file, mark.offset);
  return policy.origin_files[mark.file] + ":" + std::to_string(mark.line + lines);
}

}  // namespace bulkhead::selinux
