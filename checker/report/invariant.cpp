#include "checker/report/invariant.h"

#include <algorithm>
#include <set>
#include <variant>
#include <vector>

#include "checker/conditions/rounds.h"
#include "checker/finite/generalise.h"
#include "lang/system/exhaust.h"
#include "lang/system/formula.h"
#include "lang/system/spell.h"

namespace bulkhead::report {
namespace {

using verdict::Conjunct;

/// One sentence may be many lines of a policy; a comment is one.
std::string comment(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  return "// " + text + "\n";
}

class Sentences {
 public:
  Sentences(const system::System& system, const ir::Claim& claim, const ir::TheoremClaim& theorem)
      : system_(system), claim_(claim), theorem_(theorem) {}

  std::string operator()(const verdict::InductiveEvidence& evidence) const {
    if (const auto* leads = std::get_if<system::LeadsTo>(&theorem_.theorem.statement)) return rounds(evidence, *leads);
    const bool leaks = std::holds_alternative<system::LeaksNothing>(theorem_.theorem.statement);
    return comment("k = 1, for sorts of any size: what follows holds at first, each action keeps it, and " +
                   std::string(leaks ? "the unwinding conditions hold in such states" : "it implies the claim")) +
           conjuncts(evidence.conjuncts);
  }

  std::string operator()(const verdict::RankEvidence& evidence) const {
    const auto& leads = std::get<system::LeadsTo>(theorem_.theorem.statement);
    std::string order;
    for (const auto& help : evidence.order) {
      std::string arguments;
      for (const std::size_t one : help.arguments) {
        arguments += (arguments.empty() ? "" : ", ") + system_.at(leads.each.at(one)).name;
      }
      order +=
          (order.empty() ? "" : ", then ") + system_.at(leads.fair.at(help.fair).action).name + "(" + arguments + ")";
    }
    std::string measures;
    for (const auto& one : evidence.measures) measures += comment("measure: " + system::spell(system_, one));
    return comment("k = 1, for sorts of any size: what follows holds at first, and each action keeps it") +
           conjuncts(evidence.conjuncts) + comment("pending: " + system::spell(system_, evidence.pending)) + measures +
           comment("what is pending stays so until it is over, and these fair instances bring it nearer: " + order);
  }

  std::string operator()(const verdict::ScopeEvidence& evidence) const {
    if (!evidence.proofs.empty() && system::read_enumeration(evidence.proofs[0])) {
      return comment(evidence.proofs[0] + scope_text() + ": each of them was looked at");
    }
    const bool leads = std::holds_alternative<system::LeadsTo>(theorem_.theorem.statement);
    if (leads && evidence.k == 0) {
      return comment("k = " + std::to_string(conditions::kMostRounds) +
                     " rounds in which every fair action had its turn are never over while something is pending" +
                     scope_text() + ": " + std::to_string(evidence.excluded.size()) +
                     " clauses about the model that counts them");
    }
    if (evidence.k == 0) return comment("every run of as many steps as the claim names was looked at");
    if (evidence.excluded.empty()) {
      return comment("k = " + std::to_string(evidence.k) +
                     ": the claim holds in the first k states of every run, and " +
                     "after any k states in which it holds");
    }
    const std::string head = comment("k = 1" + scope_text() +
                                     ": what follows holds at first, each action keeps it, and it implies the claim");
    if (leads) {
      return head +
             comment(std::to_string(evidence.excluded.size()) + " clauses about the model that watches for lassos");
    }
    return head + excluded(evidence);
  }

  // Evidence about policies says nothing of models.
  std::string operator()(const verdict::EmptyEvidence&) const { return ""; }
  std::string operator()(const verdict::WitnessEvidence&) const { return ""; }
  std::string operator()(const verdict::ClosedEvidence&) const { return ""; }
  std::string operator()(const verdict::LinearEvidence&) const { return ""; }

 private:
  /// The formulas speak of the system that counts rounds, whose functions no model has: all are comments.
  std::string rounds(const verdict::InductiveEvidence& evidence, const system::LeadsTo& leads) const {
    const auto counted = conditions::rounds(system_, leads);
    if (!counted) return "";
    std::string text = comment("k = " + std::to_string(conditions::kMostRounds) +
                               " rounds in which every fair action had its turn are never over while something is " +
                               "pending, for sorts of any size: in the model that counts them what follows holds at " +
                               "first, and each action keeps it");
    for (const Conjunct& one : evidence.conjuncts) {
      if (one.from == Conjunct::From::Property) text += comment("of the model: " + written(one.text));
      if (one.from == Conjunct::From::Inferred) text += comment(system::spell(counted->system, one.formula));
    }
    return text;
  }

  std::string scope_text() const {
    std::string text;
    for (const auto& [sort, size] : theorem_.theorem.bounds.sizes) {
      text += (text.empty() ? ", for " : ", ") + std::to_string(size) + " " + system_.at(sort).name;
    }
    return text;
  }

  std::string conjuncts(const std::vector<Conjunct>& list) const {
    std::string text, lemmas;
    std::size_t number = 0;
    for (const Conjunct& one : list) {
      switch (one.from) {
        case Conjunct::From::Claim:
          text += comment("the claim itself");
          break;
        case Conjunct::From::Property:
          text += comment("of the model: " + written(one.text));
          break;
        case Conjunct::From::Inferred:
          lemmas += "lemma " + free_name(++number) + ": " + system::spell(system_, one.formula) + ";\n";
          break;
      }
    }
    return text + lemmas;
  }

  std::string written(const std::string& name) const {
    for (const system::Property& one : system_.properties) {
      if (one.name == name) return name + ": " + system::bare(system::spell_term(system_, one.formula));
    }
    return name;
  }

  /// After the claim, so that the lemmas of several claims go into one model; a name that no property has.
  std::string free_name(std::size_t number) const {
    std::string name = claim_.name + "_" + std::to_string(number);
    const auto is_taken = [&](const system::Property& one) { return one.name == name; };
    while (std::any_of(system_.properties.begin(), system_.properties.end(), is_taken)) name += "_again";
    return name;
  }

  std::string excluded(const verdict::ScopeEvidence& evidence) const {
    system::Scope scope{std::vector<std::uint32_t>(system_.sorts.size(), 0)};
    for (const auto& [sort, size] : theorem_.theorem.bounds.sizes) scope.sizes.at(sort.index()) = size;
    std::string text;
    std::set<std::string> said;
    system::System larger = system_;
    system::Builder builder(larger);
    std::size_t number = 0, unsaid = 0;
    for (const auto& cube : evidence.excluded) {
      if (number == kMostSentences) break;
      finite::Cube bits;
      for (const verdict::StateBit& one : cube) bits.push_back({one.entry, one.bit, one.value});
      // Of the two readings, the one that says which values: in this scope it is what the bits say.
      auto readings = finite::generalise(system_, scope, {bits});
      std::erase_if(readings, [](const finite::Excluded& one) {
        return std::any_of(one.atoms.begin(), one.atoms.end(), [](const finite::Atom& atom) { return !atom.among; });
      });
      if (readings.empty()) {
        ++unsaid;
        continue;
      }
      const system::TermId formula = finite::formula(builder, readings.front());
      const std::string line = system::bare(system::spell_term(larger, formula)) + ";\n";
      if (!said.insert(line).second) continue;  // a renaming of one that was said
      text += "lemma " + free_name(++number) + ": " + line;
    }
    if (unsaid > 0) text += comment(std::to_string(unsaid) + " clauses split a word, and have no sentence");
    if (number == kMostSentences) text += comment("and more");
    return text;
  }

  const system::System& system_;
  const ir::Claim& claim_;
  const ir::TheoremClaim& theorem_;
};

}  // namespace

std::string invariant(const ir::World& world, const ir::Claim& claim, const verdict::Verdict& verdict) {
  const auto* theorem = std::get_if<ir::TheoremClaim>(&claim.form);
  const auto* holds = std::get_if<verdict::Holds>(&verdict);
  if (theorem == nullptr || holds == nullptr) return "";
  const system::System& system = world.at(theorem->system);
  const std::string how = std::visit(Sentences(system, claim, *theorem), holds->certificate.evidence);
  return how.empty() ? "" : comment(claim.name + ": " + claim.text + ", in `model " + system.name + "`") + how;
}

}  // namespace bulkhead::report
