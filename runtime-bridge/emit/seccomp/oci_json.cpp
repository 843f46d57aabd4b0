#include "runtime-bridge/emit/seccomp/oci_json.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>

namespace bulkhead::emit::seccomp {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMaxRules = 2048;
constexpr std::uint64_t kAll = ~std::uint64_t{0};

/// One `args` entry. Equality under a mask, or an ordered comparison of the whole argument.
struct Argument {
  enum class Op : std::uint8_t { MaskedEqual, NotEqual, Less, LessEqual, Greater, GreaterEqual };
  Op op = Op::MaskedEqual;
  std::uint64_t mask = kAll;
  std::uint64_t value = 0;
  friend auto operator<=>(const Argument&, const Argument&) = default;
};
/// At most one entry for each argument: runtimes read two entries of one argument as alternatives.
using Entries = std::map<std::uint8_t, Argument>;
using Alternatives = std::vector<Entries>;

bool satisfies(std::uint64_t x, const Argument& entry) {
  switch (entry.op) {
    case Argument::Op::MaskedEqual:
      return (x & entry.mask) == entry.value;
    case Argument::Op::NotEqual:
      return x != entry.value;
    case Argument::Op::Less:
      return x < entry.value;
    case Argument::Op::LessEqual:
      return x <= entry.value;
    case Argument::Op::Greater:
      return x > entry.value;
    case Argument::Op::GreaterEqual:
      return x >= entry.value;
  }
  return false;
}

class Translation {
 public:
  /// `condition` or its negation as alternatives; sets `problem` where it cannot be said.
  Alternatives of(const Condition& condition, bool wanted) {
    const std::size_t size = condition.nodes.size();
    std::vector<Alternatives> plain(size), negated(size);
    // The negation of a set has thousands of alternatives: made is only what the root is made of, itself on top.
    std::vector<bool> asked(size), denied(size);
    (wanted ? asked : denied)[condition.root] = true;
    for (std::size_t i = size; i-- > 0;) {
      const bool turned = condition.nodes[i].kind == Condition::Kind::Not;
      for (const std::uint32_t child : condition.nodes[i].children) {
        if (asked[i]) (turned ? denied : asked)[child] = true;
        if (denied[i]) (turned ? asked : denied)[child] = true;
      }
    }
    for (std::size_t i = 0; i < size; ++i) {
      if (asked[i]) plain[i] = form(condition.nodes[i], plain, negated, true);
      if (denied[i]) negated[i] = form(condition.nodes[i], plain, negated, false);
    }
    const Alternatives& root = (wanted ? plain : negated)[condition.root];
    if (root == kUnsayable) problem_ = "a condition on arguments cannot be said in OCI JSON";
    return root;
  }

  Alternatives both(const Alternatives& a, const Alternatives& b) {
    Alternatives product;
    if (a == kUnsayable || b == kUnsayable) return a.empty() || b.empty() ? product : kUnsayable;
    for (const Entries& left : a) {
      for (const Entries& right : b) {
        Entries merged = left;
        bool possible = true;
        for (const auto& [index, entry] : right) {
          const auto [at, fresh] = merged.try_emplace(index, entry);
          if (fresh) continue;
          const auto joined = join(at->second, entry);
          if (unsayable_) {
            unsayable_ = false;
            return kUnsayable;
          }
          possible = possible && joined.has_value();
          if (joined) at->second = *joined;
        }
        if (possible) product.push_back(std::move(merged));
        if (product.size() > kMaxRules) return kUnsayable;
      }
    }
    std::sort(product.begin(), product.end());
    product.erase(std::unique(product.begin(), product.end()), product.end());
    return product;
  }

  const std::string& problem() const { return problem_; }

 private:
  inline static const Alternatives kUnsayable{{{std::uint8_t{255}, {}}}};

  /// Both entries at once; nothing where they contradict.
  std::optional<Argument> join(const Argument& a, const Argument& b) {
    if (a == b) return a;
    if (a.op == Argument::Op::MaskedEqual && b.op == Argument::Op::MaskedEqual) {
      if ((a.value & b.mask) != (b.value & a.mask)) return std::nullopt;
      return Argument{Argument::Op::MaskedEqual, a.mask | b.mask, a.value | b.value};
    }
    for (const auto& [exact, other] : {std::pair(a, b), std::pair(b, a)}) {
      if (exact.op != Argument::Op::MaskedEqual || exact.mask != kAll) continue;
      return satisfies(exact.value, other) ? std::optional<Argument>(exact) : std::nullopt;
    }
    return join_ranges(a, b);
  }

  /// The values that an ordered comparison admits, both ends included; nothing for other comparisons.
  static std::optional<std::pair<std::uint64_t, std::uint64_t>> range(const Argument& entry) {
    switch (entry.op) {
      case Argument::Op::Less:
        if (entry.value == 0) return std::nullopt;
        return std::pair(std::uint64_t{0}, entry.value - 1);
      case Argument::Op::LessEqual:
        return std::pair(std::uint64_t{0}, entry.value);
      case Argument::Op::Greater:
        if (entry.value == kAll) return std::nullopt;
        return std::pair(entry.value + 1, kAll);
      case Argument::Op::GreaterEqual:
        return std::pair(entry.value, kAll);
      case Argument::Op::MaskedEqual:
      case Argument::Op::NotEqual:
        return std::nullopt;
    }
    return std::nullopt;
  }

  std::optional<Argument> join_ranges(const Argument& a, const Argument& b) {
    const auto left = range(a), right = range(b);
    if (left && right) {
      const std::uint64_t low = std::max(left->first, right->first), high = std::min(left->second, right->second);
      if (low > high) return std::nullopt;
      if (low == high) return Argument{Argument::Op::MaskedEqual, kAll, low};
      if (low == 0) return Argument{Argument::Op::LessEqual, kAll, high};
      if (high == kAll) return Argument{Argument::Op::GreaterEqual, kAll, low};
    }
    unsayable_ = true;
    return std::nullopt;
  }

  Alternatives test(const Test& test, bool wanted) const {
    using Op = Argument::Op;
    if (test.relation != Test::Relation::Equal) {
      if (test.mask != kAll) return kUnsayable;
      const bool strict = test.relation == Test::Relation::Less;
      const Op op = wanted ? (strict ? Op::Less : Op::LessEqual) : (strict ? Op::GreaterEqual : Op::Greater);
      return {{{test.argument, {op, kAll, test.value}}}};
    }
    if (wanted) return {{{test.argument, {Op::MaskedEqual, test.mask, test.value}}}};
    if (test.mask == kAll) return {{{test.argument, {Op::NotEqual, kAll, test.value}}}};
    Alternatives bits;  // it differs in some bit of the mask
    for (unsigned bit = 0; bit < 64; ++bit) {
      const std::uint64_t mask = std::uint64_t{1} << bit;
      if ((test.mask & mask) != 0) bits.push_back({{test.argument, {Op::MaskedEqual, mask, ~test.value & mask}}});
    }
    return bits;
  }

  static bool exact(const Alternatives& part) {
    return std::all_of(part.begin(), part.end(), [](const Entries& entries) {
      return std::all_of(entries.begin(), entries.end(),
                         [](const auto& entry) { return entry.second.op == Argument::Op::MaskedEqual; });
    });
  }

  Alternatives form(const Condition::Node& node, const std::vector<Alternatives>& plain,
                    const std::vector<Alternatives>& negated, bool wanted) {
    switch (node.kind) {
      case Condition::Kind::True:
        return wanted ? Alternatives{{}} : Alternatives{};
      case Condition::Kind::False:
        return wanted ? Alternatives{} : Alternatives{{}};
      case Condition::Kind::Holds:
        return test(node.test, wanted);
      case Condition::Kind::Not:
        return (wanted ? negated : plain)[node.children[0]];
      case Condition::Kind::And:
      case Condition::Kind::Or: {
        const bool conjunction = (node.kind == Condition::Kind::And) == wanted;
        Alternatives result = conjunction ? Alternatives{{}} : Alternatives{};
        std::vector<std::uint32_t> children = node.children;
        // An exact value absorbs any other test of its argument, so those parts are joined first.
        std::stable_partition(children.begin(), children.end(),
                              [&](std::uint32_t child) { return exact((wanted ? plain : negated)[child]); });
        for (const std::uint32_t child : children) {
          const Alternatives& part = (wanted ? plain : negated)[child];
          if (conjunction) {
            result = both(result, part);
          } else if (part == kUnsayable || result == kUnsayable || result.size() + part.size() > kMaxRules) {
            return kUnsayable;
          } else {
            result.insert(result.end(), part.begin(), part.end());
          }
        }
        return result;
      }
    }
    return kUnsayable;
  }

  bool unsayable_ = false;
  std::string problem_;
};

std::pair<const char*, std::optional<unsigned>> action_name(std::uint32_t action) {
  const unsigned data = action & 0xFFFF;
  switch (action & 0xFFFF0000) {
    case bpf::kAllow:
      return {"SCMP_ACT_ALLOW", std::nullopt};
    case bpf::kErrno:
      return {"SCMP_ACT_ERRNO", data};
    case bpf::kTrap:
      return {"SCMP_ACT_TRAP", std::nullopt};
    case bpf::kNotify:
      return {"SCMP_ACT_NOTIFY", std::nullopt};
    case bpf::kKillProcess:
      return {"SCMP_ACT_KILL_PROCESS", std::nullopt};
    case bpf::kLog:
      return {"SCMP_ACT_LOG", std::nullopt};
  }
  return {"SCMP_ACT_KILL_THREAD", std::nullopt};
}

Json argument_json(std::uint8_t index, const Argument& entry) {
  static const char* const kNames[] = {"SCMP_CMP_MASKED_EQ", "SCMP_CMP_NE", "SCMP_CMP_LT",
                                       "SCMP_CMP_LE",        "SCMP_CMP_GT", "SCMP_CMP_GE"};
  Json json;
  json["index"] = index;
  const bool masked = entry.op == Argument::Op::MaskedEqual && entry.mask != kAll;
  json["value"] = masked ? entry.mask : entry.value;
  if (masked) json["valueTwo"] = entry.value;
  json["op"] =
      entry.op == Argument::Op::MaskedEqual && !masked ? "SCMP_CMP_EQ" : kNames[static_cast<std::size_t>(entry.op)];
  return json;
}

}  // namespace

Result<std::string, EmitError> oci_json(const Plan& plan) {
  // Calls with the same answers share their rules: action and entries -> names.
  std::map<std::pair<std::uint32_t, Entries>, std::vector<std::string>> rules;
  for (const CallPlan& call : plan.calls) {
    Translation translation;
    Alternatives rest{{}};  // what no earlier answer covers
    std::size_t count = 0;
    std::size_t told = call.answers.size();  // up to the last answer that is not the default's
    while (told > 0 && call.answers[told - 1].second == plan.unknown) --told;
    for (std::size_t i = 0; i < told; ++i) {
      const auto& [when, action] = call.answers[i];
      const Alternatives here = translation.both(rest, translation.of(when, true));
      if (i + 1 < told) rest = translation.both(rest, translation.of(when, false));
      if (action == plan.unknown) continue;
      for (const Entries& entries : here) {
        if (entries.count(255) != 0 || ++count > kMaxRules) {
          return fail(EmitError{"`" + call.name + "`: its conditions on arguments cannot be said in OCI JSON", {}});
        }
        rules[{action, entries}].push_back(call.name);
      }
      if (rest.size() == 1 && rest[0].count(255) != 0) {
        return fail(EmitError{"`" + call.name + "`: its conditions on arguments cannot be said in OCI JSON", {}});
      }
    }
    const bool all_answered = !call.answers.empty() && call.answers.back().first.unconditional();
    if (!all_answered && call.otherwise != plan.unknown)
      return fail(EmitError{"OCI JSON has one default for all calls", {}});
  }

  Json json;
  const auto [name, data] = action_name(plan.unknown);
  json["defaultAction"] = name;
  if (data) json["defaultErrnoRet"] = *data;
  json["architectures"] = {plan.machine == Machine::X86_64 ? "SCMP_ARCH_X86_64" : "SCMP_ARCH_AARCH64"};
  json["syscalls"] = Json::array();
  for (const auto& [key, names] : rules) {
    Json rule;
    rule["names"] = names;
    const auto [action, errno_data] = action_name(key.first);
    rule["action"] = action;
    if (errno_data) rule["errnoRet"] = *errno_data;
    for (const auto& [index, entry] : key.second) rule["args"].push_back(argument_json(index, entry));
    json["syscalls"].push_back(std::move(rule));
  }
  return json.dump(2) + "\n";
}

}  // namespace bulkhead::emit::seccomp
