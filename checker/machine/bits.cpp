#include "checker/machine/bits.h"

#include <bit>

#include "checker/finite/cnf.h"
#include "lang/base/check.h"

namespace bulkhead::machine {

using ground::Bit;
using ground::Circuit;
using ground::Word;
using term::Op;

namespace {

Word constant(term::Word value, std::size_t width) {
  Word word;
  for (std::size_t i = 0; i < width; ++i) {
    word.push_back(((i < 64 ? value.low >> i : value.high >> (i - 64)) & 1u) != 0 ? ground::kTrue : ground::kFalse);
  }
  return word;
}

enum class Towards : bool { High, Low };

/// Shifted by as many places as the amount says, bit after bit of the amount; zeros come in.
Word shifted(Circuit& circuit, Word word, const Word& amount, Towards towards) {
  const std::size_t width = word.size();
  for (std::size_t bit = 0; bit < amount.size(); ++bit) {
    const std::size_t by = bit < 8 ? std::size_t{1} << bit : width;  // no word has more than 128 bits
    Word moved(width, ground::kFalse);
    for (std::size_t i = 0; i < width; ++i) {
      if (towards == Towards::High && i >= by) moved[i] = word[i - by];
      if (towards == Towards::Low && i + by < width) moved[i] = word[i + by];
    }
    word = choose(circuit, amount[bit], moved, word);
  }
  return word;
}

Bit signed_less(Circuit& circuit, Word a, Word b) {
  a.back() = !a.back();
  b.back() = !b.back();
  return less(circuit, a, b);
}

class Blaster {
 public:
  Blaster(const term::Store& store, Circuit& circuit) : store_(store), circuit_(circuit), words_(store.size()) {}

  Word& variable(TermId id) {
    Word& word = words_[id.index()];
    while (word.size() < width(id)) word.push_back(circuit_.input());
    return word;
  }
  bool is_spent() const { return circuit_.size() > kMaxGates; }
  /// Adds the gates of these terms; variables have theirs already.
  void make(std::span<const TermId> roots) {
    for (const TermId id : term::reachable(store_, roots)) {
      if (words_[id.index()].empty() && !is_spent()) words_[id.index()] = made(id);
      if (words_[id.index()].empty()) words_[id.index()] = Word(width(id), ground::kFalse);
    }
  }
  const Word& at(TermId id) const { return words_[id.index()]; }

 private:
  std::size_t width(TermId id) const {
    const term::Sort sort = store_.sort(id);
    return sort == term::kBool ? 1 : sort.width;
  }
  Word made(TermId id);
  Word bitwise(const term::Node& node);

  const term::Store& store_;
  Circuit& circuit_;
  std::vector<Word> words_;  // by term; none yet: empty
};

Word Blaster::bitwise(const term::Node& node) {
  Word word = at(node.args[0]);
  if (node.op == Op::BitNot || node.op == Op::Not) {
    for (Bit& bit : word) bit = !bit;
  }
  for (std::size_t i = 1; i < node.args.size(); ++i) {
    const Word& other = at(node.args[i]);
    for (std::size_t bit = 0; bit < word.size(); ++bit) {
      if (node.op == Op::BitXor) {
        word[bit] = !circuit_.same(word[bit], other[bit]);
      } else if (node.op == Op::BitAnd || node.op == Op::And) {
        word[bit] = circuit_.both(word[bit], other[bit]);
      } else {
        word[bit] = circuit_.either(word[bit], other[bit]);
      }
    }
  }
  return word;
}

Word Blaster::made(TermId id) {
  const term::Node& node = store_.at(id);
  const auto arg = [&](std::size_t i) -> const Word& { return at(node.args[i]); };
  switch (node.op) {
    case Op::True:
    case Op::False:
      return {node.op == Op::True ? ground::kTrue : ground::kFalse};
    case Op::Variable:
      return Word(width(id), ground::kFalse);  // neither latch nor input: machines have none
    case Op::Constant:
      return constant(node.word, node.sort.width);
    case Op::Not:
    case Op::And:
    case Op::Or:
    case Op::BitNot:
    case Op::BitAnd:
    case Op::BitOr:
    case Op::BitXor:
      return bitwise(node);
    case Op::Equal:
      return {equal(circuit_, arg(0), arg(1))};
    case Op::Ite:
      return choose(circuit_, arg(0)[0], arg(1), arg(2));
    case Op::BitAdd:
      return ground::add(circuit_, arg(0), arg(1));
    case Op::BitSub:
      return subtract(circuit_, arg(0), arg(1));
    case Op::BitMul:
      return multiply(circuit_, arg(0), arg(1));
    case Op::ShiftLeft:
      return shifted(circuit_, arg(0), arg(1), Towards::High);
    case Op::ShiftRight:
      return shifted(circuit_, arg(0), arg(1), Towards::Low);
    case Op::UnsignedLess:
      return {less(circuit_, arg(0), arg(1))};
    case Op::UnsignedLessEqual:
      return {!less(circuit_, arg(1), arg(0))};
    case Op::SignedLess:
      return {signed_less(circuit_, arg(0), arg(1))};
    case Op::SignedLessEqual:
      return {!signed_less(circuit_, arg(1), arg(0))};
    case Op::Extract: {
      const auto first = arg(0).begin() + static_cast<std::ptrdiff_t>(node.word.low);
      return {first, first + node.sort.width};
    }
    case Op::Concat: {
      Word word = arg(1);
      word.insert(word.end(), arg(0).begin(), arg(0).end());
      return word;
    }
    case Op::ZeroExtend: {
      Word word = arg(0);
      word.resize(node.sort.width, ground::kFalse);
      return word;
    }
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
  BH_CHECK(false, "integers have no bits");
}

term::Word number(const Word& word, const std::vector<bool>& values) {
  term::Word number;
  for (std::size_t i = 0; i < word.size(); ++i) {
    const std::uint64_t bit = values[word[i].gate()] != word[i].negated() ? 1 : 0;
    (i < 64 ? number.low : number.high) |= bit << (i % 64);
  }
  return number;
}

}  // namespace

Result<Bits, std::string> to_bits(const Machine& machine, TermId known) {
  if (has_integers(machine)) return fail(std::string("integers have no bits"));
  Bits bits;
  bits.circuit = std::make_unique<Circuit>();
  Blaster blaster(machine.store, *bits.circuit);
  for (const Latch& latch : machine.state) bits.state.push_back(blaster.variable(latch.now));
  for (const TermId input : machine.inputs) bits.inputs.push_back(blaster.variable(input));
  std::vector<TermId> roots{machine.initial, machine.allowed, known};
  for (const Latch& latch : machine.state) roots.push_back(latch.next);
  for (const Bad& bad : machine.bad) roots.push_back(bad.condition);
  blaster.make(roots);
  if (blaster.is_spent()) return fail(std::string("the machine needs too many gates"));
  bits.net.circuit = bits.circuit.get();
  bits.net.initial = blaster.at(machine.initial)[0];
  bits.net.allowed = blaster.at(machine.allowed)[0];
  bits.net.always = blaster.at(known)[0];
  for (const Bad& bad : machine.bad) bits.net.bad = bits.circuit->either(bits.net.bad, blaster.at(bad.condition)[0]);
  for (const Latch& latch : machine.state) {
    const Word &now = blaster.at(latch.now), &next = blaster.at(latch.next);
    bits.net.now.insert(bits.net.now.end(), now.begin(), now.end());
    bits.net.next.insert(bits.net.next.end(), next.begin(), next.end());
  }
  return bits;
}

Result<std::vector<sat::Clause>, std::string> to_clauses(const term::Store& store, std::span<const TermId> formulas) {
  Circuit circuit;
  Blaster blaster(store, circuit);
  for (const TermId id : term::reachable(store, formulas)) {
    const bool integer = store.sort(id) == term::kInt;
    const Op op = store.at(id).op;
    if (integer || op == Op::ForAll || op == Op::Apply) return fail(std::string("only bit-vectors have clauses"));
    if (op == Op::Variable) blaster.variable(id);
  }
  blaster.make(formulas);
  if (blaster.is_spent()) return fail(std::string("the formulas need too many gates"));
  std::vector<sat::Clause> clauses;
  finite::Cnf cnf(circuit, [&](const sat::Clause& clause) { clauses.push_back(clause); });
  for (const TermId id : formulas) cnf.assert_true(blaster.at(id)[0]);
  return clauses;
}

/// Moments whose step is not allowed are left out: nothing has changed in them.
Run lift(const Bits& bits, const finite::NetRun& run) {
  Run lifted;
  for (std::size_t at = 0; at < run.values.size(); ++at) {
    const std::vector<bool>& values = run.values[at];
    const bool allowed = values[bits.net.allowed.gate()] != bits.net.allowed.negated();
    if (!allowed && at + 1 < run.values.size()) continue;
    Moment& moment = lifted.moments.emplace_back();
    for (const Word& word : bits.state) moment.state.push_back(number(word, values));
    for (const Word& word : bits.inputs) moment.inputs.push_back(number(word, values));
  }
  return lifted;
}

}  // namespace bulkhead::machine
