// What a module sees of models: whose names a sentence without a model's name can mean.
#pragma once

#include <set>
#include <string>

#include "lang/resolve/modules.h"

namespace bulkhead::expand {

/// Whether `model` of the library's module `home` is visible in a module. Another one of that name is not meant.
bool sees_of_library(const resolve::Modules& modules, std::size_t module, const std::string& home,
                     const std::string& model);

/// Whether a model outside of the library that is visible in a module declares a variable, constant, relation or
/// definition of one of these names.
bool declares_itself(const resolve::Modules& modules, std::size_t module, const std::set<std::string>& names);

}  // namespace bulkhead::expand
