#include "cli/policy.h"

#include <cerrno>
#include <cstdlib>
#include <memory>

#include "cli/exit_status.h"
#include "cli/terminal.h"
#include "lang/base/result.h"
#include "lang/diag/diagnostic.h"

namespace bulkhead::cli {

namespace {

/// "NAME=PATH" with PATH made absolute and resolved, so that aliasing is judged on what is really there.
Result<std::pair<std::string, std::string>> read_volume(const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == 0 || equals == std::string::npos) {
    return fail(SystemError{"read", "--volume " + text, 0, "it is written NAME=PATH"});
  }
  const std::string path = text.substr(equals + 1);
  std::unique_ptr<char, decltype(&std::free)> resolved(::realpath(path.c_str(), nullptr), &std::free);
  if (!resolved) return fail(SystemError{"find", path, errno, "the host folder of volume " + text.substr(0, equals)});
  return std::pair{text.substr(0, equals), std::string(resolved.get())};
}

}  // namespace

std::variant<Policy, int> load_policy(const PolicyInput& input,
                                      std::vector<std::pair<std::string, std::string>> extra_texts) {
  frontend::LoadOptions options;
  options.model_paths = input.models;
  if (!input.models.empty()) {
    for (std::string& path : frontend::default_model_paths()) options.model_paths.push_back(std::move(path));
  }
  options.extra_texts = std::move(extra_texts);
  for (const std::string& text : input.volumes) {
    Result<std::pair<std::string, std::string>> volume = read_volume(text);
    if (!volume.ok()) return complain(volume.error().message(), kBadInput);
    if (!options.volume_sources.insert(*volume).second) {
      return complain("volume `" + volume->first + "` is given twice", kBadInput);
    }
  }
  auto sources = std::make_unique<source::SourceMap>();
  diag::DiagnosticList diagnostics;
  std::optional<frontend::Program> program = frontend::load(input.files, options, *sources, diagnostics);
  show(diagnostics, *sources);
  if (!program) return static_cast<int>(kBadInput);
  return Policy{std::move(sources), std::move(*program)};
}

std::variant<ir::SubjectId, std::string> find_container(const ir::World& world, const std::string& name) {
  std::vector<std::string> names;
  std::optional<ir::SubjectId> found;
  for (std::size_t i = 0; i < world.subjects.size(); ++i) {
    const ir::Subject& subject = world.subjects[i];
    if (subject.kind != ir::SubjectKind::Container) continue;
    names.push_back(subject.name);
    if (name.empty() || subject.name == name) found = ir::SubjectId(i);
  }
  if (found && (!name.empty() || names.size() == 1)) return *found;
  std::string message = name.empty() ? "the policy has no container" : "there is no container `" + name + "`";
  if (name.empty() && names.size() > 1) message = "the policy has several containers: name one";
  if (const auto near = diag::did_you_mean(name, names); near && !name.empty()) {
    return message + "; did you mean `" + *near + "`?";
  }
  for (std::size_t i = 0; i < names.size() && i < 12; ++i) message += (i == 0 ? " (" : ", ") + names[i];
  return names.empty() ? message : message + (names.size() > 12 ? ", ...)" : ")");
}

}  // namespace bulkhead::cli
