#include "checker/certificate/evidence_fields.h"

#include "checker/certificate/system_fields.h"

namespace bulkhead::certificate {

/// Of patterns and equations of one query; of the steps of a run.
constexpr std::uint64_t kMostPacked = 1'000'000;
constexpr std::uint64_t kMostSteps = 1'000'000;

void put(Writer& w, const std::vector<ir::Request>& requests) {
  w.number(requests.size());
  for (const ir::Request& request : requests) put(w, request);
}

std::vector<ir::Request> get_requests(Scanner& s) {
  std::vector<ir::Request> requests;
  for (std::size_t n = s.count(); n > 0 && !s.failed(); --n) requests.push_back(get_request(s));
  return requests;
}

/// The requests of its giver and its receiver; who these are, the delegation says.
void put(Writer& w, const ir::Handover& handover) {
  w.word("handover");
  w.id(handover.delegation);
  put(w, ir::Request{{}, handover.right, handover.object, handover.own});
  put(w, ir::Request{{}, handover.right, handover.object, handover.wanted});
  if (!handover.source && !handover.revocation.valid() && handover.shown.empty()) return;  // as most are
  w.word("moment");
  w.number(handover.source ? *handover.source + 1 : 0);
  w.id(handover.revocation);
  put(w, handover.shown);
}

ir::Handover get_handover(Scanner& s) {
  s.word("handover");
  const auto delegation = s.id<ir::DelegationId>();
  ir::Request own = get_request(s);
  ir::Request wanted = get_request(s);
  ir::Handover handover{delegation, own.right, std::move(own.object), std::move(own.context),
                        std::move(wanted.context)};
  if (!s.next_is("moment")) return handover;
  s.word("moment");
  const auto source = s.number(kMostSteps);
  if (source != 0) handover.source = static_cast<std::size_t>(source - 1);
  handover.revocation = s.id<ir::RevocationId>();
  handover.shown = get_requests(s);
  return handover;
}

void put(Writer& w, const obligation::GraphNode& node) {
  w.id(node.subject);
  w.id(node.data);
}

obligation::GraphNode get_node(Scanner& s) {
  const auto subject = s.id<ir::SubjectId>();
  return {subject, s.id<ir::LabelId>()};
}

namespace {

/// Truths as hexadecimal digits, the first one the highest bit of the first digit.
std::string packed(const std::vector<bool>& bits) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (std::size_t i = 0; i < bits.size(); i += 4) {
    unsigned digit = 0;
    for (std::size_t j = i; j < i + 4; ++j) digit = 2 * digit + (j < bits.size() && bits[j] ? 1 : 0);
    text += kDigits[digit];
  }
  return text;
}

std::vector<bool> unpacked(const std::string& text, std::size_t size) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::vector<bool> bits;
  for (std::size_t i = 0; i < size; ++i) {
    const std::size_t digit = i / 4 < text.size() ? kDigits.find(text[i / 4]) : 0;
    bits.push_back(((digit >> (3 - i % 4)) & 1u) != 0);
  }
  return bits;
}

void put(Writer& w, const std::vector<verdict::ClosedClass>& classes) {
  if (classes.empty()) return;  // what has no equations
  w.word("closed");
  w.number(classes.size());
  w.number(classes.front().members.empty() ? 0 : classes.front().members.front().size());
  w.number(classes.front().variables.size());
  for (const verdict::ClosedClass& one : classes) {
    w.word("class");
    w.text(packed(one.variables));
    w.number(one.members.size());
    for (const auto& members : one.members) w.text(packed(members));
  }
}

std::vector<verdict::ClosedClass> get_classes(Scanner& s) {
  std::vector<verdict::ClosedClass> classes;
  if (!s.next_is("closed")) return classes;
  s.word("closed");
  const std::size_t count = s.count();
  const auto patterns = static_cast<std::size_t>(s.number(kMostPacked));
  const auto variables = static_cast<std::size_t>(s.number(kMostPacked));
  const auto bits = [&](std::size_t size) {  // as many digits as there are bits to read, or what is unpacked could be
    const std::string text = s.text();       // larger than what was written
    return text.size() == (size + 3) / 4 ? unpacked(text, size) : std::vector<bool>();
  };
  for (std::size_t i = 0; i < count && !s.failed(); ++i) {
    s.word("class");
    verdict::ClosedClass one;
    one.variables = bits(variables);
    for (std::size_t n = s.count(); n > 0 && !s.failed(); --n) one.members.push_back(bits(patterns));
    classes.push_back(std::move(one));
  }
  return classes;
}

}  // namespace

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
  put(w, evidence.closed);
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
  evidence.closed = get_classes(s);
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

namespace {

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

}  // namespace

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

namespace {

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
  w.word("measure");
  w.number(evidence.measures.size());
  for (const system::Formula& measure : evidence.measures) put(w, measure);
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
  s.word("measure");
  for (std::size_t n = s.count(); n > 0 && !s.failed(); --n) evidence.measures.push_back(get_formula(s));
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

}  // namespace

void put(Writer& w, const std::optional<verdict::ExclusionEvidence>& excluded) {
  if (!excluded) return;
  w.word("excluded_by_conditions");
  w.number(excluded->never.size());
  for (const auto& one : excluded->never) {
    w.word("never");
    w.id(one.what);
    put(w, one.query);
  }
  w.word("always");
  w.number(excluded->always.size());
  for (const auto& one : excluded->always) {
    w.word("has");
    w.id(one.what);
    put(w, one.request);
  }
  w.word("unused");
  w.number(excluded->unused.size());
  for (const ir::Use& use : excluded->unused) {
    w.id(use.delegation);
    w.number(static_cast<std::uint64_t>(use.right));
  }
  if (!excluded->unused.empty()) put(w, excluded->invariant);
}

std::optional<verdict::ExclusionEvidence> get_excluded(Scanner& s) {
  if (!s.next_is("excluded_by_conditions")) return std::nullopt;
  verdict::ExclusionEvidence excluded;
  s.word("excluded_by_conditions");
  for (std::size_t n = s.count(); n > 0 && !s.failed(); --n) {
    s.word("never");
    const auto what = s.id<ir::PossessionId>();
    excluded.never.push_back({what, get_query(s)});
  }
  s.word("always");
  for (std::size_t n = s.count(); n > 0 && !s.failed(); --n) {
    s.word("has");
    const auto what = s.id<ir::PossessionId>();
    excluded.always.push_back({what, get_request(s)});
  }
  s.word("unused");
  for (std::size_t n = s.count(); n > 0 && !s.failed(); --n) {
    const auto delegation = s.id<ir::DelegationId>();
    excluded.unused.push_back({delegation, static_cast<ir::Right>(s.number(std::size(ir::kAllRights) - 1))});
  }
  if (!excluded.unused.empty()) excluded.invariant = get_scope(s);
  return excluded;
}

void put(Writer& w, const verdict::Evidence& evidence) {
  w.word("evidence");
  w.number(evidence.index());
  if (const auto* empty = std::get_if<verdict::EmptyEvidence>(&evidence)) put(w, empty->queries);
  if (const auto* witness = std::get_if<verdict::WitnessEvidence>(&evidence)) {
    put(w, witness->requests);
    w.number(witness->handovers.size());
    for (const ir::Handover& handover : witness->handovers) put(w, handover);
  }
  if (const auto* closed = std::get_if<verdict::ClosedEvidence>(&evidence)) {
    w.number(closed->closed.size());
    for (const obligation::GraphNode& node : closed->closed) put(w, node);
    w.number(closed->flow);
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
    case 1: {
      verdict::WitnessEvidence witness{get_requests(s)};
      for (std::size_t n = s.count(); n > 0 && !s.failed(); --n) witness.handovers.push_back(get_handover(s));
      return witness;
    }
    case 2: {
      verdict::ClosedEvidence closed;
      for (std::size_t n = s.count(); n > 0 && !s.failed(); --n) closed.closed.push_back(get_node(s));
      closed.flow = static_cast<std::size_t>(s.number());
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

}  // namespace bulkhead::certificate
