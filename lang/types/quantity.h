// Typed literals: `256 MiB` is a size, `60 s` a duration, `0.5` of `cpu` a share, `500 MiB/s` a rate; nothing else
// fits.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lang/ast/body.h"
#include "lang/diag/diagnostic.h"

namespace bulkhead::types {

/// What a resource is counted in: bytes, 1/1000 core, a number, milliseconds, bytes per second.
enum class Measure : std::uint8_t { Size, Share, Count, Duration, Rate };

/// The resources of `limits`, `reserve` and `capacity`.
enum class ResourceName : std::uint8_t { Memory, Cpu, Pids, Time, Disk, OpenFiles, Io, Bandwidth };

std::optional<ResourceName> resource_from(std::string_view word);
std::string_view to_string(ResourceName resource);
std::vector<std::string> resource_words();
Measure measure_of(ResourceName resource);

/// The amount in the unit of its measure. Reported: a unit of another kind (with a fix), a fraction that the unit
/// cannot hold, a negative number, more than 2^63 - 1.
std::optional<std::uint64_t> quantity(const ast::Number& number, Measure measure, std::string_view what,
                                      diag::DiagnosticSink& sink);

/// A number without unit and fraction in [low, high]; else reported.
std::optional<std::uint64_t> plain_number(const ast::Number& number, std::uint64_t low, std::uint64_t high,
                                          std::string_view what, diag::DiagnosticSink& sink);

/// "256", "0.5", "0x7f".
std::string digits(const ast::Number& number);

/// 268435456 of Size is "256 MiB"; 500 of Share is "0.5".
std::string spell(std::uint64_t amount, Measure measure);

}  // namespace bulkhead::types
