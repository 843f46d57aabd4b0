// The arguments of `--grant` and `--revoke`: KIND=ARG.
#include <charconv>

#include "lang/import/capabilities/entry.h"
#include "lang/import/capabilities/parse.h"
#include "lang/import/json/utf8.h"

namespace bulkhead::capabilities {
namespace {

using diag::Code;

constexpr std::size_t kLongest = 8192;

/// `10.0.7.0/24:443/tcp`, `[fd00::/8]:443`: the protocol is TCP where none is written.
std::optional<NetGrant> destination(std::string_view text, const Origin& origin, diag::DiagnosticSink& sink) {
  std::string_view block;
  std::string_view rest;
  if (!text.empty() && text.front() == '[') {
    const auto close = text.find(']');
    block = text.substr(1, close == std::string_view::npos ? close : close - 1);
    rest = close == std::string_view::npos ? std::string_view{} : text.substr(close + 1);
  } else {
    const auto colon = text.find(':');
    block = text.substr(0, colon);
    rest = colon == std::string_view::npos ? std::string_view{} : text.substr(colon);
  }
  const auto fault = [&]() -> std::optional<NetGrant> {
    report(sink, Code::JsonBadValue, origin, "`" + json::printable(text) + "` is not a destination",
           "write `10.0.7.0/24:443/tcp` or `[fd00:7::/48]:443/tcp`");
    return std::nullopt;
  };
  if (rest.empty() || rest.front() != ':') return fault();
  rest.remove_prefix(1);
  unsigned port = 0;
  const auto [stop, error] = std::from_chars(rest.data(), rest.data() + rest.size(), port);
  if (error != std::errc{} || port == 0 || port > 65535) return fault();
  rest.remove_prefix(static_cast<std::size_t>(stop - rest.data()));
  std::optional<std::uint8_t> protos = std::uint8_t{1};
  if (!rest.empty()) {
    if (rest.front() != '/') return fault();
    protos = protocol_entry(rest.substr(1), origin, sink);
  }
  auto grant = block_entry(block, origin, sink);
  if (!grant || !protos) return std::nullopt;
  grant->range.first_port = grant->range.last_port = static_cast<std::uint16_t>(port);
  grant->range.protos = *protos;
  return grant;
}

bool take(Kind kind, std::string_view value, const Origin& origin, Grants& grants, diag::DiagnosticSink& sink) {
  switch (kind) {
    case Kind::FileRead:
    case Kind::FileWrite:
    case Kind::ProcessSpawn:
      if (auto path = path_entry(kind, value, origin, sink)) return grants.paths.push_back(std::move(*path)), true;
      return false;
    case Kind::NetworkConnect:
      if (auto net = destination(value, origin, sink)) return grants.nets.push_back(std::move(*net)), true;
      return false;
    case Kind::EnvRead:
      if (auto name = environment_entry(value, origin, sink))
        return grants.environment.push_back(std::move(*name)), true;
      return false;
  }
  return false;
}

}  // namespace

std::optional<CapabilitySet> parse_argument(Change change, const source::SourceMap& sources, source::FileId file,
                                            diag::DiagnosticSink& sink) {
  const std::string& text = sources.text(file);
  const auto end = static_cast<std::uint32_t>(std::min(text.size(), kLongest));
  const Origin whole{{file, 0, end}, {}};
  if (text.size() > kLongest || json::first_invalid_utf8(text)) {
    report(sink, Code::JsonBadValue, whole,
           text.size() > kLongest ? "an argument of more than 8192 bytes" : "invalid UTF-8");
    return std::nullopt;
  }
  const auto equals = text.find('=');
  const auto kind = kind_from(std::string_view(text).substr(0, equals));
  if (equals == std::string::npos || !kind) {
    std::vector<std::string> kinds;
    for (const Kind each : kAllKinds) kinds.emplace_back(to_string(each));
    const auto word = text.substr(0, equals);
    report(sink, Code::CapabilityUnknownKind, whole,
           equals == std::string::npos ? "expected `KIND=ARGUMENT`" : "no capability `" + json::printable(word) + "`",
           suggestion(word, kinds));
    return std::nullopt;
  }
  const Origin value{{file, static_cast<std::uint32_t>(equals + 1), end}, {}};
  CapabilitySet set;
  auto& grants = change == Change::Grant ? set.granted : set.revoked;
  if (!take(*kind, std::string_view(text).substr(equals + 1), value, grants, sink)) return std::nullopt;
  return set;
}

}  // namespace bulkhead::capabilities
