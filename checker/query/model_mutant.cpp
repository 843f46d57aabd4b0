#include "checker/query/model_mutant.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "checker/engine/parts.h"
#include "lang/system/builder.h"
#include "lang/system/spell.h"

namespace bulkhead::query {
namespace {

using Kind = ModelChange::Kind;
using system::System;

/// Where a sentence begins.
using Place = std::pair<std::size_t, std::uint32_t>;
std::optional<Place> place_of(const source::Span& span) {
  if (!span.file.valid()) return std::nullopt;
  return Place{span.file.index(), span.begin};
}

/// The conjunct as it reads inside of its action.
std::string spelled(const System& system, const system::Action& action, system::TermId conjunct) {
  return system::bare(system::spell_term(system, conjunct, action.parameters));
}

/// Collects the sentences of all systems.
class Collecting {
 public:
  explicit Collecting(const ir::World& world) : world_(world) {
    for (std::size_t i = 0; i < world.sentences.size(); ++i) {
      const ir::Sentence& sentence = world.sentences[i];
      const auto place = place_of(sentence.span);
      const bool own = !sentence.implied && !sentence.library && is_of_model(world, ir::SentenceId{i});
      if (place && own) written_.emplace(*place, ir::SentenceId{i});
    }
    for (const ir::Claim& claim : world.claims) {
      const auto* theorem = std::get_if<ir::TheoremClaim>(&claim.form);
      if (theorem == nullptr) continue;
      const System& system = world.at(theorem->system);
      if (const auto* always = std::get_if<system::Always>(&theorem->theorem.statement))
        note_claimed(system.at(always->property).origin.span);
      if (const auto* leaks = std::get_if<system::LeaksNothing>(&theorem->theorem.statement))
        note_claimed(system.at(leaks->view).origin.span);
    }
  }

  std::vector<ModelSentence> operator()() {
    for (const System& system : world_.systems) {
      for (const system::Function& function : system.functions) {
        if (function.initial.valid()) add(function.origin.span, {Kind::DropInitial, function.origin.span});
      }
      for (const system::Action& action : system.actions) add(system, action);
      for (const system::Property& property : system.properties) {
        if (!is_claimed(property.origin.span)) add(property.origin.span, {Kind::DropProperty, property.origin.span});
      }
      for (const system::View& view : system.views) {
        if (!is_claimed(view.origin.span)) add(view.origin.span, {Kind::DropView, view.origin.span});
      }
    }
    std::vector<ModelSentence> list;
    for (auto& [id, changes] : found_) list.push_back({id, std::move(changes)});
    return list;
  }

 private:
  void note_claimed(const source::Span& span) {
    if (const auto place = place_of(span)) claimed_.insert(*place);
  }
  bool is_claimed(const source::Span& span) const {
    const auto place = place_of(span);
    return place && claimed_.count(*place) != 0;
  }

  void add(const System& system, const system::Action& action) {
    const source::Span& span = action.origin.span;
    add(span, {Kind::DropAction, span});
    for (const system::TermId conjunct : engine::conjuncts_of(system, action.guard)) {
      if (system.at(conjunct).op == system::Op::Constant) continue;
      add(span, {Kind::DropConjunct, span, spelled(system, action, conjunct)});
    }
    for (const system::Update& update : action.updates) {
      const ModelChange drop{Kind::DropUpdate, update.origin.span, update.origin.text};
      add(span, drop);
      add(update.origin.span, drop);
    }
  }

  /// Each change of a sentence once, whatever systems it stands in.
  void add(const source::Span& sentence, const ModelChange& change) {
    const auto place = place_of(sentence);
    const auto found = place ? written_.find(*place) : written_.end();
    if (found == written_.end()) return;
    std::vector<ModelChange>& changes = found_[found->second];
    const auto same = [&](const ModelChange& one) {
      return one.kind == change.kind && one.span == change.span && one.part == change.part;
    };
    if (std::none_of(changes.begin(), changes.end(), same)) changes.push_back(change);
  }

  const ir::World& world_;
  std::map<Place, ir::SentenceId> written_;
  std::set<Place> claimed_;  // invariants and views
  std::map<ir::SentenceId, std::vector<ModelChange>> found_;
};

/// Makes one change.
class Changing {
 public:
  Changing(const System& system, const ModelChange& change) : system_(system), change_(change) {}

  std::optional<System> operator()() {
    for (system::Function& function : system_.functions) {
      if (change_.kind != Kind::DropInitial || function.origin.span != change_.span) continue;
      different_ = different_ || function.initial.valid();
      function.initial = {};
      function.parameters.clear();
    }
    for (system::Action& action : system_.actions) change(action);
    for (system::Property& property : system_.properties) {
      if (change_.kind == Kind::DropProperty && property.origin.span == change_.span)
        set(property.formula, truth(true));
    }
    for (system::View& view : system_.views) {
      if (change_.kind != Kind::DropView || view.origin.span != change_.span) continue;
      different_ = different_ || !view.items.empty();
      view.items.clear();
    }
    if (!different_) return std::nullopt;
    return std::move(system_);
  }

 private:
  void change(system::Action& action) {
    if (change_.kind == Kind::DropUpdate) {
      const auto dropped =
          std::erase_if(action.updates, [&](const system::Update& one) { return one.origin.span == change_.span; });
      different_ = different_ || dropped > 0;
    }
    if (action.origin.span != change_.span) return;
    if (change_.kind == Kind::DropAction) set(action.guard, truth(false));
    if (change_.kind != Kind::DropConjunct) return;
    std::vector<system::TermId> left;
    for (const system::TermId conjunct : engine::conjuncts_of(system_, action.guard)) {
      if (spelled(system_, action, conjunct) != change_.part) left.push_back(conjunct);
    }
    if (left.size() < engine::conjuncts_of(system_, action.guard).size()) {
      set(action.guard, left.empty()       ? truth(true)
                        : left.size() == 1 ? left[0]
                                           : system::Builder(system_).conjunction(left));
    }
  }
  system::TermId truth(bool value) { return system::Builder(system_).truth(value); }
  void set(system::TermId& place, system::TermId value) {
    different_ = different_ || place != value;
    place = value;
  }

  System system_;
  const ModelChange& change_;
  bool different_ = false;
};

bool holds_span(const source::Span& outer, const source::Span& inner) {
  return inner.file.valid() && inner.file == outer.file && outer.begin <= inner.begin && inner.end <= outer.end;
}

}  // namespace

std::vector<ModelSentence> model_sentences(const ir::World& world) {
  return Collecting(world)();
}

bool is_of_model(const ir::World& world, ir::SentenceId id) {
  const source::Span& span = world.at(id).span;
  return std::any_of(world.systems.begin(), world.systems.end(), [&](const System& system) {
    return system.variant.empty() && system.origin.span != span && holds_span(system.origin.span, span);
  });
}

std::optional<System> changed(const System& system, const ModelChange& change) {
  return Changing(system, change)();
}

std::map<ir::SentenceId, std::vector<std::string>> tried(const ir::World& world) {
  std::map<ir::SentenceId, std::vector<std::string>> words;
  for (const ModelSentence& sentence : model_sentences(world)) {
    for (const ModelChange& change : sentence.changes) {
      const bool whole =
          change.part.empty() || (change.kind == Kind::DropUpdate && change.span == world.at(sentence.sentence).span);
      words[sentence.sentence].push_back(change.kind == Kind::DropInitial ? "with any initial value"
                                         : whole                          ? "without it"
                                                                          : "without `" + change.part + "`");
    }
  }
  return words;
}

}  // namespace bulkhead::query
