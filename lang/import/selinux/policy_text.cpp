#include "lang/import/selinux/policy_text.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace bulkhead::selinux {
namespace {

constexpr std::array<std::string_view, 7> kFileClasses = {"file",     "dir",       "lnk_file", "chr_file",
                                                          "blk_file", "sock_file", "fifo_file"};
constexpr std::size_t kMaxAlternatives = 500;    // of one pattern; the language takes 1 024
constexpr std::size_t kMaxPatternBytes = 3'500;  // the language takes 4 096, with the folder

struct RightWords {
  std::string_view right;
  std::vector<std::string_view> permissions;
};

const std::vector<RightWords>& rights() {
  static const std::vector<RightWords> all{{"read", {"read"}},
                                           {"write", {"write", "append"}},
                                           {"execute", {"execute"}},
                                           {"rename", {"rename"}},
                                           {"link", {"link"}}};
  return all;
}

/// The permissions of a class that are one right; 0 where the class is none of files or lacks one of them.
Permissions permissions_of(const ObjectClass& object_class, const RightWords& words) {
  if (std::find(kFileClasses.begin(), kFileClasses.end(), object_class.name) == kFileClasses.end()) return 0;
  Permissions all = 0;
  for (const std::string_view name : words.permissions) {
    const Permissions one = permission(object_class, name);
    if (one == 0) return 0;
    all |= one;
  }
  return all;
}

/// Names of types have dots and dashes that names of the language do not, and some are words of the language.
std::string name_of(std::string_view prefix, std::string_view word) {
  std::string name(prefix);
  for (const char c : word) name += c == '.' || c == '-' ? '_' : c;
  return name;
}

class Writer {
 public:
  Writer(const Policy& policy, const source::SourceMap& sources, const MayBeDenied& may_be_denied)
      : policy_(policy),
        sources_(sources),
        may_be_denied_(may_be_denied),
        sets_(expand_sets(policy)),
        profiles_(sets_.size()) {}

  PolicyText run(const std::string& module) {
    for (const Rule& rule : policy_.rules) {
      if (rule.kind == RuleKind::Allow) grant(rule);
      if (rule.kind == RuleKind::NeverAllow) claim(rule);
      if (rule.kind != RuleKind::Allow && rule.kind != RuleKind::NeverAllow) leave_out(rule, "no sentence says it");
    }
    for (const Constraint& one : policy_.constraints) {
      text_.left_out.push_back(
          {one.span, "a constraint, but for what types alone decide; what is granted here may be more"});
    }
    for (const LeftOut& one : policy_.left_out) text_.left_out.push_back(one);
    std::stable_sort(text_.left_out.begin(), text_.left_out.end(),
                     [](const LeftOut& a, const LeftOut& b) { return a.span.begin < b.span.begin; });
    text_.text = "// Imported from an SELinux policy; an object of class C and type T is the path /C/T.\nmodule " +
                 module + ";\n\nvolume Objects;\n" + files_ + "\n" + write_profiles() + write_containers() + claims_;
    return std::move(text_);
  }

 private:
  void leave_out(const Rule& rule, std::string what) {
    text_.left_out.push_back({policy_.span(rule), std::string(keyword(rule.kind)) + ": " + std::move(what)});
  }
  std::string line(const Rule& rule) const { return std::to_string(sources_.line_number(policy_.file, rule.begin)); }

  /// The accesses of a rule by right: the classes where it gives (or, of an assertion, denies all of) the right. What
  /// no right says is told.
  enum class Part : std::uint8_t { Any, All };
  std::map<std::string_view, std::vector<ClassId>> by_right(const Rule& rule, Part part) {
    std::map<std::string_view, std::vector<ClassId>> found;
    std::string missing;
    for (const Access& access : policy_.accesses_of(rule)) {
      Permissions said = 0;
      const ObjectClass& object_class = policy_.object_class(access.object_class);
      for (const RightWords& words : rights()) {
        const Permissions all = permissions_of(object_class, words);
        const Permissions both = all & access.permissions;
        if (both == 0 || (part == Part::All && both != all)) continue;
        said |= both;
        found[words.right].push_back(access.object_class);
      }
      if (said == access.permissions) continue;
      missing += (missing.empty() ? "" : ", ") + object_class.name + " { " +
                 spell(object_class, access.permissions & ~said) + " }";
    }
    if (!missing.empty()) leave_out(rule, missing);
    return found;
  }

  /// The name of the objects of these classes whose types are `types`, declared once; "" where there are none.
  std::string objects(const Bitset& types, const std::vector<ClassId>& classes) {
    if (types.empty()) return "";
    std::string patterns;
    std::string alternatives;
    std::size_t count = 0;
    std::string names;
    for (const ClassId id : classes) names += (names.empty() ? "" : ",") + policy_.object_class(id).name;
    const std::string folder = classes.size() == 1 ? names : "{" + names + "}";
    const auto flush = [&] {
      if (count == 0) return;
      patterns += (patterns.empty() ? "" : ",\n    ") + ("Objects:\"/" + folder + "/") +
                  (count == 1 ? alternatives : "{" + alternatives + "}") + "\"";
      alternatives.clear();
      count = 0;
    };
    types.for_each([&](std::size_t type) {
      alternatives += (count == 0 ? "" : ",") + policy_.types[type].name;
      if (++count == kMaxAlternatives / classes.size() || alternatives.size() > kMaxPatternBytes) flush();
    });
    flush();
    const auto [entry, is_new] = declared_.emplace(patterns, "files_" + std::to_string(declared_.size() + 1));
    if (is_new) files_ += "file " + entry->second + " = " + patterns + ";\n";
    return entry->second;
  }

  void grant(const Rule& rule) {
    const auto found = by_right(rule, Part::Any);
    if (found.empty() || sets_[rule.sources.index()].empty()) return;
    const std::string when =
        rule.condition.valid() ? ", whatever " + policy_.conditions[rule.condition.index()].text : "";
    const auto say = [&](std::string& into, const Bitset& targets) {
      for (const auto& [right, classes] : found) {
        const std::string name = objects(targets, classes);
        if (!name.empty())
          into += "    may " + std::string(right) + " " + name + ";  // line " + line(rule) + when + "\n";
      }
    };
    say(profiles_[rule.sources.index()], sets_[rule.targets.index()]);
    used_.insert(rule.sources.index());
    if (!rule.self) return;
    sets_[rule.sources.index()].for_each([&](std::size_t source) {
      Bitset itself(policy_.types.size());
      itself.set(source);
      say(own_[source], itself);
    });
  }

  void claim(const Rule& rule) {
    const auto found = by_right(rule, Part::All);
    const Bitset& subjects = sets_[rule.sources.index()];
    if (found.empty()) return;
    if (subjects.empty()) return leave_out(rule, "about no type");
    if (rule.self) return leave_out(rule, "`self` needs a claim for each type");
    for (const auto& [right, classes] : found) {
      const std::string name = objects(sets_[rule.targets.index()], classes);
      if (name.empty()) continue;
      if (only_perhaps(rule, right, classes)) {
        leave_out(rule, std::string(right) + ": over-approximate, not claimed: a constraint may deny what crosses it");
        continue;
      }
      claimed_.insert(rule.sources.index());
      claims_ += "prove line_" + line(rule) + "_" + std::string(right) + ": pod " + pod(rule.sources) + " cannot " +
                 std::string(right) + " " + name + ";\n";
    }
  }

  /// Rules cross the claim, and each of them for pairs alone from which a constraint may take the right.
  bool only_perhaps(const Rule& assertion, std::string_view right, const std::vector<ClassId>& classes) const {
    if (policy_.constraints.empty()) return false;
    const RightWords& words =
        *std::find_if(rights().begin(), rights().end(), [&](const RightWords& one) { return one.right == right; });
    bool crossed = false;
    for (const Rule& rule : policy_.rules) {
      if (rule.kind != RuleKind::Allow) continue;
      for (const Access& access : policy_.accesses_of(rule)) {
        if (std::find(classes.begin(), classes.end(), access.object_class) == classes.end()) continue;
        const Permissions both = access.permissions & permissions_of(policy_.object_class(access.object_class), words);
        if (both == 0) continue;
        const Crossing found = crossing(rule, assertion, {access.object_class, both});
        if (found == Crossing::Certain) return false;
        crossed = crossed || found == Crossing::Perhaps;
      }
    }
    return crossed;
  }

  enum class Crossing : std::uint8_t { None, Perhaps, Certain };
  /// By the pairs that are both the rule's and the assertion's.
  Crossing crossing(const Rule& rule, const Rule& assertion, const Access& access) const {
    Crossing found = Crossing::None;
    const Bitset& sources = sets_[assertion.sources.index()];
    const Bitset& targets = sets_[assertion.targets.index()];
    const auto look = [&](std::size_t source, std::size_t target) {
      if (found == Crossing::Certain || !targets.test(target)) return;
      found = may_be_denied_(source, target, access) ? Crossing::Perhaps : Crossing::Certain;
    };
    if (!sets_[rule.sources.index()].intersects(sources)) return found;
    if (!rule.self && !sets_[rule.targets.index()].intersects(targets)) return found;
    sets_[rule.sources.index()].for_each([&](std::size_t source) {
      if (!sources.test(source)) return;
      if (rule.self) look(source, source);
      sets_[rule.targets.index()].for_each([&](std::size_t target) { look(source, target); });
    });
    return found;
  }

  static std::string pod(SetId set) { return "types_" + std::to_string(set.index()); }

  std::string write_profiles() const {
    std::string out;
    for (const std::size_t set : used_) {
      if (!profiles_[set].empty()) out += "profile rules_" + std::to_string(set) + " {\n" + profiles_[set] + "}\n";
    }
    return out;
  }

  std::string write_containers() const {
    std::vector<std::string> uses(policy_.types.size());
    Bitset named(policy_.types.size());
    for (const std::size_t set : used_) {
      if (profiles_[set].empty()) continue;
      sets_[set].for_each([&](std::size_t type) {
        uses[type] += (uses[type].empty() ? " uses " : ", ") + ("rules_" + std::to_string(set));
        named.set(type);
      });
    }
    for (const auto& [type, sentences] : own_) named.set(type);
    std::string pods;
    for (const std::size_t set : claimed_) {
      named |= sets_[set];
      std::string members;
      sets_[set].for_each([&](std::size_t type) {
        members += (members.empty() ? "" : ", ") + name_of("t_", policy_.types[type].name);
      });
      pods += "pod types_" + std::to_string(set) + " = " + members + ";\n";
    }
    std::string out;
    named.for_each([&](std::size_t type) {
      const auto own = own_.find(type);
      out += "container " + name_of("t_", policy_.types[type].name) + uses[type] +
             " {\n    mount Objects at \"/objects\";\n" + (own == own_.end() ? "" : own->second) + "}\n";
    });
    return out + pods;
  }

  const Policy& policy_;
  const source::SourceMap& sources_;
  const MayBeDenied& may_be_denied_;
  std::vector<Bitset> sets_;
  std::vector<std::string> profiles_;            // sentences, by set of sources
  std::map<std::size_t, std::string> own_;       // of single types: what `self` gives
  std::set<std::size_t> used_, claimed_;         // sets of sources
  std::map<std::string, std::string> declared_;  // names, by patterns
  std::string files_, claims_;
  PolicyText text_;
};

}  // namespace

PolicyText policy_text(const Policy& policy, const source::SourceMap& sources, const std::string& module,
                       const MayBeDenied& may_be_denied) {
  return Writer(policy, sources, may_be_denied).run(module);
}

}  // namespace bulkhead::selinux
