#include "lang/system/reads.h"

#include <set>

namespace bulkhead::system {

std::vector<Reads> reads_of(const System& system) {
  std::vector<Reads> all;
  all.reserve(system.terms.size());
  for (const Term& term : system.terms) {
    Reads reads;
    std::set<BinderId> free;
    for (const TermId arg : term.args) {  // arguments stand before
      const Reads& below = all[arg.index()];
      free.insert(below.free.begin(), below.free.end());
      reads.state = reads.state || below.state;
    }
    if (term.op == Op::Bound) free.insert(term.binder);
    if (term.op == Op::Apply && system.at(term.function).change == Change::State) reads.state = true;
    for (const BinderId binder : term.binders) free.erase(binder);
    reads.free.assign(free.begin(), free.end());
    all.push_back(std::move(reads));
  }
  return all;
}

}  // namespace bulkhead::system
