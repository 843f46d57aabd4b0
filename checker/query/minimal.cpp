#include "checker/query/minimal.h"

#include <algorithm>
#include <functional>

#include "checker/query/behind.h"
#include "checker/query/mutant.h"
#include "lang/ir/conditions.h"

namespace bulkhead::query {
namespace {

using Sentences = std::vector<ir::SentenceId>;

void normalise(Sentences& list) {
  std::sort(list.begin(), list.end());
  list.erase(std::unique(list.begin(), list.end()), list.end());
}

Sentences grants(const ir::World& world, const verdict::Step& step) {
  Sentences list;
  for (const ir::Request& request : step.requests) {
    const Sentences one = behind(world, request);
    list.insert(list.end(), one.begin(), one.end());
  }
  return list;
}

bool contains(const Sentences& list, ir::SentenceId sentence) {
  return std::binary_search(list.begin(), list.end(), sentence);
}

/// Whom something is left to: a sentence permits it something, or it may come to hold something.
std::vector<bool> able(const ir::World& world) {
  std::vector<bool> able(world.subjects.size(), false);
  bool containers = false;
  for (const ir::Rule& rule : world.rules) {
    if (rule.effect != ir::Effect::Permit) continue;
    if (rule.subject)
      able.at(rule.subject->index()) = true;
    else
      containers = true;
  }
  for (const ir::Holding& one : world.holdings) able.at(one.holder.index()) = true;
  for (const ir::Delegation& one : world.delegations) able.at(one.to.index()) = true;
  for (std::size_t i = 0; i < able.size(); ++i) {
    const ir::SubjectKind kind = world.subjects[i].kind;
    able[i] = able[i] || kind == ir::SubjectKind::Host || (containers && kind == ir::SubjectKind::Container);
  }
  return able;
}

/// Takes out what changes no verdict and would be copied for each look: what is forbidden to those who may nothing
/// anyway, and texts.
void lighten(ir::World& world) {
  const std::vector<bool> may = able(world);
  std::erase_if(world.rules, [&](const ir::Rule& rule) {
    return rule.effect == ir::Effect::Forbid && rule.subject && !may.at(rule.subject->index());
  });
  for (ir::Sentence& sentence : world.sentences) sentence.text.clear();
  const auto claims = [](ir::Claim& claim) { claim.text.clear(); };
  std::for_each(world.claims.begin(), world.claims.end(), claims);
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

namespace {

/// Calls `grant(sentence)` for each sentence that permits, shares, hands over, carries or reserves something, and takes
/// what it made away where that says no. The one list of what a sentence can give: without() and restricted() are the
/// two sides of it.
void each_grant(ir::World& world, const std::function<bool(ir::SentenceId)>& keeps) {
  const auto dropped = [&](const auto& one) { return one.sentence.valid() && !keeps(one.sentence); };
  std::erase_if(world.rules, [&](const ir::Rule& rule) { return rule.effect == ir::Effect::Permit && dropped(rule); });
  for (ir::Subject& subject : world.subjects) {
    for (ir::NamespaceSetting& setting : subject.namespaces) {
      if (dropped(setting)) setting = {};
    }
    for (ir::Quantities* quantities : {&subject.reserve, &subject.limits}) {
      for (auto* quantity : all_of(*quantities)) {
        if (*quantity && dropped(**quantity)) quantity->reset();
      }
    }
  }
  std::erase_if(world.holdings, dropped);
  std::erase_if(world.delegations, dropped);
  std::erase_if(world.revocations, dropped);
  for (ir::Channel& channel : world.channels) {  // claims name channels by their places
    if (dropped(channel)) channel = {channel.name, {}, {}, {}, false, false, true, true, channel.sentence};
  }
}

}  // namespace

ir::World restricted(const ir::World& world, const Sentences& kept) {
  ir::World smaller = world;
  each_grant(smaller, [&](ir::SentenceId sentence) { return contains(kept, sentence); });
  return smaller;
}

ir::World without(const ir::World& world, const Sentences& removed) {
  ir::World smaller = world;
  each_grant(smaller, [&](ir::SentenceId sentence) { return !contains(removed, sentence); });
  return smaller;
}

Sentences removable(const ir::World& world) {
  Sentences list;
  ir::World copy = world;
  each_grant(copy, [&](ir::SentenceId sentence) {
    list.push_back(sentence);
    return true;
  });
  normalise(list);
  return list;
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
  const bool run = std::holds_alternative<ir::Attenuates>(world.at(obligation.claim).form);
  if (violated.negation && !run) return;  // nothing is granted: there is no line to blame
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
  if (kept.size() <= 1) {
    violated.trace.minimal = std::move(kept);
    return;
  }
  ir::World light = restricted(world, kept);
  lighten(light);
  // One sentence that grants one request is minimal: with none, nothing is permitted.
  for (std::size_t i = 0; kept.size() > 1 && i < kept.size();) {
    Sentences fewer = kept;
    fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
    if (still_violated(light, obligation, fewer, deadline)) {
      kept = std::move(fewer);
    } else {
      ++i;
    }
  }
  // What the clock cut off counts as not violated: without one more look the set might not be minimal.
  if (kept.size() <= 1 || engine::Clock::now() < deadline) violated.trace.minimal = std::move(kept);
}

}  // namespace bulkhead::query
