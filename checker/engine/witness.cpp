#include "checker/engine/witness.h"

#include <algorithm>
#include <map>

#include "lang/ir/eval.h"
#include "lang/ir/glob.h"

namespace bulkhead::engine {

std::vector<ir::Request> requests_of(const ir::World& world, const std::vector<obligation::Act>& acts,
                                     const Solution& solution) {
  struct Candidate {
    ir::Request request;
    bool allowed = false;
  };
  std::map<std::uint8_t, Candidate> chosen;  // by copy
  for (const obligation::Act& act : acts) {
    const auto found = chosen.find(act.copy);
    if (found != chosen.end() && found->second.allowed) continue;
    ir::Request request{act.subject, act.right, solution.object, solution.contexts.copies[act.copy & 1u]};
    if (act.folder) {
      const auto* file = std::get_if<ir::FileObject>(&solution.object);
      const auto folder = file != nullptr ? ir::folder_of(*file) : std::nullopt;
      if (!folder) continue;
      request.object = *folder;
    }
    const bool allowed = ir::decide(world, request).allowed;
    if (allowed || found == chosen.end()) chosen.insert_or_assign(act.copy, Candidate{std::move(request), allowed});
  }
  std::vector<ir::Request> requests;
  for (auto& [copy, candidate] : chosen) requests.push_back(std::move(candidate.request));
  return requests;
}

std::vector<ir::SentenceId> sentences_of(const ir::World& world, const std::vector<ir::Request>& requests) {
  std::vector<ir::SentenceId> sentences;
  for (const ir::Request& request : requests)
    for (const ir::RuleId rule : ir::decide(world, request).permits)
      if (world.at(rule).sentence.valid()) sentences.push_back(world.at(rule).sentence);
  std::sort(sentences.begin(), sentences.end());
  sentences.erase(std::unique(sentences.begin(), sentences.end()), sentences.end());
  return sentences;
}

verdict::Step step_of(const ir::World& world, std::vector<ir::Request> requests) {
  verdict::Step step;
  step.sentences = sentences_of(world, requests);
  step.requests = std::move(requests);
  return step;
}

}  // namespace bulkhead::engine
