// A verdict as a story: one line for each step, with the sentences behind it. Internal to checker/report.
#pragma once

#include <string>
#include <vector>

#include "checker/query/rests_on.h"
#include "checker/report/report.h"

namespace bulkhead::report {

struct Line {
  std::string text;                       // "Agent may read Data:"/x""
  std::vector<ir::SentenceId> sentences;  // what makes it so
  std::vector<std::string> details;       // of a step of a model: what it changed
};

std::vector<Line> story(const Subject& subject, const query::ClaimResult& result);
/// Of requests, of what is handed over and of influence: a line for each step.
std::vector<Line> story(const ir::World& world, const std::vector<verdict::Step>& steps);

/// A node of a path of influence: a subject, the network, or what has a label.
std::string node_name(const ir::World& world, obligation::GraphNode node);

/// The runs of a model that a verdict rests on, one after the other, each from its first state on.
std::vector<Line> runs(const Subject& subject, const ir::Claim& claim, const verdict::Violated& violated);

/// The invariants and lemmas of the model by which a verdict holds, the claim first: "owned", its text.
struct Lemma {
  std::string name;
  std::string text;
};
std::vector<Lemma> lemmas(const ir::World& world, const ir::Claim& claim, const verdict::Verdict& verdict);

/// With the details, on one line.
std::string full_text(const Line& line);

/// What is said of a claim in one line: "violated", "holds (refuted as demanded not)", ...
std::string headline(const ir::World& world, const query::ClaimResult& result);

/// Of `leaks nothing`: whose doing each action is, which is the first of its parameters that is of the observer's sort.
struct Actor {
  std::string action;
  std::string sort;       // the observer's; empty: nobody's doing
  std::string parameter;  // "c"
};
/// By action. Empty of other claims.
std::vector<Actor> actors(const ir::World& world, const ir::Claim& claim);
/// "acts: the first C of `put`, `take`; nobody of `tick`". Empty of other claims.
std::string actors_text(const ir::World& world, const ir::Claim& claim);

/// The texts of all that is assumed.
std::vector<std::string> texts_of(const std::vector<query::Basis::Assumption>& assumptions);
/// "models/memory.bh": where it is written. Of the flow map: the file of the module `flow`.
std::string file_of(const source::SourceMap& sources, const query::Basis& basis);
/// The same for people: wherever the library is installed, "models/memory.bh".
std::string short_file_of(const source::SourceMap& sources, const query::Basis& basis);
/// What the verdict on a claim rests on, each hash by its first twelve digits: "Memory.Stale 3fa9c1d2e4b5
/// (models/memory.bh), Memory 0c11ab34f7d2 (models/memory.bh), assuming sane". Empty where it rests on no model.
std::string bases_text(const source::SourceMap& sources, const std::vector<query::Basis>& bases);

/// The engine that decided the claim: of its deciding case; empty where nobody did.
std::string engine(const query::ClaimResult& result);

/// "`purge` of Lifecycle can never fire", "no run was found that takes `purge` of Lifecycle".
std::string idle_text(const ir::World& world, const query::IdleAction& idle);
/// "Door.opened survives every variant of Door: Stuck, Open".
std::string survivor_text(const ir::World& world, const query::Survivor& survivor);
/// "Tree: `move` keeps `order`: Node -> Node (by `parent`)".
std::string undecidable_text(const ir::World& world, const query::Undecidable& one);

/// "without it, without `open`".
std::string listed(const std::vector<std::string>& words);

/// "policy.bh:12", "implied", or "" where nobody said it.
std::string place(const Subject& subject, ir::SentenceId sentence);
std::string place(const ir::World& world, const source::SourceMap& sources, ir::SentenceId sentence);

/// Verdicts that rest on assumptions name them: all of a claim's cases, each once.
std::vector<std::string> assumptions(const query::ClaimResult& result);

}  // namespace bulkhead::report
