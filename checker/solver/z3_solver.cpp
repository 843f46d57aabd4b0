// The adapter to Z3: where its exceptions die.
#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "checker/solver/solver.h"
#include "checker/solver/z3_model.h"
#include "checker/solver/z3_terms.h"
#include "lang/base/check.h"

namespace bulkhead::solver {
namespace {

using term::Op;
using term::Sort;
using term::TermId;

class Z3Solver final : public Solver {
 public:
  Z3Solver(const term::Store& store, Z3Terms::Context context, Theory theory, const Limits& limits)
      : terms_(store, std::move(context)), limits_(limits) {
    guarded([&] {
      switch (theory) {
        case Theory::Finite:
          solver_.emplace(terms_.context(), "QF_FD");
          break;
        case Theory::Bits:
          solver_.emplace(terms_.context(), "QF_BV");
          break;
        case Theory::General:
          solver_.emplace(terms_.context());
          break;
      }
      z3::params params(terms_.context());
      if (limits.resource != 0) params.set("rlimit", limits.resource);
      if (limits.timeout_ms != 0) params.set("timeout", limits.timeout_ms);
      if (theory != Theory::Bits) params.set("random_seed", limits.seed);
      params.set("ctrl_c", false);  // a user who interrupts wants an end, not a question that Z3 gave up
      solver_->set(params);
    });
  }

  void push() override {
    marks_.push_back(assertions_.size());
    guarded([&] { solver_->push(); });
  }
  void pop() override {
    BH_CHECK(!marks_.empty(), "each pop has its push");
    assertions_.resize(marks_.back());
    marks_.pop_back();
    guarded([&] { solver_->pop(); });
  }
  void add(TermId assertion) override {
    assertions_.push_back(assertion);
    guarded([&] { solver_->add(terms_.of(assertion)); });
  }
  Answer check() override;

 private:
  /// Runs calls of Z3; what they throw is kept for the next check, and nothing else is called after it.
  template <typename Calls>
  void guarded(Calls calls) {
    if (!failure_.empty()) return;
    try {
      calls();
    } catch (const z3::exception& error) {
      failure_ = std::string("the solver failed: ") + error.msg();
    } catch (const std::bad_alloc&) {
      failure_ = "the solver ran out of memory";
    }
  }

  Answer read_model();

  Z3Terms terms_;
  std::optional<z3::solver> solver_;
  Limits limits_;
  std::vector<TermId> assertions_;
  std::vector<std::size_t> marks_;
  std::string failure_;
};

/// Stands for a solver that cannot even be started: it knows nothing.
class Exhausted final : public Solver {
 public:
  void push() override {}
  void pop() override {}
  void add(TermId) override {}
  Answer check() override { return Unknown{"the solver ran out of memory"}; }
};

Answer Z3Solver::read_model() {
  const z3::model found = solver_->get_model();
  Z3Model model(terms_, found);
  Sat sat;
  for (const TermId id : term::reachable(terms_.store(), assertions_)) {
    if (terms_.store().at(id).op != Op::Variable) continue;
    const auto read = model.value(id);
    if (!read && terms_.store().sort(id).kind == Sort::Kind::Element) continue;
    if (!read) return Unknown{"the solver's model has a value that is no number"};
    sat.model.emplace(id, *read);
  }
  if (!terms_.functions().empty()) sat.structure = model.structure();
  sat.arrays = std::move(model).arrays();
  sat.validated = true;
  for (const TermId assertion : assertions_) {
    const auto truth = term::evaluate(terms_.store(), assertion, sat.model, &sat.arrays);
    if (!truth)
      sat.validated = false;
    else if (truth->low == 0)
      return Unknown{"the solver's model does not make the question true"};
  }
  return sat;
}

Answer Z3Solver::check() {
  if (limits_.stop.stop_requested()) return Unknown{"the solver was stopped"};
  Answer answer = Unknown{};
  const std::stop_callback interrupt(limits_.stop, [&] { terms_.context().interrupt(); });
  guarded([&] {
    const z3::check_result result = solver_->check();
    if (result == z3::unsat) {
      answer = Unsat{};
    } else if (result == z3::sat) {
      answer = read_model();
    } else {
      const std::string why = solver_->reason_unknown();
      // Z3 has several words for the same limits.
      answer = Unknown{why == "canceled" || why == "timeout" || why.empty() || why == "ok" ||
                               why.find("limit exceeded") != std::string::npos
                           ? "the solver reached its limit of " + std::to_string(limits_.resource) + " steps" +
                                 (limits_.timeout_ms != 0 ? " or " + std::to_string(limits_.timeout_ms) + " ms" : "")
                           : "the solver gave up: " + why};
    }
  });
  if (!failure_.empty()) {
    // A check that ran out of its limit leaves the solver usable; whatever else happened stays.
    const std::string reason = failure_;
    if (limits_.stop.stop_requested()) {  // Z3 has several words for that too, "there is no current model" among them
      failure_.clear();
      return Unknown{"the solver was stopped"};
    }
    if (reason.find("canceled") != std::string::npos) {
      failure_.clear();
      return Unknown{"the solver reached its limit of " + std::to_string(limits_.resource) + " steps"};
    }
    return Unknown{reason};
  }
  return answer;
}

}  // namespace

std::unique_ptr<Solver> make_z3(const term::Store& store, Theory theory, const Limits& limits) {
  Z3Terms::Context context = Z3Terms::new_context();
  if (!context) return std::make_unique<Exhausted>();
  return std::make_unique<Z3Solver>(store, std::move(context), theory, limits);
}

void limit_memory(std::uint32_t mebibytes) {
  Z3_global_param_set("memory_max_size", std::to_string(mebibytes).c_str());
}

std::string version() {
  unsigned major = 0, minor = 0, build = 0, revision = 0;
  Z3_get_version(&major, &minor, &build, &revision);
  return "z3 " + std::to_string(major) + "." + std::to_string(minor) + "." + std::to_string(build) + "." +
         std::to_string(revision);
}

}  // namespace bulkhead::solver
