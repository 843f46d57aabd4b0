#include <algorithm>
#include <map>
#include <queue>
#include <utility>

#include "checker/finite/cnf.h"
#include "checker/finite/net.h"
#include "lang/base/check.h"

namespace bulkhead::finite {

using ground::Bit;
using sat::Answer;
using sat::Clause;
using sat::Literal;

namespace {

/// States that lead to a bad one, and how: by these inputs of one step into the states of `next`, or being bad.
struct Obligation {
  Places cube;
  std::size_t frame = 0;
  std::size_t next = ~std::size_t{0};  // among all obligations; none: it is bad itself
  std::vector<bool> inputs;            // by gate
};

class Ic3 {
 public:
  Ic3(const Net& net, const Limits& limits)
      : net_(net),
        limits_(limits),
        main_(limits.stop),
        first_(limits.stop),
        cnf_(*net.circuit, [this](const Clause& one) { main_.add(one); }),
        first_cnf_(*net.circuit, [this](const Clause& one) { first_.add(one); }) {
    for (std::size_t place = 0; place < net_.now.size(); ++place) {
      net_.next[place] = net_.circuit->choose(net_.allowed, net_.next[place], net_.now[place]);
    }
  }

  NetOutcome run() {
    prepare();
    std::optional<NetOutcome> outcome = first_frame();
    while (!outcome && !spent_) outcome = next_frame();
    if (outcome) return std::move(*outcome);
    return Open{*spent_, depth_};
  }

 private:
  void prepare() {
    cnf_.assert_true(net_.always);
    first_cnf_.assert_true(net_.initial);
    for (std::size_t place = 0; place < net_.now.size(); ++place) {
      now_literals_.push_back(cnf_.literal(net_.now[place]));
      next_literals_.push_back(cnf_.literal(net_.next[place]));
      first_literals_.push_back(first_cnf_.literal(net_.now[place]));
    }
    bad_literal_ = cnf_.literal(net_.bad);
    add_frame();
    main_.add({-active_[0], cnf_.literal(net_.initial)});  // what is reached after no step
  }

  void add_frame() {
    active_.push_back(cnf_.fresh());
    frames_.emplace_back();
  }

  // Questions. Each is counted; one that meets its limit ends the search.

  Answer ask(sat::Solver& solver, const Clause& assumptions, const Clause& also = {}) {
    if (spent_) return Answer::Unknown;
    if (++questions_ > limits_.questions) spent_ = "the number of questions is reached";
    const Answer answer = solver.solve(assumptions, also, limits_.conflicts);
    if (answer == Answer::Unknown) spent_ = solver.why_unknown();
    if (limits_.stop.stop_requested()) spent_ = "it was stopped";
    return spent_ ? Answer::Unknown : answer;
  }
  Clause in_frame(std::size_t frame) const {
    return {active_.begin() + static_cast<std::ptrdiff_t>(frame), active_.end()};
  }
  static Clause literals(const Places& cube, const Clause& of) {
    Clause clause;
    for (const auto& [place, value] : cube) clause.push_back(value ? of[place] : -of[place]);
    return clause;
  }
  static Clause negated(Clause clause) {
    for (Literal& literal : clause) literal = -literal;
    return clause;
  }

  /// Some initial state is in the cube. On No, `core` is what the answer needs of it.
  Answer meets_first(const Places& cube, Places* core = nullptr) {
    const Answer answer = ask(first_, literals(cube, first_literals_));
    if (answer != Answer::Unsatisfiable || core == nullptr) return answer;
    core->clear();
    for (const auto& one : cube) {
      if (first_.failed(literals({one}, first_literals_)[0])) core->push_back(one);
    }
    return answer;
  }

  /// Some state of the frame that is not in the cube leads into it. On Unsatisfiable, `core` is what is needed of the
  /// cube.
  Answer leads_into(const Places& cube, std::size_t frame, Places* core = nullptr) {
    Clause assumptions = in_frame(frame);
    const Clause next = literals(cube, next_literals_);
    assumptions.insert(assumptions.end(), next.begin(), next.end());
    const Answer answer = ask(main_, assumptions, negated(literals(cube, now_literals_)));
    if (answer != Answer::Unsatisfiable || core == nullptr) return answer;
    core->clear();
    for (const auto& one : cube) {
      if (main_.failed(literals({one}, next_literals_)[0])) core->push_back(one);
    }
    return answer;
  }

  /// What of the model's state suffices: with the model's inputs all such states do the same. `target` is false of the
  /// state.
  Places lifted(const std::vector<bool>& values, const Clause& target) {
    Places state;
    for (std::size_t place = 0; place < net_.now.size(); ++place) {
      state.emplace_back(place, values[net_.now[place].gate()] != net_.now[place].negated());
    }
    Clause assumptions = literals(state, now_literals_);
    for (const Bit input : inputs()) {
      const Literal literal = cnf_.literal(input);
      assumptions.push_back(values[input.gate()] ? literal : -literal);
    }
    if (ask(main_, assumptions, target) != Answer::Unsatisfiable) return state;
    Places core;
    for (const auto& one : state) {
      if (main_.failed(literals({one}, now_literals_)[0])) core.push_back(one);
    }
    return core;
  }

  /// The inputs that are no part of the state.
  const std::vector<Bit>& inputs() {
    if (!inputs_.empty()) return inputs_;
    std::vector<bool> is_state(net_.circuit->size(), false);
    for (const Bit bit : net_.now) is_state[bit.gate()] = true;
    for (std::uint32_t gate = 1; gate < net_.circuit->size(); ++gate) {
      if (net_.circuit->at(gate).is_input && !is_state[gate]) inputs_.emplace_back(gate, false);
    }
    return inputs_;
  }

  // The search.

  std::optional<NetOutcome> first_frame() {
    const Answer answer = ask(first_, {first_cnf_.literal(net_.bad)});
    if (answer == Answer::Unknown) return Open{*spent_, std::nullopt};
    if (answer == Answer::Satisfiable) return violated(first_cnf_.model(first_), ~std::size_t{0});
    depth_ = 0;
    add_frame();
    return std::nullopt;
  }

  /// Excludes every bad state of the last frame, then opens a new one.
  std::optional<NetOutcome> next_frame() {
    const std::size_t last = frames_.size() - 1;
    while (!spent_) {
      Clause assumptions = in_frame(last);
      assumptions.push_back(bad_literal_);
      const Answer answer = ask(main_, assumptions);
      if (answer == Answer::Unknown) return std::nullopt;
      if (answer == Answer::Unsatisfiable) break;
      const std::vector<bool> values = cnf_.model(main_);
      obligations_.clear();
      obligations_.push_back({lifted(values, {-bad_literal_}), last, ~std::size_t{0}, values});
      if (auto found = exclude()) return found;
    }
    if (spent_) return std::nullopt;
    depth_ = last;
    add_frame();
    return propagate();
  }

  /// Excludes the first obligation, and all that this needs.
  std::optional<NetOutcome> exclude() {
    using Item = std::pair<std::size_t, std::size_t>;  // frame, obligation
    std::priority_queue<Item, std::vector<Item>, std::greater<>> open;
    open.emplace(obligations_[0].frame, 0);
    while (!open.empty() && !spent_) {
      const auto [frame, which] = open.top();
      open.pop();
      const Places cube = obligations_[which].cube;
      const Answer first = meets_first(cube);
      if (first == Answer::Unknown) return std::nullopt;
      if (first == Answer::Satisfiable) return violated(first_cnf_.model(first_), which);
      BH_CHECK(frame > 0, "what is reached after no step is initial");
      Places core;
      const Answer answer = leads_into(cube, frame - 1, &core);
      if (answer == Answer::Unknown) return std::nullopt;
      if (answer == Answer::Satisfiable) {
        const std::vector<bool> values = cnf_.model(main_);
        Places before = lifted(values, negated(literals(cube, next_literals_)));
        obligations_.push_back({std::move(before), frame - 1, which, values});
        open.emplace(frame - 1, obligations_.size() - 1);
        open.emplace(frame, which);
        continue;
      }
      generalise(cube, core, frame);
      std::size_t kept = frame;  // as far as the exclusion is inductive
      while (kept + 1 < frames_.size() && leads_into(core, kept) == Answer::Unsatisfiable) ++kept;
      if (spent_) return std::nullopt;
      add_clause(core, kept);
      if (kept + 1 < frames_.size()) open.emplace(kept + 1, which);
    }
    return std::nullopt;
  }

  /// Makes the core keep away from the initial states again, then drops what it can do without.
  void generalise(const Places& cube, Places& core, std::size_t frame) {
    Places apart;
    if (meets_first(core) != Answer::Unsatisfiable) {
      if (meets_first(cube, &apart) != Answer::Unsatisfiable) return;
      Places both;
      std::set_union(core.begin(), core.end(), apart.begin(), apart.end(), std::back_inserter(both));
      core = std::move(both);
    }
    for (std::size_t i = 0; i < core.size() && !spent_;) {
      Places smaller = core, needed;
      smaller.erase(smaller.begin() + static_cast<std::ptrdiff_t>(i));
      const bool apart_still = meets_first(smaller) == Answer::Unsatisfiable;
      if (!apart_still || leads_into(smaller, frame - 1, &needed) != Answer::Unsatisfiable) {
        ++i;
        continue;
      }
      core = meets_first(needed) == Answer::Unsatisfiable ? needed : smaller;
      i = std::min(i, core.size());
    }
  }

  void add_clause(const Places& cube, std::size_t frame) {
    for (std::size_t i = 0; i <= frame; ++i) {
      std::erase_if(frames_[i],
                    [&](const Places& one) { return std::includes(one.begin(), one.end(), cube.begin(), cube.end()); });
    }
    frames_[frame].push_back(cube);
    Clause clause = negated(literals(cube, now_literals_));
    clause.push_back(-active_[frame]);
    main_.add(clause);
  }

  std::optional<NetOutcome> propagate() {
    for (std::size_t frame = 1; frame + 1 < frames_.size(); ++frame) {
      const std::vector<Places> cubes = frames_[frame];
      for (const Places& cube : cubes) {
        if (std::find(frames_[frame].begin(), frames_[frame].end(), cube) == frames_[frame].end()) continue;
        if (leads_into(cube, frame) == Answer::Unsatisfiable) add_clause(cube, frame + 1);
        if (spent_) return std::nullopt;
      }
      if (frames_[frame].empty()) return invariant(frame + 1);
    }
    return std::nullopt;
  }

  NetOutcome invariant(std::size_t frame) const {
    NetInvariant found;
    for (; frame < frames_.size(); ++frame) {
      found.excluded.insert(found.excluded.end(), frames_[frame].begin(), frames_[frame].end());
    }
    std::sort(found.excluded.begin(), found.excluded.end());
    return found;
  }

  /// From an initial state along the obligations, by the inputs that they were found with.
  NetOutcome violated(std::vector<bool> values, std::size_t obligation) {
    const auto value = [&](Bit bit) { return values[bit.gate()] != bit.negated(); };
    NetRun run;
    for (; obligation != ~std::size_t{0}; obligation = obligations_[obligation].next) {
      for (const Bit input : inputs()) values[input.gate()] = obligations_[obligation].inputs[input.gate()];
      net_.circuit->evaluate(values);
      run.values.push_back(values);
      std::vector<bool> after;
      for (const Bit bit : net_.next) after.push_back(value(bit));
      for (std::size_t i = 0; i < after.size(); ++i) values[net_.now[i].gate()] = after[i];
    }
    if (run.values.empty()) run.values.push_back(values);  // an initial state is bad itself
    return run;
  }

  Net net_;
  Limits limits_;
  sat::Solver main_, first_;  // one step; the initial states
  Cnf cnf_, first_cnf_;
  Clause now_literals_, next_literals_, first_literals_;
  Literal bad_literal_ = 0;
  std::vector<Bit> inputs_;
  Clause active_;                            // by frame: its clauses are in force
  std::vector<std::vector<Places>> frames_;  // cubes excluded after at most so many steps, each where it was kept last
  std::vector<Obligation> obligations_;
  std::size_t questions_ = 0;
  std::optional<std::string> spent_;
  std::optional<std::size_t> depth_;  // nothing bad is reached by so many steps
};

}  // namespace

NetOutcome ic3(const Net& net, const Limits& limits) {
  return Ic3(net, limits).run();
}

}  // namespace bulkhead::finite
