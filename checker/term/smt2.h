// Pieces of SMT-LIB 2, for whoever prints more than a list of assertions (term.h: to_smt2).
#pragma once

#include <span>
#include <string>
#include <vector>

#include "checker/term/term.h"

namespace bulkhead::term {

std::string sort_text(Sort sort);

/// The declaration of a sort that the standard does not have; "" for the others.
std::string declaration(Sort sort);

/// The term with these texts for its arguments: a variable's name, a constant, `(bvadd a b)`, `(forall ((x Int)) a)`.
std::string term_text(const Store& store, TermId id, std::span<const std::string> args);

/// A script in pieces: definitions keep shared terms shared, `uses` are the texts of the roots under them.
struct Script {
  std::string logic;
  std::string declarations;  // of sorts, functions and free variables, in order
  std::string definitions;   // `define-fun`, in order
  std::vector<std::string> uses;
};
Script script(const Store& store, std::span<const TermId> roots);

/// Terms in one text: what is long is named by a `let` around them, so that shared terms stay shared. Variables are
/// free, and no text is copied often.
struct Lets {
  std::string open;               // `(let ((t!5 (or a b))) ...`
  std::vector<std::string> uses;  // of the roots, under it
  std::string close;
};
/// Requires: no term has a quantifier.
Lets lets(const Store& store, std::span<const TermId> roots);

}  // namespace bulkhead::term
