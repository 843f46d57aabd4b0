// Which subjects a world has: containers, hosts (always one), the policy's own profiles and those that claims speak of;
// pods.
#include <set>

#include "lang/types/lowering.h"

namespace bulkhead::types {
namespace {

/// Profiles of the library become subjects only where a claim compares something with them.
std::set<std::string> names_in_refinements(const Lowering& lowering) {
  std::set<std::string> names;
  for (const resolve::Module& module : lowering.modules.modules) {
    for (const ast::Sentence& sentence : module.tree.sentences) {
      const auto* claim = std::get_if<ast::Claim>(&sentence.form);
      if (claim == nullptr) continue;
      if (const auto* refines = std::get_if<ast::RefinesClaim>(&claim->form)) {
        names.insert({refines->left.name.text(), refines->right.name.text()});
      } else if (const auto* equal = std::get_if<ast::EquivalentClaim>(&claim->form)) {
        names.insert({equal->left.name.text(), equal->right.name.text()});
      }
    }
  }
  return names;
}

void declare(Lowering& lowering, SymbolId symbol, ir::SubjectKind kind) {
  const resolve::Symbol& declared = lowering.names.at(symbol);
  const ast::Sentence& sentence = lowering.sentence_of(symbol);
  source::Span header = sentence.span;
  std::uint32_t body = header.end;
  if (const auto* container = std::get_if<ast::ContainerDecl>(&sentence.form)) body = container->body.span.begin;
  if (const auto* profile = std::get_if<ast::ProfileDecl>(&sentence.form)) body = profile->body.span.begin;
  if (const auto* host = std::get_if<ast::HostDecl>(&sentence.form)) body = host->body.span.begin;
  header.end = std::max(header.begin, std::min(header.end, body));
  ir::Subject subject;
  subject.name = declared.name.text;
  subject.kind = kind;
  subject.sentence = lowering.sentence(declared.module, header);
  const ir::SubjectId id(lowering.world.subjects.size());
  lowering.subjects[symbol.index()] = id;
  const bool open = std::holds_alternative<ast::OpenContainerDecl>(sentence.form);
  if (open) subject.twin = ir::SubjectId(id.index() + 1);
  lowering.world.subjects.push_back(subject);
  if (!open) return;
  // Any number of containers: two stand for all of them, so that one can meet another. [docs/semantics.md section 1]
  subject.name = "another " + subject.name;
  subject.twin = id;
  lowering.world.subjects.push_back(std::move(subject));
}

}  // namespace

void declare_subjects(Lowering& lowering) {
  const auto& symbols = lowering.names.symbols();
  bool has_host = false;
  for (std::size_t i = 0; i < symbols.size(); ++i) {
    if (symbols[i].kind == Kind::Container) declare(lowering, SymbolId(i), ir::SubjectKind::Container);
  }
  for (std::size_t i = 0; i < symbols.size(); ++i) {
    if (symbols[i].kind != Kind::Host) continue;
    declare(lowering, SymbolId(i), ir::SubjectKind::Host);
    has_host = true;
  }
  if (!has_host) {
    ir::Subject host;
    host.name = "host";
    host.kind = ir::SubjectKind::Host;
    host.sentence = lowering.implied("host: every world has one");
    lowering.world.subjects.push_back(std::move(host));
  }
  const std::set<std::string> compared = names_in_refinements(lowering);
  for (std::size_t i = 0; i < symbols.size(); ++i) {
    if (symbols[i].kind != Kind::Profile) continue;
    const bool own = !lowering.modules.at(symbols[i].module).library;
    if (own || compared.count(symbols[i].name.text) != 0) declare(lowering, SymbolId(i), ir::SubjectKind::Profile);
  }
  for (std::size_t i = 0; i < symbols.size(); ++i) {
    if (symbols[i].kind == Kind::Subject) declare(lowering, SymbolId(i), ir::SubjectKind::Plain);
  }
  lowering.rootfs.resize(lowering.world.subjects.size());
}

void lower_pods(Lowering& lowering) {
  for (std::size_t m = 0; m < lowering.modules.modules.size(); ++m) {
    for (const ast::Sentence& sentence : lowering.modules.modules[m].tree.sentences) {
      const auto* decl = std::get_if<ast::PodDecl>(&sentence.form);
      if (decl == nullptr) continue;
      ir::Pod pod;
      pod.name = decl->name.text;
      pod.sentence = lowering.sentence(ModuleId(m), sentence.span);
      std::set<ir::SubjectId> members;
      for (const ast::Name& member : decl->members) {
        const auto symbol = lowering.find(Space::Subjects, member, ModuleId(m));
        if (!symbol) continue;
        if (lowering.names.at(*symbol).kind != Kind::Container) {
          lowering.wrong_kind(member, *symbol, "a container");
        } else {
          const ir::SubjectId container = lowering.subjects[symbol->index()];
          members.insert(container);
          if (const auto twin = lowering.world.at(container).twin) members.insert(*twin);
        }
      }
      pod.members.assign(members.begin(), members.end());
      lowering.world.pods.push_back(std::move(pod));
    }
  }
}

}  // namespace bulkhead::types
