// Claims: subjects found, pods spread over their members, quantifiers turned into the containers that they range over.
#include <algorithm>
#include <map>

#include "lang/base/check.h"
#include "lang/ir/eval.h"
#include "lang/ir/replay.h"
#include "lang/types/amounts.h"
#include "lang/types/rules.h"

namespace bulkhead::types {
namespace {

template <typename... Fs>
struct Overloaded : Fs... {
  using Fs::operator()...;
};
template <typename... Fs>
Overloaded(Fs...) -> Overloaded<Fs...>;

/// What a subject in a claim stands for: the quantifier's variable, or one subject, or the members of a pod.
struct ClaimSubject {
  bool variable = false;
  bool pod = false;
  std::vector<ir::SubjectId> subjects;
  ir::SubjectKind kind = ir::SubjectKind::Container;

  std::vector<ir::SubjectRef> refs() const {
    if (variable) return {ir::SubjectRef{}};
    std::vector<ir::SubjectRef> all;
    for (const ir::SubjectId subject : subjects) all.push_back({subject});
    return all;
  }
};

/// One claim while it is lowered.
class ClaimLowering {
 public:
  /// `only`: of a pack that is proved for a pod, whom its quantifiers range over.
  ClaimLowering(Lowering& lowering, ModuleId module, const ast::Claim& written,
                const std::vector<ir::SubjectId>* only = nullptr)
      : lowering_(lowering), module_(module), written_(written), only_(only) {}

  /// None after an error, or where the claim is dynamic.
  std::optional<ir::Claim> lower() {
    ir::Claim claim;
    if (written_.quantifier && !lower_quantifier(claim)) return std::nullopt;
    auto form = lower_form();
    if (!form) return std::nullopt;
    claim.form = std::move(*form);
    if (members_) claim.quantifier = ir::Quantifier{"member", *members_};
    claim.mode = written_.mode == ast::ClaimMode::Prove ? ir::ClaimMode::Prove : ir::ClaimMode::Refute;
    claim.text = source::one_line(lowering_.sources.slice(written_.form_span));
    if (written_.quantifier) {
      claim.text = source::one_line(lowering_.sources.slice(written_.quantifier->span)) + " " + claim.text;
    }
    return claim;
  }

 private:
  bool lower_quantifier(ir::Claim& claim);
  bool ranges_without_context(ir::ExprId with, const std::vector<ir::SubjectId>& domain);
  std::optional<ClaimSubject> subject_of(const ast::SubjectRef& ref);
  std::optional<ir::SubjectRef> one(const ast::SubjectRef& ref, bool profiles);
  std::optional<std::vector<ir::SubjectRef>> several(const ast::SubjectRef& ref);
  std::optional<ir::ClaimForm> lower_form();
  std::optional<ir::ClaimForm> guaranteed(const ast::GuaranteedClaim& claim);
  std::optional<ir::ClaimForm> fits(const ast::FitsClaim& claim);
  std::optional<ir::ClaimForm> theorem(const ast::Path* system);
  std::optional<ir::ClaimForm> isolated(const ast::IsolatedClaim& claim);
  std::optional<ir::ClaimForm> confined(const ast::ConfinedClaim& claim);
  std::optional<ir::ClaimForm> no_flow(const ast::NoFlowClaim& claim);
  std::optional<ir::ClaimForm> shares_no(const ast::SharesClaim& claim);
  std::optional<ir::ClaimForm> keeps_apart(const ast::ApartClaim& claim);
  std::optional<ir::LabelId> label(const ast::Name& name);
  bool is_second(ir::SubjectId subject) const;

  struct Access {
    ir::SubjectRef subject;
    ir::Rights rights;
    ir::ClaimObjects objects;
  };
  template <typename Form>
  std::optional<Access> access(const Form& form);
  template <typename Pair>
  std::optional<std::pair<ir::SubjectRef, ir::SubjectRef>> compared(const Pair& form);
  template <typename Pair>
  std::optional<std::pair<std::vector<ir::SubjectRef>, std::vector<ir::SubjectRef>>> separated(const Pair& form);

  Lowering& lowering_;
  ModuleId module_;
  const ast::Claim& written_;
  const std::vector<ir::SubjectId>* only_;
  std::optional<std::vector<ir::SubjectId>> members_;  // of the pod that a claim about single subjects is about
};

bool ClaimLowering::lower_quantifier(ir::Claim& claim) {
  const ast::Quantifier& quantifier = *written_.quantifier;
  std::vector<ir::SubjectId> domain;
  if (quantifier.pod) {
    const auto pod = subject_of(*quantifier.pod);
    if (!pod) return false;
    domain = pod->subjects;
  } else {
    for (std::size_t i = 0; i < lowering_.world.subjects.size(); ++i) {
      if (lowering_.world.subjects[i].kind == ir::SubjectKind::Container) domain.push_back(ir::SubjectId(i));
    }
  }
  domain.erase(std::remove_if(domain.begin(), domain.end(),
                              [&](ir::SubjectId one) {
                                const bool asked =
                                    only_ == nullptr || std::find(only_->begin(), only_->end(), one) != only_->end();
                                return is_second(one) || !asked;
                              }),
               domain.end());
  if (quantifier.with) {
    const Scope scope{module_, quantifier.variable.text, "", std::nullopt, true};
    const auto with = lower_condition(lowering_, *quantifier.with, scope);
    if (!with || !ranges_without_context(*with, domain)) return false;
    std::vector<ir::SubjectId> chosen;
    for (const ir::SubjectId subject : domain) {
      ir::Request request;
      request.subject = subject;
      request.object = ir::FileObject{ir::kOwnRoot, "/"};
      if (ir::evaluate(lowering_.world, *with, request) == ir::Truth::True) chosen.push_back(subject);
    }
    domain = std::move(chosen);
  }
  if (domain.empty()) {
    lowering_.error(Code::EmptySet, quantifier.span, "no container is one of these: the claim says nothing",
                    "a claim about nobody is vacuous, and counts as not proved");
  }
  claim.quantifier = ir::Quantifier{quantifier.variable.text, std::move(domain)};
  return true;
}

/// Of the two that stand for an open container, what is claimed of one is claimed of both: they have the same
/// sentences.
bool ClaimLowering::is_second(ir::SubjectId subject) const {
  const auto& twin = lowering_.world.at(subject).twin;
  return twin && *twin < subject;
}

/// Who a claim is about must not hang on a request, of which there is none yet: a container that is left out here is
/// left out for every context.
bool ClaimLowering::ranges_without_context(ir::ExprId with, const std::vector<ir::SubjectId>& domain) {
  const ir::World& world = lowering_.world;
  std::vector<ir::ExprId> open{with};
  bool reads = false;
  bool holds = false;
  while (!open.empty()) {
    const ir::Expr& expr = world.at(open.back());
    open.pop_back();
    reads = reads || ((expr.op == ir::Op::Attribute || expr.op == ir::Op::Has) && expr.source == ir::Source::Context);
    holds = holds || expr.op == ir::Op::HoldsCapability;
    open.insert(open.end(), expr.args.begin(), expr.args.end());
  }
  for (const ir::SubjectId subject : domain)
    reads = reads || (holds && ir::context_decides(world, subject, ir::Right::Hold));
  if (!reads) return true;
  lowering_.error(Code::Misplaced, written_.quantifier->span,
                  "whom a claim is about cannot depend on the context of a request",
                  "put the condition into the rule, or name the containers");
  return false;
}

std::optional<ClaimSubject> ClaimLowering::subject_of(const ast::SubjectRef& ref) {
  if (!ref.name.simple()) {
    lowering_.error(Code::UnknownName, ref.span, "there is no subject `" + ref.name.text() + "`");
    return std::nullopt;
  }
  const ast::Name& name = ref.name.parts.front();
  ClaimSubject subject;
  if (written_.quantifier && name.text == written_.quantifier->variable.text && !ref.kind) {
    subject.variable = true;
    return subject;
  }
  const auto& subjects = lowering_.world.subjects;
  if (name.text == "host" && !lowering_.names.peek(Space::Subjects, "host")) {
    subject.kind = ir::SubjectKind::Host;
    for (std::size_t i = 0; i < subjects.size(); ++i) {
      if (subjects[i].kind == ir::SubjectKind::Host) subject.subjects.push_back(ir::SubjectId(i));
    }
    if (subject.subjects.size() == 1) return subject;
    lowering_.error(Code::WrongKindOfName, name.span, "this policy has more than one host",
                    "name the one that is meant");
    return std::nullopt;
  }
  const auto symbol = lowering_.find(Space::Subjects, name, module_);
  if (!symbol) return std::nullopt;
  const Kind kind = lowering_.names.at(*symbol).kind;
  if (ref.kind && ref.kind->text != to_string(kind)) {
    lowering_.wrong_kind(name, *symbol, "a " + ref.kind->text);
    return std::nullopt;
  }
  if (kind == Kind::Pod) {
    subject.pod = true;
    for (const ir::Pod& pod : lowering_.world.pods) {
      if (pod.name == name.text) subject.subjects = pod.members;
    }
    return subject;
  }
  lowering_.used[symbol->index()] = true;
  subject.subjects = {lowering_.subjects[symbol->index()]};
  if (!subject.subjects.front().valid()) return std::nullopt;
  subject.kind = lowering_.world.at(subject.subjects.front()).kind;
  return subject;
}

/// A claim about a pod is one about each of its members.
std::optional<ir::SubjectRef> ClaimLowering::one(const ast::SubjectRef& ref, bool profiles) {
  const auto subject = subject_of(ref);
  if (!subject) return std::nullopt;
  if (subject->variable) return ir::SubjectRef{};
  if (subject->kind == ir::SubjectKind::Profile && !profiles) {
    lowering_.error(Code::QuantifiedSubject, ref.span, "a profile does nothing: containers that use it do",
                    "name a container, or compare with `refines`");
    return std::nullopt;
  }
  if (!subject->pod) return ir::SubjectRef{subject->subjects.front()};
  if (written_.quantifier || members_) {
    lowering_.error(Code::QuantifiedSubject, ref.span,
                    "a pod stands for each of its members, and this claim ranges over something already",
                    "write one claim for each container of the pod");
    return std::nullopt;
  }
  members_.emplace();
  for (const ir::SubjectId member : subject->subjects) {
    if (!is_second(member)) members_->push_back(member);
  }
  return ir::SubjectRef{};
}

std::optional<std::vector<ir::SubjectRef>> ClaimLowering::several(const ast::SubjectRef& ref) {
  const auto subject = subject_of(ref);
  if (!subject) return std::nullopt;
  if (subject->kind != ir::SubjectKind::Profile || subject->variable) {
    auto refs = subject->refs();
    const auto twin = subject->pod || subject->variable ? std::optional<ir::SubjectId>()
                                                        : lowering_.world.at(subject->subjects.front()).twin;
    if (twin) refs.push_back({*twin});
    return refs;
  }
  lowering_.error(Code::QuantifiedSubject, ref.span, "a profile does nothing: containers that use it do",
                  "name a container");
  return std::nullopt;
}

template <typename Form>
std::optional<ClaimLowering::Access> ClaimLowering::access(const Form& form) {
  const auto subject = one(form.subject, false);
  const auto rights = lower_rights(lowering_, form.rights);
  if (!rights) return std::nullopt;
  auto objects = lower_objects(lowering_, form.objects, rights->plane, module_);
  if (!objects || !subject) return std::nullopt;
  // A path of the own root that a volume hides is hardly what the claim is about: the smells tell.
  if (!subject->bound() && rights->plane == ir::Plane::File) {
    lowering_.file_notes.push_back({subject->fixed, ir::Effect::Forbid, objects->bare, form.objects.span});
  }
  const std::string text = source::one_line(lowering_.sources.slice(form.objects.span));
  return Access{*subject, rights->rights, {rights->plane, std::move(objects->patterns), text}};
}

template <typename Pair>
std::optional<std::pair<ir::SubjectRef, ir::SubjectRef>> ClaimLowering::compared(const Pair& form) {
  const auto left = one(form.left, true);
  const auto right = one(form.right, true);
  if (!left || !right) return std::nullopt;
  return std::pair{*left, *right};
}

template <typename Pair>
std::optional<std::pair<std::vector<ir::SubjectRef>, std::vector<ir::SubjectRef>>> ClaimLowering::separated(
    const Pair& form) {
  auto left = several(form.left);
  auto right = several(form.right);
  if (!left || !right) return std::nullopt;
  // One open container on both sides: one unknown container and another one.
  const auto drop = [](std::vector<ir::SubjectRef>& side, ir::SubjectId subject) {
    side.erase(std::remove_if(side.begin(), side.end(), [&](const auto& ref) { return ref.fixed == subject; }),
               side.end());
  };
  for (const ir::SubjectRef& ref : std::vector<ir::SubjectRef>(*left)) {
    if (ref.bound() || !is_second(ref.fixed)) continue;
    const auto same = [&](const ir::SubjectRef& other) { return other.fixed == ref.fixed; };
    if (std::none_of(right->begin(), right->end(), same)) continue;
    drop(*left, ref.fixed);
    drop(*right, *lowering_.world.at(ref.fixed).twin);
  }
  return std::pair{std::move(*left), std::move(*right)};
}

std::optional<ir::LabelId> ClaimLowering::label(const ast::Name& name) {
  const auto symbol = lowering_.find(Space::Labels, name, module_);
  if (!symbol || !lowering_.labels[symbol->index()].valid()) return std::nullopt;
  return lowering_.labels[symbol->index()];
}

std::optional<ir::ClaimForm> ClaimLowering::isolated(const ast::IsolatedClaim& claim) {
  ir::Isolated form;
  bool failed = false;
  for (const ast::Name& name : claim.except) {
    const auto symbol = lowering_.find(Space::Channels, name, module_);
    failed = failed || !symbol || !lowering_.channels[symbol->index()].valid();
    if (!failed) form.except.push_back(lowering_.channels[symbol->index()]);
  }
  form.others = claim.right.name.text() == "others" && !lowering_.names.peek(Space::Subjects, "others");
  if (form.others) {
    auto left = several(claim.left);
    if (!left || failed) return std::nullopt;
    form.left = std::move(*left);
    return form;
  }
  auto sides = separated(claim);
  if (!sides || failed) return std::nullopt;
  form.left = std::move(sides->first);
  form.right = std::move(sides->second);
  return form;
}

/// The list may name files and addresses: what it does not name of either is outside.
std::optional<ir::ClaimForm> ClaimLowering::confined(const ast::ConfinedClaim& claim) {
  ast::Objects files{{}, claim.objects.span};
  ast::Objects nets{{}, claim.objects.span};
  for (const ast::ObjectItem& item : claim.objects.items) {
    bool net = std::holds_alternative<ast::NetPattern>(item);
    if (const auto* path = std::get_if<ast::Path>(&item); path != nullptr && path->simple()) {
      const auto symbol = lowering_.names.peek(Space::Objects, path->parts.front().text);
      net = symbol && lowering_.names.at(*symbol).kind == Kind::NetSet;
    }
    (net ? nets : files).items.push_back(item);
  }
  const auto subject = one(claim.subject, false);
  auto in_files = lower_objects(lowering_, files, ir::Plane::File, module_);
  auto in_nets = lower_objects(lowering_, nets, ir::Plane::Net, module_);
  if (!subject || !in_files || !in_nets) return std::nullopt;
  const std::string text = source::one_line(lowering_.sources.slice(claim.objects.span));
  return ir::ConfinedTo{*subject,
                        {ir::Plane::File, std::move(in_files->patterns), text},
                        {ir::Plane::Net, std::move(in_nets->patterns), text}};
}

std::optional<ir::ClaimForm> ClaimLowering::no_flow(const ast::NoFlowClaim& claim) {
  const bool network = claim.to.text == "network" && !lowering_.names.peek(Space::Labels, "network");
  const auto from = label(claim.from);
  const auto to = network ? std::nullopt : label(claim.to);
  ir::NoFlow form;
  for (const ast::Name& name : claim.except) {
    const ast::SubjectRef ref{std::nullopt, {{name}, name.span}, name.span};
    const auto subjects = subjects_named(lowering_, ref, module_);
    if (subjects.empty()) return std::nullopt;
    form.except.insert(form.except.end(), subjects.begin(), subjects.end());
  }
  if (!from || (!to && !network)) return std::nullopt;
  form.from = *from;
  form.to = to;
  return form;
}

std::optional<ir::ClaimForm> ClaimLowering::shares_no(const ast::SharesClaim& claim) {
  const auto subject = one(claim.subject, false);
  const bool file = claim.what.size() == 2 && claim.what[0].text == "writable" && claim.what[1].text == "file";
  const bool space = claim.what.size() == 1 && claim.what[0].text == "namespace";
  if (!file && !space) {
    lowering_.error(Code::UnknownWord, claim.what.front().span,
                    "a container shares no `writable file` or no `namespace`", "write one of the two");
    return std::nullopt;
  }
  if (!subject) return std::nullopt;
  return ir::SharesNo{file ? ir::SharesNo::What::WritableFile : ir::SharesNo::What::Namespace, *subject};
}

std::optional<ir::ClaimForm> ClaimLowering::keeps_apart(const ast::ApartClaim& claim) {
  const auto subject = one(claim.subject, false);
  const auto first = label(claim.names[0]);
  const auto second = label(claim.names[1]);
  if (claim.names[2].text != "network") {
    lowering_.unknown_word(Code::UnknownWord, claim.names[2], "place to keep labels from", {"network"});
    return std::nullopt;
  }
  if (!subject || !first || !second) return std::nullopt;
  return ir::KeepsApart{*subject, *first, *second};
}

std::optional<ir::ClaimForm> ClaimLowering::guaranteed(const ast::GuaranteedClaim& claim) {
  const auto subject = one(claim.subject, false);
  ir::Guaranteed form;
  bool failed = !subject;
  for (const ast::Amount& amount : claim.amounts) {
    const auto lowered = lower_amount(lowering_, amount, false);
    failed = failed || !lowered;
    if (!lowered) continue;
    switch (lowered->first) {
      case ResourceName::Memory:
        form.amounts.emplace_back(ir::Resource::Memory, lowered->second);
        break;
      case ResourceName::Cpu:
        form.amounts.emplace_back(ir::Resource::Cpu, lowered->second);
        break;
      case ResourceName::Pids:
        form.amounts.emplace_back(ir::Resource::Pids, lowered->second);
        break;
      case ResourceName::Io:
        form.amounts.emplace_back(ir::Resource::Io, lowered->second);
        break;
      case ResourceName::Time:
      case ResourceName::Disk:
      case ResourceName::OpenFiles:
      case ResourceName::Bandwidth:
        lowering_.error(Code::Misplaced, amount.resource.span, "`" + amount.resource.text + "` cannot be guaranteed",
                        "memory, cpu, pids and io can");
        failed = true;
        break;
    }
  }
  if (failed) return std::nullopt;
  form.subject = *subject;
  return form;
}

std::optional<ir::ClaimForm> ClaimLowering::fits(const ast::FitsClaim& claim) {
  const auto host = subject_of(claim.host);
  if (!host) return std::nullopt;
  if (!host->variable && host->kind == ir::SubjectKind::Host) return ir::Fits{host->subjects.front()};
  lowering_.error(Code::QuantifiedSubject, claim.host.span,
                  "reservations fit a host, and `" + claim.host.name.text() + "` is none",
                  "declare one: `host Node { capacity { memory 24 GiB; } }`");
  return std::nullopt;
}

/// A claim about a model was lowered with its model.
std::optional<ir::ClaimForm> ClaimLowering::theorem(const ast::Path* system) {
  if (system != nullptr && lowering_.names.is_dynamic(system->parts.front().text)) lowering_.dynamic_name = true;
  if (written_.quantifier) {
    lowering_.error(Code::Misplaced, written_.quantifier->span, "what a model claims does not range over containers",
                    "quantify over a sort of the model instead");
  }
  const auto found = lowering_.theorems.find(&written_);
  if (found == lowering_.theorems.end()) return std::nullopt;
  return found->second;
}

std::optional<ir::ClaimForm> ClaimLowering::lower_form() {
  using Form = std::optional<ir::ClaimForm>;
  return std::visit(
      Overloaded{
          [&](const ast::CanClaim& claim) -> Form {
            auto parts = access(claim);
            if (!parts) return std::nullopt;
            return ir::Can{parts->subject, parts->rights, std::move(parts->objects), claim.every};
          },
          [&](const ast::CannotClaim& claim) -> Form {
            auto parts = access(claim);
            if (!parts) return std::nullopt;
            return ir::Cannot{parts->subject, parts->rights, std::move(parts->objects)};
          },
          [&](const ast::NotGrantedClaim& claim) -> Form {
            auto parts = access(claim);
            if (!parts) return std::nullopt;
            return ir::NotGranted{parts->subject, parts->rights, std::move(parts->objects)};
          },
          [&](const ast::IsolatedClaim& claim) -> Form { return isolated(claim); },
          [&](const ast::AcquireClaim& claim) -> Form {
            auto parts = access(claim);
            if (!parts) return std::nullopt;
            return ir::CannotAcquire{parts->subject, parts->rights, std::move(parts->objects)};
          },
          [&](const ast::ConfinedClaim& claim) -> Form { return confined(claim); },
          [&](const ast::AttenuatesClaim& claim) -> Form {
            const auto child = one(claim.left, false);
            const auto parent = one(claim.right, false);
            if (!child || !parent) return std::nullopt;
            return ir::Attenuates{*child, *parent};
          },
          [&](const ast::NoFlowClaim& claim) -> Form { return no_flow(claim); },
          [&](const ast::SharesClaim& claim) -> Form { return shares_no(claim); },
          [&](const ast::ApartClaim& claim) -> Form { return keeps_apart(claim); },
          [&](const ast::ProtectedClaim& claim) -> Form {
            auto sides = separated(claim);
            if (!sides) return std::nullopt;
            return ir::Protected{std::move(sides->first), std::move(sides->second)};
          },
          [&](const ast::RefinesClaim& claim) -> Form {
            const auto sides = compared(claim);
            if (!sides) return std::nullopt;
            return ir::Refines{sides->first, sides->second};
          },
          [&](const ast::EquivalentClaim& claim) -> Form {
            const auto sides = compared(claim);
            if (!sides) return std::nullopt;
            return ir::Equivalent{sides->first, sides->second};
          },
          [&](const ast::FitsClaim& claim) -> Form { return fits(claim); },
          [&](const ast::GuaranteedClaim& claim) -> Form { return guaranteed(claim); },
          [&](const ast::TheoremClaim& claim) { return theorem(&claim.theorem); },
          [&](const ast::UnreachableClaim& claim) { return theorem(&claim.system); },
          [&](const ast::LeadsToClaim& claim) { return theorem(claim.system ? &*claim.system : nullptr); },
          [&](const ast::LeaksClaim& claim) { return theorem(&claim.system); },
          [&](const ast::StrengthClaim&) -> Form {
            lowering_.dynamic_name = true;
            return std::nullopt;
          },
          [&](const ast::VerifiedClaim&) -> Form {
            lowering_.dynamic_name = true;
            return std::nullopt;
          },
          [&](const ast::DynamicClaim&) -> Form {
            lowering_.dynamic_name = true;
            return std::nullopt;
          },
      },
      written_.form);
}

using ClaimNames = std::map<std::string, source::Span>;

void put_claim(Lowering& lowering, ir::Claim claim, bool named, const source::Span& place, ClaimNames& names) {
  const std::string name = claim.name;
  for (std::size_t n = 2; !named && names.count(claim.name) != 0; ++n) claim.name = name + "_" + std::to_string(n);
  const auto [found, fresh] = names.emplace(claim.name, place);
  if (!fresh) {
    lowering.sink.report({Code::DuplicateName,
                          place,
                          "there are two claims `" + claim.name + "`",
                          {{found->second, "the first one"}},
                          "names of claims are unique in the whole policy",
                          {}});
  }
  lowering.world.claims.push_back(std::move(claim));
}

std::string name_of(const Lowering& lowering, const ast::Claim& written) {
  if (written.name) return written.name->text;
  return "claim_" + std::to_string(lowering.sources.line_number(written.keyword.file, written.keyword.begin));
}

void lower_claim(Lowering& lowering, ModuleId module, const ast::Sentence& sentence, const ast::Claim& written,
                 ClaimNames& names) {
  lowering.dynamic_name = false;
  auto claim = ClaimLowering(lowering, module, written).lower();
  if (lowering.dynamic_name) lowering.dynamic(module, sentence.span);
  if (!claim) return;
  claim->name = name_of(lowering, written);
  claim->doc = sentence.doc;
  claim->sentence = lowering.sentence(module, sentence.span);
  const source::Span place = written.name ? written.name->span : written.keyword;
  put_claim(lowering, std::move(*claim), written.name.has_value(), place, names);
}

/// The module of a pack: `packs.no_egress` for `no_egress`.
const resolve::Module* pack_module(const Lowering& lowering, const ast::PackUse& use, ModuleId from, ModuleId& id) {
  for (std::size_t m = 0; m < lowering.modules.modules.size(); ++m) {
    const resolve::Module& module = lowering.modules.modules[m];
    const bool meant = module.name == "packs." + use.pack.text() || module.name == use.pack.text();
    if (!meant || !lowering.modules.sees[from.index()][m]) continue;
    id = ModuleId(m);
    return &module;
  }
  return nullptr;
}

/// `prove pack P for pod Q`: the claims of P, about the containers of this policy.
void lower_pack(Lowering& lowering, ModuleId module, const ast::Sentence& sentence, const ast::PackUse& use,
                ClaimNames& names) {
  ModuleId id;
  const resolve::Module* pack = pack_module(lowering, use, module, id);
  if (pack == nullptr) {
    if (lowering.modules.incomplete) return;
    return lowering.error(Code::BadPack, use.pack.span, "there is no pack `" + use.pack.text() + "` here",
                          "write `import packs." + use.pack.text() + ";`");
  }
  std::vector<ir::SubjectId> only;
  if (use.pod) {
    only = subjects_named(lowering, {std::nullopt, {{*use.pod}, use.pod->span}, use.pod->span}, module);
    if (only.empty()) return;
  }
  std::size_t count = 0;
  for (const ast::Sentence& one : pack->tree.sentences) {
    const auto* written = std::get_if<ast::Claim>(&one.form);
    if (written == nullptr) continue;
    ++count;
    if (use.pod && !written->quantifier) {
      lowering.error(Code::BadPack, use.pod->span, "pack `" + use.pack.text() + "` speaks of the whole policy",
                     "leave `for pod " + use.pod->text + "` out");
      return;
    }
    lowering.dynamic_name = false;
    auto claim = ClaimLowering(lowering, id, *written, use.pod ? &only : nullptr).lower();
    if (!claim) continue;
    claim->name = (use.pod ? use.pod->text + "." : "") + use.pack.parts.back().text + "." + name_of(lowering, *written);
    claim->doc = one.doc;
    claim->sentence = lowering.sentence(module, sentence.span);
    put_claim(lowering, std::move(*claim), true, use.pack.span, names);
  }
  if (count == 0) {
    lowering.error(Code::BadPack, use.pack.span, "`" + use.pack.text() + "` has no claim",
                   "a pack is a module with claims about the containers of whoever imports it");
  }
}

}  // namespace

/// Some claim of the policy is about influence, which travels over channels.
bool claims_influence(const ir::World& world) {
  return std::any_of(world.claims.begin(), world.claims.end(), [](const ir::Claim& claim) {
    return std::holds_alternative<ir::Isolated>(claim.form) || std::holds_alternative<ir::Protected>(claim.form) ||
           std::holds_alternative<ir::NoFlow>(claim.form) || std::holds_alternative<ir::KeepsApart>(claim.form);
  });
}

/// Sentences that nothing here gives a meaning.
bool is_dynamic(const ast::SentenceForm& form) {
  return std::holds_alternative<ast::DynamicSentence>(form) || std::holds_alternative<ast::ProtocolDecl>(form) ||
         std::holds_alternative<ast::LifecycleDecl>(form);
}

void lower_claims(Lowering& lowering) {
  ClaimNames names;
  for (std::size_t m = 0; m < lowering.modules.modules.size(); ++m) {
    for (const ast::Sentence& sentence : lowering.modules.modules[m].tree.sentences) {
      if (is_dynamic(sentence.form)) lowering.dynamic(ModuleId(m), sentence.span);
      // What the library proves of itself is not the importing policy's to prove again, nor are its names taken.
      if (lowering.modules.modules[m].library) continue;
      if (const auto* claim = std::get_if<ast::Claim>(&sentence.form))
        lower_claim(lowering, ModuleId(m), sentence, *claim, names);
      if (const auto* pack = std::get_if<ast::PackUse>(&sentence.form))
        lower_pack(lowering, ModuleId(m), sentence, *pack, names);
    }
  }
  // A channel that nobody understands matters to claims about influence alone.
  if (!claims_influence(lowering.world)) return;
  for (const auto& [module, span] : lowering.unclear_channels) lowering.dynamic(module, span);
}

}  // namespace bulkhead::types
