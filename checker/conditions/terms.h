// Terms over one transition system, more of them than its source has: what verification conditions are made of.
// Trusted.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <utility>
#include <vector>

#include "lang/system/system.h"

namespace bulkhead::conditions {

using system::ActionId;
using system::BinderId;
using system::FunctionId;
using system::TermId;

/// A copy of a system whose arena grows: the ids of the system mean the same here. Equal terms are one term. The makers
/// fold what is true, false or equal to itself, and nothing else.
class Terms {
 public:
  /// Requires: the system is valid (its maker has checked it).
  explicit Terms(const system::System& system);

  const system::System& system() const { return system_; }
  const system::Term& at(TermId id) const { return system_.at(id); }

  TermId truth(bool value);
  TermId bound(BinderId binder);
  /// A member of an enumeration. Requires: there is one at this place.
  TermId member(system::EnumId enumeration, std::size_t place);
  TermId negation(TermId a);
  TermId conjunction(std::vector<TermId> args);
  TermId disjunction(std::vector<TermId> args);
  TermId implication(TermId a, TermId b);
  TermId equal(TermId a, TermId b);
  /// Of integers.
  TermId integer(std::int64_t value);
  TermId less_equal(TermId a, TermId b);
  TermId sum(TermId a, TermId b);
  TermId difference(TermId a, TermId b);
  TermId if_then_else(TermId condition, TermId then, TermId otherwise);
  TermId apply(FunctionId function, std::vector<TermId> args);
  /// ForAll or Exists; without binders the body itself.
  TermId quantified(system::Op op, std::vector<BinderId> binders, TermId body);
  /// The same operation on other arguments, of the same types.
  TermId rebuilt(TermId term, std::vector<TermId> args);

  /// A new binder of this name and type.
  BinderId fresh(BinderId like);
  BinderId fresh(system::Binder binder);
  /// A new function; for systems that are made of two copies of another.
  FunctionId declare(system::Function function);

 private:
  TermId intern(system::Term term);
  TermId connective(system::Op op, std::vector<TermId> args);

  system::System system_;
  std::map<system::Term, TermId> known_;
};

/// The terms that these are made of, themselves included, arguments before what uses them.
std::vector<TermId> reachable(const system::System& system, std::span<const TermId> roots);

/// The binders that occur free in a term, in order.
std::vector<BinderId> free_binders(const system::System& system, TermId term);

}  // namespace bulkhead::conditions
