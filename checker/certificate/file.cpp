#include "checker/certificate/file.h"

#include "checker/certificate/fields.h"
#include "lang/system/term.h"

namespace bulkhead::certificate {
namespace {

constexpr std::string_view kHeader = "bulkhead.certificate/v1\n";

void put(Writer& w, const std::vector<ir::Request>& requests) {
  w.number(requests.size());
  for (const ir::Request& request : requests) put(w, request);
}

std::vector<ir::Request> get_requests(Scanner& s) {
  std::vector<ir::Request> requests;
  for (std::size_t n = s.count(); n > 0 && !s.failed(); --n) requests.push_back(get_request(s));
  return requests;
}

void put(Writer& w, const verdict::QueryEvidence& evidence) {
  w.word("query");
  w.text(evidence.digest);
  w.number(evidence.atoms.covers.size());
  for (const verdict::VolumeCover& cover : evidence.atoms.covers) {
    w.word("cover");
    w.id(cover.volume);
    w.number(cover.words.size());
    for (const std::string& word : cover.words) w.text(word);
  }
  w.word("script");
  w.text(evidence.smt2);
}

verdict::QueryEvidence get_query(Scanner& s) {
  verdict::QueryEvidence evidence;
  s.word("query");
  evidence.digest = s.text();
  for (std::size_t n = s.count(); n > 0 && !s.failed(); --n) {
    s.word("cover");
    verdict::VolumeCover cover{s.id<ir::VolumeId>(), {}};
    for (std::size_t words = s.count(); words > 0 && !s.failed(); --words) cover.words.push_back(s.text());
    evidence.atoms.covers.push_back(std::move(cover));
  }
  s.word("script");
  evidence.smt2 = s.text();
  return evidence;
}

void put(Writer& w, const std::vector<verdict::QueryEvidence>& list) {
  w.number(list.size());
  for (const verdict::QueryEvidence& evidence : list) put(w, evidence);
}

std::vector<verdict::QueryEvidence> get_queries(Scanner& s) {
  std::vector<verdict::QueryEvidence> list;
  for (std::size_t n = s.count(); n > 0 && !s.failed(); --n) list.push_back(get_query(s));
  return list;
}

void put(Writer& w, const std::vector<ir::SentenceId>& sentences) {
  w.number(sentences.size());
  for (const ir::SentenceId sentence : sentences) w.id(sentence);
}

std::vector<ir::SentenceId> get_sentences(Scanner& s) {
  std::vector<ir::SentenceId> sentences;
  for (std::size_t n = s.count(); n > 0 && !s.failed(); --n) sentences.push_back(s.id<ir::SentenceId>());
  return sentences;
}

void put(Writer& w, const std::vector<system::Value>& values) {
  w.number(values.size());
  for (const system::Value value : values) w.number(static_cast<std::uint64_t>(value));
}

std::vector<system::Value> get_values(Scanner& s) {
  std::vector<system::Value> values;
  for (std::size_t n = s.count(); n > 0 && !s.failed(); --n) values.push_back(static_cast<system::Value>(s.number()));
  return values;
}

void put(Writer& w, const std::vector<system::Run>& runs) {
  w.word("runs");
  w.number(runs.size());
  for (const system::Run& run : runs) {
    w.word("scope");
    w.number(run.scope.sizes.size());
    for (const std::uint32_t size : run.scope.sizes) w.number(size);
    w.word("state");
    w.number(run.first.tables.size());
    for (const auto& table : run.first.tables) put(w, table);
    w.word("fired");
    w.number(run.steps.size());
    for (const system::Fired& fired : run.steps) {
      w.id(fired.action);
      put(w, fired.arguments);
    }
    w.word("loop");
    w.number(run.loop ? 1 + *run.loop : 0);
  }
}

system::Run get_run(Scanner& s) {
  system::Run run;
  s.word("scope");
  for (std::size_t n = s.count(); n > 0 && !s.failed(); --n) {
    run.scope.sizes.push_back(static_cast<std::uint32_t>(s.number(~std::uint32_t{0})));
  }
  s.word("state");
  for (std::size_t n = s.count(); n > 0 && !s.failed(); --n) run.first.tables.push_back(get_values(s));
  s.word("fired");
  for (std::size_t n = s.count(); n > 0 && !s.failed(); --n) {
    const auto action = s.id<system::ActionId>();
    run.steps.push_back({action, get_values(s)});
  }
  s.word("loop");
  if (const auto loop = s.number(); loop > 0) run.loop = static_cast<std::size_t>(loop - 1);
  return run;
}

std::vector<system::Run> get_runs(Scanner& s) {
  std::vector<system::Run> runs;
  s.word("runs");
  for (std::size_t n = s.count(); n > 0 && !s.failed(); --n) runs.push_back(get_run(s));
  return runs;
}

void put(Writer& w, const system::Type& type) {
  w.number(static_cast<std::uint64_t>(type.kind));
  w.number(type.width);
  w.id(type.enumeration);
  w.id(type.sort);
}

system::Type get_type(Scanner& s) {
  system::Type type;
  type.kind = static_cast<system::Kind>(s.number(static_cast<std::uint64_t>(system::Kind::Sort)));
  type.width = static_cast<std::uint8_t>(s.number(64));
  type.enumeration = s.id<system::EnumId>();
  type.sort = s.id<system::SortId>();
  return type;
}

template <typename T>
void put_ids(Writer& w, const std::vector<T>& ids) {
  w.number(ids.size());
  for (const T id : ids) w.id(id);
}

template <typename T>
std::vector<T> get_ids(Scanner& s) {
  std::vector<T> ids;
  for (std::size_t n = s.count(); n > 0 && !s.failed(); --n) ids.push_back(s.id<T>());
  return ids;
}

void put(Writer& w, const system::Formula& formula) {
  w.word("formula");
  w.number(formula.binders.size());
  for (const system::Binder& binder : formula.binders) {
    w.text(binder.name);
    put(w, binder.type);
  }
  w.number(formula.terms.size());
  for (const system::Term& term : formula.terms) {
    w.word("term");
    w.number(static_cast<std::uint64_t>(term.op));
    put(w, term.type);
    w.number(static_cast<std::uint64_t>(term.value));
    w.id(term.function);
    w.id(term.binder);
    put_ids(w, term.binders);
    put_ids(w, term.args);
  }
}

system::Formula get_formula(Scanner& s) {
  system::Formula formula;
  s.word("formula");
  for (std::size_t n = s.count(); n > 0 && !s.failed(); --n) {
    std::string name = s.text();
    formula.binders.push_back({std::move(name), get_type(s)});
  }
  for (std::size_t n = s.count(); n > 0 && !s.failed(); --n) {
    s.word("term");
    system::Term term;
    term.op = static_cast<system::Op>(s.number(static_cast<std::uint64_t>(system::Op::Exists)));
    term.type = get_type(s);
    term.value = static_cast<std::int64_t>(s.number());
    term.function = s.id<system::FunctionId>();
    term.binder = s.id<system::BinderId>();
    term.binders = get_ids<system::BinderId>(s);
    term.args = get_ids<system::TermId>(s);
    formula.terms.push_back(std::move(term));
  }
  return formula;
}

void put(Writer& w, const std::vector<verdict::Conjunct>& conjuncts) {
  w.word("conjuncts");
  w.number(conjuncts.size());
  for (const verdict::Conjunct& conjunct : conjuncts) {
    w.number(static_cast<std::uint64_t>(conjunct.from));
    w.text(conjunct.text);
    if (conjunct.from == verdict::Conjunct::From::Inferred) put(w, conjunct.formula);
  }
}

std::vector<verdict::Conjunct> get_conjuncts(Scanner& s) {
  std::vector<verdict::Conjunct> conjuncts;
  s.word("conjuncts");
  for (std::size_t n = s.count(); n > 0 && !s.failed(); --n) {
    const auto from = static_cast<verdict::Conjunct::From>(s.number(2));
    conjuncts.push_back({from, s.text()});
    if (from == verdict::Conjunct::From::Inferred) conjuncts.back().formula = get_formula(s);
  }
  return conjuncts;
}

void put_texts(Writer& w, std::string_view word, const std::vector<std::string>& texts) {
  w.word(word);
  w.number(texts.size());
  for (const std::string& text : texts) w.text(text);
}

std::vector<std::string> get_texts(Scanner& s, std::string_view word) {
  std::vector<std::string> texts;
  s.word(word);
  for (std::size_t n = s.count(); n > 0 && !s.failed(); --n) texts.push_back(s.text());
  return texts;
}

void put(Writer& w, const verdict::InductiveEvidence& evidence) {
  put(w, evidence.conjuncts);
  put(w, evidence.witnesses);
  put_texts(w, "scripts", evidence.scripts);
}

verdict::InductiveEvidence get_inductive(Scanner& s) {
  verdict::InductiveEvidence evidence;
  evidence.conjuncts = get_conjuncts(s);
  evidence.witnesses = get_runs(s);
  evidence.scripts = get_texts(s, "scripts");
  return evidence;
}

void put(Writer& w, const verdict::ScopeEvidence& evidence) {
  w.word("scope_invariant");
  w.number(evidence.k);
  w.number(evidence.excluded.size());
  for (const auto& cube : evidence.excluded) {
    w.word("excluded");
    w.number(cube.size());
    for (const verdict::StateBit& one : cube) {
      w.number(one.entry);
      w.number(one.bit);
      w.number(one.value ? 1 : 0);
    }
  }
  put_texts(w, "proofs", evidence.proofs);
  put(w, evidence.witnesses);
}

verdict::ScopeEvidence get_scope(Scanner& s) {
  verdict::ScopeEvidence evidence;
  s.word("scope_invariant");
  evidence.k = static_cast<std::size_t>(s.number());
  for (std::size_t n = s.count(); n > 0 && !s.failed(); --n) {
    s.word("excluded");
    auto& cube = evidence.excluded.emplace_back();
    for (std::size_t bits = s.count(); bits > 0 && !s.failed(); --bits) {
      const auto entry = static_cast<std::size_t>(s.number());
      const auto bit = static_cast<std::size_t>(s.number());
      cube.push_back({entry, bit, s.number(1) != 0});
    }
  }
  evidence.proofs = get_texts(s, "proofs");
  evidence.witnesses = get_runs(s);
  return evidence;
}

void put(Writer& w, const verdict::RankEvidence& evidence) {
  put(w, evidence.conjuncts);
  put(w, evidence.pending);
  w.word("order");
  w.number(evidence.order.size());
  for (const verdict::RankEvidence::Help& help : evidence.order) {
    w.word("help");
    w.number(help.fair);
    w.number(help.arguments.size());
    for (const std::size_t argument : help.arguments) w.number(argument);
  }
  put(w, evidence.witnesses);
  put_texts(w, "scripts", evidence.scripts);
}

verdict::RankEvidence get_rank(Scanner& s) {
  verdict::RankEvidence evidence;
  evidence.conjuncts = get_conjuncts(s);
  evidence.pending = get_formula(s);
  s.word("order");
  for (std::size_t n = s.count(); n > 0 && !s.failed(); --n) {
    s.word("help");
    auto& help = evidence.order.emplace_back();
    help.fair = static_cast<std::size_t>(s.number());
    for (std::size_t arguments = s.count(); arguments > 0 && !s.failed(); --arguments) {
      help.arguments.push_back(static_cast<std::size_t>(s.number()));
    }
  }
  evidence.witnesses = get_runs(s);
  evidence.scripts = get_texts(s, "scripts");
  return evidence;
}

void put(Writer& w, const verdict::Evidence& evidence) {
  w.word("evidence");
  w.number(evidence.index());
  if (const auto* empty = std::get_if<verdict::EmptyEvidence>(&evidence)) put(w, empty->queries);
  if (const auto* witness = std::get_if<verdict::WitnessEvidence>(&evidence)) put(w, witness->requests);
  if (const auto* closed = std::get_if<verdict::ClosedEvidence>(&evidence)) {
    w.number(closed->closed.size());
    for (const auto node : closed->closed) w.id(node.subject);
    put(w, closed->crossings);
  }
  if (const auto* linear = std::get_if<verdict::LinearEvidence>(&evidence)) {
    w.number(linear->multipliers.size());
    for (const auto& row : linear->multipliers) {
      w.word("row");
      w.number(row.size());
      for (const std::uint64_t multiplier : row) w.number(multiplier);
    }
  }
  if (const auto* inductive = std::get_if<verdict::InductiveEvidence>(&evidence)) put(w, *inductive);
  if (const auto* scope = std::get_if<verdict::ScopeEvidence>(&evidence)) put(w, *scope);
  if (const auto* rank = std::get_if<verdict::RankEvidence>(&evidence)) put(w, *rank);
}

verdict::Evidence get_evidence(Scanner& s) {
  s.word("evidence");
  switch (s.number(6)) {
    case 0:
      return verdict::EmptyEvidence{get_queries(s)};
    case 1:
      return verdict::WitnessEvidence{get_requests(s)};
    case 2: {
      verdict::ClosedEvidence closed;
      for (std::size_t n = s.count(); n > 0 && !s.failed(); --n) closed.closed.push_back({s.id<ir::SubjectId>()});
      closed.crossings = get_queries(s);
      return closed;
    }
    case 4:
      return get_inductive(s);
    case 5:
      return get_scope(s);
    case 6:
      return get_rank(s);
    default: {
      verdict::LinearEvidence linear;
      for (std::size_t n = s.count(); n > 0 && !s.failed(); --n) {
        s.word("row");
        std::vector<std::uint64_t> row;
        for (std::size_t width = s.count(); width > 0 && !s.failed(); --width) row.push_back(s.number());
        linear.multipliers.push_back(std::move(row));
      }
      return linear;
    }
  }
}

void put(Writer& w, const verdict::Step& step) {
  w.word("step");
  put(w, step.requests);
  w.word("edge");
  w.number(step.cause ? 1 + static_cast<std::uint64_t>(*step.cause) : 0);
  w.id(step.from.subject);
  w.id(step.to.subject);
  put(w, step.sentences);
  w.text(step.text);
}

verdict::Step get_step(Scanner& s) {
  verdict::Step step;
  s.word("step");
  step.requests = get_requests(s);
  s.word("edge");
  if (const auto cause = s.number(ir::kFlowCauses); cause > 0) step.cause = static_cast<obligation::Cause>(cause - 1);
  step.from.subject = s.id<ir::SubjectId>();
  step.to.subject = s.id<ir::SubjectId>();
  step.sentences = get_sentences(s);
  step.text = s.text();
  return step;
}

void put(Writer& w, const verdict::Holds& holds) {
  w.word("holds");
  put(w, holds.certificate.evidence);
  w.word("objects");
  w.number(holds.certificate.not_vacuous.size());
  for (const ir::Object& object : holds.certificate.not_vacuous) put(w, object);
}

verdict::Verdict get_holds(Scanner& s) {
  verdict::Holds holds;
  holds.certificate.evidence = get_evidence(s);
  s.word("objects");
  for (std::size_t n = s.count(); n > 0 && !s.failed(); --n) holds.certificate.not_vacuous.push_back(get_object(s));
  return holds;
}

void put(Writer& w, const verdict::Violated& violated) {
  w.word("violated");
  w.number(violated.query);
  w.number(violated.trace.steps.size());
  for (const verdict::Step& step : violated.trace.steps) put(w, step);
  w.word("minimal");
  put(w, violated.trace.minimal);
  w.word("negation");
  w.number(violated.negation ? 1 : violated.trace.runs.empty() ? 0 : 2);
  if (violated.negation)
    put(w, violated.negation->queries);
  else if (!violated.trace.runs.empty())
    put(w, violated.trace.runs);
}

verdict::Verdict get_violated(Scanner& s) {
  verdict::Violated violated;
  violated.query = static_cast<std::size_t>(s.number());
  for (std::size_t n = s.count(); n > 0 && !s.failed(); --n) violated.trace.steps.push_back(get_step(s));
  s.word("minimal");
  violated.trace.minimal = get_sentences(s);
  s.word("negation");
  const auto shown_by = s.number(2);
  if (shown_by == 1) violated.negation = verdict::EmptyEvidence{get_queries(s)};
  if (shown_by == 2) violated.trace.runs = get_runs(s);
  return violated;
}

void put(Writer& w, const verdict::Vacuous& vacuous) {
  w.word("vacuous");
  w.text(vacuous.reason);
  w.number(vacuous.which);
  w.number(vacuous.evidence ? 1 : vacuous.inductive ? 2 : 0);
  if (vacuous.evidence)
    put(w, *vacuous.evidence);
  else if (vacuous.inductive)
    put(w, *vacuous.inductive);
}

verdict::Verdict get_vacuous(Scanner& s) {
  verdict::Vacuous vacuous;
  vacuous.reason = s.text();
  vacuous.which = static_cast<std::size_t>(s.number());
  const auto shown_by = s.number(2);
  if (shown_by == 1) vacuous.evidence = get_query(s);
  if (shown_by == 2) vacuous.inductive = get_inductive(s);
  return vacuous;
}

/// Nobody stores that nobody knows.
void put(Writer&, const verdict::Unknown&) {
  BH_CHECK(false, "an unknown verdict has no certificate");
}

}  // namespace

std::string write(const File& file) {
  Writer w(kHeader);
  w.word("claim");
  w.text(file.claim);
  w.id(file.instance.variable.value_or(ir::SubjectId{}));
  w.number(static_cast<std::uint64_t>(file.instance.direction));
  w.word("verdict");
  w.number(file.verdict.index());
  std::visit([&](const auto& verdict) { put(w, verdict); }, file.verdict);
  return w.out + "\nend\n";
}

Result<File, std::string> read(std::string_view text) {
  if (text.size() > kMaxFileBytes) return fail(std::string("a certificate of more than 256 MiB"));
  if (text.substr(0, kHeader.size()) != kHeader) return fail(std::string("not a certificate of version 1"));
  Scanner s(text.substr(kHeader.size()));
  File file;
  s.word("claim");
  file.claim = s.text();
  const auto variable = s.id<ir::SubjectId>();
  if (variable.valid()) file.instance.variable = variable;
  file.instance.direction = static_cast<obligation::Direction>(s.number(1));
  s.word("verdict");
  switch (s.number(2)) {
    case 0:
      s.word("holds");
      file.verdict = get_holds(s);
      break;
    case 1:
      s.word("violated");
      file.verdict = get_violated(s);
      break;
    default:
      s.word("vacuous");
      file.verdict = get_vacuous(s);
      break;
  }
  s.word("end");
  if (s.failed() || !s.at_end()) return fail(std::string("a damaged certificate"));
  return file;
}

}  // namespace bulkhead::certificate
