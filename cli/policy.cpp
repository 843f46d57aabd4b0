#include "cli/policy.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <memory>

#include "cli/quiet_load.h"
#include "cli/terminal.h"
#include "lang/diag/diagnostic.h"

namespace bulkhead::cli {

namespace {

/// "NAME=PATH" with PATH made absolute and resolved, so that aliasing is judged on what is really there.
Result<std::pair<std::string, std::string>, std::string> read_volume(const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == 0 || equals == std::string::npos) {
    return fail("`--volume " + text + "` names no volume: it is written NAME=PATH");
  }
  const std::string path = text.substr(equals + 1);
  std::unique_ptr<char, decltype(&std::free)> resolved(::realpath(path.c_str(), nullptr), &std::free);
  if (!resolved) {
    return fail("cannot find `" + path + "`, the host folder of volume `" + text.substr(0, equals) +
                "`: " + std::strerror(errno));
  }
  return std::pair{text.substr(0, equals), std::string(resolved.get())};
}

/// What came of reading a policy; its diagnostics are not shown yet.
struct Attempt {
  std::unique_ptr<source::SourceMap> sources = std::make_unique<source::SourceMap>();
  diag::DiagnosticList diagnostics;
  std::optional<frontend::Program> program;
};

Attempt attempt(const PolicyInput& input, std::vector<std::pair<std::string, std::string>> extra_texts,
                std::map<std::string, std::string> replaced_texts = {}) {
  Attempt made;
  frontend::LoadOptions options;
  options.replaced_texts = std::move(replaced_texts);
  options.model_paths = input.models;
  if (!input.models.empty()) {
    for (std::string& path : frontend::default_model_paths()) options.model_paths.push_back(std::move(path));
  }
  options.extra_texts = std::move(extra_texts);
  const auto is_wrong = [&made](std::string message) {
    made.diagnostics.report({diag::Code::VolumeSource, {}, std::move(message), {}, "", {}});
  };
  for (const std::string& text : input.volumes) {
    Result<std::pair<std::string, std::string>, std::string> volume = read_volume(text);
    if (!volume.ok()) {
      is_wrong(volume.error());
    } else if (!options.volume_sources.insert(*volume).second) {
      is_wrong("`--volume` gives volume `" + volume->first + "` twice");
    }
  }
  if (!made.diagnostics.has_errors())
    made.program = frontend::load(input.files, options, *made.sources, made.diagnostics);
  return made;
}

}  // namespace

std::variant<Policy, Unreadable> load_policy(const PolicyInput& input,
                                             std::vector<std::pair<std::string, std::string>> extra_texts) {
  Attempt made = attempt(input, std::move(extra_texts));
  show(made.diagnostics, *made.sources);
  if (!made.program) return Unreadable{input.files.front(), std::move(made.sources), std::move(made.diagnostics)};
  return Policy{std::move(made.sources), std::move(*made.program), made.diagnostics.all()};
}

std::optional<Policy> load_quietly(const PolicyInput& input, std::vector<std::pair<std::string, std::string>> texts) {
  Attempt made = attempt(input, std::move(texts));
  if (!made.program) return std::nullopt;
  return Policy{std::move(made.sources), std::move(*made.program), {}};
}

std::optional<Policy> load_changed(const PolicyInput& input, std::map<std::string, std::string> replaced_texts) {
  Attempt made = attempt(input, {}, std::move(replaced_texts));
  if (!made.program) return std::nullopt;
  return Policy{std::move(made.sources), std::move(*made.program), {}};
}

std::variant<Policy, std::string> load_extended(const PolicyInput& input,
                                                const std::vector<std::pair<std::string, std::string>>& texts,
                                                const std::string& container) {
  Attempt made = attempt(input, texts);
  if (!made.program && !texts.empty()) {
    const Attempt alone = attempt(input, {texts.begin(), texts.end() - 1});
    if (alone.program) {
      const std::variant<ir::SubjectId, std::string> found = find_container(alone.program->world, container);
      if (const std::string* message = std::get_if<std::string>(&found)) return *message;
    }
  }
  show(made.diagnostics, *made.sources);
  if (!made.program) return "the policy is not readable";
  return Policy{std::move(made.sources), std::move(*made.program), {}};
}

Result<std::string, std::string> only_container(const PolicyInput& input,
                                                const std::vector<std::pair<std::string, std::string>>& texts) {
  const Attempt made = attempt(input, texts);
  if (!made.program) {
    show(made.diagnostics, *made.sources);
    return fail(std::string("the policy is not readable"));
  }
  const std::variant<ir::SubjectId, std::string> found = find_container(made.program->world, "");
  if (const std::string* message = std::get_if<std::string>(&found)) return fail(*message);
  return made.program->world.at(std::get<ir::SubjectId>(found)).name;
}

std::variant<ir::SubjectId, std::string> find_container(const ir::World& world, const std::string& name) {
  std::vector<std::string> names;
  std::optional<ir::SubjectId> found;
  for (std::size_t i = 0; i < world.subjects.size(); ++i) {
    const ir::Subject& subject = world.subjects[i];
    if (!ir::is_declared_container(subject)) continue;
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
