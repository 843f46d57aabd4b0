// One claim of a policy while it is lowered: subjects found, pods spread over their members, quantifiers turned into
// the containers that they range over. Internal to lang/types.
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "lang/types/lowering.h"

namespace bulkhead::types {

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
  std::optional<std::vector<ir::SubjectId>> releasing(const std::vector<ast::Name>& except);
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

}  // namespace bulkhead::types
