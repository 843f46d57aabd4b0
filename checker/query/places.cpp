#include "checker/query/places.h"

#include <algorithm>
#include <functional>
#include <map>

#include "checker/engine/acquisition.h"
#include "checker/obligation/possession.h"
#include "lang/ir/conditions.h"

namespace bulkhead::query {
namespace {

/// Fields, each with its length, so that no two lists of fields make one text.
class Fields {
 public:
  std::string text;
  void add(std::string_view field) { text += std::to_string(field.size()) + ":" + std::string(field) + " "; }
  void number(std::uint64_t value) { add(std::to_string(value)); }
  void objects(const ir::ObjectPatterns& patterns) {
    number(patterns.everything ? 1 : 0);
    number(patterns.files.size());
    for (const ir::FilePattern& file : patterns.files) {
      number(file.volume.index());
      add(file.glob);
      add(file.prefix);
    }
    number(patterns.nets.size());
    for (const ir::NetPattern& net : patterns.nets) {
      for (const ir::Address* address : {&net.first, &net.last}) {
        number(static_cast<std::uint64_t>(address->family));
        for (const std::uint8_t byte : address->bytes) number(byte);
      }
      number(net.first_port);
      number(net.last_port);
      number(net.protos);
    }
  }
};

std::string text_of(const ir::World& world, const ir::Channel& channel) {
  Fields fields;
  fields.add(channel.name);
  for (const auto* end : {&channel.from, &channel.to}) {
    fields.number(end->size());
    for (const ir::SubjectId subject : *end) fields.add(world.at(subject).name);
  }
  fields.objects(channel.nets);
  for (const bool flag : {channel.both_ways, channel.bounded, channel.intact, channel.confidential}) {
    fields.number(flag ? 1 : 0);
  }
  return fields.text;
}

void add_condition(const ir::World& world, const ir::HoldsCondition& when, Fields& fields) {
  fields.number(when.alternatives.size());
  for (const auto& alternative : when.alternatives) {
    fields.number(alternative.size());
    for (const ir::HoldsCondition::Literal& one : alternative) {
      const ir::Possession& what = world.at(one.what);
      fields.add(world.at(what.holder).name);
      fields.number(static_cast<std::uint64_t>(what.right));
      fields.objects(what.objects);
      fields.number(one.negated ? 1 : 0);
    }
  }
}

std::string text_of(const ir::World& world, const ir::Revocation& one) {
  Fields fields;
  fields.add(world.at(one.by).name);
  fields.add(world.at(one.from).name);
  for (const ir::Right right : ir::kAllRights) fields.number(one.rights.has(right) ? 1 : 0);
  fields.number(static_cast<std::uint64_t>(one.plane));
  fields.objects(one.objects);
  add_condition(world, one.when, fields);
  return fields.text;
}

std::string text_of(const ir::World& world, const ir::Delegation& one) {
  Fields fields;
  fields.add(world.at(one.from).name);
  fields.add(world.at(one.to).name);
  for (const ir::Right right : ir::kAllRights) fields.number(one.rights.has(right) ? 1 : 0);
  fields.number(one.onward ? 1 : 0);
  fields.number(static_cast<std::uint64_t>(one.plane));
  fields.objects(one.objects);
  fields.add(one.via.valid() ? world.at(one.via).name : "");
  add_condition(world, one.when, fields);
  return fields.text;
}

using OnDelegation = std::function<void(ir::DelegationId&)>;
using OnChannel = std::function<void(ir::ChannelId&)>;

void visit(verdict::Verdict& verdict, const OnDelegation& delegation, const OnChannel& channel) {
  if (auto* holds = std::get_if<verdict::Holds>(&verdict)) {
    auto* witness = std::get_if<verdict::WitnessEvidence>(&holds->certificate.evidence);
    for (std::size_t i = 0; witness != nullptr && i < witness->handovers.size(); ++i) {
      if (!witness->handovers[i].revocation.valid()) delegation(witness->handovers[i].delegation);
    }
  }
  auto* violated = std::get_if<verdict::Violated>(&verdict);
  for (std::size_t i = 0; violated != nullptr && i < violated->trace.steps.size(); ++i) {
    verdict::Step& step = violated->trace.steps[i];
    if (step.handover && !step.handover->revocation.valid()) delegation(step.handover->delegation);
    if (step.channel.valid()) channel(step.channel);
  }
}

std::string digest_line(char kind, const std::string& text) {
  return std::string(1, kind) + std::to_string(text.size()) + ":" + text + "\n";
}

/// The influence that a step says it went along, as this world has it.
void refresh_edge(const obligation::InfluenceGraph& graph, verdict::Step& step) {
  const auto edges = graph.edges(step.from, step.to);
  if (!edges) return;
  for (const obligation::Influence& edge : *edges) {
    if (edge.cause == *step.cause && edge.channel == step.channel) step.sentences = edge.sentences;
  }
}

}  // namespace

std::string text_of_moves(const ir::World& world) {
  std::string text;
  for (const ir::Delegation& one : world.delegations) text += digest_line('d', text_of(world, one));
  for (const ir::Revocation& one : world.revocations) text += digest_line('r', text_of(world, one));
  for (const ir::Possession& one : world.possessions) {
    Fields fields;
    fields.add(world.at(one.holder).name);
    fields.number(static_cast<std::uint64_t>(one.right));
    fields.objects(one.objects);
    text += digest_line('p', fields.text);
  }
  return text;
}

std::string text_of_conditions(const obligation::Rules& rules) {
  const ir::World& world = rules.world();
  std::string text;
  for (std::size_t i = 0; ir::has_conditions(world) && i < world.possessions.size(); ++i) {
    const auto query = obligation::possession_query(rules, ir::PossessionId{i});
    text += digest_line('q', query ? obligation::to_text(query->query) : query.error().reason);
  }
  return text;
}

std::string places_of(const ir::World& world, const verdict::Verdict& verdict) {
  std::string places;
  verdict::Verdict copy = verdict;
  visit(
      copy, [&](const ir::DelegationId& id) { places += digest_line('d', text_of(world, world.at(id))); },
      [&](const ir::ChannelId& id) { places += digest_line('c', text_of(world, world.at(id))); });
  return places;
}

bool find_places(const ir::World& world, std::string_view places, verdict::Verdict& verdict) {
  std::map<std::string, ir::DelegationId> delegations;
  std::map<std::string, ir::ChannelId> channels;
  for (std::size_t i = 0; i < world.delegations.size(); ++i) {
    delegations.emplace(digest_line('d', text_of(world, world.delegations[i])), ir::DelegationId{i});
  }
  for (std::size_t i = 0; i < world.channels.size(); ++i) {
    channels.emplace(digest_line('c', text_of(world, world.channels[i])), ir::ChannelId{i});
  }
  bool found = true;
  const auto next = [&](const auto& known, auto& id) {
    for (const auto& [line, meant] : known) {
      if (!places.starts_with(line)) continue;
      places.remove_prefix(line.size());
      id = meant;
      return;
    }
    found = false;
  };
  visit(
      verdict, [&](ir::DelegationId& id) { next(delegations, id); }, [&](ir::ChannelId& id) { next(channels, id); });
  return found && places.empty();
}

void refresh_sentences(const obligation::Rules& rules, const obligation::Obligation& obligation,
                       verdict::Violated& violated) {
  if (std::holds_alternative<obligation::Linear>(obligation.goal)) return;  // its key says which sentences
  std::optional<obligation::InfluenceGraph> graph;
  for (verdict::Step& step : violated.trace.steps) {
    step.sentences.clear();
    if (step.handover) {
      step.sentences = engine::steps_of(rules.world(), {*step.handover}).front().sentences;
    } else if (step.cause) {
      if (!graph) graph.emplace(rules);
      refresh_edge(*graph, step);
    }
  }
  violated.trace.minimal.clear();
}

}  // namespace bulkhead::query
