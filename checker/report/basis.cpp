// What a verdict rests on, and whose doing actions are, in words.
#include <algorithm>

#include "checker/report/story.h"

namespace bulkhead::report {

std::vector<Actor> actors(const ir::World& world, const ir::Claim& claim) {
  const auto* theorem = std::get_if<ir::TheoremClaim>(&claim.form);
  const auto* leaks = theorem == nullptr ? nullptr : std::get_if<system::LeaksNothing>(&theorem->theorem.statement);
  if (leaks == nullptr) return {};
  const system::System& system = world.at(theorem->system);
  const system::Type type = system.at(leaks->observer).type;
  const std::string sort =
      type.kind == system::Kind::Sort ? system.at(type.sort).name : system.at(type.enumeration).name;
  std::vector<Actor> list;
  for (const system::Action& action : system.actions) {
    const auto acts = std::find_if(action.parameters.begin(), action.parameters.end(),
                                   [&](const system::BinderId one) { return system.at(one).type == type; });
    const bool somebody = acts != action.parameters.end();
    list.push_back({action.name, somebody ? sort : "", somebody ? system.at(*acts).name : ""});
  }
  return list;
}

std::string actors_text(const ir::World& world, const ir::Claim& claim) {
  std::string some, none, sort;
  for (const Actor& actor : actors(world, claim)) {
    std::string& list = actor.sort.empty() ? none : some;
    list += (list.empty() ? "`" : ", `") + actor.action + "`";
    if (!actor.sort.empty()) sort = actor.sort;
  }
  std::string text = some.empty() ? "" : "acts: the first " + sort + " of " + some;
  if (!none.empty()) text += (text.empty() ? "acts: nobody of " : "; nobody of ") + none;
  return text;
}

std::vector<std::string> texts_of(const std::vector<query::Basis::Assumption>& assumptions) {
  std::vector<std::string> list;
  for (const auto& one : assumptions) list.push_back(one.text);
  return list;
}

std::string file_of(const source::SourceMap& sources, const query::Basis& basis) {
  if (basis.span.file.valid()) return sources.name(basis.span.file);
  for (std::size_t i = 0; i < sources.size(); ++i) {
    const std::string& name = sources.name(source::FileId{i});
    if (name.substr(name.rfind('/') + 1) == basis.name + ".bh") return name;
  }
  return "";
}

std::string short_file_of(const source::SourceMap& sources, const query::Basis& basis) {
  const std::string name = file_of(sources, basis);
  const std::size_t models = name.rfind("/models/");
  return name.starts_with("/") && models != std::string::npos ? name.substr(models + 1) : name;
}

std::string bases_text(const source::SourceMap& sources, const std::vector<query::Basis>& bases) {
  constexpr std::size_t kShown = 12;
  std::string text;
  for (const query::Basis& basis : bases) {
    const std::string file = short_file_of(sources, basis);
    text += (text.empty() ? "" : ", ") + basis.name + " " + to_hex(basis.digest).substr(0, kShown) +
            (file.empty() ? "" : " (" + file + ")");
  }
  if (bases.empty()) return text;
  std::string assumed;  // by the first, which has what the others assume
  for (const auto& one : bases.front().assumptions) assumed += (assumed.empty() ? ", assuming " : ", ") + one.name;
  return text + assumed;
}

}  // namespace bulkhead::report
