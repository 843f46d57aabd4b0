// Claims: subjects found, pods spread over their members, quantifiers turned into the containers that they range over.
#include <algorithm>

#include "lang/base/check.h"
#include "lang/base/overloaded.h"
#include "lang/ir/eval.h"
#include "lang/ir/replay.h"
#include "lang/types/amounts.h"
#include "lang/types/claim_lowering.h"
#include "lang/types/condition.h"
#include "lang/types/rules.h"

namespace bulkhead::types {
namespace {}  // namespace

bool ClaimLowering::lower_quantifier(ir::Claim& claim) {
  const ast::Quantifier& quantifier = *written_.quantifier;
  std::vector<ir::SubjectId> domain;
  if (quantifier.pod) {
    const auto pod = subject_of(*quantifier.pod);
    if (!pod) return false;
    domain = pod->subjects;
  } else {
    for (std::size_t i = 0; i < lowering_.world.subjects.size(); ++i) {
      const ir::SubjectKind kind = lowering_.world.subjects[i].kind;
      const bool acts = quantifier.subjects && kind != ir::SubjectKind::Profile;
      if (acts || kind == ir::SubjectKind::Container) domain.push_back(ir::SubjectId(i));
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
    lowering_.error(Code::EmptySet, quantifier.span,
                    std::string("no ") + (quantifier.subjects ? "subject" : "container") +
                        " is one of these: the claim says nothing",
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

}  // namespace bulkhead::types
