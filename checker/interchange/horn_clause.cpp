#include "checker/interchange/horn_clause.h"

#include "checker/term/smt2.h"

namespace bulkhead::interchange {

using term::TermId;

namespace {

class Printer {
 public:
  explicit Printer(const term::Store& store) : store_(store) {}

  std::string text(const HornClause& clause) {
    std::vector<TermId> roots = clause.body;
    const auto add = [&](const Relates& one) { roots.insert(roots.end(), one.arguments.begin(), one.arguments.end()); };
    for (const Relates& one : clause.from) add(one);
    if (clause.head) add(*clause.head);
    const term::Lets lets = term::lets(store_, roots);
    next_ = lets.uses.begin() + static_cast<std::ptrdiff_t>(clause.body.size());
    std::string premise = "(and";
    for (const Relates& one : clause.from) premise += " " + applied(one);
    for (std::size_t i = 0; i < clause.body.size(); ++i) premise += " " + lets.uses[i];
    if (clause.body.empty() && clause.from.empty()) premise += " true";
    premise += ")";
    const std::string conclusion = clause.head ? applied(*clause.head) : "false";
    const std::string whole = lets.open + "(=> " + premise + " " + conclusion + ")" + lets.close;
    const std::string variables = variables_of(roots);
    if (variables.empty()) return "(assert " + whole + ")\n";
    return "(assert (forall (" + variables + ")\n  " + whole + "))\n";
  }

 private:
  std::string variables_of(const std::vector<TermId>& roots) const {
    std::string text;
    for (const TermId id : term::reachable(store_, roots)) {
      if (store_.at(id).op != term::Op::Variable) continue;
      text += (text.empty() ? "(" : " (") + store_.name(id) + " " + term::sort_text(store_.sort(id)) + ")";
    }
    return text;
  }
  /// Of the relations in the order of the roots.
  std::string applied(const Relates& one) {
    if (one.arguments.empty()) return one.relation;
    std::string text = "(" + one.relation;
    for (std::size_t i = 0; i < one.arguments.size(); ++i) text += " " + *next_++;
    return text + ")";
  }

  const term::Store& store_;
  std::vector<std::string>::const_iterator next_;
};

}  // namespace

std::string horn_clause(const term::Store& store, const HornClause& clause) {
  return Printer(store).text(clause);
}

}  // namespace bulkhead::interchange
