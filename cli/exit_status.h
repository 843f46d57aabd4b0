// What the exit status of `bulkhead` means (docs/exit-status.md). `run` and `sandbox run` have their own.
#pragma once

namespace bulkhead::cli {

enum ExitStatus : int {
  kHolds = 0,      // every claim holds; the command did what was asked
  kViolated = 1,   // some claim is violated; `diff` found added access; `fmt --check` found a file to format;
                   // `query` found a claim that would break; `repair`: there is none
  kBadInput = 2,   // the input or the command line is wrong
  kUnknown = 3,    // some claim is unknown or vacuous
  kRejected = 4,   // a certificate, table, signature, artifact or log is rejected
  kRefused = 125,  // `run`, `sandbox run`: refused or failed before the program ran
  kInternal = 70,  // a bug of ours
};

}  // namespace bulkhead::cli
