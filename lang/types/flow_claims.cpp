// Claims about authority that moves and about the flow of information, as they are written.
#include <algorithm>

#include "lang/types/claim_lowering.h"
#include "lang/types/rules.h"

namespace bulkhead::types {

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

/// Whom `except through` names; `declassifiers`: all who declassify something in this policy. None after an error.
std::optional<std::vector<ir::SubjectId>> ClaimLowering::releasing(const std::vector<ast::Name>& except) {
  std::vector<ir::SubjectId> all;
  for (const ast::Name& name : except) {
    if (name.text == "declassifiers" && !lowering_.names.peek(Space::Subjects, name.text)) {
      for (const ir::Declassification& one : lowering_.world.declassifications) all.push_back(one.by);
      continue;
    }
    const ast::SubjectRef ref{std::nullopt, {{name}, name.span}, name.span};
    const auto subjects = subjects_named(lowering_, ref, module_);
    if (subjects.empty()) return std::nullopt;
    all.insert(all.end(), subjects.begin(), subjects.end());
  }
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

std::optional<ir::ClaimForm> ClaimLowering::no_flow(const ast::NoFlowClaim& claim) {
  const bool network = claim.to.text == "network" && !lowering_.names.peek(Space::Labels, "network");
  const auto from = label(claim.from);
  const auto to = network ? std::nullopt : label(claim.to);
  auto except = releasing(claim.except);
  if (!from || (!to && !network) || !except) return std::nullopt;
  return ir::NoFlow{*from, to, std::move(*except)};
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
  auto except = releasing(claim.except);
  if (!subject || !first || !second || !except) return std::nullopt;
  return ir::KeepsApart{*subject, *first, *second, std::move(*except)};
}

}  // namespace bulkhead::types
