// The adapter to Z3: the only place that includes its header, and where its exceptions die.
#include <z3++.h>

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <vector>

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
  z3::sort sort_of(Sort sort);
  z3::expr member(std::uint64_t place, std::uint16_t count);
  z3::func_decl function(std::uint32_t symbol);
  std::optional<Word> value(const z3::model& model, TermId variable);
  std::optional<Word> value(const z3::model& model, const z3::expr& term, Sort sort);
  std::optional<std::vector<z3::expr>> values_of(const z3::model& model, Sort sort);
  std::optional<Structure> structure(const z3::model& model);
  Answer read_model();

  const term::Store& store_;
  z3::context context_;
  z3::expr_vector terms_;
  std::optional<z3::solver> solver_;
  Limits limits_;
  std::vector<std::uint32_t> place_;  // by term: index into terms_, or kAbsent
  static constexpr std::uint32_t kAbsent = ~std::uint32_t{0};
  std::map<Sort, z3::sort> sorts_;
  std::map<std::uint16_t, z3::func_decl_vector> members_;
  std::map<std::uint32_t, z3::func_decl> functions_;
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
  return context_.constant(name, sort_of(sort));
}

z3::sort Z3Solver::sort_of(Sort sort) {
  if (const auto found = sorts_.find(sort); found != sorts_.end()) return found->second;
  const auto keep = [&](const z3::sort& made) { return sorts_.emplace(sort, made).first->second; };
  switch (sort.kind) {
    case Sort::Kind::Bool:
      return keep(context_.bool_sort());
    case Sort::Kind::Int:
      return keep(context_.int_sort());
    case Sort::Kind::Bits:
      return keep(context_.bv_sort(sort.width));
    case Sort::Kind::Element:
      return keep(context_.uninterpreted_sort(("s" + std::to_string(sort.width)).c_str()));
    case Sort::Kind::Member:
      break;
  }
  std::vector<std::string> names;
  std::vector<const char*> pointers;
  for (std::uint16_t i = 0; i < sort.width; ++i) {
    names.push_back("m" + std::to_string(sort.width) + "." + std::to_string(i));
  }
  for (const std::string& name : names) pointers.push_back(name.c_str());
  z3::func_decl_vector makers(context_);
  z3::func_decl_vector testers(context_);
  const std::string name = "m" + std::to_string(sort.width);
  const z3::sort made = context_.enumeration_sort(name.c_str(), sort.width, pointers.data(), makers, testers);
  members_.emplace(sort.width, makers);
  return keep(made);
}

z3::expr Z3Solver::member(std::uint64_t place, std::uint16_t count) {
  sort_of(term::members(count));
  return members_.at(count)[static_cast<int>(place)]();
}

z3::func_decl Z3Solver::function(std::uint32_t symbol) {
  if (const auto found = functions_.find(symbol); found != functions_.end()) return found->second;
  const term::Symbol& declared = store_.symbols()[symbol];
  z3::sort_vector domain(context_);
  for (const Sort sort : declared.arguments) domain.push_back(sort_of(sort));
  const z3::func_decl made =
      context_.function(("f" + std::to_string(symbol)).c_str(), domain, sort_of(declared.result));
  return functions_.emplace(symbol, made).first->second;
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
      if (node.sort.kind == Sort::Kind::Member) return member(node.word.low, node.sort.width);
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
    case Op::Subtract:
      return arg(node, 0) - arg(node, 1);
    case Op::Multiply:
      return arg(node, 0) * arg(node, 1);
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
    case Op::Apply:
      return function(node.name)(all());
  }
  return context_.bool_val(false);
}

std::optional<Word> Z3Solver::value(const z3::model& model, TermId variable) {
  return value(model, terms_[static_cast<int>(place_.at(variable.index()))], store_.sort(variable));
}

std::optional<Word> Z3Solver::value(const z3::model& model, const z3::expr& term, Sort sort) {
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
    case Sort::Kind::Member:
    case Sort::Kind::Element: {
      const auto all = values_of(model, sort);
      const z3::expr evaluated = model.eval(term, true);
      for (std::size_t i = 0; all && i < all->size(); ++i) {
        if (z3::eq((*all)[i], evaluated)) return Word{i, 0};
      }
      return std::nullopt;
    }
  }
  return std::nullopt;
}

/// Every value of a sort that can be listed, in the order of their numbers.
std::optional<std::vector<z3::expr>> Z3Solver::values_of(const z3::model& model, Sort sort) {
  std::vector<z3::expr> all;
  switch (sort.kind) {
    case Sort::Kind::Bool:
      return std::vector<z3::expr>{context_.bool_val(false), context_.bool_val(true)};
    case Sort::Kind::Int:
      return std::nullopt;
    case Sort::Kind::Bits:
      if (sort.width > 8) return std::nullopt;
      for (unsigned i = 0; i < 1u << sort.width; ++i) all.push_back(context_.bv_val(i, sort.width));
      return all;
    case Sort::Kind::Member:
      for (std::uint16_t i = 0; i < sort.width; ++i) all.push_back(member(i, sort.width));
      return all;
    case Sort::Kind::Element:
      break;
  }
  const z3::sort made = sort_of(sort);
  for (unsigned i = 0; i < Z3_model_get_num_sorts(context_, model); ++i) {
    if (!z3::eq(z3::sort(context_, Z3_model_get_sort(context_, model, i)), made)) continue;
    const z3::expr_vector universe(context_, Z3_model_get_sort_universe(context_, model, made));
    for (unsigned j = 0; j < universe.size(); ++j) all.push_back(universe[static_cast<int>(j)]);
  }
  if (all.empty()) {  // a sort that the model does not speak of: one element is enough
    const z3::expr some = context_.constant(("e" + std::to_string(sort.width)).c_str(), made);
    all.push_back(model.eval(some, true));
  }
  return all;
}

/// Tables of every function that was asked about; none where one of them is too large.
std::optional<Structure> Z3Solver::structure(const z3::model& model) {
  constexpr std::size_t kMaxEntries = 4096;
  Structure found;
  for (const auto& [sort, made] : sorts_) {
    if (sort.kind != Sort::Kind::Element) continue;
    if (found.sizes.size() <= sort.width) found.sizes.resize(sort.width + 1u, 1);
    found.sizes[sort.width] = static_cast<std::uint32_t>(values_of(model, sort)->size());
  }
  found.tables.resize(store_.symbols().size());
  for (const auto& [symbol, made] : functions_) {
    const term::Symbol& declared = store_.symbols()[symbol];
    std::vector<std::vector<z3::expr>> domains;
    std::size_t entries = 1;
    for (const Sort sort : declared.arguments) {
      auto domain = values_of(model, sort);
      if (!domain) return std::nullopt;
      entries *= domain->size();
      if (entries > kMaxEntries) return std::nullopt;
      domains.push_back(std::move(*domain));
    }
    for (std::size_t entry = 0; entry < entries; ++entry) {
      std::vector<z3::expr> args;
      std::size_t rest = entry;
      for (std::size_t i = domains.size(); i-- > 0;) {
        args.insert(args.begin(), domains[i][rest % domains[i].size()]);
        rest /= domains[i].size();
      }
      z3::expr_vector vector(context_);
      for (const z3::expr& argument : args) vector.push_back(argument);
      const auto read = value(model, made(vector), declared.result);
      if (!read) return std::nullopt;
      found.tables[symbol].push_back(*read);
    }
  }
  return found;
}

Answer Z3Solver::read_model() {
  const z3::model model = solver_->get_model();
  Sat sat;
  for (const TermId id : term::reachable(store_, assertions_)) {
    if (store_.at(id).op != Op::Variable) continue;
    const auto read = value(model, id);
    if (!read && store_.sort(id).kind == Sort::Kind::Element) continue;
    if (!read) return Unknown{"the solver's model has a value that is no number"};
    sat.model.emplace(id, *read);
  }
  if (!functions_.empty()) sat.structure = structure(model);
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
  if (limits_.stop.stop_requested()) return Unknown{"the solver was stopped"};
  Answer answer = Unknown{};
  const std::stop_callback interrupt(limits_.stop, [&] { context_.interrupt(); });
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
