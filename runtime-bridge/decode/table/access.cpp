#include "runtime-bridge/decode/table/access.h"

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>

#include "checker/obligation/obligation.h"
#include "checker/universe/net_cells.h"
#include "checker/universe/path_search.h"
#include "lang/ir/net_range.h"

namespace bulkhead::decode {
namespace {

using obligation::Formula;
using obligation::NodeKind;
using obligation::TermKind;
using universe::Truth;

constexpr std::uint64_t kCellWork = 50'000'000;

Truth truth(bool value) {
  return value ? Truth::True : Truth::False;
}
Truth negate(Truth value) {
  if (value == Truth::Unknown) return value;
  return truth(value == Truth::False);
}
/// Folds with `deciding` as the value that settles the result.
Truth fold(Truth so_far, Truth next, Truth deciding) {
  if (so_far == deciding || next == deciding) return deciding;
  return so_far == Truth::Unknown || next == Truth::Unknown ? Truth::Unknown : negate(deciding);
}

/// What is known of an object while it is judged: which pattern sets it lies in, and its fields.
struct View {
  std::function<Truth(std::size_t)> policy_member;  // by pattern of the formula
  std::function<Truth(std::size_t)> listed;         // by literal of the table, numbered through
  std::function<std::optional<std::uint64_t>(ir::ObjectField)> field;
};

std::optional<std::uint64_t> word(const Formula& formula, obligation::TermId id, const View& view) {
  const obligation::Term& term = formula.at(id);
  switch (term.kind) {
    case TermKind::Constant:
      return term.value;
    case TermKind::Field:
      return view.field(term.field);
    case TermKind::Context:
    case TermKind::BitAnd:  // of syscall arguments only
      return std::nullopt;
  }
  return std::nullopt;
}

Truth compare(const Formula& formula, const obligation::Node& node, const View& view) {
  const auto left = word(formula, node.left, view);
  const auto right = word(formula, node.right, view);
  if (!left || !right) return Truth::Unknown;
  const auto signed_left = static_cast<std::int64_t>(*left), signed_right = static_cast<std::int64_t>(*right);
  switch (node.comparison) {
    case obligation::Comparison::Equal:
      return truth(*left == *right);
    case obligation::Comparison::UnsignedLess:
      return truth(*left < *right);
    case obligation::Comparison::UnsignedLessEqual:
      return truth(*left <= *right);
    case obligation::Comparison::SignedLess:
      return truth(signed_left < signed_right);
    case obligation::Comparison::SignedLessEqual:
      return truth(signed_left <= signed_right);
  }
  return Truth::Unknown;
}

/// The policy's answer; Unknown also where it depends on a context, which the table cannot know.
Truth policy_allows(const Formula& formula, const View& view) {
  std::vector<Truth> values;
  for (const obligation::Node& node : formula.nodes) {
    Truth value = Truth::Unknown;
    switch (node.kind) {
      case NodeKind::True:
        value = Truth::True;
        break;
      case NodeKind::False:
        value = Truth::False;
        break;
      case NodeKind::And:
        value = Truth::True;
        for (const auto child : node.children) value = fold(value, values.at(child.index()), Truth::False);
        break;
      case NodeKind::Or:
        value = Truth::False;
        for (const auto child : node.children) value = fold(value, values.at(child.index()), Truth::True);
        break;
      case NodeKind::Not:
        value = negate(values.at(node.children.at(0).index()));
        break;
      case NodeKind::Member:
        value = view.policy_member(node.pattern.index());
        break;
      case NodeKind::Compare:
        value = compare(formula, node, view);
        break;
      case NodeKind::Has:
      case NodeKind::ContextBool:
      case NodeKind::NoContext:
      case NodeKind::Variable:
        break;
    }
    values.push_back(value);
  }
  return values.at(formula.root.index());
}

/// The rows that have the right, with their literals numbered through.
struct Rows {
  struct Entry {
    table::Effect effect;
    std::vector<std::size_t> literals;
  };
  std::vector<Entry> entries;
  std::vector<const table::Literal*> literals;

  Rows(const table::Table& table, ir::Right right) {
    for (const table::Row& row : table.rows) {
      if (row.plane != static_cast<table::Plane>(ir::plane_of(right)) || (row.rights & ir::Rights(right).bits()) == 0)
        continue;
      entries.push_back({row.effect, {}});
      for (const table::Literal& literal : row.literals) {
        entries.back().literals.push_back(literals.size());
        literals.push_back(&literal);
      }
    }
  }

  Truth allows(const View& view) const {
    Truth permitted = Truth::False, forbidden = Truth::False;
    for (const Entry& entry : entries) {
      Truth matches = Truth::True;
      for (const std::size_t id : entry.literals) {
        const Truth listed = literals[id]->everything ? Truth::True : view.listed(id);
        matches = fold(matches, literals[id]->negated ? negate(listed) : listed, Truth::False);
      }
      Truth& sum = entry.effect == table::Effect::Permit ? permitted : forbidden;
      sum = fold(sum, matches, Truth::True);
    }
    return fold(permitted, negate(forbidden), Truth::False);
  }
};

struct Question {
  const Formula& policy;
  const Rows& rows;
  std::string right;
};

/// The pattern sets on one volume as languages; equal sets are one language.
class Languages {
 public:
  std::optional<std::size_t> add(std::vector<universe::PathPattern> patterns) {
    std::sort(patterns.begin(), patterns.end());
    patterns.erase(std::unique(patterns.begin(), patterns.end()), patterns.end());
    if (patterns.empty()) return std::nullopt;
    const auto [at, fresh] = known_.try_emplace(patterns, automata_.size());
    if (!fresh) return at->second;
    auto automaton = universe::Nfa::build(patterns);
    if (!automaton.ok()) {
      problem_ = "`" + automaton.error().pattern.glob + "`: " + automaton.error().reason;
      known_.erase(at);
      return std::nullopt;
    }
    automata_.push_back(std::make_unique<universe::Nfa>(std::move(*automaton)));
    return automata_.size() - 1;
  }
  std::vector<universe::UsedLanguage> used() const {
    std::vector<universe::UsedLanguage> used;
    for (const auto& automaton : automata_) used.push_back({automaton.get(), universe::Use::Both});
    return used;
  }
  const std::string& problem() const { return problem_; }

 private:
  std::map<std::vector<universe::PathPattern>, std::size_t> known_;
  std::vector<std::unique_ptr<universe::Nfa>> automata_;
  std::string problem_;
};

/// One volume: `index` in the table, or none where the table has no such volume.
void compare_paths(const Question& question, ir::VolumeId volume, std::optional<std::uint32_t> index,
                   const std::string& name, Comparison& comparison) {
  Languages languages;
  std::vector<std::optional<std::size_t>> policy, listed;
  for (const ir::ObjectPatterns& patterns : question.policy.patterns) {
    std::vector<universe::PathPattern> here;
    for (const ir::FilePattern& pattern : patterns.files) {
      if (pattern.volume == volume) here.push_back({pattern.glob, pattern.prefix});
    }
    policy.push_back(languages.add(std::move(here)));
  }
  for (const table::Literal* literal : question.rows.literals) {
    std::vector<universe::PathPattern> here;
    for (const table::FilePattern& pattern : literal->files) {
      if (index && pattern.volume == *index) here.push_back({pattern.glob, pattern.prefix});
    }
    listed.push_back(languages.add(std::move(here)));
  }
  if (!languages.problem().empty()) return comparison.undecided.push_back(languages.problem());

  const auto ask = [&](bool wider) {
    const auto evaluate = [&, wider](std::span<const Truth> known) {
      const auto member = [&](const std::vector<std::optional<std::size_t>>& ids, std::size_t i) {
        return ids[i] ? known[*ids[i]] : Truth::False;
      };
      const View view{[&](std::size_t i) { return member(policy, i); },
                      [&](std::size_t i) { return member(listed, i); }, [](ir::ObjectField) { return std::nullopt; }};
      const Truth enforced = index ? question.rows.allows(view) : Truth::False;
      const Truth meant = policy_allows(question.policy, view);
      return wider ? fold(enforced, negate(meant), Truth::False) : fold(meant, negate(enforced), Truth::False);
    };
    const auto used = languages.used();
    const auto answer = universe::find_path(used, {evaluate, evaluate});
    if (const auto* some = std::get_if<universe::SomePath>(&answer)) {
      (wider ? comparison.wider : comparison.narrower).push_back({question.right, name + ":" + some->path});
    }
    if (const auto* undecided = std::get_if<universe::Undecided>(&answer)) {
      comparison.undecided.push_back(question.right + " on " + name + ": " + undecided->reason);
    }
  };
  ask(true);
  ask(false);
}

/// Adds the difference, if there is one. Returns whether more of the same are worth looking for.
void judge(const Question& question, const View& view, const std::string& witness, Comparison& comparison) {
  const Truth enforced = question.rows.allows(view);
  const Truth meant = policy_allows(question.policy, view);
  if (enforced == Truth::Unknown || meant == Truth::Unknown) {
    comparison.undecided.push_back(question.right + " " + witness + ": depends on more than the table knows");
  } else if (enforced != meant) {
    (enforced == Truth::True ? comparison.wider : comparison.narrower).push_back({question.right, witness});
  }
}

std::vector<ir::NetPattern> nets_of(const table::Literal& literal) {
  std::vector<ir::NetPattern> patterns;
  for (const table::NetPattern& net : literal.nets) {
    ir::NetPattern pattern;
    pattern.first.family = pattern.last.family = net.family == 4 ? ir::Family::V4 : ir::Family::V6;
    pattern.first.bytes = net.first;
    pattern.last.bytes = net.last;
    pattern.first_port = net.first_port;
    pattern.last_port = net.last_port;
    pattern.protos = net.protos;
    patterns.push_back(pattern);
  }
  return patterns;
}

void compare_nets(const Question& question, Comparison& comparison) {
  std::vector<std::vector<ir::NetPattern>> sets;
  for (const ir::ObjectPatterns& patterns : question.policy.patterns) sets.push_back(patterns.nets);
  const std::size_t first_literal = sets.size();
  for (const table::Literal* literal : question.rows.literals) sets.push_back(nets_of(*literal));
  std::set<std::uint16_t> cuts;
  for (const obligation::Term& term : question.policy.terms) {
    if (term.kind != TermKind::Constant) continue;
    if (term.value <= 65535) cuts.insert(static_cast<std::uint16_t>(term.value));
    if (term.value < 65535) cuts.insert(static_cast<std::uint16_t>(term.value + 1));
  }
  const std::vector<std::uint16_t> port_cuts(cuts.begin(), cuts.end());
  const auto end = universe::visit_net_cells(sets, port_cuts, kCellWork, [&](const universe::NetCell& cell) {
    const View view{[&](std::size_t i) { return truth(cell.members[i]); },
                    [&](std::size_t i) { return truth(cell.members[first_literal + i]); },
                    [&](ir::ObjectField field) -> std::optional<std::uint64_t> {
                      if (field == ir::ObjectField::Port) return cell.witness.port;
                      if (field == ir::ObjectField::Proto) return static_cast<std::uint64_t>(cell.witness.proto);
                      return std::nullopt;
                    }};
    const char* const protos[] = {"tcp", "udp", "other"};
    judge(question, view,
          ir::to_string(cell.witness.address) + " port " + std::to_string(cell.witness.port) + " " +
              protos[static_cast<std::size_t>(cell.witness.proto)],
          comparison);
    return comparison.wider.size() + comparison.narrower.size() > 16 ? universe::Visit::Stop
                                                                     : universe::Visit::Continue;
  });
  if (end == universe::CellsEnd::Exhausted)
    comparison.undecided.push_back(question.right + ": too many network patterns");
}

void compare_capabilities(const Question& question, Comparison& comparison) {
  for (std::uint8_t number = 0; number < 64; ++number) {
    const auto has = [number](const std::vector<std::uint8_t>& list) {
      return truth(std::find(list.begin(), list.end(), number) != list.end());
    };
    const View view{[&](std::size_t i) { return has(question.policy.patterns[i].capabilities); },
                    [&](std::size_t i) { return has(question.rows.literals[i]->capabilities); },
                    [number](ir::ObjectField field) -> std::optional<std::uint64_t> {
                      if (field == ir::ObjectField::Number) return number;
                      return std::nullopt;
                    }};
    judge(question, view, "capability " + std::to_string(number), comparison);
  }
}

}  // namespace

std::vector<ir::VolumeId> match_volumes(const table::Table& table, const ir::World& world, const ir::Subject& container,
                                        Comparison& comparison) {
  std::vector<ir::VolumeId> volumes;
  std::set<ir::VolumeId> seen;
  for (std::size_t i = 0; i < table.volumes.size(); ++i) {
    const table::Volume& volume = table.volumes[i];
    ir::VolumeId id = ir::kOwnRoot;
    for (std::size_t k = 1; i > 0 && k < world.volumes.size(); ++k) {
      if (world.volumes[k].name == volume.name) id = ir::VolumeId{k};
    }
    const ir::Volume& meant = world.at(id);
    const std::uint64_t size = meant.host_source.empty() ? meant.size_bytes : 0;
    const bool mounted = std::any_of(container.mounts.begin(), container.mounts.end(),
                                     [&](const ir::Mount& mount) { return mount.volume == id; });
    if (!seen.insert(id).second || volume.name != meant.name || volume.host_source != meant.host_source ||
        volume.tmpfs_bytes != size || (i > 0 && !mounted)) {
      comparison.wider.push_back({"volume", volume.name + " from `" + volume.host_source + "`"});
    }
    volumes.push_back(id);
  }
  if (volumes.empty()) comparison.undecided.push_back("the table has no volume for the container's own root");
  return volumes;
}

void compare_right(const table::Table& table, const ir::World& world, ir::SubjectId subject, ir::Right right,
                   const std::vector<ir::VolumeId>& volumes, Comparison& comparison) {
  const auto query = obligation::access_query(world, subject, right);
  if (!query.ok())
    return comparison.undecided.push_back(std::string(ir::to_string(right)) + ": " + query.error().reason);
  const Rows rows(table, right);
  const Question question{query->formula, rows, std::string(ir::to_string(right))};
  switch (ir::plane_of(right)) {
    case ir::Plane::File:
      for (std::size_t i = 0; i < world.volumes.size(); ++i) {
        const auto at = std::find(volumes.begin(), volumes.end(), ir::VolumeId{i});
        std::optional<std::uint32_t> index;
        if (at != volumes.end()) index = static_cast<std::uint32_t>(at - volumes.begin());
        compare_paths(question, ir::VolumeId{i}, index, world.volumes[i].name, comparison);
      }
      return;
    case ir::Plane::Net:
      return compare_nets(question, comparison);
    case ir::Plane::KernelCapability:
      return compare_capabilities(question, comparison);
    case ir::Plane::Syscall:
      return;  // filters, not rows
  }
}

}  // namespace bulkhead::decode
