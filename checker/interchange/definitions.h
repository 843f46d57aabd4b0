// What the answer of a Horn solver says of its relations: `define-fun`s, in a `model` or not. From anywhere.
#pragma once

#include <map>
#include <optional>
#include <string_view>
#include <vector>

#include "checker/interchange/smt_terms.h"

namespace bulkhead::interchange {

class Definitions {
 public:
  /// Requires: both outlive this. Nothing: some definition is not understood.
  static std::optional<Definitions> read(const Expressions& text, term::Store& store);

  bool has(std::string_view relation) const { return bodies_.contains(relation); }
  struct Body {
    TermId formula;
    std::vector<IntegerDivision> divisions = {};  // which the formula reads
  };
  /// The relation of these arguments. Nothing: it takes others, or says what is not read (quantifiers).
  /// Requires: has(relation).
  std::optional<Body> of(std::string_view relation, const std::vector<TermId>& arguments);
  /// The same of a body that divides nothing. Nothing: it does.
  std::optional<TermId> plain(std::string_view relation, const std::vector<TermId>& arguments);

 private:
  Definitions(const Expressions& text, term::Store& store) : text_(text), store_(store), terms_(text, store) {}

  const Expressions& text_;
  term::Store& store_;
  SmtTerms terms_;
  std::map<std::string_view, NodeId> bodies_;
};

}  // namespace bulkhead::interchange
