#include "lang/frontend/dump.h"

#include <set>

#include "lang/frontend/dump_system.h"
#include "lang/frontend/spell.h"
#include "lang/types/amounts.h"
#include "lang/types/syscall_action.h"

namespace bulkhead::frontend {
namespace {

constexpr std::string_view kLevels[] = {"standard", "enhanced", "maximum"};
constexpr std::string_view kNamespaces[] = {"pid", "mount", "net", "ipc", "user", "uts", "cgroup"};
constexpr std::string_view kTypes[] = {"bool", "int", "", "label", "string", "path", "address", "proto"};

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
  void line(const std::string& text, ir::SentenceId id = {}) { out += text + origin(id) + "\n"; }
  void setting(const std::string& text, ir::SentenceId id = {}) { line("    " + text + ";", id); }

  void write_types();
  void write_nouns();
  void write_sets();
  void write_subject(ir::SubjectId id);
  void write_container(const ir::Subject& subject);
  void write_quantities(const std::string& keyword, const ir::Quantities& quantities);
  void write_rule(const ir::Rule& rule, const std::string& indent);
  void write_authority();
  void write_flow();
  void write_claims();

  std::string names(const std::vector<ir::SubjectId>& subjects) const {
    std::string list;
    for (const ir::SubjectId one : subjects) list += (list.empty() ? "" : ", ") + world.at(one).name;
    return list.empty() ? "the network" : list;
  }
};

void Dump::write_types() {
  for (const ir::EnumType& type : world.enums) {
    std::string members;
    for (const std::string& member : type.members) members += (members.empty() ? "" : ", ") + member;
    line("enum " + type.name + " { " + members + " }");
  }
  for (const ir::Label& label : world.labels) {
    std::string above;
    for (const ir::LabelId id : label.below) {
      if (world.at(id).name != label.name) above += (above.empty() ? "" : ", ") + world.at(id).name;
    }
    line("label " + label.name + ";" + (above.empty() ? "" : "  // below " + above));
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
  for (const ir::Pod& pod : world.pods) {
    std::string members;
    for (const ir::SubjectId member : pod.members) members += (members.empty() ? "" : ", ") + world.at(member).name;
    line("pod " + pod.name + " = " + members + ";", pod.sentence);
  }
}

/// The library's sets only where a rule uses them.
void Dump::write_sets() {
  std::set<ir::ObjectSetId> used;
  for (const ir::Rule& rule : world.rules) used.insert(rule.sets.begin(), rule.sets.end());
  for (std::size_t i = 0; i < world.sets.size(); ++i) {
    const ir::ObjectSet& set = world.sets[i];
    if (world.at(set.sentence).library && used.count(ir::ObjectSetId(i)) == 0) continue;
    const std::string keyword = set.plane == ir::Plane::Syscall ? "syscalls" : std::string(ir::to_string(set.plane));
    std::string text = keyword + " " + set.name + " = " + spell_patterns(world, set.plane, set.patterns);
    if (set.label) text += " label " + world.at(*set.label).name;
    line(text + ";", set.sentence);
  }
}

void Dump::write_quantities(const std::string& keyword, const ir::Quantities& quantities) {
  for (const std::string& word : types::resource_words()) {
    const types::ResourceName resource = *types::resource_from(word);
    const auto& quantity = types::quantity_of(quantities, resource);
    if (!quantity) continue;
    setting(keyword + " { " + word + " " + types::spell(quantity->amount, types::measure_of(resource)) + "; }",
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
    setting("namespaces { " + std::string(kNamespaces[i]) + ": " + mode + "; }", space.sentence);
  }
  for (const auto& [attribute, value] : subject.attributes) {
    setting(world.at(attribute).name + " " + spell_value(world, value));
  }
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

void Dump::write_rule(const ir::Rule& rule, const std::string& indent) {
  std::string text = indent + (rule.effect == ir::Effect::Permit ? "may " : "never ");
  text += spell_rights(rule.rights) + " " + spell_objects(world, rule.plane, rule.objects, rule.sets);
  if (rule.when) text += " when " + spell_condition(world, *rule.when);
  line(text + ";", rule.sentence);
}

void Dump::write_subject(ir::SubjectId id) {
  static constexpr std::string_view kKinds[] = {"container", "host", "profile", "subject"};
  const ir::Subject& subject = world.at(id);
  line("");
  line(std::string(kKinds[static_cast<std::size_t>(subject.kind)]) + " " + subject.name + " {", subject.sentence);
  const bool has_body = subject.kind == ir::SubjectKind::Container || subject.kind == ir::SubjectKind::Profile;
  if (has_body) write_container(subject);
  write_quantities("capacity", subject.capacity);
  write_quantities("limits", subject.limits);
  write_quantities("reserve", subject.reserve);
  for (const ir::Rule& rule : world.rules) {
    if (rule.subject == id) write_rule(rule, "    ");
  }
  line("}");
}

/// Who is handed what: one line for each holder, giver and receiver, pods and lists spread out.
void Dump::write_authority() {
  for (const ir::Subject& subject : world.subjects) {
    if (subject.trusted)
      line("trusted " + subject.name + (subject.follows.empty() ? "" : " follows " + subject.follows) + ";");
  }
  for (const ir::Channel& channel : world.channels) {
    std::string text = "channel " + channel.name + ": " + names(channel.from) + (channel.both_ways ? " <-> " : " -> ") +
                       names(channel.to) + (channel.bounded ? ", bounded" : "") + (channel.intact ? ", intact" : "") +
                       (channel.confidential ? ", confidential" : "");
    line("// " + text, channel.sentence);
  }
  for (const ir::Holding& one : world.holdings) {
    line(world.at(one.holder).name + " holds " + spell_rights(one.rights) + (one.onward ? ", delegate" : "") + " on " +
             spell_objects(world, one.plane, one.objects, {}) + ";",
         one.sentence);
  }
  for (const ir::Delegation& one : world.delegations) {
    line(world.at(one.from).name + " may delegate " + spell_rights(one.rights) + (one.onward ? ", delegate" : "") +
             " on " + spell_objects(world, one.plane, one.objects, {}) + " to " + world.at(one.to).name + " via " +
             world.at(one.via).name + ";",
         one.sentence);
  }
  for (const ir::Declassification& one : world.declassifications) {
    line(world.at(one.by).name + " declassifies " + world.at(one.from).name + " to " + world.at(one.to).name +
             " through " + world.at(one.through).name + ";",
         one.sentence);
  }
  write_flow();
}

void Dump::write_flow() {
  const ir::FlowMap& flow = world.flow;
  const auto rights = [&](ir::Rights which, const std::string& way) {
    if (!which.empty()) line("flow " + spell_rights(which) + ": " + way + ";");
  };
  const auto channel = [&](bool flows, const std::string& way) {
    if (flows) line("flow " + way + ";");
  };
  rights(flow.into_file, "subject -> file");
  rights(flow.out_of_file, "file -> subject");
  rights(flow.out_of_folder, "folder -> subject");
  rights(flow.into_network, "subject -> network");
  rights(flow.out_of_network, "network -> subject");
  rights(flow.into_loopback, "subject -> loopback");
  rights(flow.out_of_loopback, "loopback -> subject");
  for (std::size_t i = 0; i < ir::kNamespaceKinds; ++i)
    channel(flow.namespaces.at(i), std::string(kNamespaces[i]) + ": subject <-> subject");
  channel(flow.channel, "channel: sender -> receiver");
  channel(flow.backpressure, "limit: receiver -> sender");
  channel(flow.overhearing, "wire: sender -> network");
  channel(flow.forging, "wire: network -> receiver");
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
      text = spell_theorem(world.at(theorem->system), theorem->theorem);
    }
    out += (claim.mode == ir::ClaimMode::Prove ? "prove " : "refute ") + claim.name + ": " + text + ";" + domain + "\n";
  }
  for (const ir::SentenceId id : world.dynamic) line("// without a meaning: " + world.at(id).text, id);
}

}  // namespace

std::string dump(const ir::World& world, const source::SourceMap& sources) {
  Dump dump{world, sources, {}};
  if (!world.module.empty()) dump.line("module " + world.module + ";");
  dump.write_types();
  dump.write_nouns();
  dump.write_sets();
  for (std::size_t i = 0; i < world.subjects.size(); ++i) dump.write_subject(ir::SubjectId(i));
  dump.line("\n// every container:");
  for (const ir::Rule& rule : world.rules) {
    if (!rule.subject) dump.write_rule(rule, "");
  }
  for (const system::System& system : world.systems) dump.out += "\n" + dump_system(system, sources);
  dump.line("");
  dump.write_authority();
  dump.write_claims();
  return std::move(dump.out);
}

}  // namespace bulkhead::frontend
