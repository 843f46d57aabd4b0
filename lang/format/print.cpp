#include "lang/format/format.h"
#include "lang/format/layout.h"
#include "lang/format/write.h"
#include "lang/syntax/tokens.h"

namespace bulkhead::format {
namespace {

class Printer {
 public:
  explicit Printer(const ast::Module& module) : module_(module), write_(module) {}

  std::string run() {
    if (module_.language) write_ << "language " << *module_.language << ";\n";
    write_.doc(module_.doc);
    if (module_.name) write_ << "module " << *module_.name << ";\n";
    for (const ast::Import& import : module_.imports) write_ << "import " << import.module << ";\n";
    for (const ast::Sentence& sentence : module_.sentences) {
      write_ << "\n";
      write_.doc(sentence.doc);
      std::visit([this](const auto& form) { print(form); }, sentence.form);
      write_ << "\n";
    }
    return write_.text();
  }

 private:
  void print(const ast::LabelDecl& d) {
    write_ << "label ";
    for (std::size_t i = 0; i < d.chains.size(); ++i) {
      if (i > 0) write_ << ", ";
      write_.list(d.chains[i], " < ");
    }
    write_ << ";";
  }
  void print(const ast::EnumDecl& d) { write_ << d; }
  void print(const ast::ModelDecl& d) { write_ << d; }
  void print(const ast::VariantDecl& d) { write_ << d; }
  void print(const ast::ViewDecl& d) { write_ << d; }
  void print(const ast::ProtocolDecl& d) { write_ << d; }
  void print(const ast::ChannelDecl& d) { write_ << d; }
  void print(const ast::LifecycleDecl& d) { write_ << d; }
  void print(const ast::AttributeDecl& d) {
    write_ << (d.of == ast::AttributeDecl::Of::Context ? "context " : "attribute ") << d.name << ": " << d.type
           << (d.optional ? " optional;" : ";");
  }
  void print(const ast::VolumeDecl& d) {
    write_ << "volume ";
    for (std::size_t i = 0; i < d.items.size(); ++i) {
      write_ << (i > 0 ? ", " : "") << d.items[i].name;
      if (d.items[i].source) write_ << " from " << *d.items[i].source;
      if (d.items[i].tmpfs) write_ << " tmpfs " << *d.items[i].tmpfs;
      if (d.items[i].label) write_ << " label " << *d.items[i].label;
    }
    write_ << ";";
  }
  void print(const ast::FileDecl& d) {
    write_ << "file " << d.name << " = " << d.objects;
    if (d.label) write_ << " label " << *d.label;
    write_ << ";";
  }
  void print(const ast::NetDecl& d) {
    write_ << "net " << d.name << " = ";
    for (std::size_t i = 0; i < d.objects.items.size(); ++i) write_ << (i > 0 ? " or " : "") << d.objects.items[i];
    if (d.label) write_ << " label " << *d.label;
    write_ << ";";
  }
  void properties(const std::vector<ast::Property>& all) {
    for (const ast::Property& p : all) write_ << p.name << " " << p.value << ";\n";
    write_ << "}";
  }
  void print(const ast::KeyDecl& d) {
    write_ << "key " << d.name << " {\n";
    properties(d.properties);
  }
  void print(const ast::ImageDecl& d) {
    write_ << "image " << d.name << " {\n";
    for (const ast::Name& digest : d.digests) write_ << "digest " << digest << ";\n";
    properties(d.properties);
  }
  void print(const ast::PodDecl& d) {
    write_ << "pod " << d.name << " = ";
    write_.list(d.members, ", ");
    write_ << ";";
  }
  void head(std::string_view noun, const ast::Name& name, const std::vector<ast::Name>& uses, const ast::Body& body) {
    write_ << noun << name;
    if (!uses.empty()) write_ << " uses ";
    write_.list(uses, ", ");
    write_ << " " << body;
  }
  void print(const ast::HostDecl& d) { head("host ", d.name, {}, d.body); }
  void print(const ast::ContainerDecl& d) { head("container ", d.name, d.uses, d.body); }
  void print(const ast::ExtendDecl& d) { head("extend container ", d.name, {}, d.body); }
  void print(const ast::ProfileDecl& d) { head("profile ", d.name, d.uses, d.body); }
  void print(const ast::SyscallsDecl& d) {
    write_ << "syscalls " << d.name;
    if (!d.union_of.empty()) {
      write_ << " = ";
      write_.list(d.union_of, ", ");
      write_ << ";";
      return;
    }
    write_ << " {\n";
    for (const auto& row : d.entries) {
      write_ << row.name << " ";
      if (row.x86_64)
        write_ << *row.x86_64;
      else
        write_ << "-";
      write_ << " ";
      if (row.aarch64)
        write_ << *row.aarch64;
      else
        write_ << "-";
      write_ << ";\n";
    }
    write_ << "}";
  }
  void print(const ast::KernelCapabilitiesDecl& d) {
    write_ << "kernel capabilities {\n";
    for (const auto& row : d.entries) write_ << row.name << " " << row.number << ";\n";
    write_ << "}";
  }
  void print(const ast::AccessRule& r) {
    write_ << (r.effect == ast::Effect::Allow ? "permit " : "forbid ");
    std::visit([this](const auto& who) { write_ << who; }, r.subject);
    write_ << " to ";
    write_.list(r.rights, ", ");
    write_ << " ";
    std::visit([this](const auto& what) { write_ << what; }, r.object);
    if (r.when) write_ << " when " << *r.when;
    write_ << ";";
  }
  void print(const ast::SubjectRule& r) { write_ << r.subject << " " << r.rule; }
  void print(const ast::DynamicSentence& d) { write_ << d.text; }
  void print(const ast::SubjectDecl& d) {
    write_ << (d.of == ast::SubjectDecl::Of::Device ? "device " : "subject ");
    write_.list(d.names, ", ");
    if (d.label) write_ << " label " << *d.label;
    write_ << ";";
  }
  void print(const ast::CapabilityDecl& d) {
    write_ << "capability " << d.name << " on " << d.objects << " {\nrights ";
    write_.list(d.rights, ", ") << ";\n}";
  }
  void print(const ast::Holding& h) {
    write_ << h.subject << " holds " << h.capability;
    if (!h.rights.empty()) {
      write_ << "(";
      write_.list(h.rights, ", ") << ")";
    }
    write_ << ";";
  }
  void print(const ast::SubjectDelegation& d) { write_ << d.subject << " " << d.delegation; }
  void print(const ast::SubjectTakingBack& d) { write_ << d.subject << " " << d.taking; }
  void print(const ast::Declassification& d) {
    write_ << d.subject << " declassifies " << d.from << " to " << d.to << " through " << d.through << ";";
  }
  void print(const ast::TrustedDecl& d) {
    write_ << "trusted " << d.subject;
    if (d.follows) write_ << " follows " << *d.follows;
    write_ << ";";
  }
  void print(const ast::OpenContainerDecl& d) { write_ << "open container " << d.name << ": " << d.profile << ";"; }
  void print(const ast::FlowDecl& d) {
    write_ << "flow ";
    write_.list(d.what, ", ") << ": " << d.from << (d.both_ways ? " <-> " : " -> ") << d.to << ";";
  }
  void print(const ast::PackUse& d) {
    write_ << "prove pack " << d.pack;
    if (d.pod) write_ << " for pod " << *d.pod;
    write_ << ";";
  }

  void print(const ast::Claim& c) {
    write_ << (c.mode == ast::ClaimMode::Prove ? "prove " : "refute ");
    if (c.name) write_ << *c.name << ": ";
    if (c.quantifier) {
      write_ << "for " << c.quantifier->variable << " in ";
      if (c.quantifier->pod)
        write_ << *c.quantifier->pod;
      else
        write_ << (c.quantifier->subjects ? "subjects" : "containers");
      if (c.quantifier->with) write_ << " with " << *c.quantifier->with;
      write_ << ": ";
    }
    std::visit([this](const auto& form) { claim(form); }, c.form);
    write_ << ";";
  }
  void access(const ast::SubjectRef& who, std::string_view verb, const std::vector<ast::Name>& rights,
              const ast::Objects& what) {
    write_ << who << verb;
    write_.list(rights, ", ");
    write_ << " " << what;
  }
  void claim(const ast::CanClaim& c) { access(c.subject, c.every ? " can every " : " can ", c.rights, c.objects); }
  void claim(const ast::CannotClaim& c) { access(c.subject, " cannot ", c.rights, c.objects); }
  void claim(const ast::NotGrantedClaim& c) { access(c.subject, " not granted ", c.rights, c.objects); }
  void claim(const ast::IsolatedClaim& c) {
    write_ << c.left << " isolated from " << c.right;
    if (c.except.empty()) return;
    write_ << " except channel ";
    write_.list(c.except, ", ");
  }
  void claim(const ast::AcquireClaim& c) {
    write_ << c.subject << " cannot acquire ";
    write_.list(c.rights, ", ") << " on " << c.objects;
  }
  void claim(const ast::ConfinedClaim& c) { write_ << c.subject << " confined to { " << c.objects << " }"; }
  void claim(const ast::AttenuatesClaim& c) { write_ << c.left << " attenuates " << c.right; }
  void claim(const ast::NoFlowClaim& c) {
    write_ << "no flow " << c.from << " -> " << c.to;
    except_through(c.except);
  }
  void except_through(const std::vector<ast::Name>& who) {
    if (who.empty()) return;
    write_ << " except through ";
    write_.list(who, ", ");
  }
  void claim(const ast::SharesClaim& c) {
    write_ << c.subject << " shares no ";
    write_.list(c.what, " ");
  }
  void claim(const ast::ApartClaim& c) {
    write_ << c.subject << " keeps ";
    write_.list(c.names, ", ") << " apart";
    except_through(c.except);
  }
  void claim(const ast::ProtectedClaim& c) { write_ << c.left << " protected from " << c.right; }
  void claim(const ast::RefinesClaim& c) { write_ << c.left << " refines " << c.right; }
  void claim(const ast::EquivalentClaim& c) { write_ << c.left << " equivalent " << c.right; }
  void claim(const ast::FitsClaim& c) { write_ << "all reservations fit " << c.host; }
  void claim(const ast::GuaranteedClaim& c) {
    write_ << c.subject << " guaranteed ";
    write_.list(c.amounts, ", ");
  }
  void claim(const ast::TheoremClaim& c) {
    write_ << c.theorem;
    bounds(c.bounds);
  }
  void claim(const ast::UnreachableClaim& c) {
    write_ << c.system << " unreachable " << c.formula;
    bounds(c.bounds);
  }
  void claim(const ast::LeadsToClaim& c) {
    if (c.system) write_ << "in " << *c.system << ": ";
    if (!c.each.empty()) write_ << "forall " << c.each << ". ";
    write_ << c.from << " leads to " << c.to;
    if (!c.fair.empty()) {
      write_ << " under fair { ";
      for (std::size_t i = 0; i < c.fair.size(); ++i) {
        write_ << (i > 0 ? ", " : "") << (c.fair[i].strong ? "strong " : "") << c.fair[i].action;
      }
      write_ << " }";
    }
    for (std::size_t i = 0; i < c.rank.size(); ++i) write_ << (i > 0 ? ", " : " by rank ") << c.rank[i];
    bounds(c.bounds);
  }
  void claim(const ast::LeaksClaim& c) {
    write_ << c.system << " leaks nothing to " << c.observer.variable << ": " << c.observer.type;
    if (c.source) write_ << " except from " << c.source->variable << ": " << c.source->type;
    if (c.where) write_ << " where " << *c.where;
    bounds(c.bounds);
  }
  void bounds(const ast::Bounds& b) {
    for (std::size_t i = 0; i < b.sizes.size(); ++i) {
      write_ << (i > 0 ? ", " : " for ") << b.sizes[i].count << " " << b.sizes[i].sort;
    }
    if (b.steps) write_ << " within " << *b.steps << " steps";
  }
  void claim(const ast::StrengthClaim& c) {
    using Which = ast::StrengthClaim::Which;
    write_ << "every channel ";
    if (c.which == Which::BetweenContainers) write_ << "between containers ";
    if (c.which == Which::To) write_ << "to " << *c.name << " ";
    if (c.which == Which::Unmediated) write_ << "not mediated by " << *c.name << " ";
    write_ << "uses strength >= category " << c.category;
  }
  void claim(const ast::VerifiedClaim&) { write_ << "no container runs before its image is verified"; }
  void claim(const ast::DynamicClaim& c) { write_ << c.text; }

  const ast::Module& module_;
  Write write_;
};

}  // namespace

std::string print(const ast::Module& module) {
  source::SourceMap sources;
  const source::FileId file = sources.add("printed", Printer(module).run());
  diag::DiagnosticList sink;
  const syntax::Tokens tokens = syntax::tokens(sources, file, sink);
  return layout(tokens.all, sources.text(file));
}

}  // namespace bulkhead::format
