#include "runtime-bridge/decode/seccomp/program.h"

#include <algorithm>
#include <map>
#include <vector>

namespace bulkhead::decode::seccomp {
namespace {

constexpr std::uint16_t kLoadLength = 0x80;  // A = 64, the size of seccomp_data
constexpr std::uint16_t kLoadConstant = 0x00;
constexpr std::uint16_t kNegate = 0x84;
constexpr std::uint16_t kAluMask = 0x0F, kAlu = 0x04;  // class ALU, source k
constexpr std::size_t kMaxStates = 1u << 16;

enum class Alu : std::uint8_t {
  Add = 0x00,
  Subtract = 0x10,
  Or = 0x40,
  And = 0x50,
  ShiftLeft = 0x60,
  ShiftRight = 0x70,
  Xor = 0xA0
};

std::optional<Alu> alu_of(std::uint16_t code) {
  if ((code & kAluMask) != kAlu || code > 0xFF) return std::nullopt;
  switch (code & 0xF0) {
    case 0x00:
      return Alu::Add;
    case 0x10:
      return Alu::Subtract;
    case 0x40:
      return Alu::Or;
    case 0x50:
      return Alu::And;
    case 0x60:
      return Alu::ShiftLeft;
    case 0x70:
      return Alu::ShiftRight;
    case 0xA0:
      return Alu::Xor;
  }
  return std::nullopt;
}

bool is_branch(std::uint16_t code) {
  return code == bpf::kJumpEqual || code == bpf::kJumpGreater || code == bpf::kJumpGreaterEqual ||
         code == bpf::kJumpSet;
}

std::uint32_t calculate(Alu alu, std::uint32_t a, std::uint32_t k) {
  switch (alu) {
    case Alu::Add:
      return a + k;
    case Alu::Subtract:
      return a - k;
    case Alu::Or:
      return a | k;
    case Alu::And:
      return a & k;
    case Alu::ShiftLeft:
      return a << k;
    case Alu::ShiftRight:
      return a >> k;
    case Alu::Xor:
      return a ^ k;
  }
  return a;
}

bool compare(std::uint16_t code, std::uint32_t a, std::uint32_t k) {
  if (code == bpf::kJumpEqual) return a == k;
  if (code == bpf::kJumpGreater) return a > k;
  if (code == bpf::kJumpGreaterEqual) return a >= k;
  return (a & k) != 0;
}

std::uint32_t load(const bpf::Call& call, std::uint32_t offset) {
  if (offset == bpf::kNumberOffset) return call.number;
  if (offset == bpf::kArchOffset) return call.arch;
  const std::uint64_t wide = offset < bpf::kArgumentsOffset ? call.pointer : call.arguments[(offset - 16) / 8];
  return static_cast<std::uint32_t>(offset % 8 == 0 ? wide : wide >> 32);
}

/// The accumulator as 32 conditions on the input.
using Word = Bits<32>;

class Execution {
 public:
  Execution(const bpf::Program& program, Diagrams& diagrams) : program_(program), diagrams_(diagrams) {}

  /// Jumps go forward only: one pass onwards finds every state, one pass backwards gives each its meaning.
  Result<Ref, std::string> run() {
    states_.resize(program_.size());
    states_[0].emplace(constant(0), diagrams_.no());
    for (std::size_t at = 0; at < program_.size(); ++at) {
      for (const auto& entry : states_[at]) visit(at, entry.first);
      if (count_ > kMaxStates || diagrams_.exhausted()) return fail(std::string("the program has too many states"));
    }
    for (std::size_t at = program_.size(); at-- > 0;) {
      for (auto& [accumulator, result] : states_[at]) result = answer(at, accumulator);
      if (diagrams_.exhausted()) return fail(std::string("the program has too many states"));
    }
    return states_[0].begin()->second;
  }

 private:
  Word constant(std::uint32_t k) const {
    Word word{};
    for (unsigned i = 0; i < 32; ++i) word[i] = ((k >> i) & 1) != 0 ? diagrams_.yes() : diagrams_.no();
    return word;
  }

  Word sum(const Word& a, const Word& b, Ref carry) {
    Word result{};
    for (unsigned i = 0; i < 32; ++i) {
      const Ref different = diagrams_.choose(a[i], diagrams_.negate(b[i]), b[i]);
      result[i] = diagrams_.choose(carry, diagrams_.negate(different), different);
      carry = diagrams_.choose(different, carry, a[i]);
    }
    return result;
  }

  Word alu(Alu operation, const Word& a, std::uint32_t k) {
    Word result{};
    for (unsigned i = 0; i < 32; ++i) {
      const bool bit = ((k >> i) & 1) != 0;
      switch (operation) {
        case Alu::Add:
          return sum(a, constant(k), diagrams_.no());
        case Alu::Subtract:
          return sum(a, constant(~k), diagrams_.yes());
        case Alu::Or:
          result[i] = bit ? diagrams_.yes() : a[i];
          break;
        case Alu::And:
          result[i] = bit ? a[i] : diagrams_.no();
          break;
        case Alu::Xor:
          result[i] = bit ? diagrams_.negate(a[i]) : a[i];
          break;
        case Alu::ShiftLeft:
          result[i] = i >= k ? a[i - k] : diagrams_.no();
          break;
        case Alu::ShiftRight:
          result[i] = i + k < 32 ? a[i + k] : diagrams_.no();
          break;
      }
    }
    return result;
  }

  Word after(const bpf::Instruction& step, const Word& accumulator) {
    if (step.code == bpf::kLoad) return diagrams_.word(step.k);
    if (step.code == kLoadConstant) return constant(step.k);
    if (step.code == kLoadLength) return constant(bpf::kDataSize);
    if (step.code == kNegate) return sum(alu(Alu::Xor, accumulator, 0xFFFFFFFF), constant(0), diagrams_.yes());
    return alu(*alu_of(step.code), accumulator, step.k);
  }

  Ref branch(const bpf::Instruction& step, const Word& a) {
    if (step.code == bpf::kJumpEqual) return diagrams_.equal(a, step.k);
    if (step.code == bpf::kJumpGreaterEqual) return diagrams_.negate(diagrams_.less(a, step.k));
    if (step.code == bpf::kJumpGreater) {
      return diagrams_.negate(diagrams_.either(diagrams_.less(a, step.k), diagrams_.equal(a, step.k)));
    }
    return diagrams_.negate(diagrams_.equal(diagrams_.masked(a, step.k), 0));
  }

  void reach(std::size_t at, const Word& accumulator) {
    if (states_[at].emplace(accumulator, diagrams_.no()).second) ++count_;
  }

  void visit(std::size_t at, const Word& accumulator) {
    const bpf::Instruction& step = program_[at];
    if (step.code == bpf::kReturn) return;
    if (step.code == bpf::kJump) return reach(at + 1 + step.k, accumulator);
    if (is_branch(step.code)) {
      const Ref taken = branch(step, accumulator);
      if (taken != diagrams_.no()) reach(at + 1 + step.jump_true, accumulator);
      if (taken != diagrams_.yes()) reach(at + 1 + step.jump_false, accumulator);
      return;
    }
    reach(at + 1, after(step, accumulator));
  }

  Ref answer(std::size_t at, const Word& accumulator) {
    const bpf::Instruction& step = program_[at];
    if (step.code == bpf::kReturn) return diagrams_.value(effective_answer(step.k));
    if (step.code == bpf::kJump) return answer_of(at + 1 + step.k, accumulator);
    if (is_branch(step.code)) {
      const Ref taken = branch(step, accumulator);
      return diagrams_.choose(taken, answer_of(at + 1 + step.jump_true, accumulator),
                              answer_of(at + 1 + step.jump_false, accumulator));
    }
    return answer_of(at + 1, after(step, accumulator));
  }

  /// A state that was not found onwards is behind a branch that is never taken: any answer will do.
  Ref answer_of(std::size_t at, const Word& accumulator) const {
    const auto state = states_[at].find(accumulator);
    return state == states_[at].end() ? diagrams_.no() : state->second;
  }

  const bpf::Program& program_;
  Diagrams& diagrams_;
  std::vector<std::map<Word, Ref>> states_;  // by instruction: content of the accumulator -> what follows from it
  std::size_t count_ = 1;
};

}  // namespace

std::string validate(const bpf::Program& program) {
  if (program.empty() || program.size() > bpf::kMaxInstructions) return "a filter has 1 to 4096 instructions";
  for (std::size_t at = 0; at < program.size(); ++at) {
    const bpf::Instruction& step = program[at];
    const std::size_t left = program.size() - at - 1;  // instructions behind this one
    const std::string place = "instruction " + std::to_string(at) + ": ";
    if (step.code == bpf::kReturn) continue;
    if (step.code == bpf::kJump) {
      if (step.k >= left) return place + "the jump leaves the program";
    } else if (is_branch(step.code)) {
      if (step.jump_true >= left || step.jump_false >= left) return place + "the jump leaves the program";
    } else if (step.code == bpf::kLoad) {
      if (step.k % 4 != 0 || step.k >= bpf::kDataSize) return place + "the load is outside of seccomp_data";
    } else if (const auto alu = alu_of(step.code)) {
      if ((*alu == Alu::ShiftLeft || *alu == Alu::ShiftRight) && step.k > 31) return place + "the shift is too wide";
    } else if (step.code != kLoadConstant && step.code != kLoadLength && step.code != kNegate) {
      return place + "this code is not known here";
    }
    if (left == 0) return "the last instruction is no return";
  }
  return {};
}

std::uint32_t effective_answer(std::uint32_t returned) {
  const std::uint32_t action = returned & bpf::kActionMask, data = returned & bpf::kDataMask;
  switch (action) {
    case bpf::kErrno:
      return action | std::min(data, bpf::kMaxErrno);
    case bpf::kTrap:
    case bpf::kTrace:
      return returned;
    case bpf::kAllow:
    case bpf::kLog:
    case bpf::kNotify:
    case bpf::kKillThread:
    case bpf::kKillProcess:
      return action;
  }
  return bpf::kKillProcess;
}

std::uint32_t interpret(const bpf::Program& program, const bpf::Call& call) {
  std::uint32_t a = 0;
  for (std::size_t at = 0;; ++at) {
    BH_CHECK(at < program.size(), "a valid filter ends in a return");
    const bpf::Instruction& step = program[at];
    if (step.code == bpf::kReturn) return effective_answer(step.k);
    if (step.code == bpf::kJump)
      at += step.k;
    else if (is_branch(step.code))
      at += compare(step.code, a, step.k) ? step.jump_true : step.jump_false;
    else if (step.code == bpf::kLoad)
      a = load(call, step.k);
    else if (step.code == kLoadConstant)
      a = step.k;
    else if (step.code == kLoadLength)
      a = bpf::kDataSize;
    else if (step.code == kNegate)
      a = 0u - a;
    else
      a = calculate(*alu_of(step.code), a, step.k);
  }
}

Result<Ref, std::string> meaning(const bpf::Program& program, Diagrams& diagrams) {
  if (std::string why = validate(program); !why.empty()) return fail(std::move(why));
  return Execution(program, diagrams).run();
}

}  // namespace bulkhead::decode::seccomp
