#include "lang/frontend/dump_authority.h"

#include <algorithm>
#include <set>
#include <string_view>

#include "lang/frontend/spell.h"
#include "lang/ir/flow_text.h"

namespace bulkhead::frontend {
namespace {

std::string listed(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& one : words) text += (text.empty() ? "" : ", ") + one;
  return text;
}

/// One dump while it is written.
struct AuthorityDump {
  const ir::World& world;
  const Origin& origin;
  std::string out;

  void line(const std::string& text, ir::SentenceId id = {}) { out += text + origin(id) + "\n"; }

  void write_authority();
  void write_channel(const ir::Channel& channel);
  void write_holdings();
  /// Of the two that stand for an open container the second, of whom nothing is said alone.
  bool is_second(ir::SubjectId id) const { return world.at(id).twin && *world.at(id).twin < id; }
  /// As a sentence names it: an open container by its own name, whichever of the two is meant.
  const std::string& name(ir::SubjectId id) const { return world.at(is_second(id) ? *world.at(id).twin : id).name; }
  bool is_one(const std::vector<ir::SubjectId>& end) const;
  std::string end_name(const std::vector<ir::SubjectId>& end, const ir::Channel& channel) const;
  std::string when(const ir::HoldsCondition& condition) const;
};

/// What nobody's algorithm protects, the kernel does.
void AuthorityDump::write_channel(const ir::Channel& channel) {
  std::string text = "channel " + channel.name + ": " + end_name(channel.from, channel) +
                     (channel.both_ways ? " <-> " : " -> ") + end_name(channel.to, channel) + " {";
  if (channel.bounded) text += " limit 1 in flight;";
  const bool mediated =
      (channel.intact && channel.integrity_by.empty()) || (channel.confidential && channel.confidentiality_by.empty());
  if (mediated) text += " mediated by kernel;";
  if (!channel.integrity_by.empty()) text += " protect integrity with " + listed(channel.integrity_by) + ";";
  if (!channel.confidentiality_by.empty())
    text += " protect confidentiality with " + listed(channel.confidentiality_by) + ";";
  line(text + " }", channel.sentence);
}

/// One subject, or the two that stand for one open container.
bool AuthorityDump::is_one(const std::vector<ir::SubjectId>& end) const {
  return !end.empty() && std::all_of(end.begin(), end.end(), [&](ir::SubjectId id) {
    return id == end.front() || world.at(id).twin == end.front();
  });
}

/// The name that the sentence had, or one that says the same.
std::string AuthorityDump::end_name(const std::vector<ir::SubjectId>& end, const ir::Channel& channel) const {
  if (is_one(end)) return name(end.front());
  for (const ir::Pod& pod : world.pods) {
    std::vector<ir::SubjectId> members = pod.members;
    std::sort(members.begin(), members.end());
    if (!end.empty() && members == end) return pod.name;
  }
  const bool among_nets = channel.from.empty() && channel.to.empty();  // who the sender is, nothing asks
  for (const ir::ObjectSet& set : world.sets) {
    if (!end.empty() || set.plane != ir::Plane::Net) continue;
    const bool same = set.patterns.nets == channel.nets.nets && set.patterns.everything == channel.nets.everything;
    if (same || (among_nets && &end == &channel.from)) return set.name;
  }
  return "the network";  // of no name: no sentence, so that nobody reads the rest as all there is
}

/// One alternative after the other.
std::string AuthorityDump::when(const ir::HoldsCondition& condition) const {
  std::string text;
  for (const auto& alternative : condition.alternatives) {
    std::string all;
    for (const ir::HoldsCondition::Literal& one : alternative) {
      const ir::Possession& what = world.at(one.what);
      const std::string holds =
          name(what.holder) + " holds " + std::string(ir::to_string(what.right)) + " on " + what.name;
      all += (all.empty() ? "" : " && ") + (one.negated ? "!(" + holds + ")" : holds);
    }
    text += (text.empty() ? " when " : " || ") + (alternative.size() > 1 ? "(" + all + ")" : all);
  }
  return text;
}

/// Who is handed what: one line for each holder, giver and receiver, pods and lists spread out. What is said of an open
/// container is there twice, for each of the two that stand for it, and is one line.
void AuthorityDump::write_authority() {
  for (std::size_t i = 0; i < world.subjects.size(); ++i) {
    const ir::Subject& subject = world.subjects[i];
    if (!subject.trusted || is_second(ir::SubjectId(i))) continue;
    line("trusted " + subject.name + (subject.follows.empty() ? "" : " follows " + subject.follows) + ";");
  }
  for (const ir::Channel& channel : world.channels) write_channel(channel);
  write_holdings();
  for (const ir::Delegation& one : world.delegations) {
    // What one of an open container hands to the other says the same as what the other hands to the one.
    if (is_second(one.from) || (is_second(one.to) && world.at(one.to).twin != one.from)) continue;
    line(name(one.from) + " may delegate " + spell_rights(one.rights) + (one.onward ? ", delegate" : "") + " on " +
             spell_objects(world, one.plane, one.objects, {}) + " to " + name(one.to) + " via " +
             world.at(one.via).name + when(one.when) + ";",
         one.sentence);
  }
  for (const ir::Revocation& one : world.revocations) {
    if (is_second(one.by) || is_second(one.from)) continue;
    line(name(one.by) + " may revoke " + spell_rights(one.rights) + " on " +
             spell_objects(world, one.plane, one.objects, {}) + " from " + name(one.from) + when(one.when) + ";",
         one.sentence);
  }
  for (const ir::Declassification& one : world.declassifications) {
    if (is_second(one.by)) continue;
    line(name(one.by) + " declassifies " + world.at(one.from).name + " to " + world.at(one.to).name + " through " +
             world.at(one.through).name + ";",
         one.sentence);
  }
  out += ir::canonical_text(world.flow);
}

/// Capabilities as far as somebody holds them: with the rights that are held, on the objects that are the same for all
/// who hold it.
void AuthorityDump::write_holdings() {
  std::set<std::string> declared;
  for (const ir::Holding& one : world.holdings) {
    if (!declared.insert(one.capability).second) continue;
    ir::Rights rights;
    bool onward = false;
    for (const ir::Holding& other : world.holdings) {
      if (other.capability != one.capability) continue;
      rights = rights | other.rights;
      onward = onward || other.onward;
    }
    line("capability " + one.capability + " on " + spell_objects(world, one.plane, one.objects, {}) + " { rights " +
         spell_rights(rights) + (onward ? ", delegate" : "") + "; }");
  }
  for (const ir::Holding& one : world.holdings) {
    if (is_second(one.holder)) continue;
    line(name(one.holder) + " holds " + one.capability + "(" + spell_rights(one.rights) +
             (one.onward ? ", delegate" : "") + ");",
         one.sentence);
  }
}

}  // namespace

std::string dump_authority(const ir::World& world, const Origin& origin) {
  AuthorityDump dump{world, origin, {}};
  dump.write_authority();
  return std::move(dump.out);
}

}  // namespace bulkhead::frontend
