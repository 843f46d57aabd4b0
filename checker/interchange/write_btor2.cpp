#include <map>
#include <vector>

#include "checker/interchange/btor2.h"
#include "lang/base/check.h"

namespace bulkhead::interchange {

using machine::Machine;
using term::Op;
using term::Sort;
using term::TermId;

namespace {

class Writer {
 public:
  explicit Writer(Machine& machine) : machine_(machine) {}

  std::string write() {
    for (const TermId input : machine_.inputs) named("input", input);
    for (const machine::Latch& latch : machine_.state) named("state", latch.now);
    initial();
    for (const machine::Latch& latch : machine_.state) {
      term::Store& store = machine_.store;
      const TermId next = store.ite(machine_.allowed, latch.next, latch.now);
      const std::size_t value = node(next);
      line("next " + sort(store.sort(latch.now)) + " " + number(latch.now) + " " + std::to_string(value));
    }
    for (const machine::Bad& bad : machine_.bad) {
      const std::size_t condition = node(bad.condition);
      line("bad " + std::to_string(condition) + " " + bad.name);
    }
    return std::move(text_);
  }

 private:
  std::size_t line(const std::string& text) {
    text_ += std::to_string(++last_) + " " + text + "\n";
    return last_;
  }
  std::string sort(Sort sort) { return std::to_string(sort_of(sort == term::kBool ? 1 : sort.width)); }
  std::size_t sort_of(std::uint16_t width) {
    if (const auto found = sorts_.find(width); found != sorts_.end()) return found->second;
    return sorts_[width] = line("sort bitvec " + std::to_string(width));
  }
  void named(const char* what, TermId variable) {
    const std::string of = sort(machine_.store.sort(variable));
    numbers_[variable] = line(std::string(what) + " " + of + " " + machine_.store.name(variable));
  }
  std::string number(TermId id) const { return std::to_string(numbers_.at(id)); }

  /// Latches with one value at first get it; the rest is a constraint where the run begins.
  void initial() {
    const term::Node root = machine_.store.at(machine_.initial);
    std::vector<TermId> parts{machine_.initial}, rest;
    if (root.op == Op::And) parts = root.args;
    std::map<TermId, TermId> values;
    for (const TermId part : parts) {
      const auto fixed = fixed_by(part);
      if (!fixed || !values.emplace(*fixed).second) rest.push_back(part);
    }
    for (const machine::Latch& latch : machine_.state) {
      const auto found = values.find(latch.now);
      if (found == values.end()) continue;
      const std::size_t value = node(found->second);
      line("init " + sort(machine_.store.sort(latch.now)) + " " + number(latch.now) + " " + std::to_string(value));
    }
    const TermId condition = machine_.store.conjunction(std::move(rest));
    if (condition == machine_.store.truth(true)) return;
    const std::string bit = sort(term::kBool);
    const std::size_t zero = node(machine_.store.truth(false)), one = node(machine_.store.truth(true));
    const std::size_t holds = node(condition);
    const std::string first = std::to_string(line("state " + bit + " first"));
    line("init " + bit + " " + first + " " + std::to_string(one));
    line("next " + bit + " " + first + " " + std::to_string(zero));
    line("constraint " + std::to_string(line("implies " + bit + " " + first + " " + std::to_string(holds))));
  }
  /// `latch = constant`, `latch`, `not latch`.
  std::optional<std::pair<TermId, TermId>> fixed_by(TermId part) const {
    const term::Store& store = machine_.store;
    const term::Node& node = store.at(part);
    if (node.op == Op::Variable) return std::pair{part, store.truth(true)};
    if (node.op == Op::Not && store.at(node.args[0]).op == Op::Variable) {
      return std::pair{node.args[0], store.truth(false)};
    }
    if (node.op != Op::Equal) return std::nullopt;
    for (const std::size_t i : {0u, 1u}) {
      const bool variable = store.at(node.args[i]).op == Op::Variable;
      if (variable && store.at(node.args[1 - i]).op == Op::Constant) return std::pair{node.args[i], node.args[1 - i]};
    }
    return std::nullopt;
  }

  std::size_t node(TermId root) {
    const TermId roots[] = {root};
    for (const TermId id : term::reachable(machine_.store, roots)) {
      if (!numbers_.contains(id)) numbers_[id] = written(id);
    }
    return numbers_.at(root);
  }
  std::size_t written(TermId id);
  std::size_t chain(const char* name, const term::Node& node) {
    std::size_t last = numbers_.at(node.args[0]);
    const std::string of = sort(node.sort);
    for (std::size_t i = 1; i < node.args.size(); ++i) {
      last = line(std::string(name) + " " + of + " " + std::to_string(last) + " " + number(node.args[i]));
    }
    return last;
  }
  std::size_t plain(const char* name, const term::Node& node) {
    std::string text = std::string(name) + " " + sort(node.sort);
    for (const TermId arg : node.args) text += " " + number(arg);
    return line(text);
  }

  Machine& machine_;
  std::string text_;
  std::size_t last_ = 0;
  std::map<std::uint16_t, std::size_t> sorts_;
  std::map<TermId, std::size_t> numbers_;
};

std::string binary(term::Word word, std::uint16_t width) {
  std::string text;
  for (unsigned bit = width; bit-- > 0;) {
    text += ((bit < 64 ? word.low >> bit : word.high >> (bit - 64)) & 1u) != 0 ? '1' : '0';
  }
  return text;
}

std::size_t Writer::written(TermId id) {
  const term::Node& node = machine_.store.at(id);
  switch (node.op) {
    case Op::True:
      return line("one " + sort(node.sort));
    case Op::False:
      return line("zero " + sort(node.sort));
    case Op::Constant:
      return line("const " + sort(node.sort) + " " + binary(node.word, node.sort.width));
    case Op::Not:
    case Op::BitNot:
      return plain("not", node);
    case Op::And:
    case Op::BitAnd:
      return chain("and", node);
    case Op::Or:
    case Op::BitOr:
      return chain("or", node);
    case Op::BitXor:
      return plain("xor", node);
    case Op::Equal:
      return plain("eq", node);
    case Op::Ite:
      return plain("ite", node);
    case Op::BitAdd:
      return plain("add", node);
    case Op::BitSub:
      return plain("sub", node);
    case Op::BitMul:
      return plain("mul", node);
    case Op::ShiftLeft:
      return plain("sll", node);
    case Op::ShiftRight:
      return plain("srl", node);
    case Op::UnsignedLess:
      return plain("ult", node);
    case Op::UnsignedLessEqual:
      return plain("ulte", node);
    case Op::SignedLess:
      return plain("slt", node);
    case Op::SignedLessEqual:
      return plain("slte", node);
    case Op::Concat:
      return plain("concat", node);
    case Op::Extract:
      return line("slice " + sort(node.sort) + " " + number(node.args[0]) + " " +
                  std::to_string(node.word.low + node.sort.width - 1) + " " + std::to_string(node.word.low));
    case Op::ZeroExtend:
      return line("uext " + sort(node.sort) + " " + number(node.args[0]) + " " +
                  std::to_string(node.sort.width - machine_.store.sort(node.args[0]).width));
    case Op::Variable:
    case Op::Number:
    case Op::Add:
    case Op::Subtract:
    case Op::Multiply:
    case Op::Less:
    case Op::LessEqual:
    case Op::ForAll:
    case Op::Apply:
    case Op::Fill:
    case Op::Select:
    case Op::Put:
      break;
  }
  BH_CHECK(false, "latches and inputs are numbered, and there are no integers");
}

}  // namespace

Result<std::string, std::string> to_btor2(const Machine& machine) {
  if (machine::has_integers(machine)) return fail(std::string("BTOR2 has bit-vectors; this has integers"));
  Machine copy = machine;
  return Writer(copy).write();
}

}  // namespace bulkhead::interchange
