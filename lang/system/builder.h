// Builds systems and their terms: equal terms are made once, so that ids can be compared instead of terms.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "lang/system/system.h"

namespace bulkhead::system {

/// Adds to a system. Types are not looked at: is_valid (valid.h) does, once the system is complete.
class Builder {
 public:
  /// Requires: nobody else adds terms while this lives.
  explicit Builder(System& system);

  SortId sort(std::string name);
  EnumId enumeration(std::string name, std::vector<std::string> members);
  FunctionId function(std::string name, Change change, std::vector<Type> arguments, Type result);
  BinderId binder(std::string name, Type type);
  ActionId action(std::string name, std::vector<BinderId> parameters, TermId guard, std::vector<Update> updates);
  PropertyId property(std::string name, PropertyKind kind, TermId formula);
  /// The initial value of a function; `parameters` are its arguments.
  void initial(FunctionId function, std::vector<BinderId> parameters, TermId value);

  TermId truth(bool value);
  TermId integer(std::int64_t value);
  TermId word(std::uint8_t width, std::uint64_t value);
  TermId member(EnumId enumeration, std::size_t place);
  TermId bound(BinderId binder);
  TermId apply(FunctionId function, std::vector<TermId> arguments = {});
  TermId negation(TermId operand);
  TermId conjunction(std::vector<TermId> operands);
  TermId disjunction(std::vector<TermId> operands);
  TermId implies(TermId left, TermId right);
  TermId equal(TermId left, TermId right);
  TermId less(TermId left, TermId right);
  TermId less_equal(TermId left, TermId right);
  TermId add(TermId left, TermId right);
  TermId subtract(TermId left, TermId right);
  TermId multiply(TermId left, TermId right);
  TermId choose(TermId condition, TermId then, TermId otherwise);
  TermId for_all(std::vector<BinderId> binders, TermId body);
  TermId exists(std::vector<BinderId> binders, TermId body);

  const System& system() const { return system_; }

 private:
  TermId intern(Term term);
  TermId node(Op op, Type type, std::vector<TermId> args);
  Type type(TermId id) const { return system_.at(id).type; }

  System& system_;
  std::map<Term, TermId> known_;
};

}  // namespace bulkhead::system
