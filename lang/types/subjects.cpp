// Containers, profiles and hosts: bodies laid over each other, far to near.
#include <algorithm>

#include "lang/base/overloaded.h"
#include "lang/types/amounts.h"
#include "lang/types/attribute_value.h"
#include "lang/types/glob_text.h"
#include "lang/types/lowering.h"
#include "lang/types/quantity.h"
#include "lang/types/rules.h"
#include "lang/types/syscall_action.h"

namespace bulkhead::types {
namespace {

constexpr std::uint64_t kMaxId = 0xFFFFFFFE;  // the last one means "no id" to the kernel

const std::vector<std::string> kLevels{"standard", "enhanced", "maximum"};
const std::vector<std::string> kNamespaces{"pid", "mount", "net", "ipc", "user", "uts", "cgroup"};

/// One subject while its bodies are laid over each other.
struct BodyLowering {
  Lowering& lowering;
  ir::SubjectId id;
  ir::Subject subject;
  Slots slots;
  ir::SentenceId readonly_root;
  // Of the sentence at hand:
  ModuleId module;
  SymbolId profile;
  const ast::BodySentence* sentence = nullptr;

  ir::SentenceId here() { return lowering.sentence(module, sentence->span); }
  /// No rule and no claim form reads this setting: its sentence stands for itself, so that unproved policy names it.
  void stands_alone() { here(); }
  /// A single value is about to be set; reports a second one in the same body.
  void slot(const std::string& what, const source::Span& span) { slots.take(lowering, what, profile, span); }
  void misplaced(const std::string& message, const std::string& help = "") {
    lowering.error(Code::Misplaced, sentence->span, message, help);
  }

  void lower(const ast::ImageUse& use);
  void lower(const ast::Rootfs& rootfs);
  void lower(const ast::MountUse& use);
  void lower(const ast::UserSetting& user);
  void lower(const ast::GroupSetting& group);
  void lower(const ast::Namespaces& namespaces);
  void lower(const ast::SyscallsDeny& deny);
  void lower(const ast::SyscallsDefault& fallback);
  void lower(const ast::Limits& limits) { put_amounts("limits", limits.amounts, subject.limits, true); }
  void lower(const ast::Reserve& reserve) { put_amounts("reserve", reserve.amounts, subject.reserve, false); }
  void lower(const ast::LevelSetting& level);
  void lower(const ast::Environment& environment);
  void lower(const ast::Degrade& degrade);
  void lower(const ast::Clearance& clearance);
  void lower(const ast::LabelSetting& label);
  void lower(const ast::Delegation& delegation) {
    lowering.body_delegations.push_back({id, &delegation, module, sentence->span});
  }
  void lower(const ast::TakingBack& taking) { lowering.body_takings.push_back({id, &taking, module, sentence->span}); }
  void lower(const ast::AttributeSetting& setting);

  void put_amounts(const std::string& keyword, const std::vector<ast::Amount>& amounts, ir::Quantities& quantities,
                   bool positive);
  void put_attribute(ir::AttributeId attribute, ir::Value value);
  void put_rules();
  void note_files();
  std::optional<ir::NamespaceSetting> setting_of(const ast::NamespaceEntry& entry);
};

void BodyLowering::lower(const ast::ImageUse& use) {
  slot("image", sentence->span);
  subject.image = use.image.value;
  subject.image_sentence = here();
  subject.image_key.clear();
  if (!use.key) return;
  if (lowering.find(Space::Keys, *use.key, module)) subject.image_key = use.key->text;
}

void BodyLowering::lower(const ast::Rootfs& rootfs) {
  slot("rootfs", sentence->span);
  if (rootfs.mode.text != "readonly" && rootfs.mode.text != "writable") {
    lowering.unknown_word(Code::UnknownWord, rootfs.mode, "mode of a root", {"readonly", "writable"});
    return;
  }
  subject.rootfs_readonly = rootfs.mode.text == "readonly";
  readonly_root = subject.rootfs_readonly ? here() : ir::SentenceId{};
}

void BodyLowering::lower(const ast::MountUse& use) {
  const auto symbol = lowering.find(Space::Objects, use.volume, module);
  if (!check_path(use.target, "the target of a mount", lowering.sources, lowering.sink) || !symbol) return;
  if (lowering.names.at(*symbol).kind != Kind::Volume) return lowering.wrong_kind(use.volume, *symbol, "a volume");
  if (use.target.value == "/") {
    lowering.error(Code::BadMount, use.target.span, "a volume cannot take the place of the own root",
                   "mount it below: `at \"/data\"`");
    return;
  }
  lowering.used[symbol->index()] = true;
  slot("mount at `" + use.target.value + "`", use.target.span);
  const auto same = [&](const ir::Mount& mount) { return mount.target == use.target.value; };
  subject.mounts.erase(std::remove_if(subject.mounts.begin(), subject.mounts.end(), same), subject.mounts.end());
  subject.mounts.push_back({lowering.volumes[symbol->index()], use.target.value, use.readonly, here()});
}

void BodyLowering::lower(const ast::UserSetting& user) {
  slot("user", sentence->span);
  stands_alone();
  const auto id_number = plain_number(user.id, 0, kMaxId, "a user", lowering.sink);
  if (id_number) subject.user = static_cast<std::uint32_t>(*id_number);
}

void BodyLowering::lower(const ast::GroupSetting& group) {
  slot("group", sentence->span);
  stands_alone();
  const auto id_number = plain_number(group.id, 0, kMaxId, "a group", lowering.sink);
  if (id_number) subject.group = static_cast<std::uint32_t>(*id_number);
}

std::optional<ir::NamespaceSetting> BodyLowering::setting_of(const ast::NamespaceEntry& entry) {
  ir::NamespaceSetting setting;
  if (entry.mode.text == "private") return setting;
  if (entry.mode.text == "host") {
    setting.mode = ir::NamespaceSetting::Mode::Host;
    return setting;
  }
  if (entry.mode.text != "with" || !entry.with) {
    lowering.unknown_word(Code::UnknownWord, entry.mode, "mode of a namespace", {"private", "host", "with"});
    return std::nullopt;
  }
  const auto other = lowering.find(Space::Subjects, *entry.with, module);
  if (!other) return std::nullopt;
  if (lowering.names.at(*other).kind != Kind::Container) {
    lowering.wrong_kind(*entry.with, *other, "a container");
    return std::nullopt;
  }
  setting.mode = ir::NamespaceSetting::Mode::With;
  setting.with = lowering.subjects[other->index()];
  if (setting.with != id) return setting;
  lowering.error(Code::Misplaced, entry.with->span, "a container cannot share a namespace with itself",
                 "write `private`");
  return std::nullopt;
}

void BodyLowering::lower(const ast::Namespaces& namespaces) {
  for (const ast::NamespaceEntry& entry : namespaces.entries) {
    auto setting = setting_of(entry);
    if (setting) {
      setting->sentence =
          lowering.sentence(module, entry.span, "namespaces " + source::one_line(lowering.sources.slice(entry.span)));
    }
    for (const ast::Name& kind : entry.kinds) {
      const auto found = std::find(kNamespaces.begin(), kNamespaces.end(), kind.text);
      if (found == kNamespaces.end()) {
        lowering.unknown_word(Code::UnknownWord, kind, "kind of namespace", kNamespaces);
        continue;
      }
      slot("namespace `" + kind.text + "`", kind.span);
      if (setting) subject.namespaces.at(static_cast<std::size_t>(found - kNamespaces.begin())) = *setting;
    }
  }
}

void BodyLowering::lower(const ast::SyscallsDeny& deny) {
  const auto denial = lower_denial(lowering, deny, *sentence, module);
  // Nearest first: the first denial that matches a call is its answer.
  if (denial) subject.denials.insert(subject.denials.begin(), *denial);
}

void BodyLowering::lower(const ast::SyscallsDefault& fallback) {
  slot("syscalls default", sentence->span);
  if (const auto action = lower_action(lowering, fallback.action)) subject.default_denial = *action;
}

void BodyLowering::lower(const ast::LevelSetting& level) {
  slot("level", sentence->span);
  const auto found = std::find(kLevels.begin(), kLevels.end(), level.level.text);
  if (found == kLevels.end()) return lowering.unknown_word(Code::UnknownWord, level.level, "level", kLevels);
  subject.level = static_cast<ir::Level>(found - kLevels.begin());
  subject.level_sentence = here();
}

void BodyLowering::lower(const ast::Environment& environment) {
  for (const ast::Name& name : environment.names) {
    const auto& names = subject.environment;
    if (std::find(names.begin(), names.end(), name.text) == names.end()) subject.environment.push_back(name.text);
  }
}

void BodyLowering::lower(const ast::Degrade& degrade) {
  for (const ast::Degrade::Entry& entry : degrade.entries) {
    slot("degrade `" + entry.layer.text + "`", entry.layer.span);
    const std::string layer = entry.layer.text + ":";
    const auto same = [&](const std::string& other) { return other.compare(0, layer.size(), layer) == 0; };
    subject.degrade.erase(std::remove_if(subject.degrade.begin(), subject.degrade.end(), same), subject.degrade.end());
    subject.degrade.push_back(layer + entry.to.text);
  }
}

void BodyLowering::put_attribute(ir::AttributeId attribute, ir::Value value) {
  auto& values = subject.attributes;
  const auto at = std::lower_bound(values.begin(), values.end(), attribute,
                                   [](const auto& entry, ir::AttributeId wanted) { return entry.first < wanted; });
  if (at != values.end() && at->first == attribute) {
    at->second = std::move(value);
  } else {
    values.insert(at, {attribute, std::move(value)});
  }
}

void BodyLowering::lower(const ast::Clearance& clearance) {
  slot("clearance", sentence->span);
  const auto label = lowering.find(Space::Labels, clearance.label, module);
  if (!label) return;
  subject.clearance = lowering.labels[label->index()];
  if (lowering.clearance) put_attribute(*lowering.clearance, *subject.clearance);  // none where only hosts are cleared
}

void BodyLowering::lower(const ast::LabelSetting& setting) {
  slot("label", sentence->span);
  const auto label = lowering.find(Space::Labels, setting.label, module);
  if (label) subject.label = lowering.labels[label->index()];
}

void BodyLowering::lower(const ast::AttributeSetting& setting) {
  slot("`" + setting.attribute.text + "`", sentence->span);
  ir::AttributeId attribute;
  if (const auto symbol = lowering.names.peek(Space::ContainerAttributes, setting.attribute.text)) {
    if (lowering.find(Space::ContainerAttributes, setting.attribute, module))
      attribute = lowering.attributes[symbol->index()];
  } else if (const auto found = lowering.inferred.find(setting.attribute.text); found != lowering.inferred.end()) {
    attribute = found->second;
  }
  if (!attribute.valid()) return;
  const ir::Attribute declared = lowering.world.at(attribute);
  if (auto value = attribute_value(lowering, setting, declared, module)) put_attribute(attribute, std::move(*value));
}

void BodyLowering::put_amounts(const std::string& keyword, const std::vector<ast::Amount>& amounts,
                               ir::Quantities& quantities, bool positive) {
  for (const ast::Amount& amount : amounts) {
    slot(keyword + " `" + amount.resource.text + "`", amount.span);
    const auto lowered = lower_amount(lowering, amount, positive);
    if (!lowered) continue;
    const std::string text = keyword + " " + source::one_line(lowering.sources.slice(amount.span));
    quantity_of(quantities, lowered->first) =
        ir::Quantity{lowered->second, lowering.sentence(module, amount.span, text)};
  }
}

void BodyLowering::put_rules() {
  for (ir::Rule rule : lower_body_rules(lowering, *sentence, module)) {
    const std::size_t size =
        1 + rule.objects.files.size() + rule.objects.nets.size() + rule.objects.syscalls.size() / 16;
    if (!lowering.spend(size, sentence->span)) return;
    rule.subject = id;
    lowering.world.rules.push_back(std::move(rule));
  }
}

/// Only what stands in the subject's own body: a profile does not know what is mounted.
void BodyLowering::note_files() {
  const auto* rule = std::get_if<ast::Rule>(&sentence->form);
  if (rule == nullptr || profile.valid()) return;
  Lowering::FileNote note;
  note.subject = id;
  note.effect = rule->effect == ast::Effect::Allow ? ir::Effect::Permit : ir::Effect::Forbid;
  note.span = rule->objects.span;
  for (const ast::ObjectItem& item : rule->objects.items) {
    const auto* pattern = std::get_if<ast::FilePattern>(&item);
    if (pattern == nullptr) continue;
    ir::VolumeId volume = ir::kOwnRoot;
    if (pattern->volume) {
      const auto symbol = lowering.names.peek(Space::Objects, pattern->volume->text);
      volume = pattern->volume->text == "host" ? ir::kHost
               : symbol                        ? lowering.volumes[symbol->index()]
                                               : ir::VolumeId{};
    }
    if (volume.valid()) note.patterns.push_back({volume, pattern->glob.value, ""});
  }
  if (!note.patterns.empty()) lowering.file_notes.push_back(std::move(note));
}

void lower_body(BodyLowering& body) {
  const auto rules = [&](const auto&) {
    body.put_rules();
    body.note_files();
  };
  std::visit(Overloaded{
                 [&](const ast::ImageUse& form) { body.lower(form); },
                 [&](const ast::Rootfs& form) { body.lower(form); },
                 [&](const ast::MountUse& form) { body.lower(form); },
                 [&](const ast::UserSetting& form) { body.lower(form); },
                 [&](const ast::GroupSetting& form) { body.lower(form); },
                 [&](const ast::Namespaces& form) { body.lower(form); },
                 [&](const ast::SyscallsAllow& form) { rules(form); },
                 [&](const ast::SyscallsDeny& form) {
                   rules(form);
                   body.lower(form);
                 },
                 [&](const ast::SyscallsDefault& form) { body.lower(form); },
                 [&](const ast::Limits& form) { body.lower(form); },
                 [&](const ast::Reserve& form) { body.lower(form); },
                 [&](const ast::Capacity&) {
                   body.misplaced("`capacity` is about hosts", "a container has `limits` and `reserve`");
                 },
                 [&](const ast::LevelSetting& form) { body.lower(form); },
                 [&](const ast::Environment& form) { body.lower(form); },
                 [&](const ast::Degrade& form) { body.lower(form); },
                 [&](const ast::Capabilities& form) { rules(form); },
                 [&](const ast::Clearance& form) { body.lower(form); },
                 [&](const ast::AttributeSetting& form) { body.lower(form); },
                 [&](const ast::Rule& form) { rules(form); },
                 [&](const ast::LabelSetting& form) { body.lower(form); },
                 [&](const ast::Delegation& form) { body.lower(form); },
                 [&](const ast::TakingBack& form) { body.lower(form); },
             },
             body.sentence->form);
}

void lower_container(Lowering& lowering, SymbolId symbol, ir::SubjectId id) {
  BodyLowering body{lowering, id, lowering.world.at(id), {}, {}, {}, {}, nullptr};
  for (const resolve::Layer& layer : lowering.layers[symbol.index()]) {
    body.module = layer.module;
    body.profile = layer.profile;
    for (const ast::BodySentence& sentence : layer.body->sentences) {
      body.sentence = &sentence;
      lower_body(body);
    }
  }
  lowering.rootfs[id.index()] = body.readonly_root;
  lowering.world.subjects[id.index()] = std::move(body.subject);
}

void lower_host(Lowering& lowering, SymbolId symbol, ir::SubjectId id) {
  const auto& decl = std::get<ast::HostDecl>(lowering.sentence_of(symbol).form);
  BodyLowering body{lowering, id, lowering.world.at(id), {}, {}, lowering.names.at(symbol).module, {}, nullptr};
  for (const ast::BodySentence& sentence : decl.body.sentences) {
    body.sentence = &sentence;
    if (const auto* capacity = std::get_if<ast::Capacity>(&sentence.form)) {
      body.put_amounts("capacity", capacity->amounts, body.subject.capacity, false);
    } else if (const auto* reserve = std::get_if<ast::Reserve>(&sentence.form)) {
      body.lower(*reserve);
    } else if (std::holds_alternative<ast::Rule>(sentence.form)) {
      body.put_rules();
    } else if (const auto* clearance = std::get_if<ast::Clearance>(&sentence.form)) {
      body.lower(*clearance);
    } else if (const auto* label = std::get_if<ast::LabelSetting>(&sentence.form)) {
      body.lower(*label);
    } else if (const auto* delegation = std::get_if<ast::Delegation>(&sentence.form)) {
      body.lower(*delegation);
    } else if (const auto* taking = std::get_if<ast::TakingBack>(&sentence.form)) {
      body.lower(*taking);
    } else {
      body.misplaced("this sentence is about containers",
                     "a host has `capacity`, `reserve`, `clearance`, `label` and rules");
    }
  }
  lowering.world.subjects[id.index()] = std::move(body.subject);
}

}  // namespace

void lower_subjects(Lowering& lowering) {
  for (std::size_t i = 0; i < lowering.subjects.size(); ++i) {
    const ir::SubjectId id = lowering.subjects[i];
    if (!id.valid()) continue;
    if (lowering.world.at(id).kind == ir::SubjectKind::Host) {
      lower_host(lowering, SymbolId(i), id);
    } else if (lowering.world.at(id).kind != ir::SubjectKind::Plain) {
      lower_container(lowering, SymbolId(i), id);
      if (const auto twin = lowering.world.at(id).twin) lower_container(lowering, SymbolId(i), *twin);
    }
  }
}

}  // namespace bulkhead::types
