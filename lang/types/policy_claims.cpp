// The claims of a policy: those that stand in it, and those of the packs that it asks for.
#include <algorithm>
#include <map>
#include <set>

#include "lang/types/claim_lowering.h"
#include "lang/types/rules.h"

namespace bulkhead::types {
namespace {

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

/// What a claim of a pack says when it is proved for a pod: `for c in pod Q with ...: ...`.
std::string narrowed_text(const std::string& text, const ast::Name& pod) {
  const std::size_t domain = text.find(" in ") + 4;  // `for c in containers`
  return text.substr(0, domain) + "pod " + pod.text + text.substr(text.find_first_of(" :", domain));
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
    if (use.pod && (!written->quantifier || written->quantifier->pod)) {
      const std::string whom = written->quantifier ? "a pod of its own" : "the whole policy";
      lowering.error(Code::BadPack, use.pod->span, "pack `" + use.pack.text() + "` speaks of " + whom,
                     "leave `for pod " + use.pod->text + "` out");
      return;
    }
    lowering.dynamic_name = false;
    auto claim = ClaimLowering(lowering, id, *written, use.pod ? &only : nullptr).lower();
    if (!claim) continue;
    claim->name = (use.pod ? use.pod->text + "." : "") + use.pack.parts.back().text + "." + name_of(lowering, *written);
    claim->doc = one.doc;
    claim->sentence = lowering.sentence(module, sentence.span);
    if (use.pod) claim->text = narrowed_text(claim->text, *use.pod);
    put_claim(lowering, std::move(*claim), true, use.pack.span, names);
  }
  if (count == 0) {
    lowering.error(Code::BadPack, use.pack.span, "`" + use.pack.text() + "` has no claim",
                   "a pack is a module with claims about the containers of whoever imports it");
  }
}

/// The modules that some sentence asks for as packs: their claims are made there, and by nobody else.
std::set<ModuleId> packs_asked_for(const Lowering& lowering) {
  std::set<ModuleId> packs;
  for (std::size_t m = 0; m < lowering.modules.modules.size(); ++m) {
    for (const ast::Sentence& sentence : lowering.modules.modules[m].tree.sentences) {
      ModuleId id;
      const auto* use = std::get_if<ast::PackUse>(&sentence.form);
      if (use != nullptr && pack_module(lowering, *use, ModuleId(m), id) != nullptr && id != ModuleId(m))
        packs.insert(id);
    }
  }
  return packs;
}

/// Some claim of the policy is about influence, which travels over channels.
bool claims_influence(const ir::World& world) {
  return std::any_of(world.claims.begin(), world.claims.end(), [](const ir::Claim& claim) {
    return std::holds_alternative<ir::Isolated>(claim.form) || std::holds_alternative<ir::Protected>(claim.form) ||
           std::holds_alternative<ir::NoFlow>(claim.form) || std::holds_alternative<ir::KeepsApart>(claim.form);
  });
}

/// Sentences that nothing here gives a meaning.
bool is_dynamic(const ast::SentenceForm& form) {
  return std::holds_alternative<ast::DynamicSentence>(form) || std::holds_alternative<ast::ProtocolDecl>(form);
}

}  // namespace

void lower_claims(Lowering& lowering) {
  ClaimNames names;
  const std::set<ModuleId> packs = packs_asked_for(lowering);
  for (std::size_t m = 0; m < lowering.modules.modules.size(); ++m) {
    for (const ast::Sentence& sentence : lowering.modules.modules[m].tree.sentences) {
      if (is_dynamic(sentence.form)) lowering.dynamic(ModuleId(m), sentence.span);
      // What the library proves of itself is not the importing policy's to prove again, nor are its names taken.
      if (lowering.modules.modules[m].library) continue;
      const auto* claim = std::get_if<ast::Claim>(&sentence.form);
      if (claim != nullptr && packs.count(ModuleId(m)) == 0)
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
