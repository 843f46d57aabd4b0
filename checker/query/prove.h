// "Does this policy hold?": every claim decided, minimal causes found, evidence checked.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "checker/query/proof.h"

namespace bulkhead::query {

enum class Certify : std::uint8_t { Off, On };
enum class Coverage : std::uint8_t { Off, On };

struct ProveOptions {
  std::vector<std::string> only;              // names of claims; empty: all
  unsigned jobs = 0;                          // threads; 0: as many as there are cores
  std::chrono::milliseconds timeout{60'000};  // wall clock of the whole run; what is left over is unknown
  std::uint32_t memory_mib = 2048;            // of the first solver, for the whole process
  std::uint64_t seed = 0;
  Certify certify = Certify::Off;  // check every verdict at once, certificates by the second solver
  Coverage coverage = Coverage::Off;
  std::uint64_t coverage_work = 600'000;     // of the search for unproved sentences, about as many microseconds
  std::string cache;                         // folder of the cache of certificates; empty: none
  certificate::SolverOptions second_solver;  // its jobs and its deadline follow from the above
  std::string spacer;                        // the program that asks Spacer; empty: nobody asks it
  std::function<void(std::size_t done, std::size_t total)> progress;  // called by one thread at a time
};

/// Ensures: deterministic but for the wall clock; every Violated has been replayed, every verdict from the cache
/// checked.
Proof prove(const ir::World& world, const ProveOptions& options);

/// $XDG_CACHE_HOME/bulkhead/certificates, else ~/.cache/bulkhead/certificates; empty where there is neither.
std::string default_cache();

/// Names given to `only` that no claim has.
std::vector<std::string> unknown_names(const ir::World& world, const std::vector<std::string>& only);

}  // namespace bulkhead::query
