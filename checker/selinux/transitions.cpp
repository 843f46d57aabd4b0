#include "checker/selinux/transitions.h"

#include <map>

#include "checker/closure/reach.h"
#include "lang/import/selinux/read.h"

namespace bulkhead::selinux {
namespace {

/// A permission of a class as a policy numbers it; nothing where it has neither.
struct Named {
  std::optional<ClassId> object_class;
  Permissions bit = 0;

  Named(const Policy& policy, std::string_view name, std::string_view permission_name)
      : object_class(policy.find_class(name)) {
    if (object_class) bit = permission(policy.object_class(*object_class), permission_name);
  }
  bool is_in(const Policy& policy, const Rule& rule) const {
    if (bit == 0 || rule.kind != RuleKind::Allow) return false;
    for (const Access& access : policy.accesses_of(rule)) {
      if (access.object_class == *object_class && (access.permissions & bit) != 0) return true;
    }
    return false;
  }
};

struct Words {
  explicit Words(const Policy& policy)
      : transition(policy, "process", "transition"),
        dynamic(policy, "process", "dyntransition"),
        setexec(policy, "process", "setexec"),
        setcurrent(policy, "process", "setcurrent"),
        execute(policy, "file", "execute"),
        entrypoint(policy, "file", "entrypoint") {}

  Named transition, dynamic, setexec, setcurrent, execute, entrypoint;
};

/// Which types stand in a relation to a type; rows only where there are any.
class Relation {
 public:
  explicit Relation(std::size_t types) : types_(types), rows_(types) {}

  void add(std::size_t from, const Bitset& to) {
    if (rows_[from].size() == 0) rows_[from] = Bitset(types_);
    rows_[from] |= to;
  }
  bool has_row(std::size_t from) const { return rows_[from].size() != 0; }
  const Bitset& row(std::size_t from) const { return rows_[from]; }
  bool test(std::size_t from, std::size_t to) const { return has_row(from) && rows_[from].test(to); }

 private:
  std::size_t types_;
  std::vector<Bitset> rows_;
};

class Builder {
 public:
  explicit Builder(const Policy& policy)
      : policy_(policy),
        types_(policy.types.size()),
        transition_(types_),
        dynamic_(types_),
        setexec_(types_),
        setcurrent_(types_),
        execute_(types_),
        entry_(types_) {}

  std::vector<closure::Edge> run() {
    relate();
    std::vector<closure::Edge> steps;
    for (std::size_t from = 0; from < types_; ++from) {
      Bitset reached(types_);
      if (transition_.has_row(from)) {
        transition_.row(from).for_each([&](std::size_t to) {
          if (may_run(from, to)) reached.set(to);
        });
      }
      if (dynamic_.has_row(from) && setcurrent_.test(from, from)) reached |= dynamic_.row(from);
      reached.reset(from);
      reached.for_each([&](std::size_t to) {
        const auto number = static_cast<closure::Cause>(steps.size());
        steps.push_back({static_cast<closure::Node>(from), static_cast<closure::Node>(to), number});
      });
    }
    return steps;
  }

 private:
  void relate() {
    const std::vector<Bitset> sets = expand_sets(policy_);
    const Words words(policy_);
    for (const Rule& rule : policy_.rules) {
      const auto add = [&](const Named& named, Relation& relation) {
        if (!named.is_in(policy_, rule)) return;
        sets[rule.sources.index()].for_each([&](std::size_t source) {
          Bitset targets = sets[rule.targets.index()];
          if (rule.self) targets.set(source);
          relation.add(source, targets);
        });
      };
      add(words.transition, transition_);
      add(words.dynamic, dynamic_);
      add(words.setexec, setexec_);
      add(words.setcurrent, setcurrent_);
      add(words.execute, execute_);
      add(words.entrypoint, entry_);
    }
    const std::optional<ClassId> process = policy_.find_class("process");
    for (const TypeTransition& one : policy_.type_transitions) {
      if (one.object_class != process) continue;
      sets[one.sources.index()].for_each([&](std::size_t source) {
        Bitset targets = sets[one.targets.index()];
        if (one.self) targets.set(source);
        const auto place = chosen_.try_emplace({source, one.result.index()}, types_).first;
        place->second |= targets;
      });
    }
    Bitset every(types_);
    every.set_all();
    for (std::size_t type = 0; type < types_; ++type) {
      if (!policy_.types[type].permissive) continue;
      for (Relation* relation : {&transition_, &dynamic_, &setexec_, &setcurrent_, &execute_, &entry_}) {
        relation->add(type, every);
      }
    }
  }

  bool may_run(std::size_t from, std::size_t to) const {
    if (!execute_.has_row(from) || !entry_.has_row(to)) return false;
    if (setexec_.test(from, from)) return execute_.row(from).intersects(entry_.row(to));
    const auto chosen = chosen_.find({from, to});
    return chosen != chosen_.end() && (execute_.row(from) & entry_.row(to)).intersects(chosen->second);
  }

  const Policy& policy_;
  std::size_t types_;
  Relation transition_, dynamic_, setexec_, setcurrent_, execute_, entry_;
  std::map<std::pair<std::size_t, std::size_t>, Bitset> chosen_;  // by domain and result: files of which types
};

}  // namespace

Result<TransitionGraph, std::string> TransitionGraph::make(const Policy& policy) {
  if (6 * policy.types.size() * policy.types.size() > kMaxSetBits) {
    return fail(std::string("more types than domain transitions are looked for between"));
  }
  return TransitionGraph(policy, Builder(policy).run());
}

TransitionGraph::TransitionGraph(const Policy& policy, std::vector<closure::Edge> steps)
    : policy_(&policy), steps_(std::move(steps)), graph_(policy.types.size(), steps_), sets_(expand_sets(policy)) {}

Transition TransitionGraph::explain(const closure::Edge& step) const {
  Transition told{TypeId(step.from), TypeId(step.to), {}, {}, {}, {}, {}, std::nullopt};
  const Words words(*policy_);
  // The first rule that gives `named`; one that always does before one that a condition may switch off.
  const auto first_rule = [&](const Named& named, std::size_t source, std::size_t target) {
    RuleId conditional;
    for (std::size_t i = 0; i < policy_->rules.size(); ++i) {
      const Rule& rule = policy_->rules[i];
      if (!sets_[rule.sources.index()].test(source)) continue;
      if (!sets_[rule.targets.index()].test(target) && !(rule.self && source == target)) continue;
      if (!named.is_in(*policy_, rule)) continue;
      if (!rule.condition.valid()) return RuleId(i);
      if (!conditional.valid()) conditional = RuleId(i);
    }
    return conditional;
  };
  const auto row = [&](const Named& named, std::size_t source) {
    Bitset found(policy_->types.size());
    if (policy_->types[source].permissive) found.set_all();
    for (const Rule& rule : policy_->rules) {
      if (!sets_[rule.sources.index()].test(source) || !named.is_in(*policy_, rule)) continue;
      found |= sets_[rule.targets.index()];
      if (rule.self) found.set(source);
    }
    return found;
  };
  const bool may_choose = row(words.setexec, step.from).test(step.from);
  const Bitset entries = row(words.execute, step.from) & row(words.entrypoint, step.to);
  if (row(words.transition, step.from).test(step.to)) {
    for (std::size_t i = 0; i < policy_->type_transitions.size() && !told.entry.valid(); ++i) {
      const TypeTransition& one = policy_->type_transitions[i];
      const bool is_meant = one.result.index() == step.to && sets_[one.sources.index()].test(step.from) &&
                            policy_->object_class(one.object_class).name == "process";
      Bitset both = sets_[one.targets.index()];
      if (one.self) both.set(step.from);
      both &= entries;
      if (!is_meant || both.empty()) continue;
      told.entry = TypeId(both.first());
      told.chosen_by = i;
    }
    if (!told.entry.valid() && may_choose && !entries.empty()) {
      told.entry = TypeId(entries.first());
      told.choice = first_rule(words.setexec, step.from, step.from);
    }
  }
  if (told.entry.valid()) {
    told.transition = first_rule(words.transition, step.from, step.to);
    told.execute = first_rule(words.execute, step.from, told.entry.index());
    told.entrypoint = first_rule(words.entrypoint, step.to, told.entry.index());
  } else {
    told.transition = first_rule(words.dynamic, step.from, step.to);
    told.choice = first_rule(words.setcurrent, step.from, step.from);
  }
  return told;
}

std::vector<Transition> TransitionGraph::from(TypeId domain) const {
  std::vector<Transition> found;
  const auto node = static_cast<closure::Node>(domain.index());
  for (const closure::Cause number : graph_.outgoing(node).causes) found.push_back(explain(steps_[number]));
  return found;
}

std::optional<std::vector<Transition>> TransitionGraph::shortest_path(TypeId from, TypeId to) const {
  const closure::Node sources[] = {static_cast<closure::Node>(from.index())};
  const closure::Node targets[] = {static_cast<closure::Node>(to.index())};
  const auto path = closure::shortest_path(graph_, sources, targets);
  if (!path) return std::nullopt;
  std::vector<Transition> steps;
  for (const closure::Edge& edge : *path) steps.push_back(explain(edge));
  return steps;
}

}  // namespace bulkhead::selinux
