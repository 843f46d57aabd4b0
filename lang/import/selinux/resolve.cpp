#include "lang/import/selinux/resolve.h"

#include <algorithm>
#include <unordered_set>

#include "lang/import/selinux/read.h"
#include "lang/import/selinux/symbols.h"

namespace bulkhead::selinux {
namespace {

class Resolver {
 public:
  Resolver(Draft draft, source::FileId file, diag::DiagnosticSink& sink)
      : draft_(std::move(draft)), symbols_(draft_, file, sink, policy_) {
    policy_.file = file;
  }

  std::optional<Policy> run() {
    symbols_.declare();
    for (const DraftRule& rule : draft_.rules) add_rule(rule);
    for (const DraftTransition& transition : draft_.transitions) add_transition(transition);
    for (const DraftConstraint& constraint : draft_.constraints) add_constraint(constraint);
    if (symbols_.failed() || !is_small_enough()) return std::nullopt;
    policy_.conditions = std::move(draft_.conditions);
    policy_.extended = std::move(draft_.extended);
    policy_.left_out = std::move(draft_.left_out);
    policy_.line_marks = std::move(draft_.line_marks);
    policy_.origin_files = std::move(draft_.origin_files);
    return std::move(policy_);
  }

 private:
  enum class Star : std::uint8_t { Refused, Allowed };  // `*` and `~` where a rule gives something
  struct SetOfTypes {
    SetId set;
    bool self = false;
  };

  // --- Sets of types, each kept once.

  SetOfTypes types(const Names& names, Star star) {
    TypeSet set;
    SetOfTypes found;
    set.every_type = names.every;
    set.complement = names.complement;
    for (const Mention& mention : draft_.of(names)) {
      if (draft_.names.word(mention.name) == "self") {
        if (mention.excluded || names.complement) {
          symbols_.fail(diag::Code::SelinuxSyntax, mention, "`self` can be added to a set, not taken out of one");
        }
        found.self = true;
      } else if (const std::optional<SetWord> word = symbols_.type_or_attribute(mention)) {
        set.words.push_back(*word);
      }
    }
    if (star == Star::Refused && (names.every || names.complement)) {
      symbols_.fail_at(diag::Code::SelinuxSyntax, rule_begin_, "`*` and `~` stand in assertions alone");
    }
    found.set = keep(std::move(set));
    return found;
  }

  SetId keep(TypeSet set) {
    // The order of words and their repetition do not change what is meant.
    const auto key_of = [](const SetWord& word) {
      return std::uint64_t{word.index} << 2 | (word.is_attribute ? 2u : 0u) | (word.excluded ? 1u : 0u);
    };
    std::sort(set.words.begin(), set.words.end(),
              [&](const SetWord& a, const SetWord& b) { return key_of(a) < key_of(b); });
    set.words.erase(std::unique(set.words.begin(), set.words.end()), set.words.end());
    std::string key(1, static_cast<char>((set.every_type ? 1 : 0) + (set.complement ? 2 : 0)));
    for (const SetWord& word : set.words) {
      const std::uint64_t number = key_of(word);
      for (unsigned shift = 0; shift < 40; shift += 8) key += static_cast<char>(number >> shift & 0xff);
    }
    const auto [entry, is_new] = sets_.emplace(std::move(key), SetId(policy_.sets.size()));
    if (is_new) {
      for (const SetWord& word : set.words) attribute_words_ += word.is_attribute ? 1 : 0;
      policy_.sets.push_back(std::move(set));
    }
    return entry->second;
  }

  bool is_small_enough() {
    const std::size_t rows = policy_.sets.size() + policy_.attributes.size() + attribute_words_;
    if (rows * std::max<std::size_t>(policy_.types.size(), 64) <= kMaxSetBits) return true;
    symbols_.fail_at(diag::Code::SelinuxTooLarge, 0, "the sets of types are too many and too large");
    return false;
  }

  // --- Classes and permissions.

  std::vector<ClassId> classes(const Names& names) {
    std::vector<ClassId> found;
    if (names.every || names.complement) {
      symbols_.fail_at(diag::Code::SelinuxSyntax, rule_begin_, "classes are named one by one");
      return found;
    }
    for (const Mention& mention : draft_.of(names)) {
      const std::optional<ClassId> id = symbols_.object_class(mention);
      if (id && seen_classes_.insert(id->index()).second) found.push_back(*id);
    }
    seen_classes_.clear();
    return found;
  }

  /// The permissions of one class that `names` (already each once) mean.
  Permissions permissions(ClassId object_class, const Names& names, const std::vector<Mention>& mentions) {
    Permissions meant = names.every ? symbols_.every_permission(object_class) : 0;
    for (const Mention& mention : mentions) {
      const Permissions one = symbols_.permission(object_class, mention.name);
      if (one == 0) {
        symbols_.fail(diag::Code::SelinuxName, mention,
                      "the class `" + policy_.object_class(object_class).name + "` has no permission `" +
                          std::string(draft_.names.word(mention.name)) + "`");
        return 0;
      }
      meant |= one;
    }
    return names.complement ? symbols_.every_permission(object_class) & ~meant : meant;
  }

  std::vector<Mention> each_once(const Names& names) const {
    std::vector<Mention> mentions(draft_.of(names).begin(), draft_.of(names).end());
    if (mentions.size() <= 8) return mentions;
    std::stable_sort(mentions.begin(), mentions.end(),
                     [](const Mention& a, const Mention& b) { return a.name < b.name; });
    mentions.erase(std::unique(mentions.begin(), mentions.end(),
                               [](const Mention& a, const Mention& b) { return a.name == b.name; }),
                   mentions.end());
    return mentions;
  }

  std::vector<Access> accesses(const Names& class_names, const Names& permission_names) {
    std::vector<Access> found;
    const std::vector<Mention> mentions = each_once(permission_names);
    for (const Mention& mention : mentions) {
      if (!mention.excluded) continue;
      symbols_.fail(diag::Code::SelinuxSyntax, mention, "a permission cannot be taken out of a set");
      return found;
    }
    for (const ClassId id : classes(class_names)) {
      if (symbols_.failed()) break;
      found.push_back({id, permissions(id, permission_names, mentions)});
    }
    return found;
  }

  // --- Sentences.

  void add_rule(const DraftRule& draft) {
    rule_begin_ = draft.begin;
    const bool asserts = draft.kind == RuleKind::NeverAllow || draft.kind == RuleKind::NeverAllowExtended;
    const Star star = asserts ? Star::Allowed : Star::Refused;
    Rule rule;
    rule.kind = draft.kind;
    rule.when = draft.when;
    const SetOfTypes sources = types(draft.sources, star), targets = types(draft.targets, star);
    if (sources.self) {
      symbols_.fail(diag::Code::SelinuxSyntax, draft_.of(draft.sources).front(),
                    "`self` stands for the source of a rule");
    }
    rule.sources = sources.set;
    rule.targets = targets.set;
    rule.self = targets.self;
    rule.condition = draft.condition;
    rule.extended = draft.extended;
    rule.begin = draft.begin;
    rule.end = draft.end;
    const std::vector<Access> found = accesses(draft.classes, draft.permissions);
    rule.first_access = static_cast<std::uint32_t>(policy_.accesses.size());
    rule.access_count = static_cast<std::uint32_t>(found.size());
    policy_.accesses.insert(policy_.accesses.end(), found.begin(), found.end());
    policy_.rules.push_back(rule);
  }

  void add_transition(const DraftTransition& draft) {
    rule_begin_ = draft.begin;
    const SetOfTypes sources = types(draft.sources, Star::Refused), targets = types(draft.targets, Star::Refused);
    const std::optional<TypeId> result = symbols_.type(draft.result);
    for (const ClassId id : classes(draft.classes)) {
      if (!result) return;
      policy_.type_transitions.push_back({sources.set,
                                          targets.set,
                                          targets.self,
                                          id,
                                          *result,
                                          draft.by_file_name,
                                          {policy_.file, draft.begin, draft.end}});
    }
  }

  void add_constraint(const DraftConstraint& draft) {
    rule_begin_ = draft.begin;
    Constraint constraint{accesses(draft.classes, draft.permissions), {}, {policy_.file, draft.begin, draft.end}};
    for (const DraftConstraintTerm& term : draft.expression) {
      const bool about_types =
          term.operation == ConstraintOperation::FirstIn || term.operation == ConstraintOperation::SecondIn;
      const SetOfTypes said = about_types ? types(term.types, Star::Refused) : SetOfTypes();
      if (said.self) symbols_.fail_at(diag::Code::SelinuxSyntax, draft.begin, "`self` is no type of a constraint");
      constraint.expression.push_back({term.operation, said.set});
    }
    policy_.constraints.push_back(std::move(constraint));
  }

  Draft draft_;
  Policy policy_;
  Symbols symbols_;
  std::unordered_map<std::string, SetId> sets_;
  std::unordered_set<std::size_t> seen_classes_;
  std::size_t attribute_words_ = 0;
  std::uint32_t rule_begin_ = 0;
};

}  // namespace

std::optional<Policy> resolve(Draft draft, source::FileId file, diag::DiagnosticSink& sink) {
  return Resolver(std::move(draft), file, sink).run();
}

}  // namespace bulkhead::selinux
