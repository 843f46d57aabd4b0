// A policy with one sentence changed: what coverage by mutation tries. Internal to checker/query.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "lang/ir/world.h"

namespace bulkhead::query {

/// What a sentence can be replaced by. A mount: none at all, one that is not read-only, one that is. The label of a
/// net or device: none, one of everything.
enum class Mutation : std::uint8_t { Delete, Widen, Narrow };
inline constexpr Mutation kMutations[] = {Mutation::Delete, Mutation::Widen, Mutation::Narrow};

/// What a mutation does to the access and the influence of those whom the sentence is about; Both where that cannot be
/// told, Sums where it changes quantities alone.
enum class Shift : std::uint8_t { None, Grows, Shrinks, Both, Sums };

/// What a sentence made: its rules, by their places, the subjects of which it made a setting or a mount, and the nets
/// and devices, by the places of their sets, to which it gave a label.
struct Made {
  std::vector<std::size_t> rules;
  std::vector<ir::SubjectId> subjects;
  std::vector<std::size_t> labelled = {};
  bool nothing() const { return rules.empty() && subjects.empty() && labelled.empty(); }
};
/// By sentence.
std::vector<Made> made_by(const ir::World& world);

/// The subjects whose rules, mounts and settings a sentence made; a label concerns everybody.
struct Owners {
  bool everybody = false;
  std::set<ir::SubjectId> subjects;
};
Owners owners_of(const ir::World& world, const Made& made);

/// Every quantity of a set of quantities.
std::vector<const std::optional<ir::Quantity>*> all_of(const ir::Quantities& quantities);
std::vector<std::optional<ir::Quantity>*> all_of(ir::Quantities& quantities);

/// Changes the world in place, and puts it back when it goes. The rules that were there keep their places and subjects.
class Mutant {
 public:
  /// `made`: what the sentence made.
  Mutant(ir::World& world, ir::SentenceId sentence, const Made& made, Mutation mutation);
  ~Mutant();
  Mutant(const Mutant&) = delete;
  Mutant& operator=(const Mutant&) = delete;

  /// Rules stand in the world that were not there before.
  bool adds_rules() const { return world_.rules.size() > rules_before_; }
  Shift shift() const { return shift_; }

 private:
  void change_rule(std::size_t place, ir::SentenceId sentence, Mutation mutation);
  void change_mounts(ir::SubjectId subject, ir::SentenceId sentence, Mutation mutation);
  void change_label(std::size_t place, Mutation mutation);
  void change_settings(ir::SubjectId subject, ir::SentenceId sentence, Mutation mutation);
  void forbid(ir::SubjectId subject, ir::Rights rights, ir::VolumeId volume, ir::SentenceId sentence);
  void shifts(Shift shift);

  ir::World& world_;
  std::size_t rules_before_;
  Shift shift_ = Shift::None;
  std::map<std::size_t, ir::Rule> rules_;
  std::map<std::size_t, ir::Subject> subjects_;
  std::map<std::size_t, ir::ObjectSet> sets_;
};

}  // namespace bulkhead::query
