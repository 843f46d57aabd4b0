// What the bytes of a filter mean: checked as the kernel checks them, run on one call, and on all calls at once.
// Trusted.
#pragma once

#include <optional>
#include <string>

#include "lang/base/result.h"
#include "runtime-bridge/decode/seccomp/diagram.h"
#include "runtime-bridge/table/bpf.h"

namespace bulkhead::decode::seccomp {

/// Why the kernel, or this decoder, would not take the program; "" if it would: 1 to 4096 instructions, every jump
/// forward and inside, the last one a return, only loads of aligned words of seccomp_data, constants, ALU with a
/// constant, jumps, returns. The index register and the scratch memory are refused: no emitter here or in libseccomp
/// uses them.
std::string validate(const bpf::Program& program);

/// What the kernel does with a returned value: the data of ALLOW, LOG, USER_NOTIF and the kills plays no part, an errno
/// is at most 4095, and an action that it does not know kills the process.
std::uint32_t effective_answer(std::uint32_t returned);

/// The answer to one call. Requires: validate(program) is empty.
std::uint32_t interpret(const bpf::Program& program, const bpf::Call& call);

/// The answer to every call, as a diagram. Fails where the program is not valid or needs too many states.
///
/// Cost: (instructions reached) x (different contents of the accumulator there). No approximation.
Result<Ref, std::string> meaning(const bpf::Program& program, Diagrams& diagrams);

}  // namespace bulkhead::decode::seccomp
