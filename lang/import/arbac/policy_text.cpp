#include "lang/import/arbac/policy_text.h"

#include <set>
#include <vector>

namespace bulkhead::arbac {
namespace {

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/// Identifiers for names, each another one.
class Identifiers {
 public:
  std::string of(const std::string& name) {
    std::string made;
    for (const char c : name) made += is_letter(c) || (c >= '0' && c <= '9') ? c : '_';
    if (!is_letter(made.front())) made = "n" + made;
    if (made == "true" || made == "false") made += "_";
    std::string unique = made;
    for (std::size_t i = 2; !taken_.insert(unique).second; ++i) unique = made + "_" + std::to_string(i);
    return unique;
  }

 private:
  std::set<std::string> taken_;
};

class Text {
 public:
  Text(const Policy& policy, const Reduced& reduced, const source::SourceMap& sources, const PolicyTextOptions& options)
      : policy_(policy), reduced_(reduced), sources_(sources), options_(options) {
    // A name of a file may have any bytes, and stands in comments.
    for (const char c : sources.name(policy.roles.front().span.file)) file_ += c >= 0x20 && c < 0x7f ? c : '?';
    if (reduced.together < reduced.users.size()) parts_ = reduced.together;
    role_names_.resize(policy.roles.size());
    user_names_.resize(policy.users.size());
    Identifiers roles, users;
    for (const RoleId role : reduced.roles) role_names_[role.index()] = roles.of(policy.at(role).text);
    for (const UserId user : reduced.users) user_names_[user.index()] = users.of(policy.at(user).text);
  }

  std::string run() {
    header();
    out_ += "module " + options_.module + ";\n\nmodel " + options_.model + " {\n";
    enumeration("User", user_names_);
    enumeration("Role", role_names_);
    if (parts_ != 0) parts();
    members();
    for (const Assign& rule : reduced_.assigns) assign(rule);
    for (const Revoke& rule : reduced_.revokes) revoke(rule);
    out_ += "}\n\n";
    claim();
    return std::move(out_);
  }

 private:
  /// Where fewer users take part than there are, the model is about those: which user each of them is, is open.
  void parts() {
    std::vector<std::string> names;
    for (std::size_t i = 1; i <= parts_; ++i) names.push_back("one_" + std::to_string(i));
    out_ +=
        "    enum Part { " + joined(names) + " }  // no run needs more of the users\n    const who: Part -> User;\n";
    std::string apart;
    if (policy_.goal_user) apart = "who(Part.one_1) == " + user(*policy_.goal_user);
    for (std::size_t i = 0; i < parts_; ++i) {
      for (std::size_t j = i + 1; j < parts_; ++j)
        apart += std::string(apart.empty() ? "" : " && ") + "who(Part." + names[i] + ") != who(Part." + names[j] + ")";
    }
    if (!apart.empty()) out_ += "    initially " + apart + ";\n";
  }

  const char* sort() const { return parts_ != 0 ? "Part" : "User"; }
  std::string role(RoleId id) const { return "Role." + role_names_[id.index()]; }
  std::string user(UserId id) const { return "User." + user_names_[id.index()]; }

  void header() {
    const auto of = [](std::size_t kept, std::size_t all) {
      return std::to_string(kept) + " of " + std::to_string(all);
    };
    out_ +=
        "// From the role policy " + file_ + ": can anybody come to hold `" + policy_.at(policy_.goal).text + "`?\n";
    out_ += "// The model has " + of(reduced_.roles.size(), policy_.roles.size()) + " roles, " +
            of(reduced_.users.size(), policy_.users.size()) + " users and " +
            of(reduced_.assigns.size() + reduced_.revokes.size(), policy_.assigns.size() + policy_.revokes.size()) +
            " rules; what is left out changes no answer.\n";
    for (const auto& [role, holder] : reduced_.holders) {
      out_ += "// Nobody can take `" + policy_.roles[role].text + "` from `" + policy_.at(holder).text +
              "`, who uses its rules whenever they are needed.\n";
    }
    out_ += "// An action is named after the line and column of its rule.\n";
  }

  void enumeration(const std::string& name, const std::vector<std::string>& identifiers) {
    std::vector<std::string> members;
    for (const std::string& identifier : identifiers) {
      if (!identifier.empty()) members.push_back(identifier);
    }
    out_ += "    enum " + name + " { " + joined(members) + " }\n";
  }

  void members() {
    std::string value;
    for (const UserId id : reduced_.users) {
      std::vector<std::string> held;
      for (const RoleId one : policy_.held[id.index()]) {
        if (!role_names_[one.index()].empty()) held.push_back(role(one));
      }
      if (held.empty()) continue;
      const std::string roles = held.size() == 1 ? "r == " + held.front() : "r in {" + joined(held) + "}";
      value += std::string(value.empty() ? "" : " ||") + "\n        (" + (parts_ != 0 ? "who(u)" : "u") +
               " == " + user(id) + " && " + roles + ")";
    }
    out_ +=
        "    var has: (u: " + std::string(sort()) + ", r: Role) -> bool =" + (value.empty() ? " false" : value) + ";\n";
  }

  template <typename Rule>
  void head(const Rule& rule, const char* kind) {
    const source::Position at = sources_.position(rule.span.file, rule.span.begin);
    const std::string line = std::to_string(at.line), column = std::to_string(at.column);
    out_ += "\n    /// " + file_ + ":" + line + ":" + column + " " + rule.text + "\n";
    out_ += "    action " + std::string(kind) + "_" + role_names_[rule.target.index()] + "_" + line + "_" + column +
            (rule.admin ? "(admin: " + std::string(sort()) + ", user: " + sort() + ")"
                        : "(user: " + std::string(sort()) + ")");
  }

  void guard(const std::vector<std::string>& parts) {
    for (std::size_t i = 0; i < parts.size(); ++i) out_ += (i == 0 ? "\n        when " : " && ") + parts[i];
  }

  void assign(const Assign& rule) {
    head(rule, "can_assign");
    std::vector<std::string> parts;
    if (rule.admin) parts.push_back("has(admin, " + role(*rule.admin) + ")");
    for (const Literal& asked : rule.condition)
      parts.push_back((asked.held ? "has(user, " : "!has(user, ") + role(asked.role) + ")");
    guard(parts);
    out_ += "\n        do has(user, " + role(rule.target) + ") := true;\n";
  }

  void revoke(const Revoke& rule) {
    head(rule, "can_revoke");
    if (rule.admin) guard({"has(admin, " + role(*rule.admin) + ")"});
    out_ += "\n        do has(user, " + role(rule.target) + ") := false;\n";
  }

  void claim() {
    const std::string goal = role(policy_.goal);
    const std::string asked = !policy_.goal_user ? "u" : parts_ != 0 ? "Part.one_1" : user(*policy_.goal_user);
    const std::string reached =
        (policy_.goal_user ? "" : "exists u: " + std::string(sort()) + ". ") + "has(" + asked + ", " + goal + ")";
    out_ += "prove goal_unreachable: " + options_.model + " unreachable " + reached + ";\n";
  }

  const Policy& policy_;
  const Reduced& reduced_;
  const source::SourceMap& sources_;
  const PolicyTextOptions& options_;
  std::size_t parts_ = 0;  // 0: every user of the model takes part
  std::string file_;
  std::vector<std::string> role_names_, user_names_;  // "": not in the model
  std::string out_;
};

}  // namespace

std::string policy_text(const Policy& policy, const Reduced& reduced, const source::SourceMap& sources,
                        const PolicyTextOptions& options) {
  return Text(policy, reduced, sources, options).run();
}

}  // namespace bulkhead::arbac
