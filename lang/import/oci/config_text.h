// An OCI runtime-spec config.json as policy text: one module that a person can read.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lang/diag/diagnostic.h"
#include "lang/ir/world.h"
#include "lang/source/source.h"

namespace bulkhead::oci_import {

struct ConfigOptions {
  std::string module = "imported";
  std::string container = "Container";
  std::vector<ir::Syscall> syscalls;  // the calls that the language knows: what `linux.seccomp` may name
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
/// `linux.seccomp` becomes sentences about system calls (import/seccomp says which profiles have none: the import
/// fails); without it every call is allowed, also one that nobody has named yet, and such a policy cannot be emitted.
///
/// Soundness: over-approximates; the text allows whatever the configuration does (files of every mount, every
/// destination), so what is proved of it holds of the container; every setting that narrows or widens beyond that is in
/// `left_out`. Test: OciImport.EverySettingIsInTheTextOrLeftOut. A configuration that `bulkhead emit` wrote comes back
/// byte for byte: OciRoundTrip.WhatWasEmittedIsEmittedAgain. Fails, with a place: no JSON, no object, a member of the
/// wrong type.
std::optional<ConfigText> config_text(const source::SourceMap& sources, source::FileId file,
                                      const ConfigOptions& options, diag::DiagnosticSink& sink);

}  // namespace bulkhead::oci_import
