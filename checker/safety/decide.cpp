#include "checker/safety/decide.h"

#include "checker/finite/closure.h"
#include "checker/finite/told.h"
#include "checker/machine/bits.h"
#include "checker/machine/unrolling.h"
#include "checker/safety/race.h"
#include "checker/safety/unfolding.h"
#include "checker/solver/solver.h"

namespace bulkhead::safety {

using interchange::Horn;
using machine::Machine;

namespace {

/// The answer of a Horn solver, as text that nobody believes.
struct Interpretation {
  std::string text;
};
struct Inductive {
  std::size_t k;
};
/// What a search comes to. It says nothing in terms of the machine: the arenas of the threads are their own.
struct Found {
  std::string engine;
  std::variant<Unknown, machine::Run, finite::NetInvariant, Inductive, Interpretation, Derivation> what;
  bool decides() const { return !std::holds_alternative<Unknown>(what); }
};

/// The bits of the state that the net's search excludes, as a formula over the latches.
TermId formula_of(Machine& machine, const finite::NetInvariant& invariant, TermId facts) {
  term::Store& store = machine.store;
  std::vector<TermId> bits, all{facts};
  for (const machine::Latch& latch : machine.state) {
    const term::Sort sort = store.sort(latch.now);
    if (sort == term::kBool) bits.push_back(latch.now);
    for (std::uint16_t bit = 0; sort != term::kBool && bit < sort.width; ++bit) {
      bits.push_back(store.equal(store.extract(latch.now, bit, 1), store.constant(1, 1)));
    }
  }
  for (const finite::Places& cube : invariant.excluded) {
    std::vector<TermId> some;
    for (const auto& [place, value] : cube) some.push_back(value ? store.negation(bits[place]) : bits[place]);
    all.push_back(store.disjunction(std::move(some)));
  }
  return store.conjunction(std::move(all));
}

/// The search without the bits that its closure knows.
finite::NetOutcome pruned(const finite::Net& net, const finite::Limits& limits,
                          finite::NetOutcome (*search)(const finite::Net&, const finite::Limits&)) {
  const finite::PrunedNet small(net);
  return small.original(search(small.net(), limits));
}

/// Searches over bits. Each thread has circuits of its own.
class Bits {
 public:
  Bits(const Machine& machine, TermId facts) : machine_(machine), facts_(facts) {}

  /// IC3 alone.
  Found ic3(const std::stop_token& stop) {
    return with_net("ic3", stop,
                    [](const finite::Net& net, finite::Limits limits) { return pruned(net, limits, finite::ic3); });
  }
  /// Short runs, short inductions, then longer ones of each.
  Found unrolled(const std::stop_token& stop) {
    Found found;
    for (std::size_t depth = 16; depth <= 65'536 && !stop.stop_requested(); depth *= 4) {
      found = with_net("unrolling", stop, [&](const finite::Net& net, finite::Limits limits) {
        limits.depth = depth;
        return pruned(net, limits, finite::unroll);
      });
      if (found.decides()) return found;
      if (depth > 256) continue;
      found = with_net("k-induction", stop, [&](const finite::Net& net, finite::Limits limits) {
        limits.depth = depth;
        return finite::k_inductive(net, limits);
      });
      if (found.decides()) return found;
    }
    return found;
  }

 private:
  template <typename Search>
  Found with_net(const char* engine, const std::stop_token& stop, Search search) {
    auto bits = machine::to_bits(machine_, facts_);
    if (!bits) return {engine, Unknown{bits.error()}};
    finite::Limits limits;
    limits.stop = stop;
    limits.conflicts = 0;
    limits.questions = ~std::size_t{0};
    const finite::NetOutcome outcome = search(bits->net, limits);
    if (const auto* run = std::get_if<finite::NetRun>(&outcome)) return {engine, machine::lift(*bits, *run)};
    if (const auto* open = std::get_if<finite::Open>(&outcome)) {
      return {engine, Unknown{finite::told(*open)}};
    }
    return {engine, std::get<finite::NetInvariant>(outcome)};
  }

  const Machine& machine_;
  TermId facts_;
};

/// Unrolling and k-induction in turns, by Z3, on a copy of the machine.
class Terms {
 public:
  Terms(const Machine& machine, TermId facts, const std::stop_token& stop, std::uint32_t seed)
      : machine_(machine),
        facts_(facts),
        stop_(stop),
        bad_(machine::any_bad(machine_)),
        base_(machine_, "b"),
        step_(machine_, "k") {
    limits_.resource = 0;
    limits_.stop = stop;
    limits_.seed = seed;
    first_ = solver::make_z3(machine_.store, solver::Theory::General, limits_);
    later_ = solver::make_z3(machine_.store, solver::Theory::General, limits_);
    first_->add(base_.at(machine_.initial));
    later_->add(step_.at(facts_));
  }

  Found search() {
    for (std::size_t depth = 0; depth < kMaxDepth && !stop_.stop_requested(); ++depth) {
      const solver::Answer reached = ask(*first_, base_.at(bad_));
      if (const auto* sat = std::get_if<solver::Sat>(&reached)) return {"unrolling", base_.run(sat->model)};
      if (const auto* unknown = std::get_if<solver::Unknown>(&reached))
        return {"unrolling", Unknown{unknown->reason + far(depth)}};
      first_->add(base_.at(machine_.allowed));
      base_.extend();
      if (!inductive_) continue;
      later_->add(machine_.store.negation(step_.at(bad_)));
      later_->add(step_.at(machine_.allowed));
      step_.extend();
      const solver::Answer kept = ask(*later_, step_.at(bad_));
      if (std::holds_alternative<solver::Unsat>(kept)) return {"k-induction", Inductive{depth + 1}};
      inductive_ = !std::holds_alternative<solver::Unknown>(kept) && depth < kMaxInduction;
    }
    return {"unrolling",
            Unknown{(stop_.stop_requested() ? "it was stopped" : "the depth is reached") + far(base_.depth())}};
  }

 private:
  static constexpr std::size_t kMaxDepth = 4096;
  static constexpr std::size_t kMaxInduction = 24;

  /// How many steps were looked at before this many.
  static std::string far(std::size_t depth) {
    return depth == 0 ? ", before the first states were looked at"
                      : ", none within " + std::to_string(depth - 1) + " steps";
  }
  static solver::Answer ask(solver::Solver& solver, TermId question) {
    solver.push();
    solver.add(question);
    solver::Answer answer = solver.check();
    solver.pop();
    return answer;
  }

  Machine machine_;
  TermId facts_;
  std::stop_token stop_;
  TermId bad_;
  machine::Unrolling base_, step_;
  solver::Limits limits_;
  std::unique_ptr<solver::Solver> first_, later_;
  bool inductive_ = true;
};

Found by_spacer(const std::string& text, const Options& options, const std::stop_token& stop) {
  solver::SpacerOptions asked = spacer_options(options, stop);
  asked.steps = true;
  const solver::SpacerAnswer answer = solver::ask_spacer(text, asked);
  switch (answer.kind) {
    case solver::SpacerAnswer::Kind::Satisfiable:
      return {"spacer", Interpretation{answer.text}};
    case solver::SpacerAnswer::Kind::Unsatisfiable: {
      const auto clauses = interchange::read_clauses(text);
      if (!clauses) return {"spacer", Unknown{clauses.error().reason}};
      if (auto derivation = derived_again(*clauses, answer.text, stop, options.seed)) return {"spacer", *derivation};
      return {"spacer", Unknown{kNotDerived}};
    }
    case solver::SpacerAnswer::Kind::None:
      break;
  }
  return {"spacer", Unknown{answer.text}};
}

using Answer = std::variant<Safe, Unsafe, Unsatisfiable, Unknown>;

/// A contradiction of the clauses as the text has them, if it is one.
Answer derived(const std::string& text, const Derivation& derivation) {
  const auto clauses = interchange::read_clauses(text);
  if (!clauses) return Unknown{clauses.error().reason};
  if (const auto why = objection(*clauses, derivation)) return Unknown{"a derivation does not replay: " + *why};
  return Unsatisfiable{derivation};
}

/// What the Horn solver says, if it is accepted.
Answer interpreted(Horn& horn, const std::string& text, const Options& options) {
  Unknown last{"the invariant of spacer says what is not read"};
  for (const auto missing : {interchange::Missing::Everywhere, interchange::Missing::Nowhere}) {
    const auto formula = interchange::read_interpretation(horn, text, missing);
    if (!formula) return last;
    const Checked checked = check(horn.machine, {*formula, 0}, options.second_solver);
    if (checked.objection.empty()) return Safe{{*formula, 0}, checked.by};
    last = {"an invariant of spacer is refused: " + checked.objection};
  }
  return last;
}

/// The answer, if its evidence is accepted.
Answer checked(Horn& horn, const std::string& text, TermId facts, const Found& found, const Options& options) {
  if (const auto* unknown = std::get_if<Unknown>(&found.what)) return *unknown;
  if (const auto* run = std::get_if<machine::Run>(&found.what)) {
    if (const auto why = machine::objection(horn.machine, *run)) return Unknown{"a run does not replay: " + *why};
    return Unsafe{*run};
  }
  if (const auto* derivation = std::get_if<Derivation>(&found.what)) return derived(text, *derivation);
  Invariant invariant{facts, 0};
  if (const auto* net = std::get_if<finite::NetInvariant>(&found.what)) {
    invariant.formula = formula_of(horn.machine, *net, facts);
    if (found.engine != "ic3") invariant.k = net->k;
  }
  if (const auto* inductive = std::get_if<Inductive>(&found.what)) invariant.k = inductive->k;
  if (const auto* told = std::get_if<Interpretation>(&found.what)) return interpreted(horn, told->text, options);
  const Checked checked = check(horn.machine, invariant, options.second_solver);
  if (!checked.objection.empty())
    return Unknown{"an invariant of " + found.engine + " is refused: " + checked.objection};
  return Safe{invariant, checked.by};
}

}  // namespace

Decision decide(Horn& horn, const std::string& text, const Options& options) {
  const TermId facts = constant_facts(horn.machine);
  const Machine machine = horn.machine;  // a copy: the arena of the other grows while answers are checked
  using Machines = Race<Found, Answer>;
  Machines race([&](const Found& found) { return checked(horn, text, facts, found, options); });
  if (machine::has_integers(machine)) {
    return race.run(
        {[&](const std::stop_token& stop, const Machines::Offer&) { return by_spacer(text, options, stop); },
         [&](const std::stop_token& stop, const Machines::Offer&) {
           return Terms(machine, facts, stop, options.seed).search();
         }},
        options.time);
  }
  Bits bits(machine, facts);
  return race.run({[&](const std::stop_token& stop, const Machines::Offer&) { return bits.ic3(stop); },
                   [&](const std::stop_token& stop, const Machines::Offer&) { return bits.unrolled(stop); }},
                  options.time);
}

Horn as_horn(Machine machine) {
  Horn horn;
  interchange::Relation relation{"Inv", {}, machine.store.truth(true)};
  for (const machine::Latch& latch : machine.state) relation.arguments.push_back(latch.now);
  horn.relations.push_back(std::move(relation));
  horn.machine = std::move(machine);
  return horn;
}

}  // namespace bulkhead::safety
