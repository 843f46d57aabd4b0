// The reference semantics as a program: answers requests of standard input, so that a test compares what a sandbox did
// with what the policy means and not with a table that was made from it.
//
//   matrix_oracle POLICY FURTHER_TEXT CONTAINER [VOLUME=PATH ...]
//   read Data /a.txt                one line for a file, volume `root` for the container's own
//   connect 127.0.0.1 4711 tcp      one line for a socket
#include <fmt/format.h>

#include <iostream>
#include <sstream>

#include "lang/base/file.h"
#include "lang/diag/diagnostic.h"
#include "lang/frontend/load.h"
#include "lang/ir/eval.h"
#include "lang/ir/net_range.h"

namespace bulkhead {
namespace {

std::optional<ir::SubjectId> container_named(const ir::World& world, const std::string& name) {
  for (std::size_t i = 0; i < world.subjects.size(); ++i) {
    if (world.subjects[i].kind == ir::SubjectKind::Container && world.subjects[i].name == name) return ir::SubjectId(i);
  }
  return std::nullopt;
}

std::optional<ir::VolumeId> volume_named(const ir::World& world, const std::string& name) {
  if (name == "root") return ir::kOwnRoot;
  for (std::size_t i = 0; i < world.volumes.size(); ++i) {
    if (world.volumes[i].kind == ir::VolumeKind::Declared && world.volumes[i].name == name) return ir::VolumeId(i);
  }
  return std::nullopt;
}

std::optional<ir::Object> read_object(const ir::World& world, ir::Right right, std::istream& words) {
  std::string first;
  std::string second;
  words >> first >> second;
  if (ir::plane_of(right) == ir::Plane::File) {
    const std::optional<ir::VolumeId> volume = volume_named(world, first);
    if (!volume || second.empty()) return std::nullopt;
    return ir::FileObject{*volume, second};
  }
  std::string proto;
  words >> proto;
  const std::optional<ir::Address> address = ir::parse_address(first);
  if (!address || second.empty() || (proto != "tcp" && proto != "udp")) return std::nullopt;
  const auto port = static_cast<std::uint16_t>(std::stoul(second));
  return ir::NetObject{*address, port, proto == "tcp" ? ir::Proto::Tcp : ir::Proto::Udp};
}

int complain(const std::string& what) {
  fmt::print(stderr, "matrix_oracle: {}\n", what);
  return 2;
}

int answer(const ir::World& world, ir::SubjectId subject) {
  std::string line;
  while (std::getline(std::cin, line)) {
    std::istringstream words(line);
    std::string word;
    words >> word;
    const std::optional<ir::Right> right = ir::right_from(word);
    if (!right) return complain("no such right: " + line);
    const std::optional<ir::Object> object = read_object(world, *right, words);
    if (!object) return complain("no such object: " + line);
    fmt::print("{}\n", ir::decide(world, ir::Request{subject, *right, *object, {}}).allowed ? "allowed" : "denied");
  }
  return 0;
}

int run(const std::vector<std::string>& arguments) {
  if (arguments.size() < 3) return complain("needs a policy, a further text and a container");
  Result<std::string> further = read_file(arguments[1], std::size_t{16} << 20);
  if (!further.ok()) return complain(further.error().message());
  frontend::LoadOptions options;
  options.extra_texts.emplace_back(arguments[1], std::move(*further));
  for (std::size_t i = 3; i < arguments.size(); ++i) {
    const std::size_t equals = arguments[i].find('=');
    options.volume_sources.emplace(arguments[i].substr(0, equals), arguments[i].substr(equals + 1));
  }
  source::SourceMap sources;
  diag::DiagnosticList diagnostics;
  const std::optional<frontend::Program> program = frontend::load({arguments[0]}, options, sources, diagnostics);
  if (!program) {
    for (const diag::Diagnostic& each : diagnostics.all()) complain(render(each, sources, diag::Colour::Off));
    return 2;
  }
  const std::optional<ir::SubjectId> subject = container_named(program->world, arguments[2]);
  return subject ? answer(program->world, *subject) : complain("no such container: " + arguments[2]);
}

}  // namespace
}  // namespace bulkhead

int main(int argc, char** argv) {
  return bulkhead::run({argv + 1, argv + argc});
}
