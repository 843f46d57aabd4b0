#include <algorithm>
#include <bit>
#include <map>
#include <mutex>
#include <optional>

#include "runtime-bridge/table/decide.h"
#include "runtime-bridge/table/glob.h"
#include "runtime-bridge/table/path_automaton.h"

namespace bulkhead::table {
namespace {

constexpr std::size_t kFileRights = 5;

/// The answers for all file rights, in the order of their bits.
using Answers = std::array<Decision, kFileRights>;

/// A literal of the file plane whose patterns are compiled; `patterns` index Body::patterns.
struct CompiledLiteral {
  bool negated = false;
  bool everything = false;
  std::vector<std::uint32_t> patterns;
};
struct CompiledRow {
  std::uint32_t index = kNone;
  std::vector<CompiledLiteral> literals;
};

struct Pattern {
  std::uint32_t volume = 0;
  std::string prefix;
  GlobAutomaton automaton;
};

/// How a volume is answered. A volume that no pattern names still has its class: literals may be negated.
struct VolumePlan {
  std::vector<std::uint32_t> patterns;     // by Body::patterns, in the order of the automaton's
  std::optional<PathAutomaton> automaton;  // none: nobody has asked yet, or too large
  bool too_large = false;
  std::vector<FileClass> classes;  // by state of the automaton; kUnclassified: nobody has asked yet
};

}  // namespace

struct Decider::Body {
  explicit Body(const Table& table_given) : table(table_given) {}

  const Table& table;
  std::unique_ptr<const Table> owned;  // what `table` is, where it is a copy
  std::vector<Pattern> patterns;
  std::vector<CompiledRow> rows;    // of the file plane
  std::vector<CompiledRow> guards;  // of the file plane
  std::vector<VolumePlan> volumes;
  std::vector<Answers> answers;  // by class
  std::vector<std::uint16_t> allowed;
  std::map<std::vector<std::uint32_t>, FileClass> known;  // matched patterns -> class
  bool when_asked = false;
  std::mutex asking;  // where when_asked: guards the automata, the classes and their answers, which grow

  /// `matched(p)` says whether pattern p matches the object.
  template <class Matched>
  static bool holds(const CompiledLiteral& part, const Matched& matched) {
    return (part.everything || std::any_of(part.patterns.begin(), part.patterns.end(), matched)) != part.negated;
  }
  template <class Matched>
  static bool holds(const CompiledRow& row, const Matched& matched) {
    return std::all_of(row.literals.begin(), row.literals.end(),
                       [&](const CompiledLiteral& part) { return holds(part, matched); });
  }

  template <class Matched>
  Decision answer(std::uint16_t right, const Matched& matched) const {
    Decision decision;
    decision.sentence = table.sentence;
    for (const CompiledRow& compiled : rows) {
      const Row& row = table.rows[compiled.index];
      if ((row.rights & right) == 0 || (decision.allowed && row.effect == Effect::Permit)) continue;
      if (!holds(compiled, matched)) continue;
      decision = {row.effect == Effect::Permit, compiled.index, row.sentence, row.claim};
      if (row.effect == Effect::Forbid) break;
    }
    if (decision.allowed) return decision;
    for (const CompiledRow& compiled : guards) {
      const Guard& guard = table.guards[compiled.index];
      if ((guard.rights & right) == 0 || !holds(compiled, matched)) continue;
      decision.claim = guard.claim;
      break;
    }
    return decision;
  }

  std::string compile(const Literal& part, CompiledRow& into) {
    CompiledLiteral literal{part.negated, part.everything, {}};
    for (const FilePattern& pattern : part.files) {
      auto automaton = compile_glob(pattern.glob);
      if (!automaton.ok()) return automaton.error();
      literal.patterns.push_back(static_cast<std::uint32_t>(patterns.size()));
      volumes[pattern.volume].patterns.push_back(literal.patterns.back());
      patterns.push_back({pattern.volume, pattern.prefix, std::move(*automaton)});
    }
    into.literals.push_back(std::move(literal));
    return {};
  }

  std::string compile_all() {
    for (std::size_t i = 0; i < table.rows.size(); ++i) {
      if (table.rows[i].plane != Plane::File) continue;
      rows.push_back({static_cast<std::uint32_t>(i), {}});
      for (const Literal& part : table.rows[i].literals) {
        if (std::string why = compile(part, rows.back()); !why.empty()) return why;
      }
    }
    for (std::size_t i = 0; i < table.guards.size(); ++i) {
      if (table.guards[i].plane != Plane::File) continue;
      guards.push_back({static_cast<std::uint32_t>(i), {}});
      if (std::string why = compile(table.guards[i].objects, guards.back()); !why.empty()) return why;
    }
    return {};
  }

  /// The class of the objects that exactly the patterns of `key` match: what the rows say of them, found once.
  FileClass class_of(const std::vector<std::uint32_t>& key) {
    const auto [at, fresh] = known.try_emplace(key, FileClass{static_cast<std::uint32_t>(answers.size())});
    if (!fresh) return at->second;
    answers.push_back({});
    allowed.push_back(0);
    for (std::size_t bit = 0; bit < kFileRights; ++bit) {
      const auto right = static_cast<std::uint16_t>(1u << bit);
      const auto matched = [&](std::uint32_t p) { return std::binary_search(key.begin(), key.end(), p); };
      answers.back()[bit] = answer(right, matched);
      if (answers.back()[bit].allowed) allowed.back() = static_cast<std::uint16_t>(allowed.back() | right);
    }
    return at->second;
  }

  FileClass class_of(VolumePlan& plan, std::uint32_t state) {
    plan.classes.resize(plan.automaton->state_count(), kUnclassified);
    FileClass& found = plan.classes[state];
    if (found != kUnclassified) return found;
    std::vector<std::uint32_t> key;
    for (const std::uint32_t local : plan.automaton->accepted(state)) key.push_back(plan.patterns[local]);
    return found = class_of(key);
  }

  void begin_automaton(VolumePlan& plan) {
    std::vector<JointPattern> joint;
    for (const std::uint32_t p : plan.patterns) joint.push_back({&patterns[p].automaton, patterns[p].prefix});
    plan.automaton.emplace(std::move(joint), JointBounds{});
  }
  void give_up_automaton(VolumePlan& plan) {
    plan.automaton.reset();
    plan.classes.clear();
    plan.too_large = true;
  }

  void build_automata() {
    for (VolumePlan& plan : volumes) {
      begin_automaton(plan);
      if (!plan.automaton->complete()) {
        give_up_automaton(plan);
        continue;
      }
      for (std::uint32_t state = 0; state < plan.automaton->state_count(); ++state) class_of(plan, state);
    }
  }

  /// The class of an object, with the states of the automaton that it needs.
  FileClass classify_now(const FileObject& object) {
    if (object.volume >= volumes.size() || volumes[object.volume].too_large) return kUnclassified;
    VolumePlan& plan = volumes[object.volume];
    if (!plan.automaton) begin_automaton(plan);
    const std::optional<std::uint32_t> state = plan.automaton->walk(object.path);
    if (state) return class_of(plan, *state);
    give_up_automaton(plan);
    return kUnclassified;
  }

  FileClass classify(const FileObject& object) const {
    if (object.volume >= volumes.size()) return kUnclassified;
    const VolumePlan& plan = volumes[object.volume];
    if (!plan.automaton) return kUnclassified;
    return plan.classes[plan.automaton->run(object.path)];
  }

  /// Nothing where the rows have to be gone through.
  std::optional<Decision> look_up(std::size_t bit, const FileObject& object) {
    std::unique_lock lock(asking, std::defer_lock);
    if (when_asked) lock.lock();
    const FileClass file_class = when_asked ? classify_now(object) : classify(object);
    if (file_class == kUnclassified) return std::nullopt;
    return answers[static_cast<std::uint32_t>(file_class)][bit];
  }

  static Result<std::unique_ptr<Body>, std::string> compiled(const Table& table) {
    auto body = std::make_unique<Body>(table);
    body->volumes.resize(table.volumes.size());
    if (std::string why = body->compile_all(); !why.empty()) return fail(std::move(why));
    return body;
  }
};

Decider::Decider(std::unique_ptr<Body> body) : body_(std::move(body)), allowed_(body_->allowed.data()) {}
Decider::Decider(Decider&&) noexcept = default;
Decider& Decider::operator=(Decider&&) noexcept = default;
Decider::~Decider() = default;

Result<Decider, std::string> Decider::build(const Table& table) {
  auto copy = std::make_unique<const Table>(table);
  Result<std::unique_ptr<Body>, std::string> body = Body::compiled(*copy);
  if (!body) return fail(body.error());
  (*body)->owned = std::move(copy);
  (*body)->build_automata();
  return Decider(std::move(*body));
}

Result<Decider, std::string> Decider::build_when_asked(const Table& table) {
  Result<std::unique_ptr<Body>, std::string> body = Body::compiled(table);
  if (!body) return fail(body.error());
  (*body)->when_asked = true;
  return Decider(std::move(*body));
}

const Table& Decider::table() const {
  return body_->table;
}

FileClass Decider::classify(const FileObject& object) const {
  return body_->when_asked ? kUnclassified : body_->classify(object);
}

Decision Decider::decide(std::uint16_t right, const FileObject& object) const {
  if (!std::has_single_bit(right) || right > kExecute) return {false, kNone, body_->table.sentence, kNone};
  const auto known = body_->look_up(static_cast<std::size_t>(std::countr_zero(right)), object);
  if (known) return *known;
  if (object.volume >= body_->volumes.size()) return {false, kNone, body_->table.sentence, kNone};
  return body_->answer(right, [&](std::uint32_t p) {
    const Pattern& pattern = body_->patterns[p];
    return pattern.volume == object.volume && accepts(pattern.automaton, pattern.prefix, object.path);
  });
}
Decision Decider::decide(std::uint16_t right, const NetObject& object) const {
  return table::decide(body_->table, right, object);
}
Decision Decider::decide(std::uint16_t right, const CapabilityObject& object) const {
  return table::decide(body_->table, right, object);
}

Decider::Size Decider::size() const {
  Size size;
  const std::lock_guard lock(body_->asking);
  for (const VolumePlan& plan : body_->volumes) {
    if (plan.automaton) {
      ++size.automata;
      size.states += plan.automaton->state_count();
    }
    if (plan.too_large) ++size.rows_only;
  }
  return size;
}

}  // namespace bulkhead::table
