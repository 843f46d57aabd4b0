#include "checker/query/cache.h"

#include <cerrno>
#include <cstdlib>
#include <filesystem>

#include "checker/certificate/file.h"
#include "lang/base/file.h"
#include "lang/base/sha256.h"

namespace bulkhead::query {
namespace {

/// Another version of the checker makes other certificates: part of every key.
constexpr std::string_view kGeneration = "bulkhead.cache/v1";

/// Everything that the verdict rests on, as text. Rules that no query of the obligation reads are not in it.
std::string normalised(const ir::World& world, const obligation::Obligation& obligation) {
  std::string text(kGeneration);
  const auto add = [&](std::string_view part) { text += "\n" + std::to_string(part.size()) + ":" + std::string(part); };
  const ir::Claim& claim = world.at(obligation.claim);
  add(claim.text);
  add(std::to_string(claim.form.index()));
  const auto variable = obligation.instance.variable;
  add(variable ? world.at(*variable).name : "");
  add(obligation.instance.direction == obligation::Direction::Forward ? "forward" : "backward");
  for (const auto& condition : obligation.not_vacuous) add(obligation::to_text(condition.query));
  if (const auto* empty = std::get_if<obligation::AllEmpty>(&obligation.goal)) {
    for (const auto& query : empty->queries) add(obligation::to_text(query.query));
  } else if (const auto* some = std::get_if<obligation::SomeWitness>(&obligation.goal)) {
    for (const auto& query : some->queries) add(obligation::to_text(query.query));
  }
  return text;
}

/// Sums are quicker than a file; the graph of an influence claim reads the whole policy.
bool is_cached(const obligation::Obligation& obligation) {
  return std::holds_alternative<obligation::AllEmpty>(obligation.goal) ||
         std::holds_alternative<obligation::SomeWitness>(obligation.goal);
}

}  // namespace

CertificateCache::CertificateCache(std::string folder, std::string solver)
    : folder_(std::move(folder)), solver_(std::move(solver)) {
  std::error_code error;
  if (!folder_.empty()) std::filesystem::create_directories(folder_, error);
  if (error) folder_.clear();  // a cache that cannot be had is no reason to fail
}

std::string CertificateCache::path(const ir::World& world, const obligation::Obligation& obligation) const {
  return folder_ + "/" + to_hex(sha256(solver_ + "\n" + normalised(world, obligation))) + ".cert";
}

std::optional<verdict::Verdict> CertificateCache::find(const ir::World& world, const obligation::Obligation& obligation,
                                                       CacheReport& report) {
  if (!enabled() || !is_cached(obligation)) return std::nullopt;
  const std::string name = path(world, obligation);
  const auto bytes = read_file(name, certificate::kMaxFileBytes);
  if (!bytes) {
    if (bytes.error().error != ENOENT) drop(world, obligation, bytes.error().message(), report);
    return std::nullopt;
  }
  auto file = certificate::read(*bytes);
  if (!file) {
    drop(world, obligation, file.error(), report);
    return std::nullopt;
  }
  return std::move(file.value().verdict);
}

void CertificateCache::store(const ir::World& world, const obligation::Obligation& obligation,
                             const verdict::Verdict& verdict, CacheReport& report) {
  if (!enabled() || !is_cached(obligation) || std::holds_alternative<verdict::Unknown>(verdict)) return;
  const auto text = certificate::write({world.at(obligation.claim).name, obligation.instance, verdict});
  if (write_file(path(world, obligation), text, 0600).ok()) ++report.stored;
}

void CertificateCache::drop(const ir::World& world, const obligation::Obligation& obligation, const std::string& reason,
                            CacheReport& report) {
  std::error_code ignored;
  std::filesystem::remove(path(world, obligation), ignored);
  report.dropped.push_back(world.at(obligation.claim).name + ": " + reason);
}

}  // namespace bulkhead::query
