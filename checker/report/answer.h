// Answers to questions about a policy: a graph whose every edge has requests that show it and the lines that allow it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "lang/ir/world.h"
#include "lang/source/source.h"

namespace bulkhead::report {

/// A sentence and where it stands.
struct Place {
  std::string text;
  std::string file;  // "": nobody wrote it
  std::uint32_t line = 0;
  std::uint32_t column = 0;
};
std::vector<Place> places(const ir::World& world, const source::SourceMap& sources,
                          const std::vector<ir::SentenceId>& sentences);

struct Answer {
  enum class Kind : std::uint8_t { Subject, Objects, Network };
  struct Node {
    std::string name;
    Kind kind = Kind::Subject;
  };
  struct Edge {
    std::size_t from = 0;  // in `nodes`; which way information or authority goes
    std::size_t to = 0;
    std::string label;                 // "may read", "a shared object"
    std::vector<std::string> witness;  // "A may read Data:"/x""; empty where the edge is no request
    std::vector<Place> sentences;
  };
  std::string question;
  std::string headline;  // "2 of 5 subjects can read Secrets"
  std::vector<Node> nodes;
  std::vector<Edge> edges;
  std::vector<std::string> unknown;  // what was asked of the checker and not decided: "A can read Secrets: timeout"
  std::vector<std::string> assumptions;
  bool kept = false;  // an earlier run decided it, and its evidence was accepted then

  /// The place of the node, made where there is none yet.
  std::size_t node(const std::string& name, Kind kind);
};

std::string answer_text(const Answer& answer);
/// `bulkhead.answer/v1`, docs/schema/answer.v1.json.
std::string answer_json(const Answer& answer);
/// For Graphviz.
std::string answer_dot(const Answer& answer);
/// A picture, SVG 1.1, that needs no fonts and no scripts of its own. Text is escaped.
std::string answer_svg(const Answer& answer);

/// What a sentence that is added would do: claims that were satisfied and are not any more.
struct Breakage {
  struct Claim {
    std::string name;
    std::string text;
    std::string headline;            // "violated"
    std::vector<std::string> story;  // one line for each step
    std::vector<Place> sentences;    // that suffice; the added one stands in "question"
  };
  std::string question;
  std::vector<Claim> broken;
  std::vector<std::string> mended;   // names of claims that become satisfied
  std::vector<std::string> unknown;  // names of claims of which it is not known any more
  std::size_t claims = 0;
};
std::string breakage_text(const Breakage& breakage);
std::string breakage_json(const Breakage& breakage);
std::string breakage_dot(const Breakage& breakage);
std::string breakage_svg(const Breakage& breakage);

}  // namespace bulkhead::report
