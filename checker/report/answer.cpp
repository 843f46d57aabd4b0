#include "checker/report/answer.h"

#include <nlohmann/json.hpp>

namespace bulkhead::report {
namespace {

using Json = nlohmann::ordered_json;

std::string dump(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

Json places_json(const std::vector<Place>& places) {
  Json list = Json::array();
  for (const Place& place : places) {
    Json json{{"text", place.text}};
    if (!place.file.empty()) {
      json["file"] = place.file;
      json["line"] = place.line;
      json["column"] = place.column;
    }
    list.push_back(std::move(json));
  }
  return list;
}

std::string places_text(const std::vector<Place>& places, const char* indent) {
  std::string out;
  for (const Place& place : places) {
    out += indent + (place.file.empty() ? "implied" : place.file + ":" + std::to_string(place.line)) + ": " +
           place.text + "\n";
  }
  return out;
}

std::string_view word(Answer::Kind kind) {
  switch (kind) {
    case Answer::Kind::Subject:
      return "subject";
    case Answer::Kind::Objects:
      return "objects";
    case Answer::Kind::Network:
      return "network";
  }
  return "";
}

}  // namespace

std::vector<Place> places(const ir::World& world, const source::SourceMap& sources,
                          const std::vector<ir::SentenceId>& sentences) {
  std::vector<Place> list;
  for (const ir::SentenceId id : sentences) {
    const ir::Sentence& sentence = world.at(id);
    Place place{sentence.text, "", 0, 0};
    if (sentence.span.file.valid()) {
      const source::Position at = sources.position(sentence.span.file, sentence.span.begin);
      place = {sentence.text, sources.name(sentence.span.file), at.line, at.column};
    }
    list.push_back(std::move(place));
  }
  return list;
}

std::size_t Answer::node(const std::string& name, Kind kind) {
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (nodes[i].name == name && nodes[i].kind == kind) return i;
  }
  nodes.push_back({name, kind});
  return nodes.size() - 1;
}

std::string answer_text(const Answer& answer) {
  std::string out = answer.headline + "\n";
  std::size_t number = 1;
  for (const Answer::Edge& edge : answer.edges) {
    out += "  " + std::to_string(number++) + ". " + answer.nodes[edge.from].name + " -> " + answer.nodes[edge.to].name +
           "  (" + edge.label + ")\n";
    for (const std::string& request : edge.witness) out += "       " + request + "\n";
    out += places_text(edge.sentences, "         ");
  }
  for (const std::string& unknown : answer.unknown) out += "not known: " + unknown + "\n";
  for (const std::string& assumption : answer.assumptions) out += "assuming: " + assumption + "\n";
  if (answer.kept) out += "kept by an earlier run, in which the evidence was accepted\n";
  return out;
}

std::string answer_json(const Answer& answer) {
  Json json{{"schema", "bulkhead.answer/v1"}, {"question", answer.question}, {"headline", answer.headline}};
  json["nodes"] = Json::array();
  for (const Answer::Node& node : answer.nodes)
    json["nodes"].push_back({{"name", node.name}, {"kind", word(node.kind)}});
  json["edges"] = Json::array();
  for (const Answer::Edge& edge : answer.edges) {
    json["edges"].push_back({{"from", edge.from},
                             {"to", edge.to},
                             {"label", edge.label},
                             {"witness", edge.witness},
                             {"sentences", places_json(edge.sentences)}});
  }
  json["unknown"] = answer.unknown;
  json["assumptions"] = answer.assumptions;
  if (answer.kept) json["cached"] = true;
  return dump(json);
}

std::string breakage_text(const Breakage& breakage) {
  std::string out = std::to_string(breakage.broken.size()) + " of " + std::to_string(breakage.claims) +
                    " claims break if `" + breakage.question + "` is added\n";
  for (const Breakage::Claim& claim : breakage.broken) {
    out += "  " + claim.name + ": " + claim.text + ": " + claim.headline + "\n";
    std::size_t number = 1;
    for (const std::string& line : claim.story) out += "    " + std::to_string(number++) + ". " + line + "\n";
    out += places_text(claim.sentences, "       ");
  }
  for (const std::string& name : breakage.mended) out += "mended: " + name + "\n";
  for (const std::string& name : breakage.unknown) out += "not known any more: " + name + "\n";
  return out;
}

std::string breakage_json(const Breakage& breakage) {
  Json json{{"schema", "bulkhead.breakage/v1"}, {"added", breakage.question}, {"claims", breakage.claims}};
  json["broken"] = Json::array();
  for (const Breakage::Claim& claim : breakage.broken) {
    json["broken"].push_back({{"name", claim.name},
                              {"text", claim.text},
                              {"headline", claim.headline},
                              {"story", claim.story},
                              {"sentences", places_json(claim.sentences)}});
  }
  json["mended"] = breakage.mended;
  json["unknown"] = breakage.unknown;
  return dump(json);
}

}  // namespace bulkhead::report
