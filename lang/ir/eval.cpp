#include "lang/ir/eval.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "lang/ir/glob.h"
#include "lang/ir/label.h"
#include "lang/ir/net_range.h"

namespace bulkhead::ir {
namespace {

/// What an expression evaluates to; a word is an integer, an enum position, a port, a proto or a number.
struct Failed {
  friend bool operator==(Failed, Failed) = default;
};
using Word = std::uint64_t;
using Outcome = std::variant<Failed, bool, Word, LabelSet, std::string, Address>;

Outcome outcome_of(const World& world, const Value& value) {
  if (const auto* truth = std::get_if<bool>(&value)) return *truth;
  if (const auto* number = std::get_if<std::int64_t>(&value)) return static_cast<Word>(*number);
  if (const auto* member = std::get_if<EnumMember>(&value)) return Word{member->member};
  if (const auto* label = std::get_if<LabelId>(&value)) return below(world, *label);
  return std::get<std::string>(value);
}

const Value* attribute_value(const World& world, const Expr& expr, const Request& request) {
  if (expr.source == Source::Context) {
    const auto found = request.context.find(expr.attribute);
    return found == request.context.end() ? nullptr : &found->second;
  }
  if (expr.source != Source::Subject) return nullptr;
  for (const auto& [attribute, value] : world.at(request.subject).attributes) {
    if (attribute == expr.attribute) return &value;
  }
  return nullptr;
}

Outcome field_of(const World& world, ObjectField field, const Object& object) {
  if (const auto* file = std::get_if<FileObject>(&object)) {
    if (field == ObjectField::Path) return file->path;
    if (field == ObjectField::Label) return label_of(world, *file);
  }
  if (const auto* net = std::get_if<NetObject>(&object)) {
    if (field == ObjectField::Port) return Word{net->port};
    if (field == ObjectField::Proto) return static_cast<Word>(net->proto);
    if (field == ObjectField::Address) return net->address;
  }
  if (const auto* call = std::get_if<SyscallObject>(&object); call != nullptr && field >= ObjectField::Argument0) {
    return call->arguments[static_cast<std::size_t>(field) - static_cast<std::size_t>(ObjectField::Argument0)];
  }
  const auto* capability = std::get_if<CapabilityObject>(&object);
  if (capability != nullptr && field == ObjectField::Number) return Word{capability->number};
  return Failed{};
}

bool is_order(Op op) {
  return op == Op::Less || op == Op::LessEqual || op == Op::Greater || op == Op::GreaterEqual;
}

/// a < b, a <= b, a > b, a >= b, given what <= is.
template <typename T, typename LessEqual>
bool ordered(Op op, const T& a, const T& b, const LessEqual& less_equal) {
  if (op == Op::LessEqual) return less_equal(a, b);
  if (op == Op::GreaterEqual) return less_equal(b, a);
  if (op == Op::Less) return less_equal(a, b) && a != b;
  return less_equal(b, a) && a != b;
}

Outcome compare(Op op, bool is_unsigned, const Outcome& left, const Outcome& right) {
  if (const auto* address = std::get_if<Address>(&left)) {
    const auto* text = std::get_if<std::string>(&right);
    const auto other = text != nullptr ? parse_address(*text) : std::nullopt;
    if (!other || is_order(op)) return Failed{};
    return (*address == *other) == (op == Op::Equal);
  }
  if (left.index() != right.index() || std::holds_alternative<Failed>(left)) return Failed{};
  if (!is_order(op)) return (left == right) == (op == Op::Equal);
  if (const auto* set = std::get_if<LabelSet>(&left)) {
    return ordered(op, *set, std::get<LabelSet>(right), [](const LabelSet& a, const LabelSet& b) {
      return std::includes(b.begin(), b.end(), a.begin(), a.end());
    });
  }
  const auto* word = std::get_if<Word>(&left);
  if (word == nullptr) return Failed{};
  return ordered(op, *word, std::get<Word>(right), [is_unsigned](Word a, Word b) {
    return is_unsigned ? a <= b : static_cast<std::int64_t>(a) <= static_cast<std::int64_t>(b);
  });
}

/// Left to right, as in `has x && x == 1`: the right side counts only where the left one does not decide.
Outcome connect(Op op, const Outcome& left, const Outcome& right) {
  const bool* first = std::get_if<bool>(&left);
  if (first == nullptr) return Failed{};
  if (op == Op::Or && *first) return true;
  if (op != Op::Or && !*first) return op == Op::Implies;
  const bool* second = std::get_if<bool>(&right);
  return second == nullptr ? Outcome(Failed{}) : Outcome(*second);
}

Outcome in_net(const Value& value, const Object& object) {
  const auto* net = std::get_if<NetObject>(&object);
  const auto* text = std::get_if<std::string>(&value);
  const auto range = text != nullptr ? parse_net_range(*text) : std::nullopt;
  if (net == nullptr || !range) return Failed{};
  return pattern_matches(*range, *net);
}

Outcome holds_capability(const World& world, const Value& value, const Request& request) {
  const auto* number = std::get_if<std::int64_t>(&value);
  if (number == nullptr || request.right == Right::Hold) return Failed{};  // no circles through `hold`
  const CapabilityObject capability{static_cast<std::uint8_t>(*number)};
  return decide(world, {request.subject, Right::Hold, capability, request.context}).allowed;
}

using Outcomes = std::map<ExprId, Outcome>;

Outcome evaluate_node(const World& world, const Expr& expr, const Request& request, const Outcomes& done) {
  const auto arg = [&](std::size_t i) -> const Outcome& { return done.at(expr.args.at(i)); };
  switch (expr.op) {
    case Op::Constant:
      return outcome_of(world, expr.value);
    case Op::Attribute: {
      const Value* value = attribute_value(world, expr, request);
      return value == nullptr ? Outcome(Failed{}) : outcome_of(world, *value);
    }
    case Op::Field:
      return field_of(world, expr.field, request.object);
    case Op::Has:
      return attribute_value(world, expr, request) != nullptr;
    case Op::HoldsCapability:
      return holds_capability(world, expr.value, request);
    case Op::Not:
      return std::holds_alternative<bool>(arg(0)) ? Outcome(!std::get<bool>(arg(0))) : Outcome(Failed{});
    case Op::And:
    case Op::Or: {
      Outcome all = arg(0);
      for (std::size_t i = 1; i < expr.args.size(); ++i) all = connect(expr.op, all, arg(i));
      return all;
    }
    case Op::Implies:
      return connect(expr.op, arg(0), arg(1));
    case Op::Equal:
    case Op::NotEqual:
    case Op::Less:
    case Op::LessEqual:
    case Op::Greater:
    case Op::GreaterEqual:
      return compare(expr.op, compares_unsigned(world, expr), arg(0), arg(1));
    case Op::Like: {
      const auto* text = std::get_if<std::string>(&arg(0));
      const auto* glob = std::get_if<std::string>(&expr.value);
      return text != nullptr && glob != nullptr ? Outcome(glob_matches(*glob, *text)) : Outcome(Failed{});
    }
    case Op::InNet:
      return in_net(expr.value, request.object);
    case Op::InRange: {
      const bool is_unsigned = compares_unsigned(world, expr);
      return connect(Op::And, compare(Op::LessEqual, is_unsigned, arg(1), arg(0)),
                     compare(Op::LessEqual, is_unsigned, arg(0), arg(2)));
    }
    case Op::InSet: {
      Outcome any = false;
      for (std::size_t i = 1; i < expr.args.size(); ++i)
        any = connect(Op::Or, any, compare(Op::Equal, false, arg(0), arg(i)));
      return any;
    }
    case Op::BitAnd: {
      const auto* left = std::get_if<Word>(&arg(0));
      const auto* right = std::get_if<Word>(&arg(1));
      return left != nullptr && right != nullptr ? Outcome(*left & *right) : Outcome(Failed{});
    }
  }
  return Failed{};
}

}  // namespace

bool compares_unsigned(const World& world, const Expr& comparison) {
  return std::any_of(comparison.args.begin(), comparison.args.end(), [&](ExprId id) {
    const Expr& operand = world.at(id);
    return operand.op == Op::BitAnd || (operand.op == Op::Field && operand.field >= ObjectField::Number);
  });
}

/// The file has another name: it is an object of the volume that is kept there, and rules about that volume bind.
bool is_in_volume(const World& world, const std::string& host_path) {
  return std::any_of(world.volumes.begin(), world.volumes.end(), [&](const Volume& volume) {
    const std::string& source = volume.host_source;
    if (source.empty() || source == "/") return !source.empty();
    return host_path.starts_with(source) && (host_path.size() == source.size() || host_path[source.size()] == '/');
  });
}

bool is_implicit(const World& world, SubjectId subject, const Object& object) {
  const auto* file = std::get_if<FileObject>(&object);
  if (file == nullptr || world.at(subject).kind != SubjectKind::Host) return false;
  if (file->volume == kHost) return !is_in_volume(world, file->path);
  return !world.at(file->volume).host_source.empty();
}

Truth evaluate(const World& world, ExprId condition, const Request& request) {
  std::set<ExprId> needed;
  for (std::vector<ExprId> open{condition}; !open.empty();) {
    const ExprId id = open.back();
    open.pop_back();
    const auto& args = world.at(id).args;
    if (needed.insert(id).second) open.insert(open.end(), args.begin(), args.end());
  }
  Outcomes done;  // children have smaller ids than their parents, so the order of ids is an order of evaluation
  for (const ExprId id : needed) done.emplace(id, evaluate_node(world, world.at(id), request, done));
  const bool* truth = std::get_if<bool>(&done.at(condition));
  return truth == nullptr ? Truth::Error : *truth ? Truth::True : Truth::False;
}

bool matches(const World& world, const Rule& rule, const Request& request) {
  const bool about_subject =
      rule.subject ? *rule.subject == request.subject : world.at(request.subject).kind == SubjectKind::Container;
  if (!about_subject || !rule.rights.has(request.right) || !patterns_match(rule.objects, request.object)) return false;
  if (!rule.when) return true;
  const Truth truth = evaluate(world, *rule.when, request);
  return truth == Truth::True || (truth == Truth::Error && rule.effect == Effect::Forbid);
}

Decision decide(const World& world, const Request& request) {
  Decision decision;
  decision.implicit = is_implicit(world, request.subject, request.object);
  for (std::size_t i = 0; i < world.rules.size(); ++i) {
    if (!matches(world, world.rules[i], request)) continue;
    (world.rules[i].effect == Effect::Permit ? decision.permits : decision.forbids).push_back(RuleId{i});
  }
  decision.allowed = (decision.implicit || !decision.permits.empty()) && decision.forbids.empty();
  return decision;
}

}  // namespace bulkhead::ir
