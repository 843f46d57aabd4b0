// The adapter to Z3: the only place that includes its header, and where its exceptions die.
#include <z3++.h>

#include <algorithm>
#include <optional>

#include "checker/solver/solver.h"
#include "lang/base/check.h"

namespace bulkhead::solver {
namespace {

using term::Node;
using term::Op;
using term::Sort;
using term::TermId;
using term::Word;

class Z3Solver final : public Solver {
 public:
  Z3Solver(const term::Store& store, Theory theory, const Limits& limits)
      : store_(store), terms_(context_), limits_(limits) {
    guarded([&] {
      switch (theory) {
        case Theory::Finite:
          solver_.emplace(context_, "QF_FD");
          break;
        case Theory::Bits:
          solver_.emplace(context_, "QF_BV");
          break;
        case Theory::General:
          solver_.emplace(context_);
          break;
      }
      z3::params params(context_);
      if (limits.resource != 0) params.set("rlimit", limits.resource);
      if (limits.timeout_ms != 0) params.set("timeout", limits.timeout_ms);
      if (theory != Theory::Bits) params.set("random_seed", limits.seed);
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
    guarded([&] {
      translate(assertion);
      solver_->add(terms_[static_cast<int>(place_.at(assertion.index()))]);
    });
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

  void translate(TermId root);
  z3::expr made_of(const Node& node, TermId id);
  z3::expr arg(const Node& node, std::size_t i) { return terms_[static_cast<int>(place_.at(node.args[i].index()))]; }
  z3::expr constant(Word word, std::uint16_t width);
  z3::expr variable(TermId id);
  std::optional<Word> value(const z3::model& model, TermId variable);
  Answer read_model();

  const term::Store& store_;
  z3::context context_;
  z3::expr_vector terms_;
  std::optional<z3::solver> solver_;
  Limits limits_;
  std::vector<std::uint32_t> place_;  // by term: index into terms_, or kAbsent
  static constexpr std::uint32_t kAbsent = ~std::uint32_t{0};
  std::vector<TermId> assertions_;
  std::vector<std::size_t> marks_;
  std::string failure_;
};

void Z3Solver::translate(TermId root) {
  place_.resize(store_.size(), kAbsent);
  if (place_[root.index()] != kAbsent) return;
  const TermId roots[] = {root};
  for (const TermId id : term::reachable(store_, roots)) {
    if (place_[id.index()] != kAbsent) continue;
    const z3::expr made = made_of(store_.at(id), id);
    place_[id.index()] = static_cast<std::uint32_t>(terms_.size());
    terms_.push_back(made);
  }
}

z3::expr Z3Solver::constant(Word word, std::uint16_t width) {
  if (width <= 64) return context_.bv_val(word.low, width);
  return z3::concat(context_.bv_val(word.high, width - 64u), context_.bv_val(word.low, 64));
}

z3::expr Z3Solver::variable(TermId id) {
  const Sort sort = store_.sort(id);
  // Named by number, so that no text from outside reaches the solver.
  const z3::symbol name = context_.int_symbol(static_cast<int>(id.index()));
  switch (sort.kind) {
    case Sort::Kind::Bool:
      return context_.constant(name, context_.bool_sort());
    case Sort::Kind::Int:
      return context_.constant(name, context_.int_sort());
    case Sort::Kind::Bits:
      return context_.constant(name, context_.bv_sort(sort.width));
  }
  return context_.bool_val(false);
}

z3::expr Z3Solver::made_of(const Node& node, TermId id) {
  const auto all = [&] {
    z3::expr_vector args(context_);
    for (std::size_t i = 0; i < node.args.size(); ++i) args.push_back(arg(node, i));
    return args;
  };
  switch (node.op) {
    case Op::True:
      return context_.bool_val(true);
    case Op::False:
      return context_.bool_val(false);
    case Op::Variable:
      return variable(id);
    case Op::Number:
      return context_.int_val(static_cast<std::int64_t>(node.word.low));
    case Op::Constant:
      return constant(node.word, node.sort.width);
    case Op::Not:
      return !arg(node, 0);
    case Op::And:
      return z3::mk_and(all());
    case Op::Or:
      return z3::mk_or(all());
    case Op::Equal:
      return arg(node, 0) == arg(node, 1);
    case Op::Ite:
      return z3::ite(arg(node, 0), arg(node, 1), arg(node, 2));
    case Op::Add:
      return arg(node, 0) + arg(node, 1);
    case Op::Less:
      return arg(node, 0) < arg(node, 1);
    case Op::LessEqual:
      return arg(node, 0) <= arg(node, 1);
    case Op::BitNot:
      return ~arg(node, 0);
    case Op::BitAnd:
      return arg(node, 0) & arg(node, 1);
    case Op::BitOr:
      return arg(node, 0) | arg(node, 1);
    case Op::BitXor:
      return arg(node, 0) ^ arg(node, 1);
    case Op::BitAdd:
      return arg(node, 0) + arg(node, 1);
    case Op::BitSub:
      return arg(node, 0) - arg(node, 1);
    case Op::BitMul:
      return arg(node, 0) * arg(node, 1);
    case Op::ShiftLeft:
      return z3::shl(arg(node, 0), arg(node, 1));
    case Op::ShiftRight:
      return z3::lshr(arg(node, 0), arg(node, 1));
    case Op::UnsignedLess:
      return z3::ult(arg(node, 0), arg(node, 1));
    case Op::UnsignedLessEqual:
      return z3::ule(arg(node, 0), arg(node, 1));
    case Op::SignedLess:
      return arg(node, 0) < arg(node, 1);
    case Op::SignedLessEqual:
      return arg(node, 0) <= arg(node, 1);
    case Op::Extract: {
      const auto first = static_cast<unsigned>(node.word.low);
      return arg(node, 0).extract(first + node.sort.width - 1u, first);
    }
    case Op::Concat:
      return z3::concat(arg(node, 0), arg(node, 1));
    case Op::ZeroExtend:
      return z3::zext(arg(node, 0), node.sort.width - store_.sort(node.args[0]).width);
    case Op::ForAll: {
      z3::expr_vector bound(context_);
      for (std::size_t i = 0; i + 1 < node.args.size(); ++i) bound.push_back(arg(node, i));
      return z3::forall(bound, arg(node, node.args.size() - 1));
    }
  }
  return context_.bool_val(false);
}

std::optional<Word> Z3Solver::value(const z3::model& model, TermId variable) {
  const z3::expr term = terms_[static_cast<int>(place_.at(variable.index()))];
  const Sort sort = store_.sort(variable);
  const auto bits_of = [&](const z3::expr& part) -> std::optional<std::uint64_t> {
    std::uint64_t bits = 0;
    const z3::expr evaluated = model.eval(part, true);
    if (!evaluated.is_numeral() || !Z3_get_numeral_uint64(context_, evaluated, &bits)) return std::nullopt;
    return bits;
  };
  switch (sort.kind) {
    case Sort::Kind::Bool: {
      const z3::expr evaluated = model.eval(term, true);
      if (!evaluated.is_true() && !evaluated.is_false()) return std::nullopt;
      return Word{evaluated.is_true() ? 1u : 0u, 0};
    }
    case Sort::Kind::Int: {
      std::int64_t number = 0;
      const z3::expr evaluated = model.eval(term, true);
      if (!evaluated.is_numeral() || !Z3_get_numeral_int64(context_, evaluated, &number)) return std::nullopt;
      return Word{static_cast<std::uint64_t>(number), 0};
    }
    case Sort::Kind::Bits: {
      if (sort.width <= 64) {
        const auto low = bits_of(term);
        return low ? std::optional(Word{*low, 0}) : std::nullopt;
      }
      const auto low = bits_of(term.extract(63, 0));
      const auto high = bits_of(term.extract(sort.width - 1u, 64));
      return low && high ? std::optional(Word{*low, *high}) : std::nullopt;
    }
  }
  return std::nullopt;
}

Answer Z3Solver::read_model() {
  const z3::model model = solver_->get_model();
  Sat sat;
  for (const TermId id : term::reachable(store_, assertions_)) {
    if (store_.at(id).op != Op::Variable) continue;
    const auto read = value(model, id);
    if (!read) return Unknown{"the solver's model has a value that is no number"};
    sat.model.emplace(id, *read);
  }
  sat.validated = true;
  for (const TermId assertion : assertions_) {
    const auto truth = term::evaluate(store_, assertion, sat.model);
    if (!truth)
      sat.validated = false;
    else if (truth->low == 0)
      return Unknown{"the solver's model does not make the question true"};
  }
  return sat;
}

Answer Z3Solver::check() {
  Answer answer = Unknown{};
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
  return std::make_unique<Z3Solver>(store, theory, limits);
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
