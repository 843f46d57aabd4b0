#include "checker/solver/z3_model.h"

#include <string>

namespace bulkhead::solver {

using term::Sort;
using term::TermId;
using term::Word;

std::optional<Word> Z3Model::value(TermId variable) {
  return value(terms_.of(variable), terms_.store().sort(variable));
}

std::optional<Word> Z3Model::value(const z3::expr& term, Sort sort) {
  const auto bits_of = [&](const z3::expr& part) -> std::optional<std::uint64_t> {
    std::uint64_t bits = 0;
    const z3::expr evaluated = model_.eval(part, true);
    if (!evaluated.is_numeral() || !Z3_get_numeral_uint64(terms_.context(), evaluated, &bits)) return std::nullopt;
    return bits;
  };
  switch (sort.kind) {
    case Sort::Kind::Bool: {
      const z3::expr evaluated = model_.eval(term, true);
      if (!evaluated.is_true() && !evaluated.is_false()) return std::nullopt;
      return Word{evaluated.is_true() ? 1u : 0u, 0};
    }
    case Sort::Kind::Int: {
      std::int64_t number = 0;
      const z3::expr evaluated = model_.eval(term, true);
      if (!evaluated.is_numeral() || !Z3_get_numeral_int64(terms_.context(), evaluated, &number)) return std::nullopt;
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
    case Sort::Kind::Array:
      return array(model_.eval(term, true), sort);
    case Sort::Kind::Member:
    case Sort::Kind::Element: {
      const Values& all = values_of(sort);
      const z3::expr evaluated = model_.eval(term, true);
      for (std::size_t i = 0; all && i < all->size(); ++i) {
        if (z3::eq((*all)[i], evaluated)) return Word{i, 0};
      }
      return std::nullopt;
    }
  }
  return std::nullopt;
}

/// Written into, one place after the other, from one that is the same everywhere or a table. None: anything else.
std::optional<Word> Z3Model::array(z3::expr term, Sort sort) {
  const auto is = [&](Z3_decl_kind kind) { return term.is_app() && term.decl().decl_kind() == kind; };
  term::Arrays::Value made;
  const auto add = [&](const z3::expr& index, const z3::expr& held) {
    const auto at = value(index, term::kInt), what = value(held, held_by(sort));
    if (at && what) made.at.emplace(static_cast<std::int64_t>(at->low), *what);  // what was put last counts
    return at && what;
  };
  while (is(Z3_OP_STORE)) {
    if (!add(term.arg(1), term.arg(2))) return std::nullopt;
    const z3::expr inner = term.arg(0);
    term = inner;
  }
  std::optional<Word> elsewhere;
  if (is(Z3_OP_CONST_ARRAY)) {
    elsewhere = value(term.arg(0), held_by(sort));
  } else if (is(Z3_OP_AS_ARRAY)) {
    z3::context& context = terms_.context();
    const z3::func_decl table(context, Z3_get_as_array_func_decl(context, term));
    if (!model_.has_interp(table)) return std::nullopt;
    const z3::func_interp entries = model_.get_func_interp(table);
    for (unsigned i = 0; i < entries.num_entries(); ++i) {
      if (!add(entries.entry(i).arg(0), entries.entry(i).value())) return std::nullopt;
    }
    elsewhere = value(entries.else_value(), held_by(sort));
  }
  if (!elsewhere) return std::nullopt;
  made.elsewhere = *elsewhere;
  return arrays_.number(std::move(made));
}

/// Every value of a sort that can be listed, in the order of their numbers.
const Z3Model::Values& Z3Model::values_of(Sort sort) {
  const auto found = values_.find(sort);
  return found != values_.end() ? found->second : values_.emplace(sort, listed(sort)).first->second;
}

Z3Model::Values Z3Model::listed(Sort sort) {
  std::vector<z3::expr> all;
  switch (sort.kind) {
    case Sort::Kind::Bool:
      return std::vector<z3::expr>{terms_.context().bool_val(false), terms_.context().bool_val(true)};
    case Sort::Kind::Int:
    case Sort::Kind::Array:
      return std::nullopt;
    case Sort::Kind::Bits:
      if (sort.width > 8) return std::nullopt;
      for (unsigned i = 0; i < 1u << sort.width; ++i) all.push_back(terms_.context().bv_val(i, sort.width));
      return all;
    case Sort::Kind::Member:
      for (std::uint16_t i = 0; i < sort.width; ++i) all.push_back(terms_.member(i, sort.width));
      return all;
    case Sort::Kind::Element:
      break;
  }
  const z3::sort made = terms_.sort_of(sort);
  for (unsigned i = 0; i < Z3_model_get_num_sorts(terms_.context(), model_); ++i) {
    if (!z3::eq(z3::sort(terms_.context(), Z3_model_get_sort(terms_.context(), model_, i)), made)) continue;
    const z3::expr_vector universe(terms_.context(), Z3_model_get_sort_universe(terms_.context(), model_, made));
    for (unsigned j = 0; j < universe.size(); ++j) all.push_back(universe[static_cast<int>(j)]);
  }
  if (all.empty()) {  // a sort that the model does not speak of: one element is enough
    const z3::expr some = terms_.context().constant(("e" + std::to_string(sort.width)).c_str(), made);
    all.push_back(model_.eval(some, true));
  }
  return all;
}

std::optional<Structure> Z3Model::structure() {
  constexpr std::size_t kMaxEntries = 4096;
  Structure found;
  for (const auto& [sort, made] : terms_.sorts()) {
    if (sort.kind != Sort::Kind::Element) continue;
    if (found.sizes.size() <= sort.width) found.sizes.resize(sort.width + 1u, 1);
    found.sizes[sort.width] = static_cast<std::uint32_t>(values_of(sort)->size());
  }
  found.tables.resize(terms_.store().symbols().size());
  for (const auto& [symbol, made] : terms_.functions()) {
    const term::Symbol& declared = terms_.store().symbols()[symbol];
    std::vector<std::vector<z3::expr>> domains;
    std::size_t entries = 1;
    for (const Sort sort : declared.arguments) {
      const Values& domain = values_of(sort);
      if (!domain) return std::nullopt;
      entries *= domain->size();
      if (entries > kMaxEntries) return std::nullopt;
      domains.push_back(*domain);
    }
    for (std::size_t entry = 0; entry < entries; ++entry) {
      std::vector<z3::expr> args;
      std::size_t rest = entry;
      for (std::size_t i = domains.size(); i-- > 0;) {
        args.insert(args.begin(), domains[i][rest % domains[i].size()]);
        rest /= domains[i].size();
      }
      z3::expr_vector vector(terms_.context());
      for (const z3::expr& argument : args) vector.push_back(argument);
      const auto read = value(made(vector), declared.result);
      if (!read) return std::nullopt;
      found.tables[symbol].push_back(*read);
    }
  }
  return found;
}

}  // namespace bulkhead::solver
