#include <array>

#include "lang/base/check.h"
#include "lang/syntax/build.h"

namespace bulkhead::syntax {

ast::SyscallsDecl::Entry syscall_entry(Build& build, const Cursor& at) {
  ast::SyscallsDecl::Entry entry{name(at.only(Rule::Name)), std::nullopt, std::nullopt, at.span()};
  const std::vector<Cursor> numbers = at.children(Rule::SyscallNumber);
  if (numbers[0].text() != "-") entry.x86_64 = number(build, numbers[0].inside());
  if (numbers[1].text() != "-") entry.aarch64 = number(build, numbers[1].inside());
  return entry;
}

ast::KernelCapabilitiesDecl::Entry kernel_entry(Build& build, const Cursor& at) {
  return {name(at.only(Rule::Name)), number(build, at.words()[0]), at.span()};
}

ast::Property property(Build& build, const Cursor& at) {
  return {name(at.only(Rule::Name)), value(build, at.only(Rule::Value)), at.span()};
}

ast::EnumDecl enum_decl(const Cursor& at) {
  std::vector<ast::Name> all = names(at);
  ast::EnumDecl decl{all[0], {}};
  decl.members.assign(all.begin() + 1, all.end());
  return decl;
}

namespace {

using Form = ast::SentenceForm;

Form label_decl(Build&, const Cursor& at) {
  ast::LabelDecl decl;
  for (const Cursor& chain : at.children(Rule::LabelChain)) decl.chains.push_back(names(chain));
  return decl;
}

Form enum_sentence(Build&, const Cursor& at) {
  return enum_decl(at);
}

Form attribute_decl(Build&, const Cursor& at) {
  const std::vector<ast::Name> all = names(at);
  const auto of = at.rule() == Rule::ContextDecl ? ast::AttributeDecl::Of::Context : ast::AttributeDecl::Of::Container;
  return ast::AttributeDecl{of, all[0], all[1], at.has("optional")};
}

Form volume_decl(Build& build, const Cursor& at) {
  ast::VolumeDecl decl;
  for (const Cursor& child : at.children(Rule::VolumeItem)) {
    const std::vector<ast::Name> words = names(child);
    ast::VolumeDecl::Item item{words[0], std::nullopt, std::nullopt, std::nullopt, child.span()};
    if (const auto from = child.child(Rule::FilePattern)) item.source = file_pattern(build, *from);
    if (const auto size = child.child(Rule::Number)) item.tmpfs = number(build, *size);
    if (words.size() > 1) item.label = words[1];
    decl.items.push_back(std::move(item));
  }
  return decl;
}

Form file_decl(Build& build, const Cursor& at) {
  const std::vector<ast::Name> all = names(at);
  ast::FileDecl decl{all[0], objects(build, at.only(Rule::Objects)), std::nullopt};
  if (all.size() > 1) decl.label = all[1];
  return decl;
}

Form net_decl(Build& build, const Cursor& at) {
  const std::vector<ast::Name> all = names(at);
  ast::NetDecl decl{all[0], {}, std::nullopt};
  if (all.size() > 1) decl.label = all[1];
  const std::vector<Cursor> items = at.children(Rule::NetItem);
  decl.objects.span = {at.span().file, items.front().span().begin, items.back().span().end};
  for (const Cursor& item : items) {
    const Cursor inner = item.inside();
    if (inner.rule() == Rule::Path) {
      decl.objects.items.emplace_back(path(inner));
    } else {
      decl.objects.items.emplace_back(net_pattern(build, inner));
    }
  }
  return decl;
}

std::vector<ast::Property> properties(Build& build, const Cursor& at) {
  std::vector<ast::Property> found;
  for (const Cursor& child : at.children(Rule::Property)) found.push_back(property(build, child));
  return found;
}

Form key_decl(Build& build, const Cursor& at) {
  return ast::KeyDecl{name(at.only(Rule::Name)), properties(build, at)};
}

Form image_decl(Build& build, const Cursor& at) {
  ast::ImageDecl decl{string(build, at.only(Rule::String)), {}, properties(build, at)};
  for (const Cursor& digest : at.children(Rule::Digest)) decl.digests.push_back(name(digest.words()[1]));
  return decl;
}

Form pod_decl(Build&, const Cursor& at) {
  std::vector<ast::Name> all = names(at);
  ast::PodDecl decl{all[0], {}};
  decl.members.assign(all.begin() + 1, all.end());
  return decl;
}

std::vector<ast::Name> uses(const Cursor& at) {
  const auto found = at.child(Rule::Uses);
  return found ? names(*found) : std::vector<ast::Name>{};
}

Form host_decl(Build& build, const Cursor& at) {
  return ast::HostDecl{name(at.only(Rule::Name)), body(build, at.only(Rule::Body))};
}
Form container_decl(Build& build, const Cursor& at) {
  return ast::ContainerDecl{name(at.only(Rule::Name)), uses(at), body(build, at.only(Rule::Body))};
}
Form extend_decl(Build& build, const Cursor& at) {
  return ast::ExtendDecl{name(at.only(Rule::Name)), body(build, at.only(Rule::Body))};
}
Form profile_decl(Build& build, const Cursor& at) {
  return ast::ProfileDecl{name(at.only(Rule::Name)), uses(at), body(build, at.only(Rule::Body))};
}

Form syscalls_decl(Build& build, const Cursor& at) {
  std::vector<ast::Name> all = names(at);
  ast::SyscallsDecl decl{all[0], {}, {}};
  decl.union_of.assign(all.begin() + 1, all.end());
  for (const Cursor& child : at.children(Rule::SyscallEntry)) decl.entries.push_back(syscall_entry(build, child));
  return decl;
}

Form kernel_decl(Build& build, const Cursor& at) {
  ast::KernelCapabilitiesDecl decl;
  for (const Cursor& child : at.children(Rule::KernelEntry)) decl.entries.push_back(kernel_entry(build, child));
  return decl;
}

Form access_form(Build& build, const Cursor& at) {
  return access_rule(build, at);
}
Form model_form(Build& build, const Cursor& at) {
  return model_decl(build, at);
}
Form variant_form(Build& build, const Cursor& at) {
  return variant_decl(build, at);
}
Form view_form(Build& build, const Cursor& at) {
  return view_decl(build, at);
}
Form protocol_form(Build& build, const Cursor& at) {
  return protocol_decl(build, at);
}
Form channel_form(Build& build, const Cursor& at) {
  return channel_decl(build, at);
}
Form lifecycle_form(Build& build, const Cursor& at) {
  return lifecycle_decl(build, at);
}
Form claim_sentence(Build& build, const Cursor& at) {
  return claim(build, at);
}

Form dynamic_sentence(Build&, const Cursor& at) {
  ast::DynamicSentence dynamic{name(at.inside()), names(at), as_written(at)};
  return dynamic;
}

struct Row {
  Rule rule;
  Form (*make)(Build&, const Cursor&);
};
constexpr std::array kForms = {
    Row{Rule::LabelDecl, label_decl},
    Row{Rule::EnumDecl, enum_sentence},
    Row{Rule::AttributeDecl, attribute_decl},
    Row{Rule::ContextDecl, attribute_decl},
    Row{Rule::VolumeDecl, volume_decl},
    Row{Rule::FileDecl, file_decl},
    Row{Rule::NetDecl, net_decl},
    Row{Rule::KeyDecl, key_decl},
    Row{Rule::ImageDecl, image_decl},
    Row{Rule::PodDecl, pod_decl},
    Row{Rule::HostDecl, host_decl},
    Row{Rule::ContainerDecl, container_decl},
    Row{Rule::ExtendDecl, extend_decl},
    Row{Rule::ProfileDecl, profile_decl},
    Row{Rule::SyscallsDecl, syscalls_decl},
    Row{Rule::KernelDecl, kernel_decl},
    Row{Rule::AccessRule, access_form},
    Row{Rule::SubjectSentence, subject_sentence},
    Row{Rule::SubjectDecl, authority_sentence},
    Row{Rule::CapabilityDecl, authority_sentence},
    Row{Rule::TrustedDecl, authority_sentence},
    Row{Rule::OpenDecl, authority_sentence},
    Row{Rule::FlowDecl, authority_sentence},
    Row{Rule::PackUse, authority_sentence},
    Row{Rule::ModelDecl, model_form},
    Row{Rule::VariantDecl, variant_form},
    Row{Rule::ViewDecl, view_form},
    Row{Rule::ProtocolDecl, protocol_form},
    Row{Rule::ChannelDecl, channel_form},
    Row{Rule::LifecycleDecl, lifecycle_form},
    Row{Rule::Claim, claim_sentence},
    Row{Rule::DynamicSentence, dynamic_sentence},
};

}  // namespace

ast::Sentence sentence(Build& build, const Cursor& at) {
  const Cursor inner = at.inside();
  for (const Row& row : kForms) {
    if (row.rule == inner.rule()) return {at.span(), doc_above(build, at.span()), row.make(build, inner)};
  }
  BH_CHECK(false, "every form of sentence has a builder");
  return {};
}

}  // namespace bulkhead::syntax
