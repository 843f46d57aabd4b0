#include "checker/safety/decide.h"

#include <functional>

#include "checker/finite/closure.h"
#include "checker/finite/told.h"
#include "checker/machine/bits.h"
#include "checker/machine/unrolling.h"
#include "checker/safety/race.h"
#include "checker/safety/unfolding.h"
#include "checker/solver/solver.h"

namespace bulkhead::safety {

using interchange::Clauses;
using interchange::Horn;
using machine::Machine;

namespace {

struct Inductive {
  std::size_t k;
};
/// What a search comes to. It says nothing in terms of the machine: the arenas of the threads are their own.
struct Found {
  std::string engine;
  std::variant<Unknown, machine::Run, finite::NetInvariant, Inductive, ToldDefinitions, Derivation> what;
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
      return {"spacer", ToldDefinitions{answer.text}};
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

using Answer = std::variant<Safe, Unsafe, Satisfiable, Unsatisfiable, Unknown>;

/// Accepts what is evidence.
class Judge {
 public:
  Judge(Horn& horn, Clauses* clauses, const std::string& text, const Options& options)
      : horn_(horn), clauses_(clauses), text_(text), options_(options), facts_(constant_facts(horn.machine)) {}

  TermId facts() const { return facts_; }

  Answer operator()(const Found& found) {
    return std::visit([&](const auto& what) { return judged(found.engine, what); }, found.what);
  }

 private:
  Answer judged(const std::string&, const Unknown& unknown) { return unknown; }
  Answer judged(const std::string&, const machine::Run& run) {
    if (const auto why = machine::objection(horn_.machine, run)) return Unknown{"a run does not replay: " + *why};
    return Unsafe{run};
  }
  /// A contradiction of the clauses as the text has them, if it is one.
  Answer judged(const std::string&, const Derivation& derivation) {
    const auto clauses = interchange::read_clauses(text_);
    if (!clauses) return Unknown{clauses.error().reason};
    if (const auto why = objection(*clauses, derivation)) return Unknown{"a derivation does not replay: " + *why};
    return Unsatisfiable{derivation};
  }
  Answer judged(const std::string& engine, const finite::NetInvariant& net) {
    return inductive(engine, {formula_of(horn_.machine, net, facts_), engine == "ic3" ? 0 : net.k});
  }
  Answer judged(const std::string& engine, const Inductive& found) { return inductive(engine, {facts_, found.k}); }
  /// Of the machine, or of the clauses, where more can be said.
  Answer judged(const std::string& engine, const ToldDefinitions& told) {
    Answer of_machine = Unknown{"there are no clauses"};
    if (engine != kTemplates) of_machine = invariant(engine, told);
    if (clauses_ == nullptr || !std::holds_alternative<Unknown>(of_machine)) return of_machine;
    auto of_clauses = interpreted(*clauses_, engine, told, options_);
    if (!of_clauses) return Unknown{of_clauses.error()};
    return std::move(of_clauses).value();
  }

  Answer invariant(const std::string& engine, const ToldDefinitions& told) {
    Answer last = Unknown{"the invariant of " + engine + " says what is not read"};
    for (const auto missing : {interchange::Missing::Everywhere, interchange::Missing::Nowhere}) {
      const auto formula = interchange::read_interpretation(horn_, told.text, missing);
      if (!formula) return last;
      last = inductive(engine, {*formula, 0});
      if (!std::holds_alternative<Unknown>(last)) return last;
    }
    return last;
  }
  Answer inductive(const std::string& engine, const Invariant& invariant) {
    const Checked checked = check(horn_.machine, invariant, options_.second_solver);
    if (checked.objection.empty()) return Safe{invariant, checked.by};
    return Unknown{"an invariant of " + engine + " is refused: " + checked.objection};
  }

  Horn& horn_;
  Clauses* clauses_;
  const std::string& text_;
  const Options& options_;
  TermId facts_;
};

Found by_told_templates(const Clauses& clauses, const std::stop_token& stop, std::uint32_t seed) {
  auto told = told_by_templates(clauses, stop, seed);
  if (!told) return {kTemplates, Unknown{told.error()}};
  return {kTemplates, std::move(told).value()};
}

}  // namespace

Decision decide(Horn& horn, const std::string& text, const Options& options, Clauses* clauses) {
  Judge judge(horn, clauses, text, options);
  const Machine machine = horn.machine;  // a copy: the arena of the other grows while answers are checked
  using Machines = Race<Found, Answer>;
  Machines race(std::ref(judge));
  if (machine::has_integers(machine)) {
    std::vector<Machines::Search> searches{
        [&](const std::stop_token& stop, const Machines::Offer&) { return by_spacer(text, options, stop); },
        [&](const std::stop_token& stop, const Machines::Offer&) {
          return Terms(machine, judge.facts(), stop, options.seed).search();
        }};
    if (clauses != nullptr) {
      searches.push_back([&options, copy = *clauses](const std::stop_token& stop, const Machines::Offer&) {
        return by_told_templates(copy, stop, options.seed);
      });
    }
    return race.run(searches, options.time);
  }
  Bits bits(machine, judge.facts());
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
