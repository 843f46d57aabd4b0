// Where the paths begin and end that claims about influence speak of, and what they may not use. [semantics 4]
#include <algorithm>
#include <iterator>

#include "lang/ir/label.h"
#include "lang/ir/overlap.h"
#include "lang/ir/replay.h"

namespace bulkhead::ir {
namespace {

bool has(const std::vector<SubjectId>& subjects, SubjectId subject) {
  return std::find(subjects.begin(), subjects.end(), subject) != subjects.end();
}

std::vector<SubjectId> others(const World& world, const std::vector<SubjectId>& than) {
  std::vector<SubjectId> all;
  for (std::size_t i = 0; i < world.subjects.size(); ++i) {
    if (world.subjects[i].kind == SubjectKind::Container && !has(than, SubjectId{i})) all.push_back(SubjectId{i});
  }
  return all;
}

}  // namespace

FlowEnds ends_of(const World& world, const Isolated& claim, bool forward, std::optional<SubjectId> variable) {
  FlowEnds ends;
  std::vector<SubjectId> left = resolve(claim.left, variable);
  std::vector<SubjectId> right = claim.others ? others(world, left) : resolve(claim.right, variable);
  ends.sources = forward ? left : right;
  ends.targets = forward ? right : left;
  for (const ChannelId channel : claim.except) ends.cuts.push_back({channel, std::nullopt});
  return ends;
}

FlowEnds ends_of(const World&, const Protected& claim, std::optional<SubjectId> variable) {
  FlowEnds ends;
  ends.sources = resolve(claim.right, variable);
  ends.targets = resolve(claim.left, variable);
  return ends;
}

namespace {

/// Whether everything in the world that is labelled `label` or above is labelled `bound` or below. Labels join: what
/// lies in two labelled sets has both labels, so a set with another label counts where it may share something with one
/// of these.
bool all_below(const World& world, LabelId label, LabelId bound) {
  const auto meant = [&](const std::optional<LabelId>& one) { return one && at_most(world, label, *one); };
  const auto within = [&](const std::optional<LabelId>& one) { return !one || at_most(world, *one, bound); };
  const auto shares = [&](const ObjectSet& set) {
    return std::any_of(world.sets.begin(), world.sets.end(), [&](const ObjectSet& other) {
      return meant(other.label) && other.plane == set.plane && may_overlap(set.plane, set.patterns, other.patterns);
    });
  };
  return std::all_of(world.sets.begin(), world.sets.end(),
                     [&](const ObjectSet& set) { return within(set.label) || !shares(set); }) &&
         std::all_of(world.subjects.begin(), world.subjects.end(),
                     [&](const Subject& one) { return within(one.label) || !meant(one.label); });
}

/// What is released as `to` is released to those whom the claim speaks of: the network is cleared for nothing, so for
/// it no label may stand below.
bool goes_down_to(const World& world, LabelId to, const std::optional<LabelId>& claimed) {
  return claimed ? at_most(world, to, *claimed) : below(world, to).size() == 1;
}

/// What those of `except` say over the channels of these sentences.
template <typename Counts>
std::vector<ChannelCut> cuts_of(const World& world, const std::vector<SubjectId>& except, const Counts& counts) {
  std::vector<ChannelCut> cuts;
  for (const Declassification& one : world.declassifications) {
    if (has(except, one.by) && counts(one)) cuts.push_back({one.through, one.by});
  }
  std::sort(cuts.begin(), cuts.end());
  cuts.erase(std::unique(cuts.begin(), cuts.end()), cuts.end());
  return cuts;
}

}  // namespace

FlowEnds ends_of(const World& world, const NoFlow& claim) {
  FlowEnds ends;
  ends.source_data = claim.from;
  ends.target_network = true;  // nobody cleared it for anything
  for (std::size_t i = 0; claim.to && i < world.subjects.size(); ++i) {
    const Subject& subject = world.subjects[i];
    if (subject.kind == SubjectKind::Profile) continue;
    if (!subject.clearance || at_most(world, *subject.clearance, *claim.to)) ends.targets.push_back(SubjectId{i});
  }
  // What is released counts as released only where the sentence is about all that the claim is about, and releases it
  // to what the claim speaks of, or below.
  ends.cuts = cuts_of(world, claim.except, [&](const Declassification& one) {
    return all_below(world, claim.from, one.from) && goes_down_to(world, one.to, claim.to);
  });
  return ends;
}

std::vector<FlowEnds> ends_of(const World& world, const KeepsApart& claim, SubjectId subject) {
  std::vector<FlowEnds> flows(3);
  flows[0].source_data = claim.first;
  flows[1].source_data = claim.second;
  flows[0].targets = flows[1].targets = flows[2].sources = {subject};
  flows[2].target_network = true;
  const auto least = least_label(world);
  const auto releases = [&](LabelId label) {
    return [&world, &claim, label](const Declassification& one) {
      const bool still = at_most(world, claim.first, one.to) || at_most(world, claim.second, one.to);
      return !still && all_below(world, label, one.from);
    };
  };
  // What is released is labelled neither way any more, so it does not bring its label to the subject.
  flows[0].cuts = cuts_of(world, claim.except, releases(claim.first));
  flows[1].cuts = cuts_of(world, claim.except, releases(claim.second));
  // To the network goes what the subject made of both, and the network is cleared for the least label alone: both have
  // to be released to that over one channel, or one label would let out the other.
  const auto to_network = [&](LabelId label) {
    return cuts_of(world, claim.except,
                   [&](const Declassification& one) { return one.to == least && releases(label)(one); });
  };
  const std::vector<ChannelCut> first = to_network(claim.first), second = to_network(claim.second);
  std::set_intersection(first.begin(), first.end(), second.begin(), second.end(), std::back_inserter(flows[2].cuts));
  return flows;
}

}  // namespace bulkhead::ir
