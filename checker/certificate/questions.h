// The queries that a verdict's evidence is about, each beside its evidence, in one order for checking and for sealing.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "checker/verdict/verdict.h"
#include "lang/base/result.h"

namespace bulkhead::certificate {

/// A query, and the name that evidence calls it by: hex SHA-256 of its canonical text.
struct Asked {
  obligation::Query query;
  std::string digest;
};

struct Question {
  std::shared_ptr<const Asked> asked;
  const verdict::QueryEvidence* evidence = nullptr;
};

/// What the checks of one world have in common: its rules, and what leaves the closed sets that were asked about, since
/// many claims rest on one set. Any number of threads may use it.
///
/// Requires: the world outlives this and stays as it is.
class Grounds {
 public:
  explicit Grounds(const ir::World& world) : rules_(world) {}

  const ir::World& world() const { return rules_.world(); }
  const obligation::Rules& rules() const { return rules_; }

  /// The conditions of the edges that leave this set, in order; or why it is not closed whatever they are.
  ///
  /// Requires: `closed` is sorted, and its nodes are nodes of the world.
  using Crossings = Result<std::vector<std::shared_ptr<const Asked>>, std::string>;
  std::shared_ptr<const Crossings> crossings(const obligation::View& view,
                                             const std::vector<obligation::GraphNode>& closed);

  /// The script of a question; or why its atom table does not show which memberships occur, or what it lists is not
  /// closed. "": it needs none.
  using Script = Result<std::string, std::string>;
  std::shared_ptr<const Script> script(const Question& question);

 private:
  Crossings find_crossings(const obligation::View& view, const std::vector<obligation::GraphNode>& closed) const;

  obligation::Rules rules_;
  std::mutex mutex_;
  std::map<std::pair<obligation::View, std::vector<obligation::GraphNode>>, std::shared_ptr<const Crossings>>
      crossings_;
  using Evidence = std::tuple<std::string, verdict::AtomTable, std::vector<verdict::ClosedClass>>;  // with the digest
  std::map<Evidence, std::shared_ptr<const Script>> scripts_;
};

/// The query, named.
std::shared_ptr<const Asked> asked(const obligation::Query& query);

/// The queries that have to be unsatisfiable for the verdict, with the evidence for each; or what does not fit: a
/// missing or superfluous piece, a closed set that has a target, lacks a source or is left by an edge without a
/// condition.
Result<std::vector<Question>, std::string> questions(Grounds& grounds, const obligation::Obligation& obligation,
                                                     const verdict::Verdict& verdict);

/// The query is False, so that no script is needed.
bool trivially_empty(const obligation::Query& query);

}  // namespace bulkhead::certificate
