// A transition system as text in the language of models: what a model, a variant or a claim has become.
#pragma once

#include <string>
#include <vector>

#include "lang/source/source.h"
#include "lang/system/system.h"
#include "lang/system/theorem.h"

namespace bulkhead::frontend {

/// The term with every bracket that an operator inside of another one could need. `around`: the binders in force, in
/// their order. Binders of one name are told apart by numbers.
std::string spell_term(const system::System& system, system::TermId term,
                       const std::vector<system::BinderId>& around = {});
std::string spell_type(const system::System& system, const system::Type& type);

/// `model NAME { ... }`, each line with the place that it comes from.
std::string dump_system(const system::System& system, const source::SourceMap& sources);

/// What a theorem says, in the words of claims.
std::string spell_theorem(const system::System& system, const system::Theorem& theorem);

}  // namespace bulkhead::frontend
