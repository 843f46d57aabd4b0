// Tables for the tests: one small one with every kind of record, and random ones.
#pragma once

#include <random>
#include <string>

#include "runtime-bridge/table/table.h"

namespace bulkhead::table::sample {

/// Has at least one record of every kind.
Table small();

/// Rows, literals and patterns at random, over three volumes and patterns of the characters that globs are made of.
Table random(std::mt19937& random);

/// A path of few different segments, so that patterns of `random` match it now and then.
std::string random_path(std::mt19937& random);
std::string random_glob(std::mt19937& random);

}  // namespace bulkhead::table::sample
