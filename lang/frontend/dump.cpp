#include "lang/frontend/dump.h"

#include <algorithm>
#include <set>

#include "lang/frontend/dump_authority.h"
#include "lang/frontend/spell.h"
#include "lang/frontend/spell_net.h"
#include "lang/system/dump.h"
#include "lang/types/amounts.h"
#include "lang/types/syscall_action.h"

namespace bulkhead::frontend {
namespace {

constexpr std::string_view kLevels[] = {"standard", "enhanced", "maximum"};
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
  bool labels_device(const ir::ObjectSet& set) const;
  std::string label_of(const ir::Volume& device) const;
  void write_life(const ir::Subject& subject);
  void write_sets();
  void write_set(const ir::ObjectSet& set);
  void write_subject(ir::SubjectId id);
  void write_body(ir::SubjectId id);
  std::string body_text(ir::SubjectId id) const;
  std::string body_name(ir::SubjectId open) const;
  bool is_body(ir::SubjectId profile) const;
  void write_container(const ir::Subject& subject);
  void write_quantities(const std::string& keyword, const ir::Quantities& quantities);
  bool answers(const ir::Rule& rule) const;
  void write_rule(const ir::Rule& rule, const std::string& indent, const std::string& subject = "");
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
  const bool cleared = std::any_of(world.subjects.begin(), world.subjects.end(), [](const ir::Subject& one) {
    return one.clearance.has_value() && one.kind != ir::SubjectKind::Host;
  });
  for (const ir::Attribute& attribute : world.attributes) {
    if (cleared && attribute.name == "clearance") continue;  // the setting declares it
    const std::string type = attribute.type.kind == ir::TypeKind::Enum
                                 ? world.enums.at(attribute.type.enumeration.index()).name
                                 : std::string(kTypes[static_cast<std::size_t>(attribute.type.kind)]);
    line((attribute.source == ir::Source::Context ? "context " : "attribute ") + attribute.name + ": " + type +
         (attribute.optional ? " optional;" : ";"));
  }
}

/// Whether the set says no more than the label of a device, which stands with the device.
bool Dump::labels_device(const ir::ObjectSet& set) const {
  const auto& files = set.patterns.files;
  return set.label && files.size() == 1 && files.front().glob == "/**" &&  // nobody writes such a pattern of a device
         world.at(files.front().volume).kind == ir::VolumeKind::Device;
}

std::string Dump::label_of(const ir::Volume& device) const {
  for (const ir::ObjectSet& set : world.sets) {
    if (labels_device(set) && world.at(set.patterns.files.front().volume).name == device.name)
      return " label " + world.at(*set.label).name;
  }
  return "";
}

void Dump::write_nouns() {
  for (const ir::Volume& volume : world.volumes) {
    if (volume.kind == ir::VolumeKind::Device) line("device " + volume.name + label_of(volume) + ";", volume.sentence);
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
  for (const ir::Rule& rule : world.rules) {
    if (!answers(rule)) used.insert(rule.sets.begin(), rule.sets.end());
  }
  for (const bool imported : {false, true}) {
    for (std::size_t i = 0; i < world.sets.size(); ++i) {
      const ir::ObjectSet& set = world.sets[i];
      const bool needed = used.count(ir::ObjectSetId(i)) != 0 || !(world.at(set.sentence).library || is_imported(set));
      if (needed && is_imported(set) == imported && !labels_device(set)) write_set(set);
    }
  }
}

void Dump::write_set(const ir::ObjectSet& set) {
  const std::string keyword = set.plane == ir::Plane::Syscall ? "syscalls" : std::string(ir::to_string(set.plane));
  std::string text = keyword + " " + set.name + " = ";
  text += set.plane == ir::Plane::Net && !set.patterns.everything ? spell_net_groups(set.patterns.nets)
                                                                  : spell_patterns(world, set.plane, set.patterns);
  if (set.label) text += " label " + world.at(*set.label).name;
  line((is_imported(set) ? "// " : "") + text + ";", set.sentence);
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
    block("namespaces { " + std::string(kNamespaceWords[i]) + ": " + mode + "; }", space.sentence);
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

/// `syscalls deny` says what is answered and forbids the calls: it is written as the one, which makes the other.
bool Dump::answers(const ir::Rule& rule) const {
  if (!rule.subject || rule.effect != ir::Effect::Forbid || !rule.sentence.valid()) return false;
  const auto& denials = world.at(*rule.subject).denials;
  return std::any_of(denials.begin(), denials.end(),
                     [&](const ir::SyscallDenial& one) { return one.sentence == rule.sentence; });
}

void Dump::write_rule(const ir::Rule& rule, const std::string& indent, const std::string& subject) {
  if (answers(rule)) return;
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

void Dump::write_body(ir::SubjectId id) {
  const ir::Subject& subject = world.at(id);
  const bool has_body = subject.kind == ir::SubjectKind::Container || subject.kind == ir::SubjectKind::Profile;
  if (has_body) write_container(subject);
  // Of a container it is an attribute, too, and stands with those.
  if (!has_body && subject.clearance) setting("clearance " + world.at(*subject.clearance).name);
  if (!has_body && subject.label) setting("label " + world.at(*subject.label).name);
  write_quantities("capacity", subject.capacity);
  write_quantities("limits", subject.limits);
  write_quantities("reserve", subject.reserve);
  for (const ir::Rule& rule : world.rules) {
    if (rule.subject == id) write_rule(rule, "    ");
  }
}

/// What is written in a body, without what follows from other sentences.
std::string Dump::body_text(ir::SubjectId id) const {
  Dump body{world, sources, {}};
  body.write_body(id);
  std::string text;
  for (std::size_t at = 0; at < body.out.size();) {
    const std::size_t end = body.out.find('\n', at) + 1;
    if (body.out.compare(at, 6, "    //") != 0) text += body.out.substr(at, end - at);
    at = end;
  }
  return text;
}

/// The profile that an open container is written with: its own, which may have been written so before, and else one
/// whose name is not taken.
std::string Dump::body_name(ir::SubjectId open) const {
  std::string name = world.at(open).name + "_body";
  const auto taken = [&](const std::string& one) {
    for (std::size_t i = 0; i < world.subjects.size(); ++i) {
      if (world.subjects[i].name != one) continue;
      return world.subjects[i].kind != ir::SubjectKind::Profile || body_text(ir::SubjectId(i)) != body_text(open);
    }
    return false;
  };
  while (taken(name)) name += '_';
  return name;
}

/// The profile is written with the open container that has exactly its body.
bool Dump::is_body(ir::SubjectId profile) const {
  for (std::size_t i = 0; i < world.subjects.size(); ++i) {
    const auto& twin = world.subjects[i].twin;
    if (twin && ir::SubjectId(i) < *twin && body_name(ir::SubjectId(i)) == world.at(profile).name) return true;
  }
  return false;
}

void Dump::write_subject(ir::SubjectId id) {
  static constexpr std::string_view kKinds[] = {"container", "host", "profile"};
  const ir::Subject& subject = world.at(id);
  if (subject.twin && *subject.twin < id) return;  // one body stands for both
  if (subject.kind == ir::SubjectKind::Profile && is_body(id)) return;
  line("");
  if (subject.kind == ir::SubjectKind::Plain) {
    line("subject " + subject.name + ";", subject.sentence);
    for (const ir::Rule& rule : world.rules) {
      if (rule.subject == id) write_rule(rule, "", subject.name + " ");
    }
    return;
  }
  const std::string name = subject.twin ? body_name(id) : subject.name;
  if (subject.twin) line("open container " + subject.name + ": " + name + ";", subject.sentence);
  line(std::string(kKinds[static_cast<std::size_t>(subject.twin ? ir::SubjectKind::Profile : subject.kind)]) + " " +
           name + " {",
       subject.sentence);
  write_body(id);
  line("}");
  write_life(subject);
}

void Dump::write_claims() {
  for (const ir::Claim& claim : world.claims) {
    std::string domain;
    if (claim.quantifier) {
      std::vector<ir::SubjectId> subjects = claim.quantifier->domain;
      std::sort(subjects.begin(), subjects.end());
      for (const ir::SubjectId subject : subjects) domain += " " + world.at(subject).name;
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

/// Names with dots become names that nothing else of the list has: `Quota_Greedy` for `Quota.Greedy`.
template <typename Named>
void give_plain_names(std::vector<Named>& all) {
  std::set<std::string> taken;
  for (const Named& one : all) taken.insert(one.name);
  for (Named& one : all) {
    if (one.name.find('.') == std::string::npos) continue;
    std::string name = one.name;
    std::replace(name.begin(), name.end(), '.', '_');
    while (!taken.insert(name).second) name += '_';
    one.name = name;
  }
}

/// A variant is written out as a model of its own, a claim of a pack as one of the policy: so they have names of their
/// own.
ir::World with_plain_names(ir::World world) {
  give_plain_names(world.systems);
  give_plain_names(world.claims);
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
  dump.out += dump_authority(world, [&](ir::SentenceId id) { return dump.origin(id); });
  dump.write_claims();
  return std::move(dump.out);
}

}  // namespace bulkhead::frontend
