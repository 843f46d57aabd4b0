#include "checker/query/minimal.h"

#include <algorithm>

#include "lang/ir/conditions.h"
#include "lang/ir/eval.h"
#include "lang/ir/glob.h"

namespace bulkhead::query {
namespace {

using Sentences = std::vector<ir::SentenceId>;

void normalise(Sentences& list) {
  std::sort(list.begin(), list.end());
  list.erase(std::unique(list.begin(), list.end()), list.end());
}

/// The first permit of each request that is allowed: one is enough.
Sentences grants(const ir::World& world, const verdict::Step& step) {
  Sentences list;
  for (const ir::Request& request : step.requests) {
    const ir::Decision decision = ir::decide(world, request);
    if (decision.allowed && !decision.permits.empty()) {
      list.push_back(world.at(decision.permits.front()).sentence);
      continue;
    }
    for (const ir::Holding& holding : world.holdings) {  // it came with nobody handing it over
      const bool meant = holding.holder == request.subject && holding.rights.has(request.right) &&
                         ir::patterns_match(holding.objects, request.object);
      if (meant) list.push_back(holding.sentence);
    }
  }
  return list;
}

bool contains(const Sentences& list, ir::SentenceId sentence) {
  return std::binary_search(list.begin(), list.end(), sentence);
}

bool still_violated(const ir::World& world, const obligation::Obligation& obligation, const Sentences& kept,
                    engine::Clock::time_point deadline) {
  const ir::World smaller = restricted(world, kept);
  const auto again = obligation::obligation(smaller, obligation.claim, obligation.instance);
  if (!again) return false;
  engine::Budget budget;
  budget.deadline = deadline;
  engine::Session session(smaller, budget);
  return std::holds_alternative<verdict::Violated>(engine::solve(*again, session));
}

}  // namespace

ir::World restricted(const ir::World& world, const Sentences& kept) {
  ir::World smaller = world;
  smaller.rules.clear();
  for (const ir::Rule& rule : world.rules) {
    if (rule.effect == ir::Effect::Forbid || contains(kept, rule.sentence)) smaller.rules.push_back(rule);
  }
  for (ir::Subject& subject : smaller.subjects) {
    for (ir::NamespaceSetting& setting : subject.namespaces) {
      if (setting.sentence.valid() && !contains(kept, setting.sentence)) setting = {};
    }
  }
  const auto dropped = [&](const auto& one) { return one.sentence.valid() && !contains(kept, one.sentence); };
  std::erase_if(smaller.holdings, dropped);
  std::erase_if(smaller.delegations, dropped);
  std::erase_if(smaller.revocations, dropped);
  for (ir::Channel& channel : smaller.channels) {  // claims name channels by their places
    if (dropped(channel)) channel = {channel.name, {}, {}, {}, false, false, true, true, channel.sentence};
  }
  return smaller;
}

void find_minimal(const ir::World& world, const obligation::Obligation& obligation, verdict::Violated& violated,
                  engine::Clock::time_point deadline) {
  if (std::holds_alternative<obligation::Linear>(obligation.goal)) {
    for (const verdict::Step& step : violated.trace.steps) {
      violated.trace.minimal.insert(violated.trace.minimal.end(), step.sentences.begin(), step.sentences.end());
    }
    normalise(violated.trace.minimal);
    return;
  }
  if (violated.negation) return;  // nothing is granted: there is no line to blame
  Sentences kept;
  for (verdict::Step& step : violated.trace.steps) {
    Sentences behind = grants(world, step);
    if (step.requests.empty() || step.cause) behind.insert(behind.end(), step.sentences.begin(), step.sentences.end());
    kept.insert(kept.end(), behind.begin(), behind.end());
    if (step.sentences.empty()) step.sentences = std::move(behind);
    normalise(step.sentences);
  }
  normalise(kept);
  // With fewer lines somebody lacks more, and that may be what a condition asks for: the rest need not suffice.
  if (kept.size() > 1 && !ir::is_monotone(world)) return;
  // One sentence that grants one request is minimal: with none, nothing is permitted.
  for (std::size_t i = 0; kept.size() > 1 && i < kept.size();) {
    Sentences fewer = kept;
    fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
    if (still_violated(world, obligation, fewer, deadline)) {
      kept = std::move(fewer);
    } else {
      ++i;
    }
  }
  // What the clock cut off counts as not violated: without one more look the set might not be minimal.
  if (kept.size() <= 1 || engine::Clock::now() < deadline) violated.trace.minimal = std::move(kept);
}

}  // namespace bulkhead::query
