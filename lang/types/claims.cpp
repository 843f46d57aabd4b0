// Claims: subjects found, pods spread over their members, quantifiers turned into the containers that they range over.
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
  ClaimLowering(Lowering& lowering, ModuleId module, const ast::Claim& written)
      : lowering_(lowering), module_(module), written_(written) {}

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
  members_ = subject->subjects;
  return ir::SubjectRef{};
}

std::optional<std::vector<ir::SubjectRef>> ClaimLowering::several(const ast::SubjectRef& ref) {
  const auto subject = subject_of(ref);
  if (!subject) return std::nullopt;
  if (subject->kind != ir::SubjectKind::Profile || subject->variable) return subject->refs();
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
  return std::pair{std::move(*left), std::move(*right)};
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

/// A claim about a model was lowered with its model; one about a protocol needs reachable states.
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
          [&](const ast::IsolatedClaim& claim) -> Form {
            auto sides = separated(claim);
            if (!sides) return std::nullopt;
            return ir::Isolated{std::move(sides->first), std::move(sides->second)};
          },
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

void lower_claim(Lowering& lowering, ModuleId module, const ast::Sentence& sentence, const ast::Claim& written,
                 std::map<std::string, source::Span>& names) {
  lowering.dynamic_name = false;
  auto claim = ClaimLowering(lowering, module, written).lower();
  if (lowering.dynamic_name) lowering.dynamic(module, sentence.span);
  if (!claim) return;
  const source::Span place = written.name ? written.name->span : written.keyword;
  claim->name = written.name ? written.name->text
                             : "claim_" + std::to_string(lowering.sources.line_number(place.file, place.begin));
  claim->doc = sentence.doc;
  claim->sentence = lowering.sentence(module, sentence.span);
  std::string name = claim->name;
  for (std::size_t n = 2; !written.name && names.count(claim->name) != 0; ++n)
    claim->name = name + "_" + std::to_string(n);
  const auto [found, fresh] = names.emplace(claim->name, place);
  if (!fresh) {
    lowering.sink.report({Code::DuplicateName,
                          place,
                          "there are two claims `" + claim->name + "`",
                          {{found->second, "the first one"}},
                          "names of claims are unique in the whole policy",
                          {}});
  }
  lowering.world.claims.push_back(std::move(*claim));
}

}  // namespace

/// Some claim of the policy is about influence, which travels over channels.
bool claims_influence(const resolve::Modules& modules) {
  for (const resolve::Module& module : modules.modules) {
    for (const ast::Sentence& sentence : module.tree.sentences) {
      const auto* claim = std::get_if<ast::Claim>(&sentence.form);
      if (claim == nullptr) continue;
      if (std::holds_alternative<ast::IsolatedClaim>(claim->form)) return true;
      if (std::holds_alternative<ast::ProtectedClaim>(claim->form)) return true;
    }
  }
  return false;
}

/// Sentences whose meaning needs reachable states. A channel gives no right to files, addresses or calls, and what
/// flows over it matters to claims about influence alone; a name of a subject or device says nothing of containers.
bool is_dynamic(const resolve::Names& names, const ast::SentenceForm& form, bool influence) {
  if (const auto* dynamic = std::get_if<ast::DynamicSentence>(&form)) {
    return dynamic->keyword.text != "subject" && dynamic->keyword.text != "device";
  }
  if (const auto* channel = std::get_if<ast::ChannelDecl>(&form)) {
    // Without a subject of the policy at an end nothing flows between two of them: a way over such channels goes on
    // over one that has one.
    const auto is_subject = [&](const ast::Name& end) { return names.peek(Space::Subjects, end.text).has_value(); };
    return influence && (is_subject(channel->from) || is_subject(channel->to));
  }
  return std::holds_alternative<ast::ProtocolDecl>(form) || std::holds_alternative<ast::LifecycleDecl>(form);
}

/// A net at the end of a channel is named by it.
void use_ends(Lowering& lowering, const ast::ChannelDecl& channel) {
  for (const ast::Name* end : {&channel.from, &channel.to}) {
    const auto symbol = lowering.names.peek(Space::Objects, end->text);
    if (symbol) lowering.used[symbol->index()] = true;
  }
}

void lower_claims(Lowering& lowering) {
  std::map<std::string, source::Span> names;
  const bool influence = claims_influence(lowering.modules);
  for (std::size_t m = 0; m < lowering.modules.modules.size(); ++m) {
    for (const ast::Sentence& sentence : lowering.modules.modules[m].tree.sentences) {
      if (const auto* channel = std::get_if<ast::ChannelDecl>(&sentence.form)) use_ends(lowering, *channel);
      if (is_dynamic(lowering.names, sentence.form, influence)) lowering.dynamic(ModuleId(m), sentence.span);
      const auto* claim = std::get_if<ast::Claim>(&sentence.form);
      // What the library proves of itself is not the importing policy's to prove again, nor are its names taken.
      if (claim != nullptr && !lowering.modules.modules[m].library)
        lower_claim(lowering, ModuleId(m), sentence, *claim, names);
    }
  }
}

}  // namespace bulkhead::types
