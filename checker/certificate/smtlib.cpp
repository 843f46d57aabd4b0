#include "checker/certificate/smtlib.h"

#include <algorithm>
#include <set>

namespace bulkhead::certificate {
namespace {

using namespace obligation;

std::string hex(std::uint64_t value, unsigned digits) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string out(digits, '0');
  for (unsigned i = digits; i-- > 0 && value != 0; value >>= 4u) out[i] = kDigits[value & 15u];
  return "#x" + out;
}

std::string word(std::uint64_t value) {
  return hex(value, 16);
}

/// Addresses are 128 bits wide; the 32 of the old family are the lowest.
std::string address(const ir::Address& value) {
  std::string out = "#x";
  const std::size_t size = value.family == ir::Family::V4 ? 4 : 16;
  if (size == 4) out += std::string(24, '0');
  for (std::size_t i = 0; i < size; ++i) out += hex(value.bytes[i], 2).substr(2);
  return out;
}

std::string junction(const char* op, const std::vector<std::string>& parts, const char* empty) {
  if (parts.empty()) return empty;
  if (parts.size() == 1) return parts.front();
  std::string out = std::string("(") + op;
  for (const std::string& part : parts) out += " " + part;
  return out + ")";
}

class Printer {
 public:
  Printer(const ir::World& world, const Query& query, const std::vector<verdict::ClosedClass>& closed)
      : world_(world), query_(query), formula_(query.formula), closed_(closed) {}

  std::string run(const Memberships& members) {
    find_quantified();
    find_context();
    const bool quantified = std::find(inside_.begin(), inside_.end(), true) != inside_.end();
    line(std::string("(set-logic ") + (quantified ? "BV" : "QF_BV") + ")");
    declare_object(members);
    for (const Variable& variable : context_) declare(variable);
    if (!formula_.equations.empty()) define_closed();
    for (std::size_t i = 0; i < formula_.nodes.size(); ++i) define(i);
    std::vector<std::string> wrong{reference(formula_.root, false)};
    for (std::size_t i = 0; i < formula_.equations.size(); ++i) {
      wrong.push_back("(and " + reference(formula_.equations[i], false) + " (not x" + std::to_string(i) + "))");
    }
    line("(assert " + junction("or", wrong, "false") + ")");
    line("(check-sat)");
    return out_;
  }

 private:
  struct Variable {
    std::string name;
    std::string sort;
    std::string domain;  // what its values are confined to, or ""
  };

  void line(const std::string& text) { out_ += text + "\n"; }

  void declare(const Variable& variable) {
    line("(declare-const " + variable.name + " " + variable.sort + ")");
    if (!variable.domain.empty()) line("(assert " + variable.domain + ")");
  }

  /// Which nodes stand inside of a NoContext: they are functions of the contexts.
  void find_quantified() {
    inside_.assign(formula_.nodes.size(), false);
    outside_.assign(formula_.nodes.size(), false);
    outside_.at(formula_.root.index()) = true;
    for (const NodeId equation : formula_.equations) outside_.at(equation.index()) = true;
    for (std::size_t i = formula_.nodes.size(); i-- > 0;) {
      const Node& node = formula_.nodes[i];
      for (const NodeId child : node.children) {
        if (inside_[i] || node.kind == NodeKind::NoContext) inside_.at(child.index()) = true;
        if (outside_[i] && node.kind != NodeKind::NoContext) outside_.at(child.index()) = true;
      }
    }
  }

  static std::string context_name(const char* kind, ir::AttributeId attribute, std::uint8_t copy) {
    return kind + std::to_string(attribute.index()) + "_" + std::to_string(copy);
  }

  void find_context() {
    std::set<std::string> known;
    const auto add = [&](Variable variable) {
      if (known.insert(variable.name).second) context_.push_back(std::move(variable));
    };
    for (const Node& node : formula_.nodes) {
      if (node.kind == NodeKind::Has) add({context_name("has", node.attribute, node.copy), "Bool", ""});
      if (node.kind == NodeKind::ContextBool) add({context_name("is", node.attribute, node.copy), "Bool", ""});
    }
    for (const Term& term : formula_.terms) {
      if (term.kind != TermKind::Context) continue;
      const std::string name = context_name("x", term.attribute, term.copy);
      const ir::Type& type = world_.at(term.attribute).type;
      std::string domain;
      if (type.kind == ir::TypeKind::Enum) {
        domain = "(bvult " + name + " " + word(world_.enums.at(type.enumeration.index()).members.size()) + ")";
      } else if (type.kind == ir::TypeKind::Label) {
        domain = "(bvult " + name + " " + word(world_.labels.size()) + ")";
      }
      add({name, "(_ BitVec 64)", domain});
    }
  }

  void declare_object(const Memberships& members) {
    const std::string number = "(_ BitVec 64)";
    switch (query_.plane) {
      case ir::Plane::File:
        if (!query_.object) declare_members(members);
        break;
      case ir::Plane::Net:
        declare({"v6", "Bool", ""});
        declare({"address", "(_ BitVec 128)", "(or v6 (bvult address #x00000000000000000000000100000000))"});
        declare({"port", number, "(bvule port " + word(65535) + ")"});
        declare({"proto", number, "(bvule proto " + word(2) + ")"});
        break;
      case ir::Plane::Syscall:
        if (!query_.object) declare_members(members);
        for (int i = 0; i < 6; ++i) declare({"arg" + std::to_string(i), number, ""});
        break;
      case ir::Plane::KernelCapability:
        declare({"capability", number, "(bvult capability " + word(64) + ")"});
        break;
    }
  }

  void declare_members(const Memberships& members) {
    for (std::size_t i = 0; i < formula_.patterns.size(); ++i) declare({"in" + std::to_string(i), "Bool", ""});
    std::vector<std::string> rows;
    for (const Membership& member : members) rows.push_back(is_kind(member));
    line("(assert " + junction("or", rows, "false") + ")");
  }

  /// The variables as functions of the memberships: `class` by `class`, and all of them where there is no class.
  void define_closed() {
    for (std::size_t i = 0; query_.plane == ir::Plane::Net && i < formula_.patterns.size(); ++i) {
      line("(define-fun in" + std::to_string(i) + " () Bool " + member(PatternId{i}) + ")");
    }
    std::vector<std::string> listed;
    for (std::size_t k = 0; k < closed_.size(); ++k) {
      listed.push_back("class" + std::to_string(k));
      std::vector<std::string> kinds;
      for (const Membership& members : closed_[k].members) kinds.push_back(is_kind(members));
      line("(define-fun " + listed.back() + " () Bool " + junction("or", kinds, "false") + ")");
    }
    line("(define-fun unlisted () Bool (not " + junction("or", listed, "false") + "))");
    for (std::size_t i = 0; i < formula_.equations.size(); ++i) {
      std::vector<std::string> where{"unlisted"};
      for (std::size_t k = 0; k < closed_.size(); ++k) {
        if (closed_[k].variables.at(i)) where.push_back(listed[k]);
      }
      line("(define-fun x" + std::to_string(i) + " () Bool " + junction("or", where, "false") + ")");
    }
  }

  static std::string is_kind(const Membership& members) {
    std::vector<std::string> bits;
    for (std::size_t i = 0; i < members.size(); ++i) {
      const std::string name = "in" + std::to_string(i);
      bits.push_back(members[i] ? name : "(not " + name + ")");
    }
    return junction("and", bits, "true");
  }

  std::string term(TermId id) const {
    const Term& t = formula_.at(id);
    switch (t.kind) {
      case TermKind::Constant:
        return word(t.value);
      case TermKind::Field:
        return field(t.field);
      case TermKind::Context:
        return context_name("x", t.attribute, t.copy);
      case TermKind::BitAnd:
        return "(bvand " + term(t.left) + " " + term(t.right) + ")";
    }
    return "";
  }

  static std::string field(ir::ObjectField which) {
    if (which == ir::ObjectField::Port) return "port";
    if (which == ir::ObjectField::Proto) return "proto";
    if (which == ir::ObjectField::Number) return "capability";
    return "arg" + std::to_string(static_cast<unsigned>(which) - static_cast<unsigned>(ir::ObjectField::Argument0));
  }

  std::string net_member(const ir::NetPattern& net) const {
    std::vector<std::string> parts{
        net.first.family == ir::Family::V6 ? "v6" : "(not v6)", "(bvule " + address(net.first) + " address)",
        "(bvule address " + address(net.last) + ")", "(bvule " + word(net.first_port) + " port)",
        "(bvule port " + word(net.last_port) + ")"};
    std::vector<std::string> protos;
    for (unsigned proto = 0; proto < 3; ++proto) {
      if (((net.protos >> proto) & 1u) != 0) protos.push_back("(= proto " + word(proto) + ")");
    }
    parts.push_back(junction("or", protos, "false"));
    return junction("and", parts, "true");
  }

  std::string member(PatternId id) const {
    if (query_.plane == ir::Plane::File || query_.plane == ir::Plane::Syscall) return "in" + std::to_string(id.index());
    const ir::ObjectPatterns& patterns = formula_.at(id);
    std::vector<std::string> parts;
    for (const ir::NetPattern& net : patterns.nets) parts.push_back(net_member(net));
    for (const std::uint8_t capability : patterns.capabilities)
      parts.push_back("(= capability " + word(capability) + ")");
    return junction("or", parts, "false");
  }

  /// A node by name; inside of a NoContext it is applied to the contexts.
  std::string reference(NodeId id, bool inside) const {
    if (id.index() < 2) return id.index() == 1 ? "true" : "false";
    if (!inside || context_.empty()) return "n" + std::to_string(id.index());
    std::string out = "(q" + std::to_string(id.index());
    for (const Variable& variable : context_) out += " " + variable.name;
    return out + ")";
  }

  std::string parameters() const {
    std::string out;
    for (const Variable& variable : context_)
      out += (out.empty() ? "(" : " (") + variable.name + " " + variable.sort + ")";
    return out;
  }

  void define(std::size_t index) {
    if (index < 2) return;
    const std::string number = std::to_string(index);
    if (outside_[index]) line("(define-fun n" + number + " () Bool " + body(formula_.nodes[index], false) + ")");
    if (inside_[index])
      line("(define-fun q" + number + " (" + parameters() + ") Bool " + body(formula_.nodes[index], true) + ")");
  }

  std::string body(const Node& node, bool inside) const {
    std::vector<std::string> children;
    if (node.kind != NodeKind::NoContext) {
      for (const NodeId child : node.children) children.push_back(reference(child, inside));
    }
    switch (node.kind) {
      case NodeKind::True:
        return "true";
      case NodeKind::False:
        return "false";
      case NodeKind::And:
        return junction("and", children, "true");
      case NodeKind::Or:
        return junction("or", children, "false");
      case NodeKind::Not:
        return "(not " + children.front() + ")";
      case NodeKind::Member:
        return member(node.pattern);
      case NodeKind::Has:
        return context_name("has", node.attribute, node.copy);
      case NodeKind::ContextBool:
        return context_name("is", node.attribute, node.copy);
      case NodeKind::Compare:
        return compare(node);
      case NodeKind::NoContext:
        return no_context(node.children.front());
      case NodeKind::Variable:
        return "x" + std::to_string(node.variable.index());
    }
    return "";
  }

  std::string compare(const Node& node) const {
    constexpr const char* kOperators[] = {"=", "bvult", "bvule", "bvslt", "bvsle"};
    return std::string("(") + kOperators[static_cast<std::size_t>(node.comparison)] + " " + term(node.left) + " " +
           term(node.right) + ")";
  }

  /// Made only of formulas that use contexts, so there is at least one variable.
  std::string no_context(NodeId child) const {
    std::vector<std::string> domains;
    for (const Variable& variable : context_) {
      if (!variable.domain.empty()) domains.push_back(variable.domain);
    }
    return "(forall (" + parameters() + ") (=> " + junction("and", domains, "true") + " (not " +
           reference(child, true) + ")))";
  }

  const ir::World& world_;
  const Query& query_;
  const Formula& formula_;
  const std::vector<verdict::ClosedClass>& closed_;
  std::vector<bool> inside_;
  std::vector<bool> outside_;
  std::vector<Variable> context_;
  std::string out_;
};

}  // namespace

std::string to_smtlib(const ir::World& world, const Query& query, const Memberships& members,
                      const std::vector<verdict::ClosedClass>& closed) {
  return Printer(world, query, closed).run(members);
}

}  // namespace bulkhead::certificate
