#include "checker/query/joined.h"

#include <algorithm>

namespace bulkhead::query {
namespace {

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
    for (const ir::Subject& subject : other_.subjects) world_.subjects.push_back(mapped(subject));
    for (const ir::Expr& expr : other_.exprs) world_.exprs.push_back(mapped(expr));
    add_rules_of_other();
    add_authority();
    return add_sets();
  }

  Joined take() { return {std::move(world_), first_subject_}; }

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
      if (moved.subject) moved.subject = mapped(*moved.subject);
      if (moved.when) moved.when = ir::ExprId{first_expr_ + moved.when->index()};
      bind(world_.rules, moved, first_subject_, world_.subjects.size());
    }
  }

  /// Who was handed what from the start, and what is handed on over which channel.
  void add_authority() {
    const std::size_t first_channel = world_.channels.size();
    const std::size_t first_possession = world_.possessions.size();
    for (ir::Channel channel : other_.channels) {
      for (auto* end : {&channel.from, &channel.to}) {
        for (ir::SubjectId& subject : *end) subject = mapped(subject);
      }
      world_.channels.push_back(std::move(channel));
    }
    for (ir::Holding one : other_.holdings) {
      one.holder = mapped(one.holder);
      one.objects = mapped(std::move(one.objects));
      world_.holdings.push_back(std::move(one));
    }
    for (ir::Delegation one : other_.delegations) {
      one.from = mapped(one.from);
      one.to = mapped(one.to);
      one.objects = mapped(std::move(one.objects));
      if (one.via.valid()) one.via = ir::ChannelId{first_channel + one.via.index()};
      one.when = mapped(std::move(one.when), first_possession);
      world_.delegations.push_back(std::move(one));
    }
    for (ir::Revocation one : other_.revocations) {
      one.by = mapped(one.by);
      one.from = mapped(one.from);
      one.objects = mapped(std::move(one.objects));
      one.when = mapped(std::move(one.when), first_possession);
      world_.revocations.push_back(std::move(one));
    }
    for (ir::Possession one : other_.possessions) {
      one.holder = mapped(one.holder);
      one.objects = mapped(std::move(one.objects));
      world_.possessions.push_back(std::move(one));
    }
  }

  static ir::HoldsCondition mapped(ir::HoldsCondition when, std::size_t first_possession) {
    for (auto& alternative : when.alternatives) {
      for (auto& literal : alternative) literal.what = ir::PossessionId{first_possession + literal.what.index()};
    }
    return when;
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
        if (set.label && set.plane == ir::Plane::File) list.emplace_back(set.label->index(), set.patterns.files);
      }
      return list;
    };
    std::vector<std::pair<std::size_t, std::vector<ir::FilePattern>>> moved;
    for (const ir::ObjectSet& set : other_.sets) {
      const bool counts = set.label && set.plane == ir::Plane::File;  // no condition reads the label of a net
      if (counts) moved.emplace_back(set.label->index(), mapped(set.patterns).files);
    }
    const bool reads_labels = std::any_of(world_.exprs.begin(), world_.exprs.end(), [](const ir::Expr& expr) {
      return expr.op == ir::Op::Field && expr.field == ir::ObjectField::Label;
    });
    if (reads_labels && labelled(world_) != moved) return "the two policies label objects differently";
    return std::nullopt;
  }

  ir::SubjectId mapped(ir::SubjectId subject) const { return ir::SubjectId{first_subject_ + subject.index()}; }

  ir::Subject mapped(ir::Subject subject) const {
    for (auto& [attribute, value] : subject.attributes) {
      attribute = attributes_[attribute.index()];
      value = mapped(value);
    }
    std::sort(subject.attributes.begin(), subject.attributes.end(),
              [](const auto& a, const auto& b) { return a.first < b.first; });
    if (subject.twin) subject.twin = mapped(*subject.twin);
    for (ir::Mount& mount : subject.mounts) mount.volume = volumes_[mount.volume.index()];
    for (ir::NamespaceSetting& setting : subject.namespaces) {
      if (setting.with.valid()) setting.with = mapped(setting.with);
    }
    return subject;
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

}  // namespace

Result<Joined, std::string> join(const ir::World& first, const ir::World& second) {
  Union made(first, second);
  if (const auto objection = made.run()) return fail(*objection);
  return made.take();
}

}  // namespace bulkhead::query
