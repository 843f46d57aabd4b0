// From files to one typed policy: reads, parses, follows imports, resolves, types and lowers.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lang/base/sha256.h"
#include "lang/diag/diagnostic.h"
#include "lang/ir/world.h"
#include "lang/source/source.h"

namespace bulkhead::frontend {

struct LoadOptions {
  /// Folders that are searched for imports after the folder of the importing file, in order. Empty:
  /// default_model_paths().
  std::vector<std::string> model_paths;
  /// What the run puts behind a volume: name to absolute host path (`--volume NAME=PATH`).
  std::map<std::string, std::string> volume_sources;
  /// Further texts (name for messages, text) that belong to the policy as if they were files beside the others: the
  /// `extend container` of a runtime closure, a policy that was made in memory. Their imports are searched in the
  /// folders of the files and in the model paths.
  std::vector<std::pair<std::string, std::string>> extra_texts;
  /// By real path of a file: the text to take for what it has. A change is tried before anything is written.
  std::map<std::string, std::string> replaced_texts;
};

struct Program {
  ir::World world;
  /// SHA-256 over the names and texts of all sources, models included, and over the options that change the meaning.
  Digest digest{};
};

/// One policy from all `files` together with everything that they import. None after at least one error in `sink`;
/// warnings may stand in it either way. Every text that was read is in `sources`, so that diagnostics can be shown.
///
/// Bounds: 64 MiB for a file and for all files together, 256 modules; a folder, a device or a pipe is refused.
/// Ensures: deterministic; never throws on any input.
std::optional<Program> load(const std::vector<std::string>& files, const LoadOptions& options,
                            source::SourceMap& sources, diag::DiagnosticSink& sink);

/// Where the models lie: $BULKHEAD_MODELS (a list with colons), the installed folder, the folder of the source tree;
/// those that exist.
std::vector<std::string> default_model_paths();

}  // namespace bulkhead::frontend
