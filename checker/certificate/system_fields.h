// The fields of transition systems in a certificate file: values, runs, formulas. Trusted, internal to
// checker/certificate.
#pragma once

#include <vector>

#include "checker/certificate/fields.h"
#include "checker/verdict/verdict.h"
#include "lang/system/replay.h"

namespace bulkhead::certificate {

void put(Writer& w, const std::vector<system::Value>& values);
std::vector<system::Value> get_values(Scanner& s);
void put(Writer& w, const std::vector<system::Run>& runs);
std::vector<system::Run> get_runs(Scanner& s);
void put(Writer& w, const system::Type& type);
system::Type get_type(Scanner& s);
void put(Writer& w, const system::Formula& formula);
system::Formula get_formula(Scanner& s);
void put(Writer& w, const std::vector<verdict::Conjunct>& conjuncts);
std::vector<verdict::Conjunct> get_conjuncts(Scanner& s);

}  // namespace bulkhead::certificate
