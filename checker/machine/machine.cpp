#include "checker/machine/machine.h"

#include <algorithm>
#include <map>

#include "checker/term/word.h"
#include "lang/base/check.h"

namespace bulkhead::machine {

using term::Assignment;
using term::Op;
using term::Sort;
using term::Word;

namespace {

bool fits(const term::Store& store, TermId variable, Word value) {
  const Sort sort = store.sort(variable);
  if (sort == term::kBool) return value.high == 0 && value.low <= 1;
  if (sort == term::kInt) return value.high == 0;
  return term::cut(value, sort.width) == value;
}

/// The moment as values of variables; none where it does not fit the machine.
std::optional<Assignment> assignment(const Machine& machine, const Moment& moment) {
  if (moment.state.size() != machine.state.size() || moment.inputs.size() != machine.inputs.size()) return std::nullopt;
  Assignment values;
  for (std::size_t i = 0; i < moment.state.size(); ++i) {
    if (!fits(machine.store, machine.state[i].now, moment.state[i])) return std::nullopt;
    values.emplace(machine.state[i].now, moment.state[i]);
  }
  for (std::size_t i = 0; i < moment.inputs.size(); ++i) {
    if (!fits(machine.store, machine.inputs[i], moment.inputs[i])) return std::nullopt;
    values.emplace(machine.inputs[i], moment.inputs[i]);
  }
  return values;
}

/// Everything that a moment is judged by, in one order.
std::vector<TermId> judged(const Machine& machine) {
  std::vector<TermId> terms{machine.initial, machine.allowed};
  for (const Latch& latch : machine.state) terms.push_back(latch.next);
  for (const Bad& bad : machine.bad) terms.push_back(bad.condition);
  return terms;
}

}  // namespace

std::optional<std::string> objection(const Machine& machine, const Run& run) {
  if (run.moments.empty() || run.moments.size() > kMaxMoments) return "the run has no moments, or too many";
  const std::vector<TermId> terms = judged(machine);
  const std::size_t latches = machine.state.size();
  for (std::size_t at = 0; at < run.moments.size(); ++at) {
    const auto values = assignment(machine, run.moments[at]);
    if (!values) return "moment " + std::to_string(at) + " has no value for each variable";
    const auto made = term::evaluate(machine.store, terms, *values);
    if (!made) return "moment " + std::to_string(at) + " has integers beyond 64 bits";
    if (at == 0 && made->at(0).low == 0) return "the first state is not initial";
    if (at + 1 == run.moments.size()) {
      const auto bad = made->begin() + static_cast<std::ptrdiff_t>(2 + latches);
      if (std::any_of(bad, made->end(), [](Word word) { return word.low != 0; })) return std::nullopt;
      return "the last moment is not bad";
    }
    if (made->at(1).low == 0) return "step " + std::to_string(at) + " is not allowed";
    const auto next = made->begin() + 2;
    if (!std::equal(run.moments[at + 1].state.begin(), run.moments[at + 1].state.end(), next,
                    next + static_cast<std::ptrdiff_t>(latches))) {
      return "step " + std::to_string(at) + " does not lead to the next state";
    }
  }
  return std::nullopt;
}

std::size_t violated(const Machine& machine, const Run& run) {
  const auto values = assignment(machine, run.moments.back());
  for (std::size_t i = 0; values && i < machine.bad.size(); ++i) {
    const auto value = term::evaluate(machine.store, machine.bad[i].condition, *values);
    if (value && value->low != 0) return i;
  }
  BH_CHECK(false, "the last moment of a run is bad");
}

TermId any_bad(Machine& machine) {
  std::vector<TermId> conditions;
  for (const Bad& bad : machine.bad) conditions.push_back(bad.condition);
  return machine.store.disjunction(std::move(conditions));
}

bool has_integers(const Machine& machine) {
  std::vector<TermId> roots{machine.initial, machine.allowed};
  for (const Latch& latch : machine.state) {
    roots.push_back(latch.now);
    roots.push_back(latch.next);
  }
  for (const Bad& bad : machine.bad) roots.push_back(bad.condition);
  const auto parts = term::reachable(machine.store, roots);
  return std::any_of(parts.begin(), parts.end(), [&](TermId id) { return machine.store.sort(id) == term::kInt; });
}

namespace {

TermId rebuilt(term::Store& store, TermId id, std::vector<TermId> args) {
  const term::Node node = store.at(id);  // a copy: the arena grows
  switch (node.op) {
    case Op::True:
    case Op::False:
    case Op::Variable:
    case Op::Number:
    case Op::Constant:
      return id;
    case Op::Not:
      return store.negation(args[0]);
    case Op::And:
      return store.conjunction(std::move(args));
    case Op::Or:
      return store.disjunction(std::move(args));
    case Op::Equal:
      return store.equal(args[0], args[1]);
    case Op::Ite:
      return store.ite(args[0], args[1], args[2]);
    case Op::Extract:
      return store.extract(args[0], static_cast<std::uint16_t>(node.word.low), node.sort.width);
    case Op::ZeroExtend:
      return store.zero_extend(args[0], node.sort.width);
    case Op::Add:
    case Op::Subtract:
    case Op::Multiply:
    case Op::Less:
    case Op::LessEqual:
    case Op::BitNot:
    case Op::BitAnd:
    case Op::BitOr:
    case Op::BitXor:
    case Op::BitAdd:
    case Op::BitSub:
    case Op::BitMul:
    case Op::ShiftLeft:
    case Op::ShiftRight:
    case Op::UnsignedLess:
    case Op::UnsignedLessEqual:
    case Op::SignedLess:
    case Op::SignedLessEqual:
    case Op::Concat:
      return store.apply(node.op, std::move(args));
    case Op::Fill:
      return store.fill(args[0]);
    case Op::Select:
      return store.select(args[0], args[1]);
    case Op::Put:
      return store.put(args[0], args[1], args[2]);
    case Op::ForAll:
    case Op::Apply:
      break;
  }
  BH_CHECK(false, "machines have neither quantifiers nor functions");
}

}  // namespace

TermId substitute(term::Store& store, TermId term, const std::map<TermId, TermId>& by) {
  return substitute(store, std::vector{term}, by).front();
}

std::vector<TermId> substitute(term::Store& store, const std::vector<TermId>& terms,
                               const std::map<TermId, TermId>& by) {
  std::map<TermId, TermId> done;
  for (const TermId id : term::reachable(store, terms)) {
    if (const auto found = by.find(id); found != by.end()) {
      done.emplace(id, found->second);
      continue;
    }
    std::vector<TermId> args;
    for (const TermId arg : store.at(id).args) args.push_back(done.at(arg));
    done.emplace(id, rebuilt(store, id, std::move(args)));
  }
  std::vector<TermId> made;
  for (const TermId term : terms) made.push_back(done.at(term));
  return made;
}

}  // namespace bulkhead::machine
