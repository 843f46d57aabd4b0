#include "checker/interchange/horn_clause.h"

#include "checker/term/smt2.h"

namespace bulkhead::interchange {

using term::TermId;

namespace {

/// Longer texts are named, so that shared terms stay shared and no text is copied often.
constexpr std::size_t kLongText = 60;

class Printer {
 public:
  explicit Printer(const term::Store& store) : store_(store), texts_(store.size()) {}

  std::string text(const HornClause& clause) {
    std::vector<TermId> roots = clause.body;
    const auto add = [&](const Relates& one) { roots.insert(roots.end(), one.arguments.begin(), one.arguments.end()); };
    for (const Relates& one : clause.from) add(one);
    if (clause.head) add(*clause.head);
    name(roots);
    std::string premise = "(and";
    for (const Relates& one : clause.from) premise += " " + applied(one);
    for (const TermId id : clause.body) premise += " " + texts_[id.index()];
    if (clause.body.empty() && clause.from.empty()) premise += " true";
    premise += ")";
    const std::string conclusion = clause.head ? applied(*clause.head) : "false";
    const std::string whole = lets_ + "(=> " + premise + " " + conclusion + ")" + std::string(open_, ')');
    if (variables_.empty()) return "(assert " + whole + ")\n";
    return "(assert (forall (" + variables_ + ")\n  " + whole + "))\n";
  }

 private:
  void name(const std::vector<TermId>& roots) {
    for (const TermId id : term::reachable(store_, roots)) {
      std::vector<std::string> args;
      for (const TermId arg : store_.at(id).args) args.push_back(texts_[arg.index()]);
      std::string text = term::term_text(store_, id, args);
      if (store_.at(id).op == term::Op::Variable) {
        variables_ += (variables_.empty() ? "(" : " (") + text + " " + term::sort_text(store_.sort(id)) + ")";
      } else if (text.size() > kLongText) {
        const std::string name = "t!" + std::to_string(id.index());
        lets_ += "(let ((" + name + " " + text + "))\n  ";
        ++open_;
        text = name;
      }
      texts_[id.index()] = std::move(text);
    }
  }
  std::string applied(const Relates& one) const {
    if (one.arguments.empty()) return one.relation;
    std::string text = "(" + one.relation;
    for (const TermId id : one.arguments) text += " " + texts_[id.index()];
    return text + ")";
  }

  const term::Store& store_;
  std::vector<std::string> texts_;  // by term
  std::string variables_, lets_;
  std::size_t open_ = 0;
};

}  // namespace

std::string horn_clause(const term::Store& store, const HornClause& clause) {
  return Printer(store).text(clause);
}

}  // namespace bulkhead::interchange
