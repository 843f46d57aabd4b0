// The fields of evidence in a certificate file: what get_ reads, put wrote. Trusted, internal to checker/certificate.
#pragma once

#include <optional>
#include <vector>

#include "checker/certificate/fields.h"
#include "checker/verdict/verdict.h"
#include "lang/ir/replay.h"

namespace bulkhead::certificate {

void put(Writer& w, const std::vector<ir::Request>& requests);
std::vector<ir::Request> get_requests(Scanner& s);
void put(Writer& w, const ir::Handover& handover);
ir::Handover get_handover(Scanner& s);
void put(Writer& w, const obligation::GraphNode& node);
obligation::GraphNode get_node(Scanner& s);
void put(Writer& w, const verdict::QueryEvidence& evidence);
verdict::QueryEvidence get_query(Scanner& s);
void put(Writer& w, const std::vector<verdict::QueryEvidence>& list);
std::vector<verdict::QueryEvidence> get_queries(Scanner& s);
void put(Writer& w, const std::vector<ir::SentenceId>& sentences);
std::vector<ir::SentenceId> get_sentences(Scanner& s);
void put(Writer& w, const verdict::InductiveEvidence& evidence);
verdict::InductiveEvidence get_inductive(Scanner& s);
void put(Writer& w, const std::optional<verdict::ExclusionEvidence>& excluded);
std::optional<verdict::ExclusionEvidence> get_excluded(Scanner& s);
void put(Writer& w, const verdict::Evidence& evidence);
verdict::Evidence get_evidence(Scanner& s);

}  // namespace bulkhead::certificate
