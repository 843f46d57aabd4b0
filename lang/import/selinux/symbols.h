// What the names of a policy.conf mean: types and attributes in one table, classes and their permissions in others.
#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "lang/diag/diagnostic.h"
#include "lang/import/selinux/draft.h"

namespace bulkhead::selinux {

/// Fills in the declarations of a policy, reporting names that are declared twice or not at all.
class Symbols {
 public:
  Symbols(const Draft& draft, source::FileId file, diag::DiagnosticSink& sink, Policy& policy);

  void declare();

  bool failed() const { return failed_; }
  void fail(diag::Code code, const Mention& mention, std::string message);
  void fail_at(diag::Code code, std::uint32_t begin, std::string message);

  /// The type or attribute of that name; reports a name that is neither.
  std::optional<SetWord> type_or_attribute(const Mention& mention);
  std::optional<TypeId> type(const Mention& mention);
  std::optional<ClassId> object_class(const Mention& mention);
  /// 0 where the class has no such permission.
  Permissions permission(ClassId object_class, Name name) const;
  Permissions every_permission(ClassId object_class) const;

 private:
  static constexpr std::uint32_t kNone = 0xffffffff;
  enum class Kind : std::uint8_t { None, Type, Attribute };
  struct Symbol {
    Kind kind = Kind::None;
    std::uint32_t index = kNone;
  };

  void declare_classes();
  void declare_permissions(const DraftClass& declared, std::vector<Name>& permissions);
  void declare_types();
  bool declare(const Mention& mention, Symbol symbol);
  void join_attributes();
  std::string word(const Mention& mention) const { return std::string(draft_.names.word(mention.name)); }
  source::Span span(const Mention& mention) const;

  const Draft& draft_;
  source::FileId file_;
  diag::DiagnosticSink& sink_;
  Policy& policy_;
  bool failed_ = false;
  std::vector<Symbol> symbols_;                                 // by name
  std::vector<std::uint32_t> classes_;                          // by name
  std::unordered_map<std::uint64_t, Permissions> permissions_;  // by class and name
};

}  // namespace bulkhead::selinux
