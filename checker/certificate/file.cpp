#include "checker/certificate/file.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "checker/certificate/evidence_fields.h"
#include "checker/certificate/system_fields.h"
#include "lang/base/file.h"

namespace bulkhead::certificate {
namespace {

constexpr std::string_view kHeader = "bulkhead.certificate/v2\n";

void put(Writer& w, const verdict::Step& step) {
  w.word("step");
  put(w, step.requests);
  w.word("edge");
  w.number(step.cause ? 1 + static_cast<std::uint64_t>(*step.cause) : 0);
  put(w, step.from);
  put(w, step.to);
  w.id(step.channel);
  w.number(step.handover ? 1 : 0);
  if (step.handover) put(w, *step.handover);
  w.word("because");
  put(w, step.sentences);
  w.text(step.text);
}

verdict::Step get_step(Scanner& s) {
  verdict::Step step;
  s.word("step");
  step.requests = get_requests(s);
  s.word("edge");
  if (const auto cause = s.number(ir::kFlowCauses); cause > 0) step.cause = static_cast<obligation::Cause>(cause - 1);
  step.from = get_node(s);
  step.to = get_node(s);
  step.channel = s.id<ir::ChannelId>();
  if (s.number(1) == 1) step.handover = get_handover(s);
  s.word("because");
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
  put(w, holds.certificate.excluded);
}

verdict::Verdict get_holds(Scanner& s) {
  verdict::Holds holds;
  holds.certificate.evidence = get_evidence(s);
  s.word("objects");
  for (std::size_t n = s.count(); n > 0 && !s.failed(); --n) holds.certificate.not_vacuous.push_back(get_object(s));
  holds.certificate.excluded = get_excluded(s);
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
  put(w, violated.excluded);
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
  violated.excluded = get_excluded(s);
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

/// Who found it; nothing rests on that.
const std::string* engine_of(const verdict::Verdict& verdict) {
  if (const auto* holds = std::get_if<verdict::Holds>(&verdict)) return &holds->engine;
  const auto* violated = std::get_if<verdict::Violated>(&verdict);
  return violated == nullptr ? nullptr : &violated->engine;
}
void set_engine(verdict::Verdict& verdict, std::string engine) {
  if (auto* holds = std::get_if<verdict::Holds>(&verdict)) holds->engine = std::move(engine);
  if (auto* violated = std::get_if<verdict::Violated>(&verdict)) violated->engine = std::move(engine);
}

/// It is shown to people: `scope: k-induction` at most.
bool is_engine_name(const std::string& name) {
  constexpr std::size_t kLongest = 32;
  return name.size() <= kLongest && std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || std::string_view("_-: 3").find(c) != std::string_view::npos;
         });
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
  const std::string* engine = engine_of(file.verdict);
  w.text(engine == nullptr ? "" : *engine);
  std::visit([&](const auto& verdict) { put(w, verdict); }, file.verdict);
  return w.out + "\nend\n";
}

Result<File, std::string> read(std::string_view text) {
  if (text.size() > kMaxFileBytes) return fail(std::string("a certificate of more than 256 MiB"));
  if (text.substr(0, kHeader.size()) != kHeader) return fail(std::string("not a certificate of version 2"));
  Scanner s(text.substr(kHeader.size()));
  File file;
  s.word("claim");
  file.claim = s.text();
  const auto variable = s.id<ir::SubjectId>();
  if (variable.valid()) file.instance.variable = variable;
  file.instance.direction = static_cast<obligation::Direction>(s.number(1));
  s.word("verdict");
  const auto kind = s.number(2);
  std::string engine = s.text();
  switch (kind) {
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
  if (s.failed() || !s.at_end() || !is_engine_name(engine)) return fail(std::string("a damaged certificate"));
  set_engine(file.verdict, std::move(engine));
  return file;
}

Result<std::string> read_bytes(const std::string& path) {
  std::error_code error;
  const auto kind = std::filesystem::status(path, error).type();
  if (kind != std::filesystem::file_type::regular && kind != std::filesystem::file_type::not_found)
    return fail(SystemError{"read", path, error.value(), "it is no regular file"});
  return read_file(path, kMaxFileBytes);
}

}  // namespace bulkhead::certificate
