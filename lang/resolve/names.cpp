#include "lang/resolve/names.h"

#include "lang/base/check.h"
#include "lang/base/overloaded.h"

namespace bulkhead::resolve {
namespace {

using diag::Code;

std::size_t index_of(Space space) {
  return static_cast<std::size_t>(space);
}

std::string_view noun_of(Space space) {
  switch (space) {
    case Space::Objects:
      return "volume, device or set";
    case Space::Subjects:
      return "container, host, pod, profile or subject";
    case Space::Labels:
      return "label";
    case Space::Enums:
      return "enum";
    case Space::Keys:
      return "key";
    case Space::Syscalls:
      return "system call or set of them";
    case Space::KernelCapabilities:
      return "kernel capability";
    case Space::ContainerAttributes:
      return "attribute";
    case Space::ContextAttributes:
      return "context attribute";
    case Space::Models:
      return "model";
    case Space::Channels:
      return "channel";
    case Space::Capabilities:
      return "capability";
  }
  BH_CHECK(false, "an unknown space of names");
}

}  // namespace

Space space_of(Kind kind) {
  switch (kind) {
    case Kind::Volume:
    case Kind::FileSet:
    case Kind::NetSet:
    case Kind::Device:
      return Space::Objects;
    case Kind::Container:
    case Kind::Host:
    case Kind::Profile:
    case Kind::Pod:
    case Kind::Subject:
      return Space::Subjects;
    case Kind::Label:
      return Space::Labels;
    case Kind::Enum:
      return Space::Enums;
    case Kind::Key:
      return Space::Keys;
    case Kind::SyscallSet:
    case Kind::Syscall:
      return Space::Syscalls;
    case Kind::KernelCapability:
      return Space::KernelCapabilities;
    case Kind::ContainerAttribute:
      return Space::ContainerAttributes;
    case Kind::ContextAttribute:
      return Space::ContextAttributes;
    case Kind::Model:
      return Space::Models;
    case Kind::Channel:
      return Space::Channels;
    case Kind::Capability:
      return Space::Capabilities;
    case Kind::Dynamic:
      break;
  }
  BH_CHECK(false, "a dynamic name has no space");
}

std::string_view to_string(Kind kind) {
  switch (kind) {
    case Kind::Volume:
      return "volume";
    case Kind::FileSet:
      return "set of files";
    case Kind::NetSet:
      return "set of network addresses";
    case Kind::Device:
      return "device";
    case Kind::Subject:
      return "subject";
    case Kind::Channel:
      return "channel";
    case Kind::Capability:
      return "capability";
    case Kind::Container:
      return "container";
    case Kind::Host:
      return "host";
    case Kind::Profile:
      return "profile";
    case Kind::Pod:
      return "pod";
    case Kind::Label:
      return "label";
    case Kind::Enum:
      return "enum";
    case Kind::Key:
      return "key";
    case Kind::SyscallSet:
      return "set of system calls";
    case Kind::Syscall:
      return "system call";
    case Kind::KernelCapability:
      return "kernel capability";
    case Kind::ContainerAttribute:
      return "attribute of containers";
    case Kind::ContextAttribute:
      return "attribute of the context";
    case Kind::Model:
      return "model";
    case Kind::Dynamic:
      return "name of a sentence about behaviour";
  }
  BH_CHECK(false, "an unknown kind of name");
}

void Names::declare(Kind kind, ModuleId module, const ast::Name& name, std::size_t sentence, std::size_t item,
                    diag::DiagnosticSink& sink) {
  auto& space = kind == Kind::Dynamic ? dynamic_ : spaces_[index_of(space_of(kind))];
  const auto found = space.find(name.text);
  if (found != space.end()) {
    const Symbol& earlier = symbols_[found->second.index()];
    // A label may stand in several chains: the first one declares it. Channels are reported where they are checked.
    if (kind == Kind::Label || kind == Kind::Dynamic || kind == Kind::Channel) return;
    sink.report({Code::DuplicateName,
                 name.span,
                 "`" + name.text + "` is declared twice",
                 {{earlier.name.span, "first declared here, as a " + std::string(to_string(earlier.kind))}},
                 "names are unique in the whole policy, imports included",
                 {}});
    return;
  }
  space.emplace(name.text, SymbolId(symbols_.size()));
  symbols_.push_back({kind, module, name, sentence, item});
}

void Names::declare_sentence(ModuleId module, std::size_t sentence, diag::DiagnosticSink& sink) {
  const auto put = [&](Kind kind, const ast::Name& name, std::size_t item = 0) {
    declare(kind, module, name, sentence, item, sink);
  };
  std::visit(Overloaded{
                 [&](const ast::LabelDecl& decl) {
                   std::size_t item = 0;
                   for (const auto& chain : decl.chains) {
                     for (const ast::Name& label : chain) put(Kind::Label, label, item++);
                   }
                 },
                 [&](const ast::EnumDecl& decl) { put(Kind::Enum, decl.name); },
                 [&](const ast::AttributeDecl& decl) {
                   const bool context = decl.of == ast::AttributeDecl::Of::Context;
                   put(context ? Kind::ContextAttribute : Kind::ContainerAttribute, decl.name);
                 },
                 [&](const ast::VolumeDecl& decl) {
                   for (std::size_t i = 0; i < decl.items.size(); ++i) put(Kind::Volume, decl.items[i].name, i);
                 },
                 [&](const ast::FileDecl& decl) { put(Kind::FileSet, decl.name); },
                 [&](const ast::NetDecl& decl) { put(Kind::NetSet, decl.name); },
                 [&](const ast::KeyDecl& decl) { put(Kind::Key, decl.name); },
                 [&](const ast::ImageDecl&) {},
                 [&](const ast::PodDecl& decl) { put(Kind::Pod, decl.name); },
                 [&](const ast::HostDecl& decl) { put(Kind::Host, decl.name); },
                 [&](const ast::ContainerDecl& decl) { put(Kind::Container, decl.name); },
                 [&](const ast::ExtendDecl&) {},
                 [&](const ast::ProfileDecl& decl) { put(Kind::Profile, decl.name); },
                 [&](const ast::SyscallsDecl& decl) {
                   put(Kind::SyscallSet, decl.name);
                   for (std::size_t i = 0; i < decl.entries.size(); ++i) put(Kind::Syscall, decl.entries[i].name, i);
                 },
                 [&](const ast::KernelCapabilitiesDecl& decl) {
                   for (std::size_t i = 0; i < decl.entries.size(); ++i) {
                     put(Kind::KernelCapability, decl.entries[i].name, i);
                   }
                 },
                 [&](const ast::AccessRule&) {},
                 [&](const ast::SubjectRule&) {},
                 [&](const ast::ModelDecl& decl) { put(Kind::Model, decl.name); },
                 [&](const ast::VariantDecl&) {},
                 [&](const ast::ViewDecl&) {},
                 [&](const ast::ProtocolDecl& decl) { put(Kind::Dynamic, decl.name); },  // one with a mistake
                 [&](const ast::ChannelDecl& decl) { put(Kind::Channel, decl.name); },
                 [&](const ast::LifecycleDecl&) {},
                 [&](const ast::SubjectDecl& decl) {
                   const Kind kind = decl.of == ast::SubjectDecl::Of::Device ? Kind::Device : Kind::Subject;
                   for (std::size_t i = 0; i < decl.names.size(); ++i) put(kind, decl.names[i], i);
                 },
                 [&](const ast::CapabilityDecl& decl) { put(Kind::Capability, decl.name); },
                 [&](const ast::OpenContainerDecl& decl) { put(Kind::Container, decl.name); },
                 [&](const ast::Holding&) {},
                 [&](const ast::SubjectDelegation&) {},
                 [&](const ast::SubjectTakingBack&) {},
                 [&](const ast::Declassification&) {},
                 [&](const ast::TrustedDecl&) {},
                 [&](const ast::FlowDecl&) {},
                 [&](const ast::PackUse&) {},
                 [&](const ast::Claim&) {},
                 [&](const ast::DynamicSentence& dynamic) {
                   for (const ast::Name& name : dynamic.names) put(Kind::Dynamic, name);
                 },
             },
             modules_->at(module).tree.sentences[sentence].form);
}

Names Names::collect(const Modules& modules, diag::DiagnosticSink& sink) {
  Names names;
  names.modules_ = &modules;
  for (std::size_t m = 0; m < modules.modules.size(); ++m) {
    for (std::size_t s = 0; s < modules.modules[m].tree.sentences.size(); ++s) {
      names.declare_sentence(ModuleId(m), s, sink);
    }
  }
  return names;
}

std::optional<SymbolId> Names::peek(Space space, std::string_view name) const {
  const auto& table = spaces_[index_of(space)];
  const auto found = table.find(name);
  if (found == table.end()) return std::nullopt;
  return found->second;
}

std::optional<SymbolId> Names::find(Space space, const ast::Name& name, ModuleId from,
                                    diag::DiagnosticSink& sink) const {
  const auto id = peek(space, name.text);
  if (id && modules_->sees[from.index()][at(*id).module.index()]) return id;
  if (id) {
    const Symbol& symbol = at(*id);
    sink.report(
        {Code::NotImported,
         name.span,
         "`" + name.text + "` is declared in `" + modules_->at(symbol.module).name + "`, which is not imported here",
         {{symbol.name.span, "declared here"}},
         "add `import " + modules_->at(symbol.module).name + ";`",
         {}});
    return std::nullopt;
  }
  if (modules_->incomplete) return std::nullopt;
  std::vector<std::string> candidates;
  for (const auto& [candidate, symbol] : spaces_[index_of(space)]) {
    if (modules_->sees[from.index()][at(symbol).module.index()]) candidates.push_back(candidate);
  }
  diag::Diagnostic report{Code::UnknownName, name.span, "", {}, "", {}};
  report.message = "there is no " + std::string(noun_of(space)) + " `" + name.text + "`";
  if (const auto meant = diag::did_you_mean(name.text, candidates)) {
    report.help = "did you mean `" + *meant + "`?";
    report.labels.push_back({at(*peek(space, *meant)).name.span, "`" + *meant + "` is declared here"});
    report.fixes.push_back({name.span, *meant});
  }
  sink.report(std::move(report));
  return std::nullopt;
}

}  // namespace bulkhead::resolve
