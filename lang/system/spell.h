// Terms of a system in the language of models, as people read them.
#pragma once

#include <string>
#include <vector>

#include "lang/system/system.h"

namespace bulkhead::system {

/// The term with every bracket that an operator inside of another one could need. `around`: the binders in force, in
/// their order. Binders of one name are told apart by numbers.
std::string spell_term(const System& system, TermId term, const std::vector<BinderId>& around = {});
std::string spell_type(const System& system, const Type& type);
/// `c: Container, f: Frame`, with the names that they have where `around` is in force.
std::string spell_binders(const System& system, const std::vector<BinderId>& around,
                          const std::vector<BinderId>& binders);

/// The text without the brackets around the whole of it.
std::string bare(std::string text);

}  // namespace bulkhead::system
