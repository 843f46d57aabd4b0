#include "checker/engine/witness.h"

#include <algorithm>

#include "lang/ir/eval.h"
#include "lang/ir/glob.h"

namespace bulkhead::engine {

std::optional<ir::Request> request_of(const obligation::Act& act, const Solution& solution) {
  ir::Request request{act.subject, act.right, solution.object, solution.contexts.copies[act.copy & 1u]};
  if (!act.folder) return request;
  const auto* file = std::get_if<ir::FileObject>(&solution.object);
  const auto folder = file != nullptr ? ir::folder_of(*file) : std::nullopt;
  if (!folder) return std::nullopt;
  request.object = *folder;
  return request;
}

std::vector<ir::Request> moves_of(const obligation::Act& act, const Solution& solution) {
  std::vector<ir::Request> requests;
  const auto* file = std::get_if<ir::FileObject>(&solution.object);
  const bool moves = act.right == ir::Right::Rename || act.right == ir::Right::Link;
  if (file == nullptr || !moves || act.folder) return requests;
  for (auto folder = ir::folder_of(*file); folder && folder->path != "/"; folder = ir::folder_of(*folder)) {
    requests.push_back({act.subject, act.right, *folder, solution.contexts.copies[act.copy & 1u]});
  }
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
