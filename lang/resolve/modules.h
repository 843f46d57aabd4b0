// The modules of one policy: the files that were named, further texts, and everything that they import.
#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "lang/ast/ast.h"
#include "lang/base/id.h"
#include "lang/diag/diagnostic.h"
#include "lang/source/source.h"

namespace bulkhead::resolve {

using ModuleId = Id<struct ModuleTag>;

inline constexpr std::size_t kMaxModules = 256;
inline constexpr std::size_t kMaxFileBytes = std::size_t{64} << 20;
inline constexpr std::size_t kMaxTotalBytes = std::size_t{64} << 20;

struct Module {
  ast::Module tree;
  std::string name;               // "kai.agent", or the file's name where it does not say
  std::string folder;             // where its imports are searched first; "" of a text in memory
  bool root = false;              // named by the caller; the roots see each other's names
  bool library = false;           // found in a folder of models
  std::vector<ModuleId> imports;  // in the order of the file; modules that could not be read are left out
};

struct Modules {
  std::vector<Module> modules;
  /// Sees[i][j]: the names of module j are visible in module i (itself, what it imports directly or through others).
  std::vector<std::vector<bool>> sees;
  /// Something was left out after an error, so that a name that nothing declares may only be missing.
  bool incomplete = false;
  /// Ends of channels that claims about strength name: those claims are models by the time that names are lowered.
  std::set<std::string> claimed_ends = {};

  const Module& at(ModuleId id) const { return modules.at(id.index()); }
};

struct Request {
  std::vector<std::string> files;
  std::vector<std::pair<std::string, std::string>> texts;  // name, text
  std::vector<std::string> model_paths;
  std::map<std::string, std::string> replaced;  // by real path: the text that stands for what the file has
};

/// Reads and parses all of it. `import a.b;` is a/b.bh in the folder of the importing file, else in the folders of the
/// files, else in the model paths. Each file is read once, whatever names lead to it.
///
/// Bounds: kMaxModules, kMaxFileBytes, kMaxTotalBytes; only regular files are read.
Modules load_modules(const Request& request, source::SourceMap& sources, diag::DiagnosticSink& sink);

}  // namespace bulkhead::resolve
