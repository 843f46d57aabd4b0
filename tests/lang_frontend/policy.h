// Policies in memory: loads a text, and tells what was reported.
#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "lang/diag/diagnostic.h"
#include "lang/frontend/load.h"

namespace bulkhead::test {

struct Loaded {
  source::SourceMap sources;
  diag::DiagnosticList diagnostics;
  std::optional<frontend::Program> program;

  std::vector<std::string> codes() const {
    std::vector<std::string> codes;
    for (const auto& diagnostic : diagnostics.all()) codes.push_back(diag::to_string(diagnostic.code));
    return codes;
  }
  /// What a person would read; for failure messages.
  std::string text() const {
    std::string text;
    for (const auto& diagnostic : diagnostics.all()) text += render(diagnostic, sources, diag::Colour::Off) + "\n";
    return text;
  }
  /// The source below the first diagnostic of this code; "" where there is none.
  std::string marked(diag::Code code) const {
    for (const auto& diagnostic : diagnostics.all()) {
      if (diagnostic.code == code && diagnostic.span.file.valid()) return std::string(sources.slice(diagnostic.span));
    }
    return "";
  }
};

inline frontend::LoadOptions options_with_models() {
  frontend::LoadOptions options;
  options.model_paths = {BULKHEAD_SOURCE_DIR "/models"};
  return options;
}

inline Loaded load_text(const std::string& text, frontend::LoadOptions options = options_with_models()) {
  Loaded loaded;
  options.extra_texts.emplace_back("policy.bh", text);
  loaded.program = frontend::load({}, options, loaded.sources, loaded.diagnostics);
  return loaded;
}

inline Loaded load_files(const std::vector<std::string>& files,
                         const frontend::LoadOptions& options = options_with_models()) {
  Loaded loaded;
  loaded.program = frontend::load(files, options, loaded.sources, loaded.diagnostics);
  return loaded;
}

}  // namespace bulkhead::test
