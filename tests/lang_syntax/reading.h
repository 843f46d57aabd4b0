// Reading: one text through the parser, with what was reported.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lang/syntax/parser.h"

namespace bulkhead::test {

struct Reading {
  source::SourceMap sources;
  source::FileId file;
  diag::DiagnosticList found;
  std::optional<ast::Module> module;

  explicit Reading(std::string text) {
    file = sources.add("policy.bh", std::move(text));
    module = syntax::parse(sources, file, found);
  }
  std::string report() const {
    std::string all;
    for (const diag::Diagnostic& d : found.all()) all += diag::render(d, sources, diag::Colour::Off);
    return all;
  }
  std::vector<diag::Code> codes() const {
    std::vector<diag::Code> all;
    for (const diag::Diagnostic& d : found.all()) all.push_back(d.code);
    return all;
  }
  /// The sentence at `index`, which must be of this form.
  template <typename Form>
  const Form& at(std::size_t index) const {
    return std::get<Form>(module->sentences.at(index).form);
  }
};

}  // namespace bulkhead::test
