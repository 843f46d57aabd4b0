#include "lang/resolve/modules.h"

#include <sys/stat.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <map>
#include <optional>

#include "lang/base/file.h"
#include "lang/resolve/import_cycles.h"
#include "lang/syntax/parser.h"

namespace bulkhead::resolve {
namespace {

using diag::Code;

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

std::string file_name(const std::string& path) {
  return path.substr(path.rfind('/') + 1);
}

/// The one name of a file, so that it is read once; empty where it cannot be reached.
std::string real_path(const std::string& path) {
  char* resolved = ::realpath(path.c_str(), nullptr);
  if (resolved == nullptr) return "";
  std::string text(resolved);
  std::free(resolved);
  return text;
}

struct Wanted {
  std::string path;                 // of a file
  std::optional<std::string> text;  // of a text in memory
  source::Span span;                // the import that asked for it
  bool root = false;
  bool library = false;
};

/// The state of one run of load_modules.
struct Loader {
  const Request& request;
  source::SourceMap& sources;
  diag::DiagnosticSink& sink;
  Modules result;
  std::map<std::string, ModuleId> by_path;  // by real path; invalid: tried and failed
  std::size_t bytes = 0;

  ModuleId load_file(const Wanted& wanted);
  ModuleId add(const Wanted& wanted, std::string text);
  std::optional<Wanted> find(const Module& importer, const ast::Import& import) const;
  void follow_imports(ModuleId importer);
  void check_name(const ast::Import& import, ModuleId imported);
  bool within_bounds(const Wanted& wanted, std::size_t more_bytes);
  void report(Code code, source::Span span, std::string message, std::string help) {
    sink.report({code, span, std::move(message), {}, std::move(help), {}});
    result.incomplete = true;
  }
};

bool Loader::within_bounds(const Wanted& wanted, std::size_t more_bytes) {
  if (result.modules.size() >= kMaxModules) {
    report(Code::ImportTooMuch, wanted.span, "more than " + std::to_string(kMaxModules) + " modules in one policy",
           "split the policy, or import less");
    return false;
  }
  if (more_bytes > kMaxTotalBytes - bytes) {
    report(Code::ImportTooMuch, wanted.span, "the files of this policy are larger than 64 MiB together",
           "split the policy, or import less");
    return false;
  }
  return true;
}

/// Reads no device, pipe or folder: they have no end, or wait.
ModuleId Loader::load_file(const Wanted& wanted) {
  const std::string real = real_path(wanted.path);
  if (!real.empty()) {
    const auto found = by_path.find(real);
    if (found != by_path.end()) return found->second;
    by_path[real] = ModuleId{};
  }
  struct stat status {};
  // A pipe of the caller, as /dev/stdin, can be asked what it is and has no real path.
  if (::stat(wanted.path.c_str(), &status) != 0 || (real.empty() && S_ISREG(status.st_mode))) {
    report(Code::FileUnreadable, wanted.span, "cannot open `" + wanted.path + "`: " + std::strerror(errno),
           wanted.path == "-" ? "policies are read from files: write the text to one first" : "");
    return ModuleId{};
  }
  if (!S_ISREG(status.st_mode)) {
    report(Code::FileUnreadable, wanted.span,
           "`" + wanted.path + "` is a " + (S_ISDIR(status.st_mode) ? "folder" : "device or pipe") + ", not a file",
           S_ISDIR(status.st_mode) ? "name the `.bh` files in it" : "write the text to a file first");
    return ModuleId{};
  }
  if (!within_bounds(wanted, static_cast<std::size_t>(status.st_size))) return ModuleId{};
  const auto replaced = request.replaced.find(real);
  if (replaced != request.replaced.end() && !within_bounds(wanted, replaced->second.size())) return ModuleId{};
  Result<std::string> text =
      replaced != request.replaced.end() ? Result<std::string>(replaced->second) : read_file(real, kMaxFileBytes);
  if (!text) {
    report(Code::FileUnreadable, wanted.span, text.error().message(), "");
    return ModuleId{};
  }
  const ModuleId id = add(wanted, std::move(text).value());
  by_path[real] = id;
  return id;
}

ModuleId Loader::add(const Wanted& wanted, std::string text) {
  if (!within_bounds(wanted, text.size())) return ModuleId{};
  bytes += text.size();
  const source::FileId file = sources.add(wanted.path, std::move(text));
  std::optional<ast::Module> tree = syntax::parse(sources, file, sink);
  if (!tree) {
    result.incomplete = true;
    return ModuleId{};
  }
  Module module;
  module.tree = std::move(*tree);
  module.name = module.tree.name ? module.tree.name->text() : file_name(wanted.path);
  module.folder = wanted.text ? "" : folder_of(wanted.path);
  module.root = wanted.root;
  module.library = wanted.library;
  result.modules.push_back(std::move(module));
  return ModuleId(result.modules.size() - 1);
}

/// The importing file's folder, then the folders of the files that were named, then the models.
std::optional<Wanted> Loader::find(const Module& importer, const ast::Import& import) const {
  std::string relative;
  for (const ast::Name& part : import.module.parts) relative += "/" + part.text;
  relative += ".bh";
  const auto exists = [](const std::string& path) {
    struct stat status {};
    return ::stat(path.c_str(), &status) == 0;
  };
  std::vector<std::string> folders;
  if (!importer.folder.empty()) folders.push_back(importer.folder);
  if (importer.root) {
    for (const std::string& file : request.files) folders.push_back(folder_of(file));
  }
  for (const std::string& folder : folders) {
    const std::string path = folder == "." ? relative.substr(1) : folder + relative;
    if (exists(path)) return Wanted{path, {}, import.module.span, false, importer.library};
  }
  for (const std::string& folder : request.model_paths) {
    if (exists(folder + relative)) return Wanted{folder + relative, {}, import.module.span, false, true};
  }
  return std::nullopt;
}

void Loader::check_name(const ast::Import& import, ModuleId imported) {
  const Module& module = result.at(imported);
  if (!module.tree.name || module.tree.name->text() == import.module.text()) return;
  sink.report({Code::ModuleNameMismatch,
               import.module.span,
               "`" + import.module.text() + "` calls itself `" + module.tree.name->text() + "`",
               {{module.tree.name->span, "the name that it gives itself"}},
               "a module is named as its file: a.b is a/b.bh",
               {}});
}

/// A claim about influence rests on the flow map, whoever imports it.
const ast::Claim* claim_about_flow(const ast::Module& tree) {
  for (const ast::Sentence& sentence : tree.sentences) {
    const auto* claim = std::get_if<ast::Claim>(&sentence.form);
    if (claim == nullptr) continue;
    const bool flow = std::holds_alternative<ast::IsolatedClaim>(claim->form) ||
                      std::holds_alternative<ast::ProtectedClaim>(claim->form) ||
                      std::holds_alternative<ast::NoFlowClaim>(claim->form) ||
                      std::holds_alternative<ast::SharesClaim>(claim->form) ||
                      std::holds_alternative<ast::ApartClaim>(claim->form);
    if (flow) return claim;
  }
  return nullptr;
}

void Loader::follow_imports(ModuleId importer) {
  std::vector<ast::Import> imports = result.at(importer).tree.imports;  // a copy: the modules grow below
  if (const ast::Claim* claim = claim_about_flow(result.at(importer).tree)) {
    const ast::Span& span = claim->form_span;
    imports.push_back({{{{"flow", span}}, span}, span});
  }
  for (const ast::Import& import : imports) {
    const std::optional<Wanted> wanted = find(result.at(importer), import);
    if (!wanted) {
      std::string folders;
      for (const std::string& folder : request.model_paths) folders += (folders.empty() ? "`" : ", `") + folder + "`";
      report(Code::ImportNotFound, import.module.span, "there is no module `" + import.module.text() + "`",
             "searched beside this file" + (folders.empty() ? "" : " and in " + folders));
      continue;
    }
    const ModuleId imported = load_file(*wanted);
    if (!imported.valid()) continue;
    check_name(import, imported);
    result.modules[importer.index()].imports.push_back(imported);
  }
}

/// Who sees whom: the closure of the imports, and the roots each other.
void close_visibility(Modules& result) {
  const std::size_t count = result.modules.size();
  result.sees.assign(count, std::vector<bool>(count, false));
  for (std::size_t start = 0; start < count; ++start) {
    std::vector<std::size_t> open{start};
    if (result.modules[start].root) {
      for (std::size_t other = 0; other < count; ++other) {
        if (result.modules[other].root) open.push_back(other);
      }
    }
    while (!open.empty()) {
      const std::size_t at = open.back();
      open.pop_back();
      if (result.sees[start][at]) continue;
      result.sees[start][at] = true;
      for (const ModuleId next : result.modules[at].imports) open.push_back(next.index());
    }
  }
  // A pack speaks of the policy that imports it: it sees what whoever sees it does.
  for (std::size_t pack = 0; pack < count; ++pack) {
    if (!result.modules[pack].name.starts_with("packs.")) continue;
    for (std::size_t user = 0; user < count; ++user) {
      for (std::size_t seen = 0; result.sees[user][pack] && seen < count; ++seen) {
        if (result.sees[user][seen]) result.sees[pack][seen] = true;
      }
    }
  }
}

}  // namespace

Modules load_modules(const Request& request, source::SourceMap& sources, diag::DiagnosticSink& sink) {
  Loader loader{request, sources, sink, {}, {}, 0};
  for (const std::string& file : request.files) {
    loader.load_file({file, {}, {}, true, false});
  }
  for (const auto& [name, text] : request.texts) loader.add({name, text, {}, true, false}, text);
  // The list grows while it is walked; each module is visited once.
  for (std::size_t i = 0; i < loader.result.modules.size(); ++i) loader.follow_imports(ModuleId(i));
  report_import_cycles(loader.result, sink);
  close_visibility(loader.result);
  return std::move(loader.result);
}

}  // namespace bulkhead::resolve
