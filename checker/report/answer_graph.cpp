// Answers as graphs: for Graphviz, and as a picture that needs nothing else.
#include <algorithm>

#include "checker/report/answer.h"
#include "checker/story/svg_text.h"

namespace bulkhead::report {
namespace {

std::string dot_quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  return out + "\"";
}

/// What stands beside an edge: how, and the first line that allows it.
std::string caption(const Answer::Edge& edge) {
  if (edge.sentences.empty() || edge.sentences.front().file.empty()) return edge.label;
  return edge.label + " (" + edge.sentences.front().file + ":" + std::to_string(edge.sentences.front().line) + ")";
}

/// By node: its column, one more than that of the first node that leads to it; what nothing leads to stands first.
std::vector<std::size_t> columns(const Answer& answer) {
  std::vector<std::size_t> column(answer.nodes.size(), 0);
  std::vector<bool> entered(answer.nodes.size(), false), seen(answer.nodes.size(), false);
  for (const Answer::Edge& edge : answer.edges) entered[edge.to] = true;
  std::vector<std::size_t> open;
  const auto see = [&](std::size_t node, std::size_t place) {
    if (seen[node]) return;
    seen[node] = true;
    column[node] = place;
    open.push_back(node);
  };
  for (std::size_t i = 0; i < entered.size(); ++i) {
    if (!entered[i]) see(i, 0);
  }
  if (!answer.nodes.empty()) see(0, 0);  // everything lies on a circle
  for (std::size_t i = 0; i < open.size(); ++i) {
    for (const Answer::Edge& edge : answer.edges) {
      if (edge.from == open[i]) see(edge.to, column[open[i]] + 1);
    }
  }
  return column;
}

struct Box {
  std::size_t x = 0, y = 0, width = 0;
};
constexpr std::size_t kHeight = 32, kLetter = 8, kGap = 48;

/// Columns side by side, as wide as their names and the captions of the edges between them need.
std::vector<Box> layout(const Answer& answer, const std::vector<std::size_t>& column, std::size_t& right,
                        std::size_t& bottom) {
  const std::size_t count = column.empty() ? 0 : *std::max_element(column.begin(), column.end()) + 1;
  std::vector<std::size_t> names(count, 0), captions(count, 0), rows(count, 0);
  for (std::size_t i = 0; i < column.size(); ++i)
    names[column[i]] = std::max(names[column[i]], (answer.nodes[i].name.size() + 3) * kLetter);
  for (const Answer::Edge& edge : answer.edges) {
    std::size_t& room = captions[std::min(column[edge.from], column[edge.to])];
    room = std::max(room, caption(edge).size() * (kLetter - 1));
  }
  std::vector<std::size_t> begins(count, 16);
  right = 16;
  for (std::size_t i = 0; i < count; ++i) {
    begins[i] = right;
    right += names[i] + captions[i] + kGap;
  }
  std::vector<Box> boxes;
  bottom = 16;
  for (const std::size_t at : column) {
    boxes.push_back({begins[at], 16 + rows[at]++ * (kHeight + kGap), names[at]});
    bottom = std::max(bottom, boxes.back().y + kHeight + 16);
  }
  return boxes;
}

std::string number(std::size_t value) {
  return std::to_string(value);
}

std::string box_svg(const Answer::Node& node, const Box& box) {
  const bool subject = node.kind == Answer::Kind::Subject;
  return "<rect x=\"" + number(box.x) + "\" y=\"" + number(box.y) + "\" width=\"" + number(box.width) + "\" height=\"" +
         number(kHeight) + "\" rx=\"" + (subject ? "4" : "14") + "\" fill=\"" + (subject ? "#eef4ff" : "#fff6e0") +
         "\" stroke=\"#333\"/>\n<text x=\"" + number(box.x + box.width / 2) + "\" y=\"" + number(box.y + 21) +
         "\" text-anchor=\"middle\">" + story::svg_text(node.name) + "</text>\n";
}

/// Forwards from side to side; backwards, and within a column, along the lower edges. Captions of edges that leave one
/// box stand below each other.
std::string edge_svg(const Answer::Edge& edge, const Box& from, const Box& to, std::size_t nth) {
  const bool forward = to.x > from.x;
  const std::size_t y1 = from.y + (forward ? kHeight / 2 : kHeight), y2 = to.y + (forward ? kHeight / 2 : kHeight);
  const std::size_t x1 = forward ? from.x + from.width : from.x + from.width / 3;
  const std::size_t x2 = forward ? to.x : to.x + to.width * 2 / 3;
  return "<path d=\"M" + number(x1) + " " + number(y1) + " C" + number(forward ? x1 + kGap : x1) + " " +
         number(forward ? y1 : y1 + kGap / 2) + " " + number(forward ? x2 - kGap : x2) + " " +
         number(forward ? y2 : y2 + kGap / 2) + " " + number(x2) + " " + number(y2) +
         "\" fill=\"none\" stroke=\"#333\" marker-end=\"url(#head)\"/>\n<text class=\"by\" x=\"" +
         number(forward ? x1 + 12 : x1) + "\" y=\"" + number((forward ? (y1 + y2) / 2 - 5 : y1 + kGap / 2) + nth * 13) +
         "\">" + story::svg_text(caption(edge)) + "</text>\n";
}

/// The claims that break, each led to by the lines that suffice.
Answer as_graph(const Breakage& breakage) {
  Answer graph;
  for (const Breakage::Claim& claim : breakage.broken) {
    const std::size_t to = graph.node(claim.name, Answer::Kind::Objects);
    for (const Place& place : claim.sentences)
      graph.edges.push_back({graph.node(place.text, Answer::Kind::Subject), to, "breaks", {}, {place}});
  }
  return graph;
}

}  // namespace

std::string answer_dot(const Answer& answer) {
  std::string out = "digraph answer {\n  rankdir=LR;\n  node [shape=box];\n";
  for (std::size_t i = 0; i < answer.nodes.size(); ++i) {
    const bool subject = answer.nodes[i].kind == Answer::Kind::Subject;
    out +=
        "  n" + number(i) + " [label=" + dot_quoted(answer.nodes[i].name) + (subject ? "" : ", style=rounded") + "];\n";
  }
  for (const Answer::Edge& edge : answer.edges) {
    out += "  n" + number(edge.from) + " -> n" + number(edge.to) + " [label=" + dot_quoted(caption(edge)) + "];\n";
  }
  return out + "}\n";
}

std::string answer_svg(const Answer& answer) {
  std::size_t right = 0, bottom = 0;
  const std::vector<Box> boxes = layout(answer, columns(answer), right, bottom);
  std::string out =
      "<svg xmlns=\"http://www.w3.org/2000/svg\" version=\"1.1\" width=\"" + number(right) + "\" height=\"" +
      number(bottom + kGap) +
      "\" font-family=\"monospace\" font-size=\"13\">\n<style>.by { font-size: 11px; fill: #555; }</style>\n"
      "<defs><marker id=\"head\" viewBox=\"0 0 8 8\" refX=\"8\" refY=\"4\" markerWidth=\"8\" "
      "markerHeight=\"8\" orient=\"auto\"><path d=\"M0 0 L8 4 L0 8 z\"/></marker></defs>\n";
  std::vector<std::size_t> left(answer.nodes.size(), 0);
  for (const Answer::Edge& edge : answer.edges)
    out += edge_svg(edge, boxes[edge.from], boxes[edge.to], left[edge.from]++);
  for (std::size_t i = 0; i < boxes.size(); ++i) out += box_svg(answer.nodes[i], boxes[i]);
  return out + "</svg>\n";
}

std::string breakage_dot(const Breakage& breakage) {
  return answer_dot(as_graph(breakage));
}

std::string breakage_svg(const Breakage& breakage) {
  return answer_svg(as_graph(breakage));
}

}  // namespace bulkhead::report
