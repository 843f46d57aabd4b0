#include "runtime-bridge/emit/seccomp/generate.h"

#include <algorithm>
#include <map>
#include <vector>

namespace bulkhead::emit::seccomp {
namespace {

constexpr std::size_t kMaxDepth = 256;
constexpr std::size_t kFarthestJump = 255;

/// Instructions from the last to the first: whatever is jumped to stands already, so every distance is known.
class Assembler {
 public:
  /// A place in the program, counted from its end.
  using Label = std::size_t;

  Label answer(std::uint32_t action) {
    const auto known = answers_.find(action);
    if (known != answers_.end() && reaches(known->second)) return known->second;
    return answers_[action] = put({bpf::kReturn, 0, 0, action});
  }
  Label load(std::uint32_t offset, Label next) { return put({bpf::kLoad, 0, 0, offset}, next); }
  Label mask(std::uint32_t k, Label next) { return put({bpf::kAnd, 0, 0, k}, next); }

  Label branch(std::uint16_t code, std::uint32_t k, Label yes, Label no) {
    if (yes == no) return yes;
    // Two relays would push each other farther away, hence the margin.
    if (!reaches(yes)) yes = relay(yes);
    if (!reaches(no)) no = relay(no);
    return put({code, distance(yes), distance(no), k});
  }

  std::size_t size() const { return reversed_.size(); }
  bpf::Program finish() const { return {reversed_.rbegin(), reversed_.rend()}; }

 private:
  bool reaches(Label label) const { return reversed_.size() - label <= kFarthestJump - 2; }
  std::uint8_t distance(Label label) const { return static_cast<std::uint8_t>(reversed_.size() - label - 1); }
  Label put(bpf::Instruction instruction) {
    reversed_.push_back(instruction);
    return reversed_.size() - 1;
  }
  /// An instruction that falls through to `next`.
  Label put(bpf::Instruction instruction, Label next) {
    if (next + 1 != reversed_.size()) relay(next);
    return put(instruction);
  }
  Label relay(Label to) { return put({bpf::kJump, 0, 0, static_cast<std::uint32_t>(reversed_.size() - to - 1)}); }

  bpf::Program reversed_;
  std::map<std::uint32_t, Label> answers_;
};

using Label = Assembler::Label;

std::uint32_t low(std::uint64_t value) {
  return static_cast<std::uint32_t>(value);
}
std::uint32_t high(std::uint64_t value) {
  return static_cast<std::uint32_t>(value >> 32);
}

class Generator {
 public:
  Label test(const Test& test, Label yes, Label no) {
    const std::uint32_t word = bpf::kArgumentsOffset + 8u * test.argument;
    switch (test.relation) {
      case Test::Relation::Equal: {
        const Label lower = compare(word, low(test.mask), bpf::kJumpEqual, low(test.value), yes, no);
        return compare(word + 4, high(test.mask), bpf::kJumpEqual, high(test.value), lower, no);
      }
      case Test::Relation::Less:
      case Test::Relation::LessEqual: {
        const bool strict = test.relation == Test::Relation::Less;
        const Label lower = compare(word, low(test.mask), strict ? bpf::kJumpGreaterEqual : bpf::kJumpGreater,
                                    low(test.value), no, yes);
        const Label equal = assembler_.branch(bpf::kJumpEqual, high(test.value), lower, yes);
        const Label greater = assembler_.branch(bpf::kJumpGreater, high(test.value), no, equal);
        return load(word + 4, high(test.mask), greater);
      }
    }
    return no;
  }

  Label condition(const Condition& condition, std::uint32_t id, Label yes, Label no) {
    if (too_long()) return yes;  // parts may be shared many times over; the result is thrown away
    const Condition::Node& node = condition.nodes[id];
    switch (node.kind) {
      case Condition::Kind::True:
        return yes;
      case Condition::Kind::False:
        return no;
      case Condition::Kind::Holds:
        return test(node.test, yes, no);
      case Condition::Kind::Not:
        return this->condition(condition, node.children[0], no, yes);
      case Condition::Kind::And:
        for (std::size_t i = node.children.size(); i-- > 0;)
          yes = this->condition(condition, node.children[i], yes, no);
        return yes;
      case Condition::Kind::Or:
        for (std::size_t i = node.children.size(); i-- > 0;) no = this->condition(condition, node.children[i], yes, no);
        return no;
    }
    return no;
  }

  Label call(const CallPlan& plan) {
    Label label = assembler_.answer(plan.otherwise);
    for (std::size_t i = plan.answers.size(); i-- > 0 && !too_long();) {
      const auto& [when, action] = plan.answers[i];
      const Label yes = assembler_.answer(action);
      label = condition(when, when.root, yes, label);
    }
    return label;
  }

  /// Numbers from `first` up to the next range's have this answer.
  struct Range {
    std::uint32_t first = 0;
    std::uint32_t action = 0;
    const CallPlan* call = nullptr;  // of a call whose arguments matter; else `action`
    Label block = 0;
  };

  Label search(const std::vector<Range>& ranges, std::size_t begin, std::size_t end) {
    if (end - begin == 1) {
      return ranges[begin].call != nullptr ? ranges[begin].block : assembler_.answer(ranges[begin].action);
    }
    const std::size_t middle = begin + (end - begin) / 2;
    const Label above = search(ranges, middle, end);
    const Label below = search(ranges, begin, middle);
    return assembler_.branch(bpf::kJumpGreaterEqual, ranges[middle].first, above, below);
  }

  bool too_long() const { return assembler_.size() > bpf::kMaxInstructions; }

  bpf::Program run(const Plan& plan) {
    std::vector<Range> ranges = ranges_of(plan);
    for (Range& range : ranges) {
      if (range.call != nullptr && !too_long()) range.block = call(*range.call);
    }
    if (!too_long()) {
      const Label numbers = assembler_.load(bpf::kNumberOffset, search(ranges, 0, ranges.size()));
      const Label killed = assembler_.answer(bpf::kKillProcess);
      const std::uint32_t arch = plan.machine == Machine::X86_64 ? bpf::kArchX86_64 : bpf::kArchAarch64;
      assembler_.load(bpf::kArchOffset, assembler_.branch(bpf::kJumpEqual, arch, numbers, killed));
    }
    return assembler_.finish();
  }

 private:
  Label load(std::uint32_t offset, std::uint32_t mask, Label next) {
    return assembler_.load(offset, mask == 0xFFFFFFFF ? next : assembler_.mask(mask, next));
  }
  Label compare(std::uint32_t offset, std::uint32_t mask, std::uint16_t code, std::uint32_t k, Label yes, Label no) {
    if (mask == 0 && code == bpf::kJumpEqual) return k == 0 ? yes : no;
    return load(offset, mask, assembler_.branch(code, k, yes, no));
  }

  static std::vector<Range> ranges_of(const Plan& plan) {
    std::vector<Range> ranges;
    const auto add = [&](Range range) {
      if (!ranges.empty() && ranges.back().first == range.first) ranges.pop_back();
      const bool same = !ranges.empty() && ranges.back().call == nullptr && range.call == nullptr &&
                        ranges.back().action == range.action;
      if (!same) ranges.push_back(range);
    };
    add({0, plan.unknown, nullptr, 0});
    for (const CallPlan& call : plan.calls) {
      const bool plain = call.answers.empty() || call.answers.front().first.unconditional();
      const std::uint32_t action = call.answers.empty() ? call.otherwise : call.answers.front().second;
      add({call.number, action, plain ? nullptr : &call, 0});
      add({call.number + 1, plan.unknown, nullptr, 0});
    }
    if (plan.machine == Machine::X86_64) {
      add({bpf::kX32Bit, bpf::kKillProcess, nullptr, 0});
      add({0xFFFFFFFF, plan.unknown, nullptr, 0});  // -1: a tracer skips the call; it is none of x32
    }
    return ranges;
  }

  Assembler assembler_;
};

std::size_t depth_of(const Condition& condition) {
  std::vector<std::size_t> depth(condition.nodes.size(), 1);
  for (std::size_t i = 0; i < condition.nodes.size(); ++i) {
    for (const std::uint32_t child : condition.nodes[i].children) depth[i] = std::max(depth[i], depth[child] + 1);
  }
  return depth[condition.root];
}

}  // namespace

Result<bpf::Program, EmitError> generate(const Plan& plan) {
  for (const CallPlan& call : plan.calls) {
    for (const auto& answer : call.answers) {
      if (depth_of(answer.first) > kMaxDepth) {
        return fail(EmitError{"the condition of `" + call.name + "` nests deeper than 256", {}});
      }
    }
  }
  Generator generator;
  bpf::Program program = generator.run(plan);
  if (program.size() > bpf::kMaxInstructions) {
    return fail(
        EmitError{"the filter would have more than 4096 instructions; simplify the conditions on arguments", {}});
  }
  return program;
}

}  // namespace bulkhead::emit::seccomp
