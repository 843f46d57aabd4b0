#include "lang/frontend/load.h"

#include <sys/stat.h>

#include <cstdlib>

#include "lang/expand/expand.h"
#include "lang/resolve/modules.h"
#include "lang/resolve/names.h"
#include "lang/types/lower.h"
#include "lang/types/model/lower_models.h"

namespace bulkhead::frontend {
namespace {

/// Passes everything on, and remembers whether an error was among it.
class WatchingSink final : public diag::DiagnosticSink {
 public:
  explicit WatchingSink(diag::DiagnosticSink& sink) : sink_(sink) {}

  void report(diag::Diagnostic diagnostic) override {
    failed_ = failed_ || diag::severity_of(diagnostic.code) == diag::Severity::Error;
    sink_.report(std::move(diagnostic));
  }
  bool failed() const { return failed_; }

 private:
  diag::DiagnosticSink& sink_;
  bool failed_ = false;
};

bool is_folder(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
}

/// A field of the digest: its length first, so that no two lists of fields have the same bytes.
void put(std::string& bytes, const std::string& field) {
  bytes += std::to_string(field.size());
  bytes += ':';
  bytes += field;
}

/// Names of modules, not of files: the same policy in another folder is the same policy.
Digest digest_of(const resolve::Modules& modules, const LoadOptions& options, const source::SourceMap& sources) {
  std::string bytes;
  put(bytes, "bulkhead.sources/v1");
  for (const resolve::Module& module : modules.modules) {
    put(bytes, module.name);
    put(bytes, module.library ? "library" : module.root ? "root" : "import");
    put(bytes, sources.text(module.tree.file));
  }
  for (const auto& [volume, path] : options.volume_sources) {
    put(bytes, volume);
    put(bytes, path);
  }
  return sha256(bytes);
}

}  // namespace

std::optional<Program> load(const std::vector<std::string>& files, const LoadOptions& options,
                            source::SourceMap& sources, diag::DiagnosticSink& sink) {
  WatchingSink watching(sink);
  const resolve::Request request{files, options.extra_texts,
                                 options.model_paths.empty() ? default_model_paths() : options.model_paths,
                                 options.replaced_texts};
  resolve::Modules modules = resolve::load_modules(request, sources, watching);
  modules.incomplete = modules.incomplete || watching.failed();  // a sentence with a mistake in it declares nothing
  expand::expand(modules, sources, watching);
  modules.incomplete = modules.incomplete || watching.failed();
  const resolve::Names names = resolve::Names::collect(modules, watching);
  Program program;
  types::Theorems theorems = model::lower_models(modules, names, sources, watching);
  program.world = types::lower(modules, names, {options.volume_sources}, std::move(theorems), sources, watching);
  if (watching.failed()) return std::nullopt;
  program.digest = digest_of(modules, options, sources);
  return program;
}

std::vector<std::string> default_model_paths() {
  std::vector<std::string> paths;
  const auto add = [&](std::string path) {
    if (!path.empty() && is_folder(path)) paths.push_back(std::move(path));
  };
  const char* listed = std::getenv("BULKHEAD_MODELS");
  std::string rest = listed == nullptr ? "" : listed;
  while (!rest.empty()) {
    const std::size_t colon = rest.find(':');
    add(rest.substr(0, colon));
    rest = colon == std::string::npos ? "" : rest.substr(colon + 1);
  }
#ifdef BULKHEAD_INSTALLED_MODELS
  add(BULKHEAD_INSTALLED_MODELS);
#endif
#ifdef BULKHEAD_SOURCE_MODELS
  add(BULKHEAD_SOURCE_MODELS);
#endif
  return paths;
}

}  // namespace bulkhead::frontend
