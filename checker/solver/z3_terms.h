// Terms as Z3 has them. Internal to checker/solver: of what includes this, exceptions of Z3 end in z3_solver.cpp.
#pragma once

#include <z3++.h>

#include <cstdint>
#include <map>
#include <memory>
#include <type_traits>
#include <utility>
#include <vector>

#include "checker/term/term.h"

namespace bulkhead::solver {

/// One context with the translations of one store's terms, sorts and functions; each is made once.
class Z3Terms {
 public:
  using Context = std::unique_ptr<std::remove_pointer_t<Z3_context>, decltype(&Z3_del_context)>;

  /// Null where memory does not suffice: Z3's own C++ interface takes for granted that it does.
  static Context new_context() {
    const Z3_config config = Z3_mk_config();
    Context made(Z3_mk_context_rc(config), &Z3_del_context);
    Z3_del_config(config);
    return made;
  }

  /// Requires: the context is not null.
  Z3Terms(const term::Store& store, Context context)
      : store_(store), owned_(std::move(context)), scope_(owned_.get()), context_(scope_()), terms_(context_) {}

  z3::context& context() { return context_; }
  const term::Store& store() const { return store_; }

  /// The translation of a term, and of what it is made of.
  z3::expr of(term::TermId root);
  z3::sort sort_of(term::Sort sort);
  /// The values of a sort of named members, by number.
  z3::expr member(std::uint64_t place, std::uint16_t count);

  const std::map<term::Sort, z3::sort>& sorts() const { return sorts_; }
  const std::map<std::uint32_t, z3::func_decl>& functions() const { return functions_; }

 private:
  static constexpr std::uint32_t kAbsent = ~std::uint32_t{0};

  z3::expr made_of(const term::Node& node, term::TermId id);
  z3::expr arg(const term::Node& node, std::size_t i) {
    return terms_[static_cast<int>(place_.at(node.args[i].index()))];
  }
  z3::expr constant(term::Word word, std::uint16_t width);
  z3::expr variable(term::TermId id);
  z3::func_decl function(std::uint32_t symbol);

  const term::Store& store_;
  Context owned_;
  z3::scoped_context scope_;  // of `owned_`, which it leaves alone at its end
  z3::context& context_;
  z3::expr_vector terms_;
  std::vector<std::uint32_t> place_;  // by term: index into terms_, or kAbsent
  std::map<term::Sort, z3::sort> sorts_;
  std::map<std::uint16_t, z3::func_decl_vector> members_;
  std::map<std::uint32_t, z3::func_decl> functions_;
};

}  // namespace bulkhead::solver
