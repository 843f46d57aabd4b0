#include "lang/types/rules.h"

#include <algorithm>

#include "lang/base/check.h"
#include "lang/types/syscall_action.h"

namespace bulkhead::types {
namespace {

Scope body_scope(ModuleId module, ir::Plane plane) {
  return {module, "self", object_word(plane), plane, false};
}

/// A rule with what all forms share; none after an error in its condition.
std::optional<ir::Rule> make_rule(Lowering& lowering, ir::Effect effect, LoweredRights rights, LoweredObjects objects,
                                  const std::optional<ast::ExprId>& when, const Scope& scope) {
  ir::Rule rule;
  rule.effect = effect;
  rule.rights = rights.rights;
  rule.plane = rights.plane;
  rule.objects = std::move(objects.patterns);
  rule.sets = std::move(objects.sets);
  if (when) {
    rule.when = lower_condition(lowering, *when, scope);
    if (!rule.when) return std::nullopt;
  }
  return rule;
}

void put(Lowering& lowering, std::vector<ir::Rule>& rules, std::optional<ir::Rule> rule,
         const ast::BodySentence& sentence, ModuleId module) {
  if (!rule) return;
  rule->sentence = lowering.sentence(module, sentence.span);
  rules.push_back(std::move(*rule));
}

void put_rule(Lowering& lowering, std::vector<ir::Rule>& rules, const ast::Rule& written,
              const ast::BodySentence& sentence, ModuleId module) {
  const auto rights = lower_rights(lowering, written.rights);
  if (!rights) return;
  auto objects = lower_objects(lowering, written.objects, rights->plane, module);
  if (!objects) return;
  const ir::Effect effect = written.effect == ast::Effect::Allow ? ir::Effect::Permit : ir::Effect::Forbid;
  put(lowering, rules,
      make_rule(lowering, effect, *rights, std::move(*objects), written.when, body_scope(module, rights->plane)),
      sentence, module);
}

void put_allow(Lowering& lowering, std::vector<ir::Rule>& rules, const ast::SyscallsAllow& allow,
               const ast::BodySentence& sentence, ModuleId module) {
  auto objects = lower_call_names(lowering, allow.sets, module);
  if (!objects) return;
  put(lowering, rules,
      make_rule(lowering, ir::Effect::Permit, {ir::Right::Invoke, ir::Plane::Syscall}, std::move(*objects), allow.when,
                body_scope(module, ir::Plane::Syscall)),
      sentence, module);
}

/// `syscalls deny` says what is answered and, so that it means what it says, forbids the calls as well.
void put_deny(Lowering& lowering, std::vector<ir::Rule>& rules, const ast::SyscallsDeny& deny,
              const ast::BodySentence& sentence, ModuleId module) {
  auto objects = lower_call_names(lowering, deny.sets, module);
  if (!objects) return;
  put(lowering, rules,
      make_rule(lowering, ir::Effect::Forbid, {ir::Right::Invoke, ir::Plane::Syscall}, std::move(*objects), deny.when,
                body_scope(module, ir::Plane::Syscall)),
      sentence, module);
}

void put_capabilities(Lowering& lowering, std::vector<ir::Rule>& rules, const ast::Capabilities& kept,
                      const ast::BodySentence& sentence, ModuleId module) {
  ast::Objects written;
  written.span = sentence.span;
  for (const ast::Name& name : kept.names) written.items.emplace_back(ast::Path{{name}, name.span});
  auto objects = lower_objects(lowering, written, ir::Plane::KernelCapability, module);
  if (!objects || kept.names.empty()) return;
  put(lowering, rules,
      make_rule(lowering, ir::Effect::Permit, {ir::Right::Hold, ir::Plane::KernelCapability}, std::move(*objects), {},
                body_scope(module, ir::Plane::KernelCapability)),
      sentence, module);
}

void add_for(Lowering& lowering, ir::Rule rule, const std::vector<ir::SubjectId>& subjects, const source::Span& span) {
  for (const ir::SubjectId subject : subjects) {
    if (!lowering.spend(1 + rule.objects.files.size() + rule.objects.syscalls.size(), span)) return;
    rule.subject = subject;
    lowering.world.rules.push_back(rule);
  }
}

/// `Agent may read Data;` outside of a body.
void lower_subject_rule(Lowering& lowering, const ast::SubjectRule& written, const ast::Sentence& sentence,
                        ModuleId module) {
  const auto subjects = subjects_named(lowering, written.subject, module);
  const auto rights = lower_rights(lowering, written.rule.rights);
  if (!rights) return;
  auto objects = lower_objects(lowering, written.rule.objects, rights->plane, module);
  if (!objects) return;
  const ir::Effect effect = written.rule.effect == ast::Effect::Allow ? ir::Effect::Permit : ir::Effect::Forbid;
  auto rule =
      make_rule(lowering, effect, *rights, std::move(*objects), written.rule.when, body_scope(module, rights->plane));
  if (!rule) return;
  rule->sentence = lowering.sentence(module, sentence.span);
  add_for(lowering, std::move(*rule), subjects, sentence.span);
}

std::optional<LoweredObjects> lower_binder(Lowering& lowering, const ast::Binder& binder, ir::Plane plane,
                                           ModuleId module) {
  if (binder.kind.text != object_word(plane)) {
    if (binder.kind.text == "file" || binder.kind.text == "net" || binder.kind.text == "call" ||
        binder.kind.text == "capability") {
      lowering.error(Code::MixedPlanes, binder.kind.span,
                     "these rights are about a `" + object_word(plane) + "`, not a `" + binder.kind.text + "`");
    } else {
      lowering.unknown_word(Code::UnknownWord, binder.kind, "kind of object", {"file", "net", "call", "capability"});
    }
    return std::nullopt;
  }
  if (binder.within) return lower_objects(lowering, *binder.within, plane, module);
  LoweredObjects all;
  all.plane = plane;
  all.patterns.everything = true;
  return all;
}

/// `permit c: container to read f: file when ...;`
void lower_access_rule(Lowering& lowering, const ast::AccessRule& written, const ast::Sentence& sentence,
                       ModuleId module) {
  const auto* every = std::get_if<ast::Binder>(&written.subject);
  std::vector<ir::SubjectId> subjects;
  if (every != nullptr && (every->kind.text != "container" || every->within)) {
    lowering.unknown_word(Code::UnknownWord, every->kind, "kind of subject", {"container"});
    return;
  }
  if (every == nullptr) subjects = subjects_named(lowering, std::get<ast::SubjectRef>(written.subject), module);
  const auto rights = lower_rights(lowering, written.rights);
  if (!rights) return;
  const auto* binder = std::get_if<ast::Binder>(&written.object);
  auto objects = binder != nullptr
                     ? lower_binder(lowering, *binder, rights->plane, module)
                     : lower_objects(lowering, std::get<ast::Objects>(written.object), rights->plane, module);
  if (!objects) return;
  Scope scope = body_scope(module, rights->plane);
  if (every != nullptr) scope.subject = every->variable.text;
  if (binder != nullptr) scope.object = binder->variable.text;
  const ir::Effect effect = written.effect == ast::Effect::Allow ? ir::Effect::Permit : ir::Effect::Forbid;
  auto rule = make_rule(lowering, effect, *rights, std::move(*objects), written.when, scope);
  if (!rule) return;
  rule->sentence = lowering.sentence(module, sentence.span);
  if (every == nullptr) return add_for(lowering, std::move(*rule), subjects, sentence.span);
  lowering.world.rules.push_back(std::move(*rule));
}

}  // namespace

std::vector<ir::SubjectId> subjects_named(Lowering& lowering, const ast::SubjectRef& ref, ModuleId module) {
  if (!ref.name.simple()) {
    lowering.error(Code::UnknownName, ref.span, "there is no subject `" + ref.name.text() + "`");
    return {};
  }
  const ast::Name& name = ref.name.parts.front();
  const auto symbol = lowering.find(Space::Subjects, name, module);
  if (!symbol) return {};
  std::vector<ir::SubjectId> subjects;
  const auto add = [&](SymbolId one) {
    const ir::SubjectId subject = lowering.subjects[one.index()];
    if (!subject.valid()) return;
    subjects.push_back(subject);
    if (lowering.world.at(subject).twin) subjects.push_back(*lowering.world.at(subject).twin);
  };
  const Kind kind = lowering.names.at(*symbol).kind;
  if (kind == Kind::Container || kind == Kind::Host || kind == Kind::Subject) {
    add(*symbol);
  } else if (kind == Kind::Pod) {
    const auto& pod = std::get<ast::PodDecl>(lowering.sentence_of(*symbol).form);
    for (const ast::Name& member : pod.members) {
      if (const auto found = lowering.names.peek(Space::Subjects, member.text)) add(*found);
    }
  } else {
    lowering.wrong_kind(name, *symbol, "a container, pod, host or subject");
  }
  std::sort(subjects.begin(), subjects.end());
  subjects.erase(std::unique(subjects.begin(), subjects.end()), subjects.end());
  return subjects;
}

std::string object_word(ir::Plane plane) {
  switch (plane) {
    case ir::Plane::File:
      return "file";
    case ir::Plane::Net:
      return "net";
    case ir::Plane::Syscall:
      return "call";
    case ir::Plane::KernelCapability:
      return "capability";
  }
  BH_CHECK(false, "an unknown plane");
}

std::optional<LoweredRights> lower_rights(Lowering& lowering, const std::vector<ast::Name>& rights) {
  std::optional<LoweredRights> lowered;
  const ast::Name* first = nullptr;
  bool failed = rights.empty();
  for (const ast::Name& name : rights) {
    const auto right = ir::right_from(name.text);
    if (!right) {
      std::vector<std::string> choices;
      for (const ir::Right known : ir::kAllRights) choices.emplace_back(ir::to_string(known));
      lowering.unknown_word(Code::UnknownRight, name, "right", choices);
      failed = true;
      continue;
    }
    const ir::Plane plane = ir::plane_of(*right);
    if (lowered && plane != lowered->plane) {
      lowering.sink.report({Code::MixedPlanes,
                            name.span,
                            "`" + name.text + "` and `" + first->text + "` are about different kinds of object",
                            {{first->span, "the other right"}},
                            "write one rule for each",
                            {}});
      failed = true;
      continue;
    }
    if (first == nullptr) first = &name;
    lowered = LoweredRights{(lowered ? lowered->rights : ir::Rights{}) | *right, plane};
  }
  return failed ? std::nullopt : lowered;
}

const std::vector<ir::Rule>& lower_body_rules(Lowering& lowering, const ast::BodySentence& sentence, ModuleId module) {
  const auto [found, fresh] = lowering.body_rules.try_emplace(&sentence);
  std::vector<ir::Rule>& rules = found->second;
  if (!fresh) return rules;
  if (const auto* rule = std::get_if<ast::Rule>(&sentence.form)) put_rule(lowering, rules, *rule, sentence, module);
  if (const auto* allow = std::get_if<ast::SyscallsAllow>(&sentence.form))
    put_allow(lowering, rules, *allow, sentence, module);
  if (const auto* deny = std::get_if<ast::SyscallsDeny>(&sentence.form))
    put_deny(lowering, rules, *deny, sentence, module);
  if (const auto* kept = std::get_if<ast::Capabilities>(&sentence.form)) {
    put_capabilities(lowering, rules, *kept, sentence, module);
  }
  return rules;
}

std::optional<ir::SyscallDenial> lower_denial(Lowering& lowering, const ast::SyscallsDeny& deny,
                                              const ast::BodySentence& sentence, ModuleId module) {
  // The calls and the condition are the rule's; only the answer is new.
  const std::vector<ir::Rule>& rules = lower_body_rules(lowering, sentence, module);
  if (rules.empty() || !deny.action) return std::nullopt;
  const auto action = lower_action(lowering, *deny.action);
  if (!action) return std::nullopt;
  ir::SyscallDenial denial;
  denial.syscalls = rules.front().objects.syscalls;
  denial.when = rules.front().when;
  denial.action = *action;
  denial.sentence = rules.front().sentence;
  return denial;
}

void lower_access_rules(Lowering& lowering) {
  for (std::size_t m = 0; m < lowering.modules.modules.size(); ++m) {
    for (const ast::Sentence& sentence : lowering.modules.modules[m].tree.sentences) {
      if (const auto* rule = std::get_if<ast::AccessRule>(&sentence.form)) {
        lower_access_rule(lowering, *rule, sentence, ModuleId(m));
      } else if (const auto* subject_rule = std::get_if<ast::SubjectRule>(&sentence.form)) {
        lower_subject_rule(lowering, *subject_rule, sentence, ModuleId(m));
      }
    }
  }
}

}  // namespace bulkhead::types
