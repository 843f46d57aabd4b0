// Terms of SMT-LIB 2 over Booleans, integers, bit-vectors and arrays over the integers as terms of a store.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "checker/interchange/sexpr.h"
#include "checker/term/term.h"

namespace bulkhead::interchange {

using term::TermId;

/// What a name stands for.
using Bindings = std::map<std::string_view, TermId>;

/// Two variables that stand for what `div` and `mod` by a number make of a term.
struct IntegerDivision {
  TermId of;
  std::int64_t by = 1;  // not 0, not the least number
  TermId quotient, rest;
};
/// What holds of the two, which there are for every value of the term, and one of each. The remainder is never
/// negative.
std::vector<TermId> facts(term::Store& store, const IntegerDivision& division);

class SmtTerms {
 public:
  static constexpr std::size_t kMaxTerms = std::size_t{1} << 21;  // of the store
  static constexpr std::size_t kMaxWork = std::size_t{1} << 24;   // parts of the text visited, macros counted each time

  /// Requires: both outlive this.
  SmtTerms(const Expressions& text, term::Store& store) : text_(text), store_(store) {}

  /// Bool, Int, (_ BitVec n) of at most 128 bits, (Array Int S) of one of these; or why it is none of them.
  Result<term::Sort, TextError> sort(NodeId id) const;

  /// `(define-fun name ((x S) ...) S body)`: replaced where it is used.
  Result<Unit, TextError> define(NodeId command);
  /// `(declare-fun name (S ...) Bool)`: its applications are terms of Op::Apply.
  Result<Unit, TextError> declare(NodeId command);

  /// The term, where `bindings` say what free names stand for. `div`, `mod` and `abs` are read where what they divide
  /// by is a number: each pair takes new variables, and divisions() says what they are.
  ///
  /// Fails with the place of what is not understood: quantifiers, other arrays, reals, datatypes, wide words.
  Result<TermId, TextError> term(NodeId id, const Bindings& bindings);

  /// The new variables of the terms since the last call. What a later one divides may speak of earlier ones.
  std::vector<IntegerDivision> divisions() {
    divided_.clear();
    return std::exchange(divisions_, {});
  }

  const std::map<std::string_view, term::SymbolId>& relations() const { return relations_; }

 private:
  struct Frame;
  struct Macro {
    std::vector<std::pair<std::string_view, term::Sort>> parameters;
    NodeId body;
  };
  Failure<TextError> wrong(NodeId id, std::string reason) const {
    return fail(TextError{text_.place(id), std::move(reason)});
  }
  std::string name_of(NodeId id) const;
  static std::optional<std::int64_t> numeral(std::string_view text);
  Result<std::optional<TermId>, TextError> atom(NodeId id,
                                                const std::vector<std::pair<std::string_view, TermId>>& scope,
                                                std::size_t barrier, const Bindings* bindings);
  Result<TermId, TextError> apply(NodeId id, const std::vector<TermId>& args);
  Result<TermId, TextError> indexed(NodeId id, NodeId head, const std::vector<TermId>& args);
  std::optional<TermId> core(std::string_view op, const std::vector<TermId>& args);
  std::optional<TermId> integers(std::string_view op, const std::vector<TermId>& args);
  std::optional<TermId> arrays(std::string_view op, const std::vector<TermId>& args);
  std::optional<TermId> words(std::string_view op, const std::vector<TermId>& args);
  TermId divided(std::string_view op, TermId a, std::int64_t by);

  const Expressions& text_;
  term::Store& store_;
  std::map<std::string_view, Macro> macros_;
  std::map<std::string_view, term::SymbolId> relations_;
  std::vector<IntegerDivision> divisions_;
  std::map<std::pair<TermId, std::int64_t>, std::size_t> divided_;  // by what; the place in divisions_
  std::size_t fresh_ = 0;
};

}  // namespace bulkhead::interchange
