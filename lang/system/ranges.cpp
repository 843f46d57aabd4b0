#include "lang/system/ranges.h"

#include <algorithm>
#include <limits>
#include <map>

#include "lang/system/choices.h"

namespace bulkhead::system {
namespace {

constexpr Value kLeast = std::numeric_limits<Value>::min(), kMost = std::numeric_limits<Value>::max();
/// Terms visited; beyond that a formula is taken to allow anything.
constexpr std::size_t kMaxVisits = std::size_t{1} << 20;
/// What bounds one place may bound another: so often the formulas are read.
constexpr int kRounds = 4;

/// What a formula says of places; of those that are not named, nothing. None: it is never true.
using Said = std::map<std::size_t, Range>;
using MaybeSaid = std::optional<Said>;

MaybeSaid meet(MaybeSaid a, const MaybeSaid& b) {
  if (!a || !b) return std::nullopt;
  for (const auto& [place, range] : *b) {
    auto [one, is_new] = a->try_emplace(place, range);
    if (!is_new) one->second = {std::max(one->second.least, range.least), std::min(one->second.most, range.most)};
    if (one->second.most < one->second.least) return std::nullopt;
  }
  return a;
}

MaybeSaid join(const MaybeSaid& a, const MaybeSaid& b) {
  if (!a) return b;
  if (!b) return a;
  Said both;
  for (const auto& [place, range] : *a) {
    const auto other = b->find(place);
    if (other == b->end()) continue;
    both[place] = {std::min(range.least, other->second.least), std::max(range.most, other->second.most)};
  }
  return both;
}

/// The values of the type; of words of 64 bits, which are not kept by their size, and of integers, all numbers.
Range all_of(const Type& type) {
  if (type.kind != Kind::Bits || type.width >= 64) return {kLeast, kMost};
  return {0, static_cast<Value>((std::uint64_t{1} << type.width) - 1)};
}

/// Reads formulas over the entries of a state (places from 0) and, after them, binders that are not bound to a value.
class Reader {
 public:
  Reader(const System& system, const Scope& scope) : system_(system), scope_(scope) {
    for (std::size_t i = 0; i < system.functions.size(); ++i) {
      offsets_.push_back(entries_);
      entries_ += table_size(system, scope, FunctionId(i));
    }
  }

  std::size_t entries() const { return entries_; }
  std::size_t offset(std::size_t function) const { return offsets_[function]; }
  std::size_t place_of(BinderId binder) const { return entries_ + binder.index(); }

  /// What holds of the places where all of these formulas are true.
  MaybeSaid read(const std::vector<TermId>& formulas) {
    for (int round = 0; round < kRounds; ++round) {
      for (const TermId formula : formulas) {
        MaybeSaid said = meet(known_, truth(formula, true));
        if (!said) return said;
        known_ = std::move(*said);
      }
    }
    return known_;
  }

 private:
  MaybeSaid truth(TermId id, bool wanted) {
    const Term& term = system_.at(id);
    if (++visits_ > kMaxVisits) return Said();
    switch (term.op) {
      case Op::Constant:
        return (term.value != 0) == wanted ? MaybeSaid(Said()) : std::nullopt;
      case Op::Not:
        return truth(term.args[0], !wanted);
      case Op::And:
        return wanted ? all(term, wanted) : any(term, wanted);
      case Op::Or:
        return wanted ? any(term, wanted) : all(term, wanted);
      case Op::Implies:
        return wanted ? join(truth(term.args[0], false), truth(term.args[1], true))
                      : meet(truth(term.args[0], true), truth(term.args[1], false));
      case Op::ForAll:
      case Op::Exists:
        return quantified(term, wanted);
      case Op::Equal:
        return wanted ? ordered(term, 0, 1, false, ordered(term, 1, 0, false, Said())) : MaybeSaid(Said());
      case Op::Less:
        return wanted ? ordered(term, 0, 1, true, Said()) : ordered(term, 1, 0, false, Said());
      case Op::LessEqual:
        return wanted ? ordered(term, 0, 1, false, Said()) : ordered(term, 1, 0, true, Said());
      case Op::Bound:
      case Op::Apply:
      case Op::Add:
      case Op::Subtract:
      case Op::Multiply:
      case Op::IfThenElse:
        return Said();
    }
    return Said();
  }

  MaybeSaid all(const Term& term, bool wanted) {
    MaybeSaid said = Said();
    for (const TermId part : term.args) said = meet(std::move(said), truth(part, wanted));
    return said;
  }
  MaybeSaid any(const Term& term, bool wanted) {
    MaybeSaid said;
    for (const TermId part : term.args) said = join(said, truth(part, wanted));
    return said;
  }
  MaybeSaid quantified(const Term& term, bool wanted) {
    const bool is_all = (term.op == Op::ForAll) == wanted;
    const Choices choices(system_, scope_, term.binders);
    if (!choices.listable()) return Said();
    MaybeSaid said = is_all ? MaybeSaid(Said()) : std::nullopt;
    for (bool more = choices.first(bound_); more; more = choices.next(bound_)) {
      if (visits_ > kMaxVisits) {
        said = Said();
        break;
      }
      const MaybeSaid one = truth(term.args[0], wanted);
      said = is_all ? meet(std::move(said), one) : join(said, one);
    }
    for (const BinderId binder : term.binders) bound_.erase(binder);
    return said;
  }

  /// args[a] <= args[b], or < where it is strict; of other things than numbers it says nothing.
  MaybeSaid ordered(const Term& term, std::size_t a, std::size_t b, bool strict, MaybeSaid said) {
    const Kind kind = system_.at(term.args[a]).type.kind;
    if (kind != Kind::Int && kind != Kind::Bits) return said;
    const Range left = range(term.args[a]), right = range(term.args[b]);
    // The least and the most of 64 bits stand for no bound: beyond them there are integers still.
    if (const auto place = place_at(term.args[a]); place && right.most != kMost && right.most != kLeast) {
      said = meet(std::move(said), Said{{*place, {kLeast, strict ? right.most - 1 : right.most}}});
    }
    if (const auto place = place_at(term.args[b]); place && left.least != kLeast && left.least != kMost) {
      said = meet(std::move(said), Said{{*place, {strict ? left.least + 1 : left.least, kMost}}});
    }
    return said;
  }

  Range range(TermId id) {
    const Term& term = system_.at(id);
    if (term.op == Op::Constant && !(term.type.kind == Kind::Bits && term.type.width >= 64))
      return {term.value, term.value};
    if (const auto value = known_value(id)) return {*value, *value};
    Range whole = all_of(term.type);
    const auto place = place_at(id);
    const auto found = place ? known_.find(*place) : known_.end();
    if (found == known_.end()) return whole;
    return {std::max(whole.least, found->second.least), std::min(whole.most, found->second.most)};
  }

  std::optional<Value> known_value(TermId id) const {
    const Term& term = system_.at(id);
    if (term.op == Op::Constant) return term.value;
    const auto bound = term.op == Op::Bound ? bound_.find(term.binder) : bound_.end();
    return bound == bound_.end() ? std::nullopt : std::optional<Value>(bound->second);
  }

  /// The place that the term is the value of. None: it is none, or depends on the state. Words of 64 bits have none.
  std::optional<std::size_t> place_at(TermId id) const {
    const Term& term = system_.at(id);
    if (term.type.kind == Kind::Bits && term.type.width >= 64) return std::nullopt;
    if (term.op == Op::Bound && !bound_.contains(term.binder)) return place_of(term.binder);
    if (term.op != Op::Apply) return std::nullopt;
    std::vector<Value> arguments;
    for (const TermId argument : term.args) {
      const auto value = known_value(argument);
      if (!value) return std::nullopt;
      arguments.push_back(*value);
    }
    return offsets_[term.function.index()] + place(system_, scope_, term.function, arguments);
  }

  const System& system_;
  const Scope& scope_;
  std::vector<std::size_t> offsets_;
  std::size_t entries_ = 0;
  Said known_;
  std::map<BinderId, Value> bound_;
  std::size_t visits_ = 0;
};

/// What can be listed is listed whole; else what was said, if that is little enough.
std::optional<Range> listed(const System& system, const Scope& scope, const Type& type, const MaybeSaid& said,
                            std::size_t place) {
  if (const auto count = cardinality(system, scope, type)) return Range{0, static_cast<Value>(*count) - 1};
  if (!said) return Range{0, -1};
  const auto found = said->find(place);
  if (found == said->end()) return std::nullopt;
  const Range whole = all_of(type);
  const Range range{std::max(whole.least, found->second.least), std::min(whole.most, found->second.most)};
  if (range.least == kLeast || range.most == kMost) return std::nullopt;
  const std::uint64_t more = static_cast<std::uint64_t>(range.most) - static_cast<std::uint64_t>(range.least);
  return range.most >= range.least && more >= static_cast<std::uint64_t>(kMaxListed) ? std::nullopt
                                                                                     : std::optional(range);
}

}  // namespace

std::vector<std::optional<Range>> initial_ranges(const System& system, const Scope& scope) {
  Reader reader(system, scope);
  std::vector<TermId> formulas;
  for (const Property& property : system.properties) {
    if (property.kind == PropertyKind::Assumption) formulas.push_back(property.formula);
  }
  if (system.initially.valid()) formulas.push_back(system.initially);
  const MaybeSaid said = reader.read(formulas);
  std::vector<std::optional<Range>> ranges;
  for (std::size_t i = 0; i < system.functions.size(); ++i) {
    const std::size_t end = reader.offset(i) + table_size(system, scope, FunctionId(i));
    while (ranges.size() < end)
      ranges.push_back(listed(system, scope, system.functions[i].result, said, ranges.size()));
  }
  return ranges;
}

std::vector<std::optional<Range>> parameter_ranges(const System& system, const Scope& scope, ActionId action) {
  Reader reader(system, scope);
  const MaybeSaid said = reader.read({system.at(action).guard});
  std::vector<std::optional<Range>> ranges;
  for (const BinderId parameter : system.at(action).parameters) {
    ranges.push_back(listed(system, scope, system.at(parameter).type, said, reader.place_of(parameter)));
  }
  return ranges;
}

}  // namespace bulkhead::system
