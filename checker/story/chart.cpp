#include "checker/story/chart.h"

#include <algorithm>
#include <string_view>

#include "checker/story/story.h"
#include "checker/story/svg_text.h"

namespace bulkhead::story {

using namespace bulkhead::system;

namespace {

constexpr std::string_view kWire = "wire";
constexpr std::size_t kWireLane = 1;

/// Functions that say in which state a run of a role is: to an enum, and some action is named after one of its members.
struct Role {
  std::string name;
  const Enum* states = nullptr;
};

/// "client" of "client_Idle_send_Read": the role, and what its step does: "send_Read".
struct Act {
  std::size_t role;
  std::string_view deed;
};

std::optional<Act> act_of(const std::vector<Role>& roles, std::string_view action) {
  for (std::size_t i = 0; i < roles.size(); ++i) {
    for (const std::string& state : roles[i].states->members) {
      const std::string prefix = roles[i].name + "_" + state + "_";
      if (action.substr(0, prefix.size()) != prefix) continue;
      const std::string_view deed = action.substr(prefix.size());
      for (const std::string_view word : {"send_", "accept_", "refuse_", "timeout"}) {
        if (deed.substr(0, word.size()) == word) return Act{i, deed};
      }
    }
  }
  return std::nullopt;
}

std::vector<Role> roles_of(const System& system) {
  std::vector<Role> roles;
  for (const Function& function : system.functions) {
    if (function.result.kind != Kind::Enum || function.arguments.size() != 1) continue;
    const std::vector<Role> one{{function.name, &system.at(function.result.enumeration)}};
    const bool acts = std::any_of(system.actions.begin(), system.actions.end(),
                                  [&](const Action& action) { return act_of(one, action.name).has_value(); });
    if (acts) roles.push_back(one.front());
  }
  return roles;
}

bool cut(std::string_view& text, std::string_view prefix) {
  if (text.substr(0, prefix.size()) != prefix) return false;
  text.remove_prefix(prefix.size());
  return true;
}

/// "Read_from_attacker__2" -> "Read", and whether the attacker delivers it.
std::pair<std::string, bool> message_of(std::string_view name) {
  name = name.substr(0, name.find("__"));
  constexpr std::string_view kBy = "_from_attacker";
  const bool attacker = name.size() > kBy.size() && name.substr(name.size() - kBy.size()) == kBy;
  if (attacker) name.remove_suffix(kBy.size());
  return {std::string(name), attacker};
}

class Charting {
 public:
  Charting(const System& system, std::vector<Role> roles) : system_(system), roles_(std::move(roles)) {
    chart_.lanes = {roles_[0].name, std::string(kWire), roles_[1].name};
  }

  Chart operator()(const Run& run) {
    for (const Fired& fired : run.steps) add(fired);
    return std::move(chart_);
  }

 private:
  std::string with_values(std::string text, const Fired& fired) const {
    const std::vector<BinderId>& parameters = system_.at(fired.action).parameters;
    for (std::size_t i = 0; i < fired.arguments.size(); ++i) {
      text += (i == 0 ? "(" : ", ") + show(system_, system_.at(parameters[i]).type, fired.arguments[i]);
    }
    return fired.arguments.empty() ? text : text + ")";
  }

  void add(const Fired& fired) {
    std::string_view name = system_.at(fired.action).name;
    if (const auto act = act_of(roles_, name)) return add(*act, fired);
    const std::size_t wire = kWireLane;
    if (cut(name, "lose_")) {
      chart_.rows.push_back({Chart::Kind::Lost, wire, wire, with_values(message_of(name).first, fired)});
    } else if (cut(name, "attacker_")) {
      const std::size_t end = std::min(name.find('_'), name.size());
      const std::string what(name.substr(std::min(end + 1, name.size())));
      chart_.rows.push_back({Chart::Kind::Note, wire, wire,
                             with_values("attacker " + std::string(name.substr(0, end)) + " " + what, fired)});
    } else {
      chart_.rows.push_back({Chart::Kind::Note, wire, wire, with_values(std::string(name), fired)});
    }
  }

  void add(const Act& act, const Fired& fired) {
    const std::size_t lane = act.role == 0 ? 0 : 2;
    std::string_view deed = act.deed;
    if (cut(deed, "send_")) {
      chart_.rows.push_back({Chart::Kind::Message, lane, kWireLane, with_values(message_of(deed).first, fired)});
      return;
    }
    const bool refuses = deed.substr(0, 7) == "refuse_";
    if (cut(deed, "accept_") || cut(deed, "refuse_")) {
      const auto [message, attacker] = message_of(deed);
      std::string text = with_values(message, fired) + (attacker ? " by the attacker" : "");
      chart_.rows.push_back({Chart::Kind::Message, kWireLane, lane, text + (refuses ? ", refused" : "")});
      return;
    }
    chart_.rows.push_back({Chart::Kind::Note, lane, lane, with_values("timeout", fired)});
  }

  const System& system_;
  std::vector<Role> roles_;
  Chart chart_;
};

std::size_t longest(const Chart& chart) {
  std::size_t length = 0;
  for (const Chart::Row& row : chart.rows) length = std::max(length, row.text.size());
  for (const std::string& lane : chart.lanes) length = std::max(length, lane.size());
  return length;
}

}  // namespace

std::optional<Chart> chart_of(const System& system, const Run& run) {
  std::vector<Role> roles = roles_of(system);
  if (roles.size() != 2) return std::nullopt;
  return Charting(system, std::move(roles))(run);
}

std::vector<std::string> lines(const Chart& chart) {
  const std::size_t gap = longest(chart) + 7;
  const auto at = [&](std::size_t lane) { return lane * gap; };
  std::string names;
  for (std::size_t lane = 0; lane < chart.lanes.size(); ++lane) {
    names.resize(at(lane), ' ');
    names += chart.lanes[lane];
  }
  std::vector<std::string> out{names};
  for (const Chart::Row& row : chart.rows) {
    std::string line(at(chart.lanes.size() - 1) + 1, ' ');
    for (std::size_t lane = 0; lane < chart.lanes.size(); ++lane) line[at(lane)] = '|';
    if (row.kind == Chart::Kind::Message) {
      const std::size_t left = std::min(at(row.from), at(row.to)), right = std::max(at(row.from), at(row.to));
      std::fill(line.begin() + static_cast<std::ptrdiff_t>(left) + 1, line.begin() + static_cast<std::ptrdiff_t>(right),
                '-');
      line.replace(left + 3, row.text.size() + 2, " " + row.text + " ");
      line[row.from < row.to ? right - 1 : left + 1] = row.from < row.to ? '>' : '<';
    } else {
      const std::string note = (row.kind == Chart::Kind::Lost ? "X lost: " : "* ") + row.text;
      line.resize(at(row.from));
      line += note;
    }
    out.push_back(std::move(line));
  }
  return out;
}

std::string svg(const Chart& chart) {
  constexpr std::size_t kLetter = 8, kRow = 36, kMargin = 60, kTop = 50;  // pixels
  const std::size_t gap = (longest(chart) + 4) * kLetter;
  const auto x = [&](std::size_t lane) { return std::to_string(kMargin + lane * gap); };
  const std::size_t bottom = kTop + (chart.rows.size() + 1) * kRow;
  const std::string width = std::to_string(2 * kMargin + (chart.lanes.size() - 1) * gap + longest(chart) * kLetter);
  std::string out = "<svg xmlns=\"http://www.w3.org/2000/svg\" version=\"1.1\" width=\"" + width + "\" height=\"" +
                    std::to_string(bottom + 20) + "\" font-family=\"monospace\" font-size=\"13\">\n" +
                    "<defs><marker id=\"head\" viewBox=\"0 0 10 10\" refX=\"10\" refY=\"5\" markerWidth=\"8\" "
                    "markerHeight=\"8\" orient=\"auto\"><path d=\"M 0 0 L 10 5 L 0 10 z\"/></marker></defs>\n"
                    "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n";
  for (std::size_t lane = 0; lane < chart.lanes.size(); ++lane) {
    out += "<text x=\"" + x(lane) + "\" y=\"25\" text-anchor=\"middle\" font-weight=\"bold\">" +
           svg_text(chart.lanes[lane]) + "</text>\n<line x1=\"" + x(lane) + "\" y1=\"35\" x2=\"" + x(lane) +
           "\" y2=\"" + std::to_string(bottom) + "\" stroke=\"gray\" stroke-dasharray=\"4 3\"/>\n";
  }
  for (std::size_t i = 0; i < chart.rows.size(); ++i) {
    const Chart::Row& row = chart.rows[i];
    const std::string y = std::to_string(kTop + (i + 1) * kRow - 12),
                      above = std::to_string(kTop + (i + 1) * kRow - 17);
    if (row.kind == Chart::Kind::Message) {
      const std::size_t middle = kMargin + (row.from + row.to) * gap / 2;
      out += "<line x1=\"" + x(row.from) + "\" y1=\"" + y + "\" x2=\"" + x(row.to) + "\" y2=\"" + y +
             "\" stroke=\"black\" marker-end=\"url(#head)\"/>\n<text x=\"" + std::to_string(middle) + "\" y=\"" +
             above + "\" text-anchor=\"middle\">" + svg_text(row.text) + "</text>\n";
    } else {
      const bool lost = row.kind == Chart::Kind::Lost;
      out += "<text x=\"" + x(row.from) + "\" y=\"" + y + "\" fill=\"" + (lost ? "red" : "black") + "\">" +
             (lost ? "\u2715 " : "\u2022 ") + svg_text(row.text) + "</text>\n";
    }
  }
  return out + "</svg>\n";
}

}  // namespace bulkhead::story
