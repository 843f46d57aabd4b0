#include "checker/query/difference.h"

#include <algorithm>
#include <set>

#include "checker/engine/engine.h"
#include "lang/ir/describe.h"
#include "lang/ir/eval.h"

namespace bulkhead::query {
namespace {

/// Appends `other` to `world`, so that subjects of both can be compared as two subjects of one world. Things that are
/// the same by name become one: volumes, syscalls, labels, attributes, enums; containers of `other` come as new
/// subjects.
class Union {
 public:
  Union(ir::World world, const ir::World& other) : world_(std::move(world)), other_(other) {}

  std::optional<std::string> run() {
    match(other_.volumes, world_.volumes, volumes_);
    match(other_.syscalls, world_.syscalls, syscalls_);
    match(other_.enums, world_.enums, enums_);
    if (auto objection = differently_declared()) return objection;
    if (auto objection = match_labels()) return objection;
    if (auto objection = match_attributes()) return objection;
    first_subject_ = world_.subjects.size();
    first_expr_ = world_.exprs.size();
    // Rules for every container must not reach the containers of the other world.
    bind_rules_of_first();
    for (ir::Subject subject : other_.subjects) {
      for (auto& [attribute, value] : subject.attributes) {
        attribute = attributes_[attribute.index()];
        value = mapped(value);
      }
      std::sort(subject.attributes.begin(), subject.attributes.end(),
                [](const auto& a, const auto& b) { return a.first < b.first; });
      world_.subjects.push_back(std::move(subject));
    }
    for (const ir::Expr& expr : other_.exprs) world_.exprs.push_back(mapped(expr));
    add_rules_of_other();
    return add_sets();
  }

  ir::World take() { return std::move(world_); }
  ir::SubjectId in_union(ir::SubjectId of_other) const { return ir::SubjectId{first_subject_ + of_other.index()}; }

 private:
  template <typename T, typename I>
  static void match(const std::vector<T>& from, std::vector<T>& to, std::vector<I>& map) {
    for (const T& item : from) {
      const auto found = std::find_if(to.begin(), to.end(), [&](const T& known) { return known.name == item.name; });
      map.push_back(I{static_cast<std::size_t>(found - to.begin())});
      if (found == to.end()) to.push_back(item);
    }
  }

  /// One name for two things would hide what changes between them.
  std::optional<std::string> differently_declared() const {
    for (std::size_t i = 0; i < other_.syscalls.size(); ++i) {
      const ir::Syscall &theirs = other_.syscalls[i], &ours = world_.syscalls[syscalls_[i].index()];
      if (theirs.x86_64 != ours.x86_64 || theirs.aarch64 != ours.aarch64)
        return "system call `" + theirs.name + "` has another number";
    }
    for (std::size_t i = 0; i < other_.enums.size(); ++i) {
      if (other_.enums[i].members != world_.enums[enums_[i].index()].members)
        return "enum `" + other_.enums[i].name + "` has other members";
    }
    return std::nullopt;
  }

  std::optional<std::string> match_labels() {
    const bool same =
        other_.labels.size() == world_.labels.size() &&
        std::equal(other_.labels.begin(), other_.labels.end(), world_.labels.begin(),
                   [](const ir::Label& a, const ir::Label& b) { return a.name == b.name && a.below == b.below; });
    if (same || other_.labels.empty()) return std::nullopt;
    if (world_.labels.empty()) {
      world_.labels = other_.labels;
      return std::nullopt;
    }
    return "the two policies declare different labels";
  }

  std::optional<std::string> match_attributes() {
    for (const ir::Attribute& attribute : other_.attributes) {
      ir::Attribute moved = attribute;
      if (moved.type.enumeration.valid()) moved.type.enumeration = enums_[moved.type.enumeration.index()];
      const auto found = std::find_if(
          world_.attributes.begin(), world_.attributes.end(),
          [&](const ir::Attribute& known) { return known.name == moved.name && known.source == moved.source; });
      attributes_.push_back(ir::AttributeId{static_cast<std::size_t>(found - world_.attributes.begin())});
      if (found == world_.attributes.end()) {
        world_.attributes.push_back(moved);
      } else if (!(found->type == moved.type) || found->optional != moved.optional) {
        return "attribute `" + moved.name + "` has another type";
      }
    }
    return std::nullopt;
  }

  void bind_rules_of_first() {
    std::vector<ir::Rule> rules;
    for (const ir::Rule& rule : world_.rules) bind(rules, rule, 0, first_subject_);
    world_.rules = std::move(rules);
  }

  void add_rules_of_other() {
    for (const ir::Rule& rule : other_.rules) {
      ir::Rule moved = rule;
      moved.objects = mapped(rule.objects);
      if (moved.subject) moved.subject = in_union(*moved.subject);
      if (moved.when) moved.when = ir::ExprId{first_expr_ + moved.when->index()};
      bind(world_.rules, moved, first_subject_, world_.subjects.size());
    }
  }

  /// A rule for every container becomes one for each container of its own world.
  void bind(std::vector<ir::Rule>& rules, const ir::Rule& rule, std::size_t begin, std::size_t end) const {
    if (rule.subject) {
      rules.push_back(rule);
      return;
    }
    for (std::size_t i = begin; i < end; ++i) {
      if (world_.subjects[i].kind != ir::SubjectKind::Container) continue;
      rules.push_back(rule);
      rules.back().subject = ir::SubjectId{i};
    }
  }

  /// Labels of objects are the world's: they must be the same in both, or conditions on them cannot be compared.
  std::optional<std::string> add_sets() {
    const auto labelled = [](const ir::World& world) {
      std::vector<std::pair<std::size_t, std::vector<ir::FilePattern>>> list;
      for (const ir::ObjectSet& set : world.sets) {
        if (set.label) list.emplace_back(set.label->index(), set.patterns.files);
      }
      return list;
    };
    std::vector<std::pair<std::size_t, std::vector<ir::FilePattern>>> moved;
    for (const ir::ObjectSet& set : other_.sets) {
      if (set.label) moved.emplace_back(set.label->index(), mapped(set.patterns).files);
    }
    const bool reads_labels = std::any_of(world_.exprs.begin(), world_.exprs.end(), [](const ir::Expr& expr) {
      return expr.op == ir::Op::Field && expr.field == ir::ObjectField::Label;
    });
    if (reads_labels && labelled(world_) != moved) return "the two policies label objects differently";
    return std::nullopt;
  }

  ir::Value mapped(const ir::Value& value) const {
    const auto* member = std::get_if<ir::EnumMember>(&value);
    if (member == nullptr) return value;
    return ir::EnumMember{enums_[member->enumeration.index()], member->member};
  }

  ir::ObjectPatterns mapped(ir::ObjectPatterns patterns) const {
    for (ir::FilePattern& file : patterns.files) file.volume = volumes_[file.volume.index()];
    for (ir::SyscallId& call : patterns.syscalls) {
      if (call.valid()) call = syscalls_[call.index()];
    }
    return patterns;
  }

  ir::Expr mapped(ir::Expr expr) const {
    for (ir::ExprId& arg : expr.args) arg = ir::ExprId{first_expr_ + arg.index()};
    if (expr.attribute.valid()) expr.attribute = attributes_[expr.attribute.index()];
    if (expr.type.enumeration.valid()) expr.type.enumeration = enums_[expr.type.enumeration.index()];
    expr.value = mapped(expr.value);
    return expr;
  }

  ir::World world_;
  const ir::World& other_;
  std::size_t first_subject_ = 0;
  std::size_t first_expr_ = 0;
  std::vector<ir::VolumeId> volumes_;
  std::vector<ir::SyscallId> syscalls_;
  std::vector<ir::EnumId> enums_;
  std::vector<ir::AttributeId> attributes_;
};

std::optional<ir::SubjectId> container_named(const ir::World& world, const std::string& name) {
  for (std::size_t i = 0; i < world.subjects.size(); ++i) {
    if (world.subjects[i].kind == ir::SubjectKind::Container && world.subjects[i].name == name) return ir::SubjectId{i};
  }
  return std::nullopt;
}

/// What the containers of `first` may and those of `second` of the same name may not; both stand in `both`.
class OneWay {
 public:
  OneWay(const ir::World& first, const ir::World& both, engine::Session& session, Change change)
      : first_(first), both_(both), session_(session), change_(change) {}

  void run(ir::SubjectId subject, ir::SubjectId in_both, std::optional<ir::SubjectId> counterpart,
           std::vector<AccessChange>& out) {
    for (const ir::Right right : ir::kAllRights) {
      const AccessChange blank{change_, first_.at(subject).name, right, std::nullopt, "", {}, ""};
      known_.clear();
      told_.clear();
      while (next(blank, subject, in_both, counterpart, out)) {
      }
    }
  }

 private:
  /// One more change for this subject and right. False where there is none, or none can be found.
  bool next(AccessChange found, ir::SubjectId subject, ir::SubjectId in_both, std::optional<ir::SubjectId> counterpart,
            std::vector<AccessChange>& out) {
    const auto query = obligation::difference_query(both_, in_both, counterpart, found.right, known_);
    if (!query) return unknown(found, query.error().reason, out);
    const auto answer = session_.queries().ask(*query);
    if (const auto* none = std::get_if<engine::NoAnswer>(answer.get())) return unknown(found, none->reason, out);
    const auto* solution = std::get_if<engine::Solution>(answer.get());
    return solution != nullptr && report(found, subject, in_both, *solution, out);
  }

  bool report(AccessChange& found, ir::SubjectId subject, ir::SubjectId in_both, const engine::Solution& solution,
              std::vector<AccessChange>& out) {
    ir::Request request{in_both, found.right, solution.object, solution.contexts.copies[0]};
    const ir::Decision decision = ir::decide(both_, request);
    if (!decision.allowed) return unknown(found, "the witness did not replay", out);
    bool fresh = false;
    for (const ir::RuleId permit : decision.permits) {
      found.sentences.push_back(both_.at(permit).sentence);
      fresh |= leave_out(permit, solution.object);
    }
    if (!fresh) return unknown(found, "the same access was found again", out);
    std::sort(found.sentences.begin(), found.sentences.end());
    found.object = describe(both_, solution.object);
    request.subject = subject;
    found.witness = std::move(request);
    out.push_back(std::move(found));
    return true;
  }

  /// What a rule permits is not asked about again: of syscalls and capabilities only this one, by this rule. Hence the
  /// end: rules and what they name are finitely many. False where it was left out before.
  bool leave_out(ir::RuleId permit, const ir::Object& object) {
    const ir::Rule& rule = both_.at(permit);
    obligation::Known known{rule.objects, rule.when};
    std::size_t which = 0;
    if (const auto* call = std::get_if<ir::SyscallObject>(&object)) {
      known.objects = {};
      known.objects.syscalls.push_back(call->syscall);
      which = call->syscall.valid() ? call->syscall.index() : both_.syscalls.size();
    } else if (const auto* capability = std::get_if<ir::CapabilityObject>(&object)) {
      known.objects = {};
      known.objects.capabilities.push_back(capability->number);
      which = capability->number;
    }
    if (!told_.emplace(permit, which).second) return false;
    known_.push_back(std::move(known));
    return true;
  }

  static bool unknown(AccessChange& found, std::string reason, std::vector<AccessChange>& out) {
    found.change = Change::Unknown;
    found.reason = std::move(reason);
    out.push_back(found);
    return false;
  }

  const ir::World& first_;
  const ir::World& both_;
  engine::Session& session_;
  Change change_;
  std::vector<obligation::Known> known_;               // of this subject and right, what `out` tells already
  std::set<std::pair<ir::RuleId, std::size_t>> told_;  // the same, to find it by
};

void compare(const ir::World& first, const ir::World& second, Change change, const engine::Budget& budget,
             std::vector<AccessChange>& out) {
  Union joined(first, second);
  if (const auto objection = joined.run()) {
    out.push_back({Change::Unknown, "", ir::Right::Read, std::nullopt, "", {}, *objection});
    return;
  }
  const ir::World both = joined.take();
  engine::Session session(both, budget);
  OneWay one_way(first, both, session, change);
  for (std::size_t i = 0; i < first.subjects.size(); ++i) {
    const auto& twin = first.subjects[i].twin;
    if (first.subjects[i].kind != ir::SubjectKind::Container || (twin && twin->index() < i)) continue;
    const auto counterpart = container_named(second, first.subjects[i].name);
    one_way.run(ir::SubjectId{i}, ir::SubjectId{i},
                counterpart ? std::optional<ir::SubjectId>(joined.in_union(*counterpart)) : std::nullopt, out);
  }
}

}  // namespace

std::vector<AccessChange> difference(const ir::World& older, const ir::World& newer, const ProveOptions& options) {
  std::vector<AccessChange> changes;
  for (const ir::World* world : {&older, &newer}) {
    const bool moves = !world->delegations.empty() || !world->holdings.empty();
    if (world->dynamic.empty() && !moves) continue;
    const char* reason = moves ? "a policy hands rights over, and only what containers may by themselves is compared"
                               : "a policy has sentences that nothing gives a meaning";
    changes.push_back({Change::Unknown, "", ir::Right::Read, std::nullopt, "", {}, reason});
    return changes;
  }
  engine::Budget budget;
  budget.solver.seed = static_cast<std::uint32_t>(options.seed);
  compare(newer, older, Change::Added, budget, changes);
  compare(older, newer, Change::Removed, budget, changes);
  return changes;
}

bool adds_access(const std::vector<AccessChange>& changes) {
  return std::any_of(changes.begin(), changes.end(), [](const AccessChange& c) { return c.change != Change::Removed; });
}

}  // namespace bulkhead::query
