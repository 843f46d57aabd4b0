#include "lang/frontend/dump.h"

#include <algorithm>
#include <set>

#include "lang/frontend/spell.h"
#include "lang/frontend/spell_net.h"
#include "lang/ir/flow_text.h"
#include "lang/system/dump.h"
#include "lang/types/amounts.h"
#include "lang/types/syscall_action.h"

namespace bulkhead::frontend {
namespace {

constexpr std::string_view kLevels[] = {"standard", "enhanced", "maximum"};
constexpr std::string_view kNamespaces[] = {"pid", "mount", "net", "ipc", "user", "uts", "cgroup"};
constexpr std::string_view kBinders[] = {"file: file", "net: net", "call: call", "capability: capability"};
constexpr std::string_view kTypes[] = {"bool", "int", "", "label", "string", "path", "address", "proto"};

/// The word of an enumerator.
template <typename Words, typename Enumerator>
std::string word(const Words& words, Enumerator one) {
  return std::string(words[static_cast<std::size_t>(one)]);
}

/// One dump while it is written.
struct Dump {
  const ir::World& world;
  const source::SourceMap& sources;
  std::string out;

  /// "  // agent.bh:12", or what implied it.
  std::string origin(ir::SentenceId id) const {
    if (!id.valid()) return "";
    const ir::Sentence& sentence = world.at(id);
    if (sentence.implied) return "  // implied: " + sentence.text;
    const std::string place = sources.place(sentence.span);
    return "  // " + place.substr(place.rfind('/') + 1);
  }
  /// By `import linux;`, also where somebody keeps that module beside the policy.
  bool is_imported(const ir::ObjectSet& set) const {
    const ir::Sentence& sentence = world.at(set.sentence);
    const std::string name = sentence.span.file.valid() ? sources.name(sentence.span.file) : "";
    return sentence.library || name.substr(name.rfind('/') + 1) == "linux.bh";
  }
  void line(const std::string& text, ir::SentenceId id = {}) { out += text + origin(id) + "\n"; }
  void setting(const std::string& text, ir::SentenceId id = {}) { line("    " + text + ";", id); }
  void block(const std::string& text, ir::SentenceId id = {}) { line("    " + text, id); }

  void write_types();
  void write_nouns();
  void write_image(const ir::Image& image);
  void write_life(const ir::Subject& subject);
  void write_sets();
  void write_subject(ir::SubjectId id);
  void write_container(const ir::Subject& subject);
  void write_quantities(const std::string& keyword, const ir::Quantities& quantities);
  void write_rule(const ir::Rule& rule, const std::string& indent, const std::string& subject = "");
  void write_authority();
  void write_channel(const ir::Channel& channel);
  std::string end_name(const std::vector<ir::SubjectId>& end, const ir::Channel& channel) const;
  std::string when(const ir::HoldsCondition& condition) const;
  void write_claims();
};

void Dump::write_types() {
  for (const ir::EnumType& type : world.enums) {
    std::string members;
    for (const std::string& member : type.members) members += (members.empty() ? "" : ", ") + member;
    line("enum " + type.name + " { " + members + " }");
  }
  for (const ir::Label& label : world.labels) {
    std::string chains;
    for (const ir::LabelId id : label.below) {
      if (world.at(id).name != label.name)
        chains += (chains.empty() ? "" : ", ") + label.name + " < " + world.at(id).name;
    }
    line("label " + (chains.empty() ? label.name : chains) + ";");
  }
  for (const ir::Attribute& attribute : world.attributes) {
    const std::string type = attribute.type.kind == ir::TypeKind::Enum
                                 ? world.enums.at(attribute.type.enumeration.index()).name
                                 : std::string(kTypes[static_cast<std::size_t>(attribute.type.kind)]);
    line((attribute.source == ir::Source::Context ? "context " : "attribute ") + attribute.name + ": " + type +
         (attribute.optional ? " optional;" : ";"));
  }
}

void Dump::write_nouns() {
  for (const ir::Volume& volume : world.volumes) {
    if (volume.kind == ir::VolumeKind::Device) line("device " + volume.name + ";", volume.sentence);
    if (volume.kind != ir::VolumeKind::Declared) continue;
    std::string text = "volume " + volume.name;
    if (!volume.host_source.empty()) text += " from host:" + quoted(volume.host_source);
    if (volume.size_bytes != 0) text += " tmpfs " + types::spell(volume.size_bytes, types::Measure::Size);
    line(text + ";", volume.sentence);
  }
  for (const ir::Key& key : world.keys) {
    line("key " + key.name + (key.algorithm.empty() ? " {}" : " { alg " + key.algorithm + "; }"), key.sentence);
  }
  for (const ir::Image& image : world.images) write_image(image);
  for (const ir::Pod& pod : world.pods) {
    std::string members;
    for (const ir::SubjectId member : pod.members) {
      const auto twin = world.at(member).twin;
      if (!twin || member < *twin) members += (members.empty() ? "" : ", ") + world.at(member).name;
    }
    line("pod " + pod.name + " = " + members + ";", pod.sentence);
  }
}

void Dump::write_image(const ir::Image& image) {
  std::string text = "image " + quoted(image.name) + " {";
  if (!image.digest.empty()) text += " digest " + image.digest + ";";
  if (image.channel) text += " channel " + word(ir::kUpdateChannels, *image.channel) + ";";
  if (image.trust) text += " trust " + word(ir::kImageTrusts, *image.trust) + ";";
  if (!image.contract.empty()) text += " contract " + quoted(image.contract) + ";";
  line(text + " }", image.sentence);
}

/// One line for each trigger.
void Dump::write_life(const ir::Subject& subject) {
  for (const ir::LifeRule& rule : subject.life) {
    std::string text = "lifecycle " + subject.name + " { " + word(ir::kTriggers, rule.trigger);
    if (rule.after_ms != 0) text += " " + types::spell(rule.after_ms, types::Measure::Duration);
    line(text + " -> " + word(ir::kAnswers, rule.answer) + "; }", rule.sentence);
  }
}

/// The library's sets only where a rule uses them, and as comments: their import is what declares them.
void Dump::write_sets() {
  std::set<ir::ObjectSetId> used;
  for (const ir::Rule& rule : world.rules) used.insert(rule.sets.begin(), rule.sets.end());
  for (std::size_t i = 0; i < world.sets.size(); ++i) {
    const ir::ObjectSet& set = world.sets[i];
    if (world.at(set.sentence).library && used.count(ir::ObjectSetId(i)) == 0) continue;
    const std::string keyword = set.plane == ir::Plane::Syscall ? "syscalls" : std::string(ir::to_string(set.plane));
    std::string text = keyword + " " + set.name + " = ";
    text += set.plane == ir::Plane::Net && !set.patterns.everything ? spell_net_groups(set.patterns.nets)
                                                                    : spell_patterns(world, set.plane, set.patterns);
    if (set.label) text += " label " + world.at(*set.label).name;
    line((is_imported(set) ? "// " : "") + text + ";", set.sentence);
  }
}

void Dump::write_quantities(const std::string& keyword, const ir::Quantities& quantities) {
  for (const std::string& word : types::resource_words()) {
    const types::ResourceName resource = *types::resource_from(word);
    const auto& quantity = types::quantity_of(quantities, resource);
    if (!quantity) continue;
    block(keyword + " { " + word + " " + types::spell(quantity->amount, types::measure_of(resource)) + "; }",
          quantity->sentence);
  }
}

void Dump::write_container(const ir::Subject& subject) {
  setting("level " + std::string(kLevels[static_cast<std::size_t>(subject.level)]));
  if (!subject.image.empty()) {
    setting("image " + quoted(subject.image) + (subject.image_key.empty() ? "" : " signed by " + subject.image_key));
  }
  setting(subject.rootfs_readonly ? "rootfs readonly" : "rootfs writable");
  for (const ir::Mount& mount : subject.mounts) {
    setting(
        "mount " + world.at(mount.volume).name + " at " + quoted(mount.target) + (mount.readonly ? " readonly" : ""),
        mount.sentence);
  }
  if (subject.user) setting("user " + std::to_string(*subject.user));
  if (subject.group) setting("group " + std::to_string(*subject.group));
  for (std::size_t i = 0; i < ir::kNamespaceKinds; ++i) {
    const ir::NamespaceSetting& space = subject.namespaces.at(i);
    std::string mode = "private";
    if (space.mode == ir::NamespaceSetting::Mode::Host) mode = "host";
    if (space.mode == ir::NamespaceSetting::Mode::With) mode = "with " + world.at(space.with).name;
    block("namespaces { " + std::string(kNamespaces[i]) + ": " + mode + "; }", space.sentence);
  }
  for (const auto& [attribute, value] : subject.attributes) {
    setting(world.at(attribute).name + " " + spell_value(world, value));
  }
  if (subject.label) setting("label " + world.at(*subject.label).name);
  for (const std::string& name : subject.environment) setting("environment " + name);
  for (const std::string& layer : subject.degrade) setting("degrade " + layer);
  setting("syscalls default " + types::spell(subject.default_denial));
  for (const ir::SyscallDenial& denial : subject.denials) {
    ir::ObjectPatterns calls;
    calls.syscalls = denial.syscalls;
    setting("syscalls deny " + spell_patterns(world, ir::Plane::Syscall, calls) + " with " +
                types::spell(denial.action) + (denial.when ? " when " + spell_condition(world, *denial.when) : ""),
            denial.sentence);
  }
}

void Dump::write_rule(const ir::Rule& rule, const std::string& indent, const std::string& subject) {
  // What follows from mounts, roots and volumes follows again from those.
  const bool follows = rule.of_names || (rule.sentence.valid() && world.at(rule.sentence).implied);
  std::string text = indent + (follows ? "// " : "") + subject;
  if (rule.subject || follows) {
    text += rule.effect == ir::Effect::Permit ? "may " : "never ";
  } else {
    text += rule.effect == ir::Effect::Permit ? "permit self: container to " : "forbid self: container to ";
  }
  text += spell_rights(rule.rights) + " ";
  if (!rule.subject && !follows) {
    text += std::string(kBinders[static_cast<std::size_t>(rule.plane)]) + (rule.objects.everything ? "" : " in ");
  }
  if (rule.subject || follows || !rule.objects.everything) {
    text += spell_objects(world, rule.plane, rule.objects, rule.sets);
  }
  if (rule.when) text += " when " + spell_condition(world, *rule.when);
  line(text + ";", rule.sentence);
}

void Dump::write_subject(ir::SubjectId id) {
  static constexpr std::string_view kKinds[] = {"container", "host", "profile"};
  const ir::Subject& subject = world.at(id);
  if (subject.twin && *subject.twin < id) return;  // one body stands for both
  line("");
  if (subject.kind == ir::SubjectKind::Plain) {
    line("subject " + subject.name + ";", subject.sentence);
    for (const ir::Rule& rule : world.rules) {
      if (rule.subject == id) write_rule(rule, "", subject.name + " ");
    }
    return;
  }
  const std::string name = subject.twin ? subject.name + "_body" : subject.name;
  if (subject.twin) line("open container " + subject.name + ": " + name + ";", subject.sentence);
  line(std::string(kKinds[static_cast<std::size_t>(subject.twin ? ir::SubjectKind::Profile : subject.kind)]) + " " +
           name + " {",
       subject.sentence);
  const bool has_body = subject.kind == ir::SubjectKind::Container || subject.kind == ir::SubjectKind::Profile;
  if (has_body) write_container(subject);
  write_quantities("capacity", subject.capacity);
  write_quantities("limits", subject.limits);
  write_quantities("reserve", subject.reserve);
  for (const ir::Rule& rule : world.rules) {
    if (rule.subject == id) write_rule(rule, "    ");
  }
  line("}");
  write_life(subject);
}

/// With some algorithm for what is protected: which one it is, nothing here asks.
void Dump::write_channel(const ir::Channel& channel) {
  std::string text = "channel " + channel.name + ": " + end_name(channel.from, channel) +
                     (channel.both_ways ? " <-> " : " -> ") + end_name(channel.to, channel) + " {";
  if (channel.bounded) text += " limit 1 in flight;";
  if (channel.intact || channel.confidential) {
    text += std::string(" protect ") + (channel.intact ? "integrity" : "") +
            (channel.intact && channel.confidential ? ", " : "") + (channel.confidential ? "confidentiality" : "") +
            " with ml_kem_1024, ml_dsa_87;";
  }
  line(text + " }", channel.sentence);
}

/// The name that the sentence had, or one that says the same.
std::string Dump::end_name(const std::vector<ir::SubjectId>& end, const ir::Channel& channel) const {
  if (end.size() == 1) return world.at(end.front()).name;
  for (const ir::Pod& pod : world.pods) {
    std::vector<ir::SubjectId> members = pod.members;
    std::sort(members.begin(), members.end());
    if (!end.empty() && members == end) return pod.name;
  }
  for (const ir::ObjectSet& set : world.sets) {  // of a sender that is the network any address says the same
    const bool receives = &end == &channel.to;
    if (end.empty() && !receives && set.plane == ir::Plane::Net) return set.name;
    if (end.empty() && set.plane == ir::Plane::Net && set.patterns.nets == channel.nets.nets &&
        set.patterns.everything == channel.nets.everything)
      return set.name;
  }
  return "the network";  // of no name: no sentence, so that nobody reads the rest as all there is
}

/// One alternative after the other.
std::string Dump::when(const ir::HoldsCondition& condition) const {
  std::string text;
  for (const auto& alternative : condition.alternatives) {
    std::string all;
    for (const ir::HoldsCondition::Literal& one : alternative) {
      const ir::Possession& what = world.at(one.what);
      const std::string holds =
          world.at(what.holder).name + " holds " + std::string(ir::to_string(what.right)) + " on " + what.name;
      all += (all.empty() ? "" : " && ") + (one.negated ? "!(" + holds + ")" : holds);
    }
    text += (text.empty() ? " when " : " || ") + (alternative.size() > 1 ? "(" + all + ")" : all);
  }
  return text;
}

/// Who is handed what: one line for each holder, giver and receiver, pods and lists spread out.
void Dump::write_authority() {
  for (const ir::Subject& subject : world.subjects) {
    if (subject.trusted)
      line("trusted " + subject.name + (subject.follows.empty() ? "" : " follows " + subject.follows) + ";");
  }
  for (const ir::Channel& channel : world.channels) write_channel(channel);
  for (const ir::Holding& one : world.holdings) {
    line(world.at(one.holder).name + " holds " + spell_rights(one.rights) + (one.onward ? ", delegate" : "") + " on " +
             spell_objects(world, one.plane, one.objects, {}) + ";",
         one.sentence);
  }
  for (const ir::Delegation& one : world.delegations) {
    line(world.at(one.from).name + " may delegate " + spell_rights(one.rights) + (one.onward ? ", delegate" : "") +
             " on " + spell_objects(world, one.plane, one.objects, {}) + " to " + world.at(one.to).name + " via " +
             world.at(one.via).name + when(one.when) + ";",
         one.sentence);
  }
  for (const ir::Revocation& one : world.revocations) {
    line(world.at(one.by).name + " may revoke " + spell_rights(one.rights) + " on " +
             spell_objects(world, one.plane, one.objects, {}) + " from " + world.at(one.from).name + when(one.when) +
             ";",
         one.sentence);
  }
  for (const ir::Declassification& one : world.declassifications) {
    line(world.at(one.by).name + " declassifies " + world.at(one.from).name + " to " + world.at(one.to).name +
             " through " + world.at(one.through).name + ";",
         one.sentence);
  }
  out += ir::canonical_text(world.flow);
}

void Dump::write_claims() {
  for (const ir::Claim& claim : world.claims) {
    std::string domain;
    if (claim.quantifier) {
      for (const ir::SubjectId subject : claim.quantifier->domain) domain += " " + world.at(subject).name;
      domain = "  // " + claim.quantifier->variable + " is one of:" + domain;
    }
    std::string text = claim.text;
    if (const auto* theorem = std::get_if<ir::TheoremClaim>(&claim.form)) {
      text = system::spell_theorem(world.at(theorem->system), theorem->theorem);
    }
    out += (claim.mode == ir::ClaimMode::Prove ? "prove " : "refute ") + claim.name + ": " + text + ";" + domain + "\n";
  }
  for (const ir::SentenceId id : world.dynamic) line("// without a meaning: " + world.at(id).text, id);
}

/// A variant is written out as a model of its own, so it has a name of its own: `Quota_Greedy`.
ir::World with_plain_names(ir::World world) {
  std::set<std::string> taken;
  for (const system::System& system : world.systems) taken.insert(system.name);
  for (system::System& system : world.systems) {
    if (system.name.find('.') == std::string::npos) continue;
    std::string name = system.name;
    std::replace(name.begin(), name.end(), '.', '_');
    while (!taken.insert(name).second) name += '_';
    system.name = name;
  }
  return world;
}

}  // namespace

std::string dump(const ir::World& loaded, const source::SourceMap& sources) {
  const ir::World world = with_plain_names(loaded);
  Dump dump{world, sources, {}};
  if (!world.module.empty()) dump.line("module " + world.module + ";");
  if (!world.syscalls.empty()) dump.line("import linux;");
  dump.write_types();
  dump.write_nouns();
  dump.write_sets();
  for (std::size_t i = 0; i < world.subjects.size(); ++i) dump.write_subject(ir::SubjectId(i));
  dump.line("\n// every container:");
  for (const ir::Rule& rule : world.rules) {
    if (!rule.subject) dump.write_rule(rule, "");
  }
  for (const system::System& system : world.systems) dump.out += "\n" + system::dump(system, sources);
  dump.line("");
  dump.write_authority();
  dump.write_claims();
  return std::move(dump.out);
}

}  // namespace bulkhead::frontend
