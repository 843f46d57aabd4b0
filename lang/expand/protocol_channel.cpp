// What a protocol has to do with the channel that it runs over: what is left to the attacker, and what may be sent.
#include <algorithm>

#include "lang/expand/protocol.h"

namespace bulkhead::expand {
namespace {

using diag::Code;

bool keeps_to_direction(const Facts& facts, const ast::ChannelDecl& channel, diag::DiagnosticSink& sink) {
  const auto sends = [&](std::size_t role) {
    return std::any_of(facts.messages.begin(), facts.messages.end(),
                       [&](const auto& message) { return message.second.sender == role; });
  };
  if (channel.both_ways || !sends(0) || !sends(1)) return true;
  sink.report(
      {Code::BadProtocol,
       facts.decl->channel->span,
       "messages of `" + facts.decl->name.text + "` go both ways, and `" + channel.name.text + "` leads one way",
       {{channel.name.span, "declared here"}},
       "declare the channel with `<->`",
       {}});
  return false;
}

bool keeps_to_what_is_carried(const Facts& facts, const ast::ChannelDecl& channel, diag::DiagnosticSink& sink) {
  std::set<std::string> carried;
  const ast::ChannelEntry* place = nullptr;
  for (const ast::ChannelEntry& entry : channel.entries) {
    const auto* carries = std::get_if<ast::Carries>(&entry.form);
    if (carries == nullptr) continue;
    place = &entry;
    for (const ast::Name& name : carries->what) carried.insert(name.text);
  }
  bool kept = true;
  for (const auto& [name, message] : facts.messages) {
    if (place == nullptr || message.sender == 2 || carried.count(name) != 0) continue;
    sink.report({Code::BadProtocol,
                 message.decl->name.span,
                 "`" + channel.name.text + "` does not carry `" + name + "`",
                 {{place->span, "what it carries"}},
                 "add `" + name + "` to what the channel carries",
                 {}});
    kept = false;
  }
  return kept;
}

}  // namespace

Wire wire_of(const ast::ChannelDecl& channel) {
  std::set<std::string> protects;
  for (const ast::ChannelEntry& entry : channel.entries) {
    if (std::holds_alternative<ast::Mediated>(entry.form)) {
      // The kernel is trusted; it may lose and reorder.
      protects.insert({"integrity", "confidentiality", "freshness"});
    }
    const auto* protect = std::get_if<ast::Protect>(&entry.form);
    for (std::size_t i = 0; protect != nullptr && i < protect->what.size(); ++i) protects.insert(protect->what[i].text);
  }
  Wire wire;
  wire.inject = protects.count("integrity") == 0;
  wire.replay = wire.inject || protects.count("freshness") == 0;  // what is altered can look new
  wire.read = protects.count("confidentiality") == 0;
  return wire;
}

std::optional<std::uint64_t> room_of(const ast::ChannelDecl& channel) {
  std::optional<std::uint64_t> room;
  for (const ast::ChannelEntry& entry : channel.entries) {
    const auto* limits = std::get_if<ast::ChannelLimits>(&entry.form);
    for (std::size_t i = 0; limits != nullptr && i < limits->limits.size(); ++i) {
      if (limits->limits[i].in_flight) room = limits->limits[i].number.whole;
    }
  }
  return room;
}

bool keeps_to(const Facts& facts, const ast::ChannelDecl& channel, diag::DiagnosticSink& sink) {
  const bool direction = keeps_to_direction(facts, channel, sink);
  return keeps_to_what_is_carried(facts, channel, sink) && direction;
}

}  // namespace bulkhead::expand
