// A sink that tells each mistake once: a profile's is met for each container that uses it, a model's for each variant.
#pragma once

#include <set>
#include <string>
#include <tuple>
#include <utility>

#include "lang/diag/diagnostic.h"

namespace bulkhead::types {

class OnceSink final : public diag::DiagnosticSink {
 public:
  explicit OnceSink(diag::DiagnosticSink& sink) : sink_(sink) {}

  void report(diag::Diagnostic diagnostic) override {
    const auto& span = diagnostic.span;
    if (!seen_.emplace(diagnostic.code, span.file, span.begin, span.end, diagnostic.message).second) return;
    errors_ = errors_ || diag::severity_of(diagnostic.code) == diag::Severity::Error;
    sink_.report(std::move(diagnostic));
  }
  bool has_errors() const { return errors_; }

 private:
  diag::DiagnosticSink& sink_;
  std::set<std::tuple<diag::Code, source::FileId, std::uint32_t, std::uint32_t, std::string>> seen_;
  bool errors_ = false;
};

}  // namespace bulkhead::types
