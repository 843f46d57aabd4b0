// An OCI runtime-spec config.json as policy text: one module that a person can read.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lang/diag/diagnostic.h"
#include "lang/source/source.h"

namespace bulkhead::oci_import {

struct ConfigOptions {
  std::string module = "imported";
  std::string container = "Container";
};

/// A setting of the configuration that the text does not say, with its place; a person has to read these.
struct LeftOut {
  source::Span span;
  std::string what;
};

struct ConfigText {
  std::string text;  // ends in a newline; lines that come from a setting name its line
  std::vector<LeftOut> left_out;
};

/// The configuration in `file` as a module with one container.
///
/// Soundness: over-approximates; the text allows whatever the configuration does (files of every mount, every
/// destination, every call where a filter stands apart), so what is proved of it holds of the container; every setting
/// that narrows or widens beyond that is in `left_out`. Test: OciImport.EverySettingIsInTheTextOrLeftOut. Fails, with a
/// place: no JSON, no object, a member of the wrong type.
std::optional<ConfigText> config_text(const source::SourceMap& sources, source::FileId file,
                                      const ConfigOptions& options, diag::DiagnosticSink& sink);

}  // namespace bulkhead::oci_import
