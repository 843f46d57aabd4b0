#include "lang/import/capabilities/entry.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "lang/import/capabilities/address.h"
#include "lang/import/capabilities/pattern.h"
#include "lang/import/json/utf8.h"

namespace bulkhead::capabilities {

using diag::Code;

void report(diag::DiagnosticSink& sink, Code code, const Origin& origin, std::string message, std::string help) {
  if (!origin.pointer.empty()) message += " (at `" + json::printable(origin.pointer) + "`)";
  sink.report({code, origin.span, std::move(message), {}, std::move(help), {}});
}

std::string suggestion(std::string_view word, const std::vector<std::string>& choices) {
  if (const auto near = diag::did_you_mean(word, choices)) return "did you mean `" + *near + "`?";
  std::string out = "one of";
  for (std::size_t i = 0; i < choices.size(); ++i) out += (i ? ", `" : " `") + choices[i] + "`";
  return out;
}

std::optional<PathGrant> path_entry(Kind kind, std::string_view text, const Origin& origin,
                                    diag::DiagnosticSink& sink) {
  if (json::first_invalid_utf8(text)) {
    report(sink, Code::JsonBadValue, origin, "the path is not valid UTF-8");
    return std::nullopt;
  }
  if (const auto fault = pattern_fault(text)) {
    report(sink, Code::JsonBadValue, origin, fault->message + ": `" + json::printable(text) + "`", fault->help);
    return std::nullopt;
  }
  return PathGrant{kind, std::string(text), origin};
}

std::optional<NameGrant> environment_entry(std::string_view text, const Origin& origin, diag::DiagnosticSink& sink) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  const auto inner = [&](char c) { return letter(c) || (c >= '0' && c <= '9'); };
  if (text.empty() || text.size() > 255 || !letter(text.front()) || !std::all_of(text.begin(), text.end(), inner)) {
    report(sink, Code::JsonBadValue, origin,
           "`" + json::printable(text) + "` is not the name of an environment variable",
           "letters, digits and `_`, not beginning with a digit; values are not given here");
    return std::nullopt;
  }
  // The loader obeys these, so a caller's value would run code of its choice inside.
  for (const std::string_view loader : {"LD_", "GLIBC_TUNABLES", "GCONV_PATH"}) {
    if (text.substr(0, loader.size()) == loader) {
      report(sink, Code::JsonBadValue, origin,
             "`" + std::string(text) + "` steers the dynamic loader and is never passed in");
      return std::nullopt;
    }
  }
  return NameGrant{std::string(text), origin};
}

namespace {

/// In ::ffff:0:0/96, which means IPv4 addresses; policies name those by themselves (lang/types/net_patterns.cpp).
bool is_mapped(const ir::Address& address) {
  constexpr std::array<std::uint8_t, 12> kHead{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
  return address.family == ir::Family::V6 && std::equal(kHead.begin(), kHead.end(), address.bytes.begin());
}

}  // namespace

std::optional<NetGrant> block_entry(std::string_view text, const Origin& origin, diag::DiagnosticSink& sink) {
  bool host_bits = false;
  const auto block = parse_block(text, host_bits);
  if (!block) {
    const bool name = std::any_of(text.begin(), text.end(), [](char c) { return c >= 'g' && c <= 'z'; });
    report(
        sink, Code::JsonBadValue, origin,
        name ? "`" + json::printable(text) + "` is a host name"
             : "`" + json::printable(text) + "` is not an address block",
        name ? "a name cannot be enforced: grant the addresses that it resolves to, and the resolver's address if the "
               "program must look it up itself"
             : "write an address or a block, `10.0.7.0/24`, `fd00:7::/48`, `192.0.2.1`");
    return std::nullopt;
  }
  if (host_bits) {
    report(sink, Code::JsonBadValue, origin, "`" + std::string(text) + "` has bits beyond its prefix",
           "did you mean `" + to_string(*block) + "`?");
    return std::nullopt;
  }
  if (is_mapped(block->first) && is_mapped(block->last)) {
    report(sink, Code::JsonBadValue, origin, "`" + std::string(text) + "` is an IPv4 address in IPv6 clothes",
           "write the IPv4 address: a grant of it holds for both spellings");
    return std::nullopt;
  }
  NetGrant grant;
  grant.range.first = block->first;
  grant.range.last = block->last;
  grant.prefix_bits = block->bits;
  grant.origin = origin;
  return grant;
}

std::optional<std::uint8_t> protocol_entry(std::string_view text, const Origin& origin, diag::DiagnosticSink& sink) {
  if (text == "tcp") return std::uint8_t{1u << static_cast<unsigned>(ir::Proto::Tcp)};
  if (text == "udp") return std::uint8_t{1u << static_cast<unsigned>(ir::Proto::Udp)};
  report(sink, Code::JsonBadValue, origin, "no protocol `" + json::printable(text) + "`",
         suggestion(text, {"tcp", "udp"}));
  return std::nullopt;
}

namespace {

struct Scale {
  std::string_view unit;
  std::uint64_t factor;
};

template <std::size_t N>
std::optional<std::uint64_t> scaled(std::string_view text, const std::array<Scale, N>& scales) {
  std::uint64_t number = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{}) return std::nullopt;
  std::string_view unit = text.substr(static_cast<std::size_t>(stop - text.data()));
  if (!unit.empty() && unit.front() == ' ') unit.remove_prefix(1);
  for (const auto& scale : scales) {
    if (scale.unit != unit) continue;
    if (number == 0 || number > (std::uint64_t{1} << 62) / scale.factor) return std::nullopt;
    return number * scale.factor;
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::uint64_t> size_entry(std::string_view text, const Origin& origin, diag::DiagnosticSink& sink) {
  static constexpr std::array<Scale, 7> kScales{{{"B", 1},
                                                 {"kB", 1000},
                                                 {"MB", 1000'000},
                                                 {"GB", 1000'000'000},
                                                 {"KiB", 1u << 10},
                                                 {"MiB", 1u << 20},
                                                 {"GiB", 1u << 30}}};
  if (const auto bytes = scaled(text, kScales)) return bytes;
  report(sink, Code::JsonBadValue, origin, "`" + json::printable(text) + "` is not a size",
         "a whole number above zero with `B`, `KiB`, `MiB`, `GiB`, `kB`, `MB` or `GB`, `64MiB`");
  return std::nullopt;
}

std::optional<std::uint64_t> duration_entry(std::string_view text, const Origin& origin, diag::DiagnosticSink& sink) {
  static constexpr std::array<Scale, 4> kScales{{{"ms", 1}, {"s", 1000}, {"min", 60'000}, {"h", 3'600'000}}};
  if (const auto duration = scaled(text, kScales)) return duration;
  report(sink, Code::JsonBadValue, origin, "`" + json::printable(text) + "` is not a duration",
         "a whole number above zero with `ms`, `s`, `min` or `h`, `60s`");
  return std::nullopt;
}

}  // namespace bulkhead::capabilities
