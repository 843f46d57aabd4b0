// The words of the syntax tree: names, paths of names, strings and numbers, each with the place where it stands.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lang/source/source.h"

namespace bulkhead::ast {

using source::Span;

struct Name {
  std::string text;
  Span span;
};

/// `kai.agent`, `Trust.High`, `Agent`: one name or more.
struct Path {
  std::vector<Name> parts;
  Span span;

  /// The parts joined by dots.
  std::string text() const;
  bool simple() const { return parts.size() == 1; }
};

/// A string literal: `value` is what it means (escapes resolved), the span includes the quotes.
struct String {
  std::string value;
  Span span;
};

enum class Unit : std::uint8_t { None, Byte, KiB, MiB, GiB, TiB, Millisecond, Second, Minute, Hour };

/// `10001`, `-1`, `0x7f`, `0.5`, `64 MiB`, `60 s`, `500 MiB/s`, `1000 /s`.
///
/// The value is (whole + millionths / 10^6) units, negated where `negative`. A fraction with more than six digits, or a
/// whole part of more than 64 bits, never gets here: the parser reports it.
struct Number {
  std::uint64_t whole = 0;
  std::uint32_t millionths = 0;
  bool negative = false;
  bool hexadecimal = false;  // as it was written, for the printer
  bool per_second = false;
  Unit unit = Unit::None;
  Span span;

  bool plain_integer() const { return millionths == 0 && unit == Unit::None && !per_second; }
};

std::string to_string(Unit unit);

/// `doc` sentences: an `///` comment block above a sentence, without the slashes, lines joined by newlines.
using Doc = std::string;

}  // namespace bulkhead::ast
