// Formulas as text: what digests are made of, and what --dump=obligations prints.
#include <string_view>

#include "checker/obligation/formula.h"

namespace bulkhead::obligation {
namespace {

std::string number(std::uint64_t value) {
  return std::to_string(value);
}

/// Bytes that could be mistaken for structure as \xx.
std::string quoted(std::string_view text) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte > 0x7e || c == '"' || c == '\\') {
      out += '\\';
      out += kDigits[byte >> 4u];
      out += kDigits[byte & 15u];
    } else {
      out += c;
    }
  }
  return out + "\"";
}

std::string address_text(const ir::Address& address) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string out = address.family == ir::Family::V4 ? "v4:" : "v6:";
  const std::size_t size = address.family == ir::Family::V4 ? 4 : 16;
  for (std::size_t i = 0; i < size; ++i) {
    out += kDigits[address.bytes[i] >> 4u];
    out += kDigits[address.bytes[i] & 15u];
  }
  return out;
}

std::string pattern_text(const ir::ObjectPatterns& patterns) {
  std::string out;
  for (const auto& file : patterns.files) {
    out += " file " + number(file.volume.index()) + " " + quoted(file.glob) + " " + quoted(file.prefix);
  }
  for (const auto& net : patterns.nets) {
    out += " net " + address_text(net.first) + " " + address_text(net.last) + " " + number(net.first_port) + " " +
           number(net.last_port) + " " + number(net.protos);
  }
  for (const auto syscall : patterns.syscalls) {
    out += syscall == ir::kUnknownSyscall ? " syscall unknown" : " syscall " + number(syscall.index());
  }
  for (const auto capability : patterns.capabilities) out += " capability " + number(capability);
  return out;
}

std::string term_text(const Term& term) {
  switch (term.kind) {
    case TermKind::Constant:
      return "constant " + number(term.value);
    case TermKind::Field:
      return "field " + number(static_cast<std::uint64_t>(term.field));
    case TermKind::Context:
      return "context " + number(term.attribute.index()) + " " + number(term.copy);
    case TermKind::BitAnd:
      return "and " + number(term.left.index()) + " " + number(term.right.index());
  }
  return "";
}

std::string_view comparison_text(Comparison comparison) {
  constexpr std::string_view kWords[] = {"equal", "unsigned_less", "unsigned_less_equal", "signed_less",
                                         "signed_less_equal"};
  return kWords[static_cast<std::size_t>(comparison)];
}

std::string node_text(const Node& node) {
  std::string children;
  for (const NodeId child : node.children) children += " " + number(child.index());
  switch (node.kind) {
    case NodeKind::True:
      return "true";
    case NodeKind::False:
      return "false";
    case NodeKind::And:
      return "and" + children;
    case NodeKind::Or:
      return "or" + children;
    case NodeKind::Not:
      return "not" + children;
    case NodeKind::Member:
      return "member " + number(node.pattern.index());
    case NodeKind::Has:
      return "has " + number(node.attribute.index()) + " " + number(node.copy);
    case NodeKind::ContextBool:
      return "bool " + number(node.attribute.index()) + " " + number(node.copy);
    case NodeKind::Compare:
      return std::string(comparison_text(node.comparison)) + " " + number(node.left.index()) + " " +
             number(node.right.index());
    case NodeKind::NoContext:
      return "no_context" + children;
    case NodeKind::Variable:
      return "variable " + number(node.variable.index());
  }
  return "";
}

std::string object_text(const ir::Object& object) {
  if (const auto* file = std::get_if<ir::FileObject>(&object)) {
    return "file " + number(file->volume.index()) + " " + quoted(file->path);
  }
  if (const auto* net = std::get_if<ir::NetObject>(&object)) {
    return "net " + address_text(net->address) + " " + number(net->port) + " " +
           number(static_cast<std::uint64_t>(net->proto));
  }
  if (const auto* call = std::get_if<ir::SyscallObject>(&object)) {
    std::string out = "syscall " + (call->syscall.valid() ? number(call->syscall.index()) : std::string("unknown"));
    for (const auto argument : call->arguments) out += " " + number(argument);
    return out;
  }
  return "capability " + number(std::get<ir::CapabilityObject>(object).number);
}

}  // namespace

std::string to_text(const Query& query) {
  const Formula& formula = query.formula;
  std::string out = "query " + std::string(ir::to_string(query.plane)) + "\n";
  if (query.object) out += "object " + object_text(*query.object) + "\n";
  for (std::size_t i = 0; i < formula.strings.size(); ++i)
    out += "s" + number(i) + " " + quoted(formula.strings[i]) + "\n";
  for (std::size_t i = 0; i < formula.patterns.size(); ++i)
    out += "p" + number(i) + pattern_text(formula.patterns[i]) + "\n";
  for (std::size_t i = 0; i < formula.terms.size(); ++i)
    out += "t" + number(i) + " " + term_text(formula.terms[i]) + "\n";
  for (std::size_t i = 0; i < formula.nodes.size(); ++i)
    out += "n" + number(i) + " " + node_text(formula.nodes[i]) + "\n";
  for (std::size_t i = 0; i < formula.equations.size(); ++i)
    out += "x" + number(i) + " = n" + number(formula.equations[i].index()) + "\n";
  return out + "root " + number(formula.root.index()) + "\n";
}

std::vector<Polarity> polarities(const Formula& formula) {
  // Bit 0: occurs positively, bit 1: negatively. What a variable stands under, its equation stands under too. Bits are
  // only added, so every node is looked at twice at most.
  std::vector<unsigned> bits(formula.nodes.size(), 0);
  std::vector<unsigned> patterns(formula.patterns.size(), 0);
  std::vector<NodeId> open;
  const auto add = [&](NodeId id, unsigned more) {
    if ((bits.at(id.index()) | more) == bits[id.index()]) return;
    bits[id.index()] |= more;
    open.push_back(id);
  };
  add(formula.root, 1);
  while (!open.empty()) {
    const NodeId id = open.back();
    open.pop_back();
    const Node& node = formula.at(id);
    const unsigned own = bits[id.index()];
    const bool flips = node.kind == NodeKind::Not || node.kind == NodeKind::NoContext;
    for (const NodeId child : node.children) add(child, flips ? ((own & 1u) << 1u) | (own >> 1u) : own);
    if (node.kind == NodeKind::Variable) add(formula.equations.at(node.variable.index()), own);
    if (node.kind == NodeKind::Member) patterns.at(node.pattern.index()) |= own;
  }
  std::vector<Polarity> polarities;
  for (const unsigned both : patterns) {
    polarities.push_back(both == 3 ? Polarity::Both : both == 2 ? Polarity::Negative : Polarity::Positive);
  }
  return polarities;
}

}  // namespace bulkhead::obligation
