#include "lang/types/quantity.h"

#include <array>
#include <limits>

#include "lang/base/check.h"

namespace bulkhead::types {
namespace {

using ast::Unit;
using diag::Code;

constexpr std::uint64_t kMillion = 1'000'000;
constexpr std::uint64_t kMost = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());

struct ResourceRow {
  ResourceName resource;
  std::string_view word;
  Measure measure;
};
constexpr std::array<ResourceRow, 8> kResources{{{ResourceName::Memory, "memory", Measure::Size},
                                                 {ResourceName::Cpu, "cpu", Measure::Share},
                                                 {ResourceName::Pids, "pids", Measure::Count},
                                                 {ResourceName::Time, "time", Measure::Duration},
                                                 {ResourceName::Disk, "disk", Measure::Size},
                                                 {ResourceName::OpenFiles, "open_files", Measure::Count},
                                                 {ResourceName::Io, "io", Measure::Rate},
                                                 {ResourceName::Bandwidth, "bandwidth", Measure::Rate}}};

/// How often the measure's own unit goes into `unit`; zero where `unit` measures something else.
std::uint64_t factor(Unit unit, Measure measure) {
  switch (unit) {
    case Unit::None:
      return measure == Measure::Share ? 1000 : measure == Measure::Count ? 1 : 0;
    case Unit::Byte:
      return measure == Measure::Size || measure == Measure::Rate ? 1 : 0;
    case Unit::KiB:
      return measure == Measure::Size || measure == Measure::Rate ? 1ULL << 10 : 0;
    case Unit::MiB:
      return measure == Measure::Size || measure == Measure::Rate ? 1ULL << 20 : 0;
    case Unit::GiB:
      return measure == Measure::Size || measure == Measure::Rate ? 1ULL << 30 : 0;
    case Unit::TiB:
      return measure == Measure::Size || measure == Measure::Rate ? 1ULL << 40 : 0;
    case Unit::Millisecond:
      return measure == Measure::Duration ? 1 : 0;
    case Unit::Second:
      return measure == Measure::Duration ? 1000 : 0;
    case Unit::Minute:
      return measure == Measure::Duration ? 60'000 : 0;
    case Unit::Hour:
      return measure == Measure::Duration ? 3'600'000 : 0;
  }
  BH_CHECK(false, "an unknown unit");
}

struct Spelling {
  std::string_view noun;    // "a size"
  std::string_view units;   // for the help
  std::string_view suffix;  // of the fix
};
Spelling spelling_of(Measure measure) {
  switch (measure) {
    case Measure::Size:
      return {"a size", "a size has the unit B, KiB, MiB, GiB or TiB", " MiB"};
    case Measure::Share:
      return {"a share of processors", "a share is a number without unit: `0.5` is half a processor", ""};
    case Measure::Count:
      return {"a count", "a count is a whole number without unit", ""};
    case Measure::Duration:
      return {"a duration", "a duration has the unit ms, s, min or h", " s"};
    case Measure::Rate:
      return {"a rate", "a rate is a size for each second: `500 MiB/s`", " MiB/s"};
  }
  BH_CHECK(false, "an unknown measure");
}

std::string_view noun_of(const ast::Number& number) {
  if (number.per_second) return "a rate";
  switch (number.unit) {
    case Unit::None:
      return "a number without unit";
    case Unit::Byte:
    case Unit::KiB:
    case Unit::MiB:
    case Unit::GiB:
    case Unit::TiB:
      return "a size";
    case Unit::Millisecond:
    case Unit::Second:
    case Unit::Minute:
    case Unit::Hour:
      return "a duration";
  }
  BH_CHECK(false, "an unknown unit");
}

void report_range(const ast::Number& number, std::string message, std::string help, diag::DiagnosticSink& sink) {
  sink.report({Code::QuantityOutOfRange, number.span, std::move(message), {}, std::move(help), {}});
}

}  // namespace

std::optional<ResourceName> resource_from(std::string_view word) {
  for (const ResourceRow& row : kResources) {
    if (row.word == word) return row.resource;
  }
  return std::nullopt;
}

std::string_view to_string(ResourceName resource) {
  return kResources.at(static_cast<std::size_t>(resource)).word;
}

std::vector<std::string> resource_words() {
  std::vector<std::string> words;
  for (const ResourceRow& row : kResources) words.emplace_back(row.word);
  return words;
}

Measure measure_of(ResourceName resource) {
  return kResources.at(static_cast<std::size_t>(resource)).measure;
}

std::string digits(const ast::Number& number) {
  std::string text = number.negative ? "-" : "";
  text += std::to_string(number.whole);
  if (number.millionths == 0) return text;
  std::string fraction = std::to_string(number.millionths + kMillion).substr(1);
  fraction.erase(fraction.find_last_not_of('0') + 1);
  return text + "." + fraction;
}

std::optional<std::uint64_t> quantity(const ast::Number& number, Measure measure, std::string_view what,
                                      diag::DiagnosticSink& sink) {
  const std::uint64_t times = factor(number.unit, measure);
  const Spelling spelling = spelling_of(measure);
  if (times == 0 || number.per_second != (measure == Measure::Rate)) {
    sink.report({Code::WrongUnit,
                 number.span,
                 "`" + std::string(what) + "` is " + std::string(spelling.noun) + ", and this is " +
                     std::string(noun_of(number)),
                 {},
                 std::string(spelling.units),
                 {{number.span, digits(number) + std::string(spelling.suffix)}}});
    return std::nullopt;
  }
  if (number.negative) {
    report_range(number, "`" + std::string(what) + "` cannot be negative", "", sink);
    return std::nullopt;
  }
  // millionths < 10^6 and times <= 2^40, so their product fits.
  if ((number.millionths * times) % kMillion != 0) {
    report_range(number, "`" + std::string(what) + "` cannot be kept this precisely",
                 measure == Measure::Share ? "shares are counted in 1/1000 of a processor" : "use a smaller unit",
                 sink);
    return std::nullopt;
  }
  if (number.whole > kMost / times) {
    report_range(number, "`" + std::string(what) + "` is larger than 2^63 - 1 of its smallest unit", "", sink);
    return std::nullopt;
  }
  const std::uint64_t amount = number.whole * times + number.millionths * times / kMillion;
  if (amount <= kMost) return amount;
  report_range(number, "`" + std::string(what) + "` is larger than 2^63 - 1 of its smallest unit", "", sink);
  return std::nullopt;
}

std::optional<std::uint64_t> plain_number(const ast::Number& number, std::uint64_t low, std::uint64_t high,
                                          std::string_view what, diag::DiagnosticSink& sink) {
  if (number.unit != Unit::None || number.per_second) {
    sink.report({Code::WrongUnit,
                 number.span,
                 std::string(what) + " is a plain number, and this is " + std::string(noun_of(number)),
                 {},
                 "leave the unit out",
                 {{number.span, digits(number)}}});
    return std::nullopt;
  }
  if (number.negative || number.millionths != 0 || number.whole < low || number.whole > high) {
    report_range(number,
                 std::string(what) + " is a whole number from " + std::to_string(low) + " to " + std::to_string(high),
                 "", sink);
    return std::nullopt;
  }
  return number.whole;
}

std::string spell(std::uint64_t amount, Measure measure) {
  static constexpr std::array<std::string_view, 5> kSizes{" B", " KiB", " MiB", " GiB", " TiB"};
  if (measure == Measure::Count) return std::to_string(amount);
  if (measure == Measure::Share) {
    ast::Number share;
    share.whole = amount / 1000;
    share.millionths = static_cast<std::uint32_t>(amount % 1000) * 1000;
    return digits(share);
  }
  if (measure == Measure::Duration) {
    return amount % 1000 == 0 ? std::to_string(amount / 1000) + " s" : std::to_string(amount) + " ms";
  }
  std::size_t unit = 0;
  while (unit + 1 < kSizes.size() && amount != 0 && amount % 1024 == 0) {
    amount /= 1024;
    ++unit;
  }
  return std::to_string(amount) + std::string(kSizes.at(unit)) + (measure == Measure::Rate ? "/s" : "");
}

}  // namespace bulkhead::types
