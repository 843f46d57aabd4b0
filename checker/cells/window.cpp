#include "checker/cells/window.h"

#include <algorithm>
#include <optional>
#include <string>

#include "checker/cells/hypotheses.h"

namespace bulkhead::cells {

using conditions::Terms;
using system::FunctionId;
using system::Kind;
using system::TermId;
using system::Type;

namespace {

/// A larger window is of no use.
constexpr std::size_t kMostTerms = 100;

/// The function at each choice of values for its arguments; none where they are too many.
std::optional<std::vector<TermId>> applications(Terms& terms, FunctionId function,
                                                const std::vector<TermId>& elements) {
  std::vector<std::vector<TermId>> rows{{}};
  const std::vector<Type> types = terms.system().at(function).arguments;
  for (const Type& type : types) {
    std::vector<std::vector<TermId>> longer;
    for (const auto& row : rows) {
      for (const TermId value : values_of(terms, type, elements)) {
        if (longer.size() > kMostTerms) return std::nullopt;
        longer.push_back(row);
        longer.back().push_back(value);
      }
    }
    rows = std::move(longer);
  }
  std::vector<TermId> list;
  for (auto& row : rows) list.push_back(terms.apply(function, std::move(row)));
  return list;
}

}  // namespace

std::vector<TermId> named_elements(Terms& terms, const Seen& seen) {
  std::vector<TermId> list;
  for (std::size_t i = 0; i < terms.system().functions.size(); ++i) {
    const system::Function& function = terms.system().functions[i];
    if (!seen[i] || !function.arguments.empty() || function.result.kind != Kind::Sort) continue;
    list.push_back(terms.apply(FunctionId{i}, {}));
  }
  return list;
}

std::optional<Window> window(Terms& terms, const Seen& seen, const std::vector<std::uint32_t>& sizes) {
  Window made;
  std::vector<TermId> elements = named_elements(terms, seen);
  for (std::size_t sort = 0; sort < sizes.size(); ++sort) {
    for (std::uint32_t i = 0; i < sizes[sort]; ++i) {
      const std::string name(1, static_cast<char>('x' + i % 3));
      made.elements.push_back(terms.fresh({name + std::to_string(sort + 1), system::of_sort(system::SortId{sort})}));
      elements.push_back(terms.bound(made.elements.back()));
    }
  }
  std::vector<TermId> compared = elements;
  for (std::size_t i = 0; i < seen.size(); ++i) {
    const Type result = terms.system().functions[i].result;
    const bool named = result.kind == Kind::Sort && terms.system().functions[i].arguments.empty();
    if (!seen[i] || named || result.kind == Kind::Bits) continue;
    const auto list = applications(terms, FunctionId{i}, elements);
    if (!list) return std::nullopt;
    auto& to = result.kind == Kind::Sort ? compared : made.terms;
    to.insert(to.end(), list->begin(), list->end());
  }
  for (std::size_t i = 0; i < compared.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (terms.at(compared[i]).type == terms.at(compared[j]).type) {
        made.terms.push_back(terms.equal(compared[j], compared[i]));
      }
    }
  }
  std::sort(made.terms.begin(), made.terms.end());
  made.terms.erase(std::unique(made.terms.begin(), made.terms.end()), made.terms.end());
  if (made.terms.size() > kMostTerms) return std::nullopt;
  return made;
}

}  // namespace bulkhead::cells
